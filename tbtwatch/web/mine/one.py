"""One subscription: what it asks, what it was told and why, how it stood before, its links, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from starlette.responses import Response

from notifiers.readings import told_what
from notifiers.titles import title_of
from subscriptions.criteria import Subscription
from subscriptions.words import word
from tbtwatch.storage import Transaction
from tbtwatch.storage.alerts import StoredAlert
from tbtwatch.web.accounts.scope import Reach, with_reach
from tbtwatch.web.accounts.who import signed_in
from tbtwatch.web.mine.listing import DAYS, asks, state_of
from tbtwatch.web.mine.standing import standing
from tbtwatch.web.mine.wish import weekday_names
from tbtwatch.web.site import Site, Visit, clean

_MOST_NEWS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A piece of news that it was owed."""

    href: str
    why: str  #: the address of its receipt
    symbol: str
    title: str
    what: str
    on: str
    because: str
    carried: tuple[str, ...]
    withdrawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """A version."""

    number: int
    since: str
    until: str
    asks: str
    often: str
    why: str


def show(site: Site, visit: Visit) -> Response:
    """The page."""
    person = signed_in(visit.request)
    with site.desk.storage.look() as tx:
        one, own = with_reach(person, visit.request.path_params["id"], tx)
        return page(site, visit, one, own, tx)


def page(
    site: Site,
    visit: Visit,
    one: Subscription,
    own: Reach,
    tx: Transaction,
    *,
    link: str = "",
    wrong: str = "",
    status: int = 200,
) -> Response:
    """The page. `link`: a new one, which is shown this once; `wrong`: why a deed was not done."""
    now, w, zone = site.desk.clock(), visit.words, site.desk.names.zone
    whole = own.owns(one)
    key, state = state_of(one, tx, site, visit)
    alerts = tx.told.newest(one.id, limit=_MOST_NEWS)
    day = visit.dates.day
    stood = [
        Stood(
            number=each.version,
            since=day(each.since.astimezone(zone).date()),
            until=day(each.until.astimezone(zone).date()),
            asks=asks(each.of(one), site, visit),
            often=word(each.frequency, visit.language),
            why=clean(each.why),
        )
        for each in reversed(tx.versions.of(one.id))
    ]
    feeds = [
        (each.id, each.name, day(each.made_at.astimezone(zone).date())) for each in tx.feeds.of_subscription(one.id)
    ]
    return site.render(
        visit,
        "mine_one.html",
        status=status,
        title=one.name or str(one.id),
        one=one,
        here=visit.path(f"mine/{one.id}"),
        whole=whole,
        enterprise_is_theirs=own.subscriptions.get(one.id) is not None,
        asks=asks(one, site, visit),
        often=w("mine.by_ways") if one.ways else word(one.frequency, visit.language),
        hours=hours(one, visit),
        standing=standing(one, own.person, tx, site, visit, whole=whole),
        state=state,
        state_key=key,
        began=day(one.started_at.astimezone(zone).date()),
        told=tx.told.counts([one.id], since=now - timedelta(days=DAYS)).get(one.id, 0),
        days=DAYS,
        news=_news(one, tx, site, visit, alerts),
        stood=stood,
        feeds=feeds if whole else [],
        link=link,
        wrong=wrong,
        tomorrow=(visit.today + timedelta(days=1)).isoformat(),
        next_week=(visit.today + timedelta(days=7)).isoformat(),
    )


def _news(one: Subscription, tx: Transaction, site: Site, visit: Visit, alerts: list[StoredAlert]) -> list[News]:
    names, w, zone = site.desk.names, visit.words, site.desk.names.zone
    changes = tx.changes.get({alert.fact_change_id for alert in alerts})
    carried = tx.told.carried([alert.id for alert in alerts])
    measures = {number: tx.measures.get(number) for number in {alert.measure_id for alert in alerts}}
    found = []
    for alert in alerts:
        measure = measures[alert.measure_id]
        symbol = measure.threads[0] if measure.threads else ""
        messages = [
            w(f"mine.message.{each.state}", at=visit.dates.moment(each.at.astimezone(zone)))
            for each in carried.get(alert.id, ())
            if each.state in _STATES
        ]
        found.append(
            News(
                href=visit.measure(symbol),
                why=visit.path(f"mine/{one.id}/why?") + urlencode({"symbol": symbol}),
                symbol=clean(symbol),
                title=clean(title_of(measure.facts, 160)) or symbol,
                what=told_what(changes[alert.fact_change_id].change.kind.value, w.messages),
                on=visit.dates.day(alert.created_at.astimezone(zone).date()),
                because=clean(names.explained(alert.receipt.match, visit.language)),
                carried=tuple(dict.fromkeys(messages)),
                withdrawn=alert.withdrawn_at is not None,
            )
        )
    return found


_STATES = frozenset({"sent", "pending", "sending", "failed", "refused", "expired", "cancelled"})


def hours(one: Subscription, visit: Visit) -> str:
    """When it may be told, in words; "" if at any time."""
    w, rhythm = visit.words, one.rhythm
    parts = []
    if rhythm.weekday:
        parts.append(w("mine.hours.weekday", day=weekday_names(visit.language)[rhythm.weekday]))
    if rhythm.digest_at:
        parts.append(w("mine.hours.at", at=f"{rhythm.digest_at:%H:%M}"))
    if rhythm.quiet_from is not None and rhythm.quiet_until is not None:
        parts.append(w("mine.hours.quiet", start=f"{rhythm.quiet_from:%H:%M}", end=f"{rhythm.quiet_until:%H:%M}"))
    if rhythm.holidays:
        parts.append(w("mine.hours.holidays", country=rhythm.holidays))
    if rhythm.zone:
        parts.append(rhythm.zone)
    return w("semicolon").join(parts)
