"""Rows with known answers, read from JSON lines; the answers are hidden from what is classified.

Two shapes are read: notifications (`products_text`, `title`, `description`, `hs_codes`, `ics_codes`, `symbol`,
`member`) and trade barriers (`title`, `description` as HTML, `products_hs`, `country`). A row may also have our own
labels: `stage`, `kind`, `areas`. Codes are taken out of the texts as well, so that none can be read off them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from watcher.codes import codes_in_products, read_hs, read_ics
from watcher.dates import Anchor, DateFact
from watcher.dates.reading import read_date
from watcher.markets import Markets
from watcher.measure import Measure
from watcher.notice import Notice, NoticeType
from watcher.revise import revise
from watcher.sources.stated import iso_day
from watcher.symbol import read_symbols
from watcher.text import plain

#: What is taken out of texts: a code in brackets or behind its name, and digits that have the shape of one.
_CODES: Final = (
    re.compile(
        r"[(（\[](?:\(s\)|[^()（）\[\]]){0,60}?(?:H\.?S\.?|ICS|SA\s*:|编码|税号)(?:\(s\)|[^()（）\[\]])*\d[^()（）\[\]]*[)）\]]",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![a-z])(?:H\.?S\.?|ICS|SA|tariff|税号|海关编码)\s*(?:codes?|编码|代码|编号)?(?:\(s\))?\s*[:：]?\s*\d[\d.\s,、;/-]*",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![\d.])\d{2}\.\d{3}(?:\.\d{2})?(?![\d.])"),
    re.compile(r"(?<![\d.])\d{4}\.\d{2}(?:\.?\d{2})*(?![\d])"),
    re.compile(r"(?<![\d.])\d{2}\.\d{2}(?:\.\d{2})+(?![\d])"),
)


#: The label of a row whose kind has no name here: it is known that none is right, which is not asked.
OTHER_KIND: Final = "other"


class LabelledRowError(ValueError):
    """A file of labelled rows cannot be used; the message says which line and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledRow:
    """A measure without its codes, and what is known of it."""

    name: str  #: its symbol, else its row number
    language: str
    held_out: bool  #: whether it belongs to the half that nothing is tuned on
    measure: Measure  #: as far as its row tells, without codes
    without_products: Measure  #: the same without the products covered
    hs: tuple[str, ...] = ()
    ics: tuple[str, ...] = ()
    hs_stated: int = 0  #: codes as they are written
    ics_stated: int = 0
    unreadable: tuple[tuple[str, str], ...] = ()  #: ("hs", "98.18 a"): of these, those that are no code
    areas: tuple[str, ...] | None = None  #: our own label; None: not labelled
    stage: str = ""
    kinds: tuple[str, ...] = ()  #: several may be right at once; none of ours where the label says "other"
    markets: tuple[str, ...] = ()  #: from the symbols
    markets_read: tuple[str, ...] = ()  #: from the names of the Members


def read_rows(path: Path, markets: Markets, labels: Mapping[str, Mapping[str, Any]] | None = None) -> list[LabelledRow]:
    """The rows of a file. `labels`: our own labels by row_id, for rows of others. Raises `LabelledRowError`."""
    found: list[LabelledRow] = []
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    found.append(_row(_plain_row(path, number, line), f"{path.stem} {number}", markets, labels or {}))
    except OSError as error:
        raise LabelledRowError(f"{path} cannot be read: {error.strerror}; give a file of JSON lines") from error
    except UnicodeError as error:
        raise LabelledRowError(f"{path} is not text in UTF-8; save it so") from error
    if not found:
        raise LabelledRowError(f"{path} holds no row; give JSON lines, one labelled row a line")
    return found


def _plain_row(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise LabelledRowError(f"{path}, line {number} is not JSON: {error}") from error
    if not isinstance(row, dict):
        raise LabelledRowError(f"{path}, line {number} is not an object with fields")
    return row


def _row(row: dict[str, Any], name: str, markets: Markets, labels: Mapping[str, Mapping[str, Any]]) -> LabelledRow:
    own = {**row, **labels.get(str(row.get("row_id", row.get("barrierId", ""))), {})}
    symbols = read_symbols(str(row.get("symbol") or ""))
    shown = str(symbols[0]) if symbols else str(row.get("row_id") or row.get("barrierId") or name)
    is_barrier = "products_hs" in row or "barrierId" in row
    written_hs = (
        [str(one.get("code", "")) for one in row.get("products_hs") or ()] if is_barrier else _codes(row, "hs_codes")
    )
    written_ics = _codes(row, "ics_codes")
    member = str(row.get("country" if is_barrier else "member") or "")
    notice = _notice(row, tuple(map(str, symbols)) or (shown,), is_barrier)
    areas = own.get("areas")
    return LabelledRow(
        name=shown,
        language=str(row.get("lang") or "en"),
        # Addenda go with their notification, joint notifications go together.
        held_out=is_held_out(str(symbols[0].base) if symbols else shown),
        measure=revise(None, notice).measure,
        without_products=revise(None, replace(notice, products_covered="")).measure,
        hs=read_hs(written_hs),
        ics=read_ics(written_ics),
        hs_stated=len(written_hs),
        ics_stated=len(written_ics),
        unreadable=(
            *(("hs", one) for one in written_hs if not read_hs([one])),
            *(("ics", one) for one in written_ics if not read_ics([one])),
        ),
        areas=None if areas is None else tuple(areas),
        stage=str(own.get("stage") or ""),
        kinds=_kinds(own.get("kind")),
        markets=tuple(dict.fromkeys(markets.find(one.member) or one.member for one in symbols if one.member)),
        markets_read=markets.find_all(member) if member else (),
    )


def is_held_out(symbol: str) -> bool:
    """Whether a measure belongs to the half that is reported and never tuned on: by the digest of its symbol."""
    return hashlib.sha256(symbol.encode()).digest()[0] % 2 == 1


def without_codes(text: str) -> str:
    """A text with the HS and ICS codes taken out of it."""
    for shape in _CODES:
        text = shape.sub(" ", text)
    hs, ics = codes_in_products(text)
    for code in (*hs, *ics):
        if len(code) >= 4:
            text = re.sub(rf"(?<!\d){re.escape(code)}(?!\d)", " ", text)
    return text


def _kinds(stated: object) -> tuple[str, ...]:
    """The kinds of a label: one, or a list, or several with bars between as a CSV has them."""
    several = stated if isinstance(stated, (list, tuple)) else str(stated or "").split("|")
    found = (str(one).strip().replace("_", "-") for one in several)
    return tuple(dict.fromkeys(one for one in found if one not in ("", OTHER_KIND)))


def _codes(row: dict[str, Any], field: str) -> list[str]:
    stated = row.get(field) or []
    return [str(one) for one in stated] if isinstance(stated, list) else [str(stated)]


def _text(row: dict[str, Any], *fields: str, html: bool = False) -> str:
    text = next((str(row[name]) for name in fields if row.get(name)), "")
    return without_codes(plain(text) if html else text)


def _notice(row: dict[str, Any], symbols: tuple[str, ...], is_barrier: bool) -> Notice:
    distributed = iso_day(row.get("distribution_date"))
    anchors = {Anchor.NOTIFICATION: distributed} if distributed else {}

    def day(field: str) -> DateFact:
        return read_date(str(row.get(field) or ""), anchors=anchors, stated_in=distributed)

    return Notice(
        issuer="labelled",
        symbols=symbols,
        type=_type(row),
        title=_text(row, "title"),
        products_covered="" if is_barrier else _text(row, "products_text"),
        content_summary=_text(row, "description", html=is_barrier),
        responsible_agency=str(row.get("agency") or ""),
        legal_basis=tuple(re.findall(r"\d+(?:\.\d+)+", str(row.get("articles") or ""))),
        addendum_reason=str(row.get("addendum_reason") or ""),
        distribution_date=distributed,
        comment_deadline=day("comment_deadline"),
        proposed_adoption=day("adoption_date"),
        proposed_entry_into_force=day("entry_into_force"),
        language=str(row.get("lang") or "en"),
    )


_TYPES: Final = (
    (re.compile(r"add\.|addendum|补遗", re.IGNORECASE), NoticeType.ADDENDUM),
    (re.compile(r"corr\.|corrigendum|勘误", re.IGNORECASE), NoticeType.CORRIGENDUM),
    (re.compile(r"rev\.|revision|修订", re.IGNORECASE), NoticeType.REVISION),
)


def _type(row: dict[str, Any]) -> NoticeType:
    stated = f"{row.get('notification_type') or ''} {str(row.get('symbol') or '').rpartition('/')[2]}"
    return next((kind for shape, kind in _TYPES if shape.search(stated)), NoticeType.REGULAR)


def parts(rows: Iterable[LabelledRow]) -> Iterator[tuple[str, list[LabelledRow]]]:
    """The rows as they are reported: all, and each language."""
    everything = list(rows)
    yield "all", everything
    for language in sorted({row.language for row in everything}):
        yield language, [row for row in everything if row.language == language]
