"""Dates with their quality: what a Member wrote, and how far it can be believed.

A date in a notification is seldom a date. It is "60 days from notification", "待定", "2011/12" or "Date of
publication in the Official Journal". A `DateFact` keeps the wording, the day it stands for if there is one, and
how that day was come by, so that a reader is never shown a computed day as a stated one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DateQuality(StrEnum):
    """How a day was come by."""

    STATED = "stated"  #: written in the document
    COMPUTED = "computed"  #: counted from another date; `DateFact.rule` says how
    UNKNOWN = "unknown"  #: not stated, to be determined, unreadable, or counted from a date nobody knows yet
    NOT_APPLICABLE = "not_applicable"  #: the document says that there is none


class Precision(StrEnum):
    """How finely the wording names the day; `DateFact.value` is then the first day it can mean."""

    DAY = "day"
    PART_OF_MONTH = "part_of_month"  #: "2014年5月下旬", "early May 2014"
    MONTH = "month"
    SEASON = "season"  #: a season or a quarter
    YEAR = "year"


class Anchor(StrEnum):
    """The event from which a wording counts."""

    NOTIFICATION = "notification"  #: circulation by the WTO Secretariat
    ADOPTION = "adoption"
    PUBLICATION = "publication"  #: in the national gazette or official journal
    ENTRY_INTO_FORCE = "entry_into_force"
    STATED_DAY = "stated_day"  #: a day that stands in the wording itself


@dataclass(frozen=True, slots=True, kw_only=True)
class DateFact:
    """A date of a measure, as stated and as read. `watcher.dates.reading.same_news` compares two of them."""

    value: date | None = None  #: the day in the Member's own calendar; never shifted by a time zone
    quality: DateQuality = DateQuality.UNKNOWN
    precision: Precision = Precision.DAY
    wording: str = ""  #: exactly as in the source; empty: nothing was written
    #: How a computed day was counted, "notification + 60 days", kept while the day of the event is unknown; or from
    #: which calendar a stated day was carried over, "year 114 of the Republic of China era = 2025"; or `IN_TEXT`.
    rule: str | None = None
    doubt: str | None = None  #: why a readable day is not believed, as a sentence; then `value` is None


UNKNOWN = DateFact()
#: The rule of a stated day that stands in no field of the document, only in its text; `wording` is the sentence.
IN_TEXT = "stated in the text"
