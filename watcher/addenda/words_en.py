"""What English addenda say of a measure's adoption and publication, as clues.

`¤` stands for a date, `§` for a symbol, `·` for a quotation (`watcher.addenda.prose`). The words that all English clues
share are here too; `words_en_force` and `words_en_comments` have the rest.
"""

from __future__ import annotations

import re
from typing import Final

from watcher.addenda.clues import Clue, Says
from watcher.later import later


def en(pattern: str) -> re.Pattern[str]:
    """An English pattern, capitals and small letters alike."""
    return later(pattern, re.IGNORECASE)


ADV: Final = (
    r"(?:(?:now|hereby|formally|officially|finally|duly|also|since|subsequently|already|thereby|recently|therefore|thus"
    r"|just|both|first|eventually|unanimously|then|fully|therewith|today)\s+)*"
)
WAS: Final = rf"\b(?:was|were|(?:has|have|had)\s+{ADV}been)\s+{ADV}"
DAY: Final = r"(?P<d>¤+)"
DAY_2: Final = r"(?P<d2>¤+)"
DAY_3: Final = r"(?P<d3>¤+)"

#: Between "adopted" and its date stands no word that the date could belong to instead.
_OTHER_EVENT: Final = (
    r"(?!\b(?:enter\w*|entry|force|effect\w*|comments?|published|applies|apply|applicable|transition\w*|valid|until"
    r"|replac\w+|repeal\w*|supersed\w+|amend(?:ed|ing|s)|notified|compl\w+|notification|withdrawn|expires?"
    r"|implemented)\b)"
)
GAP: Final = (
    rf"(?:\s+|(?:{_OTHER_EVENT}[^¤;]){{0,160}}?(?:\b(?:on|dated|of|in|since|from|as\s+of|at)\b|[:,(–-])\s*(?:the\s+)?)"
)

MEASURE: Final = en(
    r"§|\b(?:measures?|regulations?|standards?|rules?|decrees?|resolutions?|orders?|ordinances?|acts?"
    r"|laws?|bills?|drafts?"
    r"|documents?|amendments?|procedures?|specifications?|directives?|notices?\s+no|codes?|schemes?|program(?:me)?s?|norms?"
    r"|decisions?|circulars?|instructions?|guidelines?|communiqu[eé]s?|by-?laws?|instruments?"
    r"|revisions?|version|edition"
    r"|proposals?|it|this|text|requirements|determination|criteria|policy|provisions|protocols?"
    r"|notifications?\s+(?:of|no))\b"
)
_ACT: Final = (
    r"\b(?:resolution|decree|order|ordinance|regulation|decision|directive|act|law|circular|notification|notice"
    r"|agreement|instruction)s?\b"
)
_FINAL_ACT: Final = (
    r"\b(?:final\s+(?:rule|text|version|regulation|decision|order|measure|determination|standard)s?|regulations?"
    r"|resolutions?|decrees?|orders?|ordinances?|acts?|laws?|standards?|directives?|decisions?|instruments?|amendments?"
    r"|circulars?|legislation|measures?|bill|rules)\b(?!\s+(?:proposal|draft|consultation))"
)
DRAFT: Final = (
    r"\b(?:proposed|proposals?|propos(?:es|ing)|drafts?|notices?\s+of|consultations?|requests?|guidance|guidelines?"
    r"|advance|discussion|preliminary|corrections?|corrigendum|reports?|surveys?|invitations?|summary|petition"
    r"|erratum)\b"
)
_OBJECT: Final = rf"(?=(?:(?!{DRAFT}|\b(?:for|under|with|against|concerning|on|to)\b)[^;]){{0,90}}?{_FINAL_ACT})"

#: Conditions and things to come, right before the words that would otherwise say that something was done.
IF: Final = (
    r"\b(?:if|once|when|whenever|where|unless|as\s+soon\s+as|provided\s+that|whether|assuming|in\s+case|until|should)\b"
    r"[^,;.]*$|\b(?:after|before|upon)\s+(?:it|they|the|this|its|such|being|having)\s+(?:\w+\s+){0,3}$"
    r"|\b(?:expected|likely|assumed|believed|supposed)\s+to\s+$"
)
#: What is adopted, approved or withdrawn every day and is not the measure.
NOT_THE_MEASURE: Final = (
    r"|\b(?:products?|devices?|equipment|vehicles?|laborator(?:y|ies)|bod(?:y|ies)|applications?"
    r"|models?|types?|samples?"
    r"|materials?|additives?|substances?|drugs?|imports?|facilit(?:y|ies)|manufacturers?|applicants?|certificates?"
    r"|approvals?|licen[cs]es?|permits?|labels?|registrations?|authori[sz]ations?|accreditations?|exemptions?|goods"
    r"|items?|variet(?:y|ies)|suppliers?|importers?|operators?|budget|methods?|guidance|guidelines?)\s+"
    r"(?:(?:that|which|who|already)\s+)*$|^[^§]*\bwhich\s+$"
    r"|\b(?:referenced|cited|mentioned|referred\s+to|listed)\s+in\b[^,;]*$"
)
NOT_DONE: Final = en(IF + NOT_THE_MEASURE)
_NOT_FINAL: Final = en(IF + NOT_THE_MEASURE + rf"|{DRAFT}[^;]*$")
#: Behind the verb: it was approved for something, or by those who write what others refer to.
_FOR_COMMENTS: Final = (
    r"(?!\s+(?:\w+\s+){0,3}?for\s+(?:the\s+|a\s+)?(?:\w+\s+)?(?:consultation|comments?|circulation|notification|enquiry"
    r"|review|discussion|hearing|use|sale|import\w*|inquiry)\b)(?!\s+from\b)(?!\s+(?:laborator|bod))"
    r"(?!\s+by\s+(?:the\s+)?(?:ISO|IEC|ITU|CEN|CENELEC|ETSI|Codex|ASTM|IEEE|UNECE|OIML|UL|SAE|ASME|NFPA)\b)"
    r"(?!\s+by\s+(?:the\s+|its\s+)?(?:national\s+)?(?:technical|working|drafting|mirror|sub)\w*[\s-]*(?:committee|group))"
)
#: A plan, or a draft that has still to pass.
TENTATIVE: Final = en(
    r"\b(?:proposed|expect\w*|intend\w*|plan(?:s|ned|ning)?|schedul\w+|anticipat\w+|tentative\w*|estimat\w+"
    r"|would(?!\s+like)|could|should|may(?!\s+¤)|might|if|once|drafts?|proposals?|proposes?|envisag\w+|foreseen|likely"
    r"|target(?:ed)?|subject\s+to)\b"
)
_NOT_PASSED: Final = en(
    r"\b(?:submitted|transmitted|forwarded|sent)\s+(?:\w+\s+){0,3}?to\s+(?:the\s+)?(?:parliament"
    r"|congress|council|senate"
    r"|assembly|president|legislat\w+)\b|\b(?:first|second)\s+reading\b"
)
_DONE: Final = (
    r"(?:adopted|approved|enacted|promulgated|finali[sz]ed|ratified|passed|gazetted|signed(?:\s+into\s+law)?)"
)
_AND_PUBLISHED: Final = r"(?:(?:\s*,|\s+and)\s+(?:\w+\s+)?(?:published|gazetted|issued|promulgated)\b)?"
_RULE: Final = r"(?:direct\s+|interim\s+)?final\s+(?:rule|regulation|order)\b"

_ADOPTED: Final = (
    Clue(  # "was adopted by the Council on ¤", "has been adopted and published on ¤"
        says=Says.ADOPTED,
        wording=en(rf"(?:{WAS}|\b(?:is|are)\s+hereby\s+){_DONE}\b{_FOR_COMMENTS}{_AND_PUBLISHED}(?:{GAP}{DAY})?"),
        needs=MEASURE,
        unless=NOT_DONE,
        unless_anywhere=_NOT_PASSED,
    ),
    Clue(  # "is adopted on ¤"
        says=Says.ADOPTED,
        wording=en(rf"\b(?:is|are)\s+{ADV}(?:adopted|approved|promulgated|finali[sz]ed){_FOR_COMMENTS}{GAP}{DAY}"),
        needs=MEASURE,
        unless=NOT_DONE,
        unless_anywhere=TENTATIVE,
    ),
    Clue(  # "the Ministry has issued Resolution 5 of ¤"
        says=Says.ADOPTED,
        wording=en(rf"\b(?:has|have)\s+{ADV}(?:{_DONE}|issued)\b\s+{_OBJECT}(?:{GAP}{DAY})?"),
        unless=en(IF),
        unless_anywhere=_NOT_PASSED,
    ),
    Clue(  # "On ¤, the Ministry issued Resolution 5"
        says=Says.ADOPTED,
        wording=en(
            rf"^\W*(?:on|in)\s+(?:the\s+)?{DAY},?\s+(?:[^.;,]|,(?!\s+which)){{3,180}}?(?<!been )(?<!was )(?<!were )"
            rf"(?<!be )\b(?:{_DONE}|issued)\b\s+{_OBJECT}"
        ),
        unless_anywhere=_NOT_PASSED,
    ),
    Clue(  # "On ¤, the standard was approved"
        says=Says.ADOPTED,
        wording=en(
            rf"^\W*(?:on|in)\s+(?:the\s+)?{DAY},?\s+(?:(?!{DRAFT}|\bwhich\b)[^¤;]){{3,200}}?{WAS}(?:{_DONE}|issued)"
            rf"\b{_FOR_COMMENTS}"
        ),
        needs_anywhere=MEASURE,
        unless_anywhere=_NOT_PASSED,
    ),
    Clue(  # "the Agency issued Resolution 5 of ¤"
        says=Says.ADOPTED,
        wording=en(
            r"(?<!been )(?<!was )(?<!were )(?<!be )(?<!is )(?<!are )(?<!or )"
            r"\b(?:adopted|approved|enacted|promulgated|issued|finali[sz]ed)\s+(?=(?:the|a|an|its|this"
            r"|these)\b|(?-i:[A-Z]))"
            rf"{_OBJECT}{GAP}{DAY}"
        ),
        needs=en(r"(?-i:\b[A-Z][\w.]+[^;]{0,60}$)"),
        unless=_NOT_FINAL,
        unless_anywhere=TENTATIVE,
    ),
    Clue(  # "the Commission adopted on ¤ Regulation 5"
        says=Says.ADOPTED,
        wording=en(
            rf"(?<!been )(?<!was )(?<!were )(?<!be )\b(?:{_DONE}|issued)\s+(?:on\s+)?(?:the\s+)?{DAY},?\s+"
            rf"(?=(?:the|a|an|its|this)\b|(?-i:[A-Z])){_OBJECT}"
        ),
        needs=en(r"(?-i:\b[A-Z][\w.]+[^;]{0,60}$)"),
        unless=_NOT_FINAL,
        unless_anywhere=TENTATIVE,
    ),
    Clue(  # "Ordinance No. 200 of ¤ was issued", "by Resolution 5 dated ¤, the protocol was approved"
        says=Says.ADOPTED,
        wording=en(
            rf"{_ACT}[^¤;]{{0,80}}?(?:\b(?:of|dated)\b|,)\s*{DAY}[^¤;.]{{0,120}}?{WAS}(?:{_DONE}"
            rf"|issued)\b{_FOR_COMMENTS}"
        ),
        unless=_NOT_FINAL,
        unless_anywhere=en(r"\b(?:amended|clarified|repealed|replaced|superseded)\b|^[^§]*\bwhich\b"),
    ),
    Clue(  # "Date of adoption: ¤"
        says=Says.ADOPTED,
        wording=en(rf"\b(?:date\s+of\s+)?(?:adoption|approval)(?:\s+date)?\s*(?::|\bis\b|\bwas\b)\s*(?:on\s+)?{DAY}"),
        unless_anywhere=TENTATIVE,
    ),
)

_PUBLISHED: Final = (
    Clue(  # "has published the final regulations on ¤"
        says=Says.PUBLISHED,
        wording=en(rf"\b(?:has|have)\s+{ADV}(?:published|gazetted)\b\s+{_OBJECT}(?:{GAP}{DAY})?"),
        unless=en(IF),
    ),
    Clue(  # "On ¤, the Ministry published the order", "On ¤, the standard was published in the Official Journal"
        says=Says.PUBLISHED,
        wording=en(
            rf"^\W*(?:on|in)\s+(?:the\s+)?{DAY},?\s+(?:(?!\bwhich\b)[^.;]){{3,180}}?(?<!been )(?<!was )"
            r"(?<!were )(?<!be )"
            rf"\b(?:published|gazetted)\b\s+{_OBJECT}"
            rf"|^\W*(?:on|in)\s+(?:the\s+)?{DAY_2},?\s+(?:(?!{DRAFT}|\bwhich\b)[^¤;]){{3,200}}?{WAS}"
            r"(?:published|gazetted)\b"
            rf"{_FOR_COMMENTS}"
        ),
        needs_anywhere=MEASURE,
    ),
    Clue(  # "was published in the Official Gazette dated ¤", "was revised and published on ¤"
        says=Says.PUBLISHED,
        wording=en(
            rf"{WAS}(?:\w+ed\s+and\s+)?(?:published|gazetted|issued|promulgated)\b{_FOR_COMMENTS}(?:{GAP}{DAY})?"
        ),
        needs=MEASURE,
        unless=_NOT_FINAL,
    ),
    Clue(  # "was adopted by …, and published in the Official Journal on ¤"
        says=Says.PUBLISHED,
        wording=en(rf"(?:\band|,|–|-)\s+(?:it\s+)?(?:was\s+)?(?:published|gazetted)\b{GAP}{DAY}"),
        needs=en(rf"{WAS}(?:{_DONE}|issued)\b[^;]*$"),
        unless=NOT_DONE,
    ),
    Clue(  # "is published on ¤", "Date of publication: ¤"
        says=Says.PUBLISHED,
        wording=en(
            rf"\b(?:is|are)\s+{ADV}(?:published|gazetted|promulgated)\b{_FOR_COMMENTS}{GAP}{DAY}"
            rf"|\bdate\s+of\s+publication\s*(?::|\bis\b|\bwas\b)\s*{DAY_2}"
        ),
        needs=MEASURE,
        unless=_NOT_FINAL,
        unless_anywhere=TENTATIVE,
    ),
    Clue(  # "the draft … was published as KS 12:2024"
        says=Says.PUBLISHED,
        wording=en(
            rf"{WAS}(?:published|gazetted|issued)\b(?:\s+[^;¤]{{0,80}}?)?"
            rf"(?:\s+(?:on|dated|of)\s+(?:the\s+)?{DAY}[^;¤]{{0,80}}?)?\s+as\s+(?:the\s+|an?\s+)?"
            r"(?-i:[A-Z]{2,}|[A-Z][a-z]+\s+(?:Standard|Regulation|Decree|Resolution|Order|Act))"
        ),
        unless=en(IF),
    ),
    Clue(  # "this final rule …", "is issuing a final rule", "Action: Final rule", "text of the final measure"
        says=Says.FINAL,
        wording=en(
            rf"\b(?:this|the\s+present|today's)\s+{_RULE}|\b(?:is|are)\s+{ADV}(?:issuing|publishing|adopting"
            r"|finali[sz]ing"
            rf"|promulgating)\s+{_OBJECT}|\b(?:issues|publishes|announces)\s+(?:an?\s+|its\s+|the\s+)?{_RULE}"
            rf"|^\W*{_RULE}|\baction:\s*{_RULE}|[;:,(–-]\s*{_RULE}\W*$|\btext\s+of\s+the\s+(?:final|adopted)\b"
        ),
        unless=en(IF),
        unless_anywhere=en(r"final\s+rules?\W+(?:withdraw|correct)|\bproposed\s+rule|\bwithdrawal\b|\bwill\s+be\b"),
    ),
)

CLUES: Final = _ADOPTED + _PUBLISHED
