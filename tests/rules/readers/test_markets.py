"""Markets named in texts, and the birds, nuts and offices that bear their names."""

from __future__ import annotations

import pytest

from rules.classification import Facet, Grade
from rules.readers.markets import READER
from tests.rules.readers.reading import found, values


@pytest.mark.parametrize(
    ("title", "affected"),
    [
        ("Import ban on poultry from Poland, Germany and Turkey", ["DEU", "POL", "TUR"]),
        ("Goods originating in Georgia", ["GEO"]),
        ("Exports of tea to China from Sri Lanka", ["LKA"]),
        ("Regions or countries likely to be affected: China, Viet Nam", ["CHN", "VNM"]),
        ("禁止从巴西进口牛肉", ["BRA"]),
        ("原产于日本、韩国和美国的化妆品", ["JPN", "KOR", "USA"]),
        ("Suspension des importations de porcs originaires de Belgique et de France", ["BEL", "FRA"]),
        ("Importación de aves procedentes de los Estados Unidos y del Brasil", ["BRA", "USA"]),
        ("Measure concerning all trading partners", ["all"]),
        ("受影响国家：所有贸易伙伴", ["all"]),
        ("Tous les partenaires commerciaux", ["all"]),
        ("Todos los interlocutores comerciales", ["all"]),
        ("Import Health Standard: fresh citrus from Spain", ["ESP"]),
        ("Beef from Brazil, Argentina and Uruguay", ["ARG", "BRA", "URY"]),
        ("USB charger. Country of origin: China", ["CHN"]),
        ("Chargeur USB. Pays d'origine : Chine", ["CHN"]),
        ("Cargador. País de origen: China", ["CHN"]),
        ("充电器，原产国：中国", ["CHN"]),
        ("[ ] All trading partners [X] Specific regions or countries: Mexico and Peru", ["MEX", "PER"]),
        ("☒ All trading partners ☐ Specific regions or countries:", ["all"]),
    ],
)
def test_whose_goods_are_named_is_affected(title: str, affected: list[str]) -> None:
    """In four languages, one or a list of them."""
    assert values(READER, Facet.AFFECTED, title=title) == affected


@pytest.mark.parametrize(
    "title",
    [
        "Frozen products of turkey and guinea pig",
        "Import of Turkey meat and Brazil nuts",
        "Chili peppers from New Mexico",
        "Cotton produced in the State of Georgia",
        "Products made in conformity with the Standards Institute of Israel",
        "Goods certified by the Bureau of Indian Standards",
        "Porcelain made of China clay",
        "let us import goods from us",
        "来自内蒙古的羊肉",
        "大马力拖拉机进口",
        "进口黑山羊",
        "Does not apply to products from Japan",
        "Comments from China on the draft",
    ],
)
def test_a_false_friend_affects_nobody(title: str) -> None:
    """A name inside another name, a thing, an office, and what is taken back."""
    assert values(READER, Facet.AFFECTED, title=title) == []


def test_from_a_country_is_no_origin_in_prose() -> None:
    """In a title goods are from somewhere; in a summary visitors and delegations are as well."""
    assert values(READER, Facet.AFFECTED, content_summary="A delegation from Spain was heard.") == []
    assert values(READER, Facet.AFFECTED, content_summary="Country of origin: Spain") == ["ESP"]


def test_the_notifying_member_is_a_market_and_not_affected() -> None:
    """ "Manufactured in or imported into Kenya" is said by Kenya of itself."""
    told = found(READER, title="Drinks manufactured in Kenya", notifying_members=("KEN",))

    assert [(one.facet, one.value, one.grade) for one in told] == [(Facet.MARKET, "KEN", Grade.DIRECT)]


def test_a_group_is_named_and_its_mark_is_none() -> None:
    """The Gulf's regulation speaks of the Gulf; the EAC mark is no East African Community."""
    assert values(READER, Facet.MARKET, title="海湾合作委员会技术法规草案") == ["GCC"]
    assert values(READER, Facet.MARKET, title="Products with the EAC marking") == []
