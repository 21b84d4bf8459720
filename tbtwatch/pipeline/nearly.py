"""The other way round: of one measure, which subscriptions it fits and which it misses by one condition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from subscriptions.criteria import Match, Refusal, Subscription
from subscriptions.matching import Asking, Subject, why_not_told
from subscriptions.nearly import misses
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.reclassify import as_of_now
from tbtwatch.pipeline.shelf import Shelf
from tbtwatch.pipeline.subscribe import find_measure
from tbtwatch.storage.alerts import StoredAlert
from watcher.measure import FactChange, Measure

ONE = 1  # of more conditions missed nobody says "nearly"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """A subscription that a measure fits, and what it was told of it."""

    subscription: Subscription
    match: Match
    told: tuple[StoredAlert, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A subscription that a measure misses by one condition."""

    subscription: Subscription
    refusal: Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Audition:
    """All live subscriptions read against one measure."""

    measure: Measure
    read: int
    fit: int
    near: int
    fitting: tuple[Fitting, ...]  #: the first ones
    nearly: tuple[Near, ...]  #: the first ones


def audition(
    symbol: str, *, desk: Desk, enterprise: str = "", limit: int = 20, progress: Progress = lambda *_: None
) -> Audition:
    """Read all live subscriptions, or an enterprise's, against a measure. Raises LookupError with a sentence.

    As the rules and facts are now. One that fits and wants none of the news the measure had, or nothing at all was
    news yet, misses it by the kind of news. Of all of them only those are read that the index does not rule out.
    """
    measure = find_measure(symbol, desk=desk)
    assert measure.id is not None
    if not enterprise:
        desk.audience.prepare(desk.storage, progress)
    fitting: list[tuple[int, Match]] = []
    nearly: list[tuple[int, Refusal]] = []
    fit = near = 0
    with desk.storage.look() as tx:
        classification = as_of_now(measure, tx, desk.rulebook.in_force(tx))
        subject = Subject.of(measure, classification)
        news = [one.change for one in tx.changes.of_measure(measure.id) if not one.silent]
        asked: Iterable[Asking]
        if enterprise:
            enterprise_id = tx.subscriptions.find_enterprise(enterprise.strip())
            if enterprise_id is None:
                raise LookupError(f"there is no enterprise {enterprise!r}; `tbtwatch subscriptions --all` lists them")
            asked = mine = sorted(tx.subscriptions.live(enterprise_id=enterprise_id), key=lambda one: one.id)
            read = len(mine)
        else:
            index = desk.audience.index(tx)
            asked, read = map(index.question, index.near(subject)), len(index)
        for one in asked:
            answer = _reading(one, subject, news, desk)
            if isinstance(answer, Match):
                fit += 1
                if len(fitting) < limit or not limit:
                    fitting.append((one.id, answer))
            elif answer is not None:
                near += 1
                if len(nearly) < limit or not limit:
                    nearly.append((one.id, answer))
        named = tx.subscriptions.some({id_ for id_, _ in fitting} | {id_ for id_, _ in nearly})
        owners = {named[id_].enterprise for id_, _ in fitting}
        shelf = Shelf(measure, classification, owners, tx, desk.names.markets)
        return Audition(
            measure=measure,
            read=read,
            fit=fit,
            near=near,
            fitting=tuple(
                Fitting(
                    subscription=named[id_],
                    match=shelf.named_in(match, named[id_].enterprise),
                    told=tuple(tx.alerts.of_subscription(id_, measure.id)),
                )
                for id_, match in fitting
            ),
            nearly=tuple(Near(subscription=named[id_], refusal=refusal) for id_, refusal in nearly),
        )


def _reading(one: Asking, subject: Subject, news: Sequence[FactChange], desk: Desk) -> Match | Refusal | None:
    """Why a measure fits, or the one condition by which it does not; None: there are more."""
    answer = misses(one, subject, desk.names.markets, most=ONE)
    if isinstance(answer, Match):
        return (why_not_told(one, news) if news else None) or answer
    return None if answer.more else answer.refusals[0]
