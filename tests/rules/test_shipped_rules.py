"""The rules that are shipped: every area can be found by codes and by words in four languages, and texts land right."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from rules.classification import Classification, Grade
from rules.classify import classify
from rules.kinds.hs_code import HSCodeRule
from rules.kinds.ics_code import ICSCodeRule
from rules.kinds.keyword import KeywordRule
from rules.product_areas import load_areas
from rules.ruleset import RuleSet
from tests.builders import a_measure

CONFIG = Path(__file__).parents[2] / "config"
LANGUAGES = {"en", "zh", "fr", "es"}
EMPTY: dict[str, Any] = {"title": "", "products_covered": "", "content_summary": "", "hs_codes": (), "ics_codes": ()}

#: What Chinese enterprises export most, and what rules abroad speak of.
MUST_EXIST = [
    *["toys", "batteries", "household-appliances", "lighting", "it-and-radio", "textiles-and-clothing", "footwear"],
    *["furniture", "cosmetics", "food", "food-contact", "machinery", "vehicles", "chemicals", "construction-products"],
    "medical-devices",
]


def read_yaml(path: Path) -> Any:
    """A file of the configuration."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def shipped() -> RuleSet:
    """The shipped rule set, read as an empty database gets it; reading it tries every example in it."""
    rules = {path.name: read_yaml(path) for path in sorted((CONFIG / "rules").glob("*.yaml"))}
    return RuleSet.load(read_yaml(CONFIG / "product_areas.yaml"), rules, version=1)


def classified(**facts: Any) -> Classification:
    """The shipped rules' view of a measure that has these facts alone."""
    return classify(a_measure(**{**EMPTY, **facts}), shipped())


AREAS = sorted(load_areas(read_yaml(CONFIG / "product_areas.yaml")))


def test_the_areas_of_chinese_exports_are_there() -> None:
    """Sixteen areas that must never get lost."""
    assert set(MUST_EXIST) <= set(AREAS)


@pytest.mark.parametrize("area", AREAS)
def test_each_area_has_rules_for_hs_ics_and_words_in_four_languages(area: str) -> None:
    """Whether a measure states codes or not, and in whatever language: the area can be found."""
    rules = shipped().of_area(area)
    spoken = {
        language
        for rule in rules
        if isinstance(rule, KeywordRule) and rule.grade is Grade.DIRECT
        for language, _ in rule._part("any")
    }

    assert any(isinstance(rule, HSCodeRule) and rule.grade is Grade.DIRECT for rule in rules)
    assert any(isinstance(rule, ICSCodeRule) and rule.grade is Grade.DIRECT for rule in rules)
    assert spoken >= LANGUAGES


@pytest.mark.parametrize("path", sorted((CONFIG / "rules").glob("*.yaml")), ids=lambda path: path.stem)
def test_each_file_is_about_one_area_and_each_rule_shows_examples(path: Path) -> None:
    """A file is named for its area; a rule of words or codes says what it must and must not match, and why."""
    assert path.stem in AREAS
    for rule in read_yaml(path)["rules"]:
        assert path.stem in rule["areas"] or rule.get("grade") in ("broad", "probable"), rule["name"]
        assert rule["matches"], rule["name"]
        assert rule["must_not_match"], rule["name"]
        assert rule["why"].endswith("."), rule["name"]


def reference_codes(name: str, column: str) -> set[str]:
    """The codes of a table in config/reference."""
    with (CONFIG / "reference" / name).open(encoding="utf-8", newline="") as file:
        return {row[column] for row in csv.DictReader(file)}


def test_every_code_in_areas_and_rules_exists() -> None:
    """A prefix that no code has would never match, and nobody would notice."""
    hs = reference_codes("hs2022.csv", "code")
    ics = reference_codes("ics-ed7.csv", "code")
    areas = shipped().areas.values()

    assert {code for area in areas for code in area.hs} <= hs
    assert {code for area in areas for code in area.ics} <= ics
    for rule in shipped().rules:
        if isinstance(rule, HSCodeRule):
            older = {code for code in rule.prefixes if code not in hs}
            assert older <= OLDER_EDITIONS, f"{rule.name}: {sorted(older)}"
        if isinstance(rule, ICSCodeRule):
            assert {*rule.prefixes, *rule.but_not} <= ics, rule.name


#: Codes of the 2017 edition and before, which older notifications state.
OLDER_EDITIONS = {"852580", "854140", "640230", "890310"}


def test_an_areas_own_codes_find_it() -> None:
    """The codes shown for an area in product_areas.yaml give that area, at least broadly."""
    for area in shipped().areas.values():
        for code in area.hs:
            found = classified(hs_codes=(code,)).grade_of(area.key)
            assert found, f"HS {code} does not give {area.key}"
        for code in area.ics:
            assert classified(ics_codes=(code,)).grade_of(area.key), f"ICS {code} does not give {area.key}"


def test_a_whole_chapter_is_broad_for_what_lies_deep_in_it() -> None:
    """Chapter 85 concerns batteries and lamps broadly; footwear is a chapter itself."""
    assert classified(hs_codes=("85",)).grade_of("batteries") is Grade.BROAD
    assert classified(hs_codes=("85",)).grade_of("lighting") is Grade.BROAD
    assert classified(hs_codes=("64",)).grade_of("footwear") is Grade.DIRECT


@pytest.mark.parametrize(
    ("title", "area"),
    [
        ("Safety of toys intended for children under three years of age", "toys"),
        ("Portable sealed secondary lithium cells: transport and marking", "batteries"),
        ("Energy performance labels for refrigerators and washing machines", "household-appliances"),
        ("LED lamps and luminaires for indoor use", "lighting"),
        ("Radio equipment in the 5 GHz band", "it-and-radio"),
        ("Fibre content labelling of garments", "textiles-and-clothing"),
        ("Slip resistance of safety footwear", "footwear"),
        ("Stability of chests of drawers and other furniture", "furniture"),
        ("Prohibited ingredients in cosmetic products", "cosmetics"),
        ("Nutrition labelling of prepackaged foods", "food"),
        ("Migration limits for plastics in contact with foodstuffs", "food-contact"),
        ("Guards on woodworking machinery", "machinery"),
        ("Emission limits for heavy-duty motor vehicles", "vehicles"),
        ("Classification and labelling of hazardous chemicals", "chemicals"),
        ("Portland cement for general construction works", "construction-products"),
        ("Registration of medical devices of class III", "medical-devices"),
        ("电动玩具安全技术要求", "toys"),
        ("便携式锂离子电池组安全要求", "batteries"),
        ("电冰箱和洗衣机能效标识", "household-appliances"),
        ("室内LED灯具安全", "lighting"),
        ("短距离无线电设备型号核准", "it-and-radio"),
        ("服装纤维成分标识", "textiles-and-clothing"),
        ("童鞋中有害物质限量", "footwear"),
        ("木家具甲醛释放限量", "furniture"),
        ("化妆品原料备案", "cosmetics"),
        ("进口水产品检疫", "food"),
        ("与食品接触的陶瓷餐具", "food-contact"),
        ("木工机械防护装置", "machinery"),
        ("轻型汽车污染物排放限值", "vehicles"),
        ("危险化学品分类和标签", "chemicals"),
        ("通用硅酸盐水泥", "construction-products"),
        ("第三类医疗器械注册", "medical-devices"),
        ("Sécurité des jouets électriques", "toys"),
        ("Collecte des piles et accumulateurs usagés", "batteries"),
        ("Consommation d'énergie des lave-vaisselle", "household-appliances"),
        ("Luminaires et lampes à LED", "lighting"),
        ("Étiquetage des articles textiles", "textiles-and-clothing"),
        ("Chaussures de sport", "footwear"),
        ("Inflammabilité des meubles rembourrés", "furniture"),
        ("Étiquetage des produits cosmétiques", "cosmetics"),
        ("Matériaux au contact des denrées alimentaires", "food-contact"),
        ("Homologation des véhicules à moteur", "vehicles"),
        ("Dispositifs médicaux de diagnostic in vitro", "medical-devices"),
        ("Seguridad de los juguetes", "toys"),
        ("Baterías de plomo-ácido para vehículos", "batteries"),
        ("Etiquetado energético de lavadoras", "household-appliances"),
        ("Lámparas LED de uso general", "lighting"),
        ("Etiquetado de prendas de vestir", "textiles-and-clothing"),
        ("Calzado de seguridad", "footwear"),
        ("Productos cosméticos: notificación sanitaria", "cosmetics"),
        ("Etiquetado de alimentos preenvasados", "food"),
        ("Barras corrugadas para hormigón armado", "construction-products"),
        ("Sustancias químicas peligrosas", "chemicals"),
        ("拟议修订《卫生用品标签标准》", "hygiene-products"),
        ("卫生用品标准和规范的临时认定", "hygiene-products"),
        ("Standards and specifications for hygiene products", "hygiene-products"),
        ("进口水果检疫要求", "food"),
        ("冷冻鱼糜", "food"),
        ("绿茶和红茶", "food"),
    ],
)
def test_a_title_lands_in_its_area(title: str, area: str) -> None:
    """Titles of our own, in four languages, name their area directly."""
    assert classified(title=title).grade_of(area) is Grade.DIRECT


@pytest.mark.parametrize(
    ("title", "area"),
    [
        ("Emission limits for light vehicles", "lighting"),
        ("A battery of tests for herbicides", "batteries"),
        ("Table of data on coal mines", "furniture"),
        ("Street furniture made of concrete", "furniture"),
        ("Car boot lids and bonnet latches", "footwear"),
        ("Plastics in contact with food", "food"),
        ("Notice of the Food and Drug Administration on opioids", "food"),
        ("Corporate average fuel economy (CAFE) standards for passenger cars", "food"),
        ("红绿灯路口通行规则", "lighting"),
        ("国家具体规定", "furniture"),
        ("国家电网接入规则", "household-appliances"),
        ("太阳能电池组件", "batteries"),
        ("烟花爆竹安全", "tobacco"),
        ("Projet d'amendement à la loi sur les douanes", "fertilisers"),
        ("Batterie de cuisine en acier", "batteries"),
        ("Muestras de laboratorio y batería de pruebas", "batteries"),
        ("Número de identificación vehicular (VIN)", "beverages"),
        ("Plantas de energía eléctrica", "animals-plants-and-seeds"),
        ("Power plants", "animals-plants-and-seeds"),
        ("Plastic articles, excluding toys", "toys"),
        ("塑料制品（玩具除外）", "toys"),
        ("作物覆盖物和水果围裙袋", "food"),
        ("不锈钢水果刀", "food"),
        ("陶瓷茶具", "food"),
        ("牛奶盒用纸板", "food"),
        ("鱼钩和鱼竿", "food"),
        ("肉类加工机械安全要求", "food"),
        ("面包车制动系统", "food"),
        ("谷物联合收割机", "food"),
        ("酒店消防安全", "beverages"),
        ("米尺检定规程", "food"),
        ("口腔卫生用品", "hygiene-products"),
    ],
)
def test_a_false_friend_does_not_land(title: str, area: str) -> None:
    """Words that only look like those of an area do not give it, not even probably."""
    found = classified(title=title).grade_of(area)

    assert found is None or not found.at_least(Grade.PROBABLE)


def test_a_code_that_is_often_mistaken_says_less() -> None:
    """ICS 21.060.20 is nuts for bolts; who notifies edible nuts by it states food besides."""
    found = classified(title="Edible palm kernel oil", hs_codes=("15",), ics_codes=("21.060.20",))

    assert found.grade_of("food") is Grade.DIRECT
    assert found.grade_of("steel-and-metals") is Grade.PROBABLE


def test_a_measure_without_products_has_no_area() -> None:
    """Rules about everything give nothing, rather than everything."""
    for title in (
        "Law on standardization",
        "标准化法",
        "Loi sur la métrologie légale",
        "Ley de protección al consumidor",
    ):
        direct = [found.area for found in classified(title=title).areas if found.grade is Grade.DIRECT]
        assert len(direct) <= 1, (title, direct)


def test_phrases_are_written_plainly() -> None:
    """No stray blanks, and no Chinese phrase under a Latin language or the other way round."""
    han = re.compile("[\u4e00-\u9fff]")
    for rule in shipped().rules:
        if isinstance(rule, KeywordRule):
            for part in ("any", "all", "none", "not_inside"):
                for language, phrase in rule._part(part):
                    assert phrase == " ".join(phrase.split()), (rule.name, phrase)
                    if language in LANGUAGES:
                        assert bool(han.search(phrase)) == (language == "zh"), (rule.name, language, phrase)


@pytest.mark.parametrize(
    ("facts", "grade"),
    [
        ({"title": "儿童用品和保育品-婴儿背带-安全要求和试验方法", "hs_codes": ("630790",)}, Grade.BROAD),
        ({"title": "用于儿童用品定期测试的具有代表性的样品产品认证的测试和标签"}, Grade.BROAD),
        ({"title": "Third party testing of children's products; information collection"}, Grade.BROAD),
        ({"title": "Productos para niños: etiquetado"}, Grade.BROAD),
        ({"title": "Produits destinés aux enfants: étiquetage"}, Grade.BROAD),
        ({"title": "儿童产品、儿童玩具和儿童护理用品"}, Grade.DIRECT),
        ({"title": "Lead in children's products", "products_covered": "Toys"}, Grade.DIRECT),
        ({"title": "儿童用品安全要求", "hs_codes": ("950300",)}, Grade.DIRECT),
        ({"title": "Special Act on the Safety of Children's Products, draft decree"}, Grade.PROBABLE),
    ],
)
def test_products_for_children_are_toys_only_broadly(facts: dict[str, Any], grade: Grade) -> None:
    """Neither a baby sling nor a form about children's products is a toy, unless a toy's word or code stands there."""
    found = {area.area: area.grade for area in classified(**facts).areas}
    assert found["toys"] is grade
    assert found["child-care-articles"].at_least(Grade.PROBABLE) or grade is not Grade.BROAD
