"""Sources whose documents come by chance, lived through day by day, and what is said of them.

    python -m tests.watcher.lulls [--seed N] [--sources N]

prints how often a source is called silent that is not, how many messages a trickle costs, and how soon a recovery is
seen. What is asked each day is `watcher.health`, with no more polls than the service remembers.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil, exp
from random import Random

from watcher.health import State, health
from watcher.silence import LOOKED_BACK_ON, PollFact, Result
from watcher.source import SourceConfig

RATES = (0.3, 1.0, 3.0, 7.0, 10.0, 16.0, 30.0, 100.0)  #: documents in an ordinary week
TRICKLES = (0.05, 0.1, 0.2, 0.3)  #: what is left of them
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR, HALF = 261, 130  #: working days


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A source is called silent, or no longer."""

    day: int  #: the working day, from 1
    silent: bool


def some(mean: float, chance: Random) -> int:
    """A number of documents by chance (Knuth)."""
    if mean > 30:
        return some(mean / 2, chance) + some(mean / 2, chance)
    left, count = exp(-mean), 0
    product = chance.random()
    while product > left:
        product *= chance.random()
        count += 1
    return count


def turns(per_week: float, times: Sequence[tuple[int, float]], chance: Random) -> Iterator[Turn]:
    """How a source is called that brings, for so many working days each, such a share of its documents.

    It is read at four in the afternoon; it is asked after on the mornings of days with documents, and after they came:
    between two documents a source can become silent, and cannot cease to be.
    """
    config = SourceConfig(name="a-source", kind="feed", every_minutes=1440, expected_per_week=per_week)
    came = [some(per_week / 5 * share, chance) for days, share in times for _ in range(days)]
    polls, silent = [_poll(0, 0)], False
    for day, documents in enumerate(came, 1):
        if not documents and day < len(came):
            continue
        for after in (False, True):
            if after and documents:
                polls = [polls[0], *polls[1:][-LOOKED_BACK_ON + 1 :], _poll(day, documents)]
            now = _at(day) + (timedelta(hours=1) if after else -timedelta(hours=8))
            read = PollFact(started_at=now, ended_at=now, result=Result.UNCHANGED)
            is_now = health(config=config, polls=[*polls, read], now=now).state is State.SILENT
            if is_now is not silent:
                silent = is_now
                yield Turn(day=day, silent=silent)


def _at(day: int) -> datetime:
    return MONDAY + (day // 5 * 7 + day % 5) * DAY + timedelta(hours=16)


def _poll(day: int, documents: int) -> PollFact:
    return PollFact(
        started_at=_at(day), ended_at=_at(day), result=Result.READ, entries=documents + 20, documents=documents
    )


def false_alarms(per_week: float, years: int, chance: Random) -> float:
    """In a year of a source that brings what it should."""
    told = sum(turn.silent for _ in range(years) for turn in turns(per_week, [(YEAR, 1.0)], chance))
    return told / years


def messages(per_week: float, share: float, sources: int, chance: Random) -> list[int]:
    """Of each of so many sources that trickle: how often staff are told that it turned silent or is well.

    It trickles for half a year, or until 40 documents should have come.
    """
    days = max(HALF, ceil(40 / (per_week / 5)))
    return [sum(1 for _ in turns(per_week, [(20, 1.0), (days, share)], chance)) for _ in range(sources)]


def recoveries(per_week: float, share: float, lull: float, sources: int, chance: Random) -> list[int]:
    """On which working day after its lull each source is called well, if it was called silent then; the first is 1.

    `lull`: so many documents should have come meanwhile.
    """
    before, until = 20, max(ceil(lull / (per_week / 5)), 2)
    after = max(30, ceil(60 / (per_week / 5)))
    found = []
    for _ in range(sources):
        silent = False
        for turn in turns(per_week, [(before, 1.0), (until, share), (after, 1.0)], chance):
            if turn.day > before + until and silent:
                found.append(turn.day - before - until)
                break
            silent = turn.silent
        else:
            found += [after] if silent else []
    return sorted(found)


def main() -> None:
    """Print the figures."""
    asked = argparse.ArgumentParser(prog="python -m tests.watcher.lulls", description=__doc__)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--sources", type=int, default=100)
    chosen = asked.parse_args()
    print("a week  false alarms  several troubles told of   well again, half and 90 % of them,")
    print("        in a year     one trickle to             on working day … after")
    print("                      " + "   ".join(f"{share:3.0%}" for share in TRICKLES) + "   silence   trickle of 20 %")
    for per_week in RATES:
        chance = Random(f"{chosen.seed} {per_week}")
        told = [messages(per_week, share, chosen.sources, chance) for share in TRICKLES]
        often = "  ".join(f"{sum(count > 2 for count in one) / len(one):4.0%}" for one in told)
        well = [recoveries(per_week, share, lull, chosen.sources, chance) for share, lull in ((0.0, 25), (0.2, 60))]
        days = "  ".join(f"{one[len(one) // 2]:3}, {one[len(one) * 9 // 10]:3}" for one in well)
        print(f"{per_week:6}  {false_alarms(per_week, chosen.sources, chance):12.3f}  {often}   {days}", flush=True)


if __name__ == "__main__":
    main()
