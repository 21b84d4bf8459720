"""How long exporters and staff wait for their own pages, over a large history and very many subscriptions.

    .venv/bin/python benchmarks/own_pages.py --measures 5000 --subscriptions 5000
    .venv/bin/python benchmarks/own_pages.py --measures 100000 --subscriptions 100000 --keep /tmp/pages

The history of `web_pages.py`, the subscriptions of `feed_to_mail.py`, as many messages in every state, the shipped
rules; an exporter with twenty subscriptions, and somebody of the staff who may do everything. Each sort of page is
asked for one after the other over real HTTP from a server in a process of its own. Prints a table, then one line of
JSON. With `--pictures FOLDER` one page of each sort, of visitors' too, is then looked at in a browser, in two
languages, wide and light, narrow and dark: a picture of each, and what axe finds. Exit code 1 if a page fails, is
heavier than 100 kB, or has a fault.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # found from wherever this is started

import httpx
from lxml import html

from benchmarks.feed_to_mail import fill
from benchmarks.web_crowd import first_answer, served
from benchmarks.web_pages import GOODS, HEAVIEST, NOW, World, addresses, asked_for, kept, table
from benchmarks.workload import World as Subscribers
from notifiers.message import Message
from tbtwatch.bootstrap import App, assemble
from tbtwatch.cli.web import means_of
from tbtwatch.pipeline.sign_in import operators_link
from tbtwatch.pipeline.sign_in_rules import SignInRules
from tbtwatch.pipeline.staff_people import add_person
from tbtwatch.settings import Settings
from tbtwatch.storage import Storage
from tbtwatch.storage.owed import Owed
from tbtwatch.storage.people import Role
from tbtwatch.web.app import make_app
from tbtwatch.web.server import listen, serve
from tbtwatch.web.terms import Terms

EXPORTER, STAFF = "exporter@example.com", "staff@example.com"
OWN = 20
RULE = "toys-by-name"
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
_EVERYDAY = ("toys", "玩具", "lithium batteries", "电池", "food", "食品", "果冻", "tyres", "化妆品", "chairs")


def assembled(file: Path) -> App:
    """The service, on the day of the history."""
    return assemble(Settings(database_url=f"sqlite:///{file}"), clock=lambda: NOW)


def server(file: Path, port: int) -> None:
    """Serve the pages until killed, with limits that nobody meets."""
    app = assembled(file)
    terms = Terms(per_minute=1_000_000, public_per_minute=1_000_000)
    made = make_app(app.desk, terms=terms, means=means_of(app))
    made.state.warm()
    asyncio.run(serve(made, listen("127.0.0.1", port), asyncio.Event()))


def write_messages(storage: Storage, count: int, measures: int) -> None:
    """Messages in every state, as many as there are subscriptions."""
    for start in range(1, count + 1, 1000):
        several = [
            Owed(
                key=f"made:{number}",
                kind="alert",
                channel="email",
                target=f"reader{number}@example.com",
                message=Message(
                    recipient=f"reader{number}@example.com",
                    subject=f"Kenya: {GOODS[number % len(GOODS)]} ({number})",
                    text=f"The draft asks for a label on {GOODS[number % len(GOODS)]}.\n" * 12,
                ),
                alerts=(),
                measure_id=1 + number % measures,
            )
            for number in range(start, min(start + 1000, count + 1))
        ]
        with storage.begin() as tx:
            tx.outbox.add_all(several, now=NOW)
    states = "CASE WHEN id % 50 = 0 THEN 'refused' WHEN id % 20 = 0 THEN 'pending' ELSE 'sent' END"
    with storage.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE delivery SET state = {states}")


def enter(client: httpx.Client, file: Path, email: str) -> None:
    """Sign somebody in."""
    desk = assembled(file).desk
    desk = replace(desk, sign_in=SignInRules(base="http://127.0.0.1"))
    if email == STAFF:
        add_person(email, roles=[Role.ADMIN], name="", language="en", by="benchmark", desk=desk)
    link, _ = operators_link(email, by="benchmark", language="en", desk=desk)
    answer = client.post(urlsplit(link).path)
    if answer.status_code != 303:
        raise SystemExit(f"{email} could not sign in: {answer.status_code}")


def token(client: httpx.Client, page: str) -> str:
    """Of the forms on a page."""
    found = _CSRF.search(client.get(page).text)
    if found is None:
        raise SystemExit(f"{page} has no form")
    return found[1]


def subscribe(client: httpx.Client, chance: random.Random) -> None:
    """An exporter's own subscriptions, made by the page."""
    csrf = token(client, "/en/mine/new")
    for number in range(OWN):
        wanted = {
            "hs": str(chance.choice((8507, 9503, 2202, 4011, 3304))),
            "market": chance.choice(("KEN", "BRA", "IND")),
            "often": "weekly",
            "lang": "en",
            "firm": "Benchmark Trading",
            "name": f"goods {number}",
            "csrf": csrf,
        }
        answer = client.post("/en/mine/new", data=wanted)
        if answer.status_code != 303:
            raise SystemExit(f"no subscription was made: {answer.status_code}")


def exporters_pages(chance: random.Random, symbols: list[str], own: list[int]) -> dict[str, list[str]]:
    """By the sort of page, what an exporter asks for."""
    tongue = ("zh", "en")
    some = [(number, tongue[number % 2]) for number in range(40)]
    wish = {"often": "immediate", "lang": "en"}
    return {
        "mine": [f"/{tongue}/mine" for _, tongue in some],
        "builder": [f"/{tongue}/mine/new?{urlencode({'find': chance.choice(_EVERYDAY)})}" for _, tongue in some],
        "builder, preview": [
            f"/{tongue}/mine/new?"
            + urlencode({"hs": f"{chance.randint(1, 97):02d}", "market": chance.choice(("KEN", "USA", "EU")), **wish})
            for _, tongue in some
        ],
        "subscription": [f"/{tongue}/mine/{own[number % len(own)]}" for number, tongue in some],
        "subscription, edit": [f"/{tongue}/mine/{own[number % len(own)]}/edit" for number, tongue in some],
        "why": [
            f"/{tongue}/mine/{own[number % len(own)]}/why?{urlencode({'symbol': chance.choice(symbols)})}"
            for number, tongue in some
        ],
        "products": [f"/{tongue}/mine/products" for _, tongue in some],
        "account": [f"/{tongue}/account" for _, tongue in some],
    }


def staffs_pages(chance: random.Random, symbols: list[str], subscriptions: int) -> dict[str, list[str]]:
    """By the sort of page, what the staff ask for."""
    tongue = ("zh", "en")
    some = [(chance.randint(1, subscriptions), tongue[turn % 2]) for turn in range(40)]
    return {
        "sources": [f"/{tongue}/staff/sources" for _, tongue in some],
        "deliveries": [f"/{tongue}/staff/deliveries" for _, tongue in some],
        "deliveries, found": [f"/{tongue}/staff/deliveries?address=reader{number}@" for number, tongue in some],
        "delivery": [f"/{tongue}/staff/deliveries/{number}" for number, tongue in some],
        "support": [
            f"/{tongue}/staff/support?"
            + urlencode({"enterprise": f"Enterprise {number}", "symbol": chance.choice(symbols)})
            for number, tongue in some
        ],
        "enterprises": [f"/{tongue}/staff/enterprises" for _, tongue in some],
        "enterprise": [f"/{tongue}/staff/enterprises/{number}" for number, tongue in some],
        "people": [f"/{tongue}/staff/people" for _, tongue in some],
        "audit": [f"/{tongue}/staff/audit" for _, tongue in some],
        "settings": [f"/{tongue}/staff/settings" for _, tongue in some],
        "rules": [f"/{tongue}/staff/rules" for _, tongue in some],
        "rule": [f"/{tongue}/staff/rules/v/1/r/{RULE}" for _, tongue in some],
        "rule, edit": [f"/{tongue}/staff/rules/v/1/r/{RULE}/edit" for _, tongue in some],
        "versions": [f"/{tongue}/staff/rules/versions" for _, tongue in some],
        "queue": [f"/{tongue}/staff/rules/queue" for _, tongue in some],
    }


def made(options: argparse.Namespace, folder: Path) -> tuple[Path, list[str]]:
    """The database, made if it is not there yet, and the symbols of some of its measures."""
    history, symbols = kept(folder, options.measures, options.seed)
    file = folder / f"own-{options.measures}-{options.subscriptions}.db"
    if not file.exists():
        making = file.with_suffix(".making")
        shutil.copyfile(history, making)
        app = assembled(making)
        app.rulebook.install(app.storage, now=NOW, by="benchmark", why="benchmark")
        fill(app.storage, Subscribers(options.seed).subscriptions(options.subscriptions))
        write_messages(app.storage, options.subscriptions, options.measures)
        asyncio.run(app.close())
        making.rename(file)
    return file, symbols


def measured(options: argparse.Namespace, folder: Path) -> int:
    """Make, serve, ask, print."""
    file, symbols = made(options, folder)
    port = 38_000 + os.getpid() % 10_000
    found: dict[str, dict[str, Any]] = {}
    chance = random.Random(options.seed)
    with served(__file__, str(file), port) as serving, _visitor(port) as exporter, _visitor(port) as staff:
        first = first_answer(exporter, serving, "/en/")
        enter(exporter, file, EXPORTER)
        enter(staff, file, STAFF)
        own = _own(exporter)
        if not own:
            subscribe(exporter, chance)
            own = _own(exporter)
        asked = (
            (exporter, exporters_pages(chance, symbols, own)),
            (staff, staffs_pages(chance, symbols, options.subscriptions)),
        )
        for client, sorts in asked:
            for sort, pages in sorts.items():
                found[sort] = asked_for(client, pages, serving.pid)
        address, form = _preview(staff, f"/en/staff/rules/v/1/r/{RULE}/edit")
        found["rule, preview"] = asked_for(staff, [address] * 20, serving.pid, form=form)
        if options.pictures:
            from benchmarks.page_pictures import pictures  # needs the browser of the tests

            for client, sorts in ((exporter, addresses(World(options.seed + 1), symbols)), *asked):
                for sort, faults in pictures(client, sorts, options.pictures).items():
                    found.setdefault(sort, {})["faults"] = faults
    print(f"{options.measures:,} measures, {options.subscriptions:,} subscriptions; first page {first:.1f} s")
    print(table({sort: one for sort, one in found.items() if "p50_ms" in one}))
    if options.pictures:
        print("faults by axe, in two languages, wide and narrow: " + _faults(found))
    line = {"benchmark": "own_pages", "measures": options.measures, "subscriptions": options.subscriptions}
    print(json.dumps({**line, "pages": found}))
    bad = any(one.get("failed") or one.get("heaviest", 0) > HEAVIEST or one.get("faults") for one in found.values())
    return 1 if bad else 0


def _faults(found: dict[str, dict[str, Any]]) -> str:
    return ", ".join(f"{sort} {one['faults']}" for sort, one in found.items() if "faults" in one)


def _visitor(port: int) -> httpx.Client:
    headers = {"sec-fetch-site": "same-origin"}
    return httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=300, trust_env=False, headers=headers)


def _own(client: httpx.Client) -> list[int]:
    return sorted({int(found) for found in re.findall(r'href="/en/mine/(\d+)"', client.get("/en/mine").text)})


def _preview(client: httpx.Client, page: str) -> tuple[str, dict[str, list[str]]]:
    """Where the form of a rule is previewed, and what it sends, with a word more than the rule has."""
    tree = html.fromstring(client.get(page).text)
    (form,) = tree.xpath("//form[@id='written']")
    fields: dict[str, list[str]] = {}
    for name, value in form.form_values():
        fields.setdefault(name, []).append(f"{value}\nbattery" if name == "f.any.en" else value)
    return tree.xpath("string(//div[@id='preview']/@*[contains(name(), 'hx-post')])"), fields


def main() -> int:
    """Read what is asked, and do it."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    options.add_argument("--measures", type=int, default=5000)
    options.add_argument("--subscriptions", type=int, default=5000)
    options.add_argument("--seed", type=int, default=6)
    options.add_argument("--pictures", type=Path, help="a folder for a picture of each sort of page")
    options.add_argument("--keep", type=Path, help="a folder for the databases; made only if they are not there yet")
    options.add_argument("--serve", nargs=2, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.serve:
        server(Path(asked.serve[0]), int(asked.serve[1]))
        return 0
    with tempfile.TemporaryDirectory(prefix="tbtwatch-own-") as temporary:
        return measured(asked, Path(asked.keep or temporary))


if __name__ == "__main__":
    raise SystemExit(main())
