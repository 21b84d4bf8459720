"""Why a measure reached a subscription or did not, and the proof of notice."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from notifiers.readings import told_what
from notifiers.titles import title_of
from subscriptions.criteria import Match
from tbtwatch.pipeline.proof import proof as make_proof
from tbtwatch.pipeline.proof_seal import sealed_page
from tbtwatch.pipeline.subscribe import why as say_why
from tbtwatch.web.accounts.scope import with_reach
from tbtwatch.web.accounts.who import signed_in
from tbtwatch.web.refusals import no_such_page
from tbtwatch.web.site import Site, Visit, clean

LONGEST = 100


def why(site: Site, visit: Visit) -> Response:
    """The page; with no symbol only its form."""
    person, id_ = signed_in(visit.request), visit.request.path_params["id"]
    with site.desk.storage.look() as tx:
        one, own = with_reach(person, id_, tx)
    symbol = visit.request.query_params.get("symbol", "").strip()[:LONGEST]
    values: dict[str, Any] = {"symbol": clean(symbol), "found": False, "unknown": False}
    if symbol:
        try:
            answer = say_why(id_, symbol, desk=site.desk)
        except LookupError:
            values["unknown"] = True
        else:
            names, zone = site.desk.names, site.desk.names.zone
            fits = isinstance(answer.answer, Match)
            values |= {
                "found": True,
                "fits": fits,
                "measure": visit.measure(answer.measure.threads[0] if answer.measure.threads else symbol),
                "measure_title": clean(title_of(answer.measure.facts, 220)),
                "symbols": clean(visit.words("pause").join(answer.measure.threads)),
                "sentence": clean(names.explained(answer.answer, visit.language)),
                "told": [
                    (visit.dates.moment(at.astimezone(zone)), told_what(kind.value, visit.words.messages))
                    for at, kind in answer.told
                ],
                "outcome": _outcome(answer.silent, answer.before, one.ended_at is not None)
                if fits and not answer.told
                else "",
                "proof": visit.path(f"mine/{id_}/proof?symbol={_quoted(answer.measure.threads, symbol)}")
                if own.subscriptions.get(id_) is not None
                else "",
            }
    return site.render(
        visit,
        "mine_why.html",
        title=visit.words("mine.why.title"),
        one=one,
        here=visit.path(f"mine/{id_}"),
        **values,
    )


def proof(site: Site, visit: Visit) -> Response:
    """The proof of notice, sealed, for an enterprise of theirs: it tells of all its subscriptions."""
    person, id_ = signed_in(visit.request), visit.request.path_params["id"]
    with site.desk.storage.look() as tx:
        one, own = with_reach(person, id_, tx)
    if own.subscriptions.get(id_) is None:
        raise no_such_page()
    symbol = visit.request.query_params.get("symbol", "").strip()[:LONGEST]
    try:
        made = make_proof(symbol, one.enterprise, desk=site.desk, language=visit.language)
    except LookupError as error:
        if isinstance(error, (KeyError, IndexError)):
            raise  # a fault of ours
        raise no_such_page() from error
    response = Response(sealed_page(made, site.desk.storage), media_type="text/html")
    # The page is the one that is kept as a file: it carries its own style, and nothing else.
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _outcome(silent: bool, before: bool, ended: bool) -> str:
    if ended:
        return "mine.why.ended"
    if silent:
        return "mine.why.silent"
    return "mine.why.before" if before else "mine.why.unwanted"


def _quoted(threads: tuple[str, ...], symbol: str) -> str:
    return quote(threads[0] if threads else symbol, safe="")
