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


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """Something that can be asked."""

    id: str
    path: str
    about: str
    scope: str
    public: bool
    parameters: tuple[Line, ...]
    fields: tuple[Line, ...]
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
            if not public:
                continue
            if scope is None:
                answers.pop("403", None)
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
            fields=tuple(_fields(answer, described)),
            example=_example(path, operation, described),
        )


def _parameter(one: dict[str, Any], described: dict[str, Any]) -> Line:
    schema = one["schema"]
    about = one.get("description") or schema.get("description", "")
    return Line(name=one["name"], type=_type(schema, described), needed=one.get("required", False), about=about)


def _fields(schema: dict[str, Any], described: dict[str, Any]) -> Iterator[Line]:
    """The fields of an answer, and of what stands in its lists, each under its name."""
    seen: set[str] = set()

    def inside(schema: dict[str, Any], before: str) -> Iterator[Line]:
        name = schema.get("$ref", "")
        if name in seen:
            return
        seen.add(name)
        for field, about in _whole(schema, described).get("properties", {}).items():
            yield Line(
                name=f"{before}{field}", type=_type(about, described), needed=True, about=about.get("description", "")
            )
            below = about.get("items", about.get("additionalProperties", about))
            below = below.get("items", below) if isinstance(below, dict) else {}
            if isinstance(below, dict) and "properties" in _whole(below, described):
                yield from inside(below, f"{before}{field}{'[]' if 'items' in about else ''}.")

    yield from inside(schema, "")


def _whole(schema: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: dict[str, Any] = described["components"]["schemas"][reference.rpartition("/")[2]]
    return found


def _type(schema: dict[str, Any], described: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " | ".join(_type(one, described) for one in schema["anyOf"])
    schema = _whole(schema, described)
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {}), described)}]"
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
