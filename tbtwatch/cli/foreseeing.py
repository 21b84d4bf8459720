"""What a question would have brought, shown before it is saved; and the refusal of a flood."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from subscriptions.criteria import Frequency, Subscription
from subscriptions.forecast import STALE, Fitting, Forecast, Narrower
from subscriptions.words import word
from tbtwatch.bootstrap import App
from tbtwatch.cli import shapes
from tbtwatch.cli.context import the_operator
from tbtwatch.cli.output import note, progress_bars, say, when
from tbtwatch.pipeline.expected import Expected, in_figures
from tbtwatch.pipeline.forecast import Difference, foresee, foresee_all, foresee_change
from tbtwatch.storage.starters import WRITTEN, StoredForecast, StoredStarter

DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Show what the question would have brought; save nothing.")
]
AnywayOption = Annotated[
    str, typer.Option("--anyway", metavar="REASON", help="Save it although it is a flood; the reason is kept.")
]
NoStarterOption = Annotated[
    bool, typer.Option("--no-starter", help="Do not tell first what is still open for comment.")
]
_SLOW = 1.0  # seconds after which a progress line is worth its noise


def foreseen(asked: Subscription, app: App) -> Forecast:
    """What a question would have brought, with a progress line if that takes long."""
    with _progress() as progress:
        return foresee(asked, desk=app.desk, progress=progress)


def foreseen_all(asked: Sequence[Subscription], app: App) -> list[Forecast]:
    """The same for many questions."""
    with _progress("questions weighed") as progress:
        return foresee_all(asked, desk=app.desk, progress=progress)


def difference(before: Subscription, after: Subscription, app: App) -> Difference:
    """The same for a question in the place of another."""
    with _progress() as progress:
        return foresee_change(before, after, desk=app.desk, progress=progress)


def expected(forecast: Forecast, anyway: str) -> Expected:
    """What is kept of it with the subscription."""
    return Expected(forecast=forecast, anyway=anyway.strip(), by=the_operator() if anyway.strip() else "")


@contextmanager
def _progress(what: str = "measures read") -> Iterator[Callable[[int, int], None]]:
    began = time.monotonic()
    with progress_bars() as show:

        def progress(done: int, total: int) -> None:
            if time.monotonic() - began > _SLOW:
                show(what, done, total)

        yield progress


def flood(forecast: Forecast, app: App) -> str:
    """Why a question is refused, with what can be done instead; "" if it is not."""
    most = app.desk.flood
    if not forecast.floods(most):
        return ""
    narrower = [one for one in forecast.narrower if one.news < forecast.news / 2] or list(forecast.narrower)
    ways = [f"narrow it ({', '.join(_narrower(one, app) for one in narrower[:3])})" if narrower else "narrow it"]
    if forecast.frequency is Frequency.IMMEDIATE:
        ways.append("take a digest (--frequency weekly)")
        limit = f"more than {most.a_week} a week, TBTWATCH_MOST_A_WEEK"
    else:
        limit = f"more than {most.in_digest} pieces of news in a digest, TBTWATCH_MOST_IN_DIGEST"
    return f"this would have been {_volume(forecast)} ({limit}); {', '.join(ways)}, or say --anyway REASON"


def growing_flood(found: Difference, app: App) -> str:
    """The same for a question in the place of another: it is a flood, and brings more or is told at another pace."""
    return flood(found.after, app) if found.grows else ""


def note_briefly(forecast: Forecast) -> None:
    """The short form, on standard error, for who saves it."""
    for sentence in brief(forecast):
        note(sentence)


def brief(forecast: Forecast) -> list[str]:
    """What is to be expected, in two or three sentences."""
    if forecast.is_empty:
        return ["Nothing is recorded of the last 12 months, so there is nothing to estimate from."]
    sentences = [f"It would have brought {_volume(forecast)}. {_share(forecast)}, {_open(forecast)}."]
    if not forecast.is_whole:
        sentences.append(_reach(forecast))
    return sentences


def show_whole(forecast: Forecast, asked: Subscription, app: App) -> None:
    """All of it, with examples, on standard output."""
    say(f"Question: {app.desk.names.described(asked.criteria, asked.language)}")
    say(f"Told {word(asked.frequency, 'en')} at {', '.join(map(str, asked.addresses))}.")
    say()
    if forecast.is_empty:
        say(brief(forecast)[0])
        return
    say(f"It would have brought {_volume(forecast)}.")
    if forecast.busiest is not None:
        day, news = forecast.busiest
        say(f"Busiest week: from {day.isoformat()}, {_pieces(news)}.")
    grades = ", ".join(f"{number} {word(grade, 'en')}" for grade, number in sorted(forecast.grades.items()))
    say(f"{_share(forecast)}{f': {grades}' if grades else ''}.")
    say(f"{_open(forecast).capitalize()}.")
    say(_reach(forecast))
    if forecast.narrower:
        say(f"Narrower: {'; '.join(_narrower(one, app) for one in forecast.narrower)}.")
    if forecast.examples:
        say()
        say(f"Examples, the newest of several markets ({len(forecast.examples)} of {forecast.measures:,}):")
    for one in forecast.examples:
        _show_example(one, asked.language, app)


def show_difference(found: Difference, app: App, language: str) -> None:
    """What another question would gain and lose, with examples."""
    say(difference_in_words(found))
    for name, several in (("Gained", found.gains), ("Lost", found.loses)):
        if several:
            say(f"{name}:")
            for one in several[:5]:
                _show_example(one, language, app)


def difference_in_words(found: Difference) -> str:
    """Gains and losses in a sentence."""
    return (
        f"Of the measures with news in the last 12 months it gains {len(found.gains):,} and loses "
        f"{len(found.loses):,}: {found.before.messages:,} messages before, {found.after.messages:,} now."
    )


def as_json(forecast: Forecast, asked: Subscription, app: App) -> dict[str, Any]:
    """A forecast for a script."""
    return {**in_figures(forecast), "examples": [_example(one, asked.language, app) for one in forecast.examples]}


def difference_as_json(found: Difference, language: str, app: App) -> dict[str, Any]:
    """Gains and losses for a script."""
    return {
        "before": in_figures(found.before),
        "gains": len(found.gains),
        "loses": len(found.loses),
        "gained": [_example(one, language, app) for one in found.gains[:10]],
        "lost": [_example(one, language, app) for one in found.loses[:10]],
    }


def a_starter(one: StoredStarter) -> dict[str, Any]:
    """A starter for a script."""
    return {
        "channel": one.address.channel,
        "target": one.address.target,
        "owed_at": shapes.instant(one.owed_at),
        "settled_at": shapes.instant(one.settled_at),
        "outcome": one.outcome or None,
        "told": one.told,
        "more": one.more,
        "before": one.before,
    }


def starter_in_words(one: StoredStarter, zone: ZoneInfo) -> str:
    """What became of a starter, in a few words."""
    at = str(one.address)
    if one.settled_at is None:
        return f"owed to {at} since {when(one.owed_at, zone)}"
    if one.outcome != WRITTEN:
        return f"not written to {at}: {one.outcome}"
    more = f", {one.more} more were open" if one.more else ""
    return f"{one.told} measures, written to {at} {when(one.settled_at, zone)}{more}"


def an_expectation(one: StoredForecast) -> dict[str, Any]:
    """What a version was expected to bring, for a script."""
    made_at = shapes.instant(one.made_at)
    return {"version": one.version, "made_at": made_at, **one.value, "anyway": one.anyway or None, "by": one.by or None}


def expectation_in_words(one: StoredForecast) -> str:
    """The same in a few words."""
    per_week = one.value["per_week"]
    often = "not known: nothing was recorded" if per_week is None else _often(per_week)
    return often + (f"; a flood, let through by {one.by}: {one.anyway}" if one.anyway else "")


def _example(one: Fitting, language: str, app: App) -> dict[str, Any]:
    return {
        "measure": one.measure,
        "symbol": one.symbol,
        "title": one.title,
        "markets": list(one.members),
        "news_on": [shapes.day(day) for day in one.days],
        "open": one.is_open,
        **shapes.an_answer(one.match),
        "sentence": _why(one, language, app),
    }


def _show_example(one: Fitting, language: str, app: App) -> None:
    markets = ", ".join(app.markets.name(member, "en") for member in one.members)
    still = ", open for comment" if one.is_open else ""
    say(f"  {one.newest.isoformat()}  {one.symbol}  {markets}: {one.title}{still}")
    say(f"      {_why(one, language, app)}")


def _why(one: Fitting, language: str, app: App) -> str:
    return app.desk.names.explained(one.match, language)


def _volume(forecast: Forecast) -> str:
    """ "1,204 messages in the last 12 months (23 a week on average, 61 in the busiest)"."""
    during = "in the last 12 months" if forecast.is_whole else "in the time that is recorded"
    if not forecast.messages:
        return f"nothing {during}"
    if forecast.frequency is Frequency.IMMEDIATE:
        what = f"{forecast.messages:,} message{'s' * (forecast.messages != 1)}"
        parts = [_often(forecast.per_week)]
        if forecast.busiest is not None:
            parts.append(f"{forecast.busiest[1]:,} in the busiest week")
    else:
        kind = forecast.frequency.value
        what = f"{forecast.messages:,} {kind} digest{'s' * (forecast.messages != 1)} with {_pieces(forecast.news)}"
        parts = [f"{forecast.in_digest:,.1f} in each on average"]
    return f"{what} {during} ({', '.join(parts)})"


def _often(per_week: float) -> str:
    """ "23 a week on average", "about 5 a year"."""
    if per_week >= 1:
        return f"{per_week:,.0f} a week on average" if per_week >= 10 else f"{per_week:,.1f} a week on average"
    return f"about {max(1, round(per_week * 52))} a year"


def _pieces(number: int) -> str:
    return f"{number:,} piece{'s' * (number != 1)} of news"


def _share(forecast: Forecast) -> str:
    part = f"{100 * forecast.share:.1f}" if forecast.share < 0.1 else f"{100 * forecast.share:.0f}"
    return f"{forecast.measures:,} of the {forecast.recorded:,} measures recorded fit ({part} %)"


def _open(forecast: Forecast) -> str:
    if not forecast.open_now:
        return "none is open for comment now"
    return f"{forecast.open_now:,} {'is' if forecast.open_now == 1 else 'are'} open for comment now"


def _reach(forecast: Forecast) -> str:
    """From when to when there are records, and what that means for the numbers."""
    if forecast.records is None:
        return "No document of the last 12 months states its day, so there is no average."
    first, last = forecast.records
    if forecast.is_whole:
        return f"Records reach back beyond 12 months, without a gap since {first.isoformat()}."
    days = (last - first).days + 1
    until = f", up to {last.isoformat()}" if (forecast.until - last).days > STALE else ""
    said = f"Records reach back to {first.isoformat()}{until}, {days} day{'s' * (days != 1)}"
    if forecast.about is None:
        return f"{said}: too short to say what 12 months would be."
    return f"{said}; 12 months would be about {forecast.about:,}."


def _narrower(one: Narrower, app: App) -> str:
    if one.part == "market":
        return f"only market {app.markets.name(one.value, 'en')}: {one.news:,}"
    return f"only grade {one.value}: {one.news:,}" if one.part == "grade" else f"only new measures: {one.news:,}"
