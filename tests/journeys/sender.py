"""A process that delivers until it is killed: `python -m tests.journeys.sender DATABASE_URL SMTP_PORT`."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from random import Random

from notifiers.channels import KINDS
from tbtwatch.pipeline.deliver import deliver_due
from tbtwatch.storage import open_storage

LEASE = timedelta(seconds=1)


async def send_for_ever(url: str, port: int) -> None:
    """Send what is due, look again, and so on."""
    storage = open_storage(url)
    kind = KINDS["email"]
    notifier = kind(kind.Config(host="127.0.0.1", port=port, tls="none", sender="alerts@example.org"))  # type: ignore[call-arg,attr-defined]
    print("ready", flush=True)
    while True:
        await deliver_due(
            storage=storage,
            notifiers={"email": notifier},  # type: ignore[dict-item]
            clock=lambda: datetime.now(UTC),
            chance=Random(),
            lease=LEASE,
        )
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    asyncio.run(send_for_ever(sys.argv[1], int(sys.argv[2])))
