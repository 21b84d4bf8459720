"""People who sign in, and what they may do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete
from sqlmodel import Session, col, select

from tbtwatch.storage.account_rows import PersonRoleRow, PersonRow
from tbtwatch.storage.columns import LARGEST
from tbtwatch.storage.inserting import insert_if_new


class Role(StrEnum):
    """What a person of the staff may do."""

    EDITOR = "editor"  #: write drafts of rules
    PUBLISHER = "publisher"  #: publish them too
    SOURCE_KEEPER = "source_keeper"
    SUPPORT = "support"
    ADMIN = "admin"  #: all of it, and people


#: What a role has beside itself.
IMPLIED = {Role.ADMIN: frozenset(Role), Role.PUBLISHER: frozenset({Role.PUBLISHER, Role.EDITOR})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who signs in."""

    id: int
    email: str  #: in small letters
    name: str = ""
    language: str = "zh"
    roles: frozenset[Role] = frozenset()
    made_at: datetime | None = None
    disabled_at: datetime | None = None

    def may(self, role: Role) -> bool:
        """Whether they have the role, or one that has it too."""
        return any(role == one or role in IMPLIED.get(one, ()) for one in self.roles)

    @property
    def shown(self) -> str:
        """As whom they are known to others, and in the record."""
        return f"{self.name} <{self.email}>" if self.name else self.email


class People:
    """People inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, id: int) -> Person:
        """A person by number. Raises LookupError."""
        return self._persons([self._row(id)])[0]

    def find(self, email: str) -> Person | None:
        """A person by their mail address, whatever its capitals."""
        row = self._session.exec(select(PersonRow).where(PersonRow.email == email.lower())).first()
        return None if row is None else self._persons([row])[0]

    def all(self, *, role: Role | None = None) -> list[Person]:
        """Everybody, by address; `role`: those given it or one that has it."""
        people = self._persons(self._session.exec(select(PersonRow).order_by(PersonRow.email)).all())
        return people if role is None else [one for one in people if one.may(role)]

    def add(self, email: str, *, language: str, now: datetime, name: str = "") -> tuple[Person, bool]:
        """The person of an address, and whether they are new."""
        new = insert_if_new(
            self._session,
            PersonRow,
            {"email": email.lower(), "name": name, "language": language, "made_at": now},
            unique=("email",),
            returning=col(PersonRow.id),
        )
        found = self.find(email)
        assert found is not None, "just written"
        return found, new is not None

    def set_roles(self, id: int, roles: Iterable[Role]) -> None:
        """These and no other from now on."""
        self._session.exec(delete(PersonRoleRow).where(col(PersonRoleRow.person_id) == id))
        self._session.add_all(PersonRoleRow(person_id=id, role=role.value) for role in sorted(set(roles)))
        self._session.flush()

    def set_language(self, id: int, language: str) -> None:
        """The language they are written to in."""
        self._change(id, language=language)

    def set_name(self, id: int, name: str) -> None:
        """As whom they are known."""
        self._change(id, name=name)

    def disable(self, id: int, *, now: datetime | None) -> None:
        """They sign in no more; None: they may again."""
        self._change(id, disabled_at=now)

    def erase(self, id: int) -> None:
        """Nothing is kept of them here. Their sessions and links are `tx.sign_ins`', their passkeys `tx.passkeys`'."""
        self._session.exec(delete(PersonRoleRow).where(col(PersonRoleRow.person_id) == id))
        self._session.exec(delete(PersonRow).where(col(PersonRow.id) == id))

    def _row(self, id: int) -> PersonRow:
        row = self._session.get(PersonRow, id) if 0 < id <= LARGEST else None
        if row is None:
            raise LookupError(f"there is no person {id}; `tbtwatch person list` shows them")
        return row

    def _change(self, id: int, **values: object) -> None:
        row = self._row(id)
        for name, value in values.items():
            setattr(row, name, value)
        self._session.add(row)
        self._session.flush()

    def _persons(self, rows: Iterable[PersonRow]) -> list[Person]:
        several = list(rows)
        roles: dict[int, set[Role]] = {}
        ids = [row.id for row in several]
        for start in range(0, len(ids), 500):
            for one in self._session.exec(
                select(PersonRoleRow).where(col(PersonRoleRow.person_id).in_(ids[start : start + 500]))
            ):
                if one.role in set(Role):  # one that a newer program knows gives nothing here
                    roles.setdefault(one.person_id, set()).add(Role(one.role))
        return [
            Person(
                id=row.id or 0,
                email=row.email,
                name=row.name,
                language=row.language,
                roles=frozenset(roles.get(row.id or 0, ())),
                made_at=row.made_at,
                disabled_at=row.disabled_at,
            )
            for row in several
        ]
