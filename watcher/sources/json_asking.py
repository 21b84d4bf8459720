"""What a JSON list is asked for: an address with its parameters, what is sent there, and the headers that go along."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from watcher.source import Request
from watcher.sources.json_paging import parameter_of, with_parameters
from watcher.sources.json_places import SINCE, TODAY, UNTIL, asks_for, filled
from watcher.sources.json_settings import JsonApiConfig

#: The name in `Request.memory` of what is sent with the request.
_SENT = "sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What one page is asked for."""

    url: str
    body: Mapping[str, Any] | None = None  #: what is sent by POST; None: it is a GET
    in_body: bool = False  #: pages are counted there, not in the address

    @classmethod
    def first(cls, config: JsonApiConfig, *, since: date | None, until: date | None, today: date) -> Question:
        """For the first page. A parameter or member that asks for a day that there is none of is left out."""
        days = {SINCE: since, UNTIL: until, TODAY: today}
        asked = filled(config.params, days, config.since_format) or {}
        url = filled(config.url, days, config.since_format) or config.url
        question = cls(
            url=with_parameters(url, {name: _parts(value) for name, value in asked.items()}) if asked else url,
            body=None if config.method == "get" else filled(config.body or {}, days, config.since_format) or {},
            in_body=config.pages_in_body,
        )
        paging = config.paging
        if paging.by in ("page", "offset"):
            question = question.with_value(paging.parameter, paging.starts_with)
        if paging.size_parameter and paging.size is not None:
            question = question.with_value(paging.size_parameter, paging.size)
        return question

    @classmethod
    def of(cls, config: JsonApiConfig, request: Request) -> Question:
        """The one that a request asked."""
        return cls(url=request.url, body=request.memory.get(_SENT), in_body=config.pages_in_body)

    def value(self, parameter: str) -> Any:
        """What stands for a parameter now; empty if nothing does."""
        if not self.in_body:
            return parameter_of(self.url, parameter)
        found: Any = self.body
        for key in _path(self.body or {}, parameter):
            found = found.get(key) if isinstance(found, Mapping) else None
        return "" if found is None else found

    def with_value(self, parameter: str, value: Any) -> Question:
        """With another value of a parameter: in the address, or in the body, where "page.number" is inside "page"."""
        if not self.in_body:
            return replace(self, url=with_parameters(self.url, {parameter: str(value)}))
        body = self.body or {}
        return replace(self, body=_put(body, _path(body, parameter), value))

    def request(self, config: JsonApiConfig, *, page: int = 1, memory: Mapping[str, Any] | None = None) -> Request:
        """The request, with the key."""
        headers, url = dict(config.headers), self.url
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
            body=None if self.body is None else _encoded(self.body, config.body_as),
            body_type="application/json" if config.body_as == "json" else "application/x-www-form-urlencoded",
            accept="text/html, */*;q=0.5" if config.script else "application/json, */*;q=0.5",
            conditional=page == 1 and is_whole and not in_address,
            max_body=megabytes,
            max_decoded=megabytes,
            deadline_seconds=max(60.0, 3.0 * config.max_megabytes),
            page=page,
            pause_seconds=config.pause_seconds,
            accept_status=frozenset({404}) if config.not_found_means_nothing else frozenset(),
            memory={**(memory or {}), **({} if self.body is None else {_SENT: self.body})},
        )


def asks_with(config: JsonApiConfig, place: str) -> bool:
    """Whether the address, a parameter or the body asks for that day."""
    return any(asks_for(part, place) for part in (config.url, config.params, config.body))


def _parts(value: Any) -> str | tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _path(body: Mapping[str, Any], parameter: str) -> tuple[str, ...]:
    """The keys that lead to a parameter. A key may hold dots itself, if it stands there so."""
    return (parameter,) if parameter in body else tuple(parameter.split("."))


def _put(body: Mapping[str, Any], path: tuple[str, ...], value: Any) -> Mapping[str, Any]:
    key, rest = path[0], path[1:]
    present = body.get(key)
    if rest:
        return {**body, key: _put(present if isinstance(present, Mapping) else {}, rest, value)}
    # As its staff wrote it: "0" is followed by "1", and 0 by 1.
    return {**body, key: str(value) if isinstance(present, str) and isinstance(value, int) else value}


def _encoded(body: Mapping[str, Any], form: str) -> bytes:
    if form == "json":
        return _json(body).encode("utf-8", "replace")
    return urlencode(list(_members(body)), errors="replace").encode("ascii")


def _members(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A form's fields. A list is sent several times; what has members of its own is sent as JSON."""
    for name, value in body.items():
        is_plain = isinstance(value, list) and not any(isinstance(part, dict | list) for part in value)
        for part in value if is_plain else (value,):
            yield name, part if isinstance(part, str) else "" if part is None else _json(part)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
