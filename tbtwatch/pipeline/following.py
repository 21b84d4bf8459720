"""Following one measure at one address, and no longer: what a chat asks for in a word."""

from __future__ import annotations

from dataclasses import dataclass, replace

from subscriptions.criteria import Address, Criteria, Frequency, Subscription
from subscriptions.origin import reference
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.change import Edit, change
from tbtwatch.pipeline.known import followed
from tbtwatch.pipeline.subscribe import end_named, start
from tbtwatch.pipeline.unsubscribe_code import Named
from watcher.measure import Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """A measure that is followed at an address now."""

    subscription: Subscription
    symbol: str  #: by which it is followed
    new: bool  #: it was not followed there before


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What came of not following a measure any more."""

    ended: tuple[int, ...] = ()  #: subscriptions that follow it at this address no longer
    shared: tuple[int, ...] = ()  #: that follow several measures for several readers, and go on
    others: tuple[int, ...] = ()  #: that ask for more than to follow measures, and go on


def follow(
    symbol: str, *, enterprise: str, address: Address, language: str, name: str = "{symbol}", desk: Desk
) -> Following:
    """An enterprise follows a measure at an address, told at once. Raises `NotRecordedError`, `SuppressedError`.

    `name`: what the subscription is called, with the place of the symbol.
    """
    reference_, measure = followed(symbol, desk)
    held = [one for one in _at(address, desk) if is_following(one.criteria, measure) and one.enterprise == enterprise]
    if held:
        return Following(subscription=held[0], symbol=reference_, new=False)
    started = start(
        enterprise=enterprise,
        name=name.format(symbol=reference_),
        criteria=Criteria(measures=frozenset({reference_})),
        frequency=Frequency.IMMEDIATE,
        language=language,
        addresses=(address,),
        desk=desk,
    )
    return Following(subscription=started.subscription, symbol=reference_, new=True)


def unfollow(measure: Measure, *, address: Address, why: str, desk: Desk) -> Left:
    """A measure is followed at an address no longer. What asks for more than to follow measures is left alone."""
    named = references_of(measure)
    here = [one for one in _at(address, desk) if one.criteria.measures & named]
    mine = [one for one in here if is_following(one.criteria, measure)]
    alone = [one.id for one in mine if one.criteria.measures <= named]
    several = [one for one in mine if one.id not in alone]
    if alone:
        end_named(Named(address=address, subscriptions=tuple(alone)), reason=why, desk=desk)
    ended = list(alone)
    shared: list[int] = []
    for one in several:
        if one.addresses != (address,):
            shared.append(one.id)
            continue
        rest = replace(one.criteria, measures=one.criteria.measures - named)
        change(one.id, Edit(criteria=rest), why=why, by=address.target, desk=desk)
        ended.append(one.id)
    others = tuple(one.id for one in here if one not in mine)
    return Left(ended=tuple(ended), shared=tuple(shared), others=others)


def references_of(measure: Measure) -> frozenset[str]:
    """All that a measure may be followed by."""
    return frozenset(reference(measure.issuer, thread) for thread in measure.threads)


def is_following(criteria: Criteria, measure: Measure) -> bool:
    """Whether somebody follows this measure and asks for nothing besides."""
    plain = Criteria(measures=criteria.measures, changes=criteria.changes, grade=criteria.grade)
    return criteria == plain and not criteria.measures.isdisjoint(references_of(measure))


def _at(address: Address, desk: Desk) -> list[Subscription]:
    with desk.storage.look() as tx:
        return tx.subscriptions.of_address(address.channel, address.target)
