"""How documents correct what an earlier one said: "should read X instead of Y", "donde dice Y debe decir X", "应为X".

The patterns are written for any kind of value: `¢` stands for one, or for a list of them, in a covered text. Group `o`
is what was wrong, `n` what is right, `plus` what is added, `minus` what is taken out. They are tried in order; what one
has read, those behind it do not see.
"""

from __future__ import annotations

import re
from typing import Final

from watcher.later import later

#: Stands in the patterns for a value; `patterns_for` puts another sign in its place.
VALUE: Final = "¢"

#: Whole: a pattern that could begin within a value would try each place of a long one.
_O, _N = r"(?P<o>(?<!¢)¢+(?!¢))", r"(?P<n>(?<!¢)¢+(?!¢))"
#: Few words, none of them a value, within a sentence or a line of a list.
_FEW: Final = r"[^¢;。¦]{0,40}?"
_GAP: Final = r"[^¢。¦]{0,80}?"

_EN_NOT: Final = (
    r"(?:\binstead\s+of|\brather\s+than|\bin\s+place\s+of|\bin\s+lieu\s+of|(?:\band|,)\s+not|\bnot|\breplacing)\b"
)
_EN_SHOULD: Final = (
    r"\b(?:should|must|shall|ought\s+to|needs?\s+to|(?:is|are)\s+to|has\s+to|have\s+to|to)\s+(?:\w+ly\s+)?"
    r"(?:be\s+|have\s+)?(?:read|be|been|say|state|replaced|corrected|changed|amended|understood|quoted|indicated)\b"
    r"(?:\s+(?:as|by|with|to|to\s+read))?(?:\s+follows)?\s*:?\s*"
)
_EN_BY: Final = r"\b(?:by|with|to|into|as|to\s+read)\b"
_EN: Final = (
    rf"{_O}\s*(?:→|⇒|[-=]+>)\s*{_N}",
    rf"\b(?:stated|given|indicated|shown|printed|listed|notified)\s+as\b{_FEW}{_O}{_GAP}"
    rf"\b(?:correct|right|should\s+be|should\s+read)\b{_FEW}{_N}",
    rf"{_EN_NOT}{_FEW}{_O}{_GAP}\b(?:read|should\s+be|should\s+read|must\s+be|insert|substitute|use|the\s+correct|write)\b{_FEW}{_N}",
    rf"\bfor\s{_FEW}{_O}[^\w¢]{{0,3}}\s*(?:please\s+)?(?:read|substitute)\b{_FEW}{_N}",
    rf"\bread\b{_FEW}{_N}{_FEW}(?:{_EN_NOT}|\bfor\b){_FEW}{_O}",
    rf"(?:{_EN_SHOULD}|\b(?:is|are)\s+(?:now|actually)?\s*){_FEW}{_N}{_FEW}{_EN_NOT}{_FEW}{_O}",
    rf"\b(?:replac|chang|correct|amend|revis|modif|substitut)\w*\b{_FEW}\bfrom\s{_FEW}{_O}{_FEW}{_EN_BY}{_FEW}{_N}",
    rf"\bsubstitut\w*\b{_FEW}{_N}{_FEW}\bfor\b{_FEW}{_O}",
    rf"\b(?:replac|chang|correct|amend|revis|substitut)(?:e|es|ed|ing|s|t)?\b{_FEW}{_O}{_FEW}{_EN_BY}{_FEW}{_N}",
    rf"{_O}{_FEW}\b(?:replaced|changed|corrected|amended|revised|substituted|modified)\s+{_EN_BY}{_FEW}{_N}",
    rf"\b(?:incorrect|erroneous|wrong|mistaken|error)\w*\b{_FEW}{_O}{_GAP}\b(?:correct|right|should\s+be|should\s+read)\b{_FEW}{_N}",
    rf"{_O}{_FEW}\b(?:incorrect|erroneous|wrong|mistaken|in\s+error|an?\s+(?:error|mistake))\w*\b{_GAP}"
    rf"\b(?:correct|right|should\s+be|should\s+read|read)\b{_FEW}{_N}",
    rf"\b(?:correct|right|proper)\b{_FEW}(?:\b(?:is|are|being)\b|:){_FEW}{_N}{_FEW}{_EN_NOT}{_FEW}{_O}",
    rf"{_O}{_FEW}{_EN_SHOULD}{_FEW}{_N}",
    r"\b(?:add|adds|added|adding|insert|inserted|inclu(?:de|ding)\s+also|also\s+include)\b(?:(?!\b(?:to|delet|remov)\w*\b)[^¢;。¦]){0,40}?(?P<plus>(?<!¢)¢+(?!¢))",
    rf"(?P<plus>(?<!¢)¢+(?!¢)){_FEW}\b(?:should\s+be|is|are|was|were|has\s+been|have\s+been|to\s+be|must\s+be)\s+(?:also\s+)?(?:added|inserted|included)\b",
    rf"\b(?:delete|deletes|deleted|deleting|remove|removed|omit|omitted|strike)\b{_FEW}(?P<minus>(?<!¢)¢+(?!¢))",
    rf"(?P<minus>(?<!¢)¢+(?!¢)){_FEW}\b(?:should\s+be|is|are|was|were|has\s+been|have\s+been|to\s+be|must\s+be)\s+(?:deleted|removed|omitted|withdrawn)\b",
    rf"\b(?:correct|right|proper)\b{_FEW}(?:\b(?:is|are|being)\b|:){_FEW}{_N}",
    rf"{_EN_SHOULD}{_FEW}{_N}",
    rf"\b(?:corrected|changed|amended|revised|modified)\s+{_EN_BY}{_FEW}{_N}",
    rf"\bread\s*:?\s+{_N}",
    rf"{_N}[^\w¢]{{0,3}}(?:instead\s+of|rather\s+than|in\s+place\s+of|in\s+lieu\s+of|(?:and\s+)?not)\b{_FEW}{_O}",
)

_FR_NOT: Final = (
    r"(?:\bau\s+lieu\s+(?:de|du|des|d')|\bet\s+non(?:\s+pas)?|\bplutôt\s+que"
    r"|\ben\s+(?:lieu\s+et\s+)?place\s+(?:de|du|d'))"
)
_FR_SHOULD: Final = (
    r"(?:\b(?:doi(?:t|vent)|devrai(?:t|ent)|il\s+faut|il\s+convient\s+de|à)\s+(?:se\s+lire|être\s+lue?s?|lire|être"
    r"|indiquer|figurer|(?:être\s+)?(?:remplacée?s?|corrigée?s?|modifiée?s?)\s+(?:par|en))|\bse\s+lit|\blire|\blisez)\s*"
    r"(?:comme\s+suit\s*)?:?\s*"
)
_FR: Final = (
    rf"{_FR_NOT}{_FEW}{_O}{_GAP}(?:\blire|\blisez|{_FR_SHOULD}){_FEW}{_N}",
    rf"\b(?:lire|lisez)\b{_FEW}{_N}{_FEW}{_FR_NOT}{_FEW}{_O}",
    rf"(?:{_FR_SHOULD}|\b(?:est|sont)\s+(?:désormais\s+)?){_FEW}{_N}{_FEW}{_FR_NOT}{_FEW}{_O}",
    rf"\b(?:remplac|corrig|modifi|chang|substitu)\w*\b{_FEW}\bde\s{_FEW}{_O}{_FEW}\b(?:à|en)\b{_FEW}{_N}",
    rf"\b(?:remplac(?:er|ez|e|ent)|corrig(?:er|ez|e)|chang(?:er|ez|e)|modifi(?:er|ez|e))\b{_FEW}{_O}{_FEW}\b(?:par|en)\b{_FEW}{_N}",
    rf"{_O}{_FEW}\b(?:remplacée?s?|corrigée?s?|modifiée?s?|changée?s?)\s+(?:par|en)\b{_FEW}{_N}",
    rf"\b(?:erroné|incorrect|erreur)\w*\b{_FEW}{_O}{_GAP}(?:\bcorrecte?s?\b|{_FR_SHOULD}){_FEW}{_N}",
    rf"{_O}{_FEW}\b(?:erroné|incorrect|par\s+erreur)\w*\b{_GAP}(?:\bcorrecte?s?\b|{_FR_SHOULD}){_FEW}{_N}",
    rf"\b(?:correcte?s?|bon|exacte?s?)\b{_FEW}(?:\b(?:est|sont)\b|:){_FEW}{_N}{_FEW}{_FR_NOT}{_FEW}{_O}",
    rf"{_O}{_FEW}{_FR_SHOULD}{_FEW}{_N}",
    rf"\b(?:ajouter|ajoutez|insérer)\b{_FEW}(?P<plus>(?<!¢)¢+(?!¢))",
    rf"(?P<plus>(?<!¢)¢+(?!¢)){_FEW}\b(?:doi(?:t|vent)\s+être|est|sont|a\s+été|ont\s+été)\s+(?:ajoutée?s?|insérée?s?)\b",
    rf"\b(?:supprimer|supprimez|retirer)\b{_FEW}(?P<minus>(?<!¢)¢+(?!¢))",
    rf"(?P<minus>(?<!¢)¢+(?!¢)){_FEW}\b(?:doi(?:t|vent)\s+être|est|sont|a\s+été|ont\s+été)\s+(?:supprimée?s?|retirée?s?)\b",
    rf"\b(?:correcte?s?|exacte?s?)\b{_FEW}(?:\b(?:est|sont)\b|:){_FEW}{_N}",
    rf"{_FR_SHOULD}{_FEW}{_N}",
)

_ES_NOT: Final = r"(?:\ben\s+(?:lugar|vez)\s+de(?:l|\s+l[ao]s?)?|\by\s+no|\bno)\b"
_ES_SHOULD: Final = (
    r"\b(?:debe(?:n|rá|rán|ría|rían)?)\s+(?:decir|leerse|ser|figurar|indicarse|(?:sustituirse|reemplazarse|corregirse)\s+(?:por|a)"
    r"|entenderse)\s*(?:como\s+sigue\s*|lo\s+siguiente\s*)?:?\s*"
)
_ES: Final = (
    rf"\bdonde\s+(?:se\s+)?(?:dice|decía|lee|diga)\b{_FEW}{_O}{_GAP}(?:{_ES_SHOULD}|\bléase\b){_FEW}{_N}",
    rf"\ben\s+(?:lugar|vez)\s+de(?:l|\s+l[ao]s?)?\b{_FEW}{_O}{_GAP}(?:{_ES_SHOULD}|\bléase\b){_FEW}{_N}",
    rf"\bléase\b{_FEW}{_N}{_FEW}{_ES_NOT}{_FEW}{_O}",
    rf"(?:{_ES_SHOULD}|\b(?:es|son)\s+(?:ahora\s+)?){_FEW}{_N}{_FEW}{_ES_NOT}{_FEW}{_O}",
    rf"\b(?:sustit[uú]|reemplaz|cambi|corr[ie]g|modific)\w*\b{_FEW}\bde\s{_FEW}{_O}{_FEW}\b(?:a|por)\b{_FEW}{_N}",
    rf"\b(?:sustit[uú]|reempl[aá][cz]|c[aá]mbi|corr[ií][gj]|modif[ií])\w*\b{_FEW}{_O}{_FEW}\b(?:por|a|en)\b{_FEW}{_N}",
    rf"{_O}{_FEW}\b(?:sustit[uú]|reemplaz|cambi|corr[ie][gj]|modific)\w*\s+(?:por|a|en)\b{_FEW}{_N}",
    rf"\b(?:erróne|incorrect|equivocad|error)\w*\b{_FEW}{_O}{_GAP}(?:\bcorrect[oa]s?\b|{_ES_SHOULD}){_FEW}{_N}",
    rf"{_O}{_FEW}\b(?:erróne|incorrect|equivocad|por\s+error)\w*\b{_GAP}(?:\bcorrect[oa]s?\b|{_ES_SHOULD}){_FEW}{_N}",
    rf"\bcorrect[oa]s?\b{_FEW}(?:\b(?:es|son)\b|:){_FEW}{_N}{_FEW}{_ES_NOT}{_FEW}{_O}",
    rf"{_O}{_FEW}{_ES_SHOULD}{_FEW}{_N}",
    rf"\b(?:agregar|añadir|agréguese|añádase|incluir)\b{_FEW}(?P<plus>(?<!¢)¢+(?!¢))",
    rf"(?P<plus>(?<!¢)¢+(?!¢)){_FEW}\b(?:debe(?:n)?\s+(?:agregarse|añadirse|incluirse)|se\s+(?:agrega|añade|incluye)n?)\b",
    rf"\b(?:suprimir|eliminar|suprímase|elimínese)\b{_FEW}(?P<minus>(?<!¢)¢+(?!¢))",
    rf"(?P<minus>(?<!¢)¢+(?!¢)){_FEW}\b(?:debe(?:n)?\s+(?:suprimirse|eliminarse)|se\s+(?:suprime|elimina)n?)\b",
    rf"\bcorrect[oa]s?\b{_FEW}(?:\b(?:es|son)\b|:){_FEW}{_N}",
    rf"(?:{_ES_SHOULD}|\bléase\b){_FEW}{_N}",
)

_ZH_NOT: Final = r"(?:而非|而不是|而不为|不是|并非|取代|代替|替代)"
_ZH_TO: Final = (
    r"(?:应当?(?:更正|改|修改|修正|更改|替换|变更|订正)?为|应(?:读作|读为|是|改成)"
    r"|(?:已|现|均)?(?:更正|改|修改|修正|更改|替换|变更|订正|勘误)(?:为|成)|读作)"
)
_ZH_FEW: Final = r"[^¢。¦]{0,16}?"
_ZH: Final = (
    rf"{_N}[^¢。¦]{{0,6}}?(?:原为|原是|原先为|原来为|此前为|而非|而不是){_ZH_FEW}{_O}",
    rf"(?:误|错)(?:写|列|标|印|登|填|作)?(?:为|成|作){_ZH_FEW}{_O}{_ZH_FEW}(?:{_ZH_TO}|实为|正确的?{_ZH_FEW}(?:为|是)){_ZH_FEW}{_N}",
    rf"(?:{_ZH_TO}|为|是)[^\w¢]{{0,2}}{_N}{_ZH_FEW}{_ZH_NOT}{_ZH_FEW}{_O}",
    rf"(?:以|用){_ZH_FEW}{_N}{_ZH_FEW}(?:替换|代替|取代|替代){_ZH_FEW}{_O}",
    rf"{_O}{_ZH_FEW}(?:有误|错误|不正确){_ZH_FEW}(?:{_ZH_TO}|正确{_ZH_FEW}(?:为|是|:)){_ZH_FEW}{_N}",
    rf"{_O}{_ZH_FEW}{_ZH_TO}{_ZH_FEW}{_N}",
    rf"(?:由|从|自|将|把){_ZH_FEW}{_O}{_ZH_FEW}(?:改为|改成|更正为|变更为|替换为|换成){_ZH_FEW}{_N}",
    rf"(?:增加|新增|补充|增列|添加)(?:了)?{_ZH_FEW}(?P<plus>(?<!¢)¢+(?!¢))",
    rf"(?:删除|删去|移除|剔除)(?:了)?{_ZH_FEW}(?P<minus>(?<!¢)¢+(?!¢))",
    rf"正确的?{_ZH_FEW}(?:为|是|:){_ZH_FEW}{_N}",
    rf"{_ZH_TO}[^\w¢]{{0,2}}{_ZH_FEW}{_N}",
)

_ALL: Final = (*_EN, *_FR, *_ES, *_ZH)


def patterns_for(sign: str) -> tuple[re.Pattern[str], ...]:
    """The patterns over texts in which `sign` stands for a value."""
    return tuple(later(pattern.replace(VALUE, sign), re.IGNORECASE) for pattern in _ALL)
