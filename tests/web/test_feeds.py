"""Calendars and feeds by secret link."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date
from typing import Any

import icalendar
import pytest
import structlog
from sqlalchemy import event

from subscriptions.criteria import Criteria
from tbtwatch.pipeline.feeds import make_feed
from tbtwatch.pipeline.subscribe import end
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.pipeline.service import SmallService
from tests.web.served import served
from watcher.dates import DateFact, DateQuality
from watcher.sources.feed import read_feed

SYMBOL = "G/TBT/N/KEN/1514"
DEADLINE = date(2026, 5, 10)


def a_service(storage: Storage) -> SmallService:
    """A subscription that was told of a measure."""
    service = SmallService(storage).seeded()
    service.subscribe()
    service.poll([a_notice(comment_deadline=DEADLINE, proposed_entry_into_force=date(2026, 9, 1))])
    return service


def a_token(service: SmallService, **over: Any) -> str:
    """A new link of the enterprise."""
    asked: dict[str, Any] = {
        "enterprise": "Ningbo Drinks",
        "subscription_id": None,
        "language": "en",
        "name": "",
        "by": "Li",
    }
    return make_feed(**{**asked, **over}, desk=service.desk)[1]


def days(text: str) -> dict[str, tuple[date, int, str]]:
    """What a calendar library reads: day, sequence and status by the event's uid."""
    return {
        str(one["UID"]).partition(".")[0]: (one["DTSTART"].dt, int(one["SEQUENCE"]), str(one["STATUS"]))
        for one in icalendar.Calendar.from_ical(text).walk("VEVENT")
    }


def uids(text: str) -> set[str]:
    """The events' names."""
    return {str(one["UID"]) for one in icalendar.Calendar.from_ical(text).walk("VEVENT")}


def test_a_calendar_follows_what_becomes_of_a_measure(storage: Storage) -> None:
    """The events keep their names; an addendum moves them by the next number, a withdrawal strikes them out."""
    service = a_service(storage)
    token = a_token(service)
    notices = [a_notice(comment_deadline=DEADLINE, proposed_entry_into_force=date(2026, 9, 1))]
    with served(service.desk) as client:
        first = client.get(f"/f/{token}.ics")
        assert first.headers["content-type"] == "text/calendar; charset=utf-8"
        assert days(first.text) == {
            "act_by": (date(2026, 4, 26), 0, "CONFIRMED"),
            "deadline": (DEADLINE, 0, "CONFIRMED"),
            "entry": (date(2026, 9, 1), 0, "CONFIRMED"),
        }
        assert "stated in the document" in first.text.replace("\r\n ", "")
        service.clock.turn(days=1)
        again = client.get(f"/f/{token}.ics")
        assert again.text == first.text

        computed = DateFact(value=date(2026, 6, 30), quality=DateQuality.COMPUTED, wording="60 days", rule="x")
        notices.append(a_notice(symbol=f"{SYMBOL}/Add.1", type="addendum", comment_deadline=computed))
        service.poll(notices)
        moved = client.get(f"/f/{token}.ics")
        assert days(moved.text)["deadline"] == (date(2026, 6, 30), 1, "TENTATIVE")
        assert days(moved.text)["act_by"] == (date(2026, 6, 16), 1, "TENTATIVE")
        assert days(moved.text)["entry"] == (date(2026, 9, 1), 0, "CONFIRMED")

        service.clock.turn(days=1)
        gone = a_notice(
            symbol=f"{SYMBOL}/Add.2", type="addendum", content_summary="Kenya hereby withdraws the notification."
        )
        service.poll([*notices, replace(gone, comment_deadline=DateFact())])
        struck = client.get(f"/f/{token}.ics")
        assert {status for _, _, status in days(struck.text).values()} == {"CANCELLED"}
        assert days(struck.text)["deadline"][1] == 2
        assert uids(first.text) == uids(moved.text) == uids(struck.text)


def test_who_has_it_already_gets_it_not_again(storage: Storage) -> None:
    """By its tag: 304 until anything that it shows is another."""
    service = a_service(storage)
    token = a_token(service)
    with served(service.desk) as client:
        for form in ("ics", "atom"):
            first = client.get(f"/f/{token}.{form}")
            tag = first.headers["etag"]
            for stated in (tag, f"W/{tag}", f'"x", {tag}'):
                known = client.get(f"/f/{token}.{form}", headers={"If-None-Match": stated})
                assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", tag)
            assert first.headers["cache-control"] == "private, max-age=300"
            assert first.headers["referrer-policy"] == "no-referrer"
            assert client.head(f"/f/{token}.{form}").status_code == 200
        service.poll([a_notice(comment_deadline=DEADLINE), a_notice(symbol="G/TBT/N/KEN/1600")])
        assert client.get(f"/f/{token}.atom", headers={"If-None-Match": tag}).status_code == 200


def test_news_is_in_the_feed_as_it_is_raised(storage: Storage) -> None:
    """Each fact once, also when two subscriptions were told of it, the newest first, with what changed."""
    service = a_service(storage)
    service.subscribe(name="All", criteria=Criteria(markets=frozenset({"KEN"})))
    addendum = a_notice(symbol=f"{SYMBOL}/Add.1", type="addendum", comment_deadline=date(2026, 6, 30))
    service.poll([a_notice(comment_deadline=DEADLINE), addendum])
    token = a_token(service, language="zh")
    with served(service.desk) as client:
        answer = client.get(f"/f/{token}.atom")
    entries = read_feed(answer.content, {"content-type": "application/atom+xml"})

    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert len(entries) == 2
    assert "评议截止：2026年5月10日 → 2026年6月30日" in answer.text
    assert answer.text.index("Add.1") < answer.text.rindex(f"[{SYMBOL}]")
    assert "肯尼亚" in answer.text


def test_a_link_shows_what_is_its_own(storage: Storage) -> None:
    """Neither another enterprise's measures nor another subscription's; nothing of what has ended."""
    service = a_service(storage)
    service.subscribe(enterprise="Xiamen Toys", criteria=Criteria(hs=frozenset({"95"})))
    service.subscribe(name="Toys", criteria=Criteria(hs=frozenset({"95"})))
    toys = a_notice(symbol="G/TBT/N/KEN/1700", title="Dolls", hs_codes=("950300",), comment_deadline=DEADLINE)
    service.poll([a_notice(comment_deadline=DEADLINE), toys])
    whole, first = a_token(service), a_token(service, subscription_id=1)
    other = a_token(service, enterprise="Xiamen Toys")
    with served(service.desk) as client:

        def shown(token: str) -> tuple[bool, bool]:
            text = client.get(f"/f/{token}.ics").text.replace("\r\n ", "")
            return "Jelly" in text, "Dolls" in text

        assert [shown(token) for token in (whole, first, other)] == [(True, True), (True, False), (False, True)]
        end("1", reason="asked", desk=service.desk)
        assert [shown(token) for token in (whole, first, other)] == [(False, True), (False, False), (False, True)]


def test_a_revoked_link_shows_nothing(storage: Storage) -> None:
    """Also when it was asked for just before."""
    service = a_service(storage)
    token = a_token(service)
    with served(service.desk) as client:
        assert client.get(f"/f/{token}.ics").status_code == 200
        with storage.begin() as tx:
            assert tx.feeds.revoke(1, by="Li", why="left", now=service.clock())
            assert not tx.feeds.revoke(1, by="Li", why="left", now=service.clock())
        for form in ("ics", "atom"):
            answer = client.get(f"/f/{token}.{form}")
            assert answer.status_code == 410 and "Jelly" not in answer.text


@pytest.mark.parametrize("token", ["x", "A" * 43, "é" * 20, "A" * 5000, "..%2f..%2fetc", "'; DROP TABLE feed --"])
def test_an_unknown_link_costs_one_look(sqlite: Storage, token: str) -> None:
    """Whatever it looks like, and however it is asked: one statement, no writing, the same answer."""
    service = a_service(sqlite)
    statements: list[str] = []
    event.listen(
        sqlite.engine,
        "before_cursor_execute",
        lambda *said: statements.append(said[2]) if said[2] != "BEGIN" else None,
    )
    with served(service.desk) as client:
        for form in ("ics", "atom"):
            statements.clear()
            answer = client.get(f"/f/{token}.{form}")
            assert (answer.status_code, answer.text) in ((404, "There is nothing here.\n"), (404, "Not Found"))
            assert len(statements) <= 1 and not any("UPDATE" in one or "INSERT" in one for one in statements)


def test_no_link_stands_in_a_log(
    sqlite: Storage, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a good one, nor one that makes us fail, nor one of a broken database, however much is logged."""
    service = a_service(sqlite)
    token = a_token(service)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory())
    caplog.set_level(logging.DEBUG)
    for noisy in ("httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(logging.ERROR)  # the client's, which is the test
    with served(service.desk) as client:
        assert client.get(f"/f/{token}.ics").status_code == 200
        assert client.get(f"/f/{token}.ics?x=1").status_code == 200
        client.get(f"/f/{token}")
        client.post(f"/f/{token}.ics")
        object.__setattr__(service.desk, "names", None)  # any fault of ours
        assert client.get(f"/f/{token}.atom").status_code == 500
        assert client.get(f"/f/{token}.ics").status_code == 500
    printed = capsys.readouterr()

    assert "web_failed" in printed.out
    assert token not in caplog.text + printed.out + printed.err
    assert token not in str([(one.msg, one.args) for one in caplog.records])
