"""What stands in a digest, in the order it is read. Drawn as text and as HTML from one sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from notifiers.basis import Basis
from notifiers.dates import Dates
from notifiers.duties import days_left, duty, is_open, known_day, left_text
from notifiers.headline import head
from notifiers.message import DeadlineAhead, DigestContent, Label, MeasureNews
from notifiers.pauses import pause_remarks
from notifiers.readings import ChangeLine, dotted, leading, several
from notifiers.requirements import inferred_in_short
from notifiers.sheet import (
    LATE_AFTER_DAYS,
    Ending,
    Link,
    by_when,
    change_lines,
    current_deadline_change,
    ending,
    first_symbol,
    freshness,
    language_remark,
    links,
    market_line,
    published,
    title,
)
from notifiers.wording import Words, offered
from notifiers.your_products import your_products_in_short
from subscriptions.criteria import Frequency
from watcher.dates import DateQuality
from watcher.measure import ChangeKind
from watcher.text import one_line

_MOST_DEADLINES = 40
_MOST_QUIET = 40
_MOST_CHANGES = 4
_QUOTED_IN_BRIEF = 160  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of a digest is written out: so many measures in detail, so many more on a line each."""

    detailed: int
    brief: int


#: Tried in this order until a digest is small enough.
SIZES = (
    Size(detailed=60, brief=240),
    Size(detailed=40, brief=160),
    Size(detailed=25, brief=120),
    Size(detailed=15, brief=80),
    Size(detailed=8, brief=50),
    Size(detailed=4, brief=20),
    Size(detailed=1, brief=5),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One measure of a digest."""

    head: str
    title: str
    changes: tuple[ChangeLine, ...]
    lines: tuple[str, ...]  #: by when, codes
    reader: str  #: for which subscriptions
    symbol: str
    link: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The measures of one market and product area."""

    title: str
    items: tuple[Reported, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """New measures, or changes."""

    title: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRow:
    """A line of the table of dates ahead."""

    day: str
    left: str
    market: str
    what: str
    measure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSheet:
    """A digest, line by line."""

    language: str
    subject: str
    remarks: tuple[str, ...]
    heading: str
    counts: str
    first_label: str
    first: str  #: the nearest date; "" if none is ahead
    sections: tuple[Section, ...]
    brief_label: str
    brief: tuple[str, ...]  #: measures on a line each
    more: str  #: how many are not listed at all
    deadlines_label: str
    columns: tuple[str, ...]
    deadlines: tuple[DeadlineRow, ...]
    deadlines_more: str
    quiet: str
    fresh_label: str
    fresh: str
    gaps_label: str
    gaps: tuple[str, ...]
    ending: Ending


def digest_sheet(content: DigestContent, language: str, size: Size, *, by_mail: bool) -> DigestSheet:
    """The lines of a digest for a reader who asked for this language."""
    words = Words(offered(language))
    dates = Dates(words, written_on(content))
    news = each_once(content.news)
    ahead = sorted((one for one in content.deadlines if one.day >= dates.today), key=lambda one: (one.day, one.symbol))
    new = [one for one in news if is_new(one)]
    changed = [one for one in news if not is_new(one)]
    shown_new = new[: size.detailed]
    shown_changed = changed[: max(size.detailed - len(shown_new), 0)]
    rest = [*new[len(shown_new) :], *changed[len(shown_changed) :]]
    left_out = len(rest) - size.brief
    sections = [("digest.new.title", shown_new), ("digest.changes.title", shown_changed)]
    fresh, gaps = freshness(content.coverage, dates)
    return DigestSheet(
        language=words.tag,
        subject=digest_subject(content, language),
        remarks=(*pause_remarks(content.pauses, dates), *language_remark(language, words)),
        heading=_heading(content, dates),
        counts=_counts(news, len(ahead), words),
        first_label=words("digest.first"),
        first=_first(ahead, news, dates),
        sections=tuple(
            Section(title=words(name), groups=tuple(_groups(shown, dates, content.starts_on)))
            for name, shown in sections
            if shown
        ),
        brief_label=words("digest.brief"),
        brief=tuple(brief_line(one, dates) for one in rest[: size.brief]),
        more=words("digest.more.in_text" if by_mail else "digest.more", n=left_out) if left_out > 0 else "",
        deadlines_label=words("digest.deadlines"),
        columns=tuple(words(f"column.{name}") for name in ("day", "left", "market", "what", "measure")),
        deadlines=tuple(_deadline_row(one, dates) for one in ahead[:_MOST_DEADLINES]),
        deadlines_more=_beyond(len(ahead) - _MOST_DEADLINES, "digest.deadlines.more", words),
        quiet=quiet_line(content, words),
        fresh_label=words("fresh"),
        fresh=fresh,
        gaps_label=words("gaps"),
        gaps=gaps,
        ending=ending(content.unsubscribe, words, by_mail=by_mail, arranged_by=content.arranged_by),
    )


def written_on(content: DigestContent) -> date:
    """The day from which days are counted."""
    return content.written_on or content.ends_on + timedelta(days=1)


def is_new(news: MeasureNews) -> bool:
    """Whether the measure itself is new to the reader, not only a fact of it or a later document."""
    return not news.later and any(change.kind is ChangeKind.NEW_MEASURE for change in news.changes)


def each_once(news: Iterable[MeasureNews]) -> list[MeasureNews]:
    """Each measure once, with all its changes and all subscriptions that matched, where it first stood."""
    found: dict[int, MeasureNews] = {}
    for one in news:
        before = found.get(one.measure)
        found[one.measure] = one if before is None else _joined(before, one)
    return list(found.values())


def _joined(first: MeasureNews, second: MeasureNews) -> MeasureNews:
    return replace(
        second,
        changes=tuple(dict.fromkeys((*first.changes, *second.changes))),
        why=tuple({why.subscription: why for why in (*second.why, *first.why)}.values()),
        told=tuple(dict.fromkeys((*first.told, *second.told))),
        products=tuple({one.enterprise: one for one in (*first.products, *second.products)}.values()),
        grade=min(first.grade, second.grade, key=lambda grade: grade.rank),
    )


def digest_subject(content: DigestContent, language: str) -> str:
    """The number and period of a digest, and how much is in it."""
    words = Words(offered(language))
    dates = Dates(words, written_on(content))
    ahead = sum(one.day >= dates.today for one in content.deadlines)
    counts = _counts(each_once(content.news), ahead, words)
    return one_line(_heading(content, dates) + words("colon") + counts, 200)


def _heading(content: DigestContent, dates: Dates) -> str:
    period = dates.span(content.starts_on, content.ends_on)
    if content.catch_up:
        return dates.words("digest.catch_up", period=period)
    return dates.words(f"digest.{content.frequency}", number=content.number, period=period)


def _counts(news: Sequence[MeasureNews], ahead: int, words: Words) -> str:
    new = sum(is_new(one) for one in news)
    counts = (("digest.new", new), ("digest.changes", len(news) - new), ("digest.ahead", ahead))
    return words("comma").join(words(name, n=n) for name, n in counts if n) or words("digest.nothing")


def _first(ahead: Sequence[DeadlineAhead], news: Iterable[MeasureNews], dates: Dates) -> str:
    """The nearest date: of the deadlines ahead, else of the measures in the digest."""
    words = dates.words
    if ahead:
        one = ahead[0]
        return words(
            "digest.first.line",
            day=_ahead_day(one, dates),
            market=one_line(one.market, 60),
            what=_what(one, words),
            title=one_line(one.title, 120) or one.symbol,
            left=left_text((one.day - dates.today).days, dates),
        )
    open_ones = [
        (left, one)
        for one in news
        if (left := days_left(one, dates.today)) is not None and left >= 0 and is_open(one, dates.today)
    ]
    if not open_ones:
        return ""
    left, nearest = min(open_ones, key=lambda pair: pair[0])
    day = known_day(nearest.facts.comment_deadline)
    return words(
        "digest.first.line",
        day=dates.near(day) if day else "",
        market=market_line(nearest, words),
        what=_lower(words("field.comment_deadline")),
        title=title(nearest, words, 120),
        left=left_text(left, dates),
    )


def _what(one: DeadlineAhead, words: Words) -> str:
    return _lower(words.either(f"field.{one.what}", "field.other"))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _ahead_day(one: DeadlineAhead, dates: Dates) -> str:
    day = dates.near(one.day)
    return dates.words.note(day, dates.words("computed.short")) if one.fact.quality is DateQuality.COMPUTED else day


def _deadline_row(one: DeadlineAhead, dates: Dates) -> DeadlineRow:
    words = dates.words
    measure = one_line(one.title, 80)
    return DeadlineRow(
        day=_ahead_day(one, dates),
        left=left_text((one.day - dates.today).days, dates),
        market=one_line(one.market, 60),
        what=words.either(f"field.{one.what}", "field.other"),
        measure=f"{measure} [{one_line(one.symbol, 60)}]" if one.symbol else measure,
    )


def _groups(news: Iterable[MeasureNews], dates: Dates, since: date) -> list[Group]:
    """By market and first product area, in the order in which they first stand."""
    words = dates.words
    groups: dict[str, list[Reported]] = {}
    for one in news:
        area = one_line(one.areas[0], 60) if one.areas else words("digest.no_area")
        name = words("digest.group", market=market_line(one, words), area=area)
        groups.setdefault(name, []).append(_item(one, dates, since))
    return [Group(title=name, items=tuple(items)) for name, items in groups.items()]


def _item(news: MeasureNews, dates: Dates, since: date) -> Reported:
    words = dates.words
    found = links(news, words, most=1)
    codes = (
        [f"HS {several([dotted(code) for code in news.facts.hs_codes], words, most=6)}"] if news.facts.hs_codes else []
    )
    if not codes and news.facts.ics_codes:
        codes = [f"ICS {several(list(news.facts.ics_codes), words, most=6)}"]
    if not codes and news.inferred:
        codes = [inferred_in_short(news, words)]
    return Reported(
        head=f"{head(news, words)} · {Basis.of(news).phrase(words, short=True)}",
        title=title(news, words, 200),
        changes=tuple(change_lines(news, dates, most=_MOST_CHANGES, without=current_deadline_change(news))),
        lines=(
            *late_lines(news, since, dates),
            by_when(news, dates),
            *codes,
            *filter(None, [your_products_in_short(news, words), published_line(news, dates)]),
        ),
        reader=readers(news, words),
        symbol=first_symbol(news),
        link=found[0] if found else None,
    )


def published_line(news: MeasureNews, dates: Dates) -> str:
    """When the document with the news was published; "" if it is not known."""
    day = published(news)
    return dates.words("published_on", day=dates.near(day)) if day else ""


def late_lines(news: MeasureNews, since: date, dates: Dates) -> tuple[str, ...]:
    """That it was published long before the days a digest covers: such news looks new and is not.

    Also that it is told only because our own reading of the measure changed.
    """
    day = published(news)
    if news.label is Label.LATE:
        words = dates.words
        return (words("late.published", published=dates.near(day)) if day else words("late.bare"),)
    if day is None or (since - day).days <= LATE_AFTER_DAYS:
        return ()
    return (dates.words("late", published=dates.near(day), n=(dates.today - day).days),)


def readers(news: MeasureNews, words: Words) -> str:
    """All subscriptions of this reader that matched."""
    names = list(dict.fromkeys(words.quote(one_line(why.name, 60)) for why in news.why))
    return words("why.for", names=several(names, words, most=8)) if names else ""


def brief_line(news: MeasureNews, dates: Dates) -> str:
    """A measure on one line: market, title, news, by when, symbol, for whom."""
    words = dates.words
    first = leading(news.changes)
    said = words.either(f"phrase.{first.kind}" if first else "phrase.other", "phrase.other")
    if first is not None and first.kind is ChangeKind.NEW_MEASURE and news.later:
        said = words.either(f"phrase.later.{news.later}", "phrase.other")
    # A change without old and new says nothing by itself: what was rewritten in a page, say.
    quote = one_line(first.quote, _QUOTED_IN_BRIEF) if first is not None and not first.field else ""
    parts = [
        *((words("label.late"),) if news.label is Label.LATE else ()),
        words.note(said, words.quote(quote)) if quote else said,
        published_line(news, dates),
        duty(news, dates).phrase,
        your_products_in_short(news, words),
        readers(news, words),
    ]
    symbol = first_symbol(news)
    return (
        f"{market_line(news, words)} | {title(news, words, 70)}"
        + (f" [{symbol}]" if symbol else "")
        + words("colon")
        + words("semicolon").join(part for part in parts if part)
    )


def quiet_line(content: DigestContent, words: Words) -> str:
    """The reader's subscriptions with nothing new, so that silence is known to be an answer."""
    known = content.frequency in frozenset(Frequency)
    name = f"digest.quiet.{content.frequency}" if known else "digest.quiet.immediate"
    said = ((name, content.quiet), ("digest.doubtful", content.doubtful))
    return words("semicolon").join(
        words(wording, names=several([words.quote(one_line(one, 60)) for one in named], words, most=_MOST_QUIET))
        for wording, names in said
        if (named := [one for one in names if one.strip()])
    )


def _beyond(rest: int, name: str, words: Words) -> str:
    return words(name, n=rest) if rest > 0 else ""
