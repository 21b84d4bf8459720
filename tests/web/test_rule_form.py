"""The form of a rule is drawn from the schema of its kind, and gives the rule back as it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.datastructures import FormData

from rules.kinds import KINDS
from rules.ruleset import single_rules, written_rule
from tbtwatch.configuration import SHIPPED, rules
from tbtwatch.web.staff.rules.fields import Field, drawn, fits_lines, read

OFFERED = {"areas": [("toys", "Toys"), ("food", "Food")], "gives.scheme": [("ce", "CE"), ("kc", "KC")]}


def sent(fields: list[Field] | tuple[Field, ...]) -> Iterator[tuple[str, str]]:
    """What a browser sends of a form: ticked boxes, and texts with the line ends of the web."""
    for field in fields:
        if field.parts:
            yield from sent(field.parts)
        elif field.sort in ("choice", "choices"):
            yield from ((field.name, value) for value, _, chosen in field.options if chosen)
        elif field.sort == "check":
            if field.value:
                yield field.name, "1"
        else:
            yield field.name, field.value.replace("\n", "\r\n")


def test_every_shipped_rule_comes_back_from_its_form_as_it_was() -> None:
    """All of them, of every kind: nothing is lost, put into another order or cut."""
    read_rules = single_rules(rules(SHIPPED))
    assert len(read_rules) > 300
    for rule in read_rules:
        before = written_rule(rule)
        assert fits_lines(before), rule.name
        form = FormData(list(sent(drawn(rule.kind, before, OFFERED))))
        (again,) = single_rules([read(rule.kind, form, before)])
        assert written_rule(again) == before, rule.name


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_part_of_each_kind_can_be_filled_in(kind: str) -> None:
    """No part of a schema is without its field, and no two fields have one name."""
    fields = drawn(kind, {"kind": kind}, OFFERED)
    assert {field.part for field in fields} == set(KINDS[kind].model_fields) - {"kind"}
    names = [name for name, _ in sent(drawn(kind, {"kind": kind, "areas": ["toys"]}, OFFERED)) if name != "f.fields"]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        ({"any": {"en": ["doll", "toy"], "pt": ["boneca"]}}, {"any": {"en": ["doll", "toy"], "pt": ["boneca"]}}),
        ({"any": ["doll", "玩具"]}, {"any": ["doll", "玩具"]}),
        (
            {"near": {"words": 4, "first": {"en": ["lead"]}, "second": ["paint"]}},
            {"near": {"words": 4, "first": {"en": ["lead"]}, "second": ["paint"]}},
        ),
        ({"gives": {"scheme": ["kc"], "kind": ["recall"]}}, {"gives": {"scheme": ["kc"], "kind": ["recall"]}}),
        ({"fields": ["content_summary", "title"]}, {"fields": ["content_summary", "title"]}),
        ({"areas": ["unknown", "food"], "wide": True}, {"areas": ["unknown", "food"], "wide": True}),
        ({"any": ["doll "], "matches": ["a doll, 'x' | y"]}, {"any": ["doll "], "matches": ["a doll, 'x' | y"]}),
    ],
)
def test_what_stands_in_a_rule_stands_in_its_form(written: dict[str, Any], becomes: dict[str, Any]) -> None:
    """Languages that are not asked for, lists without one, values that are not offered, the order of fields."""
    rule = {"name": "x", "kind": "keyword", "why": "A sentence of why.", **written}
    found = read("keyword", FormData(list(sent(drawn("keyword", rule, OFFERED)))), rule)
    assert {key: found[key] for key in becomes} == becomes


def test_what_cannot_stand_in_a_line_is_edited_as_text() -> None:
    """A word with a line break would become two."""
    assert not fits_lines({"any": {"en": ["two\nlines"]}})
    assert not fits_lines({"why": "two\nlines"})
    assert fits_lines({"any": {"en": ["one line "]}, "part": True})


def test_nothing_ticked_is_not_the_default() -> None:
    """A rule that looks nowhere is a mistake to be told, not one that looks everywhere."""
    found = read("keyword", FormData([("f.name", "x"), ("f.why", "A sentence of why."), ("f.any.en", "doll")]), {})
    assert found["fields"] == []
