"""What follows from a poll for when, where and whether its source is asked again. Pure: values in, values out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from pydantic import SecretStr

from tbtwatch.pipeline.asking import Asking
from tbtwatch.pipeline.permission import host_of
from tbtwatch.storage.hosts import HostState
from tbtwatch.storage.sources import SourceState
from watcher.fetch import FetchError, Reason
from watcher.moving import Address
from watcher.rhythm import MISSED_FOR, after_rest, host_rests, next_poll, next_try
from watcher.source import Rhythm, Source, SourceConfig

#: A status that says no: asking again soon will not change it.
REFUSALS = frozenset({Reason.FORBIDDEN, Reason.ROBOTS, Reason.OTHER_STATUS, Reason.GONE, Reason.REFUSED_ADDRESS})
#: What may mean that nothing is at a new address any more.
_LOST = frozenset({Reason.GONE, Reason.MISSING, Reason.UNREACHABLE, Reason.BAD_REDIRECT})

ENDED, SUSPENDED, RESTING = "ended", "suspended", "resting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a poll failed."""

    sentence: str
    cause: str  #: in a word or two, for the poll's row
    fetch: FetchError | None = None
    ended: bool = False  #: the document itself says that there will be no more
    first: bool = False  #: it was the source's first request that failed: nothing was read


def settings_version(config: SourceConfig) -> str:
    """A short hash of all a source's settings: another one, and it is read with other eyes."""

    def plain(value: Any) -> Any:
        if isinstance(value, SecretStr):
            return hashlib.sha256(value.get_secret_value().encode()).hexdigest()
        if isinstance(value, (set, frozenset)):
            return sorted(map(str, value))
        return dict(value) if isinstance(value, Mapping) else str(value)

    # `enabled` and `rests` say whether it is read, not how.
    text = json.dumps({**config.model_dump(exclude={"enabled"}), "rests": ""}, sort_keys=True, default=plain)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def with_settings(state: SourceState, version: str) -> SourceState:
    """The state under the settings of now. If they changed, what was said under the others no longer holds."""
    if state.settings_version == version:
        return state
    if not state.settings_version:  # written down before versions were, or never polled
        return replace(state, settings_version=version)
    return replace(
        state, settings_version=version, validators={}, rhythm=None, ended_at=None, missing_since=None, failures=0
    )


def is_due(state: SourceState | None, version: str, now: datetime) -> bool:
    """Whether a source is to be polled now, as far as it alone is concerned."""
    if state is None:
        return True
    if state.settings_version not in ("", version) and (state.failures or state.ended_at):
        return True  # what staff changed may have mended it
    return state.ended_at is None and (state.next_poll_at is None or state.next_poll_at <= now)


def host_of_source(source: Source, state: SourceState | None, now: datetime) -> str:
    """The host that a poll of the source asks first, with its port; empty if it has none."""
    return host_of(asked_first(source, state, now))


def asked_first(source: Source, state: SourceState | None, now: datetime) -> str:
    """The address that a poll of the source asks first; empty if it has none."""
    state = state or SourceState(name=source.config.name)
    return state.address.instead_of(_first_url(source, state, now))


def moved(source: Source, state: SourceState, now: datetime) -> Address | None:
    """Where the source's publisher says that it has moved to; None: it has not, or its settings say so by now."""
    address = state.address
    return address if (address.used or address.told) and address.of == _first_url(source, state, now) else None


def ended(state: SourceState, version: str) -> bool:
    """Whether the source has ended under the settings it has now: it is asked by its name only."""
    return state.ended_at is not None and state.settings_version in ("", version)


def _first_url(source: Source, state: SourceState, now: datetime) -> str:
    try:
        return source.first_request(state.cursor, now).url
    except Exception:  # a source's own code: the poll finds out and says so
        return ""


def put_off(state: SourceState, host: HostState, *, chance: Random | None) -> SourceState:
    """The state of a source whose host wants to be left alone: nothing was asked."""
    assert host.resume_at is not None
    return replace(
        state,
        status=RESTING,
        error=host.why or f"{host.name} wants to be left alone until {host.resume_at:%Y-%m-%d %H:%M} UTC",
        next_poll_at=after_rest(state.name, host.resume_at, chance=chance),
    )


def after_success(
    source: Source,
    state: SourceState,
    asking: Asking,
    *,
    rhythm: Rhythm | None,
    began: datetime,
    now: datetime,
    chance: Random | None,
) -> SourceState:
    """The state after a good poll. `rhythm`: what its first document said, if it was read."""
    rhythm = rhythm if asking.read else state.rhythm
    return replace(
        state,
        validators=asking.remembered(now),
        address=asking.address,
        rhythm=rhythm,
        succeeded_at=now,
        failures=0,
        failing_since=None,
        ended_at=None,
        missing_since=None,
        next_poll_at=next_poll(
            name=state.name,
            every=timedelta(minutes=source.config.every_minutes),
            began=began,
            now=now,
            lives=asking.lives,
            rhythm=rhythm,
            chance=chance,
        ),
    )


def after_failure(
    source: Source, state: SourceState, failure: Failure, *, began: datetime, now: datetime, chance: Random | None
) -> tuple[SourceState, str, str]:
    """The state after a failed poll, its status and its sentence."""
    every, failures = timedelta(minutes=source.config.every_minutes), state.failures + 1
    status, sentence = "failed", failure.sentence
    reason = failure.fetch.reason if failure.fetch else None
    if failure.fetch and failure.fetch.reason is Reason.RESTING:
        # Nobody is in trouble: the host of a page, or of the end of a redirect, said when it may be asked.
        resume_at = now + (failure.fetch.retry_after or timedelta(0))
        return replace(state, next_poll_at=after_rest(state.name, resume_at, chance=chance)), RESTING, sentence
    address, missing_since, ended_at = state.address, None, state.ended_at
    if failure.first and address.used and reason in _LOST:
        sentence = f"{sentence} (its publisher sent us there from {address.of}, which is asked again next time)"
        address = address.lost()
    elif failure.ended or (failure.first and reason is Reason.GONE):
        status, ended_at = ENDED, now
        sentence = (
            f"{sentence}; it is not asked again until its settings change or you say `tbtwatch poll {state.name}`"
        )
    elif failure.first and reason is Reason.MISSING:
        missing_since = state.missing_since or began
        if now - missing_since >= MISSED_FOR:
            status = SUSPENDED
            sentence = f"{sentence}; nothing is there since {missing_since:%Y-%m-%d}, so it is asked once a week only"
    next_at = next_try(
        every=every,
        failures=failures,
        now=now,
        retry_after=failure.fetch.retry_after if failure.fetch else None,
        refused=reason in REFUSALS,
        missing_since=missing_since,
        chance=chance,
    )
    after = replace(
        state,
        address=address,
        failures=failures,
        failing_since=state.failing_since or began,
        missing_since=missing_since,
        ended_at=ended_at,
        next_poll_at=next_at,
    )
    return after, status, sentence


def host_after(
    host: HostState, failure: Failure | None, *, now: datetime, answered: bool, chance: Random | None
) -> HostState | None:
    """What is to be written of the host that was asked first; None: nothing new. 429 and 503 are said for all of it."""
    error = failure.fetch if failure else None
    if error is not None and (error.reason is Reason.RATE_LIMITED or error.status in (429, 503)):
        # Another source of the host, asked at the same time, was told the same: that counts once.
        failures = host.failures if host.rests(now) else host.failures + 1
        resume_at = host_rests(
            failures=failures,
            now=now,
            retry_after=error.retry_after,
            rate_limited=error.reason is Reason.RATE_LIMITED,
            chance=chance,
        )
        resume_at = max(resume_at, host.resume_at or resume_at)
        return HostState(name=host.name, resume_at=resume_at, failures=failures, why=error.sentence)
    if answered and (host.failures or host.resume_at) and not host.rests(now):
        return HostState(name=host.name)
    return None
