"""The page behind the link of a message that tells much: each piece of news in full. Plain HTML, for a phone too."""

from __future__ import annotations

from html import escape
from zoneinfo import ZoneInfo

from notifiers.dates import Dates
from notifiers.wording import Words, offered
from tbtwatch.pipeline.burst import ListPage
from tbtwatch.web.pages import masked

_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{title}</title>
<style>body{{font:16px/1.6 system-ui,sans-serif;max-width:42em;margin:1.5em auto;padding:0 1em}}
h2{{font-size:1.05em;margin:2em 0 .3em}}pre{{font:inherit;white-space:pre-wrap;overflow-wrap:anywhere;margin:0}}
p{{color:#444}}</style></head>
<body><main><h1>{title}</h1>
{body}</main></body></html>
"""


def list_page(page: ListPage, zone: ZoneInfo) -> str:
    """Each piece of news as it was written, oldest first."""
    words = Words(offered(page.burst.message.language))
    written, until = page.burst.written_at.astimezone(zone), page.until.astimezone(zone)
    dates = Dates(words, written.date())
    said = (
        words("list.written", moment=dates.moment(written), address=masked(page.burst.target)),
        words("list.until", day=dates.near(until.date())),
    )
    entries = (
        f"<h2>{escape(one.message.subject)}</h2>\n<pre>{escape(one.message.text.strip())}</pre>\n"
        for one in page.entries
    )
    body = "".join(f"<p>{escape(line)}</p>\n" for line in said) + "".join(entries)
    return _filled(words, page.burst.message.subject, body)


def no_list() -> str:
    """The page for a link that is none of ours or too old, in both languages."""
    said = "".join(f"<p>{escape(Words(language)('list.unknown'))}</p>\n" for language in ("zh", "en"))
    return _filled(Words("zh"), Words("zh")("burst.list"), said)


def _filled(words: Words, title: str, body: str) -> str:
    return _PAGE.format(language=words.tag, title=escape(title), body=body)
