"""What staff say of sources beside the files that describe them: whether they are asked, and how they are set up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from tbtwatch.storage.source_rows import SourceWordRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceWord:
    """All that staff say of a source, from a moment on until they say something else."""

    id: int
    source: str
    number: int  #: counted from 1 for each source
    deed: str  #: enable, disable, describe, restore
    enabled: bool | None  #: None: as its entry has it
    entry: str  #: YAML; empty: as the files describe it
    base: str  #: how the files described it when `entry` was written, without what is secret
    settings_version: str  #: of the settings that came of it
    reason: str
    made_by: str
    person_id: int | None  #: who was signed in; None: on the command line
    made_at: datetime


class SourceWords:
    """Staff's words inside one transaction. They are only ever added."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def last(self) -> int:
        """The number of the last word about any source; 0: there is none. By it others see that something changed."""
        return self._session.exec(select(func.max(SourceWordRow.id))).one() or 0

    def in_force(self) -> dict[str, SourceWord]:
        """What counts now, by the names of the sources."""
        newest = select(func.max(SourceWordRow.id)).group_by(col(SourceWordRow.source))
        rows = self._session.exec(select(SourceWordRow).where(col(SourceWordRow.id).in_(newest)))
        return {row.source: _word(row) for row in rows}

    def of(self, source: str) -> SourceWord | None:
        """What counts of a source now; None: nobody said anything of it."""
        return next(iter(self.history(source, limit=1)), None)

    def history(self, source: str, *, limit: int = 100) -> list[SourceWord]:
        """All that was said of a source, the newest first."""
        asked = select(SourceWordRow).where(SourceWordRow.source == source)
        rows = self._session.exec(asked.order_by(col(SourceWordRow.number).desc()).limit(limit))
        return [_word(row) for row in rows]

    def get(self, source: str, number: int) -> SourceWord | None:
        """One of them; None: there is none."""
        asked = select(SourceWordRow).where(SourceWordRow.source == source, SourceWordRow.number == number)
        row = self._session.exec(asked).first() if 0 < number < 2**31 else None
        return None if row is None else _word(row)

    def switches(self) -> dict[str, SourceWord]:
        """Who switched each source last, and why: later words may have been about its entry alone."""
        newest = select(func.max(SourceWordRow.id)).where(col(SourceWordRow.deed).in_(("enable", "disable")))
        rows = self._session.exec(
            select(SourceWordRow).where(col(SourceWordRow.id).in_(newest.group_by(col(SourceWordRow.source))))
        )
        return {row.source: _word(row) for row in rows}

    def switched_off(self) -> dict[str, datetime]:
        """The sources that are off by staff's word, and since when."""
        newest = select(func.max(SourceWordRow.id)).group_by(col(SourceWordRow.source))
        off = set(
            self._session.exec(
                select(SourceWordRow.source).where(
                    col(SourceWordRow.id).in_(newest), col(SourceWordRow.enabled).is_(False)
                )
            )
        )
        return {name: word.made_at for name, word in self.switches().items() if name in off} if off else {}

    def add(
        self,
        source: str,
        *,
        deed: str,
        enabled: bool | None,
        entry: str,
        base: str,
        settings_version: str,
        reason: str,
        by: str,
        person: int | None,
        now: datetime,
    ) -> SourceWord:
        """From now on this counts. One process at a time, or the numbers collide."""
        before = self.of(source)
        row = SourceWordRow(
            source=source,
            number=before.number + 1 if before else 1,
            deed=deed,
            enabled=enabled,
            entry=entry,
            base=base,
            settings_version=settings_version,
            reason=reason,
            made_by=by,
            person_id=person,
            made_at=now,
        )
        self._session.add(row)
        self._session.flush()
        return _word(row)


def _word(row: SourceWordRow) -> SourceWord:
    return SourceWord(**{name: getattr(row, name) for name in SourceWord.__dataclass_fields__})
