"""WTO document symbols: read from a noisy field or from prose, and printed back in one form."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Final

from watcher.notice import NoticeType

#: Codes that stood in symbols before the Member took another one.
FORMER_CODES: Final = {"EEC": "EU", "ROM": "ROU", "ZAR": "COD"}

_TYPES: Final = {
    "Add": NoticeType.ADDENDUM,
    "Corr": NoticeType.CORRIGENDUM,
    "Rev": NoticeType.REVISION,
    "Suppl": NoticeType.SUPPLEMENT,
}
#: Where a suffix stands among the documents of one text: its translation and errata first, then what comes later.
_RANKS: Final = {"Suppl": 1, "Corr": 2, "Add": 3, "Rev": 4}


class SymbolError(ValueError):
    """A text is not one WTO document symbol; the message says what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """The symbol of a notification, as "G/TBT/N/KEN/1514/Rev.1/Add.2"; before 2000 "G/TBT/Notif.96/15"."""

    area: str  #: "TBT" or "SPS"
    member: str  #: the code as printed: "KEN", "EU", "EEC", "TPKM"; "" before 2000
    number: int
    suffixes: tuple[tuple[str, int], ...] = ()  #: ("Rev", 1), ("Add", 2): the addendum to the first revision
    year: int | None = None  #: four digits, only before the Members had numbers of their own

    def __post_init__(self) -> None:
        if self.number < 1:
            raise SymbolError(f"a WTO document number counts from 1, not {self.number}")
        if bool(self.member) == (self.year is not None):
            raise SymbolError("a symbol has either a Member's code or, before the year 2000, a year")
        if unknown := [word for word, _ in self.suffixes if word not in _TYPES]:
            raise SymbolError(f"{unknown[0]!r} is no suffix of a WTO symbol: use Rev, Add, Corr or Suppl")

    def __str__(self) -> str:
        if self.year is None:
            start = f"G/{self.area}/N/{self.member}/{self.number}"
        else:
            start = f"G/{self.area}/Notif.{self.year % 100:02d}/{self.number}"
        return start + "".join(f"/{word}.{number}" for word, number in self.suffixes)

    @property
    def base(self) -> Symbol:
        """The notification that the thread began with: the symbol without its suffixes."""
        return replace(self, suffixes=())

    @property
    def type(self) -> NoticeType:
        """What kind of document it is. A revised addendum ("/Add.1/Rev.1") is still an addendum."""
        words = [word for word, _ in self.suffixes]
        return next((_TYPES[word] for word in reversed(words) if word != "Rev"), self._revision_or_regular(words))

    @staticmethod
    def _revision_or_regular(words: list[str]) -> NoticeType:
        return NoticeType.REVISION if words else NoticeType.REGULAR

    @property
    def notifying_member(self) -> str:
        """The Member's code of today: "EU" for "EEC"; "" before 2000, where the symbol does not say it."""
        return FORMER_CODES.get(self.member, self.member)

    @property
    def order(self) -> tuple[str, int, str, int, tuple[tuple[int, int], ...]]:
        """Sorts by area, age of the form, Member and number; in a thread, base before addenda before revisions."""
        suffixes = tuple((_RANKS[word], number) for word, number in self.suffixes)
        return (self.area, self.year or 9999, self.member, self.number, suffixes)


# Every part may stand apart from the next by blanks and by any of these strokes.
_STROKE = r"\s*[/\\|∕⁄]\s*"
_LOOSE_STROKE = r"\s*[/\\|∕⁄_\-‐‑–.]?\s*"
_MEMBER = r"(?:EU|EEC|TPKM|[A-Z]{3})"
#: Series of the two committees that are no notifications; they look like one without its N.
_OTHER_SERIES = r"(?:GEN|INF|REG|ADM|CRT|DOC|QSI|ACC|EQV/)"

_SUFFIX: Final = re.compile(
    r"(?P<gap>(?:\s*[/\\|∕⁄_\-‐‑–.(]\s*|\s*))"
    r"(?:"
    r"(?P<word>rev|add|corr|suppl?)(?P<rest>ision|endum|igendum|ement)?(?![a-z])(?P<dot>\s*\.)?\s*(?P<number>[0-9]{1,3})?"
    r"(?![0-9])"
    r"|(?:[号號]\s*)?(?:通报|通報)?\s*的?\s*(?:第\s*(?P<ordinal>[0-9一二三四五六七八九十]{1,2})\s*[号次个]?\s*)?"
    r"(?P<han>补遗|補遺|修订|修訂|勘误|勘誤|更正|增补|增補|补充|補充)(?P<kind>通报|通報|版|件)?"
    r"(?:\s*第?\s*[.．:]?\s*(?P<han_number>[0-9]{1,3}|[一二三四五六七八九十])\s*[号號]?)?"
    r")\)?",
    re.IGNORECASE,
)
_HAN_WORDS: Final = {
    "补遗": "Add", "補遺": "Add", "修订": "Rev", "修訂": "Rev", "勘误": "Corr", "勘誤": "Corr", "更正": "Corr",
    "增补": "Suppl", "增補": "Suppl", "补充": "Suppl", "補充": "Suppl",
}  # fmt: skip
_HAN_NUMBERS: Final = {han: number for number, han in enumerate("一二三四五六七八九十", start=1)}
#: A Chinese word without a number is a suffix only where the name ends; "修订了" is a verb.
_ENDS_NAME: Final = re.compile(r"\s*(?:$|[,，;；、。)）\]】/\n])")

_HEAD: Final = re.compile(
    rf"(?<![A-Za-z])(?:G{_LOOSE_STROKE})?(?P<area>TBT|SPS)(?:"
    rf"(?:{_STROKE}N{_STROKE}|\s*/?\s*N{_STROKE})(?P<member>{_MEMBER}){_LOOSE_STROKE}(?P<number>[0-9]{{1,6}})"
    rf"|{_STROKE}(?!{_OTHER_SERIES})(?P<member_without_n>{_MEMBER}){_STROKE}(?P<number_without_n>[0-9]{{1,6}})"
    rf"|[-_ ]N[-_ ](?P<member_dashed>{_MEMBER})[-_ ](?P<number_dashed>[0-9]{{1,6}})"
    rf"|{_LOOSE_STROKE}Notif\s*[./]?\s*(?P<year>(?:19|20)?[0-9]{{2}})\s*[./\\\-]\s*(?P<number_of_year>[0-9]{{1,4}})"
    r")(?![0-9])",
    re.IGNORECASE,
)
#: "…, KEN/1245": another Member's number in a joint notification, the prefix not repeated. Standards look alike.
_NEXT_MEMBER: Final = re.compile(
    r"\s*(?:[,，;；、/&+]|and|和|及|与|y|et)\s*/?\s*(?:N\s*/\s*)?"
    r"(?P<member>(?!ISO|IEC|ITU|DIN|SAE|NOM|SPS|TBT|UNE|CAC|IMO|IEEE)(?:EU|EEC|TPKM|[A-Z]{3}))\s*/\s*(?P<number>[0-9]{1,6})(?![0-9])"
)
_NEXT_MEMBER_IN_LOWER_CASE: Final = re.compile(_NEXT_MEMBER.pattern, re.IGNORECASE)
#: "…/71, 72": more numbers of the same Member, believed only when nothing else stands in the field.
_NEXT_NUMBER: Final = re.compile(r"\s*(?:[,，;；、&+]|and|和|及|与|y|et)\s*(?P<number>[0-9]{1,6})(?![0-9])")
_RANGE_END: Final = re.compile(r"\s*(?:-|–|—|~|to|至|到)\s*(?P<number>[0-9]{1,6})(?![0-9])")
_COMMA_OR_DASH: Final = re.compile(r"\s*[,，;；:：、–—-]\s*/?")
_BETWEEN_SUFFIXES: Final = re.compile(r"\s*(?:[,，;；、&+/]|and|和|及|与|y|et)\s*/?\s*")
_LONGEST_RANGE = 50
_PUNCTUATION: Final = re.compile(r"[\s,，;；、。.:：()（）\[\]【】<>《》\"'“”‘’]*(?:号|號)?[\s.。)）]*")
_BLANKS: Final = re.compile(r"\s+")
_INVISIBLE: Final = re.compile("[\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")

_GATT_YEARS = 79  # the Tokyo Round code's notifications began in 1980: "80" to "99" are of the last century


def read_symbols(text: str | None) -> tuple[Symbol, ...]:
    """All notification symbols in a field or in prose, in stated order, each once.

    Takes blanks, strokes, case, width, missing commas and Chinese suffix words as they come ("G / TBT / N / BRA /
    962", "G/TBT/N/BHR/485G/TBT/N/KWT/367", "G/TBT/N/USA/893补遗3"). Other documents of the committees
    ("G/SPS/GEN/204") are none.
    """
    if not text or (text.isascii() and not _names_a_committee(text)):
        return ()  # most texts, and it is asked of every one
    field = _tidy(text)
    return tuple(dict.fromkeys(symbol for symbol, _, _ in _found(field))) if _names_a_committee(field) else ()


def _names_a_committee(text: str) -> bool:
    lower = text.lower()
    return "tbt" in lower or "sps" in lower


def parse_symbol(text: str) -> Symbol:
    """The one symbol that a text is. Raises `SymbolError` when it is none, several, or more than a symbol."""
    field = _tidy(text)
    shown = f"{text.strip()[:80]!r}"
    found = _found(field)
    symbols = list(dict.fromkeys(symbol for symbol, _, _ in found))
    if not symbols:
        raise SymbolError(f'{shown} is not a WTO document symbol: write it as "G/TBT/N/KEN/1514" or "…/1514/Add.1"')
    if len(symbols) > 1:
        raise SymbolError(f"{shown} holds {len(symbols)} symbols: give one of them, such as {str(symbols[0])!r}")
    _, start, end = found[0]
    if not _PUNCTUATION.fullmatch(field[:start]) or not _PUNCTUATION.fullmatch(field[end:]):
        raise SymbolError(f"{shown} holds more than a symbol: give {str(symbols[0])!r} alone, if that is meant")
    return symbols[0]


def _tidy(text: str | None) -> str:
    """Width and invisible characters out of the way, and runs of blanks, on which the patterns would be slow."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text or "")))


def _found(field: str) -> list[tuple[Symbol, int, int]]:
    found: list[tuple[Symbol, int, int]] = []
    position = 0
    while head := _HEAD.search(field, position):
        position = head.end()
        symbol = _of_head(head)
        if symbol is None:
            continue
        symbol, position = _with_suffixes(symbol, field, position)
        found.append((symbol, head.start(), position))
        next_member = _NEXT_MEMBER_IN_LOWER_CASE if head[0].islower() else _NEXT_MEMBER
        while symbol.year is None and (following := next_member.match(field, position)):
            if int(following["number"]) == 0:
                break
            member = following["member"].upper()
            symbol = Symbol(area=symbol.area, member=member, number=int(following["number"]))
            symbol, position = _with_suffixes(symbol, field, following.end())
            found.append((symbol, following.start("member"), position))
    if found and _PUNCTUATION.fullmatch(field, 0, found[0][1]):
        last, start, position = found[-1]
        if alone := _suffix_behind_comma(last, field, position):
            return [*found[:-1], (alone, start, len(field))]
        found.extend(_further_numbers(last, field, position) or _further_suffixes(last, field, position))
    return found


def _of_head(head: re.Match[str]) -> Symbol | None:
    area = head["area"].upper()
    number = int(head["number"] or head["number_without_n"] or head["number_dashed"] or head["number_of_year"])
    if number == 0:
        return None
    if head["year"]:
        short = int(head["year"]) % 100
        return Symbol(area=area, member="", number=number, year=short + (1900 if short >= _GATT_YEARS else 2000))
    member = head["member"] or head["member_without_n"] or head["member_dashed"]
    return Symbol(area=area, member=member.upper(), number=number)


def _with_suffixes(symbol: Symbol, field: str, position: int) -> tuple[Symbol, int]:
    suffixes: list[tuple[str, int]] = []
    while (found := _SUFFIX.match(field, position)) and (suffix := _suffix(found, field)):
        suffixes.append(suffix)
        position = found.end()
    return replace(symbol, suffixes=tuple(suffixes)), position


def _suffix(found: re.Match[str], field: str) -> tuple[str, int] | None:
    if found["han"]:
        stated = found["han_number"] or found["ordinal"]
        if stated is None and not _ENDS_NAME.match(field, found.end()):
            return None
        number = _HAN_NUMBERS.get(stated or "一") or int(stated or 1)
        return (_HAN_WORDS[found["han"]], number) if number else None
    if not found["gap"].strip() and not found["dot"] and (not found["number"] or found["word"].islower()):
        return None  # "…/893 add 3 requirements" is prose
    word = "Suppl" if found["word"].lower().startswith("supp") else found["word"].capitalize()
    number = int(found["number"] or 1)
    return (word, number) if number else None


def _suffix_behind_comma(symbol: Symbol, field: str, position: int) -> Symbol | None:
    """ "…/893, Addendum 3": one document, if nothing else stands in the field."""
    comma = _COMMA_OR_DASH.match(field, position)
    if comma is None or symbol.suffixes:
        return None
    whole, end = _with_suffixes(symbol, field, comma.end())
    return whole if whole.suffixes and _PUNCTUATION.fullmatch(field, end) else None


def _further_suffixes(last: Symbol, field: str, position: int) -> list[tuple[Symbol, int, int]]:
    """ "…/893/Add.1, Add.2": two documents, if nothing else stands in the field."""
    further: list[tuple[Symbol, int, int]] = []
    while last.suffixes and (between := _BETWEEN_SUFFIXES.match(field, position)):
        found = _SUFFIX.match(field, between.end())
        suffix = _suffix(found, field) if found else None
        if found is None or suffix is None:
            return []
        position = found.end()
        further.append((replace(last, suffixes=(*last.suffixes[:-1], suffix)), between.end(), position))
    return further if _PUNCTUATION.fullmatch(field, position) else []


def _further_numbers(last: Symbol, field: str, position: int) -> list[tuple[Symbol, int, int]]:
    """Numbers and ranges behind the last symbol, if they fill the field to its end."""
    further: list[tuple[Symbol, int, int]] = []
    if last.year is not None:
        return []
    if not last.suffixes and (end := _RANGE_END.match(field, position)):
        numbers = range(last.number + 1, int(end["number"]) + 1)
        if 0 < len(numbers) <= _LONGEST_RANGE:
            position = end.end()
            further.extend((replace(last, number=number), end.start(), position) for number in numbers)
    while following := _NEXT_NUMBER.match(field, position):
        if int(following["number"]) == 0:
            return []
        symbol = replace(last, number=int(following["number"]), suffixes=())
        symbol, position = _with_suffixes(symbol, field, following.end())
        further.append((symbol, following.start("number"), position))
    return further if _PUNCTUATION.fullmatch(field, position) else []
