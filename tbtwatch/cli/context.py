"""What every command needs: the service assembled, and an error that is a sentence."""

from __future__ import annotations

import getpass
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from typer._click.globals import get_current_context  # as in `main`

from tbtwatch.bootstrap import App, assemble, system_clock
from tbtwatch.cli.output import note
from tbtwatch.settings import Settings, load_settings
from tbtwatch.storage.storage import is_there, shown_url


class CommandError(Exception):
    """The command cannot be carried out as it was given; the sentence says what to write instead."""


class NoDatabaseError(Exception):
    """A command that only reads was asked where nothing is; the sentence says what to do."""


#: Commands that only read. Whoever mistypes the database's address is not shown an empty one.
READING = frozenset(
    {
        "status",
        "measures",
        "measure",
        "subscriptions",
        "why",
        "deliveries",
        "export",
        "chat-code",
        "unsubscribe",
        "proof",
    }
    | {"products list", "products show", "products export", "products remove"}
    | {"deliveries again", "deliveries cancel"}
    | {"ageing", "address list", "enterprise export"}
    | {
        "ageing",
        "address list",
        "enterprise export",
        "enterprise list",
        "contact list",
        "contact show",
        "association report",
    }
    | {"handled", "remind", "feed new", "feed list", "feed revoke", "token list", "token revoke"}
    | {"person list", "person role", "person disable"}
    | {"sources", "sources list", "sources show", "sources held", "sources entry"}
    | {"rules list", "rules show", "rules diff", "rules try", "rules export", "rules overrides"}
    | {"rules reports", "rules report", "rules evaluation", "rules suggest", "rules queue"}
)
MAKING = frozenset({"init"})  #: what it says is said of a new database anyway


def _command() -> str:
    """The words of the command that is carried out: "rules list"; "" outside of one."""
    context = get_current_context(silent=True)
    return context.command_path.partition(" ")[2] if context else ""


@contextmanager
def the_app(settings: Settings | None = None) -> Iterator[App]:
    """The service. Where there is no database a command that writes makes one, with its rules, and says so."""
    settings = settings or load_settings()
    set_up_logging(settings)
    command = _command()
    is_new = command not in MAKING and not is_there(settings.database_url)
    where = shown_url(settings.database_url) if is_new else ""
    if is_new and command in READING:
        raise NoDatabaseError(
            f"there is no database at {where}; `tbtwatch init` makes one, or check TBTWATCH_DATABASE_URL"
        )
    app = assemble(settings, clock=system_clock)
    if is_new:
        note(f"A new database was made at {where}.")
    try:
        yield app
    finally:
        app.storage.close()


def set_up_logging(settings: Settings) -> None:
    """Log lines go to standard error; commands are quiet unless something is wrong."""
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVEL["now"]),
        # Looked up for each line: standard error may have been replaced since.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # The libraries log whole addresses at INFO, and the Bot API's address holds the token.
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, force=True)
    for noisy in QUIET_LOGGERS:
        logging.getLogger(noisy).setLevel(logging.ERROR)


LEVEL = {"now": logging.WARNING}
QUIET_LOGGERS = ("httpx", "httpcore", "apscheduler", "telegram", "aiosmtplib", "alembic", "uvicorn")


def the_operator() -> str:
    """The name somebody is logged in by; a container may have none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def a_day(text: str, *, today: date) -> date:
    """A day as people give it: 2026-03-01, or 30d for thirty days ago."""
    text = text.strip()
    if text[-1:] in "dD" and text[:-1].isdecimal():
        return today - timedelta(days=min(int(text[:-1]), 100_000))
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is no day; write 2026-03-01, or 30d for the last thirty days") from error


def today(app: App) -> date:
    """Today where the operator is."""
    now: datetime = app.clock()
    return now.astimezone(app.settings.zone_info).date()
