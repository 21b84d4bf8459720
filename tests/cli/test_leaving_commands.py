"""Addresses, data and retention on the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from notifiers.message import Message
from tbtwatch.storage import open_storage
from tests.cli.world import World

GONE = "email:gone@example.com"
FAILED = """\
From: MAILER-DAEMON@mx.example.com
To: alerts@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I am sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; gone@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user

--b
Content-Type: message/rfc822

From: alerts@example.org
To: gone@example.com
Message-ID: {message_id}
Subject: New measure

text
--b--
"""
COMPLAINT = """\
From: feedback@mx.example.com
To: alerts@example.org
Subject: complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an abuse report.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: mx/1
Version: 1
Original-Rcpt-To: <gone@example.com>

--b
Content-Type: text/rfc822-headers

From: alerts@example.org
To: gone@example.com
Message-ID: {message_id}

--b--
"""


def ask(world: World) -> None:
    """One subscription at two addresses."""
    assert world("subscribe", "--enterprise", "N", "--email", "gone@example.com", "--file", "n", "--hs", "22").code == 0


def sent(world: World) -> str:
    """The Message-ID of a mail that is owed to the address."""
    storage = open_storage(f"sqlite:///{world.home / 'tbtwatch.db'}")
    message = Message(recipient="gone@example.com", subject="s", text="t", message_id="<1f.tbtwatch@example.org>")
    with storage.begin() as tx:
        now = datetime.now(UTC)
        tx.outbox.add(
            key="k", kind="alert", channel="email", target="gone@example.com", message=message, alerts=(), now=now
        )
    storage.close()
    return message.message_id


def test_an_address_is_ended_and_restored_by_hand(stocked: World) -> None:
    """Shown in the list until it is restored; the other address is told; a wrong address is one sentence."""
    ask(stocked)
    said = stocked("address", "end", GONE, "--why", "left the firm")
    assert said.out == f"{GONE} was ended for 1 subscriptions; 1 other addresses are told.\n"
    (listed,) = stocked("address", "list", "--json").json
    assert (listed["target"], listed["reason"], listed["detail"]) == ("gone@example.com", "staff", "left the firm")
    assert "nothing is subscribed to at email:gone@example.com" in stocked("address", "end", GONE).sentence

    assert stocked("address", "restore", GONE, "--by", "Li Na", "--json").json == {
        "subscriptions": [1],
        "sent_again": 0,
        "in_digest": 0,
    }
    assert stocked("address", "list", "--json").json == []
    assert "was not ended" in stocked("address", "restore", GONE, "--by", "Li Na").sentence
    assert "is no address; write email:a@example.com" in stocked("address", "end", "gone").sentence
    assert "is not suppressed" in stocked("address", "lift", GONE, "--by", "Li Na", "--reason", "so").sentence


@pytest.mark.parametrize(
    ("report", "ended"),
    [
        (FAILED.replace("{action}", "failed").replace("{status}", "5.1.1"), "bounce"),
        (COMPLAINT, "complaint"),
        (FAILED.replace("{action}", "delayed").replace("{status}", "4.4.1"), ""),
        (FAILED.replace("{action}", "failed").replace("{status}", "5.2.2"), ""),
    ],
)
def test_a_report_ends_the_address_it_is_about(stocked: World, report: str, ended: str) -> None:
    """No such user and a complaint do; a delay and a full mailbox do not."""
    ask(stocked)
    mail = stocked.home / "report.eml"
    mail.write_text(report.replace("{message_id}", sent(stocked)))
    said = stocked("address", "bounce", mail)
    assert said.code == 0, said
    assert [one["reason"] for one in stocked("address", "list", "--json").json] == ([ended] if ended else [])
    assert ("was ended for 1" if ended else "is not ended") in said.out


def test_a_forged_report_ends_nothing(stocked: World) -> None:
    """Whoever does not know the Message-ID never had the mail; another mail is no report."""
    ask(stocked)
    sent(stocked)
    mail = stocked.home / "report.eml"
    mail.write_text(FAILED.format(action="failed", status="5.1.1", message_id="<guess@example.org>"))
    assert "is no message that was sent from here" in stocked("address", "bounce", mail).sentence
    other = EmailMessage()
    other["Subject"] = "Out of office"
    other.set_content("I am away.")
    mail.write_bytes(other.as_bytes())
    assert "is no delivery report" in stocked("address", "bounce", mail).sentence
    assert "cannot be read" in stocked("address", "bounce", "missing.eml").sentence
    assert stocked("address", "list", "--json").json == []


def test_an_enterprise_is_exported_and_erased(stocked: World) -> None:
    """Not without --yes; afterwards nobody subscribes with its address until that is lifted."""
    ask(stocked)
    assert stocked("enterprise", "export", "N", "--to", "n.json").code == 0
    assert json.loads((stocked.home / "n.json").read_text())["tables"]["enterprise"][0]["name"] == "N"
    by = ("--by", "Li Na", "--why", "asked")
    assert "this cannot be undone" in stocked("enterprise", "erase", "N", *by).sentence
    assert "rows would be erased" in stocked("enterprise", "erase", "N", *by, "--dry-run").out
    done = stocked("enterprise", "erase", "N", *by, "--yes")
    assert "2 addresses: nothing is sent there again" in done.out
    assert "delete that folder by hand" in done.err
    assert "there is no enterprise 'N'" in stocked("enterprise", "export", "N").sentence

    again = ("subscribe", "--enterprise", "N", "--email", "gone@example.com", "--hs", "22")
    assert "is suppressed since" in stocked(*again).sentence
    assert stocked("address", "lift", GONE, "--by", "Li Na", "--reason", "asked again").code == 0
    assert stocked(*again).code == 0


def test_retention_and_ageing_are_shown(stocked: World) -> None:
    """What would go, and what brought nothing."""
    ask(stocked)
    assert "0 messages would be emptied" in stocked("retention", "--dry-run").out
    assert stocked("retention", "--json").json["former"] == []
    assert stocked("ageing", "--json").json == []
