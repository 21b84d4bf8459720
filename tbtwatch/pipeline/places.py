"""Where the news of one measure is owed to subscriptions with ways, and how soon."""

from __future__ import annotations

from collections.abc import Iterable

from subscriptions.criteria import Address, Frequency, Match, Subscription
from subscriptions.ways import owed_at
from tbtwatch.storage import Transaction


class Places:
    """One measure, inside one transaction."""

    def __init__(self, measure_id: int, subscriptions: Iterable[Subscription], tx: Transaction) -> None:
        self._measure, self._tx = measure_id, tx
        self._ways = [one.id for one in subscriptions if one.ways]
        self._told: dict[int, set[Address]] | None = None

    def of(self, asked: Subscription, now: Subscription, match: Match) -> dict[Address, Frequency] | None:
        """The addresses, and when each is told; None: it has no ways, and all are told as its frequency says.

        `asked` is the subscription as it stood when the news was noticed. Where it is owed now, later news of the
        measure is owed too, however unsure that becomes.
        """
        if not (asked.ways or now.ways) or not now.addresses:
            return None
        told = self._told_to(now.id)
        found = owed_at(asked, now, match.grade, told)
        told.update(found)
        return found

    def _told_to(self, subscription: int) -> set[Address]:
        if self._told is None:
            self._told = self._tx.alert_ways.owed_of(self._measure, self._ways)
        if subscription not in self._told and subscription not in self._ways:
            self._told |= self._tx.alert_ways.owed_of(self._measure, [subscription])
        return self._told.setdefault(subscription, set())
