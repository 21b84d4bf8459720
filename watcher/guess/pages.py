"""Pages: a list with rows that look alike, or one text that is rewritten in place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from watcher.guess.other_forms import LOOK
from watcher.reading.markup import MarkupError, parse_markup
from watcher.source import SourceError
from watcher.text import one_line, safe_link

_FEWEST_ROWS: Final = 4
_FEWEST_UNDATED: Final = 6
_FEW_WORDS: Final = 200
_SHORTEST: Final = 12  # characters of a link that is a title, not "more" or "2"
_ASIDE: Final = frozenset({"nav", "header", "footer", "aside", "form", "select"})
_NEAR: Final = 4  # elements around a link that may say that it is one of a menu
_MENU: Final = re.compile(
    r"(?:^|[\s_\-])(?:menu|nav|navbar|navigation|breadcrumbs?|footer|social|share|pager|pagination|langs?)(?:$|[\s_\-])",
    re.I,
)
_IDENTIFIER: Final = re.compile(r"-?[A-Za-z_][\w\-]*", re.ASCII)
_ERROR_TITLE: Final = re.compile(
    r"\b(?:404|403|50[0-4]|not found|access denied|forbidden|error|unavailable|introuvable|no encontrada)\b|错误|拒绝",
    re.IGNORECASE,
)
_COMMENTS: Final = re.compile(r"\bcomments?\b", re.IGNORECASE)
_DAY: Final = re.compile(
    r"\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b|\b\d{1,2}[-/.]\d{1,2}[-/.]\d{4}\b|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]"
    r"|\b\d{1,2}\s+[A-Za-zÀ-ÿ]{3,10}\.?,?\s+\d{4}\b|\b[A-Za-z]{3,10}\.?\s+\d{1,2},\s+\d{4}\b"
)
#: The pattern that reads a row's day, for the entry of sources.yaml: one for each form above.
_DAY_PATTERNS: Final = (
    r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2})",
    r"(\d{1,2}[-/.]\d{1,2}[-/.]\d{4})",
    r"(\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일])",
    r"(\d{1,2}\s+[A-Za-zÀ-ÿ]{3,10}\.?,?\s+\d{4})",
    r"([A-Za-z]{3,10}\.?\s+\d{1,2},\s+\d{4})",
)

Row = tuple[str, str]  #: selectors of the row's parent and of the row


def feeds_named(text: str, *, address: str) -> tuple[str, ...]:
    """The feeds that a page names in its head, at most three; what readers comment on it comes last."""
    found: list[tuple[bool, str]] = []
    for link in _tree(text).css('link[rel~="alternate" i][href]'):
        kind = (link.attributes.get("type") or "").partition(";")[0].strip().lower()
        where = safe_link(_joined(address, (link.attributes.get("href") or "").strip()))
        if where and kind.endswith(("rss+xml", "atom+xml", "rdf+xml", "feed+json")):
            found.append(
                (bool(_COMMENTS.search(f"{link.attributes.get('title') or ''} {urlsplit(where).path}")), where)
            )
    return tuple(dict.fromkeys(where for _, where in sorted(found, key=lambda one: one[0])))[:3]


def _joined(address: str, target: str) -> str:
    try:
        return urljoin(address, target)
    except ValueError:  # an address that is none
        return ""


def page_entry(
    text: str, common: Mapping[str, Any], *, address: str
) -> tuple[str, str, dict[str, Any], tuple[str, ...]]:
    """Kind, title, entry and warnings for an HTML page. Raises SourceError for a page that only says an error."""
    tree = _tree(text)
    heading = tree.css_first("title")
    title = one_line(heading.text(), 100) if heading else ""
    body = tree.body
    words = len(body.text(separator=" ").split()) if body else 0
    rows = _rows(tree)
    if _ERROR_TITLE.search(title) and words < 150 and not (rows and _dated(rows[1])):
        raise SourceError(f"is an error page, though it was answered as a document: {title!r}: {LOOK}")
    if tree.css_first('input[type="password" i]') is not None and not rows and words < _FEW_WORDS:
        raise SourceError(
            "is a page to log in at, and a source must be readable by anybody: ask the publisher for a public list or "
            "for an API key"
        )
    if rows is None or _is_prose(tree, rows[1]):
        warnings = ["no list of links was found: the page is watched as one text, and a change in it is news"]
        if words < 30:
            warnings.append("the page holds hardly any text: it is probably drawn by script and cannot be read so")
        return "page", title, {**common, "kind": "page", "title": title}, tuple(warnings)
    selector, found = rows
    fields: dict[str, Any] = {"title": "a", "link": "a@href"}
    warnings = []
    if all(row.css_first("time") for row in found):
        fields["published"] = "time"
    else:
        texts = [row.text(separator=" ") for row in found]
        fitting = [pattern for pattern in _DAY_PATTERNS if all(re.search(pattern, words) for words in texts[:10])]
        if fitting:
            fields["published"] = {"select": ":self", "pattern": fitting[0]}
        else:
            warnings.append("no day was found in the rows: they are taken as new when they are first seen")
    warnings.append("rows and fields are a guess from the page's shape: look at the notices, and correct the selectors")
    if urlsplit(address).query:
        warnings.append("the address holds a question; check that it is not that of one day or one page")
    entry = {**common, "kind": "html_list", "title": title, "row": selector, "fields": fields}
    return "html_list", title, entry, tuple(warnings)


def _tree(text: str) -> LexborHTMLParser:
    try:
        return parse_markup(text)
    except MarkupError as error:
        raise SourceError(f"is a page that cannot be read: {error}") from None


def _is_prose(tree: LexborHTMLParser, rows: list[LexborNode]) -> bool:
    """Whether the page is a text with a menu, not a list: no days in the rows, and far more words in paragraphs."""
    if _dated(rows):
        return False
    if len(rows) < _FEWEST_UNDATED:
        return True
    told = sum(len(one_line(paragraph.text(), 2_000)) for paragraph in tree.css("p"))
    return told > 1.5 * sum(len(one_line(row.text(separator=" "), 300)) for row in rows)


def _dated(rows: list[LexborNode]) -> bool:
    """Whether most of them bear a day."""
    return 2 * sum(1 for row in rows if row.css_first("time") or _DAY.search(row.text(separator=" "))) >= len(rows)


def _rows(tree: LexborHTMLParser) -> tuple[str, list[LexborNode]] | None:
    """The rows that look alike and hold the most text in links; None: there are not enough of them."""
    weight: Counter[Row] = Counter()
    count: Counter[Row] = Counter()
    for link in tree.css("a[href]"):
        words = one_line(link.text(), 300)
        if len(words) < _SHORTEST and not re.search(r"[\u3040-\u9fff\uac00-\ud7af]{5}", words):
            continue
        for row in _row_of(link):
            weight[row] += min(len(words), 120)
            count[row] += 1
    for (parent, own), _ in weight.most_common():
        if count[(parent, own)] < _FEWEST_ROWS:
            continue
        selector = f"{parent} > {own}"
        found = [node for node in tree.css(selector) if node.css_first("a[href]")]
        if len(found) >= _FEWEST_ROWS:
            return selector, found
    return None


def _row_of(link: LexborNode) -> Iterator[Row]:
    """The nearest element around a link that has brothers like itself, unless it is a menu's."""
    node = link
    near: LexborNode | None = link
    for _ in range(_NEAR):
        if near is not None and _MENU.search(f"{near.attributes.get('class') or ''} {near.attributes.get('id') or ''}"):
            return
        near = near.parent if near is not None else None
    while (parent := node.parent) is not None and parent.tag not in ("html", "-document", None):
        if node.tag in _ASIDE or parent.tag in _ASIDE:
            return
        own = _selector(node)
        like = sum(1 for brother in parent.iter() if brother.tag == node.tag and _selector(brother) == own)
        if like >= _FEWEST_ROWS and node.tag != "td":
            yield (_selector(parent, by_id=True), own)
            return
        node = parent


def _selector(node: LexborNode, *, by_id: bool = False) -> str:
    tag = node.tag or "*"
    named = node.attributes.get("id") or ""
    if by_id and _IDENTIFIER.fullmatch(named):
        return f"#{named}"
    classes = [name for name in (node.attributes.get("class") or "").split() if _IDENTIFIER.fullmatch(name)]
    # Classes that count or alternate rows are not what the rows have in common.
    steady = [name for name in classes if not re.search(r"\d|odd|even|first|last|active|current", name)]
    return f"{tag}.{steady[0]}" if steady else tag
