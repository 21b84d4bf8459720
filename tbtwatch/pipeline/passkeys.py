"""Signing in by a passkey: a key that stays in somebody's device, and signs what it is asked for these pages alone.

A browser is asked to sign something made by chance, once and for a few minutes; it answers with a signature that the
public half of a key proves. Whatever is wrong with an answer, it is refused in the same words.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Final, TypeVar
from urllib.parse import urlsplit

import structlog
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.sign_in import SignedIn, begin_session
from tbtwatch.storage import Transaction
from tbtwatch.storage.passkeys import Passkey
from tbtwatch.storage.people import Person
from tbtwatch.storage.sign_ins import WebSession

log = structlog.get_logger()
Made = TypeVar("Made")

ADD, SIGN_IN, PASSKEY = "add", "sign-in", "passkey"
GOOD_FOR: Final = timedelta(minutes=5)  #: what a browser is asked to sign
RECENT: Final = timedelta(hours=1)  #: who signed in within it may add one
MOST: Final = 20  #: of one person
MOST_WAITING: Final = 200  #: unanswered at once, asked for from one network
LONGEST_ANSWER: Final = 20_000
LONGEST_NAME: Final = 60
SERVICE: Final = "tbtwatch"  #: as which devices list it


class PasskeyRefusedError(Exception):
    """A passkey is not taken. `why` is a wording's name, without what the answer was wrong about."""

    def __init__(self, why: str = "refused") -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """For which pages a passkey signs: browsers hold to it."""

    id: str  #: a host's name
    origin: str  #: scheme, host and port


def relying_party(base: str) -> RelyingParty | None:
    """Who asks, where pages are reached by this address; None: browsers keep no passkey for it, as it has no name, or
    others could read along."""
    try:
        parts = urlsplit(base)
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except ValueError:
        return None
    here = host == "localhost" or host.endswith(".localhost")
    if not host or parts.scheme not in ("http", "https") or (parts.scheme == "http" and not here) or _is_number(host):
        return None
    usual = port is None or port == {"http": 80, "https": 443}[parts.scheme]
    return RelyingParty(id=host, origin=f"{parts.scheme}://{host}{'' if usual else f':{port}'}")


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


# --- adding one


def is_recent(session: WebSession, *, now: datetime) -> bool:
    """Whether somebody signed in a short while ago: a browser that was left open must not be given a key for good."""
    return session.made_at + RECENT > now


def ask_to_add(person: Person, session: WebSession, *, party: RelyingParty, desk: Desk) -> str:
    """What a browser needs to make a passkey, as JSON. Raises `PasskeyRefusedError`: "old" or "enough"."""
    challenge, fresh = secrets.token_bytes(32), bytes_to_base64url(secrets.token_bytes(32))
    with desk.storage.begin() as tx:
        now = desk.clock()
        if not is_recent(session, now=now):
            raise PasskeyRefusedError("old")
        known = tx.passkeys.of(person.id)
        if len(known) >= MOST:
            raise PasskeyRefusedError("enough")
        tx.passkeys.forget_unanswered(now=now)
        handle = tx.passkeys.handle(person.id, fresh=fresh)
        tx.passkeys.ask(challenge, purpose=ADD, expires_at=now + GOOD_FOR, person=person.id, session=session.hash)
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=SERVICE,
        user_id=base64url_to_bytes(handle),
        user_name=person.email,
        user_display_name=person.name or person.email,
        challenge=challenge,
        timeout=_milliseconds(GOOD_FOR),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential)) for one in known],
    )
    return options_to_json(options)


def add_passkey(answer: str, *, name: str, person: Person, session: WebSession, party: RelyingParty, desk: Desk) -> int:
    """Keep the passkey that a browser made; its number. Raises `PasskeyRefusedError`."""
    challenge = _challenge_of(answer)
    with desk.storage.begin() as tx:
        asked = tx.passkeys.take(challenge, purpose=ADD, now=desk.clock())
    if asked is None or asked.person_id != person.id or asked.session != session.hash:
        raise PasskeyRefusedError("late")
    made = _believed(
        lambda: verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    )
    with desk.storage.begin() as tx:
        now = desk.clock()
        if not is_recent(session, now=now):
            raise PasskeyRefusedError("old")
        if len(tx.passkeys.of(person.id)) >= MOST:
            raise PasskeyRefusedError("enough")
        number = tx.passkeys.add(
            person=person.id,
            credential=bytes_to_base64url(made.credential_id),
            public_key=bytes_to_base64url(made.credential_public_key),
            sign_count=made.sign_count,
            name=" ".join(name.split())[:LONGEST_NAME],
            now=now,
        )
        if not number:
            raise PasskeyRefusedError
        _note("passkey.add", number, person, tx=tx, now=now)
    log.info("passkey_added", person=person.id, passkey=number)
    return number


def remove_passkey(passkey: Passkey, *, person: Person, desk: Desk) -> None:
    """It signs nobody in any more."""
    with desk.storage.begin() as tx:
        if tx.passkeys.remove(passkey.id):
            _note("passkey.remove", passkey.id, person, tx=tx, now=desk.clock())


# --- signing in


def ask_to_sign_in(*, network: str, party: RelyingParty, desk: Desk) -> str:
    """What a browser needs to sign somebody in, as JSON: it is the same for everybody. Raises `PasskeyRefusedError`:
    "many"."""
    challenge = secrets.token_bytes(32)
    with desk.storage.begin() as tx:
        now = desk.clock()
        tx.passkeys.forget_unanswered(now=now)
        if network and tx.passkeys.waiting(network=network, now=now) >= MOST_WAITING:
            log.warning("passkey_network_over", waiting=MOST_WAITING)
            raise PasskeyRefusedError("many")
        tx.passkeys.ask(challenge, purpose=SIGN_IN, expires_at=now + GOOD_FOR, network=network)
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=_milliseconds(GOOD_FOR),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def sign_in_by_passkey(answer: str, *, before: str = "", party: RelyingParty, desk: Desk) -> SignedIn:
    """Somebody is signed in by a new session, and the one before in that browser ends. Raises `PasskeyRefusedError`,
    in the same words for a key that is unknown, wrong, copied, or of somebody who is disabled."""
    challenge = _challenge_of(answer)
    credential, handle = _named(answer)
    with desk.storage.begin() as tx:
        asked = tx.passkeys.take(challenge, purpose=SIGN_IN, now=desk.clock())
        key = tx.passkeys.find(credential)
        known = key is not None and tx.passkeys.is_handle_of(key.person_id, handle)
    if asked is None or key is None or not known:
        log.warning("passkey_refused", why="not asked" if asked is None else "unknown")
        raise PasskeyRefusedError
    shown = _believed(
        lambda: verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(key.public_key),
            # The library looks at the count before the signature: whoever cannot sign would be noted as a copy.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    )
    if (done := _signed_in(key, shown.new_sign_count, before=before, desk=desk)) is None:
        raise PasskeyRefusedError
    return done


def _signed_in(key: Passkey, count: int, *, before: str, desk: Desk) -> SignedIn | None:
    with desk.storage.begin() as tx:
        now = desk.clock()
        if tx.passkeys.get(key.id) is None:
            return None  # removed meanwhile
        person = tx.people.get(key.person_id)
        if person.disabled_at is not None:
            return None
        if not tx.passkeys.used(key.id, sign_count=count, now=now):
            _note("passkey.refused", key.id, person, tx=tx, now=now, why="sign count", count=count)
            log.warning("passkey_refused", why="sign count", passkey=key.id)
            return None
        fresh = begin_session(person, by=PASSKEY, before=before, tx=tx, now=now, desk=desk)
    log.info("signed_in", person=person.id, new=False)
    return SignedIn(person=person, secret=fresh, next="", new=False)


# --- answers of browsers


def _believed(verify: Callable[[], Made]) -> Made:
    try:
        return verify()
    except Exception as error:  # bytes of others go through several readers: each has errors of its own
        log.warning("passkey_refused", why=type(error).__name__)
        raise PasskeyRefusedError from error


def _challenge_of(answer: str) -> bytes:
    def read() -> bytes:
        if len(answer) > LONGEST_ANSWER:
            raise ValueError("longer than any answer")
        return parse_client_data_json(base64url_to_bytes(json.loads(answer)["response"]["clientDataJSON"])).challenge

    return _believed(read)


def _named(answer: str) -> tuple[str, str]:
    """Which passkey it says it is, and whose."""

    def read() -> tuple[str, str]:
        whole = json.loads(answer)
        raw = (whole["rawId"], whole["response"]["userHandle"])
        credential, handle = (bytes_to_base64url(base64url_to_bytes(one)) for one in raw)
        return credential, handle

    return _believed(read)


def _milliseconds(time: timedelta) -> int:
    return int(time.total_seconds() * 1000)


def _note(deed: str, passkey: int, person: Person, *, tx: Transaction, now: datetime, **detail: str | int) -> None:
    tx.audit.write(
        by=person.shown,
        deed=deed,
        about=f"person {person.id}",
        detail={"passkey": passkey, **detail},
        person=person.id,
        now=now,
    )
