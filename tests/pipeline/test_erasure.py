"""An enterprise's data: all of it handed over, all of it erased; and what goes when it has had its time."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from notifiers.outcome import State
from subscriptions.criteria import Address, Criteria, Frequency
from tbtwatch.pipeline.ageing import ageing, tell_ageing
from tbtwatch.pipeline.erasure import erase, export
from tbtwatch.pipeline.proof import proof
from tbtwatch.pipeline.recover import recover
from tbtwatch.pipeline.retention import Gone, Keep, due_today, retain
from tbtwatch.pipeline.sign_in import operators_link
from tbtwatch.pipeline.staff_people import add_person
from tbtwatch.pipeline.subscribe import end
from tbtwatch.storage import Storage, open_storage
from tbtwatch.storage.people import Role
from tbtwatch.storage.rows import Row
from tests.builders import a_notice
from tests.pipeline.service import SmallService

NINGBO, RIVAL = "Ningbo Drinks", "Rival Foods"
SHARED = Address(channel="email", target="association@example.org")
OWN = Address(channel="email", target="drinks@example.com")
#: A source's own address; and accounts, which are a person's: who is in charge of one is forgotten with the enterprise.
APART = ("source", "person", "sign_in_link")


def two(storage: Storage) -> SmallService:
    """Two enterprises that share an address, told of one measure; the first is linked to a chat."""
    service = SmallService(storage).seeded()
    service.subscribe(addresses=(OWN, SHARED))
    service.subscribe(enterprise=RIVAL, name="food", criteria=Criteria(areas=frozenset({"food"})), addresses=(SHARED,))
    with storage.begin() as tx:
        id_ = tx.subscriptions.find_enterprise(NINGBO)
        assert id_ is not None
        tx.chats.add_code("ABCD", enterprise_id=id_, now=service.clock(), good_for=timedelta(hours=1))
        tx.chats.use_code("ABCD", channel="telegram", chat="77001122", language="zh", now=service.clock())
    service.poll([a_notice()])
    service.deliver()
    return service


def everything(storage: Storage) -> str:
    """Every value in every table."""
    with storage.engine.connect() as connection:
        return "\n".join(
            repr(tuple(row)) for table in Row.metadata.sorted_tables for row in connection.execute(select(table))
        )


def test_all_that_is_stored_is_handed_over(storage: Storage) -> None:
    """Every table in which something of it stands, readable as JSON; nothing of the other; no secret."""
    service = two(storage)
    found = export(NINGBO, storage=storage, now=service.clock())

    tables = found["tables"]
    at_least = "enterprise subscription subscription_address alert delivery delivery_alert attempt chat"
    assert set(at_least.split()) <= set(tables)
    assert {row["target"] for row in tables["delivery"]} == {OWN.target, SHARED.target}
    assert list(found["measures"].values()) == [["G/TBT/N/KEN/1514"]]
    written = json.dumps(found)
    assert RIVAL not in written and "token" not in written
    assert [row["name"] for row in tables["subscription"]] == ["East African drinks"]


def test_nothing_stays_of_who_is_erased(storage: Storage) -> None:
    """No name, no address, no chat in any table; hashes and counts; and the other enterprise has all it had."""
    service = two(storage)
    rival = export(RIVAL, storage=storage, now=service.clock())["tables"]
    done = erase(NINGBO, by="Li Na", why="asked for it", desk=service.desk)

    left = everything(storage)
    for trace in (NINGBO, OWN.target, "77001122", "East African drinks"):
        assert trace not in left
    assert (done.rows["subscription"], done.rows["enterprise"], done.shared) == (1, 1, (SHARED,))
    assert set(done.suppressed) == {OWN, Address(channel="telegram", target="77001122")}
    after = export(RIVAL, storage=storage, now=service.clock())["tables"]
    assert {name: len(rows) for name, rows in after.items()} == {name: len(rows) for name, rows in rival.items()}
    # The one message that told both their news named the other's subscription: it is still proved, without its text.
    assert [(row["state"], row["message"]["text"]) for row in after["delivery"]] == [("sent", "")]


def test_the_rest_goes_on_after_an_erasure(storage: Storage) -> None:
    """The next news reaches the other, recovery finds nothing broken, and the erased one is unknown."""
    service = two(storage)
    erase(NINGBO, by="Li Na", why="asked", desk=service.desk)
    service.notifier.sent.clear()
    service.poll([a_notice(), a_notice(symbol="G/TBT/N/KEN/1600")])
    assert recover(desk=service.desk).broken == 0
    assert {message.recipient for message in service.sent} == {SHARED.target}
    with pytest.raises(LookupError, match="there is no enterprise"):
        proof("KEN/1514", NINGBO, desk=service.desk)


def test_a_dry_run_erases_nothing(storage: Storage) -> None:
    """It counts what would go, and leaves every value as it is."""
    service = two(storage)
    before = everything(storage)
    done = erase(NINGBO, by="Li Na", why="look", desk=service.desk, dry_run=True)
    assert done.number is None and done.rows["subscription"] == 1
    assert everything(storage) == before


def test_deleted_rows_leave_the_file(tmp_path: Path) -> None:
    """On SQLite not a byte of the address is found in the database's files afterwards."""
    storage = open_storage(f"sqlite:///{tmp_path / 'erased.db'}")
    service = two(storage)
    erase(NINGBO, by="Li Na", why="asked", desk=service.desk)
    found = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    storage.close()
    assert OWN.target.encode() not in found
    assert SHARED.target.encode() in found


def test_every_table_with_people_in_it_is_found(storage: Storage) -> None:
    """A table with an address, a chat, a token or a link to a subscription belongs to somebody, or is named here."""
    with storage.begin() as tx:
        reached = {table.name for table in tx.belongings(1)._tables()}
    assert set(inspect(storage.engine).get_table_names()) >= reached
    signs = {"target", "chat", "email", "address", "token", "token_hash", "subscription_id", "enterprise_id"}
    for table in Row.metadata.sorted_tables:
        if signs & set(table.c.keys()) and table.name not in APART:
            assert table.name in reached, f"{table.name} is neither handed over nor erased"


def test_accounts_go_with_the_enterprise_but_for_staff(storage: Storage) -> None:
    """Who signed in with its own address, and who only asked for a link; not who signs in with a shared one."""
    service = two(storage)
    other = Address(channel="email", target="boss@example.com")
    service.subscribe(name="all", criteria=Criteria(hs=frozenset({"95"})), addresses=(other,))
    for address in (OWN, SHARED):
        operators_link(address.target, by="test", language="en", desk=service.desk)
        with storage.begin() as tx:
            tx.people.add(address.target, language="en", now=service.clock())
    add_person(other.target, roles=[Role.SUPPORT], name="", language="en", by="test", desk=service.desk)
    erase(NINGBO, by="Li Na", why="asked for it", desk=service.desk)

    assert OWN.target not in everything(storage)
    with storage.look() as tx:
        assert [one.email for one in tx.people.all()] == [SHARED.target, other.target]


def test_texts_go_and_proofs_stay(storage: Storage) -> None:
    """After its time a message has no text, and is still proved: when, to whom, by which Message-ID."""
    service = two(storage)
    before = proof("KEN/1514", NINGBO, desk=service.desk).messages
    service.clock.turn(days=31)
    assert retain(Keep(messages=30), desk=service.desk, dry_run=True).messages == 2
    assert retain(Keep(messages=30), desk=service.desk).messages == 2
    assert retain(Keep(messages=30), desk=service.desk) == Gone()
    assert proof("KEN/1514", NINGBO, desk=service.desk).messages == before
    rows = export(NINGBO, storage=storage, now=service.clock())["tables"]["delivery"]
    assert {(row["message"]["text"], row["message"]["html"]) for row in rows} == {("", "")}
    with storage.look() as tx:
        assert {one.state for one in tx.outbox.list()} == {State.SENT}


def test_former_enterprises_are_erased_in_time(storage: Storage) -> None:
    """Not one with a live subscription, not before its time; and the address may come back, for nobody asked."""
    service = two(storage)
    end("1", reason="sold", desk=service.desk)
    service.clock.turn(days=99)
    assert retain(Keep(former=100), desk=service.desk).former == ()
    service.clock.turn(days=2)
    assert retain(Keep(former=100), desk=service.desk, dry_run=True).former == (NINGBO,)
    assert retain(Keep(former=100), desk=service.desk).former == (NINGBO,)
    assert OWN.target not in everything(storage)
    service.subscribe(enterprise="Ningbo again", addresses=(OWN,))


def test_polls_that_brought_nothing_are_forgotten(storage: Storage) -> None:
    """The first, the last and those with news stay."""
    service = SmallService(storage).seeded()
    for _ in range(4):
        service.poll([])
        service.clock.turn(hours=1)
    service.poll([a_notice()])
    service.clock.turn(days=50)
    service.poll([a_notice()])
    gone = retain(Keep(polls=40), desk=service.desk)
    assert gone.polls == 4
    assert retain(Keep(polls=40), desk=service.desk).polls == 0


def test_it_is_done_once_a_day(storage: Storage) -> None:
    """Whoever asks again on the same day of the installation's zone is told no."""
    service = SmallService(storage)
    assert [due_today(desk=service.desk), due_today(desk=service.desk)] == [True, False]
    service.clock.turn(days=1)
    assert due_today(desk=service.desk)


def test_who_hears_nothing_for_long_is_shown_it_once_a_quarter(storage: Storage) -> None:
    """The owner is shown those that brought nothing, with what they ask; one that brought something is left out."""
    service = SmallService(storage).seeded()
    service.subscribe(name="toys", criteria=Criteria(hs=frozenset({"95"})))
    service.subscribe(name="drinks", frequency=Frequency.WEEKLY)
    service.clock.turn(days=370)
    service.poll([a_notice()])
    service.subscribe(name="young", criteria=Criteria(hs=frozenset({"64"})))

    assert [(one.subscription.name, one.last) for one in ageing(12, desk=service.desk)] == [("toys", None)]
    assert [tell_ageing(12, desk=service.desk), tell_ageing(12, desk=service.desk)] == [1, 0]
    (message,) = service.sent
    assert message.subject == "1 subscription has brought nothing for 12 months"
    assert "toys" in message.text and "HS 95" in message.text and "drinks" not in message.text
    service.clock.turn(days=92)
    assert tell_ageing(12, desk=service.desk) == 1
    assert tell_ageing(0, desk=service.desk) == 0
