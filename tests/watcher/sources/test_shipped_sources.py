"""The shipped config/sources.yaml: what is on, and that all of it is right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from watcher.sources import KINDS, make_source

ROOT = Path(__file__).parents[3]


def shipped() -> list[dict[str, Any]]:
    read = yaml.safe_load((ROOT / "config" / "sources.yaml").read_text(encoding="utf-8"))
    return list(read["sources"])


def test_every_shipped_source_can_be_made() -> None:
    """Enabled or not; names are unique, kinds known."""
    sources = [make_source(entry) for entry in shipped()]

    assert len({source.config.name for source in sources}) == len(sources)
    assert {source.config.kind for source in sources} == set(KINDS)


def test_only_the_wtos_own_sources_are_on() -> None:
    """Whoever wants a regulator's feed switches it on; without a key the API rests and the workbook works."""
    on = {entry["name"]: make_source(entry) for entry in shipped() if entry["enabled"]}

    assert set(on) == {"wto-eping-api", "wto-eping-workbook"}
    assert on["wto-eping-api"].resting()
    assert on["wto-eping-workbook"].resting() is None
    assert on["wto-eping-api"].config.priority < on["wto-eping-workbook"].config.priority


def test_the_manual_names_every_setting_of_every_kind() -> None:
    """docs/sources.md is what an operator has."""
    manual = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")

    assert [
        name for kind in KINDS for name in (kind, *KINDS[kind].Config.model_fields) if f"`{name}`" not in manual
    ] == []
