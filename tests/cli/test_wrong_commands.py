"""A wrong command or setting ends as one sentence on standard error, nothing on standard output, exit code 2."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.world import SOURCES, World
from tests.pipeline.small_rules import FOOD

ASK = ("subscribe", "--enterprise", "N", "--email", "a@example.com")
HUGE = "9" * 30


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("mesures",), "No such command 'mesures'"),
        (("measures", "--markets", "KEN"), "No such option"),
        (("measures", "--market", "Atlantis"), "Atlantis"),
        (("measures", "--market", "Keniya"), "Kenya"),
        (("measures", "--market", ""), ""),
        (("measures", "--hs", "abc"), "abc"),
        (("measures", "--hs", "2"), "2"),
        (("measures", "--ics", "6"), "6"),
        (("measures", "--ics", "67.160.20.99"), "67.160.20.99"),
        (("measures", "--area", "drinks"), "food"),
        (("measures", "--since", "yesterday"), "write 2026-03-01, or 30d"),
        (("measures", "--since", "2026-02-30"), "2026-02-30"),
        (("measures", "--since", "-3d"), "-3d"),
        (("measures", "--limit", "-1"), "--limit"),
        (("measures", "--limit", "many"), "--limit"),
        (("measure", "G/TBT/N/KEN/9999"), "no measure with the symbol"),
        (("measure", "nonsense"), "nonsense"),
        (("measure",), "Missing argument"),
        (("measure", ""), ""),
        (("import", "nowhere.jsonl"), "there is no file"),
        (("import", "."), "there is no file"),
        (("poll", "wto"), "there is no source 'wto'; known: api, off"),
        (("subscribe", "--email", "a@example.com"), "--enterprise"),
        (("subscribe", "--enterprise", " ", "--email", "a@example.com"), "--enterprise is empty"),
        (("subscribe", "--enterprise", "N", "--hs", "22"), "nobody would be told"),
        (("subscribe", "--enterprise", "N", "--hs", "22", "--email", "a@"), "not a mail address"),
        (("subscribe", "--enterprise", "N", "--hs", "22", "--telegram", "me"), "not a Telegram chat"),
        (("subscribe", "--enterprise", "N", "--hs", "22", "--file", "../x"), "not a folder name"),
        ((*ASK, "--market", "Atlantis"), "Atlantis"),
        ((*ASK, "--hs", "22x"), "22x"),
        ((*ASK, "--ics", "670"), "670"),
        ((*ASK, "--area", "toy"), "toys"),
        ((*ASK, "--hs", "22", "--frequency", "hourly"), "write immediate, daily, weekly"),
        ((*ASK, "--hs", "22", "--frequency", "weekley"), "did you mean weekly?"),
        ((*ASK, "--hs", "22", "--language", "de"), "write zh or en"),
        ((*ASK, "--hs", "22", "--grade", "sure"), "--grade"),
        ((*ASK, "--hs", "22", "--change", "deadline_move"), "did you mean deadline_moved?"),
        ((*ASK, "--keyword", "  "), ""),
        (ASK, ""),
        (("unsubscribe", "77"), "there is no subscription 77"),
        (("unsubscribe", HUGE), "there is no subscription"),
        (("unsubscribe", "abc"), "neither a subscription's number nor the code"),
        (("why", "77", "G/TBT/N/KEN/1514"), "there is no subscription 77"),
        (("why", HUGE, "G/TBT/N/KEN/1514"), "there is no subscription"),
        (("why", "one", "G/TBT/N/KEN/1514"), "subscription"),
        (("why", "1", "G/TBT/N/KEN/9999"), "no measure with the symbol"),
        (("digest", "--window", "monthly"), "write daily, weekly, today, this-week"),
        (("deliveries", "--state", "lost"), "write pending"),
        (("rules",), "Usage"),
        (("rules", "show", "chairs"), "there is no rule and no product area 'chairs'"),
        (("rules", "show", "7"), "there is no version 7"),
        (("rules", "show", HUGE), "there is no version"),
        (("rules", "publish", "1", "--by", "me"), "only a draft can be published"),
        (("rules", "publish", "7", "--by", "me"), "there is no version 7"),
        (("rules", "publish", HUGE, "--by", "me"), "there is no version"),
        (("rules", "publish", "1"), "--by"),
        (("rules", "undo", "--by", "me"), "no earlier version"),
        (("chat-code", "--enterprise", "Nobody"), "there is no enterprise 'Nobody'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_wrong_command_is_a_sentence(stocked: World, arguments: tuple[str, ...], says: str) -> None:
    """What is wrong, and what to write instead."""
    said = stocked(*arguments)
    if arguments == ("rules",):
        assert (said.code, said.out) == (2, "")
        return
    assert says in said.sentence


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("smtp_port", "x", "TBTWATCH_SMTP_PORT"),
        ("smtp_port", "70000", "TBTWATCH_SMTP_PORT"),
        ("smtp_tls", "ssl", "TBTWATCH_SMTP_TLS"),
        ("smtp_host", "mail.example.org", "TBTWATCH_MAIL_FROM"),
        ("mail_from", "nobody", "TBTWATCH_MAIL_FROM"),
        ("database_url", "mysql://x/y", "TBTWATCH_DATABASE_URL"),
        ("database_url", "postgresql://127.0.0.1:1/x", "the database cannot be opened"),
        ("eping_base_url", "api.wto.org", "TBTWATCH_EPING_BASE_URL"),
        ("telegram_base_url", "ftp://x", "TBTWATCH_TELEGRAM_BASE_URL"),
        ("allow_addresses", "localhost:x", "TBTWATCH_ALLOW_ADDRESSES"),
        ("zone", "Asia/Shangai", "did you mean Asia/Shanghai?"),
        ("lease_seconds", "0", "TBTWATCH_LEASE_SECONDS"),
        ("zone", "Ningbo", "write Asia/Shanghai"),
        ("zone", "shanghai", "did you mean Asia/Shanghai?"),
        ("config_folder", "/nowhere", "there is no folder /nowhere; correct TBTWATCH_CONFIG_FOLDER"),
        ("config", "/nowhere.toml", "cannot be read"),
    ],
)
def test_a_wrong_setting_is_a_sentence(stocked: World, variable: str, value: str, says: str) -> None:
    """At the start of any command, with the variable's name."""
    stocked.set(**{variable: value})
    assert says in stocked("status").sentence
    assert says in stocked("measures", "--json").sentence


def test_a_folder_that_cannot_be_made_is_a_sentence(tbtwatch: World) -> None:
    """With the setting that names it."""
    tbtwatch.set(database_url="sqlite:////proc/no/where.db")
    assert "TBTWATCH_DATABASE_URL" in tbtwatch("init").sentence


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ('databse_url = "x"', "databse_url is no setting; did you mean database_url?"),
        ("smtp_port = ", "is not TOML"),
        ("smtp_port = 'x'", "TBTWATCH_SMTP_PORT"),
        ("[groups.MINE]\nmembers = ['XX']\nnames = {en = 'Mine'}", ""),
        ("[smtp]\nport = 25", "smtp is no setting"),
    ],
)
def test_a_wrong_settings_file_is_a_sentence(stocked: World, toml: str, says: str) -> None:
    """A typing error in it is found, with the name that was meant."""
    file = stocked.home / "settings.toml"
    file.write_text(toml)
    stocked.set(config=str(file))
    assert says in stocked("status").sentence


def test_a_secret_is_not_shown(stocked: World) -> None:
    """Neither in a mistake nor in what a command prints."""
    tbtwatch = stocked
    tbtwatch.set(eping_key="SECRET-1", smtp_password="SECRET-2", telegram_token="SECRET-3")
    said = tbtwatch("status", "--json")
    assert said.code == 0
    tbtwatch.set(smtp_port="x")
    wrong = tbtwatch("status")
    assert wrong.code == 2
    assert "SECRET" not in said.out + said.err + wrong.err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("sources: [", "is not YAML"),
        ("sources: 7", "must hold a list"),
        ("sources: [{name: a, kind: gopher}]", "gopher"),
        ("sources: [{name: a, kind: eping_api, evry_minutes: 5}]", "evry_minutes"),
        ("sources: [{name: a, kind: eping_api}, {name: a, kind: eping_api}]", "two sources are called 'a'"),
    ],
)
def test_wrong_sources_are_a_sentence(stocked: World, content: str, says: str) -> None:
    """The file or the entry is named."""
    (stocked.config / "sources.yaml").write_text(content)
    assert says in stocked("sources").sentence


def test_wrong_rules_are_a_sentence(tbtwatch: World) -> None:
    """A rule for an area that does not exist stops the installation."""
    tbtwatch.rules({**FOOD, "areas": ["foood"]})
    assert "foood" in tbtwatch("init").sentence


def test_a_newer_database_is_refused(stocked: World) -> None:
    """It is left as it is."""
    with closing(sqlite3.connect(stocked.home / "tbtwatch.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "newer than this program" in stocked("status").sentence


def test_a_file_that_is_no_database_is_a_sentence(tbtwatch: World) -> None:
    """Somebody's letter is not overwritten."""
    letter = tbtwatch.home / "letter.txt"
    letter.write_text("Dear Sir or Madam, " * 200)
    tbtwatch.set(database_url=f"sqlite:///{letter}")
    assert "cannot be opened" in tbtwatch("init").sentence
    assert letter.read_text().startswith("Dear Sir")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.csv", b"a,b", "no kind that can be imported"),
        ("x.xlsx", b"not a workbook", "cannot be read"),
        ("x.xlsx", b"PK\x03\x04 broken", "cannot be read"),
    ],
)
def test_a_file_of_no_known_kind_is_a_sentence(tbtwatch: World, name: str, content: bytes, says: str) -> None:
    """With what can be imported."""
    file: Path = tbtwatch.home / name
    file.write_bytes(content)
    assert says in tbtwatch("import", file).sentence


def test_the_sources_of_these_tests_are_right(stocked: World) -> None:
    """Or the sentences above would be about something else."""
    assert [one["source"] for one in stocked("sources", "--json").json] == [one["name"] for one in SOURCES]
