"""Sources and rules, and what there is at all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from watcher.health import State


class CoverageOf(BaseModel):
    """A source, and whether it is known what it published lately."""

    name: str = Field(description="Its name.", examples=["wto-eping-workbook"])
    title: str = Field(description="What it is called.")
    market: str | None = Field(description="The Member or group it speaks for; null: all.", examples=["EU"])
    state: State = Field(description="How it is.")
    since: datetime | None = Field(description="Since when, as far as it is known.")
    read_at: datetime | None = Field(description="When it was last read with success; null: never.")
    last_new: datetime | None = Field(description="When it last brought something new.")
    expected_per_week: float | None = Field(description="How many documents a week it usually has.")
    gap_since: datetime | None = Field(description="Since when it is not known what it publishes; null: it is known.")


class Coverage(BaseModel):
    """What is looked at, and what is not."""

    as_of: datetime = Field(description="Now.")
    documents: int = Field(description="How many documents are recorded.", examples=[41230])
    sources: list[CoverageOf] = Field(description="By name.")


class RuleOf(BaseModel):
    """A rule."""

    name: str = Field(description="Its name.", examples=["batteries-by-hs"])
    kind: str = Field(description="What it looks for.", examples=["hs_code"])
    content: dict[str, Any] = Field(description="All of it, as staff write it.")


class RuleVersion(BaseModel):
    """A version of the rules. Versions are never edited."""

    version: int = Field(description="Its number.", examples=[3])
    state: str = Field(description="`active`: in force. `retired`: it was. `draft`, `evaluation`: not yet.")
    made_at: datetime = Field(description="When it was made.")
    published_at: datetime | None = Field(description="When it came into force.")
    retired_at: datetime | None = Field(description="When it was replaced.")
    why: str = Field(description="What it is for.")


class Rules(BaseModel):
    """The rules in force."""

    version: int = Field(description="The version.", examples=[3])
    rules: list[RuleOf] = Field(description="By name.")


class RuleVersions(BaseModel):
    """All versions of the rules."""

    versions: list[RuleVersion] = Field(description="The newest first.")


class TokenOf(BaseModel):
    """The token that was shown."""

    name: str = Field(description="What it is for.", examples=["customs system"])
    scopes: list[str] = Field(description="What it may read.", examples=[["measures:read"]])
    enterprise: str | None = Field(description="Of which enterprise; null: none.")
    expires_at: datetime = Field(description="Until when it is good.")


class Index(BaseModel):
    """What there is."""

    version: str = Field(description="Of this program.", examples=["0.1.0"])
    openapi: str = Field(description="This API described for programs.")
    reference: str = Field(description="The same for people.")
    measures: str = Field(description="Where measures are.")
    search: str = Field(description="Where to search.")
    sources: str = Field(description="What is looked at.")
    rules: str = Field(description="The rules; with a token.")
    subscriptions: str = Field(description="Your subscriptions; with a token.")
    deliveries: str = Field(description="Your messages; with a token.")
    token: TokenOf | None = Field(description="The token you show; null: none.")
