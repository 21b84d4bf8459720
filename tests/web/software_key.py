"""A passkey in software: what a device would answer, and what a broken or a hostile one might."""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


class SoftwareKey:
    """A device with one passkey. It counts unless it is told a count."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.handle = b""
        self.count = 0

    def make(
        self,
        options: dict[str, Any],
        *,
        origin: str,
        rp: str = "",
        verified: bool = True,
        kind: str = "webauthn.create",
    ) -> str:
        """The answer to being asked for a passkey."""
        self.handle = base64url_to_bytes(options["user"]["id"])
        public = self.private.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")})
        key = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cose
        data = self._data(rp or options["rp"]["id"], verified=verified, key=key)
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(clientDataJSON=_client(kind, options["challenge"], origin), attestationObject=attested)

    def sign(
        self,
        options: dict[str, Any],
        *,
        origin: str,
        rp: str = "",
        verified: bool = True,
        count: int | None = None,
        handle: bytes | None = None,
        kind: str = "webauthn.get",
        spoilt: bool = False,
    ) -> str:
        """The answer to being asked to sign. `spoilt`: signed with something else."""
        self.count = self.count + 1 if count is None else count
        data = self._data(rp or options["rpId"], verified=verified)
        client = _client(kind, options["challenge"], origin)
        signed = data + hashlib.sha256(client).digest() + (b"!" if spoilt else b"")
        return self._answer(
            clientDataJSON=client,
            authenticatorData=data,
            signature=self.private.sign(signed, ec.ECDSA(hashes.SHA256())),
            userHandle=self.handle if handle is None else handle,
        )

    def _data(self, rp: str, *, verified: bool, key: bytes = b"") -> bytes:
        flags = PRESENT | (VERIFIED if verified else 0) | (WITH_KEY if key else 0)
        return hashlib.sha256(rp.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count) + key

    def _answer(self, **response: bytes) -> str:
        number = bytes_to_base64url(self.id)
        texts = {name: bytes_to_base64url(value) for name, value in response.items()}
        return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": texts})


def _client(kind: str, challenge: str, origin: str) -> bytes:
    return json.dumps({"type": kind, "challenge": challenge, "origin": origin}).encode()
