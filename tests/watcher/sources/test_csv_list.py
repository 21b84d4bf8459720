"""Tables of separated values: whatever separates and encodes them, each row comes once or with its reason."""

from __future__ import annotations

import codecs
import io
import zipfile
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import SHARED
from tests.watcher.sources.answers import NOW, answer
from watcher.source import Cursor, Entry, SourceError
from watcher.sources import SourceConfigError, make_source

FIELDS = {"id": "Number", "title": "Title", "published": "Day", "summary": "Text"}
HEADER = "Number,Title,Day,Text\n"


def entries(body: bytes | str, **over: Any) -> list[Entry]:
    made = make_source(
        {
            "name": "t",
            "kind": "csv_list",
            "url": "https://reg.example/list.csv",
            "issuer": "XX-REG",
            "fields": FIELDS,
            **over,
        }
    )
    return list(made.parse(answer(made, body.encode() if isinstance(body, str) else body), Cursor()).entries)


def titles(body: bytes | str, **over: Any) -> list[str]:
    found = entries(body, **over)
    assert all(entry.notice for entry in found), [entry.problem for entry in found]
    return [entry.notice.title for entry in found if entry.notice]


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name.replace("__", "."), content)
    return out.getvalue()


def test_columns_are_known_by_their_names() -> None:
    """In any order and case, with blanks and references in them."""
    (entry,) = entries('TEXT,"Extra",day, Title ,&quot;x&quot;,NUMBER\n"Plugs,&nbsp;marked",,2026-11-02,Chargers,,17\n')

    assert entry.notice is not None
    assert (entry.key, entry.notice.title, entry.notice.distribution_date) == ("17", "Chargers", date(2026, 11, 2))
    assert entry.notice.content_summary == "Plugs, marked"


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_what_separates_the_values_is_found_out(sign: str) -> None:
    """By which sign gives the wanted columns, not by counting signs in texts."""
    row = ["17", "Toys; games| and, more", "2026-11-02", "x"]
    body = "\n".join(sign.join(f'"{cell}"' for cell in cells) for cells in (HEADER.strip().split(","), row))

    assert titles(body) == ["Toys; games| and, more"]


def test_a_line_for_excel_is_obeyed() -> None:
    """It stands before the header."""
    assert titles("sep=;\r\n" + HEADER.replace(",", ";") + "17;Toys;2026-11-02;a,b,c,d\r\n") == ["Toys"]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_value_may_hold_line_breaks_and_quotation_marks(ends: str) -> None:
    """In quotation marks; the row goes on behind them."""
    body = HEADER + '17,"Toys ""loud""",2026-11-02,"one\ntwo"\n18,Lamps,2026-11-03,x\n'
    found = entries(body.replace("\n", ends))

    assert [entry.key for entry in found] == ["17", "18"]
    assert found[0].notice is not None and found[0].notice.title == 'Toys "loud"'
    assert found[0].notice.content_summary == "one\ntwo"


@pytest.mark.parametrize(
    ("encoding", "over"),
    [
        ("utf-8-sig", {}),
        ("utf-16", {}),
        ("cp1252", {}),
        ("gb18030", {"language": "zh"}),
        ("cp932", {"encoding": "cp932"}),
        ("utf-16-le", {"encoding": "utf-16-le"}),
    ],
)
def test_encodings_and_marks(encoding: str, over: dict[str, Any]) -> None:
    """The mark is no part of the first column's name; a stated encoding is believed."""
    title = {"cp1252": "Café – fées", "cp932": "玩具の安全"}.get(encoding, "关于玩具安全的公告")

    assert titles((HEADER + f"17,{title},2026-11-02,\n").encode(encoding), **over) == [title]


def test_a_table_without_a_header_has_stated_columns() -> None:
    """Columns that the publisher adds behind them do no harm; quotation marks may be text."""
    columns = ["Number", "Title", "Day", "Text"]

    assert titles('17\t"Toys" for all\t20261102\t\n', columns=columns, quoted=False) == ['"Toys" for all']
    assert titles("17,A,2026-11-02,x,new\n18,B,2026-11-02,x,new\n", columns=columns) == ["A", "B"]


def test_words_above_the_header_are_passed_over() -> None:
    """Reports begin with their title and the day they were made."""
    assert titles("Recalls of the year\n\nMade on,2026-11-02\n" + HEADER + "17,Toys,2026-11-02,\n") == ["Toys"]


def test_several_columns_may_hold_one_field() -> None:
    """CPSC numbers recalls in one column and warnings in another."""
    header = "Recall,Warning,Date,Date,Heading,Hazard\n"
    fields = {
        "id": ["Recall", "Warning"],
        "number": ["Recall", "Warning"],
        "published": ["Date", "Date#2"],
        "title": "Heading",
        "summary": ["Heading", "Hazard"],
    }
    found = entries(header + "26-1,,2026-11-02,,Toys,Fire\n,26-2,,2026-11-03,Lamps,Shock\n", fields=fields)

    assert [entry.key for entry in found] == ["26-1", "26-2"]
    assert [entry.notice.distribution_date for entry in found if entry.notice] == [date(2026, 11, 2), date(2026, 11, 3)]
    assert found[1].notice is not None and found[1].notice.content_summary == "Lamps\nShock"
    assert found[1].notice.symbols == ("26-2",)


def test_a_ragged_row_is_a_problem_and_stops_no_other() -> None:
    """A separator too many would put texts under wrong names."""
    good, *bad = entries(
        HEADER + "17,Toys,2026-11-02\n18,Lamps,2026-11-02,x\n19,Cups, mugs,2026-11-02,x\n,,,\n,,2026-11-02,x\n"
    )

    assert good.key == "18"
    assert [entry.problem.partition(":")[0] for entry in bad] == [
        "entry 2 has 3 values in 4 columns",
        "entry 4 has 5 values in 4 columns",
        "entry 6 has nothing in any of the columns that it could be known by",
    ]


def test_a_quotation_mark_that_is_never_closed_is_told() -> None:
    """It swallows every row behind it, without an error of the parser."""
    good, bad = entries(HEADER + '17,Toys,2026-11-02,x\n18,"Lamps,2026-11-02,x\n19,Cups,2026-11-02,x\n')

    assert good.key == "17"
    assert "opens a quotation mark that is never closed" in bad.problem


def test_a_very_long_value_is_read() -> None:
    """Python's parser gives up at 131,072 characters by itself."""
    assert titles(HEADER + f'17,Toys,2026-11-02,"{"word " * 100_000}"\n') == ["Toys"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "nothing at all"),
        (b"\xef\xbb\xbf \r\n", "nothing at all"),
        (b"<html><h1>Moved</h1></html>", "a web page instead of a table: 'Moved'"),
        (b"null", "has no column 'Number'. Its columns are 'null'"),
        (
            b"Numbers,Title,Day,Text\n1,2,3,4\n",
            "no column 'Number'; the nearest is 'numbers'. Its columns are 'numbers', 't",
        ),
        (b"Number;Title;Datum;Text\n", "no column 'Day'"),
        (b"Number,Title,Day,Text\n1\n2\n", "has 2 rows and none can be read: entry 2 has 1 values in 4 columns"),
        (b"Number,Title,Day,Text\n" + b"1,2,3,4\n" * 60, "more than the 50 rows"),
        (b"PK\x03\x04rubbish", "a zip file that cannot be opened"),
        (zipped(a__csv=b"x", b__csv=b"y"), "2 tables instead of one; it holds 'a.csv', 'b.csv'"),
        (zipped(a__pdf=b"x"), "0 tables instead of one"),
        (zipped(a__csv=b"0" * 6_000_000), "more than the 5 megabytes"),
    ],
)
def test_what_is_no_table_says_so(body: bytes, sentence: str) -> None:
    """ "No news" and "something is broken" never look the same."""
    with pytest.raises(SourceError, match=sentence.replace("(", r"\(")):
        entries(body, max_entries=50)


def test_a_table_with_a_header_alone_is_a_table() -> None:
    """Some hold nothing for weeks."""
    assert entries(HEADER) == []


def test_a_table_in_a_zip_file_is_taken_out() -> None:
    """Whatever else lies beside it."""
    assert titles(zipped(read_me__pdf=b"x", list__csv=(HEADER + "17,Toys,2026-11-02,\n").encode())) == ["Toys"]


def test_a_link_is_made_of_columns() -> None:
    """Where the table has none."""
    (entry,) = entries(HEADER + "17/a,Toys,2026-11-02,\n", link_template="https://reg.example/{id}")

    assert entry.notice is not None and entry.notice.page == "https://reg.example/17%2Fa"


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"fields": {"titel": "Title"}}, "unknown name 'titel'; did you mean 'title'?"),
        ({"fields": {"title": 3}}, "'fields' has 'title', which must be the name of a column"),
        ({"fields": ["Title"]}, "must say which column each field stands in"),
        ({"columns": ["Number", "Title"]}, "'fields' names the column 'Day', which 'columns' does not hold"),
        ({"columns": ["Number", "number "]}, "must name each column once"),
        ({"delimiter": "::"}, "'delimiter' must be one sign"),
        ({"encoding": "klingon"}, "'encoding' must be an encoding such as utf-8"),
        ({"encoding": "hex"}, "'encoding' must be an encoding such as utf-8"),
        ({"link_template": "https://reg.example/"}, "'link_template' must hold the place of a field"),
    ],
)
def test_a_mistake_in_yaml_is_a_sentence(over: dict[str, Any], sentence: str) -> None:
    """It names the setting, and what to write instead."""
    with pytest.raises(SourceConfigError) as raised:
        entries(HEADER, **over)
    assert sentence in str(raised.value)


def test_the_table_is_asked_for_if_it_changed() -> None:
    """It is read whole, so an unchanged one has nothing new."""
    made = make_source(
        {"name": "t", "kind": "csv_list", "url": "https://reg.example/l", "issuer": "X", "fields": FIELDS}
    )
    request = made.first_request(Cursor(high_water=date(2026, 1, 1)), NOW)

    assert request.conditional and request.max_body == 5_000_000
    assert made.advance(Cursor(), seen=date(2026, 11, 2), now=NOW).last_full == NOW


cells = st.text(st.sampled_from('ab1,;\t|"\n\r\x00é&<>= '), max_size=8)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.lists(cells, max_size=6), max_size=6), mark=st.sampled_from([b"", codecs.BOM_UTF8, b"PK\x03\x04"])
)
def test_any_table_is_read_or_refused_in_a_sentence(rows: list[list[str]], mark: bytes) -> None:
    """A publisher cannot bring the program down, and what is read has keys that stay."""
    body = mark + (HEADER + "\n".join(",".join(row) for row in rows)).encode()
    try:
        found, again = entries(body), entries(body)
    except SourceError:
        return
    assert [entry.key for entry in found] == [entry.key for entry in again]
    assert len({entry.key for entry in found}) == len(found)
    assert all(entry.key and (entry.notice is None) == bool(entry.problem) for entry in found)
    assert not any("reading it failed" in entry.problem for entry in found)


RECORDED = SHARED / "data/regulators"


@pytest.mark.skipif(not RECORDED.is_dir(), reason="needs the recorded tables of regulators beside the project")
@pytest.mark.parametrize(
    ("file", "rows", "dated", "over"),
    [
        ("us-cpsc/recalls_export_toys_2023-12_2026-04.csv", 95, 95, {"day_order": "mdy"}),
        ("us-cpsc/recalls_export_batteries_2023-12_2026-04.csv", 41, 41, {"day_order": "mdy"}),
        (
            "kotra-notices/result_cn.csv",
            5,
            5,
            {"fields": {"title": "제목", "link": "링크", "published": "날짜", "summary": "내용"}},
        ),
        (
            "kotra-notices/result_vi.csv",
            5,
            5,
            {"fields": {"title": "제목", "link": "링크", "published": "날짜", "summary": "내용"}},
        ),
        (
            "us-nhtsa/flat_rcl_2026.tsv",
            41,
            0,
            {
                "quoted": False,
                "columns": [f"c{n}" for n in range(1, 30)],
                "fields": {"id": "c1", "number": "c2", "title": ["c3", "c4", "c7"], "summary": "c20"},
            },
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_recorded_tables(file: str, rows: int, dated: int, over: dict[str, Any]) -> None:
    """Every row of a real export is a notice with its day, and no text holds a reference."""
    fields = {
        "id": ["Recall Number", "Product Safety Warning Number"],
        "title": "Recall Heading",
        "products": "Name of product",
        "published": ["Date", "Product Safety Warning Date"],
        "summary": ["Description", "Hazard Description"],
    }
    found = entries((RECORDED / file).read_bytes(), **{"fields": fields, **over})

    assert len(found) == rows
    assert all(entry.notice and entry.notice.title for entry in found)
    assert sum(entry.notice is not None and entry.notice.distribution_date is not None for entry in found) == dated
    assert not any("&nbsp;" in repr(entry.notice) for entry in found)
