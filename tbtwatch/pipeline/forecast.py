"""What a question would have brought in the last twelve months, read from what is recorded. Nothing is written.

Measures are read some hundreds at a time, so that memory is bounded whatever is recorded; those that cannot fit are
left out by the database where it can tell cheaply. Each is judged by the classification that is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rules.classification import Grade
from rules.classify import classify
from subscriptions.criteria import Criteria, Frequency, Match, Subscription
from subscriptions.deadlines import takes_comments
from subscriptions.forecast import LEAST_AVERAGED, YEAR, Fitting, Forecast, forecast, records_between
from subscriptions.matching import Subject, read_subject
from subscriptions.validation import CriteriaError
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.known import known_to
from tbtwatch.pipeline.subscribe import at_home, checked
from tbtwatch.storage import Transaction
from tbtwatch.storage.recorded import RecordedMeasure, RecordedNews, Sift
from watcher.facts import facts_on
from watcher.markets import Markets
from watcher.measure import ChangeKind
from watcher.said import said
from watcher.text import one_line

CHUNK = 400
#: So many questions are judged in one reading of what is recorded.
TOGETHER = 100
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What another question in the place of one comes to."""

    before: Forecast
    after: Forecast
    gains: tuple[Fitting, ...]  #: measures with news in the twelve months that fit only the new one, newest first
    loses: tuple[Fitting, ...]

    @property
    def grows(self) -> bool:
        """Whether it brings more, or is told at another pace: only then a flood is refused."""
        return self.after.news > self.before.news or self.before.frequency is not self.after.frequency


def weighed(one: Subscription) -> tuple[Criteria, Frequency, int]:
    """All of a subscription that a forecast depends on: of two with the same the forecast is the same."""
    return one.criteria, one.frequency, one.rhythm.weekday


def foresee(asked: Subscription, *, desk: Desk, progress: Progress = lambda *_: None) -> Forecast:
    """What a question would have brought. It need not be saved."""
    return _foresee([asked], desk, progress)[0][0]


def foresee_all(asked: Sequence[Subscription], *, desk: Desk, progress: Progress = lambda *_: None) -> list[Forecast]:
    """The same for many questions, in few readings; `progress` is told how many are done."""
    made: list[Forecast] = []
    for start in range(0, len(asked), TOGETHER):
        made += [one for one, _ in _foresee(asked[start : start + TOGETHER], desk, lambda *_: None)]
        progress(len(made), len(asked))
    return made


def foresee_change(
    before: Subscription, after: Subscription, *, desk: Desk, progress: Progress = lambda *_: None
) -> Difference:
    """What each of two questions would have brought, and what is gained and lost by the second."""
    (was, had), (now, has) = _foresee([before, after], desk, progress)
    old, new = {one.measure for one in had}, {one.measure for one in has}
    return Difference(
        before=was,
        after=now,
        gains=tuple(one for one in has if one.measure not in old),
        loses=tuple(one for one in had if one.measure not in new),
    )


def everything(*, desk: Desk) -> str:
    """How much all that is recorded would have been, as a sentence; "" if nothing is."""
    today = desk.clock().astimezone(desk.names.zone).date()
    since = today - timedelta(days=YEAR - 1)
    with desk.storage.look() as tx:
        measures, news = tx.recorded.count(since), tx.recorded.count_news(since)
        records = records_between(tx.recorded.days(since - timedelta(days=92)), today=today)
    if not measures or records is None:
        return ""
    weeks = max((records[1] - max(records[0], since)).days + 1, LEAST_AVERAGED) / 7
    return said(
        "here that is {measures:,} measures and {news:,} documents of the last 12 months, about {weekly:,.0f} a week",
        measures=measures,
        news=news,
        weekly=news / weeks,
    )


def _foresee(asked: Sequence[Subscription], desk: Desk, progress: Progress) -> list[tuple[Forecast, list[Fitting]]]:
    """For each question what it would have brought, and the measures with news of the twelve months that fit."""
    now = desk.clock()
    today = now.astimezone(desk.names.zone).date()
    since = today - timedelta(days=YEAR - 1)
    sift = sift_for([one.criteria for one in asked], since, today, desk.names.markets)
    with desk.storage.look() as tx:
        ids = tx.recorded.ids(sift)
        recorded = tx.recorded.count(since)
        records = records_between(tx.recorded.days(since - timedelta(days=92)), today=today)
    found: list[list[Fitting]] = [[] for _ in asked]
    for start in range(0, len(ids), CHUNK):
        with desk.storage.look() as tx:
            _read_some(ids[start : start + CHUNK], asked, found, tx, desk, since, today)
        progress(min(start + CHUNK, len(ids)), len(ids))
    made = []
    for one, fitting in zip(asked, found, strict=True):
        value = forecast(
            fitting,
            frequency=one.frequency,
            weekday=one.rhythm.weekday,
            today=today,
            recorded=recorded,
            records=records,
        )
        telling = [each for each in fitting if each.days]
        made.append((value, sorted(telling, key=lambda each: (each.newest, each.symbol), reverse=True)))
    return made


def _read_some(
    ids: Sequence[int],
    asked: Sequence[Subscription],
    found: Sequence[list[Fitting]],
    tx: Transaction,
    desk: Desk,
    since: date,
    today: date,
) -> None:
    fits: list[tuple[RecordedMeasure, list[Match | None]]] = []
    for one in tx.recorded.read(ids):
        subject = Subject.of(one.measure, one.classification or classify_now(one, tx, desk).classification)  # type: ignore[arg-type]
        answers = [read_subject(each, subject, desk.names.markets) for each in asked]
        matches = [answer if isinstance(answer, Match) else None for answer in answers]
        if any(matches):
            fits.append((one, matches))
    news = tx.recorded.news([_number(one) for one, _ in fits])
    for one, matches in fits:
        for place, match in enumerate(matches):
            if match is not None:
                wanted = asked[place].criteria.changes
                told = news.get(_number(one), ())
                found[place].append(fitting_of(one, match, told, wanted, since=since, today=today))


def fitting_of(
    recorded: RecordedMeasure,
    match: Match,
    news: Sequence[RecordedNews],
    wanted: Iterable[ChangeKind],
    *,
    since: date,
    today: date,
) -> Fitting:
    """A measure that fits, with the days on which news was published that is wanted and that staff let through."""
    kinds = frozenset(wanted)
    facts = recorded.measure.facts
    told = [one for one in news if one.kind in kinds and since <= one.day <= today and not one.held]
    kept_back = any(one.held and one.kind is ChangeKind.NEW_MEASURE for one in news)
    begun = min((one.day for one in told if one.kind is ChangeKind.NEW_MEASURE), default=None)
    return Fitting(
        measure=_number(recorded),
        symbol=recorded.measure.threads[0] if recorded.measure.threads else "",
        title=one_line(facts.title, 200),
        members=facts.notifying_members,
        match=match,
        days=tuple(sorted({one.day for one in told})),
        begun=begun,
        is_open=not kept_back and takes_comments(facts_on(facts, today), today),
    )


def classify_now(recorded: RecordedMeasure, tx: Transaction, desk: Desk) -> RecordedMeasure:
    """The same with what the rules in force make of it, if it was never classified; nothing is written."""
    if recorded.classification is not None:
        return recorded
    number = _number(recorded)
    made = classify(tx.measures.get(number), desk.rulebook.in_force(tx))
    return replace(recorded, classification=tx.measures.effective(number, made))


def sift_for(several: Sequence[Criteria], since: date, today: date, markets: Markets) -> Sift:
    """What is worth reading for these questions: all that any of them may fit."""
    members: set[str] = set()
    codes: set[str] = set()
    areas: set[str] = set()
    for criteria in several:
        members |= markets.expand(criteria.markets)
        codes |= criteria.hs | criteria.ics
        areas |= criteria.areas
    by_product = all(map(_asks_plainly, several))
    return Sift(
        since=since,
        open_on=today,
        members=frozenset(members) if all(one.markets for one in several) else frozenset(),
        codes=frozenset(codes) if by_product else frozenset(),
        areas=frozenset(areas) if by_product else frozenset(),
    )


def _asks_plainly(criteria: Criteria) -> bool:
    """Whether a measure that fits is in an area asked for, or has a code written in it that begins as one asked for.

    Who takes a broad fit too is answered by wider codes, and by those of other editions.
    """
    return criteria.grade is not Grade.BROAD and bool(criteria.hs or criteria.ics or criteria.areas)


def _number(recorded: RecordedMeasure) -> int:
    assert recorded.measure.id is not None
    return recorded.measure.id


def as_asked(asked: Subscription, *, desk: Desk) -> Subscription:
    """A question as it would be saved. Raises CriteriaError; of one that asks nothing it says how much that is."""
    try:
        return replace(
            asked,
            criteria=checked(asked.criteria, desk, language=asked.language, known=known_to(asked.criteria, desk)),
            rhythm=at_home(asked.rhythm, desk.names.zone),
        )
    except CriteriaError as error:
        whole = everything(desk=desk)
        if not whole:
            raise
        raise CriteriaError(
            said("{one}; {whole}", one=one, whole=whole) if "every measure of the world" in one else one
            for one in error.problems
        ) from error
