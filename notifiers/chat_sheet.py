"""What stands in a chat message: a handful of lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from notifiers.basis import Basis
from notifiers.dates import Dates
from notifiers.digest_sheet import (
    SIZES,
    digest_sheet,
    each_once,
    is_new,
    late_lines,
    published_line,
    readers,
    written_on,
)
from notifiers.headline import head
from notifiers.message import AlertContent, DigestContent, MeasureNews
from notifiers.readings import ChangeLine, dotted, several
from notifiers.requirements import inferred_in_short, requirements_in_short
from notifiers.sheet import (
    Link,
    alert_remarks,
    arranged,
    by_when,
    change_lines,
    current_deadline_change,
    first_symbol,
    links,
    market_line,
    title,
)
from notifiers.wording import Words, offered
from notifiers.your_products import your_products_in_short
from watcher.text import one_line

_QUOTED_AT_ONCE, _QUOTED_IN_DIGEST = 400, 240  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatAlert:
    """An alert in four lines, with a line more for each change."""

    remarks: tuple[str, ...]
    fact: str
    changes: tuple[str, ...]
    by_when: str
    products: str
    yours: str  #: the reader's products that are affected; "" if none is known to be
    must: str  #: what must be done; "" if nothing is known of it
    link: Link | None
    symbol: str
    arranged: str = ""  #: who looks after it


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatEntry:
    """A measure in a chat's digest."""

    title: str
    lines: tuple[str, ...]
    link: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatDigest:
    """A digest as one chat message."""

    remarks: tuple[str, ...]
    heading: str
    counts: str
    first_label: str
    first: str
    entries: tuple[ChatEntry, ...]
    more: str
    quiet: str
    fresh: str
    gaps: tuple[str, ...]
    arranged: str = ""  #: who looks after it

    def with_entries(self, entries: tuple[ChatEntry, ...], more: str) -> ChatDigest:
        """The same digest with these measures."""
        return replace(self, entries=entries, more=more)


def chat_alert(content: AlertContent, language: str) -> ChatAlert:
    """The lines of an alert for a chat: fact, act-by, product, link."""
    words = Words(offered(language))
    dates = Dates(words, content.written_on)
    news = content.news
    found = links(news, words, most=1)
    return ChatAlert(
        remarks=tuple(one_line(remark, 300) for remark in alert_remarks(content, language, dates)),
        fact=_fact(news, words),
        changes=_change_texts(_other_changes(news, dates, most=3), words, quoted=_QUOTED_AT_ONCE),
        by_when=by_when(news, dates),
        products=_products(news, words),
        yours=one_line(your_products_in_short(news, words), 300),
        must=one_line(requirements_in_short(news, dates), 300),
        link=replace(found[0], label=first_symbol(news) or found[0].label) if found else None,
        symbol=first_symbol(news),
        arranged=arranged(content.arranged_by, words),
    )


def chat_digest(content: DigestContent, language: str) -> ChatDigest:
    """The lines of a digest for a chat, with every measure; the caller takes as many as a message holds."""
    words = Words(offered(language))
    dates = Dates(words, written_on(content))
    sheet = digest_sheet(content, language, SIZES[-1], by_mail=False)
    news = each_once(content.news)
    ordered = [one for one in news if is_new(one)] + [one for one in news if not is_new(one)]
    return ChatDigest(
        remarks=sheet.remarks,
        heading=sheet.heading,
        counts=sheet.counts,
        first_label=sheet.first_label,
        first=sheet.first,
        entries=tuple(_entry(one, dates, content.starts_on) for one in ordered),
        more="",
        quiet=one_line(sheet.quiet, 500),
        fresh=sheet.fresh,
        gaps=tuple(one_line(gap, 200) for gap in sheet.gaps[:3]),
        arranged=sheet.ending.arranged,
    )


def _fact(news: MeasureNews, words: Words) -> str:
    return f"{market_line(news, words)} · {head(news, words)}{words('colon')}{title(news, words, 300)}"


def _other_changes(news: MeasureNews, dates: Dates, *, most: int) -> list[ChangeLine]:
    """The changes but for the deadline's, which stands in the line that says by when."""
    return change_lines(news, dates, most=most, without=current_deadline_change(news))


def _change_texts(lines: Sequence[ChangeLine], words: Words, *, quoted: int) -> tuple[str, ...]:
    """A line for each change. One without old and new says nothing by itself: so many characters of the document's
    own words follow it, such as what was rewritten in a page.
    """
    shown: list[str] = []
    for line in lines:
        shown.append(_change_text(line, words))
        if line.quote and not line.arrow:
            shown.append(words.quote(one_line(line.quote, quoted)))
    return tuple(shown)


def _change_text(line: ChangeLine, words: Words) -> str:
    text = line.label + (words("colon") + words("from_to", old=line.old, new=line.new) if line.arrow else "")
    return words.note(one_line(text, 400), one_line(line.note, 160))


def _products(news: MeasureNews, words: Words) -> str:
    """Codes or words for the product, how sure it is, and for which subscriptions."""
    facts = news.facts
    if facts.hs_codes:
        product = "HS " + several([dotted(code) for code in facts.hs_codes], words, most=6)
    elif facts.products_covered.strip():
        product = words.note(one_line(facts.products_covered, 150), inferred_in_short(news, words))
    elif news.inferred:
        product = inferred_in_short(news, words)
    elif facts.ics_codes:
        product = "ICS " + several(list(facts.ics_codes), words, most=6)
    else:
        product = several([one_line(name, 40) for name in news.areas], words, most=4) or words("products.none")
    parts = [product, Basis.of(news).phrase(words), readers(news, words)]
    return one_line(" · ".join(part for part in parts if part), 500)


def _entry(news: MeasureNews, dates: Dates, since: date) -> ChatEntry:
    words = dates.words
    found = links(news, words, most=1)
    symbol = first_symbol(news)
    changes = _change_texts(_other_changes(news, dates, most=2), words, quoted=_QUOTED_IN_DIGEST)
    published, told_late = published_line(news, dates), late_lines(news, since, dates)
    yours, for_whom = one_line(your_products_in_short(news, words), 200), readers(news, words)
    return ChatEntry(
        title=f"{market_line(news, words)} · {title(news, words, 120)}" + (f" [{symbol}]" if symbol else ""),
        lines=(
            *told_late,
            head(news, words),
            *changes,
            by_when(news, dates),
            *filter(None, [yours, published, for_whom]),
        ),
        link=found[0] if found else None,
    )
