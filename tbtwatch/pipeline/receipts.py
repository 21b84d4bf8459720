"""What the other side has taken, noted on this machine's disk at once, until the database knows it as well.

Between "250 taken" and the commit that writes it down lie milliseconds, more when the database is busy. A process
killed in them would send that message again. A line appended to a file outlives the process (not the machine), takes
microseconds and waits for nobody; whoever delivers next on this machine hands the lines of the dead to the database.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import structlog

from tbtwatch.storage.outbox import Claimed

log = structlog.get_logger()

SUFFIX = ".receipts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A message that was taken by the other side."""

    delivery: int
    attempt: int
    message_id: str  #: delivery numbers mean something in one database only; this is told apart everywhere

    @classmethod
    def of(cls, claimed: Claimed) -> Receipt:
        """For a delivery that was just sent."""
        return cls(delivery=claimed.id, attempt=claimed.attempts, message_id=claimed.message.message_id)


class Receipts:
    """One process's receipts, and the way to those of the dead. A folder that cannot be written is done without."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path: Path | None = None
        self._file = -1
        self._open: list[Receipt] = []
        self._broken = False

    @property
    def kept(self) -> bool:
        """Whether they outlive this process: its folder can be written."""
        return not self._broken

    def note(self, receipt: Receipt) -> None:
        """The other side has it."""
        self._open.append(receipt)
        if self._broken:
            return
        try:
            if self._path is None:
                self._begin()
            os.write(self._file, f"{receipt.delivery} {receipt.attempt} {receipt.message_id}\n".encode())
        except OSError as error:
            self._broken = True
            log.warning(
                "receipts_not_kept",
                folder=str(self._folder),
                why=str(error),
                hint="nothing is lost, but a process killed at the wrong moment sends a message twice: make the folder"
                " writable",
            )

    def written_down(self, receipt: Receipt) -> None:
        """The database knows it too."""
        with suppress(ValueError):
            self._open.remove(receipt)
        if not self._open and self._path is not None and not self._broken:
            with suppress(OSError):
                os.ftruncate(self._file, 0)

    def own(self) -> list[Receipt]:
        """What this process has sent and could not write down: the database did not answer."""
        return list(self._open)

    def of_the_dead(self) -> Iterator[list[Receipt]]:
        """What each dead process of this machine left. A list counts as dealt with once the next is asked for."""
        try:
            paths = [path for path in self._folder.iterdir() if path.suffix == SUFFIX and path != self._path]
        except OSError:
            return
        for path in sorted(paths):
            try:
                file = os.open(path, os.O_RDONLY)
            except OSError:
                continue
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # held by its process for as long as that lives
                yield _read(file)
                path.unlink(missing_ok=True)
            except OSError:
                continue  # alive
            finally:
                os.close(file)

    def close(self) -> None:
        """Nothing more will be sent by this process."""
        if self._path is None:
            return
        if not self._open:
            self._path.unlink(missing_ok=True)
        os.close(self._file)
        self._path, self._file = None, -1

    def _begin(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{os.getpid()}-{uuid4().hex[:8]}"
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        # Only now may others see it: without its lock it would look like a dead process's.
        self._path = path.rename(path.with_suffix(SUFFIX))


def _read(file: int) -> list[Receipt]:
    with os.fdopen(os.dup(file), encoding="utf-8", errors="replace") as lines:
        return [receipt for line in lines if (receipt := _receipt(line)) is not None]


def _receipt(line: str) -> Receipt | None:
    """The last line may be cut short; a receipt that is not whole proves nothing."""
    parts = line.rstrip("\n").split(" ", 2)
    if not line.endswith("\n") or len(parts) != 3 or not (parts[0].isdecimal() and parts[1].isdecimal()):
        return None
    return Receipt(delivery=int(parts[0]), attempt=int(parts[1]), message_id=parts[2])
