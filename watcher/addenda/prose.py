"""Prose cut into sentences in which symbols and dates are covered, so that patterns can speak of "a date here".

A covered text has the same length as the text it covers: a place in one is the place in the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from watcher.later import later

#: Stand in a covered text for each character of a date, of a WTO symbol, of a date that belongs to a citation, and of a
#: quotation.
DATE, SYMBOL, CITED, QUOTED = "¤", "§", "×", "·"

_SYMBOLS: Final = later(
    r"G\s*/\s*(?:TBT|SPS)\s*/\s*(?:N\s*/\s*)?(?:Notif\s*\.?\s*\d{2,4}\s*[./]|[A-Z]{2,4}\s*/)\s*\d+"
    r"(?:\s*/\s*(?:Add|Rev|Corr|Suppl?)\s*\.?\s*\d+)*",
    re.IGNORECASE | re.ASCII,
)

_MONTHS: Final = "|".join(
    (
        # English
        r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?",
        r"nov(?:ember)?|dec(?:ember)?",
        # French
        r"janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre",
        # Spanish
        r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|se[p]?tiembre|octubre|noviembre|diciembre",
    )
)
_DATES: Final = later(
    r"(?:民国|民國|令和|平成)?\s?\d{1,4}\s*年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*[日号號]|[上中下]旬)?"
    r"|\d{4}\s*年\s*(?:第\s*[一二三四1-4]\s*季度|[春夏秋冬]季)"
    r"|(?<![A-Za-z0-9_/.-])\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?![A-Za-z0-9_/-])"
    r"|\b(?:first|second|third|fourth|1st|2nd|3rd|4th)\s+quarter\s+(?:of\s+)?(?:19|20)\d\d\b|\bQ[1-4]\s+(?:19|20)\d\d\b"
    r"|(?<![A-Za-z0-9_/.-])\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?![A-Za-z0-9_/-])"
    rf"|(?<![\w/])(?:\d{{1,2}}(?:st|nd|rd|th|er|º|°)?\s+(?:day\s+)?(?:of\s+|de\s+)?)?(?:{_MONTHS})\b\.?"
    r"(?:\s+\d{1,2}(?:st|nd|rd|th)?\b)?,?\s+(?:of\s+|de\s+|del\s+)?(?:año\s+)?(?:19|20)\d\d\b"
    r"|(?:ngày\s+)?\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}|tháng\s+\d{1,2}\s*(?:năm\s+|/)\d{4}",
    re.IGNORECASE,
)
#: In every date there is one of these. Most texts have none, and looking for dates is the dearest thing that is done.
YEAR: Final = r"(?:19|20)\d\d|\d{4}[-/.]\d|[-/.]\d{4}|năm|年"
_YEAR: Final = later(YEAR, re.IGNORECASE)
#: What is said of a document itself; "G/TBT/N/KEN/22 was published on …" is said of the measure, and news.
_SENT: Final = (
    r"(?:dated|circulated|distributed|notified|issued|diffusée?s?|distribuée?s?|notifiée?s?|datée?s?|communiquée?s?"
    r"|distribuid[ao]s?|notificad[ao]s?|fechad[ao]s?|publicad[ao]s? por la OMC|với)"
)
_BEING: Final = r"(?:(?:which|that|was|were|had|has|been|first|originally|formerly|qui|que|a|été|fue|ha|sido|había)\s+)"
#: Dates that name another document: "notified in G/TBT/N/EGY/334 dated 17 November 2022", "8月14日在G/TBT/…中通报".
_CITATIONS: Final = (
    later(
        rf"{SYMBOL}\s*(?:号)?(?:文件)?[,(]?\s*(?:{_BEING}{{0,4}}(?!(?<=was )issued|(?<=been )issued){_SENT}\s*"
        r"(?:(?:on|of|the|le|du|el|del|de|en|ngày)\s+){0,2}"
        r"|(?:of|du|de|del|từ|de\s+fecha|con\s+fecha|en\s+date\s+du|日期为)\s*(?:(?:the|de|del|el)\s+){0,2}|(?<=[,(])\s*|(?<=[,(]\s))"
        rf"({DATE}+)",
        re.IGNORECASE,
    ),
    later(  # "the draft notified in § on ¤ was adopted": what happened on that day is the notifying
        rf"{SYMBOL}\s+(?:on|le|el)\s+(?:the\s+)?({DATE}+)(?=\s*[,)]{{0,2}}\s*(?:and|which|that|was|were|has|have|had|is|are"
        r"|will|shall|would|should|entered|came|qui|a|ont|est|sont|sera|seront|que|fue|fueron|ha|han|será|serán|se)\b)",
        re.IGNORECASE,
    ),
    later(
        rf"({DATE}+)\s*(?:,\s*)?(?:(?:in|under|as|as document|dans|en|par|como|mediante|bajo|sous|con)(?![a-zé])"
        r"|在|以|经|通过)"
        r"\s*(?:the\s+|la\s+|le\s+|el\s+)?(?:(?:document[o]?|symbol|number|cote|signatura|número|numéro)\s+|文件)?"
        rf"{SYMBOL}",
        re.IGNORECASE,
    ),
    later(
        r"\b(?:notified|notifiée?s?|notificad[ao]s?)\s+(?:(?:to|à|a)\s+(?:the\s+|l['’]|la\s+)?(?:WTO|OMC)\s+)?"
        rf"(?:on|dated|le|el)\s+(?:the\s+)?({DATE}+)",
        re.IGNORECASE,
    ),
    later(  # "¤向世贸组织通报", "¤分发的§", "¤§通报的"
        rf"({DATE}+)(?:向[^,。;{DATE}]{{1,12}})?(?:(?:通报|分发|散发)(?![^,。;]{{0,2}}(?:评议|截止))|的?\s*{SYMBOL}+(?:号)?(?:文件)?(?:中)?通报的)"
    ),
)
_HAN: Final = later(r"[㐀-鿿]")
_LATIN_ENDS: Final = later(r"(?<=[.!?])[\"”’)\]]?\s+(?=[\"“'‘(\[]?[A-ZÀ-ÝĐ¿¡¤§\d])|\n+")
_HAN_ENDS: Final = later(r"[。！？!?]|\n+|(?<=[㐀-鿿])\.\s")
#: A quoted title or sentence tells of other documents, or of words to be corrected: nothing in it is news.
_QUOTED: Final = later(r"“[^“”]{0,300}”|«[^«»]{0,300}»|《[^《》]{0,300}》|「[^「」]{0,300}」")
_STRAIGHT_QUOTED: Final = later(r'"[^"\n]{1,300}"')
#: A full stop behind these ends no sentence.
_ABBREVIATED: Final = later(
    r"(?:\b(?:nos?|n[º°]|núms?|arts?|secs?|vols?|ch|cap|dr|mr|ltd|res|reg|regs|st|vs|e\.g|i\.e|pp?"
    r"|inc|co|fed|para|ref|ed|approx|cf|incl|excl|ex|w\.e\.f)"
    r"|(?-i:\b[A-Z])|[ap]\.m|N\.?[º°])\.\s*$",
    re.IGNORECASE,
)


_WORD: Final = 12  #: characters; no abbreviation is longer
#: Characters; what is longer is no sentence but a list or a table, and is read in pieces.
_LONGEST: Final = 1500


#: Full-width forms, curly apostrophes and the traditional characters of the words that clues are made of: patterns
#: know the plain forms only. Each stands for one character, so that places stay the same.
_PLAIN: Final[dict[int, str | int]] = {
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)},
    0x3000: " ",
    0x2019: "'",
    **str.maketrans(
        "發佈評議長實採納銷廢規則應見從開徵後適範圍變擴縮業經獲過簽頒補遺報標準條擬預計劃將於為強製執遲間時東號導勘誤級關鍵終結",
        "发布评议长实采纳销废规则应见从开征后适范围变扩缩业经获过签颁补遗报标准条拟预计划将于为强制执迟间时东号导勘误级关键终结",
    ),
    **str.maketrans("審員會該這產內別單書證認許調減來現數電機關對無", "审员会该这产内别单书证认许调减来现数电机关对无"),
}
_CHANGED: Final = frozenset(map(chr, _PLAIN))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence as it stands, and covered."""

    text: str
    covered: str


def is_han(text: str) -> bool:
    """Whether a text holds Chinese characters."""
    return _HAN.search(text) is not None


def folded(text: str) -> str:
    """The text in plain forms, character by character: full-width to half-width, traditional to simplified."""
    return text if text.isascii() or _CHANGED.isdisjoint(text) else text.translate(_PLAIN)


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a plain text, in order. Blank ones are left out."""
    covered = cover(text)
    han = is_han(text)
    start = 0
    for end in (_HAN_ENDS if han else _LATIN_ENDS).finditer(covered):
        if (
            not han
            and "\n" not in end[0]
            and _ABBREVIATED.search(covered, max(start, end.start() - _WORD), end.start())
        ):
            continue
        yield from _sentence(text, covered, start, end.end())
        start = end.end()
    yield from _sentence(text, covered, start, len(text))


def cover(text: str) -> str:
    """The text with each WTO symbol, quotation, date and cited date overwritten, length kept."""
    plain = folded(text).replace(DATE, " ")  # a writer's own sign is no date
    covered = _SYMBOLS.sub(lambda found: SYMBOL * len(found[0]), plain)
    covered = _QUOTED.sub(lambda found: QUOTED * len(found[0]), covered)
    if covered.count('"') % 2 == 0:
        covered = _STRAIGHT_QUOTED.sub(lambda found: QUOTED * len(found[0]), covered)
    if not _YEAR.search(covered):
        return covered
    covered = _DATES.sub(lambda found: DATE * len(found[0]), covered)
    for citation in _CITATIONS if DATE in covered else ():
        for found in list(citation.finditer(covered)):
            start, end = found.span(1)
            covered = covered[:start] + CITED * (end - start) + covered[end:]
    return covered


def cover_dates(text: str) -> str:
    """The text in plain forms with each WTO symbol and date overwritten, length kept; quotations stay."""
    plain = folded(text).replace(DATE, " ")
    covered = _SYMBOLS.sub(lambda found: SYMBOL * len(found[0]), plain)
    return _DATES.sub(lambda found: DATE * len(found[0]), covered)


def _sentence(text: str, covered: str, start: int, end: int) -> Iterator[Sentence]:
    for piece in range(start, end, _LONGEST):
        cut = slice(piece, min(piece + _LONGEST, end))
        if text[cut].strip():
            yield Sentence(text=text[cut], covered=covered[cut])
