"""Accounts at a provider as they are stored: one person each, and one return for each leaving."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from tbtwatch.storage import Storage
from tests.storage.test_passkeys import a_person

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HERE, THERE = "https://here.example", "https://there.example"


def test_an_account_is_one_persons_and_stays_theirs(storage: Storage) -> None:
    """By issuer and subject together; whoever comes by it later does not take it over, and when it was used is kept."""
    anna, bob = a_person(storage), a_person(storage, "bob@example.com")
    later = NOW + timedelta(hours=1)
    with storage.begin() as tx:
        assert tx.identities.used(HERE, "1", person=anna, now=NOW)
        assert tx.identities.used(THERE, "1", person=bob, now=NOW)
        assert not tx.identities.used(HERE, "1", person=bob, now=later)
        assert [tx.identities.find(*one) for one in ((HERE, "1"), (THERE, "1"), (HERE, "2"))] == [anna, bob, None]
    with storage.begin() as tx:
        (one,) = tx.identities.of(anna)
        assert (one.made_at, one.used_at) == (NOW, later)
        tx.identities.forget(anna)
        assert tx.identities.of(anna) == [] and len(tx.identities.of(bob)) == 1


def test_who_leaves_comes_back_once_and_soon(storage: Storage) -> None:
    """With the language and the page they left with; only a hash of what they bring back is stored."""
    soon, network = NOW + timedelta(minutes=10), "10.0.0.0/24"
    with storage.begin() as tx:
        for state, until in (("one", soon), ("two", soon), ("old", NOW)):
            tx.identities.leave(state, language="fr", next_page="/fr/mine/7", network=network, expires_at=until)
    with storage.begin() as tx:
        assert tx.identities.away(network=network, now=NOW) == 2
        found = tx.identities.come_back("one", now=NOW)
        assert found is not None and (found.language, found.next) == ("fr", "/fr/mine/7")
        assert [tx.identities.come_back(one, now=NOW) for one in ("one", "old", "none")] == [None] * 3
        assert tx.identities.forget_away(now=NOW) == 1
    with storage.engine.connect() as connection:
        left = connection.execute(text("SELECT * FROM provider_visit")).all()
    assert len(left) == 1 and "two" not in str(left)
