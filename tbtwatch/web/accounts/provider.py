"""Signing in by an account at a provider: out by a button, back by the provider's own redirect.

The provider is asked outside of the turns in which pages are made: one that hangs holds up nobody else.
"""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tbtwatch.pipeline.provider import GOOD_FOR, LONGEST, ProviderError, come_back, leave, sign_in_by_provider
from tbtwatch.pipeline.provider_rules import Provider
from tbtwatch.storage import DATABASE_TROUBLE
from tbtwatch.web.accounts import cookie
from tbtwatch.web.accounts.forms import checked_form
from tbtwatch.web.accounts.sign_in_page import begun, here, local
from tbtwatch.web.accounts.who import network
from tbtwatch.web.refusals import no_such_page
from tbtwatch.web.site import Site, Visit, finished
from tbtwatch.web.words import LANGUAGES, preferred

NAME: Final = "__Host-tbtwatch-way"
PLAIN_NAME: Final = "tbtwatch-way"  #: as with the cookie of a session
BACK: Final = "/sign-in/provider"


def provider_routes(site: Site, provider: Provider) -> list[Route]:
    """Out and back."""
    pages = _Way(site, provider)
    return [
        Route("/{language:language}/sign-in/provider", pages.out, methods=["POST"]),
        Route(BACK, pages.back, methods=["GET"]),
    ]


class _Way:
    """The way to the provider and back."""

    def __init__(self, site: Site, provider: Provider) -> None:
        self._site, self._provider = site, provider

    async def out(self, request: Request) -> Response:
        """To the provider. By a page that leads on: browsers let no form end at another's address."""
        if not here(request):
            raise no_such_page()  # there is no address to come back to
        form = await checked_form(request, token=False)
        language, next_page = request.path_params["language"], local(str(form.get("next", "")))
        try:
            where, secret = await leave(
                self._provider,
                back=f"{here(request)}{BACK}",
                language=language,
                next_page=next_page,
                network=network(request),
                desk=self._site.desk,
            )
        except ProviderError as error:
            return _again(request, language, error.why, next_page)
        except DATABASE_TROUBLE:
            return _again(request, language, "away", next_page)

        def going(visit: Visit) -> Response:
            response = self._site.render(
                visit, "going.html", title=visit.words("provider.going", name=self._provider.name), where=where
            )
            response.headers["Refresh"] = f"0; url={where}"
            response.headers["Cache-Control"] = "no-store"
            plain = cookie.is_plain(request)
            response.set_cookie(
                PLAIN_NAME if plain else NAME,
                secret,
                max_age=int(GOOD_FOR.total_seconds()),
                path="/",
                secure=not plain,
                httponly=True,
                samesite="lax",
            )
            return response

        return await self._site.page(going)(request)

    async def back(self, request: Request) -> Response:
        """From the provider: with a code, or with why there is none."""
        site, asked = self._site, request.query_params
        secret = request.cookies.get(PLAIN_NAME if cookie.is_plain(request) else NAME, "")
        language, next_page = preferred(request.headers.get("accept-language", "")), ""
        try:
            visit = await asyncio.to_thread(come_back, asked.get("state", "")[:LONGEST], secret, desk=site.desk)
            if visit is None:
                return _again(request, language, "late", "")
            language, next_page = visit.language, visit.next
            if language not in LANGUAGES:
                language = preferred("")
            code = asked.get("code", "")
            if not 0 < len(code) <= LONGEST:
                raise ProviderError("stopped" if asked.get("error") == "access_denied" else "refused")
            done = await sign_in_by_provider(
                self._provider,
                code,
                secret=secret,
                back=f"{here(request)}{BACK}",
                language=language,
                before=cookie.read(request),
                desk=site.desk,
            )
        except ProviderError as error:
            return _again(request, language, error.why, next_page)
        except DATABASE_TROUBLE:
            return _again(request, language, "away", next_page)
        response = begun(site, site.visit(request, language), done, next_page=next_page)
        return finished(_forget(response, request), request)


def _again(request: Request, language: str, why: str, next_page: str) -> Response:
    """To the page to sign in on, which says why and has the mailed link."""
    query = urlencode({"said": why, **({"next": next_page} if next_page else {})})
    where = f"/{language}/sign-in?{query}"
    response = RedirectResponse(where, status_code=303, headers={"Cache-Control": "no-store"})
    return finished(_forget(response, request), request)


def _forget(response: Response, request: Request) -> Response:
    plain = cookie.is_plain(request)
    response.delete_cookie(PLAIN_NAME if plain else NAME, path="/", secure=not plain, httponly=True, samesite="lax")
    return response
