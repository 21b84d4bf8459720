"""A real SMTP server on 127.0.0.1, in a thread of its own, that answers as it is told.

with Mailbox() as mailbox:
    mailbox.at_rcpt("550 5.1.1 no such user")       # the next RCPT, once
    ... deliver to mailbox.host, mailbox.port ...
    [mail] = mailbox.mails
    assert mail["Subject"] == "…"
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

#: Answers that are no lines: what the server does instead.
DROP = "drop"  #: close the connection without a word
HANG = "hang"  #: say nothing at all, until the mailbox is closed
DROP_AFTER_DATA = "drop after data"  #: take the mail, then close without a word


@dataclass
class Received:
    """A mail as it came, with its envelope."""

    sender: str
    recipients: list[str]
    raw: bytes
    mail: EmailMessage
    connection: int  #: number of the connection it came by, from 1
    login: str = ""

    def __getitem__(self, header: str) -> str:
        return str(self.mail[header])

    @property
    def text(self) -> str:
        """The plain text part."""
        part = self.mail.get_body(("plain",))
        return part.get_content() if part else ""

    @property
    def html(self) -> str:
        """The HTML part."""
        part = self.mail.get_body(("html",))
        return part.get_content() if part else ""


@dataclass
class _Script:
    """What to answer at each step: a queue of one-time answers, then a standing one, then the usual one."""

    once: dict[str, deque[str]] = field(default_factory=dict)
    always: dict[str, str] = field(default_factory=dict)

    def next(self, step: str) -> str:
        queue = self.once.get(step)
        return queue.popleft() if queue else self.always.get(step, "")


class Mailbox:
    """The server. All methods may be called from any thread.

    `tls` offers STARTTLS with this context, `implicit_tls` speaks TLS from the first byte; `users` are the logins it
    takes, and it takes mail from nobody else if there are any.
    """

    host = "127.0.0.1"

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        implicit_tls: ssl.SSLContext | None = None,
        users: dict[str, str] | None = None,
        port: int = 0,
    ) -> None:
        self.mails: list[Received] = []
        self.connections = 0
        self.commands: list[str] = []
        self.port = port
        self._tls = tls
        self._implicit_tls = implicit_tls
        self._users = users or {}
        self._script = _Script()
        self._changed = threading.Condition()
        self._open: set[asyncio.BaseTransport] = set()
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._run, name="mailbox", daemon=True)
        self._ready = threading.Event()

    # --- what to answer

    def at(self, step: str, *answers: str, always: bool = False) -> None:
        """Answer so at a step: "connect", "ehlo", "mail", "rcpt", "data", "auth". Once each, or from now on."""
        if always:
            self._script.always[step] = answers[-1]
        else:
            self._script.once.setdefault(step, deque()).extend(answers)

    def at_rcpt(self, *answers: str) -> None:
        """Answer the next RCPT commands so."""
        self.at("rcpt", *answers)

    def at_data(self, *answers: str) -> None:
        """Answer the next mails so, after they were read."""
        self.at("data", *answers)

    def usual(self) -> None:
        """Answer as an ordinary server again."""
        self._script = _Script()

    def drop_connections(self) -> None:
        """Close every open connection, as a server does that was restarted."""
        self._in_loop(self._drop_all())

    # --- what came

    def wait_for(self, count: int, seconds: float = 5.0) -> list[Received]:
        """The mails, once there are at least so many. Raises AssertionError when they do not come in time."""
        end = time.monotonic() + seconds
        with self._changed:
            while len(self.mails) < count:
                left = end - time.monotonic()
                assert left > 0, f"{len(self.mails)} of {count} mails came within {seconds} s"
                self._changed.wait(left)
            return list(self.mails)

    def to(self, recipient: str) -> list[Received]:
        """The mails to one address."""
        return [mail for mail in list(self.mails) if recipient in mail.recipients]

    # --- life

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(5)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._in_loop(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        self._ready.set()
        self._loop.run_forever()

    async def _start(self) -> None:
        listening = socket.create_server((self.host, self.port))
        self.port = listening.getsockname()[1]
        self._server = await self._loop.create_server(self._protocol, sock=listening, ssl=self._implicit_tls)

    async def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
        await self._drop_all()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _drop_all(self) -> None:
        for transport in list(self._open):
            transport.close()
        await asyncio.sleep(0)

    def _in_loop(self, coroutine: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(5)

    def _protocol(self) -> _Conversation:
        self.connections += 1
        return _Conversation(self, self.connections)

    def _took(self, received: Received) -> None:
        with self._changed:
            self.mails.append(received)
            self._changed.notify_all()


class _Conversation(SMTP):
    """One connection."""

    def __init__(self, mailbox: Mailbox, number: int) -> None:
        self.mailbox = mailbox
        self.number = number
        super().__init__(
            self,
            hostname="mailbox.test",
            loop=mailbox._loop,
            tls_context=mailbox._tls,
            auth_require_tls=False,
            authenticator=self._check_login,
            timeout=60,
        )
        self._auth_required = bool(mailbox._users)  # as an argument it would warn of the missing TLS

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.mailbox._open.add(transport)
        answer = self.mailbox._script.next("connect") if self._original_transport is None else ""
        if answer == DROP:
            transport.close()
        if answer in (HANG, DROP):
            return
        if answer:
            writer: Any = transport
            writer.write(answer.encode() + b"\r\n")
            transport.close()
            return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.mailbox._open.discard(self.transport)
        if getattr(self, "_handler_coroutine", None) is not None:
            super().connection_lost(error)

    def eof_received(self) -> bool | None:
        return super().eof_received() if self.session is not None else False

    def _check_login(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, login: Any) -> AuthResult:
        name, password = login.login.decode(), login.password.decode()
        return AuthResult(success=self.mailbox._users.get(name) == password, auth_data=name, handled=False)

    async def smtp_AUTH(self, arg: str) -> None:
        if not await self._scripted("auth"):
            await super().smtp_AUTH(arg)

    async def smtp_EHLO(self, hostname: str) -> None:
        if not await self._scripted("ehlo"):
            await super().smtp_EHLO(hostname)

    async def smtp_MAIL(self, arg: str | None) -> None:
        if not await self._scripted("mail"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        if not await self._scripted("rcpt"):
            await super().smtp_RCPT(arg)

    async def _scripted(self, step: str) -> bool:
        """Answer as told. Returns whether there was anything told."""
        self.mailbox.commands.append(step)
        answer = self.mailbox._script.next(step)
        if not answer:
            return False
        await self._do(answer)
        return True

    async def _do(self, answer: str) -> None:
        if answer == HANG:
            await asyncio.Event().wait()
        elif answer in (DROP, DROP_AFTER_DATA):
            assert self.transport is not None
            self.transport.close()
        else:
            await self.push(answer)
            if answer.startswith("421"):
                assert self.transport is not None
                self.transport.close()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Called by aiosmtpd with the whole mail."""
        answer = self.mailbox._script.next("data")
        if not answer or answer == DROP_AFTER_DATA or answer.startswith("2"):
            raw = envelope.original_content or b""
            parsed = message_from_bytes(raw, policy=policy.default)
            self.mailbox._took(
                Received(
                    sender=envelope.mail_from or "",
                    recipients=list(envelope.rcpt_tos),
                    raw=raw,
                    mail=parsed,
                    connection=self.number,
                    login=str(session.auth_data or ""),
                )
            )
        if answer in (HANG, DROP, DROP_AFTER_DATA):
            await self._do(answer)
        return answer or f"250 2.0.0 kept as {len(self.mailbox.mails)}"
