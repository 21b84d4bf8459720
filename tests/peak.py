"""How much memory a piece of work needs at most, measured in a process of its own: what stood in another is not seen.

`python -m tests.peak fetch REQUEST [FILE]` fetches a `Request` given as JSON, after a small one to `warm`;
`python -m tests.peak tbtwatch ARGUMENT…` runs that command. The last line on standard output is JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

STATUS = Path("/proc/self/status")


def peak() -> int:
    """The most octets of memory that this process has ever held.

    Not `ru_maxrss` where there is better: on Linux a child begins with that of the process that started it.
    """
    if STATUS.exists():
        for line in STATUS.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def run_measured(*arguments: str, folder: Path | None = None) -> dict[str, Any]:
    """Run this module in a process of its own; what it prints last."""
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "tests.peak", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=folder or root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


async def _fetched(wanted: dict[str, Any], place: Path | None) -> dict[str, Any]:
    from watcher.fetch import Fetcher, FetchError
    from watcher.fetch.addresses import AllowList
    from watcher.source import Request

    warm = Request(url=wanted.pop("warm"))
    async with Fetcher(
        allow=AllowList.parse("127.0.0.1"), agent="tbtwatch/0.1 (+mailto:a@b.org)", clock=lambda: datetime.now(UTC)
    ) as fetcher:
        await fetcher.fetch(warm)
        before = peak()
        try:
            document = await fetcher.fetch(Request(**wanted), into=place)
            size = document.file.stat().st_size if document.file else len(document.body)
            ended: dict[str, Any] = {"size": size}
        except FetchError as error:
            ended = {"reason": error.reason, "sentence": str(error)}
        return {**ended, "grown": peak() - before}


def main(work: str, *arguments: str) -> None:
    """See the module."""
    if work == "fetch":
        place = Path(arguments[1]) if len(arguments) > 1 else None
        print(json.dumps(asyncio.run(_fetched(json.loads(arguments[0]), place))))
        return
    from tbtwatch.cli.main import run

    code = run(list(arguments))
    print(json.dumps({"code": code, "peak": peak()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
