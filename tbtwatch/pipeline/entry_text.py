"""A source's entry as text that staff edit: read with care, and shown without what is secret.

What is secret stands in the files or the settings and nowhere else. In a text it is `***`; what is meant is taken from
the same place of the entry in the files when the source is made, so that no key gets into the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import yaml

from tbtwatch.rule_files import RuleFileError, parsed

LONGEST: Final = 20_000  # characters; the longest shipped entry has a tenth of it
MASK: Final = "***"
_SECRET: Final = re.compile(r"key|token|secret|passw|auth|cookie|credential", re.IGNORECASE)
#: Settings that say how a key is sent, and the places of fields in a list: no secrets.
_OPEN: Final = frozenset({"key_header", "key_parameter", "needs_key", "fields", "columns", "kind", "name"})
_IN_ADDRESS: Final = re.compile(
    r"([?&;][^=&;#\s]*(?:key|token|secret|passw|auth|credential)[^=&;#\s]*=)[^&;#\s]+", re.IGNORECASE
)


class EntryTextError(ValueError):
    """A text is no entry of a source; `sentences` say why, and what to write."""

    def __init__(self, *sentences: str) -> None:
        self.sentences = sentences
        super().__init__(" ".join(sentences))


def read_entry(text: str) -> dict[str, Any]:
    """The entry that a text holds, alone or as the only one of a list. Raises EntryTextError."""
    if not text.strip():
        raise EntryTextError("The text is empty: write the source's entry, as it would stand in sources.yaml.")
    if len(text) > LONGEST:
        raise EntryTextError(f"The text is longer than {LONGEST:,} characters, and no entry is: shorten it.")
    try:
        read = parsed(text.replace("\r\n", "\n"), "the entry", bare_numbers=True)
    except RuleFileError as error:
        raise EntryTextError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error
    if isinstance(read, Mapping) and "sources" in read:
        read = read["sources"]
    if isinstance(read, list) and len(read) == 1:
        read = read[0]
    if isinstance(read, list):
        raise EntryTextError(f"The text holds {len(read)} entries: write the one that this source is to have.")
    if not isinstance(read, Mapping):
        raise EntryTextError("The text is no entry: write a setting a line, as in 'every_minutes: 60'.")
    return {str(name): value for name, value in read.items()}


def entry_text(entry: Mapping[str, Any]) -> str:
    """An entry as text, without what is secret."""
    dumped: str = yaml.safe_dump(masked(entry), allow_unicode=True, sort_keys=False, width=110)
    return dumped


def masked(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry with `***` where something secret stands."""
    return {name: _masked(name, value) for name, value in entry.items()}


def unmasked(entry: Mapping[str, Any], files: Mapping[str, Any] | None) -> dict[str, Any]:
    """An entry with what is secret put in from the files. Raises EntryTextError where they have nothing of it."""
    return {name: _unmasked(name, value, (files or {}).get(name), name) for name, value in entry.items()}


def secrets_in(entry: Mapping[str, Any]) -> list[str]:
    """The places of an entry where a secret is written out."""
    return list(_secrets(entry, ()))


def _secrets(value: Any, where: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            if str(name) not in _OPEN:
                yield from _secrets(each, (*where, str(name)))
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _secrets(each, where)
    elif value not in (None, "", MASK) and where and value != _masked(where[-1], value):
        yield ".".join(where)


def _masked(name: str, value: Any) -> Any:
    if name in _OPEN or value is None or isinstance(value, bool):
        return value
    if isinstance(value, Mapping):
        return {str(key): _masked(str(key), each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(name, each) for each in value]
    if _SECRET.search(name):
        return MASK
    return _IN_ADDRESS.sub(rf"\1{MASK}", value) if isinstance(value, str) else value


def _unmasked(name: str, value: Any, known: Any, where: str) -> Any:
    if isinstance(value, Mapping):
        inside = known if isinstance(known, Mapping) else {}
        return {key: _unmasked(str(key), each, inside.get(key), f"{where}.{key}") for key, each in value.items()}
    if isinstance(value, list):
        each_known = known if isinstance(known, list) and len(known) == len(value) else [None] * len(value)
        return [_unmasked(name, each, one, where) for each, one in zip(value, each_known, strict=True)]
    if not isinstance(value, str) or MASK not in value or value != _masked(name, value):
        return value
    if known is None or _masked(name, known) != value:
        raise EntryTextError(
            f"{where!r} has {MASK}, and the files hold no secret there: leave it out, and set the key in "
            "TBTWATCH_SOURCE_KEYS."
        )
    return known
