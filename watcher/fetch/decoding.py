"""Undo Content-Encoding in small pieces, so that a small answer which expands to gigabytes does no harm.

A document that is itself a gzip file (`feed.xml.gz`) can be unpacked as well: nothing that is read is wanted packed.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Protocol

#: What is asked for, and the only encodings that are undone.
ACCEPT_ENCODING = "gzip, deflate"

#: Bytes that one step may expand to.
STEP = 64 * 1024

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP = 31  # zlib's window bits for a gzip wrapper, a zlib wrapper, and none
_ZLIB = 15
_RAW = -15


class EncodingError(Exception):
    """The body is not encoded in a way that can be undone; the sentence says how it is."""


class CutOffError(Exception):
    """The compressed body ends before its end."""


class Decoder(Protocol):
    """Undoes one encoding."""

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """What the next bytes stand for, in pieces of at most `STEP` bytes. Raises `EncodingError`."""

    def finish(self) -> None:
        """Nothing more will come. Raises `CutOffError` if something should have."""


class _Inflate:
    """gzip (also several members one after the other) or deflate (with zlib's wrapper as in RFC 9110, or bare)."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._stream: zlib._Decompress | None = None
        self._head = b""  # kept until there is enough to tell the wrapper by
        self._ended = False
        self._padding = False

    def feed(self, piece: bytes) -> Iterator[bytes]:
        piece, self._head = self._head + piece, b""
        step = b""
        # A full step may have left output inside the stream although all input is used.
        while (piece or len(step) == STEP) and not self._padding:
            if self._stream is None:
                if self._ended and not (self._name == "gzip" and piece.startswith(_GZIP_MAGIC[: len(piece)])):
                    self._padding = True  # behind the end; real servers send it, and it is no part of the document
                    return
                if len(piece) < len(_GZIP_MAGIC):
                    self._head = piece
                    return
                self._stream = zlib.decompressobj(self._window(piece))
                self._ended = False
            try:
                step = self._stream.decompress(piece, STEP)
            except zlib.error as error:
                raise EncodingError(f"the body says it is {self._name} and is not ({error})") from None
            if self._stream.eof:
                piece, self._stream, self._ended = self._stream.unused_data, None, True
                if step:
                    yield step
                step = b""
                continue
            piece = self._stream.unconsumed_tail
            if step:
                yield step

    def finish(self) -> None:
        if self._stream is not None or (self._head and not self._ended):
            raise CutOffError

    def _window(self, start: bytes) -> int:
        if self._name == "gzip":
            return _GZIP
        return _ZLIB if start[0] & 0x0F == 8 and int.from_bytes(start[:2], "big") % 31 == 0 else _RAW


class _Unpack:
    """A gzip file as what is in it; anything else as it is."""

    _HEADER = b"\x1f\x8b\x08"

    def __init__(self) -> None:
        self._head = b""  # kept while it may yet be the beginning of a gzip file
        self._begun = False
        self._inflate: _Inflate | None = None

    def feed(self, piece: bytes) -> Iterator[bytes]:
        if not self._begun:
            piece, self._head = self._head + piece, b""
            start = piece[: len(self._HEADER)]
            if len(piece) <= len(self._HEADER) and self._HEADER.startswith(start):
                self._head = piece
                return
            self._begun = True
            # The last three flags of the header are always 0 (RFC 1952, 2.3.1).
            if start == self._HEADER and not piece[3] & 0xE0:
                self._inflate = _Inflate("gzip")
        if self._inflate is None:
            yield piece
        else:
            yield from self._inflate.feed(piece)

    def finish(self) -> None:
        if self._head:
            raise CutOffError
        if self._inflate is not None:
            self._inflate.finish()


class BodyDecoder:
    """Undoes everything that a Content-Encoding names, the last first. An empty body is empty in every encoding."""

    #: More than this many one upon the other is not seen in earnest.
    MOST = 2

    def __init__(self, content_encoding: str, *, unpack: bool = False) -> None:
        """`unpack`: a document that is itself a gzip file is given as what is in it.

        Raises `EncodingError`, a sentence, for an encoding that was not asked for.
        """
        names = [name for word in content_encoding.lower().split(",") if (name := word.strip()) not in ("", "identity")]
        names = [name.removeprefix("x-") if name == "x-gzip" else name for name in names]
        for name in names:
            if name not in ("gzip", "deflate"):
                raise EncodingError(f"the body is encoded as {name[:40]!r}, and only {ACCEPT_ENCODING} were offered")
        if len(names) > self.MOST:
            raise EncodingError(f"the body is compressed {len(names)} times over")
        decoders: list[Decoder] = [_Inflate(name) for name in reversed(names)]
        self._decoders: tuple[Decoder, ...] = (*decoders, _Unpack()) if unpack else tuple(decoders)

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """What the next bytes stand for, in pieces of at most `STEP` bytes if anything is decoded.

        Raises `EncodingError`.
        """
        return self._through(0, piece)

    def finish(self) -> None:
        """The body is complete. Raises `CutOffError` if the compressed data say that it is not."""
        for decoder in self._decoders:
            decoder.finish()

    def _through(self, depth: int, piece: bytes) -> Iterator[bytes]:
        if depth == len(self._decoders):
            yield piece
            return
        for step in self._decoders[depth].feed(piece):
            yield from self._through(depth + 1, step)
