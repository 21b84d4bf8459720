"""XML as publishers send it, as a tree: without a document type, without namespaces nobody asked for, bounded."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from html.entities import html5
from typing import Any, Final

from lxml import etree

from watcher.source import Document, SourceError
from watcher.sources.feed_encoding import text_of
from watcher.sources.feed_markup import mended
from watcher.text import one_line, plain

_BEFORE: Final = re.compile(r"\s+|<!--.*?-->|<\?.*?\?>", re.DOTALL)
_TYPE: Final = re.compile(r"<!DOCTYPE(?:[^\[<>\"']|\"[^\"]*\"|'[^']*')*", re.IGNORECASE)
_TYPE_END: Final = re.compile(r"\]\s*>")
_CDATA: Final = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
_NAMED: Final = re.compile(r"&([A-Za-z][\w.\-]{0,60});")
_XML_OWN: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_MOST_TEXTS: Final = 500
_IN_A_LINE: Final = frozenset(
    {"a", "abbr", "b", "code", "em", "font", "i", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u"}
)
_NO_TEXT: Final = frozenset({"script", "style"})
#: A last step that is a name, and the path to where it is taken.
_STEPS: Final = re.compile(r"(?:(?P<around>.*)/)?[\w:.\-*]+", re.DOTALL)

Namespaces = tuple[tuple[str, str], ...]


def read_xml(document: Document, language: str, namespaces: Namespaces = ()) -> etree._Element:
    """The root element of the body. Raises SourceError.

    Entities of a document's own are refused, its document type is not read, nothing is opened that it names. Elements
    and attributes lose their namespaces but for those in `namespaces`, which paths name by their prefix.
    """
    body = document.file.read_bytes() if document.file is not None else document.body
    if b"\0" not in body[:4]:
        body = body.replace(b"\0", b"")  # dirt: in a wide encoding the very first sign has a zero in it
    text = text_of(body, document.headers, language).strip()
    if not text:
        raise SourceError("answered with nothing at all instead of XML")
    if not text.startswith("<"):
        raise SourceError(f"answered with something else than XML; it begins with {one_line(text[:200], 80)!r}")
    text = _with_known_references(mended(_without_type(text)))
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        attribute_defaults=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError, AssertionError) as error:
        if _is_page(text):
            raise _web_page(text) from None
        reason = one_line(re.sub(r"\s*\(<string>, line \d+\)|, use XML_PARSE_HUGE option", "", str(error)), 160)
        raise SourceError(f"gave XML that cannot be read ({reason})") from None
    _strip(root, frozenset(address for _, address in namespaces))
    if str(root.tag).lower() == "html":
        raise _web_page(text)
    return root


@lru_cache(maxsize=2_000)
def compiled(expression: str, namespaces: Namespaces = ()) -> etree.XPath:
    """An XPath 1.0 expression, ready. Raises ValueError with a sentence part."""
    try:
        path = etree.XPath(expression, namespaces=dict(namespaces) or None, regexp=False)
        path(etree.Element("tried"))
    except (etree.XPathError, ValueError) as error:
        reason = one_line(str(error), 80).rstrip(". ")
        raise ValueError(f"is no XPath expression ({reason})") from None
    return path


def found(path: etree.XPath, place: etree._Element) -> Any:
    """What stands there: nodes, a text, a number or a truth; nothing where it cannot be told."""
    try:
        return path(place)
    except (etree.XPathError, ValueError):
        return ()


def elements_of(value: Any) -> list[etree._Element]:
    """The elements among what was found."""
    return [node for node in value if isinstance(node, etree._Element)] if isinstance(value, list) else []


def texts_in(value: Any, *, for_people: bool) -> tuple[str, ...]:
    """The texts of what was found, in their order; of an element all that is in it, in lines if people read it."""
    if isinstance(value, bool):
        return ()
    if isinstance(value, float):
        return (str(int(value)) if value.is_integer() else repr(value),) if math.isfinite(value) else ()
    nodes: Sequence[Any] = value if isinstance(value, list | tuple) else [value]
    texts = (_text(node, for_people) for node in nodes[:_MOST_TEXTS])
    return tuple(text for text in texts if text.strip())


def is_true(value: Any) -> bool:
    """Whether a condition holds: a truth, a number that is not zero, a text or nodes that are there."""
    return bool(value) and not (isinstance(value, float) and math.isnan(value))


def described(element: etree._Element) -> str:
    """What an element holds, for a sentence: "<reports> with 3 <report>"."""
    counts: dict[str, int] = {}
    for child in element:
        if isinstance(child.tag, str):
            name = one_line(etree.QName(child).localname, 40)
            counts[name] = counts.get(name, 0) + 1
    name = one_line(etree.QName(element).localname, 40)
    if not counts:
        return f"<{name}> without elements"
    told = ", ".join(f"{count} <{child}>" for child, count in list(counts.items())[:10])
    return f"<{name}> with {told}{', …' if len(counts) > 10 else ''}"


def is_empty_list(root: etree._Element, path: str, namespaces: Namespaces) -> bool:
    """Whether the element in which others would stand by this path is there and holds none: a true nothing.

    It is the nearest one that is there; words in it are an error's.
    """
    path = path.strip()
    while steps := _STEPS.fullmatch(path):
        around = steps["around"]
        if around == "":
            return False  # the root element has another name
        if around is None or not around.strip("/."):
            containers = [root]
        else:
            path = around.rstrip("/")
            containers = elements_of(found(compiled(path, namespaces), root))
        if containers:
            return not any(len(one) or (one.text or "").strip() for one in containers)
    return False


def raw_of(element: etree._Element) -> str:
    """The element as XML, for keeping."""
    return str(etree.tostring(element, encoding="unicode", with_tail=False))


def _text(node: Any, for_people: bool) -> str:
    if not isinstance(node, etree._Element):
        return str(node) if isinstance(node, str) else ""
    if for_people and len(node):
        return "".join(_pieces(node))
    return "".join(str(piece) for piece in node.itertext())


def _pieces(element: etree._Element) -> Iterator[str]:
    """The texts inside, each element that is not a part of a line on lines of its own. Trees are 256 deep at most."""
    yield element.text or ""
    for child in element:
        name = str(child.tag).lower()
        around = "" if name in _IN_A_LINE else "\n"
        if name not in _NO_TEXT:
            yield around
            yield from _pieces(child)
            yield around
        yield child.tail or ""


def _without_type(text: str) -> str:
    """Without what stands before the first element. Raises SourceError for a document type with entities."""
    place = 0
    while True:
        if skipped := _BEFORE.match(text, place):
            place = skipped.end()
            continue
        kind = _TYPE.match(text, place)
        if kind is None:
            return text[place:]
        place = kind.end()
        if text.startswith("[", place):
            end = _TYPE_END.search(text, place)
            if end is None or "<!ENTITY" in text[place : end.end()].upper() or "%" in text[place : end.end()]:
                raise SourceError("declares entities of its own, which no list needs and which are not read")
            place = end.end()
        elif text.startswith(">", place):
            place += 1
        else:
            raise SourceError("begins with a document type that has no end")


def _with_known_references(text: str) -> str:
    """With the names of HTML (&nbsp;, &eacute;) as their characters, and unknown names as text."""
    if "&" not in text:
        return text
    pieces = _CDATA.split(text) if "<![CDATA[" in text else [text]
    return "".join(piece if piece.startswith("<![CDATA[") else _NAMED.sub(_known, piece) for piece in pieces)


def _known(reference: re.Match[str]) -> str:
    if reference[1] in _XML_OWN:
        return reference[0]
    sign = html5.get(f"{reference[1]};")
    return html.escape(sign) if sign is not None else f"&amp;{reference[1]};"


def _strip(root: etree._Element, kept: frozenset[str]) -> None:
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        element.tag = _local(element.tag, kept)
        for name in [name for name in map(str, element.attrib) if name.startswith("{")]:
            bare = _local(name, kept)
            if bare != name:
                value = element.attrib.pop(name)
                if bare not in element.attrib:
                    element.set(bare, value)


def _local(name: str, kept: frozenset[str]) -> str:
    address, closed, local = name.removeprefix("{").rpartition("}")
    return local if closed and address not in kept else name


def _is_page(text: str) -> bool:
    return re.search(r"<(?:html|head|body|!doctype html)\b", text[:3_000], re.IGNORECASE) is not None


def _web_page(text: str) -> SourceError:
    return SourceError(f"answered with a web page instead of XML: {one_line(plain(text[:5_000]), 120)!r}")


def check_namespaces(value: Mapping[str, str]) -> Namespaces:
    """As pairs, in their order. Raises ValueError with a sentence part."""
    for prefix, address in value.items():
        if not re.fullmatch(r"[A-Za-z_][\w.\-]*", prefix) or prefix.lower().startswith("xml"):
            raise ValueError(f"has {prefix!r}, which is no prefix such as dc")
        if not address.strip():
            raise ValueError(f"has {prefix!r} without the address of its namespace")
    return tuple(value.items())
