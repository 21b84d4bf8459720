"""What people write back: the subject counts, and nothing that a program wrote by itself."""

from __future__ import annotations

import pytest

from notifiers.replies import NoReplyError, Reply, Wish, read_reply


def a_mail(subject: str, *headers: str, body: str = "hello") -> bytes:
    """A mail as it comes."""
    return "\r\n".join((f"Subject: {subject}", "From: a@example.com", *headers, "", body)).encode()


@pytest.mark.parametrize(
    ("subject", "wish", "code"),
    [
        ("confirm ABCD-EFGH-JKLM", Wish.CONFIRM, "ABCD-EFGH-JKLM"),
        ("Re: confirm abcd efgh jklm", Wish.CONFIRM, "abcd efgh jklm"),
        ("=?utf-8?B?5Zue5aSNOiDnoa7orqQgQUJDRC1FRkdILUpLTE0=?=", Wish.CONFIRM, "ABCD-EFGH-JKLM"),
        ("unsubscribe 12.15-abc234", Wish.UNSUBSCRIBE, "12.15-abc234"),
        ("AW: unsubscribe%20all-abc234.", Wish.UNSUBSCRIBE, "all-abc234"),
    ],
)
def test_a_subject_says_what_is_wanted(subject: str, wish: Wish, code: str) -> None:
    """However a mail program writes it."""
    assert read_reply(a_mail(subject)) == Reply(wish=wish, code=code)


@pytest.mark.parametrize(
    "headers",
    [
        ("Auto-Submitted: auto-replied",),
        ("Auto-Submitted: Auto-Generated; x=1",),
        ("Precedence: bulk",),
        ("X-Autoreply: yes",),
        ("Return-Path: <>",),
        ("List-Id: <a.example.org>",),
    ],
)
def test_a_program_agrees_to_nothing(headers: tuple[str, ...]) -> None:
    """An out-of-office note that quotes our code is no consent."""
    with pytest.raises(NoReplyError, match="written by a program"):
        read_reply(a_mail("Automatic reply: confirm ABCD-EFGH-JKLM", *headers))


def test_what_a_mail_quotes_says_nothing() -> None:
    """A code in the text may be our own question, quoted."""
    with pytest.raises(NoReplyError, match="has no code"):
        read_reply(a_mail("Re: Do you want messages?", body="> confirm ABCD-EFGH-JKLM"))
    with pytest.raises(NoReplyError):
        read_reply(a_mail("unsubscribe"))
    with pytest.raises(NoReplyError):
        read_reply(b"\x00\xff" * 100)
