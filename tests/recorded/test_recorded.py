"""What regulators really sent is read as it was read when a person looked at it last."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tbtwatch.configuration import SHIPPED, source_entries
from tests.recorded.reading import ABSENT, SAMPLES, Reading, files, read_all, readings
from tests.recorded.table import table
from watcher.notice import Notice

pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason=ABSENT)


@cache
def found() -> tuple[Reading, ...]:
    """Every reading, made once."""
    return tuple(read_all())


def notices(sample: str) -> dict[str, Notice]:
    """The notices of a sample by the keys of their entries."""
    return {
        entry.key: entry.notice
        for reading in found()
        if reading.sample == sample
        for entry in reading.entries
        if entry.notice is not None
    }


def test_every_sample_has_a_reading_and_every_reading_a_sample() -> None:
    """No recorded document is left unread without a word."""
    assert sorted({reading["sample"] for reading in readings()}) == files()


def test_the_table_is_the_one_that_was_looked_at() -> None:
    """`python -m tests.recorded --keep` keeps a new one, when its differences were looked at."""
    kept = Path(__file__).with_name("table.txt").read_text(encoding="utf-8").splitlines()
    assert list(table(found())) == kept


def test_nothing_is_dated_by_the_wrong_calendar() -> None:
    """No notice is dated after its recording or before there were such lists: year 3200 and 9999 are no days."""
    for reading in found():
        for entry in reading.entries:
            if entry.notice and entry.notice.distribution_date:
                assert date(2004, 1, 1) <= entry.notice.distribution_date <= date(2026, 11, 2), reading.sample
            if entry.notice and entry.notice.comment_deadline.value:
                assert entry.notice.comment_deadline.value < date(2030, 1, 1), reading.sample


DAYS = {
    "hk-cfs/food_alert_xml_items_2026.json": {"2026-619": date(2026, 6, 26), "2026-618": date(2026, 5, 31)},
    "nz-mbie/product_safety_recalls_2026.json": {"bath-toy-squishy-and-music-instrument-toy": date(2026, 6, 30)},
    "au-accc/product_safety_recalls_2026.json": {"12-lcd-writing-tablet": date(2026, 7, 3)},
    "jp-egov/pcm_list_row_reconstructed.html": {"550004392": date(2026, 8, 17)},
    "jp-egov/pcm_list_reconstructed.xml": {
        "public-comment.e-gov.go.jp/servlet/Public?CLASSNAME=PCMMSTDETAIL&id=550004392&Mode=0": date(2026, 8, 17)
    },
    "jp-kanpo/feed.xml": {
        "www.kanpo.go.jp/20250724/20250724h01513/pdf/20250724h01513full00010032.pdf": date(2025, 7, 24)
    },
    "us-regulations-gov/documents_v4.json": {"FS_FRDOC_0001-4066": date(2025, 1, 16)},
    "us-cpsc/recalls_export_toys_2023-12_2026-04.csv": {"26-348": date(2026, 3, 26)},
    "us-nhtsa/flat_rcl_2026.tsv": {"320978": date(2026, 7, 27)},
    "kotra-notices/result_cn.csv": {"www.customs.gov.cn/customs/302249/2480148/4532207/index.html": date(2022, 8, 22)},
    "uk-legislation/new_latest.feed": {"www.legislation.gov.uk/id/uksi/2015/2028": date(2015, 12, 16)},
}


@pytest.mark.parametrize("sample", sorted(DAYS))
def test_the_day_is_the_publishers(sample: str) -> None:
    """Local midnight in UTC, noon for a day, a wrong zone, words: the day is the one the publisher printed."""
    read = notices(sample)
    assert {key: read[key].distribution_date for key in DAYS[sample]} == DAYS[sample]


def test_the_evening_in_new_york_is_not_the_next_day() -> None:
    """20:55 EDT on the second of July is the third in UTC."""
    days = {notice.title.split()[0]: notice.distribution_date for notice in notices(
        "us-fda/recalls_rss_2026_trimmed.xml"
    ).values()}  # fmt: skip
    assert days["Voluntary"] == date(2026, 7, 2)


def test_a_publishers_no_is_not_a_silence() -> None:
    """Status 200 with a refusal inside, and a feed that has ended, are refused; an empty answer is an empty list."""
    refused = {reading.sample: reading.refused for reading in found() if reading.refused}
    assert "denied" in refused["us-fda/ires_auth_failure_2026.vcr.yaml"]
    assert "ended" in refused["_shapes-not-real/uk-govuk_feed_ended.atom"]
    for sample in ("us-fda/ires_empty_result_2026.vcr.yaml", "us-cpsc/http_empty_result_2026.vcr.yaml"):
        assert sample not in refused
        assert notices(sample) == {}


def test_a_page_rewritten_in_place_is_told_as_what_changed() -> None:
    """The second version gives a further notice of the same measure, with the difference as a person says it."""
    page, changed = notices("us-epa/page_version_b.html").values()
    assert changed.threads == page.threads
    assert "Federal Partner Collaboration” → “EPA Adaptation Collaboration" in changed.content_summary
    assert "<" not in changed.content_summary


def test_no_text_is_in_the_wrong_letters() -> None:
    """Nothing that was decoded wrongly: no replacement characters, no UTF-8 read as Latin letters."""
    for reading in found():
        for entry in reading.entries:
            if entry.notice:
                text = f"{entry.notice.title} {entry.notice.content_summary} {entry.notice.products_covered}"
                assert not {sign for sign in ("\ufffd", "Ã©", "â€", "&nbsp;", "&amp;") if sign in text}, entry.key


def test_languages_are_those_of_the_texts() -> None:
    """Four customs administrations, four languages."""
    for name, language in {"cn": "zh", "ja": "ja", "vi": "vi", "au": "en"}.items():
        assert {notice.language for notice in notices(f"kotra-notices/result_{name}.csv").values()} == {language}


def test_the_agencies_that_are_asked_for_exist() -> None:
    """The Federal Register ignores an agency it does not know, without a word."""
    known = {agency["slug"] for agency in json.loads(
        (SAMPLES / "us-federal-register" / "agencies_2020.json").read_text(encoding="utf-8")
    )}  # fmt: skip
    asked: set[str] = set()
    for entry in source_entries(SHIPPED):
        wanted: Any = entry.get("params", {}).get("conditions[agencies][]", ()) if entry["kind"] == "json_api" else ()
        asked.update([wanted] if isinstance(wanted, str) else wanted)
    assert asked
    assert asked <= known


def test_the_columns_of_the_vehicle_table_are_those_its_publisher_names() -> None:
    """The publisher's own description of its table, field by field."""
    layout = (SAMPLES / "us-nhtsa" / "RCL_field_layout.txt").read_text(encoding="utf-8")
    named = [line.split()[1] for line in layout.splitlines() if line[:1].isdigit() and line.split()[0].isdigit()]
    reading = next(reading for reading in readings() if reading["sample"] == "us-nhtsa/flat_rcl_2026.tsv")
    assert reading["settings"]["columns"] == named


def test_the_recorded_exchanges_are_whole() -> None:
    """The answers in HTTP logs are those of the address that their source asks."""
    for reading in readings():
        if "exchange" in reading:
            log = yaml.safe_load((SAMPLES / reading["sample"]).read_text(encoding="utf-8"))
            assert log["interactions"][reading["exchange"]]["response"]["status"]["code"] == 200


def test_deadlines_in_labels_are_read() -> None:
    """The public comments of Japan say in labelled lines until when comments are taken, in the feed and in the page."""
    for sample in ("jp-egov/pcm_list_reconstructed.xml", "jp-egov/pcm_list_row_reconstructed.html"):
        assert [notice.comment_deadline.value for notice in notices(sample).values()] == [date(2026, 9, 6)]


def test_what_is_no_document_is_no_link() -> None:
    """A logo that a feed attaches to each item, and a number in a column of addresses."""
    assert {notice.links for notice in notices("jp-kanpo/feed.xml").values()} == {()}
    pages = {notice.page for notice in notices("mx-dof/noms_publications.tsv").values() if notice.page}
    assert {page for page in pages if page.rpartition("/")[2].startswith("NOM-")} == set()
