"""The page on which the owner of an address agrees to be written to. Plain HTML, nothing loaded from anywhere."""

from __future__ import annotations

from html import escape

from notifiers.wording import Words
from tbtwatch.web.pages import masked, page


def asks(address: str, enterprise: str, words: Words) -> str:
    """The page that asks, with a button; nothing has changed yet."""
    button = f'<form method="post"><button type="submit">{escape(words("confirm.page.button"))}</button></form>'
    said = words("confirm.page.asks", enterprise=enterprise, address=masked(address))
    return _page(f"<p>{escape(said)}</p>\n{button}\n<p>{escape(words('confirm.no'))}</p>\n", words)


def done(address: str, enterprise: str, words: Words) -> str:
    """The page after the button."""
    said = words("confirm.page.done", enterprise=enterprise, address=masked(address))
    return _page(f"<p>{escape(said)}</p>\n", words)


def over(words: Words) -> str:
    """It is too late."""
    return _page(f"<p>{escape(words('confirm.page.over'))}</p>\n", words)


def unknown() -> str:
    """The page for a link that is none of ours, in both languages: nothing is known of the reader."""
    said = "".join(f"<p>{escape(Words(language)('confirm.page.unknown'))}</p>\n" for language in ("zh", "en"))
    return _page(said, Words("zh"))


def _page(body: str, words: Words) -> str:
    return page(words("confirm.title"), body, words)
