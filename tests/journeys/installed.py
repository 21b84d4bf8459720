"""The installed `tbtwatch` command as a process of its own, on a database and settings of its own."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COMMAND = Path(sys.executable).parent / "tbtwatch"
LONGEST = 60.0  # seconds that anything is waited for


@dataclass
class Installed:
    """An installation in a folder."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """No variable of the tester's own, and these settings."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("TBTWATCH_")}
        base = {"database_url": f"sqlite:///{self.home / 'tbtwatch.db'}", "allow_addresses": "127.0.0.1"}
        base |= {"starter": "false"}  # messages about news are counted
        named = {f"TBTWATCH_{name.upper()}": value for name, value in {**base, **self.settings}.items()}
        return {**own, **named, "PYTHONWARNINGS": "default"}

    def __call__(self, *arguments: str | Path, code: int = 0) -> str:
        """Run a command to its end; its standard output."""
        done = subprocess.run(
            [COMMAND, *arguments],
            cwd=self.home,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout

    def json(self, *arguments: str | Path) -> Any:
        """What a command prints with --json."""
        return json.loads(self(*arguments, "--json"))

    @contextmanager
    def running(self) -> Iterator[Running]:
        """`tbtwatch run`; killed at the end if it still runs."""
        log = self.home / "run.log"
        with log.open("w") as lines:
            service = subprocess.Popen(
                [COMMAND, "run"], cwd=self.home, env=self.environment, stdout=lines, stderr=lines
            )
        try:
            yield Running(service, log)
        finally:
            if service.poll() is None:
                service.kill()
                service.wait()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database holds, read past the program; nothing before the program has made it."""
        with closing(sqlite3.connect(self.home / "tbtwatch.db")) as connection, connection:
            try:
                return list(connection.execute(query))
            except sqlite3.OperationalError as error:
                if "no such table" not in str(error):
                    raise
                return []


@dataclass
class Running:
    """The service while it runs."""

    service: subprocess.Popen[bytes]
    log: Path

    def until(self, happened: Callable[[], Any]) -> Any:
        """Wait for something; the service must live that long."""
        end = time.monotonic() + LONGEST
        while not (value := happened()):
            assert self.service.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.02)
        return value

    def ends(self, by: signal.Signals = signal.SIGTERM) -> float:
        """Tell it to end; it must, with exit code 0. How many seconds it took."""
        began = time.monotonic()
        self.service.send_signal(by)
        code = self.service.wait(LONGEST)
        seconds = time.monotonic() - began
        text = self.log.read_text()
        print(f"ended after {seconds:.2f} s")
        assert code == 0, text
        assert "Traceback" not in text, text
        return seconds
