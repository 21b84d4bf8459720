"""The container files, as far as they can be checked without an engine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.architecture.project import PACKAGES, ROOT, text


def test_the_compose_file_is_one() -> None:
    """docker-compose.yml keeps the schema of the compose specification."""
    checker = Path(sys.executable).with_name("check-jsonschema")
    checked = subprocess.run(
        [checker, "--builtin-schema", "vendor.compose-spec", ROOT / "docker-compose.yml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def _copied() -> list[str]:
    lines = [line.split() for line in text(ROOT / "Dockerfile").splitlines() if line.startswith("COPY ")]
    return [source for line in lines for source in line[1:-1]]


def test_the_image_gets_what_it_installs() -> None:
    """Every file the Dockerfile copies is there and is sent to the engine, and all packages are among them."""
    ignored = {line.rstrip("/") for line in text(ROOT / ".dockerignore").splitlines() if line}
    copied = _copied()

    assert [source for source in copied if not (ROOT / source).exists()] == []
    assert ignored.isdisjoint(copied)
    assert set(PACKAGES) <= set(copied)
    assert {"pyproject.toml", "constraints.txt", "README.md", "LICENSE"} <= set(copied)


def test_no_secret_stands_in_the_container_files() -> None:
    """Passwords and keys come from the environment: the files hold only where to look for them."""
    for line in (*text(ROOT / "docker-compose.yml").splitlines(), *text(ROOT / "Dockerfile").splitlines()):
        setting, _, value = line.strip().partition(":")
        if setting.endswith(("PASSWORD", "KEY", "TOKEN")):
            assert value.strip().startswith("${"), line
