"""Who asks. Read once for each request, from its cookie."""

from __future__ import annotations

from starlette.requests import Request

from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.sign_in import session_of
from tbtwatch.pipeline.sign_in_rules import network_of
from tbtwatch.storage.people import Person, Role
from tbtwatch.web.accounts import cookie
from tbtwatch.web.asker import address_of
from tbtwatch.web.refusals import SignInNeededError, no_such_page


def desk_of(request: Request) -> Desk:
    """The desk of the application that is asked."""
    desk: Desk = request.app.state.desk
    return desk


def who(request: Request) -> Person | None:
    """Who is signed in; None: nobody. Looks into the database once; a page that asked is kept in no cache."""
    if not hasattr(request.state, "person"):
        request.state.person = None
        secret = cookie.read(request)
        if secret and (found := session_of(secret, desk=desk_of(request))) is not None:
            request.state.person, request.state.session = found
    person: Person | None = request.state.person
    return person


def signed_in(request: Request) -> Person:
    """Who is signed in. Raises `SignInNeededError`, which leads to the page to sign in on and back."""
    person = who(request)
    if person is None:
        raise SignInNeededError
    return person


def staff(request: Request, role: Role) -> Person:
    """Who is signed in and has this role. Raises `SignInNeededError`, or the page for an unknown address."""
    person = signed_in(request)
    if not person.may(role):
        raise no_such_page()
    return person


def network(request: Request) -> str:
    """The network the asker comes from. A proxy's word counts if it is one of ours."""
    return network_of(address_of(request, desk_of(request).sign_in.proxies))
