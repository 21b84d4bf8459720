"""Markets: found by any of their names, expanded to the Members that count."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tbtwatch.reference import load_markets
from watcher.markets import Group, MarketError, Markets, Member

HERE = Path(__file__)
SEEN = HERE.parents[2].parent / "shared" / "data" / "wto" / "member_codes_seen.csv"
MARKETS = load_markets(HERE.parents[2] / "config" / "reference")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("KEN", "KEN"), ("ken", "KEN"), ("KE", "KEN"), ("C404", "KEN"), ("肯尼亚", "KEN"), ("Kenia", "KEN"),
        ("Korea", "KOR"), ("South Korea", "KOR"), ("Korea, Republic of", "KOR"), ("REPUBLIC OF KOREA", "KOR"),
        ("韩国", "KOR"), ("韓國", "KOR"), ("大韩民国", "KOR"), ("REPÚBLICA DE COREA", "KOR"), ("Corée du Sud", "KOR"),
        ("Vietnam", "VNM"), ("Viet Nam", "VNM"), ("Việt Nam", "VNM"), ("越南", "VNM"),
        ("USA", "USA"), ("U.S.A.", "USA"), ("us", "USA"), ("United States of America", "USA"), ("美国", "USA"),
        ("Estados Unidos", "USA"), ("États-Unis", "USA"), ("etats-unis", "USA"),
        ("UK", "GBR"), ("United Kingdom", "GBR"), ("英国", "GBR"), ("Turkey", "TUR"), ("Türkiye", "TUR"),
        ("Côte d'Ivoire", "CIV"), ("Côte d’Ivoire", "CIV"), ("C?te d'Ivoire", "CIV"), ("C\ufffdte d'Ivoire", "CIV"),
        ("CÃ´te d'Ivoire", "CIV"), ("Ivory Coast", "CIV"), ("Cote dIvoire", "CIV"),
        ("Chinese Taipei", "TPKM"), ("TPKM", "TPKM"), ("TWN", "TPKM"), ("台澎金马单独关税区", "TPKM"),
        ("Hong Kong, China", "HKG"), ("Hong Kong", "HKG"), ("香港", "HKG"), ("China", "CHN"), ("中华人民共和国", "CHN"),
        ("EU", "EU"), ("EEC", "EU"), ("U918", "EU"), ("欧盟", "EU"), ("European Union", "EU"),
        ("Union européenne", "EU"),
        ("C276", "DEU"), ("DE", "DEU"), ("DEU", "DEU"), ("Allemagne", "DEU"), ("Federal Republic of Germany", "DEU"),
        ("Saudi Arabia, Kingdom of", "SAU"), ("Kingdom of Saudi Arabia", "SAU"), ("沙特", "SAU"),
        ("沙特阿拉伯王国", "SAU"),
        ("Kuwait, the State of", "KWT"), ("Bahrain, Kingdom of", "BHR"), ("The Gambia", "GMB"), ("Gambia", "GMB"),
        ("Bolivia, Plurinational State of", "BOL"), ("Venezuela, Bolivarian Republic of", "VEN"),
        ("Lao People's Democratic Republic", "LAO"), ("Kyrgyz Republic", "KGZ"), ("Moldova, Republic of", "MDA"),
        ("Slovak Republic", "SVK"), ("Antigua & Barbuda", "ATG"), ("St. Lucia", "LCA"), ("南非共和国", "ZAF"),
        ("Republic of the Congo", "COG"), ("Democratic Republic of the Congo", "COD"), ("刚果民主共和国", "COD"),
        ("多米尼加共和国", "DOM"), ("Dominica", "DMA"), ("中非共和国", "CAF"), ("Guinea", "GIN"), ("Niger", "NER"),
        ("EAC", "EAC"), ("东非共同体", "EAC"), ("GCC", "GCC"), ("海合会", "GCC"),
        ("Gulf Cooperation Council (GCC)", "GCC"),
        ("东盟", "ASEAN"), ("ASEAN", "ASEAN"), ("欧亚经济联盟", "EAEU"), ("rcep", "RCEP"), ("CPTPP", "CPTPP"),
    ],
)  # fmt: skip
def test_a_market_is_found_by_what_people_call_it(text: str, code: str) -> None:
    """Codes, ePing ids, names in four languages, other spellings, lost letters: all resolve to one code."""
    assert MARKETS.resolve(text) == code


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Germny", "did you mean Germany (DEU)?"),
        ("Atlantis", "is no market known here"),
        ("", "is no market known here"),
        ("一带一路", "list them in the settings under [groups.BRI]"),
    ],
)
def test_what_is_no_market_is_refused_with_advice(text: str, says: str) -> None:
    """The nearest names are offered; a group that only the operator can list says so."""
    with pytest.raises(MarketError) as refusal:
        MARKETS.resolve(text)
    assert says in str(refusal.value)


@given(st.sampled_from(sorted(MARKETS.members)), st.sampled_from(["en", "zh", "fr", "es"]))
@settings(deadline=None, max_examples=200)
def test_every_name_that_is_shown_can_be_typed(code: str, language: str) -> None:
    """What a reader sees as a market's name resolves back to the market, in any case."""
    name = MARKETS.name(code, language)

    assert MARKETS.resolve(name) == code
    assert MARKETS.resolve(name.upper()) == code


@given(st.text(max_size=40))
@settings(deadline=None, max_examples=200)
def test_no_text_breaks_the_search(text: str) -> None:
    """A text is a known market or none."""
    found = MARKETS.find(text)

    assert found is None or found in MARKETS.members or found in MARKETS.groups


def test_names_are_shown_in_the_readers_language() -> None:
    """Chinese readers get Chinese names, also by the tag of their region; what has no name is shown by its code."""
    assert MARKETS.name("KEN", "zh") == "肯尼亚"
    assert MARKETS.name("KEN", "zh-CN") == "肯尼亚"
    assert MARKETS.name("KEN", "de") == "Kenya"
    assert MARKETS.name("EAC", "zh") == "东非共同体"
    assert MARKETS.name("EEC", "fr") == "Union européenne"
    assert MARKETS.name("XYZ", "en") == "XYZ"


def test_a_group_stands_for_its_members() -> None:
    """A notice of any Member of a group counts for the group."""
    assert MARKETS.expand(["EAC"]) >= {"BDI", "KEN", "RWA", "TZA", "UGA"}
    assert MARKETS.expand(["GCC"]) == {"ARE", "BHR", "KWT", "OMN", "QAT", "SAU"}
    assert MARKETS.expand(["EAEU", "JPN"]) == {"ARM", "BLR", "KAZ", "KGZ", "RUS", "JPN"}
    assert MARKETS.expand([]) == frozenset()


def test_the_union_and_its_states_count_for_each_other() -> None:
    """The EU is itself and 27 states; a state is itself and the EU, but not its neighbours."""
    assert len(MARKETS.expand(["EU"])) == 28
    assert MARKETS.expand(["EU"]) >= {"EU", "DEU", "FRA", "CZE"}
    assert MARKETS.expand(["DEU"]) == {"DEU", "EU"}
    assert MARKETS.expand(["KEN"]) == {"KEN"}
    assert "GBR" not in MARKETS.expand(["EU"])


def test_a_state_of_the_union_in_a_group_brings_the_union() -> None:
    """What the EU notifies holds in Greece, also when Greece was named by way of a group."""
    greece = Member(code="GRC", eu_member_state=True)
    markets = Markets([Member(code="EU"), greece, Member(code="KAZ")], [Group(key="ROAD", members=("GRC", "KAZ"))])

    assert markets.expand(["ROAD"]) == {"GRC", "KAZ", "EU"}


def test_an_unknown_code_stands_for_itself() -> None:
    """A subscription to a code that the table lacks is kept, and nothing else is matched by it."""
    assert MARKETS.expand(["XYZ"]) == {"XYZ"}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("BURUNDI, KENYA, RWANDA, TANZANIA, UGANDA", ("BDI", "KEN", "RWA", "TZA", "UGA")),
        ("巴林王国、科威特国、阿曼、沙特阿拉伯王国", ("BHR", "KWT", "OMN", "SAU")),
        ("Korea, Republic of; Japan", ("KOR", "JPN")),
        ("Japan, Korea, Republic of", ("JPN", "KOR")),
        ("Kenya and Uganda", ("KEN", "UGA")),
        ("Trinidad and Tobago", ("TTO",)),
        ("Bosnia and Herzegovina, Serbia", ("BIH", "SRB")),
        ("nobody", ()),
    ],
)
def test_a_field_with_several_names_gives_them_all(text: str, codes: tuple[str, ...]) -> None:
    """Joint notifiers are told apart, and names that hold a comma or an "and" stay whole."""
    assert MARKETS.find_all(text) == codes


def test_one_name_for_two_markets_is_refused() -> None:
    """A table in which a name is ambiguous stops the program, not a subscriber."""
    with pytest.raises(MarketError, match="both 'KOR' and 'PRK'"):
        Markets([Member(code="KOR", aliases=("Korea",)), Member(code="PRK", aliases=("KOREA",))])


@pytest.mark.skipif(not SEEN.exists(), reason="the codes seen in real notifications are not at hand beside the project")
def test_every_member_that_was_seen_resolves() -> None:
    """Code, name and ePing id of each Member in real notifications stand for one and the same market."""
    with SEEN.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))

    assert len(rows) == 51
    for row in rows:
        name = row["member_name"].split(" (")[0]
        assert {MARKETS.resolve(text) for text in (row["symbol_code"], name, row["eping_country_id"]) if text} == {
            MARKETS.resolve(name)
        }
