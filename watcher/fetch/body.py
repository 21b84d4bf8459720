"""Where a body goes while it comes in: memory, or a file that is there whole or not at all."""

from __future__ import annotations

import io
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Protocol


class Body(Protocol):
    """Takes the pieces of one body."""

    def write(self, piece: bytes) -> object:
        """Take the next piece. Raises OSError."""

    def keep(self) -> tuple[bytes, Path | None]:
        """The body is complete: itself, or the file it is in. Raises OSError."""

    def discard(self) -> None:
        """The body is not wanted any more. Does nothing after `keep`."""


class MemoryBody:
    """A small body."""

    def __init__(self) -> None:
        self._pieces = io.BytesIO()  # gives its content away without a second copy

    def write(self, piece: bytes) -> int:
        """Take the next piece."""
        return self._pieces.write(piece)

    def keep(self) -> tuple[bytes, Path | None]:
        """The body."""
        return self._pieces.getvalue(), None

    def discard(self) -> None:
        """Let go of it."""
        self._pieces = io.BytesIO()


class FileBody:
    """A body too large for memory, written beside its place and put there when it is complete."""

    def __init__(self, place: Path | None, folder: Path | None) -> None:
        """`place` is the file to become; without one, a new file in `folder` (None: the system's own).

        Raises OSError.
        """
        beside = place.parent if place else folder
        number, name = tempfile.mkstemp(prefix="fetched-", suffix=".part" if place else ".body", dir=beside)
        self._partial: Path | None = Path(name)
        self._place = place or Path(name)
        self._file: BinaryIO = os.fdopen(number, "wb")

    def write(self, piece: bytes) -> int:
        """Take the next piece. Raises OSError."""
        return self._file.write(piece)

    def keep(self) -> tuple[bytes, Path | None]:
        """The file."""
        self._file.close()
        if self._partial is not None and self._partial != self._place:
            self._partial.replace(self._place)
        self._partial = None
        return b"", self._place

    def discard(self) -> None:
        """Remove what was written so far."""
        with suppress(OSError):  # what could not be written is not wanted either
            self._file.close()
        if self._partial is not None:
            self._partial.unlink(missing_ok=True)
            self._partial = None
