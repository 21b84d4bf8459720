"""Chats and the codes that link them to enterprises."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlmodel import Session, select

from tbtwatch.storage.rows import ChatCodeRow, ChatRow, EnterpriseRow


class Chats:
    """Chats and the codes that link them, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_code(self, code: str, *, enterprise_id: int, now: datetime, good_for: timedelta) -> None:
        """Remember a code by its hash."""
        self._session.add(ChatCodeRow(code_hash=_hash(code), enterprise_id=enterprise_id, expires_at=now + good_for))
        self._session.flush()

    def use_code(self, code: str, *, channel: str, chat: str, language: str, now: datetime) -> str | None:
        """Link a chat by a code; the enterprise's name, or None if the code is wrong, old or used."""
        row = self._session.exec(
            select(ChatCodeRow).where(ChatCodeRow.code_hash == _hash(code)).with_for_update()
        ).first()
        if row is None or row.used_at is not None or row.expires_at <= now:
            return None
        row.used_at, row.chat = now, chat
        known = self._session.get(ChatRow, (channel, chat)) or ChatRow(
            channel=channel, chat=chat, language=language, started_at=now
        )
        known.enterprise_id = row.enterprise_id
        self._session.add_all((row, known))
        self._session.flush()
        return self._session.exec(select(EnterpriseRow.name).where(EnterpriseRow.id == row.enterprise_id)).one()

    def move(self, channel: str, old: str, new: str, *, now: datetime) -> None:
        """A chat got a new number: it speaks for the same enterprise, in the same language."""
        row = self._session.get(ChatRow, (channel, old))
        if row is None:
            return
        moved = self._session.get(ChatRow, (channel, new)) or ChatRow(channel=channel, chat=new, started_at=now)
        moved.enterprise_id, moved.language = row.enterprise_id, row.language
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
