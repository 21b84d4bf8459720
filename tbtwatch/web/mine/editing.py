"""A subscription is changed on the page it was made on: this version ends, with the reason, and the next begins."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from subscriptions.criteria import Subscription
from subscriptions.validation import CriteriaError
from tbtwatch.pipeline.change import ChangeError, Edit
from tbtwatch.pipeline.own import FloodError, change_own
from tbtwatch.storage.people import Person
from tbtwatch.web.accounts.scope import owned_subscription
from tbtwatch.web.accounts.who import signed_in
from tbtwatch.web.mine.builder import form_values, preview, wish_from
from tbtwatch.web.mine.forecasts import Forecasts
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
        return self._page(visit, person, one, wish)

    def save(self, visit: Visit, form: FormData) -> Response:
        """It is changed; or the page again, which says why not."""
        person, one = self._theirs(visit)
        pairs = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        wish = wish_from(pairs, self._site, visit)
        edit = Edit(
            criteria=wish.criteria(one.criteria),
            name=wish.name or None,
            frequency=wish.frequency,
            language=wish.language,
            rhythm=wish.rhythm(one.rhythm),
        )
        try:
            change_own(
                one.id,
                edit,
                why=wish.why or visit.words("mine.edit.why.default"),
                person=person,
                desk=self._site.desk,
            )
        except CriteriaError as error:
            return self._page(visit, person, one, wish, wrong=" ".join(error.problems))
        except ChangeError:
            return self._page(visit, person, one, wish, wrong=visit.words("mine.edit.refused"))
        except FloodError:
            return self._page(visit, person, one, wish)
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

    def _page(self, visit: Visit, person: Person, one: Subscription, wish: Wish, *, wrong: str = "") -> Response:
        site = self._site
        found = preview(wish, person, site, visit, self._forecasts, one) if wish.asks or _asks_more(one) else None
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
            **form_values(wish, site, visit),
        )


def _asks_more(one: Subscription) -> bool:
    """Whether it asks by what this page does not show, and keeps."""
    return bool(one.criteria.measures or one.criteria.sources or one.criteria.agencies or one.criteria.kinds)
