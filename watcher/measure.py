"""A measure: the thread of notices about one rule, its current facts, and how they changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from watcher.dates import UNKNOWN, DateFact
from watcher.notice import Notice


class MeasureStatus(StrEnum):
    """How far a measure has come, as far as its notices say."""

    DRAFT = "draft"
    ADOPTED = "adopted"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"  #: its first text is not recorded, and what came after it does not say


class ChangeKind(StrEnum):
    """What news a notice brought. A re-typed title is none of these."""

    NEW_MEASURE = "new_measure"
    DEADLINE_MOVED = "deadline_moved"
    DEADLINE_REOPENED = "deadline_reopened"  #: comments are asked for again after the old deadline had passed
    ADOPTED = "adopted"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"
    PRODUCTS_CHANGED = "products_changed"  #: scope, products, HS or ICS codes
    DATE_FILLED_IN = "date_filled_in"  #: a date that was unknown is now stated or computed
    DATE_MOVED = "date_moved"  #: adoption or entry into force, to another day
    TEXT_REPLACED = "text_replaced"  #: by a revision
    FURTHER_INFORMATION = "further_information"  #: an addendum that changes no fact we read: guidance, a transition
    CORRECTED = "corrected"  #: a corrigendum or a translation that changes no fact we read


#: What a subscriber is told unless they chose otherwise: everything but clerical corrections.
TOLD_BY_DEFAULT = frozenset(ChangeKind) - {ChangeKind.CORRECTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What holds for a measure now, from all its notices read in order."""

    notifying_members: tuple[str, ...] = ()
    title: str = ""
    content_summary: str = ""
    products_covered: str = ""
    hs_codes: tuple[str, ...] = ()
    ics_codes: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    responsible_agency: str = ""
    legal_basis: tuple[str, ...] = ()
    area: str = "TBT"
    status: MeasureStatus = MeasureStatus.DRAFT
    comment_deadline: DateFact = UNKNOWN
    proposed_adoption: DateFact = UNKNOWN
    proposed_entry_into_force: DateFact = UNKNOWN
    adopted_on: DateFact = UNKNOWN
    published_on: DateFact = UNKNOWN
    in_force_on: DateFact = UNKNOWN
    first_distributed: date | None = None
    last_distributed: date | None = None
    links: tuple[str, ...] = ()
    page: str | None = None
    language: str = "en"
    further_text: str = ""  #: what addenda add in prose, newest last; searched and classified, never a fact
    document_text: str = ""  #: of the linked documents that were read, newest last; searched and classified as well


@dataclass(frozen=True, slots=True, kw_only=True)
class FactChange:
    """One piece of news about a measure: old → new, by which notice."""

    kind: ChangeKind
    symbols: tuple[str, ...]  #: of the notice that brought it
    field: str = ""  #: name of the `Facts` field, where one changed
    old: str = ""  #: as people read it; a day as ISO 8601; empty: there was none
    new: str = ""
    stated_on: date | None = None  #: distribution date of that notice
    quote: str = ""  #: the words of the notice it rests on, where it was read from prose


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """The thread of notices about one rule."""

    id: int | None = None  #: None: not stored yet
    issuer: str
    threads: tuple[str, ...]  #: base symbols, sorted; several: notified jointly, or kept together by their issuer
    names: tuple[str, ...] = ()  #: what its issuer keeps it together by besides, as `watcher.names` marks them, sorted
    facts: Facts
    notices: tuple[Notice, ...]  #: in the order they are to be read (`watcher.revise.reading_order`)
    sources: tuple[str, ...] = ()  #: names of those that reported it, sorted; only of a measure that was looked up


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """The measure now, and what is news in it."""

    measure: Measure
    changes: tuple[FactChange, ...]
