"""Documents made worse by chance. The same `Random` makes the same document."""

from __future__ import annotations

import contextlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

import yaml

LARGEST: Final = 300_000  #: bytes of a mutated document

_SCRAPS: Final[Mapping[str, Sequence[str]]] = yaml.load(
    (Path(__file__).parent / "scraps.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)
_TOKENS: Final = tuple(
    [scrap.encode() for scrap in _SCRAPS["tokens"]] + [scrap.encode("latin-1") for scrap in _SCRAPS["bytes"]]
)
_NUMBERS: Final = (*(number.encode() for number in _SCRAPS["numbers"]), b"9" * 5000)
_CODECS: Final = (
    *("gb18030", "utf-16", "utf-16-be", "utf-32", "cp1252", "big5", "shift_jis", "euc-kr", "koi8-r", "utf-8-sig"),
    "utf-7",
)
_TAG: Final = re.compile(rb"<[^<>]{1,200}>")
_NUMBER: Final = re.compile(rb"\d+")
_VALUES: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 7, 10**40, 1.5, float("inf"), float("nan"), "", " ", "x", "\x00", "\ud800", "\u202e"),
    *([], {}, [[]], [None], {"a": {}}, ["a"], {"name": ["x"]}, {"code": 1}, "x" * 3000, "2026-11-02", "8507"),
    *("9999-12-31T23:59:59", "javascript:x", "https://reg.example/x", "<b>x</b>", "G/TBT/N/KEN/1"),
)


def worse(body: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """The document after one to six accidents."""
    if body.startswith(b"PK\x03\x04") and chance.random() < 0.8:
        return _worse_inside(body, others, chance)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        body = chance.choice(_ACCIDENTS)(body, others, chance)[:LARGEST]
    return body


def structure(chance: Random) -> bytes:
    """A document of no source at all: scraps of every form in any order."""
    form = chance.randrange(4)
    scraps = b"".join(chance.choices(_TOKENS, k=chance.randrange(1, 60)))
    if form == 0:
        return b"<rss version='2.0'><channel>" + scraps + (b"</channel></rss>" if chance.random() < 0.5 else b"")
    if form == 1:
        with contextlib.suppress(ValueError):
            return json.dumps(_value(chance, 4)).encode()
    if form == 2:
        return b"<html><body>" + scraps + b"</body></html>"
    return scraps


def text(chance: Random, reader: str) -> str:
    """A text for one of the readers of dates, symbols and codes, with its own words among others."""
    words = [word.encode() for word in _SCRAPS[reader]]
    words += [*words, *words, b" ", b" ", b"/", b".", b"-", *_NUMBERS[:-1]]
    parts = chance.choices((*_TOKENS, *words), k=chance.randrange(1, 12))
    if chance.random() < 0.1:
        parts *= chance.choice((2, 50, 400))
    return b"".join(parts).decode("utf-8", chance.choice(("replace", "surrogateescape")))[:20_000]


def _worse_inside(body: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """A zip whose parts had accidents, so that not only the opening of zips is tried."""
    out = io.BytesIO()
    with contextlib.suppress(zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError):
        with zipfile.ZipFile(io.BytesIO(body)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            parts = [part for part in archive.infolist() if part.file_size < LARGEST]
            hit = chance.sample(range(len(parts)), k=min(len(parts), chance.choice((1, 1, 2))))
            for number, part in enumerate(parts):
                content = archive.read(part)
                made.writestr(
                    zipfile.ZipInfo(part.filename), worse(content, [content], chance) if number in hit else content
                )
        return out.getvalue()
    return body


def _flip(body: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    changed = bytearray(body or b"x")
    for _ in range(chance.choice((1, 2, 20))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _truncate(body: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    return body[: chance.randrange(len(body) + 1)]


def _splice(body: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    other = chance.choice(others) if others else b""
    return body[: chance.randrange(len(body) + 1)] + other[chance.randrange(len(other) + 1) :]


def _insert(body: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    at = chance.randrange(len(body) + 1)
    return body[:at] + chance.choice(_TOKENS) * chance.choice((1, 1, 1, 3, 500)) + body[at:]


def _delete(body: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    at = chance.randrange(len(body) + 1)
    return body[:at] + body[at + chance.choice((1, 3, 30, 300)) :]


def _repeat_tag(body: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    tags = list(_TAG.finditer(body))
    if not tags:
        return _repeat(body, others, chance)
    tag = chance.choice(tags)
    return body[: tag.start()] + tag[0] * chance.choice((2, 3, 200, 3000)) + body[tag.end() :]


def _repeat(body: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    at, length = chance.randrange(len(body) + 1), chance.choice((1, 5, 40, 400))
    return body[:at] + body[at : at + length] * chance.choice((2, 3, 100, 1000)) + body[at + length :]


def _number(body: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    numbers = list(_NUMBER.finditer(body))
    if not numbers:
        return _insert(body, others, chance)
    found = chance.choice(numbers)
    return body[: found.start()] + chance.choice(_NUMBERS) + body[found.end() :]


def _encode(body: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    return body.decode(chance.choice(("utf-8", "latin-1")), "replace").encode(chance.choice(_CODECS), "replace")


def _move(body: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    first, second = sorted((chance.randrange(len(body) + 1), chance.randrange(len(body) + 1)))
    return body[second:] + body[first:second] + body[:first] if chance.random() < 0.3 else body[:first] + body[second:]


def _rename(body: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """Element and field names are where readers look: make one another."""
    names = list(re.finditer(rb"[A-Za-z][A-Za-z:]{2,20}", body))
    if len(names) < 2:
        return _insert(body, others, chance)
    first, second = chance.sample(names, k=2)
    return body.replace(first[0], second[0], chance.choice((1, 1, 10)))


def _restructure(body: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """JSON with other values in some of its places."""
    try:
        found = json.loads(body)
        for _ in range(chance.choice((1, 2, 5))):
            found = _replaced(found, chance)
        return json.dumps(found).encode()
    except (ValueError, RecursionError):
        return _flip(body, others, chance)


def _replaced(value: Any, chance: Random) -> Any:
    if isinstance(value, dict) and value and chance.random() < 0.9:
        name = chance.choice(list(value))
        return {**value, name: _replaced(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.9:
        at = chance.randrange(len(value))
        return [*value[:at], _replaced(value[at], chance), *value[at + 1 :]]
    return _value(chance, 2)


def _value(chance: Random, depth: int) -> Any:
    if depth and chance.random() < 0.4:
        names = ("id", "items", "title", "url", "date", "results", "documentSymbol", "symbol", "next", "name", "code")
        if chance.random() < 0.5:
            return {chance.choice(names): _value(chance, depth - 1) for _ in range(chance.randrange(4))}
        return [_value(chance, depth - 1) for _ in range(chance.randrange(4))]
    return chance.choice(_VALUES)


_Accident = Callable[[bytes, Sequence[bytes], Random], bytes]
_ACCIDENTS: Final[tuple[_Accident, ...]] = (
    *(_flip, _truncate, _splice, _insert, _insert, _delete, _repeat_tag, _repeat, _number, _encode, _move, _rename),
    *(_restructure, _restructure),
)
