"""Telegram, by its Bot API. The library for it is large and is loaded when the first message is sent."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from notifiers.message import Message
from notifiers.outcome import Outcome

if TYPE_CHECKING:
    from notifiers.channels._bot_api import BotApi

# The library's own switch to its coming form of durations; without it every answer of flood control is a warning.
os.environ.setdefault("PTB_TIMEDELTA", "true")

HIDDEN = "***"  #: in place of a token


class TelegramConfig(BaseModel):
    """How to reach the Bot API."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token: SecretStr
    base_url: str = "https://api.telegram.org/bot"  #: the token follows it directly
    timeout: float = Field(default=20.0, gt=0)  #: seconds for each step of a request
    connections: int = Field(default=4, ge=1)
    proxy: str | None = None  #: "http://…" or "socks5://…"; the environment's is not used


class TelegramNotifier:
    """Sends a message as HTML to a chat; as plain text if the service cannot read our markup."""

    name: ClassVar[str] = "telegram"
    Config: ClassVar[type[BaseModel]] = TelegramConfig

    def __init__(self, config: TelegramConfig) -> None:
        self._config = config
        self._api: BotApi | None = None
        hide_in_logs(config.token)

    async def send(self, message: Message) -> Outcome:
        """Send one chat message. Flood control, a lost connection and the like are outcomes."""
        if self._api is None:
            from notifiers.channels._bot_api import BotApi

            self._api = BotApi(self._config)
        return await self._api.send(message)

    async def close(self) -> None:
        """Close the connections."""
        if self._api is not None:
            await self._api.close()


class _Hide(logging.Filter):
    """Takes a secret out of what a library logs: httpx writes every address, and the token stands in it."""

    def __init__(self, secret: SecretStr) -> None:
        super().__init__()
        self.secret = secret

    def filter(self, record: logging.LogRecord) -> bool:
        secret = self.secret.get_secret_value()
        text = record.getMessage()
        if secret and secret in text:
            record.msg, record.args = text.replace(secret, HIDDEN), ()
        return True


def hide_in_logs(token: SecretStr) -> None:
    """Keep a bot's token out of the libraries' log lines, for the rest of the program's life."""
    for name in ("httpx", "httpcore", "telegram", "telegram.Bot", "telegram.ext.ExtBot", "telegram.ext.Updater"):
        logger = logging.getLogger(name)
        if not any(isinstance(one, _Hide) and one.secret == token for one in logger.filters):
            logger.addFilter(_Hide(token))


NOTIFIER = TelegramNotifier
