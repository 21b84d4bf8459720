"""Weeks on a turned clock: the service reads publishers in all kinds of trouble, and an oracle knows what is owed.

The whole quarter with thirty sources is a command: `python -m tests.journeys.quarter`.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from copy import copy
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.quarter.cast import FEW, FEW_DAYS
from tests.journeys.quarter.diary import balance_of, diary
from tests.journeys.quarter.expected import Balance
from tests.journeys.quarter.story import the_story
from tests.journeys.quarter.world import World
from tests.mailbox import Mailbox

# One worker lives through it, or each would.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("quarter")]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """Some of the publishers, lived through for some weeks."""
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(prefix="quarter-", dir=memory) as folder, Mailbox() as mailbox:
        world = World(the_story(days=FEW_DAYS, only=FEW), folder=Path(folder), seed=1, mailbox=mailbox)
        asyncio.run(world.live())
        yield world


@pytest.fixture(scope="module")
def balance(world: World) -> Balance:
    """What the oracle says of it."""
    return balance_of(world)


def faults(balance: Balance, *kinds: str) -> list[str]:
    """The faults of these kinds."""
    return [fault for fault in balance.faults if fault.startswith(kinds)]


def test_the_story_is_worth_telling(world: World, balance: Balance) -> None:
    """Every kind of trouble occurred: hundreds of pieces of news, gaps, holds, states, documents that were missed."""
    assert balance.owed.total() > 300 and balance.silent.total() > 600 and balance.missed.total() > 0
    assert len(world.lived.gaps) >= 2 and len(world.lived.holds) == 2
    assert {state for _, _, state, _ in world.lived.turns} == {"healthy", "late", "broken"}


def test_no_news_is_lost(balance: Balance) -> None:
    """What a publisher showed in any poll that could read it reached everybody who asked for it, in time."""
    assert faults(balance, "lost") == []


def test_nothing_is_told_that_is_not_news(balance: Balance) -> None:
    """First polls, archives stamped anew, corrected titles, what came back and what staff discarded tell nobody."""
    assert faults(balance, "false:") == []


def test_nothing_is_told_twice(balance: Balance) -> None:
    """One piece of news is one mail to a reader, whatever lists it stands on and whatever id it has there."""
    assert faults(balance, "twice") == []


def test_what_was_never_seen_lies_in_a_gap_that_was_told(balance: Balance) -> None:
    """A document that left its list unseen left it while its source was known to be unread."""
    assert faults(balance, "missed") == []


def test_every_change_of_state_has_its_cause(balance: Balance) -> None:
    """No source is called late, silent or broken without reason; every trouble is noticed in time, and its end too."""
    assert faults(balance, "false state", "state", "unnoticed") == []


def test_staff_hear_once_of_trouble_and_once_of_its_end(balance: Balance) -> None:
    """One message for each trouble that lasted longer than the threshold, one when it is over, and no others."""
    assert faults(balance, "staff") == []


def test_gaps_are_told_once_open_and_once_closed(balance: Balance) -> None:
    """To those whom the source concerns and who hear at once, with the number of documents found late."""
    assert faults(balance, "gap") == []


def test_only_floods_are_held(balance: Balance) -> None:
    """What one poll brought beyond all experience waits for staff; nothing else does."""
    assert faults(balance, "hold") == []


def test_publishers_are_asked_as_they_wish(balance: Balance) -> None:
    """Days and hours to leave out, lifetimes, Retry-After, new addresses and robots.txt are kept to."""
    assert faults(balance, "manners") == []


def test_the_oracle_can_find_fault(world: World) -> None:
    """A mail less, a mail more, a state without a cause: the oracle sees each."""
    lived = copy(world.lived)
    at, mail = next(one for one in lived.mails if "all@example.com" in one[1].recipients and "Q01" in one[1].text)
    worse = copy(world)
    worse.lived = copy(lived)
    worse.lived.mails = [one for one in lived.mails if one[1] is not mail]
    assert faults(balance_of(worse), "lost")

    worse.lived.mails = [*lived.mails, (at + timedelta(days=1), mail)]
    assert faults(balance_of(worse), "twice") and faults(balance_of(worse), "false:")

    worse.lived = copy(lived)
    worse.lived.turns = [*lived.turns, (world.story.at(5), "hk-food", "silent", "by mistake")]
    assert faults(balance_of(worse), "false state")


def test_the_diary_tells_all_of_it(world: World, balance: Balance) -> None:
    """Each source, each change of state, each hold and each gap stands in the diary."""
    written = diary(world, balance)
    assert all(name in written for name in world.publishers)
    assert all(heading in written for heading in ("STATES", "HELD NEWS", "GAPS", "MESSAGES TO STAFF", "BALANCE"))
