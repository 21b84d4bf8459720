"""The subscriptions that follow from a product list, and how they follow when the list changes.

Each code (and, if wanted, each standard) is watched in the markets of the products that have it, and in no other: a
product sold in A must not bring news of B. Codes with the same markets make one subscription.

When the list changes, a code stays with the subscription that watched it, whatever its markets become. News that was
noticed before the change is judged by the subscription as it stood then; were two subscriptions made into one, what
only the ended one had asked would be lost. So a subscription ends only when nothing it asked for is on the list any
more, and two may come to have the same markets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from subscriptions.affected import numbers_held, watched_codes
from subscriptions.product import Product


class Watched(StrEnum):
    """What a derived subscription asks by."""

    CODES = "codes"
    STANDARDS = "standards"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A derived subscription that there is."""

    subscription: int
    by: Watched
    markets: frozenset[str]
    asked: frozenset[str]  #: codes or standards


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A subscription as the list wants it."""

    by: Watched
    markets: frozenset[str]
    asked: frozenset[str]
    products: int  #: of which so many have one of these codes in one of these markets
    subscription: int | None = None  #: the one that becomes it; None: a new one


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """All that follows from a list."""

    wanted: tuple[Derived, ...]
    ending: tuple[int, ...]  #: subscriptions of which nothing is left


def derive(products: Sequence[Product], standing: Sequence[Standing] = (), *, standards: bool = False) -> Derivation:
    """The subscriptions of a list; those that are there go on with what they watch already."""
    wanted: list[Derived] = []
    ending: list[int] = []
    for by in Watched:
        here = [one for one in standing if one.by is by]
        having = _having(products, by) if by is Watched.CODES or standards else {}
        where = {value: _markets([products[at] for at in at_s]) for value, at_s in having.items()}
        groups = _groups(where, here)
        homes = _homes(groups, here)
        for (home, markets), asked in sorted(groups.items(), key=lambda one: (sorted(one[0][1]), one[0][0] or 0)):
            wanted.append(
                Derived(
                    by=by,
                    markets=markets,
                    asked=asked,
                    products=len(set().union(*(having[value] for value in asked))),
                    subscription=homes.get((home, markets)),
                )
            )
        ending += [one.subscription for one in here if one.subscription not in homes.values()]
    return Derivation(wanted=tuple(wanted), ending=tuple(sorted(ending)))


_Group = tuple[int | None, frozenset[str]]


def _values(product: Product, by: Watched) -> tuple[str, ...]:
    return watched_codes(product) if by is Watched.CODES else numbers_held(product)


def _having(products: Sequence[Product], by: Watched) -> dict[str, list[int]]:
    """Which products have each code or standard, by their places."""
    found: dict[str, list[int]] = {}
    for at, product in enumerate(products):
        for value in _values(product, by):
            found.setdefault(value, []).append(at)
    return found


def _markets(products: Iterable[Product]) -> frozenset[str]:
    """All markets of these products."""
    return frozenset().union(*(one.markets for one in products))


def _groups(where: Mapping[str, frozenset[str]], standing: Sequence[Standing]) -> dict[_Group, frozenset[str]]:
    """What is watched together: in the same markets, and by the same subscription if by one."""
    home = {value: one.subscription for one in reversed(standing) for value in one.asked}
    groups: dict[_Group, set[str]] = {}
    for value, markets in where.items():
        groups.setdefault((home.get(value), markets), set()).add(value)
    # A subscription keeps the larger part of what it watched; the other parts go where their markets are watched.
    stays: dict[int, frozenset[str]] = {}
    markets_of = {one.subscription: one.markets for one in standing}
    for (subscription, markets), values in sorted(groups.items(), key=lambda one: (sorted(one[0][1]), len(one[1]))):
        if subscription is None:
            continue
        known = stays.get(subscription)
        size = (len(values), markets == markets_of[subscription])
        if known is None or size >= (len(groups[subscription, known]), known == markets_of[subscription]):
            stays[subscription] = markets
    placed: dict[_Group, set[str]] = {(one, markets): groups[one, markets] for one, markets in stays.items()}
    for (subscription, markets), values in groups.items():
        if subscription is not None and stays[subscription] == markets:
            continue
        there = min((one for one, has in stays.items() if has == markets), default=None)
        placed.setdefault((there, markets), set()).update(values)
    return {group: frozenset(values) for group, values in placed.items()}


def _homes(groups: Mapping[_Group, frozenset[str]], standing: Sequence[Standing]) -> dict[_Group, int]:
    """Which subscription becomes which: its own, else one of the same markets that has nothing left to watch."""
    homes = {group: group[0] for group in groups if group[0] is not None}
    spare = [one for one in standing if one.subscription not in homes.values()]
    for group in sorted((group for group in groups if group[0] is None), key=lambda group: sorted(group[1])):
        if (same := next((one for one in spare if one.markets == group[1]), None)) is not None:
            homes[group] = same.subscription
            spare.remove(same)
    return homes
