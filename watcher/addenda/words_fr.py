"""What French addenda say, as clues. `¤` stands for a date, `§` for a symbol (`watcher.addenda.prose`)."""

from __future__ import annotations

import re
from typing import Final

from watcher.addenda.clues import Clue, Says
from watcher.later import later


def _fr(pattern: str) -> re.Pattern[str]:
    return later(pattern, re.IGNORECASE)


_DAY: Final = r"(?P<d>¤+)"
_WAS: Final = r"\b(?:a|ont)\s+(?:\w+\s+)?été\s+(?:\w+ment\s+|bien\s+)?"
_OTHER_EVENT: Final = (
    r"(?!\b(?:entr\w+|vigueur|effet|observations|commentaires|applicable|jusqu|remplac\w+|abrog\w+"
    r"|modifi\w+|notifi\w+|retir\w+)\b)"
)
_GAP: Final = rf"(?:{_OTHER_EVENT}[^¤;]){{0,160}}?(?:\b(?:le|du|en|au|daté|datée)\b|[:,(–-])\s*"
_DRAFT: Final = r"\b(?:projets?|propositions?|proposée?s?|avant-projet|avis|consultation|rectificatif|communiqué)\b"
_IF: Final = (
    r"\b(?:si|s'il|s’il|s'ils|une\s+fois|lorsque|lorsqu|quand|dès|à\s+moins|avant|après\s+avoir|jusqu"
    r"|sous\s+réserve)\b[^,;.]*$"
    r"|\b(?:n'|n’|pas)\s*$"
)
_NOT_THE_MEASURE: Final = (
    r"|\b(?:produits?|appareils?|véhicules?|laboratoires?|organismes?|demandes?|modèles?|types?"
    r"|certificats?|licences?|autorisations?"
    r"|agréments?|fabricants?|importateurs?)\s+(?:qui\s+)?$|^[^§]*\bqui\s+$"
)
_NOT_DONE: Final = _fr(_IF + _NOT_THE_MEASURE)
_TENTATIVE: Final = _fr(
    r"\b(?:projets?|propos\w+|prévu\w*|prévoi\w+|prévision\w*|envisag\w+|devrai\w+|serai\w+"
    r"|pourrai\w+|si|s'il|s’il|une\s+fois|provisoire\w*|estimé\w*)\b"
)
_COMMENTS: Final = r"\b(?:observations?|commentaires?|consultation|remarques)\b"
_COMMENT: Final = _fr(_COMMENTS)
_FORCE: Final = (
    r"\b(?:entrée\s+en\s+vigueur|mise\s+en\s+(?:application|œuvre|oeuvre|vigueur)|date\s+d['’](?:application|effet))\b"
)
_MOVED: Final = (
    r"\b(?:reporté|différé|repoussé|prolongé|prorogé|avancé|modifié|décalé|ajourné|retardé|fixé\s+désormais)e?s?\b"
)
_NUMBER: Final = r"\d{1,3}|sept|quinze|vingt|trente|quarante-cinq|soixante|quatre-vingt-dix"

CLUES: Final = (
    Clue(
        says=Says.ADOPTED,
        wording=_fr(
            rf"(?:{_WAS}|\b(?:est|sont)\s+désormais\s+)(?:adopté|approuvé|promulgué|homologué|entériné|ratifié"
            r"|signé|pris)e?s?\b"
            r"(?!\s+pour\s+(?:consultation|observations|enquête))(?:\s+et\s+(?:publié"
            rf"|promulgué)e?s?)?(?:{_GAP}{_DAY})?"
        ),
        unless=_NOT_DONE,
    ),
    Clue(
        says=Says.ADOPTED,
        wording=_fr(
            r"\b(?:a|ont)\s+(?:\w+ment\s+)?(?:adopté|approuvé|promulgué|homologué|publié"
            rf"|pris)\s+(?=(?:(?!{_DRAFT})[^;]){{0,120}}?\b(?:règlement|arrêté"
            rf"|décret|loi|norme|décision|résolution|directive|texte\s+final|mesure|ordonnance)s?\b)(?:{_GAP}{_DAY})?"
        ),
        unless=_fr(_IF),
    ),
    Clue(
        says=Says.ADOPTED,
        wording=_fr(rf"\bdate\s+d['’](?:adoption|approbation)\s*(?::|\best\b)\s*(?:le\s+)?{_DAY}"),
        unless_anywhere=_TENTATIVE,
    ),
    Clue(
        says=Says.PUBLISHED,
        wording=_fr(
            rf"{_WAS}(?:publié|promulgué|édité)e?s?\b(?!\s+pour\s+(?:consultation"
            rf"|observations))(?:{_GAP}{_DAY})?"
        ),
        unless=_fr(_IF + _NOT_THE_MEASURE + rf"|{_DRAFT}[^;]*$"),
    ),
    Clue(
        says=Says.PUBLISHED,
        wording=_fr(rf"\b(?:et|,)\s+(?:a\s+été\s+)?publiée?s?\s+(?:au|dans|le)\b{_GAP}{_DAY}"),
        needs=_fr(rf"{_WAS}(?:adopté|approuvé|promulgué|homologué|signé|pris)e?s?\b[^;]*$"),
        unless=_NOT_DONE,
    ),
    Clue(
        says=Says.IN_FORCE,
        wording=_fr(
            r"\b(?:est|sont)\s+(?:\w+ment\s+|déjà\s+)?entrée?s?\s+en\s+vigueur\b(?:\s+(?:le|en|depuis\s+le"
            rf"|à\s+compter\s+du)\s+{_DAY})?"
        ),
        unless=_NOT_DONE,
    ),
    Clue(
        says=Says.IN_FORCE,
        wording=_fr(
            r"\b(?:est|sont)\s+(?:\w+ment\s+|déjà\s+)?(?:en\s+vigueur|en\s+application|applicables?|obligatoires?)\s+depuis\s+(?:le\s+)?"
            + _DAY
        ),
        unless=_NOT_DONE,
    ),
    Clue(
        says=Says.WILL_BE_IN_FORCE,
        wording=_fr(
            r"\b(?:(?:entre(?:ra|ront|nt|rait)?|(?:devrai(?:t|ent)|doi(?:t|vent)"
            r"|pourrait)\s+entrer)\s+en\s+vigueur|prend(?:ra|ront|rait)?\s+effet|(?:sera|seront|est"
            r"|sont)\s+(?:applicable|obligatoire)s?|s['’]appliquera)"
            rf"\b[^¤;.]{{0,40}}?(?:\b(?:le|en|du|au)\b)\s*{_DAY}|\bdate\s+d['’]entrée\s+en\s+vigueur\b[^¤;.]{{0"
            r",40}?(?:\best\b|:|\bau\b|\ble\b)\s*(?:le\s+|fixée\s+au\s+)?"
            rf"{_DAY.replace('<d>', '<d2>')}"
        ),
        tentative=_TENTATIVE,
    ),
    Clue(
        says=Says.WILL_BE_IN_FORCE,
        wording=_fr(r"\b(?:entre(?:ra|ront|nt)?\s+en\s+vigueur|prend(?:ra|ront)?\s+effet)\s+(?P<w>[^.;¤]{3,100})"),
        tentative=_TENTATIVE,
    ),
    Clue(
        says=Says.PLANNED_ADOPTION,
        wording=_fr(
            r"\b(?:(?:sera|seront|serait|devrait\s+être|devraient\s+être)\s+(?:adopté|approuvé|publié)e?s?"
            rf"|(?:adoption|date\s+projetée\s+d['’]adoption)[^¤;.]{{0,30}}?"
            rf"(?:prévue|envisagée|projetée))\b[^¤;.]{{0,60}}?(?:\b(?:le|en|pour|au)\b|:)\s*(?:le\s+)?{_DAY}"
        ),
    ),
    Clue(
        says=Says.PLANNED_FORCE,
        wording=_fr(
            r"\b(?:date\s+(?:projetée|prévue|proposée)\s+(?:pour\s+l['’]|d['’]"
            r"|de\s+l['’])entrée\s+en\s+vigueur|entrée\s+en\s+vigueur\s+(?:est\s+)?(?:prévue|envisagée"
            r"|projetée))"
            rf"\b[^¤;.]{{0,60}}?(?:\b(?:le|en|pour|au|est)\b|:)\s*(?:le\s+)?{_DAY}"
        ),
    ),
    Clue(
        says=Says.FORCE_MOVED,
        wording=_fr(
            rf"{_FORCE}[^;.]{{0,120}}?{_MOVED}[^¤;]{{0,40}}?(?:\bdu\s+¤+[^¤;]{{0,10}})?\b(?:au|à|jusqu['’]au"
            rf"|pour\s+le)\s+{_DAY}"
            rf"|\b(?:report|diff[eé]r|repouss|ajourn|retard|prorog)\w*\s+[^¤;.]{{0,60}}?{_FORCE}[^¤;]{{0,60}}?"
            rf"(?:au|à|jusqu['’]au)\s+{_DAY.replace('<d>', '<d2>')}"
        ),
        unless=_fr(_IF),
    ),
    Clue(  # "n'entrera pas en vigueur le ¤ mais le ¤"
        says=Says.FORCE_MOVED,
        wording=_fr(
            r"\bpas\s+(?:en\s+vigueur|effet)\b[^¤;.]{0,20}?¤+\s*,?\s*mais\s+(?:le|au|à\s+compter\s+du)\s+" + _DAY
        ),
        unless=_fr(r"\b(?:si|s'il|lorsque)\b[^,;.]*$"),
        not_but=True,
    ),
    Clue(  # "entrera en vigueur le ¤ au lieu du ¤"
        says=Says.FORCE_MOVED,
        wording=_fr(
            rf"\b(?:entre\w*\s+en\s+vigueur|prend\w*\s+effet)[^¤;.]{{0,20}}?\b(?:le|au|du)\s+{_DAY}\s*,?\s*"
            r"(?:au\s+lieu|et\s+non|plutôt\s+que)\b[^¤;.]{0,30}?¤"
        ),
        unless=_fr(_IF),
    ),
    Clue(  # "le règlement est reporté au ¤"
        says=Says.FORCE_MOVED,
        wording=_fr(
            rf"(?:{_WAS}|\b(?:est|sont|sera|seront)\s+)(?:reporté|différé|repoussé|ajourné|retardé)e?s?\b"
            rf"[^¤;.]{{0,20}}?(?:\bdu\s+¤+[^¤;.]{{0,10}}?)?\b(?:au|jusqu'au|à)\s+{_DAY}"
        ),
        needs=_fr(r"\b(?:règlement|arrêté|norme|décret|loi|mesure|ordonnance|directive|résolution)s?\b"),
        unless=_NOT_DONE,
        unless_anywhere=_fr(
            rf"{_COMMENTS}|\b(?:adoption|publication|réunion|audition|vote|délai|transition|transitoire|échéance)\b"
        ),
    ),
    Clue(
        says=Says.WITHDRAWN,
        wording=_fr(
            rf"(?:{_WAS}|\b(?:est|sont)\s+)(?:retiré|abrogé|annulé|révoqué|abandonné"
            r"|rapporté)e?s?\b(?!\s+d[ue]s?\s+(?:marché|vente))"
        ),
        needs=_fr(
            r"§|\bnotifi|\bprojets?\b|\bpropos|\bmesure\b|\b(?:cette?|ce|ledit|ladite"
            r"|présente?)\s+(?:règlement|arrêté|norme|décret)\b"
        ),
        unless=_fr(
            _IF
            + _NOT_THE_MEASURE
            + r"|\b(?:ancien\w*|précédent\w*|antérieur\w*|certificats?|licences?|autorisations?|agréments?"
            r"|produits?)\b[^,;]{0,50}$"
        ),
    ),
    Clue(
        says=Says.WITHDRAWN,
        wording=_fr(
            r"\b(?:a\s+(?:décidé\s+de\s+)?retir(?:é|er)|retire|souhaite\s+retirer|retrait\s+de)\s+(?:la\s+"
            r"|le\s+|sa\s+|son\s+|ce\s+|cette\s+|l['’]|du\s+)?[^.;]{0,40}?(?:§|notification|projet|mesure)"
        ),
        unless=_fr(_IF),
    ),
    Clue(  # "Règlement final; retrait.", "le règlement final publié le ¤ est abrogé"
        says=Says.WITHDRAWN_ACT,
        wording=_fr(
            r"\b(?:règlement|arrêté|décret|texte|règle)\s+(?:final|définitif|finale|définitive)\s*[;:,(–-]\s*"
            r"(?:retrait|abrogation|annulation|révocation)\b(?!\s+d)"
            r"|\b(?:règlement|arrêté|décret|texte|règle)\s+(?:final|définitif|finale|définitive)\s+publiée?\s+"
            rf"(?:le\s+)?{_DAY}[^;]{{0,120}}?\b(?:est|sont|sera|seront|a\s+été)\s+(?:retiré|abrogé|annulé|révoqué)e?s?\b"
        ),
    ),
    Clue(  # "ne pas donner suite au projet", "la procédure a été interrompue"
        says=Says.WITHDRAWN,
        wording=_fr(
            r"\bne\s+(?:pas\s+(?:donner\s+suite|poursuivre|adopter)|(?:donnera|poursuivra|sera)\s+pas\s+(?:suite|donné\s+suite"
            r"|poursuivie?|adoptée?))\b[^.;]{0,40}?(?:§|notification|projet|mesure)"
            r"|\b(?:projet|mesure\s+notifiée)\b[^.;]{0,60}?\bne\s+sera\s+(?:pas|plus)\s+(?:adoptée?|poursuivie?)\b"
            r"|\b(?:renonce|a\s+renoncé)\s+(?:à|au)\s+[^.;]{0,30}?(?:§|notification|projet|mesure)"
            r"|\bprocédure\b[^.;]{0,40}?\b(?:projet|notifi)[^.;]{0,30}?\b(?:interrompue|abandonnée|arrêtée)\b"
        ),
        unless=_fr(_IF),
    ),
    Clue(
        says=Says.COMMENTS_WERE_UNTIL,
        wording=_fr(rf"{_COMMENTS}[^;¤]{{0,120}}?\b(?:jusqu['’]au|avant\s+le|au|le|du)\s+{_DAY}"),
    ),
    Clue(
        says=Says.COMMENTS_UNTIL,
        wording=_fr(
            rf"{_COMMENTS}(?:(?!\b(?:vigueur|adopt\w+|initial\w*|précédent\w*|expiré|échu|clos\w*)\b)[^;¤]){{0,160}}?"
            r"(?:\b(?:jusqu['’]au|avant\s+le|au\s+plus\s+tard(?:\s+le)?|d['’]ici\s+(?:au|le)|au"
            r"|(?:est|sera)\s+(?:(?:désormais|maintenant|donc|dorénavant|dès\s+lors)\s+)?(?:fixée?\s+)?(?:le|au|pour\s+le)|attendue?s\s+(?:pour|avant)\s+le"
            r"|(?:expire|expirera|expirant|prend\s+fin|prendra\s+fin|se\s+termine|s['’]achève|s['’]achèvera|échoit|tombe|court)"
            rf"\s+(?:désormais\s+)?(?:le|au))\b|:)\s*(?:le\s+)?{_DAY}"
        ),
        unless=_fr(r"\b(?:initial\w*|précédent\w*|avait|avaient)\b[^;.]*$"),
    ),
    Clue(
        says=Says.COMMENTS_UNTIL,
        wording=_fr(
            r"\b(?:prolong|proro|report|étend|repouss|rouv|réouv)\w*\b(?:(?!\bvigueur\b)[^;]){0,160}?\b"
            r"(?:jusqu['’]au|au)\s+" + _DAY
        ),
        needs_anywhere=_COMMENT,
        unless_anywhere=_fr(r"\ben\s+vigueur\b"),
    ),
    Clue(  # "les Membres ont jusqu'au ¤ pour présenter des observations", "le ¤ est la date limite pour …"
        says=Says.COMMENTS_UNTIL,
        wording=_fr(
            rf"\b(?:jusqu['’]au|avant\s+le|d['’]ici\s+(?:au|le))\s+{_DAY},?\s+pour\s+(?:\w+\s+){{0,3}}?"
            rf"(?:l[ea]s?\s+|d['’]|leurs\s+|vos\s+)?{_COMMENTS}"
            rf"|\ble\s+{_DAY.replace('<d>', '<d2>')}\s+(?:est|sera)\s+(?:désormais\s+)?la\s+"
            rf"(?:nouvelle\s+)?date\s+limite[^;.¤]{{0,60}}?{_COMMENTS}"
        ),
        unless=_fr(r"\b(?:initial\w*|précédent\w*|avait|avaient)\b[^;.]*$"),
    ),
    Clue(
        says=Says.COMMENTS_EXTENDED,
        wording=_fr(
            rf"\b(?:prolong|proro|étend)\w*\b[^;]{{0,100}}?\b(?:de"
            rf"|pour)\s+(?P<n>{_NUMBER})(?:\s*\(\d+\))?\s+(?P<u>jours?|semaines?|mois)\b"
        ),
        needs_anywhere=_COMMENT,
    ),
    Clue(
        says=Says.COMMENTS_EXTENDED,
        wording=_fr(
            rf"\b(?:prolongation|prorogation)\s+du\s+délai\b[^;.]{{0,60}}?{_COMMENTS}"
            rf"|\bdélai\b[^;.]{{0,60}}?{_COMMENTS}[^;.]{{0,60}}?\b(?:est|a\s+été)\s+(?:prolongé|prorogé)"
        ),
        unless=_fr(_IF),
    ),
    Clue(
        says=Says.COMMENTS_REOPENED,
        wording=_fr(
            rf"\b(?:rouv|réouv)\w*\b[^;.]{{0,80}}?{_COMMENTS}|{_COMMENTS}[^;.]{{0,80}}?\b(?:rouvert"
            r"|réouvert)e?s?\b"
        ),
        unless=_fr(_IF),
    ),
    Clue(
        says=Says.SCOPE_CHANGED,
        wording=_fr(
            r"\bchamp\s+d['’]application\b[^.;]{0,60}?\b(?:est|a\s+été|sont)\s+(?:modifié|étendu|élargi"
            r"|réduit|restreint)"
            r"|\b(?:modifie|étend|élargit|restreint|modification|extension|élargissement)\s+(?:le"
            r"|du)\s+champ\s+d['’]application"
        ),
        unless=_fr(r"\b(?:ne|sans|pas|aucune?)\b[^.;]{0,30}$"),
    ),
)
