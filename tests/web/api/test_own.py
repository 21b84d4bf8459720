"""What belongs to an enterprise is shown to its tokens alone."""

from __future__ import annotations

from typing import Any

import pytest

from tbtwatch.storage import Storage
from tbtwatch.storage.own import NotOwnError
from tbtwatch.web.api import described
from tbtwatch.web.api.description import SCOPES, operations
from tests.web.api.asking import DRINKS, TOYS, Program, a_token, asked, two_enterprises

#: Addresses of what belongs to somebody: read off the description, so that one that is added is tried too.
OWN = [one.path for one in operations(described()) if not one.public and one.scope != "rules:read"]
MOST = 12  # more numbers than there are of anything


def test_no_number_opens_what_is_anothers(storage: Storage) -> None:
    """Each address with each number, asked by each enterprise: its own, or exactly what is said of what never was."""
    service = two_enterprises(storage)
    with asked(service) as client:
        programs = {name: Program(client, a_token(service, enterprise=name)) for name in (DRINKS, TOYS)}
        opened: dict[str, set[tuple[str, int]]] = {name: set() for name in programs}
        for path in (path for path in OWN if "{id}" in path):
            for name, program in programs.items():
                for number in range(1, MOST + 1):
                    answer = program.get(path.format(id=number) + ("?symbol=KEN/1514" if "/why" in path else ""))
                    if answer.status_code == 200:
                        opened[name].add((path, number))
                    else:
                        never = program.get(path.format(id=987654) + ("?symbol=KEN/1514" if "/why" in path else ""))
                        assert answer.status_code == never.status_code == 404
                        assert answer.text.replace(f" {number} ", " N ") == never.text.replace(" 987654 ", " N ")
        theirs = {
            name: {one["id"] for one in program.all("subscriptions?limit=1", "subscriptions")}
            for name, program in programs.items()
        }
        messages = {name: program.all("deliveries?limit=2", "deliveries") for name, program in programs.items()}
    assert theirs == {DRINKS: {1}, TOYS: {2, 3}}
    for name, numbers in opened.items():
        assert {number for path, number in numbers if path.endswith("/subscriptions/{id}")} == theirs[name]
        assert {number for path, number in numbers if "/receipts" in path} == theirs[name]
        assert {number for path, number in numbers if "/why" in path} == theirs[name]
        assert {number for path, number in numbers if "deliveries" in path} == {one["id"] for one in messages[name]}


def test_a_message_to_an_agent_of_two_shows_neither_the_others_subject(storage: Storage) -> None:
    """It is shown to both, as both were told by it; what it was called is left out."""
    service = two_enterprises(storage)
    with asked(service) as client:
        shown = {
            name: Program(client, a_token(service, enterprise=name)).all("deliveries", "deliveries")
            for name in (DRINKS, TOYS)
        }
    for name, others in ((DRINKS, "toys@"), (TOYS, "drinks@")):
        assert not any(one["target"].startswith(others) for one in shown[name])
        assert any(one["subject"] for one in shown[name])
    both = {one["id"] for one in shown[DRINKS]} & {one["id"] for one in shown[TOYS]}
    assert both
    assert all(not one["subject"] for told in shown.values() for one in told if one["id"] in both)


def test_a_receipt_says_what_was_told_and_why(storage: Storage) -> None:
    """The conditions that held, the news, and for what was not told the first condition that did not hold."""
    service = two_enterprises(storage)
    with asked(service) as client:
        program = Program(client, a_token(service))
        subscription = program.read("subscriptions/1")
        assert subscription["in_words"].startswith("Markets: Kenya; products: HS 22")
        (receipt,) = program.all("subscriptions/1/receipts?limit=1", "receipts")
        assert (receipt["kind"], receipt["symbols"]) == ("new_measure", ["G/TBT/N/KEN/2001"])
        assert [(one["part"], one["found"]) for one in receipt["conditions"]] == [
            ("market", "KEN"),
            ("product", "HS 220299"),
        ]
        fits = program.read("subscriptions/1/why?symbol=KEN/2001")
        assert fits["matches"] and len(fits["told"]) == 1
        misses = program.read("subscriptions/1/why?symbol=KEN/2002")
        assert not misses["matches"] and misses["refusal"]["part"] == "product" and misses["told"] == []
        unknown = program.get("subscriptions/1/why?symbol=KEN/4711")
        assert unknown.status_code == 404 and unknown.json()["detail"]


def test_lists_go_on_where_they_ended(sqlite: Storage) -> None:
    """Messages newest first, by state too; ended subscriptions only if asked for."""
    service = two_enterprises(sqlite)
    service.deliver()
    with asked(service) as client:
        program = Program(client, a_token(service, enterprise=TOYS))
        every = program.all("deliveries?limit=1", "deliveries")
        assert [one["id"] for one in every] == sorted((one["id"] for one in every), reverse=True)
        assert program.all("deliveries", "deliveries") == every
        assert program.all("deliveries?state=sent&limit=1", "deliveries") == every
        assert program.read("deliveries?state=refused")["deliveries"] == []
        from tbtwatch.pipeline.subscribe import end

        end("3", reason="left", desk=service.desk)
        assert [one["id"] for one in program.read("subscriptions")["subscriptions"]] == [2]
        ended = program.all("subscriptions?ended=true&limit=1", "subscriptions")
        assert [(one["id"], one["end_reason"]) for one in ended] == [(2, ""), (3, "left")]
        wrong = program.get("deliveries?cursor=abc")
        assert wrong.status_code == 422 and "this is no cursor" in wrong.text


def test_storage_gives_nobody_anothers(storage: Storage) -> None:
    """The one place itself: a number of another's is as one that never was."""
    two_enterprises(storage)
    with storage.look() as tx:
        mine: Any = tx.own(tx.subscriptions.find_enterprise(DRINKS) or 0)
        for number in (2, 3, 0, -1, 2**70, 99):
            for ask in (mine.subscription, mine.delivery, lambda id: mine.told(id, limit=5)):
                if ask == mine.delivery and number in (2, 3):
                    continue
                with pytest.raises(NotOwnError):
                    ask(number)


def test_every_address_says_whose_it_is() -> None:
    """A new sort of thing is public by decision, not by being forgotten."""
    tags = {operation["tags"][0] for item in described()["paths"].values() for operation in item.values()}
    assert tags == set(SCOPES)
    for item in described()["paths"].values():
        assert set(item) == {"get"}
