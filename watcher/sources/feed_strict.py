"""Plain feeds read fast: well-formed, of a known form, and without anything that parsers read in ways of their own.

feedparser is the reference. It takes most of the time that reading costs, for all that it knows of broken feeds; most
feeds are not broken. What is read here is exactly what it gives, tests hold the two against each other; wherever that
is not certain - markup inside of an element, a title twice, relative addresses with a base, a name space that it would
guess at - the feed is left to it.
"""

from __future__ import annotations

import re
from typing import Final
from xml.etree.ElementTree import Element, ParseError, XMLParser

from watcher.sources.feed_entry import FeedEntry, is_whole
from watcher.sources.feed_names import (
    KINDS,
    KINDS_BESIDE,
    OF_RDF_FEEDS,
    RDF,
    XML,
    Kind,
    NotPlainError,
    kind_of,
    name_spaces,
)

_DECLARATION: Final = '<?xml version="1.0" encoding="utf-8"?>\n'
#: Without declarations of a document type there are no entities to be blown up, and none from elsewhere.
_DOCUMENT_TYPE: Final = re.compile(r"<!(?!--|\[CDATA\[)")
_BASE: Final = re.compile(r"[\s:]base\s*=", re.IGNORECASE)
_NOT_UNICODE: Final = re.compile("[\x80-\x9f]")
_CUT_REFERENCE: Final = re.compile(r"&([A-Za-z0-9_]+);")

_OF_AUTHORS: Final = frozenset({"name", "email", "uri", "url", "homepage"})
_OF_LINKS: Final = frozenset({"rel", "href", "type", "title", "hreflang", "length"})
_TEXT: Final = frozenset({"", "text", "html", "text/plain", "text/html"})
_PAGES: Final = frozenset({"html", "xhtml", "text/html", "application/xhtml+xml"})


def read_strictly(text: str) -> list[FeedEntry] | None:
    """The entries of a plain feed, at least one; None: it is to be left to feedparser. `text` has no XML declaration.

    What it reads is well-formed, so its end is there.
    """
    text = text.lstrip()
    if "<!" in text and _DOCUMENT_TYPE.search(text):
        return None
    bases = len(_BASE.findall(text)) if "base" in text.lower() else 0
    parser = XMLParser()  # noqa: S314 - no document type, so no entities
    try:
        parser.feed(_DECLARATION)
        parser.feed(text)
        root: Element = parser.close()
    except (ParseError, ValueError):
        return None
    try:
        return _Reader(text, _base_of(root, bases)).entries(root) or None
    except NotPlainError:
        return None


class _Reader:
    def __init__(self, text: str, base: str) -> None:
        self._base = base
        self._spaces = name_spaces(text)
        self._kinds: dict[str, Kind] = {}
        self._kinds_beside: dict[str, Kind] = {}

    def entries(self, root: Element) -> list[FeedEntry]:
        name = self._name(root.tag)
        if name == "rss":
            if [self._kind_beside(child) for child in root] != [Kind.CHANNEL]:
                raise NotPlainError
            _only(root[0], ())
            return self._of(root[0])
        if name == "feed" and root.tag.startswith("{"):
            return self._of(root)
        if name == "rdf_rdf" and not OF_RDF_FEEDS.isdisjoint(self._spaces):
            return self._of(root)
        raise NotPlainError

    def _of(self, parent: Element) -> list[FeedEntry]:
        entries: list[FeedEntry] = []
        for child in parent:
            kind = self._kind_beside(child)
            if kind is Kind.ENTRY:
                entries.append(self._entry(child))
            elif kind is Kind.CHANNEL and parent.tag.startswith(RDF):
                _only(child, (f"{RDF}about",))
                if self._of(child):
                    raise NotPlainError
            elif kind is Kind.FAMILY:
                self._check_family(child)
            elif kind is not Kind.NOTHING or len(child):
                raise NotPlainError
        return entries

    def _entry(self, entry: Element) -> FeedEntry:
        found: dict[Kind, str] = {}
        links: list[str] = []
        contents: list[str] = []
        enclosures: list[tuple[str, str]] = []
        about = _only(entry, (f"{RDF}about",)).get(f"{RDF}about", "")
        is_page = False
        kinds = self._kinds
        for child in entry:
            kind = kinds.get(child.tag) or self._kind(child)
            if kind is Kind.LINK:
                self._read_link(child, links, enclosures)
            elif kind is Kind.AUTHOR:
                if len(child) and kind in found:
                    raise NotPlainError  # a second one takes over the first one's address
                found[kind] = self._author(child) if len(child) else _value(child)
            elif kind is Kind.ENCLOSURE:
                enclosures.append(_enclosure(child))
            elif kind is Kind.FAMILY:
                self._author(child)
            elif kind is Kind.NOTHING:
                if len(child):
                    raise NotPlainError
            elif kind is Kind.CONTENT:
                _check_type(child)
                contents.append(_value(child))
            elif kind in (Kind.PUBLISHED, Kind.UPDATED, Kind.CREATED):
                found[kind] = _value(child)
            elif kind in found or kind in (Kind.ENTRY, Kind.CHANNEL, Kind.UNKNOWN):
                raise NotPlainError
            elif kind is Kind.ID:
                found[kind] = _value(child)
                is_page = _is_permanent_link(child)
                if is_page:
                    self._check_address(found[kind])
            else:
                _check_type(child)
                found[kind] = _value(child)
        own = found.get(Kind.ID)
        return FeedEntry(
            id=about if own is None else own,
            link=links[-1] if links else own if is_page and own else "",
            title=found.get(Kind.TITLE, ""),
            summary=found.get(Kind.SUMMARY, contents[0] if contents else ""),
            contents=tuple(contents),
            published=found.get(Kind.PUBLISHED, ""),
            updated=found.get(Kind.UPDATED, ""),
            created=found.get(Kind.CREATED, ""),
            author=found.get(Kind.AUTHOR, ""),
            enclosures=tuple(enclosures),
        )

    def _read_link(self, link: Element, links: list[str], enclosures: list[tuple[str, str]]) -> None:
        attributes = link.attrib
        if not attributes:
            address = _value(link)
            self._check_address(address)
            links.append(_CUT_REFERENCE.sub(r"&\g<1>", address.replace("&amp;", "&")) if "&" in address else address)
            return
        if len(link) or "href" not in attributes or not _OF_LINKS.issuperset(attributes):
            raise NotPlainError
        address, relation = attributes["href"], attributes.get("rel", "alternate").lower()
        self._check_address(address)
        if self._base and not address:
            raise NotPlainError
        if relation == "enclosure":
            enclosures.append((attributes.get("type", "text/html").lower(), address))
        elif relation == "alternate" and attributes.get("type", "text/html").lower() in _PAGES:
            links.append(address)

    def _check_address(self, address: str) -> None:
        if ":///" in address or (self._base and address and not is_whole(address)):
            raise NotPlainError  # is mended, or is relative to the base

    def _author(self, author: Element) -> str:
        parts: dict[str, str] = {}
        if author.text and author.text.strip():
            raise NotPlainError
        for child in author:
            name = self._name(child.tag)
            if name not in _OF_AUTHORS or name in parts or len(child) or (child.tail and child.tail.strip()):
                raise NotPlainError
            parts[name] = (child.text or "").strip()
        name, email = parts.get("name", ""), parts.get("email", "")
        return f"{name} ({email})" if name and email else name or email

    def _check_family(self, parent: Element, depth: int = 0) -> None:
        for child in parent:
            name = self._name(child.tag)
            if self._kind_beside(child) not in (Kind.NOTHING, Kind.FAMILY) and name not in (
                *_OF_AUTHORS,
                *("width", "height"),
            ):
                raise NotPlainError
            if len(child):
                if name != "rdf_seq" or depth:
                    raise NotPlainError
                self._check_family(child, depth + 1)

    def _kind(self, element: Element) -> Kind:
        return kind_of(element.tag, self._name(element.tag), KINDS, self._kinds)

    def _kind_beside(self, element: Element) -> Kind:
        known = self._kinds_beside.get(element.tag)
        return known or kind_of(element.tag, self._name(element.tag), KINDS_BESIDE, self._kinds_beside)

    def _name(self, tag: str) -> str:
        """As feedparser calls an element: prefix_name, in lower case."""
        if not tag.startswith("{"):
            return tag.lower()
        uri, _, name = tag[1:].partition("}")
        prefix = self._spaces.get(uri)
        if prefix is None:
            raise NotPlainError
        return f"{prefix}_{name}".lower() if prefix else name.lower()


def _base_of(root: Element, bases: int) -> str:
    """The base of the document's relative addresses; there is none further down."""
    base: str = root.attrib.get(f"{XML}base", "")
    if bases != (1 if base else 0) or (base and not is_whole(base)):
        raise NotPlainError
    return base


def _value(element: Element) -> str:
    """The text of an element that holds nothing else."""
    if len(element):
        raise NotPlainError
    if not (text := element.text):
        return ""
    text = text.strip()
    if not text.isascii():
        # Read as Windows-1252, or as UTF-8 once more where it can be.
        if _NOT_UNICODE.search(text):
            raise NotPlainError
        try:
            text.encode("latin-1").decode("utf-8")
        except UnicodeError:
            return text
        raise NotPlainError
    return text


def _only(element: Element, allowed: tuple[str, ...]) -> dict[str, str]:
    """Its attributes, if there are no others than these and the language."""
    attributes = element.attrib
    if attributes and any(name not in allowed and name != f"{XML}lang" for name in attributes):
        raise NotPlainError
    return attributes


def _check_type(element: Element) -> None:
    if element.attrib:
        attributes = _only(element, ("type", "mode"))
        if attributes.get("type", "").lower() not in _TEXT or attributes.get("mode", "") not in ("", "escaped", "xml"):
            raise NotPlainError


def _is_permanent_link(element: Element) -> bool:
    attributes = element.attrib
    if not attributes:
        return True
    if len(attributes) > 1:
        raise NotPlainError
    name, value = next(iter(attributes.items()))
    if name.lower() != "ispermalink":
        raise NotPlainError
    return value == "true"


def _enclosure(enclosure: Element) -> tuple[str, str]:
    attributes = enclosure.attrib
    if len(enclosure) or not {"url", "type", "length"}.issuperset(attributes):
        raise NotPlainError
    return attributes.get("type", "").lower(), attributes.get("url", "")
