"""Chats and the codes that link them to enterprises."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from tbtwatch.storage.rows import ChatCodeRow, ChatRow, EnterpriseRow, SubscriptionAddressRow, SubscriptionRow

_CHUNK = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedChat:
    """A chat that speaks for an enterprise, or is only told what is its."""

    enterprise_id: int
    chat: str
    name: str = ""  #: as the chat program shows it; "": not known
    linked: bool = True  #: it speaks for the enterprise
    since: datetime | None = None  #: when its code was used; None: not known


class Chats:
    """Chats and the codes that link them, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_code(self, code: str, *, enterprise_id: int, now: datetime, good_for: timedelta) -> None:
        """Remember a code by its hash."""
        self._session.add(ChatCodeRow(code_hash=_hash(code), enterprise_id=enterprise_id, expires_at=now + good_for))
        self._session.flush()

    def forget_codes(self, *, enterprise_id: int, now: datetime) -> None:
        """Codes of an enterprise that nobody used in time open nothing any more; they go."""
        self._session.exec(
            delete(ChatCodeRow)
            .where(
                col(ChatCodeRow.enterprise_id) == enterprise_id,
                col(ChatCodeRow.used_at).is_(None),
                col(ChatCodeRow.expires_at) <= now,
            )
            .execution_options(synchronize_session=False)
        )

    def use_code(
        self, code: str, *, channel: str, chat: str, language: str, now: datetime, name: str = ""
    ) -> str | None:
        """Link a chat by a code; the enterprise's name, or None if the code is wrong, old or used.

        `name`: what the chat is called where it stands.
        """
        row = self._session.exec(
            select(ChatCodeRow).where(ChatCodeRow.code_hash == _hash(code)).with_for_update()
        ).first()
        if row is None or row.used_at is not None or row.expires_at <= now:
            return None
        row.used_at, row.chat = now, chat
        known = self._session.get(ChatRow, (channel, chat)) or ChatRow(
            channel=channel, chat=chat, language=language, started_at=now
        )
        known.enterprise_id, known.name = row.enterprise_id, name or known.name
        self._session.add_all((row, known))
        self._session.flush()
        return self._session.exec(select(EnterpriseRow.name).where(EnterpriseRow.id == row.enterprise_id)).one()

    def unlink(self, channel: str, chat: str, *, enterprise_id: int) -> bool:
        """The chat speaks for this enterprise no more; whether it did. It keeps its language."""
        row = self._session.get(ChatRow, (channel, chat))
        if row is None or row.enterprise_id != enterprise_id:
            return False
        row.enterprise_id, row.name = None, ""
        self._session.add(row)
        self._session.flush()
        return True

    def of_enterprises(self, channel: str, enterprises: Iterable[int]) -> list[LinkedChat]:
        """The chats that speak for these enterprises, or that a live subscription of theirs is told at."""
        found: dict[tuple[int, str], LinkedChat] = {}
        wanted = sorted(set(enterprises))
        for start in range(0, len(wanted), _CHUNK):
            some = wanted[start : start + _CHUNK]
            used = (
                select(ChatCodeRow.enterprise_id, ChatCodeRow.chat, func.max(col(ChatCodeRow.used_at)))
                .where(col(ChatCodeRow.enterprise_id).in_(some), col(ChatCodeRow.used_at).is_not(None))
                .group_by(col(ChatCodeRow.enterprise_id), col(ChatCodeRow.chat))
            )
            since = {(enterprise, chat): at for enterprise, chat, at in self._session.exec(used)}
            told = (
                select(SubscriptionRow.enterprise_id, SubscriptionAddressRow.target)
                .join(SubscriptionAddressRow, col(SubscriptionAddressRow.subscription_id) == col(SubscriptionRow.id))
                .where(
                    col(SubscriptionRow.enterprise_id).in_(some),
                    col(SubscriptionRow.ended_at).is_(None),
                    SubscriptionAddressRow.channel == channel,
                )
                .distinct()
            )
            for enterprise, chat in self._session.exec(told):
                found[enterprise, chat] = LinkedChat(enterprise_id=enterprise, chat=chat, linked=False)
            linked = select(ChatRow).where(col(ChatRow.enterprise_id).in_(some), ChatRow.channel == channel)
            for row in self._session.exec(linked):
                assert row.enterprise_id is not None
                place = row.enterprise_id, row.chat
                found[place] = LinkedChat(
                    enterprise_id=row.enterprise_id, chat=row.chat, name=row.name, since=since.get(place)
                )
        return [found[place] for place in sorted(found)]

    def names(self, channel: str, chats: Iterable[str]) -> dict[str, str]:
        """What these chats are called where they stand, as far as it is known."""
        asked = select(ChatRow.chat, ChatRow.name).where(
            ChatRow.channel == channel, col(ChatRow.chat).in_(sorted(set(chats))), ChatRow.name != ""
        )
        return dict(self._session.exec(asked).all())

    def move(self, channel: str, old: str, new: str, *, now: datetime) -> None:
        """A chat got a new number: it speaks for the same enterprise, in the same language."""
        row = self._session.get(ChatRow, (channel, old))
        if row is None:
            return
        moved = self._session.get(ChatRow, (channel, new)) or ChatRow(channel=channel, chat=new, started_at=now)
        moved.enterprise_id, moved.language, moved.name = row.enterprise_id, row.language, row.name
        self._session.add(moved)
        self._session.delete(row)
        self._session.flush()

    def enterprise_of(self, channel: str, chat: str) -> int | None:
        """The enterprise a chat speaks for."""
        row = self._session.get(ChatRow, (channel, chat))
        return None if row is None else row.enterprise_id

    def enterprise_name(self, channel: str, chat: str) -> str | None:
        """The name of the enterprise a chat speaks for."""
        id_ = self.enterprise_of(channel, chat)
        return self._session.exec(select(EnterpriseRow.name).where(EnterpriseRow.id == id_)).first() if id_ else None

    def language_of(self, channel: str, chat: str) -> str | None:
        """The language a chat chose."""
        row = self._session.get(ChatRow, (channel, chat))
        return None if row is None else row.language

    def set_language(self, channel: str, chat: str, language: str, *, now: datetime) -> None:
        """Remember the language of a chat."""
        row = self._session.get(ChatRow, (channel, chat)) or ChatRow(channel=channel, chat=chat, started_at=now)
        row.language = language
        self._session.add(row)
        self._session.flush()


def _hash(code: str) -> str:
    return hashlib.sha256(f"chat-code:{code.strip().upper()}".encode()).hexdigest()
