"""A product list is uploaded, shown with what follows from it, and saved. The file itself is kept nowhere."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from subscriptions.criteria import Frequency
from subscriptions.derived_words import product_line
from subscriptions.product_list import ProductList, ProductListError
from subscriptions.validation import CriteriaError
from subscriptions.words import word
from tbtwatch.pipeline.own import FloodError
from tbtwatch.pipeline.own_list import Shown, as_text, read_upload, save_list, show_list
from tbtwatch.pipeline.products import ListChangeError
from tbtwatch.pipeline.subscribe import SuppressedError
from tbtwatch.web.accounts import scope
from tbtwatch.web.accounts.who import signed_in
from tbtwatch.web.catalogues.saying import retold
from tbtwatch.web.look.search import offered_markets
from tbtwatch.web.mine.builder import wish_from
from tbtwatch.web.mine.forecasts import volume
from tbtwatch.web.mine.wish import Wish
from tbtwatch.web.site import Site, Visit, clean

_MOST = 40


def show(site: Site, visit: Visit) -> Response:
    """The form."""
    signed_in(visit.request)
    return _page(site, visit, wish_from(visit.request.query_params.multi_items(), site, visit))


def take(site: Site, visit: Visit, form: FormData) -> Response:
    """The file is read and shown; or what was shown is saved."""
    person = signed_in(visit.request)
    wish = wish_from([(name, one) for name, one in form.multi_items() if isinstance(one, str)], site, visit)
    enterprise = ""
    if wish.enterprise:
        with site.desk.storage.look() as tx:
            enterprise = scope.enterprise(person, int(wish.enterprise), tx)
    upload, kept = form.get("file"), str(form.get("list", ""))
    body = upload.file.read() if isinstance(upload, UploadFile) else kept.encode()
    if not body.strip():
        return _page(site, visit, wish, wrong=visit.words("mine.list.none"))
    asked: dict[str, Any] = {"person": person, "frequency": wish.frequency, "language": wish.language}
    try:
        found = read_upload(body, markets=frozenset(wish.markets), desk=site.desk)
        if not found.products:
            return _page(site, visit, wish, found=found, wrong=visit.words("mine.list.nothing"))
        if kept and not isinstance(upload, UploadFile):
            save_list(found, enterprise, firm=wish.firm, desk=site.desk, **asked)
            return RedirectResponse(visit.path("mine"), status_code=303, headers={"Cache-Control": "no-store"})
        made = show_list(found, enterprise, desk=site.desk, **asked)
    except (ProductListError, CriteriaError) as error:
        return _page(site, visit, wish, wrong=clean(visit.words("semicolon").join(visit.words.why(error))))
    except FloodError:
        return _page(site, visit, wish, wrong=visit.words("mine.new.flood"))
    except SuppressedError:
        return _page(site, visit, wish, wrong=visit.words("mine.new.suppressed"))
    except ListChangeError:
        return _page(site, visit, wish, wrong=visit.words("mine.list.refused"))
    return _page(site, visit, wish, found=found, made=made)


def _page(
    site: Site,
    visit: Visit,
    wish: Wish,
    *,
    found: ProductList | None = None,
    made: Shown | None = None,
    wrong: str = "",
) -> Response:
    person, names, language = signed_in(visit.request), site.desk.names, visit.language
    with site.desk.storage.look() as tx:
        enterprises = tx.reachable.enterprises(person.email)
    follows = []
    if made is not None:
        for one in made.plan.subscriptions:
            said = volume(made.forecasts[one.criteria], visit)[:1] if one.criteria in made.forecasts else []
            asks = names.described(one.criteria, language)
            follows.append((clean(one.name), clean(asks), said, one.before is not None))
    groups, members = offered_markets(site, language)
    return site.render(
        visit,
        "mine_list.html",
        status=400 if wrong else 200,
        title=visit.words("mine.list.title"),
        wish=wish,
        wrong=wrong,
        enterprises=list(enterprises.items()),
        often=[(one.value, word(one, language)) for one in (Frequency.IMMEDIATE, Frequency.DAILY, Frequency.WEEKLY)],
        markets=[*groups, *members],
        troubles=[retold(one.sentence, language) for one in (*found.problems, *found.remarks)[:_MOST]] if found else [],
        bad_rows=found.bad_rows if found else 0,
        products=[clean(product_line(one, language, names.markets)) for one in found.products[:_MOST]]
        if made and found
        else [],
        many=len(found.products) if made and found else 0,
        follows=follows,
        ending=[clean(one.name) for one in made.plan.ending] if made else [],
        floods=made.floods(site.desk) if made else False,
        kept=as_text(found, language, desk=site.desk) if made and found else "",
    )
