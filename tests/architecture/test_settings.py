"""docs/settings.md tells every setting as it is."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tbtwatch.settings import PREFIX, Settings, load_settings
from tests.architecture.project import ROOT, blocks, code, table, text

DOCUMENT = ROOT / "docs" / "settings.md"
ROWS = {code(row[0])[0]: row for row in table(text(DOCUMENT).partition("## All settings")[2].partition("\n## ")[0])}


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in os.environ:
        if variable.startswith(PREFIX):
            monkeypatch.delenv(variable)


def test_every_setting_is_told_and_no_other() -> None:
    """The table has a row for each setting, in the order of the source, with its variable."""
    assert list(ROWS) == list(Settings.model_fields)
    assert {setting: code(row[1]) for setting, row in ROWS.items()} == {
        setting: [f"{PREFIX}{setting.upper()}"] for setting in Settings.model_fields
    }


@pytest.mark.parametrize("setting", Settings.model_fields)
def test_the_default_is_told_as_it_is(setting: str) -> None:
    """The default in the table is the one of the program; "none" where there is none."""
    default, told = Settings.model_fields[setting].get_default(call_default_factory=True), ROWS[setting][3]
    if default in (None, "", {}):
        assert told.startswith("none")
    else:
        assert code(told) == [str(default)]


@pytest.mark.parametrize("setting", Settings.model_fields)
def test_the_example_is_accepted(setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example in the table, as the variable, changes the setting and is no mistake."""
    (example,) = code(ROWS[setting][4])
    monkeypatch.setenv("TBTWATCH_MAIL_FROM", "alerts@example.org")
    monkeypatch.setenv(f"{PREFIX}{setting.upper()}", example)
    settings = load_settings()

    assert setting in settings.model_fields_set


def test_the_file_that_is_shown_is_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The TOML file in the document is a whole settings file."""
    (shown,) = blocks(DOCUMENT, "toml")
    path = tmp_path / "tbtwatch.toml"
    path.write_text(shown, encoding="utf-8")
    monkeypatch.setenv("TBTWATCH_CONFIG", str(path))
    settings = load_settings()

    assert set(settings.groups) == {"BRI", "HOME"}
    assert settings.mail_from.endswith("<alerts@example.org>")


def test_the_variables_of_the_compose_file_are_listed() -> None:
    """What docker-compose.yml takes from the environment is named in the part on containers."""
    asked = set(re.findall(r"\$\{(\w+)", text(ROOT / "docker-compose.yml")))
    told = set(re.findall(r"`([A-Z][A-Z_]+)`", text(DOCUMENT).partition("## In containers")[2]))

    assert asked == told
