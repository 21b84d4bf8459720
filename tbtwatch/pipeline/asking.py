"""The requests of one poll: asked with what was remembered of each address, and remembered again.

A body that is the very one of the last poll is not read again, whether the publisher says so (304) or not (the same
bytes). Once a week every address is asked as if for the first time: a server that says "not modified" whatever
happens is found out by that, and not asked so any more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from tbtwatch.pipeline.permission import Permission
from tbtwatch.storage.sources import SourceState
from watcher.fetch import Fetcher, Validators, validators_of
from watcher.fetch.asking import carries_a_key
from watcher.moving import Address
from watcher.rhythm import lifetime
from watcher.robots import origin_of
from watcher.source import Document, Request

#: Every address is asked unconditionally so often.
WHOLE_EVERY = timedelta(days=7)
#: What was not asked for so long is forgotten: a detail page of a notice that left its list.
FORGOTTEN_AFTER = timedelta(days=60)
_MOST_REMEMBERED = 2_000


class Asking:
    """What one poll asks and gets."""

    def __init__(self, state: SourceState, *, fetcher: Fetcher, permission: Permission, reader: int) -> None:
        """`reader` is the readers' version: one that takes more reads the same body again."""
        self._fetcher = fetcher
        self._permission = permission
        self._reader = str(reader)
        #: By question (`Request.question`; the address alone, for a GET): etag, last_modified, url (that gave them),
        #: sha256, reader, lives (seconds), asked_at, whole_at (when it was last asked unconditionally), lying ("1": its
        #: validators are not to be trusted).
        self.validators: dict[str, dict[str, str]] = {url: dict(kept) for url, kept in state.validators.items()}
        self.address: Address = state.address
        self.requests = 0  #: for documents
        self.octets = 0
        self.asked_last = ""  #: the address of the last request
        self.answered_by = ""  #: the address that its document came from, redirects followed
        self.status: int | None = None  #: of the last answer
        self.read = 0  #: documents that had to be read
        self.same_bytes = 0  #: documents that came again as they were
        self.partial = False  #: a document held what is new only (226): absence means nothing
        self.lives: timedelta | None = None  #: the lifetime of the first document
        self.caught: set[str] = set()  #: addresses whose strong validators lied
        self.doubtful: set[str] = set()  #: addresses whose weak ones did, if what came has news
        self._whole: set[str] = set()  # addresses that were asked unconditionally

    async def document(self, request: Request, folder: Callable[[], Path], *, now: datetime) -> Document | None:
        """The document, or None if it is the very one that was read last time. Raises FetchError.

        `folder` makes the folder for a document that comes in a file.
        """
        first, stated = self.requests == 0, request.url
        if first:
            request = replace(request, url=self.address.instead_of(stated))
        self.asked_last = request.url
        request = replace(request, pause_seconds=await self._permission.pause_seconds(request))
        kept = self.validators.get(request.question, {}) if request.conditional else {}
        if kept.get("reader") != self._reader:
            kept = {}
        whole = not kept or _over(kept.get("whole_at"), WHOLE_EVERY, now)
        validators = None if whole or kept.get("lying") else _validators(kept)
        if validators is None:
            self._whole.add(request.question)
        into = folder() / f"document-{request.page}" if request.into_file else None
        self.requests += 1
        document = await self._fetcher.fetch(
            request, validators=validators, into=into, before_hop=self._permission.before_hop
        )
        self.status, self.answered_by = document.status, document.url
        if first:
            self._note_first(document, request, stated, kept, now)
        if document.not_modified:
            self.validators[request.question] = {**kept, "asked_at": now.isoformat()}
            return None
        self.octets += document.file.stat().st_size if document.file is not None else len(document.body)
        self.partial = self.partial or document.status == 226
        if request.conditional and kept.get("sha256") == sha256(document):
            self.same_bytes += 1
            self.remember(document, now=now)
            return None
        if kept and validators is None and request.body is None:
            self._compare(document, kept, request.url)
        self.read += 1
        return document

    def remember(self, document: Document, *, now: datetime) -> None:
        """Keep what is needed to recognise a document that was read."""
        if not document.request.conditional:
            return
        question = document.request.question
        before = self.validators.get(question, {})
        # The answer to a POST has none that could be sent back: its bytes alone tell whether it is the last one's.
        validators = validators_of(document) if document.request.body is None else Validators()
        lives = lifetime(document.headers, now)
        kept = {
            "etag": validators.etag,
            "last_modified": validators.last_modified,
            "url": validators.url,
            "sha256": None if document.status == 226 else sha256(document),
            "reader": self._reader,
            "lives": None if lives is None else str(int(lives.total_seconds())),
            "asked_at": now.isoformat(),
            "whole_at": now.isoformat() if question in self._whole else before.get("whole_at"),
            "lying": "1" if question in self.caught else before.get("lying"),
        }
        self.validators[question] = {name: value for name, value in kept.items() if value}

    @property
    def read_all(self) -> bool:
        """Whether every document came whole and was read: one that is as it was is not looked into."""
        return self.read == self.requests and not self.partial

    def found_out(self, *, news: bool) -> bool:
        """Whether validators were found to lie in this poll, given whether it brought news; noted for the next."""
        liars = self.caught | (self.doubtful if news else set())
        for url in liars & set(self.validators):
            self.validators[url]["lying"] = "1"
        return bool(liars)

    def remembered(self, now: datetime) -> dict[str, dict[str, str]]:
        """What to store of the addresses, those long not asked left out."""
        fresh = {
            url: kept
            for url, kept in self.validators.items()
            if not kept.get("asked_at") or not _over(kept["asked_at"], FORGOTTEN_AFTER, now)
        }
        latest = sorted(fresh, key=lambda url: fresh[url].get("asked_at", ""))[-_MOST_REMEMBERED:]
        return {url: fresh[url] for url in latest}

    def _note_first(
        self, document: Document, request: Request, stated: str, kept: Mapping[str, str], now: datetime
    ) -> None:
        """What the first answer says of when and where to ask next."""
        self.lives = lifetime(document.headers, now)
        if self.lives is None and document.not_modified and kept.get("lives", "").isdigit():
            self.lives = timedelta(seconds=int(kept["lives"]))
        moved_to = document.moved_to
        if moved_to and carries_a_key(request) and origin_of(moved_to) != origin_of(stated):
            moved_to = None  # a key goes where staff said, and nowhere else
        self.address = self.address.told_to(moved_to, url=stated, now=now)

    def _compare(self, document: Document, kept: Mapping[str, str], url: str) -> None:
        """The body is another one. Would the server have said "not modified"?"""
        etag, modified = document.headers.get("etag"), document.headers.get("last-modified")
        if document.status == 226 or not kept.get("sha256") or document.url != kept.get("url"):
            return
        if etag is not None and etag == kept.get("etag"):
            (self.doubtful if etag.startswith("W/") else self.caught).add(url)
        elif etag is None and "etag" not in kept and modified is not None and modified == kept.get("last_modified"):
            self.doubtful.add(url)


def sha256(document: Document) -> str:
    """The body's hash."""
    digest = hashlib.sha256()
    if document.file is not None:
        with document.file.open("rb") as body:
            while block := body.read(1 << 20):
                digest.update(block)
    else:
        digest.update(document.body)
    return digest.hexdigest()


def _validators(kept: Mapping[str, str]) -> Validators:
    return Validators(etag=kept.get("etag"), last_modified=kept.get("last_modified"), url=kept.get("url", ""))


def _over(since: str | None, length: timedelta, now: datetime) -> bool:
    """Whether so much has passed; of an instant that is not known, yes."""
    try:
        return since is None or now - datetime.fromisoformat(since) >= length
    except (ValueError, TypeError):
        return True
