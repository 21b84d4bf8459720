"""One page that is rewritten in place: its main text is watched, and a change of it is told as what changed.

The page is one notice for ever: its symbol and key stay, its text is replaced. A rewording of a known notice is no
news, and it need not be: a corrected spelling is none. So each change of the main text is a further notice of the same
measure, whose summary is the difference, as a person would tell it. Whoever watches the measure is told that.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from pydantic import Field, field_validator

from watcher.reading.diff import readable_diff
from watcher.reading.main_text import main_text, title_of
from watcher.reading.markup import check_selector
from watcher.source import Cursor, Document, Entry, Page, SourceError
from watcher.sources.html_fields import RowFields, Work
from watcher.sources.html_list import ACCEPT
from watcher.sources.html_page import OpenPage
from watcher.sources.html_settings import FieldPlace, Markers, places_of
from watcher.sources.listed import Listed, ListedConfig, ListSource
from watcher.sources.listed.mapping import listed_of
from watcher.sources.stated import FindMember, as_it_came, no_members
from watcher.text import one_line

_REMEMBERED: Final = 100_000  # characters of the text that the next one is compared with
_SUMMARY: Final = 20_000  # characters of it that a notice shows
_FEWEST: Final = 20  # characters: less is no text, but what a script was to fill
_LONGEST_KEY: Final = 300
_CHANGED: Final = {
    "en": "{}: changed",
    "zh": "{}：内容有改动",
    "fr": "{} : texte modifié",
    "es": "{}: texto modificado",
}


class PageConfig(ListedConfig):
    """Settings of a source of kind page."""

    symbol: str = ""  #: the name of the page among its issuer's documents; empty: its address
    main: str = ""  #: CSS selector of the main text; empty: it is found
    ignore: tuple[str, ...] = ()  #: CSS selectors of what changes without meaning: counters, days of printing
    ignore_lines: tuple[str, ...] = ()  #: regular expressions: a line of the text that holds one is left out
    published: Any = None  #: where the page says of which day it is: a selector, or as in `fields` of html_list
    soft_404: Markers = ()  #: what marks an error page
    max_megabytes: int = Field(5, ge=1, le=50)

    @field_validator("main")
    @classmethod
    def _readable_main(cls, value: str) -> str:
        return check_selector(value) if value.strip() else ""

    @field_validator("ignore")
    @classmethod
    def _readable_selectors(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(check_selector(selector) for selector in value)

    @field_validator("ignore_lines")
    @classmethod
    def _readable_patterns(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"holds {pattern!r}, which is no regular expression ({error})") from None
        return value

    @field_validator("published")
    @classmethod
    def _readable_place(cls, value: Any) -> Any:
        if value is not None:
            places_of(value)
        return value


class PageSource(ListSource[PageConfig]):
    """One page of one issuer."""

    class Config(PageConfig):
        """Settings of a source of kind page."""

    accept = ACCEPT

    def __init__(self, config: Config, *, find_member: FindMember = no_members) -> None:
        super().__init__(config, find_member=find_member)
        self._left_out = [re.compile(pattern) for pattern in config.ignore_lines]
        self._published: tuple[FieldPlace, ...] = () if config.published is None else places_of(config.published)
        self._symbol = one_line(config.symbol) or one_line(config.url, 250)

    def parse(self, document: Document, cursor: Cursor) -> Page:
        """The page as a notice, and if its text is another one than at the last poll, what changed as a further one."""
        if document.not_modified:
            return Page(entries=iter(()))
        page = OpenPage(document, language=self.config.language, soft_404=self.config.soft_404)
        page.refuse_errors()
        text = self._text(page)
        listed = self._listed(page, text)
        entries = [self._entry(listed, _key(self.config.url), document.fetched_at)]
        before = cursor.state.get("text")
        if isinstance(before, str) and before != text[:_REMEMBERED]:
            entries.extend(self._change(listed, before, text[:_REMEMBERED], document.fetched_at))
        return Page(
            entries=iter(
                [replace(entry, key=self.config.url) if entry.key == listed.id else entry for entry in entries]
            ),
            total=1,
            state={"text": text[:_REMEMBERED]},
        )

    def _text(self, page: OpenPage) -> str:
        text = main_text(page.markup, select=self.config.main, drop=self.config.ignore)
        if self._left_out:
            lines = (line for line in text.split("\n") if not any(left.search(line[:2_000]) for left in self._left_out))
            text = "\n".join(lines)
        if len(text.strip()) >= _FEWEST:
            return text
        if self.config.main:
            raise SourceError(f"found no text with 'main' {self.config.main!r}; {page.why_empty()}")
        raise SourceError(f"holds no text that could be watched; {page.why_empty()}")

    def _listed(self, page: OpenPage, text: str) -> Listed:
        published = ""
        if self._published and page.tree.root is not None:
            fields = RowFields({"published": self._published}, page.tree, work=Work(len(page.markup)))
            published = listed_of(fields.of(page.tree.root), base=page.base).published
        title = one_line(title_of(page.tree), 300) or one_line(self.config.title, 300) or one_line(text, 100)
        return Listed(
            id=self.config.url,
            link=self.config.url,
            title=title,
            summary=text[:_SUMMARY],
            published=published,
            number=self._symbol,
            threads=(_thread(self.config.issuer, self._symbol),),
            raw=as_it_came(text),
        )

    def _change(self, listed: Listed, before: str, after: str, fetched_at: datetime) -> list[Entry]:
        """What changed, as a notice of its own; nothing, if only spacing and order did."""
        language = self.config.language
        told = readable_diff(before, after, language if language in _CHANGED else "en")
        if not told:
            return []
        day = self._today(fetched_at)
        mark = hashlib.sha256(f"{before}\x1f{after}".encode("utf-8", "replace")).hexdigest()[:8]
        change = replace(
            listed,
            id=f"{self.config.url} {mark}",
            title=_CHANGED.get(language, _CHANGED["en"]).format(listed.title),
            summary=told,
            published=day.isoformat(),
            number=f"{self._symbol} {day.isoformat()} {mark}",
            raw=as_it_came(told),
        )
        return [self._entry(change, f"{_key(self.config.url)} {mark}", fetched_at)]

    def _entry(self, listed: Listed, key: str, fetched_at: datetime) -> Entry:
        (entry,) = self._reader.entries([listed], fetched_at=fetched_at)
        return replace(entry, key=key)


def _key(url: str) -> str:
    """The address, short enough for a key."""
    if len(url) <= _LONGEST_KEY:
        return url
    return f"{url[: _LONGEST_KEY - 20]} {hashlib.sha256(url.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _thread(issuer: str, symbol: str) -> str:
    """What holds the page and its changes together; an address may be too long for a name."""
    return f"page {hashlib.sha256(f'{issuer} {symbol}'.encode('utf-8', 'replace')).hexdigest()[:16]}"


SOURCE = PageSource
