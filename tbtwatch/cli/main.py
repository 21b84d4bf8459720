"""The commands put together, and how a mistake ends: one sentence on standard error, exit code 2."""

from __future__ import annotations

import sys

import typer
from sqlalchemy.exc import DBAPIError
from typer._click import exceptions as click  # typer carries its own click and names no other way to its errors

from rules.ruleset import RuleError
from subscriptions.product_list import ProductListError
from subscriptions.rhythm import RhythmError
from subscriptions.validation import CriteriaError
from subscriptions.ways import WaysError
from tbtwatch import __version__
from tbtwatch.cli import (
    addresses,
    associations,
    contacts,
    deliveries,
    digest,
    feeds,
    interchange,
    keeping,
    measures,
    people,
    polling,
    products,
    proof,
    reminders,
    rules,
    service,
    sources,
    subscription,
    subscriptions,
    terms,
    tokens,
    web,
    why,
)
from tbtwatch.cli.context import CommandError, NoDatabaseError
from tbtwatch.cli.output import note
from tbtwatch.configuration import ConfigurationError
from tbtwatch.pipeline.associations import AssociationError
from tbtwatch.pipeline.change import ChangeError
from tbtwatch.pipeline.contacts import ContactError
from tbtwatch.pipeline.products import ListChangeError
from tbtwatch.pipeline.snooze import PauseError
from tbtwatch.pipeline.staff_people import PersonError
from tbtwatch.pipeline.tokens import TokenError
from tbtwatch.reference import ReferenceTableError
from tbtwatch.settings import SettingsError
from tbtwatch.storage import StorageError
from tbtwatch.storage.engine import is_disk_trouble, trouble
from watcher.codes import CodeError
from watcher.markets import MarketError
from watcher.sources import SourceConfigError

WRONG = 2

app = typer.Typer(
    name="tbtwatch",
    help="Tells an exporter, in time, that a foreign market is changing a technical rule for their product.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
PARTS = (
    *(service, polling, interchange, measures, subscriptions, terms),
    *(why, reminders, deliveries, proof, keeping, web, people),
)
for part in PARTS:
    part.register(app)
app.add_typer(addresses.app, name="address")
app.add_typer(associations.app, name="association")
app.add_typer(contacts.app, name="contact")
app.add_typer(people.app, name="person")
app.add_typer(keeping.enterprise, name="enterprise")
app.add_typer(feeds.app, name="feed")
app.add_typer(subscription.app, name="subscription")
app.add_typer(digest.app, name="digest")
app.add_typer(products.app, name="products")
app.add_typer(rules.app, name="rules")
app.add_typer(sources.app, name="sources")
app.add_typer(tokens.app, name="token")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"tbtwatch {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    """Tells an exporter, in time, that a foreign market is changing a technical rule for their product."""


def run(arguments: list[str] | None = None) -> int:
    """Carry a command out; the exit code. 0: done. 1: an attempt failed. 2: the command or a setting is wrong."""
    command = typer.main.get_command(app)
    try:
        code = command.main(args=arguments, prog_name="tbtwatch", standalone_mode=False)
    except click.NoArgsIsHelpError as asked:
        note(asked.format_message())
        return WRONG
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "tbtwatch"
        note(f"{error.format_message()} See `{where} --help`.")
        return WRONG
    except click.ClickException as error:
        note(error.format_message())
        return WRONG
    except (
        AssociationError,
        ChangeError,
        CommandError,
        ConfigurationError,
        ContactError,
        CriteriaError,
        ListChangeError,
        LookupError,
        MarketError,
        CodeError,
        PauseError,
        PersonError,
        ProductListError,
        RhythmError,
        WaysError,
        ReferenceTableError,
        RuleError,
        SettingsError,
        SourceConfigError,
        StorageError,
        TokenError,
    ) as error:
        if isinstance(error, (KeyError, IndexError)):
            raise  # a fault of ours, not a thing that is not there
        note(str(error.args[0]) if error.args else str(error))
        return WRONG
    except NoDatabaseError as error:
        note(str(error))
        return 1
    except DBAPIError as error:
        if is_disk_trouble(error):
            note(
                f"The disk of the database is full or broken ({trouble(error)}). What was written is kept; make room "
                "or mend it, and try again."
            )
            return 1
        note(
            f"The database could not be used: {trouble(error)}. What was written is kept; "
            "make room or mend it, and try again."
        )
        return 1
    except (KeyboardInterrupt, typer.Abort):
        note("Stopped.")
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    return code if isinstance(code, int) else 0
