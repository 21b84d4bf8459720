"""The watch over the sources: how each is, written down when it changes, and told to staff once and once again.

States are reckoned from the polls each time and never from the state before, so that a missed tick, a crash or a
second process makes no difference: what is written is what the polls say. Staff hear of a source when it has been bad
for longer than a setting, so that one that stumbles and recovers is no message, and again when it is well; one bad
state that follows another is the same trouble. Sources that turn bad together are one message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from notifiers.render import render_staff
from notifiers.watch import SourceNews, StaffContent
from subscriptions.criteria import Address
from tbtwatch.pipeline.alert import Desk, addressed
from tbtwatch.pipeline.gaps import keep_gaps, touched
from tbtwatch.pipeline.holds_told import tell_of_holds
from tbtwatch.storage import Transaction
from tbtwatch.storage.health import StoredHealth
from tbtwatch.storage.sources import Poll, SourceState
from watcher.fetch import Reason
from watcher.health import Health, State, health
from watcher.silence import PollFact, Result
from watcher.source import Source

log = structlog.get_logger()

WATCH_LOCK = 7_261_535  # one process at a time writes states down and tells of them
AT_ONCE = 20  # sources in one transaction

#: Nothing came, which is the network's or the server's matter. Everything else that fails is about what came.
UNREACHED = frozenset(
    {
        *(Reason.RATE_LIMITED, Reason.UNAVAILABLE, Reason.MISSING, Reason.FORBIDDEN, Reason.OTHER_STATUS),
        *(Reason.TIMED_OUT, Reason.UNREACHABLE, Reason.NOT_STORED),
        *("", "robots", "resting"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Where the keepers of the sources are told, in which language, and after how long."""

    address: Address | None = None  #: None: states are written down and nobody is told
    language: str = "en"
    after: timedelta = timedelta(minutes=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchReport:
    """What a round of the watch found."""

    turned: tuple[tuple[str, State], ...] = ()  #: sources whose state changed, and to what
    told: int = 0  #: sources that staff were told of
    gaps_opened: int = 0
    gaps_closed: int = 0


async def keep_watch(
    *,
    desk: Desk,
    staff: Staff,
    only: Iterable[str] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> WatchReport:
    """Look how the sources are, write down what changed, and tell whom it concerns. `only`: of these names."""
    names = None if only is None else set(only)
    chosen = [source for source in desk.sources if names is None or source.config.name in names]
    turned: list[tuple[str, State]] = []
    for start in range(0, len(chosen), AT_ONCE):
        if stop():
            break
        turned += look_at(chosen[start : start + AT_ONCE], desk=desk)
        await asyncio.sleep(0)
    told = tell_staff(desk=desk, staff=staff)
    if staff.address is not None:
        tell_of_holds(staff.address, language=staff.language, desk=desk)
    opened, closed = keep_gaps(desk=desk)
    return WatchReport(turned=tuple(turned), told=told, gaps_opened=opened, gaps_closed=closed)


def look_at(sources: Sequence[Source], *, desk: Desk) -> list[tuple[str, State]]:
    """Write the states of these sources down; which of them changed. Sources that are as they were cost no writing."""
    now = desk.clock()
    names = [source.config.name for source in sources]
    with desk.storage.look() as tx:
        stored, states = tx.health.of_several(names), tx.sources.states_of(names)
        differing = [
            source
            for source in sources
            if not _same(stored.get(source.config.name), now_is(source, tx, now, state=states.get(source.config.name)))
        ]
    if not differing:
        return []
    turned: list[tuple[str, State]] = []
    with desk.storage.begin() as tx:
        tx.one_at_a_time(WATCH_LOCK)
        for source in differing:
            name = source.config.name
            is_now, before = now_is(source, tx, now), tx.health.of(name)
            tx.health.save(_written(name, is_now, before, now))
            if before is None or before.health.state is not is_now.state:
                turned.append((name, is_now.state))
                log.info(
                    "source_turned",
                    source=name,
                    state=is_now.state.value,
                    before=before.health.state.value if before else None,
                    why=is_now.sentence,
                )
    return turned


def now_is(source: Source, tx: Transaction, now: datetime, *, state: SourceState | None = None) -> Health:
    """How a source is at this moment, from what is remembered of its polls. `state`: if it was looked up already."""
    state = state or tx.sources.state(source.config.name)
    return health(
        config=source.config,
        polls=[fact_of(poll) for poll in tx.health.memory(source.config.name)],
        now=now,
        resting=source.resting() if source.config.enabled else None,
        due=state.next_poll_at,
    )


def as_known(source: Source, tx: Transaction, now: datetime) -> Health:
    """The same, since when it is known to be so: the polls that are remembered reach back only so far."""
    is_now, stored = now_is(source, tx, now), tx.health.of(source.config.name)
    if stored is None or stored.health.state is not is_now.state:
        return is_now
    began = stored.noticed_at if is_now.state in (State.HEALTHY, State.RESTING) else stored.health.since
    return replace(is_now, since=began)


def fact_of(poll: Poll) -> PollFact:
    """What a stored poll says of its source."""
    return PollFact(
        started_at=poll.started_at,
        ended_at=poll.ended_at,
        result=_result(poll),
        # An answer 226 holds what is new alone, so it says nothing of how long the list is.
        entries=poll.entries if poll.status == "ok" and poll.http_status != 226 else None,
        # What another source told first is new here all the same; a page's news is that it changed.
        documents=max(poll.fresh, poll.new + poll.changed),
        error=poll.error,
    )


def _result(poll: Poll) -> Result:
    if poll.status == "ok":
        return Result.READ
    if poll.status == "unchanged":
        return Result.UNCHANGED
    cause = poll.cause.replace(" ", "_")
    if cause == Reason.GONE:
        return Result.GONE
    return Result.UNREACHED if cause in UNREACHED else Result.UNREADABLE


def _same(stored: StoredHealth | None, is_now: Health) -> bool:
    """Whether what is written still says it all. When a healthy source was last read, its polls know."""
    if stored is None:
        return False
    old = stored.health
    if (old.state, old.cause, old.last_new) != (is_now.state, is_now.cause, is_now.last_new):
        return False
    return not is_now.state.bad or (dict(old.values), old.read_until) == (dict(is_now.values), is_now.read_until)


def _written(name: str, is_now: Health, before: StoredHealth | None, now: datetime) -> StoredHealth:
    """The row of a source: what it is now, and what was told of the trouble that goes on."""
    if before is None:
        return StoredHealth(source=name, health=is_now, noticed_at=now, bad_at=now if is_now.state.bad else None)
    if before.health.state is is_now.state:
        # The first sign stays: what is remembered of polls reaches back only so far.
        kept = replace(is_now, since=min(before.health.since, is_now.since))
        return replace(before, health=kept)
    bad_at = (before.bad_at or now) if is_now.state.bad else before.bad_at if before.told_at else None
    return replace(before, health=is_now, noticed_at=now, bad_at=bad_at)


# --- staff


def tell_staff(*, desk: Desk, staff: Staff) -> int:
    """Tell staff of sources that have been bad for long enough, and of those that are well again; of how many."""
    if staff.address is None:
        return 0
    now = desk.clock()
    known = {source.config.name: source for source in desk.sources}
    with desk.storage.look() as tx:
        if not _owed(tx, known, now, staff):
            return 0
    with desk.storage.begin() as tx:
        tx.one_at_a_time(WATCH_LOCK)
        owed = _owed(tx, known, now, staff)
        bad = [stored for stored in owed if stored.health.state.bad]
        over = [stored for stored in owed if not stored.health.state.bad]
        # What staff switched off themselves is over, and no news to them.
        well = [stored for stored in over if stored.health.state is not State.RESTING]
        for several in (bad, well):
            _tell(several, known, tx, desk, staff, now)
        for stored in bad:
            tx.health.save(replace(stored, told_state=stored.health.state.value, told_at=now))
        for stored in over:
            tx.health.save(replace(stored, told_state="", told_at=None, bad_at=None))
    return len(bad) + len(well)


def _owed(tx: Transaction, known: Mapping[str, Source], now: datetime, staff: Staff) -> list[StoredHealth]:
    """The sources of which staff have to be told something, or that must be marked as over."""
    owed = []
    for stored in tx.health.all().values():
        if stored.source not in known:
            continue
        if stored.health.state.bad:
            long_enough = stored.bad_at is not None and now - stored.bad_at >= staff.after
            if stored.told_at is None and long_enough:
                owed.append(stored)
        elif stored.told_at is not None:
            owed.append(stored)
    return owed


def _tell(
    several: Sequence[StoredHealth],
    known: Mapping[str, Source],
    tx: Transaction,
    desk: Desk,
    staff: Staff,
    now: datetime,
) -> None:
    """One message for all of them. Its key holds what it tells, so that it is owed once."""
    if not several or staff.address is None:
        return
    told = sorted(several, key=lambda stored: (stored.bad_at or stored.noticed_at, stored.source))
    content = StaffContent(
        sources=tuple(_news(stored, known[stored.source], tx, desk) for stored in told), written_at=_there(now, desk)
    )
    message = render_staff(
        content, channel=staff.address.channel, language=staff.language, recipient=staff.address.target
    )
    first = told[0]
    key = f"health:{first.source}:{(first.bad_at or first.noticed_at).isoformat()}:{'well' if content.well else 'bad'}"
    tx.outbox.add(
        key=key,
        kind="staff",
        channel=staff.address.channel,
        target=staff.address.target,
        message=addressed(message, desk),
        alerts=(),
        now=now,
    )
    log.info("staff_told", sources=[stored.source for stored in told], well=content.well)


def _news(stored: StoredHealth, source: Source, tx: Transaction, desk: Desk) -> SourceNews:
    is_now, gap = stored.health, tx.health.open_gaps().get(stored.source)
    common = SourceNews(
        name=stored.source,
        title=source.config.title,
        state=State(stored.told_state) if stored.told_state else is_now.state,
        since=_there(is_now.since, desk),
        cause=is_now.cause,
        values=is_now.values,
        gap_hours=source.config.gap_hours,
    )
    if not is_now.state.bad:
        began = stored.bad_at or stored.noticed_at
        return replace(
            common,
            since=_there(began, desk),
            well_since=_there(stored.noticed_at, desk),
            found=tx.health.found_since(stored.source, began),
        )
    return replace(
        common,
        read_until=_there(is_now.read_until, desk) if is_now.read_until else None,
        subscriptions=len(touched(source, tx, desk)),
        told=gap.told if gap else 0,
    )


def _there(instant: datetime, desk: Desk) -> datetime:
    return instant.astimezone(desk.names.zone)
