"""A three-way merge of rule sets: what one side changed is taken, what both changed stays as ours and is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.contents import Entries, Entry, content_of, entries, rests_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """An entry that both sides changed, or that one removed and the other needs. None: it is not there."""

    what: str  #: rule, area, sector, kind, objective, scheme, duty
    name: str
    why: str  #: a sentence
    base: Any
    ours: Any
    theirs: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What came of a merge."""

    content: dict[str, Any]
    conflicts: tuple[Conflict, ...] = ()


def merge(base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merged:
    """Our changes since the base and theirs, together; where both changed an entry, ours stands.

    An entry that is gone, and that something kept rests on, is kept too, and shown as a conflict.
    """
    sides = _, mine, other = entries(base), entries(ours), entries(theirs)
    kept: Entries = {}
    conflicts: list[Conflict] = []
    for entry in sorted({*sides[0], *mine, *other}):
        was, own, new = (side.get(entry) for side in sides)
        chosen = new if own == was else own
        if chosen is not None:
            kept[entry] = chosen
        if own != was and new not in (was, own):
            conflicts.append(_conflict(entry, sides, "both sides changed it; ours stands"))
    while missing := _missing(kept):
        for entry, needed_by in missing.items():
            value = next((side[entry] for side in (mine, other, sides[0]) if entry in side), None)
            if value is None:
                del kept[needed_by]  # it can be in neither side as it is, so one of them lacked it before
                conflicts.append(
                    _conflict(needed_by, sides, f"it rests on the {entry}, which is nowhere; it was left out")
                )
                break
            kept[entry] = value
            conflicts.append(_conflict(entry, sides, f"it was removed, but the {needed_by} rests on it; it is kept"))
    return Merged(content=content_of(kept), conflicts=tuple(conflicts))


def merged_words(base: str, ours: str, theirs: str) -> str:
    """Which words a merged set goes by, by their fingerprints: words are taken whole."""
    return theirs if ours == base else ours


def _missing(kept: Entries) -> dict[Entry, Entry]:
    """What is not there, each with one entry that rests on it."""
    return {needed: entry for entry in sorted(kept) for needed in rests_on(entry, kept[entry]) if needed not in kept}


def _conflict(entry: Entry, sides: tuple[Entries, Entries, Entries], why: str) -> Conflict:
    base, ours, theirs = (side.get(entry) for side in sides)
    return Conflict(what=entry.what, name=entry.name, why=why, base=base, ours=ours, theirs=theirs)
