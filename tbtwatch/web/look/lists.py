"""A measure as one line of a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from notifiers.duties import left_text
from notifiers.readings import dotted
from notifiers.titles import title_of
from rules.classification import Facet
from subscriptions.choices import STAGES
from subscriptions.criteria import Part
from subscriptions.deadlines import takes_comments
from tbtwatch.pipeline.demands import stage
from tbtwatch.storage.briefs import Brief
from tbtwatch.web.site import Site, Visit, clean
from watcher.dates import DateQuality
from watcher.facts import status_on
from watcher.measure import Facts

_MOST_AREAS = 3
_MOST_CODES = 4
SOON = 14  #: days left that are few


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What stands in it."""

    href: str
    symbol: str
    title: str
    title_language: str
    markets: str
    deadline: str  #: "" if none is known
    computed: bool
    left: str  #: how many days; "" if comments are over or not asked for
    soon: bool
    areas: tuple[str, ...]
    codes: str
    inferred: str
    stage: str
    stage_key: str
    distributed: str
    distributed_on: str


def lines(briefs: Iterable[Brief], site: Site, visit: Visit) -> list[Line]:
    """The lines of these measures."""
    return [line(one, site, visit) for one in briefs]


def line(one: Brief, site: Site, visit: Visit) -> Line:
    """The line of a measure."""
    facts, names, language = one.facts, site.desk.names, visit.language
    symbol = one.symbols[0] if one.symbols else ""
    fact = facts.comment_deadline
    known = fact.quality not in (DateQuality.UNKNOWN, DateQuality.NOT_APPLICABLE) and fact.value is not None
    is_open = takes_comments(facts, visit.today)
    left = (fact.value - visit.today).days if is_open and fact.value else None
    inferred = [] if facts.hs_codes else [f.value for f in one.classification.of(Facet.HS)][:_MOST_CODES]
    key = "recalled" if stage(one.classification) == "recalled" else stage_key(facts, visit.today)
    return Line(
        href=visit.measure(symbol),
        symbol=symbol + (f" +{len(one.symbols) - 1}" if len(one.symbols) > 1 else ""),
        title=clean(title_of(facts, 220)) or symbol,
        title_language=language_tag(facts),
        markets=several_markets(facts.notifying_members, site, visit),
        deadline=visit.dates.fact(fact)[0] if known else "",
        computed=fact.quality is DateQuality.COMPUTED,
        left=left_text(max(left, 0), visit.dates) if left is not None else "",
        soon=left is not None and left <= SOON,
        areas=tuple(names.area(found.area, language) for found in one.classification.areas[:_MOST_AREAS]),
        codes=", ".join(dotted(code) for code in facts.hs_codes[:_MOST_CODES])
        + (" …" if len(facts.hs_codes) > _MOST_CODES else ""),
        inferred=", ".join(dotted(code) for code in inferred),
        stage=_stage_name(key, facts, site, visit),
        stage_key=key,
        distributed=visit.dates.day(facts.last_distributed) if facts.last_distributed else "",
        distributed_on=facts.last_distributed.isoformat() if facts.last_distributed else "",
    )


def several_markets(members: Iterable[str], site: Site, visit: Visit) -> str:
    """The markets by name; of many the first."""
    names = [site.desk.names.markets.name(member, visit.language) for member in members]
    if not names:
        return visit.words("market.unknown")
    if len(names) > 3:
        return visit.words("markets.more", name=names[0], n=len(names) - 1, total=len(names))
    return visit.words("pause").join(names)


def _stage_name(key: str, facts: Facts, site: Site, visit: Visit) -> str:
    """A regulator's own notice that asks for no comments is no draft, whatever it is."""
    if key == "draft" and not facts.area and facts.comment_deadline.value is None:
        return visit.words("kind.publisher")
    return site.desk.names.choices.name(Part.STAGE, key, visit.language)


def stage_key(facts: Facts, today: date) -> str:
    """How far it has come, by the key of the stages."""
    key = status_on(facts, today).value.replace("_", "-")
    return key if key in STAGES else "unknown"


def language_tag(facts: Facts) -> str:
    """The language of a document's words, as browsers call it; "" if it is none."""
    tag = facts.language.strip().lower()
    return tag if tag.isascii() and tag.replace("-", "").isalnum() and len(tag) < 12 else ""
