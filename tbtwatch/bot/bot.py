"""The bot on Telegram, by long polling. It ends when it is told to, and a fault in one answer ends nothing.

It polls by itself instead of by the library's `Updater`: that one confirms what it has read when it stops, and while
the service hangs this lasts longer than we have. No error of the library is logged in its own words, as these may
hold the token.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeVar

import structlog
import telegram
from pydantic import SecretStr
from telegram import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TimedOut,
)
from telegram.request import HTTPXRequest

from notifiers.channels.telegram import hide_in_logs
from tbtwatch.bot.answers import Answers, commands
from tbtwatch.bot.buttons import Answer, Press, answer_to, press
from tbtwatch.bot.chat_text import as_text
from tbtwatch.bot.follow import as_command
from tbtwatch.bot.phrases import say
from tbtwatch.bot.request import Asked, asked
from tbtwatch.bot.unsubscribing import tapped
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.chats import remember_name

log = structlog.get_logger()

LANGUAGES: Final = ("zh", "en")
MOST_WAITING: Final = 10  # questions of one chat; what it asks beyond is dropped until it has its answers
MOST_AT_WORK: Final = 64  # questions of all chats, before new ones are fetched
SEND_TRIES: Final = 3

_TOKEN: Final = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,100}")

T = TypeVar("T")
Deeds = tuple[tuple[str, str], ...]  #: buttons: label, and what we are told when one is pressed


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long the bot waits for what, in seconds."""

    first_wait: float = 2.0  #: before the second try to reach the service; doubled for each further one
    longest_wait: float = 300.0
    poll: int = 25  #: how long the service holds a call while nobody asks anything
    timeout: float = 15.0  #: for each step of a request
    farewell: float = 1.2  #: for what is under way when the bot is told to stop


PACE: Final = Pace()


class Stopped(Exception):  # noqa: N818 - no error: the bot was told to end
    """The bot was told to stop while something was under way."""


class Bot:
    """Fetches questions and answers them: those of one chat in order, those of several side by side."""

    def __init__(self, desk: Desk, token: str, base_url: str, *, pace: Pace = PACE) -> None:
        """Raises `InvalidToken`."""
        self._desk = desk
        self._answers = Answers(desk)
        self._pace = pace
        self._at_work: dict[asyncio.Task[None], str] = {}
        self._latest: dict[str, asyncio.Task[None]] = {}
        self._offset: int | None = None
        self.telegram = telegram.Bot(
            token,
            base_url=base_url,
            request=_connections(pace, 8),
            get_updates_request=_connections(pace, 1),
        )

    async def connect(self) -> None:
        """Make sure that the service is there and knows the token. Raises `TelegramError`."""
        await self.telegram.initialize()

    async def fetch(self, stop: asyncio.Event) -> None:
        """Fetch what was asked, waiting for it if need be, and begin to answer. Raises `Stopped`, `TelegramError`."""
        while len(self._at_work) >= MOST_AT_WORK:
            await _unless_stopped(asyncio.wait(list(self._at_work), return_when=asyncio.FIRST_COMPLETED), stop)
        updates = await _unless_stopped(
            self.telegram.get_updates(
                offset=self._offset,
                timeout=timedelta(seconds=self._pace.poll),
                allowed_updates=[Update.MESSAGE, Update.CALLBACK_QUERY],
            ),
            stop,
        )
        for update in updates:
            # Confirmed even if its answer breaks: a question that breaks the bot must not come again for ever.
            self._offset = update.update_id + 1
            self.take(update)

    def take(self, update: Update) -> None:
        """Begin to answer a question, after what its chat asked before."""
        one = press(update) or asked(update, name=self.telegram.username)
        if one is None:
            return
        waiting = sum(chat == one.chat for chat in self._at_work.values())
        if waiting >= MOST_WAITING:
            log.warning("bot_question_dropped", reason="this chat has too many unanswered ones")
            return
        before = self._latest.get(one.chat)
        self._begin(self._pressed(one, before) if isinstance(one, Press) else self._in_turn(one, before), one.chat)

    def offer_commands(self) -> None:
        """Set the menu of the chat program, and remember our name for the pages: beside everything else, as nothing
        depends on it."""
        self._begin(self._set_menus(), "")
        self._begin(self._remember_name(), "")

    async def close(self) -> None:
        """End what is under way, confirm what was read, and close the connections; all in a moment."""
        if self._at_work:
            await asyncio.wait(list(self._at_work), timeout=self._pace.farewell / 2)
        left = list(self._at_work)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        try:
            async with asyncio.timeout(self._pace.farewell / 2):
                if self._offset is not None:
                    # Or the service would hand these questions out again at the next start.
                    await self.telegram.get_updates(offset=self._offset, limit=1, timeout=timedelta(0))
        except Exception as error:
            log.info("bot_farewell_not_heard", error=type(error).__name__)
        await self.telegram.shutdown()

    def _begin(self, work: Coroutine[Any, Any, None], chat: str) -> None:
        task = asyncio.create_task(work)
        self._at_work[task] = chat
        self._latest[chat] = task
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        chat = self._at_work.pop(task)
        if self._latest.get(chat) is task:
            del self._latest[chat]

    async def _in_turn(self, question: Asked, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        # A thread of its own: searching words in all records would hold up polls and deliveries.
        answer = await asyncio.to_thread(self._answer, question)
        await self._send(question.chat, answer)

    async def _pressed(self, one: Press, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        try:
            # Or the button would seem to be still at it. One that was pressed long ago cannot be answered so.
            await self.telegram.answer_callback_query(one.id)
        except Exception as error:
            log.info("bot_press_not_acknowledged", error=type(error).__name__)
        answer = await asyncio.to_thread(self._answer_to, one)
        await self._send(one.chat, answer.text, answer.deeds)

    def _answer_to(self, one: Press) -> Answer:
        """The answer to a press. A fault of ours becomes a sentence, and is logged."""
        language = "zh"
        try:
            language = self._answers.language_of(one.chat, one.language)
            return answer_to(one, language, desk=self._desk, card=self._answers.measure)
        except Exception:
            log.exception("bot_answer_broke", command="button")
            return Answer(text=say("fault", language))

    def _answer(self, question: Asked) -> str:
        """The answer. A fault of ours becomes a sentence, and is logged."""
        language = "zh"
        try:
            language = self._answers.language_of(question.chat, question.language, question.text)
            return self._pick(question, language)()
        except Exception:
            log.exception("bot_answer_broke", command=question.command or "text")
            return say("fault", language)

    def _pick(self, question: Asked, language: str) -> Callable[[], str]:
        answers, chat, command, text = self._answers, question.chat, question.command, question.text
        if at_a_tap := tapped(question.command):
            command, text = at_a_tap
        elif not command:
            command, text = as_command(text)
        known: dict[str, Callable[[], str]] = {
            "start": lambda: answers.start(chat, text, language, question.chat_name),
            "help": lambda: answers.start(chat, "", language),
            "recent": lambda: answers.recent(text, language),
            "measure": lambda: answers.measure(text, language),
            "why": lambda: answers.why(chat, text, language),
            "handled": lambda: answers.handled(chat, text, language),
            "follow": lambda: answers.follow(chat, text, language),
            "unfollow": lambda: answers.unfollow(chat, text, language),
            "unsubscribe": lambda: answers.unsubscribe(chat, text, language),
            "stop": lambda: answers.stop(chat, text, language),
            "language": lambda: answers.set_language(chat, text),
            "": lambda: answers.ask(text, language),
        }
        return known.get(command, lambda: answers.unknown(language))

    async def _send(self, chat: str, answer: str, deeds: Deeds = ()) -> None:
        """Send an answer. Flood control is obeyed, a lost connection tried again; else the person may ask again."""
        for attempt in range(1, SEND_TRIES + 1):
            try:
                await self._send_once(chat, answer, deeds)
                return
            except RetryAfter as error:
                seconds = _seconds(error)
            except (BadRequest, ChatMigrated, Forbidden, TimedOut) as error:
                log.warning("bot_answer_not_sent", error=type(error).__name__)
                return
            except Exception as error:
                log.warning("bot_not_reached", error=type(error).__name__, attempt=attempt)
                seconds = self._pace.first_wait * attempt
            if attempt < SEND_TRIES:
                await asyncio.sleep(min(seconds, self._pace.longest_wait))
        log.warning("bot_answer_not_sent", error="tried too often")

    async def _send_once(self, chat: str, answer: str, deeds: Deeds) -> None:
        preview = LinkPreviewOptions(is_disabled=True)
        own = [[InlineKeyboardButton(label, callback_data=said)] for label, said in deeds]
        try:
            await self.telegram.send_message(
                int(chat),
                answer,
                parse_mode=ParseMode.HTML,
                link_preview_options=preview,
                reply_markup=InlineKeyboardMarkup(own) if own else None,
            )
        except BadRequest as error:
            if "parse" not in str(error).casefold():
                raise
            log.error("bot_markup_refused")
            await self.telegram.send_message(int(chat), as_text(answer), link_preview_options=preview)

    async def _remember_name(self) -> None:
        try:
            number, name = str(self.telegram.id), self.telegram.username
            await asyncio.to_thread(remember_name, number, name, storage=self._desk.storage)
        except Exception as error:
            log.warning("bot_name_not_kept", error=type(error).__name__)

    async def _set_menus(self) -> None:
        for language in LANGUAGES:
            menu = [BotCommand(name, what) for name, what in commands(language)]
            try:
                await self.telegram.set_my_commands(menu, language_code=None if language == "en" else language)
            except Exception as error:
                log.warning("bot_menu_not_set", language=language, error=type(error).__name__)


async def talk(desk: Desk, *, token: str, base_url: str, stop: asyncio.Event, pace: Pace = PACE) -> None:
    """Answer until told to stop; it then ends within two seconds, also while the service hangs.

    A lost connection is tried again, ever more slowly. A token that the service does not know ends the bot with a
    log line.
    """
    hide_in_logs(SecretStr(token))
    # It logs whatever page came instead of an answer, and a proxy's error page names the address that was asked for.
    logging.getLogger("telegram.request.BaseRequest").setLevel(logging.CRITICAL)
    if not _TOKEN.fullmatch(token):
        _refused()
        return
    try:
        bot = Bot(desk, token, base_url, pace=pace)
    except InvalidToken:
        _refused()
        return
    try:
        await _talk(bot, stop, pace)
    except Stopped:
        log.info("bot_stopped")
    finally:
        await bot.close()


async def _talk(bot: Bot, stop: asyncio.Event, pace: Pace) -> None:
    """Connect and answer, again and again. Raises `Stopped`; returns if the token is refused."""
    wait, connected, lost = pace.first_wait, False, False
    while True:
        try:
            if not connected:
                await _unless_stopped(bot.connect(), stop)
                connected = True
                bot.offer_commands()
                log.info("bot_listening", name=bot.telegram.username)
            await bot.fetch(stop)
            if lost:
                log.info("bot_reached_again")
            wait, lost = pace.first_wait, False
            continue
        except Stopped:
            raise
        except InvalidToken:
            _refused()
            return
        except RetryAfter as error:
            wait = max(wait, _seconds(error))
            log.warning("bot_not_reached", error="RetryAfter", again_in_seconds=wait)
        except Conflict:
            log.warning(
                "bot_has_a_rival",
                what_happens="another program fetches this bot's messages with the same token, "
                "so some questions reach it and not us",
                what_to_do="end the other program, or give each its own bot",
                again_in_seconds=wait,
            )
        except Exception as error:
            # Among them answers that are not the Bot API's. Their words may hold the token: only the name is kept.
            log.warning("bot_not_reached", error=type(error).__name__, again_in_seconds=wait)
        lost = True
        await _unless_stopped(asyncio.sleep(wait), stop)
        wait = min(wait * 2, pace.longest_wait)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _refused() -> None:
    log.error(
        "bot_token_refused",
        what_happens="there is no chat bot until the service is started again; everything else goes on",
        what_to_do="correct TBTWATCH_TELEGRAM_TOKEN (and TBTWATCH_TELEGRAM_BASE_URL, if it is set) and start again",
    )


def _connections(pace: Pace, size: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=size,
        connect_timeout=pace.timeout,
        read_timeout=pace.timeout,
        write_timeout=pace.timeout,
        pool_timeout=pace.timeout,
        httpx_kwargs={"trust_env": False},
    )


async def _unless_stopped(work: Awaitable[T], stop: asyncio.Event) -> T:
    """The result of the work. Raises `Stopped`, and cancels the work, if told to stop first."""
    task = asyncio.ensure_future(work)
    told = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, told}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Stopped
        return task.result()
    finally:
        for one in (task, told):
            one.cancel()
        await asyncio.gather(task, told, return_exceptions=True)
