"""A publisher that says its document has moved for good is believed once it keeps saying so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from watcher.moving import Address

START = datetime(2026, 3, 4, 12, tzinfo=UTC)
OLD, NEW = "https://old.example/feed", "https://new.example/feed"


def polls(*told: str | None, hours: float, address: Address | None = None) -> Address:
    """So many polls, so many hours apart, each sent to where it says."""
    address = address or Address()
    for number, target in enumerate(told):
        address = address.told_to(target, url=OLD, now=START + timedelta(hours=hours * number))
    return address


def test_three_polls_over_a_day_are_believed() -> None:
    """Not two over days, not thirty in an hour, not three that say different things."""
    assert polls(NEW, NEW, NEW, hours=12).instead_of(OLD) == NEW
    assert polls(NEW, NEW, hours=100).instead_of(OLD) == OLD
    assert polls(*[NEW] * 30, hours=0.03).instead_of(OLD) == OLD
    assert polls(*[NEW] * 26, hours=1).instead_of(OLD) == NEW
    assert polls(NEW, "https://third.example/", NEW, NEW, hours=12).instead_of(OLD) == OLD
    assert polls(NEW, NEW, None, NEW, NEW, hours=12).instead_of(OLD) == OLD


def test_what_is_known_belongs_to_the_address_in_the_settings() -> None:
    """Staff who write another address are asked at that address."""
    address = polls(NEW, NEW, NEW, hours=12)
    assert address.instead_of("https://corrected.example/feed") == "https://corrected.example/feed"
    assert address.told_to(None, url="https://corrected.example/feed", now=START).used == ""


def test_the_new_address_may_move_on() -> None:
    """It is used until the next one is believed, and given up when nothing is there."""
    address, third = polls(NEW, NEW, NEW, hours=12), "https://third.example/feed"
    assert polls(third, third, hours=12, address=address).instead_of(OLD) == NEW
    assert polls(third, third, third, hours=12, address=address).instead_of(OLD) == third
    assert polls(None, None, hours=12, address=address).instead_of(OLD) == NEW
    assert address.lost().instead_of(OLD) == OLD


def test_it_is_known_since_when() -> None:
    """From the first poll that was sent there, until something else is asked."""
    address = polls(NEW, NEW, NEW, hours=12)
    assert (address.used_since, address.since) == (START, None)
    assert polls(None, NEW, None, hours=12, address=address).used_since == START
    assert address.lost().used_since is None
