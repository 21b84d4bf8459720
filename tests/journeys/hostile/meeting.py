"""Meet all hostile publishers: a real server on loopback, and the reading process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tests.journeys.hostile.publishers import SECRET, Attack, attacks, feed, item
from tests.servers import Reply, ScriptedServer, scripted_server

_ROOT: Final = Path(__file__).parents[3]
#: How much faster than life publishers drip, and are given up.
HURRY: Final = 20.0


def meet(folder: Path, *, hurry: float = HURRY, only: str = "") -> Iterator[tuple[Attack, dict[str, Any]]]:
    """Each publisher, and what it cost. `folder` gets the file that must not be read."""
    secret = folder / "secret.xml"
    secret.write_bytes(feed(item(1, SECRET)))
    with scripted_server() as server:
        fifth_column = server.on("/fifth-column", Reply(body=SECRET.encode()))
        met = [
            attack
            for attack in attacks(secret=secret, fifth_column=fifth_column, drip=0.5 / hurry)
            if only in attack.name
        ]
        polls = [(attack.name, _settings(server, number, attack)) for number, attack in enumerate(met)]
        healthy = {"kind": "feed", "name": "healthy", "issuer": "XX", "url": server.on("/healthy", Reply(body=_WELL))}
        yield from zip(met, _costs({"polls": polls, "healthy": healthy, "hurry": hurry}), strict=True)
        assert "/fifth-column" not in server.paths(), "a document made the service ask for another"


_WELL: Final = feed(*map(item, range(20)))


def _settings(server: ScriptedServer, number: int, attack: Attack) -> dict[str, Any]:
    url = server.on(f"/{number}", attack.reply)
    return {"name": f"publisher-{number}", "issuer": "XX", "market": "KEN", "url": url, **attack.settings}


def _costs(work: dict[str, Any]) -> Iterator[dict[str, Any]]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.hostile.reading"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        json.dump(work, process.stdin)
        process.stdin.close()
        for line in process.stdout:
            yield json.loads(line)
    assert process.returncode == 0
