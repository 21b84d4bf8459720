"""Documents that a further source began to report after their news had been gone through.

Who asks for that source is owed the news now. Each is remembered from the poll that found it until it was gone through,
as a value of the installation: there are few, for moments.
"""

from __future__ import annotations

from sqlalchemy import bindparam, delete
from sqlalchemy import select as look_up
from sqlmodel import Session

from tbtwatch.storage.inserting import insert_if_new
from tbtwatch.storage.rows import MetaRow, Row

_BEGIN = "carried:"  # before the notice's number and the source
_META, _NOTICE = (Row.metadata.tables[name] for name in ("meta", "notice"))
_NAMES = look_up(_META.c.name).where(_META.c.name.startswith(_BEGIN))
_MEASURES = look_up(_NOTICE.c.id, _NOTICE.c.measure_id).where(_NOTICE.c.id.in_(bindparam("of_notices", expanding=True)))


class Carried:
    """Such documents inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, notice_id: int, source: str) -> None:
        """A further source reports this document."""
        values = {"name": f"{_BEGIN}{notice_id}:{source}", "value": ""}
        insert_if_new(self._session, MetaRow, values, unique=("name",), returning=MetaRow.name)

    def of(self, measure_id: int) -> dict[int, frozenset[str]]:
        """The documents of a measure that wait to be gone through, and the sources that began to report each."""
        return self._by_measure().get(measure_id, {})

    def measures_waiting(self) -> list[int]:
        """The measures with such documents."""
        return sorted(self._by_measure())

    def done(self, measure_id: int) -> None:
        """What waited of a measure was gone through."""
        names = [f"{_BEGIN}{id_}:{source}" for id_, sources in self.of(measure_id).items() for source in sources]
        self._session.connection().execute(delete(_META).where(_META.c.name.in_(names)))

    def _by_measure(self) -> dict[int, dict[int, frozenset[str]]]:
        waiting: dict[int, set[str]] = {}
        for name in self._session.connection().execute(_NAMES).scalars():
            number, _, source = name.removeprefix(_BEGIN).partition(":")
            waiting.setdefault(int(number), set()).add(source)
        found: dict[int, dict[int, frozenset[str]]] = {}
        if waiting:
            for id_, measure_id in self._session.connection().execute(_MEASURES, {"of_notices": list(waiting)}):
                found.setdefault(measure_id, {})[id_] = frozenset(waiting[id_])
        return found
