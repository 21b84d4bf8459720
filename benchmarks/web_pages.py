"""How long a visitor waits, and how heavy a page is, over a large history.

    .venv/bin/python benchmarks/web_pages.py --measures 5000
    .venv/bin/python benchmarks/web_pages.py --measures 100000 --keep /tmp/pages     (some ten minutes, most to make it)

A database is made from a seed: measures of Zipf-like markets, headings, areas and words, in English and Chinese, of
sentences of our own, one in five with an addendum. Then the pages are asked for over real HTTP, as a browser does, from
a server in a process of its own: each sort of page many times, with other words and filters each time, so that nothing
that was kept from before helps; then by 200 visitors at once. Prints a table, then one line of JSON. Exit code 1 if a
page fails, or is heavier than 100 kB.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # found from wherever this is started

import httpx

from benchmarks.web_crowd import crowd, first_answer, served
from benchmarks.workload import HAN, MEMBERS, Zipf
from rules.classification import AreaFound, Classification, Evidence, Facet, Finding, Grade
from tbtwatch.bootstrap import assemble
from tbtwatch.settings import Settings
from tbtwatch.storage import Storage, open_storage
from tbtwatch.storage.newcomers import Newcomer
from tbtwatch.web.app import make_app
from tbtwatch.web.server import listen, serve
from watcher.dates import DateFact, DateQuality
from watcher.measure import Measure
from watcher.notice import Notice
from watcher.revise import gathered, history

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TODAY = NOW.date()
HEAVIEST = 100_000
GOOD = (200, 404)  # some measures that are asked for are not there
CHUNK = 1000
_AREAS = (
    "toys batteries food beverages cosmetics vehicles tyres lighting furniture footwear machinery packaging paper "
    "chemicals pharmaceuticals medical-devices it-and-radio household-appliances textiles-and-clothing pesticides"
)
AREAS = _AREAS.split()
KINDS = ("labelling", "test-method", "quality-specification", "energy-efficiency", "technical-regulation")
_GOODS = (
    "lithium batteries;toy cars;jelly drinks;face creams;summer tyres;table lamps;office chairs;leather boots;"
    "drilling machines;paper cups;solvents;pain killers;infusion pumps;radio sets;refrigerators;cotton shirts;"
    "weed killers;milk powder;olive oil;wooden boards;water heaters;bicycle helmets;gas stoves;glass bottles"
)
GOODS = _GOODS.split(";")
VERBS = ("lays down requirements for", "sets limits for harmful substances in", "prescribes test methods for",
         "asks for a label on", "introduces conformity assessment of", "amends the rules for")  # fmt: skip
_SYLLABLES = [consonant + vowel for consonant in "bcdfghjklmnprstvwz" for vowel in "aeiou"]


class World:
    """What the history is drawn from."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.words = [
            "".join(self.chance.choices(_SYLLABLES, k=self.chance.choice((2, 3, 3, 4)))) for _ in range(20_000)
        ]
        self.member, self.word = Zipf(self.chance, len(MEMBERS), 1.0), Zipf(self.chance, len(self.words), 1.05)
        self.heading = Zipf(self.chance, 1200, 0.8)
        self.headings = [f"{self.chance.randint(1, 97):02d}{self.chance.randint(1, 30):02d}" for _ in range(1200)]

    def measure(self, number: int) -> tuple[Measure, Classification]:
        """One of them."""
        chance = self.chance
        member = self.member.of(MEMBERS)
        goods, verb = chance.choice(GOODS), chance.choice(VERBS)
        drawn = [self.word.of(self.words) for _ in range(chance.randint(60, 160))]
        start = chance.randrange(len(HAN) - 12)
        chinese = HAN[start : start + 12] if chance.random() < 0.3 else ""
        heading = self.heading.of(self.headings)
        day = TODAY - timedelta(days=int(4000 * chance.random() ** 1.5))
        notice = Notice(
            issuer="WTO",
            symbols=(f"G/TBT/N/{member}/{number}",),
            notifying_members=(member,),
            title=f"Draft regulation: {goods} ({' '.join(drawn[:3])}) {chinese}".strip(),
            content_summary=f"The draft {verb} {goods}. " + " ".join(drawn) + chinese,
            products_covered=goods,
            hs_codes=(heading, *((heading + "10",) if chance.random() < 0.5 else ())),
            ics_codes=(f"{chance.randint(10, 97)}.{chance.randint(20, 240):03d}",),
            objectives=("human_health",),
            distribution_date=day,
            comment_deadline=_stated(day + timedelta(days=60)),
            proposed_adoption=_stated(day + timedelta(days=120)),
            proposed_entry_into_force=_stated(day + timedelta(days=300)),
            links=(f"https://documents.example/{number}.pdf",),
        )
        notices = [notice]
        if chance.random() < 0.2:
            notices.append(
                Notice(
                    issuer="WTO",
                    symbols=(f"{notice.symbols[0]}/Add.1",),
                    type=notice.type.ADDENDUM,
                    notifying_members=(member,),
                    content_summary=f"The comment period is extended. {' '.join(drawn[:20])}",
                    distribution_date=min(TODAY, day + timedelta(days=30)),
                    comment_deadline=_stated(day + timedelta(days=90)),
                )
            )
        evidence = (Evidence(rule="by-name", field="title", quotes=(goods,), grade=Grade.DIRECT),)
        areas = sorted(set(chance.choices(AREAS, k=chance.randint(1, 3))))
        return gathered(notices), Classification(
            areas=tuple(AreaFound(area=area, grade=Grade.DIRECT, evidence=evidence) for area in areas),
            findings=tuple(
                Finding(facet=facet, value=value, grade=Grade.DIRECT, evidence=evidence)
                for facet, value in ((Facet.KIND, chance.choice(KINDS)), (Facet.STAGE, "draft"))
            ),
            ruleset_version=10_000,
            engine=10_000,
        )

    def questions(self) -> Iterator[dict[str, str]]:
        """What visitors ask."""
        chance = self.chance
        while True:
            asked: dict[str, str] = {}
            match chance.randrange(6):
                case 0:
                    asked["q"] = chance.choice(GOODS)
                case 1:
                    start = chance.randrange(len(HAN) - 4)
                    asked["q"] = HAN[start : start + chance.choice((2, 3, 4))]
                case 2:
                    asked["q"] = f"{self.word.of(self.words)} {chance.choice(GOODS).split()[0]}"
                case 3:
                    asked["q"] = "requirements " + self.words[chance.randrange(3000)]
                case 4:
                    asked["q"] = f'"draft {chance.choice(VERBS)}" -{chance.choice(GOODS).split()[0]}'
            if chance.random() < 0.4:
                asked["market"] = chance.choice(MEMBERS[:20])
            if chance.random() < 0.3:
                asked["area"] = chance.choice(AREAS)
            if chance.random() < 0.2:
                asked["hs"] = chance.choice(self.headings)[:2]
            if chance.random() < 0.3:
                asked["open"] = "1"
            if chance.random() < 0.3:
                asked["sort"] = chance.choice(("newest", "deadline"))
            if chance.random() < 0.2:
                asked["page"] = str(chance.randint(2, 40))
            yield asked


def _stated(day: date) -> DateFact:
    return DateFact(value=day, quality=DateQuality.STATED, wording=day.isoformat())


def make(storage: Storage, count: int, world: World) -> list[str]:
    """Write the history down; the symbols of some measures."""
    symbols: list[str] = []
    for start in range(1, count + 1, CHUNK):
        newcomers, later = [], []
        for number in range(start, min(start + CHUNK, count + 1)):
            measure, classification = world.measure(number)
            if number % max(1, count // 500) == 0:
                symbols.append(measure.threads[0])
            newcomers.append(
                Newcomer(
                    notice=measure.notices[0],
                    measure=measure,
                    classification=classification,
                    changes=history(measure.notices[:1]),
                    entry=str(number),
                    fingerprint=str(number),
                    silent=True,
                )
            )
            later.append(measure.notices[1:])
        with storage.begin() as tx:
            tx.one_at_a_time()
            numbers = tx.newcomers.add(newcomers, source="made", priority=50, now=NOW)
            for (_, measure_id), notices in zip(numbers, later, strict=True):
                for notice in notices:
                    tx.notices.save(notice, id=None, measure_id=measure_id, now=NOW)
        if sys.stderr.isatty():
            print(f"\r{start + CHUNK - 1:,} measures", end="", file=sys.stderr)
    return symbols


def kept(folder: Path, measures: int, seed: int) -> tuple[Path, list[str]]:
    """The database of a history in a folder, made if it is not there yet, and the symbols of some of its measures."""
    folder.mkdir(parents=True, exist_ok=True)
    file, listed = folder / f"pages-{measures}.db", folder / f"pages-{measures}.json"
    if not listed.exists():
        storage = open_storage(f"sqlite:///{file}")
        listed.write_text(json.dumps(make(storage, measures, World(seed))), encoding="utf-8")
        storage.close()
    return file, json.loads(listed.read_text(encoding="utf-8"))


def server(url: str, port: int) -> None:
    """Serve the pages until killed."""
    app = assemble(Settings(database_url=url), clock=lambda: NOW)
    asyncio.run(serve(make_app(app.desk), listen("127.0.0.1", port), asyncio.Event()))


def addresses(world: World, symbols: list[str]) -> dict[str, list[str]]:
    """By the sort of page, what is asked for."""
    questions = world.questions()
    language = ("zh", "en")
    months = [f"{year}-{month:02d}" for year in (2024, 2025, 2026) for month in range(1, 13)]
    return {
        "start": [f"/{language[n % 2]}/" for n in range(40)],
        "search": [f"/{language[n % 2]}/search?{urlencode(next(questions))}" for n in range(300)],
        "measure": [f"/{language[n % 2]}/m/{symbol}" for n, symbol in enumerate(symbols[:300])],
        "calendar": [f"/{language[n % 2]}/calendar?month={month}" for n, month in enumerate(months)],
        "coming": [f"/{language[n % 2]}/coming" for n in range(40)],
        "unknown": [f"/{language[n % 2]}/m/G/TBT/N/KEN/{900_000 + n}" for n in range(30)],
    }


def main() -> int:
    """Make, serve, ask, print."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    options.add_argument("--measures", type=int, default=5000)
    options.add_argument("--visitors", type=int, default=200)
    options.add_argument("--seed", type=int, default=6)
    options.add_argument("--keep", type=Path, help="a folder for the database; made only if it is not there yet")
    options.add_argument("--serve", nargs=2, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.serve:
        server(asked.serve[0], int(asked.serve[1]))
        return 0
    with tempfile.TemporaryDirectory(prefix="tbtwatch-pages-") as temporary:
        return _measured(asked, Path(asked.keep or temporary))


def _measured(asked: argparse.Namespace, folder: Path) -> int:
    began = time.perf_counter()
    file, symbols = kept(folder, asked.measures, asked.seed)
    made = time.perf_counter() - began
    port = 18_000 + os.getpid() % 10_000
    base = f"http://127.0.0.1:{port}"
    with served(__file__, f"sqlite:///{file}", port) as serving:
        with httpx.Client(base_url=base, timeout=300, trust_env=False) as client:
            first = first_answer(client, serving, "/en/")  # which reads what it keeps in memory
            found = {
                sort: asked_for(client, pages, serving.pid)
                for sort, pages in addresses(World(asked.seed + 1), symbols).items()
            }
        every = [page for pages in addresses(World(asked.seed + 2), symbols).values() for page in pages]
        random.Random(asked.seed).shuffle(every)
        seconds, failures, waits = asyncio.run(crowd(base, every, asked.visitors, each=2, good=GOOD))
    print(f"{asked.measures:,} measures, {file.stat().st_size / 1e6:.0f} MB; first page {first:.1f} s after the start")
    print(table(found))
    rate = asked.visitors * 2 / seconds
    print(f"{asked.visitors} visitors at once: {rate:.0f} pages a second, p95 {_p95(waits):.1f} s, {failures} failed")
    line = {"benchmark": "web_pages", "measures": asked.measures, "made_s": round(made, 1), "first_s": round(first, 2)}
    print(json.dumps({**line, "pages": found, "visitors": asked.visitors, "pages_per_s": rate, "failed": failures}))
    bad = failures or any(one["failed"] or one["heaviest"] > HEAVIEST for one in found.values())
    return 1 if bad else 0


def table(found: dict[str, dict[str, float]]) -> str:
    """A line for each sort of page."""
    columns = ("asked", "p50_ms", "p95_ms", "max_ms", "cpu_ms", "heaviest", "failed")
    wide = max(map(len, found)) + 2
    lines = [f"{sort:{wide}}" + "".join(f"{one[name]:>10,}" for name in columns) for sort, one in found.items()]
    return "\n".join((f"{'page':{wide}}" + "".join(f"{name:>10}" for name in columns), *lines))


def _worked(process: int) -> float:
    """Seconds of the processor that a process has had, where that can be read."""
    stat = Path(f"/proc/{process}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def asked_for(
    client: httpx.Client, pages: list[str], process: int, form: dict[str, list[str]] | None = None
) -> dict[str, float]:
    """Each page once, or a form sent to each, one after the other: waits, the processor's time of it, weight."""
    times, heaviest, failed = [], 0, 0
    worked = _worked(process)
    for page in pages:
        began = time.perf_counter()
        answer = client.get(page) if form is None else client.post(page, data=form)
        times.append((time.perf_counter() - began) * 1000)
        heaviest = max(heaviest, len(answer.content))
        failed += answer.status_code not in GOOD
    return {
        "asked": len(pages),
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(_p95(times), 1),
        "max_ms": round(max(times), 1),
        "cpu_ms": round((_worked(process) - worked) * 1000 / len(pages), 1),
        "heaviest": heaviest,
        "failed": failed,
    }


def _p95(values: list[float]) -> float:
    return sorted(values)[max(0, round(len(values) * 0.95) - 1)]


if __name__ == "__main__":
    sys.exit(main())
