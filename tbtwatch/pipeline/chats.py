"""Chats that speak for an enterprise: the codes that link them, and what goes with them when they are unlinked.

A code is typed to the bot, or comes to it by a link. Whoever is signed in makes their own on a page: it works once and
for half an hour, and so many are made an hour. Unlinking changes every subscription that is told in the chat
(`tbtwatch.pipeline.change`), in one transaction with the chat itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from subscriptions.criteria import Address, Subscription
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.change import Edit, change_within
from tbtwatch.pipeline.confirm import LETTERS, let_go
from tbtwatch.pipeline.own import theirs
from tbtwatch.storage import Storage, Transaction
from tbtwatch.storage.chats import LinkedChat
from tbtwatch.storage.people import Person

log = structlog.get_logger()

CHANNEL: Final = "telegram"
HOUR: Final = timedelta(hours=1)
GOOD_FOR: Final = timedelta(minutes=30)  #: of a code that was made on a page
MOST_CODES: Final = 5  #: that one person makes within an hour
CODE_MADE: Final = "chat.code"


class TooManyCodesError(ValueError):
    """Somebody made enough codes for this hour."""


class ToldNowhereElseError(ValueError):
    """Subscriptions are told in a chat alone: without it nobody would be told."""

    def __init__(self, subscriptions: Sequence[Subscription]) -> None:
        super().__init__(f"{len(subscriptions)} subscriptions are told there alone")
        self.subscriptions = tuple(subscriptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code for a chat; it is shown once and kept nowhere."""

    code: str  #: "ABCD-EFGH"
    enterprise: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A chat of an enterprise, and what it is told."""

    chat: LinkedChat
    enterprise: str
    subscriptions: tuple[Subscription, ...]

    @property
    def alone(self) -> tuple[Subscription, ...]:
        """Those that are told nowhere else."""
        return tuple(one for one in self.subscriptions if len(one.addresses) == 1)


def new_code(choose: Callable[[str], str] = secrets.choice) -> str:
    """A code as it is read out and typed."""
    letters = [choose(LETTERS) for _ in range(8)]
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"


def code_for(enterprise: str, *, firm: str = "", person: Person, language: str, desk: Desk) -> Code:
    """A code that links a chat to an enterprise of theirs; "": to a new one that is called `firm`.

    Raises TooManyCodesError, SuppressedError.
    """
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        now, code = desk.clock(), new_code()
        made = tx.audit.list(deed=CODE_MADE, person=person.id, since=now - HOUR, limit=MOST_CODES)
        if len(made) >= MOST_CODES:
            raise TooManyCodesError(f"{person.shown} made {MOST_CODES} codes within an hour")
        name = theirs(enterprise, firm=firm, person=person, language=language, tx=tx, desk=desk)
        number = tx.subscriptions.enterprise(name, now=now)
        tx.chats.forget_codes(enterprise_id=number, now=now)
        tx.chats.add_code(code, enterprise_id=number, now=now, good_for=GOOD_FOR)
        tx.audit.write(by=person.shown, deed=CODE_MADE, about=f"enterprise {number}", person=person.id, now=now)
    return Code(code=code, enterprise=name, until=now + GOOD_FOR)


def chats_of(enterprises: dict[int, str], tx: Transaction) -> list[Told]:
    """The chats of these enterprises (names by number) with what each is told of theirs, by enterprise and chat."""
    chats = tx.chats.of_enterprises(CHANNEL, enterprises)
    told = tx.subscriptions.of_addresses([_address(one.chat) for one in chats])
    found = [
        Told(
            chat=one,
            enterprise=enterprises[one.enterprise_id],
            subscriptions=tuple(
                each for each in told.get(_address(one.chat), ()) if each.enterprise == enterprises[one.enterprise_id]
            ),
        )
        for one in chats
    ]
    return sorted(found, key=lambda one: (one.enterprise, not one.chat.linked, one.chat.chat))


def unlink(enterprise: str, chat: str, *, why: str, also_end: bool, person: Person, desk: Desk) -> Told:
    """The chat speaks for the enterprise no more, and nothing of it is told there any more; how it was.

    `also_end`: subscriptions that are told nowhere else end. Raises LookupError, ToldNowhereElseError.
    """
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        now, address = desk.clock(), _address(chat)
        number = tx.subscriptions.find_enterprise(enterprise)
        here = chats_of({number: enterprise}, tx) if number is not None else []
        found = next((one for one in here if one.chat.chat == chat), None)
        if number is None or found is None:
            raise LookupError(f"{enterprise} has no chat {chat!r}")
        if found.alone and not also_end:
            raise ToldNowhereElseError(found.alone)
        for one in found.subscriptions:
            if one in found.alone:
                tx.subscriptions.end(one.id, reason=why, now=now)
                tx.outbox.cancel_for_ended(one.id, now=now, reason=f"the subscription was ended: {why}")
            else:
                left = tuple(each for each in one.addresses if each != address)
                change_within(one.id, Edit(addresses=left), why=why, by=person.shown, tx=tx, desk=desk, now=now)
        let_go(enterprise, (address,), reason=why, tx=tx, now=now, withdrawn=True)
        tx.chats.unlink(CHANNEL, chat, enterprise_id=number)
        tx.audit.write(
            by=person.shown,
            deed="chat.unlink",
            about=f"enterprise {number}",
            detail={
                "changed": [one.id for one in found.subscriptions if one not in found.alone],
                "ended": [one.id for one in found.alone],
            },
            person=person.id,
            now=now,
        )
    log.info("chat_unlinked", enterprise=number, subscriptions=len(found.subscriptions))
    return found


# --- the bot's name, for links that open it


def remember_name(number: str, name: str, *, storage: Storage) -> None:
    """The bot of this number is called so, as the chat service says; kept for the pages, which are made elsewhere."""
    key = _key(number)
    with storage.look() as tx:
        if tx.meta.get(key) == name:
            return
    with storage.begin() as tx:
        tx.meta.set(key, name)


def bot_name(desk: Desk, tx: Transaction) -> str:
    """What the bot is called; "": there is none, or it has not been there yet."""
    return (tx.meta.get(_key(desk.bot)) or "") if desk.bot else ""


def _key(number: str) -> str:
    return f"bot_name:{number}"


def _address(chat: str) -> Address:
    return Address(channel=CHANNEL, target=chat)
