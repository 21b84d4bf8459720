"""The sides of `poll_peers`: how each is set up, what command a poll is, and what it holds afterwards."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import yaml

from benchmarks.peers.obeying import order, seconds
from benchmarks.peers.watched import Watched, run

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "config"
BIN = Path(sys.executable).parent
ENTRY = re.compile(r"regulator(\d+)\.example/documents/(\d+)\b")  # how the feed server names one

Entries = frozenset[tuple[int, int]]  #: of which feed, and its number there


class WrongRunError(Exception):
    """A side did not run as it should; the sentence says how."""


@dataclass(frozen=True, slots=True)
class Poll:
    """What one poll of all feeds cost a side."""

    whole_s: float  #: from the start of the process to its end, or of the processes
    work_s: float | None  #: of that, the polling itself; None: not known
    cpu_s: float
    resident_mb: float
    proportional_mb: float
    began: float  #: time.monotonic()


class Side:
    """One way to poll the feeds: in a folder of its own, a process of its own each time."""

    name = ""
    needs = ""  #: a package that must be installed for it

    def __init__(self, folder: Path, feeds: Sequence[str], smtp_port: int) -> None:
        folder.mkdir(parents=True)
        self.folder, self.feeds, self.smtp_port = folder, feeds, smtp_port
        self.list = folder / "feeds.json"
        self.list.write_text(json.dumps(list(feeds)))
        self.set_up()

    @classmethod
    def missing(cls) -> bool:
        """Whether it is not installed."""
        return bool(cls.needs) and find_spec(cls.needs) is None

    def set_up(self) -> None:
        """Make the database and say which feeds there are; not measured."""

    def environment(self) -> Mapping[str, str]:
        """Nothing of the tester's own settings and folders.

        Peers are installed with their bytecode; ours may be written as well, or each start would compile everything.
        """
        left_out = ("TBTWATCH_", "PYTHONDONTWRITEBYTECODE")
        own = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
        homes = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"), str(self.folder))
        return {**own, **homes, "PYTHONWARNINGS": "ignore"}

    def poll(self, *, mails: bool) -> Poll:
        """Poll every feed once. `mails`: what is new is mailed; else it is only recorded. Raises WrongRunError."""
        done = self.run(*self.command(), said=order(mails=mails))
        return _poll([done], seconds(done.out))

    def command(self) -> Sequence[str | Path]:
        """The program to run, if it is one of ours that takes orders."""
        raise NotImplementedError

    def held(self) -> Entries:
        """The entries it knows."""
        raise NotImplementedError

    def run(self, *command: str | Path, said: str = "") -> Watched:
        """Run a command to its end, watched. Raises WrongRunError if it fails."""
        done = run([str(part) for part in command], said=said, environment=self.environment(), folder=self.folder)
        if done.code:
            raise WrongRunError(f"{self.name}: {Path(command[0]).name} ended with {done.code}: {done.err[-500:]}")
        return done

    def rows(self, query: str, database: str) -> list[tuple[str, ...]]:
        """What its database says."""
        with closing(sqlite3.connect(self.folder / database)) as connection:
            return list(connection.execute(query))


class Reader(Side):
    """The package `reader`, one worker, which is its default."""

    name = needs = "reader"
    workers = 1

    def set_up(self) -> None:
        """Add the feeds."""
        self.run(*self.command(), "set-up")

    def command(self) -> Sequence[str | Path]:
        """Our program around it."""
        database = self.folder / "reader.sqlite"
        return (sys.executable, HERE / "reader_side.py", database, self.list, str(self.smtp_port), str(self.workers))

    def held(self) -> Entries:
        """Its entries."""
        return entries_in(row[0] for row in self.rows("SELECT id FROM entries", "reader.sqlite"))


class ReaderInThreads(Reader):
    """The same with ten workers, as its documentation suggests for many feeds."""

    name = "reader10"
    workers = 10


class Script(Side):
    """The plain script."""

    name = "script"

    def command(self) -> Sequence[str | Path]:
        """Our program."""
        return sys.executable, HERE / "script_side.py", self.folder / "script.db", self.list, str(self.smtp_port)

    def held(self) -> Entries:
        """Its rows."""
        return entries_in(row[0] for row in self.rows("SELECT id FROM entry", "script.db"))


class Rss2email(Side):
    """rss2email: run as a program only."""

    name, needs = "rss2email", "rss2email"

    def set_up(self) -> None:
        """Write its configuration."""
        lines = [
            "[DEFAULT]",
            "from = watch@example.org",
            "to = all@example.com",
            "email-protocol = smtp",
            f"smtp-server = 127.0.0.1:{self.smtp_port}",
            "smtp-auth = False",
            "smtp-ssl = False",
            "html-mail = True",
            "verbose = error",
            "same-server-fetch-interval = 0",
        ]
        for number, url in enumerate(self.feeds):
            lines += [f"[feed.f{number}]", f"url = {url}"]
        (self.folder / "rss2email.cfg").write_text("\n".join(lines) + "\n")

    def poll(self, *, mails: bool) -> Poll:
        """`r2e run`; what it takes to start and to load what it knows is what `r2e list` takes."""
        r2e = (BIN / "r2e", "-c", self.folder / "rss2email.cfg", "-d", self.folder / "rss2email.json")
        loaded = median(self.run(*r2e, "list").wall_s for _ in range(3))
        done = self.run(*r2e, "run", *(() if mails else ("--no-send",)))
        return _poll([done], max(done.wall_s - loaded, 0.0) or None)

    def held(self) -> Entries:
        """What it calls seen."""
        known = json.loads((self.folder / "rss2email.json").read_text())
        return entries_in(entry for feed in known["feeds"] for entry in feed["seen"])


class Tbtwatch(Side):
    """The commands that a user types: `tbtwatch poll`, and `tbtwatch deliver` when mails are owed."""

    name = "tbtwatch"
    every_minutes = 60

    def set_up(self) -> None:
        """The shipped rules, these feeds as sources, and a subscription to everything they bring."""
        configure(self.folder / "config", self.feeds, every_minutes=self.every_minutes)
        self.run(BIN / "tbtwatch", "init")
        wanted = ("--enterprise", "Everything Ltd", "--email", "all@example.com", "--market", "KEN")
        self.run(BIN / "tbtwatch", "subscribe", *wanted, "--language", "en")

    def environment(self) -> Mapping[str, str]:
        """Settings for this folder, this mail server and loopback."""
        return {**super().environment(), **settings_for(self.folder, self.smtp_port)}

    def poll(self, *, mails: bool) -> Poll:
        """One command, or two one after the other."""
        done = [self.run(BIN / "tbtwatch", "poll")]
        if mails:
            done.append(self.run(BIN / "tbtwatch", "deliver"))
        return _poll(done, None)

    def held(self) -> Entries:
        """The entries that became notices, each a notice of its own."""
        rows = self.rows("SELECT entry, notice_id FROM notice_version", "tbtwatch.db")
        held = entries_in(row[0] for row in rows)
        return held if len({row[1] for row in rows}) == len(rows) else frozenset()


class Service(Tbtwatch):
    """What the service does in a poll, in one process, without the command line."""

    name = "service"

    def command(self) -> Sequence[str | Path]:
        """Our program around it."""
        return sys.executable, HERE / "service_side.py"

    poll = Side.poll


SIDES: tuple[type[Side], ...] = (Reader, ReaderInThreads, Rss2email, Script, Tbtwatch, Service)


def entries_in(texts: Iterable[str]) -> Entries:
    """The entries that these texts name."""
    return frozenset((int(found[1]), int(found[2])) for text in texts for found in ENTRY.finditer(text))


def configure(folder: Path, feeds: Sequence[str], *, every_minutes: int) -> None:
    """A configuration folder: what is shipped, with these feeds in place of the sources."""
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("sources", "__pycache__"))
    (folder / "sources.yaml").write_text(
        yaml.safe_dump(
            {
                "sources": [
                    {
                        "name": f"feed{number}",
                        "kind": "feed",
                        "url": url,
                        "issuer": f"ISSUER{number}",
                        "market": "KEN",
                        "every_minutes": every_minutes,
                    }
                    for number, url in enumerate(feeds)
                ]
            }
        )
    )


def settings_for(folder: Path, smtp_port: int) -> dict[str, str]:
    """tbtwatch's settings for a run in a folder."""
    settings = {
        "database_url": f"sqlite:///{folder / 'tbtwatch.db'}",
        "config_folder": folder / "config",
        "receipts_folder": folder / "receipts",
        "allow_addresses": "127.0.0.1",
        "contact": "mailto:watch@example.org",
        "smtp_host": "127.0.0.1",
        "smtp_port": smtp_port,
        "smtp_tls": "none",
        "mail_from": "watch@example.org",
        "starter": "false",  # mails about news are counted
    }
    return {f"TBTWATCH_{name.upper()}": str(value) for name, value in settings.items()}


def _poll(done: Sequence[Watched], work_s: float | None) -> Poll:
    return Poll(
        whole_s=sum(one.wall_s for one in done),
        work_s=work_s,
        cpu_s=sum(one.cpu_s for one in done),
        resident_mb=max(one.resident_mb for one in done),
        proportional_mb=max(one.proportional_mb for one in done),
        began=done[0].began,
    )
