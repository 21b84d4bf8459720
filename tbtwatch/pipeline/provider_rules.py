"""By whose accounts people sign in to the pages. Apart from what does it, which loads what reads signatures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import SecretStr

from watcher.fetch import Fetcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Where people have accounts, and as whom this service is known there."""

    issuer: str
    client_id: str
    client_secret: SecretStr | None = None
    name: str  #: on the button
    domains: frozenset[str] = frozenset()  #: of mail addresses that may come; empty: any
    fetcher: Callable[[], Fetcher]
    at_once: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(4))  #: that it is asked by
