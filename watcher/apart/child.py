"""The child: `python -m watcher.apart.child MEGABYTES`. Documents come by standard input, entries go by the output."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import BinaryIO

import watcher.sources  # noqa: F401 - every kind is loaded before the bound on memory is set
from watcher.apart.chunks import chunks_of
from watcher.apart.frames import ERRORS, READY, Answer, Chunk, Fault, Head, SourceLoader, Task, packed, read_frame
from watcher.source import SourceError
from watcher.text import one_line


def main() -> None:
    """Answer until the parent says no more."""
    bound_memory(int(sys.argv[1]))
    incoming, outgoing = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints is no answer
    sources = SourceLoader()
    outgoing.write(READY)
    outgoing.flush()
    while True:
        try:
            task: Task = read_frame(incoming)
        except EOFError:
            return
        _answer(task, sources, outgoing)


def _answer(task: Task, sources: SourceLoader, outgoing: BinaryIO) -> None:
    def say(answer: Answer) -> None:
        outgoing.write(packed(answer))
        outgoing.flush()
        _live(task.seconds)

    _live(task.seconds)
    try:
        page = sources.source(task).parse(task.document, task.cursor)
        say(Head(next=page.next, total=page.total, rhythm=page.rhythm, state=page.state))
        for chunk in chunks_of(page.entries, task.chunk):
            say(Chunk(entries=chunk))
        say(Chunk(entries=()))
    except SourceError as error:
        name = type(error).__name__
        say(Fault(sentence=str(error), error=name if name in ERRORS else SourceError.__name__))
    except (MemoryError, RecursionError) as error:
        say(Fault(sentence=type(error).__name__, out_of_memory=True))
        raise SystemExit(1) from None  # whatever is left of it, a fresh child is better
    except Exception as error:
        say(Fault(sentence=f"{type(error).__name__}: {one_line(str(error))}", ours=True))
    finally:
        _live(None)


def _live(seconds: float | None) -> None:
    """End by itself after that long: the parent that would have ended it may have been killed."""
    if hasattr(signal, "alarm"):
        signal.alarm(0 if seconds is None else int(seconds) + 10)


def bound_memory(megabytes: int) -> None:
    """From now on this process may take so much more memory, where the system can bound it."""
    try:
        import resource  # not on every system

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + megabytes * 1_000_000
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    except (ImportError, OSError, ValueError):
        return


if __name__ == "__main__":
    main()
