"""Proof of notice: what is on record of one measure and one enterprise. Values; the words are in `proof_words`.

Everything that a reader of the proof may want to check stands here as it is stored; sentences are in the language of
the proof. Instants carry the zone of the installation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rules.classification import Evidence, Grade
from subscriptions.criteria import Condition, Frequency

#: Kinds of messages that tell no fact, but speak of what was told.
SECOND_THOUGHTS = ("correction", "reinstated")
VERSION = 1  #: of what a proof holds; goes into it


class Silence(StrEnum):
    """Why a subscription was not told of a piece of news."""

    NO_FIT = "no_fit"  #: it does not fit what is asked
    FITS_LATER = "fits_later"  #: it fits by the rules and facts of today; when it came it did not
    OLDER = "older"  #: it was noticed before the subscription began
    ENDED = "ended"  #: it was noticed after the subscription had ended
    UNSURE = "unsure"  #: it fits, but so unsurely that no address is told of it
    KIND = "kind"  #: this kind of news is not asked for
    SILENT = "silent"  #: recorded at a first reading, or imported as history
    HELD = "held"  #: kept back until staff decide
    DISCARDED = "discarded"  #: staff decided that it is not told
    WAITING = "waiting"  #: not gone through yet
    WITHDRAWN = "withdrawn"  #: owed, and taken back
    IN_DIGEST = "in_digest"  #: owed, and waits for the next digest
    NO_ADDRESS = "no_address"  #: owed, but there is no address left
    NOT_WRITTEN = "not_written"  #: owed, and no message tells it
    ON_ITS_WAY = "on_its_way"  #: written, and not out yet
    NOT_TAKEN = "not_taken"  #: written, and nobody took it


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDocument:
    """A document of the measure, and when we had it."""

    symbols: tuple[str, ...]
    type: str
    distributed_on: date | None
    recorded_at: datetime
    sources: tuple[str, ...]  #: titles of the sources that carry it
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownChange:
    """A piece of news of the measure, and when it was noticed."""

    id: int
    kind: str  #: a `ChangeKind` value
    what: str  #: the kind in words
    old: str
    new: str
    symbols: tuple[str, ...]
    stated_on: date | None
    noticed_at: datetime
    judged_at: datetime | None  #: when it was gone through for all subscriptions
    silent: bool
    hold: str = ""  #: a sentence on what kept it back


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedThen:
    """A subscription of the enterprise."""

    id: int
    version: int
    name: str
    asks: str  #: in words
    frequency: Frequency
    since: datetime
    ended_at: datetime | None = None
    end_reason: str = ""
    consents: tuple[str, ...] = ()  #: of each address a sentence: when its owner agreed, and how


@dataclass(frozen=True, slots=True, kw_only=True)
class MetCondition:
    """A condition that held, with the words in the measure that meet it."""

    condition: Condition
    sentence: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedNews:
    """What a subscription was owed: the receipt."""

    alert: int
    subscription: int
    version: int  #: of the subscription, then
    ruleset_version: int  #: of the rules, then
    change: int
    grade: Grade
    owed_at: datetime
    rhythm: Frequency
    conditions: tuple[MetCondition, ...]
    late: bool = False
    withdrawn_at: datetime | None = None
    products: tuple[str, ...] = ()  #: of the enterprise's list that were affected, a line each
    further_products: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingAttempt:
    """One attempt to send a message."""

    number: int
    started_at: datetime
    ended_at: datetime | None
    outcome: str  #: "Sent", "TryAgain", "Refused", "given back", "CutShort"; empty: its worker died
    answer: str  #: what the other side said


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenMessage:
    """A message to the enterprise, and what became of it."""

    id: int
    kind: str
    channel: str
    target: str
    subject: str
    message_id: str
    written_at: datetime
    due_at: datetime
    state: str
    ended_at: datetime | None
    answer: str  #: what the other side said at the end
    alerts: tuple[int, ...]
    attempts: tuple[SendingAttempt, ...]
    digest: int | None = None
    copies: int = 0  #: surely taken by the other side
    copies_possible: int = 0  #: attempts of which nobody knows whether they were taken


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageGap:
    """A time in which a source that concerns the measure was not read."""

    source: str
    since: datetime
    until: datetime | None
    found_late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """News that a subscription has not been told, and why."""

    subscription: int
    change: int
    why: Silence
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """All that is on record."""

    version: int = VERSION
    language: str
    enterprise: str
    asked_for: str  #: the symbol as it was given
    symbols: tuple[str, ...]
    title: str
    market: str
    comment_deadline: date | None
    made_at: datetime
    zone: str
    program: str
    summary: tuple[str, ...]
    documents: tuple[KnownDocument, ...]
    changes: tuple[KnownChange, ...]
    subscriptions: tuple[AskedThen, ...]
    owed: tuple[OwedNews, ...]
    messages: tuple[WrittenMessage, ...]
    gaps: tuple[CoverageGap, ...]
    untold: tuple[Untold, ...]

    @property
    def first_taken(self) -> WrittenMessage | None:
        """The message that the other side took first, of those that tell news."""
        taken = [one for one in self.messages if one.state == "sent" and one.kind not in SECOND_THOUGHTS]
        return min(taken, key=lambda one: (one.ended_at or one.written_at, one.id), default=None)
