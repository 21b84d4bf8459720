"""What makes a measure urgent whatever the day: an emergency by its article or its words, or a recall."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from rules.classification import Evidence, Facet, Finding, Grade
from rules.reading import NAMING_FIELDS, Reading, TextField
from rules.recalls import RECALL, recall_named
from rules.ruleset import RuleSet
from watcher.later import later

RULE: Final = "reads:urgency"
EMERGENCY: Final = "emergency"

#: Urgent problems of safety, health, environment: the articles that let a Member notify afterwards.
_ARTICLES: Final = re.compile(r"(?:2\.10|5\.7)(?:\.[0-9])?(?![0-9])|annex b,? ?(?:paragraph ?)?\(?6", re.IGNORECASE)

#: For folded text: lower case, no accents, hyphens as blanks. Lighting, exits and doctors for emergencies are goods.
_WORDS: Final = later(
    r"(?<!\w)(?:emergency (?:\w+ ){0,2}?(?:measures?|notifications?|regulations?|standards?|orders?|rules?|bans?"
    r"|suspensions?|amendments?|decrees?|ordinances?|restrictions?|authori[sz]ations?|directives?|actions?)"
    r"|urgent (?:\w+ ){0,2}?(?:measures?|notifications?|problems?|regulations?|safety (?:notice|warning)|recalls?)"
    r"|notification of emergency measures"
    r"|mesures? (?:\w+ ){0,2}?d'urgence|notification d'urgence|reglement d'urgence|arrete d'urgence|problemes? urgents?"
    r"|medidas? (?:\w+ ){0,2}?(?:de emergencia|de urgencia|urgentes?)|norma (?:oficial mexicana )?de emergencia"
    r"|notificacion de (?:medidas )?de? ?(?:emergencia|urgencia)|nom em [0-9]{2,3}|problemas? urgentes?"
    r")(?!\w)"
    r"|紧急(?:措施|通报|法规|标准|条例|命令|禁令|限制|修订|规定|情况通报|问题|安全)|緊急(?:措置|措施|通報)"
)


def READER(reading: Reading, ruleset: RuleSet) -> Iterable[Finding]:  # noqa: N802 - the folder finds it by this name
    """An emergency by its article or its words, and a recall."""
    articles = tuple(dict.fromkeys(one for one in reading.facts.legal_basis if _ARTICLES.search(one)))
    evidence = [Evidence(rule=RULE, field="legal_basis", quotes=articles, grade=Grade.DIRECT)] if articles else []
    for field in (*NAMING_FIELDS, "content_summary", "further_text"):
        if quotes := tuple(dict.fromkeys(_named(reading, field))):
            grade = Grade.DIRECT if field in NAMING_FIELDS else Grade.PROBABLE
            evidence.append(Evidence(rule=RULE, field=field, quotes=quotes, grade=grade))
    if evidence:
        best = min((each.grade for each in evidence), key=lambda grade: grade.rank)
        yield Finding(facet=Facet.URGENCY, value=EMERGENCY, grade=best, evidence=tuple(evidence))
    if recall := recall_named(reading, ruleset):
        named = tuple(replace(each, rule=RULE) for each in recall)
        yield Finding(facet=Facet.URGENCY, value=RECALL, grade=Grade.DIRECT, evidence=named)


def _named(reading: Reading, field: TextField) -> Iterable[str]:
    if not getattr(reading.facts, field):
        return
    for found in _WORDS.finditer(reading.folded(field).text):
        if not reading.takes_back(field, found.start(), found.end()):
            yield reading.quote(field, found.start(), found.end())
