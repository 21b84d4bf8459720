"""What is news in a measure: the difference of its facts before and after a notice, named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from watcher.addenda.addendum import Reading
from watcher.dates import DateFact, DateQuality
from watcher.days import as_read, narrows
from watcher.measure import ChangeKind, FactChange, Facts, MeasureStatus
from watcher.notice import Notice, NoticeType
from watcher.products import products_as_read, same_products
from watcher.reading_order import WTO, type_of
from watcher.text import one_line

_QUOTE_LENGTH = 300
_DONE = (MeasureStatus.ADOPTED, MeasureStatus.IN_FORCE)
_NOT_DONE = (MeasureStatus.DRAFT, MeasureStatus.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What to compare, and on whose word."""

    before: Facts
    after: Facts
    notice: Notice
    reading: Reading
    edited: bool = False  #: the notice was known; this is another wording of it
    replaces: tuple[str, ...] = ()  #: symbols of the text that this one replaces; empty: it replaces none


def first_news(news: News) -> tuple[FactChange, ...]:
    """What is news in the first notice known of a measure. A first addendum may tell that it is adopted by now."""
    new = _change(news, ChangeKind.NEW_MEASURE, new=one_line(news.notice.title))
    if type_of(news.notice) in (NoticeType.REGULAR, NoticeType.REVISION):
        return (new,)
    return (
        new,
        *_status(news),
        *_comments_told(news),
        *_adopted(news),
        *_in_force(news),
        *_scope(news),
        *_by_some(news),
    )


def changes_of(news: News) -> tuple[FactChange, ...]:
    """What is news in a measure after one more notice. Nothing, if a known notice was only worded anew."""
    found = [
        *_text(news),
        *_status(news),
        *_deadline(news),
        *_adopted(news),
        *_in_force(news),
        *_dates(news),
        *_products(news),
        *_by_some(news),
    ]
    if not found and not news.edited:
        found.extend(_told(news))
    return tuple(found)


def _text(news: News) -> Iterator[FactChange]:
    if news.replaces:
        yield _change(news, ChangeKind.TEXT_REPLACED, old=", ".join(news.replaces), new=", ".join(news.notice.symbols))


def _status(news: News) -> Iterator[FactChange]:
    old, new = news.before.status, news.after.status
    if old is new or (old in _NOT_DONE and new in _NOT_DONE):
        return
    if new is MeasureStatus.WITHDRAWN:
        yield _change(news, ChangeKind.WITHDRAWN, "status", old.value, new.value, ("withdrawn",))
    elif _is_taken_back(news):
        # What had been told is not so by what is known now: whoever was told must hear of it.
        yield _change(news, ChangeKind.CORRECTED, "status", old.value, new.value)


def _is_taken_back(news: News) -> bool:
    if news.after.status in _NOT_DONE:
        return type_of(news.notice) is not NoticeType.REVISION or news.edited
    return news.edited and news.before.status is MeasureStatus.WITHDRAWN


def _deadline(news: News) -> Iterator[FactChange]:
    old, new, reading = news.before.comment_deadline, news.after.comment_deadline, news.reading
    kind: ChangeKind | None = None
    if old.value == new.value:
        if old.value is None and reading.reopened and not news.edited and reading.deadline:
            kind = ChangeKind.DEADLINE_REOPENED
    elif old.value is None:
        asked_anew = reading.deadline is not None and (reading.reopened or _was_over(news))
        kind = ChangeKind.DEADLINE_REOPENED if asked_anew else ChangeKind.DATE_FILLED_IN
    elif new.value is None:
        if not _is_left_out(new):
            kind = ChangeKind.DEADLINE_REOPENED if reading.reopened else ChangeKind.DEADLINE_MOVED
    else:
        later = new.value > old.value
        kind = ChangeKind.DEADLINE_REOPENED if later and _is_reopened(news) else ChangeKind.DEADLINE_MOVED
    if kind:
        yield _change(news, kind, "comment_deadline", as_read(old), as_read(new), ("deadline", "reopened"))


def _comments_told(news: News) -> Iterator[FactChange]:
    """The old deadline is not known, but the document says in words that there is a new one."""
    reading = news.reading
    if reading.reopened or reading.extended:
        kind = ChangeKind.DEADLINE_REOPENED if reading.reopened else ChangeKind.DEADLINE_MOVED
        day = as_read(news.after.comment_deadline)
        yield _change(news, kind, "comment_deadline", "", day, ("deadline", "reopened"))


def _is_left_out(fact: DateFact) -> bool:
    """A source that leaves a field out does not say that the date is open again."""
    return fact.value is None and not fact.wording and fact.quality is DateQuality.UNKNOWN


def _is_reopened(news: News) -> bool:
    old, day = news.before.comment_deadline.value, news.notice.distribution_date
    return news.reading.reopened or _was_over(news) or (old is not None and day is not None and old < day)


def _was_over(news: News) -> bool:
    """Whether comments had been closed: the deadline was called past, or the text was final already."""
    if type_of(news.notice) is NoticeType.REGULAR:
        return False
    closed = news.before.comment_deadline
    called_past = closed.quality is DateQuality.NOT_APPLICABLE and closed.value is None
    return news.before.status not in _NOT_DONE or called_past


def _adopted(news: News) -> Iterator[FactChange]:
    before, after = news.before, news.after
    became = before.status not in _DONE and after.status in _DONE
    name = _day_told("adopted_on", news) or _day_told("published_on", news)
    if name:
        old, new = _fact(before, name), _fact(after, name)
        again = old.value is not None and new.value is not None and new.value > old.value and not news.edited
        if became or again:
            yield _change(news, ChangeKind.ADOPTED, name, as_read(old), as_read(new), (_SAID_AS[name], "is_adopted"))
        else:
            yield _moved(news, name, old, new)
    elif became and after.status is MeasureStatus.ADOPTED:
        known = next((field for field in ("adopted_on", "published_on") if _fact(after, field).value), "")
        new_day = as_read(_fact(after, known)) if known else after.status.value
        said_in = ("adopted", "published", "is_adopted", "in_force")
        yield _change(
            news, ChangeKind.ADOPTED, known or "status", "" if known else before.status.value, new_day, said_in
        )
    published = _day_told("published_on", news)
    if published and name != published and after.published_on.value != after.adopted_on.value:
        yield _moved(news, published, before.published_on, after.published_on)


def _in_force(news: News) -> Iterator[FactChange]:
    before, after = news.before, news.after
    announced = before.in_force_on if before.in_force_on.value else before.proposed_entry_into_force
    if before.status is not MeasureStatus.IN_FORCE and after.status is MeasureStatus.IN_FORCE:
        day = after.in_force_on
        old = as_read(announced) if announced.value and announced.value != day.value else ""
        if day.value:
            yield _change(news, ChangeKind.IN_FORCE, "in_force_on", old, as_read(day), ("in_force",))
        else:
            yield _change(news, ChangeKind.IN_FORCE, "status", before.status.value, after.status.value, ("in_force",))
    elif after.in_force_on.value not in (None, announced.value):
        yield _moved(news, "in_force_on", announced, after.in_force_on)
    elif after.in_force_on.value is None and before.in_force_on.value is not None and not _is_draft_again(news):
        yield _change(
            news, ChangeKind.DATE_MOVED, "in_force_on", as_read(before.in_force_on), as_read(after.in_force_on), _FORCE
        )


def _dates(news: News) -> Iterator[FactChange]:
    """Plans. A plan is no news once the day itself is known."""
    for name, settled in (("proposed_adoption", "adopted_on"), ("proposed_entry_into_force", "in_force_on")):
        old, new = _fact(news.before, name), _fact(news.after, name)
        if old.value == new.value or _is_left_out(new) or _fact(news.after, settled).value is not None:
            continue
        yield _moved(news, name, old, new)


def _moved(news: News, name: str, old: DateFact, new: DateFact) -> FactChange:
    filled_in = old.value is None or narrows(old, new)
    kind = ChangeKind.DATE_FILLED_IN if filled_in else ChangeKind.DATE_MOVED
    said_in = _FORCE if "force" in name else (_SAID_AS[name],)
    return _change(news, kind, name, as_read(old), as_read(new), said_in)


def _products(news: News) -> Iterator[FactChange]:
    before, after = news.before, news.after
    # A regulator words the products anew in each document of a measure; only codes show that the scope is another.
    compared = ("products_covered", "hs_codes", "ics_codes")[0 if news.notice.issuer == WTO or news.edited else 1 :]
    changed = [name for name in compared if _is_changed(name, before, after)]
    if changed:
        old, new = products_as_read(before), products_as_read(after)
        said_in = ("codes", "scope_changed") if changed[0] != "products_covered" else ("scope_changed", "codes")
        yield _change(news, ChangeKind.PRODUCTS_CHANGED, changed[0], old, new, said_in)
    elif not news.edited:
        yield from _scope(news)


def _is_changed(name: str, before: Facts, after: Facts) -> bool:
    """Whether products or codes are others now. What a source only leaves out is no change of scope."""
    old, new = getattr(before, name), getattr(after, name)
    if not new or old == new:
        return False
    if name != "products_covered":
        return set(old) != set(new)
    return not old or (before.language == after.language and not same_products(old, new))


def _scope(news: News) -> Iterator[FactChange]:
    """A document may say that the scope changed without saying how."""
    if news.reading.scope_changed or news.reading.codes_unclear:
        yield _change(news, ChangeKind.PRODUCTS_CHANGED, said_in=("scope_changed", "codes_unclear"))


def _by_some(news: News) -> Iterator[FactChange]:
    """Of a joint notification, one Member's own act is told with the words that name it; the joint facts stay."""
    if news.reading.by_some and not news.edited:
        yield _change(news, ChangeKind.FURTHER_INFORMATION, said_in=("by_some",))


def _told(news: News) -> Iterator[FactChange]:
    """A document that changes no fact we read is still a document."""
    match type_of(news.notice):
        case NoticeType.ADDENDUM | NoticeType.REVISION:
            kind = ChangeKind.FURTHER_INFORMATION
        case NoticeType.CORRIGENDUM | NoticeType.SUPPLEMENT:
            kind = ChangeKind.CORRECTED
        case _ if news.notice.issuer == WTO:
            return  # one text, notified by several Members each on its own
        case _:
            kind = ChangeKind.FURTHER_INFORMATION
    words = one_line(news.notice.content_summary or news.notice.title, _QUOTE_LENGTH)
    yield FactChange(kind=kind, symbols=news.notice.symbols, stated_on=news.notice.distribution_date, quote=words)


_SAID_AS = {
    "adopted_on": "adopted",
    "published_on": "published",
    "proposed_adoption": "planned_adoption",
}
_FORCE = ("in_force", "moved_force", "planned_force")


def _day_told(name: str, news: News) -> str:
    """The name, if that day is known now and was not, or was another."""
    old, new = _fact(news.before, name), _fact(news.after, name)
    return name if new.value is not None and new.value != old.value else ""


def _is_draft_again(news: News) -> bool:
    return news.after.status in _NOT_DONE


def _fact(facts: Facts, name: str) -> DateFact:
    fact: DateFact = getattr(facts, name)
    return fact


def _change(
    news: News,
    kind: ChangeKind,
    field: str = "",
    old: str = "",
    new: str = "",
    said_in: tuple[str, ...] = (),
) -> FactChange:
    quotes = news.reading.quotes
    return FactChange(
        kind=kind,
        symbols=news.notice.symbols,
        field=field,
        old=old,
        new=new,
        stated_on=news.notice.distribution_date,
        quote=next((quotes[name] for name in said_in if name in quotes), ""),
    )
