"""How the source is written, where no linter looks."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.project import ROOMS, ROOT, files, name, python, text, tree
from tests.conftest import SHARED

Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

LONGEST = 450
REFUSED_NAMES = {"utils", "util", "helpers", "helper", "manager", "handler", "data", "info", "process", "item", "obj"}

#: What belongs to the machine or the desk a file was written at. Each pattern has a [x] so as not to find itself.
NOT_OURS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"/r[o]ot/",
        r"/h[o]me/\w",
        r"/U[s]ers/\w",
        r"/w[o]rk/",
        r"\.p[y]env",
        r"\bcl[a]ude\b",
        r"\banthr[o]pic\b",
        r"\bchatg[p]t\b",
        r"\bco-[a]uthored-by\b",
        r"\bsub-?[a]gents?\b",
        r"\b[A]I agents?\b",
        r"\bthe l[e]ad('s)? (commits|files?|mends?)\b",
        r"\b(this|next|last|previous|another) s[e]ssion\b",
        r"\bissues? (show|#?\d+)\b(?<!i[s]sue 0)",
        r"(?-i:\bT[O]DO\b)",
        r"\bF[I]XME\b",
        r"\bX[X]X\b",
    )
]


def _public(body: list[ast.stmt], inside: str = "") -> Iterator[tuple[str, Named]]:
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            if any(isinstance(one, ast.Attribute) and one.attr == "setter" for one in node.decorator_list):
                continue
            yield f"{inside}{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from _public(node.body, f"{node.name}.")


def _says(node: Named) -> bool:
    return bool(ast.get_docstring(node))


@pytest.mark.parametrize("room", ROOMS)
def test_what_is_public_says_what_it_means(room: str) -> None:
    """Every module, class, function and method that is public has a docstring; a method's may stand at its base."""
    silent = [name(path) for path in python(room) if text(path).strip() and not ast.get_docstring(tree(path))]
    for path in python(room):
        found = list(_public(tree(path).body))
        told = {
            method.name
            for one in ast.walk(tree(path))
            if isinstance(one, ast.ClassDef)
            for method in one.body
            if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and _says(method)
        }
        silent += [
            f"{name(path)}: {what}"
            for what, node in found
            if not _says(node) and not ("." in what and what.rpartition(".")[2] in told)
        ]
    assert silent == []


def test_every_test_states_a_truth() -> None:
    """Every test has a docstring."""
    silent = [
        f"{name(path)}: {what}"
        for path in python("tests")
        for what, node in _public(tree(path).body)
        if what.rpartition(".")[2].startswith("test_") and not _says(node)
    ]
    assert silent == []


def test_every_file_can_be_read_in_one_sitting() -> None:
    """No source file has more than 450 lines."""
    lengths = {name(path): len(text(path).splitlines()) for path in python()}

    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    """Modules, classes and public functions are named after nouns of the glossary, not after their being code."""
    found = [name(path) for path in python(*ROOMS) if path.stem in REFUSED_NAMES]
    found += [
        f"{name(path)}: {what}"
        for path in python(*ROOMS)
        for what, _ in _public(tree(path).body)
        if what.rpartition(".")[2].lower() in REFUSED_NAMES
    ]
    assert found == []


def test_feedparser_is_called_in_one_place() -> None:
    """feedparser takes bytes for a file's name or an address: only the module that guards against it calls it."""
    calling = {
        name(path)
        for path in python(*ROOMS)  # the benchmarks have peers that call it their own way
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Attribute) and node.attr == "parse" and ast.unparse(node.value) == "feedparser")
        or (isinstance(node, ast.ImportFrom) and node.module == "feedparser")
    }
    assert calling == {"watcher/sources/feed.py"}


def test_no_file_speaks_of_the_desk_it_was_written_at() -> None:
    """No file holds paths of one machine, notes to oneself, or names of tools and people of a workshop."""
    found = [
        f"{name(path)}:{number}: {line.strip()[:80]}"
        for path in files()
        for number, line in enumerate(text(path).splitlines(), 1)
        for pattern in NOT_OURS
        if pattern.search(line)
    ]
    assert found == []


def _sentences(rows: Path) -> Iterator[str]:
    for line in rows.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for field in ("title", "description", "products_text", "objective", "addendum_reason"):
            value = str(row.get(field) or "").strip()
            if len(value) >= 80:  # shorter ones are names and formulas
                yield value[:80]


def test_no_sentence_of_a_real_notification_stands_here() -> None:
    """Texts of real notifications belong to those who wrote them: none of some hundred stands in any file."""
    rows = SHARED / "data" / "wto" / "notifications.jsonl"
    if not rows.is_file():
        pytest.skip("the collection of real notifications is not beside the project")
    # The tables of official codes have the names that notifications quote.
    ours = [path for path in files() if not path.is_relative_to(ROOT / "config" / "reference")]
    everything = "\n".join(text(path) for path in ours)

    assert [sentence for sentence in set(_sentences(rows)) if sentence in everything] == []


def test_no_pattern_is_possessive_or_atomic() -> None:
    """CPython 3.11.2, which Debian 12 ships, never returns from some of them; without them the meaning is plain too."""
    found = []
    for path in python(*ROOMS):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                pattern = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "x", node.value)
                if re.search(r"(?<=[)x\w.])(?:\*\+|\+\+|\?\+(?=[)|]))|\(\?>", pattern):
                    found.append(f"{name(path)}:{node.lineno}: {node.value[:60]!r}")
    assert found == []
