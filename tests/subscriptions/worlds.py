"""Small worlds for property tests: few codes, few words, so that hits and misses are both frequent."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import strategies as st

from rules.classification import AreaFound, Classification, Evidence, Facet, Finding, Grade
from subscriptions.criteria import Criteria, Subscription
from tests.builders import a_measure, a_subscription
from watcher.measure import Measure

MEMBERS = ("KEN", "UGA", "EU", "DEU", "ARE", "CHN", "VNM")
MARKETS = (*MEMBERS, "EAC", "GCC")
#: 57 and 67 are both HS chapters and ICS fields; odd lengths occur in Members' own documents.
HS = ("57", "5701", "570110", "57011000", "57019", "67", "6702", "85", "8507", "850760", "8507600090", "85076")
ICS = ("57", "57.010", "57.010.10", "57.010.20", "67", "67.080", "67.080.10", "67.160")
AREAS = ("food", "toys", "batteries")
FURTHER_VALUES = {
    "kinds": ("labelling", "recall", "standard"),
    "stages": ("draft", "in-force"),
    "objectives": ("human_health", "human-health", "environment"),
    "schemes": ("ce", "kc", "bis"),
    "duties": ("factory-inspection", "declaration"),
    "standards": (
        "IEC 60335", "IEC 60335-2", "IEC 60335-2-9", "IEC 60335-2-9:2019", "EN IEC 60335-2-9:2019", "GB 4706.1-2005",
        "GB 4706", "ISO/IEC 17025:2017", "ISO 17025", "no number",
    ),
    "agencies": ("SASO", "saso", "Standards", "Bureau of Standards", "标准局", "Jelly", "--"),
    "sources": ("eping", "workbook", "gazette"),
    "measures": ("G/TBT/N/KEN/1514", "G/TBT/N/UGA/20", "US-FR 2026-04411", "2026-04411"),
}  # fmt: skip
AGENCIES = (
    "", "", "Kenya Bureau of Standards", "SASO", "Saudi Standards, Metrology and Quality Organization (SASO)",
    "标准局", "特立尼达和多巴哥标准局", "Sasol",
)  # fmt: skip
THREADS = (
    ("WTO", ("G/TBT/N/KEN/1514",)), ("WTO", ("G/TBT/N/KEN/1514", "G/TBT/N/UGA/20")), ("WTO", ("G/TBT/N/EU/9024",)),
    ("US-FR", ("2026-04411",)), ("WTO", ("2026-04411",)),
)  # fmt: skip
FINDINGS = (
    *((Facet.KIND, value) for value in FURTHER_VALUES["kinds"]),
    *((Facet.STAGE, value) for value in FURTHER_VALUES["stages"]),
    *((Facet.OBJECTIVE, value) for value in FURTHER_VALUES["objectives"]),
    *((Facet.SCHEME, value) for value in FURTHER_VALUES["schemes"]),
    *((Facet.DUTY, value) for value in FURTHER_VALUES["duties"]),
    *((Facet.STANDARD, value) for value in FURTHER_VALUES["standards"]),
    *((Facet.HS, value) for value in ("57", "5701", "670210", "850760")),
    *((Facet.ICS, value) for value in ("57.010", "67.080.10")),
    (Facet.TRANSITION, "2027-01-01"),
)
WORDS = (
    "jelly", "Jelly", "jellies", "fruit jelly", "wine", "WINES", "battery", "batteries", "lithium-ion battery", "toy",
    "toys", "电池", "锂电池", "锂离子电池", "果冻", "юла", "juguete", "Li-ion", "--",
)  # fmt: skip


def sets(values: tuple[str, ...], at_most: int = 3) -> st.SearchStrategy[frozenset[str]]:
    """A few of these values, often none."""
    return st.one_of(st.just(frozenset[str]()), st.frozensets(st.sampled_from(values), max_size=at_most))


def criteria() -> st.SearchStrategy[Criteria]:
    """Any standing question, unchecked ones too."""
    return st.builds(
        Criteria,
        markets=sets(MARKETS),
        hs=sets(HS),
        ics=sets(ICS),
        areas=sets(AREAS),
        keywords=sets(WORDS),
        exclusions=sets(WORDS, at_most=2),
        grade=st.sampled_from(Grade),
        **{
            name: st.one_of(st.just(frozenset[str]()), st.just(frozenset[str]()), sets(values, at_most=2))
            for name, values in FURTHER_VALUES.items()
        },
    )


@st.composite
def subscriptions(draw: st.DrawFn, ids: st.SearchStrategy[int] | None = None) -> Subscription:
    """A live subscription."""
    number = draw(ids if ids is not None else st.integers(0, 2**32 - 1))
    return a_subscription(id=number, version=draw(st.integers(1, 3)), criteria=draw(criteria()))


def texts() -> st.SearchStrategy[str]:
    """Prose in which some of the words stand, whole or glued to others."""
    pieces = st.sampled_from((*WORDS, "and", "的", "xjellyx", "toyshop", "，", "-", "fruit", "lithium ion", "\n"))
    return st.tuples(st.lists(pieces, max_size=6), st.sampled_from((" ", "", "  "))).map(
        lambda drawn: drawn[1].join(drawn[0])
    )


@st.composite
def measures(draw: st.DrawFn) -> Measure:
    """A measure of a few Members, joint ones too."""
    stated: dict[str, Any] = {
        "notifying_members": tuple(draw(st.lists(st.sampled_from(MEMBERS), max_size=3, unique=True))),
        "hs_codes": tuple(sorted(draw(sets(HS)))),
        "ics_codes": tuple(sorted(draw(sets(ICS)))),
    }
    for field in ("title", "products_covered", "content_summary", "further_text", "document_text"):
        stated[field] = draw(texts())
    stated["responsible_agency"] = draw(st.sampled_from(AGENCIES))
    stated["issuer"], stated["threads"] = draw(st.sampled_from(THREADS))
    stated["sources"] = tuple(sorted(draw(sets(FURTHER_VALUES["sources"]))))
    return a_measure(**stated)


def drawn_subscription(chance: random.Random, number: int) -> Subscription:
    """A subscription by plain chance: quick to draw by the hundred, where hypothesis is not."""

    def some(values: tuple[str, ...], likely: float) -> frozenset[str]:
        return (
            frozenset(chance.sample(values, chance.randint(1, min(3, len(values)))))
            if chance.random() < likely
            else frozenset()
        )

    asked = Criteria(
        markets=some(MARKETS, 0.5),
        hs=some(HS, 0.4),
        ics=some(ICS, 0.3),
        areas=some(AREAS, 0.2),
        keywords=some(WORDS, 0.3),
        exclusions=some(WORDS, 0.2),
        grade=chance.choice(tuple(Grade)),
        **{name: some(values, 0.15) for name, values in FURTHER_VALUES.items()},
    )
    return a_subscription(id=number, criteria=asked)


def drawn_measure(chance: random.Random) -> tuple[Measure, Classification]:
    """A measure by plain chance, with its classification."""
    fields = ("title", "products_covered", "content_summary", "further_text", "document_text")
    measure = a_measure(
        notifying_members=tuple(chance.sample(MEMBERS, chance.randint(1, 2))),
        hs_codes=tuple(sorted(chance.sample(HS, chance.randint(0, 2)))),
        ics_codes=tuple(sorted(chance.sample(ICS, chance.randint(0, 2)))),
        **{field: " ".join(chance.sample(WORDS, chance.randint(0, 2))) for field in fields},
        responsible_agency=chance.choice(AGENCIES),
        sources=tuple(sorted(chance.sample(FURTHER_VALUES["sources"], chance.randint(0, 2)))),
        **dict(zip(("issuer", "threads"), chance.choice(THREADS), strict=True)),
    )
    found = chance.sample(AREAS, chance.randint(0, 2))
    areas = tuple(AreaFound(area=area, grade=chance.choice(tuple(Grade)), evidence=()) for area in found)
    graded = (a_finding(*one, chance.choice(tuple(Grade)), chance.random() < 0.8) for one in FINDINGS)
    return measure, Classification(areas=areas, findings=tuple(one for one in graded if chance.random() < 0.5))


def a_finding(facet: Facet, value: str, grade: Grade, inferred: bool = True) -> Finding:
    """A value of a facet; a code is inferred, or stated."""
    unstated = "override 1 by Li Na" if grade is Grade.DIRECT and len(value) > 2 else "term list"
    by = unstated if inferred else "stated codes"
    rule = "a rule" if facet not in (Facet.HS, Facet.ICS) else by
    words = f"word for {value}" if rule != "stated codes" else "8507600090" if value.startswith("85") else "57011000"
    evidence = Evidence(rule=rule, field="content_summary", quotes=(words,), grade=grade)
    return Finding(facet=facet, value=value, grade=grade, evidence=(evidence,))


@st.composite
def classifications(draw: st.DrawFn) -> Classification:
    """Some areas, each with a grade."""
    graded = draw(st.dictionaries(st.sampled_from(AREAS), st.sampled_from(Grade), max_size=2))
    return Classification(
        areas=tuple(
            AreaFound(
                area=area,
                grade=grade,
                evidence=(Evidence(rule=f"{area} rule", field="title", quotes=(area,), grade=grade),),
            )
            for area, grade in graded.items()
        ),
        findings=tuple(
            draw(
                st.lists(
                    st.builds(
                        lambda one, grade, inferred: a_finding(*one, grade, inferred),
                        st.sampled_from(FINDINGS),
                        st.sampled_from(Grade),
                        st.booleans(),
                    ),
                    max_size=8,
                )
            )
        ),
        ruleset_version=draw(st.integers(1, 4)),
    )
