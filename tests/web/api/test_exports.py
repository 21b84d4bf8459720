"""Any search as a file, and as a feed."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import feedparser
import httpx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tbtwatch.web.exports as exports
from tbtwatch.storage import Storage
from tbtwatch.web.exports.cells import begins_formula
from tbtwatch.web.exports.csv_file import csv_file
from tbtwatch.web.exports.workbook import workbook
from tbtwatch.web.terms import Terms
from tbtwatch.web.words import LANGUAGES, PageWords
from tests.builders import a_notice
from tests.web.api.asking import OFTEN, asked
from tests.web.test_look import symbols, tags
from tests.web.town import BATTERY, JELLY, JOINT, a_town
from watcher.dates import DateQuality
from watcher.measure import MeasureStatus

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", ' "=1', "x;=1+1;y", 'a"; =cmd|x', "'=1")


@pytest.fixture
def client(storage: Storage) -> Iterator[httpx.Client]:
    """Somebody who takes along what the town has."""
    with asked(a_town(storage)) as client:
        yield client


def cells(content: bytes) -> list[list[object]]:
    """What a library of others reads in a workbook."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def a_feed(content: bytes) -> Any:
    """What a library of others reads in a feed, which must be well-formed."""
    read = feedparser.parse(io.BytesIO(content))  # noqa: TID251 - a stream, never a name
    assert not read.bozo and read.version == "atom10"
    return read


def test_a_file_holds_what_the_page_finds(client: httpx.Client) -> None:
    """In its order, in its language, in all three forms; the page links them with the question."""
    for query in ("", "q=電池", "market=EAC&sort=deadline", "q=nothing+at+all"):
        page = client.get(f"/zh/search?{query}").text
        found = symbols(page)
        for form in ("csv", "xlsx", "json"):
            answer = client.get(f"/zh/search.{form}?{query}")
            assert answer.status_code == 200
            name = f'attachment; filename="tbt-measures-2026-03-02.{form}"'
            assert answer.headers["content-disposition"] == name
            if form == "json":
                told = answer.json()
                assert (told["total"], told["complete"]) == (len(found), True)
                got = [one["symbol"] for one in told["measures"]]
            elif form == "xlsx":
                rows = cells(answer.content)
                assert rows[0][:3] == ["通报编号", "标题", "市场"]
                got = [str(row[0]).partition(";")[0] for row in rows[1:]]
            else:
                assert answer.content.startswith(b"\xef\xbb\xbf")
                lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
                assert lines[0][:3] == ["通报编号", "标题", "市场"]
                got = [row[0].partition(";")[0] for row in lines[1:]]
            assert got == found, (query, form)
    linked = [attrs["href"] for name, attrs in tags(client.get("/en/search?q=toys&page=1").text) if name == "a"]
    for form in ("csv", "xlsx", "json", "atom"):
        assert f"/en/search.{form}?q=toys" in linked


@pytest.mark.parametrize(
    ("language", "head", "words"),
    [
        ("en", ("Status", "The day is"), ("draft", "stated")),
        ("zh", ("状态", "日期来源"), ("草案", "通报写明")),
        ("fr", ("Stade", "Ce jour est"), ("projet", "indiqué")),
        ("es", ("Fase", "El día está"), ("proyecto", "indicado")),
    ],
)
def test_a_file_is_in_the_language_of_its_address(
    client: httpx.Client, language: str, head: tuple[str, ...], words: tuple[str, ...]
) -> None:
    """Its headers, how far a measure is, how its day was come by; a program gets the keys in any language."""
    symbol = JELLY.rpartition("/")[2]
    text = client.get(f"/{language}/search.csv?q={symbol}").content.decode("utf-8-sig")
    workbook_rows = cells(client.get(f"/{language}/search.xlsx?q={symbol}").content)
    for rows in (list(csv.reader(io.StringIO(text))), workbook_rows):
        named = dict(zip(rows[0], rows[1], strict=True))
        assert tuple(named[one] for one in head) == words
    (measure,) = client.get(f"/{language}/search.json?q={symbol}").json()["measures"]
    assert (measure["status"], measure["comment_deadline"]["quality"]) == ("draft", "stated")


def test_every_key_of_a_file_has_its_word() -> None:
    """Stages and qualities, in each language."""
    for language in LANGUAGES:
        words = PageWords(language)
        assert all(words(f"status.{one}") for one in MeasureStatus)
        assert all(words(f"export.quality.{one}") for one in DateQuality)


def test_days_are_days_and_codes_are_text(client: httpx.Client) -> None:
    """In Excel a day sorts as one, and an HS code keeps its zeros."""
    rows = cells(client.get(f"/en/search.xlsx?q={JELLY.rpartition('/')[2]}").content)
    named = dict(zip(rows[0], next(row for row in rows if row[0] == JELLY), strict=True))
    assert named["Comments until"] == datetime(2026, 3, 10)  # noqa: DTZ001 - a day of a workbook
    assert (named["HS codes"], named["The day is"], named["Status"]) == ("2202.99", "stated", "draft")
    assert str(named["Page"]).startswith("http://127.0.0.1:")
    joint = next(row for row in cells(client.get("/en/search.xlsx").content) if JOINT[0] in str(row[0]))
    assert joint[0] == "; ".join(JOINT) and joint[2] == "Kenya; Uganda"


@given(st.lists(st.one_of(st.text(max_size=40), st.sampled_from(FORMULAS)), min_size=1, max_size=5))
def test_no_cell_is_reckoned(texts: list[str]) -> None:
    """Whatever stands in it, and whatever a spreadsheet takes for the end of a cell."""
    text = b"".join(csv_file(["head"], [[texts]])).decode("utf-8-sig")
    for separator in ",;\t":
        # As it reads quotation marks, and as a program that does not know them would.
        read = [cell for row in csv.reader(io.StringIO(text), delimiter=separator) for cell in row]
        for cell in read:
            assert not begins_formula(cell.strip().lstrip("\"' ")) or cell.strip().lstrip('" ').startswith("'"), text
    back = cells(b"".join(workbook("a/b", ["head"] * len(texts), [10] * len(texts), [[texts]])))
    assert len(back) == (2 if any(back[1:]) else 1) or len(back) == 2


def test_a_workbook_says_what_it_was_given() -> None:
    """Letters of every sort, days before Excel's first, what looks like an escape of its own, no control character."""
    given_ = [
        "锂电池 <b>&\"'",
        "_x0041_",
        "a\x00b\x0bc",
        "=1+1",
        date(1850, 1, 1),
        date(2026, 3, 1),
        None,
        "x" * 40_000,
    ]
    parts = list(workbook("Search 'a' & \"b\"", ["h"] * 8, [9] * 8, [[given_] * 300, [given_]]))
    assert len(parts) == 4 and all(isinstance(part, bytes) for part in parts)
    row = cells(b"".join(parts))[1]
    assert row[0] == "锂电池 <b>&\"'" and row[2] == "a b c" and row[3] == "=1+1"
    # openpyxl leaves the escape as it is written; Excel reads it back as "_x0041_".
    assert row[1] == "_x005F_x0041_" or row[1] == "_x0041_"
    assert row[4:7] == ["1850-01-01", datetime(2026, 3, 1), None]  # noqa: DTZ001
    assert len(str(row[7])) == 32_000


def test_a_file_ends_where_it_says(sqlite: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first so many; how many fit in all stands beside it."""
    monkeypatch.setattr(exports, "MOST_ROWS", 2)
    with asked(a_town(sqlite)) as client:
        told = client.get("/en/search.json")
        assert (told.json()["total"], told.json()["complete"], len(told.json()["measures"])) == (5, False, 2)
        assert told.headers["x-total-count"] == "5"
        assert len(client.get("/en/search.csv").text.splitlines()) == 3


def test_files_are_read_as_they_are_written(sqlite: Storage) -> None:
    """Hundreds of lines come in pieces, none missing and none twice, while others ask too."""
    service = a_town(sqlite)
    service.poll([a_notice(symbol=f"G/TBT/N/KEN/{number}") for number in range(4000, 4450)], alert=False)
    with asked(service) as client, client.stream("GET", "/en/search.csv") as answer:
        assert "content-length" not in answer.headers
        assert client.get("/health").status_code == 200
        lines = list(csv.reader(answer.iter_lines()))
    assert len({line[0] for line in lines[1:]}) == len(lines) - 1 == 455


def test_files_are_limited(sqlite: Storage) -> None:
    """A file counts as ten requests; then a page says to wait."""
    with asked(a_town(sqlite), Terms(public_per_minute=20)) as client:
        statuses = [client.get("/en/search.csv").status_code for _ in range(3)]
        refused = client.get("/zh/search.xlsx")
        assert statuses == [200, 200, 429] and refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0 and "一分钟后再试" in refused.text
        assert client.get("/zh/search").status_code == 200


def test_a_feed_follows_a_search(storage: Storage) -> None:
    """Well-formed, with its own address; an entry keeps its id and is newer when a document changed the measure."""
    service = a_town(storage)
    with asked(service, OFTEN) as client:
        answer = client.get("/en/search.atom?q=batteries&market=EU")
        assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
        first = a_feed(answer.content)
        links = {one["rel"]: one["href"] for one in first.feed.links}
        assert links["self"] == str(answer.url)
        assert client.get(links["alternate"]).status_code == 200
        (entry,) = first.entries
        assert BATTERY in entry.title and client.get(entry.link).status_code == 200
        again = client.get("/en/search.atom?q=batteries&market=EU", headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304

        service.clock.turn(hours=1)
        service.poll(
            [a_notice(symbol=f"{BATTERY}/Add.2", type="addendum", title="", comment_deadline=date(2026, 6, 1))],
            alert=False,
        )
        second = a_feed(client.get("/en/search.atom?market=EU&q=batteries").content)
        (later,) = second.entries
        assert later.id == entry.id and later.updated > entry.updated and second.feed.id == first.feed.id
        same = a_feed(client.get("/en/search.atom?q=batteries&market=EU&sort=deadline&page=3").content)
        assert same.feed.id == first.feed.id
        empty = a_feed(client.get("/zh/search.atom?q=nothing+at+all").content)
        assert empty.entries == [] and empty.feed.updated and empty.feed.title.startswith("技术性贸易措施")


def test_hostile_words_arrive_as_words_in_a_feed(client: httpx.Client) -> None:
    """Text, never markup."""
    feed = client.get("/en/search.atom").text
    assert "<script" not in feed and "&lt;script&gt;" in feed and "\u202e" not in feed
