"""Notices that nothing known belongs to, each the beginning of a measure: told apart from those that must be joined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rules.classification import Classification
from rules.classify import classify
from rules.ruleset import RuleSet
from tbtwatch.storage import Transaction
from tbtwatch.storage.newcomers import Newcomer
from watcher.names import is_name
from watcher.notice import Notice
from watcher.revise import revise, threads_of
from watcher.source import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A notice to be recorded, and how it came."""

    entry: Entry  #: that states it
    notice: Notice  #: without days that nobody can mean
    mark: str  #: its fingerprint
    first_sight: bool  #: the source never listed this entry
    silent: bool  #: it is no news, whatever it says: its source is seeded, or it is an old document listed late


def runs(arrivals: Sequence[Arrival], tx: Transaction) -> list[tuple[bool, list[Arrival]]]:
    """The arrivals in their order, in runs of those that touch nothing known and nothing beside them, and of others.

    Two that share a symbol or a base symbol are joined one after the other. So is what bears a docket: whether that is
    a measure or a drawer depends on how many came before it.
    """
    threads = [threads_of(arrival.notice) for arrival in arrivals]
    count = Counter(
        (arrival.notice.issuer, touched)
        for arrival, own in zip(arrivals, threads, strict=True)
        for touched in {*own, *arrival.notice.symbols}
    )
    found: list[tuple[bool, list[Arrival]]] = []
    for arrival, own in zip(arrivals, threads, strict=True):
        notice = arrival.notice
        alone = (
            not any(map(is_name, own))
            and all(count[notice.issuer, touched] == 1 for touched in (*own, *notice.symbols))
            and tx.notices.is_strange(notice.issuer, notice.symbols)
            and tx.measures.is_strange(notice.issuer, own)
        )
        if not found or found[-1][0] != alone:
            found.append((alone, []))
        found[-1][1].append(arrival)
    return found


def newcomer(arrival: Arrival, ruleset: RuleSet | None, hold: int | None) -> Newcomer:
    """The measure that a notice begins, and what it is about; without rules that is found out later.

    `hold`: what keeps its news back.
    """
    revision = revise(None, arrival.notice)
    return Newcomer(
        notice=arrival.notice,
        measure=revision.measure,
        classification=Classification() if ruleset is None else classify(revision.measure, ruleset),
        changes=revision.changes,
        entry=arrival.entry.key,
        fingerprint=arrival.mark,
        silent=arrival.silent,
        hold=None if arrival.silent else hold,
    )
