"""What is other in one rule set than in another, entry by entry and part by part, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rules.contents import KINDS_OF_ENTRIES, Entry, entries

HOW = ("added", "removed", "changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartChange:
    """A part of an entry that is other: lists lose and gain, everything else goes from old to new."""

    part: str  #: "any (en)", "grade"
    lost: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()
    old: str = ""  #: empty: not set
    new: str = ""

    def __str__(self) -> str:
        """As people say it."""
        if self.lost or self.gained:
            said = [f"without {_listed(self.lost)}"] if self.lost else []
            return f"{self.part}: {'; '.join([*said, *([f'with {_listed(self.gained)}'] if self.gained else [])])}"
        if not self.old or not self.new:
            return f"{self.part}: now {self.new!r}" if self.new else f"{self.part}: no longer {self.old!r}"
        return f"{self.part}: {self.old!r}, now {self.new!r}"

    def plainly(self) -> str:
        """What an entry that is only on one side says here; empty: nothing."""
        said = _listed(self.gained or self.lost) or self.new or self.old
        return f"{self.part}: {said}" if said else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An entry that was added, removed or changed."""

    what: str  #: rule, area, sector, kind ...
    name: str
    how: str  #: added, removed, changed
    parts: tuple[PartChange, ...] = ()  #: what is other; of an added or removed entry all that it says

    def sentences(self) -> Iterator[str]:
        """A line, and one for each part; of an entry that came or went as a whole what it says."""
        yield f"{self.how} {Entry(self.what, self.name)}{':' if self.parts else ''}"
        if self.how == "changed":
            yield from (f"  {part}" for part in self.parts)
        else:
            yield from (f"  {said}" for part in self.parts if (said := part.plainly()))


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """How to come from one content to the other, in the order of sectors, areas, facets, rules and names."""
    old, new = entries(before), entries(after)
    found = [
        Change(
            what=entry.what,
            name=entry.name,
            how="added" if entry not in old else "removed" if entry not in new else "changed",
            parts=tuple(part for part in _parts(old.get(entry, {}), new.get(entry, {})) if part.part != "name"),
        )
        for entry in {*old, *new}
        if old.get(entry) != new.get(entry)
    ]
    return tuple(sorted(found, key=lambda change: (KINDS_OF_ENTRIES.index(change.what), change.name)))


def counted(changes: tuple[Change, ...]) -> str:
    """ "2 rules added, 1 rule changed"; "nothing" where nothing is."""
    found: dict[tuple[str, str], int] = {}
    for change in changes:
        found[change.what, change.how] = found.get((change.what, change.how), 0) + 1
    order = sorted(found, key=lambda pair: (KINDS_OF_ENTRIES.index(pair[0]), HOW.index(pair[1])))
    said = [f"{found[what, how]} {what}{'s' if found[what, how] != 1 else ''} {how}" for what, how in order]
    return ", ".join(said) or "nothing"


def _parts(old: Any, new: Any) -> Iterator[PartChange]:
    was, now = dict(_flat("", old)), dict(_flat("", new))
    for part in dict.fromkeys((*was, *now)):
        before, after = was.get(part), now.get(part)
        if before == after:
            continue
        if isinstance(before, list) or isinstance(after, list):
            less, more = list(map(str, before or ())), list(map(str, after or ()))
            lost = tuple(each for each in less if each not in more)
            gained = tuple(each for each in more if each not in less)
            if lost or gained:
                yield PartChange(part=part, lost=lost, gained=gained)
            else:
                yield PartChange(part=part, old=", ".join(less), new=", ".join(more))
        else:
            yield PartChange(
                part=part, old="" if before is None else str(before), new="" if after is None else str(after)
            )


def _flat(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Mappings opened up: any: {en: [...]} is "any (en)"."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{name} ({key})" if name else str(key), inner)
    else:
        yield name or "names", value


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)  # not repr: a pattern is shown as it was written
