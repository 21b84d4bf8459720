"""`python -m tests.journeys.hostile [--real] [WORD]`: tables of what hostile publishers cost and of refused addresses.

`--real`: with the bounds of time of the service, not a twentieth of them.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.journeys.hostile.guarded import guard_table
from tests.journeys.hostile.meeting import HURRY, meet
from watcher.text import one_line


def main(arguments: list[str]) -> None:
    """Print both tables."""
    real = "--real" in arguments
    word = next((word for word in arguments if not word.startswith("-")), "")
    print("| publisher | seconds | parent MB | children MB | notices | the source's error | another source meanwhile |")
    print("| --- | ---: | ---: | ---: | ---: | --- | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        for attack, cost in meet(Path(folder), hurry=1.0 if real else HURRY, only=word):
            print(
                f"| {attack.name} | {cost['seconds']:.2f} | {max(0, cost['parent']) / 1e6:.1f} | "
                f"{cost['children'] / 1e6:.1f} | "
                f"{cost['notices']} | {one_line(cost['says'], 160)} | "
                f"{cost['healthy_notices']} notices in {cost['healthy']:.2f} s |",
                flush=True,
            )
    if not word:
        print()
        print("\n".join(asyncio.run(guard_table())))


if __name__ == "__main__":
    main(sys.argv[1:])
