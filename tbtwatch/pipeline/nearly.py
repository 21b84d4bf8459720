"""The other way round: of one measure, which subscriptions it fits and which it misses by one condition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from subscriptions.criteria import Match, Refusal, Subscription
from subscriptions.matching import Subject, why_not_told
from subscriptions.nearly import misses
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.reclassify import as_of_now
from tbtwatch.pipeline.subscribe import find_measure
from tbtwatch.storage.alerts import StoredAlert
from watcher.measure import Measure

PAGE = 1000
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
    news yet, misses it by the kind of news.
    """
    measure = find_measure(symbol, desk=desk)
    assert measure.id is not None
    fitting: list[Fitting] = []
    nearly: list[Near] = []
    read = fit = near = last = 0
    with desk.storage.look() as tx:
        enterprise_id = tx.subscriptions.find_enterprise(enterprise.strip()) if enterprise else None
        if enterprise and enterprise_id is None:
            raise LookupError(f"there is no enterprise {enterprise!r}; `tbtwatch subscriptions --all` lists them")
        subject = Subject.of(measure, as_of_now(measure, tx, desk.rulebook.in_force(tx)))
        news = [one.change for one in tx.changes.of_measure(measure.id) if not one.silent]
        total = tx.subscriptions.count_live()
    while True:
        # A page a transaction: a million are not held in memory, and no writer waits for them.
        with desk.storage.look() as tx:
            page = tx.subscriptions.live_after(last, limit=PAGE, enterprise_id=enterprise_id)
            for one in page:
                answer = misses(one, subject, desk.names.markets, most=ONE)
                if isinstance(answer, Match):
                    unwanted = why_not_told(one, news) if news else None
                    if unwanted is None:
                        fit += 1
                        if len(fitting) < limit or not limit:
                            told = tuple(tx.alerts.of_subscription(one.id, measure.id))
                            fitting.append(Fitting(subscription=one, match=answer, told=told))
                        continue
                    refusal = unwanted
                elif answer.more:
                    continue
                else:
                    (refusal,) = answer.refusals
                near += 1
                if len(nearly) < limit or not limit:
                    nearly.append(Near(subscription=one, refusal=refusal))
        read += len(page)
        if not page:
            break
        last = page[-1].id
        progress(read, total)
    return Audition(measure=measure, read=read, fit=fit, near=near, fitting=tuple(fitting), nearly=tuple(nearly))
