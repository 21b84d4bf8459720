"""What stands in an alert, in the order it is read. The text part and the HTML part are both drawn from one sheet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import unquote

from notifiers.basis import Basis
from notifiers.dates import Dates
from notifiers.duties import Duty, act_by_text, duty, is_publishers_own, known_day
from notifiers.headline import head
from notifiers.labels import label_remarks
from notifiers.message import AlertContent, Coverage, Label, MeasureNews
from notifiers.pauses import pause_remarks
from notifiers.readings import (
    ChangeLine,
    change_line,
    dotted,
    names_in,
    objective,
    reasons,
    several,
    told_what,
)
from notifiers.requirements import inferred_lines, requirement_lines
from notifiers.titles import title_of
from notifiers.wording import LANGUAGES, Words, offered
from notifiers.your_products import your_products
from watcher.dates import DateFact
from watcher.days import as_read
from watcher.measure import ChangeKind, FactChange, MeasureStatus
from watcher.text import one_line, safe_link

#: Older news than this says so in its first line.
LATE_AFTER_DAYS = 7
#: So that no message grows beyond what mail programs show (about 100 kB): how much of each is written out.
_MOST_CHANGES = 12
_MOST_LINKS = 10
_MOST_SUBSCRIPTIONS = 8
_MOST_TOLD = 8
_MOST_GAPS = 10
_LONGEST_TITLE = 400
_LONGEST_SUMMARY = 900
_LONGEST_PRODUCTS = 400
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A named fact, on one line or several."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An http(s) address with what it leads to."""

    label: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How to change or end a subscription. At most one of `link` and the sentence alone."""

    text: str = ""
    link: Link | None = None
    arranged: str = ""  #: who looks after it


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSheet:
    """An alert, line by line."""

    language: str  #: of our own words
    original_language: str  #: of the title and the other words of the document
    remarks: tuple[str, ...]  #: read first: another language, a late message, a correction
    head: str  #: "New measure · technical regulation, draft"
    market: str
    title: str
    title_note: str  #: in which language the title is, if not in the reader's
    concerns: str  #: to whom it matters
    changes: tuple[ChangeLine, ...]
    unchanged: str
    duty: Duty
    duty_label: str
    rows: tuple[Row, ...]  #: deadline, products, objective, dates
    summary: Row | None
    links: tuple[Link, ...]
    links_label: str
    reasons: tuple[Row, ...]  #: why, told before, how sure, how fresh, gaps
    ending: Ending


def alert_sheet(content: AlertContent, language: str, *, by_mail: bool) -> AlertSheet:
    """The lines of an alert for a reader who asked for this language. `by_mail`: whether an answer reaches us."""
    words = Words(offered(language))
    dates = Dates(words, content.written_on)
    news = content.news
    due = duty(news, dates)
    return AlertSheet(
        language=words.tag,
        original_language=_original_language(news),
        remarks=alert_remarks(content, language, dates),
        head=head(news, words),
        market=market_line(news, words),
        title=title(news, words, _LONGEST_TITLE),
        title_note=_title_note(news, words),
        concerns=_concerns(news, words),
        changes=tuple(change_lines(news, dates, most=_MOST_CHANGES)),
        unchanged=_unchanged(news, dates),
        duty=due,
        duty_label=words("do"),
        rows=tuple(_rows(news, due, dates)),
        summary=_summary(news, words),
        links=tuple(links(news, words, most=_MOST_LINKS)),
        links_label=words("documents"),
        reasons=tuple(_reasons(content, dates)),
        ending=ending(content.unsubscribe, words, by_mail=by_mail, arranged_by=content.arranged_by),
    )


# --- parts that digests and chats share


def language_remark(language: str, words: Words) -> tuple[str, ...]:
    """Says so when a reader's language is not offered."""
    if language.strip().replace("_", "-").partition("-")[0].lower() in LANGUAGES:
        return ()
    asked = words.either(f"language.{language.strip().lower()[:2]}", "language.other")
    return (words("fallback", language=asked),)


def market_line(news: MeasureNews, words: Words) -> str:
    """The markets by name; of more than three, the first and how many more."""
    names = [one_line(name, _LONGEST_NAME) for name in news.markets if name.strip()]
    if not names:
        names = [code for code in news.facts.notifying_members if code.strip()]
    if not names:
        return words("market.unknown")
    if len(names) > 3:
        return words("markets.more", name=names[0], n=len(names) - 1, total=len(names))
    return words("pause").join(names)


def title(news: MeasureNews, words: Words, limit: int) -> str:
    """The title as the document has it. Many have none: then their products, or how their content begins."""
    return title_of(news.facts, limit) or words("untitled")


def change_lines(news: MeasureNews, dates: Dates, *, most: int, without: FactChange | None = None) -> list[ChangeLine]:
    """The changes old → new, each once. That a measure is new is said by the headline already."""
    words = dates.words
    lines: dict[ChangeLine, None] = {}
    for change in news.changes:
        if change is without or (change.kind is ChangeKind.NEW_MEASURE and not change.quote):
            continue
        line = change_line(change, news.facts, dates)
        if change is current_deadline_change(news) and (act_by := act_by_text(news, dates)):
            line = replace(line, note=words("semicolon").join(part for part in (line.note, act_by) if part))
        lines[line] = None
    shown = list(lines)[:most]
    if len(lines) > most:
        shown.append(ChangeLine(label=words("more", n=len(lines) - most, total=len(lines))))
    return shown


def current_deadline_change(news: MeasureNews) -> FactChange | None:
    """The change that brought the comment deadline that now holds, if it is among the news and still matters."""
    if news.facts.status is MeasureStatus.WITHDRAWN:
        return None
    fact = news.facts.comment_deadline
    last = next((change for change in reversed(news.changes) if change.field == "comment_deadline"), None)
    return last if last is not None and known_day(fact) is not None and last.new == as_read(fact) else None


def by_when(news: MeasureNews, dates: Dates) -> str:
    """The comment deadline on one line, with the old one if it moved, and the act-by date; or why there is none."""
    words = dates.words
    due = duty(news, dates)
    moved = current_deadline_change(news)
    if moved is None and due.sentences and not (due.open and known_day(news.facts.comment_deadline)):
        return due.text(words)
    old = change_line(moved, news.facts, dates).old if moved and moved.old else ""
    shown = words("from_to", old=old, new=due.deadline) if old else due.deadline
    text = words("field.comment_deadline") + words("colon") + shown
    act_by = act_by_text(news, dates)
    return text + words("semicolon") + act_by if act_by else text


def product_lines(news: MeasureNews, words: Words) -> list[str]:
    """Codes first, those of the reader's own before the others; then the document's words, what we inferred, and our
    areas.
    """
    facts = news.facts
    asked = " ".join(condition.found for why in news.why for condition in why.conditions)
    own_first = sorted(facts.hs_codes, key=lambda code: code not in asked)
    codes = []
    if own_first:
        codes.append("HS " + several([dotted(code) for code in own_first], words))
    if facts.ics_codes:
        codes.append("ICS " + several(list(facts.ics_codes), words))
    lines = [" · ".join(codes)] if codes else []
    if facts.products_covered.strip():
        lines.append(words.quote(one_line(facts.products_covered, _LONGEST_PRODUCTS)))
    lines += inferred_lines(news, words)
    if news.areas and lines:
        lines.append(words("areas", names=_areas(news, words)))
    return lines


def _products(news: MeasureNews, words: Words) -> Row:
    """The products. Where only our own areas are known, the row is called so, not "products: product areas: …"."""
    if lines := product_lines(news, words):
        return Row(label=words("products"), lines=tuple(lines))
    if news.areas:
        return Row(label=words("areas.label"), lines=(_areas(news, words),))
    return Row(label=words("products"), lines=(words("products.none"),))


def _areas(news: MeasureNews, words: Words) -> str:
    return several([one_line(name, 60) for name in news.areas], words, most=8)


def links(news: MeasureNews, words: Words, *, most: int) -> list[Link]:
    """The notification itself, then its documents; nothing but http(s)."""
    found: dict[str, str] = {}
    if page := safe_link(news.facts.page):
        found[page] = words("notification_link", symbol=first_symbol(news))
    number = 0
    for address in news.facts.links:
        if (safe := safe_link(address)) and safe not in found:
            number += 1
            found[safe] = words("document_link", n=number)
    return [Link(label=label, address=address) for address, label in list(found.items())[:most]]


def published(news: MeasureNews) -> date | None:
    """The day the document with the latest news was published, as far as it is known."""
    return max((change.stated_on for change in news.changes if change.stated_on), default=None)


def first_symbol(news: MeasureNews) -> str:
    """The symbol of the newest notice; of a joint one the first, and how many more: "G/TBT/N/KEN/1 +6"."""
    symbols = news.symbols or news.thread_symbols
    if not symbols:
        return ""
    rest = len(symbols) - 1
    return one_line(symbols[0], 60) + (f" +{rest}" if rest else "")


def freshness(coverage: Coverage, dates: Dates) -> tuple[str, tuple[str, ...]]:
    """Until when how much was looked at, and the gaps as they were reported."""
    words = dates.words
    moment = dates.moment(coverage.as_of)
    gaps = [one_line(gap, 300) for gap in coverage.gaps if gap.strip()]
    if coverage.elsewhere and not coverage.sources:
        return words("fresh.elsewhere", moment=moment), ()
    if coverage.nothing_read or not (coverage.sources or gaps):
        return words("fresh.none", moment=moment), tuple(gaps[:_MOST_GAPS])
    parts = [words("fresh.sources.gaps" if gaps else "fresh.sources", n=coverage.sources)]
    if coverage.documents:
        parts.append(words("fresh.documents", n=coverage.documents))
    parts.append(words("fresh.gaps", n=len(gaps)) if gaps else words("fresh.no_gap"))
    line = words("fresh.line", moment=moment, parts=words("comma").join(parts)) + words("stop")
    if len(gaps) > _MOST_GAPS:
        gaps = [*gaps[:_MOST_GAPS], words("gaps.more", n=len(gaps) - _MOST_GAPS)]
    return line, tuple(gaps)


def ending(unsubscribe: str, words: Words, *, by_mail: bool, arranged_by: str = "") -> Ending:
    """How to change or end the subscription: a link, an address to write to, or an answer to the mail; who to ask."""
    return replace(_way_out(unsubscribe.strip(), words, by_mail=by_mail), arranged=arranged(arranged_by, words))


def arranged(by: str, words: Words) -> str:
    """Which association looks after the reader's subscriptions; "" if none does."""
    return words("arranged", manager=one_line(by, 200)) if by else ""


def _way_out(where: str, words: Words, *, by_mail: bool) -> Ending:
    if link := safe_link(where):
        return Ending(link=Link(label=words("change_or_end"), address=link))
    address, _, query = where.removeprefix("mailto:").partition("?")
    if query.startswith("subject="):
        subject = one_line(unquote(query.removeprefix("subject=")), 100)
        return Ending(text=words("end.write", where=one_line(address, 200), subject=subject))
    if where:
        return Ending(text=words("end.link", where=one_line(address, 200)))
    return Ending(text=words("end.answer")) if by_mail else Ending()


# --- parts of an alert alone


def _original_language(news: MeasureNews) -> str:
    language = news.facts.language.strip().lower()
    return language if language.replace("-", "").isalnum() and language.isascii() else "und"


def _title_note(news: MeasureNews, words: Words) -> str:
    language = news.facts.language
    if title(news, words, 10) == words("untitled"):
        return ""
    if language == words.language or not words.knows(f"language.{language}"):
        return ""
    return words("original", language=words(f"language.{language}"))


def alert_remarks(content: AlertContent, language: str, dates: Dates) -> tuple[str, ...]:
    """What is to be read before anything else: late, corrected, or not in the reader's language."""
    words = dates.words
    published_on = published(content.news)
    late = published_on is not None and (content.written_on - published_on).days > LATE_AFTER_DAYS
    remarks: list[str] = []
    if content.label is not Label.NONE:
        remarks += label_remarks(content, language, published=published_on)
    elif content.reclassified_on and published_on:
        day, first = dates.near(content.reclassified_on), dates.near(published_on)
        remarks.append(words("late.reclassified", day=day, published=first))
    elif content.reclassified_on:
        remarks.append(words("reclassified", day=dates.near(content.reclassified_on)))
    elif late and published_on:
        days = (content.written_on - published_on).days
        remarks.append(words("late", published=dates.near(published_on), n=days))
    if content.correction.strip():
        remarks.append(words("correction", text=one_line(content.correction, 500)))
    return (*remarks, *pause_remarks(content.pauses, dates), *language_remark(language, words))


def _concerns(news: MeasureNews, words: Words) -> str:
    names = [words.quote(one_line(why.name, 80)) for why in news.why]
    grade = Basis.of(news).phrase(words)
    grade = grade[:1].upper() + grade[1:]
    if not names:
        return grade
    return grade + words("colon") + words("why.subscription", name=several(names, words, most=_MOST_SUBSCRIPTIONS))


def _unchanged(news: MeasureNews, dates: Dates) -> str:
    """What a reader of a change would ask about next: products and plans, as far as they did not change."""
    kinds = {change.kind for change in news.changes}
    if not kinds or kinds & {ChangeKind.NEW_MEASURE, ChangeKind.TEXT_REPLACED, ChangeKind.WITHDRAWN}:
        return ""
    words, facts = dates.words, news.facts
    parts = []
    if facts.hs_codes and ChangeKind.PRODUCTS_CHANGED not in kinds:
        parts.append("HS " + several([dotted(code) for code in facts.hs_codes], words, most=8))
    fields = {change.field for change in news.changes}
    if known_day(facts.proposed_adoption) and "proposed_adoption" not in fields and ChangeKind.ADOPTED not in kinds:
        parts.append(words("field.proposed_adoption") + words("colon") + dates.fact(facts.proposed_adoption)[0])
    return words("unchanged") + words("colon") + words("semicolon").join(parts) if parts else ""


def _rows(news: MeasureNews, due: Duty, dates: Dates) -> list[Row]:
    words, facts = dates.words, news.facts
    rows = [] if is_publishers_own(news) else [Row(label=words("field.comment_deadline"), lines=(due.deadline,))]
    rows.append(_products(news, words))
    rows += [Row(label=label, lines=lines) for label, lines in your_products(news, words)]
    if must := requirement_lines(news, dates):
        rows.append(Row(label=words("must"), lines=must))
    if facts.objectives:
        names = [objective(key, words) for key in facts.objectives]
        rows.append(Row(label=words("objective"), lines=(several(names, words, most=8, between="semicolon"),)))
    adopted = "adopted_on" if _told(facts.adopted_on) else "proposed_adoption"
    in_force = "in_force_on" if _told(facts.in_force_on) else "proposed_entry_into_force"
    for name in (adopted, "published_on", in_force):
        fact: DateFact = getattr(facts, name)
        # A plan that was never stated is only missed while it is a plan.
        missed = name.startswith("proposed_") and facts.status is MeasureStatus.DRAFT and not is_publishers_own(news)
        if _told(fact) or missed:
            rows.append(Row(label=words(f"field.{name}"), lines=(words.note(*dates.fact(fact)),)))
    symbols = list(dict.fromkeys((*news.symbols, *news.thread_symbols)))
    if len(symbols) > 1:
        rows.append(Row(label=words("symbols"), lines=(several(symbols, words, most=12),)))
    return rows


def _told(fact: DateFact) -> bool:
    return known_day(fact) is not None or bool(fact.wording.strip())


def _summary(news: MeasureNews, words: Words) -> Row | None:
    text = one_line(news.facts.content_summary, _LONGEST_SUMMARY)
    return Row(label=words("summary"), lines=(words.quote(text),)) if text else None


def _reasons(content: AlertContent, dates: Dates) -> list[Row]:
    words, news = dates.words, content.news
    names = names_in(news)
    why = [
        words("why.subscription", name=words.quote(one_line(one.name, 80)))
        + words("colon")
        + reasons(one, names, words)
        + (words("why.way", way=one.way) if one.way else "")
        for one in news.why[:_MOST_SUBSCRIPTIONS]
    ]
    if len(news.why) > _MOST_SUBSCRIPTIONS:
        why.append(words("why.more", n=len(news.why) - _MOST_SUBSCRIPTIONS))
    rows = [Row(label=words("why"), lines=tuple(why))] if why else []
    if news.told:
        rows.append(Row(label=words("told"), lines=(_told_line(news, dates),)))
    rows.append(Row(label=words("sure"), lines=(Basis.of(news).sentence(words),)))
    fresh, gaps = freshness(content.coverage, dates)
    rows.append(Row(label=words("fresh"), lines=(fresh,)))
    if gaps:
        rows.append(Row(label=words("gaps"), lines=gaps))
    return rows


def _told_line(news: MeasureNews, dates: Dates) -> str:
    """ "You were told on 3 December (new measure) and 9 January (text replaced)." """
    words = dates.words
    told = sorted(news.told, key=lambda one: one.on)
    said = [words("told.one", day=dates.near(one.on), what=told_what(one.what, words)) for one in told]
    earlier = len(said) - _MOST_TOLD
    if earlier > 0:
        said = [words("told.more", n=earlier), *said[earlier:]]
    last = said.pop()
    line = words("told.and").join([words("pause").join(said), last]) if said else last
    return words("told.list", list=line)
