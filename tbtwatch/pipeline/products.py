"""A product list is given, changed or cut: what is on it, and the subscriptions that follow from it.

The whole of it is one transaction: the products, the subscriptions that change, start and end. A subscription that
changes does so by a version, as any other change (`tbtwatch.pipeline.change`), so that no fact is lost or told twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

import structlog

from subscriptions.criteria import Address, Criteria, Frequency, Subscription
from subscriptions.derived import Derived, Standing, Watched, derive
from subscriptions.derived_words import is_derived_name, name_of
from subscriptions.product import Product
from subscriptions.product_list import near_skus
from subscriptions.rhythm import Rhythm
from tbtwatch.pipeline.alert import Desk, raise_alerts
from tbtwatch.pipeline.change import Edit, change_within
from tbtwatch.pipeline.digest_writing import catch_up
from tbtwatch.pipeline.expected import Expected
from tbtwatch.pipeline.subscribe import refuse_suppressed, start_within
from tbtwatch.storage import Transaction
from tbtwatch.storage.products import StoredProduct

log = structlog.get_logger()

#: What the reason of a subscription begins with that the list itself has ended.
BY_LIST = "product list of "


class ListChangeError(ValueError):
    """A list that cannot be kept as it was given; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How the derived subscriptions are answered; None: as they are, or as usual where there are none."""

    addresses: tuple[Address, ...] | None = None
    frequency: Frequency | None = None
    language: str | None = None
    rhythm: Callable[[Rhythm], Rhythm] | None = None
    standards: bool | None = None  #: whether measures that cite a standard of the list are watched for too


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A derived subscription, as it is to be."""

    by: Watched
    name: str
    criteria: Criteria
    products: int
    before: Subscription | None  #: None: it is new
    after: Subscription | None  #: as it is to be

    @property
    def changes(self) -> bool:
        """Whether anything of it is different."""
        return self.before is None or self.after != self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a list comes to."""

    enterprise: str
    products: tuple[Product, ...]  #: all that are on it then
    added: tuple[Product, ...]
    removed: tuple[Product, ...]
    changed: tuple[tuple[Product, Product], ...]  #: before, after
    subscriptions: tuple[Planned, ...]
    ending: tuple[Subscription, ...]
    addresses: tuple[Address, ...]
    frequency: Frequency
    language: str
    rhythm: Rhythm

    @property
    def unchanged(self) -> int:
        """How many products are as they were."""
        return len(self.products) - len(self.added) - len(self.changed)

    @property
    def does_anything(self) -> bool:
        """Whether anything would be different."""
        moved = any(one.changes for one in self.subscriptions)
        return bool(self.added or self.removed or self.changed or self.ending or moved)

    def question(self, one: Planned, *, now: datetime) -> Subscription:
        """One of its subscriptions as a question that is not saved, to be weighed."""
        return Subscription(
            id=0,
            enterprise=self.enterprise,
            name=one.name,
            criteria=one.criteria,
            frequency=self.frequency,
            language=self.language,
            addresses=self.addresses,
            rhythm=self.rhythm,
            started_at=now,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A list that was kept."""

    plan: Plan
    started: tuple[Subscription, ...] = ()
    changed: tuple[Subscription, ...] = ()
    ended: tuple[Subscription, ...] = ()


def plan(
    enterprise: str,
    products: Sequence[Product],
    *,
    desk: Desk,
    wishes: Wishes = Wishes(),
    add: bool = False,
) -> Plan:
    """What it would come to; nothing is written. `add`: what is on the list already stays on it.

    Raises ListChangeError with a sentence.
    """
    with desk.storage.look() as tx:
        return _plan(enterprise, products, tx=tx, desk=desk, wishes=wishes, add=add)


def save(
    enterprise: str,
    products: Sequence[Product],
    *,
    by: str,
    desk: Desk,
    wishes: Wishes = Wishes(),
    add: bool = False,
    shown: Plan | None = None,
    expected: Mapping[Criteria, Expected] = MappingProxyType({}),
) -> Saved:
    """Keep the list, all of it or nothing. `shown`: only if it still comes to that.

    `expected`: what its questions are forecast to bring, to be kept with them.

    Raises ListChangeError, ChangeError, CriteriaError and SuppressedError with sentences.
    """
    if plan(enterprise, products, desk=desk, wishes=wishes, add=add).ending:
        # What an ended subscription had asked for is judged no more: a code may have gone on to another one since.
        with desk.storage.look() as tx:
            waiting = tx.changes.measures_waiting()
        for measure in waiting:
            raise_alerts(measure, desk=desk)
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        now = desk.clock()
        made = _plan(enterprise, products, tx=tx, desk=desk, wishes=wishes, add=add)
        if shown is not None and made != shown:
            raise ListChangeError(
                "the list or its subscriptions were changed by somebody else meanwhile; look at it again, then save"
            )
        saved = _write(made, wishes, by, tx, desk, now, expected)
    log.info(
        "product_list_saved",
        enterprise=enterprise,
        added=len(made.added),
        removed=len(made.removed),
        changed=len(made.changed),
        by=by,
    )
    return saved


def remove(enterprise: str, skus: Sequence[str], *, desk: Desk) -> tuple[list[Product], list[Product]]:
    """The list without these, and these. Raises LookupError with a sentence for one that is not on it."""
    there = {one.product.sku: one.product for one in listed(enterprise, desk=desk)}
    for sku in skus:
        if sku not in there:
            near = near_skus(sku, there)
            hint = f"did you mean {' or '.join(map(repr, near))}?" if near else "`tbtwatch products list` lists them"
            raise LookupError(f"{enterprise} has no product {sku!r} on its list; {hint}")
    return [one for sku, one in there.items() if sku not in skus], [there[sku] for sku in skus]


def listed(enterprise: str, *, desk: Desk) -> list[StoredProduct]:
    """The products of an enterprise. Raises LookupError with a sentence."""
    with desk.storage.look() as tx:
        return tx.products.live(known_enterprise(enterprise, tx))


def known_enterprise(enterprise: str, tx: Transaction) -> int:
    """The number of an enterprise. Raises LookupError with a sentence."""
    found = tx.subscriptions.find_enterprise(enterprise.strip())
    if found is None:
        near = near_skus(enterprise, tx.proofs.names())
        hint = f"did you mean {near[0]!r}?" if near else "`tbtwatch products list` names those with a product list"
        raise LookupError(f"there is no enterprise {enterprise!r}; {hint}")
    return found


def _plan(
    enterprise: str, products: Sequence[Product], *, tx: Transaction, desk: Desk, wishes: Wishes, add: bool
) -> Plan:
    id_ = tx.subscriptions.find_enterprise(enterprise)
    before = {one.product.sku: one.product for one in tx.products.live(id_)} if id_ is not None else {}
    given = {one.sku: one for one in products}
    now = {**before, **given} if add else given
    following = tx.products.following(id_) if id_ is not None else {}
    there = tx.subscriptions.some(following)
    standing = [_standing(there[id_], by) for id_, by in sorted(following.items())]
    standards = wishes.standards if wishes.standards is not None else Watched.STANDARDS in following.values()
    derived = derive(tuple(now.values()), standing, standards=standards)
    first = there[min(there)] if there else None
    language = wishes.language or (first.language if first else "zh")
    rhythm = first.rhythm if first else Rhythm()
    made = Plan(
        enterprise=enterprise,
        products=tuple(now.values()),
        added=tuple(one for sku, one in now.items() if sku not in before),
        removed=tuple(one for sku, one in before.items() if sku not in now),
        changed=tuple((before[sku], one) for sku, one in now.items() if sku in before and before[sku] != one),
        subscriptions=tuple(_planned(one, there, wishes, language, desk) for one in derived.wanted),
        ending=tuple(there[id_] for id_ in derived.ending),
        addresses=wishes.addresses or _together(there.values()),
        frequency=wishes.frequency or (first.frequency if first else Frequency.IMMEDIATE),
        language=language,
        rhythm=wishes.rhythm(rhythm) if wishes.rhythm else rhythm,
    )
    if not made.addresses and made.subscriptions:
        raise ListChangeError("nobody would be told: give --email ADDRESS, --telegram CHAT_ID or --file FOLDER")
    if id_ is not None and wishes.addresses is None:
        _refuse_those_who_left(made, id_, tx)
    return made


def _standing(one: Subscription, by: Watched) -> Standing:
    asked = one.criteria.hs if by is Watched.CODES else one.criteria.standards
    return Standing(subscription=one.id, by=by, markets=one.criteria.markets, asked=asked)


def _together(several: Iterable[Subscription]) -> tuple[Address, ...]:
    found = {address for one in several for address in one.addresses}
    return tuple(sorted(found, key=lambda one: (one.channel, one.target)))


def _planned(one: Derived, there: dict[int, Subscription], wishes: Wishes, language: str, desk: Desk) -> Planned:
    before = there[one.subscription] if one.subscription is not None else None
    criteria = replace(before.criteria if before else Criteria(), markets=one.markets)
    by_codes = one.by is Watched.CODES
    criteria = replace(criteria, hs=one.asked) if by_codes else replace(criteria, standards=one.asked)
    speech = wishes.language or (before.language if before else language)
    name = name_of(one.markets, one.products, speech, desk.names.markets)
    if one.by is Watched.STANDARDS:
        name += "：执行标准" if speech == "zh" else ", standards"
    if before is not None and not is_derived_name(before.name):
        name = before.name
    after = _edit(criteria, name, wishes, before).of(before) if before is not None else None
    return Planned(by=one.by, name=name, criteria=criteria, products=one.products, before=before, after=after)


def _edit(criteria: Criteria, name: str, wishes: Wishes, before: Subscription) -> Edit:
    return Edit(
        criteria=criteria,
        name=name,
        frequency=wishes.frequency,
        language=wishes.language,
        addresses=wishes.addresses,
        rhythm=wishes.rhythm(before.rhythm) if wishes.rhythm else None,
    )


def _refuse_those_who_left(made: Plan, enterprise_id: int, tx: Transaction) -> None:
    """What a reader has unsubscribed from is not subscribed to again without a word on who is to be told."""
    left = {id_: why for id_, why in tx.products.left(enterprise_id).items() if not why[0].startswith(BY_LIST)}
    watched = {
        value
        for one in made.subscriptions
        if one.before is not None
        for value in (one.before.criteria.hs | one.before.criteria.standards)
    }
    for id_, one in sorted(tx.subscriptions.some(left).items()):
        anew = {
            value
            for planned in made.subscriptions
            for value in (planned.criteria.hs | planned.criteria.standards) - watched
        }
        if anew & (one.criteria.hs | one.criteria.standards):
            reason, at = left[id_]
            raise ListChangeError(
                f"subscription {id_} of this list was ended on {at:%Y-%m-%d} ({reason}), and its products would be "
                "watched again: say who is to be told, with --email ADDRESS, or take them off the list"
            )


def _write(
    made: Plan,
    wishes: Wishes,
    by: str,
    tx: Transaction,
    desk: Desk,
    now: datetime,
    expected: Mapping[Criteria, Expected],
) -> Saved:
    day = now.astimezone(desk.names.zone).date()
    counts = (("added", made.added), ("removed", made.removed), ("changed", made.changed))
    said = ", ".join(f"{len(several)} {name}" for name, several in counts if several) or "answered otherwise"
    why = f"{BY_LIST}{day}: {said}"
    refuse_suppressed(made.addresses, tx)
    enterprise_id = tx.subscriptions.enterprise(made.enterprise, now=now)
    gone = [one.sku for one in made.removed] + [before.sku for before, _ in made.changed]
    tx.products.take(enterprise_id, gone, why=why, now=now)
    tx.products.add(enterprise_id, [*made.added, *(after for _, after in made.changed)], now=now)
    ended = []
    for one in made.ending:
        _tell_what_is_owed(one, tx, desk, now)
        reason = f"{BY_LIST}{day}: nothing it asked for is on the list any more"
        ended.append(tx.subscriptions.end(one.id, reason=reason, now=now))
    changed, started = [], []
    for planned in made.subscriptions:
        if planned.before is not None and planned.changes:
            edit = _edit(planned.criteria, planned.name, wishes, planned.before)
            done = change_within(
                planned.before.id,
                edit,
                why=why,
                by=by,
                tx=tx,
                desk=desk,
                now=now,
                expected=expected.get(planned.criteria),
            )
            changed += [done.after] if done.different else []
    for planned in made.subscriptions:
        if planned.before is None:
            new = start_within(
                tx=tx,
                enterprise=made.enterprise,
                name=planned.name,
                criteria=planned.criteria,
                frequency=made.frequency,
                language=made.language,
                addresses=made.addresses,
                desk=desk,
                rhythm=made.rhythm,
                now=now,
                expected=expected.get(planned.criteria),
            )
            if new.new:  # else somebody asks just that by hand, and it stays theirs
                tx.products.follow(new.subscription.id, planned.by)
            started.append(new.subscription)
    return Saved(plan=made, started=tuple(started), changed=tuple(changed), ended=tuple(ended))


def _tell_what_is_owed(one: Subscription, tx: Transaction, desk: Desk, now: datetime) -> None:
    """What it waits for a digest or a pause to tell is told now: after its end nobody would.

    It ends because the list has changed, not because its reader has had enough.
    """
    everywhere = {*tx.moving.waiting_for_digest(one.id), *tx.moving.untold(one.id)}
    by_way: dict[Address, set[int]] = {}
    for waiting in tx.alert_ways.waiting(one.id):
        by_way.setdefault(waiting.address, set()).add(waiting.alert)
    for address in one.addresses:
        here = everywhere | by_way.get(address, set())
        owed = sorted(tx.alerts.some(sorted(here)), key=lambda alert: alert.id)
        catch_up(one, owed, reason="product list", addresses=(address,), tx=tx, desk=desk, now=now)
