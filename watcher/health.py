"""How a source is: what its polls say, and what they no longer say.

    resting   by configuration: switched off, or a key is missing
    ended     the publisher gave the address up for good
    broken    something came that is not what the source gives: a page instead of a feed, a list without entries
    late      no successful poll for more than `PATIENCE` intervals
    silent    it is read, and brings fewer new documents than its expected rate allows
    healthy   everything else; also then it is said when there was last something new, and why nothing since is usual

The first that holds is told. What silence is remarkable, and when it is over, `watcher.silence` says; a silence that
is over is not held against the source again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from watcher.silence import PollFact, Result, Supply, Window, supply, zone_of
from watcher.source import SourceConfig
from watcher.text import one_line

PATIENCE = 3  #: intervals without a successful poll after which a source is late
ALWAYS = 5  #: so many polls in a row that found at least `SOME` entries make an empty list remarkable
SOME = 5
_LONGEST_ERROR = 500


class State(StrEnum):
    """How a source is."""

    HEALTHY = "healthy"
    LATE = "late"
    SILENT = "silent"
    BROKEN = "broken"
    RESTING = "resting"
    ENDED = "ended"

    @property
    def bad(self) -> bool:
        """Whether somebody has to look after it."""
        return self in (State.LATE, State.SILENT, State.BROKEN, State.ENDED)

    @property
    def unread(self) -> bool:
        """Whether what it publishes now is not seen here."""
        return self in (State.LATE, State.BROKEN, State.ENDED)


class Cause(StrEnum):
    """Why a source is in its state; a sentence for each in `SENTENCES`."""

    FRESH = "fresh"
    QUIET = "quiet"
    NOTHING_YET = "nothing_yet"
    STUMBLED = "stumbled"
    NEVER = "never"
    NEVER_READ = "never_read"
    UNREACHED = "unreached"
    NOT_POLLED = "not_polled"
    UNREADABLE = "unreadable"
    EMPTIED = "emptied"
    SILENT = "silent"
    TRICKLE = "trickle"
    RESTING = "resting"
    GONE = "gone"


#: In English; {…} is filled in from `Health.values`.
SENTENCES: Mapping[Cause, str] = {
    Cause.FRESH: "it is read; the last new document was recorded on {day}",
    Cause.QUIET: "it is read; nothing new since {day}: {days} working days, in which {expected} were to be expected",
    Cause.NOTHING_YET: "it is read; nothing new since it was first read on {day}",
    Cause.STUMBLED: "the last poll failed, which is no trouble yet: {error}",
    Cause.NEVER: "it has not been read yet",
    Cause.NEVER_READ: "it has never been read so far: {error}",
    Cause.UNREACHED: "it cannot be read: {error}",
    Cause.NOT_POLLED: "nobody has asked it since {moment} UTC: is the service running?",
    Cause.UNREADABLE: "what comes cannot be read: {error}",
    Cause.EMPTIED: "the list came without entries; the polls before found {least} and more each time",
    Cause.SILENT: "nothing new since {day}: {days} working days, in which {expected} documents were to be expected",
    Cause.TRICKLE: "only {n} new since {day}: {days} working days, in which {expected} documents were to be expected",
    Cause.RESTING: "{error}",
    Cause.GONE: "it has ended: {error}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a source is, since when, and why."""

    state: State
    since: datetime  #: the first sign of it: the first failed poll, the last new document
    cause: Cause
    values: Mapping[str, str] = field(default_factory=dict)  #: what the cause's sentence is filled in with
    read_until: datetime | None = None  #: when it was last read, as far as that can be believed
    last_new: datetime | None = None  #: when it last brought a new document

    @property
    def sentence(self) -> str:
        """Why, in English."""
        return SENTENCES[self.cause].format_map(self.values)


def health(
    *,
    config: SourceConfig,
    polls: Sequence[PollFact],
    now: datetime,
    resting: str | None = None,
    due: datetime | None = None,
) -> Health:
    """How a source is at this moment, from what is remembered of its polls, in any order.

    Wanted are the first successful poll, the latest ones without a gap, the latest that found entries and the latest
    that brought documents; others may be missing. `resting` is why it is not polled, a sentence; None: it is.
    `due` is when it will be asked next: a publisher may have asked for more patience than `config.every_minutes`.
    Raises ValueError for an instant without a zone.
    """
    if any(instant.utcoffset() is None for instant in (now, *(fact.ended_at for fact in polls))):
        raise ValueError("health needs instants with a zone, as datetime.now(UTC)")
    facts = sorted((fact for fact in polls if fact.started_at <= now), key=lambda fact: fact.started_at)
    if resting is None and not config.enabled:
        resting = config.why_off or "it is switched off (`enabled: false`)"
    last_new = _last_new(facts)
    if resting is not None:
        since = facts[-1].ended_at if facts else now
        return Health(
            state=State.RESTING, since=since, cause=Cause.RESTING, values={"error": resting}, last_new=last_new
        )
    unread = _not_read(config, facts, now, due)
    if unread is not None:
        return unread
    seen = supply(config, facts, now)
    return _silence(seen, config, facts) or _well(seen, config, facts)


def _not_read(config: SourceConfig, facts: Sequence[PollFact], now: datetime, due: datetime | None) -> Health | None:
    """Ended, broken or late; None if it is being read."""
    last_new = _last_new(facts)
    if not facts:
        return Health(state=State.LATE, since=now, cause=Cause.NEVER)
    good = [fact for fact in facts if fact.well]
    failing = _trailing_failures(facts)
    emptied = _emptied(facts)
    if emptied is not None:
        good = [fact for fact in good if fact.started_at < emptied.started_at]
    read_until = good[-1].ended_at if good else None

    def told(state: State, since: datetime, cause: Cause, **values: str) -> Health:
        return Health(state=state, since=since, cause=cause, values=values, read_until=read_until, last_new=last_new)

    if gone := [fact for fact in failing if fact.result is Result.GONE]:
        return told(State.ENDED, gone[0].ended_at, Cause.GONE, error=_error(gone[-1]))
    # A page instead of the feed, and then no answer at all, is still not well.
    if broken := [fact for fact in failing if fact.result is Result.UNREADABLE]:
        return told(State.BROKEN, broken[0].ended_at, Cause.UNREADABLE, error=_error(broken[-1]))
    if emptied is not None:
        return told(State.BROKEN, emptied.ended_at, Cause.EMPTIED, least=str(_least(facts, emptied)))
    interval = timedelta(minutes=config.every_minutes)
    if failing:
        if read_until is None or now - read_until > PATIENCE * interval:
            cause = Cause.UNREACHED if any(fact.well for fact in facts) else Cause.NEVER_READ
            return told(State.LATE, failing[0].ended_at, cause, error=_error(failing[-1]))
        return None
    assert read_until is not None
    patience = max(read_until + PATIENCE * interval, (due or read_until) + (PATIENCE - 1) * interval)
    if now > patience:
        return told(State.LATE, patience, Cause.NOT_POLLED, moment=f"{read_until.astimezone(UTC):%Y-%m-%d %H:%M}")
    return None


def _trailing_failures(facts: Sequence[PollFact]) -> list[PollFact]:
    """The failed polls since the last successful one, oldest first."""
    failing: list[PollFact] = []
    for fact in reversed(facts):
        if fact.well:
            break
        failing.append(fact)
    return failing[::-1]


def _emptied(facts: Sequence[PollFact]) -> PollFact | None:
    """The poll since which the list is empty, where it never was before; None: it is not."""
    counted = [fact for fact in facts if fact.result is Result.READ and fact.entries is not None]
    first: PollFact | None = None
    while counted and counted[-1].entries == 0:
        first = counted.pop()
    before = counted[-ALWAYS:]
    return first if len(before) == ALWAYS and all((fact.entries or 0) >= SOME for fact in before) else None


def _least(facts: Sequence[PollFact], emptied: PollFact) -> int:
    """The fewest entries that the polls before found."""
    before = [fact.entries for fact in facts if fact.entries and fact.started_at < emptied.started_at]
    return min(before[-ALWAYS:])


def _error(fact: PollFact) -> str:
    return one_line(fact.error, _LONGEST_ERROR) or "no reason is known"


def _silence(seen: Supply | None, config: SourceConfig, facts: Sequence[PollFact]) -> Health | None:
    """Silent, if it brings too few documents, or did and does not yet bring them again."""
    if seen is None or seen.lack is None:
        return None
    few = seen.lack
    return Health(
        state=State.SILENT,
        since=few.since,
        cause=Cause.TRICKLE if few.documents else Cause.SILENT,
        values={**_values(few, config), "n": str(few.documents)},
        read_until=_read_until(facts),
        last_new=_last_new(facts),
    )


def _well(seen: Supply | None, config: SourceConfig, facts: Sequence[PollFact]) -> Health:
    failing, last_new, read_until = _trailing_failures(facts), _last_new(facts), _read_until(facts)
    if failing:
        cause, values = Cause.STUMBLED, {"error": _error(failing[-1])}
    elif seen is not None and last_new is not None and seen.latest.days:
        cause, values = Cause.QUIET, _values(seen.latest, config)
    elif last_new is not None:
        cause, values = Cause.FRESH, {"day": _day(last_new, config)}
    else:
        cause, values = Cause.NOTHING_YET, {"day": _day(facts[0].ended_at, config)}
    since = next(fact.ended_at for fact in facts if fact.well)
    return Health(
        state=State.HEALTHY, since=since, cause=cause, values=values, read_until=read_until, last_new=last_new
    )


def _values(window: Window, config: SourceConfig) -> dict[str, str]:
    expected = f"{window.expected:.1f}" if window.expected < 10 else f"{window.expected:.0f}"
    return {"day": _day(window.since, config), "days": str(window.days), "expected": expected}


def _read_until(facts: Sequence[PollFact]) -> datetime | None:
    return max((fact.ended_at for fact in facts if fact.well), default=None)


def _last_new(facts: Sequence[PollFact]) -> datetime | None:
    return max((fact.ended_at for fact in facts if fact.documents), default=None)


def _day(instant: datetime, config: SourceConfig) -> str:
    return instant.astimezone(zone_of(config)).date().isoformat()
