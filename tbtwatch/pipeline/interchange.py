"""All that is known of notices, as lines another installation imports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from tbtwatch.storage import Storage
from watcher.notice import Notice
from watcher.sources.notice_lines import write_notices

PAGE = 500

Progress = Callable[[str, int, int | None], None]  #: what, notices so far, notices in all


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which notices. What is empty asks nothing."""

    since: date | None = None  #: distributed on or after that day; one without a day is always wanted
    members: frozenset[str] = frozenset()


def export_lines(wanted: Wanted, *, storage: Storage, progress: Progress = lambda *_: None) -> Iterator[str]:
    """The notices as lines without line ends, in the order in which they were recorded.

    Page by page, so that a long export neither holds them all in memory nor keeps a transaction open.
    """
    with storage.look() as tx:
        total = tx.notices.counts()["notices"]
    last, seen = 0, 0
    while True:
        with storage.look() as tx:
            page = tx.notices.after(last, limit=PAGE)
        if not page:
            return
        yield from write_notices(stored.notice for stored in page if _is_wanted(stored.notice, wanted))
        last, seen = page[-1].id, seen + len(page)
        progress("export", seen, max(total, seen))


def _is_wanted(notice: Notice, wanted: Wanted) -> bool:
    day = notice.distribution_date
    if wanted.since is not None and day is not None and day < wanted.since:
        return False
    return not wanted.members or not wanted.members.isdisjoint(notice.notifying_members)
