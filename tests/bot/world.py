"""A small service with measures of three markets, for the bot to be asked about."""

from __future__ import annotations

import copy
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from notifiers.chat_length import TELEGRAM_LIMIT, shown_length
from subscriptions.criteria import Address, Criteria, Frequency
from tbtwatch.bot.chat_text import as_text
from tbtwatch.configuration import SHIPPED
from tbtwatch.demo.chat_markup import read_markup
from tbtwatch.pipeline.audience import Audience
from tbtwatch.pipeline.rulebook import Rulebook
from tbtwatch.storage import Storage, open_storage
from tests.builders import a_notice
from tests.fakes import ListedSource, RememberingNotifier, TurnedClock
from tests.pipeline.service import MARKETS, SmallService

ENTERPRISE = "Ningbo <Drinks> & Co"
HOSTILE = 'Labels of <b>lithium</b> batteries & "cells" </code><script>'


def a_service(storage: Storage) -> SmallService:
    """It is 2 March 2026, noon UTC. One measure was seeded, three were news; one enterprise follows two markets."""
    service = SmallService(storage, rulebook=Rulebook(SHIPPED))
    service.seeded(a_notice(symbol="G/TBT/N/KEN/1400", distribution_date=date(2026, 2, 1)))
    service.subscribe(enterprise=ENTERPRISE)
    service.subscribe(
        enterprise=ENTERPRISE,
        name="EU batteries",
        criteria=Criteria(markets=frozenset({"EU"}), areas=frozenset({"batteries"})),
        frequency=Frequency.WEEKLY,
    )
    service.poll(
        [
            a_notice(symbol="G/TBT/N/KEN/1514", distribution_date=date(2026, 3, 1)),
            eu_batteries(),
            a_notice(
                symbol="G/TBT/N/DEU/12",
                notifying_members=("DEU",),
                title="Batterieverordnung",
                products_covered="batteries",
                hs_codes=("8507",),
                ics_codes=(),
                distribution_date=date(2026, 2, 20),
                comment_deadline=date(2026, 2, 25),
            ),
        ]
    )
    service.poll(
        [
            a_notice(
                symbol="G/TBT/N/KEN/1514/Add.1",
                type="addendum",
                distribution_date=date(2026, 3, 2),
                comment_deadline=date(2026, 4, 10),
            )
        ]
    )
    service.deliver()
    service.clock.turn(minutes=1)
    return service


def a_copy(service: SmallService, folder: Path) -> SmallService:
    """The same service on a copy of its database, to be changed; its rules are not read anew."""
    path = folder / "copy.db"
    with (
        closing(sqlite3.connect(str(service.storage.engine.url.database))) as old,
        closing(sqlite3.connect(path)) as new,
    ):
        old.backup(new)
    copied = copy.copy(service)
    copied.storage, copied.clock = open_storage(f"sqlite:///{path}"), TurnedClock(service.clock.now)
    copied.notifier, copied.source = RememberingNotifier(), ListedSource()
    copied.desk = replace(
        service.desk,
        storage=copied.storage,
        clock=copied.clock,
        sources=[copied.source],
        audience=Audience(MARKETS),
    )
    return copied


def eu_batteries(**over: Any) -> Any:
    """A draft of the EU whose title is written to break markup."""
    values = {
        "symbol": "G/TBT/N/EU/1200",
        "notifying_members": ("EU",),
        "title": HOSTILE,
        "products_covered": "Lithium-ion batteries",
        "content_summary": "Labels.",
        "hs_codes": ("850760",),
        "ics_codes": ("29.220.30",),
        "distribution_date": date(2026, 2, 27),
        "comment_deadline": date(2026, 4, 28),
        "links": ("https://example.org/a.pdf?x=1&y=2", "javascript:alert(1)"),
    }
    return a_notice(**{**values, **over})


def add_code(service: SmallService, code: str = "ABCD-EFGH", enterprise: str = ENTERPRISE) -> None:
    """Give out a code, good for a day."""
    now = service.clock()
    with service.storage.begin() as tx:
        id_ = tx.subscriptions.find_enterprise(enterprise)
        assert id_ is not None
        tx.chats.add_code(code, enterprise_id=id_, now=now, good_for=timedelta(days=1))


def to_chat(chat: str) -> tuple[Address, ...]:
    """The address of a chat."""
    return (Address(channel="telegram", target=chat),)


def shown(answer: str) -> list[str]:
    """The lines as people see them. Fails if the service would refuse the markup or the length."""
    assert shown_length(answer) <= TELEGRAM_LIMIT
    text = read_markup(answer)
    assert as_text(answer) == text
    return text.splitlines()
