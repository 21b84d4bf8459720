"""What English addenda say of entry into force, plans, delays and withdrawal, as clues."""

from __future__ import annotations

from typing import Final

from watcher.addenda.clues import Clue, Says
from watcher.addenda.words_en import ADV, DAY, DAY_2, DAY_3, GAP, IF, NOT_DONE, NOT_THE_MEASURE, TENTATIVE, WAS, en

_SHORT_GAP: Final = (
    r"(?:[^¤;.]{0,40}?\b(?:on|of|from|since|in|at|is|be|for)\b\s*(?:the\s+)?|\s+(?:w\.?\s?e\.?\s?f\.?\s*)?)"
)
_INTO_FORCE: Final = r"in(?:to)?\s+(?:full\s+)?(?:force|effect|operation)\b"
_ENTRY: Final = (
    r"\b(?:entry\s+into\s+(?:force|effect|operation)|entry-into-force|coming\s+into\s+(?:force"
    r"|effect)|effective\s+dates?"
    r"|(?:date|day|time)s?\s+of\s+(?:effect|application|implementation|enforcement|entry)"
    r"|(?:mandatory\s+)?(?:implementation|enforcement|application)(?:\s+dates?)?|mandatory\s+dates?)\b"
)
_PUT: Final = (
    r"\b(?:postponed|extended|delayed|deferred|moved|changed|rescheduled|brought\s+forward|advanced|revised|amended"
    r"|put\s+back|pushed\s+back|shifted|prolonged)\b"
)
_COMMENTS: Final = r"\b(?:comment\w*|consultation|observations)\b"
#: "from ¤ to ¤": the second is the news.
_TO: Final = (
    r"(?:[^¤;]{0,40}?\bfrom\s+(?:the\s+)?¤+)?[^¤;]{0,60}?\b(?:(?:up\s+)?to|until|till|as|for|by"
    r"|new\s+date\s+(?:is|of))(?:\s+|:\s*)"
    r"(?:the\s+)?"
)
#: "of the final rule published on ¤", "of ¤" between a date's name and what becomes of it.
_OTHER_DAY: Final = r"(?:[^¤;]{0,60}?¤+)?"
#: "was due to enter into force on ¤": an old plan.
_WAS_TO: Final = r"\b(?:was|were|had\s+been)\s+(?:\w+\s+){0,2}to\s+$"
_NOT_YET: Final = en(r"\b(?:would(?!\s+like)|could|might|may(?!\s+¤)|requested|requests?|asked)\b")
_MINE: Final = r"(?:§|\b(?:notification|notified|drafts?|proposed|proposal|measure|rulemaking|NPRM?|NOPR)\b)"
_REVOKED: Final = (
    r"(?:withdrawn|revoked|repealed|cancell?ed|rescinded|annulled|abandoned|abrogated|discontinued|terminated)\b"
)

_ENTERS: Final = (
    rf"(?:(?:\b(?:enters?|comes?|goes|go)\s+{_INTO_FORCE})|\btakes?\s+effect\b|\b(?:become|becomes|be)\s+effective\b)"
)

_IN_FORCE: Final = (
    Clue(  # "entered into force on ¤"
        says=Says.IN_FORCE,
        wording=en(
            rf"(?:\b(?:has|have|had)\s+{ADV}(?:entered|come|gone)|\b(?:entered|came"
            rf"|went))\s+{_INTO_FORCE}(?:{_SHORT_GAP}{DAY})?"
        ),
        unless=NOT_DONE,
    ),
    Clue(  # "took effect on ¤", "is now in force", "in force since ¤"
        says=Says.IN_FORCE,
        wording=en(
            rf"\b(?:took\s+effect|(?:has|have)\s+{ADV}taken\s+effect|became\s+(?:effective|mandatory"
            r"|applicable|compulsory)"
            rf"|(?:has|have)\s+{ADV}(?:been\s+in\s+(?:force|effect)|become\s+(?:effective|mandatory|compulsory))"
            r"|(?:is|are)\s+(?:now|already)\s+(?:in\s+(?:force|effect)|effective|mandatory)"
            rf"|(?:is|are)\s+in\s+(?:force|effect)\s+since)\b(?:{_SHORT_GAP}{DAY})?"
        ),
        unless=NOT_DONE,
        unless_anywhere=en(r"\bwill\s+be\s+(?:replaced|repealed|amended)\b"),
    ),
    Clue(  # "has applied since ¤", "has been mandatory since ¤"
        says=Says.IN_FORCE,
        wording=en(
            rf"\b(?:has|have)\s+{ADV}(?:applied|been\s+(?:applied|applicable|mandatory|compulsory|effective|enforced|implemented))"
            rf"\s+(?:since|from|as\s+of|as\s+from)\s+(?:the\s+)?{DAY}"
        ),
        needs=en(
            r"\b(?:regulation|determination|rule|act|order|standard|measure|law|amendment|instrument|decree|it|§)s?\b|§"
        ),
        unless=NOT_DONE,
    ),
    Clue(  # "promulgated on ¤ and enforced on ¤", "the Act commenced on ¤"
        says=Says.IN_FORCE,
        wording=en(
            rf"\b(?:(?:and|{WAS})\s*(?:enforced|implemented|applied)|commenced)\s+(?:on|from|since|as\s+of)\s+{DAY}"
        ),
        needs=en(
            r"\b(?:regulation|determination|rule|act|order|standard|measure|law|amendment|instrument|decree|it)s?\b"
        ),
        unless=NOT_DONE,
        unless_anywhere=en(r"\b(?:consultation|meeting|hearing|investigation)\b"),
    ),
    Clue(  # "will enter into force on ¤", "shall apply from ¤"
        says=Says.WILL_BE_IN_FORCE,
        wording=en(
            rf"\b(?:(?:will|shall|is\s+to|are\s+to|would|may|should)\s+(?:\w+\s+)?(?:enter|come|go)\s+{_INTO_FORCE}"
            rf"|(?:enters?|comes?|goes|entering|coming)\s+{_INTO_FORCE}|(?:will\s+|shall\s+)?takes?\s+effect"
            r"|(?:will|shall)\s+(?:\w+\s+)?(?:be|become)\s+(?:\w+\s+)?(?:effective|mandatory|compulsory"
            r"|applicable|enforced"
            r"|implemented|applied|in\s+(?:force|effect))|(?:will|shall)\s+(?:apply|commence)|applies|(?:is|are)\s+applicable|to\s+be\s+(?:implemented|enforced)"
            rf"|becomes?\s+(?:effective|mandatory|applicable)|commences|with\s+effect)(?:\b|(?<=\s)){_SHORT_GAP}{DAY}"
        ),
        unless=en(_WAS_TO + NOT_THE_MEASURE + r"|\b(?:consultation|meeting|hearing|compliance)\b[^;]{0,40}$"),
        tentative=TENTATIVE,
    ),
    Clue(  # "effective date: ¤", "effective ¤", "in force from ¤"
        says=Says.WILL_BE_IN_FORCE,
        wording=en(
            rf"{_ENTRY}(?:(?!{_PUT}|{_COMMENTS}|\b(?:proposed|adoption|published|issued)\b)[^¤;.]){{0,60}}?"
            rf"(?:\b(?:is|are|was|on|of|be)\b|:)\s*(?:set\s+(?:at|for|as)\s+|on\s+|the\s+)*{DAY}"
            r"|(?:^|[,;(:–]\s*|\b(?:and|is|are|be|becomes?)\s+)effective\s+"
            rf"(?:(?:on|from|as\s+of|as\s+from|since|beginning|starting|date)\s*:?\s*)?(?:the\s+)?{DAY_2}"
            rf"|(?<!remain )(?<!remains )\bin\s+(?:force|effect)\s+(?:from|as\s+of|as\s+from|on)\s+{DAY_3}"
        ),
        tentative=TENTATIVE,
    ),
    Clue(  # "will enter into force six months after publication"
        says=Says.WILL_BE_IN_FORCE,
        wording=en(
            rf"\b(?:(?:will|shall)\s+(?:\w+\s+)?(?:(?:enter|come|go)\s+{_INTO_FORCE}|take\s+effect"
            rf"|be(?:come)?\s+(?:effective|mandatory))|(?:enters?|comes?)\s+{_INTO_FORCE})\s+(?P<w>[^.;¤]{{3,100}})"
        ),
        tentative=TENTATIVE,
    ),
)

_PLANS: Final = (
    Clue(
        says=Says.PLANNED_ADOPTION,
        wording=en(
            r"\b(?:(?:expected|planned|intended|scheduled|anticipated|proposed|due|likely|set)\s+to\s+be"
            rf"|(?:will|shall|would|should|may)\s+be|be)\s+(?:\w+\s+)?(?:adopted|approved|published|finali[sz]ed|issued"
            rf"|promulgated)\b{GAP}{DAY}"
            r"|\b(?:proposed|planned|expected|new|revised|tentative)\s+(?:dates?\s+(?:of"
            r"|for)\s+)?adoption(?:\s+date)?\b"
            rf"[^¤;.]{{0,60}}?(?:\bfrom\s+¤+\s+)?(?:\b(?:is|are|to|be|as|for|in)\b|:)\s*(?:the\s+)?{DAY_2}"
        ),
    ),
    Clue(
        says=Says.PLANNED_FORCE,
        wording=en(
            r"\b(?:proposed|planned|expected|tentative)\s+(?:dates?\s+(?:of|for)\s+)?(?:its\s+|the\s+)?"
            r"(?:entry\s+into\s+force|effective\s+date)(?:\s+date)?\b"
            rf"[^¤;.]{{0,60}}?(?:\bfrom\s+¤+\s+)?(?:\b(?:is|are|to|be|as|for|in)\b|:)\s*(?:the\s+)?{DAY}"
        ),
    ),
    Clue(  # "the date of entry into force is postponed to ¤", "postpones the entry into force until ¤"
        says=Says.FORCE_MOVED,
        wording=en(
            rf"{_ENTRY}(?:(?!{_COMMENTS})[^¤;.]){{0,120}}?{_OTHER_DAY}[^¤;]{{0,60}}?{_PUT}{_TO}{DAY}"
            r"|\b(?:postpon|delay|defer|extend|suspend|mov|chang)\w*\s+"
            rf"(?:(?!{_COMMENTS})[^¤;.]){{0,60}}?{_ENTRY}{_TO}{DAY_2}"
            r"|\b(?:new|revised|amended|updated)\s+(?:dates?\s+(?:of|for)\s+)?(?:the\s+)?"
            rf"{_ENTRY}[^¤;.]{{0,60}}?(?:\b(?:is|be|on)\b|:)\s*(?:the\s+)?{DAY_3}"
            rf"|{_ENTRY}[^¤;.]{{0,40}}?{_PUT}\s*:\s*{DAY.replace('<d>', '<d4>')}"
        ),
        unless=en(IF),
        unless_anywhere=_NOT_YET,
    ),
    Clue(  # "the date on which it enters into force is postponed to ¤", "enters into force on ¤ instead of ¤"
        says=Says.FORCE_MOVED,
        wording=en(
            rf"\bdates?\s+(?:on|from)\s+which\b[^¤;.]{{0,80}}?\b(?:enters?|comes?|enter|come)\s+{_INTO_FORCE}"
            rf"[^¤;.]{{0,40}}?{_PUT}{_TO}{DAY}"
            rf"|{_ENTERS}{_SHORT_GAP}{DAY_2},?\s+(?:instead\s+of|rather\s+than|in\s+place\s+of|(?:and\s+)?not)\s+"
            r"(?:(?:as|on|from|the|originally|previously|initially|planned|scheduled|foreseen|notified)\s+){0,5}¤"
        ),
        unless=en(IF),
        unless_anywhere=_NOT_YET,
    ),
    Clue(  # "will not enter into force on ¤ but on ¤", "shall not enter into force until ¤"
        says=Says.FORCE_MOVED,
        wording=en(
            rf"\b(?:not|longer)\s+{_ENTERS}{_SHORT_GAP}¤+\s*,?\s*but\s+(?:rather\s+|instead\s+)?"
            rf"(?:on\s+|from\s+)?(?:the\s+)?{DAY}"
            rf"|\bnot\s+{_ENTERS}\s+(?:until|till)\s+(?:the\s+)?{DAY_2}"
        ),
        unless=en(IF),
        unless_anywhere=_NOT_YET,
        not_but=True,
    ),
    Clue(  # "the regulation is postponed until ¤"
        says=Says.FORCE_MOVED,
        wording=en(
            rf"(?:{WAS}|\b(?:is|are|will\s+be)\s+{ADV})(?:postponed|deferred|delayed)\b"
            rf"(?:[^¤;.]{{0,40}}?\bfrom\s+(?:the\s+)?¤+)?[^¤;.]{{0,30}}?\b(?:to|until|till)\s+(?:the\s+)?{DAY}"
        ),
        needs=en(
            r"\b(?:measure|regulation|standard|rule|decree|resolution|order|ordinance|act|law|amendment|directive|it)s?\b"
        ),
        unless=NOT_DONE,
        unless_anywhere=en(
            rf"{_COMMENTS}|{_NOT_YET.pattern}|\b(?:adoption|publication|meeting|hearing|workshop|vote|voting|deadline"
            r"|complian\w+|transition\w*|review|debate|reading|withdrawal)\b"
        ),
    ),
    Clue(
        says=Says.FORCE_MOVED,
        wording=en(
            rf"{_ENTRY}[^¤;.]{{0,80}}?\b(?P<w>(?:postponed|suspended|delayed|deferred)(?:\s+\w+)?\s+"
            r"(?:indefinitely|until\s+further\s+notice|sine\s+die))"
        ),
        unless=en(IF),
        unless_anywhere=_NOT_YET,
    ),
)

_WITHDRAWN: Final = (
    Clue(  # "the draft notified in § has been withdrawn"
        says=Says.WITHDRAWN,
        wording=en(
            rf"(?:{WAS}|\b(?:is|are)\s+{ADV}(?:being\s+)?){_REVOKED}(?!\s+from\s+(?:the\s+)?(?:market|sale"
            r"|circulation|use))"
        ),
        needs=en(
            _MINE
            + r"|\b(?:this|the\s+(?:said|above|above-?mentioned|aforementioned|present|subject))\s+(?:\w+\s+){0,3}?"
            r"(?:regulation|standard|rule|order|decree|document)\b"
        ),
        unless=en(
            IF
            + NOT_THE_MEASURE
            + r"|\b(?:previous|former|earlier|existing|old|older|superseded|preceding|current)\b[^,;]{0,60}$"
            r"|\b(?:certificates?|licen[cs]es?|approvals?|registrations?|authori[sz]ations?|accreditations?|permits?"
            r"|products?|exemptions?|applications?|transition\w*|obligations?|requirements?)\b[^,;§]{0,30}$"
            r"|\bby\s+which\s+$"
        ),
    ),
    Clue(  # "hereby withdraws the notification", "decided not to proceed"
        says=Says.WITHDRAWN,
        wording=en(
            rf"\b(?:has|have|hereby|is|are|decided\s+to|wish(?:es)?\s+to|would\s+like\s+to)\s+{ADV}"
            r"(?:withdraw[ns]?|withdrawing|cancel(?:s|l?ed|l?ing)?|revok(?:es?|ed|ing)|rescind(?:s|ed|ing)?)\s+"
            rf"(?:the\s+|its\s+|this\s+|from\s+)?[^.;]{{0,60}}?{_MINE}"
            rf"|\bwithdr(?:aws|ew)\s+(?:the\s+|its\s+|this\s+)[^.;]{{0,60}}?{_MINE}"
            r"|\bdecided\s+not\s+to\s+(?:proceed|continue|pursue|adopt|finali[sz]e)\b"
        ),
        unless=en(IF),
    ),
    Clue(  # "withdrawal of the draft", "Proposed rule; withdrawal"
        says=Says.WITHDRAWN,
        wording=en(
            rf"\bwithdrawal\s+of\s+(?:the\s+|its\s+|this\s+)?(?:\w+\s+){{0,3}}?{_MINE}"
            r"|\b(?:proposed\s+rule(?:making)?|notification|draft)s?\s*[;,:–-]\s*withdrawal\b"
            r"|^\W*notice\s+of\s+withdrawal\b"
        ),
        unless=en(IF + r"|\b(?:possible|potential|proposed|propos\w+|request\w*)\b[^.;]{0,40}$"),
    ),
    Clue(  # "is no longer being pursued", "will not be adopted", "should be considered withdrawn"
        says=Says.WITHDRAWN,
        wording=en(
            rf"{_MINE}[^;]{{0,80}}?(?:\b(?:will|shall|is|are|would)\s+(?:not|no\s+longer)\s+(?:be(?:ing)?\s+)?"
            r"(?:pursued|adopted|proceeded\s+with|continued|finali[sz]ed|taken\s+forward|progressed)\b(?!\s+(?:before"
            r"|until|in|by|earlier|as|on|without|unless|this)\b)"
            r"|\b(?:is\s+to|should|may|is|can|must)\s+(?:now\s+)?(?:be\s+)?(?:considered|regarded|deemed)\s+(?:as\s+)?"
            r"(?:withdrawn|cancell?ed|null)\b|\b(?:has\s+|have\s+)?lapsed\b)"
            r"|\b(?:is|are)\s+no\s+longer\s+(?:pursuing|proceeding\s+with|considering|planning\s+to\s+(?:adopt|pursue))\s+"
            rf"(?:the\s+|its\s+|this\s+)?[^.;]{{0,60}}?{_MINE}"
            rf"|\bdecided\s+to\s+(?:discontinue|abandon|terminate|drop)\s+(?:the\s+|its\s+|this\s+)?[^.;]{{0,60}}?{_MINE}"
        ),
        unless=en(IF + r"|\b(?:period|deadline|comments?|products?|certificates?|applications?)\b[^.;]{0,40}$"),
        unless_anywhere=en(r"\b(?:comment(?:s|ing)?\s+period|time\s+limit)\b|\bif\b[^.;]{0,80}\b(?:withdrawn|adopted)"),
    ),
    Clue(  # "the final rule published on ¤ is withdrawn"
        says=Says.WITHDRAWN_ACT,
        wording=en(
            rf"\bfinal\s+(?:rule|regulation|order)s?\b[^;.]{{0,40}}?\bpublished\b[^¤;]{{0,80}}?{DAY}[^;]{{0,120}}?"
            r"\b(?:is|are|was|were|has\s+been|have\s+been|be)\s+(?:hereby\s+)?(?:withdrawn|rescinded|vacated"
            r"|revoked|removed)\b"
        ),
    ),
    Clue(  # "Action: Final rule; withdrawal."
        says=Says.WITHDRAWN_ACT,
        wording=en(
            r"\bfinal\s+(?:rule|regulation|order)s?\s*[;:,(–-]\s*(?:withdrawal|rescission|removal|revocation|repeal)\b"
            r"(?!\s+(?:of|in\s+part)\b)"
        ),
    ),
)

CLUES: Final = _IN_FORCE + _PLANS + _WITHDRAWN
