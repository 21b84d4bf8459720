"""The shipped config/sources.yaml and config/sources/*.yaml: what is on, and that the manual tells all of it."""

from __future__ import annotations

from pathlib import Path

import yaml

from tbtwatch.bootstrap import NO_CONTACT, make_sources
from tbtwatch.configuration import SHIPPED, source_entries
from tbtwatch.reference import load_markets
from tbtwatch.settings import Settings
from tests.architecture.project import blocks
from tests.shipped.table import DOCUMENT, document
from watcher.source import Source
from watcher.sources import KINDS, make_source

ROOT = Path(__file__).parents[3]


def sources(settings: Settings) -> dict[str, Source]:
    """What an installation with these settings watches, by name."""
    made = make_sources(settings, source_entries(SHIPPED), load_markets(SHIPPED / "reference"))
    return {source.config.name: source for source in made}


def test_every_shipped_source_can_be_made() -> None:
    """Enabled or not; names are unique, and of every kind that staff may want to copy there is one."""
    made = [make_source(entry) for entry in source_entries(SHIPPED)]
    assert len({source.config.name for source in made}) == len(made)
    assert {"eping_api", "eping_workbook", "feed", "json_api", "html_list", "page", "gazette_issue"} <= {
        source.config.kind for source in made
    }


def test_out_of_the_box_only_the_wtos_own_are_polled() -> None:
    """Without a contact partner regulators rest and say so; without a key the API rests and the workbook works."""
    made = sources(Settings())
    polled = [name for name, source in made.items() if source.config.enabled and source.config.rests != NO_CONTACT]
    assert polled == ["wto-eping-api", "wto-eping-workbook"]
    assert made["wto-eping-api"].resting()
    assert made["wto-eping-workbook"].resting() is None
    assert made["wto-eping-api"].config.priority < made["wto-eping-workbook"].config.priority
    resting = [source for source in made.values() if source.config.enabled and source.config.needs_contact]
    assert len(resting) >= 15
    assert {source.resting() for source in resting} == {NO_CONTACT}


def test_with_a_contact_those_are_polled_whose_address_was_seen_at_work() -> None:
    """Evidence V is on; C and K are off."""
    for source in sources(Settings(contact="staff@association.example")).values():
        config = source.config
        if config.needs_contact:
            assert config.rests == ""
            assert config.enabled is False or config.evidence == "V"


def test_the_manual_tells_every_shipped_source_as_it_is() -> None:
    """`python -m tests.shipped.table` writes the table of docs/shipped-sources.md anew."""
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_the_manual_names_every_setting_of_every_kind() -> None:
    """docs/sources.md is what an operator has."""
    manual = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")

    assert [
        name for kind in KINDS for name in (kind, *KINDS[kind].Config.model_fields) if f"`{name}`" not in manual
    ] == []


def test_every_example_in_the_manual_is_accepted() -> None:
    """What docs/sources.md shows as an entry is one."""
    shown = [entry for block in blocks(ROOT / "docs" / "sources.md", "yaml") for entry in yaml.safe_load(block)]
    assert {entry["kind"] for entry in shown} >= set(KINDS) - {"eping_api", "eping_workbook"}
    for entry in shown:
        make_source(entry)
