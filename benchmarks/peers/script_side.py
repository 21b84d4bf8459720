"""Peer: the script that anybody would write first. urllib with the stored ETag, feedparser, SQLite, in a loop.

script_side.py DATABASE FEEDS_JSON SMTP_PORT
"""

from __future__ import annotations

import io
import json
import sqlite3
import sys
import urllib.error
import urllib.request
from pathlib import Path

import feedparser

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.peers.mailing import mail
from benchmarks.peers.obeying import obey


def main(database: str, feeds: str, port: str) -> None:
    """Open, then poll when told."""
    urls: list[str] = json.loads(Path(feeds).read_text())
    held = sqlite3.connect(database)
    held.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        "CREATE TABLE IF NOT EXISTS feed (url TEXT PRIMARY KEY, etag TEXT);"
        "CREATE TABLE IF NOT EXISTS entry (url TEXT, id TEXT, title TEXT, text TEXT, PRIMARY KEY (url, id));"
    )

    def poll(mails: bool) -> None:
        new: list[tuple[str, str, str]] = []
        for url in urls:
            try:
                new += _poll(url, held)
            except OSError as error:  # a feed that fails is left for the next time
                print(f"{url}: {error}", file=sys.stderr)
        if mails:
            mail(int(port), new)

    obey(poll)


def _poll(url: str, held: sqlite3.Connection) -> list[tuple[str, str, str]]:
    known = held.execute("SELECT etag FROM feed WHERE url = ?", (url,)).fetchone()
    request = urllib.request.Request(url, headers={"If-None-Match": known[0]} if known and known[0] else {})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            body, etag = answer.read(), answer.headers.get("ETag")
    except urllib.error.HTTPError as error:
        if error.code == 304:
            return []
        raise
    new = []
    for entry in feedparser.parse(io.BytesIO(body)).entries:  # noqa: TID251
        row = (url, entry.id, entry.title, entry.summary)
        if held.execute("INSERT OR IGNORE INTO entry VALUES (?, ?, ?, ?)", row).rowcount:
            new.append((entry.title, entry.link, entry.summary))
    held.execute("INSERT OR REPLACE INTO feed VALUES (?, ?)", (url, etag))
    held.commit()
    return new


if __name__ == "__main__":
    main(*sys.argv[1:])
