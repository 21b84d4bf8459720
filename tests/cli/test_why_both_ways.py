"""`tbtwatch why` with a symbol alone: whom it fits, whom it misses by one condition."""

from __future__ import annotations

from typing import Any

from tests.cli.world import World

KENYA = "G/TBT/N/KEN/1514"


def ask(world: World, *asked: str, enterprise: str = "N") -> None:
    """A subscription."""
    assert world("subscribe", "--enterprise", enterprise, "--file", "me", *asked).code == 0


def why(world: World, *more: str) -> Any:
    """What it says."""
    return world("why", KENYA, *more, "--json").json


def test_fitting_and_nearly_fitting_are_listed(stocked: World) -> None:
    """One that fits, one that misses it by its market, by a word, by the grade; not one that misses two conditions."""
    ask(stocked, "--hs", "22", "--name", "fits")
    ask(stocked, "--hs", "22", "--market", "UGA", "--name", "market")
    ask(stocked, "--hs", "22", "--exclude", "jelly", "--name", "word")
    ask(stocked, "--hs", "2202991090", "--market", "KEN", "--grade", "direct", "--name", "code")
    ask(stocked, "--hs", "95", "--market", "UGA", "--name", "two")
    found = why(stocked)

    assert (found["read"], found["fit"], found["near"]) == (5, 2, 2)
    assert [one["name"] for one in found["fitting"]] == ["fits", "code"]  # ten digits are cut to the six all share
    assert [(one["name"], one["failed"]) for one in found["nearly"]] == [("market", "market"), ("word", "exclusion")]
    assert found["nearly"][0]["sentence"] == (
        "Does not fit: market — you subscribe to Uganda; this measure comes from Kenya."
    )
    shown = stocked("why", KENYA)
    assert shown.out.splitlines()[0] == f"{KENYA} fits 2 of 5 live subscriptions."
    assert "It misses 2 by one condition." in shown.out


def test_the_products_affected_are_named_beside_whose_they_are(stocked: World) -> None:
    """Each enterprise's own, on a line and for a script; none where there is no list."""
    stocked.set(staff_language="en")
    for enterprise, sku in (("A", "1107"), ("B", "2208")):
        path = stocked.home / f"{enterprise}.csv"
        path.write_text(f"SKU,Name,HS code,Markets\n{sku},Jelly,2202991090,KEN\n", encoding="utf-8")
        give = ("products", "import", path, "--enterprise", enterprise, "--file", enterprise, "--yes")
        assert stocked(*give).code == 0
    ask(stocked, "--hs", "22", enterprise="C")

    fitting = why(stocked)["fitting"]
    assert {one["enterprise"]: [each["sku"] for each in one["products"]] for one in fitting} == {
        **{"A": ["1107"], "B": ["2208"]},
        "C": [],
    }
    lines = stocked("why", KENYA).out.splitlines()
    places = {name: place for name in "ABC" for place, line in enumerate(lines) if f"  {name}, “" in line}
    assert lines[places["A"] + 2].startswith("      Your products: SKU 1107 Jelly")
    assert lines[places["B"] + 2].startswith("      Your products: SKU 2208 Jelly")
    assert sum("SKU" in line for line in lines) == 2


def test_it_is_narrowed_and_cut(stocked: World) -> None:
    """One enterprise only; so many of each are named and all are counted."""
    for number in range(3):
        ask(stocked, "--hs", "22", "--keyword", f"jelly {number}", "--keyword", "jelly", enterprise="N")
    ask(stocked, "--hs", "22", enterprise="M")
    assert (why(stocked)["fit"], why(stocked, "--enterprise", "M")["fit"]) == (4, 1)
    cut = why(stocked, "--limit", "2")
    assert (cut["fit"], len(cut["fitting"])) == (4, 2)
    assert "there is no enterprise 'X'" in stocked("why", KENYA, "--enterprise", "X").sentence


def test_half_a_question_is_one_sentence(stocked: World) -> None:
    """A number alone, words for a number, a symbol that is not there."""
    assert "write the symbol after" in stocked("why", "1").sentence
    assert "is no number of a subscription" in stocked("why", "one", KENYA).sentence
    assert "did you mean" in stocked("why", "G/TBT/N/KEN/1541").sentence
