"""Notices about sources: to staff, and to readers whom a gap concerns. What they hold, and their lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from notifiers.dates import Dates
from notifiers.message import Coverage
from notifiers.readings import several
from notifiers.sheet import Ending, Row, ending, freshness, language_remark
from notifiers.wording import Words, offered
from watcher.health import Cause, State
from watcher.text import one_line

_LONGEST_NAME = 120
_MOST_SOURCES = 40  # written out in one message
_MOST_SUBSCRIPTIONS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNews:
    """A source that turned bad, or is well again. Instants are in the staff's zone."""

    name: str  #: in sources.yaml
    title: str
    state: State  #: the bad one, also when it is over
    since: datetime  #: when the trouble began
    cause: Cause = Cause.UNREACHED
    values: Mapping[str, str] = field(default_factory=dict)  #: of the cause's sentence
    read_until: datetime | None = None  #: when it was last read
    well_since: datetime | None = None  #: when it was well again; None: it is not
    subscriptions: int = 0  #: that wait on it
    told: int = 0  #: addresses that were told of a gap
    gap_hours: int = 48  #: after how long they are told
    found: int = 0  #: new notices since it is read again


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffContent:
    """Sources that turned bad, or sources that are well again: never both."""

    sources: tuple[SourceNews, ...]
    written_at: datetime

    @property
    def well(self) -> bool:
        """Whether it is good news."""
        return all(source.well_since is not None for source in self.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class GapContent:
    """A gap that opened or closed, for one reader. Instants are in the reader's zone."""

    source: str  #: the source's title
    market: str = ""  #: its name in the reader's language; empty: it speaks of many
    state: State = State.LATE
    since: datetime  #: when the source was last read
    until: datetime | None = None  #: when it was read again; None: the gap is open
    given_up: bool = False  #: it closes because the source is watched no more
    found_late: int = 0
    subscriptions: tuple[str, ...] = ()  #: names of those it concerns
    written_at: datetime
    coverage: Coverage
    unsubscribe: str = ""
    arranged_by: str = ""  #: the association that looks after the reader's subscriptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What is said of one source among several."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSheet:
    """A notice about sources, line by line."""

    language: str
    remarks: tuple[str, ...] = ()
    subject: str
    heading: str
    lines: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    rows: tuple[Row, ...] = ()  #: why you, how fresh
    ending: Ending = field(default_factory=Ending)


def staff_sheet(content: StaffContent, language: str) -> NoticeSheet:
    """The lines of a message to staff."""
    words = Words(offered(language))
    dates = Dates(words, content.written_at.date())
    kind = "staff.well" if content.well else "staff.bad"
    shown, rest = content.sources[:_MOST_SOURCES], len(content.sources) - _MOST_SOURCES
    sections = tuple(
        Section(title=_staff_heading(source, kind, words, dates), rows=tuple(_staff_rows(source, words, dates)))
        for source in shown
    )
    names = [_source(source.title or source.name) for source in content.sources]
    if len(sections) == 1:
        state = words(f"state.{content.sources[0].state}")
        return NoticeSheet(
            language=words.tag,
            remarks=language_remark(language, words),
            subject=one_line(words(f"{kind}.subject", state=state, source=names[0]), 200),
            heading=sections[0].title,
            rows=sections[0].rows,
        )
    heading = words(f"{kind}.many", n=len(names))
    return NoticeSheet(
        language=words.tag,
        remarks=language_remark(language, words),
        subject=one_line(heading + words("colon") + several(names, words, most=3), 200),
        heading=heading,
        sections=sections,
        lines=(several(names, words, most=_MOST_SOURCES),) if rest > 0 else (),
    )


def _staff_heading(source: SourceNews, kind: str, words: Words, dates: Dates) -> str:
    since = dates.moment(source.well_since or source.since)
    name = one_line(f"{_source(source.title)} ({source.name})" if source.title else source.name, 200)
    return words(kind, source=name, state=words(f"state.{source.state}"), since=since) + words("stop")


def _staff_rows(source: SourceNews, words: Words, dates: Dates) -> list[Row]:
    cause = one_line(words(f"cause.{source.cause}", **source.values), 700)
    if source.well_since is not None:
        was = words("staff.was.line", state=words(f"state.{source.state}"), since=dates.moment(source.since))
        return [
            Row(label=words("staff.was"), lines=(was, cause)),
            Row(label=words("staff.found"), lines=(words("staff.found.line", n=source.found),)),
        ]
    last = dates.moment(source.read_until) if source.read_until else words("staff.read_until.never")
    waiting = words("staff.waiting.line", n=source.subscriptions)
    if source.told:
        told = words("staff.told", n=source.told)
    elif source.state.unread and source.read_until is not None:
        told = words("staff.told.no", hours=source.gap_hours)
    else:
        told = words("staff.told.no_gap")
    line = waiting + words("semicolon") + told if source.subscriptions else waiting
    return [
        Row(label=words("staff.why"), lines=(cause,)),
        Row(label=words("staff.read_until"), lines=(last,)),
        Row(label=words("staff.waiting"), lines=(line,)),
        Row(label=words("staff.do"), lines=(words("staff.do.line", name=one_line(source.name, 100)),)),
    ]


def gap_sheet(content: GapContent, language: str, *, by_mail: bool) -> NoticeSheet:
    """The lines of a notice to one reader."""
    words = Words(offered(language))
    dates = Dates(words, content.written_at.date())
    source = _source(content.source)
    if content.market:
        source = words("bracketed", text=source, note=one_line(content.market, _LONGEST_NAME))
    since = dates.moment(content.since)
    rows: list[Row] = []
    if content.given_up:
        kind, lines = "reader.given_up", [words("reader.given_up", source=source, since=since)]
    elif content.until is not None:
        kind = "reader.closed"
        found = words(f"{kind}.found" if content.found_late else f"{kind}.nothing", n=content.found_late)
        lines = [words(kind, source=source, since=since, until=dates.moment(content.until)), found]
    else:
        kind = "reader.open"
        ended = content.state is State.ENDED
        lines = [words(kind, source=source, since=since), words(f"{kind}.ended" if ended else f"{kind}.then")]
        rows.append(Row(label=words("reader.what"), lines=(words(f"reader.what.{_unread(content.state)}"),)))
        rows.append(Row(label=words("reader.do"), lines=(words("reader.do.line"),)))
    rows.append(Row(label=words("why"), lines=tuple(_why(content.subscriptions, words))))
    fresh, gaps = freshness(content.coverage, dates)
    rows.append(Row(label=words("fresh"), lines=(fresh,)))
    if gaps:
        rows.append(Row(label=words("gaps"), lines=gaps))
    subject = words(f"{kind}.subject", source=_source(content.source), since=dates.short(content.since.date()))
    return NoticeSheet(
        language=words.tag,
        remarks=language_remark(language, words),
        subject=one_line(subject, 200),
        heading=lines[0],
        lines=tuple(lines[1:]),
        rows=tuple(rows),
        ending=ending(content.unsubscribe, words, by_mail=by_mail, arranged_by=content.arranged_by),
    )


def _why(subscriptions: Sequence[str], words: Words) -> list[str]:
    names = [words.quote(one_line(name, 80)) for name in subscriptions]
    return [words("why.subscription", name=several(names, words, most=_MOST_SUBSCRIPTIONS))]


def _unread(state: State) -> str:
    return state.value if state.unread else State.LATE.value


def _source(title: str) -> str:
    return one_line(title, _LONGEST_NAME)
