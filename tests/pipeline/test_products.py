"""A product list: saved whole, followed by subscriptions that lose nothing when it changes, named in every message."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import icalendar
import pytest
from sqlalchemy import event, select

from subscriptions.criteria import Address, Criteria, Frequency
from subscriptions.product import AffectedProduct, Product
from tbtwatch.pipeline.change import Edit, change
from tbtwatch.pipeline.digest import run_due_digests
from tbtwatch.pipeline.erasure import erase, export
from tbtwatch.pipeline.feeds import make_feed, show
from tbtwatch.pipeline.nearly import audition
from tbtwatch.pipeline.products import ListChangeError, Saved, Wishes, plan, remove, save
from tbtwatch.pipeline.proof import proof
from tbtwatch.pipeline.subscribe import SuppressedError, end, why
from tbtwatch.storage import Storage
from tbtwatch.storage.rows import Row
from tests.builders import a_notice
from tests.fakes import TurnedClock
from tests.pipeline.service import SmallService
from watcher.notice import Notice

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
MAKER, RIVAL = "Ningbo Drinks", "Rival Foods"
HERE, THERE = (Address(channel="email", target=f"{name}@example.com") for name in ("here", "there"))
WISHES = Wishes(addresses=(HERE,), language="en")


def a_product(sku: str, codes: str = "220299", markets: str = "KEN", **over: Any) -> Product:
    """A product with codes and markets parted by blanks."""
    return Product(
        sku=sku, name=f"Article {sku}", codes=tuple(codes.split()), markets=frozenset(markets.split()), **over
    )


def news(number: int, code: str = "220299", member: str = "KEN", **over: Any) -> Notice:
    """A new measure."""
    return a_notice(
        symbol=f"G/TBT/N/{member}/{3000 + number}",
        notifying_members=(member,),
        title=f"Goods {number}",
        products_covered="Goods",
        hs_codes=(code,) if code else (),
        distribution_date=date(2026, 3, 2),
        **over,
    )


def a_service(storage: Storage) -> SmallService:
    """A service that has read history."""
    return SmallService(storage, clock=TurnedClock(MONDAY)).seeded()


def keep(service: SmallService, *products: Product, enterprise: str = MAKER, **over: Any) -> Saved:
    """Save a list."""
    service.clock.turn(seconds=1)
    done = save(enterprise, products, by="Li Na", desk=service.desk, **{"wishes": WISHES, **over})
    service.clock.turn(seconds=1)
    return done


def told(service: SmallService) -> list[tuple[str, int, list[str]]]:
    """Who was sent which measure, and which of their products it named."""
    return [
        (
            message.recipient,
            int(re.findall(r"Goods (\d+)", message.text)[0]),
            re.findall(r"SKU (\S+)", message.text),
        )
        for message in service.sent
    ]


def live(storage: Storage) -> dict[int, tuple[set[str], set[str]]]:
    """Markets and codes of the live subscriptions."""
    with storage.look() as tx:
        return {one.id: (set(one.criteria.markets), set(one.criteria.hs)) for one in tx.subscriptions.live()}


def test_a_list_becomes_subscriptions_that_name_its_products(storage: Storage) -> None:
    """A product sold in two markets brings the news of both, another that of its own only."""
    service = a_service(storage)
    saved = keep(service, a_product("1", "2202990099", "KEN VNM"), a_product("2", "950300", "VNM"))
    assert [one.name for one in saved.started] == [
        "Product list: Kenya, Viet Nam (1 product)",
        "Product list: Viet Nam (1 product)",
    ]
    service.poll([news(1), news(2, "950300"), news(3, "950300", "VNM"), news(4, "220299", "VNM")])

    assert sorted(told(service)) == [
        ("here@example.com", 1, ["1"]),
        ("here@example.com", 3, ["2"]),
        ("here@example.com", 4, ["1"]),
    ]


def test_a_subscription_made_by_hand_names_them_too(storage: Storage) -> None:
    """Whatever it asks for; and a change of a fact names them as the news did."""
    service = a_service(storage)
    service.subscribe(criteria=Criteria(keywords=frozenset({"Goods"})), addresses=(THERE,))
    keep(service, a_product("1"), a_product("2", "950300"))
    service.poll([news(1)])
    moved = news(1, comment_deadline=date(2026, 5, 10))
    service.poll([moved])

    assert [one for one in told(service) if one[0] == "there@example.com"] == [("there@example.com", 1, ["1"])] * 2


def test_the_products_of_another_enterprise_never_appear(storage: Storage) -> None:
    """Two with the same words in their subscriptions have messages of their own."""
    service = a_service(storage)
    for number, enterprise in enumerate((MAKER, RIVAL, "Third")):
        address = Address(channel="email", target=f"{number}@example.com")
        service.subscribe(enterprise=enterprise, addresses=(address,))
    keep(service, a_product("OURS"), wishes=Wishes(addresses=(HERE,), language="en"))
    keep(service, a_product("THEIRS"), enterprise=RIVAL, wishes=Wishes(addresses=(THERE,), language="en"))
    service.poll([news(1)])

    assert {who: named for who, _, named in told(service)} == {
        "0@example.com": ["OURS"],
        "1@example.com": ["THEIRS"],
        "2@example.com": [],
        "here@example.com": ["OURS"],
        "there@example.com": ["THEIRS"],
    }


@pytest.mark.parametrize(("language", "label"), [("en", "Your products: SKU"), ("zh", "您的产品：SKU")])
def test_a_calendar_and_the_list_of_readers_name_each_enterprises_own(
    storage: Storage, language: str, label: str
) -> None:
    """Both were told of the same measure; a calendar has the products of its enterprise, as `why SYMBOL` has each's."""
    service = a_service(storage)
    keep(service, a_product("OURS"))
    keep(service, a_product("THEIRS"), enterprise=RIVAL, wishes=Wishes(addresses=(THERE,), language="en"))
    service.poll([news(1, comment_deadline=date(2026, 5, 10))])

    for enterprise, own, foreign in ((MAKER, "OURS", "THEIRS"), (RIVAL, "THEIRS", "OURS")):
        _, token = make_feed(
            enterprise=enterprise, subscription_id=None, language=language, name="", by="Li", desk=service.desk
        )
        text = show(token, "ics", desk=service.desk).text
        assert text is not None
        events = [str(one["DESCRIPTION"]) for one in icalendar.Calendar.from_ical(text).walk("VEVENT")]
        assert len(events) == 2 and all(f"{label} {own}" in one for one in events)
        assert foreign not in text

    found = audition("G/TBT/N/KEN/3001", desk=service.desk)
    named = {one.subscription.enterprise: [each.sku for each in one.match.products] for one in found.fitting}
    assert named == {MAKER: ["OURS"], RIVAL: ["THEIRS"]}


def test_one_who_reads_for_two_is_told_whose_products_they_are(storage: Storage) -> None:
    """An association's mailbox."""
    service = a_service(storage)
    keep(service, a_product("1"))
    keep(service, a_product("2"), enterprise=RIVAL)
    service.poll([news(1)])
    (message,) = service.sent
    assert f"Products of {MAKER}: SKU 1" in message.text
    assert f"Products of {RIVAL}: SKU 2" in message.text


def test_a_list_that_changes_loses_nothing_and_repeats_nothing(storage: Storage) -> None:
    """News from before the change is judged by what was watched then, also where the change narrows it."""
    service = a_service(storage)
    keep(service, a_product("1", "220299", "KEN VNM"))
    report = service.poll([news(1), news(2, "220299", "VNM"), news(3, "950300")], alert=False)
    saved = keep(service, a_product("1", "220299", "KEN"), a_product("2", "950300", "KEN"), wishes=Wishes())
    assert (len(saved.changed), saved.started, saved.ended) == (1, (), ())
    service.raise_all(report)
    service.poll([news(1), news(2, "220299", "VNM"), news(3, "950300"), news(4, "950300"), news(5, "220299", "VNM")])

    assert sorted(number for _, number, _ in told(service)) == [1, 2, 4]
    with storage.look() as tx:
        (version,) = tx.versions.of(saved.changed[0].id)
    assert (version.why, version.by) == ("product list of 2026-03-02: 1 added, 1 changed", "Li Na")


def test_what_waits_for_a_digest_waits_on(storage: Storage) -> None:
    """A list that changes in mid-week takes nothing out of the week's digest, which names the products."""
    service = a_service(storage)
    keep(service, a_product("1"), wishes=Wishes(addresses=(HERE,), language="en", frequency=Frequency.WEEKLY))
    service.poll([news(1)])
    keep(service, a_product("1", "220299", "KEN VNM"), a_product("2", "950300", "VNM"), wishes=Wishes())
    service.poll([news(1), news(2, "950300", "VNM")])
    assert service.sent == []
    service.clock.turn(days=8)
    run_due_digests(desk=service.desk)

    (message,) = service.sent
    assert "Goods 1" in message.text and "Goods 2" in message.text
    assert re.findall(r"Your products: SKU (\S+)", message.text) == ["1", "2"]


def test_a_subscription_of_which_nothing_is_left_ends_with_the_reason(storage: Storage) -> None:
    """The others go on as they are."""
    service = a_service(storage)
    first = keep(service, a_product("1"), a_product("2", "950300", "VNM"))
    left, gone = remove(MAKER, ["2"], desk=service.desk)
    assert [one.sku for one in gone] == ["2"]
    saved = keep(service, *left, wishes=Wishes())

    (ended,) = saved.ended
    assert ended.end_reason == "product list of 2026-03-02: nothing it asked for is on the list any more"
    assert live(storage) == {first.started[0].id: ({"KEN"}, {"220299"})}
    service.poll([news(1, "950300", "VNM"), news(2)])
    assert told(service) == [("here@example.com", 2, ["1"])]
    with storage.look() as tx:
        id_ = tx.subscriptions.find_enterprise(MAKER)
        assert id_ is not None
        (stood,) = tx.products.history(id_, "2")
    assert (stood.gone_why, stood.gone_at is not None) == ("product list of 2026-03-02: 1 removed", True)


def test_all_or_nothing(storage: Storage) -> None:
    """An address that may not be written to refuses the whole list."""
    service = a_service(storage)
    keep(service, a_product("9"), enterprise=RIVAL, wishes=Wishes(addresses=(THERE,)))
    erase(RIVAL, by="Li Na", why="asked", desk=service.desk)
    with pytest.raises(SuppressedError):
        keep(service, a_product("1"), wishes=Wishes(addresses=(HERE, THERE)))
    assert live(storage) == {}
    with storage.look() as tx:
        assert tx.products.counts() == {}


def test_what_was_shown_is_what_is_saved(storage: Storage) -> None:
    """If somebody changed the list meanwhile, it is to be looked at again."""
    service = a_service(storage)
    shown = plan(MAKER, [a_product("1")], desk=service.desk, wishes=WISHES)
    keep(service, a_product("2"))
    with pytest.raises(ListChangeError, match="look at it again"):
        keep(service, a_product("1"), shown=shown)


def test_the_same_list_changes_nothing(storage: Storage) -> None:
    """No version, no product anew; another rhythm changes the subscriptions alone."""
    service = a_service(storage)
    saved = keep(service, a_product("1"))
    assert not plan(MAKER, [a_product("1")], desk=service.desk).does_anything
    again = keep(service, a_product("1"), wishes=Wishes(frequency=Frequency.DAILY))
    assert [(one.id, one.version, one.frequency) for one in again.changed] == [
        (saved.started[0].id, 2, Frequency.DAILY)
    ]
    assert plan(MAKER, [a_product("2")], desk=service.desk, add=True).products == (a_product("1"), a_product("2"))


def test_a_name_and_conditions_given_by_hand_stay(storage: Storage) -> None:
    """The list says codes and markets; the rest of a subscription is whose it is."""
    service = a_service(storage)
    (one,) = keep(service, a_product("1")).started
    edit = Edit(
        name="Jelly",
        criteria=Criteria(markets=frozenset({"KEN"}), hs=frozenset({"220299"}), exclusions=frozenset({"beer"})),
    )
    change(one.id, edit, why="no beer", by="Li Na", desk=service.desk)
    (after,) = keep(service, a_product("1", "220299 2203"), wishes=Wishes()).changed
    assert (after.name, after.criteria.exclusions, after.criteria.hs) == ("Jelly", {"beer"}, {"220299", "2203"})


def test_nobody_who_left_is_written_to_again_by_a_new_list(storage: Storage) -> None:
    """A subscription that its reader ended comes back only when somebody says who is to be told."""
    service = a_service(storage)
    started = keep(service, a_product("1"), a_product("2", "950300", "VNM")).started
    end(str(started[1].id), reason="asked by the subscriber", desk=service.desk)
    with pytest.raises(ListChangeError, match="asked by the subscriber"):
        keep(service, a_product("1"), a_product("2", "950300", "VNM"), wishes=Wishes())
    assert len(keep(service, a_product("1"), wishes=Wishes()).ended) == 0
    assert len(keep(service, a_product("1"), a_product("2", "950300", "VNM")).started) == 1


def test_the_first_list_says_who_is_told(storage: Storage) -> None:
    """Nobody is guessed."""
    with pytest.raises(ListChangeError, match="--email"):
        keep(a_service(storage), a_product("1"), wishes=Wishes())


def test_the_receipt_keeps_the_products_of_its_day(storage: Storage) -> None:
    """What was named is named in the proof, though the list has changed since; `why` says what holds now."""
    service = a_service(storage)
    (one,) = keep(service, a_product("1"), a_product("2")).started
    service.poll([news(1)])
    assert told(service) == [("here@example.com", 1, ["1", "2"])]
    keep(service, a_product("1"), wishes=Wishes())

    (owed,) = proof("G/TBT/N/KEN/3001", MAKER, desk=service.desk, language="en").owed
    assert owed.products == ("SKU 1 Article 1 (HS 2202.99)", "SKU 2 Article 2 (HS 2202.99)")
    answer: Any = why(one.id, "G/TBT/N/KEN/3001", desk=service.desk).answer
    assert answer.products == (AffectedProduct(sku="1", name="Article 1", code="220299"),)


def test_an_enterprise_takes_its_list_with_it(storage: Storage) -> None:
    """It is handed over with the rest, and erased with it; the other's stays."""
    service = a_service(storage)
    keep(service, a_product("OURS"))
    keep(service, a_product("THEIRS"), enterprise=RIVAL, wishes=Wishes(addresses=(THERE,)))
    tables = export(MAKER, storage=storage, now=service.clock())["tables"]
    assert [row["sku"] for row in tables["product"]] == ["OURS"]
    assert len(tables["product_subscription"]) == 1

    erase(MAKER, by="Li Na", why="asked", desk=service.desk)
    with storage.engine.connect() as connection:
        product, follows = (Row.metadata.tables[name] for name in ("product", "product_subscription"))
        assert list(connection.execute(select(product.c.sku)).scalars()) == ["THEIRS"]
        assert len(list(connection.execute(select(follows.c.by)))) == 1


def test_many_readers_cost_no_more_questions(storage: Storage) -> None:
    """The lists of all whom a measure reaches are looked up together."""
    service = a_service(storage)

    def asked(enterprises: range) -> int:
        for number in enterprises:
            address = Address(channel="email", target=f"{number}@example.com")
            keep(service, a_product("1"), enterprise=f"E{number}", wishes=Wishes(addresses=(address,)))
        statements: list[str] = []
        event.listen(storage.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
        service.poll([news(enterprises.stop)])
        return sum("FROM enterprise JOIN product" in " ".join(one.split()) for one in statements)

    assert (asked(range(3)), asked(range(3, 30))) == (1, 1)


@pytest.mark.parametrize("frequency", [Frequency.IMMEDIATE, Frequency.WEEKLY])
@pytest.mark.parametrize("seed", range(3))
def test_any_life_of_a_list(sqlite: Storage, seed: int, frequency: Frequency) -> None:
    """Lists change at random while news comes and is judged late: what was on the list when it was noticed is told
    once, and nothing else."""
    chance, service = Random(seed), a_service(sqlite)
    codes, places = ("220299", "950300", "850760"), ("KEN", "VNM", "JPN")
    owed: set[int] = set()
    products: list[Product] = []
    reports, notices = [], []
    for number in range(1, 25):
        if number % 3 == 1:
            products = [
                a_product(f"{at}", chance.choice(codes), " ".join(chance.sample(places, chance.randint(1, 2))))
                for at in range(chance.randint(1, 4))
            ]
            keep(service, *products, wishes=Wishes(addresses=(HERE,), language="en", frequency=frequency))
        code, place = chance.choice(codes), chance.choice(places)
        notices.append(news(number, code, place))
        if any(code in one.codes and place in one.markets for one in products):
            owed.add(number)
        reports.append(service.poll(notices, alert=False))
        if chance.random() < 0.3:
            for report in reports:
                service.raise_all(report)
    for report in reports:
        service.raise_all(report)
    service.clock.turn(days=8)
    run_due_digests(desk=service.desk)

    heard = [int(found) for message in service.sent for found in set(re.findall(r"Goods (\d+)", message.text))]
    assert sorted(heard) == sorted(owed)
