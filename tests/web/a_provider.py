"""A provider of accounts on loopback: real HTTP, real signed statements, and whatever may be wrong with them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "tbtwatch", "s3cret:of+ours"


class AProvider:
    """Whoever comes is Anna. What it says can be bent by a test."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.clock: Callable[[], float] = time.time
        self.who: dict[str, Any] = {"sub": "anna-1", "email": "Anna@example.com", "email_verified": True}
        self.bent: dict[str, Any] = {}  #: claims instead of the right ones
        self.left_out: frozenset[str] = frozenset()  #: claims that are not there
        self.signing: RSAKey | None = None  #: another key than the published one
        self.by_public_key = False  #: signed with what everybody knows
        self.described: dict[str, Any] = {}  #: instead of what it says of itself
        self.answers: dict[str, tuple[int, bytes, dict[str, str]]] = {}  #: by path, instead of the right ones
        self.refuses = ""  #: the error that it sends somebody back with
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []  #: paths, headers, forms
        self.codes: dict[str, dict[str, str]] = {}
        bound = type("_Bound", (_Conversation,), {"provider": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), bound)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    @property
    def issuer(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """It answers from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Nobody answers any more."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._server.server_close()
            self._thread.join(10)

    def about(self) -> dict[str, Any]:
        """What it says of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?tenant=a",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **self.described,
        }

    def statement(self, nonce: str) -> str:
        """Who somebody is, signed."""
        now = int(self.clock())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            **self.who,
            **self.bent,
        }
        kept = {name: value for name, value in claims.items() if name not in self.left_out}
        if self.by_public_key:
            return by_the_public_key(self, kept)
        return jwt.encode({"alg": "RS256", "kid": "one"}, kept, self.signing or self.key)

    def authorize(self, asked: dict[str, str]) -> str:
        """Where somebody is sent who was sent here."""
        assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT, "S256")
        assert set(asked["scope"].split()) == {"openid", "email"} and asked["tenant"] == "a"
        answer = {"state": asked["state"]}
        if self.refuses:
            answer["error"] = self.refuses
        else:
            answer["code"] = secrets.token_urlsafe(16)
            self.codes[answer["code"]] = asked
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def token(self, form: dict[str, str], headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The statement for a code: once, to whom it was given, for the challenge it was asked with."""
        pair = base64.b64encode(b"tbtwatch:s3cret%3Aof%2Bours").decode()
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if headers.get("authorization") != f"Basic {pair}":
            return 401, {"error": "invalid_client"}
        if (
            asked is None
            or asked["code_challenge"] != challenge.decode()
            or asked["redirect_uri"] != form["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.statement(asked["nonce"])}


class _Conversation(BaseHTTPRequestHandler):
    provider: AProvider

    def log_message(self, *_: object) -> None:
        """It keeps no log."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/authorize":
            self._send(302, b"", {"Location": self.provider.authorize(asked)})
        else:
            pages = {
                "/.well-known/openid-configuration": self.provider.about(),
                "/keys": KeySet([self.provider.key]).as_dict(private=False),
            }
            self._answer(parts.path, 200 if parts.path in pages else 404, pages.get(parts.path, {}), {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._answer(self.path, *self.provider.token(form, headers), form)

    def _answer(self, path: str, status: int, said: dict[str, Any], form: dict[str, str]) -> None:
        self.provider.asked.append((path, {name.lower(): value for name, value in self.headers.items()}, form))
        if path in self.provider.answers:
            self._send(*self.provider.answers[path])
        else:
            self._send(status, json.dumps(said).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def another_key() -> RSAKey:
    """A key that the provider does not publish."""
    return RSAKey.generate_key(2048, {"kid": "one"})


def by_the_public_key(provider: AProvider, claims: dict[str, Any]) -> str:
    """The published key, taken for a secret that both sides know. By hand: no library signs so."""
    parts = [json.dumps(one).encode() for one in ({"alg": "HS256", "kid": "one"}, claims)]
    signed = ".".join(base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in parts)
    seal = hmac.digest(provider.key.as_pem(private=False), signed.encode(), hashlib.sha256)
    return f"{signed}.{base64.urlsafe_b64encode(seal).rstrip(b'=').decode()}"


@contextmanager
def a_provider() -> Iterator[AProvider]:
    """It answers."""
    provider = AProvider()
    provider.start()
    try:
        yield provider
    finally:
        provider.stop()
