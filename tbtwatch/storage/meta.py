"""Single values that the installation remembers."""

from __future__ import annotations

from sqlmodel import Session, col

from tbtwatch.storage.inserting import insert_if_new
from tbtwatch.storage.rows import MetaRow


class Meta:
    """Named values inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, name: str) -> str | None:
        """The value, None if it was never set."""
        row = self._session.get(MetaRow, name)
        return None if row is None else row.value

    def set(self, name: str, value: str) -> None:
        """Remember a value."""
        row = self._session.get(MetaRow, name) or MetaRow(name=name)
        row.value = value
        self._session.add(row)
        self._session.flush()

    def once(self, name: str, value: str) -> str:
        """The value; if it was never set, this one, for ever."""
        if (known := self.get(name)) is None:
            insert_if_new(
                self._session, MetaRow, {"name": name, "value": value}, unique=("name",), returning=col(MetaRow.name)
            )
            row = self._session.get(MetaRow, name, populate_existing=True)
            assert row is not None
            known = row.value
        return known

    def number(self, name: str) -> int:
        """The value as a number, 0 if it was never set."""
        return int(self.get(name) or 0)

    def count(self, name: str) -> int:
        """One more; the new number."""
        # The row must be there before it is locked, or two that are the first to count both come to one.
        insert_if_new(
            self._session, MetaRow, {"name": name, "value": "0"}, unique=("name",), returning=col(MetaRow.name)
        )
        row = self._session.get(MetaRow, name, with_for_update=True, populate_existing=True)
        number = (int(row.value) if row and row.value else 0) + 1
        self.set(name, str(number))
        return number
