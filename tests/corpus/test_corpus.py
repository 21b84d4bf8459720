"""Every nasty document has its one right outcome, and none does harm."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.corpus.cases import Bait, Case, all_cases
from tests.corpus.checking import SECRET, faults, unmet
from tests.corpus.reading import limited, read, watched

CASES = all_cases()
LARGE = 200_000  #: octets; a document beyond is read once


@pytest.fixture(scope="module")
def listening() -> Iterator[socket.socket]:
    """An address on this machine to which nobody may connect."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that a hostile document would like to be shown."""
    path = tmp_path_factory.mktemp("secret") / "secret.xml"
    item = f"<item><guid>{SECRET}</guid><title>{SECRET}</title></item>"
    path.write_text(f'<rss version="2.0"><channel><title>{SECRET}</title>{item}</channel></rss>', encoding="utf-8")
    return path


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_nasty_document_has_its_one_right_outcome(case: Case, secret: Path, listening: socket.socket) -> None:
    """It is read or refused as the case says, in bounded time and memory; read again it gives the same."""
    bait = Bait(path=str(secret), uri=secret.as_uri(), url=f"http://127.0.0.1:{listening.getsockname()[1]}/secret.xml")
    body = case.body(bait)

    with limited(), watched(str(secret), secret.as_uri()) as seen:
        reading = read(case, body)
        again = read(case, body) if len(body) < LARGE else reading

    assert seen == []
    assert not select.select([listening], [], [], 0)[0], "it connected to the address in the document"
    assert list(faults(case, reading)) == []
    assert list(unmet(case, reading)) == []
    assert (again.entries, again.error) == (reading.entries, reading.error)


def test_the_corpus_is_large_and_of_every_kind() -> None:
    """A hundred and fifty documents at least."""
    assert len(CASES) >= 150
