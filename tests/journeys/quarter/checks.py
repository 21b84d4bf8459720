"""The rest of the oracle: states, staff's messages, gaps, holds and politeness, held against the script."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from tests.journeys.quarter.expected import Balance, first_shown
from tests.journeys.quarter.publishers import Publisher
from tests.journeys.quarter.readers import STAFF
from tests.journeys.quarter.story import Trouble
from tests.journeys.quarter.world import TICK, World

BAD = ("late", "broken", "silent", "ended")
THRESHOLD = timedelta(hours=1)  #: staff hear of what lasts longer
GAP = timedelta(hours=48)
_BLINK = timedelta(seconds=1)  #: within which all happens that happens at one instant of the story
_DECIDE = "your decision"
_OPEN = re.compile(r"Not read since|起未能读取")
_CLOSED = re.compile(r"Read again|已恢复读取")


def bad_times(world: World, name: str) -> list[tuple[datetime, datetime | None, set[str]]]:
    """From turning bad to being well again, with the states in between."""
    found: list[tuple[datetime, datetime | None, set[str]]] = []
    began: datetime | None = None
    states: set[str] = set()
    for at, source, state, _ in world.lived.turns:
        if source != name:
            continue
        if state in BAD:
            began, states = began or at, states | {state}
        elif began is not None:
            found.append((began, at, states))
            began, states = None, set()
    return [*found, (began, None, states)] if began is not None else found


def check_states(world: World, balance: Balance) -> None:
    """Every bad state has a cause in the script, every trouble is noticed in time, and its end too."""
    end = world.story.end
    for name in world.publishers:
        troubles = [one for one in world.story.troubles if one.source == name]
        times = bad_times(world, name)
        for began, over, states in times:
            causes = [one for one in troubles if one.begins <= began <= one.ends + one.well]
            last = {id(one): _well_by(world, one) for one in causes}
            allowed = {state for one in causes for state in one.may}
            if not states <= allowed:
                said = ", ".join(sorted(states - allowed))
                why = next(turn[3] for turn in world.lived.turns if turn[1] == name and turn[0] == began)
                balance.faults.append(f"false state: {name} is {said} from {_when(began)} to {_when(over)}: {why}")
            elif over is not None and not any(one.flaps or one.ends <= over <= last[id(one)] for one in causes):
                balance.faults.append(
                    f"state: {name} was well again at {_when(over)}, the script says "
                    f"{', '.join(f'{one.what} until {_when(one.ends)}, {_when(last[id(one)])}' for one in causes)}"
                )
            elif over is None and all(last[id(one)] < end for one in causes):
                balance.faults.append(f"state: {name} is bad since {_when(began)}, and its trouble is over")
        for one in troubles:
            if one.within is None or one.begins + one.within > end:
                continue
            if not any(one.begins <= began <= one.begins + one.within for began, _, _ in times):
                balance.faults.append(f"unnoticed: {name}, {one.what} from {_when(one.begins)}, within {one.within}")


def _well_by(world: World, trouble: Trouble) -> datetime:
    """When a source must be well again. One that has brought too little has to have had a usual week."""
    if not trouble.usual:
        return trouble.ends + trouble.well
    came = sorted(at for at in world.publishers[trouble.source].shown.values() if at >= trouble.ends)
    weeks = zip(came, came[math.ceil(trouble.usual) - 1 :], strict=False)
    usual = (last for first, last in weeks if last - first <= timedelta(days=7))
    return next(usual, datetime.max.replace(tzinfo=UTC) - trouble.well) + trouble.well


def check_staff(world: World, balance: Balance) -> None:
    """One message when a source is bad for longer than the threshold, one when it is well again, and no others."""
    said: dict[str, list[tuple[datetime, str]]] = {name: [] for name in world.publishers}
    for at, mail in world.lived.mails:
        if STAFF in mail.recipients:
            if _DECIDE in mail["Subject"]:
                continue  # see `check_holds`
            kind = "well" if "well again" in mail["Subject"] else "bad"
            for name, messages in said.items():
                if f"({name})" in mail.text:
                    messages.append((at, kind))
    for name, told in said.items():
        messages = told
        for one in world.story.troubles:
            news = [at for at, kind in told if kind == "bad" and one.begins <= at <= one.ends + one.well]
            if one.source == name and one.flaps and len(news) > 2:
                balance.faults.append(
                    f"staff: {name}, {one.what}: {len(news)} messages that it is bad, "
                    f"the last on {_when(news[-1])}, about one trouble"
                )
        for began, over, _ in bad_times(world, name):
            until = over or world.story.end
            mine = [kind for at, kind in messages if began <= at <= until + TICK]
            messages = [one for one in messages if not began <= one[0] <= until + TICK]
            lasted = until - began
            wanted = ["bad", "well"] if over else ["bad"]
            certain = [wanted] if lasted > THRESHOLD + TICK else [[]] if lasted < THRESHOLD else [[], wanted]
            if mine not in certain:
                balance.faults.append(f"staff: {name} bad {_when(began)} to {_when(over)}: told {mine}")
        if messages:
            balance.faults.append(f"staff: {name}: told for no reason: {[(_when(at), kind) for at, kind in messages]}")


def check_gaps(world: World, balance: Balance) -> None:
    """A gap for each trouble in which a source was not read for two days, told once open and once closed."""
    shown = first_shown(world)
    gaps = sorted(world.lived.gaps, key=lambda gap: gap.since)
    for one in world.story.troubles:
        own = [gap for gap in gaps if gap.source == one.source and _of(gap, one)]
        lasts = min(one.ends, world.story.end) - one.begins
        if one.unread and lasts > GAP + 2 * TICK and not own:
            balance.faults.append(f"gap: none for {one.source}, {one.what} from {_when(one.begins)}")
        if len(own) > 1:
            balance.faults.append(f"gap: {len(own)} for {one.source}, {one.what} from {_when(one.begins)}")
    for gap in gaps:
        publisher = world.publishers[gap.source]
        causes = [one for one in world.story.troubles if one.source == gap.source and one.unread and _of(gap, one)]
        if not causes:
            balance.faults.append(f"gap: {gap.source} since {_when(gap.since)} has no cause in the script")
        if not GAP <= gap.opened_at - gap.since <= GAP + 2 * TICK:
            balance.faults.append(f"gap: {gap.source} since {_when(gap.since)} was opened at {_when(gap.opened_at)}")
        if gap.closed_at is not None:
            late = sum(
                source == gap.source and gap.since < at <= gap.closed_at for at, source in shown.values()
            ) + _page_itself(publisher, gap)
            if late != gap.found_late:
                balance.faults.append(
                    f"gap: {gap.source} closed {_when(gap.closed_at)} with {gap.found_late} found late, {late} were"
                )
        _check_gap_mails(world, gap, publisher, balance)


def _page_itself(publisher: Publisher, gap: Any) -> int:
    """Several paragraphs of a page that came at once are one change of it."""
    if publisher.nature.form != "page":
        return 0
    times = [at for at in publisher.shown.values() if gap.since < at <= gap.closed_at]
    return len(set(times)) - len(times)


def _check_gap_mails(world: World, gap: Any, publisher: Publisher, balance: Balance) -> None:
    mails: Counter[tuple[str, str]] = Counter()
    for at, mail in world.lived.mails:
        subject = mail["Subject"]
        # Titles stand in subjects; a gap of the same source at another time is another one.
        if publisher.title not in subject or mail.recipients == [STAFF]:
            continue
        (address,) = mail.recipients
        if _OPEN.search(subject) and gap.opened_at - _BLINK <= at <= gap.opened_at + TICK:
            mails[address, "open"] += 1
        if _CLOSED.search(subject) and gap.closed_at and gap.closed_at - _BLINK <= at <= gap.closed_at + TICK:
            mails[address, "closed"] += 1
    for reader in world.readers:
        concerned = reader.at_once and reader.touched_by(publisher.nature.market)
        for kind in ("open", "closed"):
            wanted = int(concerned and (kind == "open" or gap.closed_at is not None))
            if mails[reader.address, kind] != wanted:
                balance.faults.append(
                    f"gap: {gap.source} {kind}: {mails[reader.address, kind]} mails to {reader.address}, not {wanted}"
                )


def check_holds(world: World, balance: Balance) -> None:
    """Held is what the script means to be held, and nothing else."""
    left = [one for one in world.story.decisions if one.at + timedelta(days=1) < world.story.end]
    for at, source, new, changed in world.lived.holds:
        mine = [one for one in left if one.source == source and one.at <= at <= one.at + timedelta(days=1)]
        if not mine:
            balance.faults.append(f"hold: {source} at {_when(at)}: {new} new, {changed} changed, for no reason")
            continue
        left.remove(mine[0])
        if new + changed < mine[0].least:
            balance.faults.append(f"hold: {source} at {_when(at)}: {new} new, {changed} changed, not {mine[0].least}")
    asked = Counter(
        (name, at)
        for at, mail in world.lived.mails
        for name, publisher in world.publishers.items()
        if STAFF in mail.recipients and _DECIDE in mail["Subject"] and publisher.title in mail["Subject"]
    )
    for at, source, *_ in world.lived.holds:
        if sum(count for (name, when), count in asked.items() if name == source and at <= when <= at + TICK) != 1:
            balance.faults.append(f"hold: staff were not asked once about {source}, held at {_when(at)}")
    if asked.total() > len(world.lived.holds):
        balance.faults.append(f"hold: staff were asked {asked.total()} times about {len(world.lived.holds)} holds")
    for one in left:
        balance.faults.append(f"hold: {one.source}: {one.why} from {_when(one.at)} was not held")


def check_manners(world: World, balance: Balance) -> None:
    """What publishers asked for was kept to."""
    for name, publisher in world.publishers.items():
        for fault in _manners(world, publisher):
            balance.faults.append(f"manners: {name}: {fault}")


def _manners(world: World, publisher: Publisher) -> Iterator[str]:
    lists = [(at, path, sent, status) for at, path, sent, status in publisher.asked if path.startswith("/list")]
    gone = [at for at, _, _, status in lists if status == 410]
    if len(gone) > 1:
        yield f"asked {len(gone)} times for what is gone"
    nature = publisher.nature
    if nature.floor_hours:
        wanted = timedelta(hours=nature.floor_hours)
        firsts = [at for at, _, _, status in lists if status in (200, 304)]
        for before, after in pairwise(firsts):
            if after - before < wanted:
                yield f"asked again after {after - before}, at {_when(after)}"
    if "skipDays" in nature.channel:
        for at, *_ in lists[1:]:
            if at.weekday() >= 5:
                yield f"asked on a {at:%A}, {_when(at)}"
    after_503 = [(one[0], two[0]) for one, two in pairwise(publisher.asked) if one[3] == 503]
    if nature.name == "us-register":
        for before, after in after_503:
            if after - before < timedelta(hours=6):
                yield f"asked {after - before} after a 503 with Retry-After: 21600, at {_when(after)}"
    moved = [at for at, _, _, status in publisher.asked if status == 301]
    if moved and (moved[-1] - moved[0] > timedelta(days=2) or len(moved) < 3):
        yield f"sent elsewhere {len(moved)} times over {moved[-1] - moved[0]}"
    if name_of(publisher) == "vn-standards":
        begins, ends = world.story.at(35) + timedelta(days=1), world.story.at(45)
        for at, *_ in lists:
            if begins < at < ends:
                yield f"asked at {_when(at)} although robots.txt forbids it"


def name_of(publisher: Publisher) -> str:
    """Its name."""
    return publisher.name


def _of(gap: Any, one: Trouble) -> bool:
    slack = timedelta(days=3)
    return one.begins - slack <= gap.since <= one.ends and (gap.closed_at is None or gap.closed_at >= one.begins)


def _when(at: datetime | None) -> str:
    return "the end" if at is None else f"{at:%m-%d %H:%M}"
