"""The forms in which publishers show their lists: feeds, JSON, tables, pages. All sentences are made up."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from tests.journeys.quarter.papers import Paper


def link_of(base: str, paper: Paper) -> str:
    """The address of a document's own page."""
    return f"{base}/doc/{paper.token}"


def id_of(base: str, paper: Paper) -> str:
    """Its id in the publisher's list, which may change its scheme."""
    return f"{base}/id/{paper.token}" if paper.scheme == "a" else f"urn:new:{paper.token}"


def rss(papers: Sequence[Paper], *, base: str, title: str, zone: ZoneInfo, channel: str = "") -> bytes:
    """RSS 2.0."""
    items = "".join(
        f"<item><title>{escape(one.title)}</title><link>{link_of(base, one)}</link>"
        f'<guid isPermaLink="false">{id_of(base, one)}</guid>'
        f"<pubDate>{format_datetime(one.stamped.astimezone(zone))}</pubDate>"
        f"<description>Stated by the maker.</description></item>\n"
        for one in papers
    )
    head = f"<title>{title}</title><link>{base}/</link><description>News</description>{channel}"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}\n{items}</channel></rss>'.encode()


def atom(papers: Sequence[Paper], *, base: str, title: str, zone: ZoneInfo) -> bytes:
    """Atom 1.0."""
    entries = "".join(
        f'<entry><title>{escape(one.title)}</title><link href="{link_of(base, one)}"/><id>{id_of(base, one)}</id>'
        f"<published>{_local(one.stamped, zone)}</published><updated>{_local(one.stamped, zone)}</updated></entry>\n"
        for one in papers
    )
    head = f"<title>{title}</title><id>{base}/</id>"
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{head}\n{entries}</feed>'.encode()


def rdf(papers: Sequence[Paper], *, base: str, title: str, zone: ZoneInfo) -> bytes:
    """RSS 1.0."""
    items = "".join(
        f'<item rdf:about="{link_of(base, one)}"><title>{escape(one.title)}</title><link>{link_of(base, one)}</link>'
        f"<dc:date>{_local(one.stamped, zone)}</dc:date></item>\n"
        for one in papers
    )
    space = (
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    head = f'<channel rdf:about="{base}/"><title>{title}</title><link>{base}/</link></channel>'
    return f'<?xml version="1.0"?><rdf:RDF {space}>{head}\n{items}</rdf:RDF>'.encode()


def json_feed(papers: Sequence[Paper], *, base: str, title: str, zone: ZoneInfo) -> bytes:
    """JSON Feed 1.1."""
    entries = [
        {
            "id": id_of(base, one),
            "url": link_of(base, one),
            "title": one.title,
            "content_text": "Stated by the maker.",
            "date_published": _local(one.stamped, zone),
        }
        for one in papers
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": title, "items": entries}).encode()


def json_page(papers: Sequence[Paper], *, base: str, zone: ZoneInfo, start: int, size: int) -> bytes:
    """A page of a list of our own form, counted."""
    entries: list[dict[str, Any]] = [
        {
            "number": one.token,
            "name": one.title,
            "href": link_of(base, one),
            "day": one.stamped.astimezone(zone).date().isoformat(),
            "until": one.deadline.isoformat() if one.deadline else None,
            "first": one.original.isoformat() if one.original else None,
        }
        for one in papers[start : start + size]
    ]
    return json.dumps({"count": len(papers), "results": entries}).encode()


def table(papers: Sequence[Paper], *, base: str, zone: ZoneInfo) -> bytes:
    """Comma-separated values with a header."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(["Number", "Heading", "Published", "Link"])
    for one in papers:
        day = one.stamped.astimezone(zone).date().isoformat()
        rows.writerow([one.token, one.title, day, link_of(base, one)])
    return written.getvalue().encode()


def page_of_rows(papers: Sequence[Paper], *, base: str, title: str, zone: ZoneInfo, redesigned: bool = False) -> bytes:
    """A list in a web page; redesigned: with other elements and classes."""
    if redesigned:
        rows = "".join(
            f'<article class="card"><h3><a href="{link_of(base, one)}">{escape(one.title)}</a></h3>'
            f"<time>{one.stamped.astimezone(zone).date().isoformat()}</time></article>\n"
            for one in papers
        )
        body = f"<main>{rows}</main>"
    else:
        rows = "".join(
            f'<tr class="n"><td class="d">{one.stamped.astimezone(zone).date().isoformat()}</td>'
            f'<td class="t"><a href="{link_of(base, one)}">{escape(one.title)}</a></td></tr>\n'
            for one in papers
        )
        body = f"<table>{rows}</table>"
    return _page(title, f"<h1>{title}</h1>{body}")


def page_in_place(papers: Sequence[Paper], *, title: str) -> bytes:
    """One page that grows by a paragraph with each document."""
    stated = "The office states: {}, with immediate effect for importers."
    lines = "".join(f"<p>{stated.format(escape(one.title))}</p>" for one in papers)
    opening = "<p>This page lists what importers have to know about products that were stopped at the border.</p>"
    return _page(title, f"<main><h1>{title}</h1>{opening}{lines}</main>")


def feed_of_issues(issues: Sequence[datetime], *, base: str, title: str, zone: ZoneInfo) -> bytes:
    """A feed whose entries are issues of a gazette."""
    items = "".join(
        f"<item><title>Issue of {at.astimezone(zone):%d %B %Y}</title><link>{base}/issue/{at:%Y%m%d}</link>"
        f"<pubDate>{format_datetime(at.astimezone(zone))}</pubDate></item>\n"
        for at in issues
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'.encode()


def error_page() -> bytes:
    """What some publishers send with status 200 when something is wrong."""
    return _page("404 - Page not found", "<h1>Page not found</h1>")


def some_page() -> bytes:
    """A page in place of a feed that does not look like an error."""
    return _page("Welcome", "<h1>Our new site</h1><p>Hello.</p>")


def _page(title: str, body: str) -> bytes:
    return f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>".encode()


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(timespec="seconds")
