"""A list as an Excel workbook, written as it comes: one sheet, days as days, texts as texts and never as formulas."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final
from xml.sax.saxutils import escape

from tbtwatch.web.exports.cells import Cell, begins_formula, text_of

TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD, _DAY, _QUOTED = 1, 2, 3  # styles
_EPOCH: Final = date(1899, 12, 30)
_NO_NAME: Final = re.compile(r"[\[\]:*?/\\']")
_ESCAPES: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

_PARTS: Final = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>",
}


class _Drain(io.RawIOBase):
    """Takes bytes and gives them on. It cannot go back, so the archive says sizes behind what it holds."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        held = bytes(data)  # type: ignore[call-overload]
        self._held += held
        return len(held)

    def take(self) -> bytes:
        """What was written since."""
        taken = bytes(self._held)
        self._held.clear()
        return taken


def workbook(
    name: str, head: Sequence[str], widths: Sequence[int], chunks: Iterable[Sequence[Sequence[Cell]]]
) -> Iterator[bytes]:
    """The file, a chunk of rows at a time."""
    drain, called = _Drain(), _NO_NAME.sub(" ", name)[:31].strip() or "1"
    with zipfile.ZipFile(drain, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in _PARTS.items():
            archive.writestr(_entry(path), _XML + text)
        archive.writestr(
            _entry("xl/workbook.xml"),
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            f'<sheet name="{escape(called, {chr(34): "&quot;"})}" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        with archive.open(_entry("xl/worksheets/sheet1.xml"), "w") as sheet:
            columns = "".join(
                f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(widths, 1)
            )
            sheet.write(
                f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
                '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
                f"<cols>{columns}</cols><sheetData>{_row(head, _HEAD)}".encode()
            )
            yield drain.take()
            for rows in chunks:
                sheet.write("".join(map(_row, rows)).encode())
                yield drain.take()
            sheet.write(b"</sheetData></worksheet>")
    yield drain.take()


def _entry(path: str) -> zipfile.ZipInfo:
    """The same for the same list: no time of writing stands in it."""
    entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _row(cells: Sequence[Cell], style: int = 0) -> str:
    return "<row>" + "".join(_cell(cell, style) for cell in cells) + "</row>"


def _cell(cell: Cell, style: int) -> str:
    if isinstance(cell, date):
        if cell.year >= 1900:
            return f'<c s="{_DAY}"><v>{(cell - _EPOCH).days}</v></c>'
        cell = cell.isoformat()
    text = text_of(cell or "")
    if not text:
        return "<c/>"
    if begins_formula(text):
        style = _QUOTED  # it stays text also for whoever edits the cell
    said = escape(_ESCAPES.sub("_x005F_", text).encode("utf-8", "replace").decode())
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{said}</t></is></c>'
