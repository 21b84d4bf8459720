"""Values as commands print them with --json. Scripts rely on these names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rules.classification import INFERRED_BY, Classification, Evidence, Facet
from rules.facets import Facets
from rules.override import BY_A_PERSON
from rules.urgency import Urgency
from subscriptions.criteria import Criteria, Match, Refusal, Subscription
from subscriptions.rhythm import Rhythm
from tbtwatch.pipeline.conclude import PollReport
from tbtwatch.pipeline.confirm import WORDS
from tbtwatch.storage.confirmations import Confirmation
from tbtwatch.storage.documents import TriedDocument
from tbtwatch.storage.outbox import Delivery
from tbtwatch.storage.types import to_json
from watcher.dates import DateFact
from watcher.facts import facts_on
from watcher.markets import Markets
from watcher.measure import FactChange, Facts, Measure
from watcher.notice import Notice

DATES = (
    "comment_deadline",
    "proposed_adoption",
    "proposed_entry_into_force",
    "adopted_on",
    "published_on",
    "in_force_on",
)


def a_poll(report: PollReport) -> dict[str, Any]:
    """A poll."""
    return {
        "source": report.source,
        "status": report.status,
        "notices": report.notices,
        "new": report.new,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "unreadable": report.unreadable,
        "seeding": report.seeding,
        "held": report.held.id if report.held else None,
        "error": report.error or None,
    }


def a_date(fact: DateFact) -> dict[str, Any]:
    """A date with its quality."""
    return {
        "value": fact.value.isoformat() if fact.value else None,
        "quality": fact.quality.value,
        "precision": fact.precision.value,
        "wording": fact.wording,
        "rule": fact.rule,
        "doubt": fact.doubt,
    }


def day(value: date | None) -> str | None:
    """A day as ISO 8601."""
    return value.isoformat() if value else None


def instant(value: datetime | None) -> str | None:
    """An instant as ISO 8601 in UTC."""
    return value.isoformat() if value else None


def areas(classification: Classification) -> list[dict[str, Any]]:
    """The product areas with their evidence."""
    found: list[dict[str, Any]] = to_json(Classification, classification)["areas"]
    return found


def findings(classification: Classification, facets: Facets) -> list[dict[str, Any]]:
    """What was found besides the product areas, with names where the facets have them, and the evidence."""
    stated = to_json(Classification, classification)["findings"]
    return [
        {**one, "name": facets.name(finding.facet, finding.value, "en")}
        for one, finding in zip(stated, classification.findings, strict=True)
    ]


def an_urgency(found: Urgency) -> dict[str, Any]:
    """How soon a measure asks for something."""
    return {
        "level": found.level.value,
        "why": list(found.why),
        "days_to_comment": found.days_to_comment,
        "days_to_force": found.days_to_force,
    }


#: The lines of a measure on a terminal, and the facet of each. Stated codes stand there already.
FOUND_IN_WORDS: tuple[tuple[str, Facet], ...] = (
    ("kind", Facet.KIND),
    ("stage", Facet.STAGE),
    ("objective", Facet.OBJECTIVE),
    ("urgent", Facet.URGENCY),
    ("scheme", Facet.SCHEME),
    ("duty", Facet.DUTY),
    ("standard", Facet.STANDARD),
    ("transition", Facet.TRANSITION),
    ("group", Facet.MARKET),
    ("affected", Facet.AFFECTED),
)


def findings_in_words(classification: Classification, facets: Facets) -> Iterable[str]:
    """A line for each piece of evidence, in the order in which people ask."""
    for name, facet in FOUND_IN_WORDS:
        for finding in classification.of(facet):
            called = facets.name(facet, finding.value, "en")
            value = finding.value if called == finding.value else f"{finding.value}, {called}"
            note = f" [{finding.note}]" if finding.note else ""
            for evidence in finding.evidence:
                if evidence.field in ("notifying_members", "status", "objectives") and facet is not Facet.KIND:
                    continue  # it is said above, as a fact
                yield f"{name:<11} {value or 'no day'}{note} ({evidence.grade.value}): {_rests_on(evidence)}"


def unstated_codes_in_words(classification: Classification) -> Iterable[str]:
    """A line for each piece of evidence for a code that no notice states: inferred, or said by a person."""
    for name, facet in (("HS", Facet.HS), ("ICS", Facet.ICS)):
        for finding in classification.of(facet):
            for evidence in finding.evidence:
                if evidence.rule == INFERRED_BY or evidence.rule.startswith(BY_A_PERSON):
                    inferred = "not stated, inferred by the " if evidence.rule == INFERRED_BY else ""
                    yield f"{name} {finding.value} ({finding.grade.value}): {inferred}{_rests_on(evidence)}"


def _rests_on(evidence: Evidence) -> str:
    """The rule, the field and the words; of a person's word who said it."""
    quotes = ", ".join(f"“{_short(quote)}”" for quote in evidence.quotes)
    return f"{evidence.rule}, {evidence.field}: {quotes}" if evidence.field else evidence.rule


def _short(quote: str) -> str:
    one_line = " ".join(quote.split())
    return one_line if len(one_line) <= 160 else f"{one_line[:159]}…"


def a_measure(
    measure: Measure,
    classification: Classification,
    markets: Markets,
    *,
    today: date,
    in_force: int = 0,
) -> dict[str, Any]:
    """A measure in a list, with the status it has today.

    `in_force`: the version of the rules in force; an earlier one's work is being re-done.
    """
    facts = facts_on(measure.facts, today)
    return {
        "id": measure.id,
        "symbol": measure.threads[0],
        "symbols": list(measure.threads),
        "issuer": measure.issuer,
        "domain": facts.area,
        "title": facts.title,
        "content_summary": facts.content_summary,
        "products_covered": facts.products_covered,
        "notifying_members": list(facts.notifying_members),
        "markets": [markets.name(member, "en") for member in facts.notifying_members],
        "hs_codes": list(facts.hs_codes),
        "ics_codes": list(facts.ics_codes),
        "objectives": list(facts.objectives),
        "responsible_agency": facts.responsible_agency,
        "legal_basis": list(facts.legal_basis),
        "status": facts.status.value,
        **{name: a_date(getattr(facts, name)) for name in DATES},
        "first_distributed": day(facts.first_distributed),
        "last_distributed": day(facts.last_distributed),
        "language": facts.language,
        "areas": areas(classification),
        "ruleset_version": classification.ruleset_version,
        "being_reclassified": classification.ruleset_version < in_force,
        "notices": [notice.key for notice in measure.notices],
        "links": list(facts.links),
        "page": facts.page,
    }


def a_notice(notice: Notice) -> dict[str, Any]:
    """A notice of a measure."""
    return {
        "symbols": list(notice.symbols),
        "type": notice.type.value,
        "distribution_date": day(notice.distribution_date),
        "title": notice.title,
        "content_summary": notice.content_summary,
        "comment_deadline": a_date(notice.comment_deadline),
        "links": list(notice.links),
        "page": notice.page,
    }


def a_document(tried: TriedDocument) -> dict[str, Any]:
    """A document that a notice links, and what was read of it."""
    return {
        "source": tried.source,
        "entry": tried.entry,
        "url": tried.url,
        "tried_at": instant(tried.tried_at),
        "pages": tried.pages,
        "pages_read": tried.pages_read,
        "characters": len(tried.text),
        "problem": tried.problem or None,
    }


def document_in_words(tried: TriedDocument) -> str:
    """What was read of a document: "2 of 31 pages read", or why it was not."""
    pages = f"{tried.pages_read} of {tried.pages} {'page' if tried.pages == 1 else 'pages'} read" if tried.text else ""
    return ". ".join(filter(None, (pages, tried.problem)))


def a_change(change: FactChange) -> dict[str, Any]:
    """A fact change."""
    return {
        "kind": change.kind.value,
        "symbols": list(change.symbols),
        "field": change.field,
        "old": change.old,
        "new": change.new,
        "stated_on": day(change.stated_on),
        "quote": change.quote,
    }


def a_subscription(subscription: Subscription) -> dict[str, Any]:
    """A subscription."""
    return {
        "id": subscription.id,
        "version": subscription.version,
        "enterprise": subscription.enterprise,
        "name": subscription.name,
        **to_json(Criteria, subscription.criteria),
        "frequency": subscription.frequency.value,
        "language": subscription.language,
        "addresses": [{"channel": a.channel, "target": a.target} for a in subscription.addresses],
        "ways": [
            {
                "channel": way.address.channel,
                "target": way.address.target,
                "grade": way.grade.value,
                "frequency": way.frequency.value,
            }
            for way in subscription.ways
        ],
        "rhythm": to_json(Rhythm, subscription.rhythm),
        "since": instant(subscription.since or subscription.started_at),
        "started_at": instant(subscription.started_at),
        "ended_at": instant(subscription.ended_at),
        "end_reason": subscription.end_reason,
    }


def a_confirmation(one: Confirmation) -> dict[str, Any]:
    """Whether the owner of an address agreed, and how."""
    return {
        "channel": one.address.channel,
        "target": one.address.target,
        "asked_since": instant(one.begun_at),
        "confirmed_at": instant(one.confirmed_at),
        "how": one.how or None,
        "ended_at": instant(one.ended_at),
        "end_reason": one.end_reason,
    }


def consent(one: Confirmation, zone: ZoneInfo) -> str:
    """The same in a few words."""
    if one.confirmed_at is not None:
        return f"confirmed {one.confirmed_at.astimezone(zone):%Y-%m-%d %H:%M}: {WORDS.get(one.how, one.how)}"
    return f"not confirmed, asked since {one.begun_at.astimezone(zone):%Y-%m-%d %H:%M}; news waits"


def an_answer(answer: Match | Refusal) -> dict[str, Any]:
    """A match with its conditions, or the first condition that failed."""
    if isinstance(answer, Match):
        return {"matches": True, **to_json(Match, answer)}
    return {"matches": False, "failed": answer.part.value, "asked": answer.asked, "found": answer.found}


def a_delivery(delivery: Delivery) -> dict[str, Any]:
    """A delivery."""
    return {
        "id": delivery.id,
        "kind": delivery.kind,
        "channel": delivery.channel,
        "target": delivery.target,
        "subject": delivery.subject,
        "message_id": delivery.message_id,
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "due_at": instant(delivery.due_at),
        "reason": delivery.reason,
        "detail": delivery.detail,
        "created_at": instant(delivery.created_at),
        "ended_at": instant(delivery.ended_at),
        "measure": delivery.measure_id,
    }


def date_in_words(fact: DateFact) -> str:
    """A date for a terminal, with how it was come by."""
    if fact.value is None:
        return f"{fact.quality.value.replace('_', ' ')}" + (f" ({fact.wording!r})" if fact.wording else "")
    extra = f", {fact.rule}" if fact.rule else ""
    return f"{fact.value.isoformat()} ({fact.quality.value}{extra})"


def dates_in_words(facts: Facts) -> Iterable[tuple[str, str]]:
    """The dates of a measure that say anything."""
    for name in DATES:
        fact: DateFact = getattr(facts, name)
        if fact.value or fact.wording:
            yield name.replace("_", " "), date_in_words(fact)
