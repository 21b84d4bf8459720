"""A shell for each test, and one in which history was imported."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.builders import a_notice
from tests.cli.world import World, a_world
from watcher.notice import Notice
from watcher.sources.notice_lines import write_notices

HISTORY: tuple[Notice, ...] = (
    a_notice(),
    a_notice(
        symbol="G/TBT/N/KEN/1514/Add.1",
        type="addendum",
        title="",
        products_covered="",
        hs_codes=(),
        ics_codes=(),
        content_summary="The comment period is extended until 10 April 2026.",
        distribution_date=date(2026, 2, 1),
    ),
    a_notice(
        symbol="G/TBT/N/VNM/55",
        notifying_members=("VNM",),
        title="Safety of toys",
        content_summary="Mechanical requirements for dolls.",
        products_covered="Toys",
        hs_codes=("950300",),
        ics_codes=("97.200.50",),
        distribution_date=date(2025, 11, 3),
        comment_deadline=date.today() + timedelta(days=20),  # noqa: DTZ011 - still open, whatever today is
    ),
    a_notice(
        symbol="G/TBT/N/BRA/9",
        notifying_members=("BRA",),
        title="Labels of refrigerators 100% electric_",
        content_summary="Energy classes.",
        products_covered="Refrigerators",
        hs_codes=("8418",),
        ics_codes=("97.030",),
        distribution_date=date(2024, 5, 6),
        comment_deadline=date(2024, 7, 6),
    ),
)


def write_history(path: Path, notices: tuple[Notice, ...] = HISTORY) -> Path:
    """The notices as JSON Lines."""
    path.write_text("".join(f"{line}\n" for line in write_notices(notices)), encoding="utf-8")
    return path


@pytest.fixture
def tbtwatch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> World:
    """A shell without a database."""
    return a_world(tmp_path / "home", monkeypatch, capsys.readouterr)


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the history, to be copied."""
    home = tmp_path_factory.mktemp("imported")
    with pytest.MonkeyPatch.context() as environment:
        world = a_world(home / "home", environment, lambda: ("", ""))
        assert world("import", write_history(home / "history.jsonl")).code == 0
    return home / "home" / "tbtwatch.db"


@pytest.fixture
def stocked(tbtwatch: World, imported: Path) -> World:
    """A shell with the history imported."""
    shutil.copy(imported, tbtwatch.home / "tbtwatch.db")
    return tbtwatch
