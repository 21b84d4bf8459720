"""Peer: the package `reader` as its documentation uses it, with a hook for what is new.

    reader_side.py DATABASE FEEDS_JSON SMTP_PORT WORKERS [set-up]

With `set-up` the feeds are added and nothing is polled. `reader` is BSD-licensed and no dependency of the product.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from reader import EntryUpdateStatus, make_reader

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.peers.mailing import mail
from benchmarks.peers.obeying import obey


def main(database: str, feeds: str, port: str, workers: str, *rest: str) -> None:
    """Open, then poll when told."""
    reader: Any = make_reader(database)
    if rest:
        for url in json.loads(Path(feeds).read_text()):
            reader.add_feed(url, exist_ok=True)
        return
    new: list[tuple[str, str, str]] = []

    def remember(_: Any, entry: Any, status: Any) -> None:
        if status is EntryUpdateStatus.NEW:
            new.append((entry.title, entry.link, entry.summary or ""))

    reader.after_entry_update_hooks.append(remember)

    def poll(mails: bool) -> None:
        new.clear()
        reader.update_feeds(workers=int(workers), scheduled=False)
        if mails:
            mail(int(port), new)

    obey(poll)


if __name__ == "__main__":
    main(*sys.argv[1:])
