"""What a source of kind json_api can be told, checked so that a mistake in YAML is a sentence."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from selectolax.lexbor import LexborHTMLParser

from watcher.sources.json_places import SINCE, UNTIL, asks_for, check_places, writes_days
from watcher.sources.listed import ListedConfig
from watcher.sources.listed.mapping import check_template, mapped
from watcher.text import one_line

Parameter = str | tuple[str, ...]


def compiled(expression: str) -> ParsedResult:
    """A JMESPath expression, ready. Raises ValueError with a sentence part."""
    try:
        return jmespath.compile(expression)
    except (JMESPathError, RecursionError, ValueError) as error:
        reason = one_line(str(error).split(" for expression")[0].split("\n")[0], 80).rstrip(":. ")
        hint = ""
        if expression.strip() and not set(expression) & set("[]()|&{}`'\""):
            hint = f"; a name with blanks, hyphens or signs stands in quotation marks: '\"{expression.strip()}\"'"
        raise ValueError(f"is no JMESPath expression ({reason}){hint}") from None


def _as_text(value: Any) -> Any:
    """Numbers, days and true/false as YAML reads them, as they stand in an address."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | date):
        return str(value)
    if isinstance(value, list | tuple):
        return tuple(_as_text(part) for part in value)
    return value


def _lower(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _as_json(value: Any) -> Any:
    """What YAML read, as JSON can carry it. Raises ValueError with a sentence part."""
    if isinstance(value, Mapping):
        return {_as_text(name): _as_json(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_as_json(member) for member in value]
    if isinstance(value, date):
        return str(value)
    if value is None or isinstance(value, str | bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise ValueError(f"holds {one_line(repr(value), 40)}, which JSON cannot carry")


class Paging(BaseModel):
    """How the pages of a list are asked for, one after the other."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Literal["none", "page", "offset", "cursor", "next_link"] = "none"
    parameter: str = ""  #: the name of the page, offset or cursor in the address or the body
    place: Literal["address", "body"] | None = None  #: where these stand; None: in the body, if there is one
    size_parameter: str = ""  #: the name of the page's size; empty: the publisher's own size
    size: int | None = Field(None, ge=1, le=100_000)  #: entries a page
    first: int | None = Field(None, ge=0, le=1)  #: the number of the first page or entry; None: page 1, entry 0
    next: str = ""  #: where the next cursor or link stands
    max_pages: int = Field(50, ge=1, le=4_900)
    newest_first: bool = False  #: stop at entries that were read before; an unchanged first page is the whole answer

    @property
    def starts_with(self) -> int:
        """The number of the first page or entry."""
        return self.first if self.first is not None else int(self.by == "page")


_WORDS: Final = {
    "missing": "is missing", "int_parsing": "must be a whole number", "int_type": "must be a whole number",
    "string_type": "must be text", "bool_parsing": "must be true or false", "bool_type": "must be true or false",
    "int_from_float": "must be a whole number",
}  # fmt: skip


def _paging_of(value: Any) -> Paging:
    """Raises ValueError with a sentence part that names the setting inside `paging`."""
    if isinstance(value, Paging):
        return value
    if not isinstance(value, Mapping):
        raise ValueError("must be settings such as {by: page, parameter: page}")
    try:
        paging = Paging.model_validate(dict(value))
    except ValidationError as error:
        told = []
        for problem in error.errors():
            name = str(problem["loc"][0]) if problem["loc"] else ""
            if problem["type"] == "extra_forbidden":
                near = difflib.get_close_matches(name, Paging.model_fields, n=1, cutoff=0.5)
                told.append(f"has the unknown setting {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
            else:
                words = _WORDS.get(problem["type"], problem["msg"].replace("Input should be", "must be"))
                told.append(f"has {name!r}, which {words}")
        raise ValueError(", and ".join(told)) from None
    if paging.by in ("page", "offset", "cursor") and not paging.parameter:
        raise ValueError(f"lacks 'parameter': the name that the {paging.by} has in the address")
    if paging.by in ("cursor", "next_link") and not paging.next:
        raise ValueError("lacks 'next': where in the answer the next cursor or link stands, in JMESPath")
    if paging.next:
        try:
            compiled(paging.next)
        except ValueError as error:
            raise ValueError(f"has 'next', which {error}") from None
    if paging.size_parameter and paging.size is None:
        raise ValueError("has 'size_parameter' and lacks 'size'")
    return paging


class JsonApiConfig(ListedConfig):
    """Settings of a source of kind json_api. Expressions are JMESPath (jmespath.org)."""

    items: str = "@"  #: where the list stands in the answer
    where: str = ""  #: what must be true of an entry; others are left out: documentType != 'Annex'
    fields: dict[str, str]  #: where in an entry each field of `Listed` stands
    link_template: str = ""  #: the entry's address, made of its fields: https://regulator.example/recalls/{id}
    method: Annotated[Literal["get", "post"], BeforeValidator(_lower)] = "get"
    body: dict[str, Any] | None = None  #: what is sent by POST
    body_as: Literal["json", "form"] = "json"  #: how it is written
    params: dict[str, Parameter] = Field(default_factory=dict)  #: of the address; a list is asked for several times
    headers: dict[str, str] = Field(default_factory=dict)  #: no secrets: these are shown
    key: SecretStr | None = None
    key_header: str = ""  #: the header that the key is sent in
    key_parameter: str = ""  #: the parameter that the key is sent in, where no header is taken
    needs_key: bool = False  #: rests without one
    since_format: str = "%Y-%m-%d"  #: of {since}, {until} and {today}, as in strftime
    since_days: int | None = Field(None, ge=0, le=36_500)  #: how far back the first poll asks; None: everything
    overlap_days: int = Field(14, ge=0, le=3_650)  #: days asked for again at each poll: what appears late is found
    paging: Annotated[Paging, BeforeValidator(_paging_of)] = Paging()
    total: str = ""  #: where it stands how many entries there are in all
    ok: str = ""  #: what must be true of an answer: STATUSCODE == `400`
    cap: int | None = Field(None, ge=1)  #: the publisher counts and gives no more than so many
    not_found_means_nothing: bool = False  #: 404 with JSON is the answer to a question that nothing matches
    script: str = ""  #: the CSS selector of the script element that holds the JSON in a page

    @field_validator("items", "where", "total", "ok")
    @classmethod
    def _readable_expression(cls, value: str) -> str:
        if value:
            compiled(value)
        return value

    @field_validator("items")
    @classmethod
    def _some_place(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("must say where the list stands, as in results or data.items; @ if it is the whole answer")
        return value

    @field_validator("fields", mode="before")
    @classmethod
    def _mapped(cls, value: Any) -> Any:
        fields = mapped(value, "must say where each field stands, as in {id: document_number, title: title}")
        for name, expression in fields.items():
            if not isinstance(expression, str):
                raise ValueError(f"has {name!r}, which must be a JMESPath expression in quotation marks")
            try:
                compiled(expression)
            except ValueError as error:
                raise ValueError(f"has {name!r}, which {error}") from None
        return dict(fields)

    @field_validator("script")
    @classmethod
    def _readable_selector(cls, value: str) -> str:
        try:
            if value:
                LexborHTMLParser("<p>").css(value)
        except Exception:  # the library's own, of several kinds
            raise ValueError("must be a CSS selector, such as script#params") from None
        return value

    @field_validator("params", mode="before")
    @classmethod
    def _texts(cls, value: Any) -> Any:
        return {str(name): _as_text(part) for name, part in value.items()} if isinstance(value, Mapping) else value

    @field_validator("body", mode="before")
    @classmethod
    def _sent(cls, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise ValueError("must be members such as {criteria: {year: [2026]}, page: 0}")
        return _as_json(value)

    @field_validator("headers", mode="before")
    @classmethod
    def _sendable(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        for name, text in value.items():
            if not _is_token(str(name)) or not str(text).isascii() or not str(text).isprintable():
                raise ValueError(f"has {one_line(str(name), 40)!r}, which HTTP cannot carry")
        return {str(name): str(text) for name, text in value.items()}

    @field_validator("key")
    @classmethod
    def _blank_is_none(cls, value: SecretStr | None) -> SecretStr | None:
        return value if value and value.get_secret_value().strip() else None

    @field_validator("key_header")
    @classmethod
    def _header_name(cls, value: str) -> str:
        if value and not _is_token(value):
            raise ValueError("must be the name of a header, such as X-Api-Key")
        return value

    @field_validator("since_format")
    @classmethod
    def _writes_days(cls, value: str) -> str:
        if not writes_days(value):
            raise ValueError("must write a day, as %Y-%m-%d does")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> JsonApiConfig:
        check_template(self.link_template, self.fields)
        if self.paging.by != "none" and "[?" in self.items:
            raise ValueError("'items' leaves out entries, so pages cannot be counted: say in 'where' which are wanted")
        if self.body is not None and self.method == "get":
            raise ValueError("'body' is sent by POST only: add 'method: post', or take it out")
        if self.paging.place == "body" and self.method == "get":
            raise ValueError("'paging' counts pages in the body, and there is none: add 'method: post' and 'body'")
        for name, asked in (("url", self.url), ("params", self.params), ("body", self.body)):
            try:
                check_places(asked, self.since_format)
            except ValueError as error:
                raise ValueError(f"{name!r} {error}") from None
        if asks_for(self.url, SINCE) and self.since_days is None:
            raise ValueError("'url' holds {since}, so 'since_days' must say how far back the first poll asks")
        if asks_for(self.url, UNTIL):
            raise ValueError("'url' holds {until}, which belongs into 'params': it is asked for in back-fills only")
        if self.key is not None and not (self.key_header or self.key_parameter):
            raise ValueError("there is a 'key', so 'key_header' or 'key_parameter' must say how it is sent")
        if self.needs_key and not (self.key_header or self.key_parameter):
            raise ValueError("'needs_key' is set, so 'key_header' or 'key_parameter' must say how the key is sent")
        return self

    @property
    def pages_in_body(self) -> bool:
        """Whether the page, offset or cursor stands in what is sent, not in the address."""
        return self.method == "post" and self.paging.place != "address"


def _is_token(name: str) -> bool:
    return name.isascii() and bool(name) and name.replace("-", "").isalnum()
