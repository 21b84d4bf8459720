"""XML that is no feed: which elements are the entries, and which part of them means what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from lxml import etree

from watcher.guess.json_lists import fields_of, worth
from watcher.source import Document, SourceError
from watcher.sources.xml_document import compiled, found, read_xml, texts_in

_DEPTH: Final = 4
_LOOKED_AT: Final = 20  # entries
_NEXT: Final = "//*[@rel='next']/@href"

Row = dict[str, Any]


def xml_entry(
    document: Document, common: Mapping[str, Any], *, address: str
) -> tuple[str, str, dict[str, Any], tuple[str, ...]] | None:
    """Kind, title, entry and warnings for a list in XML; None if it is none: a page in XHTML, or no entries in it."""
    try:
        root = read_xml(document, "en")
    except SourceError:
        return None
    lists = sorted(_lists(root, f"/{root.tag}"), key=lambda one: (-worth(one[1]), len(one[0])))
    if not lists:
        return None
    path, rows = lists[0]
    paths, warnings = fields_of(rows[:_LOOKED_AT])
    if not {"id", "link", "title"} & paths.keys():
        return None
    fields = {name: "/".join(steps) for name, steps in paths.items()}
    entry: dict[str, Any] = {**common, "kind": "xml_list", "items": path, "fields": fields}
    links = texts_in(found(compiled(_NEXT), root), for_people=False)
    if links and urlsplit(urljoin(address, links[0])).hostname == urlsplit(address).hostname:
        entry["next"] = _NEXT
    if all(isinstance(row.get("loc"), str) and row["loc"].endswith((".xml", ".gz")) for row in rows[:_LOOKED_AT]):
        warnings.append("its entries look like lists themselves: to read those, see 'parts'")
    return "xml_list", "", entry, tuple(warnings)


def _lists(place: etree._Element, path: str) -> Iterator[tuple[str, list[Row]]]:
    """The elements of one name inside one element, wherever they have parts of their own."""
    by_name: dict[str, list[etree._Element]] = {}
    for child in place:
        if isinstance(child.tag, str):
            by_name.setdefault(child.tag, []).append(child)
    for name, children in by_name.items():
        rows = [row for row in map(_row, children[:100]) if isinstance(row, dict)]
        if rows:
            yield f"{path}/{name}", rows
        if len(children) == 1 and path.count("/") < _DEPTH:
            yield from _lists(children[0], f"{path}/{name}")


def _row(element: etree._Element, depth: int = 0) -> Row | str:
    """An element as a JSON list would have it: attributes by "@name", of several parts of one name the first."""
    row: Row = {f"@{name}": value for name, value in element.attrib.items()}
    for child in element if depth < 2 else ():
        if isinstance(child.tag, str):
            row.setdefault(child.tag, _row(child, depth + 1))
    text = (element.text or "").strip()
    return text if text and (depth or not row) else row if row else text
