"""docs/api.md shows what works."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import httpx

from tbtwatch.pipeline.tokens import Scope
from tbtwatch.storage import Storage
from tests.architecture.project import ROOT, blocks, table, text
from tests.web.api.asking import Program, a_token, asked, two_enterprises

DOCUMENT = ROOT / "docs" / "api.md"
HERE = "http://127.0.0.1:8080"


def curls() -> list[str]:
    """The commands that are shown."""
    return [line for block in blocks(DOCUMENT, "sh") for line in block.splitlines() if line.startswith("curl ")]


def as_client(words: list[str], client: httpx.Client) -> int:
    """The status of a command's answer, asked for as curl would."""
    headers, address, asked_for = {}, "", {}
    while words:
        word = words.pop(0)
        if word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "--data-urlencode":
            name, _, value = words.pop(0).partition("=")
            asked_for[name] = value
        elif word == "-o":
            words.pop(0)
        elif word == "-G":
            continue
        else:
            address = word
    return client.get(address, headers=headers, params=asked_for or None).status_code


def test_every_command_that_is_shown_works(sqlite: Storage, tmp_path: Path) -> None:
    """Each is answered with 200; where curl is installed it is the one that asks."""
    service = two_enterprises(sqlite)
    assert len(curls()) >= 12
    with asked(service) as client:
        for shown in curls():
            line = shown.replace(HERE, str(client.base_url).rstrip("/")).replace("$TOKEN", a_token(service))
            words = shlex.split(line)
            assert as_client(words[1:], client) == 200, line
            if shutil.which("curl"):
                done = subprocess.run(
                    [*words, "--fail", "--silent", "--show-error", "--noproxy", "*"],
                    cwd=tmp_path, capture_output=True, check=False, timeout=30,
                )  # fmt: skip
                assert done.returncode == 0, (line, done.stderr)


def test_the_problem_that_is_shown_is_the_one_that_is_told(sqlite: Storage) -> None:
    """To the letter."""
    (shown,) = blocks(DOCUMENT, "json")
    with asked(two_enterprises(sqlite)) as client:
        told = Program(client).get("measures?area=toy")
    assert told.json() == json.loads(shown)
    tables = text(DOCUMENT)
    statuses = {row[0] for row in table(tables.partition("## Mistakes")[2])}
    assert statuses == {"401", "403", "404", "405", "422", "429", "503"}
    assert set(re.findall(r"^\| `([a-z]+:read)` ", tables, re.MULTILINE)) == {scope.value for scope in Scope}
