"""Two delivering processes, killed again and again: nothing is lost, and what comes twice is the same mail."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from notifiers.message import Message
from notifiers.outcome import State
from tbtwatch.storage import Storage
from tests.mailbox import Mailbox

KILLS = int(os.environ.get("TBTWATCH_TEST_KILLS", "40"))
WAVE = 500  # mails owed at a time, so that there is always something to be interrupted at


def _owe(storage: Storage, first: int) -> None:
    now = datetime.now(UTC)
    with storage.begin() as tx:
        for n in range(first, first + WAVE):
            tx.outbox.add(
                key=f"test:{n}",
                kind="alert",
                channel="email",
                target=f"reader{n}@example.com",
                message=Message(
                    recipient=f"reader{n}@example.com",
                    subject=f"Alert {n}",
                    text="A deadline moved.",
                    message_id=f"<{n}.test@example.org>",
                ),
                alerts=[],
                now=now,
            )


def _start(url: str, port: int, folder: Path) -> subprocess.Popen[str]:
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.sender", url, str(port), str(folder)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "ready\n"
    return worker


def _stop(worker: subprocess.Popen[str]) -> None:
    worker.kill()
    worker.wait()
    if worker.stdout is not None:
        worker.stdout.close()


@pytest.mark.slow
def test_killed_senders_lose_nothing(storage: Storage, database_url: str, tmp_path: Path) -> None:
    """40 times kill -9 at any moment: every mail arrives, none more than twice, twice only with one Message-ID."""
    owed, killed, chance = 0, 0, Random(7)
    with Mailbox() as mailbox:
        workers = [_start(database_url, mailbox.port, tmp_path) for _ in range(2)]
        try:
            until = time.monotonic() + 400
            while time.monotonic() < until:
                with storage.look() as tx:
                    waiting = sum(n for (_, state), n in tx.outbox.counts().items() if state is not State.SENT)
                if killed < KILLS and waiting < WAVE:
                    _owe(storage, owed)
                    owed += WAVE
                elif not waiting:
                    break
                time.sleep(chance.uniform(0.02, 0.2))
                if killed < KILLS:
                    at = chance.randrange(2)
                    _stop(workers[at])
                    killed += 1
                    workers[at] = _start(database_url, mailbox.port, tmp_path)
        finally:
            for worker in workers:
                _stop(worker)
        copies = Counter(received["Message-ID"] for received in mailbox.mails)
    with storage.look() as tx:
        assert tx.outbox.counts() == {("email", State.SENT): owed}
    twice = sum(1 for number in copies.values() if number == 2)
    most = max(copies.values())
    print(f"\n{killed} kills, {owed} mails: lost {owed - len(copies)}, twice {twice}, most copies {most}")
    assert killed == KILLS
    assert len(copies) == owed
    assert most <= 2
