"""What a subscriber asks for, and the values that answer it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.classification import Grade
from rules.terms import fold
from watcher.measure import TOLD_BY_DEFAULT, ChangeKind


class Frequency(StrEnum):
    """When a subscriber is told."""

    IMMEDIATE = "immediate"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """A standing question.

    Markets, products and keywords are three conditions that must all hold; one that is empty holds always.
    Inside a condition one hit is enough: any market; any HS prefix, ICS prefix or product area; any keyword.
    An exclusion that occurs anywhere in the text refuses the measure, unless it occurs in a linked document only.
    """

    markets: frozenset[str] = frozenset()  #: Members' codes ("KEN", "EU") and groups by name ("EAC")
    hs: frozenset[str] = frozenset()  #: prefixes of 2 to 10 digits
    ics: frozenset[str] = frozenset()  #: prefixes "67", "67.080", "67.080.10"
    areas: frozenset[str] = frozenset()  #: keys of product areas
    keywords: frozenset[str] = frozenset()
    exclusions: frozenset[str] = frozenset()
    grade: Grade = Grade.PROBABLE  #: the least sure grade still wanted
    changes: frozenset[ChangeKind] = TOLD_BY_DEFAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a subscriber is reached."""

    channel: str  #: name of a notifier: "email", "telegram", "file"
    target: str  #: a mail address, a chat id, a folder name


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A standing question of an enterprise, how often it is answered, where, and in which language."""

    id: int
    version: int = 1  #: each change ends one version and starts the next
    enterprise: str
    name: str  #: what the subscriber calls it
    criteria: Criteria
    frequency: Frequency = Frequency.IMMEDIATE
    language: str = "zh"
    addresses: tuple[Address, ...] = ()
    started_at: datetime
    ended_at: datetime | None = None
    end_reason: str = ""


class Part(StrEnum):
    """The conditions of a subscription, in the order they are tried."""

    MARKET = "market"
    PRODUCT = "product"
    KEYWORD = "keyword"
    EXCLUSION = "exclusion"
    GRADE = "grade"
    CHANGE = "change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition that held, with the words for the receipt."""

    part: Part
    asked: str  #: as the subscriber asked: "EAC", "HS 22", "area food", "jelly"
    found: str  #: what in the measure met it: "KEN", "HS 220299", the quoted span
    grade: Grade = Grade.DIRECT
    field: str = ""  #: name of the `watcher.measure.Facts` field it was found in


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A measure fits a subscription: the receipt."""

    subscription: int
    version: int
    grade: Grade
    conditions: tuple[Condition, ...]
    ruleset_version: int = 0  #: of the classification that the product areas were read from


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A measure does not fit a subscription: the first condition that failed."""

    subscription: int
    part: Part
    asked: str
    found: str  #: what the measure has instead; empty: nothing
    field: str = ""  #: where an excluded word stands: name of the `watcher.measure.Facts` field
    because: str = ""  #: for a grade: the condition that gave no better one, "HS 85"


def criteria_key(criteria: Criteria) -> str:
    """A short text that is the same for the same question, whoever asks it, in every process and release.

    The first character is the version of the reckoning. Keywords that mean the same ("Jelly", "jelly") count as
    one; the order of things asked does not matter.
    """
    asked = {
        "markets": sorted(criteria.markets),
        "hs": sorted(criteria.hs),
        "ics": sorted(criteria.ics),
        "areas": sorted(criteria.areas),
        "keywords": sorted({fold(keyword).text.strip() for keyword in criteria.keywords}),
        "exclusions": sorted({fold(exclusion).text.strip() for exclusion in criteria.exclusions}),
        "grade": criteria.grade.value,
        "changes": sorted(kind.value for kind in criteria.changes),
    }
    written = json.dumps(asked, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return "1" + hashlib.sha256(written.encode("ascii")).hexdigest()[:40]
