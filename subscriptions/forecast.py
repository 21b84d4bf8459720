"""What a question would have brought in the last twelve months: reckoned from what is recorded, before it is saved.

News is counted by the day its document was published, not by when it was read here, so that a first poll of yesterday
counts as the months it reaches back. Nothing is made up for the time before the records begin: averages are of the
time that is recorded, and what twelve months would be is said only from `LEAST_KNOWN` days on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rules.classification import Grade
from subscriptions.criteria import Frequency, Match

YEAR = 365  #: days that are looked back on, today included
#: From so many days of records on it is said what twelve months would be about.
LEAST_KNOWN = 56
#: Fewer days than these are no average: one busy morning after a first poll is not a year.
LEAST_AVERAGED = 14
#: So many days without a document: the records do not go on until today.
STALE = 30
MOST_EXAMPLES = 10
_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """A recorded measure that fits a question."""

    measure: int
    symbol: str
    title: str
    members: tuple[str, ...]
    match: Match
    days: tuple[date, ...] = ()  #: on which news that is wanted was published, each once
    begun: date | None = None  #: of them the day on which it was a new measure
    is_open: bool = False  #: comments are still taken

    @property
    def newest(self) -> date:
        """The day of its latest news."""
        return max(self.days, default=date.min)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is a flood."""

    a_week: int = 40  #: messages, of those who are told at once
    in_digest: int = 80  #: pieces of news in a digest, on average


USUAL_FLOOD = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrower:
    """The same question with one more condition, and what is left of it."""

    part: str  #: "market", "grade", "change"
    value: str
    news: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a question would have brought."""

    frequency: Frequency
    since: date  #: the first of the twelve months' days
    until: date  #: today
    records: tuple[date, date] | None  #: from when to when there are records without a gap; None: there are none
    recorded: int  #: measures with a document in that time, whatever they are about
    measures: int  #: that fit and brought news that is wanted
    news: int  #: pieces: a measure and a day on which it had any
    messages: int  #: that an address would have had: one for each piece, or digests with anything in them
    per_week: float  #: messages, on average over the time that is recorded
    in_digest: float  #: pieces in a digest, on average; 0: it is told at once
    busiest: tuple[date, int] | None  #: the first day of the week with most news, and how much
    about: int | None  #: what twelve months would be, if less is recorded; None: all is, or too little to say
    grades: Mapping[Grade, int]
    open_now: int  #: that fit and are open for comment
    examples: tuple[Fitting, ...]  #: newest first
    narrower: tuple[Narrower, ...] = ()  #: what would cut it most, the most first

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to estimate from."""
        return self.recorded == 0

    @property
    def share(self) -> float:
        """What part of all that is recorded it is."""
        return self.measures / self.recorded if self.recorded else 0.0

    @property
    def is_whole(self) -> bool:
        """Whether the twelve months are recorded, from their first day on and until of late."""
        if self.records is None:
            return False
        first, last = self.records
        return first <= self.since and (self.until - last).days <= STALE

    def floods(self, limits: Limits) -> bool:
        """Whether it is more than anybody reads."""
        if self.frequency is Frequency.IMMEDIATE:
            return self.per_week > limits.a_week
        return self.in_digest > limits.in_digest


def forecast(
    fitting: Iterable[Fitting],
    *,
    frequency: Frequency,
    today: date,
    recorded: int,
    records: tuple[date, date] | None,
    weekday: int = 0,
) -> Forecast:
    """What these measures come to. The order in which they are given makes no difference.

    `weekday`: on which the reader's weeks begin; `records`: from when to when there are any; `recorded`: how many
    measures are, of those twelve months, in all.
    """
    every = sorted(fitting, key=lambda one: (one.newest, one.symbol, one.measure), reverse=True)
    since = today - timedelta(days=YEAR - 1)
    telling = [one for one in every if any(since <= day <= today for day in one.days)]
    days = [day for one in telling for day in one.days if since <= day <= today]
    first, last = records or (since, today)
    known_since = max(since, first)
    known_until = today if (today - last).days <= STALE else max(since, last)
    known = [day for day in days if known_since <= day <= known_until]
    span = (known_until - known_since).days + 1
    weeks = max(span, LEAST_AVERAGED) / _WEEK
    messages, averaged = _messages(days, frequency, weekday), _messages(known, frequency, weekday)
    by_week = Counter(_week_of(day, weekday) for day in days)
    busiest = max(by_week.items(), key=lambda pair: (pair[1], pair[0]), default=None)
    short = records is not None and (first > since or (today - last).days > STALE)
    return Forecast(
        frequency=frequency,
        since=since,
        until=today,
        records=records,
        recorded=max(recorded, len(telling)),
        measures=len(telling),
        news=len(days),
        messages=messages,
        per_week=averaged / weeks,
        in_digest=len(days) / messages if messages and frequency is not Frequency.IMMEDIATE else 0.0,
        busiest=busiest,
        about=round(averaged * YEAR / span) if short and span >= LEAST_KNOWN else None,
        grades=Counter(one.match.grade for one in telling),
        open_now=sum(one.is_open for one in every),
        examples=varied(telling),
        narrower=_narrower(telling, since, today),
    )


def varied(telling: Sequence[Fitting], most: int = MOST_EXAMPLES) -> tuple[Fitting, ...]:
    """The newest, but of every market one before of any the second."""
    ordered = sorted(telling, key=lambda one: (one.newest, one.symbol, one.measure), reverse=True)
    seen: Counter[tuple[str, ...]] = Counter()
    ranked = []
    for place, one in enumerate(ordered):
        ranked.append((seen[one.members], place, one))
        seen[one.members] += 1
    chosen = {place for _, place, _ in sorted(ranked, key=lambda entry: entry[:2])[:most]}
    return tuple(one for place, one in enumerate(ordered) if place in chosen)


def records_between(days: Iterable[date], *, today: date, silence: int = 92) -> tuple[date, date] | None:
    """From when to when there are records, of the days on which a document was published; None: there are none.

    Before them lies a stretch of so many days without any: a single old document does not make the records old.
    """
    newest_first = sorted({one for one in days if one <= today}, reverse=True)
    if not newest_first:
        return None
    first = last = newest_first[0]
    for day in newest_first:
        if first - day > timedelta(days=silence):
            break
        first = day
    return first, last


def _messages(days: Sequence[date], frequency: Frequency, weekday: int) -> int:
    if frequency is Frequency.IMMEDIATE:
        return len(days)
    if frequency is Frequency.DAILY:
        return len(set(days))
    return len({_week_of(day, weekday) for day in days})


def _week_of(day: date, weekday: int) -> date:
    """The first day of the week in which a day lies."""
    return day - timedelta(days=(day.weekday() - weekday) % _WEEK)


def _narrower(telling: Sequence[Fitting], since: date, today: date) -> tuple[Narrower, ...]:
    """One condition more, and how much would be left: of markets the one with most, the surest grade, new ones only."""

    def news(some: Iterable[Fitting]) -> int:
        return sum(since <= day <= today for one in some for day in one.days)

    whole = news(telling)
    markets: Counter[str] = Counter()
    for one in telling:
        for member in one.members:
            markets[member] += news([one])
    found = [Narrower(part="market", value=name, news=count) for name, count in markets.most_common(2)]
    found.append(Narrower(part="grade", value=Grade.DIRECT.value, news=news(_direct(telling))))
    begun = sum(one.begun is not None and since <= one.begun <= today for one in telling)
    found.append(Narrower(part="change", value="new_measure", news=begun))
    return tuple(sorted((one for one in found if 0 < one.news < whole), key=lambda one: (one.news, one.part)))


def _direct(telling: Iterable[Fitting]) -> list[Fitting]:
    return [one for one in telling if one.match.grade is Grade.DIRECT]
