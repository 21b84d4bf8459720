"""What every command needs: the service assembled, and an error that is a sentence."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import structlog

from tbtwatch.bootstrap import App, assemble, system_clock
from tbtwatch.settings import Settings, load_settings


class CommandError(Exception):
    """The command cannot be carried out as it was given; the sentence says what to write instead."""


@contextmanager
def the_app(settings: Settings | None = None) -> Iterator[App]:
    """The service; a new database is made and its rules installed."""
    settings = settings or load_settings()
    set_up_logging(settings)
    app = assemble(settings, clock=system_clock)
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
QUIET_LOGGERS = ("httpx", "httpcore", "apscheduler", "telegram", "aiosmtplib", "alembic")


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
