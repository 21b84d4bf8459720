"""WTO symbols: one printed form, however they were typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.notice import NoticeType
from watcher.symbol import Symbol, SymbolError, parse_symbol, read_symbols

ROWS = Path(__file__).parents[2].parent / "shared" / "data" / "wto" / "notifications.jsonl"


def printed(text: str) -> list[str]:
    """The symbols of a text as they are printed."""
    return [str(symbol) for symbol in read_symbols(text)]


suffixes = st.lists(st.tuples(st.sampled_from(["Rev", "Add", "Corr", "Suppl"]), st.integers(1, 40)), max_size=3).map(
    tuple
)
members = st.sampled_from(["KEN", "USA", "EU", "EEC", "TPKM", "ADD", "REV", "GEO", "IND", "BRA", "CHN", "ARE", "NOR"])
modern = st.builds(
    Symbol,
    area=st.sampled_from(["TBT", "SPS"]),
    member=members,
    number=st.integers(1, 99999),
    suffixes=suffixes,
)
before_2000 = st.builds(
    Symbol,
    area=st.just("TBT"),
    member=st.just(""),
    number=st.integers(1, 9999),
    suffixes=suffixes,
    year=st.integers(1980, 2000),
)
symbols = st.one_of(modern, before_2000)


def noisy(symbol: Symbol, draw: st.DrawFn) -> str:
    """The symbol as a careless typist might have it."""
    blank = st.sampled_from(["", "", " ", "  ", "\n", "\u00a0", "\u3000"])
    text = ""
    for char in str(symbol):
        text += draw(blank) + char + draw(blank) if char in "/." else char
    if draw(st.booleans()):
        text = text.lower() if draw(st.booleans()) else text.upper()
    if draw(st.booleans()):  # full width
        text = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)
    return draw(blank) + text + draw(blank)


@given(symbols)
@settings(deadline=None, max_examples=200)
def test_a_printed_symbol_reads_back_as_itself(symbol: Symbol) -> None:
    """Printing and parsing are each other's inverse."""
    assert parse_symbol(str(symbol)) == symbol


@given(symbols, st.data())
@settings(deadline=None, max_examples=200)
def test_noise_changes_nothing(symbol: Symbol, data: st.DataObject) -> None:
    """Blanks, case and width make no other symbol."""
    text = data.draw(st.composite(lambda draw: noisy(symbol, draw))())

    assert read_symbols(text) == (symbol,)


@given(
    st.lists(modern, min_size=2, max_size=7, unique=True),
    st.sampled_from([", ", ",", "，", "、", ";", "; ", "", " ", "\r\n"]),
)
@settings(deadline=None, max_examples=150)
def test_joint_symbols_come_apart_whatever_stands_between(joint: list[Symbol], between: str) -> None:
    """A joint notification keeps all its symbols, in stated order, also when the comma is missing."""
    assert read_symbols(between.join(str(symbol) for symbol in joint)) == tuple(joint)


@given(symbols)
@settings(deadline=None, max_examples=100)
def test_the_thread_is_the_symbol_without_suffixes(symbol: Symbol) -> None:
    """Every document of a thread has the same base, and a base is its own."""
    assert symbol.base.suffixes == ()
    assert symbol.base.base == symbol.base
    assert str(symbol).startswith(str(symbol.base))


@given(st.text(alphabet="GTBSPSN/. 0123456789KENUSAaddrevNotif.,补遗修订\n-", max_size=60))
@settings(deadline=None, max_examples=200)
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever stands in a field, what is found prints and reads back."""
    for symbol in read_symbols(text):
        assert parse_symbol(str(symbol)) == symbol


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" G/SPS/N/KOR/1", ["G/SPS/N/KOR/1"]),
        ("G/TBT/N/CHN/ 1414", ["G/TBT/N/CHN/1414"]),
        ("G / TBT / N / BRA / 962", ["G/TBT/N/BRA/962"]),
        ("G/SPS/N/USA/12/ADD.1", ["G/SPS/N/USA/12/Add.1"]),
        ("G/TBT/N/TUR/121 /Add.1", ["G/TBT/N/TUR/121/Add.1"]),
        ("G/TBT/EU/309", ["G/TBT/N/EU/309"]),
        ("G/TBT/N/BHR/485G/TBT/N/KWT/367", ["G/TBT/N/BHR/485", "G/TBT/N/KWT/367"]),
        ("G/TBT/N/TPKM/568，G/TBT/N/EEC/313", ["G/TBT/N/TPKM/568", "G/TBT/N/EEC/313"]),
        (
            "G/TBT/N/BDI/234, KEN/1245, UGA/1580/Add.1",
            ["G/TBT/N/BDI/234", "G/TBT/N/KEN/1245", "G/TBT/N/UGA/1580/Add.1"],
        ),
        ("G/TBT/N/ARE/366/BHR/480/KWT/362", ["G/TBT/N/ARE/366", "G/TBT/N/BHR/480", "G/TBT/N/KWT/362"]),
        ("G/TBT/N/KEN/71, 72 and 75", ["G/TBT/N/KEN/71", "G/TBT/N/KEN/72", "G/TBT/N/KEN/75"]),
        ("G/TBT/N/KEN/71-73", ["G/TBT/N/KEN/71", "G/TBT/N/KEN/72", "G/TBT/N/KEN/73"]),
        ("g/tbt/n/bdi/234; /ken/1245", ["G/TBT/N/BDI/234", "G/TBT/N/KEN/1245"]),
        ("G/TBT/N/USA/893, Addendum 3", ["G/TBT/N/USA/893/Add.3"]),
        ("G/TBT/N/USA/893/Add.1、Add.2", ["G/TBT/N/USA/893/Add.1", "G/TBT/N/USA/893/Add.2"]),
        ("G/TBT/N/USA/893号通报的补遗3", ["G/TBT/N/USA/893/Add.3"]),
        ("G/TBT/N/USA/893补遗3", ["G/TBT/N/USA/893/Add.3"]),
        ("G/TBT/N/USA/893 第二号补遗", ["G/TBT/N/USA/893/Add.2"]),
        ("G/TBT/N/USA/974修订", ["G/TBT/N/USA/974/Rev.1"]),
        ("G/TBT/N/USA/974/修订2/补遗1", ["G/TBT/N/USA/974/Rev.2/Add.1"]),
        ("G/TBT/N/USA/974勘误", ["G/TBT/N/USA/974/Corr.1"]),
        ("G/TBT/N/USA/552/Rev.2/Add.02", ["G/TBT/N/USA/552/Rev.2/Add.2"]),
        ("G/TBT/N/USA/552 (Corrigendum 1)", ["G/TBT/N/USA/552/Corr.1"]),
        ("G/TBT/N/USA/552/Supp.1", ["G/TBT/N/USA/552/Suppl.1"]),
        ("G\\TBT\\N\\USA\\552", ["G/TBT/N/USA/552"]),
        ("G-TBT-N-CHN-1414-Add.1", ["G/TBT/N/CHN/1414/Add.1"]),
        ("G/TBT/Notif. 96.15", ["G/TBT/Notif.96/15"]),
        ("G/TBT/Notif.96.204", ["G/TBT/Notif.96/204"]),
        ("G/TBT/Notif.00/015", ["G/TBT/Notif.00/15"]),
        ("G/TBT/Notif.2000/15/Add.1", ["G/TBT/Notif.00/15/Add.1"]),
    ],
)
def test_forms_that_occur(text: str, expected: list[str]) -> None:
    """Each form seen in feeds and on portals reads as the symbol that is meant."""
    assert printed(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("notified in G/TBT/N/KEN/71, 72 hours after which", ["G/TBT/N/KEN/71"]),
        ("法规G/TBT/N/USA/893修订了第4条", ["G/TBT/N/USA/893"]),
        ("see G/TBT/N/USA/893 add 3 requirements", ["G/TBT/N/USA/893"]),
        ("G/TBT/N/USA/893 Addressed to all Members", ["G/TBT/N/USA/893"]),
        ("G/TBT/N/USA/1, ISO/1234", ["G/TBT/N/USA/1"]),
        ("G/TBT/N/USA/893, addendum 3 follows", ["G/TBT/N/USA/893"]),
        ("(通报号:G/TBT/N/KEN/72)和“KS 1993”( 通报号:G/TBT/N/KEN/71)", ["G/TBT/N/KEN/72", "G/TBT/N/KEN/71"]),
        ("G/TBT/N/KEN/1 and again G/TBT/N/KEN/1", ["G/TBT/N/KEN/1"]),
        ("G/SPS/GEN/204, G/TBT/W/123, G/TBT/1/Rev.15, G/TBT/GEN/12, G/TBT/M/80", []),
        ("G/TBT/N/KEN/0", []),
        ("", []),
        (None, []),
    ],
)
def test_prose_around_a_symbol_is_not_read_into_it(text: str | None, expected: list[str]) -> None:
    """Words and numbers behind a symbol stay words, and other series of the committees are no notifications."""
    assert [str(symbol) for symbol in read_symbols(text)] == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("G/TBT/N/KEN/1514", NoticeType.REGULAR),
        ("G/TBT/N/KEN/1514/Rev.1", NoticeType.REVISION),
        ("G/TBT/N/KEN/1514/Rev.1/Add.2", NoticeType.ADDENDUM),
        ("G/TBT/N/KEN/1514/Add.1/Corr.1", NoticeType.CORRIGENDUM),
        ("G/TBT/N/KEN/1514/Add.1/Rev.1", NoticeType.ADDENDUM),
        ("G/TBT/N/KEN/1514/Suppl.1", NoticeType.SUPPLEMENT),
    ],
)
def test_the_last_suffix_says_what_a_document_is(text: str, kind: NoticeType) -> None:
    """A revised addendum replaces an addendum, not the notification."""
    assert parse_symbol(text).type == kind


def test_a_thread_sorts_as_it_is_read() -> None:
    """Base first, its addenda by number, then the revision with its own; numbers count, they are not spelled."""
    texts = ["KEN/2", "KEN/10", "KEN/10/Corr.1", "KEN/10/Add.2", "KEN/10/Add.11", "KEN/10/Rev.1", "KEN/10/Rev.1/Add.1"]
    thread = [parse_symbol(f"G/TBT/N/{text}") for text in texts]

    shuffled = [*thread[3:], *thread[:3]]
    assert sorted(shuffled, key=lambda symbol: symbol.order) == thread


def test_an_old_code_names_the_member_of_today() -> None:
    """EEC stays in the symbol and is the EU as a market; before 2000 a symbol names no Member."""
    assert parse_symbol("G/TBT/N/EEC/313").notifying_member == "EU"
    assert str(parse_symbol("G/TBT/N/EEC/313")) == "G/TBT/N/EEC/313"
    assert parse_symbol("G/TBT/Notif.96/15").notifying_member == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("KEN/1514", 'write it as "G/TBT/N/KEN/1514"'),
        ("", "is not a WTO document symbol"),
        ("G/TBT/N/KEN/1, G/TBT/N/KEN/2", "holds 2 symbols"),
        ("G/TBT/N/KEN/1514/Foo.1", "holds more than a symbol"),
    ],
)
def test_a_wrong_symbol_is_refused_with_advice(text: str, says: str) -> None:
    """Who typed it learns what to type instead."""
    with pytest.raises(SymbolError, match="symbol") as refusal:
        parse_symbol(text)
    assert says in str(refusal.value)


def test_a_symbol_that_can_not_be_is_not_made() -> None:
    """Number 0, an unknown suffix, or both a Member and a year are refused."""
    with pytest.raises(SymbolError, match="counts from 1"):
        Symbol(area="TBT", member="KEN", number=0)
    with pytest.raises(SymbolError, match="no suffix"):
        Symbol(area="TBT", member="KEN", number=1, suffixes=(("Foo", 1),))
    with pytest.raises(SymbolError, match="either"):
        Symbol(area="TBT", member="KEN", number=1, year=1996)


def test_a_hundred_thousand_hostile_characters_are_read_at_once() -> None:
    """No field makes the reader slow: each of these took minutes with patterns that look back."""
    for text in ("G" + " " * 100_000, "G/TBT/N/" * 12_000, "G/TBT/N/KEN/1" + "/Add.1" * 16_000):
        assert len(read_symbols(text)) <= 1


@pytest.mark.skipif(not ROWS.exists(), reason="the real notifications are not at hand beside the project")
def test_all_real_symbols_read_as_they_were_transcribed() -> None:
    """Every symbol field of the real rows gives the symbols that a person read in it."""
    rows = [json.loads(line) for line in ROWS.read_text(encoding="utf-8").splitlines()]
    read = {row["row_id"]: (printed(row["symbol"]), row["symbols"]) for row in rows if row.get("symbol")}

    assert len(read) == 230
    for found, transcribed in read.values():
        assert found == [str(parse_symbol(symbol)) for symbol in transcribed]
