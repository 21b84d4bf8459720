"""The pages to sign in on, to sign out, and of one's account. A look changes nothing; a button does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import quote, urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from notifiers.addresses import AddressError
from tbtwatch.pipeline.sign_in import Asked, ask_for_link, erase_person, link_of, sign_in, sign_out
from tbtwatch.web.accounts import cookie, passkeys
from tbtwatch.web.accounts.account_page import account, take_along
from tbtwatch.web.accounts.sign_in_page import begun, local, sign_in_form
from tbtwatch.web.accounts.who import network, signed_in, who
from tbtwatch.web.provider_words import SAID
from tbtwatch.web.refusals import FormRefusedError
from tbtwatch.web.site import Site, Visit, finished, moved
from tbtwatch.web.words import LANGUAGES, preferred


def account_routes(site: Site) -> list[Route]:
    """These pages."""
    show, take = partial(_bound, site, site.page), partial(_bound_form, site)
    language = "/{language:language}"
    return [
        Route("/sign-in", site.page(_to_language)),
        Route(f"{language}/sign-in", show(_asks), methods=["GET"]),
        Route(f"{language}/sign-in", take(_send, token=False), methods=["POST"]),
        Route(f"{language}/sign-in/sent", show(_sent), methods=["GET"]),
        Route(f"{language}/sign-in/passkey/ask", take(passkeys.ask, token=False), methods=["POST"]),
        Route(f"{language}/sign-in/passkey", take(passkeys.sign_in, token=False), methods=["POST"]),
        Route(f"{language}/sign-in/{{secret}}", show(_link), methods=["GET"]),
        Route(f"{language}/sign-in/{{secret}}", take(_follow, token=False), methods=["POST"]),
        Route(f"{language}/sign-out", take(_out), methods=["POST"]),
        Route(f"{language}/account", show(account), methods=["GET"]),
        Route(f"{language}/account/data", show(take_along), methods=["GET"]),
        Route(f"{language}/account/passkeys/ask", take(passkeys.ask_for_new), methods=["POST"]),
        Route(f"{language}/account/passkeys", take(passkeys.add), methods=["POST"]),
        Route(f"{language}/account/passkeys/{{passkey:int}}/remove", take(passkeys.remove), methods=["POST"]),
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


# --- pages


def _to_language(visit: Visit) -> Response:
    asked = local(visit.request.query_params.get("next", ""))
    response = moved(visit.path("sign-in") + (f"?next={quote(asked, safe='')}" if asked else ""))
    response.headers["Vary"] = "Accept-Language"
    return response


def _asks(site: Site, visit: Visit) -> Response:
    next_page = local(visit.request.query_params.get("next", ""))
    said = visit.request.query_params.get("said", "")
    if who(visit.request) is not None and not (said or visit.request.query_params.get("again")):
        return moved(next_page or visit.path("mine"))
    return sign_in_form(site, visit, next_page=next_page, trouble=f"provider.{said}" if said in SAID else "")


def _send(site: Site, visit: Visit, form: FormData) -> Response:
    email, next_page = str(form.get("email", ""))[:320], local(str(form.get("next", "")))
    request = visit.request
    base = f"http://{request.headers['host']}" if cookie.is_plain(request) else ""
    try:
        asked = ask_for_link(
            email, language=visit.language, next_page=next_page, network=network(request), base=base, desk=site.desk
        )
    except AddressError:
        return sign_in_form(site, visit, next_page=next_page, email=email, wrong=True, status=400)
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
    return begun(site, visit, done, next_page=done.next)


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
