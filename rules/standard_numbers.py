"""Numbers of standards in texts: "IEC 60335-2-9:2019", "GB/T 4706.1-2005", "EN ISO 8124-1:2018+A1:2020".

What counts is who issued it, the number, its parts, and the edition's year where one is stated. Joined issuers are
kept as they are written, so that "EN ISO 8124" is also found where "ISO 8124" is asked for. Whatever looks like one is
one here ("IS 302"): who asks for standards asks for certain ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rules.standard_lists import further, year_behind

#: Who issues standards, as their numbers begin. The longer ones are tried first.
BODIES: Final = (
    "ISO/IEC/IEEE", "ISO/IEC", "ISO/TS", "ISO/TR", "ISO", "IEC/TS", "IEC/TR", "IEC", "CISPR", "ITU-T", "ITU-R", "IEEE",
    "EN ISO/IEC", "EN ISO", "EN IEC", "EN", "ETSI EN", "ETSI", "CEN/TS", "CENELEC", "BS EN ISO", "BS EN IEC", "BS EN",
    "BS", "DIN EN ISO", "DIN EN", "DIN", "VDE", "NF EN", "NF", "UNE-EN", "UNE", "UNI", "GB/T", "GB/Z", "GB", "JIS",
    "KS C IEC", "KS", "KC", "ASTM", "ANSI/UL", "ANSI", "UL", "ASME", "NFPA", "CSA", "SAE", "FMVSS", "SANS", "GOST R",
    "GOST IEC", "GOST", "ГОСТ Р", "ГОСТ IEC", "ГОСТ", "ABNT NBR", "NBR", "NOM", "NMX", "IRAM", "NTC", "NTP", "NCh",
    "IS/IEC", "IS", "SASO", "GSO", "UAE.S", "EAS", "KEBS", "TIS", "TCVN", "QCVN", "SNI", "MS", "PNS", "CNS", "AS/NZS",
    "AS", "NZS", "SS", "SLS", "BDS", "PS", "SI", "TS EN", "TS", "ES", "NIS", "DSTU", "ДСТУ", "STB", "CODEX STAN",
    "CXS", "CXG", "OIML R", "UN/ECE R",
)  # fmt: skip

_NUMBER: Final = re.compile(
    r"(?<![A-Za-z0-9À-ӿ/.\-])(?P<body>"
    + "|".join(re.escape(body).replace(r"\ ", r"[ \-]?") for body in sorted(BODIES, key=len, reverse=True))
    + r")[ \u00a0\-–]?(?P<letter>[A-Z]{1,2}[ \-]?)?(?P<number>\d{1,6})"
    r"(?P<parts>(?:[.\-–/](?:\d{1,3}(?!\d)|[A-Z]{3,5}\d?(?![A-Za-z0-9])))*)"
    r"(?:\s?[:：\-–]\s?(?P<year>(?:19|20)\d\d)(?!\d))?"
)
_MARKS: Final = re.compile(r"[.\-–/]")


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardNumber:
    """One standard as it is cited."""

    body: str  #: "IEC", "GB/T", "EN ISO"
    number: str  #: "60335"; with the letter of its series: "C9335"
    parts: tuple[str, ...] = ()  #: ("2", "9")
    year: str = ""  #: of the edition; empty: not stated

    def __str__(self) -> str:
        """As it is usually written."""
        parts = "".join(f"{'.' if self.body.startswith('GB') else '-'}{part}" for part in self.parts)
        return f"{self.body} {self.number}{parts}{f':{self.year}' if self.year else ''}"

    def meets(self, wanted: StandardNumber) -> bool:
        """Whether it is the standard wanted, a part of it, or the edition wanted of it.

        "IEC 60335" is met by "IEC 60335-2-9:2019" and by "EN IEC 60335-2-9"; "IEC 60335-1:2010" by that edition only.
        """
        return (
            (self.body == wanted.body or self.body.endswith(f" {wanted.body}"))
            and self.number == wanted.number
            and self.parts[: len(wanted.parts)] == wanted.parts
            and wanted.year in ("", self.year)
        )


def standards_in(text: str) -> Iterator[tuple[int, int, StandardNumber]]:
    """The standards that a text cites, with where they stand."""
    for found in _NUMBER.finditer(text):
        body = re.sub(r"(?<=\w)[ \-]+(?=\w)", " ", found["body"]).strip()
        parts = tuple(part.lstrip("0") or "0" for part in _MARKS.split(found["parts"]) if part)
        year = found["year"] or ""
        letter = (found["letter"] or "").strip(" -")
        stated, number = found["parts"], letter + found["number"].lstrip("0")
        ends = year or year_behind(text, found.end(), found["number"], stated)
        yield (*found.span(), StandardNumber(body=body, number=number, parts=parts, year=ends))
        for more in further(text, found.end(), found["number"], stated):
            own = tuple(part.lstrip("0") or "0" for part in _MARKS.split(more.parts) if part)
            one = StandardNumber(body=body, number=number, parts=own, year=more.year or ("" if year else ends))
            yield more.start, more.end, one


def standard(text: str) -> StandardNumber | None:
    """The standard that a text names and nothing besides; None if it is none."""
    for start, end, found in standards_in(text.strip()):
        if (start, end) == (0, len(text.strip())):
            return found
    return None
