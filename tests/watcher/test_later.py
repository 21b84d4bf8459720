"""Patterns that are compiled when they are first used."""

from __future__ import annotations

import gc
import re
import subprocess
import sys

import pytest

from watcher.later import _Later, later


def test_it_is_the_pattern() -> None:
    """Whatever is asked of it, it answers as the compiled one does."""
    ours, compiled = later(r"(?P<n>\d)(\w)?", re.IGNORECASE), re.compile(r"(?P<n>\d)(\w)?", re.IGNORECASE)
    text = "1a 2 x3B"

    assert [found[0] for found in ours.finditer(text)] == [found[0] for found in compiled.finditer(text)]
    assert (ours.findall(text), ours.sub("-", text)) == (compiled.findall(text), compiled.sub("-", text))
    assert [bool(ask("1")) for ask in (ours.search, ours.match, ours.fullmatch)] == [True, True, True]
    assert (ours.pattern, ours.flags, ours.groups) == (compiled.pattern, compiled.flags, compiled.groups)
    assert dict(ours.groupindex) == {"n": 1}
    with pytest.raises(AttributeError):
        ours.scanner  # noqa: B018


def test_a_wrong_pattern_is_found_out_by_its_first_use() -> None:
    """Not before: nothing is compiled while modules are loaded."""
    wrong = later("(")
    with pytest.raises(re.error):
        wrong.search("")


def test_every_pattern_there_is_compiles() -> None:
    """Those of all modules, so that none is left for its first reader to find out."""
    import watcher.revise  # noqa: F401

    every = [each for each in gc.get_objects() if type(each) is _Later]
    assert len(every) > 200
    for each in every:
        if each.pattern != "(":
            assert each.search("") is None or each.search("")


def test_loading_compiles_none_of_them() -> None:
    """In a process that only starts."""
    asked = (
        "import gc, tbtwatch.cli.main; from watcher.later import _Later;"
        "every = [each for each in gc.get_objects() if type(each) is _Later];"
        "print(len(every), sum('search' in vars(each) for each in every))"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    number, compiled = map(int, told.split())
    assert number > 200
    assert compiled == 0
