"""Live through the quarter and print its diary."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import structlog

from tests.journeys.quarter.cast import FEW, FEW_DAYS
from tests.journeys.quarter.diary import balance_of, diary
from tests.journeys.quarter.story import the_story
from tests.journeys.quarter.world import World
from tests.mailbox import Mailbox


def main() -> int:
    """The command."""
    asked = argparse.ArgumentParser(prog="python -m tests.journeys.quarter", description=__doc__)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--days", type=int, default=None, help="92, or with --few 22")
    asked.add_argument("--few", action="store_true", help="the sources of the short test only")
    asked.add_argument("--only", nargs="*", default=[], help="these sources only")
    asked.add_argument("--brief", action="store_true", help="the balance without the tables")
    chosen = asked.parse_args()
    began = time.monotonic()
    days = chosen.days or (FEW_DAYS if chosen.few else 92)
    story = the_story(days=days, only=FEW if chosen.few else tuple(chosen.only))

    def progress(now: datetime) -> None:
        if now.hour == 0 and sys.stderr.isatty():
            print(f"\r{now:%Y-%m-%d} {time.monotonic() - began:5.0f} s", end="", file=sys.stderr)

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(prefix="quarter-", dir=memory) as folder, Mailbox() as mailbox:
        world = World(story, folder=Path(folder), seed=chosen.seed, mailbox=mailbox)
        asyncio.run(world.live(progress))
    balance = balance_of(world)
    print(diary(world, balance, brief=chosen.brief, seconds=time.monotonic() - began))
    return 1 if balance.faults else 0


if __name__ == "__main__":
    sys.exit(main())
