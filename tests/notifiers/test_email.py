"""Mail, handed to a real SMTP server that answers as servers do on bad days."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from notifiers.channels.email import EmailConfig, EmailNotifier
from notifiers.outcome import Misconfigured, Outcome, Reason, Refused, Sent, TryAgain
from tests.mailbox import DROP, DROP_AFTER_DATA, HANG, Mailbox
from tests.notifiers.contents import message

CERTIFICATES = Path(__file__).parents[1] / "documents" / "tls"
CLOCK = lambda: datetime(2026, 2, 2, 10, 5, tzinfo=UTC)  # noqa: E731


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as mailbox:
        yield mailbox


def notifier(mailbox: Mailbox, **over: Any) -> EmailNotifier:
    values: dict[str, Any] = {
        "host": mailbox.host,
        "port": mailbox.port,
        "tls": "none",
        "sender": "TBT watch <alerts@tbtwatch.example>",
        "timeout": 0.25,
    }
    return EmailNotifier(EmailConfig(**{**values, **over}), clock=CLOCK)


async def sent_by(mailbox: Mailbox, **over: Any) -> Outcome:
    email = notifier(mailbox, **over)
    try:
        return await email.send(message())
    finally:
        await email.close()


def encrypted_mailbox(tls: str) -> Mailbox:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "server.pem")
    return Mailbox(tls=context) if tls == "starttls" else Mailbox(implicit_tls=context)


async def test_a_mail_arrives_whole(mailbox: Mailbox) -> None:
    """Both parts, the envelope's sender without its name, the date of the clock."""
    text = "Dots at line starts stay:\n.\n..\n长 – é\n"
    email = notifier(mailbox)
    outcome = await email.send(message(text=text, subject="肯尼亚 | 果冻"))
    await email.close()
    [mail] = mailbox.wait_for(1)
    assert isinstance(outcome, Sent) and outcome.reference
    assert (mail.sender, mail.recipients) == ("alerts@tbtwatch.example", ["drinks@example.com"])
    assert mail["Subject"] == "肯尼亚 | 果冻" and mail["Date"] == "Mon, 02 Feb 2026 10:05:00 +0000"
    assert mail.text.splitlines() == text.splitlines() and mail.html.strip() == message().html


REFUSED, AGAIN, OURS = Refused, TryAgain, Misconfigured


@pytest.mark.parametrize(
    ("step", "answer", "kind", "reason"),
    [
        ("rcpt", "550 5.1.1 no such user here", REFUSED, Reason.RECIPIENT_UNKNOWN),
        ("rcpt", "550 Requested action not taken: mailbox unavailable", REFUSED, Reason.RECIPIENT_UNKNOWN),
        ("rcpt", "550 5.7.1 blocked by recipient policy", REFUSED, Reason.BLOCKED),
        ("rcpt", "554 5.0.0 no", REFUSED, Reason.REJECTED),
        ("rcpt", "551 5.1.6 user has moved", REFUSED, Reason.RECIPIENT_UNKNOWN),
        ("rcpt", "450 4.2.0 greylisted", AGAIN, Reason.BUSY),
        ("rcpt", "451 4.3.0 later", AGAIN, Reason.BUSY),
        ("rcpt", "452 4.2.2 mailbox full", AGAIN, Reason.BUSY),
        ("rcpt", "552 5.2.2 mailbox full", AGAIN, Reason.BUSY),
        ("rcpt", "550 5.2.2 over quota", AGAIN, Reason.BUSY),
        ("rcpt", "421 4.3.2 shutting down", AGAIN, Reason.BUSY),
        ("rcpt", "530 5.7.0 must issue STARTTLS first", OURS, None),
        ("rcpt", "554 5.7.1 <x>: Relay access denied", OURS, None),
        ("rcpt", "553 5.7.1 Sender address rejected: not owned by user", OURS, None),
        ("data", "554 5.6.0 rejected", REFUSED, Reason.REJECTED),
        ("data", "550 5.7.1 looks like spam", REFUSED, Reason.BLOCKED),
        ("data", "552 5.3.4 message too big", REFUSED, Reason.REJECTED),
        ("data", "552 5.2.2 mailbox full", AGAIN, Reason.BUSY),
        ("data", "451 4.3.0 later", AGAIN, Reason.BUSY),
        ("data", "452 4.3.1 no space", AGAIN, Reason.BUSY),
        ("data", "421 4.3.2 shutting down", AGAIN, Reason.BUSY),
        ("data", DROP, AGAIN, Reason.UNKNOWN_OUTCOME),
        ("data", DROP_AFTER_DATA, AGAIN, Reason.UNKNOWN_OUTCOME),
        ("data", HANG, AGAIN, Reason.UNKNOWN_OUTCOME),
        ("data", "what?", AGAIN, Reason.UNKNOWN_OUTCOME),
        ("mail", "553 5.1.8 sender domain unknown", OURS, None),
        ("mail", "550 5.1.0 sender rejected", OURS, None),
        ("mail", "530 5.7.0 authentication required", OURS, None),
        ("mail", "452 4.3.1 too many messages", AGAIN, Reason.BUSY),
        ("mail", "421 too many connections", AGAIN, Reason.BUSY),
        ("mail", HANG, AGAIN, Reason.UNREACHABLE),
        ("mail", DROP, AGAIN, Reason.UNREACHABLE),
        ("rcpt", HANG, AGAIN, Reason.UNREACHABLE),
        ("rcpt", DROP, AGAIN, Reason.UNREACHABLE),
        ("connect", "421 4.3.2 not now", AGAIN, Reason.BUSY),
        ("connect", "554 5.3.2 no SMTP service here", AGAIN, Reason.BUSY),
        ("connect", DROP, AGAIN, Reason.UNREACHABLE),
        ("connect", HANG, AGAIN, Reason.UNREACHABLE),
        ("connect", "SSH-2.0-OpenSSH_9", AGAIN, Reason.UNREACHABLE),
        ("ehlo", HANG, AGAIN, Reason.UNREACHABLE),
    ],
)
async def test_each_answer_has_its_outcome(
    mailbox: Mailbox, step: str, answer: str, kind: type[Outcome], reason: Reason | None
) -> None:
    """Permanent for this recipient or mail, not now, or our own fault; lost after the mail was given is unknown."""
    mailbox.at(step, answer)
    outcome = await sent_by(mailbox)
    assert type(outcome) is kind
    if reason is not None:
        assert isinstance(outcome, Refused | TryAgain) and outcome.reason is reason
    assert "\n" not in getattr(outcome, "detail", "")
    assert len(mailbox.mails) == (1 if answer == DROP_AFTER_DATA else 0)


@pytest.mark.parametrize("answer", ["451 later", "550 5.1.1 no such user", "553 5.1.8 bad sender"])
async def test_a_refusal_leaves_the_connection_usable(mailbox: Mailbox, answer: str) -> None:
    """The next mail goes by the same connection."""
    email = notifier(mailbox)
    mailbox.at_rcpt(answer)
    assert not isinstance(await email.send(message()), Sent)
    assert isinstance(await email.send(message()), Sent)
    await email.close()
    assert mailbox.connections == 1


async def test_a_connection_is_kept_for_the_next_mail(mailbox: Mailbox) -> None:
    """Ten mails one after the other need one connection."""
    email = notifier(mailbox)
    for _ in range(10):
        assert isinstance(await email.send(message()), Sent)
    await email.close()
    assert (mailbox.connections, len(mailbox.mails)) == (1, 10)


async def test_mails_at_once_share_a_few_connections(mailbox: Mailbox) -> None:
    """Thirty at once go by three connections, each carrying one at a time, and none is mixed with another."""
    email = notifier(mailbox, connections=3, timeout=5)
    sent = [message(recipient=f"a{n}@example.com", message_id=f"<{n}@x.example>") for n in range(30)]
    outcomes = await asyncio.gather(*(email.send(one) for one in sent))
    await email.close()
    assert all(isinstance(outcome, Sent) for outcome in outcomes)
    assert mailbox.connections == 3
    assert {(mail.recipients[0], mail["Message-ID"]) for mail in mailbox.mails} == {
        (one.recipient, one.message_id) for one in sent
    }


@pytest.mark.parametrize("how", ["closed while idle", "dropped at MAIL", "421 at MAIL"])
async def test_a_stale_connection_costs_no_attempt(mailbox: Mailbox, how: str) -> None:
    """A kept connection that proves dead before the mail was given is replaced, once, within the same attempt."""
    email = notifier(mailbox)
    assert isinstance(await email.send(message()), Sent)
    if how == "closed while idle":
        mailbox.drop_connections()
    else:
        mailbox.at("mail", DROP if how.startswith("dropped") else "421 idle too long")
    assert isinstance(await email.send(message()), Sent)
    await email.close()
    assert (mailbox.connections, len(mailbox.mails)) == (2, 2)


async def test_a_mail_is_never_given_twice_in_one_attempt(mailbox: Mailbox) -> None:
    """Also on a kept connection, what is lost after the mail was given is not sent again by itself."""
    email = notifier(mailbox)
    await email.send(message())
    mailbox.at_data(DROP_AFTER_DATA)
    outcome = await email.send(message())
    await email.close()
    assert isinstance(outcome, TryAgain) and outcome.reason is Reason.UNKNOWN_OUTCOME
    assert len(mailbox.mails) == 2 and {mail["Message-ID"] for mail in mailbox.mails} == {message().message_id}


async def test_a_cancelled_mail_leaves_no_half_conversation(mailbox: Mailbox) -> None:
    """After a cancelled send the next mail starts on a fresh connection."""
    email = notifier(mailbox, connections=1, timeout=20)
    mailbox.at_rcpt(HANG)
    sending = asyncio.create_task(email.send(message()))
    while "rcpt" not in mailbox.commands:
        await asyncio.sleep(0.005)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert isinstance(await email.send(message()), Sent)
    await email.close()
    assert (mailbox.connections, len(mailbox.mails)) == (2, 1)


async def test_nobody_listening_is_not_now(mailbox: Mailbox) -> None:
    """A refused connection and a name that does not exist are both tried again later."""
    for over in ({"port": 1}, {"host": "mail.invalid"}):
        outcome = await sent_by(mailbox, **over)
        assert isinstance(outcome, TryAgain) and outcome.reason is Reason.UNREACHABLE


async def test_missing_starttls_is_our_fault_and_sends_nothing(mailbox: Mailbox) -> None:
    """A server that does not offer TLS never gets the mail or the password in the clear."""
    outcome = await sent_by(mailbox, tls="starttls", username="u", password="secret-canary")
    assert isinstance(outcome, Misconfigured) and "does not offer STARTTLS" in outcome.detail
    assert "mail" not in mailbox.commands and "auth" not in mailbox.commands


@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_mail_goes_encrypted_to_a_server_we_trust(tls: str) -> None:
    """Both ways of TLS, with the certificates the operator names."""
    with encrypted_mailbox(tls) as mailbox:
        outcome = await sent_by(mailbox, tls=tls, ca_file=CERTIFICATES / "ca.pem", timeout=3)
        assert isinstance(outcome, Sent) and len(mailbox.mails) == 1


@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_a_certificate_nobody_vouches_for_is_refused(tls: str) -> None:
    """And the operator is told in a sentence; no mail is given."""
    with encrypted_mailbox(tls) as mailbox:
        outcome = await sent_by(mailbox, tls=tls, timeout=3)
        assert isinstance(outcome, Misconfigured) and "certificate is not trusted" in outcome.detail
        assert not mailbox.mails


async def test_tls_where_none_is_spoken_is_our_fault(mailbox: Mailbox) -> None:
    """Port and tls do not fit each other."""
    outcome = await sent_by(mailbox, tls="tls", timeout=3)
    assert isinstance(outcome, Misconfigured) and "check port and tls" in outcome.detail


async def test_a_login_is_used_and_once_for_a_connection() -> None:
    """The server knows who writes."""
    with Mailbox(users={"tbt": "right"}) as mailbox:
        email = notifier(mailbox, username="tbt", password=SecretStr("right"))
        assert [type(await email.send(message())) for _ in range(2)] == [Sent, Sent]
        await email.close()
        assert [mail.login for mail in mailbox.mails] == ["tbt", "tbt"]
        assert mailbox.commands.count("auth") == 1


@pytest.mark.parametrize("given", ["wrong-canary-password", ""])
async def test_a_refused_login_is_our_fault_and_no_secret_is_told(given: str, caplog: pytest.LogCaptureFixture) -> None:
    """The password stands in no outcome and in no log, even if the server repeats it."""
    caplog.set_level(logging.DEBUG)
    with Mailbox(users={"tbt": "right"}) as mailbox:
        if given:
            mailbox.at("auth", f"535 5.7.8 bad password {given}", always=True)
        outcome = await sent_by(mailbox, username="tbt", password=SecretStr(given))
    assert isinstance(outcome, Misconfigured) and "refuses our login" in outcome.detail
    if given:
        ours = [record.getMessage() for record in caplog.records if record.name != "mail.log"]  # that is the server
        assert given not in repr(outcome) and not any(given in line for line in ours)


async def test_an_address_nobody_can_write_to_is_refused_without_a_connection(mailbox: Mailbox) -> None:
    """It would only be refused by the server."""
    email = notifier(mailbox)
    for recipient in ("", "li", "李@example.com", "a@example.com\r\nRCPT TO:<b@example.com>"):
        outcome = await email.send(replace(message(), recipient=recipient))
        assert isinstance(outcome, Refused) and outcome.reason is Reason.RECIPIENT_UNKNOWN
    await email.close()
    assert mailbox.connections == 0


async def test_a_notifier_can_be_used_after_it_was_closed(mailbox: Mailbox) -> None:
    """Closing lets go of connections, of nothing else."""
    email = notifier(mailbox)
    for _ in range(2):
        assert isinstance(await email.send(message()), Sent)
        await email.close()
    assert len(mailbox.mails) == 2


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"sender": "nobody"}, "is not a mail address"),
        ({"host": "mail.example.org", "username": "u"}, "unencrypted"),
        ({"tls": "ssl"}, "starttls"),
        ({"port": 0}, "greater than or equal to 1"),
        ({"pasword": "x"}, "pasword"),
    ],
)
def test_a_wrong_setting_is_refused_when_it_is_read(over: dict[str, Any], said: str) -> None:
    """Not when the first mail is due."""
    with pytest.raises(ValidationError, match=said):
        EmailConfig(**{"host": "127.0.0.1", "tls": "none", "sender": "alerts@tbtwatch.example", **over})
