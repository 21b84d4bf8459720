"""Mutated documents: a short run with a fixed seed, and that the fuzzing would notice what it is for."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path

import pytest

from tests.corpus import fuzz
from tests.corpus.cases import all_cases
from tests.corpus.reading import TooLong, limited, watched
from tests.corpus.targets import Targets


def test_mutated_documents_are_read_or_refused() -> None:
    """Nothing is raised but SourceError, nothing hangs, no invariant breaks, whatever a document has become."""
    report = fuzz.run(600, seed=2026)

    assert report.findings == []
    assert report.inputs == 600
    assert report.peak < 600_000_000


def test_every_kind_of_the_corpus_is_fuzzed() -> None:
    """A kind with a case is a parser of the run."""
    assert {case.kind for case in all_cases()} <= set(Targets().parsers)


def test_an_input_follows_from_its_number_and_the_seed() -> None:
    """A finding can be seen again."""
    first, again = Targets(), Targets()

    assert [first.input(n, 7).body for n in range(40)] == [again.input(n, 7).body for n in range(40)]
    assert first.input(3, 7).body != first.input(3, 8).body


def test_a_process_that_dies_is_a_finding() -> None:
    """The report names the input it died of."""
    report = fuzz.Report()
    report.add(fuzz._death(5, 1, (), "the process ended with -9"))

    assert [told["number"] for told in report.findings] == [5]
    assert "input 5" in "\n".join(fuzz.lines_of(report))


def test_a_reading_that_takes_too_long_is_stopped() -> None:
    """Also by a reader that swallows every exception."""

    def swallow() -> None:
        while True:
            with contextlib.suppress(Exception):
                sum(range(1000))

    with pytest.raises(TooLong), limited(seconds=0.05):
        swallow()


def test_memory_beyond_the_limit_is_refused() -> None:
    """So that a document that multiplies is a failure of its own, not of the machine."""
    with pytest.raises(MemoryError), limited(octets=50_000_000):
        bytearray(500_000_000)


def test_what_is_opened_and_asked_is_seen(tmp_path: Path) -> None:
    """The watch of the corpus is not blind."""
    secret = tmp_path / "secret"
    secret.write_text("hush")
    with watched(str(secret)) as seen:
        secret.read_text()
        with pytest.raises(OSError), socket.create_connection(("127.0.0.1", 1), timeout=1):
            pass

    assert any(event.startswith("open") for event in seen)
    assert any(event.startswith("socket.connect") for event in seen)
