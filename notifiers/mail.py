"""A message as a mail: headers, both parts, ready for an SMTP server."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.header import Header
from email.headerregistry import Address as MailAddress
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, Policy
from email.utils import parseaddr
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from notifiers.addresses import AddressError, check_mail
from notifiers.message import Message
from watcher.text import one_line

#: The name that stands before our address when the operator gave none.
SENDER_NAME = "tbtwatch"
_LONGEST_HEADER = 900
#: Header fields that a rendered message may bring; all others are set here.
_OPEN_HEADERS = ("list-", "x-")
#: Fields that no two mails have in common, and that are nobody's to remember.
_PERSONAL = frozenset({"to", "message-id", "list-unsubscribe"})


class _Verbatim(UnstructuredHeader, BaseHeader):
    """A field that is written as it is. The standard library would fold a long address into encoded words."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        kwds["parse_tree"] = cls.value_parser("")
        kwds["decoded"] = value

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class _Subject(_Verbatim):
    """A subject whose words arrive exactly, also those that look like an encoded word."""

    def fold(self, *, policy: Policy) -> str:
        return f"Subject: {_folded(str(self), policy.linesep)}{policy.linesep}"


@lru_cache(maxsize=64)  # hundreds of readers of one measure have the same subject
def _folded(subject: str, linesep: str) -> str:
    plain = subject.isascii() and "=?" not in subject
    words = Header(subject, "us-ascii" if plain else "utf-8", header_name="Subject", maxlinelen=76)
    return words.encode(linesep=linesep)


class _Registry(HeaderRegistry):
    """Makes the class of a field once, and a field that many mails have in common too."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, Any] = {}
        self._known = lru_cache(maxsize=256)(super().__call__)

    def __getitem__(self, name: str) -> Any:
        lower = name.lower()
        if lower not in self.registry:
            return super().__getitem__(name)
        if lower not in self._made:
            self._made[lower] = super().__getitem__(name)
        return self._made[lower]

    def __call__(self, name: str, value: Any) -> Any:
        shared = isinstance(value, str) and name.lower() not in _PERSONAL
        return self._known(name, value) if shared else super().__call__(name, value)


class _FoldsOnce(EmailPolicy):
    """The policy of mail by SMTP, which folds a field that many mails have in common for the first of them."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        if not isinstance(value, BaseHeader):
            return super().fold_binary(name, value)
        folded: bytes | None = value.__dict__.get("folded")
        if folded is None:
            folded = value.__dict__["folded"] = super().fold_binary(name, value)
        return folded


def _policy() -> Policy:
    registry = _Registry()
    registry.map_to_type("subject", _Subject)
    for name in ("list-id", "list-unsubscribe", "list-unsubscribe-post", "message-id", "references", "in-reply-to"):
        registry.map_to_type(name, _Verbatim)
    return _FoldsOnce(linesep=SMTP.linesep, header_factory=registry)


_POLICY = _policy()


@lru_cache(maxsize=16)
def split_sender(sender: str) -> tuple[str, str]:
    """Display name and address of "TBT watch <alerts@example.org>". Raises `AddressError`."""
    line = one_line(sender, _LONGEST_HEADER)
    name, address = parseaddr(line)
    return name or SENDER_NAME, check_mail(address or line)


def build_mail(message: Message, sender: str, date: datetime) -> EmailMessage:
    """The mail of a message. The same message gives the same bytes, but for the date.

    `sender` is an address, with a name before it if wanted. Control characters are taken out of every header, so
    that no title can add one or lose the message. Raises `AddressError` if sender or recipient cannot be written to,
    ValueError if `date` has no time zone.
    """
    if date.utcoffset() is None:
        raise ValueError(f"the date {date.isoformat()} of a mail has no time zone: give it one, UTC if in doubt")
    name, address = split_sender(sender)
    domain = address.rpartition("@")[2]
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _written(name, address)
    mail["To"] = MailAddress(addr_spec=check_mail(message.recipient))
    mail["Subject"] = one_line(message.subject, 200) or one_line(message.text, 100)
    mail["Date"] = date
    mail["Message-ID"] = _id(message.message_id) or _own_id(message, domain)
    if (thread := _id(message.thread)) and thread != mail["Message-ID"]:
        mail["In-Reply-To"] = thread
        mail["References"] = thread
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    for header, value in _list_headers(message, address, domain).items():
        if header not in mail:
            mail[header] = one_line(value, _LONGEST_HEADER)
    _set_parts(mail, message)
    return mail


@lru_cache(maxsize=16)
def _written(name: str, address: str) -> str:
    """A sender as the field of a mail."""
    return str(MailAddress(display_name=name, addr_spec=address))


def _list_headers(message: Message, address: str, domain: str) -> dict[str, str]:
    """What mail programs and servers read to sort mail and to end it (RFC 2369, RFC 2919, RFC 8058)."""
    stream = "".join(char for char in message.stream.lower() if char.isalnum() and char.isascii()) or "messages"
    headers = {
        header: value
        for header, value in message.headers.items()
        if header.lower().startswith(_OPEN_HEADERS) and header.replace("-", "").isalnum() and header.isascii()
    }
    headers.setdefault("List-Id", f"{SENDER_NAME} {stream} <{stream}.{domain}>")
    by_mail = f"<mailto:{quote(address, safe='@+')}?subject=unsubscribe>"
    offered = one_line(headers.get("List-Unsubscribe", ""), _LONGEST_HEADER)
    if len(offered) + len(by_mail) > _LONGEST_HEADER or not offered.isascii():
        offered = ""
        headers.pop("List-Unsubscribe-Post", None)
    # A mail address that was offered carries the subscription's code; the bare one would only compete with it.
    ways = (offered,) if "<mailto:" in offered else (offered, by_mail)
    headers["List-Unsubscribe"] = ", ".join(part for part in ways if part)
    return headers


def _set_parts(mail: EmailMessage, message: Message) -> None:
    mail.set_content(_encodable(message.text), cte=_encoding(message.text))
    if message.html:
        mail.add_alternative(_encodable(message.html), subtype="html", cte=_encoding(message.html))
        mail.set_boundary("=_" + hashlib.sha256(mail["Message-ID"].encode()).hexdigest()[:32])


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _encoding(text: str) -> str:
    """The shorter of the two that pass every mail server; never raw 8-bit lines."""
    foreign = len(text) - len(text.encode("ascii", "ignore"))
    return "base64" if foreign * 6 > len(text) else "quoted-printable"


def _id(text: str) -> str:
    """A message id with its angle brackets, or "" if the text cannot be one."""
    name = one_line(text, _LONGEST_HEADER).strip("<>")
    return f"<{name}>" if name and "@" in name and name.isascii() and " " not in name else ""


def _own_id(message: Message, domain: str) -> str:
    content = "\0".join((message.recipient, message.subject, message.text))
    return f"<{hashlib.sha256(content.encode('utf-8', 'replace')).hexdigest()[:32]}@{domain}>"


__all__ = ["AddressError", "build_mail", "split_sender"]
