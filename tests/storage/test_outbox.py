"""The outbox: who may send what, and what becomes of it when a worker dies or is slow."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random
from threading import Barrier

import pytest

from notifiers.message import Message
from notifiers.outcome import DeliveryState, Reason, Sent, State, TryAgain
from notifiers.retry import after
from tbtwatch.storage import Storage, open_storage
from tbtwatch.storage.outbox import Claimed, Delivery
from tests.builders import NOW

LEASE = timedelta(seconds=20)
SENT = DeliveryState(state=State.SENT)


def owe(storage: Storage, *keys: str, kind: str = "alert", channel: str = "email", at: datetime = NOW) -> None:
    """Owe a message for each key, to a reader of that name."""
    with storage.begin() as tx:
        for key in keys:
            message = Message(recipient=f"{key}@example.com", subject=key, text="t", message_id=f"<{key}@x>")
            target = message.recipient
            tx.outbox.add(key=key, kind=kind, channel=channel, target=target, message=message, alerts=[], now=at)


def claim(
    storage: Storage, at: datetime = NOW, *, limit: int = 100, channels: tuple[str, ...] = ("email",)
) -> list[Claimed]:
    """Claim what is due."""
    with storage.begin() as tx:
        return tx.outbox.claim(now=at, lease=LEASE, limit=limit, channels=channels)


def record(storage: Storage, claimed: Claimed, state: DeliveryState = SENT, at: datetime = NOW) -> bool:
    """Write an outcome down."""
    with storage.begin() as tx:
        return tx.outbox.record(claimed, state, outcome=state.state.value, now=at)


def only(storage: Storage) -> Delivery:
    """The one delivery there is."""
    with storage.look() as tx:
        (delivery,) = tx.outbox.list()
    return delivery


def subjects(claimed: list[Claimed]) -> list[str]:
    """What was claimed, by its subject."""
    return [one.message.subject for one in claimed]


def test_four_workers_never_share_a_delivery(storage: Storage, database_url: str) -> None:
    """500 due deliveries claimed by four workers at once: each is claimed by exactly one, none is left."""
    owe(storage, *(f"m{n}" for n in range(500)))
    together = Barrier(4)

    def work(_: int) -> Iterator[int]:
        mine = open_storage(database_url)
        together.wait(30)
        while some := claim(mine, limit=8):
            assert len(some) <= 8
            yield from (one.id for one in some)
        mine.close()

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda n: list(work(n)), range(4)))
    assert sorted(number for some in taken for number in some) == sorted({n for some in taken for n in some})
    assert sum(map(len, taken)) == 500


def test_a_claim_holds_as_long_as_its_lease(storage: Storage) -> None:
    """Nobody else gets it before the lease has run out; then it is claimed again, and the attempt is counted."""
    owe(storage, "a")
    (first,) = claim(storage)
    assert claim(storage, NOW + LEASE - timedelta(seconds=1)) == []
    (second,) = claim(storage, NOW + LEASE)

    assert (first.attempts, second.attempts) == (1, 2)
    assert first.message == second.message
    assert second.tried_since == NOW


def test_a_worker_that_lost_its_lease_changes_nothing(storage: Storage) -> None:
    """Whatever the slow one says, the delivery belongs to the worker that took it over."""
    owe(storage, "a")
    (slow,) = claim(storage)
    later = NOW + LEASE
    (quick,) = claim(storage, later)
    for state in (SENT, DeliveryState(state=State.REFUSED), DeliveryState(state=State.PENDING, due_at=NOW)):
        assert not record(storage, slow, state, later)
    with storage.begin() as tx:
        tx.outbox.give_back(slow, detail="", now=later)
        tx.outbox.extend([slow], until=later + 10 * LEASE)
    delivery = only(storage)
    assert (delivery.state, delivery.attempts) == (State.SENDING, 2)
    assert len(claim(storage, later + LEASE)) == 1
    assert not record(storage, quick, SENT, later + LEASE)


def test_what_went_out_late_is_not_sent_again(storage: Storage) -> None:
    """A lease that ran out and was freed, but that nobody took over: that it was sent is still believed."""
    owe(storage, "a", "b")
    sent, failed = claim(storage)
    with storage.begin() as tx:
        assert tx.outbox.free_expired(now=NOW + LEASE) == 2
    assert record(storage, sent, SENT, NOW + LEASE)
    assert not record(storage, failed, DeliveryState(state=State.REFUSED), NOW + LEASE)
    assert subjects(claim(storage, NOW + LEASE)) == ["b"]


def test_a_living_worker_keeps_its_lease(storage: Storage) -> None:
    """Extended, it holds longer."""
    owe(storage, "a")
    claimed = claim(storage)
    with storage.begin() as tx:
        tx.outbox.extend(claimed, until=NOW + 3 * LEASE)
    assert claim(storage, NOW + 2 * LEASE) == []
    assert record(storage, claimed[0], SENT, NOW + 2 * LEASE)


def test_alerts_go_before_digests_and_the_oldest_first(storage: Storage) -> None:
    """However they were written, and also when only some are taken."""
    hour = timedelta(hours=1)
    owe(storage, "digest", kind="digest", at=NOW - 9 * hour)
    owe(storage, "young", at=NOW - hour)
    owe(storage, "old", at=NOW - 5 * hour)
    owe(storage, "future", at=NOW + hour)
    assert subjects(claim(storage, limit=1)) == ["old"]
    assert subjects(claim(storage)) == ["young", "digest"]
    assert claim(storage) == []


def test_within_one_claim_the_oldest_is_first(storage: Storage) -> None:
    """What was tried before and is due later stands behind what has waited longer."""
    owe(storage, "late", at=NOW - timedelta(minutes=1))
    owe(storage, "early", at=NOW - timedelta(hours=1))
    assert subjects(claim(storage)) == ["early", "late"]


def test_a_channel_that_is_not_configured_waits(storage: Storage) -> None:
    """Its deliveries are claimed by no one, and keep no others from going."""
    owe(storage, "chat", channel="telegram", at=NOW - timedelta(days=30))
    owe(storage, "mail")
    assert subjects(claim(storage)) == ["mail"]
    assert subjects(claim(storage, channels=("telegram",))) == ["chat"]


def test_what_is_due_next_is_known_of_each_channel(storage: Storage) -> None:
    """A mail that waits for a mail server is not what the next file waits for."""
    later = NOW + timedelta(hours=3)
    owe(storage, "a")
    owe(storage, "b", channel="file", at=later)
    with storage.look() as tx:
        due = [tx.outbox.next_due(channel) for channel in ("email", "file", "telegram")]
    assert due == [NOW, later, None]


def test_a_stopped_channel_waits_and_goes_on(storage: Storage) -> None:
    """Nothing is claimed for it until its pause is over or it is known to work; others go on."""
    owe(storage, "mail")
    owe(storage, "chat", channel="telegram")
    pause = timedelta(minutes=10)
    with storage.begin() as tx:
        tx.outbox.stop_channel("email", detail="the login is refused", now=NOW, pause=pause)
    both = ("email", "telegram")
    assert subjects(claim(storage, channels=both)) == ["chat"]
    assert claim(storage, NOW + pause - timedelta(seconds=1)) == []
    with storage.begin() as tx:
        tx.outbox.stop_channel("email", detail="still refused", now=NOW + pause, pause=pause)
        (stopped,) = tx.outbox.stopped_channels()
    assert (stopped.stopped_at, stopped.detail) == (NOW, "still refused")
    with storage.begin() as tx:
        tx.outbox.channel_works("email")
        assert tx.outbox.stopped_channels() == []
    assert subjects(claim(storage, NOW + pause)) == ["mail"]


def test_what_was_given_back_costs_nothing(storage: Storage) -> None:
    """It waits again at once, with the attempts it had before, and its patience has not begun."""
    owe(storage, "a")
    (claimed,) = claim(storage)
    with storage.begin() as tx:
        tx.outbox.give_back(claimed, detail="the login is refused", now=NOW)
    assert (only(storage).state, only(storage).attempts) == (State.PENDING, 0)
    (again,) = claim(storage, NOW + timedelta(days=9))
    assert (again.attempts, again.tried_since) == (1, NOW + timedelta(days=9))


def test_patience_is_counted_from_the_first_attempt(storage: Storage) -> None:
    """A mail that waited five days for a mail server to be set is not given up at its first "come back later"."""
    owe(storage, "a", at=NOW - timedelta(days=5))
    (claimed,) = claim(storage)
    busy = TryAgain(reason=Reason.BUSY)
    state = after(busy, attempts=1, created_at=claimed.tried_since, now=NOW, chance=Random(1))
    assert state.state is State.PENDING
    assert record(storage, claimed, state)
    (again,) = claim(storage, NOW + timedelta(days=3))
    assert again.tried_since == NOW
    assert (
        after(busy, attempts=2, created_at=again.tried_since, now=NOW + timedelta(days=3), chance=Random(1)).state
        is State.EXPIRED
    )


def test_a_chat_that_moved_takes_its_history_along(storage: Storage) -> None:
    """What is owed goes to the new number, and what was told there counts as told to it; other chats stay."""
    owe(storage, "sent", "waiting", "refused", channel="telegram")
    with storage.begin() as tx:
        for one in tx.outbox.claim(now=NOW, lease=LEASE, limit=9, channels=["telegram"]):
            state = {"sent": State.SENT, "waiting": State.PENDING, "refused": State.REFUSED}[one.message.subject]
            tx.outbox.record(one, DeliveryState(state=state, due_at=NOW), outcome="x", now=NOW)
        for key in ("sent", "waiting", "refused"):
            tx.moving.move_target("telegram", f"{key}@example.com", "-100")
        tx.moving.move_target("email", "sent@example.com", "nobody")
        targets = {one.subject: one.target for one in tx.outbox.list()}
    assert targets == {"sent": "-100", "waiting": "-100", "refused": "refused@example.com"}
    (claimed,) = claim(storage, channels=("telegram",))
    assert claimed.message.recipient == "-100"


@pytest.mark.parametrize("outcome", [Sent(reference="250 ok"), TryAgain(reason=Reason.BUSY, detail="later")])
def test_attempts_are_written_down(storage: Storage, outcome: Sent | TryAgain) -> None:
    """What became of the last attempt stands with the delivery."""
    owe(storage, "a")
    (claimed,) = claim(storage)
    state = after(outcome, attempts=1, created_at=NOW, now=NOW, chance=Random(1))
    assert record(storage, claimed, state)
    assert not record(storage, claimed, state)
    delivery = only(storage)
    assert delivery.state is state.state
    assert (delivery.ended_at is None) == isinstance(outcome, TryAgain)
    assert delivery.detail == ("250 ok" if isinstance(outcome, Sent) else "later")
