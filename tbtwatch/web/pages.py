"""The page to unsubscribe on. Plain HTML, nothing loaded from anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from notifiers.wording import Words

_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{title}</title>
<style>body{{font:16px/1.6 system-ui,sans-serif;max-width:34em;margin:3em auto;padding:0 1em}}
button{{font:inherit;padding:.5em 1.2em}}</style></head>
<body><main><h1>{title}</h1>
{body}</main></body></html>
"""


def asks(address: str, names: Sequence[str], words: Words) -> str:
    """The page that asks, with a button; nothing has changed yet."""
    if not names:
        return _page(f"<p>{_said('unsubscribe.nothing', address, words)}</p>", words)
    button = f'<form method="post"><button type="submit">{escape(words("unsubscribe.button"))}</button></form>'
    return _page(f"<p>{_said('unsubscribe.asks', address, words)}</p>\n{_list(names)}\n{button}\n", words)


def done(address: str, names: Sequence[str], going_on: Sequence[str], words: Words) -> str:
    """The page after the button."""
    if names:
        body = f"<p>{_said('unsubscribe.done', address, words)}</p>\n{_list(names)}\n"
    else:
        body = f"<p>{_said('unsubscribe.nothing', address, words)}</p>\n"
    if going_on:
        body += f"<p>{_said('unsubscribe.going_on', address, words)}</p>\n{_list(going_on)}\n"
    return _page(body, words)


def unknown() -> str:
    """The page for a link that is none of ours, in both languages: nothing is known of the reader."""
    said = "".join(f"<p>{escape(Words(language)('unsubscribe.unknown'))}</p>\n" for language in ("zh", "en"))
    return _page(said, Words("zh"))


def masked(target: str) -> str:
    """An address as it may be shown to whoever has the link: "d…@example.com"."""
    name, at, domain = target.partition("@")
    return f"{name[:1]}…{at}{domain}"


def _said(name: str, address: str, words: Words) -> str:
    return escape(words(name, address=masked(address)))


def _page(body: str, words: Words) -> str:
    return page(words("unsubscribe.title"), body, words)


def _list(names: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(name)}</li>" for name in names) + "</ul>"


def page(title: str, body: str, words: Words) -> str:
    """A page of ours."""
    return _PAGE.format(language=words.tag, title=escape(title), body=body)
