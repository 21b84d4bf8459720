"""The values of a row's fields, read from a page within a bound on the work that a page can cause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from watcher.source import SourceError
from watcher.sources.html_settings import FieldPlace
from watcher.text import plain

#: Fields that take all that a selector finds; the others take the first that says something.
_SEVERAL: Final = frozenset({"summary", "products", "links", "threads"})
_ADDRESSES: Final = frozenset({"link", "links"})
_LONGEST: Final = 100_000  # characters of one field's markup
_SEARCHED: Final = 20_000  # characters in which a pattern is looked for
_MOST_FOUND: Final = 500  # elements of one field in one row
_WORK: Final = 12  # times the page's size may be read, as rows that lie inside each other ask for
#: "commis-eng.html@cs7": an anchor whose "#" was mistyped.
_TYPO_ANCHOR: Final = re.compile(r"(\.(?:s?html?|aspx|php))@(?=\w[\w.\-]*$)", re.IGNORECASE)
_NO_ADDRESS: Final = re.compile(r"\s*(?:#?\s*$|(?:javascript|mailto|tel|data|vbscript|file)\s*:)", re.IGNORECASE)


class Work:
    """How much of a page may still be read again."""

    def __init__(self, size: int) -> None:
        self._left = _WORK * size + 1_000_000

    def markup(self, node: LexborNode, longest: int = _LONGEST) -> str:
        """The element's markup, cut. Raises SourceError if all that was asked for is far more than the page."""
        markup = node.html or ""
        self._left -= len(markup)
        if self._left < 0:
            raise SourceError(
                "is read many times over by its selectors, since rows lie inside each other; "
                "make 'row' select the innermost ones"
            )
        return markup[:longest]


class Around:
    """What stands before and behind each row, for one selector."""

    def __init__(self, tree: LexborHTMLParser, row: str, rows: Sequence[LexborNode], place: FieldPlace) -> None:
        own = {node.mem_id for node in rows}
        wanted = {node.mem_id for node in tree.css(place.select)}
        both = tree.css(f"{row}, {place.select}")
        self._near: dict[int, LexborNode] = {}
        near: LexborNode | None = None
        for node in both if place.where == "before" else reversed(both):
            # A row that is a heading itself is its own.
            if node.mem_id in wanted:
                near = node
            if node.mem_id in own:
                if near is not None:
                    self._near[node.mem_id] = near
                if place.where == "after":
                    near = None  # what stands behind the next row is that one's

    def of(self, row: LexborNode) -> LexborNode | None:
        """The nearest one."""
        return self._near.get(row.mem_id)


class RowFields:
    """Reads the fields of the rows of one page."""

    def __init__(
        self,
        places: Mapping[str, Sequence[FieldPlace]],
        tree: LexborHTMLParser,
        *,
        work: Work,
        row: str = "",
        rows: Sequence[LexborNode] = (),
    ) -> None:
        self._places = places
        self._tree = tree
        self._work = work
        self._around = {
            (name, number): Around(tree, row, rows, place)
            for name, several in places.items()
            for number, place in enumerate(several)
            if place.where in ("before", "after")
        }
        self._of_page = {
            (name, number): self._in(name, place, tree.root)
            for name, several in places.items()
            for number, place in enumerate(several)
            if place.where == "page"
        }

    def of(self, row: LexborNode) -> dict[str, list[str]]:
        """The values of each field of a row, markup or text."""
        return {name: self._values(name, row) for name in self._places}

    def _values(self, name: str, row: LexborNode) -> list[str]:
        for number, place in enumerate(self._places[name]):
            if place.where == "page":
                values = self._of_page[(name, number)]
            elif place.where == "row":
                values = self._in(name, place, row)
            else:
                node = self._around[(name, number)].of(row)
                values = [value] if node is not None and (value := self._value(name, place, node)) else []
            if values:
                return values
        return []

    def _in(self, name: str, place: FieldPlace, node: LexborNode | None) -> list[str]:
        if node is None:
            return []
        values: list[str] = []
        for found in self._found(place, node):
            if value := self._value(name, place, found):
                values.append(value)
                if name not in _SEVERAL:
                    break
        return values

    def _found(self, place: FieldPlace, node: LexborNode) -> Iterator[LexborNode]:
        if not place.select:
            yield node
            return
        yield from node.css(place.select)[:_MOST_FOUND]

    def _value(self, name: str, place: FieldPlace, node: LexborNode) -> str:
        if place.attribute:
            value = node.attributes.get(place.attribute) or ""
        elif name in _ADDRESSES:
            value = node.attributes.get("href") or node.attributes.get("src") or plain(self._work.markup(node))
        else:
            value = self._work.markup(node)
            value = value if place.pattern is None else plain(value)
        if place.pattern is not None:
            found = place.pattern.search(" ".join(value[:_SEARCHED].split()))
            value = "" if found is None else (found[1] or "") if place.pattern.groups else found[0]
        elif not place.attribute and name not in _ADDRESSES:
            return value if plain(value) else ""
        return address(value) if name in _ADDRESSES else value.strip()


def address(stated: str) -> str:
    """An address as it was meant, still relative; empty for what leads nowhere."""
    stated = "".join(stated.split("\n")).strip()
    return "" if _NO_ADDRESS.match(stated) else _TYPO_ANCHOR.sub(r"\1#", stated)
