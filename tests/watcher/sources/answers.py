"""Documents as the fetcher would hand them over, and the reading of a whole poll from answers in memory."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl

from watcher.source import Cursor, Document, Entry, Request, Source

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
DOCUMENTS = Path(__file__).parents[2] / "documents"


def answer(
    source: Source,
    body: bytes,
    *,
    request: Request | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
    file: Path | None = None,
) -> Document:
    """The document that answers a source's first request, or the given one."""
    request = request or source.first_request(Cursor(), NOW)
    return Document(
        url=request.url,
        status=status,
        headers=headers or {},
        body=body,
        file=file,
        fetched_at=NOW,
        request=request,
    )


def whole_poll(
    source: Source, answers: Callable[[Request], bytes], cursor: Cursor | None = None
) -> tuple[list[Entry], list[Request]]:
    """All entries of a poll, and what was asked."""
    cursor = cursor or Cursor()
    request: Request | None = source.first_request(cursor, NOW)
    entries: list[Entry] = []
    asked: list[Request] = []
    while request is not None:
        asked.append(request)
        page = source.parse(answer(source, answers(request), request=request), cursor)
        entries.extend(page.entries)
        request = page.next
    return entries, asked


def xlsx(*sheets: Sequence[Sequence[Any]]) -> bytes:
    """A real workbook with these rows in one sheet after another."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
