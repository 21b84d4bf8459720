"""Tokens for programs: made, shown once, read.

`tbtw_` + 40 letters and digits + 6 that are reckoned from them: whoever finds one in a file knows what it is, and a
typing error is seen without a look in the database. What is stored is a hash of its own sort: no link, code or other
secret of ours opens the API, and a token opens nothing else.
"""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Final
from zlib import crc32

from tbtwatch.pipeline.alert import Desk
from tbtwatch.storage.tokens import ApiToken, is_noted

PREFIX: Final = "tbtw_"
_SIGNS: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM, _CHECK = 40, 6
_FORM: Final = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{_RANDOM + _CHECK}}}", re.ASCII)
MOST_DAYS: Final = 731
LONGEST_NAME: Final = 100


class Scope(StrEnum):
    """What a token may read."""

    MEASURES = "measures:read"
    SUBSCRIPTIONS = "subscriptions:read"
    DELIVERIES = "deliveries:read"
    SOURCES = "sources:read"
    RULES = "rules:read"


OWN: Final = frozenset({Scope.SUBSCRIPTIONS, Scope.DELIVERIES})  #: of one enterprise


class TokenError(Exception):
    """The token cannot be made so; the sentence says what to write instead."""


class RefusedTokenError(Exception):
    """The token opens nothing; the sentence says why."""


def make_token(
    *, name: str, scopes: Iterable[Scope], enterprise: str = "", days: int, by: str, desk: Desk
) -> tuple[ApiToken, str]:
    """A new token, and its text, which is told this once. Raises TokenError and LookupError."""
    wanted = frozenset(scopes)
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        raise TokenError("the name is empty or longer than 100 characters; name the program that will use the token")
    if not wanted:
        raise TokenError(f"the token may read nothing; give it a scope: {', '.join(Scope)}")
    if not 1 <= days <= MOST_DAYS:
        raise TokenError(f"{days} days are not offered; write 1 to {MOST_DAYS}")
    if wanted & OWN and not enterprise:
        raise TokenError(f"{', '.join(sorted(wanted & OWN))}: of which enterprise? Name it with --enterprise")
    text = new_text()
    now = desk.clock()
    with desk.storage.begin() as tx:
        enterprise_id = tx.subscriptions.find_enterprise(enterprise) if enterprise else None
        if enterprise and enterprise_id is None:
            raise LookupError(f"there is no enterprise {enterprise!r}; `tbtwatch enterprise list` lists them")
        id = tx.tokens.add(
            text,
            name=name.strip(),
            enterprise_id=enterprise_id,
            scopes=wanted,
            by=by,
            expires_at=now + timedelta(days=days),
            now=now,
        )
        tx.audit.write(
            by=by,
            deed="token.make",
            about=f"token {id}",
            # By number: what an enterprise is called goes with it when it is erased.
            detail={"scopes": sorted(wanted), "enterprise": enterprise_id, "days": days},
            now=now,
        )
        return tx.tokens.get(id), text


def revoke_token(number: int, *, by: str, why: str, desk: Desk) -> bool:
    """It opens nothing from now on; False if it was revoked before. Raises LookupError."""
    now = desk.clock()
    with desk.storage.begin() as tx:
        ended = tx.tokens.revoke(number, by=by, why=why, now=now)
        if ended:
            tx.audit.write(by=by, deed="token.revoke", about=f"token {number}", detail={"reason": why}, now=now)
    return ended


def new_text() -> str:
    """A token nobody has."""
    drawn = "".join(secrets.choice(_SIGNS) for _ in range(_RANDOM))
    return f"{PREFIX}{drawn}{_check(drawn)}"


def is_whole(text: str) -> bool:
    """Whether a text is a token, as far as can be told from itself."""
    return bool(_FORM.fullmatch(text)) and secrets.compare_digest(
        _check(text[len(PREFIX) : -_CHECK]).encode(), text[-_CHECK:].encode()
    )


def read_token(text: str, desk: Desk) -> ApiToken:
    """What a token may do; its use is noted. Raises RefusedTokenError."""
    if not is_whole(text):
        raise RefusedTokenError(f"This is no token of ours; one begins with {PREFIX} and has 51 signs. Copy it whole.")
    now = desk.clock()
    with desk.storage.look() as tx:
        found = tx.tokens.by_token(text)
    if found is None:
        raise RefusedTokenError("This token is not known here. Ask for a new one.")
    if found.revoked_at is not None:
        raise RefusedTokenError("This token was revoked. Ask for a new one.")
    if found.expires_at <= now:
        raise RefusedTokenError(f"This token expired on {found.expires_at:%Y-%m-%d}. Ask for a new one.")
    if not is_noted(found, now):
        with desk.storage.begin() as tx:
            tx.tokens.used(found.id, now=now)
    return found


def _check(drawn: str) -> str:
    number, signs = crc32(f"{PREFIX}{drawn}".encode()), ""
    while number:
        number, rest = divmod(number, len(_SIGNS))
        signs = _SIGNS[rest] + signs
    return signs.rjust(_CHECK, "0")
