"""How the stand-in of the Bot API answers when it is told to fail."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """How one call is answered instead of being carried out."""

    status: int = 200
    body: bytes = b""
    hang: bool = False  #: no answer at all, until the server is closed
    carried_out: bool = False  #: the call takes effect first, so that only its answer is lost


def failure(status: int, description: str, **parameters: Any) -> Answer:
    """A refusal in the API's own form."""
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return Answer(status=status, body=json.dumps(body).encode())


def retry_after(seconds: int) -> Answer:
    """Flood control: come back after so many seconds."""
    return failure(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def blocked() -> Answer:
    """The person has blocked the bot."""
    return failure(403, "Forbidden: bot was blocked by the user")


def chat_not_found() -> Answer:
    """There is no such chat, or the bot was never let into it."""
    return failure(400, "Bad Request: chat not found")


def migrated(to: int) -> Answer:
    """The group has become a supergroup with another number."""
    return failure(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=to)


def bad_gateway() -> Answer:
    """What stands before the API, when the API is away: a page, no JSON."""
    return Answer(status=502, body=b"<html><body>502 Bad Gateway</body></html>")


def hang(*, carried_out: bool = False) -> Answer:
    """No answer; with `carried_out`, the message was sent all the same."""
    return Answer(hang=True, carried_out=carried_out)


def success(result: Any) -> Answer:
    """A call that was carried out."""
    return Answer(body=json.dumps({"ok": True, "result": result}, ensure_ascii=False).encode())
