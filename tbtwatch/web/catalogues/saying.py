"""Our own sentences in the language of a page: what they are made of is kept by `watcher.said`, translated here."""

from __future__ import annotations

from typing import Final

from tbtwatch.web.catalogues.refusals_zh import CODES, LISTS, QUESTIONS
from tbtwatch.web.catalogues.rule_deed_refusals_zh import FILES, OVERRIDES, VERSIONS
from tbtwatch.web.catalogues.rule_refusals_zh import AREAS, RULES
from watcher.said import Said

#: Language → English wording → wording in it. Pages for signed-in people are in English where there is none.
RETOLD: Final[dict[str, dict[str, str]]] = {
    "zh": {**CODES, **QUESTIONS, **LISTS, **RULES, **AREAS, **VERSIONS, **FILES, **OVERRIDES}
}


def retold(sentence: str, language: str) -> str:
    """A sentence in this language with the same facts; as it is if it is none of ours, or has no translation."""
    if not isinstance(sentence, Said):
        return sentence
    wording = RETOLD.get(language, {}).get(sentence.wording)
    if wording is None:
        return str(sentence)
    facts = {name: retold(fact, language) if isinstance(fact, str) else fact for name, fact in sentence.facts.items()}
    return wording.format(**facts)
