"""The commands in this process, on a database and a configuration of their own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tbtwatch.cli.main import run
from tbtwatch.configuration import SHIPPED
from tests.pipeline.small_rules import AREAS, FOOD, TOYS, WORDS

SOURCES: list[dict[str, Any]] = [
    {"name": "api", "kind": "eping_api", "title": "The API", "base_url": "http://127.0.0.1:1/eping"},
    {"name": "off", "kind": "feed", "url": "http://127.0.0.1:1/feed.xml", "issuer": "US-FDA", "enabled": False},
]


@dataclass(frozen=True)
class Said:
    """What a command did."""

    code: int
    out: str
    err: str  #: without the note that a new database was made
    made: str = ""  #: that note

    @property
    def json(self) -> Any:
        """Standard output, which must be one JSON value and nothing else; the command must have succeeded."""
        assert (self.code, self.err) == (0, ""), self
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """What is wrong with the command: one sentence on standard error, nothing on standard output, exit code 2."""
        assert (self.code, self.out) == (2, ""), self
        assert self.err.endswith("\n") and self.err.count("\n") == 1, self
        assert "Traceback" not in self.err
        return self.err.strip()


@dataclass
class World:
    """A shell in which `tbtwatch` is run."""

    home: Path
    environment: pytest.MonkeyPatch
    captured: Callable[[], Any]

    def __call__(self, *arguments: str | int | Path) -> Said:
        """Run a command."""
        self.captured()
        code = run([str(one) for one in arguments])
        out, err = self.captured()
        lines = err.splitlines(keepends=True)
        made = [line for line in lines if line.startswith("A new database was made at ")]
        return Said(code, out, "".join(line for line in lines if line not in made), "".join(made))

    def set(self, **variables: str | int) -> None:
        """Set TBTWATCH_ variables."""
        for name, value in variables.items():
            self.environment.setenv(f"TBTWATCH_{name.upper()}", str(value))

    @property
    def config(self) -> Path:
        """The folder with the configuration."""
        return self.home / "config"

    def sources(self, *entries: dict[str, Any]) -> None:
        """Watch these."""
        (self.config / "sources.yaml").write_text(yaml.safe_dump({"sources": list(entries)}))

    def rules(self, *rules: dict[str, Any]) -> None:
        """Ship these."""
        (self.config / "rules" / "small.yaml").write_text(yaml.safe_dump({"rules": list(rules)}, allow_unicode=True))


def a_world(home: Path, environment: pytest.MonkeyPatch, captured: Callable[[], Any]) -> World:
    """A configuration with three rules and two sources, no database yet, and no variable of the tester's own.

    New subscribers have no starter unless a test asks for it (`world.set(starter="true")`).
    """
    import os

    for name in [name for name in os.environ if name.startswith("TBTWATCH_")]:
        environment.delenv(name)
    world = World(home=home, environment=environment, captured=captured)
    (world.config / "rules").mkdir(parents=True)
    shutil.copytree(SHIPPED / "reference", world.config / "reference")
    (world.config / "product_areas.yaml").write_text(yaml.safe_dump(AREAS, allow_unicode=True))
    world.rules(FOOD, TOYS, WORDS)
    world.sources(*SOURCES)
    environment.chdir(home)
    world.set(
        config_folder=str(world.config),
        database_url=f"sqlite:///{home / 'tbtwatch.db'}",
        contact="me@x.org",
        starter="false",
    )
    return world
