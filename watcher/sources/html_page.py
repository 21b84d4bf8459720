"""A page as it came: what it is besides HTML, an error page with status 200, its base address, its visible text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from watcher.reading.markup import MarkupError, body_text, parse_markup
from watcher.reading.markup_encoding import body_of, headers_with_charset
from watcher.source import Document, SourceError
from watcher.sources.feed_encoding import text_of
from watcher.sources.html_fields import address
from watcher.sources.html_settings import Marker
from watcher.text import one_line, plain, safe_link

_LONGEST_HEADING: Final = 80  # characters: a longer one tells of errors, it is none
_ERROR: Final = re.compile(
    r"^\W*(?:(?:https?|server|system)?\W*(?:error|erreur|fehler|ошибка|エラー|错误|錯誤|오류)?\W*(?:code)?\W*"
    r"(?:40[0134568]|410|429|50[0-4])\b"
    r"|(?:error|erreur|fehler|ошибка|エラー|错误|錯誤|오류)\W*$"
    r"|(?:we|nous|sorry|oops)?\b.{0,30}\b(?:page|file|resource|site|document|content|URL)\W{1,3}"
    r"(?:(?:you|that|requested|could|can|was|is|has|been|looking|for|no|longer|been)\W{1,3}){0,8}"
    r"(?:not\W+(?:be\W+)?(?:found|available|exist)|cannot be found|can't be found|does(?:n't| not) exist|unavailable"
    r"|moved|removed|introuvable)"
    r"|not found\W*$|access (?:is )?denied|forbidden\W*$|unauthori[sz]ed\W*$|request rejected|service unavailable"
    r"|internal server error|bad (?:gateway|request)\W*$|gateway time-?out|too many requests|just a moment"
    r"|attention required|are you (?:a )?(?:human|robot)|checking your browser"
    r"|(?:site |scheduled )?(?:is )?(?:under |down for )?maintenance\W*$"
    r"|temporarily unavailable|page introuvable|page non trouvée|seite nicht gefunden|p[aá]gina no encontrada"
    r"|p[aá]gina n[aã]o encontrada|sayfa bulunamad|страница не найдена|页面不存在|找不到|无法访问|访问被拒绝|頁面不存在"
    r"|ページが見つかりません|見つかりません|페이지를 찾을 수 없|không tìm thấy trang|this feed has ended)",
    re.IGNORECASE,
)
_ERROR_ANYWHERE: Final = re.compile(r"\b(?:error|erreur|fehler|http)\W{0,3}(?:40[0134]|410|50[0-4])\b", re.IGNORECASE)
_FEED: Final = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:rss|feed|rdf:RDF)\b", re.DOTALL)
_HTML: Final = re.compile(
    r"<(?:!doctype|html|head|body|div|table|ul|ol|p|a|h[1-6]|main|section|span|script|title|tr|li|dl)\b", re.I
)
_FEWEST_WORDS: Final = 30


class OpenPage:
    """One page, parsed. Raises SourceError for what is none, and for one that asks for more work than any page does."""

    def __init__(self, document: Document, *, language: str, soft_404: Iterable[Marker] = ()) -> None:
        body = body_of(document)
        _refuse_other_forms(body, document)
        self.markup = text_of(body, headers_with_charset(body, document.headers), language)
        if not self.markup.strip():
            raise SourceError("answered with nothing at all instead of a page")
        if _FEED.match(self.markup[:5_000]):
            raise SourceError("is a feed, not a page: set 'kind' to feed")
        if not _HTML.search(self.markup[:200_000]):
            raise SourceError(f"is no page: it begins with {one_line(plain(self.markup[:3000]), 120)!r}")
        try:
            self.tree: LexborHTMLParser = parse_markup(self.markup)
        except MarkupError as error:
            raise SourceError(f"gave a page that {error}") from None
        self.base = _base(self.tree, document.url)
        self.url = document.url
        self._text: str | None = None
        if (marker := self.shows(soft_404)) is not None:
            raise SourceError(f"answered with an error page: it shows {marker!r} (see 'soft_404')")

    @property
    def text(self) -> str:
        """What a reader sees, on one line."""
        if self._text is None:
            try:
                visible = parse_markup(self.markup)
            except MarkupError:  # it was parsed before
                raise AssertionError from None
            visible.strip_tags(["script", "style", "noscript", "template", "head"])
            self._text = " ".join(body_text(visible).split())
        return self._text

    def shows(self, markers: Iterable[Marker]) -> str | None:
        """The first marker that the page bears, as it was written; None: none of them."""
        for marker in markers:
            wanted = " ".join(marker.text.casefold().split())
            if not marker.select:
                if wanted in self.text.casefold():
                    return marker.text
                continue
            for node in self.tree.css(marker.select):
                if not wanted or wanted in " ".join(node.text(separator=" ").casefold().split()):
                    return f"{marker.select} {marker.text}".strip()
        return None

    def refuse_errors(self) -> None:
        """Raises SourceError if the page says no more than that something is wrong."""
        if told := self.error_told():
            raise SourceError(f"answered with an error page: {told!r}")

    def error_told(self) -> str:
        """The title or heading that says so; empty: none does."""
        for node in (*self.tree.css("head title")[:1], *self.tree.css("h1")[:3]):
            heading = " ".join(plain((node.html or "")[:2_000]).split())
            if 0 < len(heading) <= _LONGEST_HEADING and (_ERROR.search(heading) or _ERROR_ANYWHERE.search(heading)):
                return heading
        return ""

    def why_empty(self) -> str:
        """What might be the reason that nothing was found, as the end of a sentence."""
        if told := self.error_told():
            return f"it is an error page: {told!r}"
        if len(self.text.split()) < _FEWEST_WORDS and self.tree.css_first("script") is not None:
            return "the page holds hardly any text and is drawn by script"
        return "the page was probably redesigned"

    def absolute(self, stated: str) -> str | None:
        """A link of the page as an address that may be asked for; None: it leads nowhere."""
        try:
            return safe_link(urljoin(self.base, address(stated))) if address(stated) else None
        except ValueError:
            return None


def same_host(one: str, other: str) -> bool:
    """Whether two addresses are of one host; with and without "www." it is the same."""
    hosts = []
    for url in (one, other):
        try:
            hosts.append((urlsplit(url).hostname or "").removeprefix("www."))
        except ValueError:
            return False
    return bool(hosts[0]) and hosts[0] == hosts[1]


def _refuse_other_forms(body: bytes, document: Document) -> None:
    stated = document.headers.get("content-type", "").partition(";")[0].strip().lower()
    head = body[:1_024].lstrip()
    if head.startswith(b"%PDF-") or stated == "application/pdf":
        raise SourceError("answered with a PDF instead of a page")
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b")):
        raise SourceError(f"answered with a file ({stated or 'of no stated kind'}) instead of a page")
    if stated.endswith("json") and head[:1] in (b"{", b"["):
        raise SourceError("answered with JSON instead of a page: set 'kind' to json_api")


def _base(tree: LexborHTMLParser, url: str) -> str:
    found = tree.css_first("base[href]")
    stated = (found.attributes.get("href") or "").strip() if found is not None else ""
    try:
        base = urljoin(url, stated) if stated else url
    except ValueError:
        return url
    return base if base.startswith(("http://", "https://")) else url
