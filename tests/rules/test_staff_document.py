"""The examples of docs/rules-for-staff.md, as staff would copy them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from rules.kinds import KINDS
from rules.ruleset import RuleSet
from tbtwatch import configuration

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "rules-for-staff.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", DOCUMENT, re.DOTALL | re.MULTILINE)

#: Kinds of which the shipped rules have no example, so that the document makes one up and says so.
MADE_UP = {"objective", "standard_number"}


def _rules(block: str) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = yaml.safe_load(block)["rules"]
    return rules


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: _rules(block)[0]["name"])
def test_an_example_of_the_document_loads(block: str) -> None:
    """Each block can be copied into a rule file as it stands, and its own examples hold."""
    areas = configuration.product_areas(configuration.SHIPPED)

    facets = configuration.facets(configuration.SHIPPED)

    assert RuleSet.load(areas, yaml.safe_load(block), facets=facets).rules


def test_every_kind_of_rule_has_an_example() -> None:
    """A new kind of rule is told to staff."""
    assert {rule["kind"] for block in BLOCKS for rule in _rules(block)} == set(KINDS)


def test_the_examples_are_shipped_rules() -> None:
    """What the document calls copied from the shipped rules still stands there, word for word."""
    shipped = {rule["name"]: rule for rule in configuration.rules(configuration.SHIPPED)}
    copied = [
        rule
        for block in BLOCKS
        for rule in _rules(block)
        if rule["kind"] not in MADE_UP and not rule["name"].startswith("made-up-")
    ]

    assert copied == [shipped.get(rule["name"]) for rule in copied]


def test_what_is_said_to_be_unused_is_unused() -> None:
    """The document says that the shipped rules have none of the made-up kinds."""
    assert not {rule["kind"] for rule in configuration.rules(configuration.SHIPPED)} & MADE_UP
