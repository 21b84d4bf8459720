"""products import, list, show, export and remove, as somebody types them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.world import World

HEADER = "货号,名称,商品编码,出口市场,执行标准\n"
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "product-list.csv"
ASK = ("--enterprise", "A", "--file", "me", "--language", "en")


def a_list(world: World, *rows: str) -> Path:
    """A file with these rows."""
    path = world.home / "list.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def test_a_list_is_shown_before_it_is_saved(tbtwatch: World) -> None:
    """Without --yes nothing is written, and it is said how to; with it the same is saved."""
    path = a_list(tbtwatch, "1107,Jelly,2202990099,KEN,", "2,Toy,950300,越南,")
    shown = tbtwatch("products", "import", path, *ASK)
    assert "Products on the list: 2 (2 added)." in shown.out
    assert "SKU 1107 Jelly: HS 2202.99.00.99 → Kenya" in shown.out
    assert "new: “Product list: Kenya (1 product)”" in shown.out
    assert "Told at once, in English, at file:me." in shown.out
    assert "Nothing was saved. To save it, give the same command with --yes." in shown.err
    assert tbtwatch("subscriptions", "--json").json == []

    saved = tbtwatch("products", "import", path, *ASK, "--yes", "--json").json
    assert (saved["saved"], saved["started"], saved["ended"]) == (True, [1, 2], [])
    assert [one["hs"] for one in tbtwatch("subscriptions", "--json").json] == [["220299"], ["950300"]]
    assert tbtwatch("products", "list", "--json").json == [{"enterprise": "A", "products": 2}]


def test_a_list_that_is_given_again_says_what_is_different(tbtwatch: World) -> None:
    """Who is told stays; what became of products and subscriptions is shown, and kept with the reason."""
    tbtwatch("products", "import", a_list(tbtwatch, "1,a,2202,KEN,", "2,b,9503,KEN,", "3,c,4011,US,"), *ASK, "--yes")
    path = a_list(tbtwatch, "1,a,2202,肯尼亚;越南,", "2,b,9503,KEN,", "4,d,9401,KEN,")
    done = tbtwatch("products", "import", path, "--enterprise", "A", "--yes")
    for line in (
        "Products on the list: 3 (1 added, 1 removed, 1 changed, 1 as they were).",
        "  + SKU 4 d: HS 9401 → Kenya",
        "  - SKU 3 c: HS 4011 → United States of America",
        "  ~ SKU 1: markets Kenya → Kenya, Viet Nam",
        "ends: nothing it asked for is on the list any more",
    ):
        assert line in done.out
    assert "Saved." in done.out
    versions = tbtwatch("subscription", "versions", 1, "--json").json
    assert any("1 added, 1 removed, 1 changed" in one["why"] for one in versions)
    (ended,) = (one for one in tbtwatch("subscriptions", "--all", "--json").json if one["ended_at"])
    assert ended["end_reason"].startswith("product list of ")

    shown = tbtwatch("products", "show", "1", "--enterprise", "A")
    assert shown.out.count("since ") == 2 and "watched for by subscription" in shown.out
    history = tbtwatch("products", "show", "3", "--enterprise", "A", "--json").json["history"]
    assert history[-1]["gone_why"].endswith("1 removed, 1 changed")


def test_bad_rows_are_all_named_and_nothing_is_saved(tbtwatch: World) -> None:
    """One look at the file mends them; --skip-bad leaves them out; a script has them too."""
    path = a_list(tbtwatch, "1,a,2202,KEN,", "2,b,22,KEN,", "3,c,2202,Kenyya,")
    said = tbtwatch("products", "import", path, *ASK, "--yes")
    assert (said.code, said.out) == (2, "")
    assert "row 3, 商品编码: '22' is too short" in said.err
    assert "row 4, 出口市场: 'Kenyya' is no market known here: did you mean Kenya (KEN)?" in said.err
    assert "2 rows cannot be read, so nothing was saved" in said.err
    assert tbtwatch("products", "list", "--json").json == []

    as_json = tbtwatch("products", "import", path, *ASK, "--yes", "--json")
    assert as_json.code == 2
    assert [one["row"] for one in json.loads(as_json.out)["problems"]] == [3, 4]
    assert tbtwatch("products", "import", path, *ASK, "--yes", "--skip-bad").code == 0
    assert [one["sku"] for one in tbtwatch("products", "list", "--enterprise", "A", "--json").json] == ["1"]


def test_the_example_is_read_without_a_problem(tbtwatch: World) -> None:
    """What the document for newcomers gives is a good list; these small rules know no CE marking."""
    done = tbtwatch("products", "import", EXAMPLE, *ASK, "--with-standards", "--yes", "--json").json
    assert (done["products"], done["problems"]) == (4, [])
    assert {one["column"] for one in done["remarks"]} == {"认证"}
    assert {one["by"] for one in done["subscriptions"]} == {"codes", "standards"}


def test_what_is_exported_is_the_same_list(tbtwatch: World) -> None:
    """Given again it changes nothing; no cell is a formula."""
    tbtwatch("products", "import", a_list(tbtwatch, '"=1+1",-x,2202990099,"US,KEN",GB 4706.1-2005'), *ASK, "--yes")
    path = tbtwatch.home / "out.csv"
    assert "1 products are in" in tbtwatch("products", "export", "--enterprise", "A", "--to", path).out
    written = path.read_bytes()
    assert written.startswith(b"\xef\xbb\xbf") and "'=1+1,'-x," in written.decode()
    again = tbtwatch("products", "import", path, "--enterprise", "A", "--json").json
    assert (again["added"], again["removed"], again["changed"], again["ending"]) == ([], [], [], [])
    assert tbtwatch("products", "export", "--enterprise", "A", "--language", "en").out.startswith("SKU,product name,")


def test_a_product_is_removed(tbtwatch: World) -> None:
    """Its subscription ends with the last of its codes; a number that is not there is answered with those like it."""
    tbtwatch("products", "import", a_list(tbtwatch, "1107,a,2202,KEN,", "1108,b,9503,VN,"), *ASK, "--yes")
    assert (
        "did you mean '1108' or '1107'?" in tbtwatch("products", "remove", "110", "--enterprise", "A", "--yes").sentence
    )
    done = tbtwatch("products", "remove", "1108", "--enterprise", "A", "--yes", "--json").json
    assert ([one["sku"] for one in done["removed"]], len(done["ended"])) == (["1108"], 1)
    assert len(tbtwatch("subscriptions", "--json").json) == 1
    assert "there is no enterprise 'B'" in tbtwatch("products", "show", "1", "--enterprise", "B").sentence


def test_what_cannot_be_imported_is_one_sentence(tbtwatch: World) -> None:
    """The file, the sheet, the language, the reader."""
    path = a_list(tbtwatch, "1,a,2202,KEN,")
    assert "--email" in tbtwatch("products", "import", path, "--enterprise", "A", "--yes").err
    assert "old Excel file" in tbtwatch("products", "import", _old(tbtwatch), *ASK).err
    assert "has no sheets" in tbtwatch("products", "import", path, *ASK, "--sheet", "x").err
    assert "cannot be read" in tbtwatch("products", "import", "none.csv", *ASK).err
    assert "not offered" in tbtwatch("products", "import", path, "--enterprise", "A", "--language", "de").sentence


def _old(world: World) -> Path:
    path = world.home / "list.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    return path
