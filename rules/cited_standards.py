"""Standards that a text cites, by their numbers: "IEC 60335-1:2020", "GB/T 4706.1—2005", "NOM-001-SCFI-2018".

What looks like one and is none is left out: years, quantities, symbols of documents, codes of products. Abbreviations
that are also words or units ("IS", "MS", "SI") need the year of an edition, a part in words or the word standard beside
them, unless the Member whose body it is notifies the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from rules.standard_lists import further, year_behind
from watcher.later import later

#: Who issues standards and is nothing else in these texts; a national body may stand before what it adopts.
_STRONG: Final = (
    *("ISO/IEC/IEEE", "ISO/IEC", "ISO/TS", "ISO/TR", "ISO/DIS", "ISO/FDIS", "ISO", "IEC/TS", "IEC/TR", "IEC", "CISPR"),
    *("ITU-T", "ITU-R", "IEEE", "ETSI EN", "ETSI", "CEN/TS", "CEN/TR", "FprEN", "prEN", "EN", "BS", "DIN", "VDE"),
    *("UNE", "UNI", "OENORM", "PN", "GB/T", "GB/Z", "GB", "JIS", "ASTM", "ANSI/AAMI", "ANSI", "UL", "ASME", "NFPA"),
    *("ASHRAE", "SAE", "CSA", "CAN/CSA", "SANS", "GOST R", "GOST", "ГОСТ Р", "ГОСТ", "СТБ", "ABNT NBR", "NBR"),
    *("IRAM", "NTC", "NTE INEN", "NMX", "NCh", "COVENIN", "SASO", "GSO", "UAE.S", "OS GSO", "DEAS", "FDEAS", "EAS"),
    *("DARS", "ARS", "TIS", "TCVN", "QCVN", "SNI", "CNS", "AS/NZS", "NZS", "DSTU", "ДСТУ", "OIML R", "YY/T", "NY/T"),
    *("SN/T", "QB/T", "JB/T", "FZ/T", "SJ/T", "GA/T", "CJ/T", "JG/T", "HG/T", "YD/T", "QC/T", "DL/T", "HJ/T", "LY/T"),
    *("CODEX STAN", "Codex Stan", "CXS", "CXG", "CXC"),
)
#: Who may be meant, if a year or the word standard says so.
_WEAK: Final = (
    *("IS", "MS", "PNS", "KS", "NF", "SS", "SI", "PS", "ES", "NTP", "SLS", "BDS", "NIS", "AS", "TS", "US", "RS", "DKS"),
    *("DUS", "DRS", "DTZS", "TZS", "STB", "YY", "NY", "SN", "QB", "JB", "HJ", "GA", "NS", "PSQCA", "MZS", "GS", "NP"),
    *("NM", "DMS", "ZS", "DZS", "BOS", "SZNS"),
)
#: Whose short name needs nothing beside it in a text of that Member's own.
_OWN: Final[Mapping[str, tuple[str, ...]]] = {
    **{"AUS": ("AS",), "BGD": ("BDS",), "BLR": ("STB",), "CHN": ("YY", "NY", "SN", "QB", "JB", "HJ", "GA")},
    **{"EGY": ("ES",), "ETH": ("ES",), "FRA": ("NF",), "GHA": ("GS",), "IND": ("IS",), "ISR": ("SI",)},
    **{"KEN": ("KS",), "KOR": ("KS",), "LKA": ("SLS",), "MAR": ("NM",), "MYS": ("MS",), "NGA": ("NIS",)},
    **{"NPL": ("NS",), "PAK": ("PS",), "PER": ("NTP",), "PHL": ("PNS",), "RWA": ("RS",), "SGP": ("SS",)},
    **{"TUR": ("TS",), "TZA": ("TZS", "DTZS"), "UGA": ("US", "DUS"), "MWI": ("MS", "DMS"), "ZMB": ("ZS", "DZS")},
}


def _any_of(names: tuple[str, ...]) -> str:
    return "|".join(re.escape(name).replace(r"\ ", r"[ \u00a0]") for name in sorted(names, key=len, reverse=True))


_DASH = r"[\-\u2010-\u2015\u2212]"
_YEAR = r"(?:19|20|25)[0-9]{2}(?![0-9])"
_NUMBER: Final = later(
    r"(?<![A-Za-z0-9\u00c0-\u04ff/.\-])"
    rf"(?P<bodies>(?:{_any_of(_STRONG + _WEAK)})(?:[ \u00a0\-/](?:{_any_of(_STRONG + _WEAK)}|[A-Z](?=[ ]IEC|[ ]ISO)))"
    r"{0,3})"
    rf"(?:[ \u00a0]|{_DASH})?(?P<series>[A-Z]{{1,2}}[ \u00a0]?)?"
    r"(?P<number>(?<=SNI )[0-9]{2}-[0-9]{4}|30[0-9] [0-9]{3}(?![0-9])|[0-9]{1,6}(?![0-9]))"
    rf"(?P<parts>(?:(?:\.|{_DASH})(?!{_YEAR})[0-9]{{1,3}}(?![0-9Xx]))*)"
    r"(?P<words>(?:,? ?\( ?|,? )[Pp](?:art|ART)(?:ie|e)?[ \u00a0-]?(?P<part>[0-9]{1,3})"
    r"(?:(?: ?/ ?|, ?| )[Ss](?:ec|EC)(?:tion|TION)?\.?[ \u00a0-]?(?P<section>[0-9]{1,3}))?(?![0-9])(?: ?\))?)?"
    rf"(?:(?: ?[:：] ?|{_DASH}| {_DASH} |/)(?P<year>{_YEAR}))?"
    r"(?P<after>(?:/(?!AMD|COR)[A-Z]{3,8}(?![A-Za-z]))?)"
    r"(?P<changes>(?:(?: \+ ?(?=[A-Z][A-Za-z]{0,2}\.? ?[0-9])|[+/])(?:AMD|Amd|AC|AM|A|COR|Cor)\.? ?[0-9]{0,2}"
    r"(?:[:：][0-9]{4})?){0,4})"
)
#: Mexican ones have the committee inside the number.
_NOM: Final = later(
    r"(?<![A-Za-z0-9])(?:PROY-|P-)?(?P<body>NOM|NMX)(?P<sector>(?:-[A-Z]{1,2}){0,2})-(?P<number>[0-9]{2,3}(?:/[0-9]{1,2})?)"
    r"-(?P<board>[A-Z]{2,8}[0-9]?(?:/[A-Z]{2,8}[0-9]?){0,2}(?:-[A-Z]{2,5})?)(?:-(?P<year>(?:19|20)[0-9]{2}))?(?![A-Za-z0-9])"
)
#: Canadian ones have a number of their own behind that of the series.
_CSA: Final = later(
    r"(?<![A-Za-z0-9])(?:CAN/)?CSA[ \-](?P<series>C22\.[0-9])[ \-]{0,2}(?:N[o°º]\.?[ \u00a0]?)(?P<number>[0-9]{1,5}"
    r"(?:[.\-][0-9]{1,3}){0,3})(?:[:\-](?P<year>(?:19|20)[0-9]{2}|[0-9]{2}(?![0-9.])))?(?![0-9])"
)
_WORD_BESIDE: Final = later(
    r"(?:standards?|specifications?|norm[ae]s?|стандарт\w*|标准|標準)[^.;。；]{0,24}$", re.IGNORECASE
)
_QUANTITY_BEFORE: Final = later(r"[0-9][ \u00a0]$")
_UNIT_BEHIND: Final = later(r" ?(?:%|°|(?:mm|cm|kg|mg|ml|kW|W|V|Hz|MHz|GHz|years?|days?|pages?|seats?)(?![A-Za-z0-9]))")
_KNOWN: Final = frozenset(_STRONG + _WEAK)
_UNITS_TOO: Final = frozenset({"GB", "MS", "SI", "AS", "PS"})
_DRAFTS: Final = {"DEAS": "EAS", "FDEAS": "EAS", "DARS": "ARS", "prEN": "EN", "FprEN": "EN", "ISO/DIS": "ISO"}
_ONE_NAME: Final = {
    **_DRAFTS,
    **{"ISO/FDIS": "ISO", "DKS": "KS", "DUS": "US", "DRS": "RS", "DMS": "MS", "DZS": "ZS", "DTZS": "TZS"},
    **{"ГОСТ Р": "GOST R", "ГОСТ": "GOST"},
    **{"СТБ": "STB", "ДСТУ": "DSTU", "CODEX STAN": "CXS", "Codex Stan": "CXS", "NBR": "ABNT NBR"},
}


class Cited(NamedTuple):
    """A standard in a text."""

    start: int
    end: int
    value: str  #: as it is written everywhere here: "IEC 60335-1:2020", "GB/T 4706.1:2005"


def cited_standards(text: str, members: Iterable[str] = ()) -> Iterator[Cited]:
    """The standards that a text cites, in the order of the text. Total: any string is accepted.

    `members`: who notifies the text.
    """
    own = frozenset(body for member in members for body in _OWN.get(member, ()))
    found = [*_mexican(text), *_canadian(text), *_numbered(text, own)]
    reached, before = 0, (-1, -1)
    for cited in sorted(found, key=lambda one: (one.start, -one.end)):
        if cited.start >= reached or (cited.start, cited.end) == before:  # a range: several in one stretch
            yield cited
            reached, before = cited.end, (cited.start, cited.end)


def _mexican(text: str) -> Iterator[Cited]:
    for found in _NOM.finditer(text):
        year = f"-{found['year']}" if found["year"] else ""
        name = f"{found['body']}{found['sector']}"
        yield Cited(found.start(), found.end(), f"{name}-{found['number']}-{found['board']}{year}")


def _canadian(text: str) -> Iterator[Cited]:
    for found in _CSA.finditer(text):
        stated = found["year"] or ""
        century = "" if len(stated) != 2 else "20" if stated < "70" else "19"
        year = f":{century}{stated}" if stated else ""
        yield Cited(found.start(), found.end(), f"CSA {found['series']} No. {found['number']}{year}")


def _numbered(text: str, own: frozenset[str]) -> Iterator[Cited]:
    for found in _NUMBER.finditer(text):
        bodies = _bodies(found["bodies"])
        if not bodies or not _believed(text, found, bodies, own):
            continue
        number, parts, year = found["number"], found["parts"], found["year"] or ""
        ends = "" if year else year_behind(text, found.end(), number, parts)
        first = _written(found, bodies)
        yield Cited(found.start(), found.end(), f"{first}:{ends}" if ends else first)
        if found["part"] or found["after"] or found["changes"]:
            continue
        stem = first.removesuffix(f":{year}").removesuffix(re.sub(_DASH, "-", parts))
        for more in further(text, found.end(), number, parts):
            yield Cited(
                more.start, more.end, f"{stem}{more.parts}" + (f":{more.year or ends}" if more.year or ends else "")
            )


def _bodies(stated: str) -> list[str]:
    names = [" ".join(name.split()) for name in re.split(r"[ \u00a0\-](?=[A-Za-zА-Я])", stated) if name]
    return [each for name in names for each in ([name] if name in _KNOWN else name.split("/"))]


def _believed(text: str, found: re.Match[str], bodies: list[str], own: frozenset[str]) -> bool:
    """Whether it is a standard's number rather than a year, a quantity or an abbreviation in front of a number."""
    first, last = bodies[0], bodies[-1]
    bare = not (found["year"] or found["parts"] or found["part"])
    digits = found["number"]
    if found["number"].startswith("0") and not found["parts"] and not found["series"] and len(digits) < 3:
        return False
    if bare and first in _UNITS_TOO and _QUANTITY_BEFORE.search(text, max(0, found.start() - 2), found.start()):
        return False  # "16 GB 2666"
    if bare and _UNIT_BEHIND.match(text, found.end()):
        return False
    strong = any(" ".join(bodies[at:]) in _STRONG or name in _STRONG for at, name in enumerate(bodies))
    if found["series"] and last not in ("JIS", "ASTM", "KS", "NF", "SAE", "CSA", "DIN", "VDE", "NMX", "ANSI", "ITU-T"):
        return False
    if last in ("JIS", "ASTM") and not found["series"]:
        return False
    if bare and not found["series"] and len(digits) == 4 and 1950 <= int(digits) <= 2040:
        return False
    if bare and len(digits) < 2:
        return False
    if not strong or (last in _WEAK and first in _WEAK):
        named = _WORD_BESIDE.search(text[max(0, found.start() - 40) : found.start()])
        series = found["series"] and last in ("KS", "NF")
        by_itself = len(digits) > 2 and bool(named or found["part"] or own.intersection(bodies))
        return len(digits) > 1 and bool(found["year"] or series or by_itself)
    if bare and bodies == ["EN"]:  # also "in" of French and Spanish titles in capitals
        around = text[max(0, found.start() - 40) : found.start()] + text[found.end() : found.end() + 40]
        return any(letter.islower() for letter in around) or not any(letter.isalpha() for letter in around)
    return True


def _written(found: re.Match[str], bodies: list[str]) -> str:
    names = " ".join(_ONE_NAME.get(name, name) for name in bodies).replace("ABNT ABNT", "ABNT")
    names = {"GOST Р": "GOST R", "CODEX STAN": "CXS", "Codex Stan": "CXS"}.get(names, names)
    series = (found["series"] or "").strip()
    joined = "" if series and "ASTM" in names else " "
    parts = re.sub(_DASH, "-", found["parts"])
    parts += "".join(f"-{found[name]}" for name in ("part", "section") if found[name])
    year = f":{found['year']}" if found["year"] else ""
    changes = re.sub(r"[ .]", "", found["changes"]).replace("/", "+").replace("：", ":")
    number = f"{series}{joined}{found['number']}" if series else found["number"]
    return f"{names} {number}{parts}{year}{found['after']}{changes}"
