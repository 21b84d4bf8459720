"""One measure for a chat: its facts, and what happened."""

from __future__ import annotations

from html import escape

from notifiers.dates import Dates
from notifiers.titles import title_of
from notifiers.wording import Words, offered
from rules.classification import Classification
from subscriptions.words import word
from tbtwatch.bot.phrases import say
from tbtwatch.pipeline.compose import Names, first_recorded
from watcher.dates import DateFact, DateQuality
from watcher.facts import facts_on
from watcher.measure import ChangeKind, FactChange, Facts, Measure
from watcher.revise import history
from watcher.text import one_line, safe_link

TIMELINE = 12
MOST_SYMBOLS, MOST_MEMBERS, MOST_LINKS, MOST_AREAS = 8, 12, 4, 6
LONGEST_TITLE, LONGEST_PRODUCTS, LONGEST_CHANGE, LONGEST_LINK = 300, 400, 160, 600


def card(measure: Measure, classification: Classification, *, names: Names, dates: Dates, language: str) -> list[str]:
    """The facts, a line each; what is not stated has no line."""
    facts = facts_on(measure.facts, dates.today)
    title = title_of(facts, LONGEST_TITLE) or measure.threads[0]
    areas = [
        say("graded", language, area=names.area(one.area, language), grade=word(one.grade, language))
        for one in classification.areas[:MOST_AREAS]
    ]
    codes = [*(f"HS {code}" for code in facts.hs_codes[:8]), *(f"ICS {code}" for code in facts.ics_codes[:6])]
    if (more := len(facts.hs_codes[8:]) + len(facts.ics_codes[6:])) > 0:
        codes.append(f"+{more}")
    lines = [
        f"<b>{escape(title)}</b>",
        _symbols(measure, language),
        escape(members(facts, names, language, MOST_MEMBERS)),
    ]
    for label, value in (
        ("status", say(f"status_{facts.status.value}", language)),
        ("deadline", _fact(facts.comment_deadline, dates, language)),
        ("adoption", _fact(facts.adopted_on if facts.adopted_on.value else facts.proposed_adoption, dates, language)),
        (
            "force",
            _fact(facts.in_force_on if facts.in_force_on.value else facts.proposed_entry_into_force, dates, language),
        ),
        ("products", one_line(facts.products_covered, LONGEST_PRODUCTS)),
        ("codes", " · ".join(codes)),
        ("areas", say("areas_joined", language).join(areas)),
    ):
        if value:
            lines.append(say("fact", language, label=say(label, language), value=escape(value)))
    return [line for line in [*lines, _links(facts, language)] if line]


def members(facts: Facts, names: Names, language: str, most: int, first: frozenset[str] = frozenset()) -> str:
    """Who notified it: at most so many names, those asked for first, and how many more."""
    ordered = sorted(facts.notifying_members, key=lambda member: member not in first)
    told = [names.markets.name(member, language) for member in ordered]
    shown = say("markets_joined", language).join(told[:most])
    return f"{shown} +{len(told) - most}" if len(told) > most else shown


def timeline(measure: Measure, *, dates: Dates, language: str) -> list[str]:
    """What happened, oldest first; of a long history its end."""
    changes = history(measure.notices)
    lines = [f"<b>{say('history', language)}</b>"]
    if (earlier := len(changes) - TIMELINE) > 0:
        lines.append(say("earlier", language, n=earlier))
    later = first_recorded(measure)
    return lines + [_change(change, dates, language, later) for change in changes[-TIMELINE:]]


def _change(change: FactChange, dates: Dates, language: str, later: str) -> str:
    day = dates.near(change.stated_on) if change.stated_on else "?"
    moved = ""
    if change.field and change.new:
        old, new = (dates.stored(text) or text for text in (change.old or "—", change.new))
        moved = f" {one_line(f'{old} → {new}', LONGEST_CHANGE)}"
    symbol = f" [{escape(change.symbols[0])}]" if change.symbols else ""
    kind = word(change.kind, language)
    if change.kind is ChangeKind.NEW_MEASURE and later:
        kind = Words(offered(language))(f"headline.later.{later}")
    return escape(f"{day} · {kind}{moved}") + symbol


def _symbols(measure: Measure, language: str) -> str:
    shown = " ".join(f"<code>{escape(symbol)}</code>" for symbol in measure.threads[:MOST_SYMBOLS])
    more = len(measure.threads) - MOST_SYMBOLS
    return f"{shown} {say('more_symbols', language, n=more, total=len(measure.threads))}" if more > 0 else shown


def _links(facts: Facts, language: str) -> str:
    links = [
        (link, say("link_document", language, n=number))
        for number, address in enumerate(facts.links[:MOST_LINKS], 1)
        if (link := _link(address))
    ]
    if page := _link(facts.page):
        links.append((page, say("link_page", language)))
    return " · ".join(f'<a href="{escape(link, quote=True)}">{escape(label)}</a>' for link, label in links)


def _link(address: str | None) -> str | None:
    link = safe_link(address) if address and len(address) <= LONGEST_LINK else None
    return link or None


def _fact(fact: DateFact, dates: Dates, language: str) -> str:
    if fact.value is None and not fact.wording and fact.quality is DateQuality.UNKNOWN:
        return ""
    day, how = dates.fact(fact)
    return say("with_how", language, day=day, how=how) if how else day
