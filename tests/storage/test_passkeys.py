"""Passkeys as they are stored: what is asked is answered once, a count only grows, nothing stays of who is erased."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from tbtwatch.storage import Storage

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def a_person(storage: Storage, email: str = "anna@example.com") -> int:
    """Somebody who signs in: their number."""
    with storage.begin() as tx:
        return tx.people.add(email, language="en", now=NOW)[0].id


def a_passkey(storage: Storage, person: int, credential: str = "abc", sign_count: int = 0) -> int:
    """A key of theirs: its number."""
    with storage.begin() as tx:
        return tx.passkeys.add(
            person=person, credential=credential, public_key="key", sign_count=sign_count, name="desk", now=NOW
        )


def test_what_is_asked_is_answered_once_for_what_it_was_asked_for(storage: Storage) -> None:
    """Not a second time, not too late, and not for something else; only a hash of it is stored."""
    person = a_person(storage)
    with storage.begin() as tx:
        tx.passkeys.ask(b"one", purpose="add", expires_at=NOW + MINUTE, person=person, session="s")
        tx.passkeys.ask(b"two", purpose="sign-in", expires_at=NOW + MINUTE, network="10.0.0.0/24")
        tx.passkeys.ask(b"old", purpose="sign-in", expires_at=NOW, network="10.0.0.0/24")
    with storage.begin() as tx:
        assert tx.passkeys.waiting(network="10.0.0.0/24", now=NOW) == 1
        assert tx.passkeys.take(b"one", purpose="sign-in", now=NOW) is None
        found = tx.passkeys.take(b"one", purpose="add", now=NOW)
        assert found is not None and (found.person_id, found.session) == (person, "s")
        assert [tx.passkeys.take(one, purpose="sign-in", now=NOW) for one in (b"one", b"old", b"none")] == [None] * 3
        assert tx.passkeys.forget_unanswered(now=NOW) == 1
    with storage.engine.connect() as connection:
        left = connection.execute(text("SELECT * FROM passkey_challenge")).all()
    assert len(left) == 1 and "two" not in str(left)


def test_of_two_answers_at_once_one_is_taken(storage: Storage) -> None:
    """Whoever listened in and is as fast gets nothing."""
    with storage.begin() as tx:
        tx.passkeys.ask(b"x", purpose="sign-in", expires_at=NOW + MINUTE)

    def take(_: int) -> bool:
        with storage.begin() as tx:
            return tx.passkeys.take(b"x", purpose="sign-in", now=NOW) is not None

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(take, range(4))) == 1


def test_a_count_only_grows(storage: Storage) -> None:
    """A key that says it was used no more often than before is a copy; one that never counts is believed. Counts go up
    to four thousand millions."""
    person = a_person(storage)
    counting, still = a_passkey(storage, person, "a", 7), a_passkey(storage, person, "b")
    with storage.begin() as tx:
        tried = [tx.passkeys.used(counting, sign_count=count, now=NOW) for count in (7, 8, 8, 0, 2**32 - 1)]
        assert tried == [False, True, False, False, True]
        assert [tx.passkeys.used(still, sign_count=count, now=NOW) for count in (0, 0, 3, 0)] == [
            True,
            True,
            True,
            False,
        ]
    with storage.look() as tx:
        assert [(one.sign_count, one.used_at) for one in tx.passkeys.of(person)] == [(2**32 - 1, NOW), (3, NOW)]


def test_a_key_is_one_persons_and_a_person_has_one_name_for_keys(storage: Storage) -> None:
    """The same key is not added twice; the name that keys know somebody by stays as it was made first."""
    anna, bob = a_person(storage), a_person(storage, "bob@example.com")
    number = a_passkey(storage, anna)
    assert number > 0 and a_passkey(storage, bob) == 0
    with storage.begin() as tx:
        assert [tx.passkeys.handle(anna, fresh=one) for one in ("first", "second")] == ["first", "first"]
        assert tx.passkeys.is_handle_of(anna, "first") and not tx.passkeys.is_handle_of(bob, "first")
        assert tx.passkeys.get(2**63) is None and tx.passkeys.get(0) is None
        assert [tx.passkeys.remove(number), tx.passkeys.remove(number)] == [True, False]


def test_nothing_stays_of_who_is_erased(storage: Storage) -> None:
    """Neither keys nor what they were asked, and another's stay."""
    anna, bob = a_person(storage), a_person(storage, "bob@example.com")
    a_passkey(storage, anna, "a")
    a_passkey(storage, bob, "b")
    with storage.begin() as tx:
        tx.passkeys.handle(anna, fresh="h")
        tx.passkeys.ask(b"x", purpose="add", expires_at=NOW + MINUTE, person=anna, session="s")
        tx.passkeys.forget(anna)
        tx.people.erase(anna)
    with storage.look() as tx:
        assert tx.passkeys.find("a") is None and [one.credential for one in tx.passkeys.of(bob)] == ["b"]
