"""subscription: what can be done with one: show and change it, its versions, silence for a while."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Any

import typer

from rules.classification import Grade
from subscriptions.criteria import Address, Frequency, Part, Subscription
from subscriptions.rhythm import WEEKDAYS, Rhythm, next_allowed
from subscriptions.way_words import told_words
from tbtwatch.bootstrap import App
from tbtwatch.cli import foreseeing, shapes, typed
from tbtwatch.cli.context import CommandError, the_app, the_operator
from tbtwatch.cli.foreseeing import AnywayOption, DryRunOption
from tbtwatch.cli.output import note, say, show_json, show_table, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.cli.rhythm_options import (
    DigestAtOption,
    HolidaysOption,
    NothingNewOption,
    QuietOption,
    WeekdayOption,
    ZoneOption,
    rhythm_of,
)
from tbtwatch.cli.way_options import WayOption, how_often, told_at, ways_after
from tbtwatch.pipeline.change import Changed, Edit, preview
from tbtwatch.pipeline.change import change as change_it
from tbtwatch.pipeline.forecast import weighed
from tbtwatch.pipeline.snooze import pause, resume
from tbtwatch.pipeline.starter import write_starters
from tbtwatch.pipeline.subscribe import find_measure
from tbtwatch.storage.pauses import Pause
from tbtwatch.storage.versions import Version
from watcher.measure import TOLD_BY_DEFAULT, ChangeKind

app = typer.Typer(help="One subscription.", no_args_is_help=True, rich_markup_mode=None)

Id = Annotated[int, typer.Argument(help="The subscription's number.")]
Why = Annotated[str, typer.Option("--why", help="The reason; kept.")]
By = Annotated[str, typer.Option("--by", help="Who wants it; default: who is logged in.")]
Until = Annotated[str, typer.Option("--until", help="The day on which news is told again: 2026-10-09.")]
Several = list[str] | None
#: What may have commas of its own.
_WHOLE = ("keywords", "exclusions", "agencies")


@app.command("show")
def show(subscription: Id, as_json: AsJson = False) -> None:
    """Show a subscription: what it asks, when and where it is told, up to when all was judged, and what it was told."""
    with the_app() as app:
        with app.storage.look() as tx:
            one = tx.subscriptions.get(subscription)
            covered = tx.changes.covered_until(app.clock())
            ledger = tx.moving.ledger(subscription)
            by_way = {each.alert for each in tx.alert_ways.waiting(subscription) if each.frequency != "immediate"}
            waiting = len({*tx.moving.waiting_for_digest(subscription), *by_way})
            pauses = [each for each in tx.pauses.of(subscription) if each.released_at is None]
            starters, forecasts = tx.starters.of_subscription(subscription), tx.starters.forecasts(subscription)
            symbols = {
                each.measure: tx.measures.get(each.measure).threads[0] for each in pauses if each.measure is not None
            }
        if one.ended_at is not None:
            covered = min(covered, one.ended_at)
        allowed = next_allowed(app.clock(), one.rhythm, app.settings.zone_info)
        asks, zone = app.desk.names.described(one.criteria, one.language), app.settings.zone_info
    if as_json:
        show_json(
            {
                **shapes.a_subscription(one),
                "covered_until": shapes.instant(covered),
                "may_be_told_from": shapes.instant(allowed),
                "waiting_for_digest": waiting,
                "ledger": [
                    {"channel": address.channel, "target": address.target, "state": state, "facts": facts}
                    for (address, state), facts in ledger.items()
                ],
                "pauses": [_a_pause(each, symbols) for each in pauses],
                "starters": [foreseeing.a_starter(each) for each in starters],
                "expected": [foreseeing.an_expectation(each) for each in forecasts],
            }
        )
        return
    rows: list[tuple[str, object]] = [
        ("enterprise", one.enterprise),
        ("name", one.name),
        ("asks", asks),
        ("how often", how_often(one)),
        ("language", one.language),
        ("told at", told_at(one)),
        ("hours", rhythm_words(one.rhythm)),
        ("version", f"{one.version}, since {when(one.since or one.started_at, zone)}"),
        ("began", when(one.started_at, zone)),
        ("judged up to", when(covered, zone)),
        ("waits for a digest", waiting),
    ]
    rows += [(f"facts {state}", f"{facts} at {address}") for (address, state), facts in ledger.items()]
    rows += [("starter", foreseeing.starter_in_words(each, zone)) for each in starters]
    rows += [("expected", foreseeing.expectation_in_words(each)) for each in forecasts[:1]]
    for each in pauses:
        what = "paused" if each.measure is None else f"muted about {symbols[each.measure]}"
        rows.append((what, f"until {when(each.until, zone)} by {each.by}: {each.why}"))
    if one.ended_at is not None:
        rows.append(("ended", f"{when(one.ended_at, zone)} ({one.end_reason})"))
    show_table(("subscription", str(one.id)), rows)


@app.command("change")
def change(
    subscription: Id,
    why: Why,
    by: By = "",
    email: Annotated[Several, typer.Option(help="Its mail addresses from now on. May be given again.")] = None,
    telegram: Annotated[Several, typer.Option(help="Its Telegram chats from now on. May be given again.")] = None,
    file: Annotated[Several, typer.Option(help="Its folders of the file channel from now on.")] = None,
    market: Annotated[Several, typer.Option(help="Instead of its markets. May be given again.")] = None,
    hs: Annotated[Several, typer.Option(help="Instead of its HS codes. May be given again.")] = None,
    ics: Annotated[Several, typer.Option(help="Instead of its ICS codes. May be given again.")] = None,
    area: Annotated[Several, typer.Option(help="Instead of its product areas. May be given again.")] = None,
    kind: Annotated[Several, typer.Option(help="Instead of its kinds. May be given again.")] = None,
    stage: Annotated[Several, typer.Option(help="Instead of its stages. May be given again.")] = None,
    objective: Annotated[Several, typer.Option(help="Instead of its objectives. May be given again.")] = None,
    scheme: Annotated[Several, typer.Option(help="Instead of its schemes. May be given again.")] = None,
    duty: Annotated[Several, typer.Option(help="Instead of its duties. May be given again.")] = None,
    standard: Annotated[Several, typer.Option(help="Instead of its standards. May be given again.")] = None,
    agency: Annotated[Several, typer.Option(help="Instead of its agencies. May be given again.")] = None,
    source: Annotated[Several, typer.Option(help="Instead of its sources. May be given again.")] = None,
    follow: Annotated[Several, typer.Option(help="Instead of the measures it follows. May be given again.")] = None,
    keyword: Annotated[Several, typer.Option(help="Instead of its keywords. May be given again.")] = None,
    exclude: Annotated[Several, typer.Option(help="Instead of its exclusions. May be given again.")] = None,
    grade: Annotated[str | None, typer.Option(help="Least sure grade wanted: direct, probable or broad.")] = None,
    change_: Annotated[
        Several, typer.Option("--change", help="Instead of its kinds of news. May be given again.")
    ] = None,
    frequency: Annotated[str | None, typer.Option(help="immediate, daily or weekly.")] = None,
    way: WayOption = None,
    language: Annotated[str | None, typer.Option(help="zh or en.")] = None,
    name: Annotated[str | None, typer.Option(help="What you call it.")] = None,
    zone: ZoneOption = None,
    weekday: WeekdayOption = None,
    digest_at: DigestAtOption = None,
    quiet: QuietOption = None,
    holidays: HolidaysOption = None,
    tell_nothing_new: NothingNewOption = None,
    dry_run: DryRunOption = False,
    anyway: AnywayOption = "",
    as_json: AsJson = False,
) -> None:
    """Change a subscription: this version ends, with the reason, and the next begins. Nothing is lost or told twice.

    A condition that is given takes the place of the one there was; given empty (--hs "") it is dropped.
    """
    if language is not None:
        typed.a_language(language)
    with the_app() as app:
        with app.storage.look() as tx:
            before = tx.subscriptions.get(subscription)
        plain = {
            "hs": hs,
            "ics": ics,
            "areas": area,
            "keywords": keyword,
            "exclusions": exclude,
            "standards": standard,
            "agencies": agency,
            "sources": source,
            "measures": follow,
        }
        parts = {
            "kinds": (Part.KIND, kind),
            "stages": (Part.STAGE, stage),
            "objectives": (Part.OBJECTIVE, objective),
            "schemes": (Part.SCHEME, scheme),
            "duties": (Part.DUTY, duty),
        }
        given: dict[str, Any] = {
            field: frozenset([one for one in values if one.strip()] if field in _WHOLE else typed.split(values))
            for field, values in plain.items()
            if values is not None
        }
        given |= {
            field: typed.chosen(part, values, app) for field, (part, values) in parts.items() if values is not None
        }
        if market is not None:
            given["markets"] = typed.markets([one for one in market if one.strip()], app)
        if grade is not None:
            given["grade"] = typed.a_choice(Grade, grade, "--grade")
        if change_ is not None:
            wanted = frozenset(typed.a_choice(ChangeKind, one, "--change") for one in typed.split(change_))
            given["changes"] = wanted or TOLD_BY_DEFAULT
        addresses = _addresses_after(before, email, telegram, file)
        edit = Edit(
            criteria=replace(before.criteria, **given) if given else None,
            name=name.strip() if name is not None and name.strip() else None,
            frequency=typed.a_choice(Frequency, frequency, "--frequency") if frequency is not None else None,
            language=language,
            addresses=addresses,
            ways=ways_after(way, before, addresses, grade=given.get("grade", before.criteria.grade)),
            rhythm=rhythm_of(
                before.rhythm,
                zone=zone,
                on=weekday,
                digest_at=digest_at,
                quiet=quiet,
                holidays=holidays,
                nothing_new=tell_nothing_new,
            ),
        )
        now, then = preview(subscription, edit, desk=app.desk)
        if dry_run:
            _show_dry_run(now, then, anyway, app, as_json=as_json)
            return
        found = foreseeing.difference(now, then, app) if weighed(now) != weighed(then) else None
        if found is not None and not anyway.strip() and (refused := foreseeing.growing_flood(found, app)):
            raise CommandError(refused)
        done = change_it(
            subscription,
            edit,
            why=why,
            by=by.strip() or the_operator(),
            desk=app.desk,
            expected=foreseeing.expected(found.after, anyway) if found else None,
        )
        write_starters(desk=app.desk, subscription=subscription)
        words = app.desk.names.described(done.after.criteria, done.after.language)
        words += told_words(done.after, done.after.language)
        figures = foreseeing.as_json(found.after, done.after, app) if found and as_json else None
        differs = foreseeing.difference_as_json(found, done.after.language, app) if found and as_json else None
    if as_json:
        show_json(
            {
                **shapes.a_subscription(done.after),
                "different": list(done.different),
                "at_once": done.at_once,
                "in_digest": done.in_digest,
                "moved": done.moved,
                "forecast": figures,
                "difference": differs,
            }
        )
        return
    _tell(done, words)
    if found is not None and done.different:
        note(foreseeing.difference_in_words(found))
        foreseeing.note_briefly(found.after)


def _show_dry_run(before: Subscription, after: Subscription, anyway: str, app: App, *, as_json: bool) -> None:
    found = foreseeing.difference(before, after, app)
    refused = "" if anyway.strip() else foreseeing.growing_flood(found, app)
    if as_json:
        show_json(
            {
                **shapes.a_subscription(after),
                "version": before.version,
                "dry_run": True,
                "forecast": foreseeing.as_json(found.after, after, app),
                "difference": foreseeing.difference_as_json(found, after.language, app),
                "refused": refused or None,
            }
        )
        return
    foreseeing.show_whole(found.after, after, app)
    say()
    foreseeing.show_difference(found, app, after.language)
    if refused:
        say(f"It would be refused: {refused}.")
    say("Nothing was saved.")


def _tell(done: Changed, words: str) -> None:
    if not done.different:
        say(f"Subscription {done.after.id} stands so already; nothing was changed.")
        return
    say(f"Subscription {done.after.id} is now version {done.after.version}; different: {', '.join(done.different)}.")
    note(words)
    if done.at_once:
        note(f"What waited for its digest is told at once, in {done.at_once} messages.")
    if done.in_digest:
        digest = "next" if done.after.ways else done.after.frequency.value
        note(f"{done.in_digest} alerts that were not sent yet wait for its {digest} digest.")
    if done.moved:
        note(f"{done.moved} messages that had not reached the old address go to the new one.")


def _addresses_after(
    before: Subscription, email: Several, telegram: Several, file: Several
) -> tuple[Address, ...] | None:
    """Where it is told: a channel that is named has these addresses, the others keep theirs."""
    named = {"email": email, "telegram": telegram, "file": file}
    given = {channel: [one for one in values if one.strip()] for channel, values in named.items() if values is not None}
    if not given:
        return None
    kept = tuple(address for address in before.addresses if address.channel not in given)
    if not any(given.values()):
        return kept
    return (*kept, *typed.addresses(given.get("email"), given.get("telegram"), given.get("file")))


@app.command("versions")
def versions(subscription: Id, as_json: AsJson = False) -> None:
    """List the versions of a subscription, newest first: how it stood, from when to when, and why it was changed."""
    with the_app() as app:
        with app.storage.look() as tx:
            one = tx.subscriptions.get(subscription)
            ended = tx.versions.of(subscription)[::-1]
        zone = app.settings.zone_info
        stood: list[tuple[Subscription, Version | None]] = [(one, None), *((each.of(one), each) for each in ended)]
        rows = [
            (
                each.version,
                when(over.since if over else each.since or each.started_at, zone),
                when(over.until, zone) if over else "",
                app.desk.names.described(each.criteria, each.language),
                how_often(each),
                told_at(each),
                rhythm_words(each.rhythm),
                f"{over.why} ({over.by})" if over else "",
            )
            for each, over in stood
        ]
    if as_json:
        show_json([_a_version(each, over) for each, over in stood])
        return
    show_table(("version", "from", "to", "asks", "how often", "told at", "hours", "changed because"), rows)


@app.command("snooze")
def snooze(subscription: Id, until: Until, why: Why, by: By = "", as_json: AsJson = False) -> None:
    """Tell a subscription nothing until a day. What comes meanwhile is told then, and who asked for silence."""
    with the_app() as app:
        _paused(subscription, None, until, why, by, app, as_json)


@app.command("mute")
def mute(
    subscription: Id,
    symbol: Annotated[str, typer.Argument(help="A document symbol of the measure.")],
    until: Until,
    why: Why,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Tell a subscription nothing of one measure until a day. What comes meanwhile is told then."""
    with the_app() as app:
        _paused(subscription, symbol, until, why, by, app, as_json)


@app.command("resume")
def resume_(
    subscription: Id,
    symbol: Annotated[str | None, typer.Argument(help="Of a measure that was muted; none: all.")] = None,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """End a silence before its day; what came meanwhile is told now, or in the next digest."""
    with the_app() as app:
        measure = find_measure(symbol, desk=app.desk).id if symbol else None
        done = resume(subscription, by=by.strip() or the_operator(), desk=app.desk, measure=measure)
    if as_json:
        show_json(_a_pause(done, {measure: symbol} if measure is not None and symbol else {}))
        return
    say(f"Subscription {subscription} is told again; {done.news} pieces of news came meanwhile.")


def _paused(subscription: int, symbol: str | None, until: str, why: str, by: str, app: App, as_json: bool) -> None:
    if not why.strip():
        raise CommandError("--why is empty; the first message after says why there was silence")
    try:
        day = date.fromisoformat(until.strip())
    except ValueError as error:
        raise CommandError(f"--until {until!r} is no day; write 2026-10-09") from error
    measure = find_measure(symbol, desk=app.desk).id if symbol else None
    who = by.strip() or the_operator()
    done = pause(subscription, until=day, why=why.strip(), by=who, desk=app.desk, measure=measure)
    if as_json:
        show_json(_a_pause(done.pause, {measure: symbol} if measure is not None and symbol else {}))
        return
    what = "nothing" if symbol is None else f"nothing of {symbol}"
    say(f"Subscription {subscription} is told {what} until {when(done.pause.until, app.settings.zone_info)}.")
    if done.taken_back:
        note(f"{done.taken_back} alerts that had not gone out yet wait until then.")


def _a_pause(one: Pause, symbols: dict[Any, str]) -> dict[str, Any]:
    return {
        "subscription": one.subscription,
        "symbol": symbols.get(one.measure),
        "started_at": shapes.instant(one.started_at),
        "until": shapes.instant(one.until),
        "why": one.why,
        "by": one.by,
        "released_at": shapes.instant(one.released_at),
        "news": one.news,
    }


def _a_version(one: Subscription, ended: Version | None) -> dict[str, Any]:
    shape = shapes.a_subscription(one)
    for name in ("started_at", "ended_at", "end_reason", "since"):
        del shape[name]
    since = ended.since if ended else one.since or one.started_at
    return {
        **shape,
        "since": shapes.instant(since),
        "until": shapes.instant(ended.until if ended else None),
        "why": ended.why if ended else "",
        "by": ended.by if ended else "",
    }


def rhythm_words(rhythm: Rhythm) -> str:
    """A rhythm in a few words; "" if it is the plain one."""
    parts = [
        rhythm.zone,
        f"weeks from {WEEKDAYS[rhythm.weekday]}" if rhythm.weekday else "",
        f"digests at {rhythm.digest_at:%H:%M}" if rhythm.digest_at else "",
        f"quiet {rhythm.quiet_from:%H:%M}-{rhythm.quiet_until:%H:%M}"
        if rhythm.quiet_from is not None and rhythm.quiet_until is not None
        else "",
        f"holidays of {rhythm.holidays}" if rhythm.holidays else "",
        "told when nothing is new" if rhythm.tell_nothing_new else "",
    ]
    return ", ".join(part for part in parts if part)
