"""Lists in web pages: which elements are the rows, and where their fields stand, is all YAML.

A page shows no more than its publisher's designer likes, and changes when he likes: rows that are not found are an
error of the source, never silence. What a list does not tell may stand on each entry's own page; such pages are asked
for once, a few in each poll, and only of entries that are new.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from watcher.reading.main_text import main_text
from watcher.reading.markup import MarkupError
from watcher.source import Cursor, Document, Entry, Page, Request, SourceError
from watcher.sources.html_fields import RowFields, Work
from watcher.sources.html_list_settings import TODAY, HtmlListConfig
from watcher.sources.html_memory import RowMemory, as_json, digest, of_json
from watcher.sources.html_page import OpenPage, same_host
from watcher.sources.html_rows import HtmlRows
from watcher.sources.html_settings import places_of
from watcher.sources.json_paging import with_parameters
from watcher.sources.listed import Listed, ListSource
from watcher.sources.listed.mapping import listed_of
from watcher.sources.stated import FindMember, no_members

ACCEPT: Final = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5"
#: A page that is not there, or not for us, says so itself; the list's entry stands without it.
MISSING: Final = frozenset({400, 401, 403, 404, 405, 406, 410, 451, 500})
_FILES: Final = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".zip", ".odt", ".rtf", ".jpg", ".png", ".xml", ".csv")
_MOST_SEEN: Final = 60  # page addresses that are remembered within a poll


class HtmlListSource(ListSource[HtmlListConfig]):
    """One list of one issuer."""

    class Config(HtmlListConfig):
        """Settings of a source of kind html_list."""

    accept = ACCEPT

    def __init__(self, config: Config, *, find_member: FindMember = no_members) -> None:
        super().__init__(config, find_member=find_member)
        self._rows = HtmlRows(config)
        self._details = (
            {name: places_of(stated) for name, stated in config.detail.fields.items()} if config.detail else {}
        )

    def first_request(self, cursor: Cursor, now: datetime) -> Request:
        """The list's first page, if it changed. While entries wait for their own pages, also if it did not."""
        alone = self.config.days == 1 and not (self.config.detail and RowMemory(cursor.state).owes)
        return self._request(self._address(now, 0), conditional=alone)

    def parse(self, document: Document, cursor: Cursor) -> Page:
        """One page of the list, or one entry's own page."""
        if document.not_modified:
            return Page(entries=iter(()))
        if document.request.memory.get("waiting"):
            return self._detail_page(document, cursor)
        return self._list_page(document, cursor)

    # The list.

    def _list_page(self, document: Document, cursor: Cursor) -> Page:
        memory = document.request.memory
        number, day = document.request.page, int(memory.get("day", 0))
        page = self._rows.open(document)
        rows = self._rows.read(page, document, may_be_empty=number > 1)
        known = RowMemory(memory.get("known", cursor.state))
        following = self._next_page(page, document, rows, known)
        if following is None and day + 1 < self.config.days:
            address = self._address(document.fetched_at, day + 1)
            following = self._request(address, conditional=False, memory={"day": day + 1})
        if self.config.detail is None:
            if self.config.max_pages == 1:
                entries = self._reader.entries(rows, fetched_at=document.fetched_at)
                return Page(entries=entries, next=following, total=len(rows) if self.config.days == 1 else None)
            for row in rows:
                known.see(row, seeding=False)
                known.done(row)
            state = known.state(len(rows))
            following = replace(following, memory={**following.memory, "known": state}) if following else None
            return Page(entries=self._reader.entries(rows, fetched_at=document.fetched_at), next=following, state=state)
        return self._with_details(document, cursor, rows, known, following)

    def _next_page(
        self, page: OpenPage, document: Document, rows: Sequence[Listed], known: RowMemory
    ) -> Request | None:
        """The list's next page, if it has one that might hold something new."""
        request, config = document.request, self.config
        if not rows or request.page >= config.max_pages or all(map(known.knows, rows)):
            return None
        seen = [str(url) for url in request.memory.get("seen", ())][-_MOST_SEEN:]
        first = digest(rows[0])
        if first in seen:
            return None  # a publisher that does not know the parameter gives its first page again and again
        if config.page_parameter is not None:
            parameter = config.page_parameter
            value = parameter.first + request.page * parameter.step
            url: str | None = with_parameters(request.url, {parameter.name: str(value)})
        else:
            found = page.tree.css_first(config.next) if config.next else None
            url = page.absolute(found.attributes.get("href") or "") if found is not None else None
        if url is None or url in (request.url, document.url, *seen):
            return None
        if not (same_host(url, self.config.url) or same_host(url, document.url)):
            return None
        memory = {**request.memory, "seen": [*seen, first, request.url]}
        return self._request(url, conditional=False, page=request.page + 1, memory=memory)

    # Entries' own pages.

    def _with_details(
        self,
        document: Document,
        cursor: Cursor,
        rows: Sequence[Listed],
        known: RowMemory,
        following: Request | None,
    ) -> Page:
        """The entries whose page need not be read, or can't be now; the others wait until the list is read."""
        assert self.config.detail is not None
        memory = document.request.memory
        queue: list[dict[str, Any]] = list(memory.get("queue", ()))
        listed: list[Listed] = []
        seeding = cursor.seeded_at is None
        for row in sorted(rows, key=known.knows):
            is_new, wanted = not known.knows(row), known.wants(row)
            known.see(row, seeding=seeding)
            if not self._has_page(row):
                known.done(row)
            elif wanted and len(queue) < self.config.detail.max_details:
                queue.append(as_json(row))
                continue
            if is_new:
                listed.append(row)
        in_all = int(memory.get("in_all", 0)) + len(rows)
        if self.config.max_pages == 1 and self.config.days == 1:
            known.drop_unlisted(rows)
        state = known.state(in_all)
        carried = {"known": state, "queue": queue, "in_all": in_all}
        if following is not None:
            following = replace(following, memory={**following.memory, **carried})
        elif queue:
            following = self._detail_request(queue, state, in_all)
        entries = self._reader.entries(listed, fetched_at=document.fetched_at)
        return Page(entries=entries, next=following, total=in_all, state=state)

    def _detail_page(self, document: Document, cursor: Cursor) -> Page:
        """One entry with what its own page says, or as the list has it."""
        memory = document.request.memory
        waiting = list(memory["waiting"])
        row, left = of_json(waiting[0]), waiting[1:]
        known, in_all = RowMemory(memory["known"]), int(memory.get("in_all", 0))
        found, is_old = row, cursor.seeded_at is not None and known.is_old(row)
        try:
            found = self._detailed(row, document)
        except SourceError:
            known.failed(row)
        else:
            known.done(row)
        found_all = [found]
        if document.status >= 500 or document.status == 0:
            # A publisher in trouble is not asked for twenty more pages now: its entries stand as the list has them.
            found_all, left = [found, *map(of_json, left)], []
        state = known.state(in_all)
        following = self._detail_request(left, state, in_all, page=document.request.page + 1) if left else None
        entries = self._reader.entries(found_all, fetched_at=document.fetched_at)
        if is_old:
            entries = _as_old(entries)
        return Page(entries=entries, next=following, total=in_all, state=state)

    def _detailed(self, row: Listed, document: Document) -> Listed:
        """The row with the fields of its own page. Raises SourceError if that can't be read."""
        detail = self.config.detail
        assert detail is not None
        if document.status in MISSING or not document.status:
            raise SourceError(f"answered {document.status}")
        page = self._rows.open(document)
        page.refuse_errors()
        root = page.tree.root
        assert root is not None
        fields = RowFields(self._details, page.tree, work=Work(len(page.markup)))
        own = listed_of(fields.of(root), base=page.base)
        if detail.main_text and not own.summary:
            try:
                own = replace(own, summary=main_text(page.markup, select=detail.main))
            except MarkupError as error:
                raise SourceError(f"gave a page that {error}") from None
        if not any(getattr(own, name) for name in (*self._details, "summary")):
            raise SourceError("holds nothing that 'detail' asks for")
        said = {name: value for name in (*self._details, "summary") if (value := getattr(own, name))}
        return replace(row, **{**said, "links": tuple(dict.fromkeys((*row.links, *own.links)))})

    def _detail_request(self, waiting: Sequence[Any], state: dict[str, Any], in_all: int, *, page: int = 2) -> Request:
        link = of_json(waiting[0]).link
        assert link is not None
        memory = {"waiting": list(waiting), "known": state, "in_all": in_all}
        request = self._request(link, conditional=False, page=page, memory=memory)
        return replace(request, accept_status=MISSING, whole=False, may_fail=True)

    def _has_page(self, row: Listed) -> bool:
        if not row.link:
            return False
        try:
            path = urlsplit(row.link).path.lower()
        except ValueError:
            return False
        assert self.config.detail is not None
        hosts = (self.config.url, *(f"https://{host}" for host in self.config.detail.hosts))
        return not path.endswith(_FILES) and any(same_host(row.link, host) for host in hosts)

    # Asking.

    def _address(self, now: datetime, days_back: int) -> str:
        """The list's address, with the publisher's day in it where it wants one."""
        day = self._today(now) - timedelta(days=days_back)
        return TODAY.sub(lambda place: day.strftime(place[1]), self.config.url)


def _as_old(entries: Iterator[Entry]) -> Iterator[Entry]:
    """The entries, told to nobody."""
    return (replace(entry, news=False) for entry in entries)


SOURCE = HtmlListSource
