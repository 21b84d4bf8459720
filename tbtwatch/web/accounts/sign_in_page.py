"""The page to sign in on, and what follows when somebody did: the same for each way to do it."""

from __future__ import annotations

import string
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tbtwatch.pipeline.passkeys import RelyingParty, relying_party
from tbtwatch.pipeline.sign_in import SignedIn
from tbtwatch.web.accounts import cookie
from tbtwatch.web.accounts.who import desk_of, who
from tbtwatch.web.site import Site, Visit

_LONGEST_NEXT: Final = 800
_IN_PATH: Final = frozenset(string.ascii_letters + string.digits + "/-._~%?=&+:,;@!*'()$")


def local(address: str) -> str:
    """The address if it is a path of this site, else ""."""
    if len(address) > _LONGEST_NEXT or not address.startswith("/") or address.startswith("//"):
        return ""
    if not set(address) <= _IN_PATH:
        return ""
    parts = urlsplit(address)
    return "" if parts.scheme or parts.netloc else address


def here(request: Request) -> str:
    """Where the pages are reached: the address that is set; on this machine without one, as they are asked for. "" if
    neither is known."""
    asked = f"http://{request.headers.get('host', '')}" if cookie.is_plain(request) else ""
    return desk_of(request).public_url or asked


def party_of(request: Request) -> RelyingParty | None:
    """For which pages a passkey signs: those at the address that is set; on this machine without one, these. None:
    browsers keep none for them."""
    return relying_party(here(request))


def sign_in_form(
    site: Site, visit: Visit, *, next_page: str, email: str = "", wrong: bool = False, trouble: str = "",
    status: int = 200,
) -> Response:  # fmt: skip
    """The page. `wrong`: the address that was typed; `trouble`: the name of a wording, of what else went wrong."""
    who(visit.request)
    return site.render(
        visit,
        "sign_in.html",
        status=status,
        title=visit.words("sign_in.title"),
        next=next_page,
        email=email,
        wrong=wrong,
        trouble=trouble,
        unkept=cookie.cannot_be_kept(visit.request),
        party=party_of(visit.request),
        provider=visit.request.app.state.provider_name if here(visit.request) else "",
    )


def begun(site: Site, visit: Visit, done: SignedIn, *, next_page: str) -> Response:
    """To the page that was asked for, with the cookie of the new session."""
    response = RedirectResponse(
        local(next_page) or visit.path("mine"), status_code=303, headers={"Cache-Control": "no-store"}
    )
    cookie.give(response, visit.request, done.secret, seconds=int(site.desk.sign_in.longest.total_seconds()))
    return response
