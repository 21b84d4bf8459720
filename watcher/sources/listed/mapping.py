"""From a publisher's own fields to `Listed`: the names that staff may map, and how several values become one text."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urljoin

from watcher.source import Entry
from watcher.sources.listed.listed import Listed
from watcher.sources.stated import as_it_came, storable
from watcher.text import one_line, plain, safe_link

#: What can be mapped, by the names that `Listed` has.
FIELDS: Final = (
    *("id", "link", "title", "summary", "published", "original", "deadline", "adoption", "entry_into_force"),
    *("number", "threads", "products", "agency", "language", "links"),
)
#: Without any of these an entry is none.
IDENTIFYING: Final = ("id", "title", "link")

_LONGEST_TEXT: Final = 100_000  # characters of one value that are read
_MOST_VALUES: Final = 200
#: What stands in a column of links and is none: a remark, a dash, a document's number.
_NO_ADDRESS: Final = re.compile(
    r"[-–—._]*|(?i:n\.?/?a\.?|none|null|nil|tbd|tba)|[A-Z0-9]+(?:-[A-Z0-9]+)+"
    r"|(?![A-Za-z][A-Za-z0-9+.\-]*:)[^/?#.]*\s.*"
)
_PLACE: Final = re.compile(r"\{(\+?)([^{}]*)\}")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.\-]*:(?!\d+(?:/|$))", re.IGNORECASE)
_TWO_LETTERS: Final = re.compile(r"([a-z]{2})(?:[-_].*)?", re.IGNORECASE)
_LANGUAGES: Final = {
    name: code
    for code, names in {
        "en": "english eng",
        "fr": "french français fra fre",
        "es": "spanish español spa",
        "de": "german deutsch deu ger",
        "pt": "portuguese português por",
        "zh": "chinese 中文 zho chi",
        "ja": "japanese 日本語 jpn",
        "ko": "korean 한국어 kor",
        "vi": "vietnamese vie",
        "ru": "russian русский rus",
        "ar": "arabic ara",
        "it": "italian italiano ita",
    }.items()
    for name in names.split()
}

#: The values of one field of one entry, in their order.
Values = Mapping[str, Sequence[str]]


def check_names(names: Iterable[str]) -> None:
    """Raises ValueError with a sentence part for a name that is no field."""
    for name in names:
        if name not in FIELDS:
            near = difflib.get_close_matches(name, FIELDS, n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]!r}?" if near else f"; the names are {', '.join(FIELDS)}"
            raise ValueError(f"has the unknown name {one_line(name, 40)!r}{hint}")
    if not set(names) & set(IDENTIFYING):
        raise ValueError(f"must say where at least one of {', '.join(IDENTIFYING)} stands")


def mapped(value: Any, sentence: str) -> Mapping[str, Any]:
    """The fields that staff map. Raises ValueError: with `sentence` for what is no mapping, or for a wrong name."""
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise ValueError(sentence)
    check_names(value)
    return value


def one_or_several(name: str, stated: Any, what: str) -> tuple[str, ...]:
    """Where a field stands, the first place first. Raises ValueError with a sentence part: it must be `what`."""
    places = tuple(stated) if isinstance(stated, list | tuple) else (stated,)
    if not places or not all(isinstance(place, str) and place.strip() for place in places):
        raise ValueError(f"has {name!r}, which must be {what}")
    return places


def check_template(template: str, names: Iterable[str]) -> None:
    """Raises ValueError with a sentence for a 'link_template' that cannot be filled from these fields; none is one."""
    known = set(names)
    places = _PLACE.findall(template)
    if template and not places:
        raise ValueError("'link_template' must hold the place of a field, as in https://regulator.example/recalls/{id}")
    for _, name in places:
        if name not in known:
            raise ValueError(f"'link_template' names {{{one_line(name, 40)}}}, which 'fields' does not map")
    if template and not template.startswith(("https://", "http://", "/", "{")):
        raise ValueError("'link_template' must begin with https:// or with /")


def listed_of(values: Values, *, base: str, template: str = "", raw: str = "") -> Listed:
    """One entry. `base`: the address against which its links are read. `template`: how its link is made of fields."""
    texts = {name: _tidy(found) for name, found in values.items()}
    links = [link for link in map(_absolute(base), texts.get("links", ())) if link]
    summary = "\n".join(filter(None, (plain(text) for text in texts.get("summary", ()))))
    return Listed(
        id=one_line(storable(" ".join(texts.get("id", ()))), 2000),
        link=_link(texts, base, template),
        title=one_line(plain(" ".join(texts.get("title", ()))), 1000),
        summary=summary[:_LONGEST_TEXT],
        published=_first(texts, "published"),
        original=_first(texts, "original"),
        deadline=_first(texts, "deadline"),
        adoption=_first(texts, "adoption"),
        entry_into_force=_first(texts, "entry_into_force"),
        number=_first(texts, "number"),
        threads=tuple(dict.fromkeys(one_line(plain(text)) for text in texts.get("threads", ()))),
        products=_joined(texts, "products"),
        agency=one_line(_joined(texts, "agency"), 1000),
        language=language_code(_first(texts, "language")),
        links=tuple(dict.fromkeys(links)),
        raw=as_it_came(raw),
    )


def is_identified(entry: Listed) -> bool:
    """Whether anything tells it from other entries."""
    return bool(entry.id or entry.title or entry.link)


def unreadable(number: int, why: str, raw: str) -> Entry:
    """The entry in place of one that cannot be read. `why` follows "entry 7 …"."""
    digest = hashlib.sha256((raw or why).encode("utf-8", "replace")).hexdigest()[:12]
    problem = one_line(f"entry {number} {why}", 400)
    return Entry(key=f"unreadable {digest}", notice=None, problem=problem, raw=as_it_came(raw))


def each_once(problems: Iterable[Entry]) -> Iterator[Entry]:
    """The entries without those whose key came before."""
    told: set[str] = set()
    for problem in problems:
        if problem.key not in told:
            told.add(problem.key)
            yield problem


def language_code(stated: str) -> str:
    """Two letters for a language as publishers state it: en-US, ENG, English; else empty."""
    if known := _LANGUAGES.get(stated.strip().casefold()):
        return known
    found = _TWO_LETTERS.fullmatch(stated.strip())
    return found[1].lower() if found else ""


def _tidy(found: Sequence[str]) -> tuple[str, ...]:
    cut = (text[:_LONGEST_TEXT].strip() for text in found[:_MOST_VALUES])
    return tuple(dict.fromkeys(text for text in cut if text))


def _first(texts: Values, name: str) -> str:
    readable = (one_line(plain(text), 200) for text in texts.get(name, ()))
    return next(filter(None, readable), "")


def _joined(texts: Values, name: str) -> str:
    return "; ".join(dict.fromkeys(filter(None, (plain(text) for text in texts.get(name, ())))))[:_LONGEST_TEXT]


def _link(texts: Values, base: str, template: str) -> str | None:
    made = _filled(template, texts) if template else ""
    addresses = (made, *texts.get("link", ())) if made else texts.get("link", ())
    return next(filter(None, map(_absolute(base), addresses)), None)


def _filled(template: str, texts: Values) -> str:
    """The template with its places filled, or empty if a field is. `{+id}` may hold slashes, `{id}` may not."""
    missing = False

    def value(place: re.Match[str]) -> str:
        nonlocal missing
        text = " ".join(texts.get(place[2], ()))
        missing = missing or not text
        return quote(text, safe="/:?&=%~" if place[1] else "~", errors="replace")

    made = _PLACE.sub(value, template)
    return "" if missing else made


def _absolute(base: str) -> Callable[[str], str | None]:
    def absolute(address: str) -> str | None:
        written = "".join(address.split("\n")).strip()
        if written.startswith("#") or _NO_ADDRESS.fullmatch(written):
            return None  # a place in the list itself, where a script would open the entry; or "N/A", "see website"
        try:
            return safe_link(written if _SCHEME.match(written) else urljoin(base, written))
        except ValueError:
            return None

    return absolute
