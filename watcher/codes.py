"""HS and ICS codes as notifications write them: in code fields, with or without titles, and inside products texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from watcher.hs import CodeError, HSCode, hs_code, hs_range, parse_hs
from watcher.ics import ics_code, parse_ics
from watcher.objectives import OBJECTIVES, read_objectives

__all__ = [
    "OBJECTIVES",
    "CodeError",
    "HSCode",
    "codes_in_products",
    "parse_hs",
    "parse_ics",
    "read_codes",
    "read_hs",
    "read_ics",
    "read_objectives",
]


def read_hs(values: Iterable[str] | str) -> tuple[HSCode, ...]:
    """The HS codes of a field, sorted: digits only, ranges as the headings they cover, what can't be one left out.

    Takes "87.16", "Ex.0207.43.00.00", "69081000和69089000", "9001-9033", "030617 - Frozen shrimps; 85 - Machines".
    National chapters 98 and 99 mean something else in each country; such a code is kept as stated.
    """
    return read_codes(values, ())[0]


def read_ics(values: Iterable[str] | str) -> tuple[str, ...]:
    """The ICS codes of a field, sorted: "67", "67.080" or "67.080.10", what can't be one left out."""
    return read_codes((), values)[1]


def read_codes(hs: Iterable[str] | str, ics: Iterable[str] | str) -> tuple[tuple[HSCode, ...], tuple[str, ...]]:
    """HS and ICS codes of a notice's two fields, each where it belongs: an ICS code in the HS field is an ICS code.

    Codes of one shape only are moved: "71.060" can't be HS, "2833" can't be ICS. Two digits stay where they stand.
    """
    found_hs: set[str] = set()
    found_ics: set[str] = set()
    for field, values in (("hs", hs), ("ics", ics)):
        for value in [values] if isinstance(values, str) else values:
            in_hs, in_ics = _of_field(_tidy(value), field)
            found_hs |= in_hs
            found_ics |= in_ics
    return tuple(sorted(found_hs)), tuple(sorted(found_ics))


def codes_in_products(text: str | None) -> tuple[tuple[HSCode, ...], tuple[str, ...]]:
    """The HS and ICS codes that a products text states: behind "HS", "ICS" and their like, or as a text of codes only.

    So are chapters ("Machinery (Chapters 84 and 85)"), parts of headings ("ex 9503"), and codes of a shape or a length
    that nothing else has ("8507600090"). Headings named in passing ("other than those of heading 87.02") are not stated
    as covered and not read, nor are chapters of laws.
    """
    tidy = _tidy(text)
    hs, ics = _behind_marks(tidy)
    if not hs:
        if not ics:
            hs, ics = _of_codes_only(tidy)
            hs |= {code for found in _UNMISTAKABLE.finditer(tidy) if (code := _unmistakable(found[0]))}
        hs |= _without_a_mark(tidy)
    return tuple(sorted(hs)), tuple(sorted(ics))


# One code: groups joined by dots ("0406.30.00", "03 . 06 . 91"), or by blanks as the EU prints them ("8528 72 20").
_CODE: Final = re.compile(
    r"(?<![0-9])(?:"
    r"(?P<dashed>[0-9]{4}\.?[0-9]{2}-[0-9]{3,4}(?![0-9.]))"  # Korea and Japan: their own digits behind a dash
    r"|(?P<spaced>[0-9]{4}(?: [0-9]{2}){1,3}(?![0-9.]))"
    r"|(?P<dotted>[0-9]{2,8}(?:(?:\.|\s\.\s)[0-9]{1,6})+(?![0-9]))"
    r"|(?P<comma>[0-9]{2},[0-9]{3}(?:,[0-9]{2})?(?![0-9,]))"
    r"|(?P<bare>[0-9]{1,12}(?![0-9]))"
    r")(?:[.\s]*[xX*]{1,4}(?:\.[xX*]{1,4})*(?![A-Za-z]))?"
)
_TO: Final = re.compile(
    r"\s*(?:-|–|—|~|(?:to|through|thru|al?|au|à|até)(?![A-Za-z])|至|到)\s*(?:第\s*)?(?:chapters?\s*)?", re.IGNORECASE
)
#: What may stand before and between the codes of one list; behind a mark, a closing bracket ends the list.
_WORDS_BETWEEN = (
    r"|(?:and|or|y|et|e|o|u|ou|ex|incl|including|also|the|of|in|under|all|part|for)(?![A-Za-z])\.?"
    r"|(?:h\.?s\.?n?|hts(?:us)?|ics|ncm|taric|cccn|sa|sh|harmoni[sz]ed|system|customs|national|tariff)(?![A-Za-z])"
    r"|(?:sub-?)?(?:codes?(?:\s?\(s\))?|headings?|items?|lines?|numbers?|nos?|positions?|partidas?)(?![A-Za-z])\.?"
    r"|(?:chapters?|cap[ií]tulos?|chapitres?)(?![A-Za-z])|mã(?![a-z])|classification"
    r"|和|及|与|或|以及|为|是|第|章|号|等|品目|税目|税号|税则号列?|编码|代码|编号|分类号?|海关|商品"
    r"|[-–—](?=\s*[0-9])"
    r")+"
)
_BETWEEN: Final = re.compile(r"(?:[\s,;、/&+。.()\[\]【】:#\"“”•]" + _WORDS_BETWEEN, re.IGNORECASE)
_BETWEEN_MARKED: Final = re.compile(r"(?:[\s,;、/&+。.(\[【:#\"“”•]" + _WORDS_BETWEEN, re.IGNORECASE)
_FIELD_NAMED: Final = re.compile(
    r"(?<![a-z])(?:(?P<ics>ics)|h\.?s\.?n?|hts|ncm|cccn|taric|tariff)(?![a-z])", re.IGNORECASE
)
_CHAPTER_BEFORE: Final = re.compile(r"(?:chapters?|cap[ií]tulos?|chapitres?|第)\s*$", re.IGNORECASE)
_ENDS: Final = re.compile(r"(?:[\s.,;、。:()\[\]【】\"“”]|章|等|号)*")
#: A number with one of these behind it counts or measures something.
_UNIT: Final = re.compile(
    r"\s?(?:%|°|年|月|日|个|種|种|项|条|版|mm|cm|m|km|kg|g|mg|t|l|ml|cc|w|kw|v|kv|va|a|ah|mah|hz|khz|mhz|ghz|nm|db|ppm|bar|"
    r"pa|days?|years?|months?|weeks?|pages?|seats?|editions?|versions?)(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_LETTER_NEXT: Final = re.compile(r"\s?[^\W\d_]")
_LIST_GOES_ON: Final = re.compile(
    r"\s?(?:(?:and|or|y|e|et|o|u|hs|ics|(?:of|in|under)\s(?:the\s)?(?:harmoni[sz]ed|customs|tariff|hs))(?![A-Za-z])"
    r"|[和及与或等章号类]|以及|品目)",
    re.IGNORECASE,
)
_DASH_AND_NUMBER: Final = re.compile(r"\s?[-–—]\s*[0-9]")
_LABEL_AFTER_COMMA: Final = re.compile(r",\s*(?=[0-9]{2,10}(?:\.[0-9]{2,4})*\s+[-–—]\s+[^\s0-9])")

#: Digits that nothing but a tariff writes so, even where no word says it: "39.26.90.90", "8708.29.50".
_UNMISTAKABLE: Final = re.compile(
    r"(?<![0-9.,])(?:[0-9]{2}(?:\.[0-9]{2}){3,4}|[0-9]{4}\.[0-9]{2}\.[0-9]{2}(?:\.[0-9]{2})?)(?!\.?[0-9])"
)
_LONG_CODE_FIRST: Final = re.compile(r"\s*[0-9]{8,12}(?![0-9])")
#: National lines written in one, which nothing calls by another name: "移动电源 8507600090".
_LONG_CODE: Final = re.compile(r"(?<![A-Za-z0-9.,/+_-])(?:[0-9]{8}|[0-9]{10})(?![A-Za-z0-9/+_-]|[.,][0-9])")
_OTHER_NUMBER: Final = re.compile(
    r"(?:no|nr|n[°º]|nos|lot|batch|model|type|serial|tel|phone|fax|cas|ean|upc|gtin|barcode|ref"
    r"|批号|型号|电话|条码|编号为?)\s?[.:：#]*\s?$",
    re.IGNORECASE,
)
_DOTTED = r"(?:ex\.?\s?)?[0-9]{4}\.[0-9]{2}(?:\.[0-9]{2}){0,3}"
_IN_BRACKETS: Final = re.compile(
    rf"[(（]\s?({_DOTTED}(?:(?:\s?[,;、/和及]\s?|\s(?:and|y|et)\s|\s){_DOTTED})*)\s?[)）]", re.IGNORECASE
)
#: Chapters that stand by themselves behind goods; chapters of a law have it before or behind them.
_CHAPTERS: Final = re.compile(
    r"(?:^|[(（;,:\n]|(?<![a-z])(?:products|goods|articles)\s(?:of|in|under))\s?(?:all\s|ex\s)?(?:chapters?|cap[ií]tulos?|chapitres?)\s"
    r"(?P<list>[0-9]{1,2}(?:(?:\s?[,&/]\s?|\s?(?:,\s)?(?:and|to|or|through|y|e|a|al|et|à|au)\s|\s?[-–]\s?)[0-9]{1,2})*)"
    r"(?=\s?(?:[)）;,.\n]|$))",
    re.IGNORECASE,
)
_OF_A_LAW: Final = re.compile(
    r"(?<![a-z])(?:acts?|laws?|codes?|regulations?|directives?|orders?|rules?|decrees?|pharmacop\w+|annex\w*|title|part"
    r"|ley|decreto|reglamentos?|codigo|código|resoluci[oó]n|anexo|loi|décret|règlement|arrêté|annexe|titre)(?![a-z])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """Codes that stand one after another."""

    hs: frozenset[str]
    ics: frozenset[str]
    end: int  #: behind the last code; 0: there is none
    read_to: int  #: how far the text was looked at


def _tidy(text: str | None) -> str:
    tidy = _BLANKS.sub(" ", unicodedata.normalize("NFKC", text or "").translate(_ONE_KIND))
    return _DOT_BETWEEN_DIGITS.sub(".", tidy)


_ONE_KIND: Final = str.maketrans({"‐": "-", "‑": "-", "−": "-", "\u200b": "", "\ufeff": "", "\xad": ""})
_BLANKS: Final = re.compile(r"[^\S\n]+")
_DOT_BETWEEN_DIGITS: Final = re.compile(r"(?<=[0-9])[。·•](?=[0-9])")


def _of_field(value: str, field: str) -> tuple[set[str], set[str]]:
    """The codes of one value of a code field. Titles are passed over: they name codes that they exclude."""
    hs: set[str] = set()
    ics: set[str] = set()
    for part in re.split(r"[;\n|]", _LABEL_AFTER_COMMA.sub("; ", value)):
        run = _run(part, 0, field)
        in_hs, in_ics = (run.hs, run.ics) if run.end else _behind_marks(part)
        hs |= in_hs
        ics |= in_ics
    return hs, ics


def _run(text: str, start: int, field: str, between: re.Pattern[str] = _BETWEEN) -> _Run:
    hs: set[str] = set()
    ics: set[str] = set()
    position, end = start, 0
    while True:
        gap = between.match(text, position)
        code = _CODE.match(text, gap.end() if gap else position)
        if code is None or (end and gap is None):
            break
        for named in _FIELD_NAMED.finditer(gap[0] if gap else ""):
            field = "ics" if named["ics"] else "hs"
        covered, stop = _range_from(text, code)
        if covered:
            hs |= set(covered)
        elif _stands_as_code(text, code):
            in_hs, in_ics = _one(text, code, field)
            hs |= in_hs
            ics |= in_ics
        else:
            break
        position = end = stop
    return _Run(hs=frozenset(hs), ics=frozenset(ics), end=end, read_to=gap.end() if gap else position)


def _stands_as_code(text: str, code: re.Match[str]) -> bool:
    """Whether a number in a list is a code, and not the beginning of "10 seats" or "1000 V"."""
    if _UNIT.match(text, code.end()):
        return False
    if code["bare"] is None or len(code["bare"]) >= 4:
        return True
    if _LETTER_NEXT.match(text, code.end()):
        return _LIST_GOES_ON.match(text, code.end()) is not None
    return not _DASH_AND_NUMBER.match(text, code.end())


def _one(text: str, code: re.Match[str], field: str) -> tuple[set[str], set[str]]:
    """One code as HS or as ICS, by its shape; where both would do, by the field it stands in."""
    dotted = re.sub(r"\s", "", code["dotted"] or code["comma"] or "").replace(",", ".")
    as_ics = ics_code(dotted or code["bare"] or "") if field == "ics" or _ICS_SHAPE.fullmatch(dotted) else None
    if as_ics:
        return set(), {as_ics}
    if not _is_hs_shape(dotted):
        return set(), set()
    digits = re.sub(r"[^0-9]", "", code[0])
    if len(digits) == 1 and _CHAPTER_BEFORE.search(text[max(0, code.start() - 20) : code.start()]):
        digits = f"0{digits}"
    if field == "ics" and len(digits) < 4:
        return set(), set()
    found = hs_code(digits)
    return ({found}, set()) if found else (set(), set())


_ICS_SHAPE: Final = re.compile(r"[0-9]{2}\.[0-9]{3}(?:\.[0-9]{2})?")


def _is_hs_shape(dotted: str) -> bool:
    first, _, rest = dotted.partition(".")
    return not rest or (len(first) == 2 and len(rest.split(".")[0]) in (2, 4)) or len(first) in (4, 6, 8)


def _range_from(text: str, code: re.Match[str]) -> tuple[tuple[HSCode, ...], int]:
    """The codes of a range that begins here, and where it ends; none: where the one code ends."""
    nothing = ((), code.end())
    until = _TO.match(text, code.end())
    last = _CODE.match(text, until.end()) if until else None
    if last is None or code["dashed"] or last["dashed"] or _UNIT.match(text, last.end()):
        return nothing
    ends = []
    for end in (code, last):
        if end["comma"] or not _is_hs_shape(re.sub(r"\s", "", end["dotted"] or "")):
            return nothing
        ends.append(re.sub(r"[^0-9]", "", end[0]).zfill(2))
    if len(ends[0]) == 2 and _LETTER_NEXT.match(text, last.end()) and not _LIST_GOES_ON.match(text, last.end()):
        return nothing  # "85 - 90 V rated lamps" names chapter 85
    if len(ends[0]) >= 6 and len(ends[1]) == 2:
        ends[1] = ends[0][:-2] + ends[1]  # "8703.21-24"
    first, final = hs_code(ends[0]), hs_code(ends[1])
    covered = hs_range(first, final) if first and final else None
    return (covered, last.end()) if covered else nothing


def _of_codes_only(text: str) -> tuple[set[str], set[str]]:
    """The codes of those parts of a text that are a list of codes and nothing besides."""
    hs: set[str] = set()
    ics: set[str] = set()
    for part in re.split(r"[;\n|]", text):
        run = _run(part, 0, "hs")
        if run.end and (_ENDS.fullmatch(part, run.end) or _LONG_CODE_FIRST.match(part)):
            hs |= {code for code in run.hs if len(code) >= 4}
            ics |= run.ics
    return hs, ics


def _without_a_mark(text: str) -> set[str]:
    """The HS codes that no word announces, but their shape or their place does."""
    found = {
        code
        for long in _LONG_CODE.finditer(text)
        if not _OTHER_NUMBER.search(text[max(0, long.start() - 12) : long.start()]) and (code := hs_code(long[0]))
    }
    for bracket in _IN_BRACKETS.finditer(text):
        found |= set(read_hs(bracket[1]))
    for chapters in _CHAPTERS.finditer(text):
        low = max(0, chapters.start() - 160)
        before = max(text.rfind(mark, low, chapters.start()) + 1 for mark in ";\n")
        if not _OF_A_LAW.search(text, max(low, before), chapters.start()):
            found |= set(read_hs(f"chapters {chapters['list']}"))
    return found


def _unmistakable(text: str) -> HSCode | None:
    groups = text.split(".")
    looks_like_day = len(groups) == 3 and groups[0] < "2010" and int(groups[1]) <= 12 and int(groups[2]) <= 31
    return None if looks_like_day and groups[0] > "1900" else hs_code("".join(groups))


#: What says that codes follow. "SA" (es) and "SH" (fr) are also other things, so they need their colon.
_MARK: Final = re.compile(
    r"(?<![A-Za-z])(?:"
    r"(?P<ics>ics(?![A-Za-z]))"
    r"|(?:h\.?s\.?n?|hs-?codes?|hts(?:us)?|ncm|cccn|taric|harmoni[sz]ed system)(?![A-Za-z])"
    r"|(?:cn|kn|tariff|customs)\s(?:tariff\s)?(?:(?:sub-?)?headings?|codes?|items?|lines?|numbers?|nos?)(?![A-Za-z])"
    r"|s\.?[ah]\.?(?=\s?:\s?[0-9])|c[oó]digos?\s(?:sa|nc|hs)(?![A-Za-z])|codes?\ssh(?![A-Za-z])"
    r"|(?:fracci[oó]n(?:es)?|posici[oó]n(?:es)?)\sarancelarias?|c[oó]digos?\sarancelarios?"
    r"|ex(?=\.?\s?[0-9]{2}\.?[0-9]{2}(?![0-9]))|(?:sub)?partidas?(?:\sarancelarias?)?(?=\s?[0-9])|positions?\starifaires?"
    r"|(?<!those\sof\s)(?<!goods\sof\s)(?<!than\s)(?:chapters?|(?:sub-?)?headings?)"
    r"(?=[^;()\n]{2,60}\s(?:of|in|under)\s(?:the\s)?(?:harmoni[sz]ed|customs|tariff|hs(?![a-z])|combined\snomen))"
    r")"
    r"|海关编码|海关商品编[码号]|商品编[码号]|税则号列?|税则编号|税号|税目"
    r"|(?=第\s*[0-9]{1,2}[0-9、,和至及到~\-第\s]{0,200}章)",
    re.IGNORECASE,
)
_CLOSING: Final = re.compile(r"\s*\)")


def _behind_marks(text: str) -> tuple[set[str], set[str]]:
    hs: set[str] = set()
    ics: set[str] = set()
    position = 0
    while mark := _MARK.search(text, position):
        closing = _CLOSING.match(text, mark.end())  # "(ICS) code 67.100.01"
        start = closing.end() if closing else mark.end()
        run = _run(text, start, "ics" if mark["ics"] else "hs", _BETWEEN_MARKED)
        hs |= run.hs
        ics |= run.ics
        position = max(run.end or run.read_to, mark.end() + (mark.end() == mark.start()))
    return hs, ics
