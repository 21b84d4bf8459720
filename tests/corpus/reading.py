"""Reading a document under limits of time and memory, with an eye on what is opened and asked meanwhile."""

from __future__ import annotations

import contextlib
import resource
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Final

from tests.corpus.cases import LINES, Case
from watcher.source import Entry, Page, Source, SourceError
from watcher.sources.notice_lines import read_notices

SECONDS: Final = 20
OCTETS: Final = 600_000_000  #: more than the process had before; the worker that reads for the service has no more

_WATCHED = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "subprocess.Popen", "os.system")
_watching: list[list[str]] = []
_armed = False


class TooLong(BaseException):  # no Exception: a tolerant reader must not swallow it
    """The document was not read in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of a document; entries and an error: what was read before the fault."""

    entries: Sequence[Entry] = ()
    page: Page | None = None
    error: str | None = None  #: the sentence of a SourceError


def read(case: Case, body: bytes, source: Source | None = None) -> Reading:
    """The document read by its kind. Raises whatever it should not."""
    try:
        if case.kind == LINES:
            return Reading(entries=tuple(read_notices(body.splitlines())))
        source = source or case.source()
        page = source.parse(case.document(source, body), case.cursor())
    except SourceError as error:
        return Reading(error=str(error))
    entries: list[Entry] = []
    try:
        for entry in page.entries:
            entries.append(entry)
    except SourceError as error:
        return Reading(entries=tuple(entries), page=page, error=str(error))
    return Reading(entries=tuple(entries), page=page)


@contextlib.contextmanager
def limited(seconds: float = SECONDS, octets: int = OCTETS) -> Iterator[None]:
    """Stops with `TooLong` after so many seconds, and with MemoryError beyond so many octets more than there are."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    size = _octets_mapped()
    if size is not None:
        resource.setrlimit(resource.RLIMIT_AS, (size + octets, hard))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@contextlib.contextmanager
def watched(*secrets: str) -> Iterator[list[str]]:
    """What is asked of the network, and which of the secret files are opened, while it lasts."""
    global _armed  # noqa: PLW0603  # an audit hook can't be taken off again
    if not _armed:
        sys.addaudithook(_audit)
        _armed = True
    seen: list[str] = []
    _watching.append(seen)
    _secrets.extend(secrets)
    try:
        yield seen
    finally:
        _watching.remove(seen)
        del _secrets[len(_secrets) - len(secrets) :]


_secrets: list[str] = []


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watching:
        return
    if event in _WATCHED or event.startswith(("urllib.", "http.")):
        for seen in _watching:
            seen.append(f"{event} {arguments[1:]!r:.200}")
    elif event == "open" and str(arguments[0]) in _secrets:
        for seen in _watching:
            seen.append(f"open {arguments[0]}")


def _octets_mapped() -> int | None:
    status = Path("/proc/self/statm")
    if not status.exists():
        return None
    return int(status.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
