"""What a JSON list is asked for: an address with its parameters filled in, and the headers that go with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from watcher.source import Request
from watcher.sources.json_paging import with_parameters
from watcher.sources.json_settings import SINCE, TODAY, UNTIL, JsonApiConfig, Parameter


def asks_with(config: JsonApiConfig, place: str) -> bool:
    """Whether the address or a parameter holds {since}, {until} or {today}."""
    return any(
        place in text for text in (config.url, *(part for value in config.params.values() for part in _parts(value)))
    )


def address_of(config: JsonApiConfig, since: date | None, until: date | None, today: date) -> str:
    """The address of the first page. A parameter that asks for a day that there is none of is left out."""
    days = {SINCE: since, UNTIL: until, TODAY: today}

    def filled(text: str) -> str | None:
        for place, day in days.items():
            if place in text:
                if day is None:
                    return None
                text = text.replace(place, day.strftime(config.since_format))
        return text

    asked: dict[str, str | tuple[str, ...] | None] = {}
    for name, value in config.params.items():
        parts = tuple(part for part in map(filled, _parts(value)) if part is not None)
        if parts or not _parts(value):
            asked[name] = parts
    paging = config.paging
    if paging.by in ("page", "offset"):
        asked[paging.parameter] = str(paging.starts_with)
    if paging.size_parameter and paging.size is not None:
        asked[paging.size_parameter] = str(paging.size)
    url = filled(config.url) or config.url
    return with_parameters(url, asked) if asked else url


def request_for(config: JsonApiConfig, url: str, *, page: int = 1, memory: Mapping[str, Any] | None = None) -> Request:
    """The request for a page at this address, with the key."""
    headers = dict(config.headers)
    key = config.key.get_secret_value().strip() if config.key else ""
    if key and config.key_header:
        headers[config.key_header] = key
    in_address = bool(key) and not config.key_header
    if in_address:
        url = with_parameters(url, {config.key_parameter: key})
    # An unchanged first page answers for the others only if they are older. An address with a key is never stored.
    is_whole = config.paging.by == "none" or config.paging.newest_first
    megabytes = config.max_megabytes * 1_000_000
    return Request(
        url=url,
        headers=headers,
        accept="text/html, */*;q=0.5" if config.script else "application/json, */*;q=0.5",
        conditional=page == 1 and is_whole and not in_address,
        max_body=megabytes,
        max_decoded=megabytes,
        deadline_seconds=max(60.0, 3.0 * config.max_megabytes),
        page=page,
        pause_seconds=config.pause_seconds,
        accept_status=frozenset({404}) if config.not_found_means_nothing else frozenset(),
        memory=memory or {},
    )


def _parts(value: Parameter) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value
