"""People given roles and let in or out, by whoever has the machine or is an admin. Each deed is written down."""

from __future__ import annotations

from collections.abc import Iterable

from notifiers.addresses import check_mail
from tbtwatch.pipeline.alert import Desk
from tbtwatch.storage import Transaction
from tbtwatch.storage.people import Person, Role


class PersonError(Exception):
    """A person cannot be changed so; the sentence says what to do."""


def add_person(
    email: str, *, roles: Iterable[Role], name: str, language: str, by: str, desk: Desk, by_person: int | None = None
) -> tuple[Person, bool]:
    """Somebody with these roles, and whether they are new. Roles they had stay. Raises `AddressError`."""
    address = check_mail(email).lower()
    with desk.storage.begin() as tx:
        now = desk.clock()
        person, new = tx.people.add(address, language=language, name=name, now=now)
        if name and person.name != name:
            tx.people.set_name(person.id, name)
        after = person.roles | set(roles)
        if new:
            tx.audit.write(by=by, deed="person.add", about=f"person {person.id}", detail={"email": address}, now=now,
                           person=by_person)  # fmt: skip
        if after != person.roles:
            _set_roles(person, after, by=by, by_person=by_person, tx=tx, desk=desk)
        return tx.people.get(person.id), new


def set_roles(email: str, roles: Iterable[Role], *, by: str, desk: Desk, by_person: int | None = None) -> Person:
    """These roles and no other. Raises LookupError, `PersonError`: the last admin cannot be taken away by an admin."""
    with desk.storage.begin() as tx:
        person = the_person(email, tx)
        after = frozenset(roles)
        if by_person is not None and Role.ADMIN in person.roles - after:
            _not_the_last(person, tx)
        if after != person.roles:
            _set_roles(person, after, by=by, by_person=by_person, tx=tx, desk=desk)
        return tx.people.get(person.id)


def disable(email: str, *, undo: bool = False, by: str, desk: Desk, by_person: int | None = None) -> Person:
    """They sign in no more, and are signed out; `undo`: they may again. Raises LookupError, `PersonError`."""
    with desk.storage.begin() as tx:
        now = desk.clock()
        person = the_person(email, tx)
        if by_person is not None and not undo and Role.ADMIN in person.roles:
            _not_the_last(person, tx)
        if (person.disabled_at is None) == undo:
            return person
        tx.people.disable(person.id, now=None if undo else now)
        ended = 0 if undo else tx.sign_ins.end_all(person.id)
        tx.sign_ins.end_links(person.email, now=now)
        tx.audit.write(
            by=by,
            deed="person.enable" if undo else "person.disable",
            about=f"person {person.id}",
            detail={"email": person.email, "browsers": ended},
            now=now,
            person=by_person,
        )
        return tx.people.get(person.id)


def end_sessions(email: str, *, by: str, desk: Desk, by_person: int | None = None) -> int:
    """They are signed out everywhere, and links that were sent and not used are over; how many browsers.

    Raises LookupError.
    """
    with desk.storage.begin() as tx:
        now = desk.clock()
        person = the_person(email, tx)
        ended = tx.sign_ins.end_all(person.id)
        tx.sign_ins.end_links(person.email, now=now)
        tx.audit.write(
            by=by,
            deed="person.sign-out",
            about=f"person {person.id}",
            detail={"email": person.email, "browsers": ended},
            now=now,
            person=by_person,
        )
        return ended


def the_person(email: str, tx: Transaction) -> Person:
    """The person of an address. Raises LookupError."""
    found = tx.people.find(email.strip())
    if found is None:
        raise LookupError(f"nobody has the address {email.strip()!r}; `tbtwatch person list` shows who there is")
    return found


def _set_roles(
    person: Person, after: Iterable[Role], *, by: str, by_person: int | None, tx: Transaction, desk: Desk
) -> None:
    tx.people.set_roles(person.id, after)
    tx.audit.write(
        by=by,
        deed="person.roles",
        about=f"person {person.id}",
        detail={"email": person.email, "was": sorted(person.roles), "now": sorted(after)},
        now=desk.clock(),
        person=by_person,
    )


def _not_the_last(person: Person, tx: Transaction) -> None:
    others = [one for one in tx.people.all(role=Role.ADMIN) if one.id != person.id]
    if not any(one.disabled_at is None for one in others):
        raise PersonError(f"{person.email} is the only admin; make somebody else admin first")
