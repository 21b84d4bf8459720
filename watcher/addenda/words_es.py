"""What Spanish addenda say, as clues. `¤` stands for a date, `§` for a symbol (`watcher.addenda.prose`)."""

from __future__ import annotations

import re
from typing import Final

from watcher.addenda.clues import Clue, Says
from watcher.later import later


def _es(pattern: str) -> re.Pattern[str]:
    return later(pattern, re.IGNORECASE)


_DAY: Final = r"(?P<d>¤+)"
_WAS: Final = r"\b(?:fue|fueron|(?:ha|han|había)\s+sido|quedó|quedaron)\s+(?:\w+mente\s+|ya\s+)?"
_OTHER_EVENT: Final = (
    r"(?!\b(?:entr\w+|vigor|vigencia|observaciones|comentarios|aplicable|hasta|reemplaz\w+|sustitu\w+"
    r"|derog\w+|modific\w+|notific\w+|retir\w+)\b)"
)
_GAP: Final = rf"(?:{_OTHER_EVENT}[^¤;]){{0,160}}?(?:\b(?:el|del|de|en|fecha|al)\b|[:,(–-])\s*(?:día\s+)?"
_DRAFT: Final = r"\b(?:proyectos?|propuestas?|anteproyectos?|propuesto|consulta|aviso|extracto|fe\s+de\s+erratas)\b"
_FINAL_ACT: Final = (
    r"\b(?:reglamento|resolución|decreto|ley|norma|orden|ordenanza|acuerdo|decisión|texto\s+final"
    r"|medida|RTCR|circular|disposición|modificación)(?:s|es)?\b"
)
_IF: Final = (
    r"\b(?:si|una\s+vez|cuando|en\s+caso|antes|después\s+de\s+que|luego\s+de\s+que|hasta\s+que"
    r"|de\s+ser|siempre\s+que|a\s+menos)\b[^,;.]*$|\bno\s+(?:se\s+)?$"
)
_NOT_THE_MEASURE: Final = (
    r"|\b(?:productos?|equipos?|vehículos?|laboratorios?|organismos?|solicitud(?:es)?|modelos?|tipos?"
    r"|certificados?|licencias?|autorizaci(?:ón|ones)"
    r"|registros?|fabricantes?|importadores?)\s+(?:que\s+)?$|^[^§]*\bque\s+$"
)
_NOT_DONE: Final = _es(_IF + _NOT_THE_MEASURE)
_TENTATIVE: Final = _es(
    r"\b(?:proyectos?|propuest\w+|propone\w*|prev[ée]\w*|prevé|previst\w+|espera\w*|podrí\w+|sería\w*"
    r"|debería\w*|una\s+vez|si|estima\w*|tentativ\w+|en\s+caso)\b"
)
_COMMENTS: Final = r"\b(?:observaci(?:ón|ones)|comentarios?|consulta(?:\s+pública)?)\b"
_COMMENT: Final = _es(_COMMENTS)
_FORCE: Final = (
    r"\b(?:entrada\s+en\s+(?:vigor|vigencia)|fecha\s+de\s+(?:aplicación|implementación|vigencia)"
    r"|implementación|aplicación\s+obligatoria)\b"
)
_MOVED: Final = (
    r"\b(?:pospone|pospuso|pospuest[oa]|aplaz\w+|posterg\w+|prorrog\w+|prórroga|difier\w+|diferid[oa]"
    r"|amplí?\w+|modific\w+|extend\w+|extiende|traslad\w+|adelant\w+)\b"
)
_NUMBER: Final = r"\d{1,3}|siete|diez|quince|veinte|treinta|cuarenta\s+y\s+cinco|sesenta|noventa"

CLUES: Final = (
    Clue(
        says=Says.ADOPTED,
        wording=_es(
            rf"(?:{_WAS}(?:aprobad|adoptad|promulgad|expedid|sancionad|oficializad|emitid|dictad|ratificad"
            r"|firmad)[oa]s?|\bse\s+(?:ha\s+|han\s+)?(?:aprob(?:ó|aron|ado)"
            r"|adopt(?:ó|aron|ado)|expid(?:ió|ieron)|promulg(?:ó|aron|ado)|emit(?:ió|ieron|ido)|oficializ(?:ó"
            r"|ado)|dict(?:ó|ado)))\b(?!\s+(?:\w+\s+){0,3}?para\s+(?:consulta|observaciones|comentarios))"
            r"(?!\s+(?:el\s+|un\s+|la\s+|una\s+)?(?:proyecto|propuesta))(?:\s+y\s+(?:se\s+)?public\w+)?"
            rf"(?:{_GAP}{_DAY})?"
        ),
        unless=_NOT_DONE,
    ),
    Clue(
        says=Says.ADOPTED,
        wording=_es(
            r"(?<!se )(?:\b(?:ha|han)\s+(?:aprobado|adoptado|promulgado|expedido|emitido|publicado)"
            r"|\b(?:aprobó|adoptó|promulgó|expidió|emitió|publicó))\s+"
            rf"(?=(?:(?!{_DRAFT})[^;]){{0,120}}?{_FINAL_ACT})(?:{_GAP}{_DAY})?"
        ),
        unless=_es(_IF),
    ),
    Clue(
        says=Says.ADOPTED,
        wording=_es(
            rf"\bfecha\s+de\s+(?:adopción|aprobación)\s*(?::|\bes\b)\s*(?:el\s+)?{_DAY}|\bmediante\s+(?:el\s+"
            r"|la\s+)?(?:Resolución|Decreto|Acuerdo|Orden"
            rf"|Ley)\b[^¤;.]{{0,60}}?\bde\s+{_DAY.replace('<d>', '<d2>')},?\s+se\s+(?:aprob|adopt|expid"
            r"|promulg)"
        ),
        unless_anywhere=_es(r"\b(?:prevista|propuesta|prevé)\b"),
    ),
    Clue(
        says=Says.PUBLISHED,
        wording=_es(
            rf"(?:{_WAS}publicad[oa]s?|\bse\s+(?:ha\s+|han\s+)?public(?:ó|aron"
            rf"|ado))\b(?!\s+(?:\w+\s+){{0,3}}?para\s+(?:consulta|observaciones|comentarios))"
            rf"(?=(?:(?!{_DRAFT})[^.;])*(?:[.;]|$))(?:{_GAP}{_DAY})?"
        ),
        unless=_es(_IF + _NOT_THE_MEASURE + rf"|{_DRAFT}[^;]*$"),
    ),
    Clue(
        says=Says.PUBLISHED,
        wording=_es(
            rf"^\W*(?:el|con\s+fecha)\s+(?:día\s+)?{_DAY},?\s+(?:[^.;]{{0,80}}\s)?se\s+public(?:ó"
            rf"|aron)\b(?=(?:(?!{_DRAFT})[^.;])*(?:[.;]|$))"
            r"|\bpublicad[oa]\s+en\s+(?:el|la)\s+(?:Diario|Registro|Boletín|Gaceta"
            rf"|La\s+Gaceta)\b(?:{_GAP}{_DAY.replace('<d>', '<d2>')})"
        ),
        unless=_es(_IF + rf"|{_DRAFT}[^;]*$"),
    ),
    Clue(
        says=Says.IN_FORCE,
        wording=_es(
            r"\b(?:entró|entraron|(?:ha|han)\s+entrado)\s+en\s+(?:vigor|vigencia)\b(?:\s+(?:el|en|desde\s+el"
            rf"|a\s+partir\s+del)\s+(?:día\s+)?{_DAY})?|\bestá\s+(?:en\s+vigor"
            rf"|vigente)\s+desde\s+(?:el\s+)?{_DAY.replace('<d>', '<d2>')}"
            rf"|\b(?:rigen?|se\s+aplican?|es\s+(?:obligatori[oa]|aplicable))\s+desde\s+(?:el\s+)?"
            rf"{_DAY.replace('<d>', '<d3>')}"
        ),
        unless=_NOT_DONE,
    ),
    Clue(
        says=Says.WILL_BE_IN_FORCE,
        wording=_es(
            r"\b(?:entra(?:rá|rán|n|ría)?\s+en\s+(?:vigor|vigencia)|surt(?:e|irá)\s+efectos?"
            r"|será\s+(?:obligatori[oa]|aplicable|exigible)|tendrá\s+vigencia|regirá)\b"
            rf"[^¤;.]{{0,40}}?\b(?:el|del|desde|al|en)\b\s*(?:día\s+)?{_DAY}"
            rf"|\b(?:fecha\s+de\s+)?entrada\s+en\s+(?:vigor|vigencia)\b[^¤;.]{{0,40}}?(?:\bes\b|:"
            rf"|\bel\b)\s*(?:el\s+)?{_DAY.replace('<d>', '<d2>')}"
        ),
        unless_anywhere=_es(rf"{_FORCE}[^;.]{{0,120}}?{_MOVED}"),
        tentative=_TENTATIVE,
    ),
    Clue(
        says=Says.WILL_BE_IN_FORCE,
        wording=_es(r"\b(?:entra(?:rá|rán|n)?\s+en\s+(?:vigor|vigencia)|regirá)\s+(?P<w>[^.;¤]{3,100})"),
        tentative=_TENTATIVE,
    ),
    Clue(
        says=Says.PLANNED_ADOPTION,
        wording=_es(
            r"\b(?:(?:se\s+(?:prevé|espera|estima)\s+(?:su\s+|la\s+)?(?:adopción|aprobación"
            r"|que\s+sea\s+(?:aprobad|adoptad)[oa])|será\s+(?:aprobad|adoptad|publicad)[oa])"
            r"|fecha\s+(?:propuesta|prevista)\s+(?:de|para\s+la)\s+(?:adopción"
            rf"|aprobación))\b[^¤;.]{{0,60}}?(?:\b(?:el|en|para|es)\b|:)\s*(?:el\s+)?{_DAY}"
        ),
    ),
    Clue(
        says=Says.PLANNED_FORCE,
        wording=_es(
            r"\bfecha\s+(?:propuesta|prevista)\s+(?:de|para\s+la)\s+entrada\s+en\s+(?:vigor"
            rf"|vigencia)\b[^¤;.]{{0,60}}?(?:\b(?:el|en|para|es)\b|:)\s*(?:el\s+)?{_DAY}"
        ),
    ),
    Clue(
        says=Says.FORCE_MOVED,
        wording=_es(
            rf"{_FORCE}[^;.]{{0,120}}?{_MOVED}[^¤;]{{0,40}}?(?:\bdel\s+¤+[^¤;]{{0,10}})?\b(?:al|hasta\s+el"
            rf"|para\s+el|a)\s+{_DAY}"
            rf"|{_MOVED}\s+[^¤;.]{{0,60}}?{_FORCE}[^¤;]{{0,60}}?\b(?:al|hasta\s+el|para\s+el"
            rf"|a)\s+{_DAY.replace('<d>', '<d2>')}"
        ),
        unless=_es(_IF),
    ),
    Clue(  # "no entrará en vigor el ¤ sino el ¤", "no entrará en vigor hasta el ¤"
        says=Says.FORCE_MOVED,
        wording=_es(
            r"\bno\s+entr\w+\s+en\s+(?:vigor|vigencia)\b[^¤;.]{0,20}?¤+\s*,?\s*sino\s+(?:que\s+)?[^¤;.]{0,30}?"
            rf"\b(?:el|del)\s+{_DAY}"
            r"|\bno\s+entr\w+\s+en\s+(?:vigor|vigencia)\s+hasta\s+(?:el\s+)?(?:día\s+)?"
            rf"{_DAY.replace('<d>', '<d2>')}"
        ),
        unless=_es(r"\b(?:si|una\s+vez|cuando|en\s+caso)\b[^,;.]*$"),
        not_but=True,
    ),
    Clue(  # "entrará en vigor el ¤ en lugar del ¤"
        says=Says.FORCE_MOVED,
        wording=_es(
            r"\b(?:entr\w+\s+en\s+(?:vigor|vigencia)|surt\w+\s+efectos?)[^¤;.]{0,20}?\b(?:el|del|desde)\s+"
            rf"{_DAY}\s*,?\s*(?:en\s+(?:lugar|vez)|y\s+no)\b[^¤;.]{{0,30}}?¤"
        ),
        unless=_es(r"\b(?:si|una\s+vez|cuando|en\s+caso)\b[^,;.]*$"),
    ),
    Clue(  # "el reglamento se aplaza hasta el ¤"
        says=Says.FORCE_MOVED,
        wording=_es(
            rf"(?:{_WAS}|\b(?:queda|será|se|se\s+ha)\s+)(?:pospone|pospuso|pospuest[oa]|aplaz\w+|posterg\w+"
            rf"|difier\w+|diferid[oa])\b[^¤;.]{{0,20}}?(?:\bdel\s+¤+[^¤;.]{{0,10}}?)?\b(?:al|hasta\s+el"
            rf"|para\s+el)\s+{_DAY}"
        ),
        needs=_es(r"\b(?:reglamento|resolución|decreto|ley|norma|orden|medida|directiva)s?\b"),
        unless=_NOT_DONE,
        unless_anywhere=_es(
            rf"{_COMMENTS}|\b(?:adopción|aprobación|publicación|reunión|audiencia|votación|plazo|transi\w+)\b"
        ),
    ),
    Clue(
        says=Says.WITHDRAWN,
        wording=_es(
            rf"(?:{_WAS}|\bqueda\s+|\bes\s+)(?:retirad|derogad|anulad|revocad|cancelad|abrogad|archivad"
            r"|dejad)[oa]s?(?:\s+sin\s+efecto)?\b(?!\s+d(?:el|e)\s+(?:mercado|venta))"
        ),
        needs=_es(
            r"§|\bnotificad|\bproyecto|\bpropuest|\bnotificación\b|\bmedida\b|\b(?:este|esta|dicho|dicha"
            r"|presente)\s+(?:reglamento|resolución|norma|decreto)\b"
        ),
        unless=_es(
            _IF + _NOT_THE_MEASURE + r"|\b(?:anterior\w*|antigu\w+|certificados?|licencias?|autorizaci\w+|registros?"
            r"|productos?)\b[^,;]{0,50}$"
        ),
    ),
    Clue(
        says=Says.WITHDRAWN,
        wording=_es(
            r"\b(?:(?:ha\s+)?decid(?:e|ió|ido)\s+retirar|ha\s+retirado|retira|se\s+retira|desea\s+retirar"
            r"|retiro\s+de)\s+(?:la\s+|el\s+|su\s+|esta\s+|este\s+)?[^.;]{0,40}?(?:§|notificación|proyecto"
            r"|medida)"
            r"|\bse\s+deja\s+sin\s+efecto\s+(?:la\s+|el\s+)(?:notificación|proyecto|medida\s+notificada)"
        ),
        unless=_es(_IF),
    ),
    Clue(  # "Reglamento definitivo; retiro.", "el reglamento definitivo publicado el ¤ queda derogado"
        says=Says.WITHDRAWN_ACT,
        wording=_es(
            r"\b(?:reglamento|norma|decreto|resolución|texto)\s+(?:final|definitiv[oa])\s*[;:,(–-]\s*"
            r"(?:retir(?:o|ada)|derogación|anulación|revocación)\b(?!\s+d)"
            r"|\b(?:reglamento|norma|decreto|resolución|texto)\s+(?:final|definitiv[oa])\s+publicad[oa]\s+"
            rf"(?:el\s+)?{_DAY}[^;]{{0,120}}?\b(?:queda|es|será|ha\s+sido|fue)\s+(?:retirad|derogad|anulad|revocad)[oa]\b"
        ),
    ),
    Clue(  # "el proyecto se retira", "no continuar con el proyecto", "el proyecto no será adoptado"
        says=Says.WITHDRAWN,
        wording=_es(
            r"\b(?:proyecto|notificación|propuesta|medida\s+notificada)\b[^.;,]{0,40}?\bse\s+(?:retira|ha\s+retirado|archiva)\b"
            r"(?!\s+d(?:el|e)\s+(?:mercado|venta))"
            r"|\b(?:decidi(?:ó|do)|decide)\s+(?:no\s+(?:continuar|seguir|proseguir)\s+(?:adelante\s+)?(?:con|la\s+tramitación)"
            r"|no\s+adoptar|no\s+aprobar|desistir)\b[^.;]{0,40}?(?:§|notificación|proyecto|propuesta|medida)"
            r"|\bproyecto\b[^.;]{0,60}?\bno\s+será\s+(?:adoptado|aprobado|expedido)\b"
        ),
        unless=_es(_IF),
    ),
    Clue(
        says=Says.COMMENTS_WERE_UNTIL,
        wording=_es(
            rf"{_COMMENTS}[^;¤]{{0,120}}?\b(?:hasta\s+el|antes\s+del|al|el|del|vencía\s+el)\s+(?:día\s+)?{_DAY}"
        ),
    ),
    Clue(
        says=Says.COMMENTS_UNTIL,
        wording=_es(
            rf"{_COMMENTS}(?:(?!\b(?:vigor|vigencia|aprob\w+|adopt\w+|inicial\w*|anterior\w*|venció|vencía"
            rf"|finalizó|cerró)\b)[^;¤]){{0,160}}?"
            r"(?:\b(?:hasta(?:\s+el)?|antes\s+del|a\s+más\s+tardar(?:\s+el)?|al"
            r"|(?:es|será|son|pasa\s+a\s+ser)\s+(?:ahora\s+|actualmente\s+|hasta\s+)?el"
            r"|(?:vence|vencerá|expira|expirará|finaliza|finalizará|termina|terminará|concluye|concluirá|cierra|cerrará|caduca)"
            r"\s+(?:ahora\s+)?el|(?:se\s+fija|se\s+ha\s+fijado|ha\s+sido\s+fijad[oa]|queda(?:\s+fijad[oa])?|es|está\s+fijad[oa])"
            r"\s+(?:en|para|hasta)\s+el)\b"
            rf"|:)\s*(?:el\s+)?(?:día\s+)?{_DAY}"
        ),
        unless=_es(r"\b(?:inicial\w*|anterior\w*|había|habían|originalmente)\b[^;.]*$"),
    ),
    Clue(
        says=Says.COMMENTS_UNTIL,
        wording=_es(
            r"\b(?:prorrog|prórrog|ampl[ií]|extend|extiend|prolong|reabr|reapert)\w*\b(?:(?!\b(?:vigor"
            r"|vigencia)\b)[^;]){0,160}?\b(?:hasta\s+el|hasta|al)\s+(?:día\s+)?" + _DAY
        ),
        needs_anywhere=_COMMENT,
        unless_anywhere=_es(r"\ben\s+(?:vigor|vigencia)\b"),
    ),
    Clue(  # "los Miembros tienen hasta el ¤ para enviar observaciones", "el ¤ es la fecha límite para …"
        says=Says.COMMENTS_UNTIL,
        wording=_es(
            rf"\b(?:hasta(?:\s+el)?|antes\s+del|a\s+más\s+tardar(?:\s+el)?)\s+(?:día\s+)?{_DAY},?\s+para\s+"
            rf"(?:\w+\s+){{0,4}}?{_COMMENTS}"
            rf"|\bel\s+{_DAY.replace('<d>', '<d2>')}\s+(?:es|será)\s+(?:ahora\s+)?(?:la\s+nueva\s+|la\s+|el\s+)"
            rf"(?:nuevo\s+)?(?:fecha\s+límite|plazo)[^;.¤]{{0,60}}?{_COMMENTS}"
        ),
        unless=_es(r"\b(?:inicial\w*|anterior\w*|había|habían|originalmente)\b[^;.]*$"),
    ),
    Clue(
        says=Says.COMMENTS_EXTENDED,
        wording=_es(
            rf"\b(?:prorrog|prórrog|ampl[ií]|extend|extiend|prolong)\w*\b[^;]{{0,100}}?\b(?:por|en"
            rf"|de)\s+(?:un\s+período\s+de\s+|otros\s+)?(?P<n>{_NUMBER})(?:\s*\(\d+\))?\s+(?P<u>días?|semanas?"
            r"|mes(?:es)?)\b"
        ),
        needs_anywhere=_COMMENT,
    ),
    Clue(
        says=Says.COMMENTS_EXTENDED,
        wording=_es(
            rf"\b(?:prórroga|ampliación)\s+del\s+(?:plazo|período)\b[^;.]{{0,60}}?{_COMMENTS}|\b(?:plazo"
            rf"|período)\b[^;.]{{0,60}}?{_COMMENTS}[^;.]{{0,60}}?\b(?:se\s+(?:ha\s+)?(?:prorrog|ampl|extend)"
            r"|(?:ha\s+sido|fue)\s+(?:prorrogad|ampliad|extendid))"
        ),
        unless=_es(_IF),
    ),
    Clue(
        says=Says.COMMENTS_REOPENED,
        wording=_es(
            rf"\b(?:reabr|reapert|reabier)\w*\b[^;.]{{0,80}}?{_COMMENTS}|{_COMMENTS}[^;.]{{0,80}}?\b(?:reabr"
            r"|reabier)\w*"
        ),
        unless=_es(_IF),
    ),
    Clue(
        says=Says.SCOPE_CHANGED,
        wording=_es(
            r"\b(?:ámbito|campo)\s+de\s+aplicación\b[^.;]{0,60}?\b(?:fue|ha\s+sido|se\s+ha|es"
            r"|queda)\s+(?:modificad|ampliad|extendid|reducid)"
            r"|\b(?:modifica|amplía|extiende|reduce|modificación|ampliación)\s+(?:el|del)\s+(?:ámbito"
            r"|campo)\s+de\s+aplicación"
        ),
        unless=_es(r"\b(?:no|sin)\b[^.;]{0,30}$"),
    ),
)
