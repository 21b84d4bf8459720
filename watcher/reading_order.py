"""In which order the notices of one measure are read, and to which threads a notice belongs.

Notices arrive in any order; facts must not depend on it. So a measure's notices are always read in one order that
follows from the notices alone: by the day they were distributed, and where days are missing or equal, by what each
of them amends.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from watcher.names import names_of
from watcher.notice import Notice, NoticeType
from watcher.symbol import Symbol, SymbolError, parse_symbol

#: The issuer whose symbols tell base, addenda and revisions apart; any other issuer's symbols are free text.
WTO = "WTO"

#: One step for each suffix: revisions after everything that amends what they revise, else by number.
Path = tuple[tuple[int, int, str], ...]


def reading_order(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """The notices of one measure, each after those it builds on, whatever order they come in.

    The first text comes first, even if its date says otherwise. Then the distribution date decides; a notice without
    one stands directly behind the last dated notice that its symbol puts before it.
    """
    notices = tuple(notices)
    if len(notices) < 2:
        return notices
    found = [(path_of(notice), notice) for notice in notices]
    dated = [(path, notice.distribution_date) for path, notice in found if notice.distribution_date is not None]

    def place(entry: tuple[Path, Notice]) -> tuple[bool, date, Path, tuple[str, ...]]:
        path, notice = entry
        day = notice.distribution_date
        if day is None:
            day = max((known for earlier, known in dated if earlier < path), default=date.min)
        return (bool(path), day, path, tuple(sorted(notice.symbols)))

    return tuple(notice for _, notice in sorted(found, key=place))


def threads_of(notice: Notice) -> tuple[str, ...]:
    """All that a notice is joined to others of its issuer by, sorted: its base symbols, and the names it states.

    A name is marked (`watcher.names.MARK`), so that it is never taken for a symbol.
    """
    return tuple(sorted({*bases_of(notice), *names_of(notice)}))


def bases_of(notice: Notice) -> tuple[str, ...]:
    """The base symbols of the threads that a notice belongs to, sorted. A free symbol is a thread of its own."""
    if notice.issuer != WTO:
        return tuple(sorted(set(notice.symbols)))
    return tuple(sorted({_thread(symbol) for symbol in notice.symbols}))


def path_of(notice: Notice) -> Path:
    """What a notice amends, as steps that sort: () the first text, then its addenda, then its revisions and theirs."""
    return min((_path(symbol) for symbol in _parsed(notice)), default=())


def type_of(notice: Notice) -> NoticeType:
    """What kind of document a notice is. A symbol with a suffix is believed before a portal's label."""
    return next((symbol.type for symbol in _parsed(notice) if symbol.suffixes), notice.type)


def _thread(symbol: str) -> str:
    parsed = _symbol(symbol)
    return str(parsed.base) if parsed else symbol


def _parsed(notice: Notice) -> list[Symbol]:
    if notice.issuer != WTO:
        return []
    return [parsed for symbol in notice.symbols if (parsed := _symbol(symbol))]


@lru_cache(maxsize=4096)  # each is read some thirty times while its notice is recorded
def _symbol(text: str) -> Symbol | None:
    try:
        return parse_symbol(text)
    except SymbolError:  # an issuer's slip in one symbol must not stop the thread; it is a thread of its own
        return None


def _path(symbol: Symbol) -> Path:
    return tuple((int(word == "Rev"), number, word) for word, number in symbol.suffixes)
