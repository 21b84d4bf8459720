"""A subscription is changed on the page it was made on: this version ends, with the reason, and the next begins."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from subscriptions.criteria import Address, Subscription, Way
from tbtwatch.pipeline.change import Edit
from tbtwatch.pipeline.own import FloodError, change_own
from tbtwatch.storage.people import Person
from tbtwatch.web.accounts.scope import owned_subscription, with_reach
from tbtwatch.web.accounts.who import signed_in
from tbtwatch.web.mine.builder import form_values, preview, wish_from
from tbtwatch.web.mine.forecasts import Forecasts
from tbtwatch.web.mine.places import REFUSALS, PlaceError, Row, places_of, read_rows, refusal, rows_for
from tbtwatch.web.mine.wish import Wish, wish_of
from tbtwatch.web.refusals import no_such_page
from tbtwatch.web.site import Site, Visit


class Editing:
    """The page to change a subscription on."""

    def __init__(self, site: Site, forecasts: Forecasts) -> None:
        self._site, self._forecasts = site, forecasts

    def show(self, visit: Visit) -> Response:
        """The page: as the subscription is, or as its address says."""
        person, one = self._theirs(visit)
        pairs = visit.request.query_params.multi_items()
        wish = wish_from(pairs, self._site, visit) if pairs else wish_of(one)
        return self._page(visit, person, one, wish, self._rows(visit, person, one, None))

    def save(self, visit: Visit, form: FormData) -> Response:
        """It is changed; or the page again, which says why not."""
        person, one = self._theirs(visit)
        pairs = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        wish, sent = wish_from(pairs, self._site, visit), read_rows(pairs)
        rows = self._rows(visit, person, one, sent)
        try:
            told: tuple[tuple[Address, ...] | None, tuple[Way, ...] | None] = (None, None)
            if rows is not None and sent is not None:
                told = places_of(sent, rows, one, grade=wish.grade, frequency=wish.frequency, visit=visit)
        except PlaceError as error:
            return self._page(visit, person, one, wish, rows, wrong=str(error))
        edit = Edit(
            criteria=wish.criteria(one.criteria),
            name=wish.name or None,
            frequency=wish.frequency,
            language=wish.language,
            rhythm=wish.rhythm(one.rhythm),
            addresses=told[0],
            ways=told[1],
        )
        try:
            change_own(
                one.id,
                edit,
                why=wish.why or visit.words("mine.edit.why.default"),
                person=person,
                desk=self._site.desk,
            )
        except FloodError:
            return self._page(visit, person, one, wish, rows, flooded=True)
        except REFUSALS as error:
            return self._page(visit, person, one, wish, rows, wrong=refusal(error, self._site, visit))
        where = visit.path(f"mine/{one.id}")
        return RedirectResponse(where, status_code=303, headers={"Cache-Control": "no-store"})

    def _theirs(self, visit: Visit) -> tuple[Person, Subscription]:
        """Who asks, and the live subscription that they decide about."""
        person = signed_in(visit.request)
        with self._site.desk.storage.look() as tx:
            one = owned_subscription(person, visit.request.path_params["id"], tx)
        if one.ended_at is not None:
            raise no_such_page()
        return person, one

    def _rows(self, visit: Visit, person: Person, one: Subscription, sent: Sequence[Row] | None) -> list[Row] | None:
        """Where it may be told; None: its enterprise is not theirs, so it is told at their own address alone."""
        with self._site.desk.storage.look() as tx:
            number = with_reach(person, one.id, tx)[1].subscriptions.get(one.id)
            if number is None:
                return None
            return rows_for(person, number, one, sent, tx=tx, site=self._site, visit=visit)

    def _page(
        self,
        visit: Visit,
        person: Person,
        one: Subscription,
        wish: Wish,
        rows: list[Row] | None,
        *,
        wrong: str = "",
        flooded: bool = False,
    ) -> Response:
        site = self._site
        found = preview(wish, person, site, visit, self._forecasts, one) if wish.asks or _asks_more(one) else None
        if flooded and not (found and found.floods):  # by what a single address wants to be told
            wrong = visit.words("mine.new.flood")
        return site.render(
            visit,
            "mine_new.html",
            status=400 if wrong else 200,
            title=visit.words("mine.edit.title", name=one.name or str(one.id)),
            action=visit.path(f"mine/{one.id}/edit"),
            preview=found,
            wrong=wrong or (found.wrong if found else ""),
            enterprises=[],
            editing=one,
            places=rows,
            **form_values(wish, site, visit),
        )


def _asks_more(one: Subscription) -> bool:
    """Whether it asks by what this page does not show, and keeps."""
    return bool(one.criteria.measures or one.criteria.sources or one.criteria.agencies or one.criteria.kinds)
