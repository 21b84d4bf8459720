"""Calendars and feeds by secret link: made, revoked, and what they show of what an enterprise was told.

An event of a calendar is one day of a measure; its number and its sequence are the same for whoever looks, and are
written down when a day or a status that was shown before is another. So a calendar program moves the event it has,
and strikes it out when the measure is withdrawn or the day is given up.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from notifiers.atom import Entry, atom_text
from notifiers.calendar import Event, calendar_text
from notifiers.dates import Dates
from notifiers.headline import head
from notifiers.message import MeasureNews, YourProducts
from notifiers.sheet import change_lines, first_symbol, market_line, title
from notifiers.wording import Words, offered
from notifiers.your_products import your_products_in_short
from rules.classification import Grade
from subscriptions.deadlines import act_by
from tbtwatch import __version__
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.compose import Reason, news_of
from tbtwatch.storage import Transaction
from tbtwatch.storage.alerts import StoredAlert
from tbtwatch.storage.feeds import Feed, StoredEvent
from watcher.dates import DateFact, DateQuality, Precision
from watcher.facts import facts_on
from watcher.measure import Facts, Measure, MeasureStatus

MOST_MEASURES = 1000
MOST_ENTRIES = 100
KEPT_FOR = timedelta(days=366)  # how long a day that is over stays in the calendar
CALENDAR, ATOM = "ics", "atom"
CONFIRMED, TENTATIVE, CANCELLED = "CONFIRMED", "TENTATIVE", "CANCELLED"
ACT_BY, DEADLINE, ENTRY = "act_by", "deadline", "entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a link shows."""

    feed: Feed | None  #: None: there is no such link
    version: str = ""  #: the same as long as the text is
    text: str | None = None  #: None: it is as the asker has it, or the link is revoked


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """A day of a measure as it stands."""

    kind: str
    day: date
    status: str
    fact: DateFact


def make_feed(
    *, enterprise: str, subscription_id: int | None, language: str, name: str, by: str, desk: Desk
) -> tuple[Feed, str]:
    """A new link, and its token, which is told this once. Raises LookupError."""
    token = secrets.token_urlsafe(32)
    with desk.storage.begin() as tx:
        enterprise_id = tx.subscriptions.find_enterprise(enterprise)
        if enterprise_id is None:
            raise LookupError(f"there is no enterprise {enterprise!r}; `tbtwatch subscriptions` lists them")
        if subscription_id is not None and tx.subscriptions.get(subscription_id).enterprise != enterprise:
            raise LookupError(f"subscription {subscription_id} is not one of {enterprise}")
        id_ = tx.feeds.add(
            token,
            enterprise_id=enterprise_id,
            subscription_id=subscription_id,
            language=language,
            name=name or enterprise,
            by=by,
            now=desk.clock(),
        )
        return tx.feeds.get(id_), token


def show(token: str, form: str, *, known: str = "", desk: Desk) -> Shown:
    """What a link shows in this form: "ics", "atom". `known`: the version that the asker has."""
    now = desk.clock()
    today = now.astimezone(desk.names.zone).date()
    with desk.storage.look() as tx:
        feed = tx.feeds.by_token(token)
        if feed is None or feed.revoked_at is not None:
            return Shown(feed=feed)
        version = _version(tx.feeds.state(feed), form, today, desk)
        if version == known:
            return Shown(feed=feed, version=version)
        if form == ATOM:
            return Shown(feed=feed, version=version, text=_atom(feed, tx, desk, today))
        measures = tx.measures.several(tx.feeds.measures(feed, limit=MOST_MEASURES))
        numbers = [one.id for one in measures if one.id is not None]
        stored, told = tx.feeds.events(numbers), tx.feeds.last_told(feed, numbers)
    if any(_changed(measures, stored, today, now, desk)):
        with desk.storage.begin() as tx:
            tx.one_at_a_time(FEEDS_LOCK)
            stored = tx.feeds.events(numbers)
            for event in _changed(measures, stored, today, now, desk):
                tx.feeds.show(event)
                stored[event.measure_id, event.kind] = event
    return Shown(feed=feed, version=version, text=_calendar(feed, measures, stored, told, today, desk))


FEEDS_LOCK = 7_261_541  # one process at a time writes down what calendars are shown


def _version(state: tuple[object, ...], form: str, today: date, desk: Desk) -> str:
    buffers = [desk.names.buffer_days, sorted(desk.names.market_buffers.items())]
    said = json.dumps([__version__, form, today.isoformat(), buffers, *map(str, state)])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


# --- calendars


def _days(facts: Facts, desk: Desk) -> Iterator[_Day]:
    """The days of a measure that stand in calendars."""
    fact = facts.comment_deadline
    withdrawn = facts.status is MeasureStatus.WITHDRAWN
    by = act_by(fact, desk.names.buffers.of(facts.notifying_members))
    if fact.value is not None and by is not None:
        if by != fact.value:
            yield _Day(kind=ACT_BY, day=by, status=_status(fact, withdrawn), fact=fact)
        yield _Day(kind=DEADLINE, day=fact.value, status=_status(fact, withdrawn), fact=fact)
    entry = facts.in_force_on if facts.in_force_on.value is not None else facts.proposed_entry_into_force
    if entry.value is not None:
        yield _Day(kind=ENTRY, day=entry.value, status=_status(entry, withdrawn), fact=entry)


def _status(fact: DateFact, withdrawn: bool) -> str:
    if withdrawn:
        return CANCELLED
    sure = fact.quality is DateQuality.STATED and fact.precision is Precision.DAY
    return CONFIRMED if sure else TENTATIVE


def _changed(
    measures: Iterable[Measure],
    stored: Mapping[tuple[int, str], StoredEvent],
    today: date,
    now: datetime,
    desk: Desk,
) -> Iterator[StoredEvent]:
    """The events that are to be shown otherwise than they were, or for the first time."""
    for measure in measures:
        assert measure.id is not None
        days = {one.kind: one for one in _days(facts_on(measure.facts, today), desk)}
        for kind in (ACT_BY, DEADLINE, ENTRY):
            was, is_now = stored.get((measure.id, kind)), days.get(kind)
            if is_now is None and (was is None or was.status == CANCELLED):
                continue
            # A day that is given up keeps its place, struck out.
            day, status = (is_now.day, is_now.status) if is_now else (was.day if was else today, CANCELLED)
            if was is not None and (was.day, was.status) == (day, status):
                continue
            if was is None and status == CANCELLED:
                continue  # nobody was shown it
            yield StoredEvent(
                measure_id=measure.id,
                kind=kind,
                day=day,
                status=status,
                sequence=was.sequence + 1 if was else 0,
                stamped_at=now,
            )


def _calendar(
    feed: Feed,
    measures: Sequence[Measure],
    stored: Mapping[tuple[int, str], StoredEvent],
    told: Mapping[int, StoredAlert],
    today: date,
    desk: Desk,
) -> str:
    words = Words(offered(feed.language))
    events: list[Event] = []
    for measure in measures:
        assert measure.id is not None
        facts = facts_on(measure.facts, today)
        days = {one.kind: one for one in _days(facts, desk)}
        yours = _products(told.get(measure.id))
        for kind in (ACT_BY, DEADLINE, ENTRY):
            event = stored.get((measure.id, kind))
            if event is not None and event.day >= today - KEPT_FOR:
                events.append(_event(event, measure, facts, days.get(kind), yours, words, desk))
    events.sort(key=lambda event: (event.day, event.uid))
    return calendar_text(events, name=words("feed.calendar", name=feed.name))


def _products(alert: StoredAlert | None) -> tuple[YourProducts, ...]:
    """The products of the link's enterprise that the receipt of what it was told names."""
    if alert is None:
        return ()
    match = alert.receipt.match
    return (YourProducts(named=match.products, further=match.further_products),)


def _event(
    event: StoredEvent,
    measure: Measure,
    facts: Facts,
    day: _Day | None,
    yours: tuple[YourProducts, ...],
    words: Words,
    desk: Desk,
) -> Event:
    news = replace(_bare_news(measure, facts, words, desk), products=yours)
    # The year is always written: the text must not change with the day it is read on.
    dates = Dates(words, date(1, 1, 1))
    symbol = first_symbol(news)
    summary = words(f"feed.{event.kind}", measure=f"{market_line(news, words)} · {title(news, words, 120)}")
    lines = [title(news, words, 400) + (f" [{symbol}]" if symbol else ""), market_line(news, words)]
    if day is not None:
        field = words("field.proposed_entry_into_force" if event.kind == ENTRY else "field.comment_deadline")
        lines.append(field + words("colon") + words.note(*dates.fact(day.fact)))
    lines += filter(None, [your_products_in_short(news, words)])
    if event.status == CANCELLED:
        summary = words("feed.cancelled", summary=summary)
        lines.append(words(f"status.{facts.status}"))
    return Event(
        uid=f"{event.kind}.{event.measure_id}@{desk.mail_domain}",
        day=event.day,
        summary=summary,
        description="\n".join(lines),
        link=facts.page or "",
        status=event.status,
        sequence=event.sequence,
        stamped_at=event.stamped_at,
    )


def _bare_news(measure: Measure, facts: Facts, words: Words, desk: Desk) -> MeasureNews:
    """A measure as messages name it, without any news."""
    assert measure.id is not None
    names = desk.names.markets
    return MeasureNews(
        measure=measure.id,
        symbols=measure.threads,
        thread_symbols=measure.threads,
        facts=facts,
        markets=tuple(names.name(member, words.language) for member in facts.notifying_members),
        areas=(),
        changes=(),
        grade=Grade.DIRECT,
        why=(),
    )


# --- Atom


def _atom(feed: Feed, tx: Transaction, desk: Desk, today: date) -> str:
    words = Words(offered(feed.language))
    dates = Dates(words, date(1, 1, 1))
    alerts = tx.feeds.alerts(feed, limit=3 * MOST_ENTRIES)
    by_change = {alert.fact_change_id: alert for alert in alerts}  # of several the first that was told
    changes = tx.changes.get(set(by_change))
    measures = {one.id: one for one in tx.measures.several(sorted({one.measure_id for one in by_change.values()}))}
    entries = []
    for change_id, alert in sorted(by_change.items(), key=lambda pair: pair[1].id, reverse=True)[:MOST_ENTRIES]:
        measure = measures.get(alert.measure_id)
        if measure is None or change_id not in changes:
            continue
        subscription = tx.subscriptions.get(alert.subscription_id)
        news = news_of(
            measure,
            alert.receipt.classification,
            [changes[change_id]],
            [Reason(subscription=subscription, match=alert.receipt.match)],
            names=desk.names,
            language=words.language,
            told=(),
            today=today,
        )
        fact = news.facts.comment_deadline
        lines = [
            *(line.text(words) for line in change_lines(news, dates, most=5)),
            words("field.comment_deadline") + words("colon") + words.note(*dates.fact(fact)),
            *filter(None, [your_products_in_short(news, words)]),
            words("why") + words("colon") + words.quote(subscription.name),
        ]
        symbol = first_symbol(news)
        entries.append(
            Entry(
                id=f"tag:{desk.mail_domain},2026:change/{change_id}",
                title=f"{market_line(news, words)} · {title(news, words, 160)}" + (f" [{symbol}]" if symbol else ""),
                text="\n".join([head(news, words), *lines]),
                link=news.facts.page or "",
                updated=alert.created_at,
            )
        )
    return atom_text(
        entries,
        id=f"tag:{desk.mail_domain},2026:feed/{feed.id}",
        title=words("feed.atom", name=feed.name),
        language=words.tag,
        updated=feed.made_at,
    )
