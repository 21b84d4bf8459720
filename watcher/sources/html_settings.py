"""Where the fields of a list stand in a page, as staff write it, checked so that a mistake in YAML is a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from watcher.reading.markup import check_selector
from watcher.sources.json_settings import compiled
from watcher.sources.listed import ListedConfig
from watcher.sources.listed.mapping import check_names, check_template
from watcher.text import one_line

Where = Literal["row", "before", "after", "page"]

#: The row itself, as several people write it.
_ITSELF: Final = frozenset({"", ".", "*self", ":self", ":scope", "self"})
_ATTRIBUTE: Final = re.compile(r"[A-Za-z_][\w:.\-]*")
_KEYS: Final = ("select", "attribute", "pattern", "in")
_PLACES: Final = ("row", "before", "after", "page")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPlace:
    """Where one field of a row stands."""

    select: str = ""  #: CSS selector; empty: the element itself
    attribute: str = ""  #: whose value is the field; empty: the text
    pattern: re.Pattern[str] | None = None  #: its first group, or all of it, is the field
    where: Where = "row"  #: in the row; nearest before or behind it (a heading, a `dd`); anywhere in the page


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What shows that a page is a certain one: an element, a text in it, or a text anywhere."""

    select: str = ""
    text: str = ""


def places_of(stated: Any) -> tuple[FieldPlace, ...]:
    """One place or several, of which the first that gives something counts. Raises ValueError with a sentence part.

    A place is `selector`, `selector@attribute`, `selector|pattern`, `selector@attribute|pattern`, or the mapping
    `{select, attribute, pattern, in}`.
    """
    several = stated if isinstance(stated, list | tuple) else [stated]
    if not several:
        raise ValueError("holds an empty list")
    return tuple(_place_of(one) for one in several)


def _place_of(stated: Any) -> FieldPlace:
    if isinstance(stated, str):
        return _made(*_split(stated), "row")
    if not isinstance(stated, Mapping):
        raise ValueError(f"holds {one_line(repr(stated), 60)}, which is no selector; write \"td.title a\" or 'a@href'")
    if unknown := sorted(str(key) for key in stated if key not in _KEYS):
        raise ValueError(f"holds the unknown key {unknown[0]!r}; the keys are {', '.join(_KEYS)}")
    where = stated.get("in", "row")
    if where not in _PLACES:
        raise ValueError(f"holds in: {where!r}; it is one of {', '.join(_PLACES)}")
    select, attribute, pattern = (stated.get(key) or "" for key in _KEYS[:3])
    if not all(isinstance(text, str) for text in (select, attribute, pattern)):
        raise ValueError("holds a select, attribute or pattern that is no text")
    return _made(select, attribute, pattern, where)


def _made(select: str, attribute: str, pattern: str, where: Where) -> FieldPlace:
    select = select.strip()
    select = "" if select in _ITSELF else check_selector(select)
    if where != "row" and not select:
        raise ValueError(f"holds in: {where} without a selector")
    if attribute and not _ATTRIBUTE.fullmatch(attribute):
        raise ValueError(f"holds {attribute!r}, which is no name of an attribute")
    try:
        found = re.compile(pattern) if pattern else None
    except re.error as error:
        raise ValueError(f"holds {pattern!r}, which is no regular expression ({error})") from None
    return FieldPlace(select=select, attribute=attribute.lower(), pattern=found, where=where)


def _split(stated: str) -> tuple[str, str, str]:
    """Selector, attribute and pattern of the short form: "@" and "|" inside brackets or quotes are the selector's."""
    inside, quote, at = 0, "", -1
    for index, sign in enumerate(stated):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "[(":
            inside += 1
        elif sign in "])":
            inside -= 1
        elif sign == "@" and inside <= 0 and at < 0:
            at = index
        elif sign == "|" and inside <= 0:
            select = stated[: at if at >= 0 else index]
            return select, stated[at + 1 : index].strip() if at >= 0 else "", stated[index + 1 :].strip()
    return (stated, "", "") if at < 0 else (stated[:at], stated[at + 1 :].strip(), "")


def markers_of(stated: Any) -> tuple[Marker, ...]:
    """Texts, or mappings with `select` and `text`, one or several. Raises ValueError with a sentence part."""
    several = stated if isinstance(stated, list | tuple) else [stated]
    markers = []
    for one in several:
        if isinstance(one, Marker):
            markers.append(one)
        elif isinstance(one, str) and one.strip():
            markers.append(Marker(text=one.strip()))
        elif (
            isinstance(one, Mapping)
            and set(one) <= {"select", "text"}
            and all(isinstance(v, str) for v in one.values())
        ):
            select, text = one.get("select", "").strip(), one.get("text", "").strip()
            if not (select or text):
                raise ValueError("holds a mapping without select and text")
            markers.append(Marker(select=check_selector(select) if select else "", text=text))
        else:
            raise ValueError('must be texts of the page, or mappings such as {select: ".error", text: "not found"}')
    return tuple(markers)


#: How staff write them: texts, or mappings.
Markers = Annotated[tuple[Marker, ...], BeforeValidator(markers_of)]


def _next_parameter(value: Any) -> Any:
    """The short form, a name alone, counts pages from 1."""
    return {"name": value} if isinstance(value, str) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class PageParameter:
    """A number in the address that says which page is asked for."""

    name: str
    first: int = 1  #: the number of the first page; 0 where the first row is counted
    step: int = 1  #: what is added for the next page: 10 where rows are counted by ten


def _parameter_of(value: Any) -> PageParameter | None:
    value = _next_parameter(value)
    if value is None or isinstance(value, PageParameter):
        return value
    if not isinstance(value, Mapping) or not isinstance(value.get("name"), str) or not value["name"].strip():
        raise ValueError("must be the parameter's name, or settings such as {name: start, first: 0, step: 10}")
    if unknown := sorted(set(map(str, value)) - {"name", "first", "step"}):
        raise ValueError(f"has the unknown setting {unknown[0]!r}; they are name, first and step")
    numbers = {key: value[key] for key in ("first", "step") if key in value}
    if not all(isinstance(number, int) and not isinstance(number, bool) for number in numbers.values()):
        raise ValueError("has a 'first' or 'step' that is no whole number")
    if numbers.get("step", 1) < 1 or numbers.get("first", 1) < 0:
        raise ValueError("has a 'step' below 1 or a 'first' below 0")
    return PageParameter(name=value["name"].strip(), **numbers)


def check_fields(fields: Any, *, identified: bool) -> dict[str, Any]:
    """The mapping of fields as it was written, if each can be read. Raises ValueError with a sentence part."""
    if not isinstance(fields, Mapping) or not all(isinstance(name, str) for name in fields):
        raise ValueError('must say where each field stands, as in {title: "h3 a", link: "h3 a@href"}')
    check_names(fields if identified else [*fields, "id"])
    for name, stated in fields.items():
        try:
            places_of(stated)
        except ValueError as error:
            raise ValueError(f"has {name!r}, which {error}") from None
    return dict(fields)


class HtmlRowsConfig(ListedConfig):
    """Settings of a source whose entries are rows of a page."""

    row: str = ""  #: the CSS selector of a row
    fields: dict[str, Any]  #: where in a row each field of `Listed` stands
    embedded_json: str = ""  #: the CSS selector of the script that holds the list as JSON; fields are JMESPath then
    items: str = "@"  #: where in that JSON the list stands, in JMESPath
    link_template: str = ""  #: the entry's address, made of its fields: https://regulator.example/recalls/{id}
    empty: Markers = ()  #: what says that there is nothing today
    soft_404: Markers = ()  #: what marks an error page
    max_entries: int = Field(2_000, ge=1, le=100_000)

    @field_validator("row", "embedded_json")
    @classmethod
    def _readable_selector(cls, value: str) -> str:
        return check_selector(value) if value.strip() else ""

    @model_validator(mode="after")
    def _fits_together(self) -> HtmlRowsConfig:
        if bool(self.row) == bool(self.embedded_json):
            raise ValueError("'row' or 'embedded_json' must say where the list stands, and one of them only")
        if self.embedded_json:
            compiled(self.items)
            if not all(isinstance(stated, str) for stated in self.fields.values()):
                raise ValueError("'fields' must hold JMESPath expressions where 'embedded_json' is set")
            check_names(self.fields)
            for expression in self.fields.values():
                compiled(expression)
        else:
            try:
                check_fields(self.fields, identified=True)
            except ValueError as error:
                raise ValueError(f"'fields' {error}") from None
        check_template(self.link_template, self.fields)
        return self


#: How staff write it: a name, or settings.
NextParameter = Annotated[PageParameter | None, BeforeValidator(_parameter_of)]
