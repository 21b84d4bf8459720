"""Versions of the rules. A version is never edited; a change is a new version."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, update
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from tbtwatch.storage.rows import RuleSetRow, VocabularyRow
from tbtwatch.storage.types import from_row
from watcher.said import said

OPEN = ("draft", "evaluation")
#: Every state that a version may be in, as a sentence calls it.
STATES: Final = {
    "draft": said("draft"),
    "evaluation": said("evaluation"),
    "active": said("active"),
    "retired": said("retired"),
    "discarded": said("discarded"),
    "shipped": said("shipped"),
}
LARGEST = 2**31 - 1  # databases refuse a larger number with an error of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSetVersion:
    """A version of the rules as stored."""

    version: int
    state: str  #: draft, evaluation, active, retired, discarded; shipped: kept to be merged with, never in force
    content: dict[str, Any]
    fingerprint: str
    made_by: str
    why: str
    made_at: datetime
    published_at: datetime | None = None
    published_by: str = ""
    retired_at: datetime | None = None
    origin: str = "staff"  #: shipped, staff, import, merge, undo
    based_on: int | None = None  #: the version it was made from
    conflicts: list[dict[str, Any]] = field(default_factory=list)  #: of a merge: what both sides changed
    vocabulary: str = ""  #: fingerprint of its words
    report: int | None = None  #: the back-test it was published by
    retired_by: str = ""  #: who discarded it
    remark: str = ""  #: why it was published beyond the limit, or discarded
    evaluated_since: datetime | None = None  #: from when on it classifies what comes by it too, telling nobody

    @property
    def is_open(self) -> bool:
        """Whether it can still be published, changed or discarded."""
        return self.state in OPEN


class RuleSets:
    """Versions of the rules inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_draft(
        self,
        content: dict[str, Any],
        *,
        fingerprint: str,
        by: str,
        why: str,
        now: datetime,
        origin: str = "staff",
        based_on: int | None = None,
        vocabulary: str = "",
        conflicts: list[dict[str, Any]] | None = None,
        state: str = "draft",
    ) -> RuleSetVersion:
        """Write a new draft down."""
        newest = self._session.exec(select(func.max(RuleSetRow.version))).one() or 0
        row = RuleSetRow(
            version=newest + 1,
            state=state,
            origin=origin,
            based_on=based_on,
            vocabulary=vocabulary,
            conflicts=conflicts or [],
            content=content,
            fingerprint=fingerprint,
            made_by=by,
            why=why,
            made_at=now,
        )
        self._session.add(row)
        self._session.flush()
        return _version(row)

    def publish(
        self, version: int, *, by: str, now: datetime, report: int | None = None, remark: str = ""
    ) -> RuleSetVersion:
        """Make a draft the active version; the one active before is retired. Raises LookupError, ValueError."""
        row = self._row(version, lock=True)
        if row.state not in OPEN:
            raise ValueError(
                said(
                    "version {version} of the rules is {state}; only a draft can be published",
                    version=version,
                    state=STATES[row.state],
                )
            )
        self._session.exec(
            update(RuleSetRow)
            .where(col(RuleSetRow.state) == "active")
            .values(state="retired", retired_at=now)
            .execution_options(synchronize_session=False)
        )
        row.state, row.published_at, row.published_by = "active", now, by
        row.report, row.remark = report, remark
        self._session.add(row)
        self._session.flush()
        return _version(row)

    def discard(self, version: int, *, by: str, why: str, now: datetime) -> RuleSetVersion:
        """Put a draft away for good. Raises LookupError, ValueError."""
        row = self._row(version, lock=True)
        if row.state not in OPEN:
            raise ValueError(
                said(
                    "version {version} of the rules is {state}; only a draft can be discarded",
                    version=version,
                    state=STATES[row.state],
                )
            )
        row.state, row.retired_at, row.retired_by, row.remark = "discarded", now, by, why
        self._session.add(row)
        self._session.flush()
        return _version(row)

    def evaluate(self, version: int, *, now: datetime) -> RuleSetVersion:
        """Let a draft classify what comes from now on too. Raises LookupError, ValueError."""
        row = self._row(version, lock=True)
        if row.state == "evaluation":
            raise ValueError(
                said(
                    "version {version} of the rules is under evaluation already; `tbtwatch rules evaluation "
                    "{version}` shows what it would have done",
                    version=version,
                )
            )
        if row.state != "draft":
            raise ValueError(
                said(
                    "version {version} of the rules is {state}; only a draft can be evaluated",
                    version=version,
                    state=STATES[row.state],
                )
            )
        row.state, row.evaluated_since = "evaluation", now
        self._session.add(row)
        self._session.flush()
        return _version(row)

    def under_evaluation(self) -> list[RuleSetVersion]:
        """The versions that classify what comes by them too, oldest first."""
        rows = self._session.exec(
            select(RuleSetRow).where(RuleSetRow.state == "evaluation").order_by(col(RuleSetRow.version))
        )
        return [_version(row) for row in rows]

    def _row(self, version: int, *, lock: bool = False) -> RuleSetRow:
        row = self._session.get(RuleSetRow, version, with_for_update=lock) if 0 <= version <= LARGEST else None
        if row is None:
            raise LookupError(
                said("there is no version {version} of the rules; `tbtwatch rules list` lists them", version=version)
            )
        return row

    def keep_vocabulary(self, fingerprint: str, content: bytes) -> None:
        """Keep the words of a version, once for all versions that have the same."""
        if self._session.get(VocabularyRow, fingerprint) is None:
            self._session.add(VocabularyRow(fingerprint=fingerprint, content=content))
            self._session.flush()

    def has_vocabulary(self, fingerprint: str) -> bool:
        """Whether these words are kept."""
        return self._session.get(VocabularyRow, fingerprint) is not None

    def vocabulary(self, fingerprint: str) -> bytes:
        """The words of a version, as they were kept. Raises LookupError."""
        row = self._session.get(VocabularyRow, fingerprint)
        if row is None:
            raise LookupError(
                said(
                    "the words with the fingerprint {fingerprint!r} are not in this database",
                    fingerprint=fingerprint[:12],
                )
            )
        return row.content

    def active_version(self) -> int | None:
        """The number of the version in force."""
        return self._session.exec(select(RuleSetRow.version).where(RuleSetRow.state == "active")).first()

    def active(self) -> RuleSetVersion | None:
        """The version in force."""
        row = self._session.exec(select(RuleSetRow).where(RuleSetRow.state == "active")).first()
        return None if row is None else _version(row)

    def get(self, version: int) -> RuleSetVersion:
        """A version. Raises LookupError."""
        return _version(self._row(version))

    def heads(self, limit: int, *, before: int = LARGEST) -> list[RuleSetVersion]:
        """The newest versions below a number, the newest first, without their content: it is half a megabyte each."""
        names = [name for name in RuleSetVersion.__dataclass_fields__ if name != "content"]
        rows = self._session.connection().execute(
            sa_select(*(getattr(RuleSetRow, name) for name in names))
            .where(col(RuleSetRow.version) < before)
            .order_by(col(RuleSetRow.version).desc())
            .limit(limit)
        )
        return [RuleSetVersion(content={}, **dict(zip(names, row, strict=True))) for row in rows]

    def all(self) -> list[RuleSetVersion]:
        """All versions, oldest first."""
        return [_version(row) for row in self._session.exec(select(RuleSetRow).order_by(col(RuleSetRow.version)))]


def _version(row: RuleSetRow) -> RuleSetVersion:
    return from_row(RuleSetVersion, row)
