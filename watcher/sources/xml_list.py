"""Any publisher's list in XML: which elements are the entries and where their fields stand is all YAML.

Paths are XPath 1.0. A list may have further pages, or be a list of lists, of which the first few are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, Final

from lxml import etree

from watcher.source import CappedError, Cursor, Document, Entry, Page, Request, SourceError
from watcher.sources.json_paging import Progress, next_address
from watcher.sources.listed import Listed, ListSource
from watcher.sources.listed.mapping import IDENTIFYING, each_once, is_identified, listed_of, unreadable
from watcher.sources.xml_document import (
    Namespaces,
    compiled,
    described,
    elements_of,
    found,
    is_empty_list,
    is_true,
    raw_of,
    read_xml,
    texts_in,
)
from watcher.sources.xml_settings import XmlListConfig

#: Names and addresses have no lines.
_FOR_PROGRAMS: Final = frozenset({"id", "link", "links", "number", "threads", "language"})


class XmlListSource(ListSource[XmlListConfig]):
    """One list of one issuer."""

    class Config(XmlListConfig):
        """Settings of a source of kind xml_list."""

    accept = "application/xml, text/xml;q=0.9, */*;q=0.5"

    def first_request(self, cursor: Cursor, now: datetime) -> Request:  # noqa: ARG002
        """The list, if it changed. One that leads to others is asked for anew: they may have changed without it."""
        return self._request(self.config.url, conditional=not (self.config.next or self.config.parts))

    def parse(self, document: Document, cursor: Cursor) -> Page:  # noqa: ARG002
        """One page of the list. Raises SourceError when it is not what this source gives."""
        if document.not_modified:
            return Page(entries=iter(()))
        root = read_xml(document, self.config.language, self._namespaces)
        waiting = document.request.memory.get("waiting")
        if self.config.parts and waiting is None:
            return self._parts(document, root)
        things = self._entries_in(root, is_first=document.request.page == 1 or waiting is not None)
        known: dict[str, Any] = {}  # what paths from the root find is the same for every entry
        listed = [self._listed(thing, document.url, known) for thing in things]
        if len(listed) > 1 and not any(map(is_identified, listed)):
            raise SourceError(
                f"gave {len(listed)} entries, and none has {self._identifying} where 'fields' says; "
                f"the first is {described(things[0])}"
            )
        following = self._following(document, root, listed, waiting)
        wanted = [(entry, thing) for entry, thing in zip(listed, things, strict=True) if self._is_wanted(thing)]
        read = [entry for entry, _ in wanted if is_identified(entry)]
        entries = self._reader.entries(read, fetched_at=document.fetched_at)
        return Page(
            entries=chain(entries, each_once(self._problems(wanted))),
            next=following,
            total=len(listed) if following is None and document.request.page == 1 else None,
        )

    @property
    def _namespaces(self) -> Namespaces:
        return tuple(self.config.namespaces.items())

    @property
    def _identifying(self) -> str:
        return " or ".join(name for name in IDENTIFYING if name in self.config.fields)

    def _at(self, path: str, place: etree._Element) -> Any:
        return found(compiled(path, self._namespaces), place)

    def _entries_in(self, root: etree._Element, *, is_first: bool) -> list[etree._Element]:
        things = elements_of(self._at(self.config.items, root))
        if len(things) > self.config.max_entries:
            raise SourceError(f"gave {len(things)} entries, more than the {self.config.max_entries} of 'max_entries'")
        if not things and is_first and not self._says_nothing(root, self.config.items):
            raise SourceError(f"has no element at 'items' ({self.config.items}): there is {described(root)}")
        return things

    def _says_nothing(self, root: etree._Element, path: str) -> bool:
        if self.config.empty and is_true(self._at(self.config.empty, root)):
            return True
        return is_empty_list(root, path, self._namespaces)

    def _listed(self, thing: etree._Element, base: str, known: dict[str, Any]) -> Listed:
        values = {name: self._texts(name, paths, thing, known) for name, paths in self.config.fields.items()}
        return listed_of(values, base=base, template=self.config.link_template, raw=raw_of(thing))

    def _texts(self, name: str, paths: Sequence[str], thing: etree._Element, known: dict[str, Any]) -> tuple[str, ...]:
        """Of the first path at which there is something."""
        for path in paths:
            if path.lstrip().startswith("/") and "|" not in path:
                if path not in known:
                    known[path] = self._at(path, thing)
                value = known[path]
            else:
                value = self._at(path, thing)
            if texts := texts_in(value, for_people=name not in _FOR_PROGRAMS):
                return texts
        return ()

    def _is_wanted(self, thing: etree._Element) -> bool:
        return not self.config.where or is_true(self._at(self.config.where, thing))

    def _problems(self, wanted: Sequence[tuple[Listed, etree._Element]]) -> Iterator[Entry]:
        for number, (entry, thing) in enumerate(wanted, start=1):
            if not is_identified(entry):
                why = f"has nothing where 'fields' says {self._identifying}: it is {described(thing)}"
                yield unreadable(number, why, entry.raw)

    # What comes next.

    def _parts(self, document: Document, root: etree._Element) -> Page:
        """The first lists that a list of lists names."""
        addresses = texts_in(self._at(self.config.parts, root), for_people=False)
        urls = [url for text in addresses if (url := next_address(text, document, own_host_only=False))]
        if not urls and not self._says_nothing(root, self.config.parts):
            raise SourceError(f"has no address at 'parts' ({self.config.parts}): there is {described(root)}")
        waiting = list(dict.fromkeys(urls))[: self.config.max_parts]
        return Page(entries=iter(()), next=self._part(waiting, document.request.page))

    def _part(self, waiting: Sequence[str], page: int) -> Request | None:
        if not waiting:
            return None
        memory = {"waiting": list(waiting[1:])}
        return self._request(waiting[0], conditional=False, page=page + 1, memory=memory)

    def _following(
        self, document: Document, root: etree._Element, listed: Sequence[Listed], waiting: Sequence[str] | None
    ) -> Request | None:
        request = document.request
        if waiting is not None:
            return self._part(waiting, request.page)
        progress = Progress.of(request)
        links = texts_in(self._at(self.config.next, root), for_people=False) if self.config.next and listed else ()
        url = next_address(links[0], document, own_host_only=False) if links else None
        if url is None or progress.repeats(listed):
            return None
        if request.page >= self.config.max_pages:
            raise CappedError(f"gave {request.page} pages and says there are more: 'max_pages' is too small for it")
        return self._request(url, conditional=False, page=request.page + 1, memory=progress.after(listed))


SOURCE = XmlListSource
