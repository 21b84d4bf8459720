"""What a source of kind xml_list can be told, checked so that a mistake in YAML is a sentence."""

from __future__ import annotations

from typing import Any

from pydantic import Field, field_validator, model_validator

from watcher.sources.listed import ListedConfig
from watcher.sources.listed.mapping import check_template, mapped, one_or_several
from watcher.sources.xml_document import check_namespaces, compiled


class XmlListConfig(ListedConfig):
    """Settings of a source of kind xml_list. Paths are XPath 1.0, seen from the root element or from an entry."""

    items: str  #: which elements are the entries: weeklyReport, //notification
    where: str = ""  #: what must be true of an entry; others are left out: status = 'final'
    fields: dict[str, tuple[str, ...]]  #: where in an entry each field of `Listed` stands; the first that is filled
    link_template: str = ""  #: the entry's address, made of its fields: https://regulator.example/recalls/{id}
    namespaces: dict[str, str] = Field(default_factory=dict)  #: those that paths tell apart, by prefix
    empty: str = ""  #: what is true of a document that lists nothing: count = 0
    next: str = ""  #: where the address of the next page stands
    max_pages: int = Field(10, ge=1, le=1000)
    parts: str = ""  #: where the addresses of the lists stand, if the document is a list of lists
    max_parts: int = Field(2, ge=1, le=100)  #: so many of them are read in each poll, the first ones

    @field_validator("fields", mode="before")
    @classmethod
    def _mapped(cls, value: Any) -> Any:
        said = "must say where each field stands, as in {id: reference, link: '@href'}"
        found_at = {}
        for name, stated in mapped(value, said).items():
            paths = one_or_several(name, stated, "an XPath expression, or a list of them")
            if found := next((path for path in paths if path.strip().startswith("//")), None):
                raise ValueError(f"has {name!r}, which takes {found!r} from the whole document: write .{found}")
            found_at[name] = paths
        return found_at

    @field_validator("items")
    @classmethod
    def _some_place(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("must say which elements are the entries, as in weeklyReport or //notification")
        return value

    @field_validator("namespaces")
    @classmethod
    def _readable_namespaces(cls, value: dict[str, str]) -> dict[str, str]:
        return dict(check_namespaces(value))

    @model_validator(mode="after")
    def _fits_together(self) -> XmlListConfig:
        stated = [(repr(name), getattr(self, name)) for name in ("items", "where", "empty", "next", "parts")]
        stated += [(f"'fields' has {name!r}, which", path) for name, paths in self.fields.items() for path in paths]
        for called, path in stated:
            try:
                if path:
                    compiled(path, tuple(self.namespaces.items()))
            except ValueError as error:
                raise ValueError(f"{called} {error}: {path}") from None
        check_template(self.link_template, self.fields)
        if self.parts and self.next:
            raise ValueError("'parts' and 'next' both say what is read next: keep one of them")
        return self
