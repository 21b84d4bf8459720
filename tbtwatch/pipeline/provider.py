"""Signing in by an account at a provider: an association's own, by OpenID Connect.

Somebody is sent there with a code challenge, a state and a nonce, and comes back with a code; for it the provider gives
a signed statement of who they are. All three are made from one secret that only their browser holds, so that nobody
else's answer fits. Everything is asked by the fetcher, which goes to public addresses and listed ones alone.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeGuard
from urllib.parse import quote, urlencode, urlsplit

import structlog
from joserfc import jwt
from joserfc.jwk import KeySet

from notifiers.addresses import check_mail
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.provider_rules import Provider
from tbtwatch.pipeline.sign_in import SignedIn, begin_session
from tbtwatch.storage.identities import ProviderVisit
from watcher.fetch import FetchError
from watcher.source import Request

log = structlog.get_logger()

PROVIDER: Final = "provider"
GOOD_FOR: Final = timedelta(minutes=10)  #: to be there and back
MOST_AWAY: Final = 200  #: from one network at once
LEEWAY: Final = 60  #: seconds by which the provider's clock may differ
LONGEST: Final = 4000  #: of a code or a secret; no provider's is as long
#: By keys that the provider publishes: nothing that a shared secret, or nobody, could sign.
ALGORITHMS: Final = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)


class ProviderError(Exception):
    """Nobody is signed in. `why` is the end of a wording's name: "away", "late", "many", "refused", "stopped",
    "unverified" or "domain"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class _Described:
    """What the provider says of itself."""

    authorization: str
    token: str
    keys: str
    basic: bool  #: takes the client's secret as a header


# --- there


async def leave(
    provider: Provider, *, back: str, language: str, next_page: str, network: str, desk: Desk
) -> tuple[str, str]:
    """Where somebody has to go, and the secret that their browser keeps meanwhile. Raises `ProviderError`.

    `back`: the address that the provider sends them back to.
    """
    secret = secrets.token_urlsafe(32)
    described = await _described(provider)
    await asyncio.to_thread(_note_leaving, _made(secret, "state"), language, next_page, network, desk)
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "scope": "openid email",
        "state": _made(secret, "state"),
        "nonce": _made(secret, "nonce"),
        "code_challenge": _base64url(hashlib.sha256(_made(secret, "verifier").encode()).digest()),
        "code_challenge_method": "S256",
    }
    join = "&" if urlsplit(described.authorization).query else "?"
    return f"{described.authorization}{join}{urlencode(asked)}", secret


def _note_leaving(state: str, language: str, next_page: str, network: str, desk: Desk) -> None:
    with desk.storage.begin() as tx:
        now = desk.clock()
        tx.identities.forget_away(now=now)
        if network and tx.identities.away(network=network, now=now) >= MOST_AWAY:
            log.warning("provider_network_over", away=MOST_AWAY)
            raise ProviderError("many")
        tx.identities.leave(state, language=language, next_page=next_page, network=network, expires_at=now + GOOD_FOR)


# --- and back


def come_back(state: str, secret: str, *, desk: Desk) -> ProviderVisit | None:
    """Who went from this very browser, once; None: nobody did, or it is over."""
    if not secret or len(secret) > LONGEST or not hmac.compare_digest(state.encode(), _made(secret, "state").encode()):
        return None
    with desk.storage.begin() as tx:
        return tx.identities.come_back(state, now=desk.clock())


async def sign_in_by_provider(
    provider: Provider, code: str, *, secret: str, back: str, language: str, before: str, desk: Desk
) -> SignedIn:
    """Somebody is signed in by a new session, and the one before in that browser ends. Raises `ProviderError`."""
    described = await _described(provider)
    signed = await _exchanged(provider, described, code, verifier=_made(secret, "verifier"), back=back)
    keys = await _json(provider, Request(url=described.keys, **_BOUNDS))
    claims = _believed(provider, signed, keys, nonce=_made(secret, "nonce"), now=desk.clock())
    return await asyncio.to_thread(_signed_in, provider, claims, language=language, before=before, desk=desk)


def _signed_in(provider: Provider, claims: Mapping[str, Any], *, language: str, before: str, desk: Desk) -> SignedIn:
    subject, email = claims["sub"], _address(claims)
    if provider.domains and email.rpartition("@")[2] not in provider.domains:
        raise ProviderError("domain")
    with desk.storage.begin() as tx:
        now, new = desk.clock(), False
        known = tx.identities.find(provider.issuer, subject)
        if known is not None:
            person = tx.people.get(known)
        else:
            person, new = tx.people.add(email, language=language, now=now)
        if person.disabled_at is None:
            if tx.identities.used(provider.issuer, subject, person=person.id, now=now):
                tx.audit.write(
                    by=person.shown,
                    deed="identity.add",
                    about=f"person {person.id}",
                    detail={"issuer": provider.issuer},
                    person=person.id,
                    now=now,
                )
            fresh = begin_session(person, by=PROVIDER, before=before, new=new, tx=tx, now=now, desk=desk)
    if person.disabled_at is not None:
        raise ProviderError("refused")
    log.info("signed_in", person=person.id, new=new)
    return SignedIn(person=person, secret=fresh, next="", new=new)


def _address(claims: Mapping[str, Any]) -> str:
    """The address that the provider vouches for."""
    email = claims.get("email")
    if not isinstance(email, str) or claims.get("email_verified") not in (True, "true"):
        raise ProviderError("unverified")
    try:
        return check_mail(email).lower()
    except ValueError as error:
        raise ProviderError("unverified") from error


def _believed(provider: Provider, signed: str, keys: Mapping[str, Any], *, nonce: str, now: datetime) -> dict[str, Any]:
    """What the statement says, if the provider signed it, for us, just now, for this browser."""
    try:
        usable = [one for one in keys["keys"] if one.get("use", "sig") == "sig"]
        read = jwt.decode(signed, KeySet.import_key_set({"keys": usable}), algorithms=list(ALGORITHMS))
        jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": provider.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
        ).validate(read.claims)
        meant = read.claims.get("azp", provider.client_id if _is_one(read.claims["aud"]) else None)
        if meant != provider.client_id or not 0 < len(read.claims["sub"]) <= 255:
            raise ValueError("made out to another, or to nobody")
    except Exception as error:  # words of others go through several readers: each has errors of its own
        log.warning("provider_refused", why=type(error).__name__)
        raise ProviderError("refused") from error
    return dict(read.claims)


def _is_one(audience: object) -> bool:
    return isinstance(audience, str) or (isinstance(audience, list) and len(audience) == 1)


# --- what it is asked

_BOUNDS: Final[dict[str, Any]] = {
    "accept": "application/json",
    "conditional": False,
    "max_body": 300_000,
    "max_decoded": 300_000,
    "deadline_seconds": 10.0,
    "silence_seconds": 8.0,
}


async def _described(provider: Provider) -> _Described:
    where = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
    said = await _json(provider, Request(url=where, **_BOUNDS))
    ends = [said.get(f"{name}_endpoint") for name in ("authorization", "token")] + [said.get("jwks_uri")]
    scheme = urlsplit(provider.issuer).scheme
    whole = [one for one in ends if _is_address(one, ("https", scheme))]
    if said.get("issuer") != provider.issuer or len(whole) != len(ends):
        log.warning("provider_away", why="describes another issuer, or not all of it")
        raise ProviderError("away")
    methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return _Described(authorization=whole[0], token=whole[1], keys=whole[2], basic="client_secret_basic" in methods)


def _is_address(text: object, schemes: tuple[str, ...]) -> TypeGuard[str]:
    if not isinstance(text, str) or not text.isascii() or not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.hostname)


async def _exchanged(provider: Provider, described: _Described, code: str, *, verifier: str, back: str) -> str:
    """The signed statement that the provider gives for a code."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
    headers: dict[str, str] = {}
    secret = provider.client_secret.get_secret_value() if provider.client_secret else ""
    if secret and described.basic:
        pair = f"{quote(provider.client_id, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode('ascii')}"
    else:
        form |= {"client_id": provider.client_id, **({"client_secret": secret} if secret else {})}
    asked = Request(
        url=described.token,
        headers=headers,
        body=urlencode(form).encode(),
        body_type="application/x-www-form-urlencoded",
        accept_status=frozenset({400, 401}),
        **_BOUNDS,
    )
    said = await _json(provider, asked)
    if not isinstance(said.get("id_token"), str):
        log.warning("provider_refused", why=str(said.get("error", ""))[:40])
        raise ProviderError("refused")
    return str(said["id_token"])


async def _json(provider: Provider, asked: Request) -> dict[str, Any]:
    """An object that the provider answers with. It may not send us on: secrets are meant for it alone."""
    try:
        async with provider.at_once, provider.fetcher() as fetcher:
            document = await fetcher.fetch(asked, before_hop=_no_further)
        said = json.loads(document.body)
        if not isinstance(said, dict):
            raise ValueError("no object")
    except FetchError as error:
        log.warning("provider_away", why=error.reason.value)
        raise ProviderError("away") from error
    except (ValueError, RecursionError) as error:
        log.warning("provider_away", why="answers in another format")
        raise ProviderError("away") from error
    return said


async def _no_further(_address: str) -> float:
    log.warning("provider_away", why="sends us elsewhere")
    raise ProviderError("away")


def _made(secret: str, what: str) -> str:
    """Something that only who has the secret can know beforehand."""
    return _base64url(hmac.digest(secret.encode("utf-8", "replace"), what.encode(), hashlib.sha256))


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
