"""Addresses that take nothing any more: ended, told to the others and to staff, taken back with what was refused."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date
from random import Random

import pytest

from notifiers.channels.email import EmailConfig, EmailNotifier
from notifiers.message import Message
from notifiers.outcome import Outcome, Reason, Refused, Sent, State
from subscriptions.criteria import Address
from tbtwatch.pipeline.deliver import deliver_due
from tbtwatch.pipeline.digest import run_due_digests
from tbtwatch.pipeline.leaving import MOST_IN_AN_HOUR, Endings, restore
from tbtwatch.pipeline.subscribe import SuppressedError
from tbtwatch.pipeline.watchkeeping import Staff
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.mailbox import Mailbox
from tests.pipeline.service import LEASE, SmallService

GONE, OTHER, STAFF = (Address(channel="email", target=f"{one}@example.com") for one in ("gone", "other", "staff"))
NOBODY = Refused(reason=Reason.RECIPIENT_UNKNOWN, detail="550 5.1.1 no such user")
POLICY = Refused(reason=Reason.BLOCKED, detail="554 5.7.1 policy")


@dataclass
class Post:
    """A service whose notifier refuses some addresses, and whose refusals end them."""

    service: SmallService
    refuses: dict[str, Refused] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.service.notifier.answer = self.answer

    def answer(self, message: Message) -> Outcome:
        """What the other side says."""
        return self.refuses.get(message.recipient, Sent())

    def deliver(self) -> None:
        """Send what is due."""
        endings = Endings(desk=self.service.desk, staff=Staff(address=STAFF, language="en"))
        work = deliver_due(
            storage=self.service.storage,
            notifiers={"email": self.service.notifier},
            clock=self.service.clock,
            chance=Random(1),
            lease=LEASE,
            refused=endings.refused,
        )
        asyncio.run(work)

    def news(self, number: int = 1514) -> None:
        """A new measure, and all that follows."""
        self.service.poll([a_notice(symbol=f"G/TBT/N/KEN/{number}", distribution_date=date(2026, 3, 1))])
        self.deliver()
        self.service.clock.turn(minutes=1)

    def to(self, address: Address) -> list[Message]:
        """What an address got."""
        return [one for one in self.service.notifier.sent if one.recipient == address.target]


def post(storage: Storage, *addresses: Address, **refuses: Refused) -> Post:
    """One subscription at these addresses; `gone` is refused so."""
    service = SmallService(storage).seeded()
    service.subscribe(addresses=addresses or (GONE, OTHER))
    return Post(service, {GONE.target: refuses.get("gone", NOBODY)})


def test_an_address_without_an_owner_is_ended_and_told(storage: Storage) -> None:
    """It is written down with what the server said, the other address and staff hear of it, nothing more goes there."""
    one = post(storage)
    one.news()
    with storage.look() as tx:
        (live,) = tx.subscriptions.live()
        (ended,) = tx.leaving.ended()
    assert live.addresses == (OTHER,)
    assert (ended.reason, ended.detail) == ("recipient_unknown", NOBODY.detail)

    one.deliver()
    (told,) = [message for message in one.to(OTHER) if "not written to any more" in message.subject]
    assert "email:gone@example.com" in told.text and "550 5.1.1 no such user" in told.text
    (staff,) = one.to(STAFF)
    assert "tbtwatch address restore email:gone@example.com" in staff.text
    assert "every subscription goes on at another address" in staff.text
    one.news(1515)
    assert len(one.to(STAFF)) == 1
    with storage.look() as tx:
        assert len([d for d in tx.outbox.list() if d.target == GONE.target]) == 1


def test_staff_hear_when_nobody_is_left(storage: Storage) -> None:
    """A subscription without an address goes on, and staff are told that nobody hears of it."""
    one = post(storage, GONE)
    one.news()
    one.deliver()
    assert "nobody is told of 1 subscription now" in one.to(STAFF)[0].text
    with storage.look() as tx:
        assert [live.addresses for live in tx.subscriptions.live()] == [()]


def test_what_was_refused_is_sent_after_all(storage: Storage) -> None:
    """Taken back, the address has its subscription again and what was refused, under the Message-ID it had."""
    one = post(storage, GONE)
    one.news()
    with storage.look() as tx:
        (refused,) = tx.outbox.list(state=State.REFUSED)
    one.refuses.clear()
    done = restore(GONE, by="Li Na", desk=one.service.desk)
    one.deliver()

    assert (len(done.subscriptions), done.sent_again) == (1, 1)
    assert [message.message_id for message in one.to(GONE)] == [refused.message_id]
    with pytest.raises(LookupError, match="was not ended"):
        restore(GONE, by="Li Na", desk=one.service.desk)


def test_news_that_nobody_heard_stands_in_the_next_digest(storage: Storage) -> None:
    """What came while a subscription had no address is told once it has one again, and only once."""
    one = post(storage, GONE)
    one.news()
    one.news(1515)
    one.refuses.clear()
    assert restore(GONE, by="Li Na", desk=one.service.desk).in_digest == 1
    one.deliver()
    one.service.clock.turn(days=1)
    run_due_digests(desk=one.service.desk)
    one.deliver()
    told = [message.subject + message.text for message in one.to(GONE)]
    assert ["G/TBT/N/KEN/1514" in text for text in told] == [True, False]
    assert ["G/TBT/N/KEN/1515" in text for text in told] == [False, True]


def test_a_mail_servers_own_words_are_kept_and_told(storage: Storage) -> None:
    """A real server that says at RCPT that nobody is there: the next mail tells the other address so."""
    service = SmallService(storage).seeded()
    service.subscribe(addresses=(GONE, OTHER))
    service.poll([a_notice()])
    with Mailbox() as mailbox:
        mailbox.at_rcpt("550 5.1.1 no such user here")
        notifier = EmailNotifier(
            EmailConfig(host=mailbox.host, port=mailbox.port, tls="none", sender="alerts@example.org")
        )

        async def work() -> None:
            await deliver_due(
                storage=storage,
                notifiers={"email": notifier},
                clock=service.clock,
                chance=Random(1),
                lease=LEASE,
                refused=Endings(desk=service.desk, staff=Staff(address=STAFF, language="zh")).refused,
            )
            await notifier.close()

        asyncio.run(work())
        mails = {(mail.recipients[0], mail["Subject"]): mail for mail in mailbox.mails}
    assert {recipient for recipient, _ in mails} == {OTHER.target, STAFF.target}
    told = mails[(OTHER.target, "email:gone@example.com is not written to any more")]
    assert "550 5.1.1 no such user here" in told.text
    assert "不再向 email:gone@example.com 发送消息：对方称收件人不存在。" in next(
        mail.text for (recipient, _), mail in mails.items() if recipient == STAFF.target
    )


def test_a_policy_ends_an_address_on_the_second_day(storage: Storage) -> None:
    """One refused mail may be about that mail; the same a day later, with nothing taken in between, is about us."""
    one = post(storage, gone=POLICY)
    one.news()
    one.news(1515)
    with storage.look() as tx:
        assert tx.leaving.ended() == []
    one.service.clock.turn(days=1, minutes=5)
    one.news(1516)
    with storage.look() as tx:
        assert [ended.reason for ended in tx.leaving.ended()] == ["blocked"]


def test_a_refused_message_ends_no_address(storage: Storage) -> None:
    """Spam, too large: that is the message, not the recipient."""
    one = post(storage, gone=Refused(reason=Reason.REJECTED, detail="554 spam"))
    one.news()
    with storage.look() as tx:
        assert tx.leaving.ended() == []


def test_a_server_that_refuses_everybody_ends_few(storage: Storage) -> None:
    """After so many within an hour none is ended any more; staff are told once, and later it goes on."""
    service = SmallService(storage).seeded()
    many = [Address(channel="email", target=f"r{number}@example.com") for number in range(MOST_IN_AN_HOUR + 3)]
    for number, address in enumerate(many):
        service.subscribe(enterprise=f"E{number}", addresses=(address,))
    one = Post(service, {address.target: NOBODY for address in many})
    one.news()
    one.deliver()
    with storage.look() as tx:
        assert len(tx.leaving.ended()) == MOST_IN_AN_HOUR
    assert len([message for message in one.to(STAFF) if message.subject.startswith("Many addresses")]) == 1


def test_a_suppressed_address_is_never_written_to(storage: Storage) -> None:
    """What waits is refused with a sentence and without an attempt at the server; nobody subscribes with it."""
    one = post(storage, OTHER)
    one.service.poll([a_notice()])
    with storage.begin() as tx:
        tx.leaving.suppress(
            [Address(channel="email", target="OTHER@example.com")], why="erased", now=one.service.clock()
        )
    one.deliver()

    assert one.to(OTHER) == []
    with storage.look() as tx:
        (refused,) = [d for d in tx.outbox.list(state=State.REFUSED) if d.target == OTHER.target]
    assert (refused.reason, refused.detail) == (
        "suppressed",
        "the address is suppressed since 2026-03-02: nothing is sent to it",
    )
    with pytest.raises(SuppressedError, match="tbtwatch address lift email:other"):
        one.service.subscribe(enterprise="New", addresses=(OTHER,))
    with storage.begin() as tx:
        assert tx.leaving.lift(OTHER, by="Li Na", reason="asked again", now=one.service.clock())
        assert not tx.leaving.lift(OTHER, by="Li Na", reason="asked again", now=one.service.clock())
    one.service.subscribe(enterprise="New", addresses=(OTHER,))
