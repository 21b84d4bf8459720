"""The rule of direction between the rooms."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.project import ROOT, text


def test_every_room_imports_only_from_its_left() -> None:
    """All import contracts of pyproject.toml hold, and there are contracts."""
    linter = Path(sys.executable).with_name("lint-imports")
    checked = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    contracts = tomllib.loads(text(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"]

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert len(contracts) >= 4
    assert f"{len(contracts)} kept, 0 broken" in checked.stdout


def test_a_command_loads_no_library_that_few_commands_need() -> None:
    """Those of chats, of migrations, of web pages, PDFs and PostgreSQL cost time and memory in every process."""
    large = {"alembic", "telegram", "trafilatura", "pypdf", "psycopg", "openpyxl", "aiosmtpd"}
    asked = f"import sys, tbtwatch.cli.main; print(*sorted({large} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)

    assert loaded.stdout.split() == []
