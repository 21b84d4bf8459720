"""The index of subscriptions in this process, following the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import structlog

from subscriptions.index import Question, SubscriptionIndex
from tbtwatch.storage import Storage, Transaction
from watcher.markets import Markets

log = structlog.get_logger()

CHUNK = 5_000
#: From so many changes at once on the index is packed anew.
MANY = 20_000


class Audience:
    """The index of all live subscriptions: a cache, brought up to date inside the transaction that asks.

    It is read whole once, and then follows by what has changed alone, whoever changed it. What a transaction changed
    itself is in the index while that goes on, and is looked at again by the next: it may have been undone.
    """

    def __init__(self, markets: Markets) -> None:
        self._markets = markets
        self._revision = -1  #: up to which the index follows; -1: nothing was read yet
        self._unsure: set[int] = set()  #: changed by the transaction that was read in
        self._index = SubscriptionIndex((), markets)

    def prepare(self, storage: Storage, progress: Callable[[int, int], None] = lambda *_: None) -> int:
        """Read all live subscriptions, unless they were read; how many there are.

        A few thousand at a time, so that nobody waits for it; what changes meanwhile is taken over by `index`.
        `progress` is told how many were read, and of how many.
        """
        if self._revision < 0:
            with storage.look() as tx:
                revision, total = tx.subscriptions.revision(), tx.subscriptions.count_live()
            self._read(_whole(storage, total, progress), revision)
        return len(self._index)

    def index(self, tx: Transaction) -> SubscriptionIndex:
        """The index as of this transaction. On PostgreSQL none starts, changes or ends until that is over."""
        revision = tx.subscriptions.revision()
        if self._revision < 0 or revision < self._revision:
            # Nothing was read yet, or the database was put back to an earlier day.
            self._read_in(tx)
        elif revision > self._revision or self._unsure:
            self._follow(tx, revision)
        return self._index

    def _follow(self, tx: Transaction, revision: int) -> None:
        """Take over what has changed, here or elsewhere."""
        if tx.subscriptions.newest_change() < revision:
            # Somebody changed a subscription and did not say which.
            self._read_in(tx)
            return
        changed = dict(tx.subscriptions.changed_since(self._revision))
        changed.update(tx.subscriptions.now(self._unsure - changed.keys()))
        for id, question in changed.items():
            if question is None:
                self._index.remove(id)
            else:
                self._index.add(question)
        if len(changed) > MANY:
            self._index.settle()
        self._settle(tx)

    def _read_in(self, tx: Transaction) -> None:
        """Read all inside one transaction."""
        self._read(_all(tx), -1)
        self._settle(tx)

    def _settle(self, tx: Transaction) -> None:
        """The index is as this transaction sees it; what that wrote itself is not sure yet."""
        settled = tx.subscriptions.settled_revision()
        own = settled < tx.subscriptions.revision()
        self._unsure = {id for id, _ in tx.subscriptions.changed_since(settled)} if own else set()
        self._revision = settled

    def _read(self, questions: Iterable[Question], revision: int) -> None:
        self._revision, self._unsure = -1, set()
        self._index = SubscriptionIndex((), self._markets)  # the old one goes before the new one comes
        self._index.load(questions)
        self._revision = revision
        log.info("subscriptions_indexed", subscriptions=len(self._index))


def _all(tx: Transaction) -> Iterator[Question]:
    after = -1
    while chunk := tx.subscriptions.asked(after=after, limit=CHUNK):
        yield from chunk
        after = chunk[-1].id


def _whole(storage: Storage, total: int, progress: Callable[[int, int], None]) -> Iterator[Question]:
    """All live ones, each few thousand in a transaction of their own."""
    after, read = -1, 0
    while True:
        with storage.look() as tx:
            chunk = tx.subscriptions.asked(after=after, limit=CHUNK)
        if not chunk:
            return
        yield from chunk
        after, read = chunk[-1].id, read + len(chunk)
        progress(read, max(total, read))
