"""A small stand-in of the Telegram Bot API on 127.0.0.1, over real HTTP: for the demo and for tests.

with BotApi() as api:
    bot = Bot(api.token, base_url=api.base_url)
    api.say(chat=7, text="/recent")              # what a person writes; comes out of getUpdates
    api.answer("sendMessage", retry_after(3))    # the next call of this method is answered so
    api.wait_for(1)                              # messages that reached a chat
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Final, Self
from urllib.parse import parse_qs, urlsplit

from tbtwatch.demo.bot_answers import Answer, failure, success
from tbtwatch.demo.chat_markup import MarkupError, read_markup

#: Opens nothing but this server.
DEMO_TOKEN: Final = "7000001:demo"  # noqa: S105 - it is meant to be known
_LONGEST_MESSAGE = 4096
_LONGEST_POLL = 50.0
#: Since 2020-09-13; a fixed day keeps what it logs the same from run to run.
_FIRST_DATE: Final = 1_600_000_000

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """A message that reached a chat."""

    chat: str
    text: str  #: as people see it, after its markup was read
    source: str  #: as it was sent
    parse_mode: str
    buttons: tuple[tuple[str, str], ...]  #: (label, address or callback data)
    message_id: int
    edited: bool = False


@dataclass
class _State:
    """What the server remembers; only touched with `changed` held."""

    sent: list[SentMessage] = field(default_factory=list)
    calls: list[tuple[str, Json]] = field(default_factory=list)
    updates: deque[Json] = field(default_factory=deque)
    answers: dict[str, deque[Answer]] = field(default_factory=dict)
    commands: list[Json] = field(default_factory=list)
    answered_presses: list[Json] = field(default_factory=list)
    next_update: int = 1
    next_message: int = 1
    poll: int = 0  #: number of the latest getUpdates; an older one that still waits is told of the conflict
    closed: bool = False


class BotApi:
    """The server, in threads of its own. All methods may be called from any thread."""

    def __init__(
        self,
        *,
        token: str = DEMO_TOKEN,
        chats: set[str] | None = None,
        port: int = 0,
    ) -> None:
        self.token = token
        self.chats = chats  #: the chats that exist; None: all that are asked for
        self._state = _State()
        self._changed = threading.Condition()
        self._http = _Server(("127.0.0.1", port), _Handler)
        self._http.api = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), name="bot api", daemon=True)

    # --- for the bot's settings

    @property
    def base_url(self) -> str:
        """As the token is put after it: "http://127.0.0.1:8081/bot"."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/bot"

    # --- what people do

    def say(self, chat: int, text: str, *, name: str = "Li", language: str = "zh", chat_type: str = "private") -> int:
        """Write to the bot. Returns the number of the update."""
        message: Json = {"from": _person(chat, name, language), "chat": _chat(chat, name, chat_type), "text": text}
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0].encode("utf-16-le")) // 2
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        with self._changed:
            self._number(message)
            return self._push({"message": message})

    def press(self, chat: int, value: str, *, message_id: int = 1, name: str = "Li", language: str = "zh") -> int:
        """Press a button that carries this callback data. Returns the number of the update."""
        message: Json = {
            "message_id": message_id,
            "date": _FIRST_DATE,
            "chat": _chat(chat, name, "private"),
            "text": "…",
        }
        query: Json = {
            "id": str(time.monotonic_ns()),
            "from": _person(chat, name, language),
            "message": message,
            "chat_instance": str(chat),
            "data": value,
        }
        with self._changed:
            return self._push({"callback_query": query})

    # --- what to answer

    def answer(self, method: str, *answers: Answer) -> None:
        """Answer the next calls of this method so, one each."""
        with self._changed:
            self._state.answers.setdefault(method, deque()).extend(answers)

    # --- what came

    @property
    def sent(self) -> list[SentMessage]:
        """The messages that reached a chat, in order."""
        with self._changed:
            return list(self._state.sent)

    @property
    def calls(self) -> list[tuple[str, Json]]:
        """Every call: its method and what it was given."""
        with self._changed:
            return list(self._state.calls)

    @property
    def commands(self) -> list[Json]:
        """What was last set by setMyCommands."""
        with self._changed:
            return list(self._state.commands)

    def wait_for(self, count: int, seconds: float = 5.0, *, chat: int | None = None) -> list[SentMessage]:
        """The messages sent (to a chat), once there are so many. Raises TimeoutError when they do not come in time."""
        end = time.monotonic() + seconds
        with self._changed:
            while True:
                found = [one for one in self._state.sent if chat is None or one.chat == str(chat)]
                if len(found) >= count:
                    return found
                if (left := end - time.monotonic()) <= 0:
                    raise TimeoutError(f"{len(found)} of {count} messages came within {seconds} s")
                self._changed.wait(left)

    # --- life

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop; calls that still wait are let go without an answer."""
        with self._changed:
            self._state.closed = True
            self._changed.notify_all()
        self._http.shutdown()
        self._http.server_close()
        self._http.hang_up()
        self._thread.join(5)

    # --- the API itself

    def call(self, method: str, given: Json) -> Answer | None:
        """Carry out one call; None: say nothing."""
        with self._changed:
            self._state.calls.append((method, given))
            queue = self._state.answers.get(method)
            scripted = queue.popleft() if queue else None
        if scripted is None:
            return self._carry_out(method, given)
        if scripted.carried_out:
            self._carry_out(method, given)
        if scripted.hang:
            with self._changed:
                self._changed.wait_for(lambda: self._state.closed)
            return None
        return scripted

    def _carry_out(self, method: str, given: Json) -> Answer | None:
        known = self._METHODS.get(method.lower())
        if known is None:
            return failure(404, "Not Found: method not found")
        try:
            return success(known(self, given))
        except _Refusal as refusal:
            return failure(refusal.status, refusal.description)

    def _get_me(self, _given: Json) -> Json:
        return {
            "id": int(self.token.partition(":")[0] or 1),
            "is_bot": True,
            "first_name": "tbtwatch",
            "username": "tbtwatch_bot",
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def _get_updates(self, given: Json) -> list[Json]:
        offset, limit = int(given.get("offset") or 0), int(given.get("limit") or 100)
        end = time.monotonic() + min(float(given.get("timeout") or 0), _LONGEST_POLL)
        state = self._state
        with self._changed:
            state.poll += 1
            mine = state.poll
            self._changed.notify_all()
            while state.updates and state.updates[0]["update_id"] < offset:
                state.updates.popleft()
            while not state.updates and not state.closed and (left := end - time.monotonic()) > 0:
                self._changed.wait(left)
                if state.poll != mine:
                    raise _Refusal(
                        409,
                        "Conflict: terminated by other getUpdates request; "
                        "make sure that only one bot instance is running",
                    )
            return list(state.updates)[:limit]

    def _send_message(self, given: Json) -> Json:
        chat, text, parse_mode = (
            str(given.get("chat_id", "")),
            str(given.get("text", "")),
            str(given.get("parse_mode") or ""),
        )
        if not chat:
            raise _Refusal(400, "Bad Request: chat_id is empty")
        if self.chats is not None and chat not in self.chats:
            raise _Refusal(400, "Bad Request: chat not found")
        shown = _shown(text, parse_mode)
        with self._changed:
            result: Json = {"chat": _chat_of(chat), "text": shown}
            self._number(result)
            self._keep(given, result["message_id"], chat, shown, parse_mode)
            return result

    def _edit_message_text(self, given: Json) -> Json:
        chat, number, parse_mode = (
            str(given.get("chat_id", "")),
            int(given.get("message_id") or 0),
            given.get("parse_mode"),
        )
        shown = _shown(str(given.get("text", "")), str(parse_mode or ""))
        with self._changed:
            self._keep(given, number, chat, shown, str(parse_mode or ""), edited=True)
        return {"message_id": number, "date": _FIRST_DATE, "chat": _chat_of(chat), "text": shown}

    def _set_my_commands(self, given: Json) -> bool:
        with self._changed:
            self._state.commands = list(given.get("commands") or [])
        return True

    def _agree(self, _given: Json) -> bool:
        return True

    _METHODS: ClassVar[Mapping[str, Callable[[BotApi, Json], Any]]] = {
        "getme": _get_me,
        "getupdates": _get_updates,
        "sendmessage": _send_message,
        "editmessagetext": _edit_message_text,
        "setmycommands": _set_my_commands,
        "deletewebhook": _agree,
        "answercallbackquery": _agree,
        "sendchataction": _agree,
        "deletemycommands": _agree,
        "logout": _agree,
        "close": _agree,
    }

    # --- with the lock held

    def _number(self, message: Json) -> None:
        message["message_id"] = self._state.next_message
        message["date"] = _FIRST_DATE + self._state.next_message
        self._state.next_message += 1

    def _push(self, update: Json) -> int:
        number = self._state.next_update
        self._state.next_update += 1
        self._state.updates.append({"update_id": number, **update})
        self._changed.notify_all()
        return number

    def _keep(self, given: Json, number: int, chat: str, shown: str, parse_mode: str, *, edited: bool = False) -> None:
        self._state.sent.append(
            SentMessage(
                chat=chat,
                text=shown,
                source=str(given.get("text", "")),
                parse_mode=parse_mode,
                buttons=_buttons(given.get("reply_markup")),
                message_id=number,
                edited=edited,
            )
        )
        self._changed.notify_all()


class _Refusal(Exception):  # noqa: N818 - an answer of the API, no error of the program
    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    api: BotApi

    def __init__(self, address: tuple[str, int], handler: type[_Handler]) -> None:
        super().__init__(address, handler)
        self.open: set[socket.socket] = set()

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self.open.add(connection)
        return connection, address

    def close_request(self, request: Any) -> None:
        self.open.discard(request)
        super().close_request(request)

    def hang_up(self) -> None:
        """Close the connections that clients keep for their next call."""
        for connection in list(self.open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up in the middle is nothing to print about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self._call(self.rfile.read(length))

    def do_GET(self) -> None:
        self._call(b"")

    def log_message(self, format: str, *args: Any) -> None:
        """The log is `BotApi.calls`."""

    def _call(self, body: bytes) -> None:
        api, address = self.server.api, urlsplit(self.path)
        token, _, method = address.path.removeprefix("/bot").partition("/")
        if token != api.token:
            self._write(failure(401, "Unauthorized"))
            return
        answer = api.call(
            method, {**_form(address.query.encode()), **_given(body, self.headers.get("Content-Type", ""))}
        )
        if answer is None:
            self.close_connection = True
        else:
            self._write(answer)

    def _write(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)


def _given(body: bytes, content_type: str) -> Json:
    if content_type.startswith("application/json"):
        read = json.loads(body or b"{}")
        return read if isinstance(read, dict) else {}
    return _form(body)


def _form(body: bytes) -> Json:
    """Form fields; what is JSON for a list or an object is read as such."""
    fields: Json = {}
    for name, values in parse_qs(body.decode(), keep_blank_values=True).items():
        value = values[-1]
        try:
            fields[name] = json.loads(value) if value[:1] in ("[", "{") and name != "text" else value
        except ValueError:
            fields[name] = value
    return fields


def _shown(text: str, parse_mode: str) -> str:
    """The text as people see it. Refuses what the real service refuses."""
    try:
        shown = read_markup(text) if parse_mode.upper() == "HTML" else text
    except MarkupError as error:
        raise _Refusal(400, f"Bad Request: can't parse entities: {error}") from error
    if not shown.strip():
        raise _Refusal(400, "Bad Request: message text is empty")
    if len(shown.encode("utf-16-le")) // 2 > _LONGEST_MESSAGE:
        raise _Refusal(400, "Bad Request: message is too long")
    return shown


def _buttons(markup: Any) -> tuple[tuple[str, str], ...]:
    rows = markup.get("inline_keyboard", []) if isinstance(markup, dict) else []
    return tuple(
        (str(button.get("text", "")), str(button.get("url") or button.get("callback_data") or ""))
        for row in rows
        for button in row
    )


def _person(number: int, name: str, language: str) -> Json:
    return {"id": abs(number), "is_bot": False, "first_name": name, "language_code": language}


def _chat(number: int, name: str, chat_type: str) -> Json:
    named = {"title": name} if chat_type in ("group", "supergroup") else {"first_name": name}
    return {"id": number, "type": chat_type, **named}


def _chat_of(chat: str) -> Json:
    number = int(chat) if chat.lstrip("-").isdigit() else -1_000_000_000_001
    return _chat(number, "Li", "private" if number > 0 else "group")
