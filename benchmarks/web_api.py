"""How long a program waits for the API over a large history, alone and with 200 readers at once.

    .venv/bin/python benchmarks/web_api.py --measures 5000
    .venv/bin/python benchmarks/web_api.py --measures 100000 --keep /tmp/pages     (the database of web_pages.py)

Asks over real HTTP, from a server in a process of its own, each sort of address with other words each time; one in
three readers shows a token. Prints a table, then one line of JSON. Exit code 1 if one answer is not 200.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # found from wherever this is started

import httpx

from benchmarks.web_crowd import crowd, first_answer, served
from benchmarks.web_pages import NOW, World, kept
from subscriptions.criteria import Address, Criteria, Frequency
from tbtwatch.bootstrap import assemble
from tbtwatch.pipeline.subscribe import start
from tbtwatch.pipeline.tokens import Scope, make_token
from tbtwatch.settings import Settings
from tbtwatch.web.app import make_app
from tbtwatch.web.server import listen, serve
from tbtwatch.web.terms import Terms

ENTERPRISE = "Benchmark Trading"


def server(url: str, port: int) -> None:
    """Serve until killed, with limits that nobody meets."""
    app = assemble(Settings(database_url=url), clock=lambda: NOW)
    terms = Terms(per_minute=1_000_000, public_per_minute=1_000_000)
    asyncio.run(serve(make_app(app.desk, terms=terms), listen("127.0.0.1", port), asyncio.Event()))


def a_token(url: str) -> str:
    """A token of an enterprise with a subscription."""
    desk = assemble(Settings(database_url=url), clock=lambda: NOW).desk
    start(
        enterprise=ENTERPRISE,
        name="batteries",
        criteria=Criteria(hs=frozenset({"85"})),
        frequency=Frequency.DAILY,
        language="en",
        addresses=(Address(channel="file", target="benchmark"),),
        desk=desk,
    )
    return make_token(name="benchmark", scopes=Scope, enterprise=ENTERPRISE, days=2, by="benchmark", desk=desk)[1]


def addresses(world: World, symbols: list[str], measures: int) -> dict[str, list[str]]:
    """By sort, what is asked for."""
    questions = world.questions()

    def query(**more: str) -> str:
        asked = {name: value for name, value in next(questions).items() if name not in ("page", "sort")}
        if "open" in asked:
            asked["open"] = "true"
        return urlencode({**asked, **more})

    some = [world.chance.randint(1, measures) for _ in range(100)]
    return {
        "list": [f"measures?{query()}" for _ in range(150)],
        "list of 100": [f"measures?{query(limit='100', sort='recorded')}" for _ in range(50)],
        "search": [f"search?{query()}" for _ in range(150)],
        "by symbol": [f"measures/by-symbol?{urlencode({'symbol': symbol})}" for symbol in symbols[:100]],
        "measure": [f"measures/{number}" for number in some],
        "timeline": [f"measures/{number}/timeline" for number in some],
        "evidence": [f"measures/{number}/evidence" for number in some],
        "sources": ["sources"] * 20,
        "subscriptions": ["subscriptions"] * 40,
        "why": [f"subscriptions/1/why?{urlencode({'symbol': symbol})}" for symbol in symbols[:40]],
    }


def measured(asked: argparse.Namespace, folder: Path) -> int:
    """Make what is missing, serve, ask, print."""
    file, symbols = kept(folder, asked.measures, asked.seed)
    url = f"sqlite:///{file}"
    shown = {"Authorization": f"Bearer {a_token(url)}"}
    port = 28_000 + os.getpid() % 10_000
    base = f"http://127.0.0.1:{port}/api/v1/"
    found: dict[str, dict[str, float]] = {}
    with served(__file__, url, port) as serving:
        with httpx.Client(base_url=base, timeout=300, trust_env=False) as client:
            first_answer(client, serving, "measures")
            client.headers.update(shown)
            for sort, paths in addresses(World(asked.seed + 1), symbols, asked.measures).items():
                times, failed = [], 0
                for path in paths:
                    began = time.perf_counter()
                    failed += client.get(path).status_code != 200
                    times.append((time.perf_counter() - began) * 1000)
                found[sort] = {
                    "asked": len(times),
                    "p50_ms": _at(times, 0.5),
                    "p95_ms": _at(times, 0.95),
                    "failed": failed,
                }
        every = [path for paths in addresses(World(asked.seed + 2), symbols, asked.measures).values() for path in paths]
        random.Random(asked.seed).shuffle(every)

        def headers(number: int, path: str) -> dict[str, str]:
            return shown if path.startswith("subscriptions") or number % 3 == 0 else {}

        seconds, failures, waited = asyncio.run(crowd(base, every, asked.readers, each=5, good=(200,), headers=headers))
    waits = [one * 1000 for one in waited]
    columns = ("asked", "p50_ms", "p95_ms", "failed")
    print(f"{'address':15}" + "".join(f"{name:>9}" for name in columns))
    for sort, one in found.items():
        print(f"{sort:15}" + "".join(f"{one[name]:>9,}" for name in columns))
    rate = len(waits) / seconds
    print(
        f"{asked.readers} readers at once, 5 questions each: {rate:.0f} answers a second, "
        f"p50 {_at(waits, 0.5):.0f} ms, p95 {_at(waits, 0.95):.0f} ms, {failures} failed"
    )
    line = {"benchmark": "web_api", "measures": asked.measures, "addresses": found, "readers": asked.readers}
    print(json.dumps({**line, "answers_per_s": round(rate, 1), "p95_ms": _at(waits, 0.95), "failed": failures}))
    return 1 if failures or any(one["failed"] for one in found.values()) else 0


def _at(times: list[float], share: float) -> float:
    return round(sorted(times)[min(len(times) - 1, int(len(times) * share))], 1)


def main() -> int:
    """Read the command and carry it out."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    options.add_argument("--measures", type=int, default=5000)
    options.add_argument("--readers", type=int, default=200)
    options.add_argument("--seed", type=int, default=6)
    options.add_argument("--keep", type=Path, help="a folder for the database; made only if it is not there yet")
    options.add_argument("--serve", nargs=2, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.serve:
        server(asked.serve[0], int(asked.serve[1]))
        return 0
    with tempfile.TemporaryDirectory(prefix="tbtwatch-api-") as temporary:
        return measured(asked, Path(asked.keep or temporary))


if __name__ == "__main__":
    sys.exit(main())
