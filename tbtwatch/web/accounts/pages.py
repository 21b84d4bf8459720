"""The pages to sign in on, to sign out, and of one's account. A look changes nothing; a button does."""

from __future__ import annotations

import string
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from notifiers.addresses import AddressError
from tbtwatch.pipeline.sign_in import Asked, ask_for_link, erase_person, link_of, sign_in, sign_out
from tbtwatch.web.accounts import cookie
from tbtwatch.web.accounts.who import network, signed_in, who
from tbtwatch.web.refusals import FormRefusedError
from tbtwatch.web.site import Site, Visit, finished, moved
from tbtwatch.web.words import LANGUAGES, preferred

_LONGEST_NEXT: Final = 800
_IN_PATH: Final = frozenset(string.ascii_letters + string.digits + "/-._~%?=&+:,;@!*'()$")


def account_routes(site: Site) -> list[Route]:
    """These pages."""
    show, take = partial(_bound, site, site.page), partial(_bound_form, site)
    language = "/{language:language}"
    return [
        Route("/sign-in", site.page(_to_language)),
        Route(f"{language}/sign-in", show(_asks), methods=["GET"]),
        Route(f"{language}/sign-in", take(_send, token=False), methods=["POST"]),
        Route(f"{language}/sign-in/sent", show(_sent), methods=["GET"]),
        Route(f"{language}/sign-in/{{secret}}", show(_link), methods=["GET"]),
        Route(f"{language}/sign-in/{{secret}}", take(_follow, token=False), methods=["POST"]),
        Route(f"{language}/sign-out", take(_out), methods=["POST"]),
        Route(f"{language}/account", show(_account), methods=["GET"]),
        Route(f"{language}/account/erase", take(_erase), methods=["POST"]),
    ]


def _bound(
    site: Site, page: Callable[[Callable[[Visit], Response]], Callable[[Request], Awaitable[Response]]],
    answer: Callable[[Site, Visit], Response],
) -> Callable[[Request], Awaitable[Response]]:  # fmt: skip
    return page(partial(answer, site))


def _bound_form(
    site: Site, answer: Callable[[Site, Visit, FormData], Response], *, token: bool = True
) -> Callable[[Request], Awaitable[Response]]:
    return site.form(partial(answer, site), token=token)


# --- what other pages end in


def to_sign_in(request: Request, _error: Exception) -> Response:
    """To the page to sign in on, and back from there."""
    first = request.url.path[1:].partition("/")[0]
    language = first if first in LANGUAGES else preferred(request.headers.get("accept-language", ""))
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    query = urlencode({"next": local(asked)}) if request.method in ("GET", "HEAD") and local(asked) else ""
    where = f"/{language}/sign-in{'?' + query if query else ''}"
    if request.headers.get("hx-request"):  # a part of a page: the whole page has to go there
        return finished(Response(headers={"HX-Redirect": where, "Cache-Control": "no-store"}), request)
    return finished(RedirectResponse(where, status_code=303, headers={"Cache-Control": "no-store"}), request)


def refused_form(site: Site) -> Callable[[Request, Exception], Awaitable[Response]]:
    """The page that says why a form was not taken."""

    async def answered(request: Request, error: Exception) -> Response:
        assert isinstance(error, FormRefusedError)
        visit = site.visit(request, request.path_params.get("language", ""))
        return finished(site.render(visit, "refused.html", status=error.status, text=error.why), request)

    return answered


def local(address: str) -> str:
    """The address if it is a path of this site, else ""."""
    if len(address) > _LONGEST_NEXT or not address.startswith("/") or address.startswith("//"):
        return ""
    if not set(address) <= _IN_PATH:
        return ""
    parts = urlsplit(address)
    return "" if parts.scheme or parts.netloc else address


# --- pages


def _to_language(visit: Visit) -> Response:
    asked = local(visit.request.query_params.get("next", ""))
    response = moved(visit.path("sign-in") + (f"?next={quote(asked, safe='')}" if asked else ""))
    response.headers["Vary"] = "Accept-Language"
    return response


def _asks(site: Site, visit: Visit) -> Response:
    next_page = local(visit.request.query_params.get("next", ""))
    if who(visit.request) is not None:
        return moved(next_page or visit.path("mine"))
    return _form(site, visit, next_page=next_page)


def _form(site: Site, visit: Visit, *, next_page: str, email: str = "", wrong: bool = False) -> Response:
    return site.render(
        visit,
        "sign_in.html",
        status=400 if wrong else 200,
        title=visit.words("sign_in.title"),
        next=next_page,
        email=email,
        wrong=wrong,
        unkept=cookie.cannot_be_kept(visit.request),
    )


def _send(site: Site, visit: Visit, form: FormData) -> Response:
    email, next_page = str(form.get("email", ""))[:320], local(str(form.get("next", "")))
    request = visit.request
    base = f"http://{request.headers['host']}" if cookie.is_plain(request) else ""
    try:
        asked = ask_for_link(
            email, language=visit.language, next_page=next_page, network=network(request), base=base, desk=site.desk
        )
    except AddressError:
        who(request)
        return _form(site, visit, next_page=next_page, email=email, wrong=True)
    if asked is Asked.TOO_MANY:
        return _said(site, visit, "many", status=429)
    if asked is Asked.NOT_SET_UP:
        return _said(site, visit, "off", status=503)
    return RedirectResponse(visit.path("sign-in/sent"), status_code=303, headers={"Cache-Control": "no-store"})


def _sent(site: Site, visit: Visit) -> Response:
    rules = site.desk.sign_in
    return site.render(
        visit,
        "sent.html",
        title=visit.words("sign_in.sent.title"),
        minutes=int(rules.good_for.total_seconds() // 60),
        most=rules.mails_per_hour,
    )


def _link(site: Site, visit: Visit) -> Response:
    link = link_of(visit.request.path_params["secret"][:200], desk=site.desk)
    if link is None:
        return _said(site, visit, "over", status=410)
    who(visit.request)
    response = site.render(visit, "follow.html", title=visit.words("sign_in.title"), email=link.email)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _follow(site: Site, visit: Visit, _form: FormData) -> Response:
    request = visit.request
    done = sign_in(request.path_params["secret"][:200], before=cookie.read(request), desk=site.desk)
    if done is None:
        return _said(site, visit, "over", status=410)
    response = RedirectResponse(
        local(done.next) or visit.path("mine"), status_code=303, headers={"Cache-Control": "no-store"}
    )
    cookie.give(response, request, done.secret, seconds=int(site.desk.sign_in.longest.total_seconds()))
    return response


def _said(site: Site, visit: Visit, what: str, *, status: int) -> Response:
    return site.render(
        visit, "signing.html", status=status, title=visit.words(f"sign_in.{what}.title"), text=f"sign_in.{what}"
    )


def _out(site: Site, visit: Visit, form: FormData) -> Response:
    sign_out(cookie.read(visit.request), everywhere=bool(form.get("everywhere")), desk=site.desk)
    response = RedirectResponse(visit.path(), status_code=303, headers={"Cache-Control": "no-store"})
    cookie.take_back(response, visit.request)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _erase(site: Site, visit: Visit, form: FormData) -> Response:
    person = signed_in(visit.request)
    if not form.get("sure") or person.roles:
        return RedirectResponse(visit.path("account"), status_code=303, headers={"Cache-Control": "no-store"})
    erase_person(person, desk=site.desk)
    response = RedirectResponse(visit.path(), status_code=303, headers={"Cache-Control": "no-store"})
    cookie.take_back(response, visit.request)
    return response


def _account(site: Site, visit: Visit) -> Response:
    person = signed_in(visit.request)
    this = visit.request.state.session.hash
    now, rules = site.desk.clock(), site.desk.sign_in
    with site.desk.storage.look() as tx:
        sessions = tx.sign_ins.sessions(person.id)

    def moment(at: datetime) -> str:
        return visit.dates.moment(at.astimezone(site.desk.names.zone))

    browsers = [
        (one.hash == this, moment(one.made_at), moment(one.seen_at), moment(one.expires_at))
        for one in sessions
        if one.expires_at > now and one.seen_at + rules.idle > now
    ]
    return site.render(
        visit,
        "account.html",
        title=visit.words("account.title"),
        roles=[visit.words(f"role.{role}") for role in sorted(person.roles)],
        since=moment(person.made_at) if person.made_at else "",
        browsers=browsers,
    )
