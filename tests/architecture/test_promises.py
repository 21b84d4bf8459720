"""A promise to users is held by tests that exist."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.project import ROOT, code, table, text, tree

PROMISES = table(text(ROOT / "docs" / "promises.md"))


def _tests_in(path: str) -> set[str]:
    return {
        node.name
        for node in ast.walk(tree(ROOT / path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_")
    }


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise[0])
def test_a_promise_is_held(promise: list[str]) -> None:
    """The promise names at least one test, and each test it names exists."""
    held_by = code(promise[2])
    assert held_by, promise[1]
    for test in held_by:
        path, _, function = test.partition("::")
        assert (ROOT / path).is_file(), f"promise {promise[0]}: there is no {path}"
        assert function in _tests_in(path), f"promise {promise[0]}: {path} has no {function}"


def test_the_readme_makes_these_promises_and_no_others() -> None:
    """The numbered promises of the README are the rows of docs/promises.md."""
    section = text(ROOT / "README.md").partition("## What it promises")[2].partition("\n## ")[0]
    numbers = re.findall(r"^(\d+)\. ", section, re.MULTILINE)

    assert numbers == [promise[0] for promise in PROMISES] == [str(n) for n in range(1, len(PROMISES) + 1)]
