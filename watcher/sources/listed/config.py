"""What every source that lists documents can be told."""

from __future__ import annotations

import re

from pydantic import Field, field_validator

from watcher.source import SourceConfig
from watcher.sources.configuring import WebAddress


class ListedConfig(SourceConfig):
    """Settings of a source that lists documents."""

    url: WebAddress
    issuer: str  #: who numbers the documents: "US-CPSC"; WTO: entries are known by their WTO symbols
    symbol_pattern: str | None = None  #: where the issuer's own number stands; its first group, or all of it
    require_symbol: bool | None = None  #: an entry without a symbol is a problem; None: only for the WTO
    max_entries: int = Field(10_000, ge=1, le=100_000)
    max_megabytes: int = Field(5, ge=1, le=100)  #: unpacked; reading takes some twenty times as much memory

    @field_validator("symbol_pattern")
    @classmethod
    def _readable_pattern(cls, value: str | None) -> str | None:
        try:
            re.compile(value or "")
        except re.error as error:
            raise ValueError(f"must be a regular expression ({error})") from None
        return value
