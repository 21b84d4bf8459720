"""Start and end subscriptions, and say why a measure reached one or did not."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from subscriptions.criteria import Address, Criteria, Frequency, Match, Refusal, Subscription
from subscriptions.matching import read
from subscriptions.validation import check
from tbtwatch.pipeline.alert import Desk, current_classification
from tbtwatch.pipeline.compose import Names
from tbtwatch.storage.types import to_json
from watcher.measure import ChangeKind, Measure
from watcher.symbol import SymbolError, parse_symbol

LANGUAGES = ("zh", "en")
COMMON_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A subscription, and whether it was there already."""

    subscription: Subscription
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a measure fits a subscription or not, and what came of it."""

    subscription: Subscription
    measure: Measure
    answer: Match | Refusal
    told: tuple[tuple[datetime, ChangeKind], ...]  #: the news it was owed, and when
    silent: bool  #: all of the measure's news was recorded in silence (seeding, import)
    before: bool  #: all of the measure's news was older than the subscription


def start(
    *,
    enterprise: str,
    name: str,
    criteria: Criteria,
    frequency: Frequency,
    language: str,
    addresses: tuple[Address, ...],
    desk: Desk,
) -> Started:
    """Start a subscription; the same asked twice adds the addresses to the one that is there. Raises CriteriaError."""
    checked = to_the_common_digits(check(criteria, desk.names.markets, desk.names.area_names))
    asked = json.dumps([to_json(Criteria, checked), frequency.value, language], sort_keys=True, ensure_ascii=False)
    key = hashlib.sha256(asked.encode()).hexdigest()
    with desk.storage.begin() as tx:
        # Only now what time it is: while this waited its turn, news may have been told to those who were there.
        tx.subscriptions.wait_for_turn()
        now = desk.clock()
        added = tx.subscriptions.add(
            enterprise=enterprise,
            name=name or short_name(checked, language, desk.names),
            criteria=checked,
            criteria_key=key,
            frequency=frequency,
            language=language,
            addresses=addresses,
            token=secrets.token_urlsafe(18),
            now=now,
        )
        if added is not None:
            return Started(subscription=added, new=True)
        known = tx.subscriptions.live_like(enterprise, key)
        assert known is not None
        tx.subscriptions.add_addresses(known, addresses)
        return Started(subscription=tx.subscriptions.get(known), new=False)


def short_name(criteria: Criteria, language: str, names: Names) -> str:
    """What a subscription is called that was given no name: "Kenya · HS 22"."""
    markets = sorted(names.markets.name(market, language) for market in criteria.markets)
    products = [
        *(f"HS {code}" for code in sorted(criteria.hs)),
        *(f"ICS {code}" for code in sorted(criteria.ics)),
        *(names.area(area, language) for area in sorted(criteria.areas)),
        *sorted(criteria.keywords),
    ]
    parts = [_few(markets), _few(products)]
    return " · ".join(part for part in parts if part)


def _few(words: list[str]) -> str:
    more = f" +{len(words) - 3}" if len(words) > 3 else ""
    return ", ".join(words[:3]) + more


def to_the_common_digits(criteria: Criteria) -> Criteria:
    """The HS codes cut to the six digits all countries share.

    An exporter writes the 10 digits of the Chinese tariff; the last four mean something else in every other country,
    so that no measure would ever fit.
    """
    return replace(criteria, hs=frozenset(code[:COMMON_DIGITS] for code in criteria.hs))


def end(which: str, *, reason: str, desk: Desk) -> Subscription:
    """End a subscription by its number or the secret from its mails. Raises LookupError."""
    now = desk.clock()
    with desk.storage.begin() as tx:
        by_token = tx.subscriptions.by_token(which)
        if by_token is None and not which.isdecimal():
            raise LookupError(f"{which!r} is neither a subscription's number nor the code from one of its mails")
        id_ = by_token.id if by_token else int(which)
        ended = tx.subscriptions.end(id_, reason=reason, now=now)
        tx.outbox.cancel_for_ended(id_, now=now, reason=f"the subscription was ended: {reason}")
    return ended


def find_measure(symbol: str, *, desk: Desk) -> Measure:
    """The measure a symbol belongs to, however it is written. Raises LookupError with a sentence."""
    try:
        parsed = parse_symbol(symbol)
        issuer, wanted = "WTO", [str(parsed.base)]
    except SymbolError:
        issuer, wanted = "", [symbol.strip()]
    with desk.storage.look() as tx:
        ids = tx.measures.of_threads(issuer, wanted) if issuer else tx.measures.by_any_symbol(wanted[0])
        if not ids:
            raise LookupError(f"no measure with the symbol {symbol.strip()} is known; `tbtwatch measures` lists them")
        return tx.measures.get(ids[0])


def why(subscription_id: int, symbol: str, *, desk: Desk) -> Why:
    """Why a measure fits a subscription or does not. Raises LookupError."""
    measure = find_measure(symbol, desk=desk)
    assert measure.id is not None
    with desk.storage.begin() as tx:
        subscription = tx.subscriptions.get(subscription_id)
        classification = current_classification(measure, tx, desk.rulebook, desk.clock())
        answer = read(subscription, measure, classification, desk.names.markets)
        changes = tx.changes.of_measure(measure.id)
        kinds = {stored.id: stored.change.kind for stored in changes}
        alerts = tx.alerts.of_subscription(subscription_id, measure.id)
        news = [stored for stored in changes if not stored.silent]
    return Why(
        subscription=subscription,
        measure=measure,
        answer=answer,
        told=tuple((alert.created_at, kinds[alert.fact_change_id]) for alert in alerts),
        silent=not news,
        before=bool(news) and all(stored.noticed_at < subscription.started_at for stored in news),
    )
