"""`tbtwatch sources backfill` as staff run it: the installed command, a real register on loopback, real kills."""

from __future__ import annotations

import os
import pty
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tbtwatch.configuration import SHIPPED
from tests.journeys.installed import COMMAND, LONGEST, Installed
from tests.journeys.register import Register, register

FIRST = date(2025, 1, 1)
RANGE = ("--since", "2025-01-01", "--until", "2025-01-30")
WHO = (
    r"a back-fill of 2025-01-01 to 2025-01-30 \(begun \d{{4}}-\d\d-\d\d \d\d:\d\d UTC by .+, process {process} on .+\) "
    r"is reading this source now"
)
ASK = ("sources", "backfill", "register", *RANGE)


@pytest.fixture
def shop(tmp_path: Path) -> Installed:
    """An installation in which somebody wants to hear of everything at once; its sources are the test's."""
    config = tmp_path / "config"
    shutil.copytree(SHIPPED, config, ignore=shutil.ignore_patterns("sources*", "__pycache__", "*.py"))
    return Installed(tmp_path, {"config_folder": str(config), "contact": "staff@example.org"})


def watches(shop: Installed, publisher: Register, *, read_by_somebody: bool = False, **over: Any) -> None:
    """Watch this register; if so wanted somebody asks for all of the United States, at once."""
    (shop.home / "config" / "sources.yaml").write_text(yaml.safe_dump({"sources": [publisher.entry(**over)]}))
    if read_by_somebody:
        shop("subscribe", "--enterprise", "Ningbo Kettles", "--market", "USA", "--email", "kettles@example.com")


def started(shop: Installed, **over: Any) -> subprocess.Popen[bytes]:
    """The command, under way."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **over}
    return subprocess.Popen([COMMAND, *ASK], cwd=shop.home, env=shop.environment, **pipes)


@contextmanager
def closing_killed(running: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """Kill it in the end, and close its pipes."""
    try:
        yield running
    finally:
        running.kill()
        running.communicate(timeout=LONGEST)


def test_a_killed_backfill_goes_on(shop: Installed) -> None:
    """10,500 documents behind a cap of 10,000: in halves; killed in the later one, it goes on there, at once.

    Every tenth is a rule and recorded, and somebody who asks for everything hears of none. What was finished is not
    asked for again, nothing is missing and nothing is there twice.
    """
    with register(first=FIRST, days=30, each_day=350) as publisher:
        watches(shop, publisher, read_by_somebody=True)
        publisher.stops_at = 10  # in the middle of the later half
        with closing_killed(started(shop)) as dying:
            assert publisher.stopped.wait(LONGEST)
        assert dying.returncode == -signal.SIGKILL
        publisher.go_on.set()
        before = list(publisher.asked)
        assert {(one.since, one.until) for one in before} == {
            ("2025-01-01", "2025-01-30"),
            ("2025-01-01", "2025-01-15"),
            ("2025-01-16", "2025-01-30"),
        }

        report = shop.json(*ASK)
        again = publisher.asked[len(before) :]
        assert report["resumed"] and report["error"] is None and report["too_full"] == []
        assert {(one.since, one.until) for one in again} == {("2025-01-16", "2025-01-30")}
        assert [one.page for one in again] == [1, 2, 3, 4, 5, 6]
        assert report["notices"] == 525
        assert shop.rows("select count(*) from notice") == [(1_050,)]
        assert shop.rows("select * from delivery") == []


def test_a_terminal_shows_how_far_it_is(shop: Installed) -> None:
    """A bar of days on standard error, the result alone on standard output; a pipe is shown no bar."""
    with register(first=FIRST, days=30, each_day=20) as publisher:
        watches(shop, publisher)
        ours, theirs = pty.openpty()
        shown = b""
        running = started(shop, stderr=theirs)
        os.close(theirs)
        with closing(os.fdopen(ours, "rb", buffering=0)) as terminal:
            while True:
                try:
                    came = terminal.read(4096)
                except OSError:  # the other side is closed
                    break
                if not came:
                    break
                shown += came
        out, _ = running.communicate(timeout=LONGEST)
        assert running.returncode == 0
        assert b"register" in shown and re.search(rb"30/30", shown)
        assert out.decode().startswith("register, 2025-01-01 to 2025-01-30: 60 notices: 60 new")

        with closing_killed(started(shop)) as quiet:
            _, err = quiet.communicate(timeout=LONGEST)
        assert (quiet.returncode, err) == (0, b"")


def test_a_publisher_that_asks_for_a_moment_gets_it(shop: Installed) -> None:
    """`Retry-After: 2`: the same page is asked for after two seconds, nothing else before, and the work goes on."""
    with register(first=FIRST, days=30, each_day=100) as publisher:
        watches(shop, publisher)
        publisher.busy = {1: "2"}
        report = shop.json(*ASK)
        assert (report["notices"], report["error"], report["waited_seconds"]) == (300, None, 2)
        assert [one.page for one in publisher.asked] == [1, 2, 2, 3]
        assert publisher.asked[2].at - publisher.asked[1].at >= 2


def test_a_publisher_that_asks_for_an_hour_is_left_alone(shop: Installed) -> None:
    """The command ends with a sentence; given again at once it asks nothing; nothing that was read is lost."""
    with register(first=FIRST, days=30, each_day=100) as publisher:
        watches(shop, publisher)
        publisher.busy = {1: "3600"}
        first = subprocess.run(
            [COMMAND, *ASK], cwd=shop.home, env=shop.environment, capture_output=True, text=True, check=False
        )
        assert first.returncode == 1
        assert "asks to be left alone for 60 minutes" in first.stderr
        assert "the same command goes on" in first.stderr
        asked = len(publisher.asked)
        second = subprocess.run(
            [COMMAND, *ASK], cwd=shop.home, env=shop.environment, capture_output=True, text=True, check=False
        )
        assert second.returncode == 1
        assert "asked to be left alone until" in second.stderr
        assert len(publisher.asked) == asked
        assert shop.rows("select count(*) from notice") == [(100,)]


def test_a_running_service_waits_for_it(shop: Installed) -> None:
    """It does not ask the publisher meanwhile, says who does, and calls it no trouble; staff are refused as well."""
    with register(first=FIRST, days=30, each_day=20) as publisher:
        # It waits between robots.txt and the first page, for as long as the test takes.
        watches(shop, publisher, pause_seconds=600)
        with ExitStack() as living:
            filling = living.enter_context(closing_killed(started(shop)))
            end = time.monotonic() + LONGEST
            while not shop.rows("select 1 from meta where name = 'lease:register' and value <> ''"):
                assert filling.poll() is None and time.monotonic() < end
                time.sleep(0.02)
            service = living.enter_context(shop.running())
            query = "select status, error, failures from source where status = 'resting'"
            ((status, why, failures),) = service.until(lambda: shop.rows(query))
            assert (status, failures) == ("resting", 0)
            assert re.fullmatch(WHO.format(process=filling.pid), why)
            assert shop.json("poll", "register")[0]["error"] == why
            assert shop("sources", "backfill", "register", *RANGE, code=2) == ""
            assert filling.poll() is None
            service.ends()
        assert publisher.asked == []
        assert shop.rows("select count(*) from poll") == [(0,)]
        # Its death is known at once: nobody waits a minute for the lease to run out.
        assert shop.json("poll", "register")[0]["status"] == "ok"
