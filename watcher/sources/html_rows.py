"""The rows of a page as `Listed`, or a sentence that says why there are none: a redesign is never taken for silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult

from watcher.reading.markup_encoding import body_of, headers_with_charset
from watcher.source import Document, SourceError
from watcher.sources.html_fields import RowFields, Work
from watcher.sources.html_page import OpenPage
from watcher.sources.html_settings import HtmlRowsConfig, places_of
from watcher.sources.json_document import described, raw_of, read_json, texts_of
from watcher.sources.json_settings import compiled
from watcher.sources.listed import Listed
from watcher.sources.listed.mapping import is_identified, listed_of
from watcher.text import one_line, plain

#: A redesign shows in these: where they are mapped, some row has them.
_ESSENTIAL: Final = ("title", "link", "id", "number", "published")
_FEW: Final = 3  # rows: of fewer, each may lack a field by chance
_LONGEST_RAW: Final = 20_000


class HtmlRows:
    """Reads the rows of the pages of one source."""

    def __init__(self, config: HtmlRowsConfig) -> None:
        self.config = config
        self._json: dict[str, ParsedResult] = {}
        if config.embedded_json:
            self._json = {name: compiled(stated) for name, stated in config.fields.items()}
            self._items = compiled(config.items)
        else:
            self._places = {name: places_of(stated) for name, stated in config.fields.items()}

    def open(self, document: Document) -> OpenPage:
        """The page. Raises SourceError for an error page, or for none."""
        return OpenPage(document, language=self.config.language, soft_404=self.config.soft_404)

    def read(self, page: OpenPage, document: Document, *, may_be_empty: bool = False) -> list[Listed]:
        """The rows. Raises SourceError where there are none and nothing says that there are to be none."""
        if self.config.embedded_json:
            found = self._of_json(page, document)
            what, where = "rows", f"'items' {self.config.items!r} and 'fields'"
        else:
            found = self._of_rows(page)
            what, where = "rows", f"'row' {self.config.row!r} and 'fields'"
        rows = [row for row in found if is_identified(row)]
        if found and not rows:
            raise SourceError(
                f"found {len(found)} {what}, but no title, link or id in any of them with {where}; {page.why_empty()}"
            )
        if len(rows) > self.config.max_entries:
            raise SourceError(f"has {len(rows)} rows, more than the {self.config.max_entries} of 'max_entries'")
        if not rows and not may_be_empty:
            self._refuse_silence(page)
        self._refuse_missing(rows, page)
        if self.config.embedded_json:
            return rows
        return [row if row.title else replace(row, title=one_line(plain(row.raw), 300)) for row in rows]

    def _refuse_silence(self, page: OpenPage) -> None:
        if page.shows(self.config.empty) is not None or self.config.embedded_json:
            return  # a list of JSON that is there and empty says so itself
        raise SourceError(f"found no row with selector {self.config.row!r}; {page.why_empty()}")

    def _refuse_missing(self, rows: Sequence[Listed], page: OpenPage) -> None:
        if len(rows) < _FEW:
            return
        for name in _ESSENTIAL:
            if name in self.config.fields and not any(getattr(row, name) for row in rows):
                raise SourceError(
                    f"found {len(rows)} rows, but no {name!r} in any of them with {self.config.fields[name]!r}; "
                    f"{page.why_empty()}"
                )

    def _of_rows(self, page: OpenPage) -> list[Listed]:
        nodes = page.tree.css(self.config.row)
        if len(nodes) > self.config.max_entries * 3:
            raise SourceError(f"has {len(nodes)} rows, more than the {self.config.max_entries} of 'max_entries'")
        work = Work(len(page.markup))
        fields = RowFields(self._places, page.tree, work=work, row=self.config.row, rows=nodes)
        found = []
        for node in nodes:
            values = fields.of(node)
            raw = work.markup(node, _LONGEST_RAW)
            found.append(listed_of(values, base=page.base, template=self.config.link_template, raw=raw))
        return found

    def _of_json(self, page: OpenPage, document: Document) -> list[Listed]:
        if page.tree.css_first(self.config.embedded_json) is None:
            raise SourceError(
                f"has no element {self.config.embedded_json!r} with the list (see 'embedded_json'); {page.why_empty()}"
            )
        headers = headers_with_charset(body_of(document), document.headers)
        read_from = replace(document, headers=headers)
        answer = read_json(read_from, self.config.language, script=self.config.embedded_json)
        things = _looked_up(self._items, answer)
        if not isinstance(things, list):
            raise SourceError(
                f"has no list at {self.config.items!r} of its embedded JSON: there is {described(things)}; "
                f"the JSON is {described(answer)}"
            )
        return [
            listed_of(self._values(thing), base=page.base, template=self.config.link_template, raw=raw_of(thing))
            for thing in things
        ]

    def _values(self, thing: Any) -> Mapping[str, Sequence[str]]:
        return {
            name: texts_of(_looked_up(expression, thing), addresses=name in ("link", "links"))
            for name, expression in self._json.items()
        }


def _looked_up(expression: ParsedResult, value: Any) -> Any:
    """What stands there; None where the expression does not fit."""
    try:
        return expression.search(value)
    except (JMESPathError, RecursionError, TypeError, ValueError, ArithmeticError):
        return None
