"""Documents read in a process of their own: the same entries, and bounds that hold."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.watcher.apart import rogues
from watcher.apart import Limits, Readers
from watcher.apart.frames import Chunk, SourceLoader, SourcePickles, Task, answer_of
from watcher.markets import Markets, Member
from watcher.notice import Notice, NoticeType
from watcher.source import CappedError, Cursor, Document, EndedError, Entry, Request, Source, SourceError
from watcher.sources import make_source

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ENTRY = {"name": "us-test", "kind": "feed", "issuer": "US-TEST", "url": "https://example.org/feed", "market": "USA"}


def feed(count: int = 3) -> bytes:
    """A feed of our own."""
    items = "".join(
        f"<item><guid>{n}</guid><title>Rule {n} 电池</title><link>https://example.org/{n}</link>"
        "<pubDate>Mon, 02 Mar 2026 07:00:00 GMT</pubDate></item>"
        for n in range(count)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()


def document(body: bytes) -> Document:
    """As the fetcher gives it."""
    return Document(
        url=ENTRY["url"], status=200, headers={}, body=body, fetched_at=NOW, request=Request(url=ENTRY["url"])
    )


async def entries(readers: Readers, source: Source, came: Document) -> list[Entry]:
    """All of them."""
    async with readers.read(source, came, Cursor()) as reading:
        return [entry async for chunk in reading.chunks() for entry in chunk]


async def in_turn(source: Any, *bodies: bytes, limits: Limits | None = None) -> list[Any]:
    """What each document gives, read one after the other: entries or the error."""
    readers, told = Readers(limits), list[Any]()
    try:
        for body in bodies:
            try:
                told.append(await entries(readers, source, document(body)))
            except (SourceError, RuntimeError) as error:
                told.append(error)
    finally:
        await readers.close()
    return told


def test_the_same_entries_as_in_this_process() -> None:
    """In their order, with their dates and their Chinese, however many chunks they are."""
    source = make_source(ENTRY)
    (read,) = asyncio.run(in_turn(source, feed(450)))
    assert read == list(source.parse(document(feed(450)), Cursor()).entries)
    assert len(read) == 450
    assert read[0].notice.distribution_date == date(2026, 3, 2)


def test_a_document_that_cannot_be_read_says_why() -> None:
    """The sentence is the kind's own, and the next document is read."""
    bad, good = asyncio.run(in_turn(make_source(ENTRY), b"<html><body>Service unavailable</body></html>", feed()))
    assert isinstance(bad, SourceError)
    assert "is not a feed" in str(bad)
    assert len(good) == 3


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"hang", "longer than 2 seconds"),
        (b"hang later", "longer than 2 seconds"),
        (b"eat", "memory"),
        (b"die", "memory to read, or broke"),
        (b"recurse", "memory"),
        (b"lie", "broke its reader"),
    ],
)
def test_what_breaks_its_bounds_is_given_up(body: bytes, words: str) -> None:
    """A reader that hangs, eats memory, dies or lies ends that document only."""
    limits = Limits(seconds=2, megabytes=200, children=1)
    bad, good = asyncio.run(in_turn(rogues.Rogue(), body, b"well", limits=limits))
    assert isinstance(bad, SourceError)
    assert words in str(bad)
    assert [entry.key for entry in good] == ["well"]


def test_a_fault_of_ours_is_no_fault_of_the_publisher() -> None:
    """It is told apart, and the reader stays fit."""
    bad, good = asyncio.run(in_turn(rogues.Rogue(), b"fault", b"well"))
    assert isinstance(bad, RuntimeError)
    assert "ZeroDivisionError" in str(bad)
    assert len(good) == 1


def test_a_value_that_no_answer_may_hold_is_a_fault_of_ours() -> None:
    """Nobody is told that the document was too large; the next one is read."""
    bad, good = asyncio.run(in_turn(rogues.Rogue(), b"foreign", b"well"))
    assert isinstance(bad, RuntimeError)
    assert "decimal.Decimal" in str(bad) and "memory" not in str(bad)
    assert len(good) == 1


def test_what_was_read_before_a_fault_comes_before_it() -> None:
    """However few entries that is, and the reader stays fit."""

    async def read() -> tuple[list[str], str, int]:
        readers, keys, said = Readers(Limits(children=1)), [], ""
        try:
            async with readers.read(rogues.Rogue(), document(b"three and a fault"), Cursor()) as reading:
                async for chunk in reading.chunks():
                    keys += [entry.key for entry in chunk]
        except SourceError as error:
            said = str(error)
        well = await entries(readers, rogues.Rogue(), document(b"well"))
        await readers.close()
        return keys, said, len(well)

    assert asyncio.run(read()) == (["0", "1", "2"], "breaks off", 1)


def test_one_that_hangs_does_not_hold_up_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """With two readers a document is read beside one that hangs, once it has hung for a while."""
    monkeypatch.setattr("watcher.apart.readers._PATIENCE", 0.05)

    async def both() -> list[str]:
        readers, order = Readers(Limits(seconds=10, children=2)), []

        async def read(body: bytes) -> None:
            try:
                await entries(readers, rogues.Rogue(), document(body))
            except SourceError:
                order.append("given up")
            else:
                order.append("read")

        await asyncio.gather(read(b"hang"), read(b"well"))
        await readers.close()
        return order

    assert asyncio.run(both()) == ["read", "given up"]


def test_a_second_is_started_only_when_the_first_is_busy_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many small documents at once are read by one process, and so is what waits for it to start."""
    started: list[asyncio.subprocess.Process] = []
    start = asyncio.create_subprocess_exec

    async def counted(*command: Any, **how: Any) -> asyncio.subprocess.Process:
        started.append(await start(*command, **how))
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", counted)
    monkeypatch.setattr("watcher.apart.readers._PATIENCE", 600.0)

    async def many() -> int:
        readers, source = Readers(), make_source(ENTRY)
        read = await asyncio.gather(*(entries(readers, source, document(feed(3))) for _ in range(12)))
        await readers.close()
        return sum(map(len, read))

    assert asyncio.run(many()) == 36
    assert len(started) == 1


def test_a_reader_that_does_not_start_is_a_fault_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """No publisher is blamed for it, and the next document is tried anew."""
    with monkeypatch.context() as broken:
        broken.setattr("sys.executable", "/bin/false")
        (bad,) = asyncio.run(in_turn(make_source(ENTRY), feed()))
    assert isinstance(bad, RuntimeError)
    assert "does not start" in str(bad)
    (good,) = asyncio.run(in_turn(make_source(ENTRY), feed()))
    assert len(good) == 3


def test_what_all_sources_share_is_handed_over_once() -> None:
    """The names of all markets are in a reader once, however many sources it knows."""
    markets = Markets([Member(code=f"M{n}", names={"en": f"Member number {n}"}) for n in range(300)])
    pickles, loader = SourcePickles(), SourceLoader()
    sources = [make_source({**ENTRY, "name": f"s{n}"}, find_member=markets.find) for n in range(70)]
    bodies = [pickles.of(source) for source in sources]
    assert max(map(len, bodies)) < len(pickles.shared[0]) / 5
    assert pickles.of(sources[0]) is bodies[0]
    loaded = [
        loader.source(
            Task(
                source=body,
                shared=pickles.shared if n == 0 else {},
                document=document(b""),
                cursor=Cursor(),
                chunk=1,
                seconds=1,
            )
        )
        for n, body in enumerate(bodies)
    ]
    known = {id(source._reader._find_member.__self__) for source in loaded}  # type: ignore[attr-defined]
    assert len(known) == 1
    assert loaded[-1]._reader._find_member("Member number 7") == "M7"  # type: ignore[attr-defined]
    assert [source.config.name for source in loaded] == [f"s{n}" for n in range(70)]


def test_who_stops_reading_leaves_nothing_behind() -> None:
    """Entries that nobody asks for any more hold up neither this document's reader nor the next document."""

    async def half() -> int:
        readers = Readers(Limits(children=1))
        async with readers.read(make_source(ENTRY), document(feed(2_000)), Cursor()) as reading:
            async for _ in reading.chunks():
                break
        read = await entries(readers, make_source(ENTRY), document(feed(2)))
        await readers.close()
        return len(read)

    assert asyncio.run(half()) == 2


def test_a_reader_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings in the environment are not handed down to where strangers' documents are read."""
    monkeypatch.setenv("TBTWATCH_SMTP_PASSWORD", "correct-horse")
    (read,) = asyncio.run(in_turn(rogues.Rogue(), b"environment"))
    assert "TBTWATCH" not in read[0].raw
    assert "PATH" in read[0].raw


@pytest.mark.parametrize("kind", [SourceError, CappedError, EndedError])
def test_what_kind_of_fault_it_is_comes_along(kind: type[SourceError]) -> None:
    """A capped list is asked for in parts, an ended feed no more: the poll must be able to tell."""
    (told,) = asyncio.run(in_turn(rogues.Rogue(), kind.__name__.encode()))
    assert type(told) is kind


class _Bomb:
    def __reduce__(self) -> Any:
        return (Path.touch, (Path("/tmp/never"),))


class _Got:
    """Is pickled as something fetched from something by its name."""

    def __init__(self, kind: Any, name: str) -> None:
        self._fetched = kind, name

    def __reduce__(self) -> Any:
        return (getattr, self._fetched)


def test_a_member_of_an_enumeration_comes_through_however_it_is_written() -> None:
    """CPython before 3.11.4 writes it as something fetched by name, later ones as a value; both are that member."""
    entry = Entry(key="1", notice=None, raw=_Got(NoticeType, "ADDENDUM"))  # type: ignore[arg-type]
    answer = answer_of(pickle.dumps(Chunk(entries=(entry,))))
    assert isinstance(answer, Chunk)
    assert answer.entries[0].raw is NoticeType.ADDENDUM


def test_an_answer_that_would_run_something_is_refused() -> None:
    """A broken reader cannot make the service do anything, nor reach for anything by its name."""
    reached = (_Got(NoticeType, "__subclasses__"), _Got(Notice, "__init__"), _Got(NoticeType, "mro"))
    for value in (_Bomb(), eval, Iterator, replace, *reached):
        with pytest.raises(pickle.UnpicklingError):
            answer_of(pickle.dumps(value))
