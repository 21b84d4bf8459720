"""A process that delivers until it is killed: `python -m tests.journeys.sender DATABASE_URL SMTP_PORT FOLDER`."""

from __future__ import annotations

import asyncio
import logging
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import structlog

from notifiers.channels.email import EmailConfig, EmailNotifier
from tbtwatch.pipeline.deliver import deliver_due
from tbtwatch.pipeline.receipts import Receipts
from tbtwatch.storage import DATABASE_TROUBLE, open_storage

LEASE = timedelta(seconds=1)


async def send_for_ever(url: str, port: int, folder: Path) -> None:
    """Send what is due, look again, and so on; a database that does not answer is asked again, as the service does."""
    # Nobody reads what this process prints: it would stand still when the pipe is full.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    storage, receipts = open_storage(url), Receipts(folder)
    notifier = EmailNotifier(EmailConfig(host="127.0.0.1", port=port, tls="none", sender="alerts@example.org"))
    print("ready", flush=True)
    while True:
        try:
            await deliver_due(
                storage=storage,
                notifiers={"email": notifier},
                clock=lambda: datetime.now(UTC),
                chance=Random(),
                lease=LEASE,
                receipts=receipts,
            )
        except DATABASE_TROUBLE as trouble:
            print(trouble, file=sys.stderr)
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    asyncio.run(send_for_ever(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
