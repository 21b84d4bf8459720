"""What is done to a subscription by a button: silence, its end, links to calendars and feeds."""

from __future__ import annotations

from datetime import date

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from tbtwatch.pipeline.feeds import make_feed
from tbtwatch.pipeline.own import end_own, note
from tbtwatch.pipeline.snooze import PauseError, pause, resume
from tbtwatch.web.accounts.scope import owned_subscription, with_reach
from tbtwatch.web.accounts.who import signed_in
from tbtwatch.web.mine.one import page
from tbtwatch.web.refusals import no_such_page
from tbtwatch.web.site import Site, Visit


def pause_it(site: Site, visit: Visit, form: FormData) -> Response:
    """Silence until a day."""
    person, id_ = signed_in(visit.request), visit.request.path_params["id"]
    with site.desk.storage.look() as tx:
        owned_subscription(person, id_, tx)
    try:
        until = date.fromisoformat(str(form.get("until", "")))
        pause(id_, until=until, why=visit.words("mine.pause.why"), by=person.shown, desk=site.desk)
    except (PauseError, OverflowError, LookupError, ValueError):
        return _again(site, visit, "mine.pause.wrong")
    note(person, "subscription.pause", id_, {"until": until.isoformat()}, desk=site.desk)
    return _back(visit)


def resume_it(site: Site, visit: Visit, _form: FormData) -> Response:
    """The silence is over."""
    person, id_ = signed_in(visit.request), visit.request.path_params["id"]
    with site.desk.storage.look() as tx:
        owned_subscription(person, id_, tx)
    try:
        resume(id_, by=person.shown, desk=site.desk)
    except LookupError:
        return _back(visit)  # it was over already
    note(person, "subscription.resume", id_, {}, desk=site.desk)
    return _back(visit)


def end_it(site: Site, visit: Visit, _form: FormData) -> Response:
    """It is over; where others are told too and it is not theirs, only for them."""
    person, id_ = signed_in(visit.request), visit.request.path_params["id"]
    with site.desk.storage.look() as tx:
        one, own = with_reach(person, id_, tx)
    if one.ended_at is None:
        end_own(one, whole=own.owns(one), person=person, desk=site.desk)
    return RedirectResponse(visit.path("mine"), status_code=303, headers={"Cache-Control": "no-store"})


def new_feed(site: Site, visit: Visit, _form: FormData) -> Response:
    """A new secret link, shown this once."""
    person, id_ = signed_in(visit.request), visit.request.path_params["id"]
    with site.desk.storage.look() as tx:
        one = owned_subscription(person, id_, tx)
        enough = len(tx.feeds.of_subscription(id_)) >= _MOST_FEEDS
    if one.ended_at is not None or enough:
        return _again(site, visit, "mine.feed.enough")
    feed, token = make_feed(
        enterprise=one.enterprise,
        subscription_id=one.id,
        language=visit.language,
        name=one.name,
        by=person.shown,
        desk=site.desk,
    )
    note(person, "feed.make", id_, {"feed": feed.id}, desk=site.desk)
    base = site.desk.sign_in.base or f"http://{visit.request.headers.get('host', '')}"
    with site.desk.storage.look() as tx:
        one, own = with_reach(person, id_, tx)
        return page(site, visit, one, own, tx, link=f"{base}/f/{token}")


def revoke_feed(site: Site, visit: Visit, _form: FormData) -> Response:
    """A link shows nothing more."""
    person, id_ = signed_in(visit.request), visit.request.path_params["id"]
    number = visit.request.path_params["feed"]
    with site.desk.storage.begin() as tx:
        owned_subscription(person, id_, tx)
        if number not in {feed.id for feed in tx.feeds.of_subscription(id_)}:
            raise no_such_page()
        now = site.desk.clock()
        tx.feeds.revoke(number, by=person.shown, why=visit.words("mine.feed.revoked"), now=now)
        tx.audit.write(
            by=person.shown,
            deed="feed.revoke",
            about=f"subscription {id_}",
            detail={"feed": number},
            person=person.id,
            now=now,
        )
    return _back(visit)


_MOST_FEEDS = 10


def _back(visit: Visit) -> Response:
    where = visit.path(f"mine/{visit.request.path_params['id']}")
    return RedirectResponse(where, status_code=303, headers={"Cache-Control": "no-store"})


def _again(site: Site, visit: Visit, wrong: str) -> Response:
    with site.desk.storage.look() as tx:
        one, own = with_reach(signed_in(visit.request), visit.request.path_params["id"], tx)
        return page(site, visit, one, own, tx, wrong=visit.words(wrong), status=400)
