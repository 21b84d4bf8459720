"""The measure that people mean by a symbol, and the symbols near to it if there is none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher, get_close_matches
from typing import Final

from tbtwatch.pipeline.alert import Desk
from tbtwatch.storage import Transaction
from watcher.markets import Markets
from watcher.measure import Measure
from watcher.symbol import Symbol, SymbolError, read_symbols

LONGEST: Final = 400  # characters; a joint notification of many Members is shorter
MOST_SYMBOLS: Final = 30
MOST_NEAR: Final = 3
MOST_CANDIDATES: Final = 150
LONGEST_NUMBER: Final = 999_999

#: "KEN/1514", "tbt ken 1514": as people quote symbols to each other.
_SHORT: Final = re.compile(
    r"\W*(?:g\s*[/ ]\s*)?(?:(?P<area>tbt|sps)\s*[/ ]\s*)?(?:n\s*[/ ]\s*)?(?P<member>eu|[a-z]{3}|tpkm)\s*[/ -]?\s*"
    r"(?P<number>[0-9]{1,6})(?P<rest>(?:\s*/.*)?)\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """No measure is known by it."""

    symbol: str  #: as it was read, or as it was typed
    is_symbol: bool
    near: tuple[str, ...] = ()  #: symbols of measures that are known


def tidy(text: str) -> str:
    """A text as typed, in one width and without what cannot be seen."""
    seen = "".join(char if char.isprintable() else " " for char in unicodedata.normalize("NFKC", text[:8192]))
    return " ".join(seen.split())


def symbols_in(text: str, markets: Markets) -> tuple[Symbol, ...]:
    """The WTO symbols in a text, or the one that it abbreviates."""
    text = tidy(text)[:LONGEST]
    if found := read_symbols(text):
        return found[:MOST_SYMBOLS]
    short = _SHORT.fullmatch(text)
    if short is None or short["member"].upper() not in markets.members:
        return ()
    areas = (short["area"].upper(),) if short["area"] else ("TBT", "SPS")
    return tuple(
        symbol
        for area in areas
        for symbol in read_symbols(f"G/{area}/N/{short['member']}/{short['number']}{short['rest']}")
    )


def find(text: str, desk: Desk) -> Measure | Unknown:
    """The measure that a text means by a symbol; of several the first that is known."""
    markets = desk.names.markets
    symbols = symbols_in(text, markets)
    typed = tidy(text)[:LONGEST].strip(" '\"“”")
    with desk.storage.look() as tx:
        for symbol in symbols:
            if ids := _of(symbol, tx):
                return tx.measures.get(ids[0])
        if not symbols and (ids := tx.measures.by_any_symbol(typed) or tx.measures.by_any_symbol(typed.upper())):
            return tx.measures.get(ids[0])
        near = tuple(_near(symbols[0], markets, tx)) if symbols else ()
    return Unknown(symbol=str(symbols[0]) if symbols else typed, is_symbol=bool(symbols), near=near)


def not_recorded(text: str, measure: Measure, markets: Markets) -> str:
    """The document of this measure that a text names and that is not among its notices; "" if it is there."""
    recorded = {symbol for notice in measure.notices for symbol in notice.symbols}
    asked = [symbol for symbol in symbols_in(text, markets) if str(symbol.base) in measure.threads]
    return "" if not asked or any(str(symbol) in recorded for symbol in asked) else str(asked[0])


def _of(symbol: Symbol, tx: Transaction) -> list[int]:
    return tx.measures.of_threads("WTO", [str(symbol.base)])


def _near(symbol: Symbol, markets: Markets, tx: Transaction) -> Iterator[str]:
    """Known symbols that a slip of the finger makes this one, the most alike first."""
    wanted = str(symbol.base)
    alike = {str(near): near for near in _slips(symbol.base, markets)}
    alike.pop(wanted, None)
    ranked = sorted(alike, key=lambda text: (-SequenceMatcher(None, wanted, text).ratio(), text))[:MOST_CANDIDATES]
    found = 0
    for text in ranked:
        if found < MOST_NEAR and _of(alike[text], tx):
            found += 1
            yield text


def _slips(symbol: Symbol, markets: Markets) -> Iterator[Symbol]:
    yield replace(symbol, area="SPS" if symbol.area == "TBT" else "TBT")
    for number in _numbers(str(symbol.number)):
        yield replace(symbol, number=number)
    if symbol.year is None:
        same = [code for code in markets.members if sorted(code) == sorted(symbol.member)]
        for member in {*same, *get_close_matches(symbol.member, markets.members, n=8, cutoff=0.6)}:
            try:
                yield replace(symbol, member=member)
            except SymbolError:
                continue


def _numbers(digits: str) -> Iterable[int]:
    """Numbers one slip away: a digit wrong, missing, too many, or two exchanged."""
    ways = set()
    for at in range(len(digits) + 1):
        before, after = digits[:at], digits[at:]
        ways |= {before + digit + after for digit in "0123456789"}
        if after:
            ways |= {before + digit + after[1:] for digit in "0123456789"} | {before + after[1:]}
        if len(after) > 1:
            ways.add(before + after[1] + after[0] + after[2:])
    return {int(way) for way in ways if way and 0 < int(way) <= LONGEST_NUMBER}
