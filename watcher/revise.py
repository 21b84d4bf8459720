"""Notices become measures: one more notice, and what is news in it.

    notice ──▶ revise(measure or None, notice) ──▶ the measure now + its fact changes

A measure's facts are always read from all its notices in `reading_order`, so they do not depend on what arrived
first. What is news is the difference that one notice made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from watcher.changes import News, changes_of, first_news
from watcher.facts import Step, facts_of, steps
from watcher.measure import FactChange, Facts, Measure, Revision
from watcher.names import names_of
from watcher.notice import Notice, NoticeType
from watcher.reading_order import bases_of, reading_order, threads_of, type_of

__all__ = ["facts_of", "gathered", "history", "join", "reading_order", "revise", "threads_of"]


def revise(measure: Measure | None, notice: Notice) -> Revision:
    """The measure with one more notice, and what is news in it. `None`: nothing is known of its threads yet.

    A notice that shares a symbol with a known one of the same issuer is that document, worded anew: it takes its
    place, and if no fact changes, nothing is news. Raises `ValueError` for a notice of another thread.
    """
    if measure is None:
        new = _measure((notice,), issuer=notice.issuer)
        return Revision(measure=new, changes=history(new.notices))
    _refuse_stranger(measure, notice)
    held = [known for known in measure.notices if _is_same_document(known, notice)]
    others = [known for known in measure.notices if not _is_same_document(known, notice)]
    arrived = _edited((*held, notice))
    if held == [arrived]:
        return Revision(measure=measure, changes=())
    now = _measure((*others, arrived), issuer=measure.issuer, known=(measure,))
    told = _told(now.notices)
    news = News(
        before=_facts(measure.notices),
        after=now.facts,
        notice=arrived,
        reading=next(step.reading for step in told if step.notice == arrived),
        edited=bool(held),
        replaces=() if held else _replaced_by(arrived, told),
    )
    return Revision(measure=now, changes=changes_of(news))


def history(notices: Iterable[Notice]) -> tuple[FactChange, ...]:
    """All fact changes of a measure, as if its notices had arrived one by one in reading order."""
    changes: list[FactChange] = []
    told = _told(tuple(notices))
    for count, step in enumerate(told, start=1):
        news = News(before=step.before, after=step.after, notice=step.notice, reading=step.reading)
        if count == 1:
            changes.extend(first_news(news))
        else:
            changes.extend(changes_of(replace(news, replaces=_replaced_by(step.notice, told[:count]))))
    return tuple(changes)


def join(measures: Sequence[Measure]) -> Measure:
    """One measure of several that a joint notice shows to be one. The lowest id is kept.

    Raises `ValueError` if there is none, or if they are of different issuers.
    """
    if not measures:
        raise ValueError("there is no measure to join: give at least one")
    if len({measure.issuer for measure in measures}) > 1:
        raise ValueError("measures of different issuers are different measures: join those of one issuer only")
    # Whichever way round they are given, the younger measure's wording of a shared document is believed.
    ordered = sorted(measures, key=lambda measure: (measure.id is None, measure.id or 0, measure.threads))
    notices: list[Notice] = []
    for notice in (notice for measure in ordered for notice in measure.notices):
        same = [known for known in notices if _is_same_document(known, notice)]
        notices = [known for known in notices if known not in same]
        notices.append(_edited((*same, notice)))
    return _measure(notices, issuer=ordered[0].issuer, known=ordered)


def gathered(notices: Sequence[Notice], *, id: int | None = None) -> Measure:
    """The measure that these notices of one issuer are. Raises `ValueError` if there is none of them."""
    if not notices:
        raise ValueError("a measure has at least one notice")
    return replace(_measure(notices, issuer=notices[0].issuer), id=id)


def _measure(notices: Iterable[Notice], *, issuer: str, known: Sequence[Measure] = ()) -> Measure:
    ordered = reading_order(notices)
    threads = {thread for notice in ordered for thread in bases_of(notice)}
    names = {name for notice in ordered for name in names_of(notice)}
    return Measure(
        id=min((measure.id for measure in known if measure.id is not None), default=None),
        issuer=issuer,
        threads=tuple(sorted(threads.union(*(measure.threads for measure in known)))),
        names=tuple(sorted(names.union(*(measure.names for measure in known)))),
        facts=_facts(ordered),
        notices=ordered,
    )


@lru_cache(maxsize=16)
def _told(notices: tuple[Notice, ...]) -> tuple[Step, ...]:
    """All steps of a measure. They are asked for again while one notice is recorded, and cost the most in that."""
    return tuple(steps(notices))


def _facts(notices: tuple[Notice, ...]) -> Facts:
    told = _told(notices)
    return told[-1].after if told else Facts()


def _refuse_stranger(measure: Measure, notice: Notice) -> None:
    if measure.issuer != notice.issuer or {*measure.threads, *measure.names}.isdisjoint(threads_of(notice)):
        raise ValueError(
            f"{notice.issuer} {notice.key} is not of the measure {', '.join(measure.threads)} ({measure.issuer}): "
            "find its measure by `threads_of(notice)`"
        )


def _is_same_document(known: Notice, notice: Notice) -> bool:
    return known.issuer == notice.issuer and not set(known.symbols).isdisjoint(notice.symbols)


def _edited(versions: Sequence[Notice]) -> Notice:
    """The latest version of a document, with the symbols of all: a portal may list it under one Member at a time."""
    latest = versions[-1]
    longest = max(versions, key=lambda version: len(version.symbols)).symbols
    others = (symbol for version in reversed(versions) for symbol in version.symbols)
    return replace(latest, symbols=tuple(dict.fromkeys((*longest, *others))))


def _replaced_by(notice: Notice, told: Sequence[Step]) -> tuple[str, ...]:
    """The symbols of the text that a revision replaces; none if it is no revision, or a newer text is known."""
    texts = [step.notice for step in told if type_of(step.notice) in (NoticeType.REGULAR, NoticeType.REVISION)]
    if type_of(notice) is not NoticeType.REVISION or not texts or texts[-1] != notice:
        return ()
    if len(texts) > 1:
        return texts[-2].symbols
    return bases_of(notice) if told[0].notice != notice else ()
