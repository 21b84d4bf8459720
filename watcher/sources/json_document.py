"""JSON as publishers send it: the value of a body, sentences for what is none, and texts of its values."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from watcher.reading.markup import MarkupError, parse_markup
from watcher.source import Document, SourceError
from watcher.sources.feed_encoding import text_of
from watcher.text import one_line, plain

_LONGEST_NUMBER: Final = 30  # digits; Python refuses to read very long ones, and nobody counts so far
_DEEPEST: Final = 6  # lists and objects inside one another in which a text is looked for
_MOST_TEXTS: Final = 500
#: Where the text of an object stands, as JSON:LD, OData, Atom in JSON and plain custom have it.
_NAMES: Final = ("name", "title", "label", "text", "value", "@value", "#text", "_value", "description")
_ADDRESSES: Final = ("href", "url", "@id", "link", "uri")
_TOLD: Final = ("message", "error", "errors", "detail", "details", "title", "description", "reason", "msg")


_GUARD: Final = ")]}'"


def read_json(document: Document, language: str = "en", *, what: str = "JSON", script: str = "") -> Any:
    """The value of the body. Raises SourceError. `what` was wanted, for its sentences.

    Raw line breaks in texts are taken; NaN and Infinity are null; a number of very many digits stays text. `script` is
    the CSS selector of the element of a page that holds the JSON, alone or behind "var list =".
    """
    body = document.file.read_bytes() if document.file is not None else document.body
    text = _text(body, document.headers, language).strip("\ufeff \t\r\n\x00")
    if not text:
        raise SourceError(f"answered with nothing at all instead of {what}")
    if script:
        return _in_script(text, script, what)
    if text[0] == "<":
        raise SourceError(f"answered with a web page instead of {what}: {one_line(plain(text[:5000]), 120)!r}")
    if text.startswith(_GUARD):  # put there so that no script can read it
        text = text.removeprefix(_GUARD).lstrip(",; \t\r\n")
        if not text:
            raise SourceError(f"answered with nothing at all instead of {what}")
    with _as_source_errors(text, what):
        return _DECODER.decode(text)


def _in_script(text: str, selector: str, what: str) -> Any:
    try:
        page = parse_markup(text)
    except MarkupError as error:
        raise SourceError(f"gave a page that cannot be read: {error}") from None
    found = next((node.text(strip=True) for node in page.css(selector) if node.text(strip=True)), "")
    start = _OPENING.search(found)
    if start is None:
        told = one_line(plain(text[:5000]), 120)
        raise SourceError(f"has no {what} in an element {selector!r} (see 'script'); the page begins with {told!r}")
    with _as_source_errors(found, what):
        return _DECODER.raw_decode(found, start.start())[0]


@contextmanager
def _as_source_errors(text: str, what: str) -> Iterator[None]:
    try:
        yield
    except RecursionError:
        raise SourceError(f"answered with {what} that is nested too deeply to be read") from None
    except json.JSONDecodeError as error:
        at_end = error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated")
        how = "breaks off" if at_end and text[0] in '[{"' else "is not JSON"
        shown = "" if how == "breaks off" else f"; it begins with {one_line(text[:200], 80)!r}"
        raise SourceError(f"gave an answer that {how} after {error.pos} characters ({error.msg}){shown}") from None
    except ValueError as error:
        raise SourceError(f"gave an answer that cannot be read as {what} ({one_line(str(error), 120)})") from None


def texts_of(value: object, *, language: str = "en", addresses: bool = False) -> tuple[str, ...]:
    """The texts of a value, in their order: of a list those of its members, of an object that of its name or address.

    What says nothing to a reader (null, true, false, an object without a name) gives none.
    """
    found: list[str] = []
    for text in _texts(value, language, addresses, _DEEPEST):
        found.append(text)
        if len(found) >= _MOST_TEXTS:
            break
    return tuple(found)


def count_of(value: object) -> int | None:
    """A count that may have come as text; None if it is none."""
    if isinstance(value, str):
        digits = value.strip().replace(",", "")
        value = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def described(value: object) -> str:
    """What a value is, for a sentence: "an object with the keys 'a', 'b'"."""
    if isinstance(value, Mapping):
        keys = [one_line(str(key), 40) for key in list(value)[:12]]
        more = ", …" if len(value) > len(keys) else ""
        return f"an object with the keys {', '.join(map(repr, keys))}{more}" if keys else "an empty object"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "nothing (null)" if value is None else f"{one_line(str(value)[:500], 60)!r}"


def told_by(value: object, *, deepest: int = 4) -> str:
    """What the publisher says went wrong, as ": '…'"; empty if it says nothing."""
    if not isinstance(value, Mapping) or not deepest:
        return ""
    by_name = {str(key).lower(): found for key, found in value.items()}
    for name in _TOLD:
        told = by_name.get(name)
        inner = told[0] if isinstance(told, list) and told else told
        if isinstance(inner, str) and inner.strip():
            return f": {one_line(plain(inner[:2000]), 120)!r}"
        if reason := told_by(inner, deepest=deepest - 1):
            return reason
    return ""


def raw_of(value: object) -> str:
    """The value as JSON, for keeping."""
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return ""


def _texts(value: object, language: str, addresses: bool, left: int) -> Iterator[str]:
    if isinstance(value, str):
        if value.strip():
            yield value
    elif isinstance(value, float):
        if math.isfinite(value):
            yield str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, list) and left:
        for member in value:
            yield from _texts(member, language, addresses, left - 1)
    elif isinstance(value, Mapping) and left:
        by_name = {str(key).lower(): member for key, member in value.items()}
        for name in (*(_ADDRESSES if addresses else ()), *(() if addresses else _NAMES), language, "en"):
            texts = list(_texts(by_name.get(name), language, addresses, left - 1))
            if texts:
                yield from texts
                return


def _text(body: bytes, headers: Mapping[str, str], language: str) -> str:
    guessed = json.detect_encoding(body[:8])
    if guessed.startswith(("utf-16", "utf-32")) and len(body) >= 4:
        return body.decode(guessed, "replace")
    return text_of(body.replace(b"\0", b""), headers, language)  # zeros among single bytes are no UTF-16


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


def _fraction(digits: str) -> float | str:
    number = float(digits)
    return number if math.isfinite(number) and len(digits) <= _LONGEST_NUMBER else digits


def _nothing(constant: str) -> None:  # noqa: ARG001
    return None


#: Not strict: a raw line break in a text is a publisher's slip that hurts nobody.
_DECODER: Final = json.JSONDecoder(parse_int=_integer, parse_float=_fraction, parse_constant=_nothing, strict=False)
_OPENING: Final = re.compile(r"[\[{]")
