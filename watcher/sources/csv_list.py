"""A table of separated values, with a header or with stated columns: which column is which field is YAML."""

from __future__ import annotations

import codecs
import difflib
from collections.abc import Mapping, Sequence
from itertools import chain, islice
from typing import Any, Final

from pydantic import field_validator, model_validator

from watcher.source import Cursor, Document, Entry, Page, SourceError
from watcher.sources.csv_rows import (
    Row,
    column_name,
    columns_of,
    decoded,
    delimiter_of,
    header_in,
    rows_of,
    unpacked,
    without_separator_line,
)
from watcher.sources.listed import Listed, ListedConfig, ListSource
from watcher.sources.listed.mapping import (
    check_template,
    each_once,
    is_identified,
    listed_of,
    mapped,
    one_or_several,
    unreadable,
)
from watcher.sources.stated import FindMember, as_it_came, no_members
from watcher.text import one_line, plain

_NAMED: Final = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


class CsvListConfig(ListedConfig):
    """Settings of a source of kind csv_list."""

    fields: dict[str, tuple[str, ...]]  #: which column, or columns, each field of `Listed` stands in
    columns: tuple[str, ...] = ()  #: the columns' names, where the table has no header
    delimiter: str | None = None  #: what separates the values; None: found out
    quoted: bool = True  #: values may stand in quotation marks; False: a quotation mark is text
    encoding: str | None = None  #: None: as declared, doubted where it cannot be
    link_template: str = ""  #: the entry's address, made of its fields: https://regulator.example/recalls/{id}

    @field_validator("fields", mode="before")
    @classmethod
    def _mapped(cls, value: Any) -> Any:
        said = "must say which column each field stands in, as in {id: Recall Number, title: Heading}"
        return {
            name: one_or_several(name, columns, "the name of a column, or a list of such names")
            for name, columns in mapped(value, said).items()
        }

    @field_validator("columns")
    @classmethod
    def _each_once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        names = [column_name(name) for name in value]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"must name each column once; {', '.join(map(repr, sorted(twice)))} stands there twice")
        return value

    @field_validator("delimiter")
    @classmethod
    def _one_sign(cls, value: str | None) -> str | None:
        sign = _NAMED.get(value.strip().lower(), value) if value and value != "\t" else value
        if sign is not None and (len(sign) != 1 or sign in '"\r\n'):
            raise ValueError("must be one sign, such as ';', or tab")
        return sign

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str | None) -> str | None:
        try:
            if value is not None and not codecs.lookup(value)._is_text_encoding:
                raise LookupError
            b"a".decode(value or "utf-8", "replace")
        except (LookupError, UnicodeError, ValueError):
            raise ValueError("must be an encoding such as utf-8, windows-1252 or gb18030") from None
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> CsvListConfig:
        check_template(self.link_template, self.fields)
        if self.columns:
            known = {column_name(name): place for place, name in enumerate(self.columns)}
            for column in _wanted(self.fields):
                if column_name(column) not in known:
                    raise ValueError(f"'fields' names the column {column!r}, which 'columns' does not hold")
        return self


class CsvListSource(ListSource[CsvListConfig]):
    """One table of one issuer, read whole."""

    class Config(CsvListConfig):
        """Settings of a source of kind csv_list."""

    accept = "text/csv, text/tab-separated-values;q=0.9, */*;q=0.5"

    def __init__(self, config: Config, *, find_member: FindMember = no_members) -> None:
        super().__init__(config, find_member=find_member)
        self._wanted = _wanted(config.fields)

    def parse(self, document: Document, cursor: Cursor) -> Page:  # noqa: ARG002
        """The table's rows. A table with a header and no rows is a table."""
        if document.not_modified:
            return Page(entries=iter(()))
        columns, rows = self._table(document)
        read: list[Listed] = []
        problems: list[Entry] = []
        for row in rows:
            problem = row.problem or _unlike(row, columns, open_end=bool(self.config.columns))
            if not problem:
                entry = self._listed(row, columns, document.url)
                if is_identified(entry):
                    read.append(entry)
                    continue
                problem = "has nothing in any of the columns that it could be known by"
            problems.append(unreadable(row.number, problem, _raw(row)))
        if len(problems) > 1 and not read:
            raise SourceError(f"has {len(rows)} rows and none can be read: {problems[0].problem}")
        entries = chain(self._reader.entries(read, fetched_at=document.fetched_at), each_once(problems))
        return Page(entries=entries, total=len(rows))

    def _table(self, document: Document) -> tuple[Mapping[str, int], list[Row]]:
        """Where each column stands, and the rows below the header. Raises SourceError."""
        config = self.config
        body = document.file.read_bytes() if document.file is not None else document.body
        body = unpacked(body, config.max_megabytes * 1_000_000)
        text = decoded(body, document.headers, language=config.language, encoding=config.encoding)
        if not text.strip():
            raise SourceError("answered with nothing at all instead of a table")
        if text.lstrip()[:1] == "<":
            raise SourceError(f"answered with a web page instead of a table: {one_line(plain(text[:5000]), 120)!r}")
        delimiter = config.delimiter or delimiter_of(
            text, wanted=self._wanted, width=len(config.columns) or None, quoted=config.quoted
        )
        found = rows_of(without_separator_line(text), delimiter=delimiter, quoted=config.quoted)
        rows = list(islice(found, config.max_entries + 50))
        if config.columns:
            columns: Mapping[str, int] = columns_of(config.columns)
        else:
            header = header_in(rows, self._wanted)
            columns = columns_of(rows[header].cells) if rows else {}
            self._check(columns)
            rows = rows[header + 1 :]
        if len(rows) > config.max_entries:
            raise SourceError(f"has more than the {config.max_entries} rows that max_entries allows")
        return columns, rows

    def _check(self, columns: Mapping[str, int]) -> None:
        for column in self._wanted:
            name = column_name(column)
            if name not in columns:
                near = difflib.get_close_matches(name, columns, n=1, cutoff=0.5)
                nearest = f"; the nearest is {near[0]!r}" if near else ""
                shown = ", ".join(repr(one_line(known, 40)) for known in list(columns)[:30]) or "none"
                raise SourceError(f"has no column {column!r}{nearest}. Its columns are {shown}")

    def _listed(self, row: Row, columns: Mapping[str, int], base: str) -> Listed:
        values = {
            name: tuple(row.cells[columns[column_name(column)]] for column in named)
            for name, named in self.config.fields.items()
        }
        return listed_of(values, base=base, template=self.config.link_template, raw=_raw(row))


def _wanted(fields: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(column for named in fields.values() for column in named))


def _unlike(row: Row, columns: Mapping[str, int], *, open_end: bool) -> str:
    """Why a row does not fit the columns; empty if it does. `open_end`: columns may have been added behind."""
    width = max(columns.values()) + 1
    over = row.cells[width:]
    if len(row.cells) < width or (not open_end and any(cell.strip() for cell in over)):
        return f"has {len(row.cells)} values in {width} columns: a separator or a line break too many perhaps"
    return ""


def _raw(row: Row) -> str:
    return as_it_came("\t".join(row.cells))


SOURCE = CsvListSource
