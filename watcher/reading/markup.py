"""A web page as a tree, whatever came: no page can make the reading of it take long.

The parser itself is fast, but a page of a stranger's making can ask for work that grows with the square of its size:
elements inside elements by the hundred thousand, a tag with a hundred thousand attributes, unclosed formatting that is
opened again in every paragraph. Such pages are refused, or relieved of the formatting, before they are parsed.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

DEEPEST: Final = 800  #: elements inside one another; browsers stop at 512
MOST_TAGS: Final = 400_000
_MOST_ATTRIBUTES: Final = 2_000
_MOST_FORMATTING: Final = 12
_MOST_REOPENED: Final = 600_000  # formatting elements that a page might come to hold

_NESTED_BY_OTHERS: Final = (
    "a area base br col embed hr img input link meta param source track wbr p li td th tr dt dd option optgroup tbody "
    "thead tfoot caption colgroup html head body rp rt"
)
_FORMATTERS: Final = "b big code em font i nobr s small strike strong tt u"
_BREAKERS: Final = (
    "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta "
    "nobr ol p pre ruby s small span strong strike sub sup table tt u ul var"
)
#: Never closed, or closed by what follows: they nest only through others.
_UNCOUNTED: Final = frozenset(_NESTED_BY_OTHERS.split())
#: An unclosed one of these is opened again in every following paragraph.
_FORMATTING: Final = frozenset(_FORMATTERS.split())
#: Drawings and formulas: there "/>" closes an element, which it does nowhere else in HTML.
_FOREIGN: Final = frozenset({"svg", "math"})
_BACK_TO_HTML: Final = frozenset({"foreignobject", "desc", "title"})
_BREAKS_OUT: Final = frozenset(_BREAKERS.split())
_TAG: Final = re.compile(r"<(?:(!--)|(/?)([A-Za-z][^\s/>]{0,40}))")
_COMMENT_END: Final = re.compile(r"--!?>")
#: As the standard reads them: a quotation mark quotes only behind "=".
_ATTRIBUTES: Final = re.compile(
    r"""(?:[\s/]+|(?:=[^\s/>=]*|[^\s/>=]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]*))?)"""
    rf"{{0,{2 * _MOST_ATTRIBUTES}}}"
)
_FORMATTING_TAGS: Final = re.compile(rf"</?(?:{'|'.join(sorted(_FORMATTING, reverse=True))})(?=[\s/>])[^<>]*>", re.I)
#: What is between these and their end is no markup.
_OPAQUE: Final = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
}


class MarkupError(ValueError):
    """The page asks for more work than any page does. The message continues "the page …"."""


def parse_markup(text: str) -> LexborHTMLParser:
    """The page as a tree. Raises MarkupError."""
    text = text.replace("\x00", "")
    count = _counted(text)
    if count.formatting > _MOST_FORMATTING or count.formatting * count.tags > _MOST_REOPENED:
        text = _FORMATTING_TAGS.sub("", text)
    return LexborHTMLParser(text)


def without_scripts(tree: LexborHTMLParser) -> LexborHTMLParser:
    """The same tree without what no reader sees."""
    tree.strip_tags(["script", "style", "noscript", "template", "iframe", "object", "svg", "head > link"])
    return tree


def check_selector(selector: str) -> str:
    """The CSS selector, if it is one. Raises ValueError with a sentence part."""
    try:
        LexborHTMLParser("<p>").css(selector)
    except SelectolaxError:
        raise ValueError(f"holds {selector!r}, which is no CSS selector (or one that is not understood here)") from None
    return selector


def body_text(tree: LexborHTMLParser) -> str:
    """The page's text, blanks between its elements; empty if it has no body."""
    root: LexborNode | None = tree.body or tree.root
    return root.text(separator=" ") if root is not None else ""


def _counted(text: str) -> _Count:
    """What the page opens, and how much of it at once. Raises MarkupError.

    A count that may be too high where a page is broken, but hardly too low; real pages stay far below the limits.
    """
    count = _Count()
    place, length = 0, len(text)
    while (found := _TAG.search(text, place)) is not None:
        place = found.end()
        if found[1]:
            end = None if text.startswith((">", "->"), place) else _COMMENT_END.search(text, place)
            place = end.end() if end else place if text.startswith((">", "->"), place) else length
            continue
        name = found[3].lower()
        attributes = _ATTRIBUTES.match(text, place)
        assert attributes is not None
        place = attributes.end()
        if place < length and text[place] != ">":
            raise MarkupError(f"has a tag with more than {_MOST_ATTRIBUTES:,} attributes: it is not a page")
        if count.tag(name, closes=bool(found[2]), slash=text[place - 1] == "/"):
            end = _OPAQUE[name].search(text, place)
            place = length if end is None else end.start()
    return count


class _Count:
    """What is open while a page is read from its beginning to its end."""

    def __init__(self) -> None:
        self.tags = 0
        self.formatting = 0  #: formatting elements open at once, at most
        self._opened: Counter[str] = Counter()
        self._depth = self._formatting = 0

    def tag(self, name: str, *, closes: bool, slash: bool) -> bool:
        """One more tag; whether what follows is no markup."""
        self.tags += 1
        if self.tags > MOST_TAGS:
            raise MarkupError(f"has more than {MOST_TAGS:,} tags")
        foreign = any(self._opened[one] for one in _FOREIGN) and not any(self._opened[one] for one in _BACK_TO_HTML)
        if foreign and name in _BREAKS_OUT and not closes:
            self._depth -= self._opened["svg"] + self._opened["math"]
            self._opened["svg"] = self._opened["math"] = 0
            foreign = False
        if name in _OPAQUE and not (foreign or closes):
            if name == "script" or not self._opened["select"]:
                return True
        elif name not in _UNCOUNTED and not (foreign and slash):
            self._close(name) if closes else self._open(name)
        return False

    def _open(self, name: str) -> None:
        self._opened[name] += 1
        if name in _FORMATTING:
            self._formatting += 1
            self.formatting = max(self.formatting, self._formatting)
            return
        self._depth += 1
        if self._depth > DEEPEST:
            raise MarkupError(f"nests more than {DEEPEST} elements inside one another: it is broken or hostile")

    def _close(self, name: str) -> None:
        if self._opened[name] > 0:
            self._opened[name] -= 1
            self._formatting -= name in _FORMATTING
            self._depth -= name not in _FORMATTING
