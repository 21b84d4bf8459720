"""What people write back: that they unsubscribe, or agree. Read from a mail's subject alone; nothing is sent.

A program that answers by itself quotes the subject or the text of our mail: such a mail says nothing. Who wrote it is
not believed either: the code is, which only the reader of our mail can know.
"""

from __future__ import annotations

import email
import email.message
import email.policy
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

from watcher.text import one_line

_LARGEST = 5_000_000
_CONFIRM = re.compile(
    r"(?:confirm|确认)\s*[:：]?\s*(?P<code>[A-Z0-9]{4}[ -]?[A-Z0-9]{4}[ -]?[A-Z0-9]{4})\b", re.IGNORECASE
)
_UNSUBSCRIBE = re.compile(r"(?:unsubscribe|退订)\s*[:：]?\s*(?P<code>\S+)", re.IGNORECASE)
_BY_ITSELF = ("bulk", "junk", "list", "auto_reply")
_SIGNS = "\"'“”‘’<>()（）[]【】,，;；:：.。!！"


class Wish(StrEnum):
    """What somebody wants."""

    CONFIRM = "confirm"
    UNSUBSCRIBE = "unsubscribe"


class NoReplyError(ValueError):
    """The mail says nothing that can be acted on; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What somebody wrote back."""

    wish: Wish
    code: str


def read_reply(raw: bytes) -> Reply:
    """What a mail wants. Raises NoReplyError."""
    mail = email.message_from_bytes(raw[:_LARGEST], policy=email.policy.default)
    if _by_itself(mail):
        raise NoReplyError("this mail was written by a program (an out-of-office note, a list): it says nothing")
    subject = unquote(one_line(str(mail.get("Subject", "")), 500))
    if found := _CONFIRM.search(subject):
        return Reply(wish=Wish.CONFIRM, code=found["code"])
    if found := _UNSUBSCRIBE.search(subject):
        return Reply(wish=Wish.UNSUBSCRIBE, code=found["code"].strip(_SIGNS))
    raise NoReplyError(
        "the subject of this mail has no code: it should read “unsubscribe CODE” or “confirm CODE”; read it yourself, "
        "and use `tbtwatch unsubscribe` or `tbtwatch address confirm`"
    )


def _by_itself(mail: email.message.Message) -> bool:
    submitted = str(mail.get("Auto-Submitted", "no")).strip().casefold()
    return (
        not submitted.startswith("no")
        or str(mail.get("Precedence", "")).strip().casefold() in _BY_ITSELF
        or any(name in mail for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "List-Id"))
        or str(mail.get("Return-Path", "?")).strip() in ("", "<>")
    )
