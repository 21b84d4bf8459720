"""A notice as one JSON object that gives the same notice back: every field as it was read, dates with their quality.

What a document says is read once, when it comes. An object of this form is not read again: its codes, Members and
dates are taken as they stand, after a check that they are of their kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar

from watcher.dates import UNKNOWN, Anchor, DateFact, DateQuality, Precision
from watcher.dates.reading import read_date
from watcher.notice import Notice, NoticeType
from watcher.source import DayOrder
from watcher.sources.stated import EntryError, iso_day
from watcher.symbol import read_symbols
from watcher.text import one_line, safe_link

#: Stands in every object of this form: `"tbtwatch": 1`. Another number is another form.
FORM: Final = 1
MARK: Final = "tbtwatch"

_LONGEST: Final = 1 << 30
_LONGEST_SYMBOL: Final = 1_000
_MOST: Final = 1_000  # values of one list
_HS: Final = re.compile(r"\d{2,10}")
_ICS: Final = re.compile(r"\d{2}(?:\.\d{3}(?:\.\d{2})?)?")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
_DATES: Final = {
    "comment_deadline": "comment_deadline",
    "adoption_date": "proposed_adoption",
    "entry_into_force": "proposed_entry_into_force",
}

Kind = TypeVar("Kind", bound=StrEnum)


def exact_fields(notice: Notice) -> dict[str, Any]:
    """The notice as an object of this form. What is empty is left out."""
    fields = {
        "issuer": notice.issuer,
        "symbols": list(notice.symbols),
        "notification_type": notice.type.value,
        "area": notice.area,
        "members": list(notice.notifying_members),
        "title": notice.title,
        "description": notice.content_summary,
        "products_text": notice.products_covered,
        "hs_codes": list(notice.hs_codes),
        "ics_codes": list(notice.ics_codes),
        "objectives": list(notice.objectives),
        "agency": notice.responsible_agency,
        "articles": list(notice.legal_basis),
        "threads": list(notice.threads),
        "addendum_reason": notice.addendum_reason,
        "related_symbols": list(notice.related_symbols),
        "distribution_date": notice.distribution_date.isoformat() if notice.distribution_date else "",
        **{name: _written(getattr(notice, field)) for name, field in _DATES.items()},
        "links": list(notice.links),
        "source_url": notice.page or "",
        "lang": notice.language,
        "document_text": notice.document_text,
    }
    # The WTO's documents are of an area unless the object says that they are of none.
    return {MARK: FORM, **{name: value for name, value in fields.items() if value or name == "area"}}


def exact_notice(fields: Mapping[str, Any], *, day_order: DayOrder = "dmy") -> Notice:
    """The notice that an object states. A date may also be a wording; it is then read as in a document.

    Raises EntryError with a sentence for what is not of its kind.
    """
    form = fields.get(MARK, FORM)
    if form != FORM or isinstance(form, bool):
        raise EntryError(f"it is of the form {one_line(str(form), 40)!r}; this program reads form {FORM}")
    issuer = one_line(_text(fields, "issuer")) or "WTO"
    symbols = tuple(
        dict.fromkeys(filter(None, (one_line(symbol, _LONGEST_SYMBOL) for symbol in _list(fields, "symbols"))))
    )
    symbols = symbols or tuple(filter(None, [one_line(_text(fields, "symbol"), _LONGEST_SYMBOL)]))
    if issuer == "WTO":
        unreadable = next((symbol for symbol in symbols if not read_symbols(symbol)), None)
        if unreadable:
            raise EntryError(f"the document symbol {unreadable!r} cannot be read; it should look like G/TBT/N/KEN/1514")
    if not symbols:
        raise EntryError("there is no document symbol")
    distributed = _day(fields.get("distribution_date"), "distribution_date")
    area = _text(fields, "area") if "area" in fields else ("TBT" if issuer == "WTO" else "")
    if area not in ("TBT", "SPS", ""):
        raise EntryError(f"its area is {one_line(area, 40)!r}; it is TBT, SPS or empty")
    language = _text(fields, "lang") or "en"
    if not _LANGUAGE.fullmatch(language):
        raise EntryError(f"its lang is {one_line(language, 40)!r}; a language is two letters such as en")
    return Notice(
        issuer=issuer,
        symbols=symbols,
        type=_one_of(NoticeType, _text(fields, "notification_type") or NoticeType.REGULAR, "notification_type"),
        area=area,
        notifying_members=_several(fields, "members", _short),
        title=_tidy(_text(fields, "title")),
        content_summary=_tidy(_text(fields, "description")),
        products_covered=_tidy(_text(fields, "products_text")),
        hs_codes=_several(fields, "hs_codes", _code(_HS, "an HS code (2 to 10 digits)")),
        ics_codes=_several(fields, "ics_codes", _code(_ICS, "an ICS code such as 67.160.20")),
        objectives=_several(fields, "objectives", _tidy),
        responsible_agency=_tidy(_text(fields, "agency")),
        legal_basis=_several(fields, "articles", _tidy),
        threads=_several(fields, "threads", _short),
        addendum_reason=_tidy(_text(fields, "addendum_reason")),
        related_symbols=_several(fields, "related_symbols", _short),
        distribution_date=distributed,
        **{field: _fact(fields.get(name), name, distributed, day_order) for name, field in _DATES.items()},
        links=_several(fields, "links", _address),
        page=safe_link(_text(fields, "source_url")),
        language=language,
        document_text=_tidy(_text(fields, "document_text")),
    )


def _written(fact: DateFact) -> dict[str, Any]:
    if fact == UNKNOWN:
        return {}
    stated = {
        "value": fact.value.isoformat() if fact.value else None,
        "quality": fact.quality.value,
        "precision": fact.precision.value,
        "wording": fact.wording,
        "rule": fact.rule,
        "doubt": fact.doubt,
    }
    return {name: value for name, value in stated.items() if value or name in ("value", "quality")}


def _fact(value: object, name: str, distributed: date | None, day_order: DayOrder) -> DateFact:
    if value in (None, "", {}):
        return UNKNOWN
    if isinstance(value, str):
        anchors = {Anchor.NOTIFICATION: distributed} if distributed else {}
        return read_date(_tidy(value), anchors=anchors, day_order=day_order, stated_in=distributed)
    if not isinstance(value, Mapping):
        raise EntryError(f"its {name} is neither a wording nor an object with value, quality and wording")
    day = _day(value.get("value"), name)
    quality = _one_of(DateQuality, value.get("quality") or (DateQuality.STATED if day else DateQuality.UNKNOWN), name)
    return DateFact(
        value=day,
        quality=quality,
        precision=_one_of(Precision, value.get("precision") or Precision.DAY, name),
        wording=_tidy(_text(value, "wording")),
        rule=one_line(_text(value, "rule"), _LONGEST) or None,
        doubt=one_line(_text(value, "doubt"), _LONGEST) or None,
    )


def _day(value: object, name: str) -> date | None:
    if value is None or value == "":
        return None
    day = iso_day(value)
    if day is None or day.isoformat() != value:
        raise EntryError(f"its {name} is {one_line(str(value), 40)!r}; a day is written 2026-03-01")
    return day


def _one_of(kind: type[Kind], value: object, name: str) -> Kind:
    try:
        return kind(str(value))
    except ValueError:
        known = ", ".join(kind)
        raise EntryError(f"its {name} holds {one_line(str(value), 40)!r}; known: {known}") from None


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise EntryError(f"its {name} is no text: {one_line(str(value), 40)!r}")
    return value


def _list(fields: Mapping[str, Any], name: str) -> list[str]:
    value = fields.get(name)
    values = [] if value is None else [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise EntryError(f"its {name} is no list of texts: {one_line(str(value), 40)!r}")
    if len(values) > _MOST:
        raise EntryError(f"its {name} has {len(values)} values; no notice has more than {_MOST}")
    return values


def _several(fields: Mapping[str, Any], name: str, read: Callable[[str], str]) -> tuple[str, ...]:
    """The values of a list, each once, in their order; empty ones left out."""
    return tuple(dict.fromkeys(filter(None, map(read, _list(fields, name)))))


def _tidy(text: str) -> str:
    """The text without control and direction characters; one that was read before stays as it is."""
    return "\n".join(filter(None, (one_line(line, _LONGEST) for line in text.split("\n"))))


def _short(text: str) -> str:
    return one_line(text, _LONGEST_SYMBOL)


def _address(text: str) -> str:
    return safe_link(text) or ""


def _code(form: re.Pattern[str], described: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not form.fullmatch(text):
            raise EntryError(f"{one_line(text, 40)!r} is not {described}")
        return text

    return read
