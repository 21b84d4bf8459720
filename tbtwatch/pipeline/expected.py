"""What is kept of a forecast with the version of the subscription that it was made for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from subscriptions.criteria import Subscription
from subscriptions.forecast import Forecast
from tbtwatch.storage import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A forecast, and why it was let through beyond the limit."""

    forecast: Forecast
    anyway: str = ""
    by: str = ""

    def keep(self, subscription: Subscription, tx: Transaction, *, now: datetime) -> None:
        """Write it down beside the version that is in force."""
        tx.starters.foresee(
            subscription.id, subscription.version, in_figures(self.forecast), anyway=self.anyway, by=self.by, now=now
        )


def in_figures(forecast: Forecast) -> dict[str, Any]:
    """The figures of a forecast, without its examples. Of too little that is recorded there is no average."""
    busiest = forecast.busiest
    return {
        "frequency": forecast.frequency.value,
        "since": forecast.since.isoformat(),
        "until": forecast.until.isoformat(),
        "records": [day.isoformat() for day in forecast.records] if forecast.records else None,
        "recorded": forecast.recorded,
        "measures": forecast.measures,
        "share": round(forecast.share, 4),
        "news": forecast.news,
        "messages": forecast.messages,
        "per_week": None if forecast.is_empty else round(forecast.per_week, 2),
        "in_digest": round(forecast.in_digest, 1) or None,
        "twelve_months_about": forecast.about,
        "busiest_week": {"since": busiest[0].isoformat(), "news": busiest[1]} if busiest else None,
        "open_now": forecast.open_now,
        "grades": {grade.value: number for grade, number in sorted(forecast.grades.items())},
        "narrower": [{"part": one.part, "value": one.value, "news": one.news} for one in forecast.narrower],
    }
