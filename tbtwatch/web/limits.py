"""How often somebody may ask: a bucket that holds a minute's requests and fills as time goes by."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

_ROUNDING = 1e-6  # of a request: who waited as long as was said is not turned away for a digit
MOST_KEPT = 50_000  # whoever was not seen for longest is forgotten first: a full bucket again


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What is left to somebody."""

    allowed: bool
    limit: int  #: requests a minute
    left: int
    full_in: int  #: seconds until all of the minute's requests are there again
    wait: int  #: seconds until this request would be allowed; 0: it is

    def headers(self) -> dict[str, str]:
        """As programs read it (draft-ietf-httpapi-ratelimit-headers)."""
        said = {
            "RateLimit-Policy": f'"minute";q={self.limit};w=60',
            "RateLimit": f'"minute";r={self.left};t={self.full_in}',
        }
        return said if self.allowed else {**said, "Retry-After": str(self.wait)}


@dataclass(slots=True)
class Limiter:
    """Counts. `steady`: seconds of a clock that is never set."""

    steady: Callable[[], float]
    _levels: OrderedDict[tuple[str, str], tuple[float, float]] = field(default_factory=OrderedDict)

    def ask(self, what: str, who: str, per_minute: int, *, cost: int = 1) -> Allowance:
        """Whether somebody may, and that they did. A request that costs more than a minute holds costs a minute."""
        now, rate, cost = self.steady(), per_minute / 60, min(cost, per_minute)
        level, at = self._levels.pop((what, who), (float(per_minute), now))
        level = min(float(per_minute), level + (now - at) * rate)
        allowed = level >= cost - _ROUNDING
        if allowed:
            level = max(level - cost, 0.0)
        self._levels[what, who] = (level, now)
        while len(self._levels) > MOST_KEPT:
            self._levels.popitem(last=False)
        return Allowance(
            allowed=allowed,
            limit=per_minute,
            left=int(level),
            full_in=math.ceil((per_minute - level) / rate),
            wait=0 if allowed else max(1, math.ceil((cost - level) / rate)),
        )

    def exhausted(self, what: str, who: str, per_minute: int) -> Allowance | None:
        """Whether nothing is left to somebody, without counting; None: something is."""
        asked = self.ask(what, who, per_minute, cost=0)
        return (
            None
            if asked.left
            else Allowance(
                allowed=False, limit=per_minute, left=0, full_in=asked.full_in, wait=math.ceil(60 / per_minute)
            )
        )
