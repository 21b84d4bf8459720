"""From the WTO's service to mailboxes, by the installed command, over real HTTP and SMTP.

Once with a few notifications of our own, once with the real ones beside the project. What ought to be sent is counted
here from the rows alone, by other means than the program's.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tbtwatch.demo.documents import Written
from tbtwatch.demo.publisher import KEY, Publisher
from tests.conftest import SHARED
from tests.journeys.installed import Installed
from tests.mailbox import Mailbox, Received

TOOL = SHARED / "tools" / "eping_server.py"
ROWS = SHARED / "data" / "wto" / "notifications.jsonl"
CUT = "2024-06-30"
SYMBOL = re.compile(r"G/TBT/N/\s?([A-Z]+)/\d+")
EAC = {"BDI", "COD", "KEN", "RWA", "SOM", "SSD", "TZA", "UGA"}
NORTH = {"CAN", "USA", "BRA"}


@contextmanager
def the_wto(rows: Path) -> Iterator[str]:
    """The stand-in of the WTO's service with these rows; its address."""
    server = subprocess.Popen(
        [sys.executable, TOOL, "--rows", rows, "--port", "0", "--key", "secret"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        yield server.stdout.readline().split()[-1]
    finally:
        server.kill()
        server.wait()
        if server.stdout is not None:
            server.stdout.close()


def control(address: str, **told: Any) -> None:
    """Tell the stand-in how to behave."""
    with urlopen(Request(f"{address}/_control", json.dumps(told).encode()), timeout=10):
        pass


def bases(row: dict[str, Any]) -> set[str]:
    """The notifications a row is about: its symbols without Add., Rev. and so on."""
    return {found.group().replace(" ", "") for symbol in row["symbols"] if (found := SYMBOL.match(symbol))}


def members(row: dict[str, Any]) -> set[str]:
    """Who notified it."""
    return {found.group(1) for symbol in row["symbols"] if (found := SYMBOL.match(symbol))}


def served(path: Path) -> list[dict[str, Any]]:
    """The TBT rows that the service lists."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        row["symbols"] = row.get("symbols") or list(filter(None, [row.get("symbol")]))
        row["day"] = (row.get("distribution_date") or "")[:10]
    return [row for row in rows if re.fullmatch(r"\d{4}-\d\d-\d\d", row["day"]) and row["symbols"]]


def named(mail: Received) -> frozenset[str]:
    """The notifications a mail names in its own facts, not in links."""
    text = re.sub(r"https?://\S+", "", mail.text)
    return frozenset(found.group().replace(" ", "") for found in SYMBOL.finditer(text))


def test_notifications_of_our_own_reach_who_asked(tmp_path: Path) -> None:
    """A joint notification of seven Members arrives once, an addendum with old and new, what does not fit never."""
    gulf = tuple(f"G/TBT/N/{code}/{n}" for n, code in enumerate(("ARE", "BHR", "KWT", "OMN", "QAT", "SAU", "YEM"), 41))
    old = Written(
        symbols=("G/TBT/N/KEN/90",),
        day=date(2026, 1, 5),
        title="Fruit juice",
        content="Requirements.",
        products="Juice",
        hs=("2009",),
        deadline=date(2026, 3, 6),
    )
    addendum = Written(
        symbols=("G/TBT/N/KEN/90/Add.1",),
        day=date(2026, 2, 2),
        title="",
        content="The comment period is extended until 20 April 2026.",
        type="Addendum",
    )
    joint = replace(old, symbols=gulf, day=date(2026, 2, 3), title="Drinks in bottles", hs=("2202",))
    toys = replace(
        old, symbols=("G/TBT/N/KEN/91",), day=date(2026, 2, 3), title="Dolls", products="Dolls", hs=("9503",)
    )
    with Publisher() as publisher, Mailbox() as mailbox:
        tbtwatch = Installed(
            tmp_path,
            {
                "eping_base_url": f"{publisher.address}/eping",
                "eping_workbook_url": f"{publisher.address}/Notification_EN.xlsx",
                "eping_key": KEY,
                "smtp_host": mailbox.host,
                "smtp_port": str(mailbox.port),
                "smtp_tls": "none",
                "mail_from": "alerts@example.org",
            },
        )
        publisher.items = publisher.workbook_items = old.items()
        assert {one["status"] for one in tbtwatch.json("poll")} == {"ok"}
        ask = ("subscribe", "--enterprise", "Ningbo", "--email", "a@example.com", "--language", "en", "--hs", "20,22")
        assert tbtwatch(*ask, "--market", "EAC", "--market", "GCC") == "1\n"
        publisher.items = [item for one in (old, addendum, joint, toys) for item in one.items()]
        publisher.workbook_items = publisher.items
        assert sum(one["new"] for one in tbtwatch.json("poll")) == 3
        assert tbtwatch.json("deliver")["sent"] == 2
        moved, together = sorted(mailbox.mails, key=lambda mail: "20 April 2026" not in mail.text)
        assert "6 March 2026" in moved.text and "20 April 2026" in moved.text
        assert named(together) == frozenset(gulf)
        assert [(one["new"], one["changed"]) for one in tbtwatch.json("poll")] == [(0, 0), (0, 0)]
        assert tbtwatch.json("deliver")["sent"] == 0


def test_the_demo_shows_what_it_claims(tmp_path: Path) -> None:
    """It ends with exit code 0 only if everything it says has happened; the mails can be opened."""
    said = Installed(tmp_path, {"starter": "true"})("demo", "--folder", tmp_path / "demo")
    assert "claims hold" in said
    assert list((tmp_path / "demo" / "mail").glob("*.eml"))


@pytest.mark.skipif(not TOOL.exists() or not ROWS.exists(), reason="the real notifications are not beside the project")
def test_real_notifications_reach_those_who_asked(tmp_path: Path) -> None:
    """Seeded up to a day, then shown everything: each reader gets exactly the mails their question asks for."""
    rows = served(ROWS)
    later = [row for row in rows if row["day"] > CUT]
    by_market = {
        "east@example.com": [row for row in later if members(row) & EAC],
        "north@example.com": [row for row in later if members(row) & NORTH],
        "make-up@example.com": [
            row for row in later if any(code.startswith("3304") for code in row.get("hs_codes") or [])
        ],
    }
    expected = {reader: {frozenset(bases(row)) for row in found} for reader, found in by_market.items()}
    assert all(expected.values())
    with the_wto(ROWS) as address, Mailbox() as mailbox:
        tbtwatch = Installed(
            tmp_path,
            {
                "eping_base_url": f"{address}/eping",
                "eping_workbook_url": f"{address}/NotificationExcelFiles/Notification_EN.xlsx",
                "eping_key": "secret",
                "smtp_host": mailbox.host,
                "smtp_port": str(mailbox.port),
                "smtp_tls": "none",
                "mail_from": "alerts@example.org",
            },
        )
        control(address, until=CUT)
        (seed,) = tbtwatch.json("poll", "wto-eping-api")
        assert (seed["status"], seed["seeding"]) == ("ok", True)
        assert seed["notices"] == len({frozenset(row["symbols"]) for row in rows if row["day"] <= CUT})
        ask = ("subscribe", "--enterprise", "Ningbo", "--language", "en")
        tbtwatch(*ask, "--email", "east@example.com", "--market", "EAC")
        tbtwatch(*ask, "--email", "north@example.com", "--market", "USA,CAN", "--market", "巴西")
        tbtwatch(*ask, "--email", "make-up@example.com", "--hs", "3304")
        control(address, until=None)
        (everything,) = tbtwatch.json("poll", "wto-eping-api")
        assert (everything["status"], everything["seeding"]) == ("ok", False)
        assert everything["new"] == len({frozenset(row["symbols"]) for row in later})
        assert tbtwatch.json("deliver")["sent"] == sum(map(len, expected.values()))
        for reader, notifications in expected.items():
            got = [named(mail) for mail in mailbox.to(reader)]
            assert len(got) == len(notifications), reader
            for wanted in notifications:
                assert sum(1 for text in got if wanted <= text) == 1, (reader, sorted(wanted))
        again = tbtwatch.json("poll")
        assert [(one["new"], one["changed"]) for one in again if one["source"] == "wto-eping-api"] == [(0, 0)]
        assert tbtwatch.json("deliver")["sent"] == 0
        assert Counter(mail["Message-ID"] for mail in mailbox.mails).most_common(1)[0][1] == 1
    assert {state for (state,) in tbtwatch.rows("SELECT state FROM delivery")} == {"sent"}
