"""A new subscription in plain words: choose, see what it would have brought, save what was seen.

All that is chosen stands in the address, so it works by plain forms; with script only what changes is loaded anew. What
is saved is exactly what was previewed: the button stands beside the preview, in a form of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from subscriptions.criteria import Address, Subscription, Way
from subscriptions.forecast import Forecast
from subscriptions.validation import CriteriaError
from subscriptions.ways import at_all, least_sure
from subscriptions.words import word
from tbtwatch.pipeline.forecast import as_asked
from tbtwatch.pipeline.own import FloodError, begin_own, own_address
from tbtwatch.pipeline.related import silent_keywords
from tbtwatch.storage.people import Person
from tbtwatch.web.accounts import scope
from tbtwatch.web.accounts.who import signed_in
from tbtwatch.web.mine.forecasts import Forecasts, Hit, hits, narrower, volume
from tbtwatch.web.mine.goods_words import shelf
from tbtwatch.web.mine.listing import asks
from tbtwatch.web.mine.places import FREQUENCIES, REFUSALS, Row, places_of, read_rows, refusal, rows_for
from tbtwatch.web.mine.wish import HOLIDAYS, HOURS, QUIET, Wish, read_wish, weekday_names
from tbtwatch.web.regions import REGIONS
from tbtwatch.web.site import Site, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a question would have brought."""

    asks: str
    volume: list[str]
    hits: list[Hit]
    floods: bool
    narrower: list[str]
    silent: list[str]  #: words that stand in nothing of the last twelve months
    wrong: str = ""  #: why it cannot be saved


class Builder:
    """The page to make a subscription on."""

    def __init__(self, site: Site, forecasts: Forecasts) -> None:
        self._site, self._forecasts = site, forecasts

    def show(self, visit: Visit) -> Response:
        """The page as its address says."""
        person = signed_in(visit.request)
        wish = wish_from(visit.request.query_params.multi_items(), self._site, visit)
        with self._site.desk.storage.look() as tx:
            known = tx.reachable.enterprises(person.email)
            asked = visit.request.query_params.get("enterprise")
            number = next(iter(known), None) if asked is None else int(wish.enterprise or 0)
            chosen = number if number in known else None
            rows = rows_for(person, chosen, None, None, tx=tx, site=self._site, visit=visit)
        return self._page(visit, person, wish, rows)

    def save(self, visit: Visit, form: FormData) -> Response:
        """The subscription is begun; or the page again, which says why not."""
        site, person = self._site, signed_in(visit.request)
        pairs = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        wish, sent = wish_from(pairs, site, visit), read_rows(pairs)
        enterprise, number = "", int(wish.enterprise) if wish.enterprise else None
        with site.desk.storage.look() as tx:
            if number is not None:
                enterprise = scope.enterprise(person, number, tx)
            rows = rows_for(person, number, None, sent, tx=tx, site=site, visit=visit)
        if not wish.asks:
            return self._page(visit, person, wish, rows, wrong=visit.words("mine.new.nothing"))
        try:
            told = None
            if sent is not None:
                told = places_of(sent, rows, None, grade=wish.grade, frequency=wish.frequency, visit=visit)
            asked = as_asked(question(wish, enterprise, person, site, told=told), desk=site.desk)
            found = self._forecasts.of(asked, visit)
            started = begin_own(asked, person=person, firm=wish.firm, forecast=found, desk=site.desk)
        except FloodError:
            return self._page(visit, person, wish, rows, flooded=True)
        except REFUSALS as error:
            return self._page(visit, person, wish, rows, wrong=refusal(error, site, visit))
        where = visit.path(f"mine/{started.subscription.id}")
        return RedirectResponse(where, status_code=303, headers={"Cache-Control": "no-store"})

    def _page(
        self, visit: Visit, person: Person, wish: Wish, rows: list[Row], *, wrong: str = "", flooded: bool = False
    ) -> Response:
        site = self._site
        with site.desk.storage.look() as tx:
            enterprises = tx.reachable.enterprises(person.email)
        found = preview(wish, person, site, visit, self._forecasts) if wish.asks else None
        if flooded and not (found and found.floods):  # by what a single address wants to be told
            wrong = visit.words("mine.new.flood")
        return site.render(
            visit,
            "mine_new.html",
            status=400 if wrong else 200,
            title=visit.words("mine.new.title"),
            action=visit.path("mine/new"),
            preview=found,
            wrong=wrong or (found.wrong if found else ""),
            enterprises=list(enterprises.items()),
            editing=None,
            places=rows,
            **form_values(wish, site, visit),
        )


def wish_from(pairs: list[tuple[str, str]], site: Site, visit: Visit) -> Wish:
    """What these fields say."""
    names = site.desk.names
    return read_wish(
        pairs,
        markets=names.markets,
        areas=names.areas,
        hs=site.titles("hs"),
        ics=site.titles("ics"),
        language=visit.language,
    )


def question(
    wish: Wish,
    enterprise: str,
    person: Person,
    site: Site,
    before: Subscription | None = None,
    *,
    told: tuple[tuple[Address, ...], tuple[Way, ...]] | None = None,
) -> Subscription:
    """The subscription as it is wished. `told`: where and by which ways; None: at the person's own address."""
    addresses, ways = told or ((own_address(person),), ())
    ways = at_all(ways, addresses, grade=wish.grade, frequency=wish.frequency)
    criteria = wish.criteria(before.criteria if before else None)
    return Subscription(
        id=before.id if before else 0,
        enterprise=before.enterprise if before else enterprise,
        name=wish.name,
        criteria=replace(criteria, grade=least_sure(ways, criteria.grade)),
        frequency=wish.frequency,
        language=wish.language,
        addresses=before.addresses if before else addresses,
        ways=() if before else ways,
        rhythm=wish.rhythm(before.rhythm) if before else wish.rhythm(),
        started_at=before.started_at if before else site.desk.clock(),
    )


def preview(
    wish: Wish,
    person: Person,
    site: Site,
    visit: Visit,
    forecasts: Forecasts,
    before: Subscription | None = None,
) -> Preview:
    """What it would have brought, or why it cannot be asked."""
    asked = question(wish, "", person, site, before)
    try:
        asked = as_asked(asked, desk=site.desk)
    except CriteriaError as error:
        return Preview(
            asks="",
            volume=[],
            hits=[],
            floods=False,
            narrower=[],
            silent=[],
            wrong=visit.words("semicolon").join(visit.words.why(error)),
        )
    found: Forecast = forecasts.of(asked, visit)
    floods = found.floods(site.desk.flood)
    keywords = sorted(asked.criteria.keywords)
    return Preview(
        asks=asks(asked, site, visit),
        volume=volume(found, visit),
        hits=hits(found, site, visit),
        floods=floods,
        narrower=narrower(found, site, visit) if floods else [],
        silent=silent_keywords(keywords, desk=site.desk) if keywords and not found.measures else [],
    )


def form_values(wish: Wish, site: Site, visit: Visit) -> dict[str, object]:
    """All that the form shows."""
    names, language, w = site.desk.names, visit.language, visit.words
    groups = [(key, names.markets.name(key, language)) for key, group in names.markets.groups.items() if group.members]
    regions = [
        (
            w(f"region.{region}"),
            sorted(
                ((code, names.markets.name(code, language)) for code in codes if code in names.markets.members),
                key=lambda one: one[1],
            ),
        )
        for region, codes in REGIONS.items()
    ]
    return {
        "wish": wish,
        "groups": groups,
        "regions": regions,
        "chosen_markets": [(code, names.markets.name(code, language)) for code in wish.markets],
        "goods": shelf(wish, site, visit),
        "often": [(one.value, word(one, language)) for one in FREQUENCIES],
        "asking": "email" in site.desk.opt_in.channels,
        "most_invited": site.desk.opt_in.invitations,
        "chat_there": bool(site.desk.bot),
        "weekdays": list(enumerate(weekday_names(language))),
        "hours": HOURS,
        "quiets": QUIET if not wish.quiet or wish.quiet in QUIET else (*QUIET, wish.quiet),
        "countries": HOLIDAYS if not wish.holidays or wish.holidays in HOLIDAYS else (*HOLIDAYS, wish.holidays),
    }
