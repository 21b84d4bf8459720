"""The shipped rules for what a measure asks for: keys, names, languages, and texts that land right."""

from __future__ import annotations

from functools import cache

import pytest

from rules.classification import GIVEN_BY_RULES, Facet, Grade
from rules.classify import classify
from rules.facets import Facets, load_facets
from rules.readers.markets import _GROUPS
from tbtwatch import configuration
from tbtwatch.reference import load_markets
from tests.builders import a_measure
from tests.rules.readers.reading import NOTHING, shipped
from watcher.objectives import OBJECTIVES

LANGUAGES = {"en", "zh", "fr", "es"}


@cache
def facets() -> Facets:
    """What config/facets.yaml holds."""
    return load_facets(configuration.facets(configuration.SHIPPED))


def given(title: str, facet: Facet) -> dict[str, Grade]:
    """The values that a title gives, with their grades."""
    found = classify(a_measure(**{**NOTHING, "title": title}), shipped())
    return {one.value: one.grade for one in found.of(facet)}


@pytest.mark.parametrize("facet", GIVEN_BY_RULES)
def test_each_value_has_a_name_in_four_languages(facet: Facet) -> None:
    """Whoever reads Chinese is not told an English key."""
    for value in facets().of(facet).values():
        assert set(value.names) == LANGUAGES, value.key


def test_schemes_are_asked_for_by_markets_that_are_known() -> None:
    """A Member's code or a group's key."""
    markets = load_markets(configuration.SHIPPED / "reference")
    known = set(markets.members) | set(markets.groups)

    assert {one for value in facets().of(Facet.SCHEME).values() for one in value.markets} <= known


def test_the_groups_that_are_read_are_the_shipped_ones() -> None:
    """A group that is added is to be read as well."""
    assert set(load_markets(configuration.SHIPPED / "reference").groups) == _GROUPS


def test_objectives_have_the_keys_of_notifications() -> None:
    """What is stated and what rules give is one thing."""
    assert set(facets().of(Facet.OBJECTIVE)) == set(OBJECTIVES)


@pytest.mark.parametrize("facet", [Facet.SCHEME, Facet.DUTY])
def test_each_scheme_and_duty_has_a_rule(facet: Facet) -> None:
    """What can be subscribed to can be found."""
    unfound = [key for key in facets().of(facet) if not shipped().giving(facet, key)]

    assert unfound == []


def test_each_rule_shows_examples_and_a_reason() -> None:
    """Two sides of what it means, and why."""
    for rule in shipped().rules:
        assert rule.matches, rule.name
        assert rule.must_not_match, rule.name
        assert rule.why.endswith("."), rule.name


@pytest.mark.parametrize(
    ("title", "facet", "key"),
    [
        ("Toys shall bear the CE marking", Facet.SCHEME, "ce"),
        ("Toys (Quality Control) Order, 2020", Facet.SCHEME, "bis"),
        ("Certificate through the SABER platform", Facet.SCHEME, "saso-saber"),
        ("Proyecto de Norma Oficial Mexicana", Facet.SCHEME, "nom"),
        ("Portaria Inmetro Nº 302", Facet.SCHEME, "inmetro"),
        ("强制性产品认证实施规则", Facet.SCHEME, "ccc"),
        ("关于强制执行印度尼西亚国家标准的法令草案", Facet.SCHEME, "sni"),
        ("Marquage CE des machines", Facet.SCHEME, "ce"),
        ("Initial factory inspection of helmets", Facet.DUTY, "factory-inspection"),
        ("由认可实验室检测", Facet.DUTY, "accredited-laboratory"),
        ("Déclaration de conformité du fabricant", Facet.DUTY, "declaration"),
        ("Registro sanitario de cosméticos", Facet.DUTY, "registration"),
        ("Nutrition labelling of foods", Facet.KIND, "labelling"),
        ("房间空气调节器能效限定值", Facet.KIND, "energy-efficiency"),
        ("Limites maximales de résidus de pesticides", Facet.KIND, "maximum-residue"),
        ("Prohibición de importación de vehículos usados", Facet.KIND, "import-ban"),
    ],
)
def test_a_title_names_what_it_asks_for(title: str, facet: Facet, key: str) -> None:
    """In four languages, directly."""
    assert given(title, facet).get(key) is Grade.DIRECT


@pytest.mark.parametrize(
    ("title", "facet"),
    [
        ("Regulation (CE) No 178/2002", Facet.SCHEME),
        ("Nom du produit", Facet.SCHEME),
        ("Keep out of reach of children", Facet.SCHEME),
        ("Sample of 5 uL", Facet.SCHEME),
        ("International Criminal Court (ICC)", Facet.SCHEME),
        ("Fluid catalytic cracking (FCC)", Facet.SCHEME),
        ("EPA and DHA fatty acids", Facet.SCHEME),
        ("Transmissible spongiform encephalopathy (TSE)", Facet.SCHEME),
        ("Volatile organic compounds", Facet.SCHEME),
        ("Declaration of interest of experts", Facet.DUTY),
        ("Software licence terms", Facet.DUTY),
        ("Vehicle registration certificate", Facet.DUTY),
        ("Exam marks", Facet.DUTY),
        ("机动车登记证", Facet.DUTY),
        ("Products to which the CE marking does not apply, other than CE marking", Facet.DUTY),
    ],
)
def test_a_false_friend_asks_for_nothing(title: str, facet: Facet) -> None:
    """Abbreviations and words that are also something else."""
    assert given(title, facet) == {}


def recall_publishers() -> list[str]:
    """Issuers of whom a shipped rule says that all they publish are recalls."""
    return [issuer for rule in shipped().giving(Facet.KIND, "recall") for issuer in getattr(rule, "issuers", ())]


@pytest.mark.parametrize("issuer", recall_publishers())
def test_what_a_publisher_of_recalls_alone_publishes_is_a_recall(issuer: str) -> None:
    """Its titles are mostly the name of the goods, and goods are no draft of anything."""
    measure = a_measure(**{**NOTHING, "title": "Power bank", "issuer": issuer, "area": ""})
    found = classify(measure, shipped())
    assert (found.values(Facet.KIND), found.values(Facet.STAGE)) == (("recall",), ("recalled",))
    assert found.values(Facet.URGENCY) == ("recall",)


def test_publishers_of_recalls_are_shipped_sources() -> None:
    """By the names that their notices have."""
    entries = configuration.source_entries(configuration.SHIPPED)
    assert set(recall_publishers()) <= {entry.get("issuer") for entry in entries}


@pytest.mark.parametrize(
    "title",
    [
        "Draft Regulation on the recall of unsafe consumer products",
        "Guidelines for Product Recall",
        "消费品召回管理暂行规定（修订草案）",
        "Projet de décret relatif au rappel de produits",
        "Proyecto de ley sobre retiro de productos del mercado",
    ],
)
def test_a_rule_about_recalls_recalls_nothing(title: str) -> None:
    """It is a draft, and not urgent."""
    found = classify(a_measure(**{**NOTHING, "title": title}), shipped())
    assert found.values(Facet.STAGE) == ("draft",)
    assert found.values(Facet.URGENCY) == ()


@pytest.mark.parametrize(
    ("title", "summary", "kind"),
    [
        ("DEAS 1190:2026, Maize flour - Specification, First Edition", "", "standard"),
        ("家具", "本标准规定了结构安全要求。", "standard"),
        ("Farine", "La présente norme fixe les exigences.", "standard"),
        ("Draft Technical Regulation on toys", "", "technical-regulation"),
        ("Toys (Quality Control) Order, 2020", "", "technical-regulation"),
        ("化妆品监督管理条例", "", "technical-regulation"),
        ("Reglamento técnico de calzado", "", "technical-regulation"),
        ("强制性产品认证实施规则 移动电源", "", "conformity-assessment"),
        ("Luminaires", "Sets out the conformity assessment procedures.", "conformity-assessment"),
    ],
)
def test_what_kind_of_rule_it_is_shows_without_an_article(title: str, summary: str, kind: str) -> None:
    """Most feeds do not say under which article a measure was notified; its words do, less surely than an article."""
    found = classify(a_measure(**{**NOTHING, "title": title, "content_summary": summary}), shipped())
    assert kind in found.values(Facet.KIND)


def test_a_safety_standard_of_the_law_is_no_standard() -> None:
    """What the United States call so is binding."""
    assert set(given("Safety Standard for Magnets", Facet.KIND)) >= {"technical-regulation"}
    assert "standard" not in given("Safety Standard for Magnets", Facet.KIND)


@pytest.mark.parametrize(
    ("member", "title", "scheme"),
    [
        ("CHN", "移动电源强制性认证实施细则", "ccc"),
        ("CHN", "进口食品的境外企业应在海关总署注册", "gacc"),
        ("THA", "Plugs and socket-outlets (TIS 166-2565)", "tisi"),
    ],
)
def test_some_words_name_a_scheme_where_one_member_notifies_them(member: str, title: str, scheme: str) -> None:
    """The same words of another Member name another scheme, or none."""
    theirs = classify(a_measure(**{**NOTHING, "title": title, "notifying_members": (member,)}), shipped())
    others = classify(a_measure(**{**NOTHING, "title": title, "notifying_members": ("BRA",)}), shipped())

    assert scheme in theirs.values(Facet.SCHEME)
    assert scheme not in others.values(Facet.SCHEME)
