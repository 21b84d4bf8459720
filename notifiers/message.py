"""What is written to people, before and after rendering. All values; nothing here is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from rules.classification import Grade
from subscriptions.criteria import Condition, Frequency
from subscriptions.product import AffectedProduct
from watcher.dates import DateFact
from watcher.measure import FactChange, Facts


class Label(StrEnum):
    """What a message is besides news told in time."""

    NONE = ""
    LATE = "late"  #: told only after our own reading of the measure changed
    CORRECTION = "correction"  #: takes back what was told: it does not concern the reader
    REINSTATED = "reinstated"  #: takes a correction back: it does concern the reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to one address, rendered and frozen: sent again, it is the same."""

    recipient: str  #: a mail address, a chat id
    subject: str  #: one line, no control characters, at most 200 characters
    text: str  #: plain text; for a chat, the whole message within its limit
    html: str = ""
    language: str = "zh"
    message_id: str = ""  #: "<…@domain>", made once from the delivery's id
    thread: str = ""  #: "<…@domain>" shared by all messages to this person about one measure; empty: none
    headers: Mapping[str, str] = field(default_factory=dict)  #: List-Id, List-Unsubscribe, …
    buttons: tuple[tuple[str, str], ...] = ()  #: chat only: (label, https address)
    deeds: tuple[tuple[str, str], ...] = ()  #: chat only: (label, what our bot is told when it is pressed)
    stream: str = ""  #: "alerts" or "digests": which of our lists it belongs to (List-Id)
    dated: datetime | None = None  #: what it says it was sent at, so that sent again it is the same; None: when it is


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyYou:
    """One subscription that matched, in the reader's words."""

    subscription: int
    name: str
    grade: Grade
    conditions: tuple[Condition, ...]
    way: str = ""  #: how sure news must be here, and how soon it comes; empty: all of it, as the subscription says


@dataclass(frozen=True, slots=True, kw_only=True)
class YourProducts:
    """Products of the reader's that a measure affects."""

    enterprise: str = ""  #: whose, if the reader is told for several
    named: tuple[AffectedProduct, ...]  #: the surest first
    further: int = 0  #: how many more


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What this reader was told about the measure before."""

    on: date
    what: str  #: a `ChangeKind` value


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What was looked at, and what was not."""

    as_of: datetime
    sources: int  #: those that may concern the reader
    documents: int
    gaps: tuple[str, ...] = ()  #: a sentence each: "WTO ePing API not reached since 3 June 10:02"
    nothing_read: bool = False  #: none of the sources was ever read
    elsewhere: int = 0  #: further sources in use, which speak for none of the reader's markets


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """One thing that a measure asks for."""

    name: str  #: in the reader's language; of a standard its number, of a transition its last day (ISO 8601)
    sure: bool = True  #: stated; else only probable


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """What has to be done to sell what a measure is about."""

    schemes: tuple[Required, ...] = ()
    duties: tuple[Required, ...] = ()
    standards: tuple[Required, ...] = ()
    transition: tuple[Required, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InferredCode:
    """A code that no notice states, read from words."""

    system: str  #: "HS" or "ICS"
    code: str
    words: tuple[str, ...] = ()  #: as they stand in the text


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureNews:
    """News of one measure for one reader: an alert, or an item of a digest."""

    measure: int
    symbols: tuple[str, ...]  #: of the newest notice in it; all of a joint notification
    thread_symbols: tuple[str, ...]
    facts: Facts
    markets: tuple[str, ...]  #: names in the reader's language
    areas: tuple[str, ...]  #: names in the reader's language
    kinds: tuple[str, ...] = ()  #: "technical_regulation", "conformity_procedure", from the legal basis
    changes: tuple[FactChange, ...]  #: what is news, oldest first
    grade: Grade
    why: tuple[WhyYou, ...]
    act_by: date | None = None  #: comment deadline less the enquiry point's buffer
    told: tuple[Told, ...] = ()
    days_left: int | None = None  #: to the comment deadline, from the day of writing; None: no day known
    later: str = ""  #: "addendum", "revision" …: what the first document recorded is, if not the first of the measure
    names: Mapping[str, str] = field(default_factory=dict)  #: of markets, groups and areas in `why`, by code or key
    label: Label = Label.NONE  #: in a digest; an alert has its own
    classed_kinds: tuple[str, ...] = ()  #: names of kinds that its words show: "labelling", in the reader's language
    stage: str = ""  #: as it is classified, "recalled"; empty: as its status says
    requirements: Requirements = field(default_factory=Requirements)
    inferred: tuple[InferredCode, ...] = ()
    products: tuple[YourProducts, ...] = ()  #: by enterprise; none: no list was given, or none of it is affected


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """A subscription that a measure is still related to, less surely than it asks for."""

    subscription: int
    now: Grade
    asked: Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseNote:
    """A time, over now, in which the reader was told nothing, or nothing of one measure."""

    name: str  #: of the subscription
    since: date
    until: date
    by: str  #: who asked for it
    why: str = ""
    symbol: str = ""  #: of the measure; empty: nothing at all was told
    news: int = 0  #: pieces that came meanwhile
    over: int = 0  #: measures on which comments ended meanwhile without the reminder that was planned
    confirmed: bool = False  #: it was no wish of the reader: the address was not confirmed yet


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertContent:
    """An alert: news of one measure.

    One with the label correction is written as a correction: what we told (`news.told`), what was wrong
    (`label_reason`, the conditions of `news.why`), and that we are sorry; it names no deadline.
    """

    news: MeasureNews
    written_on: date
    coverage: Coverage
    unsubscribe: str = ""  #: where to write or click; empty: not offered
    reclassified_on: date | None = None  #: the day our own reading changed, if that is why it is told only now
    correction: str = ""  #: what an earlier message said wrongly, a sentence in the reader's language; empty: nothing
    label: Label = Label.NONE
    below: tuple[Below, ...] = ()  #: of a correction: those that the measure only fell below the grade of
    label_reason: str = ""  #: why: a key of `notifiers.labels.REASONS`, or words, which are quoted as they are
    pauses: tuple[PauseNote, ...] = ()  #: over since the last message
    arranged_by: str = ""  #: the association that looks after the reader's subscriptions


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineAhead:
    """A deadline in the next 30 days, of a measure in the digest or one told earlier."""

    day: date
    what: str  #: field name in `Facts`
    symbol: str
    title: str
    market: str
    fact: DateFact


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestContent:
    """A digest for one person: each measure once, all matching subscriptions named."""

    number: int  #: the window's number: the ISO week, or the day of the year
    frequency: Frequency
    starts_on: date
    ends_on: date  #: the last day it covers
    news: tuple[MeasureNews, ...]  #: new measures first, then changes; grouped by market, then area
    deadlines: tuple[DeadlineAhead, ...] = ()
    quiet: tuple[str, ...] = ()  #: names of subscriptions of this person with nothing new
    doubtful: tuple[str, ...] = ()  #: of those with nothing found while a source that concerns them was not read
    coverage: Coverage
    unsubscribe: str = ""
    written_on: date | None = None  #: the day from which days are counted; None: the day after `ends_on`
    pauses: tuple[PauseNote, ...] = ()  #: over since the last message
    arranged_by: str = ""  #: the association that looks after the reader's subscriptions
    catch_up: bool = False  #: no window's digest: what waited for this reader alone, told now
