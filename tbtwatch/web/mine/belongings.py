"""All that is kept of an enterprise or a person: taken along as a file, or erased."""

from __future__ import annotations

import json

import structlog
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from tbtwatch.pipeline.erasure import erase, export
from tbtwatch.web.accounts import scope
from tbtwatch.web.accounts.who import signed_in
from tbtwatch.web.site import Site, Visit

log = structlog.get_logger()


def show(site: Site, visit: Visit) -> Response:
    """The page."""
    return _page(site, visit)


def export_it(site: Site, visit: Visit) -> Response:
    """All of an enterprise as JSON."""
    person = signed_in(visit.request)
    with site.desk.storage.look() as tx:
        name = scope.enterprise(person, visit.request.path_params["enterprise"], tx)
    whole = export(name, storage=site.desk.storage, now=site.desk.clock())
    response = Response(json.dumps(whole, ensure_ascii=False, indent=1), media_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="tbtwatch-data.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


def erase_it(site: Site, visit: Visit, form: FormData) -> Response:
    """An enterprise is erased if its name was typed."""
    person, number = signed_in(visit.request), visit.request.path_params["enterprise"]
    with site.desk.storage.look() as tx:
        name = scope.owned_enterprise(person, number, tx)
    if " ".join(str(form.get("name", "")).split()) != " ".join(name.split()):
        return _page(site, visit, wrong=number)
    erase(name, by=person.shown, why="asked on the page by a person of it", desk=site.desk, suppress=False)
    with site.desk.storage.begin() as tx:
        tx.audit.write(
            by=person.shown, deed="enterprise.erase", about=f"enterprise {number}", person=person.id,
            now=site.desk.clock(),
        )  # fmt: skip
    return RedirectResponse(visit.path("mine"), status_code=303, headers={"Cache-Control": "no-store"})


def _page(site: Site, visit: Visit, *, wrong: int = 0) -> Response:
    person = signed_in(visit.request)
    with site.desk.storage.look() as tx:
        enterprises = tx.reachable.enterprises(person.email)
        counts = {number: len(tx.subscriptions.live(enterprise_id=number)) for number in enterprises}
        owned = tx.reachable.owned(person.email)
    rows = [(number, name, counts[number], number in owned) for number, name in enterprises.items()]
    return site.render(
        visit,
        "mine_data.html",
        status=400 if wrong else 200,
        title=visit.words("mine.data.title"),
        rows=rows,
        wrong=wrong,
    )
