"""A source kind that does as the document says: to be read in a process apart."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from watcher.source import CappedError, Cursor, Document, EndedError, Entry, Page, Request, SourceConfig, SourceError


class Rogue:
    """Hangs, eats, dies, lies or works."""

    config = SourceConfig(name="rogue", kind="rogue")

    def resting(self) -> str | None:
        """Never."""
        return None

    def first_request(self, cursor: Cursor, now: datetime) -> Request:
        """Anything."""
        raise NotImplementedError

    def parse(self, document: Document, cursor: Cursor) -> Page:
        """Do as it says."""
        word = document.body.decode()
        if word == "hang":
            time.sleep(600)
        if word == "eat":
            bytearray(2_000_000_000)
        if word == "die":
            os.abort()
        if word == "recurse":
            self._deeper()
        if word == "fault":
            _ = 1 // 0
        if word == "lie":
            os.write(1, b"\0\0\0\0\0\0\0\4lies")
        for kind in (SourceError, CappedError, EndedError):
            if word == kind.__name__:
                raise kind("is not as it should be")
        return Page(entries=self._entries(word))

    def _entries(self, word: str) -> Iterator[Entry]:
        if word == "hang later":
            time.sleep(600)
        print("a library that prints")
        if word == "foreign":
            yield Entry(key=Decimal(1), notice=None)  # type: ignore[arg-type]
        if word == "three and a fault":
            for number in range(3):
                yield Entry(key=str(number), notice=None, problem="a rogue's")
            raise SourceError("breaks off")
        raw = " ".join(sorted(os.environ)) if word == "environment" else sys.executable
        yield Entry(key=word, notice=None, problem="a rogue's", raw=raw)

    def _deeper(self) -> None:
        self._deeper()

    def advance(self, cursor: Cursor, *, seen: date | None, now: datetime) -> Cursor:
        """Nowhere."""
        raise NotImplementedError
