"""Not a benchmark: a mail server on loopback that keeps what it is given, in a process of its own.

The first line printed is JSON: `{"port": number}`. After that each line on its input is answered with the mails that
came since the last, `{"mails": [{"at": seconds of the monotonic clock, "to": [...], "octets": text}]}`, until the input
ends.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP


class _Kept:
    def __init__(self) -> None:
        self.mails: list[dict[str, Any]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802, ARG002
        octets: bytes = envelope.content
        self.mails.append({"at": time.monotonic(), "to": envelope.rcpt_tos, "octets": octets.decode("latin-1")})
        return "250 OK"


async def _serve() -> None:
    kept = _Kept()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(kept, enable_SMTPUTF8=True, data_size_limit=0), "127.0.0.1", 0
    )
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        mails, kept.mails = kept.mails, []
        print(json.dumps({"mails": mails}), flush=True)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that came."""

    at: float  #: time.monotonic()
    message: EmailMessage

    def text(self) -> str:
        """Its subject and all that is text in it."""
        parts = [part.get_content() for part in self.message.walk() if part.get_content_maintype() == "text"]
        return "\n".join([str(self.message["Subject"]), *parts])


class Sink:
    """The mail server's process as the others see it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.port: int = self._read()["port"]

    def taken(self) -> list[Mail]:
        """What came since this was asked last."""
        assert self._process.stdin is not None
        self._process.stdin.write("{}\n")
        self._process.stdin.flush()
        return [
            Mail(one["at"], message_from_bytes(one["octets"].encode("latin-1"), policy=policy.default))
            for one in self._read()["mails"]
        ]

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told


@contextmanager
def mail_server() -> Iterator[Sink]:
    """A mail server in a process of its own, for as long as this lasts."""
    with subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Sink(process)
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(_serve())
