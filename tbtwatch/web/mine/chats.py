"""Chats: a code that links one, those that are linked and what each is told, and the end of it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from subscriptions.criteria import Subscription
from tbtwatch.pipeline.chats import (
    MOST_CODES,
    Code,
    Told,
    ToldNowhereElseError,
    TooManyCodesError,
    bot_name,
    chats_of,
    code_for,
    unlink,
)
from tbtwatch.pipeline.subscribe import SuppressedError
from tbtwatch.web.accounts import scope
from tbtwatch.web.accounts.who import signed_in
from tbtwatch.web.refusals import no_such_page
from tbtwatch.web.site import Site, Visit, clean

_MOST = 200
_MOST_NAMED = 5
_LONGEST_NUMBER = 19


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A chat in the list."""

    chat: str
    name: str
    about: str  #: since when it is linked
    enterprise: str
    enterprise_id: int
    told: tuple[tuple[str, str], ...]  #: name and address of each subscription
    alone: str  #: the names of those that are told nowhere else; "": there are none


def show(site: Site, visit: Visit) -> Response:
    """The page."""
    return _page(site, visit)


def make_code(site: Site, visit: Visit, form: FormData) -> Response:
    """A code, shown this once; or the page again, which says why there is none."""
    person, chosen = signed_in(visit.request), str(form.get("enterprise", ""))
    enterprise = ""
    with site.desk.storage.look() as tx:
        if chosen:
            number = int(chosen) if chosen.isdecimal() and len(chosen) < _LONGEST_NUMBER else 0
            enterprise = scope.enterprise(person, number, tx)
        elif known := tx.reachable.enterprises(person.email):
            enterprise = next(iter(known.values()))
    if not site.desk.bot:
        return _page(site, visit, status=400)
    try:
        code = code_for(
            enterprise,
            firm=str(form.get("firm", "")),
            person=person,
            language="zh" if visit.language == "zh" else "en",
            desk=site.desk,
        )
    except TooManyCodesError:
        return _page(site, visit, wrong=visit.words("chats.many", n=MOST_CODES), status=429)
    except SuppressedError:
        return _page(site, visit, wrong=visit.words("mine.new.suppressed"), status=400)
    return _page(site, visit, code=code)


def unlink_it(site: Site, visit: Visit, form: FormData) -> Response:
    """The chat speaks for the enterprise no more."""
    person, number = signed_in(visit.request), visit.request.path_params["enterprise"]
    with site.desk.storage.look() as tx:
        enterprise = scope.enterprise(person, number, tx)
    try:
        unlink(
            enterprise,
            str(form.get("chat", "")),
            why=visit.words("chats.unlink.why"),
            also_end=bool(form.get("also_end")),
            person=person,
            desk=site.desk,
        )
    except LookupError:
        raise no_such_page() from None
    except ToldNowhereElseError as error:
        return _page(site, visit, wrong=visit.words("chats.unlink.wrong", names=_names(error.subscriptions, visit)),
                     status=400)  # fmt: skip
    return RedirectResponse(visit.path("mine/chats"), status_code=303, headers={"Cache-Control": "no-store"})


def _page(site: Site, visit: Visit, *, code: Code | None = None, wrong: str = "", status: int = 200) -> Response:
    person = signed_in(visit.request)
    with site.desk.storage.look() as tx:
        enterprises = tx.reachable.enterprises(person.email)
        told = chats_of(enterprises, tx)
        bot = bot_name(site.desk, tx)
    zone = site.desk.names.zone
    return site.render(
        visit,
        "mine_chats.html",
        status=status,
        title=visit.words("chats.title"),
        there=bool(site.desk.bot),
        wrong=wrong,
        code=code,
        until=visit.dates.moment(code.until.astimezone(zone)) if code else "",
        bot=f"@{bot}" if bot else "",
        link=f"https://t.me/{bot}?{urlencode({'start': code.code})}" if bot and code else "",
        enterprises=list(enterprises.items()),
        several=len({one.enterprise for one in told}) > 1,
        rows=[_row(one, site, visit) for one in told[:_MOST]],
        more=max(0, len(told) - _MOST),
    )


def _row(one: Told, site: Site, visit: Visit) -> Row:
    w, since = visit.words, one.chat.since
    about = w("chats.unlinked") if not one.chat.linked else ""
    if one.chat.linked and since is not None:
        about = w("chats.since", day=visit.dates.day(since.astimezone(site.desk.names.zone).date()))
    return Row(
        chat=one.chat.chat,
        name=clean(one.chat.name),
        about=about,
        enterprise=one.enterprise,
        enterprise_id=one.chat.enterprise_id,
        told=tuple(
            (clean(each.name) or str(each.id), visit.path(f"mine/{each.id}")) for each in one.subscriptions[:_MOST]
        ),
        alone=_names(one.alone, visit),
    )


def _names(subscriptions: tuple[Subscription, ...], visit: Visit) -> str:
    named = [f"“{clean(one.name) or one.id}”" for one in subscriptions[:_MOST_NAMED]]
    more = len(subscriptions) - len(named)
    return visit.words("pause").join(named) + (f" +{more}" if more else "")
