"""The WTO's bulk workbook: every TBT and SPS notification since 1995 in one .xlsx of some 45 MB. Needs no key.

Columns are known by their names, never by their places, in the spellings of the bulk file, of the export of a search
and of the export of 2019. A row becomes an entry as it is read: neither the workbook nor its entries are ever in
memory as a whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Final, Literal

from pydantic import Field, field_validator

from watcher.source import Cursor, DayOrder, Document, Entry, Page, Request, SourceConfig, SourceError
from watcher.sources.configuring import WebAddress
from watcher.sources.cursors import moved_on
from watcher.sources.stated import (
    NOT_STATED,
    EntryError,
    FindMember,
    Stated,
    StatedDate,
    as_it_came,
    kept_apart,
    no_members,
    notice_of,
    stated_date,
    storable,
)
from watcher.sources.workbook_rows import Cell, Limits, Number, Workbook, WorkbookError
from watcher.symbol import read_symbols
from watcher.text import one_line, plain

ColumnName = Literal[
    "symbols", "member", "title", "content", "products", "hs", "ics", "hs_and_ics", "objectives", "agency", "articles",
    "distributed", "deadline", "adoption", "entry_into_force", "links", "page",
]  # fmt: skip

#: Column names without case, blanks and punctuation. Those in use and their near variants.
_COLUMNS: Final[Mapping[str, ColumnName]] = {
    **dict.fromkeys(("documentsymbol", "documentsymbols", "symbol", "symbols", "notificationsymbol"), "symbols"),
    **dict.fromkeys(("notifyingmember", "notifyingmembers", "member", "notifyingcountry"), "member"),
    **dict.fromkeys(("title", "titleofdocument"), "title"),
    **dict.fromkeys(("description", "descriptionofcontent"), "content"),
    **dict.fromkeys(("productscovered", "productsfreetext", "products", "productcovered"), "products"),
    **dict.fromkeys(("hscode", "hscodes", "productshscode", "productshscodes"), "hs"),
    **dict.fromkeys(("icscode", "icscodes", "productsicscode", "productsicscodes"), "ics"),
    **dict.fromkeys(("productshsicscode", "productshsicscodes", "hsicscodes"), "hs_and_ics"),
    **dict.fromkeys(("objective", "objectives"), "objectives"),
    **dict.fromkeys(("agencyresponsible", "responsibleagency"), "agency"),
    **dict.fromkeys(("notifiedunderarticle", "notifiedunderarticles"), "articles"),
    **dict.fromkeys(("distributiondate", "dateofdistribution"), "distributed"),
    **dict.fromkeys(("finaldateforcomments", "finaldateforcomment", "commentdeadline"), "deadline"),
    **dict.fromkeys(("proposedadoptiondate", "proposeddateofadoption"), "adoption"),
    **dict.fromkeys(("proposedentryintoforcedate", "proposeddateofentryintoforce"), "entry_into_force"),
    **dict.fromkeys(("notifieddocument", "notifieddocuments", "linkstofulltext", "linktofulltext"), "links"),
    **dict.fromkeys(("linktonotificationen", "linktonotification"), "page"),
}
_HEADER_WITHIN: Final = 60  # rows; above the header may stand a title, the search's words and blank rows
_LEAST_COLUMNS: Final = 4  # of a row that is believed to be the header
_SERIAL: Final = re.compile(r"\d{4,6}(?:\.\d+)?")
_LAST_SERIAL: Final = 2_958_465  # 9999-12-31
#: Between two codes, before the next one: "8507 - Electric accumulators; 8506 - …", or on a new line.
_CODE_BREAK: Final = re.compile(r"[;\n]+")


class EpingWorkbookSource:
    """One workbook, read whole at each poll; the notices that did not change are told apart by the pipeline."""

    class Config(SourceConfig):
        """Settings of a source of kind eping_workbook."""

        url: WebAddress = "https://eping.wto.org/NotificationExcelFiles/Notification_EN.xlsx"
        domains: tuple[Literal["TBT", "SPS"], ...] = ("TBT",)
        every_minutes: int = 1440  #: the WTO makes it once a day
        priority: int = 60  #: the API says more about a notification, and sooner
        day_order: DayOrder = "dmy"  #: of days that are written as text
        columns: Mapping[str, ColumnName] = Field(default_factory=dict)  #: further column names, should the WTO rename
        max_megabytes: int = Field(150, ge=1, le=2000)  #: of the file
        max_unpacked_megabytes: int = Field(2000, ge=1, le=20_000)

        @field_validator("domains")
        @classmethod
        def _at_least_one(cls, value: tuple[str, ...]) -> tuple[str, ...]:
            if not value:
                raise ValueError("must name TBT, SPS or both")
            return value

    def __init__(self, config: Config, *, find_member: FindMember = no_members) -> None:
        self.config = config
        self._find_member = find_member
        self._known = {**_COLUMNS, **{_plain_name(name): column for name, column in config.columns.items()}}

    def resting(self) -> str | None:
        """It can be polled unless its settings say otherwise."""
        return self.config.rests or None

    def first_request(self, cursor: Cursor, now: datetime) -> Request:  # noqa: ARG002
        """The whole file; a publisher that knows validators is asked only whether it changed."""
        megabyte = 1_000_000
        return Request(
            url=self.config.url,
            accept="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, */*;q=0.5",
            max_body=self.config.max_megabytes * megabyte,
            max_decoded=self.config.max_megabytes * megabyte,  # the zip inside is judged when it is opened
            deadline_seconds=1800.0,
            into_file=True,
        )

    def parse(self, document: Document, cursor: Cursor) -> Page:  # noqa: ARG002
        """The rows as entries, read as they are asked for; the iterator too may raise SourceError, where it breaks off.

        The entries are independent of one another, so those before a break are as good as ever.
        """
        if document.not_modified:
            return Page(entries=iter(()))
        limits = Limits(decoded=self.config.max_unpacked_megabytes * 1_000_000)
        try:
            workbook = Workbook(document.file or document.body, limits)
            sheet, header_row, columns = self._header(workbook)
            last = workbook.last_row(sheet)
        except WorkbookError as error:
            raise SourceError(f"the workbook {error}") from error
        total = last - header_row if last and last > header_row else None
        return Page(entries=self._entries(workbook, sheet, header_row, columns), total=total)

    def advance(self, cursor: Cursor, *, seen: date | None, now: datetime) -> Cursor:
        """Everything was read; move on to `seen`."""
        return moved_on(cursor, seen=seen, now=now, full=True)

    def _header(self, workbook: Workbook) -> tuple[str, int, dict[int, tuple[ColumnName, str]]]:
        """The sheet and row that name the columns, and what stands in which column."""
        first_words = ""
        for sheet in workbook.sheets:
            for count, (number, cells) in enumerate(workbook.rows(sheet)):
                if count >= _HEADER_WITHIN:
                    break
                columns = self._named(cells)
                if len(columns) >= _LEAST_COLUMNS and any(name == "symbols" for name, _ in columns.values()):
                    return sheet, number, columns
                first_words = first_words or ", ".join(_text(cell) for cell in cells.values())
        raise WorkbookError(
            "has no row that names the column 'Document symbol' and others we know; it begins with "
            f"{one_line(plain(first_words), 200)!r}. If the WTO renamed its columns, list them under 'columns'."
        )

    def _named(self, cells: Mapping[int, Cell]) -> dict[int, tuple[ColumnName, str]]:
        columns: dict[int, tuple[ColumnName, str]] = {}
        for place, cell in cells.items():
            name = self._known.get(_plain_name(_text(cell)))
            if name and all(name != taken for taken, _ in columns.values()):
                columns[place] = (name, one_line(_text(cell)))
        return columns

    def _entries(
        self, workbook: Workbook, sheet: str, header_row: int, columns: Mapping[int, tuple[ColumnName, str]]
    ) -> Iterator[Entry]:
        seen: set[str] = set()
        try:
            for number, cells in workbook.rows(sheet):
                row = {columns[place][0]: cell for place, cell in cells.items() if place in columns}
                if number <= header_row or not any(_text(cell).strip() for cell in row.values()):
                    continue
                entry = self._entry(number, row, workbook.date1904, columns)
                if entry is not None:
                    yield kept_apart(entry, seen)
        except WorkbookError as error:
            raise SourceError(f"the workbook {error}") from error

    def _entry(
        self,
        number: int,
        row: Mapping[ColumnName, Cell],
        date1904: bool,
        columns: Mapping[int, tuple[ColumnName, str]],
    ) -> Entry | None:
        """The entry of a row; None if it belongs to a domain that is switched off."""
        field = _text(row.get("symbols", ""))
        symbols = read_symbols(field)
        if symbols and symbols[0].area not in self.config.domains:
            return None
        raw = as_it_came(
            json.dumps({title: _text(row[name]) for name, title in columns.values() if name in row}, ensure_ascii=False)
        )
        key = one_line(plain(field)) or f"row without a symbol: {one_line(plain(_text(row.get('title', ''))), 150)}"
        try:
            notice = notice_of(
                self._stated(row, date1904), find_member=self._find_member, day_order=self.config.day_order
            )
        except EntryError as error:
            return Entry(key=key, notice=None, problem=f"row {number}: {error}", raw=raw)
        except Exception as error:  # the reader's own fault: the other rows are still read
            problem = f"row {number}: reading it failed with {type(error).__name__}: {one_line(str(error))}"
            return Entry(key=key, notice=None, problem=problem, raw=raw)
        # A joint notification stands in a row for each Member, with all symbols in each.
        member = f" {one_line(plain(_text(row.get('member', ''))), 60)}" if len(symbols) > 1 else ""
        return Entry(key=notice.key + member.rstrip(), notice=notice, raw=raw)

    def _stated(self, row: Mapping[ColumnName, Cell], date1904: bool) -> Stated:
        def text(name: ColumnName) -> str:
            return _text(row.get(name, ""))

        def day(name: ColumnName) -> StatedDate:
            return _date(row[name], date1904) if name in row else NOT_STATED

        hs, ics = _codes(row.get("hs", "")), _codes(row.get("ics", ""))
        products = text("products")
        if both := text("hs_and_ics"):
            hs_part, ics_part = _told_apart(both)
            hs, ics = hs + hs_part, ics + ics_part
        return Stated(
            symbols=text("symbols"),
            member=text("member"),
            title=text("title"),
            content=text("content"),
            products=products,
            hs=hs,
            ics=ics,
            objectives=tuple(re.split(r"[;\n]+", text("objectives"))),
            agency=text("agency"),
            articles=tuple(re.split(r"[,;\s]+", text("articles"))),
            distributed=day("distributed"),
            deadline=day("deadline"),
            adoption=day("adoption"),
            entry_into_force=day("entry_into_force"),
            links=text("links"),
            page=text("page").strip(),
            language=self.config.language,
        )


def _plain_name(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return storable(cell)
    try:
        number = float(cell.text)
        return str(int(number)) if number.is_integer() else cell.text
    except (ValueError, OverflowError):
        return cell.text


def _codes(cell: Cell) -> tuple[str, ...]:
    text = _text(cell)
    if isinstance(cell, Number) and "." not in text:
        return ("0" * (len(text) % 2) + text,)  # as a number, a code has lost its leading zero
    return tuple(filter(None, (part.strip() for part in _CODE_BREAK.split(text))))


def _told_apart(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """HS and ICS codes of the column that the export of 2019 has for both: "HS: 8507; ICS: 29.220"."""
    hs: list[str] = []
    ics: list[str] = []
    into = hs
    for part in filter(None, (part.strip() for part in _CODE_BREAK.split(text))):
        mark = re.search(r"\b(HS|ICS)\b", part, re.IGNORECASE)
        into = (ics if mark[1].upper() == "ICS" else hs) if mark else into
        into.append(re.sub(r"^\s*(?:HS|ICS)(?:\s*codes?(?:\(s\))?)?\s*[:\-]?\s*", "", part, flags=re.IGNORECASE))
    return tuple(hs), tuple(ics)


def _date(cell: Cell, date1904: bool) -> StatedDate:
    """A day: Excel's count of days, as a number or as text of digits, or written out."""
    text = cell.text if isinstance(cell, Number) else cell.strip()
    if isinstance(cell, Number) or _SERIAL.fullmatch(text):
        day = _serial(text, date1904)
        if day is not None or isinstance(cell, Number):
            return StatedDate(day=day, text="" if day or len(text) != 4 else text)
    return stated_date(text)


def _serial(text: str, date1904: bool) -> date | None:
    try:
        count = int(float(text))
    except (ValueError, OverflowError):
        return None
    if not 61 <= count <= _LAST_SERIAL or 1900 <= count <= 2100:
        return None  # before March 1900 Excel counts a day that never was; from 1900 to 2100 it is a year
    return (date(1904, 1, 1) if date1904 else date(1899, 12, 30)) + timedelta(days=count)


SOURCE = EpingWorkbookSource
