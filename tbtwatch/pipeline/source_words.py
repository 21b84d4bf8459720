"""Staff say that a source is asked or not, and how it is set up: what the command line and the pages both call.

Every word holds all that is said of its source from then on, so that undoing is saying again what was said before.
What a word would make is made before it is written down, by the code that reads the files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from tbtwatch.pipeline.entry_text import EntryTextError, read_entry, secrets_in
from tbtwatch.pipeline.politeness import settings_version
from tbtwatch.pipeline.watched import Watched
from tbtwatch.storage import Storage, Transaction
from tbtwatch.storage.source_words import SourceWord
from watcher.source import Source

log = structlog.get_logger()

WORDS_LOCK: Final = 7_261_549  # one process at a time says something of sources
ENABLE, DISABLE, DESCRIBE, RESTORE = "enable", "disable", "describe", "restore"


class SourceWordError(ValueError):
    """Nothing was changed; the sentence says why."""


class OvertakenError(SourceWordError):
    """Somebody else said something since it was looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who says it, why, and when."""

    by: str
    reason: str
    now: datetime
    person: int | None = None  #: who is signed in; None: on the command line
    seen: int | None = None  #: the number of the word that was looked at, 0: none; None: whatever was said since


def switch(name: str, *, on: bool, speaker: Speaker, watched: Watched, storage: Storage) -> SourceWord:
    """A source is asked, or it rests. Raises SourceWordError."""
    with storage.begin() as tx:
        before = _turn(name, tx, speaker, watched)
        source = watched.find(name)
        if source is None:
            raise SourceWordError(f"there is no source {name!r}; `tbtwatch sources` lists those there are")
        config = source.config
        if on and config.enabled and (before.enabled if before else not config.rests):
            raise SourceWordError(f"{name} is switched on already")
        if not on and (before.enabled is False if before and before.enabled is not None else not config.enabled):
            raise SourceWordError(f"{name} is switched off already")
        word = _said(
            name,
            ENABLE if on else DISABLE,
            enabled=on,
            entry=before.entry if before else "",
            base=before.base if before else "",
            speaker=speaker,
            watched=watched,
            tx=tx,
        )
    return _made_known(word, watched)


def describe(text: str, *, name: str = "", speaker: Speaker, watched: Watched, storage: Storage) -> SourceWord:
    """A source is set up as a text says; without `name` it is a new one.

    Raises EntryTextError for the text, SourceWordError for everything else.
    """
    entry = read_entry(text)
    own = name or new_name(text, watched)
    checked(text, name=own, watched=watched)
    with storage.begin() as tx:
        before = _turn(own, tx, speaker, watched)
        if not name and watched.find(own) is not None:
            raise SourceWordError(f"there is a source {own!r} by now; look at its own page")
        files = watched.in_files(own)
        # What says the same as the files is no word of its own: a later release may improve it.
        kept = "" if files and read_entry(files) == entry else text.replace("\r\n", "\n").strip() + "\n"
        base = files if kept else ""
        if name and (before.entry, before.base) == (kept, base) if before else name and not kept:
            raise SourceWordError("the text says what counts already")
        word = _said(
            own,
            DESCRIBE,
            enabled=before.enabled if before and name else None,
            entry=kept,
            base=base,
            speaker=speaker,
            watched=watched,
            tx=tx,
        )
    return _made_known(word, watched)


def restore(name: str, number: int, *, speaker: Speaker, watched: Watched, storage: Storage) -> SourceWord:
    """A source is set up again as by an earlier word, 0: as the files have it. Whether it is asked stays as it is.

    Raises SourceWordError, and EntryTextError if this release cannot read the earlier text.
    """
    with storage.begin() as tx:
        before = _turn(name, tx, speaker, watched)
        earlier = tx.source_words.get(name, number)
        if before is None or (number != 0 and earlier is None):
            raise SourceWordError(f"nobody said anything of {name} with the number {number}")
        entry, files = earlier.entry if earlier else "", watched.in_files(name)
        if entry == before.entry and (not entry or before.base == files):
            raise SourceWordError(f"{name} is set up so already")
        word = _said(
            name,
            RESTORE,
            enabled=before.enabled,
            entry=entry,
            base=files if entry else "",
            speaker=speaker,
            watched=watched,
            tx=tx,
        )
    return _made_known(word, watched)


def new_name(text: str, watched: Watched) -> str:
    """The name that a text gives a new source. Raises EntryTextError."""
    name = read_entry(text).get("name")
    if not isinstance(name, str) or not name:
        raise EntryTextError("'name' is missing: give the source a name such as 'us-cpsc-recalls'.")
    if watched.find(name) is not None:
        raise EntryTextError(f"There is a source {name!r} already: change it on its own page, or give another name.")
    return name


def checked(text: str, *, name: str, watched: Watched) -> Source:
    """The source that a text describes. Raises EntryTextError with a sentence for each mistake."""
    entry = read_entry(text)
    if entry.get("name") != name:
        raise EntryTextError(
            f"'name' must stay {name!r}: what was read is kept under it. A source of another name is a new one."
        )
    if written := secrets_in(entry):
        places = ", ".join(repr(place) for place in written)
        raise EntryTextError(
            f"{places} holds something secret, and this text is shown to all who keep sources: leave it out, and "
            "set the key in TBTWATCH_SOURCE_KEYS."
        )
    source = watched.as_said(name, enabled=None, entry=text)
    assert source is not None, "a text describes something"
    return source


def _turn(name: str, tx: Transaction, speaker: Speaker, watched: Watched) -> SourceWord | None:
    """What counts of a source now, that nobody else changes meanwhile. Raises OvertakenError."""
    tx.one_at_a_time(WORDS_LOCK)
    before = tx.source_words.of(name)
    if speaker.seen is not None and speaker.seen != (before.number if before else 0):
        who = before.made_by if before else "somebody"
        raise OvertakenError(f"{who} has changed {name} since you looked at it; look again at what counts now")
    if before != watched.word(name):
        watched.refresh()  # another process said it
    return before


def _said(
    name: str,
    deed: str,
    *,
    enabled: bool | None,
    entry: str,
    base: str,
    speaker: Speaker,
    watched: Watched,
    tx: Transaction,
) -> SourceWord:
    """The word, written down with who said it."""
    source = watched.as_said(name, enabled=enabled, entry=entry) if deed != DISABLE else watched.find(name)
    word = tx.source_words.add(
        name,
        deed=deed,
        enabled=enabled,
        entry=entry,
        base=base,
        settings_version=settings_version(source.config) if source else "",
        reason=speaker.reason,
        by=speaker.by,
        person=speaker.person,
        now=speaker.now,
    )
    tx.audit.write(
        by=speaker.by,
        person=speaker.person,
        deed=f"source.{deed}",
        about=f"source {name}",
        detail={"number": word.number, "reason": speaker.reason},
        now=speaker.now,
    )
    return word


def _made_known(word: SourceWord, watched: Watched) -> SourceWord:
    watched.refresh()
    log.info("source_word", source=word.source, deed=word.deed, number=word.number)
    return word
