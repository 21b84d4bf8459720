"""The mail server of the demo: a real SMTP conversation on 127.0.0.1; each mail it takes becomes an .eml file."""

from __future__ import annotations

import asyncio
import re
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP


class Postbox:
    """Takes every mail and writes it into a folder, numbered in the order they came."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.mails: list[EmailMessage] = []
        self.files: list[Path] = []
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            self._loop.create_server(lambda: SMTP(self, hostname="demo", loop=self._loop), "127.0.0.1", 0)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(server.wait_closed())
        self._loop.close()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ARG002, N802
        """Write the mail down, then say that it was taken."""
        mail = message_from_bytes(envelope.content, policy=policy.default)
        name = re.sub(r"[^a-z0-9]+", "-", envelope.rcpt_tos[0].split("@")[0].lower())
        path = self._folder / f"{len(self.files) + 1:02}-{name}.eml"
        path.write_bytes(envelope.content)
        self.mails.append(mail)
        self.files.append(path)
        return "250 OK"
