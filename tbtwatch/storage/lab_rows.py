"""The tables of the rule lab: words of versions, overrides, back-tests, trials, and what follows from a change.

consequence (subscription, fact change) while it is open: each is offered for decision once at a time.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, text
from sqlmodel import Field

from tbtwatch.storage.columns import Row, instant, key, link, long_text, plain


class VocabularyRow(Row, table=True):
    """The words of one or many versions of the rules, once. `content`: JSON, compressed with zlib."""

    __tablename__ = "vocabulary"
    fingerprint: str = Field(primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class OverrideRow(Row, table=True):
    """A person's word on one measure. It is kept through reclassification, and ends, it is never deleted.

    `seen`: fingerprint of what the rules said of this value when it was written; other evidence came later.
    """

    __tablename__ = "override"
    id: int | None = key()
    measure_id: int = link("measure.id")
    facet: str  #: "area", or a `rules.classification.Facet`
    value: str
    action: str  #: add, remove
    grade: str  #: of what is added
    reason: str = long_text()
    made_by: str
    made_at: datetime = instant()
    seen: str = ""
    ended_at: datetime | None = instant(nullable=True)
    ended_by: str = ""
    end_reason: str = long_text()
    __table_args__ = (
        Index(
            "uq_override_live",
            "measure_id",
            "facet",
            "value",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class BacktestRow(Row, table=True):
    """What a draft would have done with the measures of a time. `report`: `tbtwatch.pipeline.backtest`'s value."""

    __tablename__ = "backtest"
    id: int | None = key()
    draft: int
    against: int  #: the version in force then
    made_at: datetime = instant()
    made_by: str = ""
    report: Any = plain()


class TrialRow(Row, table=True):
    """What a version under evaluation says of a measure. It tells nobody."""

    __tablename__ = "trial"
    version: int = Field(primary_key=True)
    measure_id: int = link("measure.id", primary_key=True)
    value: Any = plain()
    made_at: datetime = instant()


class ConsequenceRow(Row, table=True):
    """Somebody who should have been told (late) or should not (correction), and what was decided of it."""

    __tablename__ = "consequence"
    id: int | None = key()
    kind: str  #: late, correction, reinstated
    ruleset_version: int  #: under which it came to light
    measure_id: int = link("measure.id")
    subscription_id: int = link("subscription.id")
    fact_change_id: int = link("fact_change.id")
    alert_id: int | None = link("alert.id", nullable=True, index=False)  #: of a correction: what was told wrongly
    because: str = long_text()  #: in words: which area or code came or went
    found_at: datetime = instant()
    decision: str = ""  #: now, digest, never; moot: it held no more; empty: not yet decided
    decided_by: str = ""
    decided_at: datetime | None = instant(nullable=True)
    told_at: datetime | None = instant(nullable=True)
    __table_args__ = (
        Index(
            "uq_consequence_open",
            "subscription_id",
            "fact_change_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )
