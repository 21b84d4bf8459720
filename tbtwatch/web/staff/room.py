"""The room behind the counter: who may come in, what a page is filled with, and what is said when a deed fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tbtwatch.pipeline.alert import Desk
from tbtwatch.storage.people import Person, Role
from tbtwatch.web.accounts.who import signed_in, staff
from tbtwatch.web.refusals import no_such_page
from tbtwatch.web.site import Site, Visit, moved
from tbtwatch.web.staff.means import Means

SHORTEST_REASON: Final = 4
LONGEST_REASON: Final = 500
#: The rooms by their addresses, and who may enter; the pages of rules are another room's.
ROOMS: Final = (
    ("rules", Role.EDITOR),
    ("sources", Role.SOURCE_KEEPER),
    ("deliveries", Role.SUPPORT),
    ("support", Role.SUPPORT),
    ("enterprises", Role.SUPPORT),
    ("people", Role.ADMIN),
    ("audit", Role.ADMIN),
    ("settings", Role.ADMIN),
)


class NotDoneError(Exception):
    """A deed that changed nothing; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Who asks for what."""

    visit: Visit
    person: Person
    desk: Desk

    @property
    def words(self) -> Any:
        """In the language of the page."""
        return self.visit.words

    @property
    def asked(self) -> Any:
        """What stands in the address behind the question mark."""
        return self.visit.request.query_params

    @property
    def by(self) -> str:
        """As whom they are recorded."""
        return self.person.shown

    def path(self, rest: str = "") -> str:
        """The address of a staff page in this language."""
        return self.visit.path(f"staff/{rest}" if rest else "staff")

    def at(self, instant: datetime | None) -> str:
        """A moment as it is read; empty if there is none."""
        return "" if instant is None else self.visit.dates.moment(instant.astimezone(self.desk.names.zone))

    def number(self, name: str = "id") -> int:
        """A number in the address; one that no database has if it is none."""
        found = _number(str(self.visit.request.path_params.get(name, "")))
        return -1 if found is None else found

    def before(self) -> int | None:
        """Where a list, the newest first, goes on; None: at its beginning."""
        return _number(self.asked.get("before", ""))

    def turns(self, page: str, asked: Iterable[tuple[str, str]], *, by: str, last: object) -> tuple[str, str]:
        """The addresses at which a list begins and goes on; "" where this is its beginning or its end.

        `asked`: what is searched for; `by`: what says in an address where a page goes on; `last`: behind what it does,
        None if it ends here.
        """
        kept = [pair for pair in asked if pair[1]]
        first = self.path(f"{page}?{urlencode(kept)}") if self.asked.get(by) else ""
        return first, self.path(f"{page}?{urlencode([*kept, (by, last)])}") if last is not None else ""


Endpoint = Callable[[Request], Awaitable[Response]]
Answer = Callable[[Call], Response]
Deed = Callable[[Call, FormData], Response]


class Room:
    """What all staff pages share."""

    def __init__(self, site: Site, means: Means | None) -> None:
        self.site, self.desk, self.means = site, site.desk, means

    def page(self, role: Role, answer: Answer) -> Endpoint:
        """A page for those with a role; to everybody else there is no such page."""
        return self.site.page(lambda visit: answer(self.call(visit, role)))

    def deed(self, role: Role, act: Deed) -> Endpoint:
        """Something that changes the service: asked for by a form of ours, by somebody with the role."""
        return for_role(role, self.site.form(lambda visit, form: act(self.call(visit, role), form)))

    def call(self, visit: Visit, role: Role) -> Call:
        """Who asks. Raises what leads to the page to sign in on, or the page for an unknown address."""
        return Call(visit=visit, person=staff(visit.request, role), desk=self.desk)

    async def first(self, request: Request) -> Response:
        """From the address without a room to the first room that somebody may enter."""
        person = await asyncio.to_thread(signed_in, request)
        visit = self.site.visit(request, request.path_params.get("language", person.language))
        first = next(iter(rooms(visit, person)), None)
        if first is None:
            raise no_such_page()
        return moved(first[2])

    async def to_language(self, request: Request) -> Response:
        """From an address without a language to the page in one's own."""
        person = await asyncio.to_thread(signed_in, request)
        visit = self.site.visit(request, person.language)
        query = f"?{request.url.query}" if request.url.query else ""
        return moved(visit.path("staff/" + request.path_params["rest"]) + query)

    def show(self, call: Call, template: str, *, status: int = 200, policy: str = "", **values: Any) -> Response:
        """A page by its template. `policy`: instead of that of all pages."""
        response = self.site.render(
            call.visit,
            f"staff/{template}",
            status=status,
            rooms=rooms(call.visit, call.person),
            room=call.path,
            done=values.pop("done", ""),
            failed=values.pop("failed", ""),
            when=call.at,
            **values,
        )
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        if policy:
            response.headers["Content-Security-Policy"] = policy
        return response


def for_role(role: Role, form: Endpoint) -> Endpoint:
    """A form that is read only for those with a role: others learn nothing, also not that it was wrong."""

    async def answered(request: Request) -> Response:
        await asyncio.to_thread(staff, request, role)
        return await form(request)

    return answered


def rooms(visit: Visit, person: Person) -> list[tuple[str, str, str, bool]]:
    """The rooms that somebody may enter: by key and by name, the address of each, and whether they are in it."""
    here = visit.request.url.path.partition("/staff/")[2].partition("/")[0]
    return [
        (name, visit.words(f"room.{name}"), visit.path(f"staff/{name}"), name == here)
        for name, role in ROOMS
        if person.may(role)
    ]


def on(where: str) -> Response:
    """After a deed: to the page that shows what came of it, so that loading it again does nothing twice."""
    return RedirectResponse(where, status_code=303, headers={"Cache-Control": "no-store"})


def reason_of(form: FormData, call: Call) -> str:
    """Why, as it was written. Raises NotDoneError if nothing was."""
    given = form.get("reason")
    text = " ".join(given.split()) if isinstance(given, str) else ""
    if len(text) < SHORTEST_REASON:
        raise NotDoneError(call.words("room.reason.missing"))
    return text[:LONGEST_REASON]


def text_of(form: FormData, name: str, longest: int = 300) -> str:
    """A field as it was written, without blanks around it."""
    given = form.get(name)
    return given.strip()[:longest] if isinstance(given, str) else ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
