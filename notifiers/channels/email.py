"""Mail, by SMTP to the operator's own mail server."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import ClassVar, Literal, Self

import aiosmtplib
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from notifiers.addresses import AddressError, check_mail
from notifiers.channels._smtp_answers import Stage, outcome_of
from notifiers.mail import build_mail, split_sender
from notifiers.message import Message
from notifiers.outcome import Outcome, Reason, Refused, Sent
from watcher.text import one_line


class EmailConfig(BaseModel):
    """How to reach the mail server, and as whom to write."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str
    port: int = Field(default=587, ge=1, le=65535)
    tls: Literal["none", "starttls", "tls"] = "starttls"  #: "starttls": required, not merely tried
    username: str = ""
    password: SecretStr = SecretStr("")
    sender: str  #: "alerts@example.org" or "TBT watch <alerts@example.org>"
    timeout: float = Field(default=30.0, gt=0)  #: seconds to wait for each answer
    connections: int = Field(default=4, ge=1, le=50)  #: how many mails may be under way at once
    ca_file: Path | None = None  #: certificates to trust instead of the system's; they are always checked

    @field_validator("sender")
    @classmethod
    def _sender_can_be_written_to(cls, sender: str) -> str:
        split_sender(sender)
        return sender

    @model_validator(mode="after")
    def _no_password_in_the_clear(self) -> Self:
        if self.username and self.tls == "none" and not _is_this_machine(self.host):
            raise ValueError("a password would cross the network unencrypted: set tls to starttls or tls")
        return self


class EmailNotifier:
    """Keeps a few connections open; each carries one mail at a time."""

    name: ClassVar[str] = "email"
    Config: ClassVar[type[BaseModel]] = EmailConfig

    def __init__(self, config: EmailConfig, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._config = config
        self._clock = clock
        self._lines = [_Line(config) for _ in range(config.connections)]
        self._free: asyncio.LifoQueue[_Line] | None = None  # the last used first, so that few stay open

    async def send(self, message: Message) -> Outcome:
        """Hand one mail to the server. What the server or the network does is an outcome, never an exception."""
        try:
            recipient = check_mail(message.recipient)
            mail = build_mail(message, self._config.sender, message.dated or self._clock())
        except AddressError as error:
            return Refused(reason=Reason.RECIPIENT_UNKNOWN, detail=one_line(str(error), 300))
        free = self._free_lines()
        line = await free.get()
        try:
            return await line.send(recipient, mail.as_bytes())
        finally:
            free.put_nowait(line)

    async def close(self) -> None:
        """Say goodbye on every open connection."""
        lines, self._free = self._lines, None
        self._lines = [_Line(self._config) for _ in lines]  # fresh ones, fit for another event loop
        await asyncio.gather(*(line.hang_up() for line in lines))

    def _free_lines(self) -> asyncio.LifoQueue[_Line]:
        if self._free is None:
            self._free = asyncio.LifoQueue()
            for line in self._lines:
                self._free.put_nowait(line)
        return self._free


class _Line:
    """One connection, opened when needed and kept for the next mail."""

    def __init__(self, config: EmailConfig) -> None:
        self._config = config
        self._smtp: aiosmtplib.SMTP | None = None
        self._lock = asyncio.Lock()
        self._stage = Stage.CONNECT
        self._logged_in = False

    async def send(self, recipient: str, mail: bytes) -> Outcome:
        """One mail; once more on a fresh connection if a kept one proves dead before the mail was handed over."""
        async with self._lock:
            kept = self._smtp is not None and self._smtp.is_connected
            try:
                return await self._attempt(recipient, mail)
            except _Failed as failed:
                if not (kept and failed.connection_lost and failed.stage < Stage.DATA):
                    return failed.outcome
            try:
                return await self._attempt(recipient, mail)
            except _Failed as failed:
                return failed.outcome

    async def hang_up(self) -> None:
        """End the connection politely, or at once if the server does not answer."""
        async with self._lock:
            smtp, self._smtp = self._smtp, None
            if smtp is None or not smtp.is_connected:
                return
            try:
                await smtp.quit(timeout=min(self._config.timeout, 2.0))
            except (aiosmtplib.SMTPException, OSError):
                smtp.close()

    async def _attempt(self, recipient: str, mail: bytes) -> Outcome:
        self._stage = Stage.CONNECT
        try:
            # A server that sends a byte now and then would never run into the time-out of a single answer.
            async with asyncio.timeout(self._config.timeout * 8):
                return await self._converse(recipient, mail)
        except (aiosmtplib.SMTPException, OSError) as error:
            lost = await self._after_failure(error)
            outcome = self._without_secrets(outcome_of(error, self._stage))
            raise _Failed(outcome=outcome, stage=self._stage, connection_lost=lost) from error
        except BaseException:
            self._drop()  # cancelled half way: nobody knows where the conversation stands
            raise

    async def _converse(self, recipient: str, mail: bytes) -> Outcome:
        if self._smtp is None or not self._smtp.is_connected:
            self._logged_in = False
            self._smtp = self._new_client()
            await self._smtp.connect()
        if self._config.username and not self._logged_in:
            self._stage = Stage.LOGIN
            await self._smtp.login(self._config.username, self._config.password.get_secret_value())
            self._logged_in = True
        self._stage = Stage.MAIL
        await self._smtp.mail(split_sender(self._config.sender)[1])
        self._stage = Stage.RCPT
        await self._smtp.rcpt(recipient)
        self._stage = Stage.DATA
        answer = await self._smtp.data(mail)
        return Sent(reference=one_line(answer.message, 200))

    def _new_client(self) -> aiosmtplib.SMTP:
        config = self._config
        return aiosmtplib.SMTP(
            hostname=config.host,
            port=config.port,
            timeout=config.timeout,
            use_tls=config.tls == "tls",
            start_tls=config.tls == "starttls",  # False, not None: never upgraded unasked, never left undone
            tls_context=_tls_context(config) if config.tls != "none" else None,
            local_hostname=_own_name(),
        )

    async def _after_failure(self, error: Exception) -> bool:
        """Make the connection ready for the next mail. Returns whether it was lost."""
        answered = isinstance(error, aiosmtplib.SMTPResponseException) and error.code > 0 and error.code != 421
        if answered and self._stage >= Stage.MAIL and self._smtp is not None and self._smtp.is_connected:
            try:
                await self._smtp.rset()
            except (aiosmtplib.SMTPException, OSError):
                self._drop()
            return False
        self._drop()
        return not answered

    def _drop(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    def _without_secrets(self, outcome: Outcome) -> Outcome:
        """A server may repeat what it was sent."""
        password = self._config.password.get_secret_value()
        if isinstance(outcome, Sent) or len(password) < 4:
            return outcome
        return replace(outcome, detail=outcome.detail.replace(password, "***"))


@dataclass(frozen=True)
class _Failed(Exception):  # noqa: N818 - carries an outcome, is no error of ours
    outcome: Outcome
    stage: Stage
    connection_lost: bool


def _tls_context(config: EmailConfig) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(config.ca_file) if config.ca_file else None)


def _own_name() -> str:
    """What we call ourselves in EHLO; the system's name, never looked up, which may take long."""
    name = socket.gethostname()
    return name if name and name.isascii() and not any(char.isspace() for char in name) else "localhost"


def _is_this_machine(host: str) -> bool:
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


NOTIFIER = EmailNotifier
