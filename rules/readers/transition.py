"""The day a transition or a grace period ends: until when goods by the old rules may still be made, brought in or sold.

Days that stand in the text are read by `watcher.dates`. A length that counts from an event whose day is not settled
("18 months after publication") is a finding without a day; its note says the length.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from rules.classification import Evidence, Facet, Finding, Grade
from rules.reading import NAMING_FIELDS, PROSE_FIELDS, Reading, TextField
from rules.ruleset import RuleSet
from watcher.dates import Precision
from watcher.dates.days import find_days
from watcher.dates.fold import fold
from watcher.dates.patterns import Context, Day
from watcher.later import later

RULE: Final = "reads:transition"

#: Words of a transition, for folded text.
_CUE: Final = later(
    r"(?<!\w)(?:transition(?:al)?(?: and \w+)? (?:periods?|phases?|arrangements?|provisions?|time|measures?)"
    r"|(?:grace|phase ?in|phase ?out|sell ?through|adjustment|adaptation) periods?|period of grace"
    r"|(?:old|existing|previous|former|current) stocks?|stock in trade"
    r"|may (?:still |continue to |also )?be (?:\w+ ){0,2}?(?:placed|made available|sold|marketed|imported|manufactured"
    r"|used|supplied|produced)(?: \w+){0,8}? (?:until|till|up to|before|for (?:a period of )?\w+ months)"
    r"|(?:remains?|shall be|be|stays?) valid(?: \w+){0,6}? (?:until|till|up to)"
    r"|(?:continue|continues) to be (?:recogni[sz]ed|accepted|valid)(?: \w+){0,6}? (?:until|till|up to)"
    r"|(?:stocks?|products|goods) (?:\w+ ){0,6}?may (?:still |continue to )?be sold"
    r"|periodes? (?:de )?transi(?:tion|toires?)|dispositions? transitoires?|delai de grace"
    r"|peuvent (?:encore |continuer a )?etre (?:\w+ ){0,6}?jusqu'au"
    r"|ecoulement des stocks"
    r"|period[oa]s? (?:de )?(?:transi(?:cion|torios?)|gracia|adecuacion|adaptacion)|plazo de (?:transicion|adecuacion"
    r"|adaptacion|gracia)|disposicion(?:es)? transitorias?|agotamiento de (?:existencias|stocks?|inventarios?)"
    r"|podran (?:seguir )?(?:\w+ ){0,6}?hasta)(?!\w)"
    r"|(?:seguiran|seguira|siguen) (?:siendo )?(?:validos?|validas?)(?: \w+){0,6}? hasta"
    r"|(?:restent|demeurent|reste|demeure) (?:valables?|valides?)(?: \w+){0,6}? jusqu'au"
    r"|(?:证书|认证)?换版|完成(?:证书|认证)?(?:的)?(?:转换|换证|更换)|并行(?:运行|实施|适用|执行|有效)?期|过渡(?:期|阶段|时期|条款|性?措施|安排)|宽限期?|缓冲期|可(?:以)?(?:继续)?(?:生产|进口|销售|使用)至"
    r"|(?:库存|已生产的?)(?:产品|商品)?[^。；;]{0,12}(?:可|允许)(?:继续)?销售"
)
#: Where the sentence of a cue begins and ends.
_END: Final = later(r"[.](?=\s|$)(?<!no\.)(?<!art\.)|[;；。\n!?！？]")
_REACH: Final = 280
_MOST: Final = 12
_MOST_SENTENCES: Final = 60

#: Which of several days is the end: the one behind these words.
_UNTIL: Final = later(
    r"(?:until|till|up to|ends?(?: on)?|ending(?: on)?|expir\w+(?: on)?|by|through|before|no later than|to"
    r"|jusqu'(?:au|a)"
    r"|au|avant|fin(?:it|ira)? le|hasta(?: el)?|al|antes del?|vence el|a mas tardar el"
    r"|至|到|截至|截止(?:到|至)?|止于|-|~)"
    r" ?(?:and including |the |le |el |dia )?$"
)
_UNTIL_BEHIND: Final = later(r" ?(?:\)|）)? ?(?:之?前|为?止|(?:结束|届满|到期|截止))")
#: The day a transition begins, or the day of another text.
_FROM: Final = later(
    r"(?:from|since|beginning(?: on)?|starting(?: on)?|as of|after|of|dated"
    r"|du|des le|a partir d[ue]l?|depuis le|desde el"
    r"|de fecha|自|从|于|第[0-9]+号)"
    r" ?(?:the |le |el )?$"
)
_LENGTH: Final = later(
    r"(?<![\w])(?P<count>[0-9]{1,3})[ -]?(?P<unit>days?|weeks?|months?|years?|jours?|semaines?|mois|ans?|annees?|dias?"
    r"|semanas?|mes(?:es)?|anos?)(?!\w)"
    r"|(?P<han>[0-9]{1,3}) ?(?:个)?(?P<han_unit>日|天|周|月|年)"
)
_UNITS: Final = (
    ("day", ("day", "jour", "dia", "日", "天")),
    ("week", ("week", "semaine", "semana", "周")),
    ("month", ("month", "mois", "mes", "月")),
    ("year", ("year", "an", "年")),
)
_ANCHORS: Final = (
    ("publication", later(r"publi|gazette|公布|发布|刊登|diario oficial|journal officiel")),
    ("entry into force", later(r"entr\w* (?:into|en) (?:force|vig)|effective|vigueur|vigor|生效|实施|施行")),
    ("adoption", later(r"adopt|批准|通过|aprob")),
)


def READER(reading: Reading, ruleset: RuleSet) -> Iterable[Finding]:  # noqa: ARG001, N802 - the folder finds it by this name
    """Each end that is told, with the sentence it stands in."""
    told = 0
    for field in (*NAMING_FIELDS, *PROSE_FIELDS):
        if not getattr(reading.facts, field):
            continue
        for start, end in islice(_sentences(reading, field), _MOST_SENTENCES):
            if told == _MOST:
                return
            for finding in _ends(reading, field, start, end):
                told += 1
                yield finding


def _sentences(reading: Reading, field: TextField) -> Iterator[tuple[int, int]]:
    """The sentences that speak of a transition, once each, as stretches of the folded text."""
    text = reading.folded(field).text
    reached = -1
    for cue in _CUE.finditer(text):
        if cue.start() < reached or reading.takes_back(field, cue.start(), cue.end()):
            continue
        low = max(0, reached, cue.start() - _REACH)
        before = [found.end() for found in _END.finditer(text, low, cue.start())]
        start = before[-1] if before else low
        closing = _END.search(text, cue.end(), min(len(text), cue.end() + _REACH))
        reached = closing.start() if closing else min(len(text), cue.end() + _REACH)
        start += len(text[start:reached]) - len(text[start:reached].lstrip())
        yield start, reached


def _ends(reading: Reading, field: TextField, start: int, end: int) -> Iterator[Finding]:
    quote = reading.quote(field, start, end)
    grade = {"document_text": Grade.BROAD}.get(field, Grade.PROBABLE)
    evidence = Evidence(rule=RULE, field=field, quotes=(quote,), grade=grade)
    wording = fold(quote)
    days = find_days(wording, Context("dmy", reading.facts.first_distributed, reading.facts.language))
    if value := _last(wording, days):
        yield Finding(facet=Facet.TRANSITION, value=value, grade=grade, evidence=(evidence,))
    elif not days and (note := _length(wording)):
        yield Finding(facet=Facet.TRANSITION, value="", grade=grade, evidence=(evidence,), note=note)


def _last(wording: str, days: list[Day]) -> str:
    """The day behind "until", else the latest that is no beginning; empty: none is sure to the day."""
    exact = [day for day in days if day.reckoned.value and day.precision is Precision.DAY and day.firm]
    until = [day for day in exact if _UNTIL.search(wording[: day.start]) or _UNTIL_BEHIND.match(wording, day.end)]
    ends = until or [day for day in exact if not _FROM.search(wording[: day.start])]
    values = [day.reckoned.value for day in ends if day.reckoned.value]
    return max(values).isoformat() if values else ""


def _length(wording: str) -> str:
    """ "18 months after publication", in English whatever the text's language; empty: no length is stated."""
    found = _LENGTH.search(wording)
    if not found:
        return ""
    count, unit = int(found["count"] or found["han"]), found["unit"] or found["han_unit"]
    name = next((name for name, words in _UNITS if unit.startswith(words)), "")
    if not name or not count:
        return ""
    behind, before = wording[found.end() :], wording[: found.start()]
    anchor = next((event for event, words in _ANCHORS if words.search(behind[:80]) or words.search(before[-40:])), "")
    return f"{count} {name}{'' if count == 1 else 's'}" + (f" after {anchor}" if anchor else "")
