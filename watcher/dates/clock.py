"""The time of day beside a day, and the zone it is written in.

A time of day alone never moves a day. With an offset it makes an instant, which can be brought to another zone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Final

_HOUR: Final = 60
_FURTHEST: Final = 14 * _HOUR

#: Names of zones → minutes east of Greenwich; several where the name means several.
_NAMED: Final[dict[str, tuple[int, ...]]] = {
    **dict.fromkeys(("z", "gmt", "ut", "utc", "wet"), (0,)),
    **{"est": (-300, 600), "edt": (-240, 660), "cst": (-360, 480, -300), "cdt": (-300, -240), "mst": (-420, 480)},
    **{"mdt": (-360,), "pst": (-480, 480), "pdt": (-420,), "akst": (-540,), "akdt": (-480,), "hst": (-600,)},
    **{"ast": (-240, 180), "adt": (-180,), "nst": (-210,), "ndt": (-150,), "brt": (-180,), "art": (-180,)},
    **{"clt": (-240,), "clst": (-180,), "cet": (60,), "cest": (120,), "mez": (60,), "mesz": (120,), "met": (60,)},
    **{"eet": (120,), "eest": (180,), "west": (60,), "bst": (60, 360), "msk": (180,), "sast": (120,), "cat": (120,)},
    **{"eat": (180,), "wat": (60,), "gst": (240, 600), "pkt": (300,), "ist": (330, 120, 60), "trt": (180,)},
    **{"wib": (420,), "wita": (480,), "wit": (540,), "ict": (420,), "sgt": (480,), "myt": (480,), "pht": (480,)},
    **{"hkt": (480,), "jst": (540,), "kst": (540,), "aest": (600,), "aedt": (660,), "awst": (480,), "acst": (570,)},
    **{"acdt": (630,), "nzst": (720,), "nzdt": (780,)},
}  # fmt: skip
_ZONE = (
    r"(?P<zone>(?:gmt|utc?)? ?[+-]\d{1,2}(?::?\d{2})?|z|[a-z]{2,5})"
    r"(?: ?[a-z]{3,5}(?![a-z]))?(?: ?\([^()]{1,40}\))?(?: ?\[[a-z_/+-]{3,40}\])?"
)
_SECONDS = r"(?::(?P<second>\d{2})?(?:[.,]\d{1,12})?)?"
_TIME = rf"(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?!\d){_SECONDS}(?: ?(?P<half>[ap])\.?m\.?(?![a-z]))?"
_COMPACT = r"(?P<hour>\d{2})(?:(?P<minute>\d{2})(?P<second>\d{2})?(?:[.,]\d{1,12})?)?"

_WHOLE: Final = re.compile(rf"(?:[t ,]{{1,2}}{_TIME}(?: ?{_ZONE})?|(?P<bare> ?z|[+-]\d{{2}}:?\d{{2}}))?")
_WHOLE_COMPACT: Final = re.compile(rf"t{_COMPACT}(?: ?{_ZONE})?")
_OFFSET: Final = re.compile(r"(?:gmt|utc?)? ?([+-])(\d{1,2})(?::?(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, and the offsets from UTC that its zone may mean, in minutes; none: no zone is written."""

    hour: int = 0
    minute: int = 0
    offsets: tuple[int, ...] = ()
    named: bool = False  #: the zone is a name such as EST, that many write all year


def read_clock(rest: str) -> Clock | None:
    """What stands behind a day, if all of it is a time of day or nothing; None: it is something else."""
    found = _WHOLE.fullmatch(rest) or _WHOLE_COMPACT.fullmatch(rest)
    if found is None:
        return None
    groups = found.groupdict()
    if groups.get("bare"):
        return Clock()  # a zone without a time, "2026-08-17+08:00", moves nothing
    return _clock(groups) if groups["hour"] else Clock()


def clock_of(found: re.Match[str]) -> Clock | None:
    """The time in a match with the groups `hour` and, if there are any, `minute`, `second`, `half` and `zone`."""
    return _clock(found.groupdict())


def _clock(groups: dict[str, str | None]) -> Clock | None:
    hour, minute, second = (int(groups.get(name) or 0) for name in ("hour", "minute", "second"))
    half = groups.get("half") or groups.get("latin_half")
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half in _AFTERNOON else 0)
    if (hour, minute, second) == (24, 0, 0):
        hour, minute = 23, 59  # the end of the day it is written beside
    if hour > 23 or minute > 59 or second > 60:
        return None
    zone = groups.get("zone")
    offsets = _offsets(zone) if zone else ()
    return None if offsets is None else Clock(hour, minute, offsets, zone in _NAMED and offsets != (0,))


_AFTERNOON: Final = frozenset({"p", "下午", "午后", "晚上", "오후"})


def _offsets(zone: str) -> tuple[int, ...] | None:
    """The offsets that a zone may mean; empty: a name that is not known here; None: no zone of this earth."""
    if found := _OFFSET.fullmatch(zone):
        minutes = int(found[2]) * _HOUR + int(found[3] or 0)
        if minutes > _FURTHEST or int(found[3] or 0) > 59:
            return None
        return (-minutes if found[1] == "-" else minutes,)
    return _NAMED.get(zone, ())


def day_in(day: date, clock: Clock, zone: tzinfo | None) -> date | None:
    """The day in `zone` of an instant written as `day` and `clock`; None: it cannot be told.

    Without `zone`, and without an offset, the day stands as it is written. A name such as EST that the zone itself
    goes by in some season is the publisher's own, and the day beside it is its day: many write one name all year.
    """
    if zone is None or not clock.offsets:
        return day
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=zone)
    own = {_minutes(noon), _minutes(noon.replace(month=1, day=15)), _minutes(noon.replace(month=7, day=15))}
    if clock.named and own & set(clock.offsets):
        return day
    days = {_brought(day, clock, offset, zone) for offset in clock.offsets}
    return days.pop() if len(days) == 1 else None


def day_of_instant(seconds: float, zone: tzinfo | None) -> date:
    """The day of an instant counted from 1970, in `zone` or else in UTC. Raises OverflowError, OSError, ValueError."""
    return datetime.fromtimestamp(seconds, zone or UTC).date()


def _minutes(moment: datetime) -> int:
    return round((moment.utcoffset() or timedelta()).total_seconds() / 60)


def _brought(day: date, clock: Clock, offset: int, zone: tzinfo) -> date:
    written = timezone(timedelta(minutes=offset))
    return datetime(day.year, day.month, day.day, clock.hour, clock.minute, tzinfo=written).astimezone(zone).date()
