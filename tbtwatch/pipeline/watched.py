"""The sources that are watched: as the files describe them, and as staff say who see them every day.

Staff's words are rows in the database, so that a restart keeps them and every worker knows them: each looks for a newer
word before it looks for what is due. Whoever holds these sources sees them change; a poll that is under way ends as
it began. A word that this release cannot carry out stops nothing but its own source, which rests and says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, overload

import structlog

from tbtwatch.pipeline.entry_text import EntryTextError, entry_text, read_entry, unmasked
from tbtwatch.pipeline.politeness import settings_version
from tbtwatch.storage import Storage
from tbtwatch.storage.source_words import SourceWord
from watcher.source import Source
from watcher.sources import SourceConfigError
from watcher.text import one_line

log = structlog.get_logger()

Entry = Mapping[str, Any]
Make = Callable[[Entry], Source]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """The sources at one moment. It is replaced as a whole, so that nobody sees half of a change."""

    last: int = -1  #: the number of the last word of staff that is in it
    sources: tuple[Source, ...] = ()
    words: Mapping[str, SourceWord]
    versions: Mapping[str, str]
    problems: Mapping[str, str]


class Watched(Sequence[Source]):
    """The sources as they are now. `refresh` looks whether staff said something since."""

    def __init__(self, entries: Sequence[Entry], made: Sequence[Source], *, make: Make, storage: Storage) -> None:
        """`entries` are those of the files, `made` the sources that they describe."""
        self._files: dict[str, Entry] = {str(entry["name"]): entry for entry in entries}
        self._from_files = {source.config.name: source for source in made}
        self._make, self._storage, self._lock = make, storage, Lock()
        self._known = _Known(words={}, versions={}, problems={})
        self.refresh()

    @overload
    def __getitem__(self, at: int) -> Source: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Source]: ...
    def __getitem__(self, at: int | slice) -> Source | Sequence[Source]:
        return self._known.sources[at]

    def __len__(self) -> int:
        return len(self._known.sources)

    def refresh(self) -> bool:
        """Take in what staff said since; whether there was anything."""
        with self._lock:
            with self._storage.look() as tx:
                last = tx.source_words.last()
                if last == self._known.last:
                    return False
                words, switches = tx.source_words.in_force(), tx.source_words.switches()
            self._known = self._described(words, switches, last)
        return True

    @property
    def names(self) -> frozenset[str]:
        """Of all sources."""
        return frozenset(self._known.versions)

    @property
    def problems(self) -> Mapping[str, str]:
        """Why staff's word about a source cannot be carried out, a sentence by the source's name."""
        return self._known.problems

    def find(self, name: str) -> Source | None:
        """A source by its name."""
        return next((source for source in self._known.sources if source.config.name == name), None)

    def version(self, name: str) -> str:
        """Which settings a source has now, as its polls note it down."""
        return self._known.versions.get(name, "")

    def word(self, name: str) -> SourceWord | None:
        """What staff say of a source; None: nothing."""
        return self._known.words.get(name)

    def in_files(self, name: str) -> str:
        """How the files describe a source, as text without what is secret; empty: they do not."""
        entry = self._files.get(name)
        return entry_text(entry) if entry is not None else ""

    def text(self, name: str) -> str:
        """The entry that counts, as text without what is secret."""
        word = self.word(name)
        return word.entry if word is not None and word.entry else self.in_files(name)

    def entry(self, name: str) -> dict[str, Any] | None:
        """The entry that counts, to be tried: without what is secret. None: it cannot be read, or there is none."""
        try:
            return read_entry(self.text(name))
        except EntryTextError:
            return None

    def overtaken(self, name: str) -> bool:
        """Whether the files describe a source otherwise than when staff wrote their own entry."""
        word = self.word(name)
        return word is not None and bool(word.entry) and word.base != self.in_files(name)

    def as_said(self, name: str, *, enabled: bool | None, entry: str, rests: str = "") -> Source | None:
        """The source as it would be by such a word. Raises EntryTextError; None: nothing describes it.

        `rests`: why it is not to be polled, if it is not.
        """
        files = self._files.get(name)
        described = unmasked(read_entry(entry), files) if entry else files
        if described is None:
            return None
        if enabled is not None:
            described = {**described, "enabled": True, "rests": rests}
        try:
            return self._make(described)
        except SourceConfigError as error:
            raise EntryTextError(*error.sentences) from error

    def _described(self, words: Mapping[str, SourceWord], switches: Mapping[str, SourceWord], last: int) -> _Known:
        made: dict[str, Source] = {}
        problems: dict[str, str] = {}
        for name in (*self._files, *sorted(set(words) - set(self._files))):
            before, word = self.find(name), words.get(name)
            if before is not None and word == self.word(name):
                made[name] = before
                if name in self.problems:
                    problems[name] = self.problems[name]
                continue
            try:
                source = self._by_word(name, word, switches.get(name))
            except EntryTextError as error:
                problems[name] = one_line(
                    f"staff's settings of it (number {word.number if word else 0}) cannot be used: {error}", 600
                )
                log.error("source_word_unusable", source=name, number=word.number if word else 0, error=str(error))
                source = self._resting(name, problems[name])
            if source is not None:
                made[name] = source
        return _Known(
            last=last,
            sources=tuple(made.values()),
            words=words,
            versions={name: settings_version(source.config) for name, source in made.items()},
            problems=problems,
        )

    def _by_word(self, name: str, word: SourceWord | None, switch: SourceWord | None) -> Source | None:
        """A source as the files and staff's word have it. Raises EntryTextError; None: nothing describes it."""
        if word is None:
            return self._from_files[name]
        rests = off_because(switch or word) if word.enabled is False else ""
        return self.as_said(name, enabled=word.enabled, entry=word.entry, rests=rests)

    def _resting(self, name: str, why: str) -> Source | None:
        """A source whose settings cannot be used: it is there and rests, if the files describe it."""
        files = self._files.get(name)
        return self._make({**files, "enabled": True, "rests": why}) if files is not None else None


def off_because(word: SourceWord) -> str:
    """Why a source that staff switched off is not polled."""
    return f"switched off by {word.made_by} on {word.made_at:%Y-%m-%d}: {word.reason}"
