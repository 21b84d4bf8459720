"""People who sign in, and their roles."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import FormData
from starlette.responses import Response

from notifiers.addresses import AddressError
from tbtwatch.pipeline.staff_people import PersonError, add_person, disable, end_sessions, set_roles
from tbtwatch.storage.people import Person, Role
from tbtwatch.web.site import clean
from tbtwatch.web.staff.room import Call, NotDoneError, Room, on, text_of

ON_A_PAGE: Final = 200


def people(room: Room, call: Call, *, failed: str = "", status: int = 200) -> Response:
    """Who signs in, staff first."""
    words = call.words
    text = call.asked.get("q", "").strip().casefold()[:200]
    with room.desk.storage.look() as tx:
        everybody = [one for one in tx.people.all() if text in one.email or text in one.name.casefold()]
        everybody.sort(key=lambda one: (not one.roles, one.email))
        listed = everybody[:ON_A_PAGE]
        browsers = {one.id: len(tx.sign_ins.sessions(one.id)) for one in listed}
    return room.show(
        call,
        "people.html",
        status=status,
        title=words("people.title"),
        failed=failed,
        done=words("room.done") if call.asked.get("done") else "",
        q=text,
        roles=[(role.value, words(f"staff_role.{role.value}")) for role in Role],
        further=max(0, len(everybody) - ON_A_PAGE),
        rows=[
            {
                "id": one.id,
                "email": clean(one.email),
                "name": clean(one.name),
                "roles": [words(f"staff_role.{role.value}") for role in Role if role in one.roles],
                "browsers": browsers[one.id],
                "disabled": words("people.disabled", moment=call.at(one.disabled_at)) if one.disabled_at else "",
                "give": [(role.value, words(f"staff_role.{role.value}")) for role in Role if role not in one.roles],
                "take": [(role.value, words(f"staff_role.{role.value}")) for role in Role if role in one.roles],
            }
            for one in listed
        ],
    )


def add(room: Room, call: Call, form: FormData) -> Response:
    """Somebody may sign in and has a role."""
    role = text_of(form, "role", 40)
    try:
        if role not in list(Role):
            raise NotDoneError(call.words("room.not_done", why=call.words("people.what")))
        add_person(
            text_of(form, "email"),
            roles=[Role(role)],
            name=clean(text_of(form, "name", 100)),
            language=call.visit.language,
            by=call.by,
            by_person=call.person.id,
            desk=room.desk,
        )
    except AddressError as error:
        return people(room, call, failed=call.words("room.not_done", why=str(error).rstrip(".")), status=422)
    except NotDoneError as error:
        return people(room, call, failed=str(error), status=422)
    return on(call.path("people?done=1"))


def change(room: Room, call: Call, form: FormData) -> Response:
    """A role is given or taken, or somebody is shut out, let in, or signed out everywhere."""
    desk, what = room.desk, text_of(form, "what", 60)
    try:
        with desk.storage.look() as tx:
            try:
                person: Person = tx.people.get(call.number())
            except LookupError:
                raise NotDoneError(call.words("room.not_done", why=call.words("people.unknown"))) from None
        deed, _, role = what.partition(":")
        by, by_person = call.by, call.person.id
        if deed == "give" and role in list(Role):
            set_roles(person.email, person.roles | {Role(role)}, by=by, by_person=by_person, desk=desk)
        elif deed == "take" and role in list(Role):
            set_roles(person.email, person.roles - {Role(role)}, by=by, by_person=by_person, desk=desk)
        elif deed in ("disable", "enable"):
            disable(person.email, undo=deed == "enable", by=by, by_person=by_person, desk=desk)
        elif deed == "end":
            end_sessions(person.email, by=by, by_person=by_person, desk=desk)
        else:
            raise NotDoneError(call.words("room.not_done", why=call.words("people.what")))
    except PersonError as error:
        return people(room, call, failed=call.words("room.not_done", why=str(error).rstrip(".")), status=409)
    except NotDoneError as error:
        return people(room, call, failed=str(error), status=422)
    return on(call.path("people?done=1"))
