"""Compressed bodies are undone in small pieces."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.fetch.decoding import STEP, BodyDecoder, CutOffError, EncodingError


def _deflated(body: bytes, window: int) -> bytes:
    stream = zlib.compressobj(wbits=window)
    return stream.compress(body) + stream.flush()


def _decoded(encoding: str, body: bytes, size: int = 1000) -> bytes:
    decoder = BodyDecoder(encoding)
    steps = [step for at in range(0, len(body), size) for step in decoder.feed(body[at : at + size])]
    decoder.finish()
    return b"".join(steps)


def _repeated(pattern: bytes, times: int) -> bytes:
    return pattern * times


WAYS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "GZip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "deflate ": lambda body: _deflated(body, -15),
    "": bytes,
    "identity": bytes,
    "gzip, identity": gzip.compress,
    "deflate, gzip": lambda body: gzip.compress(zlib.compress(body)),
    "gzip,gzip": lambda body: gzip.compress(gzip.compress(body)),
}


@pytest.mark.parametrize("encoding", WAYS)
@given(
    body=st.one_of(st.binary(max_size=3000), st.builds(_repeated, st.binary(max_size=9), st.integers(0, 40_000))),
    size=st.integers(1, 5000),
)
@settings(deadline=None, max_examples=25)
def test_what_was_encoded_comes_out_however_it_is_cut(encoding: str, body: bytes, size: int) -> None:
    """Every encoding that is offered, in pieces of any size; deflate with and without zlib's wrapper."""
    assert _decoded(encoding, WAYS[encoding](body), max(size, len(body) // 200)) == body


@given(parts=st.lists(st.binary(max_size=200), min_size=1, max_size=4), size=st.integers(1, 50))
@settings(deadline=None, max_examples=40)
def test_several_gzip_members_are_one_body(parts: list[bytes], size: int) -> None:
    """As RFC 1952 allows and log-rotating servers do."""
    assert _decoded("gzip", b"".join(map(gzip.compress, parts)), size) == b"".join(parts)


@pytest.mark.parametrize("padding", [b"\0" * 600, b"\n", b"\x1f", b"\x1f\x8c", b"<!-- cached -->\x1f\x8b"])
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_padding_behind_the_end_is_no_part_of_the_body(padding: bytes, size: int) -> None:
    """Real servers append zeros or a comment to what is compressed."""
    assert _decoded("gzip", gzip.compress(b"body") + padding, size) == b"body"
    assert _decoded("deflate", zlib.compress(b"body") + padding, size) == b"body"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "deflate, gzip"])
def test_no_step_is_larger_than_its_bound(encoding: str) -> None:
    """However much a piece expands to."""
    bomb = WAYS[encoding](b"\0" * 5_000_000)
    steps = [len(step) for step in BodyDecoder(encoding).feed(bomb)]
    assert sum(steps) == 5_000_000 and max(steps) <= STEP


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "deflate, gzip"])
def test_a_cut_body_is_told_from_a_whole_one(encoding: str) -> None:
    """At whatever octet it was cut."""
    whole = WAYS[encoding](b"a body that is long enough to be cut somewhere" * 20)
    for length in range(1, len(whole)):
        with pytest.raises(CutOffError):
            _decoded(encoding, whole[:length])


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "UTF-8", "gzip, br", "gzip, gzip, gzip"])
def test_an_encoding_that_was_not_offered_is_refused(encoding: str) -> None:
    """By name, before anything is read."""
    with pytest.raises(EncodingError, match="the body is"):
        BodyDecoder(encoding)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@given(body=st.binary(min_size=20, max_size=300))
@settings(deadline=None, max_examples=40)
def test_a_body_that_is_not_what_it_says_is_refused(encoding: str, body: bytes) -> None:
    """Whatever comes, nothing else than our own errors."""
    try:
        _decoded(encoding, b"\xff" + body)
    except (EncodingError, CutOffError):
        return
    assert encoding == "deflate"  # random octets may be a bare deflate stream; they are never a gzip one


@pytest.mark.parametrize("encoding", ["", "gzip", "deflate"])
@pytest.mark.parametrize("size", [1, 20, 1000])
def test_a_document_that_is_a_gzip_file_is_unpacked_if_so_wanted(encoding: str, size: int) -> None:
    """Once, whatever it was sent in; one that is cut off is found out, and what only begins so stays as it is."""
    body = b"<rss version='2.0'/>" * 300
    packed = WAYS[encoding](gzip.compress(body))
    assert _decoded(encoding, packed, size) == gzip.compress(body)
    decoder = BodyDecoder(encoding, unpack=True)
    assert b"".join(step for at in range(0, len(packed), size) for step in decoder.feed(packed[at : at + size])) == body
    decoder.finish()
    cut = BodyDecoder("", unpack=True)
    list(cut.feed(gzip.compress(body)[:-9]))
    with pytest.raises(CutOffError):
        cut.finish()
    other = BodyDecoder("", unpack=True)
    assert b"".join(other.feed(b"\x1f\x8b\x08\xff and so on")) == b"\x1f\x8b\x08\xff and so on"
    other.finish()
