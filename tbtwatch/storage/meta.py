"""Single values that the installation remembers."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, update
from sqlalchemy import select as look_up
from sqlmodel import Session, col

from tbtwatch.storage.columns import Row
from tbtwatch.storage.inserting import insert_if_new
from tbtwatch.storage.rows import MetaRow

# Each poll asks for one; as in `notices`, by statements made once.
_META = Row.metadata.tables["meta"]
_VALUE = look_up(_META.c.value).where(_META.c.name == bindparam("of_name"))
_CHANGE = update(_META).where(_META.c.name == bindparam("of_name"))
_NEW = insert(_META)


class Meta:
    """Named values inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._for_ever: dict[str, str] = {}  #: asked for once for each of hundreds of messages

    def get(self, name: str) -> str | None:
        """The value, None if it was never set."""
        found: str | None = self._session.connection().execute(_VALUE, {"of_name": name}).scalar_one_or_none()
        return found

    def starting_with(self, beginning: str) -> dict[str, str]:
        """The values whose names begin so, by name; those that were emptied are left out."""
        asked = look_up(_META.c.name, _META.c.value).where(
            _META.c.name.startswith(beginning, autoescape=True), _META.c.value != ""
        )
        rows = self._session.connection().execute(asked.order_by(_META.c.name))
        # SQLite's LIKE takes small and capital letters for the same.
        return {str(row.name): str(row.value) for row in rows if row.name.startswith(beginning)}

    def set(self, name: str, value: str) -> None:
        """Remember a value."""
        connection = self._session.connection()
        if not connection.execute(_CHANGE, {"of_name": name, "value": value}).rowcount:
            connection.execute(_NEW, {"name": name, "value": value})

    def once(self, name: str, value: str) -> str:
        """The value; if it was never set, this one, for ever."""
        if name in self._for_ever:
            return self._for_ever[name]
        if (known := self.get(name)) is None:
            insert_if_new(
                self._session, MetaRow, {"name": name, "value": value}, unique=("name",), returning=col(MetaRow.name)
            )
            known = self.get(name)
            assert known is not None
        self._for_ever[name] = known
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
        value = self._session.connection().execute(_VALUE.with_for_update(), {"of_name": name}).scalar_one_or_none()
        number = int(value or 0) + 1
        self.set(name, str(number))
        return number
