"""What the staff's pages need besides the desk: the settings in force, and what may fetch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tbtwatch.pipeline.watched import Watched
from tbtwatch.settings import Settings
from watcher.fetch import Fetcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """Made where the service is put together."""

    settings: Settings
    channels: frozenset[str]  #: by which messages go out here
    budgets: Mapping[str, int] = field(default_factory=dict)  #: messages an hour to one address; 0: no limit
    fetcher: Callable[[], Fetcher]
    watched: Watched | None = None  #: the sources, to be switched and set up otherwise; None: that is not done here
