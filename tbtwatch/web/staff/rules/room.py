"""How a page about rules comes about: who may see it, what was sent, what is said when a deed is refused."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock
from typing import Any, Final
from urllib.parse import quote, urlencode

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.overriding import OverrideError
from tbtwatch.storage import Transaction
from tbtwatch.storage.people import Person, Role
from tbtwatch.storage.rulesets import RuleSetVersion
from tbtwatch.web.accounts.forms import LARGEST
from tbtwatch.web.accounts.who import staff
from tbtwatch.web.refusals import no_such_page
from tbtwatch.web.site import Site, Visit
from tbtwatch.web.staff.room import Endpoint, for_role, rooms
from tbtwatch.web.staff.rules.work import Work
from watcher.said import said, sentences_of

ROOT: Final = "staff/rules"
#: What the rules and the pipeline say to staff, as sentences.
REFUSALS: Final = (LookupError, ValueError, OverrideError)
_KEPT = 16  # contents of versions in memory; each is a megabyte or two
_LONGEST_NUMBER = 9  # digits of a version's number


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request of somebody who may make it."""

    room: Room
    visit: Visit
    person: Person
    form: FormData = field(default_factory=FormData)

    @property
    def desk(self) -> Desk:
        """The service's."""
        return self.room.site.desk

    @property
    def by(self) -> str:
        """Who does it, as it is kept with a deed."""
        return self.person.shown

    @property
    def now(self) -> datetime:
        """This moment."""
        return self.desk.clock()

    def sent(self, name: str, most: int = 2000) -> str:
        """A field of the form, or of the address."""
        value = self.form.get(name) or self.visit.request.query_params.get(name) or ""
        return str(value).strip()[:most] if isinstance(value, str) else ""

    def number(self, name: str = "version") -> int:
        """A number in the path. Raises the page for an unknown address."""
        written = str(self.visit.request.path_params[name])
        if not written.isdecimal() or len(written) > _LONGEST_NUMBER:
            raise no_such_page()
        return int(written)

    def asked_number(self, name: str) -> int | None:
        """A number in the form or the address; None: there is none."""
        written = self.sent(name)
        return int(written) if written.isdecimal() and len(written) <= _LONGEST_NUMBER else None

    def at(self, *parts: object, **query: object) -> str:
        """The address of a page about rules."""
        path = "/".join((ROOT, *(quote(str(part), safe="") for part in parts)))
        kept = {name: value for name, value in query.items() if value not in (None, "")}
        return self.visit.path(path) + (f"?{urlencode(kept)}" if kept else "")

    def day(self, moment: datetime | None) -> str:
        """When, as it is read."""
        return self.visit.dates.moment(moment.astimezone(self.desk.names.zone)) if moment else ""

    def render(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """A page of the staff's: nobody else may see it, no cache may keep it."""
        url, done = self.visit.request.url, self.sent("said", 40)
        looked = self.visit.request.method in ("GET", "HEAD")
        mistakes = values.pop("mistakes", ())
        response = self.room.site.render(
            self.visit,
            f"staff/rules/{template}",
            status=status,
            **{
                "rooms": rooms(self.visit, self.person),
                "at_rules": self.at,
                "day": self.day,
                "publisher": self.person.may(Role.PUBLISHER),
                "mistakes": [self.visit.words.told(one) for one in mistakes],
                "done": done if done and looked and self.visit.words.knows(f"rules.done.{done}") else "",
                "job": self.room.work.current,
                "here_again": f"{url.path}{'?' + url.query if url.query else ''}" if looked else self.at(),
                **values,
            },
        )
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def on(self, *parts: object, **query: object) -> Response:
        """To the page that shows what was done."""
        return RedirectResponse(self.at(*parts, **query), status_code=303, headers={"Cache-Control": "no-store"})

    def note(self, deed: str, about: str, **detail: Any) -> None:
        """Write down who did what, right after it was done."""
        with self.desk.storage.begin() as tx:
            tx.audit.write(by=self.by, person=self.person.id, deed=deed, about=about, detail=detail, now=self.now)


Answer = Callable[[Call], Response]


class Room:
    """The common ground of the pages about rules."""

    def __init__(self, site: Site, *, limit: float) -> None:
        """`limit`: the share of measures that one publishing may make other without a word of why."""
        self.site, self.limit = site, limit
        self.work = Work()
        self._contents: OrderedDict[int, Mapping[str, Any]] = OrderedDict()
        self._lock = Lock()

    def version(self, tx: Transaction, number: int) -> RuleSetVersion:
        """A version with its content, which never changes and is read from the database once. Raises LookupError."""
        head = next(iter(tx.rulesets.heads(1, before=number + 1)), None)
        if head is None or head.version != number:
            raise LookupError(said("there is no version {version} of the rules", version=number))
        with self._lock:
            content = self._contents.get(number)
        if content is None:
            content = tx.rulesets.get(number).content
        with self._lock:
            self._contents[number] = content
            self._contents.move_to_end(number)
            while len(self._contents) > _KEPT:
                self._contents.popitem(last=False)
        return replace(head, content=dict(content))

    def in_force(self, tx: Transaction) -> RuleSetVersion:
        """The version in force. Raises LookupError."""
        number = tx.rulesets.active_version()
        if number is None:
            raise LookupError(said("no rules are installed; run `tbtwatch rules install`"))
        return self.version(tx, number)

    def looked_at(self, answer: Answer, role: Role = Role.EDITOR) -> Endpoint:
        """A page that changes nothing."""
        return self.site.page(lambda visit: self._answered(answer, visit, role, FormData()))

    def done(self, answer: Answer, role: Role = Role.EDITOR, *, largest: int = LARGEST) -> Endpoint:
        """A deed: a form of a page of ours."""
        form = self.site.form(lambda visit, form: self._answered(answer, visit, role, form), largest=largest)
        return for_role(role, form)

    def _answered(self, answer: Answer, visit: Visit, role: Role, form: FormData) -> Response:
        call = Call(room=self, visit=visit, person=staff(visit.request, role), form=form)
        try:
            return answer(call)
        except REFUSALS as error:
            # Looked for and not there is an unknown address; refused is a sentence to be read.
            if visit.request.method in ("GET", "HEAD") and isinstance(error, LookupError):
                raise no_such_page() from error
            return refused(call, error)


def refused(call: Call, error: Exception, kept: str = "") -> Response:
    """The page that says why nothing was done. `kept`: what was written, so that it is not lost."""
    back = call.sent("back", 300)
    root = call.at()
    return call.render(
        "refused.html",
        status=409,
        title=call.visit.words("rules.refused"),
        mistakes=sentences_of(error),
        kept=kept,
        back=back if back.startswith(root) and "//" not in back else root,
    )
