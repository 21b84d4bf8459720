"""The code in a message's last line: who holds it may end, for that address, the subscriptions the message names.

It states the subscriptions and is sealed with a key of this installation, for this purpose and this address alone; so
nothing has to be kept for a message, and nobody can make one up. "12.15-k3f…": subscriptions 12 and 15.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from subscriptions.criteria import Address
from tbtwatch.storage import Transaction

KEY = "unsubscribe_key"  # in the installation's own values
MOST_NAMED = 12  # of more, the code means all at that address: a subject line is short
_ALL = "all"
_CODE = re.compile(r"(?P<named>all|[0-9]{1,18}(?:\.[0-9]{1,18}){0,11})-(?P<seal>[a-z2-7]{20})")
_SIGNS = " \t\r\n\"'“”‘’„«»「」『』<>()（）[]【】,，;；:：.。!！"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a code names."""

    address: Address
    subscriptions: tuple[int, ...] | None  #: their numbers; None: all at this address


def code_for(address: Address, subscriptions: Iterable[int], tx: Transaction) -> str:
    """The code that ends these subscriptions for this address."""
    ids = sorted(set(subscriptions))
    named = ".".join(map(str, ids)) if 0 < len(ids) <= MOST_NAMED else _ALL
    return f"{named}-{_seal(named, address, tx.meta.once(KEY, secrets.token_hex(32)))}"


def read_code(text: str, tx: Transaction) -> Named | None:
    """What a code names; None if it is none of ours."""
    code = _CODE.fullmatch(text.casefold())
    key = tx.meta.get(KEY)
    if code is None or key is None:
        return None
    ids = None if code["named"] == _ALL else tuple(int(one) for one in code["named"].split("."))
    for address in tx.subscriptions.ever_told(ids):
        if hmac.compare_digest(_seal(code["named"], address, key), code["seal"]):
            return Named(address=address, subscriptions=ids)
    return None


def link_code(address: Address, subscriptions: Iterable[int], tx: Transaction) -> str:
    """The same code for a link: "12~12.15-k3f…~ab…".

    The subscription before it says where the address is looked for, and the guard behind it lets anything that is not
    ours be turned away without looking for anything.
    """
    ids = sorted(set(subscriptions))
    said = f"{ids[0]}~{code_for(address, ids, tx)}"
    return f"{said}~{_guard(said, tx.meta.once(KEY, secrets.token_hex(32)))}"


def read_link(text: str, tx: Transaction) -> Named | None:
    """What the code of a link names; None if it is none of ours."""
    key = tx.meta.get(KEY) or "00"
    said, _, guard = text[:400].rpartition("~")
    if not hmac.compare_digest(_guard(said, key).encode(), guard.encode("utf-8", "replace")):
        return None
    anchor, _, code = said.partition("~")
    found = _CODE.fullmatch(code)
    if found is None or not anchor.isdecimal():
        return None
    ids = None if found["named"] == _ALL else tuple(int(one) for one in found["named"].split("."))
    for address in tx.subscriptions.ever_told((int(anchor),)):
        if hmac.compare_digest(_seal(found["named"], address, key), found["seal"]):
            return Named(address=address, subscriptions=ids)
    return None


def _guard(said: str, key: str) -> str:
    sealed = hmac.digest(bytes.fromhex(key), f"unsubscribe-link\n{said}".encode("utf-8", "replace"), hashlib.sha256)
    return base64.b32encode(sealed).decode().lower()[:16]


def alone(text: str) -> str:
    """The code out of what people paste: the code, or a whole subject such as "Re: unsubscribe CODE"."""
    plain = unquote(text).strip(_SIGNS)
    return plain.split()[-1].strip(_SIGNS) if plain else ""


def _seal(named: str, address: Address, key: str) -> str:
    said = "\n".join(("unsubscribe", address.channel, address.target, named))
    sealed = hmac.digest(bytes.fromhex(key), said.encode(), hashlib.sha256)
    return base64.b32encode(sealed).decode().lower()[:20]
