"""What elements of a feed are called and good for, as feedparser sees it: name spaces, prefixes, kinds of elements."""

from __future__ import annotations

import re
from enum import IntEnum, auto
from typing import Final

from feedparser.mixin import _FeedParserMixin

_ROOT: Final = re.compile(r"<[\w:.\-]+((?:\s+[\w:.\-]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*>")
_NAME_SPACE: Final = re.compile(r"\sxmlns(?::([\w.\-]+))?\s*=\s*(?:\"([^\"<&]*)\"|'([^'<&]*)')")

#: What feedparser calls the name spaces, by their addresses in lower case; "": the feed's own.
_PREFIXES: Final[dict[str, str]] = {uri.lower(): prefix for uri, prefix in _FeedParserMixin.namespaces.items()}
_KNOWN_PREFIXES: Final = frozenset(prefix.lower() for prefix in _PREFIXES.values()) - {""}
#: The elements that it does something about.
_TREATED: Final = frozenset(
    name.split("_", 2)[2] for name in dir(_FeedParserMixin) if name.startswith(("_start_", "_end_"))
)
_TREATED_PREFIXES: Final = frozenset(name.partition("_")[0] for name in _TREATED if "_" in name)
RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
XML: Final = "{http://www.w3.org/XML/1998/namespace}"
OF_RDF_FEEDS: Final = frozenset({"http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"})


class Kind(IntEnum):
    """What an element is good for."""

    TITLE = auto()
    SUMMARY = auto()
    CONTENT = auto()
    PUBLISHED = auto()
    UPDATED = auto()
    CREATED = auto()
    AUTHOR = auto()
    ID = auto()
    LINK = auto()
    ENCLOSURE = auto()
    NOTHING = auto()  #: holds text or nothing; is not used
    FAMILY = auto()  #: holds elements that hold text; is not used
    ENTRY = auto()
    CHANNEL = auto()
    UNKNOWN = auto()


def _all(kind: Kind, names: str) -> dict[str, Kind]:
    return dict.fromkeys(names.split(), kind)


KINDS: Final[dict[str, Kind]] = {
    **_all(Kind.TITLE, "title dc_title"),
    **_all(Kind.SUMMARY, "description summary dc_description"),
    **_all(Kind.CONTENT, "content content_encoded"),
    **_all(Kind.PUBLISHED, "pubdate published issued dcterms_issued"),
    **_all(Kind.UPDATED, "updated modified lastbuilddate dc_date dcterms_modified"),
    **_all(Kind.CREATED, "created dcterms_created"),
    **_all(Kind.AUTHOR, "author dc_creator dc_author itunes_author"),
    **_all(Kind.ID, "guid id"),
    **_all(Kind.LINK, "link"),
    **_all(Kind.ENCLOSURE, "enclosure"),
    **_all(Kind.NOTHING, "category keywords dc_subject rights copyright dc_rights language dc_language dc_publisher"),
    **_all(Kind.NOTHING, "webmaster dc_contributor source expirationdate media_content media_thumbnail media_credit"),
    **_all(Kind.NOTHING, "media_category media_keywords itunes_explicit itunes_block itunes_keywords image"),
    **_all(Kind.FAMILY, "contributor"),
    **_all(Kind.ENTRY, "item entry"),
    **_all(Kind.CHANNEL, "channel"),
}
#: Beside the entries. What stands there does not come into them.
KINDS_BESIDE: Final[dict[str, Kind]] = {
    **KINDS,
    **_all(Kind.NOTHING, "title dc_title description dc_description pubdate published issued updated modified created"),
    **_all(Kind.NOTHING, "lastbuilddate dc_date dc_creator dcterms_issued dcterms_modified dcterms_created guid id"),
    **_all(Kind.NOTHING, "link subtitle tagline generator cloud admin_generatoragent admin_errorreportsto"),
    **_all(Kind.NOTHING, "itunes_author itunes_explicit itunes_block itunes_keywords itunes_image"),
    **_all(Kind.FAMILY, "author managingeditor image textinput skiphours skipdays items"),
    **_all(Kind.UNKNOWN, "summary content content_encoded source enclosure"),
}
#: Elements of these names nobody treats, and what they hold would stand where something else is looked for.
_IN_THE_WAY: Final = frozenset(
    {
        *("authors", "author_detail", "channel", "contributors", "date", "date_parsed", "enclosures", "entries"),
        *("feed", "href", "items", "license", "links", "publisher", "publishers", "publisher_detail", "tags"),
    }
)


class NotPlainError(Exception):
    """It is not certain that feedparser would read it so."""


def kind_of(tag: str, name: str, kinds: dict[str, Kind], cache: dict[str, Kind]) -> Kind:
    """What an element of this `name` is good for; `cache` remembers it by its tag."""
    kind = kinds.get(name)
    if kind is None:
        kind = Kind.UNKNOWN if name in _TREATED or name in _IN_THE_WAY or ":" in name else Kind.NOTHING
    cache[tag] = kind
    return kind


def name_spaces(text: str) -> dict[str, str]:
    """The prefixes of feedparser's for the name spaces in use, by their addresses."""
    found = _ROOT.match(text, _start_of_root(text))
    if found is None:
        raise NotPlainError
    declared = [(prefix, double or single) for prefix, double, single in _NAME_SPACE.findall(found[1])]
    if len(declared) != text.count("xmlns"):
        raise NotPlainError  # one is declared further down
    spaces: dict[str, str] = {XML[1:-1]: "xml"}
    given: dict[str, str] = {}
    for prefix, uri in declared:
        known = "" if "backend.userland.com/rss" in uri.lower() else _PREFIXES.get(uri.lower())
        if known is None:
            # What it does not know goes by the prefix that was given, unless that means something to it.
            if not prefix or uri in spaces or prefix.lower() in _TREATED_PREFIXES | _IN_THE_WAY:
                raise NotPlainError
            spaces[uri] = prefix
        else:
            if prefix.lower() in _KNOWN_PREFIXES and prefix.lower() != known.lower():
                raise NotPlainError
            spaces[uri] = known
        if prefix and given.setdefault(prefix.lower(), uri) != uri:
            raise NotPlainError
    return spaces


def _start_of_root(text: str) -> int:
    """Behind comments and instructions."""
    place = 0
    while True:
        while text[place : place + 1].isspace():
            place += 1
        if text.startswith("<!--", place):
            place = text.index("-->", place + 4) + 3
        elif text.startswith("<?", place):
            place = text.index("?>", place) + 2
        else:
            return place
