"""What is fuzzed: every source kind's reading of a document, and the readers of dates, symbols, codes and texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from tests.corpus import mutation
from tests.corpus.cases import Case, all_cases
from tests.corpus.checking import faults
from tests.corpus.reading import read
from watcher.codes import codes_in_products, read_codes, read_objectives
from watcher.dates import Anchor
from watcher.dates.reading import read_date
from watcher.source import Source
from watcher.sources.feed_dates import publisher_day
from watcher.sources.feed_encoding import text_of
from watcher.sources.links import links_in
from watcher.sources.stated import iso_day, stated_date
from watcher.symbol import read_symbols
from watcher.text import language_of, one_line, plain, safe_link

_LARGEST_SEED: Final = 60_000  # bytes of a document that is mutated; larger ones are cases by themselves
_UNSEEN: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_DAY: Final = date(2026, 11, 2)
_ZONES: Final = (None, ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York"), ZoneInfo("Pacific/Auckland"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input: what is read, by what."""

    parser: str
    body: bytes
    run: Callable[[], Sequence[str]]  #: what is wrong with what came of it; raises on a crash


class Targets:
    """Every parser with its documents."""

    def __init__(self, kinds: Sequence[str] = ()) -> None:
        self._cases: dict[str, list[tuple[Case, bytes]]] = {}
        for case in all_cases():
            if kinds and case.kind not in kinds:
                continue
            body = case.body()
            if len(body) <= _LARGEST_SEED:
                self._cases.setdefault(case.kind, []).append((case, body))
        self._sources: dict[str, Source] = {}
        readers = dict.fromkeys((name for name in READERS if not kinds or name in kinds), True)
        self.parsers: tuple[str, ...] = (*sorted(self._cases), *readers)

    def input(self, number: int, seed: int) -> Input:
        """The input of this number: the same for the same seed and corpus."""
        chance = Random(f"{seed} {number}")
        # Source kinds are three times as likely as the readers below them.
        weights = [3 if name in self._cases else 1 for name in self.parsers]
        parser = chance.choices(self.parsers, weights)[0]
        if parser in READERS:
            text = mutation.text(chance, parser)
            return Input(parser=parser, body=text.encode("utf-8", "surrogatepass"), run=lambda: READERS[parser](text))
        cases = self._cases[parser]
        case, body = chance.choice(cases)
        if chance.random() < 0.05:
            made = mutation.structure(chance)
        else:
            made = mutation.worse(body, [other for _, other in cases], chance)
        return Input(parser=parser, body=made, run=lambda: self._read(case, made))

    def _read(self, case: Case, body: bytes) -> list[str]:
        source = None
        if case.kind in case.id and case.kind != "notice_lines":
            source = self._sources.get(case.id) or self._sources.setdefault(case.id, case.source())
        reading = read(case, body, source)
        found = list(faults(case, reading))
        told = " ".join((reading.error or "", *(entry.problem for entry in reading.entries)))
        return [*found, *(["it ran out of memory"] if "MemoryError" in told else [])]


def _dates(text: str) -> Iterator[str]:
    for order in ("dmy", "mdy", "ymd"):
        for anchors in ({}, {Anchor.NOTIFICATION: _DAY, Anchor.ADOPTION: _DAY}):
            fact = read_date(text, anchors=anchors, day_order=order, stated_in=_DAY)
            if fact.value is not None and fact.quality.value not in ("stated", "computed"):
                yield f"{fact.value} has the quality {fact.quality}"


def _days(text: str) -> Iterator[str]:
    for zone in _ZONES:
        publisher_day(text, zone=zone)
    iso_day(text)
    stated_date(text, text[:50])
    yield from ()


def _symbols(text: str) -> Iterator[str]:
    for symbol in read_symbols(text):
        if read_symbols(str(symbol)) != (symbol,):
            yield f"{symbol} is not read back as itself"


def _codes(text: str) -> Iterator[str]:
    parts = text.split(";")
    hs, ics = read_codes(parts, parts)
    more_hs, _ = codes_in_products(text)
    read_objectives(parts)
    yield from (f"{code!r} is no HS code" for code in (*hs, *more_hs) if not re.fullmatch(r"\d{2,10}", code))
    yield from (f"{code!r} is no ICS code" for code in ics if not re.fullmatch(r"[\d.]{2,10}", code))


def _texts(text: str) -> Iterator[str]:
    for made in (plain(text), one_line(text), one_line(plain(text), 50)):
        if found := _UNSEEN.search(made):
            yield f"{found[0]!r} is left"
    language_of(text)


def _links(text: str) -> Iterator[str]:
    for link in (safe_link(text), *links_in(text)):
        if link is not None and not re.match(r"https?://[^\s<>\"]+$", link, re.IGNORECASE):
            yield f"{link[:200]!r} is no link"


def _encodings(text: str) -> Iterator[str]:
    for codec in ("utf-8", "gb18030", "utf-16", "latin-1"):
        body = text.encode(codec, "replace")
        for language in ("en", "zh", "ja"):
            if _UNSEEN.search(made := text_of(body, {"content-type": text[:80]}, language)) and "\x00" in made:
                yield "a null is left"


def _listed(read: Callable[[str], Iterator[str]]) -> Callable[[str], Sequence[str]]:
    return lambda text: list(read(text))


READERS: Final[Mapping[str, Callable[[str], Sequence[str]]]] = {
    "dates": _listed(_dates),
    "days": _listed(_days),
    "symbols": _listed(_symbols),
    "codes": _listed(_codes),
    "texts": _listed(_texts),
    "links": _listed(_links),
    "encodings": _listed(_encodings),
}
