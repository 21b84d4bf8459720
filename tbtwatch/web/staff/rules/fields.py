"""The form of a rule, drawn from the JSON schema of its kind, and read back into the rule as staff write it.

A kind that is added has its form without a line here: what a part may hold is in its schema. What the schema cannot
say, which product areas there are, is offered beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.datastructures import FormData

from rules.classification import GIVEN_BY_RULES
from rules.kinds import KINDS

#: The languages that words are asked for in.
TONGUES: Final = ("en", "zh", "fr", "es")
LAST: Final = ("areas", "gives", "grade", "part", "wide", "why", "matches", "must_not_match", "by")
_LONG: Final = 200  # characters: what may be longer is written in several lines

Offered = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A part of a rule as it is filled in."""

    name: str  #: in the form: "f.any.en"
    part: str  #: in the rule: "any"; of a language its code
    sort: str  #: line, text, number, check, choice, choices, lines, group
    help: str = ""  #: as the schema says it, in English
    required: bool = False
    most: int | None = None
    value: str = ""
    options: tuple[tuple[str, str, bool], ...] = ()  #: value, called, chosen
    parts: tuple[Field, ...] = ()

    @property
    def id(self) -> str:
        """Unique in the page."""
        return self.name.replace(".", "-").replace("*", "any")

    @property
    def filled(self) -> bool:
        """Whether anything stands in it."""
        return bool(self.value) or any(one[2] for one in self.options) or any(part.filled for part in self.parts)

    @property
    def lines(self) -> int:
        """Of the box it is written in."""
        return min(12, self.value.count("\n") + 2)


def drawn(kind: str, rule: Mapping[str, Any], offered: Offered) -> list[Field]:
    """The form of a kind of rule, filled in with a rule. `offered`: values to choose among, by part."""
    schema = KINDS[kind].model_json_schema()
    names = [name for name in schema["properties"] if name != "kind"]
    own = [name for name in names if name not in LAST and name != "name"]
    order = ["name", *own, *(name for name in LAST if name in names)]
    needed = set(schema.get("required", ()))
    return [
        _field(part, f"f.{part}", schema["properties"][part], rule.get(part), schema, offered, part in needed)
        for part in order
    ]


def _field(
    part: str, name: str, node: Mapping[str, Any], value: Any, schema: Mapping[str, Any], offered: Offered, needed: bool
) -> Field:
    shape, node = _shape(node, schema)
    how: dict[str, Any] = {"name": name, "part": part, "help": node.get("description", ""), "required": needed}
    if value is None:
        value = node.get("default")
    match shape:
        case "check":
            return Field(sort=shape, value="1" if value else "", **how)
        case "choice":
            chosen = value if value is not None else node["enum"][0]
            return Field(sort=shape, options=tuple((each, each, each == chosen) for each in node["enum"]), **how)
        case "choices" | "lines" if (path := name.removeprefix("f.")) in offered or shape == "choices":
            given = [str(each) for each in value or ()]
            known = offered.get(path) or [(each, each) for each in node["items"]["enum"]]
            strange = [(each, each) for each in given if each not in {key for key, _ in known}]
            options = tuple((key, called, key in given) for key, called in (*known, *strange))
            return Field(sort="choices", options=options, **how)
        case "lines":
            return Field(sort=shape, value="\n".join(value or ()), **how)
        case "words":
            if isinstance(value, (list, tuple)) and value:
                return Field(sort="lines", **{**how, "name": f"{name}.*"}, value="\n".join(value))
            words = value if isinstance(value, Mapping) else {}
            tongues = (*TONGUES, *(tongue for tongue in words if tongue not in TONGUES))
            parts = tuple(
                Field(name=f"{name}.{tongue}", part=tongue, sort="lines", value="\n".join(words.get(tongue, ())))
                for tongue in tongues
            )
            return Field(sort="group", parts=parts, **how)
        case "keyed":
            held = value or {}
            keys = [each.value for each in GIVEN_BY_RULES if f"{part}.{each.value}" in offered or each.value in held]
            parts = tuple(
                _field(key, f"{name}.{key}", node["additionalProperties"], held.get(key), schema, offered, False)
                for key in keys
            )
            return Field(sort="group", parts=parts, **how)
        case "group":
            held = value or {}
            parts = tuple(
                _field(key, f"{name}.{key}", inner, held.get(key), schema, offered, False)
                for key, inner in node["properties"].items()
            )
            return Field(sort="group", parts=parts, **how)
        case _:
            return Field(sort=shape, value="" if value is None else str(value), most=node.get("maxLength"), **how)


def _shape(node: Mapping[str, Any], schema: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """How a part is filled in, and its schema with what it refers to."""
    if "$ref" in node:
        node = {**schema["$defs"][node["$ref"].rpartition("/")[2]], **node}
    either = [each for each in node.get("anyOf", ()) if each.get("type") != "null"]
    if len(either) == 1:
        inner = either[0]
        if "$ref" in inner:
            inner = schema["$defs"][inner["$ref"].rpartition("/")[2]]
        node = {**inner, **{key: value for key, value in node.items() if key != "anyOf"}}
    elif any("patternProperties" in each for each in either):
        return "words", node
    match node.get("type"):
        case "string":
            if "enum" in node:
                return "choice", node
            return ("text" if node.get("maxLength", 0) > _LONG else "line"), node
        case "boolean":
            return "check", node
        case "integer":
            return "number", node
        case "array":
            return ("choices" if "enum" in node["items"] else "lines"), node
        case "object":
            return ("group" if "properties" in node else "keyed"), node
    return "line", node


def read(kind: str, form: FormData, before: Mapping[str, Any]) -> dict[str, Any]:
    """The rule that a form holds; what is empty is left out. `before`: as it stood, for the order of what is ticked."""
    schema = KINDS[kind].model_json_schema()
    found: dict[str, Any] = {"kind": kind}
    for part, node in schema["properties"].items():
        if part != "kind":
            value = _value(f"f.{part}", node, schema, form, before.get(part))
            if value not in ("", [], {}, None, False):
                found[part] = value
    # Ticked off altogether is not the same as never filled in.
    for part, node in schema["properties"].items():
        if _shape(node, schema)[0] == "choices" and "enum" in node.get("items", {}) and part not in found:
            found[part] = []
    return found


def _value(name: str, node: Mapping[str, Any], schema: Mapping[str, Any], form: FormData, before: Any) -> Any:
    shape, node = _shape(node, schema)
    match shape:
        case "check":
            return bool(form.get(name))
        case "number":
            written = str(form.get(name) or "").strip()
            return int(written) if written.isdecimal() and len(written) < 10 else written
        case "choices" | "lines":
            return _several(name, form, before)
        case "words":
            if plain := _several(f"{name}.*", form, before if isinstance(before, list) else ()):
                return plain
            was = before if isinstance(before, Mapping) else {}
            tongues = dict.fromkeys((*was, *TONGUES, *(key.rpartition(".")[2] for key in _under(name, form))))
            several = {
                tongue: _several(f"{name}.{tongue}", form, was.get(tongue)) for tongue in tongues if tongue != "*"
            }
            return {tongue: words for tongue, words in several.items() if words}
        case "keyed":
            was = before or {}
            several = {key: _several(f"{name}.{key}", form, was.get(key)) for key in _keys(name, form, was)}
            return {key: values for key, values in several.items() if values}
        case "group":
            inner = {
                key: _value(f"{name}.{key}", each, schema, form, (before or {}).get(key))
                for key, each in node["properties"].items()
            }
            filled = {key: value for key, value in inner.items() if value not in ("", [], {}, None, False)}
            return filled if any(not isinstance(value, int) for value in filled.values()) else {}
        case "text":
            return " ".join(str(form.get(name) or "").split())
        case _:
            return str(form.get(name) or "").strip()


def _several(name: str, form: FormData, before: Any) -> list[str]:
    """Each line, or each box that is ticked: those that were there first, in their order, if they were ticked."""
    was = [str(each) for each in before or ()]
    given = [str(each) for each in form.getlist(name)]
    if len(given) == 1:
        lines = given[0].replace("\r\n", "\n").split("\n")
        # A blank at an end is a slip, but where it stood there on purpose, as in a pattern.
        return [line if line in was else line.strip() for line in lines if line.strip()]
    kept = [each for each in was if each in given]
    return [*kept, *(each for each in dict.fromkeys(given) if each not in kept)]


def _under(name: str, form: FormData) -> Iterator[str]:
    return (key for key in form if key.startswith(f"{name}."))


def _keys(name: str, form: FormData, before: Mapping[str, Any]) -> list[str]:
    found = [key.removeprefix(f"{name}.") for key in _under(name, form)]
    return list(dict.fromkeys((*before, *found)))


def fits_lines(value: Any) -> bool:
    """Whether everything in a rule can be written a line each; what cannot is edited as text."""
    if isinstance(value, Mapping):
        return all(map(fits_lines, value.values()))
    if isinstance(value, (list, tuple)):
        return all(isinstance(each, str) and each.strip() and not _breaks(each) for each in value)
    return not isinstance(value, str) or not _breaks(value)


def _breaks(text: str) -> bool:
    return any(sign in text for sign in "\n\r")
