"""The tables of `config/reference`: Members and groups, HS and ICS titles."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from rules.vocabulary import Term, Vocabulary
from watcher.markets import Group, MarketError, Markets, Member

LANGUAGES: Final = ("en", "zh", "fr", "es")

#: Code -> language -> title. English is always there, other languages where a table has them.
Titles = Mapping[str, Mapping[str, str]]


class ReferenceTableError(ValueError):
    """A reference table, or a group in the settings, can't be used; the message says which line and why."""


def load_markets(folder: Path, own_groups: Mapping[str, Any] | None = None) -> Markets:
    """Members and groups of `folder`, with the operator's own groups from the settings.

    An own group is a list of Members (codes, names, or other groups), or a mapping with `members` and, if wanted,
    `name` and `aliases`. One that has the key of a shipped group changes that group. Raises `ReferenceTableError`.
    """
    members = tuple(_members(folder / "members.csv"))
    try:
        known = Markets(members)
        groups = _Groups(known, {**_shipped_groups(folder / "groups.yaml")})
        for key, stated in (own_groups or {}).items():
            groups.change(key, stated)
        return Markets(members, groups.resolved())
    except MarketError as error:
        raise ReferenceTableError(str(error)) from error


def load_hs(folder: Path) -> Titles:
    """Titles of HS codes: all of edition 2022 in English, chapters also in Chinese."""
    return _titles(folder / "hs2022.csv", folder / "hs-chapters-zh.csv")


def load_ics(folder: Path) -> Titles:
    """Titles of ICS codes: all of edition 7 in English, fields also in Chinese."""
    return _titles(folder / "ics-ed7.csv", folder / "ics-fields-zh.csv")


def load_vocabulary(folder: Path) -> Vocabulary:
    """All words that classification goes by: titles, the term lists of `terms/`, names of markets.

    Raises `ReferenceTableError`.
    """
    files = sorted((folder, *folder.glob("*.*"), *(folder / "terms").glob("*.csv")))
    return _vocabulary(folder, tuple((str(path), path.stat().st_mtime_ns) for path in files if path.exists()))


@lru_cache(maxsize=1)
def _vocabulary(folder: Path, files: tuple[tuple[str, int], ...]) -> Vocabulary:  # noqa: ARG001 - read again if one changed
    hs, ics, markets = load_hs(folder), load_ics(folder), load_markets(folder)
    return Vocabulary(
        hs_titles=hs,
        ics_titles=ics,
        hs_terms=tuple(_terms(folder, "hs-*.csv", hs)),
        ics_terms=tuple(_terms(folder, "ics*.csv", ics)),
        markets={
            **{code: tuple(member.names.values()) + member.aliases for code, member in markets.members.items()},
            **{key: tuple(group.names.values()) + group.aliases for key, group in markets.groups.items()},
        },
    )


def _terms(folder: Path, pattern: str, titles: Titles) -> Iterator[Term]:
    """The words of the term lists: a row a code, a column a language, words parted by "|", weak ones marked "?"."""
    for path in sorted((folder / "terms").glob(pattern)):
        for line, row in _rows(path, ("code", *sorted(LANGUAGES))):
            code = row["code"]
            if code not in titles:
                raise ReferenceTableError(f"{path}, line {line}: {code!r} is no code of the classification")
            for language in sorted(LANGUAGES):
                for word in row[language].split("|"):
                    if text := word.strip().removesuffix("?").strip():
                        yield Term(code, language, text, word.strip().endswith("?"))


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines)
            if missing := [column for column in columns if column not in (table.fieldnames or ())]:
                raise ReferenceTableError(f"{path} has no column {missing[0]!r}: it needs {', '.join(columns)}")
            for row in table:
                yield table.line_num, {name: (row[name] or "").strip() for name in columns}
    except (OSError, UnicodeError) as error:
        raise ReferenceTableError(f"{path} can't be read: {error}") from error


_MEMBER_COLUMNS: Final = (
    "code", "iso2", "iso3", "eping_id", "name_en", "name_zh", "name_fr", "name_es", "aliases", "status",
    "eu_member_state",
)  # fmt: skip


def _members(path: Path) -> Iterator[Member]:
    seen: set[str] = set()
    for line, row in _rows(path, _MEMBER_COLUMNS):
        code = row["code"]
        if not code or code in seen:
            raise ReferenceTableError(
                f"{path}, line {line}: the code {code!r} is {'there twice' if code else 'missing'}"
            )
        if row["status"] not in ("member", "observer"):
            raise ReferenceTableError(f"{path}, line {line}: status {row['status']!r} is neither member nor observer")
        seen.add(code)
        yield Member(
            code=code,
            iso2=row["iso2"],
            iso3=row["iso3"],
            eping_id=row["eping_id"],
            names={language: row[f"name_{language}"] for language in LANGUAGES if row[f"name_{language}"]},
            aliases=tuple(alias for alias in row["aliases"].split("|") if alias),
            observer=row["status"] == "observer",
            eu_member_state=row["eu_member_state"] == "yes",
        )


def _shipped_groups(path: Path) -> Mapping[str, Any]:
    try:
        stated = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise ReferenceTableError(f"{path} can't be read: {error}") from error
    if not isinstance(stated, dict):
        raise ReferenceTableError(f"{path} must name groups, each with its members")
    return {str(key): value for key, value in stated.items()}


class _Groups:
    """Groups as they are stated: by names and by other groups, until all of them are known."""

    def __init__(self, known: Markets, shipped: Mapping[str, Any]) -> None:
        self._known = known
        self._stated: dict[str, dict[str, Any]] = {}
        for key, stated in shipped.items():
            self.change(key, stated)

    def change(self, key: str, stated: Any) -> None:
        if isinstance(stated, (list, tuple)):
            stated = {"members": stated}
        if not isinstance(stated, Mapping):
            raise ReferenceTableError(f"group {key!r} must be a list of Members, or have members, name and aliases")
        if unknown := [name for name in stated if name not in ("members", "name", "aliases")]:
            raise ReferenceTableError(f"group {key!r} has {unknown[0]!r}: only members, name and aliases are known")
        if key in self._known.members:
            raise ReferenceTableError(f"group {key!r} has the code of a Member: give it another key")
        for name in ("members", "aliases"):
            if not isinstance(stated.get(name, []), (list, tuple)):
                raise ReferenceTableError(f"group {key!r}: {name} must be a list")
        self._stated[key] = {**self._stated.get(key, {}), **stated}

    def resolved(self) -> list[Group]:
        return [
            Group(
                key=key,
                names=self._names(key, stated.get("name", key)),
                aliases=tuple(str(alias) for alias in stated.get("aliases", ())),
                members=tuple(sorted(self._members(key, ()))),
            )
            for key, stated in self._stated.items()
        ]

    def _members(self, key: str, within: tuple[str, ...]) -> set[str]:
        if key in within:
            raise ReferenceTableError(f"group {key!r} holds itself, by way of {' and '.join(within[1:]) or 'itself'}")
        codes: set[str] = set()
        for stated in self._stated[key].get("members", ()):
            if str(stated) in self._stated:
                codes |= self._members(str(stated), (*within, key))
            elif code := self._known.find(str(stated)):
                codes.add(code)
            else:
                raise ReferenceTableError(f"group {key!r} holds {stated!r}, which is neither a Member nor a group")
        return codes

    @staticmethod
    def _names(key: str, stated: Any) -> dict[str, str]:
        if isinstance(stated, str):
            return {"en": stated}
        if not isinstance(stated, Mapping) or not all(isinstance(name, str) for name in stated.values()):
            raise ReferenceTableError(f"group {key!r}: name must be a text, or one per language")
        return {str(language): name for language, name in stated.items()}


def _titles(english: Path, chinese: Path) -> Titles:
    titles = {row["code"]: {"en": row["title_en"]} for _, row in _rows(english, ("code", "title_en"))}
    for line, row in _rows(chinese, ("code", "title_zh")):
        if row["code"] not in titles:
            raise ReferenceTableError(f"{chinese}, line {line}: {row['code']!r} is no code of {english.name}")
        titles[row["code"]]["zh"] = row["title_zh"]
    return titles
