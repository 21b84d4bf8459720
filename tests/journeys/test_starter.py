"""From the command line to a mailbox: a new subscriber's first mail, by a real mail server."""

from __future__ import annotations

import asyncio
from datetime import date
from random import Random
from zoneinfo import ZoneInfo

from notifiers.channels.email import EmailConfig, EmailNotifier
from subscriptions.criteria import Address
from tbtwatch.pipeline.deliver import deliver_due
from tbtwatch.pipeline.recover import recover
from tbtwatch.pipeline.starter import write_starters
from tbtwatch.storage import Storage
from tests.builders import a_notice, an_extension
from tests.mailbox import Mailbox
from tests.pipeline.service import LEASE, SmallService

OPEN = a_notice(
    comment_deadline=date(2026, 4, 20), page="https://epingalert.org/en/Search?viewData=G%2FTBT%2FN%2FKEN%2F1514"
)
MOVED = an_extension(date(2026, 4, 30), distribution_date=date(2026, 3, 4))


def deliver(service: SmallService, mailbox: Mailbox) -> None:
    """Send what is due to the mail server."""
    config = EmailConfig(host=mailbox.host, port=mailbox.port, tls="none", sender="alerts@example.org")
    notifier = EmailNotifier(config, clock=service.clock)

    async def send() -> None:
        try:
            await deliver_due(
                storage=service.storage,
                notifiers={"email": notifier},
                clock=service.clock,
                chance=Random(1),
                lease=LEASE,
                home=ZoneInfo(service.zone),
            )
        finally:
            await notifier.close()

    asyncio.run(send())


def test_the_first_mail_says_what_is_open_and_the_next_what_changed(sqlite: Storage) -> None:
    """Two readers, in Chinese and in English, have each one mail with plain text and HTML; recovering sends nothing
    more; the addendum comes as a change, in a mail of its own."""
    service = SmallService(sqlite).seeded(OPEN)
    with Mailbox() as mailbox:
        for language, name in (("zh", "ningbo"), ("en", "shaoxing")):
            address = Address(channel="email", target=f"{name}@example.com")
            service.subscribe(enterprise=name, language=language, addresses=(address,), starter=True)
        assert write_starters(desk=service.desk) == 2
        deliver(service, mailbox)
        recover(desk=service.desk)
        deliver(service, mailbox)
        chinese, english = sorted(mailbox.mails, key=lambda one: one.recipients)
        assert chinese.recipients == ["ningbo@example.com"]
        assert "有 1 项符合您订阅条件的措施仍可评议" in chinese.text
        assert "1. Kenya · Jelly drinks - Specification [G/TBT/N/KEN/1514]" in english.text
        assert "epingalert.org" in english.html and "act by 6 April" in english.html
        assert english["List-Unsubscribe"].startswith("<mailto:alerts@example.org")
        assert chinese["Message-ID"] != english["Message-ID"]

        service.clock.turn(days=2)
        service.poll([OPEN, MOVED])
        deliver(service, mailbox)
        assert len(mailbox.mails) == 4
        later = next(one for one in mailbox.mails[2:] if one.recipients == ["shaoxing@example.com"])
        assert "You were told on 2 March (new measure)" in later.text
        assert "20 April 2026 → 30 April 2026" in later.text
