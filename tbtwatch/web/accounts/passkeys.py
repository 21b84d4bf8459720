"""What passkeys are for on the pages: signing in, adding one, removing one.

The browser's key is asked by a script of ours, which gets what is to be signed as JSON and sends the answer by an
ordinary form: what comes of it is a page.
"""

from __future__ import annotations

import json

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from tbtwatch.pipeline.passkeys import (
    LONGEST_ANSWER,
    PasskeyRefusedError,
    RelyingParty,
    add_passkey,
    ask_to_add,
    ask_to_sign_in,
    remove_passkey,
    sign_in_by_passkey,
)
from tbtwatch.web.accounts import cookie, scope
from tbtwatch.web.accounts.account_page import account
from tbtwatch.web.accounts.sign_in_page import begun, local, party_of, sign_in_form
from tbtwatch.web.accounts.who import network, signed_in
from tbtwatch.web.refusals import no_such_page
from tbtwatch.web.site import Site, Visit


def ask(site: Site, visit: Visit, _form: FormData) -> Response:
    """What is to be signed to sign in."""
    party = _party(visit)
    try:
        return _asked(ask_to_sign_in(network=network(visit.request), party=party, desk=site.desk))
    except PasskeyRefusedError as refused:
        return _said(visit, refused, status=429)


def sign_in(site: Site, visit: Visit, form: FormData) -> Response:
    """Somebody signed it."""
    party, next_page = _party(visit), local(str(form.get("next", "")))
    try:
        done = sign_in_by_passkey(_answer(form), before=cookie.read(visit.request), party=party, desk=site.desk)
    except PasskeyRefusedError:
        return sign_in_form(site, visit, next_page=next_page, trouble="passkey.refused", status=403)
    return begun(site, visit, done, next_page=next_page)


def ask_for_new(site: Site, visit: Visit, _form: FormData) -> Response:
    """What is to be signed to add one."""
    party, person = _party(visit), signed_in(visit.request)
    try:
        return _asked(ask_to_add(person, visit.request.state.session, party=party, desk=site.desk))
    except PasskeyRefusedError as refused:
        return _said(visit, refused, status=403)


def add(site: Site, visit: Visit, form: FormData) -> Response:
    """A browser made one."""
    party, person = _party(visit), signed_in(visit.request)
    try:
        add_passkey(
            _answer(form),
            name=str(form.get("name", "")),
            person=person,
            session=visit.request.state.session,
            party=party,
            desk=site.desk,
        )
    except PasskeyRefusedError as refused:
        why = "not_added" if refused.why == "refused" else refused.why
        return account(site, visit, trouble=f"passkey.{why}", status=403)
    return _to_list(visit)


def remove(site: Site, visit: Visit, _form: FormData) -> Response:
    """One is to sign nobody in any more."""
    person = signed_in(visit.request)
    with site.desk.storage.look() as tx:
        found = scope.passkey(person, visit.request.path_params["passkey"], tx)
    remove_passkey(found, person=person, desk=site.desk)
    return _to_list(visit)


def _party(visit: Visit) -> RelyingParty:
    party = party_of(visit.request)
    if party is None:
        raise no_such_page()
    return party


def _answer(form: FormData) -> str:
    return str(form.get("answer", ""))[: LONGEST_ANSWER + 1]


def _asked(options: str) -> Response:
    return Response(options, media_type="application/json", headers={"Cache-Control": "no-store"})


def _said(visit: Visit, refused: PasskeyRefusedError, *, status: int) -> Response:
    text = json.dumps({"said": visit.words(f"passkey.{refused.why}")}, ensure_ascii=False)
    return Response(text, status_code=status, media_type="application/json", headers={"Cache-Control": "no-store"})


def _to_list(visit: Visit) -> Response:
    where = visit.path("account") + "#passkeys"
    return RedirectResponse(where, status_code=303, headers={"Cache-Control": "no-store"})
