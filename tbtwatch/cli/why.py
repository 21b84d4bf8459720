"""why, both ways: one subscription and one measure; one measure and all subscriptions."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from notifiers.wording import Words, offered
from notifiers.your_products import product_line
from subscriptions.criteria import Match, Refusal, Subscription
from subscriptions.way_words import not_told_words
from subscriptions.ways import lets_through, nobody_wants
from subscriptions.words import word
from tbtwatch.bootstrap import App
from tbtwatch.bot.phrases import say as phrase
from tbtwatch.cli import shapes
from tbtwatch.cli.context import CommandError, the_app
from tbtwatch.cli.output import note, progress_bars, say, show_json, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.cli.rules.consequences import a_consequence
from tbtwatch.pipeline import subscribe as pipeline
from tbtwatch.pipeline.nearly import Audition, audition
from tbtwatch.pipeline.symbols import not_recorded

PEOPLE_SEE = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("why")(why)


def why(
    which: Annotated[str, typer.Argument(help="The subscription's number; a symbol alone asks all subscriptions.")],
    symbol: Annotated[str, typer.Argument(help="A document symbol.")] = "",
    enterprise: Annotated[str, typer.Option(help="With a symbol alone: only this enterprise's subscriptions.")] = "",
    limit: Annotated[
        int, typer.Option(min=0, help="With a symbol alone: name at most so many of each; 0: all.")
    ] = PEOPLE_SEE,
    as_json: AsJson = False,
) -> None:
    """Say why a measure fits a subscription, or the first condition that does not hold, and what came of it.

    With a symbol alone: which subscriptions it fits, and which it misses by one condition.
    """
    if symbol:
        if not which.strip().isdecimal():
            raise CommandError(f"{which!r} is no number of a subscription; `tbtwatch subscriptions` lists them")
        _one(int(which), symbol, as_json)
    elif which.strip().isdecimal():
        raise CommandError("write the symbol after the subscription's number: tbtwatch why 1 G/TBT/N/KEN/1514")
    else:
        _all(which, enterprise, limit, as_json)


def _all(symbol: str, enterprise: str, limit: int, as_json: bool) -> None:
    with the_app() as app, progress_bars() as show:
        found = audition(
            symbol,
            desk=app.desk,
            enterprise=enterprise,
            limit=limit,
            progress=lambda done, total: show("subscriptions read", done, total),
        )
        missing = not_recorded(symbol, found.measure, app.markets)
        if as_json:
            show_json(_shape(found, app, missing))
            return
        if missing:
            say(f"The document {missing} is not recorded here. This is the measure it belongs to by its symbol.")
        say(f"{found.measure.threads[0]} fits {found.fit} of {found.read} live subscriptions.")
        for one in found.fitting:
            told = f"told {when(one.told[-1].created_at, app.settings.zone_info)}" if one.told else "not told"
            say(f"  {one.subscription.id}  {one.subscription.enterprise}, “{one.subscription.name}”: {told}")
            say(f"      {_sentence(one.match, app)}")
            for line in _products(one.match, app.settings.staff_language):
                say(f"      {line}")
            for sentence in _elsewhere(one.subscription, one.match, app.settings.staff_language):
                say(f"      {sentence}")
        say(f"It misses {found.near} by one condition.")
        for near in found.nearly:
            say(f"  {near.subscription.id}  {near.subscription.enterprise}, “{near.subscription.name}”")
            say(f"      {_sentence(near.refusal, app)}")
        if limit and max(found.fit, found.near) > limit:
            note(f"{limit} of each are shown; --limit 0 shows all.")


def _sentence(answer: Match | Refusal, app: App) -> str:
    return app.desk.names.explained(answer, app.settings.staff_language)


def _shape(found: Audition, app: App, missing: str) -> dict[str, Any]:
    return {
        "measure": found.measure.id,
        "symbols": list(found.measure.threads),
        "read": found.read,
        "fit": found.fit,
        "near": found.near,
        "fitting": [
            {
                "subscription": one.subscription.id,
                "enterprise": one.subscription.enterprise,
                "name": one.subscription.name,
                **shapes.an_answer(one.match),
                "sentence": _sentence(one.match, app),
                "told": [shapes.instant(alert.created_at) for alert in one.told],
                "not_told_at": _elsewhere(one.subscription, one.match, app.settings.staff_language),
            }
            for one in found.fitting
        ],
        "nearly": [
            {
                "subscription": one.subscription.id,
                "enterprise": one.subscription.enterprise,
                "name": one.subscription.name,
                **shapes.an_answer(one.refusal),
                "sentence": _sentence(one.refusal, app),
            }
            for one in found.nearly
        ],
        "not_recorded": missing or None,
    }


def _one(subscription: int, symbol: str, as_json: bool) -> None:
    with the_app() as app:
        answer = pipeline.why(subscription, symbol, desk=app.desk)
        language = answer.subscription.language
        sentence = app.desk.names.explained(answer.answer, language)
        zone = app.settings.zone_info
        missing = not_recorded(symbol, answer.measure, app.markets)
    told = [
        {"at": shapes.instant(at), "what": kind.value, "label": label, "withdrawn_at": shapes.instant(withdrawn)}
        for (at, kind), (label, withdrawn) in zip(answer.told, answer.labels, strict=True)
    ]
    outcome = _outcome(answer)
    elsewhere = _elsewhere(answer.subscription, answer.answer, language)
    if as_json:
        show_json(
            {
                "subscription": answer.subscription.id,
                "measure": answer.measure.id,
                "symbols": list(answer.measure.threads),
                **shapes.an_answer(answer.answer),
                "sentence": sentence,
                "told": told,
                "outcome": outcome,
                "not_told_at": elsewhere,
                "confirmed": [shapes.a_confirmation(one) for one in answer.consents],
                "followed": [a_consequence(one) for one in answer.followed],
                "not_recorded": missing or None,
            }
        )
        return
    if missing:
        say(phrase("document_not_recorded", language, symbol=missing))
    say(sentence)
    for line in _products(answer.answer, language):
        say(line)
    for (at, kind), (label, withdrawn) in zip(answer.told, answer.labels, strict=True):
        said = phrase("alert_of", language, at=when(at, zone), what=word(kind, language))
        taken_back = f", taken back {when(withdrawn, zone)}" if withdrawn else ""
        say(f"  {said}" + (f" ({label})" if label else "") + taken_back)
    for state in answer.consents:
        if state.confirmed_at is not None and not isinstance(answer.answer, Match):
            continue  # nothing came of it here: there was nothing to send
        say(f"  {state.address} {shapes.consent(state, zone)}")
    for one in answer.followed:
        decided = f"{one.decision} by {one.decided_by}, {when(one.decided_at, zone)}" if one.decision else "not decided"
        say(f"  {one.kind.value} under version {one.ruleset_version}: {one.because or 'no area changed'}; {decided}")
    if outcome:
        say(outcome)
    for each in elsewhere:
        say(each)


def _products(answer: Match | Refusal, language: str) -> list[str]:
    """A line that names the enterprise's own products that are affected; none if none are."""
    if not isinstance(answer, Match) or not answer.products:
        return []
    words = Words(offered(language))
    lines = [product_line(one, words) for one in answer.products]
    more = [words("yours.more", n=answer.further_products)] if answer.further_products else []
    return [words("yours") + words("colon") + words("pause").join([*lines, *more])]


def _elsewhere(subscription: Subscription, answer: Match | Refusal, language: str) -> list[str]:
    """The addresses at which it is not told although it fits, each with the reason."""
    if not isinstance(answer, Match):
        return []
    return [
        not_told_words(subscription, address, answer.grade, language)
        for address in subscription.addresses
        if not lets_through(subscription, address, answer.grade)
    ]


def _outcome(answer: pipeline.Why) -> str:
    """Why nothing was told although it fits, if so, in the subscription's language."""
    if answer.told or not isinstance(answer.answer, Match):
        return ""
    language = answer.subscription.language
    if answer.subscription.ended_at is not None:
        return phrase("not_told_ended", language, reason=answer.subscription.end_reason)
    if answer.silent:
        return phrase("not_told_silent", language)
    if answer.before:
        return phrase("not_told_older", language)
    if nobody_wants(answer.subscription, answer.answer.grade):
        return phrase("not_told_unsure", language)
    return phrase("not_told_unwanted", language)
