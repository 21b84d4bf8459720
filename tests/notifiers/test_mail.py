"""A message as a mail: what mail programs and servers read."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifiers.addresses import AddressError
from notifiers.mail import build_mail
from notifiers.message import Message
from notifiers.render import render_alert
from tests.notifiers.contents import alert, message
from watcher.text import one_line

DATE = datetime(2026, 2, 2, 10, 5, tzinfo=UTC)
SENDER = "TBT watch <alerts@tbtwatch.example>"


def arrived(sent: Message, sender: str = SENDER) -> EmailMessage:
    """The mail as a mail program reads it, after the wire."""
    raw = build_mail(sent, sender, DATE).as_bytes()
    assert raw.isascii() and max(map(len, raw.split(b"\r\n"))) <= 998 and b"\n" not in raw.replace(b"\r\n", b"")
    parsed = message_from_bytes(raw, policy=policy.default)
    assert isinstance(parsed, EmailMessage) and not parsed.defects
    return parsed


def test_a_mail_carries_what_programs_read() -> None:
    """Who writes, that it is automatic, which list it belongs to, how to end it, and its place in a thread."""
    content = alert(unsubscribe="https://tbtwatch.example/u?s=1&k=" + "k" * 120)
    rendered = render_alert(content, channel="email", language="en", recipient="drinks@example.com")
    sent = Message(
        recipient=rendered.recipient,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        headers=rendered.headers,
        stream=rendered.stream,
        message_id="<17.a1b2@tbtwatch.example>",
        thread="<m1.s1@tbtwatch.example>",
    )
    mail = arrived(sent)
    assert {name: str(mail[name]) for name in mail if not name.startswith(("Content", "MIME"))} == {
        "From": SENDER,
        "To": "drinks@example.com",
        "Subject": rendered.subject,
        "Date": "Mon, 02 Feb 2026 10:05:00 +0000",
        "Message-ID": "<17.a1b2@tbtwatch.example>",
        "In-Reply-To": "<m1.s1@tbtwatch.example>",
        "References": "<m1.s1@tbtwatch.example>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "List-Id": "tbtwatch alerts <alerts.tbtwatch.example>",
        "List-Unsubscribe": f"<{content.unsubscribe}>, <mailto:alerts@tbtwatch.example?subject=unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None and text.get_content().splitlines() == rendered.text.splitlines()
    assert html is not None and html.get_content().splitlines() == rendered.html.splitlines()


def test_one_click_is_promised_only_over_https() -> None:
    """Without a link a mail can still be ended by writing; the header that promises one click is then absent."""
    for headers in ({}, {"List-Unsubscribe": "<http://tbtwatch.example/u>"}):
        mail = arrived(message(headers=headers))
        assert str(mail["List-Unsubscribe"]).endswith("<mailto:alerts@tbtwatch.example?subject=unsubscribe>")
        assert mail["List-Unsubscribe-Post"] is None
    rendered = render_alert(
        alert(unsubscribe="http://a.example/u"), channel="email", language="en", recipient="a@b.com"
    )
    assert rendered.headers == {"List-Unsubscribe": "<http://a.example/u>"}


@settings(max_examples=300, deadline=None)
@given(subject=st.text(max_size=250), text=st.text(max_size=300))
def test_any_subject_and_text_arrive_as_they_are(subject: str, text: str) -> None:
    """Also words that look like encoded ones, and every script; control characters are gone, the mail is not."""
    mail = arrived(message(subject=subject, text=text))
    expected = one_line(subject, 200) or one_line(text, 100)
    assert " ".join(str(mail["Subject"]).split()) == " ".join(expected.split())
    assert len(mail.get_all("Subject", [])) == 1


@pytest.mark.parametrize(
    "subject",
    [
        "Kenya | Jelly\r\nBcc: all@example.com",
        "Kenya | Jelly\nX-Evil: 1\n\nbody",
        "Kenya\u2028Subject: other",
        "=?utf-8?q?=0ABcc:_all@example.com?=",
        "x" * 1000,
    ],
)
def test_no_subject_can_add_a_header_or_lose_the_mail(subject: str) -> None:
    """A line break in a title is only a blank."""
    mail = arrived(message(subject=subject))
    assert mail["Bcc"] is None and mail["X-Evil"] is None
    assert len(str(mail["Subject"])) <= 200 and mail["To"] == "drinks@example.com"


def test_a_rendered_message_cannot_bring_headers_that_are_not_its_own() -> None:
    """Only List- and X- headers are taken, cleaned, and never over ours."""
    headers = {
        "Bcc": "all@example.com",
        "From": "x@y.z",
        "X-Auto-Response-Suppress": "None",
        "X-Batch": "a\r\nBcc: b@c.d",
        "List-Bad name": "1",
        "List-Help": "<https://tbtwatch.example/help>",
    }
    mail = arrived(message(headers=headers))
    assert mail["Bcc"] is None and str(mail["From"]) == SENDER
    assert str(mail["X-Auto-Response-Suppress"]) == "All"
    assert str(mail["X-Batch"]) == "a Bcc: b@c.d"
    assert str(mail["List-Help"]) == "<https://tbtwatch.example/help>"


def test_the_same_message_is_the_same_mail() -> None:
    """Sent again after an unknown outcome it has the same bytes, so that programs see one mail."""
    assert build_mail(message(), SENDER, DATE).as_bytes() == build_mail(message(), SENDER, DATE).as_bytes()


def test_a_message_without_an_id_gets_one_from_its_content() -> None:
    """No mail goes out without an id, and one that cannot be an id is not sent as one."""
    one, two = (arrived(message(message_id=given))["Message-ID"] for given in ("", "no id\r\nBcc: a@b.c"))
    assert one == two and str(one).endswith("@tbtwatch.example>")
    assert arrived(message(message_id="", text="other"))["Message-ID"] != one


def test_a_mail_is_not_an_answer_to_itself() -> None:
    """The first mail of a thread whose id it is has no References."""
    assert arrived(message(thread="<17.a1b2c3d4@tbtwatch.example>"))["References"] is None


@pytest.mark.parametrize(
    ("sender", "shown"),
    [
        ("alerts@tbtwatch.example", "tbtwatch <alerts@tbtwatch.example>"),
        ("技贸预警 <alerts@例子.中国>", "技贸预警 <alerts@xn--fsqu00a.xn--fiqs8s>"),
        ('"Watch, TBT" <alerts@tbtwatch.example>', '"Watch, TBT" <alerts@tbtwatch.example>'),
    ],
)
def test_the_sender_has_a_name_and_a_domain_that_servers_read(sender: str, shown: str) -> None:
    """A bare address gets our name; a Chinese domain is written as servers want it."""
    assert str(arrived(message(), sender)["From"]) == shown


def test_a_recipient_with_a_foreign_domain_is_written_as_servers_want_it() -> None:
    """Its local part must be plain."""
    assert str(arrived(message(recipient="li@例子.中国"))["To"]) == "li@xn--fsqu00a.xn--fiqs8s"
    with pytest.raises(AddressError):
        build_mail(message(recipient="李@例子.中国"), SENDER, DATE)


def test_a_date_without_a_zone_is_refused() -> None:
    """A mail's date is a moment."""
    with pytest.raises(ValueError, match="has no time zone"):
        build_mail(message(), SENDER, DATE.replace(tzinfo=None))
