"""The page of a measure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from starlette.responses import Response

from notifiers.duties import duty
from notifiers.headline import kind_and_status
from notifiers.readings import ChangeLine, change_line, dotted, objective
from notifiers.requirements import inferred_lines, requirement_lines
from notifiers.sheet import Link, links
from notifiers.titles import title_of
from rules.classification import Facet, Grade
from subscriptions.deadlines import takes_comments
from tbtwatch.pipeline.look.asked import Asked
from tbtwatch.pipeline.look.measure import Happening, LookedAt, look_at
from tbtwatch.pipeline.symbols import Unknown
from tbtwatch.web.look.evidence import proofs
from tbtwatch.web.look.lists import language_tag, stage_key
from tbtwatch.web.site import Site, Visit, clean, moved
from tbtwatch.web.text_diff import Piece, compare
from watcher.dates import DateFact, DateQuality, Precision
from watcher.measure import Facts
from watcher.text import safe_link

_MOST_LINKS = 30
_TEXTS = ("title", "content_summary", "products_covered")
_DATES = ("proposed_adoption", "adopted_on", "published_on", "proposed_entry_into_force", "in_force_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Who must do what by when."""

    who: str
    what: str
    when: str
    how: str
    left: str
    passed: bool
    quality: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A notice in the timeline."""

    anchor: str
    day: str
    iso: str
    symbols: str
    type: str
    headlines: list[str]
    changes: list[ChangeLine]
    diffs: list[tuple[str, list[Piece] | None]]
    links: list[Link]


def show(site: Site, visit: Visit) -> Response:
    """The page, or the way to it; a symbol that is not known answers 404 with what is near."""
    return _show(str(visit.request.path_params["symbol"]), site, visit)


def by_query(site: Site, visit: Visit) -> Response:
    """The same for a symbol that cannot stand in a path."""
    symbol = visit.request.query_params.get("symbol", "").strip()[:500]
    if not symbol:
        return moved(visit.path("search"))
    where = visit.measure(symbol)
    return _show(symbol, site, visit) if "?symbol=" in where else moved(where)


def to_language(site: Site, visit: Visit) -> Response:  # noqa: ARG001 - all pages are asked alike
    """From an address without a language, as messages may carry it, to the page in the browser's."""
    response = moved(visit.measure(str(visit.request.path_params["symbol"])))
    response.headers["Vary"] = "Accept-Language"
    return response


def _show(symbol: str, site: Site, visit: Visit) -> Response:
    found = look_at(symbol, desk=site.desk, language=visit.language, today=visit.today)
    if isinstance(found, Unknown):
        near = [(one, visit.measure(one)) for one in found.near]
        asked = clean(found.symbol)[:200]
        return site.render(
            visit,
            "missing.html",
            status=404,
            title=visit.words("missing.title"),
            symbol=asked,
            near=near,
            search=visit.path("search?" + Asked(text=asked).query()),
        )
    if symbol != found.symbol and not found.missing:
        # By whatever symbol it was asked for, a measure has one page; a later document is a place on it.
        bearer = [one.notice.symbols for one in found.happenings if symbol in one.notice.symbols]
        return moved(visit.measure(found.symbol) + (f"#{_anchor(bearer[0][0])}" if bearer else ""))
    return _page(found, site, visit)


def _page(found: LookedAt, site: Site, visit: Visit) -> Response:
    words, facts, dates = visit.words, found.facts, visit.dates
    messages = words.messages
    title = clean(title_of(facts)) or found.symbol
    due = duty(found.news, dates)
    return site.render(
        visit,
        "measure.html",
        title=title,
        title_language=language_tag(facts),
        found=found,
        symbol=found.symbol,
        what=kind_and_status(found.news, messages),
        stage_key=stage_key(facts, visit.today),
        markets=found.news.markets,
        sentence=due.text(messages),
        open=due.open,
        todo=list(_todo(found, site, visit)),
        facts=list(_facts(found, site, visit)),
        demands=requirement_lines(found.news, dates),
        texts=[
            (messages(f"field.{name}"), clean(text))
            for name in ("content_summary", "products_covered")
            if (text := getattr(facts, name).strip())
        ],
        further=clean(facts.further_text.strip()),
        events=[_event(one, visit) for one in found.happenings],
        proofs=proofs(found, site, visit),
        links=links(found.news, messages, most=_MOST_LINKS),
        documents={one.url: _read(one.pages_read, one.pages, one.problem, visit) for one in found.documents},
        checked=[
            (
                clean(one.title or one.name),
                one.name,
                dates.moment(one.stated_at.astimezone(site.desk.names.zone)),
                dates.moment(one.checked_at.astimezone(site.desk.names.zone))
                if one.checked_at
                else words("measure.never"),
            )
            for one in found.checked
        ],
    )


def _read(pages: int, of: int, problem: str, visit: Visit) -> str:
    read = visit.words("measure.read", n=pages, all=of) if pages else ""
    return read or clean(problem)


# --- who must do what by when


def _todo(found: LookedAt, site: Site, visit: Visit) -> Iterator[Due]:
    words, facts, today = visit.words, found.facts, visit.today
    market = words("pause").join(found.news.markets[:3]) or words("market.unknown")
    fact = facts.comment_deadline
    if fact.value is not None or fact.wording:
        if found.act_by is not None and takes_comments(facts, today):
            days = site.desk.names.buffers.of(facts.notifying_members)
            yield Due(
                who=words("who.you"),
                what=words("what.act_by"),
                when=visit.dates.day(found.act_by),
                how=words("how.buffer", n=days),
                left=_left(found.act_by, today, visit),
                passed=found.act_by < today,
                quality="computed",
            )
        yield _due(words("who.enquiry"), words("what.comment_deadline"), fact, visit)
    for name in _DATES:
        stated: DateFact = getattr(facts, name)
        if (stated.value is None and not stated.wording) or _told_by_another(name, facts):
            continue
        who = words("who.all") if "force" in name else words("who.market", market=market)
        yield _due(who, words(f"what.{name}"), stated, visit)
    for finding in found.classification.of(Facet.TRANSITION):
        if finding.grade.at_least(Grade.PROBABLE) and (day := _iso(finding.value)):
            quotes = [clean(quote_) for evidence in finding.evidence for quote_ in evidence.quotes][:1]
            yield Due(
                who=words("who.all"),
                what=words("what.transition"),
                when=visit.dates.day(day),
                how=words("how.classified", words=words.messages.quote(quotes[0][:200])) if quotes else "",
                left=_left(day, today, visit),
                passed=day < today,
                quality="computed",
            )


def _told_by_another(name: str, facts: Facts) -> bool:
    """A plan is not shown beside what came of it."""
    came = {"proposed_adoption": facts.adopted_on, "proposed_entry_into_force": facts.in_force_on}.get(name)
    return came is not None and came.value is not None


def _due(who: str, what: str, fact: DateFact, visit: Visit) -> Due:
    when, how = visit.dates.fact(fact)
    exact = fact.value is not None and fact.precision is Precision.DAY
    known = fact.quality in (DateQuality.STATED, DateQuality.COMPUTED)
    return Due(
        who=who,
        what=what,
        when=clean(when),
        how=clean(how),
        left=_left(fact.value, visit.today, visit) if exact and known and fact.value else "",
        passed=bool(exact and fact.value and fact.value < visit.today),
        quality=fact.quality.value.replace("_", "-"),
    )


def _left(day: date, today: date, visit: Visit) -> str:
    days = (day - today).days
    if days < 0:
        return visit.words("left.over")
    return visit.words("left.days", n=days) if days else visit.words("left.today")


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# --- facts


def _facts(found: LookedAt, site: Site, visit: Visit) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Names of facts with their values, each with the address of more of its kind."""
    words, facts, messages = visit.words, found.facts, visit.words.messages

    def search(**over: tuple[str, ...]) -> str:
        return visit.path("search?" + Asked(**over).query())  # type: ignore[arg-type]

    yield words("measure.symbols"), [(clean(symbol), "") for symbol in found.measure.threads]
    if facts.notifying_members:
        named = zip(facts.notifying_members, found.news.markets, strict=True)
        yield words("measure.notified_by"), [(name, search(markets=(code,))) for code, name in named]
    if facts.responsible_agency.strip():
        yield messages("field.responsible_agency"), [(clean(facts.responsible_agency), "")]
    codes = [(dotted(code), search(hs=(code,))) for code in facts.hs_codes]
    yield (
        messages("field.hs_codes"),
        codes or [(line, "") for line in inferred_lines(found.news, messages)] or [(messages("products.none"), "")],
    )
    if facts.ics_codes:
        yield messages("field.ics_codes"), [(code, search(ics=(code,))) for code in facts.ics_codes]
    areas = found.classification.areas
    if areas:
        names = site.desk.names
        yield messages("areas.label"), [(names.area(a.area, visit.language), search(areas=(a.area,))) for a in areas]
    if facts.objectives:
        yield messages("objective"), [(clean(objective(key, messages)), "") for key in facts.objectives]
    if facts.legal_basis:
        yield messages("field.legal_basis"), [(clean(article), "") for article in facts.legal_basis]


# --- what happened


def _event(one: Happening, visit: Visit) -> Event:
    words, messages, notice = visit.words, visit.words.messages, one.notice
    kinds = list(dict.fromkeys(change.kind for change in one.changes))
    shown: dict[ChangeLine, None] = {}
    for change in one.changes:
        line = change_line(change, one.after, visit.dates)
        if line.arrow or line.quote:
            shown[line] = None
    diffs = []
    if not one.first:
        for name in _TEXTS:
            old, new = getattr(one.before, name).strip(), getattr(one.after, name).strip()
            if old and new and old != new:
                diffs.append((messages(f"field.{name}"), compare(clean(old), clean(new))))
    day = notice.distribution_date
    shown_links = [
        Link(label=words("document_link", n=n), address=a) for n, a in enumerate(filter(safe_link, notice.links[:8]), 1)
    ]
    if notice.page:
        label = words("notification_link", symbol=clean(notice.symbols[0]))
        shown_links.insert(0, Link(label=label.strip(), address=notice.page))
    return Event(
        anchor=_anchor(notice.symbols[0]),
        day=visit.dates.day(day) if day else words("dash"),
        iso=day.isoformat() if day else "",
        symbols=clean(", ".join(notice.symbols[:8]) + (" …" if len(notice.symbols) > 8 else "")),
        type=words(f"type.{notice.type}"),
        headlines=[messages.either(f"headline.{kind}", "headline.other") for kind in kinds],
        changes=list(shown),
        diffs=diffs,
        links=[link for link in shown_links if safe_link(link.address)],
    )


def _anchor(symbol: str) -> str:
    """The place of a notice in its page."""
    return "n-" + "".join(each if each.isascii() and each.isalnum() else "-" for each in symbol)
