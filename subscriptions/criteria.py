"""What a subscriber asks for, and the values that answer it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from rules.classification import Grade
from rules.terms import fold
from subscriptions.product import AffectedProduct
from subscriptions.rhythm import AT_ANY_TIME, Rhythm
from watcher.measure import TOLD_BY_DEFAULT, ChangeKind


class Frequency(StrEnum):
    """When a subscriber is told."""

    IMMEDIATE = "immediate"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """A standing question.

    Markets, products, keywords and each of the further conditions (kinds to measures) must all hold; one that is
    empty holds always. Inside a condition one hit is enough: any market; any HS prefix, ICS prefix or product area;
    any keyword; any kind. An exclusion that occurs anywhere in the text refuses the measure, unless it occurs in a
    linked document only.
    """

    markets: frozenset[str] = frozenset()  #: Members' codes ("KEN", "EU") and groups by name ("EAC")
    hs: frozenset[str] = frozenset()  #: prefixes of 2 to 10 digits
    ics: frozenset[str] = frozenset()  #: prefixes "67", "67.080", "67.080.10"
    areas: frozenset[str] = frozenset()  #: keys of product areas
    keywords: frozenset[str] = frozenset()
    exclusions: frozenset[str] = frozenset()
    grade: Grade = Grade.PROBABLE  #: the least sure grade still wanted
    changes: frozenset[ChangeKind] = TOLD_BY_DEFAULT
    kinds: frozenset[str] = frozenset()  #: "labelling", "recall": keys of config/facets.yaml
    stages: frozenset[str] = frozenset()  #: "draft", "adopted", "in-force", "withdrawn", "unknown", "recalled"
    objectives: frozenset[str] = frozenset()  #: "human_health"
    schemes: frozenset[str] = frozenset()  #: conformity schemes and marks: "ce", "kc"
    duties: frozenset[str] = frozenset()  #: "factory-inspection"
    standards: frozenset[str] = frozenset()  #: "IEC 60335", "IEC 60335-1", "IEC 60335-1:2020"
    agencies: frozenset[str] = frozenset()  #: phrases of the responsible agency's name: "Bureau of Indian Standards"
    sources: frozenset[str] = frozenset()  #: names of sources that reported the measure: "eping"
    measures: frozenset[str] = frozenset()  #: to be followed: "G/TBT/N/KEN/1514"; of others "US-FR 2026-04411"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a subscriber is reached."""

    channel: str  #: name of a notifier: "email", "telegram", "file"
    target: str  #: a mail address, a chat id, a folder name

    def __str__(self) -> str:
        """As people read and write it: "email:li@example.com"."""
        return f"{self.channel}:{self.target}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """By which news reaches an address: what is at least so sure, so soon (`subscriptions.ways`)."""

    address: Address
    grade: Grade
    frequency: Frequency


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
    ways: tuple[Way, ...] = ()  #: empty: whatever fits is told everywhere, as `frequency` says
    rhythm: Rhythm = AT_ANY_TIME
    started_at: datetime
    since: datetime | None = None  #: when this version began; None: it is the first
    ended_at: datetime | None = None
    end_reason: str = ""


class Part(StrEnum):
    """The conditions of a subscription, in the order they are tried."""

    MARKET = "market"
    PRODUCT = "product"
    KIND = "kind"
    STAGE = "stage"
    OBJECTIVE = "objective"
    SCHEME = "scheme"
    DUTY = "duty"
    STANDARD = "standard"
    AGENCY = "agency"
    SOURCE = "source"
    MEASURE = "measure"
    KEYWORD = "keyword"
    EXCLUSION = "exclusion"
    GRADE = "grade"
    CHANGE = "change"


#: The further conditions, by the names of their fields in `Criteria`.
FURTHER: Final[Mapping[Part, str]] = MappingProxyType(
    {
        Part.KIND: "kinds",
        Part.STAGE: "stages",
        Part.OBJECTIVE: "objectives",
        Part.SCHEME: "schemes",
        Part.DUTY: "duties",
        Part.STANDARD: "standards",
        Part.AGENCY: "agencies",
        Part.SOURCE: "sources",
        Part.MEASURE: "measures",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition that held, with the words for the receipt."""

    part: Part
    asked: str  #: as the subscriber asked: "EAC", "HS 22", "area food", "jelly"
    found: str  #: what in the measure met it: "KEN", "HS 220299", the quoted span
    grade: Grade = Grade.DIRECT
    field: str = ""  #: name of the `watcher.measure.Facts` field it was found in
    inferred: str = ""  #: of a code that the measure does not state: the words it was inferred from


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A measure fits a subscription: the receipt."""

    subscription: int
    version: int
    grade: Grade
    conditions: tuple[Condition, ...]
    ruleset_version: int = 0  #: of the classification that the product areas were read from
    products: tuple[AffectedProduct, ...] = ()  #: of the enterprise's own product list, the surest first
    further_products: int = 0  #: how many more of them are affected


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
    one; the order of things asked does not matter. Who asks for no further condition has the key that the question
    had before there were any.
    """
    asked: dict[str, object] = {
        "markets": sorted(criteria.markets),
        "hs": sorted(criteria.hs),
        "ics": sorted(criteria.ics),
        "areas": sorted(criteria.areas),
        "keywords": sorted({fold(keyword).text.strip() for keyword in criteria.keywords}),
        "exclusions": sorted({fold(exclusion).text.strip() for exclusion in criteria.exclusions}),
        "grade": criteria.grade.value,
        "changes": sorted(kind.value for kind in criteria.changes),
    }
    asked |= {name: sorted(values) for part, name in FURTHER.items() if (values := further(criteria, part))}
    written = json.dumps(asked, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return "1" + hashlib.sha256(written.encode("ascii")).hexdigest()[:40]


def further(criteria: Criteria, part: Part) -> frozenset[str]:
    """What is asked for under one of the further conditions; empty: nothing."""
    values: frozenset[str] = getattr(criteria, FURTHER[part])
    return values


def asks_further(criteria: Criteria) -> bool:
    """Whether anything is asked for under the further conditions."""
    return bool(
        criteria.kinds
        or criteria.stages
        or criteria.objectives
        or criteria.schemes
        or criteria.duties
        or criteria.standards
        or criteria.agencies
        or criteria.sources
        or criteria.measures
    )
