"""Not a benchmark: measures written with the words of the shipped rules, and rules of made-up words.

The same seed gives the same in every process. Half of the measures are English, a quarter Chinese, the rest French and
Spanish; each has 100 to 300 words, a few of them words of rules, and mostly a code of the tariff.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from rules.ruleset import RuleSet
from watcher.dates import DateFact, DateQuality
from watcher.measure import Facts, Measure
from watcher.notice import Notice

MEMBERS = ("KEN", "USA", "EU", "BRA", "VNM", "IND", "CHL", "MEX", "ARE", "JPN")
_TEXT = {
    "en": "the draft lays down requirements for and of test methods marking sampling conformity assessment certificate "
    "importer manufacturer market limit content substance tolerance class national technical regulation amends "
    "order decree article paragraph annex period transition inspection laboratory declaration information "
    "consumer warning instructions durable storage composition nominal value performance scope definitions terms",
    "fr": "le projet fixe les exigences relatives aux essais et au marquage des produits mis sur le marche national "
    "arrete article annexe periode inspection laboratoire declaration consommateur valeur composition portee",
    "es": "el proyecto establece los requisitos y los metodos de ensayo para el marcado de los productos en el mercado "
    "nacional decreto articulo anexo periodo inspeccion laboratorio declaracion consumidor valor composicion",
    "zh": " ".join(
        "本草案规定了产品的技术要求试验方法标志抽样合格评定证书进口商制造商市场限量含量物质等级国家法规修订命令条款附录"
    ),
}
_FILL = {language: text.split(" ") for language, text in _TEXT.items()}
_LANGUAGES = ("en", "zh", "fr", "es")
_LAST = date(2026, 10, 30)


class Words:
    """The words and codes of a rule set, by language."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.phrases: dict[str, list[str]] = {language: [] for language in _LANGUAGES}
        self.codes: list[str] = []
        for rule in ruleset.rules:
            content = rule.model_dump(mode="json")
            if isinstance(content.get("any"), dict):
                for language, phrases in content["any"].items():
                    self.phrases.setdefault(language, []).extend(phrases)
            self.codes += [prefix for prefix in content.get("prefixes", ()) if "." not in prefix and len(prefix) > 2]


def measures(words: Words, count: int, seed: int) -> Iterator[tuple[Notice, Measure]]:
    """So many measures, each with the notice that began it."""
    chance = random.Random(f"measures {seed}")
    for number in range(1, count + 1):
        language = chance.choices(_LANGUAGES, (50, 25, 12, 13))[0]
        member = chance.choice(MEMBERS)
        own = words.phrases[language]

        def text(length: int, language: str = language, own: Sequence[str] = own) -> str:
            drawn = [
                chance.choice(own) if chance.random() < 0.012 else chance.choice(_FILL[language]) for _ in range(length)
            ]
            return ("" if language == "zh" else " ").join(drawn)

        day = _LAST - timedelta(days=chance.randrange(3650))
        deadline = day + timedelta(days=60)
        values: dict[str, Any] = {
            "notifying_members": (member,),
            "title": text(chance.randint(8, 20)) + (f" {chance.choice(own)}" if chance.random() < 0.5 else ""),
            "content_summary": text(chance.randint(85, 260)),
            "products_covered": text(chance.randint(3, 15)),
            "hs_codes": (chance.choice(words.codes),) if chance.random() < 0.7 else (),
        }
        ends = DateFact(value=deadline, quality=DateQuality.STATED, wording=deadline.isoformat())
        symbol = f"G/TBT/N/{member}/{number}"
        notice = Notice(
            issuer="WTO", symbols=(symbol,), distribution_date=day, comment_deadline=ends, language=language, **values
        )
        facts = Facts(first_distributed=day, last_distributed=day, comment_deadline=ends, language=language, **values)
        yield notice, Measure(id=number, issuer="WTO", threads=(symbol,), facts=facts, notices=(notice,))


def made_up(rules: int, terms: int, seed: int) -> tuple[dict[str, Any], list[dict[str, Any]], list[str]]:
    """Areas, so many rules with so many different terms in all, and the terms."""
    chance = random.Random(f"rules {seed}")
    syllables = [consonant + vowel for consonant in "bcdfghjklmnprstvwz" for vowel in "aeiou"]
    found: dict[str, None] = {}
    while len(found) < terms:
        word = "".join(chance.choice(syllables) for _ in range(chance.randint(3, 5)))
        found[word if chance.random() < 0.6 else f"{word} {''.join(chance.choice(syllables) for _ in range(3))}"] = None
    several = list(found)
    areas = {
        "sectors": {"goods": {"en": "Goods"}},
        "areas": {f"area-{n}": {"sector": "goods", "names": {"en": f"Area {n}"}} for n in range(50)},
    }
    each = terms // rules
    made = [
        {
            "name": f"rule-{number}",
            "kind": "keyword",
            "areas": [f"area-{number % 50}"],
            "why": "Made up for a benchmark.",
            "any": several[number * each : (number + 1) * each],
        }
        for number in range(rules)
    ]
    return areas, made, several
