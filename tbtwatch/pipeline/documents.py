"""The PDFs that a new notice links: the text of their first pages, read before the notice is recorded and told.

Only for notices whose source never listed them before, and never in a first poll or an import: history has no reader
who waits for it. Each is tried once, whatever comes of it, and what came of it is kept (`tbtwatch.storage.documents`),
so that nothing is asked for again when a poll breaks off or the entry is worded anew. A poll gives its documents so
many seconds and no more; a notice whose documents could not be read stands without them.

A document is asked for by the fetcher that asks for everything else, with the same manners. Its host is often another
one than the source's: a robots.txt that the source need not keep to is kept to there.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from weakref import WeakKeyDictionary

import structlog

from tbtwatch.pipeline import politeness
from tbtwatch.pipeline.aside import aside
from tbtwatch.pipeline.permission import Permission, host_of
from tbtwatch.pipeline.politeness import Failure
from tbtwatch.storage import DATABASE_TROUBLE, Storage
from tbtwatch.storage.documents import TriedDocument
from tbtwatch.storage.sources import SourceState
from watcher.fetch import Fetcher, FetchError, Reason, without_secrets
from watcher.linked import pdf_addresses
from watcher.reading.pdf import MEGABYTE, PdfText, pdf_text
from watcher.source import Entry, Request, Source

log = structlog.get_logger()

#: A document that another entry has brought is not asked for again for so long: two sources carry one notice.
SAME_FOR = timedelta(days=1)
#: For one document to come, and for one to be read; less if the poll has less left.
LONGEST_FETCH, LONGEST_READING = 30.0, 20.0
#: Of one document; a notice has at most `LONGEST_OF_NOTICE`.
LONGEST_TEXT, LONGEST_OF_NOTICE = 40_000, 60_000
#: A host that failed so often in a poll is not asked for more.
_GIVEN_UP = 2
_LEAST_SECONDS = 0.05
_OF_THE_HOST = frozenset({Reason.UNREACHABLE, Reason.TIMED_OUT, Reason.UNAVAILABLE, Reason.RATE_LIMITED})

# A child that reads a PDF may take some hundred megabytes: of all polls of a process one has one at a time.
_reading: WeakKeyDictionary[Fetcher, asyncio.Lock] = WeakKeyDictionary()


@dataclass(slots=True)
class _Left:
    """What one poll may still spend."""

    documents: int
    seconds: float


class Documents:
    """For one poll."""

    def __init__(
        self,
        source: Source,
        state: SourceState,
        *,
        fetcher: Fetcher,
        storage: Storage,
        clock: Callable[[], datetime],
    ) -> None:
        """`state`: the source's, before the poll."""
        config = self._config = source.config
        self._most = config.read_documents if state.cursor.seeded_at is not None else 0
        #: The source's own host, where its `robots` setting holds.
        self._home = politeness.host_of_source(source, state, clock()) if self._most else ""
        self._fetcher, self._storage, self._clock = fetcher, storage, clock
        strict = config.model_copy(update={"robots": True})
        self._at_home = Permission(config, fetcher=fetcher, storage=storage, clock=clock)
        self._elsewhere = Permission(strict, fetcher=fetcher, storage=storage, clock=clock)
        self._left = _Left(documents=config.documents_a_poll, seconds=float(config.document_seconds))
        self._failures: Counter[str] = Counter()
        self._avoided: set[str] = set()
        self._read: dict[str, TriedDocument] = {}  # in this poll, by address

    def avoid(self, address: str) -> None:
        """The publisher has just failed at this address: nothing more is asked of its host in this poll."""
        self._avoided.add(host_of(address))

    async def read(self, entries: Sequence[Entry]) -> None:
        """Read what those of the entries link that are new to their source. Raises nothing but database trouble."""
        if not self._most:
            return
        linked = {
            entry.key: addresses
            for entry in entries
            if entry.notice is not None and entry.news and (addresses := pdf_addresses(entry.notice))
        }
        if not linked:
            return
        name = self._config.name
        with self._storage.look() as tx:
            known = tx.notices.known(name, list(linked))
            new = [key for key in linked if key not in known]
            done = tx.documents.tried(name, new)
        waiting: list[TriedDocument] = []
        for key in new:
            if key in done:
                continue
            before = self._left.documents
            tried = [await self._tried(key, address) for address in linked[key][: self._most]]
            waiting.extend(_not_too_long(tried))
            # What was asked for is written down at once: a program that is ended in the middle does not ask again.
            if self._left.documents < before:
                self._write_down(waiting)
            await asyncio.sleep(0)
        self._write_down(waiting)

    def _write_down(self, waiting: list[TriedDocument]) -> None:
        if waiting:
            with self._storage.begin() as tx:
                tx.documents.add(waiting)
        waiting.clear()

    async def _tried(self, key: str, address: str) -> TriedDocument:
        """What came of a document; never an exception but of the database, and of the program's end."""
        tried = TriedDocument(source=self._config.name, entry=key, url=address, tried_at=self._clock())
        if known := self._known(address):
            return replace(known, source=tried.source, entry=key)
        loop = asyncio.get_running_loop()
        began, refused = loop.time(), self._refused(address)
        if refused:
            tried = replace(tried, problem=refused)
        else:
            self._left.documents -= 1
            try:
                async with asyncio.timeout(self._left.seconds):
                    found = await self._fetched_and_read(address)
                tried = replace(tried, problem=found.problem, pages=found.pages, pages_read=found.read, text=found.text)
            except FetchError as error:
                self._note(address, error)
                tried = replace(tried, problem=f"Not read: {error.sentence}.")
            except TimeoutError:
                tried = replace(tried, problem=self._out_of_time())
            except DATABASE_TROUBLE:
                raise
            except Exception as failure:
                # A fault of ours in one document costs that document.
                log.exception("document_broke", source=tried.source, document=without_secrets(address))
                tried = replace(tried, problem=f"Not read: a fault of this program, {type(failure).__name__}.")
            self._left.seconds -= loop.time() - began
        event = "document_read" if tried.text else "document_not_read"
        shown = without_secrets(address)
        log.info(event, source=tried.source, entry=key, document=shown, why=tried.problem or None)
        self._read[address] = tried
        return tried

    def _known(self, address: str) -> TriedDocument | None:
        """What this document gave before: in this poll, or lately to another entry."""
        if address in self._read or self._left.documents <= 0:
            return self._read.get(address)
        with self._storage.look() as tx:
            return tx.documents.read_since(address, self._clock() - SAME_FOR)

    def _refused(self, address: str) -> str:
        """Why it is not asked for, as a sentence; empty: it may be."""
        host = host_of(address)
        if self._left.documents <= 0:
            return (
                f"Not read: this poll had read {self._config.documents_a_poll} documents already; "
                "raise documents_a_poll if its source has so many."
            )
        if self._left.seconds < _LEAST_SECONDS:
            return self._out_of_time()
        if host in self._avoided:
            return f"Not read: {host or 'its host'} had trouble in this poll, and was asked for no more."
        with self._storage.look() as tx:
            resting = tx.hosts.state(host).rests(self._clock())
        return f"Not read: {host} wants to be left alone for a while." if resting else ""

    def _out_of_time(self) -> str:
        return (
            f"Not read: the {self._config.document_seconds} seconds that documents may take in one poll were over; "
            "raise document_seconds if its source needs more."
        )

    async def _fetched_and_read(self, address: str) -> PdfText:
        """Raises FetchError."""
        most = self._config.document_megabytes * MEGABYTE
        seconds = min(LONGEST_FETCH, self._left.seconds)
        request = Request(
            url=address,
            accept="application/pdf, */*;q=0.1",
            conditional=False,
            max_body=most,
            max_decoded=most,
            deadline_seconds=seconds,
            silence_seconds=seconds / 2,
            into_file=True,
        )
        request = replace(request, pause_seconds=await self._permission_at(address).pause_seconds(request))
        loop = asyncio.get_running_loop()
        began = loop.time()
        with tempfile.TemporaryDirectory(prefix="tbtwatch-", ignore_cleanup_errors=True) as folder:
            path = Path(folder) / "document.pdf"
            await self._fetcher.fetch(request, into=path, before_hop=self._before_hop)
            async with _reading.setdefault(self._fetcher, asyncio.Lock()):
                # Not more than there is: the child is ended by its own bound, so that none outlives its poll.
                left = self._left.seconds - (loop.time() - began)
                return await aside(
                    pdf_text,
                    path,
                    pages=self._config.document_pages,
                    seconds=max(_LEAST_SECONDS, min(LONGEST_READING, left - _LEAST_SECONDS)),
                    max_bytes=most,
                )

    def _permission_at(self, address: str) -> Permission:
        return self._at_home if host_of(address) == self._home else self._elsewhere

    async def _before_hop(self, address: str) -> float:
        """Before a redirect is followed."""
        return await self._permission_at(address).before_hop(address)

    def _note(self, address: str, error: FetchError) -> None:
        """What a failure says of the host: one that asks to be left alone is, by all polls."""
        host = host_of(error.asked or address)
        if error.reason in _OF_THE_HOST:
            self._failures[host] += 1
        if self._failures[host] >= _GIVEN_UP or error.retry_after is not None or error.reason is Reason.RATE_LIMITED:
            self._avoided.add(host)
        if host == self._home and error.reason is not Reason.RATE_LIMITED:
            return  # trouble with a document must not keep us from the list
        failure = Failure(sentence=error.sentence, cause=error.reason.value, fetch=error)
        with self._storage.begin() as tx:
            known = tx.hosts.state(host)
            told = politeness.host_after(known, failure, now=self._clock(), answered=False, chance=None)
            if told is not None:
                tx.hosts.save(told)


def _not_too_long(tried: Sequence[TriedDocument]) -> list[TriedDocument]:
    """The documents of one entry, their texts cut to what a notice may hold."""
    kept, room = [], LONGEST_OF_NOTICE
    for one in tried:
        text = one.text[: min(LONGEST_TEXT, room)]
        room -= len(text)
        kept.append(replace(one, text=text))
    return kept
