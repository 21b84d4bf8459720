"""What all sources that list documents have in common: reader, zone, how they ask, how they move on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Final, Generic, TypeVar
from zoneinfo import ZoneInfo

from watcher.source import Cursor, Request
from watcher.sources.cursors import moved_on
from watcher.sources.listed.config import ListedConfig
from watcher.sources.listed.reader import ListReader
from watcher.sources.stated import FindMember, no_members

#: The least time for a whole answer, and what each megabyte that is allowed adds to it.
_SECONDS: Final = 60.0
_SECONDS_A_MEGABYTE: Final = 3.0

Settings = TypeVar("Settings", bound=ListedConfig)


class ListSource(Generic[Settings]):
    """One list of one issuer, asked for at its address and read whole. A kind adds `parse`, and whatever is its own."""

    accept: ClassVar[str] = "*/*"
    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, config: Settings, *, find_member: FindMember = no_members) -> None:
        self.config = config
        self._reader = ListReader(config, find_member=find_member)
        self._zone = ZoneInfo(config.time_zone) if config.time_zone else None

    def resting(self) -> str | None:
        """It can be polled unless its settings say otherwise."""
        return self.config.rests or None

    def first_request(self, cursor: Cursor, now: datetime) -> Request:  # noqa: ARG002
        """The list, if it changed."""
        return self._request(self.config.url)

    def advance(self, cursor: Cursor, *, seen: date | None, now: datetime) -> Cursor:
        """Everything was read; move on to `seen`."""
        return moved_on(cursor, seen=seen, now=now, full=True)

    def _request(
        self,
        url: str,
        *,
        accept: str = "",
        conditional: bool = True,
        page: int = 1,
        memory: Mapping[str, Any] | None = None,
    ) -> Request:
        """A request within the bounds that the settings name."""
        megabytes = self.config.max_megabytes
        return Request(
            url=url,
            headers=self.headers,
            accept=accept or self.accept,
            conditional=conditional,
            max_body=megabytes * 1_000_000,
            max_decoded=megabytes * 1_000_000,
            deadline_seconds=max(_SECONDS, _SECONDS_A_MEGABYTE * megabytes),
            page=page,
            pause_seconds=self.config.pause_seconds,
            memory=memory or {},
        )

    def _today(self, now: datetime) -> date:
        """The publisher's day."""
        return (now.astimezone(self._zone) if self._zone else now).date()
