"""The text of a PDF's first pages, read in a process of its own: a PDF is a program of a stranger's making.

The child has a bound of memory and is ended when its time is over, so whatever the file holds costs a few seconds. A
file that cannot be read gives a sentence that says why, never an exception.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from watcher.text import plain

MEGABYTE: Final = 1_000_000
_LONGEST: Final = 200_000  # characters of text
_ENVIRONMENT: Final = ("PATH", "PYTHONPATH", "PYTHONHOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "SYSTEMROOT")
_SEARCHED_FOR_HEAD: Final = 1024  # bytes; readers take a PDF that begins later than it should
_LEAST_MEMORY: Final = 64 * MEGABYTE


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfText:
    """What a PDF says."""

    text: str = ""  #: plain, pages one after another; empty if there is none, or if it can't be read
    pages: int = 0  #: how many pages the document has, if that is known
    read: int = 0  #: how many of them `text` holds
    problem: str = ""  #: why there is no text or not all of it, as a sentence


def pdf_text(
    document: Path | bytes,
    *,
    pages: int = 5,
    seconds: float = 20.0,
    max_bytes: int = 20 * MEGABYTE,
    memory: int = 400 * MEGABYTE,
) -> PdfText:
    """The text of the first `pages` pages. Waits for at most `seconds`; the child may take `memory` bytes.

    Raises ValueError for limits that are none; for the document, whatever it is, it never raises.
    """
    if pages < 1 or seconds <= 0 or max_bytes < 1 or memory < _LEAST_MEMORY:
        raise ValueError("give at least one page, some time, some bytes and 64 megabytes of memory")
    try:
        if isinstance(document, bytes):
            with tempfile.TemporaryDirectory(prefix="tbtwatch-pdf-") as folder:
                path = Path(folder) / "document.pdf"
                path.write_bytes(document[: max_bytes + 1])
                return _checked(path, len(document), pages, seconds, max_bytes, memory)
        return _checked(document, document.stat().st_size, pages, seconds, max_bytes, memory)
    except OSError as error:
        return PdfText(problem=f"The PDF could not be opened ({error.strerror or type(error).__name__}).")


def _checked(path: Path, size: int, pages: int, seconds: float, max_bytes: int, memory: int) -> PdfText:
    if size == 0:
        return PdfText(problem="The PDF is empty.")
    if size > max_bytes:
        return PdfText(problem=f"The PDF has {size:,} bytes, more than the {max_bytes:,} that are read.")
    with path.open("rb") as opened:
        head = opened.read(_SEARCHED_FOR_HEAD)
    if b"%PDF-" not in head:
        what = "a web page" if head.lstrip()[:1] == b"<" else "something else"
        return PdfText(problem=f"The document is no PDF: {what} came instead.")
    return _read_apart(path, pages, seconds, memory)


def _read_apart(path: Path, pages: int, seconds: float, memory: int) -> PdfText:
    command = [sys.executable, "-m", "watcher.reading.pdf", str(path), str(pages), str(memory), str(int(seconds) + 5)]
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (_root(), environment.get("PYTHONPATH", ""))))
    # What the child says goes to a file: a pipe that nobody reads could stop it, and it may say a lot.
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(  # noqa: S603 - our own program, and the arguments are no words of strangers
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.DEVNULL, env=environment, cwd="/"
        ) as child,
    ):
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            return PdfText(problem=f"The PDF could not be read in {seconds:g} seconds.")
        finally:
            with suppress(OSError):
                child.kill()
            child.wait()
        said.seek(0)
        return _answer(said.read(8 * _LONGEST), child.returncode)


def _root() -> str:
    return str(Path(__file__).resolve().parents[2])


def _answer(said: bytes, status: int) -> PdfText:
    try:
        told = json.loads(said)
        text, count, problem = plain(str(told["text"]))[:_LONGEST], int(told["pages"]), str(told["problem"])[:500]
        if not text and not problem:
            problem = "The PDF holds no text: its pages are pictures." if count else "The PDF has no pages."
        return PdfText(text=text, pages=count, read=int(told["read"]), problem=problem)
    except (ValueError, TypeError, KeyError):
        how = "more memory than it may have, or broke the program that reads it" if status else "an unreadable answer"
        return PdfText(problem=f"The PDF could not be read: it took {how}.")


# What follows runs in the child.


def main() -> None:
    """Read the file that is named on the command line and print what came of it as JSON."""
    path, pages, memory, seconds = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    _bound(memory, seconds)
    try:
        told = _read(path, pages)
    except MemoryError:
        told = PdfText(problem="The PDF takes more memory than it may have.")
    except RecursionError:
        told = PdfText(problem="The PDF is nested too deeply to be read.")
    sys.stdout.write(
        json.dumps({"text": told.text, "pages": told.pages, "read": told.read, "problem": told.problem}),
    )


def _bound(memory: int, seconds: int) -> None:
    """Bounds that hold even if the parent is gone, where the system knows them."""
    try:
        import resource
    except ImportError:  # not on every system
        return
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(path: Path, most: int) -> PdfText:
    import logging

    from pypdf import PdfReader

    logging.disable(logging.CRITICAL)
    try:
        reader = PdfReader(path, strict=False)
        if reader.is_encrypted and not _opens_without_password(reader):
            return PdfText(problem="The PDF is encrypted: it can only be read with its password.")
        count = len(reader.pages)
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # a library that meets a stranger's file
        return PdfText(problem=f"The PDF is broken ({type(error).__name__}).")
    texts: list[str] = []
    read = length = 0
    problem = ""
    for number in range(min(most, count)):
        try:
            text = reader.pages[number].extract_text()
        except (MemoryError, RecursionError):
            if not texts:
                raise
            problem = f"Page {number + 1} of the PDF takes more memory than it may have."
            break
        except Exception as error:
            problem = problem or f"Page {number + 1} of the PDF is broken ({type(error).__name__})."
            continue
        texts.append(text)
        read += 1
        length += len(text)
        if length >= _LONGEST:
            problem = problem or f"The text of the PDF was cut after {_LONGEST:,} characters."
            break
    joined = "\n".join(texts)[:_LONGEST].encode("utf-8", "replace").decode()
    return PdfText(text=joined, pages=count, read=read, problem=problem)


def _opens_without_password(reader: Any) -> bool:
    try:
        return bool(reader.decrypt(""))
    except (MemoryError, RecursionError):
        raise
    except Exception:  # encrypted in a way that the library does not know, or wrongly
        return False


if __name__ == "__main__":
    main()
