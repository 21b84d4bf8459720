"""One item of the ePing API as a notice: believed where it can be, doubted field by field.

The field names come from client programs, no reply was at hand when this was written. So every field may be missing,
null, or of another type than expected; what cannot be read is left empty, and only an item without a document symbol
becomes no notice at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from watcher.notice import Notice
from watcher.source import Entry
from watcher.sources.stated import (
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
from watcher.text import one_line, plain

_KEY_LIMIT: Final = 200
_NAMES: Final = ("name", "text", "value", "code")


def entries_of(items: Iterable[object], *, language: str, find_member: FindMember) -> tuple[Entry, ...]:
    """The entries of a page's items. One key twice becomes two: they are versions of a notice, not one that swings."""
    seen: set[str] = set()
    return tuple(kept_apart(entry_of(item, language=language, find_member=find_member), seen) for item in items)


def entry_of(item: object, *, language: str = "en", find_member: FindMember = no_members) -> Entry:
    """The entry of an item: its notice, or why there is none. Never raises: one bad item must not cost the page."""
    raw = as_it_came(json.dumps(item, ensure_ascii=False, default=str))
    try:
        notice = notice_from(item, language=language, find_member=find_member)
    except EntryError as error:
        return Entry(key=_key(item, None, raw), notice=None, problem=f"{_called(item)}: {error}", raw=raw)
    except Exception as error:  # the reader's own fault: the entry is kept, so that it can be read when that is mended
        problem = f"{_called(item)}: reading it failed with {type(error).__name__}: {one_line(str(error))}"
        return Entry(key=_key(item, None, raw), notice=None, problem=problem, raw=raw)
    return Entry(key=_key(item, notice, raw), notice=notice, raw=raw)


def notice_from(item: object, *, language: str = "en", find_member: FindMember = no_members) -> Notice:
    """The notice that an item states. Raises EntryError."""
    if not isinstance(item, Mapping):
        raise EntryError(f"it is {_kind_of(item)}, not an object with fields")
    return notice_of(_stated(item, language), find_member=find_member)


def _stated(item: Mapping[str, Any], language: str) -> Stated:
    return Stated(
        symbols=words(item.get("documentSymbol")),
        member=words(item.get("notifyingMember")) or words(item.get("notifyingMemberCode")),
        title=_twin(item, "title"),
        content=_twin(item, "description"),
        products=_twin(item, "productsFreeText"),
        hs=_codes(item.get("hsCodes")) + _codes(item.get("hsCodeText")),
        ics=_codes(item.get("icsCodes")) + _codes(item.get("icsCodeText")),
        objectives=_names(item.get("objectives")) + _names(item.get("objectivesFreeText")),
        related=words(item.get("relevantDocumentTitle")),
        distributed=_date(item, "distributionDate"),
        deadline=_date(item, "commentDeadlineDate"),
        adoption=_date(item, "proposedAdoptionDate"),
        entry_into_force=_date(item, "proposedEntryIntoForceDate"),
        links=words(item.get("notifiedDocumentLink"), "\n"),
        page=words(item.get("linkToNotification")).strip() or words(item.get("dolLink")).strip().replace("\\", "/"),
        language=language,
    )


def words(value: object, joined_by: str = ", ") -> str:
    """Whatever stands in a field as text: a string, a number, something with a name, or several of these."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Mapping):
        return next((text for name in _NAMES if (text := words(value.get(name)))), "")
    if isinstance(value, list):
        return joined_by.join(filter(None, (words(one, joined_by) for one in value)))
    return ""


def _twin(item: Mapping[str, Any], name: str) -> str:
    """A text: its plain twin if that says anything, else the HTML."""
    return _said(words(item.get(f"{name}Plain"))) or words(item.get(name))


def _said(text: str) -> str:
    return text if plain(text) else ""


def _names(value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(filter(None, map(words, value)))
    return (text,) if (text := words(value)) else ()


def _codes(value: object) -> tuple[str, ...]:
    """Codes of a list of objects, of a list of strings, or of one string."""
    if not isinstance(value, list):
        return _one_code(value)
    return tuple(code for one in value for code in _one_code(one))


def _one_code(value: object) -> tuple[str, ...]:
    if isinstance(value, Mapping):
        return _one_code(value.get("code")) or _one_code(value.get("name"))
    if isinstance(value, int) and not isinstance(value, bool):
        digits = str(value)
        return ("0" * (len(digits) % 2) + digits,)  # as a number, a code has lost its leading zero
    return (text,) if (text := words(value)) else ()


def _date(item: Mapping[str, Any], name: str) -> StatedDate:
    return stated_date(item.get(name), words(item.get(f"{name}Text")))


def _key(item: object, notice: Notice | None, raw: str) -> str:
    """The item's id with its first symbol: ids are not proven to be unique. Without an id, its symbols and Member."""
    if not isinstance(item, Mapping):
        return f"unreadable-{_digest(raw)}"
    number = item.get("id")
    if isinstance(number, int | str) and not isinstance(number, bool) and str(number).strip():
        parts = [one_line(plain(str(number)), 60), notice.symbols[0] if notice else ""]
    else:
        symbols = notice.key if notice else one_line(plain(words(item.get("documentSymbol"))))
        parts = [symbols, one_line(plain(words(item.get("notifyingMember"))), 60)]
    key = " ".join(filter(None, parts)) or f"unreadable-{_digest(raw)}"
    return key if len(key) <= _KEY_LIMIT else f"{key[:_KEY_LIMIT]} {_digest(key)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _called(item: object) -> str:
    number = item.get("id") if isinstance(item, Mapping) else None
    return f"item {one_line(words(number), 40)}" if words(number) else "an item without an id"


def _kind_of(value: object) -> str:
    kinds = {list: "a list", str: "a text", bool: "a truth value", int: "a number", float: "a number"}
    return kinds.get(type(value), "null")
