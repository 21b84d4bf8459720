"""products: an enterprise's product list: import, list, show, export, remove."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from subscriptions.affected import watched_codes
from subscriptions.criteria import Criteria, Frequency
from subscriptions.derived_words import product_line
from subscriptions.forecast import Forecast
from subscriptions.older_codes import older_code, successors
from subscriptions.product import Product
from subscriptions.product_list import ProductList, Trouble, read_products, table_of
from subscriptions.rhythm import Rhythm
from tbtwatch import configuration
from tbtwatch.bootstrap import App
from tbtwatch.cli import foreseeing, shapes, typed
from tbtwatch.cli.context import CommandError, the_app, the_operator
from tbtwatch.cli.foreseeing import AnywayOption
from tbtwatch.cli.output import note, say, show_json, show_table, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.cli.product_shapes import a_plan, a_product, a_trouble, in_words
from tbtwatch.cli.rhythm_options import (
    DigestAtOption,
    HolidaysOption,
    NothingNewOption,
    QuietOption,
    WeekdayOption,
    ZoneOption,
    rhythm_of,
)
from tbtwatch.pipeline import products as pipeline
from tbtwatch.pipeline.forecast import as_asked
from tbtwatch.pipeline.product_file import read_product_file
from tbtwatch.pipeline.products import Plan, Planned, Wishes
from tbtwatch.pipeline.starter import write_starters
from tbtwatch.reference import load_hs

app = typer.Typer(help="Product lists.", no_args_is_help=True, rich_markup_mode=None)

MOST_SHOWN = 50
Enterprise = Annotated[str, typer.Option(help="Name of the enterprise.")]
Yes = Annotated[bool, typer.Option("--yes", help="Save without asking.")]


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="A .csv or .xlsx file.")],
    enterprise: Enterprise,
    email: Annotated[list[str] | None, typer.Option(help="Mail address. May be given again.")] = None,
    telegram: Annotated[list[str] | None, typer.Option(help="Telegram chat id. May be given again.")] = None,
    folder: Annotated[list[str] | None, typer.Option("--file", help="Name of a folder for the file channel.")] = None,
    market: Annotated[
        list[str] | None, typer.Option(help="Market of products whose row names none. May be given again.")
    ] = None,
    frequency: Annotated[str | None, typer.Option(help="immediate, daily or weekly.")] = None,
    language: Annotated[str | None, typer.Option(help="zh or en.")] = None,
    with_standards: Annotated[
        bool | None,
        typer.Option(
            "--with-standards/--no-with-standards",
            help="Tell of measures too that cite a standard of the list, whatever their codes.",
        ),
    ] = None,
    add: Annotated[bool, typer.Option("--add", help="Keep what is on the list and not in the file.")] = False,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave rows out that cannot be read.")] = False,
    sheet: Annotated[str, typer.Option(help="Sheet of the workbook; default: the one with a known header.")] = "",
    zone: ZoneOption = None,
    weekday: WeekdayOption = None,
    digest_at: DigestAtOption = None,
    quiet: QuietOption = None,
    holidays: HolidaysOption = None,
    tell_nothing_new: NothingNewOption = None,
    anyway: AnywayOption = "",
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Read a product list, show what follows from it, and save it: all of it, or nothing.

    The list takes the place of the one before. Without --yes you are asked on a terminal; elsewhere it is only shown.
    """
    enterprise = typed.a_name(enterprise)
    if language is not None:
        typed.a_language(language)
    rhythm = {
        "zone": zone,
        "on": weekday,
        "digest_at": digest_at,
        "quiet": quiet,
        "holidays": holidays,
        "nothing_new": tell_nothing_new,
    }
    with the_app() as app:
        wishes = Wishes(
            addresses=typed.addresses(email, telegram, folder) if email or telegram or folder else None,
            frequency=typed.a_choice(Frequency, frequency, "--frequency") if frequency is not None else None,
            language=language,
            rhythm=_rhythm(rhythm) if any(value is not None for value in rhythm.values()) else None,
            standards=with_standards,
        )
        names = app.desk.names
        read_file = read_product_file(file, sheet=sheet)
        found = read_products(
            read_file.rows,
            markets=names.markets,
            choices=names.choices,
            default_markets=typed.markets(market, app),
        )
        if read_file.other_sheets and not sheet:
            note(f"Sheet {read_file.sheet!r} is read; not read: {', '.join(map(repr, read_file.other_sheets[:8]))}.")
        _tell_trouble(found, skip_bad=skip_bad, as_json=as_json)
        made = pipeline.plan(enterprise, found.products, desk=app.desk, wishes=wishes, add=add)
        saved = _finish(
            made, wishes, app, yes=yes, as_json=as_json, add=add, given=found.products, found=found, anyway=anyway
        )
    if not saved and not as_json:
        note("Nothing was saved. To save it, give the same command with --yes.")


def _rhythm(given: dict[str, Any]) -> Callable[[Rhythm], Rhythm]:
    return lambda before: rhythm_of(before, **given)


def _tell_trouble(found: ProductList, *, skip_bad: bool, as_json: bool) -> None:
    """Raises CommandError where rows cannot be read and are not to be left out."""
    _some(found.remarks, "Read with a remark:", as_json)
    if not found.problems:
        return
    if as_json and not skip_bad:
        show_json({"saved": False, "problems": [a_trouble(one) for one in found.problems]})
    _some(found.problems, "Cannot be read:", as_json and not skip_bad)
    if not found.products:
        raise CommandError("no row could be read as a product; nothing was saved")
    if not skip_bad:
        rows = f"{found.bad_rows} row{'s' if found.bad_rows > 1 else ''}"
        raise CommandError(
            f"{rows} cannot be read, so nothing was saved; mend them in the file, or leave them out with --skip-bad"
        )


def _some(several: tuple[Trouble, ...], title: str, silent: bool) -> None:
    if several and not silent:
        note(title)
        for one in several[:MOST_SHOWN]:
            note(f"  {one}")
        if len(several) > MOST_SHOWN:
            note(f"  … and {len(several) - MOST_SHOWN} more; --json names all.")


def _finish(
    made: Plan,
    wishes: Wishes,
    app: App,
    *,
    yes: bool,
    as_json: bool,
    add: bool,
    given: tuple[Product, ...],
    found: ProductList | None = None,
    anyway: str = "",
) -> bool:
    """Show what it comes to, and save it if that is wanted; whether it was saved."""
    names = app.desk.names
    if not as_json:
        for line in in_words(made, names):
            say(line)
        for sentence in _older(made.products, app):
            note(sentence)
    if not made.does_anything and not yes and not as_json:
        say("Nothing would be different.")
        return True
    forecasts: dict[Criteria, Forecast] = {}
    floods: list[str] = []
    for one in made.subscriptions:
        if one.changes:
            forecasts[one.criteria], refused = _foreseen(one, made, app)
            floods += [refused] if refused else []
    if not as_json:
        for one in made.subscriptions:
            if one.criteria in forecasts:
                note(f"“{one.name}”: {foreseeing.brief(forecasts[one.criteria])[0]}")
    if floods and not anyway.strip():
        raise CommandError(floods[0])
    wanted = yes or (not as_json and sys.stdin.isatty() and sys.stdout.isatty() and typer.confirm("Save?"))
    if not wanted:
        if as_json:
            show_json({"saved": False, **a_plan(made, found)})
        return False
    saved = pipeline.save(
        made.enterprise,
        given,
        by=the_operator(),
        desk=app.desk,
        wishes=wishes,
        add=add,
        shown=None if yes else made,
        expected={asked: foreseeing.expected(one, anyway) for asked, one in forecasts.items()},
    )
    write_starters(desk=app.desk)
    if as_json:
        numbers = {
            "started": [one.id for one in saved.started],
            "changed_subscriptions": [one.id for one in saved.changed],
            "ended": [one.id for one in saved.ended],
        }
        show_json({"saved": True, **a_plan(saved.plan, found), **numbers})
    else:
        started = ", ".join(str(one.id) for one in saved.started)
        say(f"Saved.{f' New subscriptions: {started}.' if started else ''}")
    return True


def _foreseen(one: Planned, made: Plan, app: App) -> tuple[Forecast, str]:
    """What a subscription of the list would have brought, and why it is refused if it is new or grows, or ""."""
    if one.before is not None and one.after is not None:
        found = foreseeing.difference(one.before, as_asked(one.after, desk=app.desk), app)
        return found.after, foreseeing.growing_flood(found, app)
    asked = as_asked(made.question(one, now=app.clock()), desk=app.desk)
    forecast = foreseeing.foreseen(asked, app)
    return forecast, foreseeing.flood(forecast, app)


def _older(products: tuple[Product, ...], app: App) -> list[str]:
    """A sentence for each code that HS 2022 has not; what is known to have taken its place is watched too."""
    current = load_hs((app.settings.config_folder or configuration.SHIPPED) / "reference")
    said = {}
    for code in sorted({code for one in products for code in watched_codes(one)}):
        if sentence := older_code(code, current):
            after = " and ".join(successors(code))
            said[code] = (
                f"HS 2022 has no {code}: {after} took its place; that is watched too."
                if after
                else sentence.replace("; look up what took its place and ask for that as well", "; check the list")
            )
    return list(said.values())


@app.command(name="list")
def list_(
    enterprise: Annotated[str, typer.Option(help="Name of the enterprise; none: which have a list.")] = "",
    as_json: AsJson = False,
) -> None:
    """List an enterprise's products, or the enterprises that have a product list."""
    with the_app() as app:
        if not enterprise.strip():
            with app.storage.look() as tx:
                counts = tx.products.counts()
            if as_json:
                show_json([{"enterprise": name, "products": number} for name, number in counts.items()])
            else:
                show_table(("enterprise", "products"), list(counts.items()))
            return
        found = pipeline.listed(enterprise, desk=app.desk)
        if as_json:
            show_json([a_product(one) for one in found])
            return
        names, language = app.desk.names, app.settings.staff_language
        show_table(
            ("sku", "name", "codes", "markets", "standards", "certificates", "since"),
            [
                (
                    one.product.sku,
                    one.product.name,
                    ", ".join(one.product.codes),
                    ", ".join(sorted(names.markets.name(code, language) for code in one.product.markets)),
                    ", ".join(one.product.standards),
                    ", ".join(one.product.certificates),
                    when(one.since, app.settings.zone_info),
                )
                for one in found
            ],
        )


@app.command()
def show(
    sku: Annotated[str, typer.Argument(help="The product's number.")],
    enterprise: Enterprise,
    as_json: AsJson = False,
) -> None:
    """Show a product, what it was before, and the subscriptions that watch for it."""
    with the_app() as app:
        names, language = app.desk.names, app.settings.staff_language
        with app.storage.look() as tx:
            id_ = pipeline.known_enterprise(enterprise, tx)
            history = tx.products.history(id_, sku.strip())
            following = tx.subscriptions.some(tx.products.following(id_))
        if not history:
            pipeline.remove(enterprise, [sku], desk=app.desk)  # says what resembles it
        last = history[-1]
        codes = set(watched_codes(last.product))
        watching = [
            one
            for one in following.values()
            if last.gone_at is None and one.criteria.hs & codes and one.criteria.markets & last.product.markets
        ]
        if as_json:
            subscriptions = [shapes.a_subscription(one) for one in watching]
            show_json({"history": [a_product(one) for one in history], "subscriptions": subscriptions})
            return
        say(product_line(last.product, language, names.markets))
        for label, values in (("standards", last.product.standards), ("certificates", last.product.certificates)):
            if values:
                say(f"{label}: {', '.join(values)}")
        for one in watching:
            say(f"watched for by subscription {one.id} “{one.name}”")
        for stood in history:
            until = f" until {when(stood.gone_at, app.settings.zone_info)} ({stood.gone_why})" if stood.gone_at else ""
            line = product_line(stood.product, language, names.markets)
            say(f"  since {when(stood.since, app.settings.zone_info)}{until}: {line}")


@app.command()
def export(
    enterprise: Enterprise,
    to: Annotated[Path | None, typer.Option(help="Write to this file; default: standard output.")] = None,
    language: Annotated[str, typer.Option(help="Of the headers and markets: zh or en.")] = "zh",
) -> None:
    """Print an enterprise's products as CSV, which `tbtwatch products import` and spreadsheets read."""
    typed.a_language(language)
    with the_app() as app:
        found = [one.product for one in pipeline.listed(enterprise, desk=app.desk)]
        table = list(table_of(found, language, app.desk.names.markets, app.desk.names.choices))
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(table)
    if to is None:
        sys.stdout.write(written.getvalue())
        return
    try:
        # With the mark by which Excel knows UTF-8.
        to.write_bytes(b"\xef\xbb\xbf" + written.getvalue().encode())
    except OSError as error:
        raise CommandError(f"{to} cannot be written: {error.strerror}") from error
    say(f"{len(found)} products are in {to}.")


@app.command()
def remove(
    sku: Annotated[list[str], typer.Argument(help="The products' numbers.")],
    enterprise: Enterprise,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Take products off the list; subscriptions of which nothing is left end."""
    with the_app() as app:
        left, _ = pipeline.remove(enterprise, [one.strip() for one in sku], desk=app.desk)
        made = pipeline.plan(enterprise.strip(), left, desk=app.desk)
        saved = _finish(made, Wishes(), app, yes=yes, as_json=as_json, add=False, given=tuple(left))
    if not saved and not as_json:
        note("Nothing was saved. To save it, give the same command with --yes.")
