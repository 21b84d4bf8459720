"""A notice: one document about a technical measure, as its issuer states it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from watcher.dates import UNKNOWN, DateFact


class NoticeType(StrEnum):
    """What kind of document a notice is (vocabulary of the WTO's notification form)."""

    REGULAR = "regular"
    ADDENDUM = "addendum"
    CORRIGENDUM = "corrigendum"
    REVISION = "revision"
    SUPPLEMENT = "supplement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One document about a technical measure, as its issuer states it.

    Texts are plain (no markup, no control characters). Codes are normalised (`watcher.codes`). What the document
    does not state is empty, never guessed: an addendum without products has none here, it inherits them in the
    measure.
    """

    issuer: str  #: who numbers it: "WTO", "US-FR"; never the feed it came by
    symbols: tuple[str, ...]  #: canonical symbols in stated order; several: a joint notification, one notice
    type: NoticeType = NoticeType.REGULAR
    area: str = "TBT"  #: "TBT" or "SPS"; "" for a regulator's own document
    notifying_members: tuple[str, ...] = ()  #: Members' codes as in symbols: "KEN", "EU", "TPKM"
    title: str = ""
    content_summary: str = ""
    products_covered: str = ""
    hs_codes: tuple[str, ...] = ()  #: digits only, 2 to 10, sorted: "2202", "850760"
    ics_codes: tuple[str, ...] = ()  #: "67", "67.080", "67.080.10", sorted
    objectives: tuple[str, ...] = ()  #: keys of `watcher.codes.OBJECTIVES`, or the wording where none fits
    responsible_agency: str = ""
    legal_basis: tuple[str, ...] = ()  #: articles notified under: "2.9.2", "2.10.1", "5.6.2", "5.7.1"
    threads: tuple[str, ...] = ()  #: what else its issuer keeps the measure together by: a docket, a procedure number
    addendum_reason: str = ""  #: the ticked boxes of an addendum, as in the source
    related_symbols: tuple[str, ...] = ()  #: other documents' symbols named in the text or in box 8
    distribution_date: date | None = None  #: the day the WTO circulated it, or the regulator published it
    comment_deadline: DateFact = UNKNOWN
    proposed_adoption: DateFact = UNKNOWN
    proposed_entry_into_force: DateFact = UNKNOWN
    links: tuple[str, ...] = ()  #: http(s) addresses of the notified documents
    page: str | None = None  #: http(s) address of the notice itself
    language: str = "en"  #: ISO 639-1 of the free text
    #: What stands on the first pages of the linked documents, where they are read: no part of what its list says of it,
    #: so it is searched and classified, and never a fact nor a change.
    document_text: str = ""

    @property
    def key(self) -> str:
        """The symbols as one line, for people and logs."""
        return ", ".join(self.symbols)
