"""My subscriptions: what each asks, how often and where it is told, how it is, and what it brought of late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from starlette.responses import Response

from subscriptions.criteria import Subscription
from subscriptions.words import word
from tbtwatch.storage import Transaction
from tbtwatch.storage.people import Person
from tbtwatch.web.accounts.scope import is_own, reach
from tbtwatch.web.accounts.who import signed_in
from tbtwatch.web.pages import masked
from tbtwatch.web.site import Site, Visit

DAYS = 30
_MOST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A subscription in the list."""

    href: str
    name: str
    enterprise: str
    asks: str
    often: str
    addresses: str
    state: str
    state_key: str  #: live, paused, waiting, ended
    told: int


def show(site: Site, visit: Visit) -> Response:
    """The page."""
    person = signed_in(visit.request)
    now = site.desk.clock()
    with site.desk.storage.look() as tx:
        own = reach(person, tx)
        found = tx.subscriptions.some(own.subscriptions)
        live = [one for one in found.values() if one.ended_at is None]
        ended = sorted((one for one in found.values() if one.ended_at), key=lambda one: one.id, reverse=True)
        told = tx.told.counts(list(found), since=now - timedelta(days=DAYS))
        rows = [row(one, told.get(one.id, 0), person, tx, site, visit, whole=own.owns(one)) for one in live[:_MOST]]
        over = [row(one, told.get(one.id, 0), person, tx, site, visit, whole=own.owns(one)) for one in ended[:50]]
    return site.render(
        visit,
        "mine.html",
        title=visit.words("nav.mine"),
        rows=rows,
        over=over,
        days=DAYS,
        more=max(0, len(live) - _MOST),
        several=len({one.enterprise for one in live}) > 1,
    )


def row(one: Subscription, told: int, person: Person, tx: Transaction, site: Site, visit: Visit, *, whole: bool) -> Row:
    """A subscription in the list."""
    key, state = state_of(one, tx, site, visit)
    return Row(
        href=visit.path(f"mine/{one.id}"),
        name=one.name or str(one.id),
        enterprise=one.enterprise,
        asks=asks(one, site, visit),
        often=visit.words("mine.by_ways") if one.ways else word(one.frequency, visit.language),
        addresses=visit.words("pause").join(addresses_of(one, person, visit, whole=whole)),
        state=state,
        state_key=key,
        told=told,
    )


def asks(one: Subscription, site: Site, visit: Visit) -> str:
    """What it asks, in plain words of the page's language."""
    return site.desk.names.described(one.criteria, visit.language)


def addresses_of(one: Subscription, person: Person, visit: Visit, *, whole: bool) -> list[str]:
    """Where it is told. Whose enterprise it is not sees others' addresses only by their beginnings."""
    return [
        (visit.words("mine.channel." + address.channel) + " " if address.channel != "email" else "")
        + (address.target if whole or is_own(person, address) else masked(address.target))
        for address in one.addresses
    ]


def state_of(one: Subscription, tx: Transaction, site: Site, visit: Visit) -> tuple[str, str]:
    """How it is, by a key and in words."""
    w, zone = visit.words, site.desk.names.zone
    if one.ended_at is not None:
        return "ended", w("mine.state.ended", day=visit.dates.day(one.ended_at.astimezone(zone).date()))
    for pause in tx.pauses.holding(subscription=one.id):
        if pause.measure is None:
            return "paused", w("mine.state.paused", day=visit.dates.day(pause.until.astimezone(zone).date()))
    enterprise = tx.subscriptions.find_enterprise(one.enterprise) or 0
    if any(state.open for state in tx.confirmations.current(enterprise, one.addresses).values()):
        return "waiting", w("mine.state.waiting")
    return "live", w("mine.state.live")
