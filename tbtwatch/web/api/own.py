"""What belongs to the enterprise of a token: its subscriptions, what they were told and why, and its messages.

All of it is looked up by `tx.own(enterprise)`, which knows nothing of others.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from notifiers.outcome import State
from subscriptions.criteria import Condition, Match, Subscription
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.subscribe import why as why_it_fits
from tbtwatch.pipeline.tokens import Scope
from tbtwatch.storage.alerts import StoredAlert
from tbtwatch.storage.changes import StoredChange
from tbtwatch.storage.outbox import Delivery
from tbtwatch.web.api.ground import LARGEST, MOST, ROOT, Number, OnGround, problems, with_token
from tbtwatch.web.api.models.own import (
    AddressOf,
    ConditionOf,
    CriteriaOf,
    Deliveries,
    DeliveryOf,
    ReceiptOf,
    Receipts,
    RefusalOf,
    SubscriptionOf,
    Subscriptions,
    TellingOf,
    WhyOf,
)
from tbtwatch.web.api.problems import ProblemError
from tbtwatch.web.api.question import Yes, number_in, sealed
from tbtwatch.web.site import clean

subscriptions = APIRouter(tags=["subscriptions"], dependencies=[Depends(with_token(Scope.SUBSCRIPTIONS))])
deliveries = APIRouter(tags=["deliveries"], dependencies=[Depends(with_token(Scope.DELIVERIES))])

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at once.")]
Cursor = Annotated[str, Query(max_length=80, description="From an earlier answer's `next`.")]


@subscriptions.get(
    "/subscriptions", operation_id="list_subscriptions", summary="Your subscriptions", responses=problems()
)
def list_subscriptions(
    on: OnGround,
    ended: Annotated[Yes, Query(description="Also those that have ended.")] = False,
    limit: Limit = 25,
    cursor: Cursor = "",
) -> Subscriptions:
    """The subscriptions of the token's enterprise."""
    with on.desk.storage.look() as tx:
        found = tx.own(on.enterprise).subscriptions(after=number_in(cursor) or 0, limit=limit + 1, ended=ended)
    shown = found[:limit]
    return Subscriptions(
        next=on.further(sealed(str(shown[-1].id))) if len(found) > limit else None,
        subscriptions=[_subscription(one, on.desk) for one in shown],
    )


@subscriptions.get("/subscriptions/{id}", operation_id="subscription", summary="One of them", responses=problems(404))
def one_subscription(on: OnGround, id: Number) -> SubscriptionOf:
    """A subscription of the token's enterprise."""
    with on.desk.storage.look() as tx:
        return _subscription(tx.own(on.enterprise).subscription(id), on.desk)


@subscriptions.get(
    "/subscriptions/{id}/receipts", operation_id="receipts", summary="What it was told, and why",
    responses=problems(404),
)  # fmt: skip
def receipts(on: OnGround, id: Number, limit: Limit = 25, cursor: Cursor = "") -> Receipts:
    """Each piece of news that the subscription was told, with the conditions that held."""
    with on.desk.storage.look() as tx:
        told = tx.own(on.enterprise).told(id, before=number_in(cursor) or LARGEST, limit=limit + 1)
        changes = tx.changes.get({one.fact_change_id for one in told})
    shown = told[:limit]
    return Receipts(
        next=on.further(sealed(str(shown[-1].id))) if len(told) > limit else None,
        receipts=[_receipt(one, changes[one.fact_change_id]) for one in shown],
    )


@subscriptions.get(
    "/subscriptions/{id}/why", operation_id="why", summary="Why it fits a measure, or not", responses=problems(404)
)
def why(
    on: OnGround,
    id: Number,
    symbol: Annotated[
        str, Query(min_length=1, max_length=400, description="Of the measure.", examples=["G/TBT/N/KEN/1514"])
    ],
) -> WhyOf:
    """Why a measure fits the subscription, or the first condition that does not hold; and what came of it."""
    with on.desk.storage.look() as tx:
        tx.own(on.enterprise).subscription(id)
    try:
        found = why_it_fits(id, symbol, desk=on.desk)
    except LookupError as error:
        raise ProblemError(404, clean(error.args[0] if error.args else error)[:400]) from error
    answer = found.answer
    match = answer if isinstance(answer, Match) else None
    return WhyOf(
        subscription=found.subscription.id,
        measure=found.measure.id or 0,
        symbols=[clean(each) for each in found.measure.threads],
        matches=match is not None,
        sentence=clean(on.desk.names.explained(answer, found.subscription.language)),
        conditions=_conditions(match.conditions) if match else [],
        refusal=None
        if isinstance(answer, Match)
        else RefusalOf(part=answer.part, asked=clean(answer.asked), found=clean(answer.found)),
        told=[
            TellingOf(at=at, kind=kind, label=label, withdrawn_at=withdrawn)
            for (at, kind), (label, withdrawn) in zip(found.told, found.labels, strict=True)
        ],
    )


@deliveries.get("/deliveries", operation_id="list_deliveries", summary="Your messages", responses=problems())
def list_deliveries(
    on: OnGround,
    state: Annotated[State | None, Query(description="Only those in this state.")] = None,
    limit: Limit = 25,
    cursor: Cursor = "",
) -> Deliveries:
    """The messages that tell news of the token's enterprise, the newest first. Not what stands in them."""
    with on.desk.storage.look() as tx:
        found = tx.own(on.enterprise).deliveries(before=number_in(cursor) or LARGEST, limit=limit + 1, state=state)
    shown = found[:limit]
    return Deliveries(
        next=on.further(sealed(str(shown[-1].id))) if len(found) > limit else None,
        deliveries=[_delivery(one) for one in shown],
    )


@deliveries.get("/deliveries/{id}", operation_id="delivery", summary="One of them", responses=problems(404))
def one_delivery(on: OnGround, id: Number) -> DeliveryOf:
    """What became of a message."""
    with on.desk.storage.look() as tx:
        return _delivery(tx.own(on.enterprise).delivery(id))


# --- as they are told


def _subscription(one: Subscription, desk: Desk) -> SubscriptionOf:
    asked = one.criteria
    several = {name: sorted(getattr(asked, name)) for name in CriteriaOf.model_fields if name != "grade"}
    return SubscriptionOf(
        id=one.id,
        version=one.version,
        name=clean(one.name),
        criteria=CriteriaOf(**several, grade=asked.grade),
        in_words=clean(desk.names.described(asked, one.language)),
        frequency=one.frequency,
        language=one.language,
        addresses=[AddressOf(channel=each.channel, target=each.target) for each in one.addresses],
        started_at=one.started_at,
        ended_at=one.ended_at,
        end_reason=one.end_reason,
        receipts_url=f"{ROOT}/subscriptions/{one.id}/receipts",
    )


def _receipt(alert: StoredAlert, stored: StoredChange) -> ReceiptOf:
    change, match = stored.change, alert.receipt.match
    return ReceiptOf(
        id=alert.id,
        told_at=alert.created_at,
        measure=alert.measure_id,
        symbols=[clean(each) for each in change.symbols],
        kind=change.kind,
        field=change.field,
        old=clean(change.old),
        new=clean(change.new),
        label=alert.label,
        withdrawn_at=alert.withdrawn_at,
        grade=match.grade,
        ruleset_version=match.ruleset_version,
        conditions=_conditions(match.conditions),
    )


def _conditions(held: Iterable[Condition]) -> list[ConditionOf]:
    return [
        ConditionOf(
            part=one.part,
            asked=clean(one.asked),
            found=clean(one.found),
            grade=one.grade,
            field=one.field,
            inferred=clean(one.inferred),
        )
        for one in held
    ]


def _delivery(one: Delivery) -> DeliveryOf:
    return DeliveryOf(
        id=one.id,
        kind=one.kind,
        channel=one.channel,
        target=one.target,
        subject=clean(one.subject),
        message_id=one.message_id,
        state=one.state,
        attempts=one.attempts,
        reason=one.reason,
        detail=clean(one.detail),
        due_at=one.due_at,
        created_at=one.created_at,
        ended_at=one.ended_at,
        measure=one.measure_id,
    )
