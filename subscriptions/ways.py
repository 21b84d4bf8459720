"""By which way news reaches an address of a subscription: how sure it must be for that, and how soon it is told there.

A subscription has no ways, and whatever fits is told at all its addresses as its frequency says; or each of its
addresses has one way or more: "direct at once", "broad weekly". Of the ways that let news through it takes the soonest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from rules.classification import Grade
from subscriptions.criteria import Address, Frequency, Subscription, Way

SOONEST: Final = (Frequency.IMMEDIATE, Frequency.DAILY, Frequency.WEEKLY)


class WaysError(ValueError):
    """Ways that cannot be; the sentence says why."""


def ways_at(subscription: Subscription, address: Address) -> tuple[Way, ...]:
    """The ways to an address, the surest first; of a subscription without ways the one that its frequency is."""
    own = tuple(sorted((one for one in subscription.ways if one.address == address), key=_surest))
    return own or (Way(address=address, grade=subscription.criteria.grade, frequency=subscription.frequency),)


def way_for(ways: Iterable[Way], grade: Grade) -> Way | None:
    """The soonest of the ways that let news of this grade through; None: no way does."""
    return min((one for one in ways if grade.at_least(one.grade)), key=_soonest, default=None)


def soonest(frequencies: Iterable[Frequency]) -> Frequency:
    """The soonest of these."""
    return min(frequencies, key=SOONEST.index)


def not_at_once(frequency: Frequency) -> Frequency:
    """As soon as that, but in a digest: what was to be told at once is told weekly."""
    return Frequency.WEEKLY if frequency is Frequency.IMMEDIATE else frequency


def loosest(ways: Iterable[Way]) -> Way:
    """The way that lets the least sure news through."""
    return max(ways, key=_surest)


def frequency_at(subscription: Subscription, address: Address, grade: Grade) -> Frequency:
    """When news that is owed at an address is told there: if no way lets it through, by the loosest."""
    ways = ways_at(subscription, address)
    return (way_for(ways, grade) or loosest(ways)).frequency


def frequencies_at(subscription: Subscription, address: Address) -> frozenset[Frequency]:
    """How soon an address may be told something: at once, in a digest, both."""
    return frozenset(one.frequency for one in ways_at(subscription, address))


def lets_through(subscription: Subscription, address: Address, grade: Grade) -> bool:
    """Whether news of this grade that fits the subscription is told at the address."""
    return not subscription.ways or way_for(ways_at(subscription, address), grade) is not None


def nobody_wants(subscription: Subscription, grade: Grade) -> bool:
    """Whether no address of it is told of news so unsure, although it fits."""
    return bool(subscription.addresses) and not any(
        lets_through(subscription, one, grade) for one in subscription.addresses
    )


def owed_at(
    asked: Subscription, now: Subscription, grade: Grade, told: Collection[Address] = ()
) -> dict[Address, Frequency]:
    """Where news that fits is owed, and when it is told there.

    `asked` is the subscription as it stood when the news was noticed: by its ways it is judged whether an address is
    owed the news; by those of `now`, how soon it hears it. An address that came since is owed what it lets through
    itself, and what one that left since would have been owed. `told`: where the measure was told of before; there it
    is told what becomes of it, however unsure it has become.
    """
    left = [one for one in asked.addresses if one not in now.addresses]
    inherited = any(lets_through(asked, one, grade) for one in left)
    found: dict[Address, Frequency] = {}
    for address in now.addresses:
        if address in asked.addresses:
            owed = lets_through(asked, address, grade)
        else:
            owed = inherited or lets_through(now, address, grade)
        if owed or address in told:
            found[address] = frequency_at(now, address, grade)
    return found


def checked(ways: Sequence[Way]) -> tuple[Way, ...]:
    """The ways in one order. Raises WaysError if one of them would never be taken."""
    found = tuple(sorted(set(ways), key=lambda one: (one.address.channel, one.address.target, *_surest(one))))
    for one in found:
        for other in found:
            if other is one or other.address != one.address:
                continue
            if one.grade.at_least(other.grade) and _soonest(other) <= _soonest(one):
                place = str(one.address)
                raise WaysError(
                    f"{place}: {one.grade}={one.frequency} would never be taken, because "
                    f"{other.grade}={other.frequency} tells all of it as soon; leave one of the two out"
                )
    return found


def at_all(ways: Sequence[Way], addresses: Iterable[Address], *, grade: Grade, frequency: Frequency) -> tuple[Way, ...]:
    """The ways to these addresses; one that has none gets one of that grade and frequency. Without any: none."""
    places = tuple(dict.fromkeys(addresses))
    if not any(one.address in places for one in ways):
        return ()
    found = [one for one in ways if one.address in places]
    for address in places:
        if not any(one.address == address for one in found):
            found.append(Way(address=address, grade=grade, frequency=frequency))
    return checked(found)


def carried_over(before: Subscription, addresses: Sequence[Address]) -> tuple[Way, ...]:
    """The ways when the subscription moves to these addresses: a new one has those of one it takes the place of.

    It takes the place of one on its channel, else of any; if none has left it is told as the frequency says.
    """
    if not before.ways:
        return ()
    left = [one for one in before.addresses if one not in addresses]
    found = [one for one in before.ways if one.address in addresses]
    for address in addresses:
        if address in before.addresses or not left:
            continue
        of = next((one for one in left if one.channel == address.channel), left[0])
        found += [Way(address=address, grade=one.grade, frequency=one.frequency) for one in ways_at(before, of)]
    return at_all(found, addresses, grade=before.criteria.grade, frequency=before.frequency)


def least_sure(ways: Sequence[Way], otherwise: Grade) -> Grade:
    """The least sure grade that any way lets through; without ways the one given."""
    return loosest(ways).grade if ways else otherwise


def _surest(way: Way) -> tuple[int, int]:
    return way.grade.rank, _soonest(way)


def _soonest(way: Way) -> int:
    return SOONEST.index(way.frequency)
