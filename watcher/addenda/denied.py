"""What a sentence denies: "has not been adopted", "将不会生效", "n'entrera pas en vigueur", "no ha sido aprobado".

Works on covered sentences (`watcher.addenda.prose`): `¤` stands for a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

Span = tuple[int, int]

#: "Not yet" and "did not" leave open that it will: only what is denied of the future holds for the whole sentence.
_EN_WILL_NOT: Final = (
    r"(?:\b(?:(?:will|shall|would|do|does|is|are|can|may|could|should)\s+(?:not|never|no\s+longer)|cannot)"
    r"|\b(?:wo|does|do|ca|would|is|are)n?n't)\s+(?:(?:now|be|going|expected|planned|due|to|any|longer|therefore|then|\w+ly)\s+){0,4}"
)
_EN_FORCE: Final = (
    r"(?:(?:enter|come|go|put|brought)\s+in(?:to)?\s+(?:full\s+)?(?:force|effect|operation)|take\s+effect"
    r"|become\s+effective)\b"
)
_EN_NOT: Final = (
    r"(?:\b(?:(?<!decided )not|never|cannot|neither|nor|no\s+longer)|n't)\s+"
    r"(?:(?:yet|been|be|being|have|having|become|going|expected|planned|due|to|now|ever|any|longer|therefore|then|\w+ly)\s+){0,4}"
)
_EN_ACTS: Final = (
    r"(?:(?:enter|come|came|go|gone)\w*\s+in(?:to)?\s+(?:full\s+)?(?:force|effect|operation)"
    r"|(?:take|took|taken)\s+effect|in\s+(?:force|effect)\b|effective\b|mandatory\b|compulsory\b|applicable\b"
    r"|commence|adopt|approv|enact|promulgat|finali[sz]|ratif|pass(?:ed)?\b|gazett|sign(?:ed)?\b|publish|issu"
    r"|appl(?:y|ied)\s+(?:from|on|as)\b|implement|enforc|withdr[ae]w|revok|repeal|cancel|rescind|annul|abandon"
    r"|postpon|extend|delay|defer|prolong|re-?open|mov(?:e|ed)\b|chang(?:e|ed)\b)"
)
_FR_NOT: Final = (
    r"\b(?:ne\s+|n')(?:\w+\s+){1,2}?(?:pas|plus|jamais|point)\s+"
    r"(?:(?:encore|été|être|plus|entrée?s?|entrer|pris|prendre|\w+ment)\s+){0,3}"
)
_FR_FORCE: Final = (
    r"\b(?:ne\s+|n')(?:entre\w*|prend\w*|peut|pourra\w*|doit|devrai\w*)\s+(?:pas|plus|jamais|point)\s+"
    r"(?:(?:entrer|prendre|donc)\s+){0,2}(?:en\s+vigueur|effet)\b"
)
_FR_ACTS: Final = (
    r"(?:en\s+vigueur\b|effet\b|(?:applicable|obligatoire)s?\b|adopt|approuv|promulgu|homologu|entérin|ratifi|sign|publi|pris\b|prise\b|retir|abrog|annul|révoqu|abandonn"
    r"|report|diff[eé]r|repouss|ajourn|prorog|prolong|retard|modifi|rouvert)"
)
_ES_NOT: Final = (
    r"\b(?:no|nunca|jamás|tampoco)\s+"
    r"(?:(?:se|ha|han|había|habían|fue|fueron|será|serán|sido|es|está|sea|haya|aún|todavía|va|van|a|ser)\s+){0,5}"
)
_ES_FORCE: Final = (
    r"\b(?:no|nunca|jamás|tampoco|ya\s+no)\s+(?:(?:va|van|a|podrá|podrán|puede)\s+){0,2}"
    r"(?:entr(?:a|ará|arán|an|ar|aría)\s+en\s+(?:vigor|vigencia)|surt(?:irá|irán|e|en|ir)\s+efectos?|regirá)\b"
)
_ES_ACTS: Final = (
    r"(?:entr\w+\s+en\s+(?:vigor|vigencia)|en\s+(?:vigor|vigencia)\b|vigente|surt\w+\s+efectos?|regir"
    r"|(?:obligatori[oa]|aplicable|exigible)s?\b|aprob|aprueb|adopt|promulg|exp[ie]di|emit|dict[aó]|oficializ|firm[aó]|ratific|public(?:ad|ó|ar|aron|a\b)"
    r"|retir|derog|anul|revoc|cancel|prorrog|aplaz|posterg|pospon|pospu|pospues|difer|difier|ampl[ií]|extend|extiend"
    r"|modific|traslad|reabr)"
)
_ZH_BETWEEN: Final = (
    r"于|在|由|自|从|会|将|能|获得?|得到|被|予以?|如期|按期|按计划|正式|再|原定|该日期?|当日|同日|此日|起|\s"
)
_ZH_TO: Final = rf"(?:{_ZH_BETWEEN}){{0,5}}¤*(?:{_ZH_BETWEEN}){{0,6}}"
_ZH_NOT: Final = r"(?:没有|未(?!经|作|做|加)|不(?!但|仅|断|久|日))" + _ZH_TO
_ZH_FORCE: Final = r"(?:生效|施行|实施|强制执行|强制实施)"
_ZH_ACTS: Final = (
    r"(?:生效|施行|实施|强制执行|强制实施|审议通过|批准|通过(?![^,。;]{0,6}(?:测试|认证))|采纳|核准|颁布|采用|签署|公布|发布|刊登|撤回|撤销|撤消|废止"
    r"|取消|推迟|延期|延迟|延后|延长|变更|更改)"
)


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_FORCE: Final = _any(
    # "shall not enter into force until ¤" says when it will.
    _EN_WILL_NOT + _EN_FORCE + r"(?!\s+(?:until|till|unless)\b)",
    r"\b(?:entry|coming)\s+into\s+(?:force|effect)\b[^;.]{0,60}?\b(?:will|shall|does)\s+not\s+"
    r"(?:take\s+place|happen|occur)\b",
    _FR_FORCE,
    _ES_FORCE + r"(?!\s+hasta\s+(?:el\s+)?¤)",
    r"不(?!但|仅|断|久|日)" + _ZH_TO + _ZH_FORCE,
)
_ACTS: Final = _any(_EN_NOT + _EN_ACTS, _FR_NOT + _FR_ACTS, _ES_NOT + _ES_ACTS, _ZH_NOT + _ZH_ACTS)


def denies_force(covered: str) -> bool:
    """Whether the sentence says that something does not enter into force: a day in it is then not that of entry."""
    return _FORCE.search(covered) is not None


def denied_acts(covered: str) -> tuple[Span, ...]:
    """Where the sentence says that something was not, or will not be, done. What is read across it is not so."""
    return tuple(found.span() for found in _ACTS.finditer(covered))


def touches(span: Span, others: Iterable[Span]) -> bool:
    """Whether a span shares a character with one of the others."""
    return any(start < span[1] and span[0] < end for start, end in others)
