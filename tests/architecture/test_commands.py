"""docs/commands.md tells every command, its options and its JSON as they are."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from tbtwatch.cli import shapes
from tbtwatch.cli.main import app, run
from tbtwatch.pipeline.conclude import PollReport
from tests.architecture.project import ROOT, blocks, code, documents, name, table, text
from tests.servers import Reply, scripted_server

DOCUMENT = ROOT / "docs" / "commands.md"
HEADING = re.compile(r"^### `tbtwatch ([^`]+)`$", re.MULTILINE)
ROOT_COMMAND: Any = typer.main.get_command(app)
NOTICE = {
    "symbol": "G/TBT/N/KEN/9001",
    "notification_type": "regular",
    "member": "Kenya",
    "title": "Jelly drinks",
    "products_text": "Non-alcoholic drinks",
    "hs_codes": ["2202"],
    "distribution_date": "2026-01-09",
    "comment_deadline": "10 March 2026",
}


@cache
def commands() -> dict[str, Any]:
    """Every command that can be given, by its words: "poll", "rules list"."""
    return dict(_walk("", ROOT_COMMAND))


def _walk(words: str, command: Any) -> Iterator[tuple[str, Any]]:
    if inside := getattr(command, "commands", None):
        if words and command.invoke_without_command:
            yield words, command
        for word, one in inside.items():
            yield from _walk(f"{words} {word}".strip(), one)
    else:
        yield words, command


@cache
def sections() -> dict[str, tuple[list[str], str]]:
    """The parts of the document, by the command's words: the arguments named in the heading, and the text."""
    parts = HEADING.split(text(DOCUMENT))[1:]
    found = {}
    for heading, body in zip(parts[::2], parts[1::2], strict=True):
        words = [word for word in heading.split() if word.islower()]
        found[" ".join(words)] = ([word for word in heading.split() if not word.islower()], body.partition("\n## ")[0])
    return found


def _options(command: Any) -> set[str]:
    return {
        option
        for parameter in command.params
        if parameter.param_type_name == "option"
        for option in parameter.opts
        if option not in ("--help", "--version")
    }


def test_every_command_is_told_and_no_other() -> None:
    """The document has one part for each command."""
    assert sorted(sections()) == sorted(commands())


@pytest.mark.parametrize("words", commands())
def test_every_option_is_told_and_no_other(words: str) -> None:
    """The command's part names all its options and all its arguments."""
    arguments, body = sections()[words]
    told = {option for row in table(body) for option in code(row[0])}
    wanted = [one for one in commands()[words].params if one.param_type_name == "argument"]

    assert told == _options(commands()[words])
    assert len(arguments) == len(wanted)
    assert [argument.startswith("[") for argument in arguments] == [not one.required for one in wanted]


@pytest.mark.parametrize("words", commands())
def test_every_command_has_an_example(words: str) -> None:
    """The command's part shows it in use."""
    shown = re.findall(r"```sh\n(.*?)```", sections()[words][1], re.DOTALL)
    assert any(block.startswith(f"tbtwatch {words}") for block in shown)


@pytest.mark.parametrize("words", [words for words in commands() if "--json" in _options(commands()[words])])
def test_every_json_is_shown(words: str) -> None:
    """A command that prints JSON shows its shape, or says whose it has."""
    _, body = sections()[words]
    assert "```json" in body or "shape" in body


def _shown_commands() -> list[tuple[str, str]]:
    found = []
    for document in documents():
        for block in blocks(document, "sh"):
            for line in block.splitlines():
                command = line.partition("  #")[0].strip()
                if "…" not in command and (call := re.match(r"(?:\.venv/bin/)?tbtwatch\s+(.+)", command)):
                    found.append((name(document), call[1]))
    return found


@pytest.mark.parametrize(("document", "line"), _shown_commands())
def test_a_command_that_is_shown_can_be_given(document: str, line: str) -> None:
    """Every command in a document's shell block is understood as it stands."""
    words, command = shlex.split(line), ROOT_COMMAND
    while inside := getattr(command, "commands", None):
        if command.invoke_without_command and (not words or words[0].startswith("--")):
            break
        assert words[0] in inside, f"{document}: {line}"
        command, words = inside[words[0]], words[1:]
    command.make_context("tbtwatch", words)


def _same_shape(told: Any, real: Any, where: str) -> None:
    """The same names at the top, and in the lists of objects below it."""
    if isinstance(told, list) and isinstance(real, list):
        if told and real and isinstance(told[0], dict):
            _same_shape(told[0], real[0], f"{where}[]")
        return
    if isinstance(told, dict) and isinstance(real, dict):
        assert set(told) == set(real), where
        for key, value in told.items():
            if isinstance(value, list):
                _same_shape(value, real[key], f"{where}.{key}")


def _told(words: str) -> Any:
    (block,) = re.findall(r"```json\n(.*?)```", sections()[words][1], re.DOTALL)
    return json.loads(block)


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a database of its own and a file to import."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TBTWATCH_DATABASE_URL", f"sqlite:///{tmp_path / 'tbtwatch.db'}")
    (tmp_path / "notices.jsonl").write_text(json.dumps(NOTICE) + "\n", encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("scratch")
def test_commands_print_the_json_that_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """In a new database, each command that prints JSON prints the names that the document shows."""

    def printed(words: str, *rest: str) -> Any:
        assert run([*words.split(), *rest, "--json"]) == 0, capsys.readouterr().err
        return json.loads(capsys.readouterr().out)

    for words, rest in (
        ("init", ()),
        ("import", ("notices.jsonl",)),
        ("measures", ("--market", "EAC")),
        ("subscribe", ("--enterprise", "A", "--file", "a", "--hs", "22")),
        ("why", ("1", "G/TBT/N/KEN/9001")),
        ("proof", ("KEN/9001", "A")),
        ("chat-code", ("--enterprise", "A")),
        ("sources", ()),
        ("sources show", ("wto-eping-workbook",)),
        ("sources held", ()),
        ("status", ()),
        ("enterprise erase", ("A", "--by", "Li Na", "--why", "a try", "--dry-run")),
        ("retention", ("--dry-run",)),
        ("deliver", ()),
        ("digest", ("--window", "today")),
        ("deliveries", ()),
        ("recover", ()),
        ("rules list", ()),
        ("rules show", ("toys-by-hs",)),
        ("rules install", ()),
        (
            "rules override",
            ("G/TBT/N/KEN/9001", "--add", "area:toys", "--by", "Li Na", "--reason", "The bottles are toys"),
        ),
        ("rules consequences", ()),
        ("rules tell", ("--late", "now", "--by", "Li Na")),
        ("rules change", ("new", "--remove", "toys-by-hs", "--by", "Li Na", "--reason", "a try")),
        ("rules backtest", ("2",)),
        ("rules reports", ()),
        ("rules evaluate", ("2",)),
        ("rules suggest", ()),
        ("rules queue", ()),
    ):
        real = printed(words, *rest)
        if words == "why":
            assert {"matches", "sentence", "told", "outcome"} <= set(real)
            continue
        _same_shape(_told(words), real, words)
    listed = printed("subscriptions")
    assert set(listed[0]) == set(_told("subscribe")) - {"new", "starters", "forecast"}
    one = printed("measure", "G/TBT/N/KEN/9001")
    beside = {"changes", "documents", "findings", "news", "not_recorded", "overrides", "urgency"}
    assert set(one) == set(_told("measures")[0]) | beside
    assert set(one["changes"][0]) == set(_told("measure"))


@pytest.mark.usefixtures("scratch")
def test_a_trial_prints_the_json_that_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `sources try` prints of a feed has the names that the document shows, and the same ids each time."""
    feed = (
        "<rss version='2.0'><channel><title>Recalls</title><item><title>Table lamps</title><link>https://regulator.example/77"
        "</link><pubDate>Fri, 06 Mar 2026 09:00:00 GMT</pubDate></item></channel></rss>"
    )
    monkeypatch.setenv("TBTWATCH_ALLOW_ADDRESSES", "127.0.0.1")
    with scripted_server() as server:
        address = server.on("/recalls.xml", Reply(body=feed.encode(), headers={"Content-Type": "application/rss+xml"}))
        answers = []
        for _ in range(2):
            assert run(["sources", "try", address, "--json"]) == 0, capsys.readouterr().err
            answers.append(json.loads(capsys.readouterr().out))

    assert answers[0] == answers[1]
    assert [set(notice) for notice in answers[0]["notices"]] == [set(_told("sources try")["notices"][0])]
    assert set(answers[0]) == set(_told("sources try"))


def test_a_poll_prints_the_json_that_is_shown() -> None:
    """The names of a poll's JSON are those the document shows."""
    assert set(shapes.a_poll(PollReport(source="a", status="ok"))) == set(_told("poll")[0])
