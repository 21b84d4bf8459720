"""What was looked at, and what was not: the last line of every message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from notifiers.message import Coverage
from tbtwatch.storage import Transaction
from watcher.source import Source

LATE_AFTER = 3  # missed polls before a reader is told of a gap

GAP = {
    "en": "{source} not read since {since}; what was missed will be read when it answers again",
    "zh": "{source} 自 {since} 起未能读取，恢复后补查",
    "never_en": "{source} has not been read yet",
    "never_zh": "{source} 尚未读取",
}


def coverage(sources: Sequence[Source], tx: Transaction, *, now: datetime, zone: ZoneInfo, language: str) -> Coverage:
    """The sources in use, as of when, and the gaps. A source that rests by configuration is not in use."""
    tongue = language if language in ("en", "zh") else "en"
    used = [source for source in sources if source.config.enabled and source.resting() is None]
    gaps, read = [], []
    for source in used:
        state = tx.sources.state(source.config.name)
        title = source.config.title or source.config.name
        if state.succeeded_at is None:
            gaps.append(GAP[f"never_{tongue}"].format(source=title))
            continue
        read.append(state.succeeded_at)
        patience = timedelta(minutes=source.config.every_minutes) * LATE_AFTER
        if now - state.succeeded_at > patience or (state.failures and now - state.succeeded_at > patience / LATE_AFTER):
            since = state.succeeded_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
            gaps.append(GAP[tongue].format(source=title, since=since))
    return Coverage(
        as_of=(min(read) if read else now).astimezone(zone),
        sources=len(used),
        documents=tx.notices.counts()["notices"],
        gaps=tuple(gaps),
    )
