"""Mails that come back: a delivery status notification (RFC 3464) or a complaint (RFC 5965), read. Nothing is sent.

A report is believed only for a message of ours: its Message-ID is made by chance, so that who names it had the mail.
"""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import Message

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b", re.ASCII)
_ADDRESS = re.compile(r"[^\s<>;,\"]+@[^\s<>;,\"]+")
_LARGEST = 5_000_000
_COMPLAINTS = ("abuse", "fraud", "other")
#: Enhanced codes that say that nobody is there, or takes nothing any more.
_NOBODY = ("5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4")


class NoBounceError(ValueError):
    """The mail is no report; the sentence says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """What a report says of one message."""

    message_id: str  #: of our message
    recipients: tuple[str, ...]  #: addresses that the report names, the one it was first sent to among them
    complaint: bool = False
    status: str = ""  #: "5.1.1"
    said: str = ""

    @property
    def ends(self) -> str:
        """Why the address is ended: "complaint", "bounce"; empty: it is not."""
        if self.complaint:
            return "complaint"
        return "bounce" if self.status in _NOBODY else ""


def read_bounce(raw: bytes) -> Bounce:
    """What a mail reports. Raises NoBounceError."""
    report = email.message_from_bytes(raw[:_LARGEST], policy=email.policy.default)
    fields = [part for part in report.walk() if part.get_content_type() in _REPORTS]
    original = next((part for part in report.walk() if part.get_content_type() in _ORIGINALS), None)
    if not fields or original is None:
        raise NoBounceError(
            "this mail is no delivery report and no complaint with the mail it is about; keep the report as it came "
            "(.eml), or end the address by hand with `tbtwatch address end`"
        )
    header = _headers(original)
    message_id = str(header.get("Message-ID", "")).strip()
    if not message_id:
        raise NoBounceError("this report does not name the mail it is about; end the address by hand")
    named = {name: value for part in fields for name, value in _named(part)}
    said = " ".join(named.get("diagnostic-code", "").split())[:300]
    recipients = [named.get(name, "") for name in ("original-recipient", "final-recipient", "original-rcpt-to")]
    recipients.append(str(header.get("To", "")))
    found = dict.fromkeys(address for text in recipients for address in _ADDRESS.findall(text))
    complaint = "feedback-type" in named
    failed = named.get("action", "").casefold() == "failed"
    status = _STATUS.search(named.get("status", "")) or _STATUS.search(said)
    return Bounce(
        message_id=message_id,
        recipients=tuple(found),
        complaint=complaint and named["feedback-type"].casefold() in _COMPLAINTS,
        status=status[0] if status and failed else "",
        said=said or named.get("feedback-type", ""),
    )


_REPORTS = ("message/delivery-status", "message/feedback-report")
_ORIGINALS = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers")


def _headers(original: Message) -> Message:
    payload = original.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Message):
        return payload[0]
    return email.message_from_string(str(payload).lstrip(), policy=email.policy.compat32)


def _named(part: Message) -> list[tuple[str, str]]:
    """The fields of a report, those of the recipient after those of the message."""
    payload = part.get_payload()
    whole = [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []
    blocks = whole or [email.message_from_string(str(payload).lstrip())]
    return [(name.casefold(), str(value).strip()) for block in blocks for name, value in block.items()]
