"""Parts of a year in Latin script: "Q2 2026", "second half of 2026", "été 2026", "mid-2026"."""

from __future__ import annotations

import re

from watcher.dates import Precision
from watcher.dates.calendar import full_year, reckon
from watcher.dates.patterns import TO, YEAR, Context, Day, Readers, a_day, names
from watcher.dates.words import ORDINALS, SEASONS

READERS = Readers()
_season_names, _SEASON_NUMBERS = names(SEASONS)
_ordinal_names, _ORDINAL_NUMBERS = names(ORDINALS)

_OF = r"(?:(?:of the year|of the|of|de l'annee|de l'an|del ano|do ano|de|del|do|nam|year|the) ?)?"
_PART_OF_YEAR = (
    r"(?P<early>early(?: in)?|(?:beginning|start) of|(?:a )?(?:principios|inicios|comienzos) del?|debut(?: de)?|"
    r"inicio de|dau)"
    r"|(?P<mid>mid|middle of|mediados del?|mi|meados de|giua)"
    r"|(?P<end>end of(?: the)?(?: year)?|end|year-end|(?:finales|fines|fin|finais|final|fim) del?|fin|cuoi|close of)"
    r"|(?P<late>late(?: in)?|latter part of)"
)

#: "end of the first quarter": its last month.
_AT_THE_END = re.compile(
    r"(?<![a-z])(?:end|late|fin|fines|finales|final|finais|fim|cuoi)(?: of| in| del?| du| do)?(?: the| el| o)? ?$"
)
_QUARTER_WORD = r"(?:quarter|qtr|trimestre|trim|quartal)"


@READERS.reads(
    rf"(?<![a-z\d])(?:q|t|quy ?)(?P<number>[1-4]|i{{1,3}}|iv)(?![a-z\d])(?: ?{TO} ?q?[1-4])?[ ,/-]{{0,3}}{_OF}{YEAR}"
)
@READERS.reads(rf"(?<![a-z\d])(?P<number>[1-4])[qt][ ,/-]{{0,3}}{_OF}'?(?P<year>\d{{4}}|\d{{2}})(?!\d)")
@READERS.reads(
    rf"(?<![a-z\d])(?P<number>{_ordinal_names})(?: {_QUARTER_WORD})?"
    rf"(?: ?{TO} ?(?:the )?(?:{_ordinal_names}))? {_QUARTER_WORD}s?[ ,/-]{{0,3}}{_OF}{YEAR}"
)
@READERS.reads(rf"(?<![a-z\d]){_QUARTER_WORD} ?(?P<number>[1-4]|i{{1,3}}|iv)(?![a-z\d])[ ,/-]{{0,3}}{_OF}{YEAR}")
@READERS.reads(rf"{YEAR}年?[ ,/-]{{0,3}}(?:q|t|quy ?)(?P<number>[1-4])(?!\d)")
@READERS.reads(rf"{YEAR}[ ,/-]{{0,3}}(?P<number>{_ordinal_names}) {_QUARTER_WORD}")
def _quarter(found: re.Match[str], context: Context) -> Day:
    number = int(found["number"]) if found["number"].isdecimal() else _ORDINAL_NUMBERS[found["number"]]
    month = number * 3 - (0 if _AT_THE_END.search(found.string, 0, found.start()) else 2)
    reckoned = reckon(full_year(int(found["year"])), month, stated_in=context.stated_in)
    return a_day(found, reckoned, Precision.SEASON)


_HALF_WORD = r"(?:half|semestre|semester|moitie|mitad|metade)"


@READERS.reads(rf"(?<![a-z\d])(?P<number>{_ordinal_names}) {_HALF_WORD}[ ,/-]{{0,3}}{_OF}{YEAR}")
@READERS.reads(rf"(?<![a-z\d])[hs](?P<number>[12])[ ,/-]{{0,3}}{_OF}{YEAR}")
@READERS.reads(rf"(?<![a-z\d])(?P<number>[12])[hs][ ,/-]{{0,3}}{_OF}{YEAR}")
@READERS.reads(rf"{YEAR}[ ,/-]{{0,3}}[hs](?P<number>[12])(?![a-z\d])")
@READERS.reads(rf"(?<![a-z\d])(?:6 thang|nua) (?P<number>dau|cuoi)(?: cua)?(?: nam)? {YEAR}")
def _half(found: re.Match[str], context: Context) -> Day:
    second = found["number"] == "cuoi" or _ORDINAL_NUMBERS.get(found["number"], 1) > 1
    month = (7 if second else 1) + (5 if _AT_THE_END.search(found.string, 0, found.start()) else 0)
    return a_day(found, reckon(int(found["year"]), month, stated_in=context.stated_in), Precision.SEASON)


@READERS.reads(rf"(?<![a-z])(?:mua )?(?P<season>{_season_names})(?![a-z])[ ,/-]{{0,3}}{_OF}{YEAR}")
@READERS.reads(rf"{YEAR}[ ,/-]{{1,3}}(?P<season>{_season_names})(?![a-z])")
def _season(found: re.Match[str], context: Context) -> Day:
    reckoned = reckon(int(found["year"]), _SEASON_NUMBERS[found["season"]], stated_in=context.stated_in)
    return a_day(found, reckoned, Precision.SEASON)


@READERS.reads(rf"(?<![a-z])(?:{_PART_OF_YEAR})(?:[ -]| the )(?:the year |l'annee |ano |nam )?{YEAR}(?![/.-]\d)")
def _part_of_year(found: re.Match[str], context: Context) -> Day:
    part = next(name for name in ("early", "mid", "late", "end") if found[name])
    month = {"early": 1, "mid": 6, "late": 10, "end": 12}[part]
    return a_day(found, reckon(int(found["year"]), month, stated_in=context.stated_in), Precision.SEASON)
