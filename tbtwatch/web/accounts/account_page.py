"""The page of one's account: who one is, in which browsers and with which passkeys one signs in."""

from __future__ import annotations

import json
from datetime import datetime

from starlette.responses import Response

from tbtwatch.pipeline.own_account import account_data
from tbtwatch.pipeline.passkeys import LONGEST_NAME, MOST, is_recent
from tbtwatch.web.accounts.sign_in_page import party_of
from tbtwatch.web.accounts.who import signed_in
from tbtwatch.web.site import Site, Visit


def account(site: Site, visit: Visit, *, trouble: str = "", status: int = 200) -> Response:
    """The page. `trouble`: the name of a wording, of why a passkey was not added."""
    person = signed_in(visit.request)
    session = visit.request.state.session
    now, rules = site.desk.clock(), site.desk.sign_in
    with site.desk.storage.look() as tx:
        sessions = tx.sign_ins.sessions(person.id)
        passkeys = tx.passkeys.of(person.id)

    def moment(at: datetime | None) -> str:
        return visit.dates.moment(at.astimezone(site.desk.names.zone)) if at else ""

    browsers = [
        (one.hash == session.hash, moment(one.made_at), moment(one.seen_at), moment(one.expires_at))
        for one in sessions
        if one.expires_at > now and one.seen_at + rules.idle > now
    ]
    return site.render(
        visit,
        "account.html",
        status=status,
        title=visit.words("account.title"),
        roles=[visit.words(f"role.{role}") for role in sorted(person.roles)],
        since=moment(person.made_at),
        browsers=browsers,
        passkeys=[(one.id, one.name, moment(one.made_at), moment(one.used_at)) for one in passkeys],
        party=party_of(visit.request),
        recent=is_recent(session, now=now),
        enough=len(passkeys) >= MOST,
        longest_name=LONGEST_NAME,
        trouble=trouble,
    )


def take_along(site: Site, visit: Visit) -> Response:
    """What is kept of the account, as JSON."""
    whole = account_data(signed_in(visit.request), storage=site.desk.storage, now=site.desk.clock())
    response = Response(json.dumps(whole, ensure_ascii=False, indent=1), media_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="tbtwatch-account.json"'
    response.headers["Cache-Control"] = "no-store"
    return response
