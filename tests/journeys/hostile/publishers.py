"""What hostile publishers serve, and what has to come of it."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.servers import Reply

GIGABYTE: Final = 1_000_000_000
#: What stands in a file of this machine, and must never stand in a notice.
SECRET: Final = "the-content-of-a-file-of-this-machine"
DRINKS: Final = "茶饮料标准"

_BLOCK: Final = b"<item><title>Drinks, again and again, and no end of them in sight</title></item>\n" * 12_500
_FEED: Final = {"kind": "feed"}
_JSON: Final = {"kind": "json_api", "fields": {"id": "id", "title": "title"}}
_HTML: Final = {"kind": "html_list", "row": "li", "fields": {"title": "a", "link": "a@href"}}
_CSV: Final = {"kind": "csv_list", "fields": {"id": "Number", "title": "Title"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One publisher."""

    name: str
    reply: Reply
    settings: Mapping[str, Any] = field(default_factory=lambda: _FEED)
    says: str = ""  #: what the source's error sentence holds, a regular expression; empty: it is read
    notices: int = 0  #: how many are read
    title: str = ""  #: of the first


def feed(*items: str, head: str = "") -> bytes:
    """A feed of these items."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{head}<rss version="2.0"><channel><title>News</title>'
        f"{''.join(items)}</channel></rss>"
    ).encode()


def item(number: int, title: str = "Drinks") -> str:
    """One of them."""
    return (
        f"<item><title>{title}</title><link>https://regulator.example/{number}</link>"
        f"<guid>n-{number}</guid><pubDate>Mon, 02 Nov 2026 08:00:00 GMT</pubDate></item>"
    )


@cache
def bomb() -> bytes:
    """A gigabyte of blanks, compressed to about a megabyte."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    blanks = b" " * 10_000_000
    return b"".join(packer.compress(blanks) for _ in range(GIGABYTE // len(blanks))) + packer.flush()


@cache
def packed_table() -> bytes:
    """A zip file with one table of a gigabyte."""
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("table.csv", "w") as table:
        table.write(b"Number,Title\n")
        row = b"1,Drinks and more drinks and more drinks and more drinks\n" * 200_000
        for _ in range(GIGABYTE // len(row)):
            table.write(row)
    return place.getvalue()


def laughs() -> bytes:
    """Ten entities, each ten times the one before: a gigabyte of text in a few hundred octets."""
    levels = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    return feed(item(1, "&l9;"), head=f'<!DOCTYPE rss [<!ENTITY l0 "laugh">{levels}]>')


def blow_up() -> bytes:
    """One long entity, many times: quadratic in the length of the document."""
    return feed(item(1, "&long;" * 50_000), head=f'<!DOCTYPE rss [<!ENTITY long "{"x" * 100_000}">]>')


def outside(address: str) -> bytes:
    """A feed that wants an entity of another place."""
    return feed(item(1, "Drinks &there;"), head=f'<!DOCTYPE rss [<!ENTITY there SYSTEM "{address}">]>')


def attacks(*, secret: Path, fifth_column: str, drip: float) -> Iterator[Attack]:
    """All of them. `secret`: a file with a feed and `SECRET`; `fifth_column`: an address that must not be asked."""
    gigabyte, deep = GIGABYTE // len(_BLOCK), 200_000
    yield Attack(name="1 GB, declared", reply=Reply(body=_BLOCK, times=gigabyte), says="MB|too large")
    yield Attack(name="1 GB, in chunks", reply=Reply(body=_BLOCK, times=gigabyte, chunked=True), says="MB|too large")
    yield Attack(
        name="gzip bomb (1 MB is 1 GB)",
        reply=Reply(body=bomb(), headers={"Content-Encoding": "gzip"}),
        says="MB|too large|decompress",
    )
    yield Attack(
        name="zip bomb (3 MB are 1 GB)", reply=Reply(body=packed_table()), settings=_CSV, says="MB|large|more than"
    )
    yield Attack(name="slow drip", reply=Reply(body=feed(item(1)) * 1_000, drip=drip, burst=50), says="second|slow")
    yield Attack(name="silence after the head", reply=Reply(body=feed(item(1)), body_after=drip * 1_000), says="second")
    yield Attack(name="billion laughs", reply=Reply(body=laughs()), notices=1)
    yield Attack(name="quadratic blow-up", reply=Reply(body=blow_up()), notices=1)
    yield Attack(name="XXE, a file", reply=Reply(body=outside(secret.as_uri())), notices=1)
    yield Attack(name="XXE, an address", reply=Reply(body=outside(fifth_column)), notices=1)
    yield Attack(name="deep nesting, XML", reply=Reply(body=feed("<a>" * deep + "</a>" * deep)))
    yield Attack(
        name="deep nesting, JSON",
        reply=Reply(body=b"[" * deep + b"]" * deep, headers={"Content-Type": "application/json"}),
        settings=_JSON,
        says=".",
    )
    yield Attack(name="deep nesting, HTML", reply=Reply(body=b"<div>" * deep), settings=_HTML, says=".")
    yield Attack(name="10,000 items", reply=Reply(body=feed(*map(item, range(10_000)))), notices=10_000, title="Drinks")
    many = {**_FEED, "max_megabytes": 20}
    yield Attack(name="40,000 items", reply=Reply(body=feed(*map(item, range(40_000)))), settings=many, says="entries")
    page = b"<!doctype html><html><head><title>Sorry</title></head><body><h1>Back soon</h1></body></html>"
    yield Attack(name="an HTML page", reply=Reply(body=page, headers={"Content-Type": "text/html"}), says="not a feed")
    yield Attack(name="nothing", reply=Reply(body=b""), says="empty|nothing|not a feed")
    yield Attack(
        name="cut on its way", reply=Reply(body=feed(*map(item, range(100))), declared=90_000), says="broke off"
    )
    yield Attack(
        name="cut at its source",
        reply=Reply(body=feed(item(1), item(2))[:-60]),
        says="breaks off in entry 2",
        notices=1,
    )
    yield Attack(
        name="wrong charset",
        reply=Reply(
            body=feed(item(1, DRINKS)).decode().replace("utf-8", "gb18030").encode("gb18030"),
            headers={"Content-Type": "application/rss+xml; charset=utf-8"},
        ),
        notices=1,
        title=DRINKS,
    )
    yield Attack(name="a path", reply=Reply(body=str(secret).encode()), says="not a feed")
    yield Attack(name="an address", reply=Reply(body=fifth_column.encode()), says="not a feed")
    yield Attack(name="one line, 4 MB", reply=Reply(body=feed(item(1, "x" * 4_000_000))), notices=1)
