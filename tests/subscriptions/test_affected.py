"""Which products of a list a measure affects: by the same steps as a subscription is matched."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rules.classification import Classification, Facet, Finding, Grade
from subscriptions.affected import KEPT, Affecting, watched_codes
from subscriptions.criteria import Criteria, Match
from subscriptions.matching import read
from subscriptions.product import AffectedProduct, Product
from tests.builders import a_measure, a_subscription
from tests.subscriptions.places import places
from tests.subscriptions.test_further import finding, inferred

MARKETS = places()
JELLY = Product(sku="1107", name="Jelly", codes=("2202990099",), markets=frozenset({"KEN"}))


def among(products: list[Product], *findings: Finding, **measure: Any) -> list[AffectedProduct]:
    """Those that Kenya's measure on jelly drinks affects."""
    return Affecting.of(a_measure(**measure), Classification(findings=findings), MARKETS).among(products)


def with_(product: Product = JELLY, **over: Any) -> Product:
    """The product, other in this."""
    values = {name: getattr(product, name) for name in Product.__dataclass_fields__}
    return Product(**{**values, **over})


def test_a_product_is_named_with_its_code() -> None:
    """A Chinese code of ten digits meets the six that all countries share."""
    assert among([JELLY]) == [AffectedProduct(sku="1107", name="Jelly", code="220299")]


def test_a_product_that_is_sold_elsewhere_is_not() -> None:
    """A group stands for its Members, a member state of the EU for the EU too."""
    assert among([with_(markets=frozenset({"VNM"}))]) == []
    assert len(among([with_(markets=frozenset({"EAC"}))])) == 1
    assert len(among([with_(markets=frozenset({"EU"}))], notifying_members=("DEU",))) == 1


def test_how_surely_a_product_is_affected_is_said() -> None:
    """A wider code that the measure states is broad; a code read from its words is probable; direct ones come first."""
    battery = with_(sku="2", codes=("850760",))
    assert among([battery], hs_codes=("85",)) == [
        AffectedProduct(sku="2", name="Jelly", code="850760", found="85", grade=Grade.BROAD)
    ]
    assert among([battery], inferred("850760"), hs_codes=())[0].grade is Grade.PROBABLE
    both = among([battery, JELLY], hs_codes=("220299", "85"))
    assert [one.sku for one in both] == ["1107", "2"]


def test_a_standard_that_is_held_and_cited_affects_it() -> None:
    """Whatever the code says; in any edition; not a mere series."""
    held = with_(codes=("9503",), standards=("IEC 60335-1:2010",))
    (one,) = among([held], finding(Facet.STANDARD, "IEC 60335-1:2020"), hs_codes=("8516",))
    assert (one.code, one.standards) == ("", ("IEC 60335-1:2010",))
    assert among([held], finding(Facet.STANDARD, "IEC 60335"), hs_codes=("8516",)) == []


def test_the_receipt_keeps_some_and_counts_the_others() -> None:
    """So that no receipt grows with the list."""
    products = [with_(sku=f"{number:03d}") for number in range(KEPT + 7)]
    affecting = Affecting.of(a_measure(), Classification(), MARKETS)
    match = affecting.named_in(Match(subscription=1, version=1, grade=Grade.DIRECT, conditions=()), products)
    assert ([one.sku for one in match.products][:2], len(match.products)) == (["000", "001"], KEPT)
    assert match.further_products == 7


CODE = st.sampled_from(["22", "2202", "220299", "85", "8507", "850760", "851712", "851713"])


@given(
    codes=st.lists(CODE, min_size=1, max_size=3),
    stated=st.lists(CODE, max_size=3),
    words=st.lists(st.tuples(CODE, st.sampled_from(list(Grade))), max_size=3),
    markets=st.frozensets(st.sampled_from(["KEN", "EU", "EAC", "DEU"]), min_size=1),
    members=st.lists(st.sampled_from(["KEN", "EU", "DEU", "VNM"]), min_size=1, max_size=2, unique=True),
)
def test_a_product_is_affected_if_a_subscription_for_it_would_match(
    codes: list[str],
    stated: list[str],
    words: list[tuple[str, Grade]],
    markets: frozenset[str],
    members: list[str],
) -> None:
    """As one that asks for its codes in its markets, down to the grade."""
    product = with_(codes=tuple(codes), markets=markets)
    findings = tuple(inferred(code, grade) for code, grade in words)
    measure = {"hs_codes": tuple(stated), "notifying_members": tuple(members)}
    criteria = Criteria(markets=markets, hs=frozenset(watched_codes(product)), grade=Grade.BROAD)
    asked = replace(a_subscription(), criteria=criteria)
    answer = read(asked, a_measure(**measure), Classification(findings=findings), MARKETS)

    found = among([product], *findings, **measure)
    assert bool(found) == isinstance(answer, Match)
    if isinstance(answer, Match):
        assert found[0].grade is answer.grade
