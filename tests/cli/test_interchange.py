"""What is exported and imported again is the same; a broken-off import goes on; a held flood is decided by command."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tbtwatch.pipeline import history
from tbtwatch.pipeline.interchange import Wanted, export_lines
from tbtwatch.storage import Storage, open_storage
from tests.builders import a_notice
from tests.cli.conftest import HISTORY, write_history
from tests.cli.world import World
from tests.pipeline.service import SmallService
from watcher.dates import UNKNOWN, DateFact, DateQuality, Precision
from watcher.notice import Notice, NoticeType
from watcher.source import Entry
from watcher.sources.notice_lines import read_notices, write_notices
from watcher.text import plain

TEXTS = st.text(max_size=40).map(plain)
NAMES = TEXTS.map(lambda text: " ".join(text.split())).filter(bool)
DAYS = st.dates(date(1995, 1, 1), date(2030, 1, 1))
FACTS = st.one_of(
    st.just(UNKNOWN),
    st.builds(
        DateFact,
        value=DAYS,
        quality=st.sampled_from([DateQuality.STATED, DateQuality.COMPUTED]),
        precision=st.sampled_from(Precision),
        wording=TEXTS,
        rule=st.none() | NAMES,
    ),
    st.builds(
        DateFact,
        quality=st.sampled_from([DateQuality.UNKNOWN, DateQuality.NOT_APPLICABLE]),
        wording=TEXTS,
        doubt=st.none() | NAMES,
    ),
)


@st.composite
def any_notice(draw: st.DrawFn) -> Notice:
    """Whatever a source may have stated, read and stored."""
    issuer = draw(st.sampled_from(["WTO", "XX-REG", "YY-REG"]))
    number = draw(st.integers(1, 5))
    symbol = (
        f"G/TBT/N/KEN/{number}{draw(st.sampled_from(['', '/Add.1', '/Rev.1']))}" if issuer == "WTO" else f"7-{number}"
    )
    return Notice(
        issuer=issuer,
        symbols=(symbol,),
        type=draw(st.sampled_from(NoticeType)),
        area=draw(st.sampled_from(["TBT", "SPS", ""])),
        notifying_members=draw(st.sampled_from([(), ("KEN",), ("EU", "TPKM")])),
        title=draw(TEXTS),
        content_summary=draw(TEXTS),
        products_covered=draw(TEXTS),
        hs_codes=draw(st.sampled_from([(), ("22",), ("2202", "850760")])),
        ics_codes=draw(st.sampled_from([(), ("67.160.20",)])),
        objectives=draw(st.sampled_from([(), ("human_health", "Better sleep")])),
        responsible_agency=draw(TEXTS),
        legal_basis=draw(st.sampled_from([(), ("2.9.2", "5.6.2")])),
        threads=draw(st.sampled_from([(), ("DX-2026-7",), ("Docket No. DX–2026–8", "RIN 1234-AB56")])),
        addendum_reason=draw(TEXTS),
        related_symbols=draw(st.sampled_from([(), ("G/TBT/N/KEN/9",)])),
        distribution_date=draw(st.none() | DAYS),
        comment_deadline=draw(FACTS),
        proposed_adoption=draw(FACTS),
        proposed_entry_into_force=draw(FACTS),
        links=draw(st.sampled_from([(), ("https://a.example/1.pdf", "http://b.example/?q=1&r=2")])),
        page=draw(st.sampled_from([None, "https://a.example/"])),
        language=draw(st.sampled_from(["en", "zh", "pt-BR"])),
    )


@settings(max_examples=150, deadline=None)
@given(any_notice())
def test_any_notice_comes_back_from_its_line(notice: Notice) -> None:
    """Field by field, dates with their quality, dockets, whoever issued it."""
    (entry,) = read_notices(write_notices([notice]))

    assert entry.problem == ""
    assert entry.notice == notice


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database to be copied: making its schema for each example would take longer than all else."""
    path = tmp_path_factory.mktemp("blank") / "blank.db"
    SmallService(open_storage(f"sqlite:///{path}")).storage.close()
    return path


def _all(storage: Storage) -> list[Any]:
    """Notices as stored, and the measures they make, apart from numbers."""
    with storage.look() as tx:
        stored = tx.notices.after(0, limit=1000)
        measures = {one.measure_id: tx.measures.get(one.measure_id) for one in stored}
    found = [(measure.issuer, measure.threads, measure.names, measure.facts) for measure in measures.values()]
    return [
        sorted((one.notice for one in stored), key=lambda notice: (notice.issuer, notice.symbols)),
        sorted(found, key=repr),
    ]


@settings(max_examples=25, deadline=None)
@given(notices=st.lists(any_notice(), max_size=8, unique_by=lambda notice: (notice.issuer, notice.symbols)))
def test_an_empty_database_becomes_the_same(
    blank: Path, tmp_path_factory: pytest.TempPathFactory, notices: list[Notice]
) -> None:
    """The same notices, and the same measures of them, after export and import."""
    folder = tmp_path_factory.mktemp("round")
    found = []
    lines = "".join(f"{line}\n" for line in write_notices(notices))
    for name in ("first", "second"):
        shutil.copy(blank, folder / f"{name}.db")
        service = SmallService(open_storage(f"sqlite:///{folder / name}.db"))
        file = folder / f"{name}.jsonl"
        file.write_text(lines, encoding="utf-8")
        report = history.import_file(file, desk=service.desk)
        assert report.tally.unreadable == 0
        lines = "".join(f"{line}\n" for line in export_lines(Wanted(), storage=service.storage))
        found.append(_all(service.storage))
        service.storage.close()

    assert found[0] == found[1]


def test_export_and_import_by_command(stocked: World) -> None:
    """All of it, a market's, and what is younger than a day."""
    assert stocked("export", "all.jsonl", "--json").json == {"file": "all.jsonl", "notices": 4, "since": None}
    assert stocked("export", "some.jsonl", "--market", "Viet Nam", "--json").json["notices"] == 1
    young = stocked("export", "young.jsonl", "--since", "2026-01-01", "--json").json
    assert (young["notices"], young["since"]) == (2, "2026-01-01")

    lines = (stocked.home / "all.jsonl").read_text(encoding="utf-8").splitlines()
    assert {entry.notice for entry in read_notices(lines)} == set(HISTORY)
    assert stocked("import", "all.jsonl", "--json").json["unchanged"] == 4
    assert sorted(path.name for path in stocked.home.glob("*.part")) == []


def test_an_export_has_to_be_a_file_that_import_knows(stocked: World) -> None:
    """A sentence, and no file."""
    assert "does not end with .jsonl" in stocked("export", "all.csv").sentence
    assert "there is no folder" in stocked("export", "nowhere/all.jsonl").sentence


def test_a_broken_off_import_goes_on(storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the part that is left; a second whole import reads everything again and changes nothing."""
    monkeypatch.setattr(history, "SORTED", 4)
    many = [a_notice(symbol=f"G/TBT/N/KEN/{number}") for number in range(1, 11)]
    file = write_history(tmp_path / "many.jsonl", tuple(many))
    service = SmallService(storage)
    whole = history._lines

    def dying(path: Path, desk: Any) -> Iterator[Entry]:
        yield from islice(whole(path, desk), 6)
        raise KeyboardInterrupt

    with monkeypatch.context() as here:
        here.setattr(history, "_lines", dying)
        with pytest.raises(KeyboardInterrupt):
            history.import_file(file, desk=service.desk)
    moved = file.rename(tmp_path / "moved.jsonl")
    report = history.import_file(moved, desk=service.desk)
    assert (report.skipped, len(report.tally.new)) == (4, 6)

    again = history.import_file(moved, desk=service.desk)
    assert (again.skipped, len(again.tally.new), again.tally.unchanged) == (0, 0, 10)
    assert service.sent == []


def test_an_import_tells_nobody_unless_it_is_asked_to(tbtwatch: World) -> None:
    """With --news it tells what is new, and of that once."""
    asked = ("--market", "KEN", "--hs", "22", "--file", "drinks")
    assert tbtwatch("subscribe", "--enterprise", "A", *asked).code == 0
    file = write_history(tbtwatch.home / "history.jsonl", HISTORY[:1])
    other = write_history(tbtwatch.home / "other.jsonl", (a_notice(symbol="G/TBT/N/KEN/77"),))

    assert tbtwatch("import", file, "--json").json["alerts"] == 0
    assert tbtwatch("import", other, "--news", "--json").json["alerts"] == 1
    assert tbtwatch("import", other, "--news", "--json").json["alerts"] == 0
    assert tbtwatch("recover", "--json").json["alerts"] == 0


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"tbtwatch": 2, "symbols": ["G/TBT/N/KEN/1"]}, "it is of the form '2'; this program reads form 1"),
        ({"tbtwatch": 1}, "there is no document symbol"),
        ({"tbtwatch": 1, "symbols": ["see below"]}, "the document symbol 'see below' cannot be read"),
        ({"issuer": "XX", "symbol": "1", "hs_codes": ["22.02"]}, "'22.02' is not an HS code"),
        ({"issuer": "XX", "symbol": "1", "links": 3}, "its links is no list of texts"),
        ({"issuer": "XX", "symbol": "1", "title": ["a"]}, "its title is no text"),
        ({"issuer": "XX", "symbol": "1", "area": "X"}, "its area is 'X'"),
        ({"issuer": "XX", "symbol": "1", "distribution_date": "9 May"}, "its distribution_date is '9 May'"),
        ({"issuer": "XX", "symbol": "1", "comment_deadline": {"value": "2026-02-30"}}, "a day is written 2026-03-01"),
        ({"issuer": "XX", "symbol": "1", "comment_deadline": {"quality": "sure"}}, "known: stated, computed"),
        ({"issuer": "XX", "symbol": "1", "comment_deadline": 5}, "neither a wording nor an object"),
        ({"issuer": "XX", "symbol": "1", "notification_type": "letter"}, "known: regular, addendum"),
        ({"issuer": ["XX"], "symbol": "1"}, "its issuer is no text"),
    ],
)
def test_a_line_that_is_wrong_says_how(line: dict[str, Any], told: str) -> None:
    """One sentence that names the line and the field."""
    (entry,) = read_notices([json.dumps(line)])

    assert entry.notice is None
    assert entry.problem.startswith("line 1: ")
    assert told in entry.problem


def test_a_regulators_line_may_be_written_by_hand() -> None:
    """Dates in words, nothing but what is known; links that are none, and hidden characters, are left out."""
    line = {
        "issuer": "XX-REG", "symbol": "26-7", "title": "Ket\u202etles", "distribution_date": "2026-03-01",
        "comment_deadline": "60 days from publication", "entry_into_force": "1 May 2027",
        "links": ["javascript:alert(1)", "https://a.example/"],
    }  # fmt: skip
    (entry,) = read_notices([json.dumps(line)])

    assert entry.notice is not None
    assert (entry.notice.title, entry.notice.area, entry.notice.links) == ("Kettles", "", ("https://a.example/",))
    assert entry.notice.proposed_entry_into_force.value == date(2027, 5, 1)


def a_held_flood(world: World) -> None:
    """More than an import may tell at once, and somebody who asks."""
    asked = ("--market", "KEN", "--hs", "22", "--file", "drinks")
    assert world("subscribe", "--enterprise", "A", *asked).code == 0
    many = tuple(
        a_notice(issuer="XX-REG", symbol=f"7-{number}", title=f"Drink {number}", area="") for number in range(501)
    )
    said = world("import", write_history(world.home / "many.jsonl", many), "--news")
    assert "nobody is told of 501 new and 0 changed notices until you decide" in said.out


def test_held_news_is_decided_by_command(tbtwatch: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Listed with the first titles, decided with a reason and a name, gone from the list."""
    monkeypatch.setattr("tbtwatch.cli.context.getpass.getuser", lambda: "li")
    a_held_flood(tbtwatch)
    (held,) = tbtwatch("sources", "held", "--json").json
    assert (held["source"], held["notices"], held["allowed"], held["state"]) == ("import:many.jsonl", 501, 500, "open")
    assert held["first"][0] == {"symbol": "7-0", "title": "Drink 0"}
    assert "Drink 0" in tbtwatch("sources", "held").out

    assert "there is no held news 99" in tbtwatch("sources", "release", 99, "--reason", "fine").sentence
    assert "nothing of 'api' waits" in tbtwatch("sources", "discard", "api", "--reason", "fine").sentence
    done = tbtwatch("sources", "discard", held["id"], "--reason", "old", "--json").json
    assert (done["state"], done["decided_by"], done["reason"], done["alerts"]) == ("discarded", "li", "old", 0)
    assert tbtwatch("sources", "held", "--json").json == []
    assert "was discarded by li" in tbtwatch("sources", "release", held["id"], "--reason", "no").sentence


def test_an_unreadable_line_is_numbered_once_and_a_cut_list_says_so(tbtwatch: World) -> None:
    """The entry is the line already; of many the newest fifty are listed, under the number of all."""
    path = tbtwatch.home / "bad.jsonl"
    path.write_text('{"title": "No symbol"}\n' * 51, encoding="utf-8")
    tbtwatch("import", path)
    said = tbtwatch("status").out
    assert "Entries that could not be read: 51, the last 50 here\n" in said
    assert "  import:bad.jsonl, line 51: there is no document symbol\n" in said
