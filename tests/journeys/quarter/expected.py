"""The oracle: from what publishers showed, and when, to what each reader must be told; apart from the program."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from subscriptions.criteria import Frequency
from tests.journeys.quarter.papers import Paper
from tests.journeys.quarter.publishers import TOKEN, Publisher
from tests.journeys.quarter.readers import STAFF, Reader
from tests.journeys.quarter.world import TICK, ZONE, World

HERE = ZoneInfo(ZONE)
SOON = timedelta(minutes=10)  #: an alert that is owed at once
#: What a digest says of those that it has no room for.
UNLISTED = re.compile(r"另有 (\d+) 项措施未|(\d+) more measures? (?:is|are) not listed")
A_FLOOD = 250  #: so many new documents in one poll are beyond all experience here


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One piece of news that has to be told."""

    token: str
    source: str
    what: str  #: "new", or what changed
    at: datetime  #: when the service could know it, or staff released it
    in_digest: bool = False  #: by staff's decision


@dataclass
class Balance:
    """What was found: figures, and every sentence here is a fault."""

    faults: list[str] = field(default_factory=list)
    published: Counter[str] = field(default_factory=Counter)  #: in the quarter, by source
    seeded: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)  #: after the first poll
    owed: Counter[str] = field(default_factory=Counter)
    silent: Counter[str] = field(default_factory=Counter)  #: old, or discarded by staff
    told: Counter[str] = field(default_factory=Counter)  #: pieces of news that reached everybody they are owed to
    waiting: Counter[str] = field(default_factory=Counter)  #: their digest is not due yet
    missed: Counter[str] = field(default_factory=Counter)  #: never seen, and a gap was told
    unseen: Counter[str] = field(default_factory=Counter)  #: not seen yet: the last poll was before, or trouble goes on
    messages: Counter[str] = field(default_factory=Counter)  #: by reader and kind
    unlisted: int = 0  #: tellings of a digest so long that it counts what it does not list
    pairs: int = 0  #: news and reader
    late: timedelta = timedelta(0)  #: the longest from appearing on a list that could be read to being told


def papers_of(world: World) -> dict[str, Paper]:
    """Every document of the quarter."""
    return {paper.token: paper for one in world.publishers.values() for paper in one.papers}


def first_shown(world: World) -> dict[str, tuple[datetime, str]]:
    """When and where each document was first shown whole."""
    found: dict[str, tuple[datetime, str]] = {}
    for publisher in world.publishers.values():
        for token, at in publisher.shown.items():
            if token not in found or at < found[token][0]:
                found[token] = (at, publisher.name)
    return found


def held_groups(world: World) -> dict[tuple[str, datetime], int]:
    """The polls that brought a flood: source, when, how many."""
    sizes = Counter((source, at) for at, source in first_shown(world).values())
    return {group: count for group, count in sizes.items() if count >= A_FLOOD and group[1] > world.story.start}


def owed_by(world: World, balance: Balance) -> list[Owed]:
    """All news that must be told to whoever asked for it."""
    papers, shown, floods = papers_of(world), first_shown(world), held_groups(world)
    began = {name: min(one.shown.values()) for name, one in world.publishers.items() if one.shown}
    result: list[Owed] = []
    for token, (at, source) in sorted(shown.items()):
        paper = papers[token]
        if at == began[source]:
            balance.seeded[source] += 1
            continue
        balance.shown[source] += 1
        if (source, at) in floods:
            decided = [one for one in world.lived.decided if one[1] == source and one[0] >= at]
            if not decided or decided[0][2] == "discarded":
                balance.silent[source] += 1
                continue
            result.append(
                Owed(token=token, source=source, what="new", at=decided[0][0], in_digest=decided[0][2] == "digest")
            )
        elif paper.fate == "old":
            balance.silent[source] += 1
        else:
            result.append(Owed(token=token, source=source, what="new", at=at))
    for publisher in world.publishers.values():
        for (token, number), at in publisher.changed.items():
            what = papers[token].versions[number - 1][1]
            result.append(Owed(token=token, source=publisher.name, what=what, at=at))
    for one in result:
        balance.owed[one.source] += 1
    return result


def latest(one: Owed, reader: Reader) -> datetime:
    """By when a reader must have been told."""
    frequency = reader.frequency
    if one.in_digest and reader.at_once:
        frequency = Frequency.WEEKLY
    if frequency is Frequency.IMMEDIATE:
        return one.at + SOON
    day = one.at.astimezone(HERE).date() + timedelta(days=1)
    if frequency is Frequency.WEEKLY:
        day += timedelta(days=-day.weekday() % 7)
    return datetime.combine(day, time(0), tzinfo=HERE) + TICK + SOON


def check_tellings(world: World, balance: Balance) -> None:
    """Nothing lost, nothing told that is not owed, nothing told twice."""
    papers = papers_of(world)
    owed = owed_by(world, balance)
    told, unlisted = _told(world, balance)
    by_token: dict[str, list[Owed]] = defaultdict(list)
    for one in owed:
        by_token[one.token].append(one)
    reached: Counter[Owed] = Counter()
    concerned: Counter[Owed] = Counter()
    pending: set[Owed] = set()
    for reader in world.readers:
        for token, paper in papers.items():
            is_page = world.publishers[paper.publisher].nature.form == "page"
            if is_page and (reader.criteria.keywords or not reader.at_once):
                # The whole page is one measure: a word anywhere in it is enough. A digest tells that it changed only.
                continue
            wanted = by_token.get(token, []) if reader.wants(paper) else []
            times = told.get((reader.address, token), [])
            balance.pairs += len(wanted)
            for one in wanted:
                concerned[one] += 1
                by = latest(one, reader)
                if any(one.at <= at <= by for at in times):
                    reached[one] += 1
                    balance.late = (
                        max(balance.late, min(at for at in times if at >= one.at) - one.at)
                        if (reader.at_once and not one.in_digest)
                        else balance.late
                    )
                elif by >= world.story.end:
                    pending.add(one)
                elif room := next((at for at in unlisted[reader.address] if one.at <= at <= by), None):
                    unlisted[reader.address][room] -= 1
                    if not unlisted[reader.address][room]:
                        del unlisted[reader.address][room]
                    reached[one] += 1
                    balance.unlisted += 1
                else:
                    balance.faults.append(
                        f"lost: {token} of {one.source} ({one.what}, {_when(one.at)}) not told to {reader.address} by "
                        f"{_when(by)}; told at {', '.join(map(_when, times)) or 'no time'}"
                    )
            for at in times:
                if not any(one.at <= at <= latest(one, reader) for one in wanted):
                    balance.faults.append(
                        f"false: {token} of {paper.publisher} told to {reader.address} at {_when(at)}"
                    )
            if len(times) > len(wanted):
                balance.faults.append(f"twice: {token} of {paper.publisher} to {reader.address}: {len(times)} times")
    for one in owed:
        if one in pending:
            balance.waiting[one.source] += 1
        elif reached[one] == concerned[one]:
            balance.told[one.source] += 1


def _told(
    world: World, balance: Balance
) -> tuple[dict[tuple[str, str], list[datetime]], dict[str, dict[datetime, int]]]:
    """When each reader was told of each document, as their mails say, and of how many without naming them."""
    unlisted: dict[str, dict[datetime, int]] = defaultdict(dict)
    told: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    addresses = {reader.address for reader in world.readers} | {STAFF}
    for at, mail in world.lived.mails:
        (address,) = mail.recipients
        if address not in addresses:
            balance.faults.append(f"false: a mail to {address}, whom nobody knows")
        tokens = set(TOKEN.findall(mail.text))
        if (more := UNLISTED.search(mail.text)) and address != STAFF:
            unlisted[address][at] = int(more[1] or more[2])
        kind = "staff" if address == STAFF else "notices" if tokens else "gaps"
        balance.messages[f"{address} {kind}"] += 1
        for token in tokens if address != STAFF else ():
            told[address, token].append(at)
    return told, unlisted


def check_missed(world: World, balance: Balance) -> None:
    """What was never seen: it left the list while the source could not be read, and its readers were told so."""
    shown, end = first_shown(world), world.story.end
    for publisher in world.publishers.values():
        name = publisher.name
        slack = timedelta(minutes=publisher.nature.every * 2) + timedelta(hours=publisher.nature.floor_hours)
        for paper in publisher.papers:
            if paper.publisher != name or not world.story.start < paper.at < end:
                continue
            balance.published[name] += 1
            if paper.token in shown:
                continue
            if paper.at > end - slack or any(
                span[1] is None or span[1] > end - slack for span in _spans(world, publisher, paper)
            ):
                balance.unseen[name] += 1
            elif list(_spans(world, publisher, paper)):
                balance.missed[name] += 1
            else:
                balance.faults.append(
                    f"missed: {paper.token} of {name} ({_when(paper.at)}) was never seen, without a gap"
                )


def _spans(world: World, publisher: Publisher, paper: Paper) -> Iterator[tuple[datetime, datetime | None]]:
    """The times told as gaps, or as bad states, in which the document came and went."""
    for gap in world.lived.gaps:
        if (
            gap.source == publisher.name
            and gap.since <= paper.at
            and (gap.closed_at is None or paper.at <= gap.closed_at)
        ):
            yield gap.since, gap.closed_at
    if paper.at > (publisher.last_good or world.story.start):
        yield paper.at, None


def _when(at: datetime) -> str:
    return f"{at:%m-%d %H:%M}"
