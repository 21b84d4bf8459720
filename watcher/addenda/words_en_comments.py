"""What English addenda say of comments and of scope, as clues."""

from __future__ import annotations

from typing import Final

from watcher.addenda.clues import Clue, Says
from watcher.addenda.words_en import DAY, DAY_2, DAY_3, IF, en

_COMMENTS: Final = (
    r"\b(?:comments?|commenting|comment(?:ing)?[- ]periods?|consultation(?:\s+period)?|observations"
    r"|feedback|submissions)\b"
)
_ABOUT_COMMENTS: Final = en(r"\bcomment|\bconsultation|\bobservations\b|\bfeedback\b|\bsubmissions\b")
_AT_HOUR: Final = (
    r"(?:(?:\d[\d:.]*\s*(?:[ap]\.?\s?m\.?|hours|hrs|h)?|midnight|noon"
    r"|close\s+of\s+business)[^¤;]{0,30}?\b(?:on|of)\s+)?"
)
_ENDS: Final = r"(?:ends?|ending|closes?|closing|expires?|expiring|falls?|lapses?|concludes?|due)"
_BY: Final = (
    r"(?:\b(?:until|till|to|by|through|before|not?\s+later\s+than|prior\s+to|up\s+to|on\s+or\s+before)\b"
    rf"|\b(?:is|are|be)\b(?:\s+(?:now|hereby|therefore|thus|accordingly))?(?:\s+{_ENDS}\b)?|\b{_ENDS}\b(?:\s+on\b)?"
    r"|\b(?:set|fixed|scheduled|changed|amended|corrected|revised)\s+(?:for|at|as|to|on)\b|[:–(-])\s*"
    rf"(?:on\s+)?(?:and\s+including\s+)?(?:the\s+)?{_AT_HOUR}"
)
#: Between comments and a date: the date is that of something past, or of something else.
_OVER: Final = (
    r"\b(?:ended|closed|expired|lapsed|originally|previous(?:ly)?|initial(?:ly)?|former(?:ly)?"
    r"|concluded|elapsed|published"
    r"|(?:issued|dated)(?!\s+(?:on\s+)?×)|entry|force|effective|implementation|meeting|hearing|workshop|webinar|held|place"
    r"|(?:was|were)\s+(?:due|until|to|set|open|scheduled|invited))\b"
)
_BEFORE_OVER: Final = (
    r"\b(?:invited|solicited|sought|original(?:ly)?|previous(?:ly)?|initial(?:ly)?|had|after\s+considering"
    r"|in\s+response\s+to|meeting|hearing|workshop|webinar)\b[^.;]*$"
)
_ONLY_ASKED: Final = r"|\b(?:requests?|requested|requesting|asked|asks|propos\w+\s+to|no|not)\b[^.;]{0,60}$"
_NUMBER: Final = (
    r"\d{1,3}|one|two|three|seven|ten|fourteen|fifteen|twenty(?:-one)?|thirty|forty(?:-five)?|forty\s+five|sixty|ninety"
)
_LENGTH: Final = (
    rf"(?P<n>{_NUMBER})(?:\s*\(\d+\))?[- ]*(?:additional\s+|more\s+|further\s+|calendar\s+|consecutive\s+)?"
    r"(?P<u>day|week|month)s?\b"
)

_UNTIL: Final = (
    Clue(
        says=Says.COMMENTS_WERE_UNTIL,
        wording=en(
            rf"{_COMMENTS}(?:(?!\b(?:extend|re-?open|prolong)\w*)[^;¤]){{0,120}}?"
            rf"\b(?:until|to|by|on|before|than|through|of|is|was|were)\s+(?:the\s+)?{_AT_HOUR}{DAY}"
        ),
    ),
    Clue(  # "comments … by ¤", "final date for comments: ¤", "the comment period is extended until ¤"
        says=Says.COMMENTS_UNTIL,
        wording=en(rf"{_COMMENTS}(?:(?!{_OVER})[^;¤]){{0,200}}?{_BY}{DAY}"),
        unless=en(_BEFORE_OVER + _ONLY_ASKED),
    ),
    Clue(  # "Members have until ¤ to comment", "¤ is the new deadline for comments"
        says=Says.COMMENTS_UNTIL,
        wording=en(
            rf"\b(?:until|till|by|before|no\s+later\s+than)\s+(?:the\s+)?{_AT_HOUR}{DAY},?\s+(?:in\s+order\s+)?(?:to|for)\s+"
            rf"(?:the\s+)?(?:\w+\s+){{0,4}}?(?:comment|{_COMMENTS})"
            rf"|\b(?:until|till|by|before|no\s+later\s+than)\s+(?:the\s+)?{_AT_HOUR}{DAY_3},?\s+(?:\w+\s+){{0,2}}?"
            rf"{_COMMENTS}\s+(?:may|can|must|should|shall|are\s+to|have\s+to)\s+be\b"
            rf"|{DAY_2}\s+(?:is|shall\s+be|will\s+be|becomes)\s+(?:now\s+)?(?:the|a|our)\s+(?:\w+\s+){{0,2}}?"
            rf"(?:deadline|(?:final|closing|last|due)\s+(?:date|day))\s+(?:\w+\s+){{0,5}}?{_COMMENTS}"
        ),
        unless=en(_BEFORE_OVER + _ONLY_ASKED),
    ),
    Clue(  # "Members are requested to send comments by ¤", "the public is invited to comment until ¤"
        says=Says.COMMENTS_UNTIL,
        wording=en(
            r"\b(?:is|are)\s+(?:\w+ly\s+)?(?:requested|asked|invited|encouraged|urged|welcome)\s+to\s+"
            rf"(?:[\w-]+,?\s+){{0,8}}?(?:comment|{_COMMENTS})(?:(?!{_OVER})[^;¤]){{0,160}}?{_BY}(?:the\s+)?{_AT_HOUR}{DAY}"
        ),
    ),
    Clue(  # "Deadline for comments 13 June 2022"
        says=Says.COMMENTS_UNTIL,
        wording=en(
            r"\b(?:deadline|(?:final|closing|last|due)\s+(?:date|day))\s+(?:for|of|to)\s+(?:[\w-]+\s+){0,5}?"
            rf"(?:comment|{_COMMENTS})\s*{DAY}"
        ),
        unless=en(_BEFORE_OVER + _ONLY_ASKED),
    ),
    Clue(  # "the period, which ended on ¤, is extended until ¤"
        says=Says.COMMENTS_UNTIL,
        wording=en(
            r"\b(?:extend|re-?open|prolong|postpon|mov|chang)\w*\b(?:(?!\b(?:force|effective|implementation"
            r"|adoption|adopted)\b)"
            rf"[^;]){{0,160}}?(?:\b(?:until|till|to|through)\s+(?:the\s+)?{_AT_HOUR}{DAY}|\bdeadline\s+(?:of"
            rf"|is)\s+{DAY_2})"
        ),
        needs_anywhere=_ABOUT_COMMENTS,
        unless=en(_ONLY_ASKED.lstrip("|")),
        unless_anywhere=en(r"\b(?:entry\s+into|effective\s+date|compliance)\b"),
    ),
    Clue(  # "new deadline: ¤"; a corrigendum: "the deadline for comments should read ¤"
        says=Says.COMMENTS_UNTIL,
        wording=en(
            rf"\bnew\s+deadline\b[^¤;]{{0,60}}?{DAY}|\bdeadline\s+is\s+now\s+(?:the\s+)?{DAY_3}|\b(?:final\s+date|closing\s+date"
            rf"|deadline)\b[^¤;.]{{0,80}}?\bcomments?\b"
            rf"[^¤;.]{{0,80}}?\bshould\s+(?:read|be)\b[^\w¤]*{DAY_2}"
        ),
    ),
    Clue(  # "comments within 30 days from circulation of this addendum"
        says=Says.COMMENTS_UNTIL,
        wording=en(
            rf"{_COMMENTS}[^;.¤]{{0,80}}?(?:\b(?:within|of|for|is)\s+|:\s*)"
            r"(?P<w>(?:\w+\s+)?\(?\d+\)?[- ](?:calendar\s+)?days?\s+(?:from|after|of|following)\s+[^.;¤]{3,60})"
        ),
        unless=en(_BEFORE_OVER + _ONLY_ASKED),
    ),
)

_EXTENDED: Final = (
    Clue(  # "extends the comment period by 30 days"
        says=Says.COMMENTS_EXTENDED,
        wording=en(
            r"\b(?:extend|prolong|re-?open|lengthen)\w*\b(?:(?!\b(?:force|effective)\b)[^;]){0,120}?\b(?:by"
            r"|for)\s+(?:an?\s+)?"
            rf"(?:additional\s+|further\s+|another\s+|extra\s+|period\s+of\s+)*{_LENGTH}"
        ),
        needs_anywhere=_ABOUT_COMMENTS,
        unless=en(_ONLY_ASKED.lstrip("|")),
    ),
    Clue(  # "a 30-day extension of the comment period"
        says=Says.COMMENTS_EXTENDED,
        wording=en(rf"\b{_LENGTH}\s+extension\b"),
        needs_anywhere=_ABOUT_COMMENTS,
        unless_anywhere=en(r"\brequest\w*\b"),
    ),
    Clue(  # without a date
        says=Says.COMMENTS_EXTENDED,
        wording=en(
            r"\b(?:extend(?:s|ed|ing)?|prolong(?:s|ed|ing)?|extension\s+of)\b(?:"
            r"(?!\bforce\b)[^;.]){0,60}?\bcomment(?:s|ing)?\b"
            r"|\bcomment(?:ing)?\s+period\b[^;.]{0,60}?\b(?:is|has\s+been|have\s+been"
            r"|was)\s+(?:\w+\s+)?(?:extended|prolonged)\b"
            r"|\bcomment(?:ing)?\s+period\s*[;:,–-]\s*extension\b"
        ),
        unless=en(IF + _ONLY_ASKED),
    ),
    Clue(
        says=Says.COMMENTS_REOPENED,
        wording=en(
            r"\bre-?open\w*\b[^;.]{0,100}?\b(?:comment|consultation)"
            r"|\b(?:comment|consultation)\w*\b[^;.]{0,80}?\bre-?open(?:ed|ing|s)?\b"
            r"|\bnew\s+(?:comment|consultation)(?:ing)?\s+period\b"
        ),
        unless=en(IF + _ONLY_ASKED),
    ),
    Clue(
        says=Says.COMMENTS_ASKED,
        wording=en(
            r"\b(?:request(?:s|ing)?|seek(?:s|ing)?|invit(?:es|ing)|solicit(?:s|ing)?|welcomes?"
            r"|reopen\w*)\s+(?:\w+\s+){0,4}?"
            r"comments?\b|\brequests?\s+for\s+comments?\b"
        ),
        unless_anywhere=en(r"\bno\s+comments?\b|\binvited\b"),
    ),
)

_SCOPE: Final = (
    Clue(
        says=Says.SCOPE_CHANGED,
        wording=en(
            r"\b(?:scope|product\s+coverage|products\s+covered|coverage)\b(?:(?!\b(?:not|no|un\w+)\b)[^.;]){0,60}?"
            r"\b(?:is|are|was|were|been|be)\s+(?:(?!not\b)\w+\s+)?(?:changed|modified|amended|extended"
            r"|expanded|widened|enlarged"
            r"|narrowed|reduced|revised|broadened|limited)\b"
            r"|\b(?:changes|modifies|amends|extends|expands|widens|narrows|reduces|broadens|changing"
            r"|extending|expanding"
            r"|modifying)\s+the\s+(?:product\s+)?(?:scope|coverage)\b"
            r"|\b(?:extended|expanded|amended|broadened)\s+to\s+(?:also\s+)?(?:cover|include|control|apply\s+to)\b"
        ),
        unless=en(IF + r"|\b(?:no|not|without|neither)\b[^.;]{0,40}$"),
    ),
)

CLUES: Final = _UNTIL + _EXTENDED + _SCOPE
