"""The files in config/: sources, product areas, rules. Read here and nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tbtwatch.rule_files import Loader, RuleFileError, parsed, read_text

SHIPPED = Path(__file__).parent.parent / "config"


class ConfigurationError(Exception):
    """A file in config/ cannot be used; the sentence names it."""


def read_yaml(path: Path) -> Any:
    """What a YAML file holds. Raises ConfigurationError with the line of the mistake."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)  # noqa: S506 - the safe one
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        where = getattr(error, "problem_mark", None)
        line = f", line {where.line + 1}" if where is not None else ""
        problem = getattr(error, "problem", None) or "it is not text in UTF-8"
        raise ConfigurationError(f"{path}{line} is not YAML: {problem}") from error


def source_entries(folder: Path) -> list[dict[str, Any]]:
    """The entries of sources.yaml and of all files in sources/, in the order of the names; not yet checked."""
    found: list[dict[str, Any]] = []
    for path in (folder / "sources.yaml", *sorted((folder / "sources").glob("*.yaml"))):
        read = read_yaml(path)
        entries = read.get("sources") if isinstance(read, dict) else read
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise ConfigurationError(f"{path} must hold a list under 'sources:', one entry a source")
        found.extend(entries)
    return found


def product_areas(folder: Path) -> Any:
    """What product_areas.yaml holds."""
    return read_yaml(folder / "product_areas.yaml")


def facets(folder: Path) -> Any:
    """What facets.yaml holds; nothing, if an own folder has none."""
    path = folder / "facets.yaml"
    return read_yaml(path) if path.exists() or folder == SHIPPED else None


def rules(folder: Path) -> list[Any]:
    """The rules of all files in rules/ and its folders, in the order of their names."""
    found: list[Any] = []
    for path in sorted((folder / "rules").rglob("*.yaml")):
        try:
            read = parsed(read_text(path), str(path))
        except RuleFileError as error:
            raise ConfigurationError(str(error)) from error
        entries = read.get("rules") if isinstance(read, dict) else read
        if not isinstance(entries, list):
            raise ConfigurationError(f"{path} must hold a list under 'rules:'")
        found.extend(entries)
    return found
