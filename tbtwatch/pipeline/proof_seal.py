"""A proof of notice as a file that can be checked: its content, a checksum over it, and this installation's seal.

The checksum (SHA-256) anybody can reckon anew; whoever changes the content can do so too. The seal is made with a key
that never leaves the database, so that nobody else makes a proof that this installation takes for its own. A page is
sealed as a whole besides: what people read and what is sealed inside it cannot drift apart.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from notifiers.proof import Proof
from notifiers.proof_page import page
from tbtwatch.storage import Storage
from tbtwatch.storage.types import to_json

KEY = "proof_key"  # in the installation's own values
LARGEST = 20_000_000  # characters: a proof is a few pages
_INSIDE = re.compile(r'<script type="application/json" id="proof">(.*?)</script>', re.DOTALL)
_PAGE_SEAL = re.compile(r'(<meta name="page-seal" content=")([a-z2-7-]{31})(">)')
_BLANK = "-".join(["aaaa"] * 6) + "-a"


class Checked(StrEnum):
    """What came of checking a file."""

    UNCHANGED = "unchanged"
    CONTENT_CHANGED = "content_changed"
    PAGE_CHANGED = "page_changed"  #: what is sealed inside is whole; what is shown is not what was made
    FOREIGN = "foreign"  #: whole in itself, and not sealed by this installation


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A file that was checked."""

    result: Checked
    content: dict[str, Any]
    checksum: str  #: as it should be


class NoProofError(LookupError):
    """The file is no proof of notice; the sentence says so."""


def sealed(proof: Proof, storage: Storage) -> dict[str, Any]:
    """The proof with its checksum and seal, as JSON."""
    content: dict[str, Any] = to_json(Proof, proof)
    checksum = checksum_of(content)
    return {"proof": content, "checksum": checksum, "seal": _seal("content", checksum.encode(), _key(storage))}


def sealed_page(proof: Proof, storage: Storage) -> str:
    """The proof as a page that carries its content, sealed as a whole."""
    document = sealed(proof, storage)
    written = json.dumps(document, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    html = page(proof, checksum=document["checksum"], seal=document["seal"], document=written, page_seal=_BLANK)
    return _PAGE_SEAL.sub(rf"\g<1>{_seal_of_page(html, _key(storage))}\g<3>", html, count=1)


def check(text: str, storage: Storage) -> Check:
    """Whether a file, JSON or page, is as this installation made it. Raises NoProofError."""
    inside = _INSIDE.search(text) if text.lstrip()[:1] == "<" else None
    try:
        document = json.loads(inside[1] if inside else text)
        content, checksum, seal = document["proof"], str(document["checksum"]), str(document["seal"])
        reckoned = checksum_of(content)
        if not isinstance(content, dict):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NoProofError(
            "this file is no proof of notice; give one that `tbtwatch proof SYMBOL ENTERPRISE` wrote, as a page "
            "(--html) or as JSON (--json)"
        ) from error
    with storage.look() as tx:
        key = tx.meta.get(KEY) or ""
    if not hmac.compare_digest(reckoned.encode(), checksum.encode()):
        result = Checked.CONTENT_CHANGED
    elif not key or not hmac.compare_digest(_seal("content", checksum.encode(), key).encode(), seal.encode()):
        result = Checked.FOREIGN
    elif inside and not _is_our_page(text, key):
        result = Checked.PAGE_CHANGED
    else:
        result = Checked.UNCHANGED
    return Check(result=result, content=content, checksum=reckoned)


def checksum_of(content: Any) -> str:
    """The SHA-256 of a content, whatever order and spaces its JSON is written in; in groups, to be read aloud."""
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    found = hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()
    return "-".join(found[start : start + 8] for start in range(0, 64, 8))


def _is_our_page(html: str, key: str) -> bool:
    found = _PAGE_SEAL.search(html)
    if found is None:
        return False
    blank = _PAGE_SEAL.sub(rf"\g<1>{_BLANK}\g<3>", html, count=1)
    return hmac.compare_digest(_seal_of_page(blank, key), found[2])


def _seal_of_page(html: str, key: str) -> str:
    # A file that went through Windows has other line ends; nothing that is read changes with them.
    return _seal("page", html.replace("\r\n", "\n").encode("utf-8", "surrogatepass"), key)


def _seal(purpose: str, what: bytes, key: str) -> str:
    made = hmac.digest(bytes.fromhex(key), purpose.encode() + b"\n" + what, hashlib.sha256)
    letters = base64.b32encode(made).decode().lower()[:25]
    return "-".join(letters[start : start + 4] for start in range(0, 25, 4))


def _key(storage: Storage) -> str:
    with storage.look() as tx:
        known = tx.meta.get(KEY)
    if known:
        return known
    with storage.begin() as tx:
        return tx.meta.once(KEY, secrets.token_hex(32))
