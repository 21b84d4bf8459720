"""What belongs to the enterprise of a token."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from notifiers.outcome import State
from rules.classification import Grade
from subscriptions.criteria import Frequency, Part
from watcher.measure import ChangeKind


class AddressOf(BaseModel):
    """Where news is told, and by which way."""

    channel: str = Field(description="`email`, `telegram`, `file`.", examples=["email"])
    target: str = Field(description="The address.", examples=["export@example.com"])


class CriteriaOf(BaseModel):
    """What is asked for. Conditions that are empty hold always; of several values of one, one is enough."""

    markets: list[str] = Field(description="Members and groups.", examples=[["EAC"]])
    hs: list[str] = Field(description="Beginnings of HS codes.", examples=[["8507"]])
    ics: list[str] = Field(description="Beginnings of ICS codes.")
    areas: list[str] = Field(description="Product areas.")
    keywords: list[str] = Field(description="One of them must occur.")
    exclusions: list[str] = Field(description="None of them may occur.")
    kinds: list[str] = Field(description="Kinds of measures.")
    stages: list[str] = Field(description="Stages.")
    objectives: list[str] = Field(description="Objectives.")
    schemes: list[str] = Field(description="Conformity schemes and marks.")
    duties: list[str] = Field(description="What must be done.")
    standards: list[str] = Field(description="Standards.")
    agencies: list[str] = Field(description="Parts of the responsible agency's name.")
    sources: list[str] = Field(description="Sources that reported it.")
    measures: list[str] = Field(description="Measures that are followed.")
    changes: list[ChangeKind] = Field(description="Kinds of news wanted.")
    grade: Grade = Field(description="The least sure grade still wanted.")


class SubscriptionOf(BaseModel):
    """A subscription."""

    id: int = Field(description="Its number.", examples=[5])
    version: int = Field(description="Grows with every change of it.", examples=[1])
    name: str = Field(description="What the subscriber calls it.", examples=["East African drinks"])
    criteria: CriteriaOf = Field(description="What it asks for.")
    in_words: str = Field(description="The same in words, in the subscription's language.")
    frequency: Frequency = Field(description="How soon news is told.")
    language: str = Field(description="In which language.", examples=["zh"])
    addresses: list[AddressOf] = Field(description="Where it is told.")
    started_at: datetime = Field(description="When it began.")
    ended_at: datetime | None = Field(description="When it ended; null: it is alive.")
    end_reason: str = Field(description="Why it ended.")
    receipts_url: str = Field(description="What it was told, and why.")


class Subscriptions(BaseModel):
    """Some of the enterprise's subscriptions."""

    next: str | None = Field(description="Where the next ones are; null: there are no more.")
    subscriptions: list[SubscriptionOf] = Field(description="In the order in which they were begun.")


class ConditionOf(BaseModel):
    """A condition that held."""

    part: Part = Field(description="Which.")
    asked: str = Field(description="As the subscriber asked.", examples=["HS 22"])
    found: str = Field(description="What in the measure met it.", examples=["HS 220299"])
    grade: Grade = Field(description="How sure that is.")
    field: str = Field(description="Where it was found.", examples=["hs_codes"])
    inferred: str = Field(description="Of a code that is not stated: the words it was inferred from.")


class ReceiptOf(BaseModel):
    """A piece of news that a subscription was told, and why."""

    id: int = Field(description="Its number.", examples=[901])
    told_at: datetime = Field(description="When the message was written.")
    measure: int = Field(description="The measure.", examples=[17])
    symbols: list[str] = Field(description="Of the document that brought it.", examples=[["G/TBT/N/KEN/1514/Add.1"]])
    kind: ChangeKind = Field(description="What kind of news.")
    field: str = Field(description="The fact that changed.")
    old: str = Field(description="Before.")
    new: str = Field(description="After.")
    label: str = Field(description="`late`; empty: told in time.")
    withdrawn_at: datetime | None = Field(description="When it was taken back; null: it holds.")
    grade: Grade = Field(description="How sure the match was.")
    ruleset_version: int = Field(description="The rules it was read by.", examples=[3])
    conditions: list[ConditionOf] = Field(description="What held.")


class Receipts(BaseModel):
    """Some of what a subscription was told."""

    next: str | None = Field(description="Where the older ones are; null: there are no more.")
    receipts: list[ReceiptOf] = Field(description="The newest first.")


class TellingOf(BaseModel):
    """News that was owed."""

    at: datetime = Field(description="When.")
    kind: ChangeKind = Field(description="What kind of news.")
    label: str = Field(description="`late`; empty: told in time.")
    withdrawn_at: datetime | None = Field(description="When it was taken back; null: it holds.")


class RefusalOf(BaseModel):
    """The first condition that did not hold."""

    part: Part = Field(description="Which.")
    asked: str = Field(description="As the subscriber asked.", examples=["HS 22"])
    found: str = Field(description="What the measure has instead; empty: nothing.", examples=["HS 950300"])


class WhyOf(BaseModel):
    """Why a measure fits a subscription, or why it does not."""

    subscription: int = Field(description="The subscription.", examples=[5])
    measure: int = Field(description="The measure.", examples=[17])
    symbols: list[str] = Field(description="Its symbols.")
    matches: bool = Field(description="Whether it fits.")
    sentence: str = Field(description="The reason in the subscription's language.")
    conditions: list[ConditionOf] = Field(description="What held, if it fits.")
    refusal: RefusalOf | None = Field(description="What did not hold, if it does not fit.")
    told: list[TellingOf] = Field(description="What the subscription was told of it.")


class DeliveryOf(BaseModel):
    """A message that tells the enterprise's news."""

    id: int = Field(description="Its number.", examples=[1201])
    kind: str = Field(description="`alert`, `digest`, `reminder` …", examples=["alert"])
    channel: str = Field(description="By which way.", examples=["email"])
    target: str = Field(description="To which address.", examples=["export@example.com"])
    subject: str = Field(description="Empty if the message tells another enterprise's news too, or has none.")
    message_id: str = Field(description="The same however often it is tried.")
    state: State = Field(description="What became of it.")
    attempts: int = Field(description="How often it was tried.", examples=[1])
    reason: str = Field(description="Why it was refused, in one word.")
    detail: str = Field(description="The same in words.")
    due_at: datetime = Field(description="When it goes out, or is tried again.")
    created_at: datetime = Field(description="When it was written.")
    ended_at: datetime | None = Field(description="When it was sent or given up; null: neither.")
    measure: int | None = Field(description="The measure it is about, if it is about one.")


class Deliveries(BaseModel):
    """Some of the enterprise's messages."""

    next: str | None = Field(description="Where the older ones are; null: there are no more.")
    deliveries: list[DeliveryOf] = Field(description="The newest first.")
