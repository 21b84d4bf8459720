"""tbtwatch as its service is assembled, without the command line around it: settings from the environment.

    service_side.py

A poll of every source, the alerts owed for it and, if told to mail, the delivery of what is due, in one process. What
a first poll finds and nobody is told of is classified afterwards, as in the service; that is not part of the poll.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

import structlog

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.peers.obeying import obey
from tbtwatch.bootstrap import assemble
from tbtwatch.settings import load_settings


def main() -> None:
    """Open, then poll when told."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    app = assemble(load_settings())

    async def work(mails: bool) -> None:
        async with app.fetcher() as fetcher:
            await app.poll(list(app.sources), fetcher, by_hand=True, classify_later=True)
        if mails:
            await app.deliver()
            for notifier in app.notifiers.values():
                await notifier.close()

    obey(lambda mails: asyncio.run(work(mails)))
    asyncio.run(app.close())


if __name__ == "__main__":
    main()
