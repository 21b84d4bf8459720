"""The project as files: which there are, and what its documents say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("watcher", "rules", "subscriptions", "notifiers", "tbtwatch")  #: each imports only from those before it
PACKAGES = (*ROOMS, "config")

_MADE = {"var", "build", "dist"}  #: folders that commands make; beside them all that begin with a dot but .ci
_FENCE = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project itself."""
    return tuple(sorted(_under(ROOT)))


def _under(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir():
            made = path.name in _MADE and folder == ROOT
            hidden = path.name.startswith(".") and path.name != ".ci"
            if not (made or hidden or path.name == "__pycache__" or path.name.endswith(".egg-info")):
                yield from _under(path)
        elif not path.name.endswith((".pyc", ".db", ".db-wal", ".db-shm")):
            yield path


def python(*folders: str) -> tuple[Path, ...]:
    """The Python files in these folders; without any: all."""
    inside = tuple(ROOT / folder for folder in folders)
    return tuple(
        path
        for path in files()
        if path.suffix == ".py" and (not inside or any(path.is_relative_to(folder) for folder in inside))
    )


def documents() -> tuple[Path, ...]:
    """The documents for people."""
    return tuple(path for path in files() if path.suffix == ".md")


def name(path: Path) -> str:
    """A file's name from the project's folder on."""
    return path.relative_to(ROOT).as_posix()


@cache
def text(path: Path) -> str:
    """What a text file holds; empty if it is none."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def tree(path: Path) -> ast.Module:
    """A Python file as a syntax tree."""
    return ast.parse(text(path), str(path))


def blocks(document: Path, *languages: str) -> list[str]:
    """The fenced blocks of a document that are in one of these languages, their indentation taken away."""
    found = []
    for indent, language, body in _FENCE.findall(text(document)):
        if language in languages:
            found.append("\n".join(line.removeprefix(indent) for line in body.splitlines()))
    return found


def prose(document: Path) -> str:
    """A document without its blocks and without what stands as code."""
    return _CODE.sub("", _FENCE.sub("", text(document)))


def table(section: str) -> list[list[str]]:
    """The cells of the tables in a piece of Markdown, line by line, without headings."""
    lines = [line.strip() for line in section.splitlines()]
    kept = []
    for at, line in enumerate(lines):
        below = lines[at + 1] if at + 1 < len(lines) else ""
        if line.startswith("|") and not _is_rule(line) and not _is_rule(below):
            kept.append([cell.strip() for cell in line.strip("|").split("|")])
    return kept


def _is_rule(line: str) -> bool:
    return bool(re.fullmatch(r"\|[\s:|-]+\|", line))


def code(cell: str) -> list[str]:
    """What stands as code in a cell."""
    return [found.strip("`") for found in _CODE.findall(cell)]
