"""subscribe, subscriptions, unsubscribe, chat-code."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, TypeVar

import typer

from rules.classification import Grade
from subscriptions.criteria import FURTHER, Criteria, Frequency, Part, Subscription
from subscriptions.forecast import Forecast
from subscriptions.older_codes import older_code
from subscriptions.rhythm import AT_ANY_TIME
from subscriptions.way_words import told_words
from subscriptions.ways import least_sure
from tbtwatch import configuration
from tbtwatch.bootstrap import App
from tbtwatch.cli import foreseeing, shapes, typed
from tbtwatch.cli.context import CommandError, the_app, the_operator
from tbtwatch.cli.foreseeing import AnywayOption, DryRunOption, NoStarterOption
from tbtwatch.cli.output import note, say, show_json, show_table, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.cli.reminders import distances
from tbtwatch.cli.rhythm_options import (
    DigestAtOption,
    HolidaysOption,
    NothingNewOption,
    QuietOption,
    WeekdayOption,
    ZoneOption,
    rhythm_of,
)
from tbtwatch.cli.terms import hints as keyword_hints
from tbtwatch.cli.way_options import WayOption, how_often, told_at, ways_of
from tbtwatch.pipeline import subscribe as pipeline
from tbtwatch.pipeline.associations import an_enterprise, manage
from tbtwatch.pipeline.chats import new_code
from tbtwatch.pipeline.contacts import find_contact
from tbtwatch.pipeline.forecast import as_asked
from tbtwatch.pipeline.reminder_wishes import wish
from tbtwatch.pipeline.starter import write_starters
from tbtwatch.reference import load_hs
from tbtwatch.storage.contacts import Contact
from watcher.measure import TOLD_BY_DEFAULT, ChangeKind

Choice = TypeVar("Choice", bound=StrEnum)
CODE_GOOD_FOR = timedelta(hours=24)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for name, command in (
        ("subscribe", subscribe),
        ("subscriptions", subscriptions),
        ("unsubscribe", unsubscribe),
        ("chat-code", chat_code),
    ):
        app.command(name)(command)


def subscribe(
    enterprise: Annotated[str, typer.Option(help="Name of the enterprise.")],
    email: Annotated[list[str] | None, typer.Option(help="Mail address. May be given again.")] = None,
    telegram: Annotated[list[str] | None, typer.Option(help="Telegram chat id. May be given again.")] = None,
    file: Annotated[list[str] | None, typer.Option(help="Name of a folder for the file channel.")] = None,
    market: Annotated[
        list[str] | None, typer.Option(help="A Member or a group: KEN, 肯尼亚, EAC. May be given again.")
    ] = None,
    hs: Annotated[list[str] | None, typer.Option(help="HS code or its beginning. May be given again.")] = None,
    ics: Annotated[list[str] | None, typer.Option(help="ICS code or its beginning. May be given again.")] = None,
    area: Annotated[list[str] | None, typer.Option(help="Product area: toys, batteries … May be given again.")] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="Kind of measure: labelling, recall … May be given again.")
    ] = None,
    stage: Annotated[
        list[str] | None,
        typer.Option(help="draft, adopted, in-force, withdrawn, unknown or recalled. May be given again."),
    ] = None,
    objective: Annotated[
        list[str] | None, typer.Option(help="Objective: environment, human_health … May be given again.")
    ] = None,
    scheme: Annotated[
        list[str] | None, typer.Option(help="Conformity scheme or mark: ce, kc, bis … May be given again.")
    ] = None,
    duty: Annotated[
        list[str] | None, typer.Option(help="What must be done: factory-inspection … May be given again.")
    ] = None,
    standard: Annotated[
        list[str] | None, typer.Option(help="Standard with or without part and edition: IEC 60335-1:2020.")
    ] = None,
    agency: Annotated[
        list[str] | None, typer.Option(help="Part of the responsible agency's name: SASO, 工业部. May be given again.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option(help="Only what this source reported: eping. May be given again.")
    ] = None,
    follow: Annotated[
        list[str] | None, typer.Option(help="Follow this measure, by any of its symbols. May be given again.")
    ] = None,
    keyword: Annotated[list[str] | None, typer.Option(help="A word or phrase; one of them must occur.")] = None,
    exclude: Annotated[list[str] | None, typer.Option(help="A word or phrase that must not occur.")] = None,
    grade: Annotated[str, typer.Option(help="Least sure grade wanted: direct, probable or broad.")] = "probable",
    change: Annotated[
        list[str] | None, typer.Option(help="Kind of news wanted; none: all but clerical corrections.")
    ] = None,
    frequency: Annotated[str, typer.Option(help="immediate, daily or weekly.")] = "immediate",
    way: WayOption = None,
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    name: Annotated[str, typer.Option(help="What you call it; default: what it asks for.")] = "",
    contact: Annotated[
        list[str] | None, typer.Option(help="A contact of the enterprise, by name or number: told wherever they are.")
    ] = None,
    managed_by: Annotated[str, typer.Option(help="The association that looks after the enterprise.")] = "",
    remind: Annotated[str, typer.Option(help="Remind of comment deadlines: 30,14,3 days before acting.")] = "none",
    zone: ZoneOption = None,
    weekday: WeekdayOption = None,
    digest_at: DigestAtOption = None,
    quiet: QuietOption = None,
    holidays: HolidaysOption = None,
    tell_nothing_new: NothingNewOption = None,
    dry_run: DryRunOption = False,
    anyway: AnywayOption = "",
    no_starter: NoStarterOption = False,
    as_json: AsJson = False,
) -> None:
    """Start a subscription and print its number; before that, what its question would have brought.

    Markets, products (HS, ICS or area), keywords and each of kind, stage, objective, scheme, duty, standard, agency,
    source and follow must all fit; of several in one of them, one is enough.
    """
    enterprise = typed.a_name(enterprise)
    typed.a_language(language)
    days = distances(remind, "--remind")
    with the_app() as app:
        people = _people(contact or [], enterprise, app)
        theirs = tuple(address for person in people for address in person.addresses)
        named = typed.addresses(email, telegram, file) if email or telegram or file or not people else ()
        addresses = tuple(dict.fromkeys((*named, *theirs)))
        criteria = Criteria(
            markets=typed.markets(market, app),
            hs=frozenset(typed.split(hs)),
            ics=frozenset(typed.split(ics)),
            areas=frozenset(typed.split(area)),
            keywords=frozenset(keyword or []),
            exclusions=frozenset(exclude or []),
            grade=typed.a_choice(Grade, grade, "--grade"),
            kinds=typed.chosen(Part.KIND, kind, app),
            stages=typed.chosen(Part.STAGE, stage, app),
            objectives=typed.chosen(Part.OBJECTIVE, objective, app),
            schemes=typed.chosen(Part.SCHEME, scheme, app),
            duties=typed.chosen(Part.DUTY, duty, app),
            standards=frozenset(typed.split(standard)),
            agencies=frozenset(one for one in agency or [] if one.strip()),
            sources=frozenset(typed.split(source)),
            measures=frozenset(typed.split(follow)),
            changes=frozenset(typed.a_choice(ChangeKind, one, "--change") for one in typed.split(change))
            or TOLD_BY_DEFAULT,
        )
        rhythm = rhythm_of(
            AT_ANY_TIME,
            zone=zone,
            on=weekday,
            digest_at=digest_at,
            quiet=quiet,
            holidays=holidays,
            nothing_new=tell_nothing_new,
        )
        ways = ways_of(way, addresses, grade=criteria.grade)
        asked = as_asked(
            Subscription(
                id=0,
                enterprise=enterprise,
                name=name.strip(),
                criteria=replace(criteria, grade=least_sure(ways, criteria.grade)),
                frequency=typed.a_choice(Frequency, frequency, "--frequency"),
                language=language,
                addresses=addresses,
                ways=ways,
                rhythm=rhythm,
                started_at=app.clock(),
            ),
            desk=app.desk,
        )
        forecast = foreseeing.foreseen(asked, app)
        if dry_run:
            _show_dry_run(forecast, asked, anyway, app, as_json=as_json)
            return
        if not anyway.strip() and (refused := foreseeing.flood(forecast, app)):
            raise CommandError(refused)
        if managed_by.strip():
            manage(enterprise, managed_by, by=the_operator(), why="said when subscribing", desk=app.desk)
        started = pipeline.start(
            enterprise=asked.enterprise,
            name=asked.name,
            criteria=criteria,
            frequency=asked.frequency,
            language=language,
            addresses=addresses,
            contacts=tuple(person.id for person in people),
            desk=app.desk,
            ways=ways,
            rhythm=rhythm,
            starter=False if no_starter else None,
            expected=foreseeing.expected(forecast, anyway),
        )
        subscription = started.subscription
        words = app.desk.names.described(subscription.criteria, language) + told_words(subscription, language)
        older = _older_codes(subscription.criteria, app)
        hints = (
            [] if as_json else [*_beside(subscription.criteria), *keyword_hints(subscription.criteria.keywords, app)]
        )
        unconfirmed = _unconfirmed(subscription, app)
        if days:
            wish(subscription.id, days, by=the_operator(), why="asked when subscribing", desk=app.desk)
        starters = write_starters(desk=app.desk, subscription=subscription.id)
        figures = foreseeing.as_json(forecast, subscription, app) if as_json else {}
    if as_json:
        show_json(
            {
                **shapes.a_subscription(subscription),
                "new": started.new,
                "forecast": figures,
                "starters": starters,
            }
        )
        return
    say(str(subscription.id))
    note(words)
    for sentence in (*older, *hints):
        note(sentence)
    foreseeing.note_briefly(forecast)
    if starters:
        told = "what is still open for comment" if forecast.open_now else "that nothing is open for comment now"
        note(f"A first message tells {told}.")
    if not started.new:
        note("This subscription was there already; the addresses were added to it.")
    for target in unconfirmed:
        note(f"{target}: its owner is asked first; until the answer news waits.")


def _people(which: list[str], enterprise: str, app: App) -> list[Contact]:
    """The contacts of these names or numbers."""
    with app.storage.look() as tx:
        return [find_contact(one, enterprise, tx) for one in which]


def _unconfirmed(subscription: Subscription, app: App) -> list[str]:
    with app.storage.look() as tx:
        id_ = tx.subscriptions.find_enterprise(subscription.enterprise)
        states = tx.confirmations.current(id_ or 0, subscription.addresses)
    return [str(one.address) for one in states.values() if one.open]


def _show_dry_run(forecast: Forecast, asked: Subscription, anyway: str, app: App, *, as_json: bool) -> None:
    refused = "" if anyway.strip() else foreseeing.flood(forecast, app)
    if as_json:
        shape = shapes.a_subscription(asked)
        for name in ("id", "version", "since", "started_at", "ended_at", "end_reason"):
            del shape[name]
        figures = foreseeing.as_json(forecast, asked, app)
        show_json({**shape, "dry_run": True, "forecast": figures, "refused": refused or None})
        return
    foreseeing.show_whole(forecast, asked, app)
    say()
    if refused:
        say(f"It would be refused: {refused}.")
    say("Nothing was saved.")


def _beside(criteria: Criteria) -> list[str]:
    """A sentence for who follows a measure and asks for more."""
    asked = (criteria.markets, criteria.hs, criteria.ics, criteria.areas, criteria.keywords, criteria.exclusions)
    others = [getattr(criteria, name) for part, name in FURTHER.items() if part is not Part.MEASURE]
    if not criteria.measures or not any((*asked, *others)):
        return []
    return [
        "A followed measure must fit the other conditions as well; to be told of it whatever it says, start a "
        "subscription that follows it and asks for nothing else."
    ]


def _older_codes(criteria: Criteria, app: App) -> list[str]:
    """A sentence for each code asked for that HS 2022 has not."""
    if not criteria.hs:
        return []
    current = load_hs((app.settings.config_folder or configuration.SHIPPED) / "reference")
    return [sentence for code in sorted(criteria.hs) if (sentence := older_code(code, current))]


def subscriptions(
    all_: Annotated[bool, typer.Option("--all", help="Ended ones too.")] = False,
    of: Annotated[str, typer.Option("--of", help="Only those of an association's members.")] = "",
    as_json: AsJson = False,
) -> None:
    """List the subscriptions."""
    with the_app() as app:
        with app.storage.look() as tx:
            found = tx.subscriptions.all() if all_ else tx.subscriptions.live()
            if of:
                members = {one.child for one in tx.managements.members(an_enterprise(of, tx))}
                found = [one for one in found if one.enterprise in members]
        if as_json:
            show_json([shapes.a_subscription(one) for one in found])
            return
        names = app.desk.names
        show_table(
            ("id", "enterprise", "name", "asks", "how often", "language", "told at", "since", "ended"),
            [
                (
                    one.id,
                    one.enterprise,
                    one.name,
                    names.described(one.criteria, one.language),
                    how_often(one),
                    one.language,
                    told_at(one),
                    when(one.started_at, app.settings.zone_info),
                    f"{when(one.ended_at, app.settings.zone_info)} ({one.end_reason})" if one.ended_at else "",
                )
                for one in found
            ],
        )


def unsubscribe(
    which: Annotated[str, typer.Argument(help="The subscription's number, or the code from a mail's subject.")],
    reason: Annotated[str, typer.Option(help="Why it ends; kept.")] = "asked by the subscriber",
) -> None:
    """End a subscription, or what a mail names. It is kept with the reason; what waits for it alone is cancelled."""
    with the_app() as app:
        done = pipeline.end(which, reason=reason, desk=app.desk)
    at = done.address.target if done.address else "its address"
    for one in done.ended:
        say(f"Subscription {one.id} “{one.name}” of {one.enterprise} has ended: {one.end_reason}.")
    for one in done.left:
        others = ", ".join(address.target for address in one.addresses)
        say(f"Subscription {one.id} “{one.name}” of {one.enterprise} has ended for {at}; it goes on for {others}.")
    if not done.ended and not done.left:
        say(f"Nothing is subscribed to at {at} any more.")
    for one in done.going_on:
        targets = ", ".join(address.target for address in one.addresses)
        note(f"Subscription {one.id} “{one.name}” goes on for {targets}; `tbtwatch unsubscribe {one.id}` ends it.")


def chat_code(
    enterprise: Annotated[str, typer.Option(help="Name of the enterprise.")],
    as_json: AsJson = False,
) -> None:
    """Print a code, good once and for a day, that links a chat to the enterprise: send `/start CODE` to the bot."""
    with the_app() as app:
        code = new_code()
        now = app.clock()
        with app.storage.begin() as tx:
            id_ = tx.subscriptions.find_enterprise(enterprise)
            if id_ is None:
                raise CommandError(f"there is no enterprise {enterprise!r}; `tbtwatch subscriptions` lists them")
            tx.chats.add_code(code, enterprise_id=id_, now=now, good_for=CODE_GOOD_FOR)
    if as_json:
        show_json({"code": code, "enterprise": enterprise, "expires_at": shapes.instant(now + CODE_GOOD_FOR)})
        return
    say(code)
    note(f"Good once, for 24 hours: send “/start {code}” to the bot.")
