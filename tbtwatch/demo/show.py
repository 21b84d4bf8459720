"""The demo: the whole flow, told as it happens. Every claim is checked; one that fails ends it with exit code 1."""

from __future__ import annotations

import logging
import shutil
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from pydantic import SecretStr
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from subscriptions.criteria import Address, Criteria, Frequency, Match
from subscriptions.words import word
from tbtwatch.bootstrap import App, assemble
from tbtwatch.demo import documents
from tbtwatch.demo.bot_api import DEMO_TOKEN, BotApi
from tbtwatch.demo.documents import ADDENDUM, FRESH, HISTORY, RETYPED, UNREADABLE, Written
from tbtwatch.demo.postbox import Postbox
from tbtwatch.demo.publisher import KEY, Publisher
from tbtwatch.demo.story import STAFF, Story, summary
from tbtwatch.pipeline import subscribe
from tbtwatch.pipeline.conclude import PollReport
from tbtwatch.pipeline.digest import run_due_digests
from tbtwatch.pipeline.staff_people import add_person
from tbtwatch.pipeline.starter import write_starters
from tbtwatch.settings import Settings
from tbtwatch.storage.people import Role
from watcher.revise import history

ZONE = ZoneInfo("Asia/Shanghai")
CHAT = "4242"


@dataclass
class DemoClock:
    """The demo's own time, turned by hand."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def turn_to(self, month: int, day: int, hour: int, minute: int = 0) -> None:
        """Go on to a moment of 2026 in Ningbo."""
        self.now = datetime(2026, month, day, hour, minute, tzinfo=ZONE)


async def show_demo(folder: Path, console: Console | None = None) -> int:
    """Tell the story; 0 if everything it claims happened."""
    began = time.monotonic()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    story = Story(console or Console(highlight=False, width=None if sys.stdout.isatty() else 110))
    clock = DemoClock(datetime(2026, 1, 5, 9, 0, tzinfo=ZONE))
    story.console.print(
        Panel(
            "Documents written for this demo (no Member notified them) are served over real HTTP on 127.0.0.1 in the\n"
            "shape of the WTO's API, its workbook and a regulator's feed. Mails go through a real SMTP conversation,\n"
            "chat messages through the Bot API's protocol to a stand-in. Only the calendar is turned by hand.",
            title="tbtwatch demo",
        )
    )
    with Publisher() as publisher, Postbox(folder / "mail") as postbox, BotApi() as chat:
        app = _assemble(folder, clock, publisher, postbox, chat)
        try:
            stage = Stage(story, clock, app, publisher, postbox, chat)
            await _first_poll(stage)
            clock.turn_to(1, 5, 10)
            story.chapter("Four enterprises subscribe", clock)
            drinks, _, _, tyres = _subscribe(stage)
            await _starters(stage)
            await _new_measures(stage, drinks, tyres)
            await _digest(stage)
            await _moved_deadline(stage)
            await _nothing_twice(stage)
            _staff(stage)
        finally:
            await app.close()
    return summary(story, folder, time.monotonic() - began)


def _assemble(folder: Path, clock: DemoClock, publisher: Publisher, postbox: Postbox, chat: BotApi) -> App:
    settings = Settings(
        database_url=f"sqlite:///{folder / 'tbtwatch.db'}",
        allow_addresses="127.0.0.1",
        eping_base_url=f"{publisher.address}/eping",
        eping_key=SecretStr(KEY),
        eping_workbook_url=f"{publisher.address}/NotificationExcelFiles/Notification_EN.xlsx",
        smtp_host="127.0.0.1",
        smtp_port=postbox.port,
        smtp_tls="none",
        mail_from="tbtwatch demo <alerts@tbtwatch.example>",
        telegram_token=SecretStr(DEMO_TOKEN),
        telegram_base_url=chat.base_url,
        contact="demo@tbtwatch.example",
    )
    entries: list[dict[str, Any]] = [
        {
            "name": "wto-eping-api",
            "kind": "eping_api",
            "title": "WTO ePing API",
            "priority": 10,
            "calls_per_second": 10,
        },
        {"name": "wto-eping-workbook", "kind": "eping_workbook", "title": "WTO workbook", "priority": 20},
        {
            "name": "demo-recalls",
            "kind": "feed",
            "title": "Recalls (a regulator's feed)",
            "url": f"{publisher.address}/recalls.xml",
            "issuer": "DEMO-RECALLS",
            "market": "GBR",
        },
    ]
    return assemble(settings, clock=clock, chance=Random(1), entries=entries)


@dataclass(frozen=True)
class Stage:
    """Everybody who plays a part."""

    story: Story
    clock: DemoClock
    app: App
    publisher: Publisher
    postbox: Postbox
    chat: BotApi

    @property
    def mails(self) -> int:
        """How many mails have come so far."""
        return len(self.postbox.mails)


async def _first_poll(stage: Stage) -> None:
    _know(stage.publisher, HISTORY)
    stage.publisher.feed = documents.FEED_BEFORE
    stage.story.chapter("The first poll: history, nobody is told", stage.clock)
    reports = await _poll(stage)
    await _deliver(stage)
    with stage.app.storage.look() as tx:
        measures = tx.measures.count()
    stage.story.tell(f"{measures} measures are recorded, classified and findable.")
    stage.story.claim(
        "The first poll of each source tells nobody",
        f"{sum(report.notices for report in reports)} notices read, {stage.mails} mails",
        measures == len(HISTORY) + 1 and not stage.mails and all(report.seeding for report in reports),
    )


async def _new_measures(stage: Stage, drinks: int, tyres: int) -> None:
    stage.clock.turn_to(1, 9, 10)
    stage.story.chapter("Friday: four notifications, one of them by seven Members; a recall; a bad entry", stage.clock)
    _know(stage.publisher, [*HISTORY, *FRESH], UNREADABLE)
    stage.publisher.feed = documents.FEED_AFTER
    before, chats = stage.mails, len(stage.chat.sent)
    reports = await _poll(stage)
    _show_measures(stage, FRESH)
    await _deliver(stage)
    _show_mails(stage, before)
    _show_chat(stage, chats)
    joint = subscribe.find_measure(FRESH[2].symbols[3], desk=stage.app.desk)
    stage.story.claim(
        "A joint notification of seven Members arrives once",
        f"{len(joint.threads)} symbols, {len(joint.notices)} notice; the API listed it {len(FRESH[2].items())} times",
        len(joint.threads) == 7 and len(joint.notices) == 1,
    )
    stage.story.claim(
        "Each enterprise gets what it asked for, with the reason",
        f"{stage.mails - before} mails, {len(stage.chat.sent) - chats} chat message",
        sorted(str(mail["To"]) for mail in stage.postbox.mails[before:])
        == ["batteries@example.com", "drinks@example.com"]
        and len(stage.chat.sent) - chats == 1,
    )
    stage.story.claim(
        "An entry nobody can read is kept and stops nothing",
        f"{reports[0].unreadable} kept: “{_problem(stage.app)}”",
        # Whichever of the WTO's two sources was read first has them as new.
        reports[0].unreadable == 1 and sum(report.new for report in reports[:2]) == len(FRESH),
    )
    _show_why(stage, drinks, FRESH[0])
    _show_why(stage, tyres, FRESH[0])


async def _digest(stage: Stage) -> None:
    stage.clock.turn_to(1, 12, 9)
    stage.story.chapter("Monday: the weekly digest, and a title typed anew", stage.clock)
    before = stage.mails
    _know(stage.publisher, [*HISTORY, RETYPED, *FRESH[1:]], UNREADABLE)
    reports = await _poll(stage)
    changed = reports[0].changed
    await _deliver(stage)
    told = stage.mails - before
    stage.story.claim(
        "A cosmetic edit is recorded and tells nobody",
        f"{changed} notice changed, {told} mails",
        changed == 1 and told == 0,
    )
    for report in run_due_digests(desk=stage.app.desk):
        first, last = report.starts_at.astimezone(ZONE), report.ends_at.astimezone(ZONE)
        stage.story.tell(
            f"{report.frequency.value} digest, {first:%d %b} to {last:%d %b} 00:00: {report.digests} written"
        )
    again = run_due_digests(desk=stage.app.desk)
    await _deliver(stage)
    _show_mails(stage, before)
    digests = [mail for mail in stage.postbox.mails[before:] if str(mail["To"]) == "toys@example.com"]
    stage.story.claim(
        "The weekly digest goes out once for its window",
        f"{len(digests)} digest; written again: {len(again)}",
        len(digests) == 1 and not again,
    )


async def _moved_deadline(stage: Stage) -> None:
    stage.clock.turn_to(1, 28, 11)
    stage.story.chapter("An addendum moves a deadline, while the API is down", stage.clock)
    before = stage.mails
    _know(stage.publisher, [*HISTORY, RETYPED, *FRESH[1:], ADDENDUM], UNREADABLE)
    stage.publisher.failing = 1
    failed = (await _poll(stage))[0].status
    stage.clock.turn_to(1, 28, 11, 10)
    stage.story.tell("… ten minutes later")
    mended = (await _poll(stage))[0]
    await _deliver(stage)
    _show_mails(stage, before)
    measure = subscribe.find_measure(ADDENDUM.symbols[0], desk=stage.app.desk)
    for change in history(measure.notices):
        moved = f": {change.old} → {change.new}" if change.field else ""
        stage.story.tell(f"{change.stated_on}  {word(change.kind, 'en')}{moved}  [{change.symbols[0]}]")
    late = stage.postbox.mails[before:]
    body = late[0].get_body(("plain",)) if late else None
    text = str(body.get_content()) if body else ""
    stage.story.claim(
        "A moved deadline is told as old → new to whom it concerns",
        "1 February 2026 → 1 March 2026" if "1 March 2026" in text else "not found in the mail",
        len(late) == 1 and "1 February 2026" in text and "1 March 2026" in text,
    )
    stage.story.claim(
        "A failing source loses nothing",
        f"first poll {failed}, next one {mended.status} with {mended.new} new",
        failed == "failed" and mended.new == 1,
    )


async def _nothing_twice(stage: Stage) -> None:
    stage.clock.turn_to(1, 28, 12)
    before = stage.mails
    reports = await _poll(stage)
    await _deliver(stage)
    stage.story.claim(
        "Polling again sends nothing twice",
        f"{sum(report.new + report.changed for report in reports)} new or changed, {stage.mails - before} mails",
        stage.mails == before and not any(report.new or report.changed for report in reports),
    )
    with stage.app.storage.look() as tx:
        deliveries = tx.outbox.list()
    # The API was back before anybody had been told that it could not be read.
    withdrawn = [one for one in deliveries if one.kind == "gap" and one.state.value == "cancelled"]
    states = sorted({one.state.value for one in deliveries if one not in withdrawn})
    over = f"; {len(withdrawn)} notices of a gap that was over before they went out" if withdrawn else ""
    stage.story.claim("Every message owed was accepted", ", ".join(states) + over, states == ["sent"])


def _know(publisher: Publisher, known: list[Written], *others: dict[str, object]) -> None:
    """What the publisher knows from now on; the workbook is made once a day and lags behind."""
    publisher.items = [item for written in known for item in written.items()] + list(others)
    publisher.workbook_items = [
        item for written in known for item in written.items() if not item["documentSymbol"].endswith("Add.1")
    ]


async def _poll(stage: Stage) -> list[PollReport]:
    async with stage.app.fetcher() as fetcher:
        reports = await stage.app.poll(list(stage.app.sources), fetcher, by_hand=True)
    table = Table("source", "status", "notices", "new", "changed", "unreadable", "why", box=None, pad_edge=False)
    for one in reports:
        counts = (str(one.notices), str(one.new), str(one.changed), str(one.unreadable))
        table.add_row(one.source, one.status, *counts, escape(one.error))
    stage.story.console.print(table)
    return reports


def _subscribe(stage: Stage) -> list[int]:
    asked: list[tuple[str, str, Criteria, Frequency, str, tuple[Address, ...]]] = [
        (
            "宁波饮料厂",
            "东非饮料",
            Criteria(markets=frozenset({"EAC"}), hs=frozenset({"22"})),
            Frequency.IMMEDIATE,
            "zh",
            (Address(channel="email", target="drinks@example.com"), Address(channel="telegram", target=CHAT)),
        ),
        (
            "Shaoxing Cells",
            "Li-ion EU",
            Criteria(markets=frozenset({"EU"}), hs=frozenset({"850760"})),
            Frequency.IMMEDIATE,
            "en",
            (Address(channel="email", target="batteries@example.com"),),
        ),
        (
            "义乌玩具",
            "海湾与越南玩具",
            Criteria(markets=frozenset({"GCC", "VNM", "GBR"}), areas=frozenset({"toys"})),
            Frequency.WEEKLY,
            "zh",
            (Address(channel="email", target="toys@example.com"),),
        ),
        (
            "Qingdao Tyres",
            "Tyres anywhere",
            Criteria(hs=frozenset({"4011"})),
            Frequency.IMMEDIATE,
            "en",
            (Address(channel="email", target="tyres@example.com"),),
        ),
    ]
    numbers = []
    for enterprise, name, criteria, frequency, language, addresses in asked:
        started = subscribe.start(
            enterprise=enterprise,
            name=name,
            criteria=criteria,
            frequency=frequency,
            language=language,
            addresses=addresses,
            desk=stage.app.desk,
        )
        words = stage.app.desk.names.described(started.subscription.criteria, language)
        stage.story.tell(f"{enterprise} · {name}: {words} · {word(frequency, language)}")
        numbers.append(started.subscription.id)
    return numbers


async def _starters(stage: Stage) -> None:
    """Each address is told first what is still open for comment, and that is no news again."""
    written = write_starters(desk=stage.app.desk)
    await _deliver(stage)
    stage.story.tell(f"{written} addresses are told first what is still open for comment, once.")
    toys = next(number for number, mail in enumerate(stage.postbox.mails) if str(mail["To"]) == "toys@example.com")
    _show_mails(stage, toys, toys + 1)


def _staff(stage: Stage) -> None:
    """Somebody who may look behind the counter, so that the staff's pages can be tried."""
    for email, name, role in (
        (STAFF, "Chen Wei", Role.ADMIN),
        ("support@tbtwatch.example", "Li Na", Role.SUPPORT),
        ("sources@tbtwatch.example", "Wang Fang", Role.SOURCE_KEEPER),
    ):
        add_person(email, roles=[role], name=name, language="zh", by="demo", desk=stage.app.desk)


def _show_measures(stage: Stage, written: list[Written]) -> None:
    stage.story.tell("What they are about, and why:")
    for one in written:
        measure = subscribe.find_measure(one.symbols[0], desk=stage.app.desk)
        with stage.app.storage.look() as tx:
            classification = tx.measures.classification(measure.id or 0)
        more = f" +{len(one.symbols) - 1}" if len(one.symbols) > 1 else ""
        stage.story.tell(f"  {one.symbols[0]}{more}  {measure.facts.title}")
        for found in classification.areas[:2]:
            evidence = found.evidence[0]
            quotes = ", ".join(f"“{quote}”" for quote in evidence.quotes[:3])
            stage.story.tell(
                f"      {found.area} ({found.grade.value}): rule {evidence.rule} read {quotes} in {evidence.field}"
            )


def _show_why(stage: Stage, subscription: int, written: Written) -> None:
    why = subscribe.why(subscription, written.symbols[0], desk=stage.app.desk)
    sentence = stage.app.desk.names.explained(why.answer, "en")
    asked = "Why" if isinstance(why.answer, Match) else "Why not"
    stage.story.tell(f"{asked} {written.symbols[0]} for {why.subscription.enterprise}? {sentence}")


async def _deliver(stage: Stage) -> None:
    report = await stage.app.deliver()
    stage.clock.now += timedelta(seconds=30)
    if report.attempts:
        stage.story.tell(f"{report.sent} messages sent, {report.again} to be tried again.")


def _show_mails(stage: Stage, first: int, last: int | None = None) -> None:
    for path, mail in zip(stage.postbox.files[first:last], stage.postbox.mails[first:last], strict=True):
        body = mail.get_body(("plain",))
        text = str(body.get_content()).strip() if body else ""
        stage.story.console.print(
            Panel(
                escape(text),
                title=escape(f"{mail['To']} · {mail['Subject']}"),
                subtitle=escape(str(path)),
                title_align="left",
            )
        )


def _show_chat(stage: Stage, first: int) -> None:
    for message in stage.chat.sent[first:]:
        stage.story.console.print(
            Panel(escape(message.text), title=f"Telegram chat {message.chat}", title_align="left")
        )


def _problem(app: App) -> str:
    with app.storage.look() as tx:
        kept = tx.notices.unreadable()
    return kept[0].problem if kept else "nothing"
