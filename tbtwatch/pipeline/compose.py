"""What a reader is told: facts and changes of a measure put together with this reader's reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from notifiers.message import MeasureNews, Told, WhyYou, YourProducts
from rules.classification import Classification, Grade
from rules.product_areas import ProductArea
from subscriptions.choices import Choices
from subscriptions.criteria import FURTHER, Address, Criteria, Match, Refusal, Subscription
from subscriptions.deadlines import URGENT, Buffers, act_by, days_left
from subscriptions.way_words import way_words
from subscriptions.words import describe, explain
from tbtwatch.pipeline.demands import classed_kinds, inferred_codes, requirements, stage
from tbtwatch.storage import Transaction
from tbtwatch.storage.changes import StoredChange
from watcher.facts import facts_on
from watcher.markets import Markets
from watcher.measure import Measure
from watcher.notice import NoticeType
from watcher.reading_order import type_of

KINDS = {
    "2.9": "technical_regulation",
    "2.10": "technical_regulation",
    "3.2": "technical_regulation",
    "5.6": "conformity_procedure",
    "5.7": "conformity_procedure",
    "7.2": "conformity_procedure",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What codes are called in the reader's language, and how the place reckons."""

    markets: Markets
    areas: Mapping[str, ProductArea]
    zone: ZoneInfo
    buffer_days: int
    choices: Choices = field(default_factory=Choices)
    market_buffers: Mapping[str, int] = field(default_factory=dict)  #: by a Member's code, where it is another
    remind_hour: int = 9  #: of the place's own day

    @property
    def buffers(self) -> Buffers:
        """How long before a deadline the enquiry points want comments."""
        return Buffers(ordinary=self.buffer_days, by_market=self.market_buffers)

    @property
    def area_names(self) -> Mapping[str, Mapping[str, str]]:
        """The names of all product areas, by key and language."""
        return {key: area.names for key, area in self.areas.items()}

    def described(self, criteria: Criteria, language: str) -> str:
        """A standing question in plain words, one line."""
        return describe(criteria, language, self.markets, self.area_names, self.choices)

    def explained(self, answer: Match | Refusal, language: str) -> str:
        """Why a measure fits a subscription or does not, as one sentence for the subscriber."""
        return explain(answer, language, self.markets, self.area_names, self.choices)

    def in_use(self, measure: Measure, reasons: Sequence[Reason], language: str) -> dict[str, str]:
        """The names of all that the receipts of these reasons may speak of: "EAC", "toys", "scheme:ce"."""
        markets = set(measure.facts.notifying_members)
        areas: set[str] = set()
        for reason in reasons:
            markets |= reason.subscription.criteria.markets
            areas |= reason.subscription.criteria.areas
        named = {market: self.markets.name(market, language) for market in markets}
        further = {
            f"{condition.part}:{condition.asked}": self.choices.name(condition.part, condition.asked, language)
            for reason in reasons
            for condition in reason.match.conditions
            if condition.part in FURTHER
        }
        return {**named, **{key: self.area(key, language) for key in areas}, **further}

    def area(self, key: str, language: str) -> str:
        """The name of a product area."""
        area = self.areas.get(key)
        return key if area is None else area.name(language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A subscription of this reader, and why the measure fits it."""

    subscription: Subscription
    match: Match
    way: str = ""  #: how the address is told, in words, if each address of the subscription has its own ways

    def told_at(self, address: Address, language: str) -> Reason:
        """The same reason, for the reader at that address."""
        way = way_words(self.subscription, address, language)
        return replace(self, way=way) if way else self


def kinds_of(legal_basis: Iterable[str]) -> tuple[str, ...]:
    """Technical regulation, conformity assessment procedure, urgent: from the articles notified under."""
    found = [kind for article in legal_basis for prefix, kind in KINDS.items() if article.startswith(prefix)]
    if any(article in URGENT for article in legal_basis):
        found.append("urgent")
    return tuple(dict.fromkeys(found))


def first_recorded(measure: Measure) -> str:
    """What the first document recorded of a measure is, if it is a later one: "addendum"; "" for the first text."""
    kind = type_of(measure.notices[0]) if measure.notices else NoticeType.REGULAR
    return "" if kind is NoticeType.REGULAR else kind.value


def news_of(
    measure: Measure,
    classification: Classification,
    changes: Sequence[StoredChange],
    reasons: Sequence[Reason],
    *,
    names: Names,
    language: str,
    told: Sequence[Told],
    today: date,
) -> MeasureNews:
    """The news of one measure for one reader."""
    assert measure.id is not None
    facts = facts_on(measure.facts, today)
    ordered = tuple(stored.change for stored in sorted(changes, key=lambda stored: stored.id))
    newest = next((n for n in reversed(measure.notices) if set(n.symbols) & set(ordered[-1].symbols)), None)
    deadline = facts.comment_deadline
    left = days_left(deadline, today)
    return MeasureNews(
        measure=measure.id,
        symbols=newest.symbols if newest else ordered[-1].symbols,
        thread_symbols=measure.threads,
        facts=facts,
        markets=tuple(names.markets.name(member, language) for member in facts.notifying_members),
        areas=tuple(
            names.area(found.area, language) for found in classification.areas if found.grade.at_least(Grade.PROBABLE)
        ),
        kinds=kinds_of(facts.legal_basis),
        classed_kinds=classed_kinds(classification, names.choices, language),
        stage=stage(classification),
        requirements=requirements(classification, names.choices, language),
        inferred=inferred_codes(classification),
        changes=ordered,
        grade=min((reason.match.grade for reason in reasons), key=lambda grade: grade.rank),
        why=tuple(
            WhyYou(
                subscription=reason.subscription.id,
                name=reason.subscription.name,
                grade=reason.match.grade,
                conditions=reason.match.conditions,
                way=reason.way,
            )
            for reason in sorted(reasons, key=lambda reason: reason.subscription.id)
        ),
        names=names.in_use(measure, reasons, language),
        act_by=act_by(deadline, names.buffers.of(facts.notifying_members)),
        told=tuple(told),
        days_left=left,
        later=first_recorded(measure),
        products=your_products(reasons),
    )


def your_products(reasons: Iterable[Reason]) -> tuple[YourProducts, ...]:
    """The reader's products that the receipts name: each enterprise's once, and by its name if there are several."""
    found: dict[str, YourProducts] = {}
    enterprises: set[str] = set()
    for reason in sorted(reasons, key=lambda reason: reason.subscription.id):
        whose, match = reason.subscription.enterprise, reason.match
        enterprises.add(whose)
        if match.products and whose not in found:
            found[whose] = YourProducts(enterprise=whose, named=match.products, further=match.further_products)
    several = len(enterprises) > 1
    return tuple(one if several else replace(one, enterprise="") for one in found.values())


def told_before(tx: Transaction, channel: str, target: str, measure_id: int, zone: ZoneInfo) -> tuple[Told, ...]:
    """What this address was told of the measure before."""
    return told_on(tx.alerts.told_to(channel, target, measure_id), zone)


def told_to_each(tx: Transaction, measure_id: int, zone: ZoneInfo) -> dict[tuple[str, str], tuple[Told, ...]]:
    """The same for every address that was told of the measure, by channel and target."""
    return {place: told_on(said, zone) for place, said in tx.alerts.told_to_each(measure_id).items()}


def told_on(said: Iterable[tuple[datetime, str]], zone: ZoneInfo) -> tuple[Told, ...]:
    """What was said when, as it is told: each kind of news once for a day."""
    return tuple(dict.fromkeys(Told(on=_day(when, zone), what=kind) for when, kind in said))


def _day(when: datetime, zone: ZoneInfo) -> date:
    return when.astimezone(zone).date()
