"""Receipts: a process that dies between sending and writing it down costs no second copy."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from sqlalchemy.exc import OperationalError

from notifiers.message import Message
from notifiers.outcome import Outcome, Refused, Sent, State
from notifiers.outcome import Reason as Why
from subscriptions.criteria import Address
from tbtwatch.pipeline.deliver import DeliveryReport, deliver_due
from tbtwatch.pipeline.receipts import Receipt, Receipts
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.pipeline.service import LEASE, SmallService

HERE = Path(__file__).parents[2]


def owed(storage: Storage) -> SmallService:
    """A service that owes one mail."""
    service = SmallService(storage).seeded()
    service.subscribe(addresses=(Address(channel="email", target="a@example.com"),))
    service.poll([a_notice()])
    return service


def deliver(service: SmallService, receipts: Receipts) -> DeliveryReport:
    """Send what is due, with receipts."""
    return asyncio.run(
        deliver_due(
            storage=service.storage,
            notifiers={"email": service.notifier},
            clock=service.clock,
            chance=Random(1),
            lease=LEASE,
            receipts=receipts,
        )
    )


def claimed_by_the_dead(service: SmallService, receipts: Receipts, **over: object) -> Receipt:
    """A worker takes the delivery, hands it over, notes that, and does no more."""
    with service.storage.begin() as tx:
        [claimed] = tx.outbox.claim(now=service.clock(), lease=LEASE, limit=8, channels=["email"])
    receipt = Receipt(
        **{  # type: ignore[arg-type]
            "delivery": claimed.id,
            "attempt": claimed.attempts,
            "message_id": claimed.message.message_id,
            **over,
        }
    )
    receipts.note(receipt)
    return receipt


def states(storage: Storage) -> list[State]:
    """Of all deliveries."""
    with storage.look() as tx:
        return [one.state for one in tx.outbox.list()]


def test_what_a_dead_process_sent_is_not_sent_again(storage: Storage, tmp_path: Path) -> None:
    """Its receipt is handed to the database before anything is claimed, while its lease still runs."""
    service, dead = owed(storage), Receipts(tmp_path)
    claimed_by_the_dead(service, dead)
    dead.close()  # the lock goes with the process
    assert deliver(service, Receipts(tmp_path)).attempts == 0
    assert states(storage) == [State.SENT]
    assert list(tmp_path.glob("*.receipts")) == []


def test_the_living_keep_their_receipts(storage: Storage, tmp_path: Path) -> None:
    """A process that lives writes its own down."""
    service, living = owed(storage), Receipts(tmp_path)
    claimed_by_the_dead(service, living)
    deliver(service, Receipts(tmp_path))
    assert states(storage) == [State.SENDING]
    assert deliver(service, living).attempts == 0
    assert states(storage) == [State.SENT]


def test_a_killed_process_leaves_its_lock(tmp_path: Path) -> None:
    """kill -9 is enough: no clean-up of ours has to run."""
    program = (
        "import sys, time; from pathlib import Path; from tbtwatch.pipeline.receipts import Receipt, Receipts\n"
        "receipts = Receipts(Path(sys.argv[1])); receipts.note(Receipt(delivery=7, attempt=2, message_id='<a b@c>'))\n"
        "print('noted', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=HERE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        mine = Receipts(tmp_path)
        assert list(mine.of_the_dead()) == []
        process.kill()
    assert list(mine.of_the_dead()) == [[Receipt(delivery=7, attempt=2, message_id="<a b@c>")]]
    assert list(mine.of_the_dead()) == []


def test_another_databases_receipt_proves_nothing(storage: Storage, tmp_path: Path) -> None:
    """Delivery numbers begin at 1 everywhere: the Message-ID decides, and an alert is not lost to an old folder."""
    service, dead = owed(storage), Receipts(tmp_path)
    claimed_by_the_dead(service, dead, message_id="<1.elsewhere@example.org>")
    dead.close()
    deliver(service, Receipts(tmp_path))
    assert states(storage) == [State.SENDING]
    service.clock.turn(minutes=2)
    assert deliver(service, Receipts(tmp_path)).sent == 1


@pytest.mark.parametrize("line", ["", "7", "7 1 <cut@sho", "x 1 <a@b>\n", "7 \xff\n", "²3 1 <a@b>\n", "\0\0\0\n"])
def test_a_receipt_that_is_not_whole_proves_nothing(tmp_path: Path, line: str) -> None:
    """A process may die, and a disk be full, in the middle of a line."""
    (tmp_path / "1-a.receipts").write_text(line, encoding="latin-1")
    assert list(Receipts(tmp_path).of_the_dead()) == [[]]


def test_only_what_was_taken_has_a_receipt(storage: Storage, tmp_path: Path) -> None:
    """A refusal is written down as one; nothing is left over."""
    service = owed(storage)
    service.notifier.answer = lambda _: Refused(reason=Why.RECIPIENT_UNKNOWN, detail="550")
    receipts = Receipts(tmp_path)
    deliver(service, receipts)
    assert receipts.own() == []
    assert list(tmp_path.glob("*.receipts")) == []


def test_after_each_commit_the_list_is_empty(storage: Storage, tmp_path: Path) -> None:
    """The folder does not grow."""
    service, receipts = owed(storage), Receipts(tmp_path)
    assert deliver(service, receipts).sent == 1
    [path] = tmp_path.glob("*.receipts")
    assert path.read_bytes() == b""
    receipts.close()
    assert list(tmp_path.glob("*.receipts")) == []


def test_what_stands_in_the_receipts_alone_is_never_much(storage: Storage, tmp_path: Path) -> None:
    """However many mails are owed, at any send no more than eight that were taken are unknown to the database."""
    service, receipts = SmallService(storage).seeded(), Receipts(tmp_path)
    for number in range(40):
        service.subscribe(addresses=(Address(channel="email", target=f"reader{number}@example.com"),))
    service.poll([a_notice()])
    open_ones: list[int] = []

    def taken(_: Message) -> Outcome:
        open_ones.append(len(receipts.own()))
        return Sent(reference="250 taken")

    service.notifier.answer = taken
    assert deliver(service, receipts).sent == 40
    assert len(open_ones) == 40
    assert max(open_ones) < 8
    assert states(storage) == [State.SENT] * 40
    assert receipts.own() == []


def test_a_folder_that_cannot_be_written_is_done_without(storage: Storage, tmp_path: Path) -> None:
    """Mail goes out all the same."""
    service = owed(storage)
    (tmp_path / "file").write_text("in the way")
    assert deliver(service, Receipts(tmp_path / "file")).sent == 1
    assert states(storage) == [State.SENT]


def test_sent_while_the_database_was_gone(sqlite: Storage, tmp_path: Path) -> None:
    """The database does not answer just after the mail was taken: the next round writes it down and sends no copy."""
    service, receipts = owed(sqlite), Receipts(tmp_path)

    def lock(_: Message) -> Outcome:
        with sqlite.engine.connect() as connection:
            connection.exec_driver_sql("ALTER TABLE delivery RENAME TO gone")
            connection.commit()
        return Sent(reference="250 kept")

    service.notifier.answer = lock
    with pytest.raises(OperationalError):
        deliver(service, receipts)
    with sqlite.engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO delivery")
        connection.commit()
    service.notifier.answer = lambda _: Sent(reference="250 again")
    assert deliver(service, receipts).attempts == 0
    assert states(sqlite) == [State.SENT]
    assert len(service.notifier.sent) == 1
