"""Talking to Telegram's Bot API with python-telegram-bot: a message goes out, and what came of it is an outcome."""

from __future__ import annotations

from datetime import timedelta

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from notifiers.addresses import AddressError, check_chat
from notifiers.channels.telegram import HIDDEN, TelegramConfig
from notifiers.chat_length import shorten, shorten_text
from notifiers.message import Message
from notifiers.outcome import Misconfigured, Outcome, Reason, Refused, Sent, TryAgain
from watcher.text import one_line, safe_link

#: What the service says when a chat is not there for us, in lower case.
_NO_CHAT = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "chat_id is empty",
    "invalid chat_id",
    "username_invalid",
)
#: And when we are there but may not write.
_NO_RIGHTS = (
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "chat_write_forbidden",
    "topic_closed",
)
_BAD_MARKUP = ("can't parse entities", "can't find end", "unsupported start tag")


class BotApi:
    """One bot's connection."""

    def __init__(self, config: TelegramConfig) -> None:
        self._config = config
        self._bot: Bot | None = None

    async def send(self, message: Message) -> Outcome:
        """Send one chat message. Flood control, a lost connection and the like are outcomes."""
        try:
            chat = check_chat(message.recipient)
        except AddressError as error:
            return Refused(reason=Reason.RECIPIENT_UNKNOWN, detail=str(error))
        try:
            try:
                return await self._send(chat, message, as_html=bool(message.html))
            except BadRequest as error:
                if not (message.html and _says(error, _BAD_MARKUP)):
                    raise
                return await self._send(chat, message, as_html=False)
        except TelegramError as error:
            return self._outcome(error)
        except (TypeError, KeyError, ValueError, AttributeError) as error:  # an answer that is not the Bot API's
            detail = f"the answer cannot be read ({type(error).__name__}): is the base URL that of a Bot API?"
            return TryAgain(reason=Reason.UNKNOWN_OUTCOME, detail=detail)

    async def close(self) -> None:
        """Close the connections."""
        bot, self._bot = self._bot, None
        if bot is not None:
            await bot.request.shutdown()

    async def _send(self, chat: str, message: Message, *, as_html: bool) -> Outcome:
        if self._bot is None:
            self._bot = self._make_bot()
        sent = await self._bot.send_message(
            chat_id=chat if chat.startswith("@") else int(chat),
            text=shorten(message.html) if as_html else shorten_text(message.text),
            parse_mode=ParseMode.HTML if as_html else None,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_markup=_keyboard(message.buttons, message.deeds),
        )
        return Sent(reference=str(sent.message_id))

    def _make_bot(self) -> Bot:
        """A bot that asks nothing at its start: `getMe` would only be one more thing that can fail."""
        seconds = self._config.timeout
        request = HTTPXRequest(
            connection_pool_size=self._config.connections,
            connect_timeout=seconds,
            read_timeout=seconds,
            write_timeout=seconds,
            pool_timeout=seconds,
            proxy=self._config.proxy,
            httpx_kwargs={"trust_env": False},
        )
        return Bot(self._config.token.get_secret_value(), base_url=self._config.base_url, request=request)

    def _outcome(self, error: TelegramError) -> Outcome:
        """What an answer means for the delivery. Order matters: some of these are kinds of others."""
        detail = one_line(str(error).replace(self._config.token.get_secret_value(), HIDDEN), 300)
        match error:
            case RetryAfter():
                return TryAgain(reason=Reason.RATE_LIMITED, detail=detail, after=_wait(error))
            case ChatMigrated(new_chat_id=new):
                detail = f"the group has become a supergroup with the number {new}"
                return TryAgain(reason=Reason.RECIPIENT_UNKNOWN, detail=detail, migrated_to=str(new))
            case InvalidToken():
                return Misconfigured(detail="Telegram does not know the bot token: check it in the settings")
            case Forbidden():
                return Refused(reason=Reason.BLOCKED, detail=detail)
            case BadRequest():
                return _bad_request(error, detail)
            case TimedOut():
                # The request may have been read before the silence; a pool time-out was never sent.
                reason = Reason.BUSY if _says(error, ("not* sent",)) else Reason.UNKNOWN_OUTCOME
                return TryAgain(reason=reason, detail=detail)
            case NetworkError():
                return TryAgain(reason=_lost_or_unreached(error), detail=detail)
            case Conflict():
                return TryAgain(reason=Reason.BUSY, detail=detail)
            case _:  # an answer that is no JSON, and what later versions of the library may add
                return TryAgain(reason=Reason.UNKNOWN_OUTCOME, detail=detail)


def _bad_request(error: BadRequest, detail: str) -> Outcome:
    if _says(error, _NO_CHAT):
        return Refused(reason=Reason.RECIPIENT_UNKNOWN, detail=detail)
    return Refused(reason=Reason.BLOCKED if _says(error, _NO_RIGHTS) else Reason.REJECTED, detail=detail)


def _lost_or_unreached(error: NetworkError) -> Reason:
    """After the request was written its fate is not known; before, it was certainly not sent."""
    if _says(error, ("connecterror", "proxyerror", "unsupportedprotocol")):
        return Reason.UNREACHABLE
    if _says(error, ("readerror", "remoteprotocolerror", "writeerror")):
        return Reason.UNKNOWN_OUTCOME
    return Reason.UNREACHABLE


def _says(error: TelegramError, phrases: tuple[str, ...]) -> bool:
    said = str(error).lower()
    return any(phrase in said for phrase in phrases)


def _wait(error: RetryAfter) -> timedelta:
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)


def _keyboard(buttons: tuple[tuple[str, str], ...], deeds: tuple[tuple[str, str], ...]) -> InlineKeyboardMarkup | None:
    """Our own buttons two in a row, as their words are short; links each in a row of its own."""
    own = [InlineKeyboardButton(label, callback_data=told) for label, told in deeds]
    rows = [own[start : start + 2] for start in range(0, len(own), 2)]
    rows += [[InlineKeyboardButton(label, url=link)] for label, address in buttons if (link := safe_link(address))]
    return InlineKeyboardMarkup(rows) if rows else None
