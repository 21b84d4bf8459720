"""A day with how it was come by."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from tbtwatch.web.site import clean
from watcher.dates import DateFact, DateQuality, Precision


class DateOf(BaseModel):
    """A date of a measure: the day, and how far it can be believed."""

    value: date | None = Field(description="The day in the market's own calendar.", examples=["2026-03-10"])
    quality: DateQuality = Field(
        description="`stated`: written in the document. `computed`: counted from another day, see `rule`. `unknown`: "
        "not stated or not readable. `not_applicable`: the document says that there is none."
    )
    precision: Precision = Field(description="How finely it is named; `value` is the first day it can mean.")
    wording: str = Field(description="As it stands in the document.", examples=["60 days from notification"])
    rule: str | None = Field(description="How it was counted.", examples=["notification + 60 days"])
    doubt: str | None = Field(description="Why a day that can be read is not believed.")

    @classmethod
    def of(cls, fact: DateFact) -> DateOf:
        """A fact's."""
        return cls(
            value=fact.value,
            quality=fact.quality,
            precision=fact.precision,
            wording=clean(fact.wording),
            rule=fact.rule,
            doubt=fact.doubt,
        )
