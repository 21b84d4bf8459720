"""One notice out of what several entries say of it.

The API and the workbook carry one notification, and the API lists a joint one for each of its Members. Each field is
taken from the most trusted source that has it (lower `priority`), within a source from the entry that changed last.
So a value does not swing with whichever source was polled last.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from tbtwatch.storage.notices import Version
from tbtwatch.storage.types import written
from watcher.dates import DateFact, DateQuality
from watcher.notice import Notice

UNITED = ("symbols", "notifying_members", "links", "threads")
READER = 2  # raise when the readers take more from an entry: every entry is then read anew


def fingerprint(notice: Notice) -> str:
    """A hash of all an entry states of a notice, with the version of the reader; what its documents say is no part."""
    stated = replace(notice, document_text="") if notice.document_text else notice
    return f"{READER}:{hashlib.sha256(written(Notice, stated).encode()).hexdigest()[:32]}"


def unite(versions: Sequence[Version]) -> Notice:
    """The notice that all these entries together state."""
    ordered = sorted(
        versions, key=lambda version: (version.priority, -version.seen_at.timestamp(), version.source, version.entry)
    )
    notices = [version.notice for version in ordered]
    taken: dict[str, Any] = {}
    for field in fields(Notice):
        values = [getattr(notice, field.name) for notice in notices]
        if field.name in UNITED:
            taken[field.name] = tuple(dict.fromkeys(value for several in values for value in several))
        elif isinstance(values[0], DateFact):
            taken[field.name] = min(values, key=_emptiness)
        else:
            taken[field.name] = next((value for value in values if value), values[0])
    return replace(notices[0], **taken)


def _emptiness(fact: DateFact) -> int:
    """How little a date says: a known day, then "not applicable", then a wording, then nothing."""
    if fact.value is not None:
        return 0
    if fact.quality is DateQuality.NOT_APPLICABLE:
        return 1
    return 2 if fact.wording else 3
