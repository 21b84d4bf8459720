"""Codes: HS and ICS as fields and products texts have them, and the objectives' many wordings."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.codes import (
    OBJECTIVES,
    CodeError,
    codes_in_products,
    parse_hs,
    parse_ics,
    read_codes,
    read_hs,
    read_ics,
    read_objectives,
)
from watcher.hs import LAST_HEADING, NATIONAL_CHAPTERS, hs_range
from watcher.ics import ICS_FIELDS

ROWS = Path(__file__).parents[2].parent / "shared" / "data" / "wto" / "notifications.jsonl"


def headings(first: int, last: int) -> tuple[str, ...]:
    """All headings between two, both included."""
    return tuple(f"{number:04d}" for number in range(first, last + 1))


a_heading = st.sampled_from([f"{chapter}{last:02d}" for chapter, last in LAST_HEADING.items()])
a_code = st.builds(
    lambda heading, tail: heading + tail[: len(tail) // 2 * 2], a_heading, st.text(alphabet="123456789", max_size=6)
)
a_group = st.builds(
    lambda field, group, sub: f"{field}.{group:02d}0" + (f".{sub:02d}" if sub else ""),
    st.sampled_from(sorted(ICS_FIELDS)),
    st.integers(1, 99),
    st.integers(0, 99),
)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("87.16", ("8716",)),
        ("8704.21.80", ("87042180",)),
        ("0406.3000", ("04063000",)),
        ("84221", ("84221",)),
        ("Ex.0207.43.00.00", ("0207430000",)),
        ("Ex. 0201.30.00.00", ("0201300000",)),
        ("ex8703", ("8703",)),
        ("03 . 06 . 91", ("030691",)),
        ("8528 72 20, 8418 10 80", ("84181080", "85287220")),
        ("69081000和69089000", ("69081000", "69089000")),
        ("8703/8704 & 8705 and 8706", ("8703", "8704", "8705", "8706")),
        ("６７０４．１１", ("670411",)),
        ("67.", ("67",)),
        ("HS: 84; 85.", ("84", "85")),
        ("HS Chapter 9", ("09",)),
        ("第61、62、63章", ("61", "62", "63")),
        ("8703.xx.xx", ("8703",)),
        ("6307.90-4010", ("6307904010",)),
        ("841459200000", ("8414592000",)),
        ("9001-9033", headings(9001, 9033)),
        ("50010010-50079090", headings(5001, 5007)),
        ("87.03 to 87.05", headings(8703, 8705)),
        ("8703至8705", headings(8703, 8705)),
        ("61-63", ("61", "62", "63")),
        ("chapters 1 to 3", ("01", "02", "03")),
        ("8703.21-24", ("870321", "870322", "870323", "870324")),
        ("030617 - Frozen shrimps and prawns", ("030617",)),
        ("8703: Motor cars", ("8703",)),
        ("8703 Motor cars", ("8703",)),
        ("901", ("0901",)),
        ("30617", ("030617",)),
        ("3300", ("33",)),
    ],
)
def test_hs_codes_are_read_as_they_are_written(text: str, codes: tuple[str, ...]) -> None:
    """Dots, blanks, lists, ranges, words around and zeros lost: each form gives the digits that are meant."""
    assert read_hs(text) == codes
    assert read_hs([text]) == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("98.18", ("9818",)),
        ("9801", ("9801",)),
        ("9802.00.40", ("98020040",)),
        ("61; 62; 9901", ("61", "62", "9901")),
        ("99", ("99",)),
    ],
)
def test_a_country_s_own_chapters_are_kept_as_stated(text: str, codes: tuple[str, ...]) -> None:
    """Chapters 98 and 99 mean something in one tariff only: the code is shown, and found by whoever asks for it."""
    assert read_hs(text) == codes


def test_a_country_s_own_code_can_be_asked_for() -> None:
    """In full: what its chapter holds is another thing in each country."""
    assert parse_hs("98.18") == "9818"
    assert parse_hs("HS 9802.00") == "980200"


@pytest.mark.parametrize(
    "text", ["9999", "99999999", "77", "00", "0042", "2018", "8799", "71.060", "1000 V", "none", ""]
)
def test_what_can_not_be_an_hs_code_is_left_out(text: str) -> None:
    """Placeholders and the reserved chapter, impossible headings, years, ICS codes and measures are no HS codes."""
    assert read_hs(text) == ()


def test_titles_in_a_code_field_are_passed_over() -> None:
    """A joined field holds titles with semicolons, numbers and excluded codes; only the labels count."""
    field = (
        "0901 - Coffee, whether or not roasted; coffee husks and skins (excl. 0902); 85 - Machines; parts thereof, "
        "730630 - Tubes with a diameter of > 406,4 mm (excl. goods of 7304 to 7305); 10 kg or more"
    )
    assert read_hs(field) == ("0901", "730630", "85")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("67.", ("67",)),
        ("59", ("59",)),
        ("67.080.10 - Fruits and derived products; 67.100 - Milk", ("67.080.10", "67.100")),
        ("ICS 67.080.10, 13.020", ("13.020", "67.080.10")),
        ("13,020", ("13.020",)),
        ("67。080", ("67.080",)),
        ("67.16", ("67.160",)),
        ("67.1", ("67.100",)),
        ("97190", ("97.190",)),
        ("67.000", ("67",)),
        ("67.080.00", ("67.080",)),
        ("99.001", ()),
        ("05.020", ()),
        ("67.081", ()),
        ("8703", ()),
    ],
)
def test_ics_codes_are_read_as_they_are_written(text: str, codes: tuple[str, ...]) -> None:
    """Stops, commas, lost zeros and titles are seen through; what no edition can have is left out."""
    assert read_ics(text) == codes


def test_codes_in_the_wrong_field_find_their_place() -> None:
    """ICS under HS and HS under ICS are told by their shape; two digits stay where they stand."""
    assert read_codes(["71.060"], ["2833"]) == (("2833",), ("71.060",))
    assert read_codes("83.160; 4011", "ICS: 83.160") == (("4011",), ("83.160",))
    assert read_codes(["33"], ["33"]) == (("33",), ("33",))


@given(st.lists(a_code, max_size=6), st.sampled_from([", ", ";", " ", "、", " and ", "\n"]))
@settings(deadline=None, max_examples=150)
def test_any_list_of_hs_codes_reads_back(codes: list[str], between: str) -> None:
    """Codes come back whole and sorted whatever joins them, and reading them again changes nothing."""
    dotted = [f"{code[:4]}.{code[4:]}" if len(code) > 4 else code for code in codes]
    found = read_hs(between.join(dotted))

    assert found == tuple(sorted(set(codes)))
    assert read_hs(found) == found


@given(st.lists(a_group, max_size=6), st.sampled_from([", ", ";", " ", "、", " and "]))
@settings(deadline=None, max_examples=150)
def test_any_list_of_ics_codes_reads_back(codes: list[str], between: str) -> None:
    """The same for ICS."""
    assert read_ics(between.join(codes)) == tuple(sorted(set(codes)))


@given(st.text(alphabet="0123456789.,;-– HSICSexto第章和\n()kgabc", max_size=60))
@settings(deadline=None, max_examples=300)
def test_whatever_is_found_is_a_code(text: str) -> None:
    """No text gives anything but codes that a person could type, in the field of either kind."""
    for hs, ics in (read_codes(text, ()), read_codes((), text), codes_in_products(text)):
        assert all(parse_hs(code) for code in hs if len(code) != 3 and code not in NATIONAL_CHAPTERS)
        assert all(parse_ics(code) for code in ics)


@given(st.integers(100000, 999999), st.integers(0, 400))
@settings(deadline=None, max_examples=200)
def test_a_range_in_a_heading_covers_just_itself(first: int, length: int) -> None:
    """Its prefixes cover each code from end to end and none beyond, each once."""
    last = first + length
    covered = hs_range(str(first), str(last))
    if str(first)[:4] != str(last)[:4]:
        return
    assert covered is not None
    for code in range(first - 50, last + 51):
        assert sum(str(code).startswith(prefix) for prefix in covered) == (first <= code <= last)


def test_a_range_over_chapters_names_whole_chapters() -> None:
    """What is covered whole is named short, the rest by its headings."""
    assert hs_range("2528", "2702") == ("2528", "2529", "2530", "26", "2701", "2702")
    assert hs_range("8704", "8703") is None


@pytest.mark.parametrize(
    ("text", "hs", "ics"),
    [
        ("Jelly (HS code(s): 2202); X (ICS code(s): 67.160)", ("2202",), ("67.160",)),
        ("(HS code(s): 380891); (ICS code(s): 71.100.70) Mosquito wipe", ("380891",), ("71.100.70",)),
        ("Cosmetics; (HS: 33); (ICS: 71.100.70)", ("33",), ("71.100.70",)),
        ("Fans (ICS: 13.020, 23.120 HS: 8415)", ("8415",), ("13.020", "23.120")),
        ("载货机动车辆(HS编码:8704);品目87.01至87.05的底盘(HS编码:8706)", ("8704", "8706"), ()),
        ("口罩(HS代码6307.90-4010)、(HS 630790)", ("630790", "6307904010"), ()),
        ("儿童首饰(HS:第71章)(ICS:39.060,97.190)。", ("71",), ("39.060", "97.190")),
        ("海关税则(对应第61、62、63章)及税目4203", ("4203", "61", "62", "63"), ()),
        ("ICS:HS:2917.32、2917.34", ("291732", "291734"), ()),
        ("HSN 8418", ("8418",), ()),
        ("Children's jewellery (HS: Chapter 7117; ICS: 39, 77)", ("7117",), ("39", "77")),
        ("Motor cars (other than those of heading 87.02) (HS 8703)", ("8703",), ()),
        ("textiles (NCM) Chapters 50to52", ("50", "51", "52"), ()),
        ("Textiles (SA: 50010010-50079090). General (ICS: 59.080.01).", headings(5001, 5007), ("59.080.01",)),
        ("Articles of Chapters 61 and 62 of the Harmonized System", ("61", "62"), ()),
        ("International Classification for Standards (ICS) code 67.100.01", (), ("67.100.01",)),
        ("Lốp xe ( mã HS: 83.160)", (), ("83.160",)),
        ("Windows, 39.26.90.90.90, 70.07.11.00.00 y 87.08.29.50.00.", ("3926909090", "7007110000", "8708295000"), ()),
        ("7311;8402;8403。", ("7311", "8402", "8403"), ()),
        ("73170000,73130010 steel wire", ("73130010", "73170000"), ()),
        ("HS 8703; 10 seats or more", ("8703",), ()),
        ("IS 17404: 2020, SA 8000, from 2018.05.12, up to 1000 V and 4.5 kg, ISO 8536", (), ()),
        ("", (), ()),
        (None, (), ()),
    ],
)
def test_codes_that_a_products_text_states(text: str | None, hs: tuple[str, ...], ics: tuple[str, ...]) -> None:
    """Codes behind their marks are stated; headings in passing, standards, dates and measures are not."""
    assert codes_in_products(text) == (hs, ics)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("8703", "8703"),
        (" 87.03 ", "8703"),
        ("HS 8703.23", "870323"),
        ("8528 72", "852872"),
        ("22", "22"),
        ("8500", "85"),
    ],
)
def test_a_typed_hs_code_is_taken(text: str, code: str) -> None:
    """However it is dotted."""
    assert parse_hs(text) == code


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("shoes", "write 2 to 10 digits"),
        ("8", "has 1 digit:"),
        ("870", "has 3 digits:"),
        ("12345678901", "has 11 digits"),
        ("98", "each country fills as it likes"),
        ("9999", "is written where there is no code"),
        ("77", "it has 01 to 97, without 77"),
        ("8799", "chapter 87 ends with 87.16"),
        ("67.080", "looks like an ICS code"),
    ],
)
def test_a_wrong_hs_code_is_refused_with_advice(text: str, says: str) -> None:
    """Staff and subscribers learn what to write instead."""
    with pytest.raises(CodeError, match=re.escape(says)):
        parse_hs(text)


@pytest.mark.parametrize(
    ("text", "code"), [("67", "67"), ("ICS 67.080", "67.080"), ("67.080.10", "67.080.10"), ("6708010", "67.080.10")]
)
def test_a_typed_ics_code_is_taken(text: str, code: str) -> None:
    """With or without its dots."""
    assert parse_ics(text) == code


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("food", "write a field 67"),
        ("99", "ICS does not have"),
        ("67.08", "three digits"),
        ("67.081", "three digits"),
        ("8703", "write a field"),
    ],
)
def test_a_wrong_ics_code_is_refused_with_advice(text: str, says: str) -> None:
    """A group cut short is not guessed at when a person can be asked."""
    with pytest.raises(CodeError, match=says):
        parse_ics(text)


@pytest.mark.parametrize(("key", "language"), list(product(OBJECTIVES, ["en", "zh", "fr", "es"])))
def test_an_objectives_own_names_are_its_key(key: str, language: str) -> None:
    """Each official name stands for its objective alone, in any case, with or without the domain behind it."""
    name = OBJECTIVES[key][language]

    assert read_objectives(name) == (key,)
    assert read_objectives([f"{name.upper()} (TBT)"]) == (key,)


@pytest.mark.parametrize(
    ("wording", "keys"),
    [
        ("Protection of Human health or Safety", ("human_health",)),
        ("Harmonisation", ("harmonization",)),
        ("Consumer information, labeling", ("consumer_information",)),
        ("To protect the health of humans, animals and plants", ("human_health", "animal_plant_health")),
        ("保护人类、动物或植物的生命或健康", ("human_health", "animal_plant_health")),
        ("保护动植物生命健康。", ("animal_plant_health",)),
        (
            "人类健康或安全保护;协调一致;减少贸易壁垒和促进贸易。",
            ("human_health", "harmonization", "trade_facilitation"),
        ),
        ("防止欺诈行为，保护消费者；质量要求", ("consumer_protection", "quality")),
        ("防止由于误导标签和广告引起的误解", ("consumer_protection",)),
        ("消费者资讯、標籤；環境保護", ("environment", "consumer_information")),
        ("消费者健康", ("human_health",)),
        ("国家安全", ("national_security",)),
        ("Protección del medio ambiente y de la salud", ("human_health", "environment")),
        ("Not specified", ()),
        ("未说明", ()),
        ("", ()),
        ("启用在线申请。", ("启用在线申请",)),
        ("Quality requirements; Online applications", ("quality", "Online applications")),
    ],
)
def test_an_objective_is_known_by_its_words(wording: str, keys: tuple[str, ...]) -> None:
    """Variants, prose and lists give keys; a wording that fits none is kept, and silence gives nothing."""
    assert read_objectives(wording) == keys


def test_objectives_come_in_one_order() -> None:
    """The same boxes ticked in another order are no change."""
    assert read_objectives("Quality requirements; Harmonization") == read_objectives(
        "Harmonization; Quality requirements"
    )


def test_a_hundred_thousand_hostile_characters_are_read_at_once() -> None:
    """No field makes a reader slow: some of these took minutes while patterns looked back."""
    for text in ("HS " * 33_000, "HS 1" * 25_000, "1," * 50_000, "第1" * 50_000, "chapter 1 " * 10_000):
        assert codes_in_products(text)[1] == ()
        assert read_ics(text) == ()


@pytest.mark.skipif(not ROWS.exists(), reason="the real notifications are not at hand beside the project")
def test_no_real_code_is_lost() -> None:
    """Of the real rows' codes only a field that ICS lacks is left out."""
    left_out: set[str] = set()
    for row in map(json.loads, ROWS.read_text(encoding="utf-8").splitlines()):
        for value in row.get("hs_codes") or ():
            left_out |= set() if any(read_codes(value, ())) else {value}
        for value in row.get("ics_codes") or ():
            left_out |= set() if any(read_codes((), value)) else {value}

    assert left_out == {"99.001"}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Electrical products (Chapter 85)", ("85",)),
        ("Machinery (Chapters 84 and 85; 9018-9019)", ("84", "85", "9018", "9019")),
        ("Products of chapters 1 to 3", ("01", "02", "03")),
        ("Productos cosméticos, capítulo 33", ("33",)),
        ("Produits chimiques (chapitres 28 et 29)", ("28", "29")),
        ("Toys (ex 9503)", ("9503",)),
        ("Chairs, ex. 94.01", ("9401",)),
        ("移动电源 8507600090", ("8507600090",)),
        ("移动电源（8507600090、8504401400）", ("8504401400", "8507600090")),
        ("Power banks 85076000 and chargers 85044014", ("85044014", "85076000")),
        ("LED lamps (8539.52; 9405.41)", ("853952", "940541")),
        ("Neumáticos, posiciones arancelarias 4011.10.00 a 4011.30.00", ("40111", "40112", "401130")),
    ],
)
def test_codes_of_products_are_read_without_the_word_for_them(text: str, codes: tuple[str, ...]) -> None:
    """A chapter behind goods, a part of a heading, a national line, dotted codes in brackets."""
    assert codes_in_products(text)[0] == codes


@pytest.mark.parametrize(
    "text",
    [
        "Food under Chapter 5 of the Food Code",
        "Machines of Directive 2014/35, Chapter 12",
        "Medicines of the Pharmacopoeia, chapter 30",
        "Chapter 6 products",
        "Chargers, model 85044014",
        "Condoms, lot no. 40141000",
        "Tel. 8507600090",
        "Notified on 20260301",
        "Rated (1200.50 W)",
        "Ex works, ex Japan",
    ],
)
def test_what_looks_like_a_code_beside_goods_is_none(text: str) -> None:
    """Chapters of laws, numbers of models and telephones, days, ratings."""
    assert codes_in_products(text) == ((), ())
