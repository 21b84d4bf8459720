"""Measures as the API and the exports tell them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from rules.classification import Evidence, Facet
from subscriptions.deadlines import act_by, takes_comments
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.look.measure import Happening, LookedAt
from tbtwatch.storage.briefs import Brief
from tbtwatch.web.api.ground import ROOT
from tbtwatch.web.api.models.dates import DateOf
from tbtwatch.web.api.models.measures import (
    AreaOf,
    ChangeOf,
    DocumentOf,
    EvidenceFor,
    EvidenceOf,
    FindingOf,
    Market,
    MeasureLine,
    MeasureWhole,
    SourceOf,
    Timeline,
)
from tbtwatch.web.site import clean, measure_path
from watcher.facts import status_on
from watcher.text import safe_link


def a_line(one: Brief, desk: Desk, *, language: str, today: date, base: str = "") -> MeasureLine:
    """A measure in a list. `base`: where this service was reached, for what is read elsewhere."""
    facts, names = one.facts, desk.names
    symbol = one.symbols[0] if one.symbols else ""
    return MeasureLine(
        id=one.id,
        symbol=clean(symbol),
        symbols=[clean(each) for each in one.symbols],
        title=clean(facts.title),
        markets=[Market(code=code, name=names.markets.name(code, language)) for code in facts.notifying_members],
        status=status_on(facts, today),
        open_for_comments=takes_comments(facts, today),
        comment_deadline=DateOf.of(facts.comment_deadline),
        act_by=act_by(facts.comment_deadline, names.buffers.of(facts.notifying_members)),
        hs_codes=list(facts.hs_codes),
        inferred_hs_codes=[] if facts.hs_codes else [found.value for found in one.classification.of(Facet.HS)],
        ics_codes=list(facts.ics_codes),
        areas=[
            AreaOf(key=found.area, name=names.area(found.area, language), grade=found.grade)
            for found in one.classification.areas
        ],
        first_distributed=facts.first_distributed,
        last_distributed=facts.last_distributed,
        recorded_at=one.recorded_at,
        url=f"{ROOT}/measures/{one.id}",
        page=(desk.public_url or base) + measure_path(language, symbol),
    )


def a_whole(found: LookedAt, one: Brief, desk: Desk, *, language: str, today: date) -> MeasureWhole:
    """A measure with all its facts."""
    facts = found.facts
    line = a_line(one, desk, language=language, today=today)
    return MeasureWhole(
        **{**dict(line), "status": facts.status},
        issuer=found.measure.issuer,
        domain=facts.area,
        content_summary=clean(facts.content_summary),
        products_covered=clean(facts.products_covered),
        further_text=clean(facts.further_text),
        objectives=[clean(each) for each in facts.objectives],
        responsible_agency=clean(facts.responsible_agency),
        legal_basis=[clean(each) for each in facts.legal_basis],
        proposed_adoption=DateOf.of(facts.proposed_adoption),
        adopted_on=DateOf.of(facts.adopted_on),
        published_on=DateOf.of(facts.published_on),
        proposed_entry_into_force=DateOf.of(facts.proposed_entry_into_force),
        in_force_on=DateOf.of(facts.in_force_on),
        language=clean(facts.language),
        ruleset_version=found.classification.ruleset_version,
        links=_links(facts.links),
        source_page=safe_link(facts.page or "") or None,
        sources=[
            SourceOf(name=each.name, title=each.title, stated_at=each.stated_at, checked_at=each.checked_at)
            for each in found.checked
        ],
        timeline_url=f"{line.url}/timeline",
        evidence_url=f"{line.url}/evidence",
    )


def a_timeline(found: LookedAt) -> Timeline:
    """How it came to be what it is."""
    assert found.measure.id is not None
    return Timeline(id=found.measure.id, symbol=clean(found.symbol), documents=[*map(_document, found.happenings)])


def an_evidence(found: LookedAt) -> EvidenceFor:
    """Why it is classified so."""
    assert found.measure.id is not None
    known = found.classification
    said = [("area", area.area, area.grade, area.note, area.evidence) for area in known.areas]
    said += [(one.facet.value, one.value, one.grade, one.note, one.evidence) for one in known.findings]
    return EvidenceFor(
        id=found.measure.id,
        symbol=clean(found.symbol),
        ruleset_version=known.ruleset_version,
        findings=[
            FindingOf(
                facet=facet, value=clean(value), grade=grade, note=clean(note), evidence=[*map(_reason, evidence)]
            )
            for facet, value, grade, note, evidence in said
        ],
    )


def _document(one: Happening) -> DocumentOf:
    notice = one.notice
    return DocumentOf(
        symbols=[clean(symbol) for symbol in notice.symbols],
        type=notice.type.value,
        distributed=notice.distribution_date,
        title=clean(notice.title),
        content_summary=clean(notice.content_summary),
        changes=[
            ChangeOf(
                kind=change.kind,
                field=change.field,
                old=clean(change.old),
                new=clean(change.new),
                quote=clean(change.quote),
            )
            for change in one.changes
        ],
        links=_links(notice.links),
        page=safe_link(notice.page or "") or None,
    )


def _reason(one: Evidence) -> EvidenceOf:
    return EvidenceOf(
        rule=clean(one.rule), field=one.field, quotes=[clean(quote) for quote in one.quotes], grade=one.grade
    )


def _links(addresses: Iterable[str]) -> list[str]:
    return [link for address in addresses if (link := safe_link(address))]
