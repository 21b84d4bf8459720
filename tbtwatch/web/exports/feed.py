"""The newest of a search as an Atom feed. An entry is a measure: its id is the same for ever, and it is updated when
a document changes the measure."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from notifiers.atom import Entry, atom_text
from notifiers.titles import title_of
from tbtwatch.pipeline.look.asked import Asked
from tbtwatch.pipeline.look.walking import walk
from tbtwatch.storage.briefs import Brief
from tbtwatch.web.look.lists import line
from tbtwatch.web.site import Site, Visit, clean, measure_path

ATOM: Final = "application/atom+xml; charset=utf-8"
MOST_ENTRIES: Final = 50
NEWEST: Final = "newest"


def search_feed(site: Site, visit: Visit, asked: Asked) -> str:
    """The feed of a question, the newest documents first, however the page sorts."""
    desk = site.desk
    found = walk(site.finder, asked, order=NEWEST, today=visit.today, limit=MOST_ENTRIES)
    with desk.storage.look() as tx:
        briefs = tx.briefs.of(found.ids)
    base = desk.public_url or str(visit.request.base_url).rstrip("/")
    query = replace(asked, sort="", page=1).query()
    mark = hashlib.sha256(f"{visit.language}?{query}".encode("utf-8", "replace")).hexdigest()[:16]
    tail = f"?{query}" if query else ""
    return atom_text(
        [_entry(one, site, visit, base) for one in briefs],
        id=f"tag:{desk.mail_domain},2026:search/{mark}",
        title=f"{visit.words('export.feed')}{visit.words('colon')}{_named(asked, visit)}",
        language=visit.words.tag,
        updated=datetime(2026, 1, 1, tzinfo=UTC),
        self_link=f"{base}/{visit.language}/search.atom{tail}",
        alternate=f"{base}/{visit.language}/search{tail}",
    )


def _named(asked: Asked, visit: Visit) -> str:
    """What is asked, in short."""
    several = (asked.text, *asked.markets, *asked.areas, *asked.kinds, *asked.stages, *asked.hs, *asked.ics)
    said = [clean(one) for one in several if one]
    if asked.open:
        said.append(visit.words("search.open"))
    return visit.words("pause").join(said) or visit.words("export.feed.all")


def _entry(one: Brief, site: Site, visit: Visit, base: str) -> Entry:
    shown, desk = line(one, site, visit), site.desk
    symbol = one.symbols[0] if one.symbols else ""
    words = visit.words
    fact = one.facts.comment_deadline
    day = words.messages.note(*visit.dates.fact(fact)) if fact.value or fact.wording else words("dash")
    text = [
        shown.markets,
        shown.stage,
        words.messages("field.comment_deadline") + words("colon") + day,
        words("list.areas") + words("colon") + (words("pause").join(shown.areas) or words("not_classified")),
    ]
    title = clean(title_of(one.facts, 200)) or symbol
    return Entry(
        id=f"tag:{desk.mail_domain},2026:measure/{one.id}",
        title=f"{shown.markets} · {title}" + (f" [{symbol}]" if symbol else ""),
        text="\n".join(clean(each) for each in text),
        link=base + measure_path(visit.language, symbol) if symbol else "",
        updated=one.revised_at,
    )
