"""A command as a process of its own, watched until it ends: seconds, processor time, memory with all its children.

Memory is read from /proc, so it is known on Linux only; elsewhere it is 0.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")
BORN_WITHIN = 1.0  # seconds from fork to exec
EVERY = 0.02  # seconds between two looks
FAIRLY_EVERY = 10  # looks at what is shared fairly, which costs more
LONGEST = 900.0  # seconds that a command may take


@dataclass(frozen=True, slots=True)
class Watched:
    """What a command cost, and what it said."""

    wall_s: float
    cpu_s: float  #: of the process and of its children that it waited for
    resident_mb: float  #: the most at one time, pages that processes share counted once for each: too much, if anything
    proportional_mb: float  #: the same with shared pages shared out (PSS)
    code: int
    out: str
    err: str
    began: float  #: time.monotonic()


class Memory:
    """How much memory a process and its children hold, looked at again and again beside other work."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._over = Event()
        self._thread = Thread(target=self._watch, daemon=True)
        self.resident = self.proportional = 0  #: bytes, the most so far
        self._thread.start()

    def end(self) -> None:
        """No more looks."""
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        looks = 0
        while not self._over.wait(EVERY):
            family = list(with_children(self._pid))
            self.resident = max(self.resident, sum(map(_resident, family)))
            if looks % FAIRLY_EVERY == 0:
                self.proportional = max(self.proportional, sum(map(_proportional, family)))
            looks += 1


def run(command: Sequence[str], *, said: str = "", environment: Mapping[str, str], folder: Path) -> Watched:
    """Run a command to its end. `said`: what stands on its standard input."""
    with (
        tempfile.TemporaryFile("w+") as given,
        tempfile.TemporaryFile("w+") as out,
        tempfile.TemporaryFile("w+") as err,
    ):
        given.write(said)
        given.seek(0)
        began = time.monotonic()
        process = subprocess.Popen(command, stdin=given, stdout=out, stderr=err, env=environment, cwd=folder)
        memory = Memory(process.pid)
        try:
            code, used = _ended(process, began + LONGEST)
            wall = time.monotonic() - began
        finally:
            memory.end()
        out.seek(0)
        err.seek(0)
        return Watched(
            wall_s=wall,
            cpu_s=used,
            resident_mb=memory.resident / 1e6,
            proportional_mb=memory.proportional / 1e6,
            code=code,
            out=out.read(),
            err=err.read(),
            began=began,
        )


def _ended(process: subprocess.Popen[bytes], latest: float) -> tuple[int, float]:
    """The exit code and the processor time; one that does not end is killed."""
    killer = Thread(target=_kill_at, args=(process, latest), daemon=True)
    killer.start()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_utime + usage.ru_stime


def _kill_at(process: subprocess.Popen[bytes], latest: float) -> None:
    while time.monotonic() < latest:
        time.sleep(1)
        if process.returncode is not None:
            return
    process.kill()


def with_children(pid: int) -> Iterator[int]:
    """A process and all that came of it and still live, but for those that are not yet a program of their own."""
    yield pid
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                if not _is_being_born(int(child), pid):
                    yield from with_children(int(child))


def _is_being_born(child: int, parent: int) -> bool:
    """Whether it has only just been split off, and what it seems to hold is its parent's."""
    with suppress(OSError, IndexError, ValueError):
        if Path(f"/proc/{child}/cmdline").read_bytes() != Path(f"/proc/{parent}/cmdline").read_bytes():
            return False
        began = int(Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[19]) / TICKS
        return float(Path("/proc/uptime").read_text().split()[0]) - began < BORN_WITHIN
    return True  # gone already


def _resident(pid: int) -> int:
    with suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    return 0


def _proportional(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
