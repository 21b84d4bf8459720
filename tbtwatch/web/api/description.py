"""The API described: what FastAPI reads off the answers, and what every answer has besides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from tbtwatch.pipeline.tokens import Scope

#: By tag: what a token must be good for, and whether anybody may read without one.
SCOPES: Final[dict[str, tuple[Scope | None, bool]]] = {
    "service": (None, True),
    "measures": (Scope.MEASURES, True),
    "sources": (Scope.SOURCES, True),
    "subscriptions": (Scope.SUBSCRIPTIONS, False),
    "deliveries": (Scope.DELIVERIES, False),
    "rules": (Scope.RULES, False),
}
_HEADERS: Final = {
    "ETag": "The answer's tag: ask again with `If-None-Match` and be told 304 if nothing is another.",
    "RateLimit": "What is left: requests, and seconds until all are there again.",
    "RateLimit-Policy": "How many requests a minute are allowed.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A parameter, or a field of an answer."""

    name: str
    type: str
    needed: bool
    about: str
    shape: str = ""  #: what it is, or is a list of


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Something with fields."""

    name: str
    about: str
    fields: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """Something that can be asked."""

    id: str
    path: str
    about: str
    scope: str
    public: bool
    parameters: tuple[Line, ...]
    shape: str  #: of the answer
    example: str


def completed(described: dict[str, Any]) -> dict[str, Any]:
    """With what holds for every answer."""
    for item in described["paths"].values():
        for operation in item.values():
            scope, public = SCOPES[operation["tags"][0]]
            token: dict[str, list[str]] = {"token": [scope.value] if scope else []}
            operation["security"] = [{}, token] if public else [token]
            answers = operation["responses"]
            answers["200"]["description"] = "What was asked for."
            answers["200"]["headers"] = {
                name: {"description": about, "schema": {"type": "string"}} for name, about in _HEADERS.items()
            }
            answers["304"] = {"description": "It is as you have it."}
            for status, answer in answers.items():
                if int(status) >= 400:
                    answer["content"].pop("application/json", None)
            if scope is None:
                answers.pop("403", None)
    for unused in ("HTTPValidationError", "ValidationError"):
        described["components"]["schemas"].pop(unused, None)
    return described


def operations(described: dict[str, Any]) -> Iterator[Operation]:
    """What can be asked, in the order in which it is described."""
    for path, item in described["paths"].items():
        operation = item["get"]
        scope, public = SCOPES[operation["tags"][0]]
        answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
        yield Operation(
            id=operation["operationId"],
            path=described["servers"][0]["url"] + path,
            about=operation["description"],
            scope=scope.value if scope else "",
            public=public,
            parameters=tuple(_parameter(one, described) for one in operation.get("parameters", ())),
            shape=answer["$ref"].rpartition("/")[2],
            example=_example(path, operation, described),
        )


def _parameter(one: dict[str, Any], described: dict[str, Any]) -> Line:
    schema = one["schema"]
    about = one.get("description") or schema.get("description", "")
    return Line(name=one["name"], type=_type(schema, described), needed=one.get("required", False), about=about)


def shapes(described: dict[str, Any]) -> Iterator[Shape]:
    """What answers are made of, by name."""
    for name, schema in sorted(described["components"]["schemas"].items()):
        if "properties" in schema:
            fields = tuple(_field(field, about, described) for field, about in schema["properties"].items())
            yield Shape(name=name, about=schema.get("description", ""), fields=fields)


def _field(name: str, about: dict[str, Any], described: dict[str, Any]) -> Line:
    inside = next(iter(_references(about)), "")
    shape = inside if "properties" in described["components"]["schemas"].get(inside, {}) else ""
    said = about.get("description", "")
    return Line(name=name, type=_type(about, described), needed=True, about=said, shape=shape)


def _references(schema: Any) -> Iterator[str]:
    """The shapes that a description names."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].rpartition("/")[2]
        for value in schema.values():
            yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)


def _whole(schema: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: dict[str, Any] = described["components"]["schemas"][reference.rpartition("/")[2]]
    return found


def _type(schema: dict[str, Any], described: dict[str, Any]) -> str:
    if "$ref" in schema and "properties" in _whole(schema, described):
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(_type(one, described) for one in schema["anyOf"])
    schema = _whole(schema, described)
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {}), described)}]"
    if isinstance(below := schema.get("additionalProperties"), dict):
        return f"{{…: {_type(below, described)}}}"
    return str(schema.get("format") or schema.get("type", "object"))


def _example(path: str, operation: dict[str, Any], described: dict[str, Any]) -> str:
    """An address that can be asked for."""
    asked = []
    for one in operation.get("parameters", ()):
        examples = one["schema"].get("examples") or one.get("examples") or []
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", str(next(iter(examples), 1)))
        elif one.get("required"):
            asked.append(f"{one['name']}={next(iter(examples), '')}")
    url: str = described["servers"][0]["url"]
    return url + path + (f"?{'&'.join(asked)}" if asked else "")
