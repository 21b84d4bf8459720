"""The ways of a subscription to its addresses, as they are given on the command line and shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from rules.classification import Grade
from subscriptions.criteria import Address, Subscription, Way
from subscriptions.way_words import read_way, way_words, ways_asked
from subscriptions.ways import carried_over

NONE = ("", "none")

WayOption = Annotated[
    list[str] | None,
    typer.Option("--way", help="How one address or channel is told: email:direct=immediate. May be given again."),
]


def ways_of(given: list[str] | None, addresses: Sequence[Address], *, grade: Grade) -> tuple[Way, ...]:
    """The ways that were given, to these addresses. Raises WaysError."""
    return ways_asked([read_way(one) for one in given or [] if one.strip()], addresses, grade=grade)


def ways_after(
    given: list[str] | None, before: Subscription, addresses: Sequence[Address] | None, *, grade: Grade
) -> tuple[Way, ...] | None:
    """The ways from now on: an address that is not named keeps its own. None: as they are; "none" takes them away.

    Raises WaysError.
    """
    if given is None:
        return None
    if [one.strip().lower() for one in given] in ([each] for each in NONE):
        return ()
    places = tuple(before.addresses if addresses is None else addresses)
    found = ways_of(given, places, grade=grade)
    named = {one.address for one in found}
    return (*(one for one in carried_over(before, places) if one.address not in named), *found)


def told_at(subscription: Subscription) -> str:
    """Where it is told, and by which ways."""
    return ", ".join(
        str(one) + (f" ({words})" if (words := way_words(subscription, one, "en")) else "")
        for one in subscription.addresses
    )


def how_often(subscription: Subscription) -> str:
    """Its frequency; with ways it is each address's own."""
    return "each address by its ways" if subscription.ways else subscription.frequency.value
