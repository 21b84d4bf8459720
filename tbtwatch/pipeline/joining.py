"""Which measure a notice belongs to: by its symbols, and by the names under which its issuer keeps a measure together.

A docket may turn out to be a drawer: an issuer files hundreds of matters under it. Such a name joins nothing, and what
was joined by it before that was known is taken apart again, so that it does not matter what came first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from rules.classify import classify
from rules.ruleset import RuleSet
from tbtwatch.storage import Transaction
from tbtwatch.storage.notices import StoredNotice
from watcher.measure import Measure
from watcher.names import MARK, name_of, names_of
from watcher.notice import Notice
from watcher.revise import gathered, history, join, threads_of

log = structlog.get_logger()

#: Gives the rules in force when they are needed: a poll that brings nothing new does not make them ready.
Rules = Callable[[], RuleSet]

#: A name that more documents of an issuer bear is a drawer, not a measure. A recall event of a blood bank has had some
#: hundred products, each a document; a rule-making docket has seldom fifty documents.
MOST_TOGETHER = 200


def measure_of(notice: Notice, bearing: Sequence[StoredNotice], tx: Transaction) -> Measure | None:
    """The measure the notice belongs to. A notice may show that several are one; they are merged."""
    ids = {stored.measure_id for stored in bearing} | set(tx.measures.of_threads(notice.issuer, threads_of(notice)))
    if not ids:
        return None
    keep, *others = sorted(ids)
    measures = [tx.measures.get(id_) for id_ in (keep, *others)]
    if not others:
        return measures[0]
    tx.measures.merge(keep, others)
    tx.reminders.merge(keep, others)
    tx.reminder_requests.merge(keep, others)
    return replace(join(measures), id=keep)


def without_wide_names(notice: Notice, tx: Transaction, rules: Rules, now: datetime) -> Notice:
    """The notice without the names that would join it with too much; what they joined so far is taken apart."""
    names = names_of(notice)
    if not names:
        return notice
    wide = tx.wide_names.among(notice.issuer, names)
    for name in names:
        if name not in wide and _is_wide(notice, name, tx):
            tx.wide_names.add(notice.issuer, name, now=now)
            wide.add(name)
            for measure_id in tx.measures.of_threads(notice.issuer, (name,)):
                _take_apart(measure_id, name, tx, rules(), now)
    return _without(notice, wide) if wide else notice


def write_history(measure: Measure, tx: Transaction, now: datetime) -> None:
    """A measure that was never news: its history is written as if its notices had come in their order."""
    assert measure.id is not None
    tx.changes.forget_silent(measure.id)
    bearer = tx.notices.bearers(measure.id)
    tx.changes.add_each(
        measure.id,
        [(bearer[change.symbols[0]], change) for change in history(measure.notices)],
        now=now,
        silent=True,
    )


def _is_wide(notice: Notice, name: str, tx: Transaction) -> bool:
    """Whether so many documents bear the name already that with this one it is too many."""
    for measure_id in tx.measures.of_threads(notice.issuer, (name,)):
        if tx.notices.count_of_measure(measure_id) < MOST_TOGETHER:
            continue
        others = [
            stored
            for stored in tx.notices.of_measure(measure_id)
            if name in names_of(stored.notice) and set(stored.notice.symbols).isdisjoint(notice.symbols)
        ]
        return len(others) >= MOST_TOGETHER
    return False


def _without(notice: Notice, wide: Iterable[str]) -> Notice:
    """The notice as if it did not state these names."""
    dropped = set(wide)
    kept = []
    for stated in notice.threads:
        parts = [part for part in stated.split(";") if MARK + name_of(part) not in dropped]
        kept.append(";".join(parts))
    return replace(notice, threads=tuple(filter(None, kept)))


def _take_apart(measure_id: int, name: str, tx: Transaction, ruleset: RuleSet, now: datetime) -> None:
    """What only this name held together are several measures: the oldest document keeps the number."""
    stored = [replace(one, notice=_without(one.notice, (name,))) for one in tx.notices.of_measure(measure_id)]
    groups = _groups(stored)
    log.info("taken_apart", measure=measure_id, name=name.removeprefix(MARK), measures=len(groups))
    tx.measures.forget_threads(measure_id)
    for number, group in enumerate(groups):
        measure = gathered([one.notice for one in group], id=None if number else measure_id)
        own = tx.measures.save(measure, now=now)
        for one in group:
            tx.notices.save(one.notice, id=one.id, measure_id=own, now=now)
        if own != measure_id:
            tx.changes.move([one.id for one in group], measure_id=own)
        measure = replace(measure, id=own)
        tx.measures.classify(own, classify(measure, ruleset), measure.facts, now=now)
        if tx.changes.all_silent(own):
            write_history(measure, tx, now)


def _groups(stored: Sequence[StoredNotice]) -> list[list[StoredNotice]]:
    """The notices that still belong together, the group of the oldest first."""
    groups: list[tuple[set[str], list[StoredNotice]]] = []
    for one in stored:
        threads, together = set(threads_of(one.notice)), [one]
        rest = []
        for known, group in groups:
            if known.isdisjoint(threads):
                rest.append((known, group))
            else:
                threads |= known
                together = [*group, *together]
        groups = [*rest, (threads, together)]
    return sorted((sorted(group, key=lambda one: one.id) for _, group in groups), key=lambda group: group[0].id)
