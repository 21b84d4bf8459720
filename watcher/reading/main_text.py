"""The main text of a page: what it says, without menus, banners and footers.

A page is watched by this text, so it must be the same as long as the page says the same: where the page itself marks
its main part, that is taken; only else it is found by trafilatura's rules.
"""

from __future__ import annotations

from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from watcher.reading.markup import parse_markup, without_scripts
from watcher.text import plain

LONGEST: Final = 200_000  #: characters of text
_LONGEST_MARKUP: Final = 2_000_000  # characters that are turned into text
_MARKED: Final = ("main", "[role=main]", "#main-content", "#maincontent", "#content", "article")
_ASIDE: Final = "nav, aside, form, button, menu, dialog, [hidden], [role=navigation], [role=search], [role=banner]"
_AROUND: Final = "header, footer, [role=contentinfo], #header, #footer, .breadcrumb, .breadcrumbs, .cookie-banner"
_ENOUGH: Final = 200  # characters: less is a placeholder that a script fills
_LEAST_SHARE: Final = 0.25  # of the whole: else too much was taken for decoration
_EXTRACTED: Final = 4_000  # tags: trafilatura's time grows with the square of their number


def main_text(markup: str, *, select: str = "", drop: tuple[str, ...] = ()) -> str:
    """The text of the page, a paragraph a line, cut at `LONGEST`; empty if it has none.

    `select`: the CSS selector of the main part; all that it finds is taken. `drop`: selectors of what is no part of
    it. Raises `MarkupError`.
    """
    tree = without_scripts(parse_markup(markup))
    for selector in drop:
        _remove(tree, selector)
    if select:
        return _plain("\n".join(node.html or "" for node in _outermost(tree.css(select))))
    _remove(tree, _ASIDE)
    for selector in _MARKED:
        found = _outermost(tree.css(selector))
        if len(found) == 1 and len(text := _plain(found[0].html or "")) >= _ENOUGH:
            return text
    _remove(tree, _AROUND)
    whole = _plain(tree.html or "")
    extracted = _extracted(tree)
    return extracted if len(extracted) >= max(_ENOUGH, _LEAST_SHARE * len(whole)) else whole


def title_of(markup_tree: LexborHTMLParser) -> str:
    """The page's own name: its only h1, else its title."""
    headings = [text for node in markup_tree.css("h1") if (text := plain(node.html).strip())]
    title = markup_tree.css_first("head title") or markup_tree.css_first("title")
    stated = plain(title.html) if title is not None else ""
    return headings[0] if len(headings) == 1 or (headings and not stated) else stated


def _extracted(tree: LexborHTMLParser) -> str:
    """By trafilatura's rules; empty where it finds nothing or is not asked."""
    markup = tree.html or ""
    if markup.count("<") > 2 * _EXTRACTED or len(markup) > _LONGEST_MARKUP:
        return ""
    # Loaded where it is needed: most sources are lists, and it brings several libraries with it.
    try:
        import trafilatura
    except ImportError:  # it names a part of lxml that has become a package of its own
        return ""
    try:
        found = trafilatura.extract(markup, favor_recall=True, include_comments=False, include_tables=True)
    except Exception:  # a tolerant parser of others' making; the whole text is as good
        return ""
    return plain(found)[:LONGEST]


def _outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Without those that lie inside another of them."""
    own = {node.mem_id for node in nodes}
    return [node for node in nodes if not _lies_in(node, own)]


def _lies_in(node: LexborNode, others: set[int]) -> bool:
    around = node.parent
    while around is not None:
        if around.mem_id in others:
            return True
        around = around.parent
    return False


def _remove(tree: LexborHTMLParser, selector: str) -> None:
    for node in _outermost(tree.css(selector)):
        node.decompose()


def _plain(markup: str) -> str:
    return plain(markup[:_LONGEST_MARKUP])[:LONGEST].strip()
