"""What parent and child say to each other: a length, then a pickle. What a child says is read with suspicion."""

from __future__ import annotations

import copyreg
import io
import pickle
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import Enum, EnumType
from operator import attrgetter
from typing import Any, BinaryIO, Final

from watcher.dates import DateFact
from watcher.markets import Markets
from watcher.notice import Notice
from watcher.source import CappedError, Cursor, Document, EndedError, Entry, Request, Rhythm, Source, SourceError

LENGTH: Final = struct.Struct(">Q")
#: No chunk of entries is larger: texts are bounded, and so is the number of entries in a chunk.
LONGEST: Final = 512_000_000
#: What a child says once it can take documents.
READY: Final = LENGTH.pack(0)

#: Besides the values of `watcher`, what a page may be made of.
_PLAIN: Final = frozenset(
    {
        ("datetime", "date"),
        ("datetime", "datetime"),
        ("datetime", "timedelta"),
        ("datetime", "timezone"),
        ("builtins", "frozenset"),
        ("builtins", "set"),
        ("pathlib", "PosixPath"),
        ("pathlib", "WindowsPath"),
        ("types", "MappingProxyType"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A document to read. The source is a pickle of its own, so that a child that knows it need not load it again."""

    source: bytes
    #: What many sources hold in common and the child does not have yet, by number: each a pickle.
    shared: Mapping[int, bytes] = field(default_factory=dict)
    document: Document
    cursor: Cursor
    chunk: int  #: entries in one answer
    seconds: float  #: to the next answer; a child whose parent is gone ends by itself soon after


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The page, without its entries."""

    next: Request | None
    total: int | None
    rhythm: Rhythm | None
    state: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some of the page's entries; none: that was all."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why it cannot be read. `ours`: by a fault of this program, not of the document."""

    sentence: str
    ours: bool = False
    error: str = "SourceError"  #: which one of `ERRORS`
    out_of_memory: bool = False


#: What a document can be found to be, by name.
ERRORS: Final = {kind.__name__: kind for kind in (SourceError, EndedError, CappedError)}

Answer = Head | Chunk | Fault


class ForeignError(pickle.UnpicklingError):
    """A child's whole answer holds what no answer may hold: a fault of this program, whatever the document was."""


def packed(value: object) -> bytes:
    """A frame."""
    written = io.BytesIO()
    pickler = pickle.Pickler(written, protocol=pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _DISPATCH
    pickler.dump(value)
    body = written.getbuffer()
    return LENGTH.pack(len(body)) + body


class SourcePickles:
    """Pickles of sources, each made once. The markets, which all of them hold, are a pickle of their own.

    They are fifty times as large as anything else in a source, and would be in a child as often as it knows sources.
    """

    def __init__(self) -> None:
        self._sources: dict[int, tuple[Source, bytes]] = {}
        self._markets: list[Markets] = []
        self.shared: dict[int, bytes] = {}  #: by number

    def of(self, source: Source) -> bytes:
        """The source's pickle, to be loaded with what is `shared`."""
        known = self._sources.get(id(source))
        if known is None or known[0] is not source:
            written = io.BytesIO()
            pickler = pickle.Pickler(written, protocol=pickle.HIGHEST_PROTOCOL)
            pickler.persistent_id = self._number  # type: ignore[method-assign]
            pickler.dump(source)
            known = self._sources[id(source)] = source, written.getvalue()
        return known[1]

    def _number(self, value: Any) -> int | None:
        if not isinstance(value, Markets):
            return None
        for number, one in enumerate(self._markets):
            if one is value:
                return number
        self._markets.append(value)
        self.shared[len(self._markets) - 1] = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
        return len(self._markets) - 1


class SourceLoader:
    """The child's side: loads the sources that its parent knows by `SourcePickles`, some of them at a time."""

    _MOST = 64

    def __init__(self) -> None:
        self._shared: dict[int, Any] = {}
        self._sources: dict[bytes, Source] = {}

    def source(self, task: Task) -> Source:
        """The source of a task."""
        self._shared |= {number: pickle.loads(body) for number, body in task.shared.items()}  # noqa: S301 - from the parent
        if task.source not in self._sources:
            if len(self._sources) >= self._MOST:
                self._sources.clear()
            unpickler = pickle.Unpickler(io.BytesIO(task.source))  # noqa: S301 - from the parent
            unpickler.persistent_load = self._shared.__getitem__  # type: ignore[method-assign]
            self._sources[task.source] = unpickler.load()
        return self._sources[task.source]


def _quickly(kind: type) -> Callable[[Any], tuple[Any, ...]]:
    """How a value of this kind is pickled: as it would be, without asking for the names of its fields each time."""
    state = attrgetter(*(field.name for field in fields(kind)))
    return lambda value: (copyreg.__newobj__, (kind,), state(value))  # type: ignore[attr-defined]


#: A page is made of thousands of these.
_DISPATCH: Final = copyreg.dispatch_table | {kind: _quickly(kind) for kind in (Entry, Notice, DateFact)}


def read_frame(stream: BinaryIO) -> Any:
    """The parent's next word, in the child; EOFError when there is none."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    return pickle.loads(stream.read(LENGTH.unpack(head)[0]))  # noqa: S301 - from the parent


class _Suspicious(pickle.Unpickler):
    """Takes the values that a page is made of and nothing that runs."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("builtins", "getattr"):
            return _member  # how CPython before 3.11.4 writes a member of an enumeration
        found = None
        if (module, name) in _PLAIN or ((module == "watcher" or module.startswith("watcher.")) and "." not in name):
            found = super().find_class(module, name)
        if not isinstance(found, type):
            raise ForeignError(f"a reader's answer holds {module}.{name}, which is no value")
        return found


def _member(kind: object, name: object) -> Enum:
    """In place of `getattr`, which would reach anything: a member of an enumeration and nothing else."""
    if not (isinstance(kind, EnumType) and isinstance(name, str) and name in kind.__members__):
        raise ForeignError("a reader's answer asks for an attribute that is no member of an enumeration")
    found: Enum = kind.__members__[name]
    return found


def answer_of(body: bytes) -> Answer:
    """A child's answer. Raises ForeignError: it holds another value; UnpicklingError: it is none."""
    value = _Suspicious(io.BytesIO(body)).load()
    if not isinstance(value, Head | Chunk | Fault):
        raise ForeignError(f"a reader's answer is of the type {type(value).__name__}, which is no answer")
    return value
