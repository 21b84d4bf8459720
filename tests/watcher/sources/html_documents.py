"""Pages with a list of our own making, and their reading."""

from __future__ import annotations

from typing import Any

from tests.watcher.sources.answers import answer
from watcher.source import Cursor, Entry, Page, Source
from watcher.sources import make_source

URL = "https://reg.example/notices/"


def a_source(**over: Any) -> Source:
    stated = {
        "row": "ul.list > li",
        "fields": {"title": "a", "link": "a@href", "published": "time"},
        **over,
    }
    return make_source({"name": "l", "kind": "html_list", "url": URL, "issuer": "US-REG", **stated})


def a_row(title: str = "Toys", href: str = "/n/1", day: str = "3 November 2026") -> str:
    return f'<li><a href="{href}">{title}</a> <time>{day}</time></li>'


def a_page(*rows: str, before: str = "", after: str = "", head: str = "<title>Notices</title>") -> str:
    listed = f"<ul class=list>{''.join(rows)}</ul>"
    return f"<!doctype html><html><head>{head}</head><body>{before}{listed}{after}</body></html>"


def read(body: str | bytes, *, content_type: str = "text/html", **over: Any) -> Page:
    source = a_source(**over)
    body = body.encode() if isinstance(body, str) else body
    return source.parse(answer(source, body, headers={"content-type": content_type}), Cursor())


def entries(body: str | bytes, **over: Any) -> list[Entry]:
    return list(read(body, **over).entries)


def only(body: str | bytes, **over: Any) -> Any:
    (entry,) = entries(body, **over)
    assert entry.notice is not None
    return entry.notice
