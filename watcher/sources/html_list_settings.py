"""What a source of kind html_list can be told besides where its rows stand."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from watcher.reading.markup import check_selector
from watcher.sources.html_settings import HtmlRowsConfig, NextParameter, check_fields

#: The publisher's day in an address: {today:%Y-%m-%d}.
TODAY: Final = re.compile(r"\{today:([^{}]*)\}")
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9.\-]*[a-z0-9])?")


class Detail(BaseModel):
    """What is read from each entry's own page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fields: dict[str, Any] = Field(default_factory=dict)  #: where they stand in that page; they win over the list's
    main_text: bool = False  #: the page's main text is the summary, where `fields` finds none
    main: str = ""  #: CSS selector of the main text
    max_details: int = Field(20, ge=1, le=200)  #: such pages in one poll
    hosts: tuple[str, ...] = ()  #: other hosts on which entries have their pages

    @field_validator("fields")
    @classmethod
    def _readable_fields(cls, value: dict[str, Any]) -> dict[str, Any]:
        if told := sorted({"id", "link"} & set(value)):
            raise ValueError(f"holds {told[0]!r}: an entry is known by what the list says of it")
        return check_fields(value, identified=False)

    @field_validator("main")
    @classmethod
    def _readable_selector(cls, value: str) -> str:
        return check_selector(value) if value.strip() else ""

    @field_validator("hosts")
    @classmethod
    def _hosts_only(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := [host for host in value if not _HOST.fullmatch(host)]:
            raise ValueError(f"holds {wrong[0]!r}, which is no host such as www.regulator.example")
        return value

    @model_validator(mode="after")
    def _asks_for_something(self) -> Detail:
        if not self.fields and not self.main_text:
            raise ValueError("needs 'fields' or 'main_text: true'")
        return self


def _detail_of(value: Any) -> Detail | None:
    """Raises ValueError with a sentence part that names the setting inside `detail`."""
    if value is None or isinstance(value, Detail):
        return value
    if not isinstance(value, dict):
        raise ValueError("must be settings such as {fields: {deadline: .until}}")
    try:
        return Detail.model_validate(value)
    except ValidationError as error:
        told = []
        for problem in error.errors():
            name = str(problem["loc"][0]) if problem["loc"] else ""
            words = problem["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
            if problem["type"] == "extra_forbidden":
                told.append(f"has the unknown setting {name!r}; they are {', '.join(Detail.model_fields)}")
            else:
                told.append(f"has {name!r}, which {words}" if name else words)
        raise ValueError(", and ".join(told)) from None


class HtmlListConfig(HtmlRowsConfig):
    """Settings of a source of kind html_list. Selectors are CSS."""

    next: str = ""  #: selector of the link to the next page
    page_parameter: NextParameter = None  #: or the parameter of the address that counts pages
    max_pages: int = Field(1, ge=1, le=200)
    days: int = Field(1, ge=1, le=14)  #: so many days are asked for in each poll, where the address holds {today:…}
    detail: Annotated[Detail | None, BeforeValidator(_detail_of)] = None

    @field_validator("next")
    @classmethod
    def _readable_next(cls, value: str) -> str:
        return check_selector(value) if value.strip() else ""

    @model_validator(mode="after")
    def _pages_can_be_asked(self) -> HtmlListConfig:
        if self.next and self.page_parameter is not None:
            raise ValueError("'next' and 'page_parameter' both say where the next page is: keep one of them")
        if self.max_pages > 1 and not self.next and self.page_parameter is None:
            raise ValueError("'max_pages' is above 1, so 'next' or 'page_parameter' must say how a page is asked for")
        days = TODAY.findall(self.url)
        if self.days > 1 and not days:
            raise ValueError("'days' is above 1, so 'url' must hold the day, as in {today:%Y-%m-%d}")
        for form in days:
            if date(2026, 11, 2).strftime(form) == form:
                raise ValueError(f"'url' holds {{today:{form}}}, which writes no day; write {{today:%Y-%m-%d}}")
        return self
