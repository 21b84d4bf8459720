"""A measure that is followed, agencies and sources: who is told, from the poll to the mail."""

from __future__ import annotations

from datetime import date

import pytest

from subscriptions.criteria import Address, Criteria, Match, Part
from subscriptions.validation import CriteriaError
from tbtwatch.pipeline.change import Edit, change
from tbtwatch.pipeline.nearly import audition
from tbtwatch.pipeline.recover import recover
from tbtwatch.pipeline.subscribe import why
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.fakes import ListedSource
from tests.pipeline.service import SmallService
from watcher.measure import ChangeKind

TOYS = {"title": "Toys", "products_covered": "Toys", "hs_codes": ("9503",), "ics_codes": (), "content_summary": "Toys."}


def following(*symbols: str, **more: frozenset[str]) -> Criteria:
    """Who follows these and asks for nothing else."""
    return Criteria(measures=frozenset(symbols), **more)


def told(service: SmallService) -> list[str]:
    """The subjects of what goes out now."""
    before = len(service.notifier.sent)
    service.deliver()
    return [message.subject for message in service.notifier.sent[before:]]


def test_a_follower_is_told_each_fact_that_changes_and_no_retyped_title(storage: Storage) -> None:
    """By any written form of a symbol, whatever the measure is about."""
    service = SmallService(storage).seeded(a_notice(symbol="G/TBT/N/KEN/1514", **TOYS))
    one = service.subscribe(criteria=following("ken 1514"), name="")
    assert one.criteria.measures == {"G/TBT/N/KEN/1514"} and one.name == "G/TBT/N/KEN/1514"

    service.poll([a_notice(symbol="G/TBT/N/KEN/1514", **{**TOYS, "title": "Toys:"})])
    assert told(service) == []
    service.poll(
        [
            a_notice(
                symbol="G/TBT/N/KEN/1514/Add.1",
                type="addendum",
                distribution_date=date(2026, 3, 2),
                comment_deadline=date(2026, 4, 10),
                **TOYS,
            ),
            a_notice(symbol="G/TBT/N/KEN/1600", distribution_date=date(2026, 3, 2)),
        ]
    )
    (subject,) = told(service)
    assert "deadline" in subject and "G/TBT/N/KEN/1514/Add.1" in subject
    answer = why(one.id, "KEN/1514", desk=service.desk).answer
    assert isinstance(answer, Match) and [each.part for each in answer.conditions] == [Part.MEASURE]


def test_who_follows_one_of_two_measures_follows_both_when_they_are_joined(storage: Storage) -> None:
    """A joint notice shows that they are one: what comes under the other's symbol is told as well, once."""
    service = SmallService(storage).seeded(
        a_notice(symbol="G/TBT/N/KEN/1514", **TOYS),
        a_notice(symbol="G/TBT/N/UGA/20", notifying_members=("UGA",), **TOYS),
    )
    service.subscribe(criteria=following("G/TBT/N/UGA/20"))
    service.poll([a_notice(symbol="G/TBT/N/KEN/1514/Corr.1", type="corrigendum", distribution_date=date(2026, 3, 1))])
    assert told(service) == []
    service.poll(
        [
            a_notice(
                symbols=("G/TBT/N/KEN/1514/Add.1", "G/TBT/N/UGA/20/Add.1"),
                notifying_members=("KEN", "UGA"),
                type="addendum",
                distribution_date=date(2026, 3, 2),
                comment_deadline=date(2026, 4, 10),
                **TOYS,
            )
        ]
    )
    assert len(told(service)) == 1
    service.poll(
        [
            a_notice(
                symbol="G/TBT/N/KEN/1514/Add.2",
                type="addendum",
                distribution_date=date(2026, 3, 3),
                comment_deadline=date(2026, 5, 10),
                **TOYS,
            )
        ]
    )
    assert len(told(service)) == 1


def test_only_what_is_recorded_can_be_followed(storage: Storage) -> None:
    """The sentence says what to do until it comes, or what is near."""
    service = SmallService(storage).seeded(a_notice(symbol="G/TBT/N/KEN/1514"))
    refused = {}
    for text in ("KEN/1515", "G/TBT/N/BRA/77", "the jelly standard"):
        with pytest.raises(CriteriaError) as caught:
            service.subscribe(criteria=following(text))
        (refused[text],) = caught.value.problems
    assert refused["KEN/1515"].endswith("did you mean G/TBT/N/KEN/1514?")
    assert "subscribe to its market and products to be told when it comes" in refused["G/TBT/N/BRA/77"]
    assert "give a document symbol such as" in refused["the jelly standard"]


def test_another_issuers_document_is_followed_by_its_own_number(storage: Storage) -> None:
    """Alone, or with its issuer where two number alike; changing other things later keeps it."""
    values = {**TOYS, "notifying_members": ("USA",), "distribution_date": date(2026, 1, 9)}
    service = SmallService(storage).seeded(
        a_notice(issuer="US-FR", symbol="2026-04411", **values),
        a_notice(issuer="US-FR", symbol="2026-7", **values),
        a_notice(issuer="US-CPSC", symbol="2026-7", **values),
    )
    one = service.subscribe(criteria=following("2026-04411"))
    assert one.criteria.measures == {"US-FR 2026-04411"}
    with pytest.raises(CriteriaError, match="'US-CPSC 2026-7' or 'US-FR 2026-7'"):
        service.subscribe(criteria=following("2026-7"))
    assert service.subscribe(criteria=following("US-FR 2026-7")).criteria.measures == {"US-FR 2026-7"}

    edit = Edit(criteria=following("US-FR 2026-04411", changes=frozenset({ChangeKind.ADOPTED})))
    after = change(one.id, edit, why="fewer", by="li", desk=service.desk).after
    assert after.criteria.measures == {"US-FR 2026-04411"} and after.version == 2


def test_an_agency_and_a_source_are_asked_for_from_the_poll_to_the_mail(storage: Storage) -> None:
    """The sources of a measure are all that reported it; the other way round says who missed it by which."""
    service = SmallService(storage).seeded(a_notice(symbol="G/TBT/N/KEN/1400"))
    gazette = ListedSource(name="gazette", priority=80)
    service.poll([a_notice(symbol="G/TBT/N/KEN/1300")], source=gazette)
    of_agency = service.subscribe(criteria=Criteria(agencies=frozenset({"kebs"})), name="KEBS")
    of_source = service.subscribe(
        criteria=Criteria(sources=frozenset({"gazette"}), markets=frozenset({"KEN"})),
        name="Gazette",
        addresses=(Address(channel="email", target="gazette@example.com"),),
    )
    news = a_notice(
        symbol="G/TBT/N/KEN/1514",
        responsible_agency="Kenya Bureau of Standards (KEBS)",
        distribution_date=date(2026, 3, 2),
    )
    service.poll([news])
    service.deliver()
    assert [message.recipient for message in service.notifier.sent] == ["drinks@example.com"]
    heard = audition("KEN/1514", desk=service.desk)
    assert [one.subscription.id for one in heard.fitting] == [of_agency.id]
    assert [(one.subscription.id, one.refusal.part) for one in heard.nearly] == [(of_source.id, Part.SOURCE)]
    with storage.look() as tx:
        assert {one.sources for one in tx.measures.newest(3)} == {("gazette",), (service.source.config.name,)}


def test_who_asks_for_a_source_is_told_when_it_reports_what_another_reported_first(storage: Storage) -> None:
    """Once, whoever else was told before; also after a crash between the poll and the telling."""
    service = SmallService(storage).seeded(a_notice(symbol="G/TBT/N/KEN/1400"))
    gazette = ListedSource(name="gazette", priority=80)
    service.poll([a_notice(symbol="G/TBT/N/KEN/1300")], source=gazette)
    service.clock.turn(minutes=5)
    service.subscribe()
    service.subscribe(
        criteria=Criteria(sources=frozenset({"gazette"})),
        name="Gazette",
        addresses=(Address(channel="email", target="gazette@example.com"),),
    )
    service.subscribe(criteria=Criteria(sources=frozenset({"gazette"})), enterprise="Yiwu", name="Heard already")
    news = [a_notice(symbol=f"G/TBT/N/KEN/{number}", distribution_date=date(2026, 3, 2)) for number in (1514, 1515)]
    service.poll(news)
    service.deliver()
    assert {message.recipient for message in service.notifier.sent} == {"drinks@example.com"}
    service.clock.turn(minutes=5)

    service.poll([news[0]], source=gazette)
    assert sent_to(service) == ["gazette@example.com"]
    service.clock.turn(minutes=5)
    service.poll(news, source=gazette, alert=False)
    assert recover(desk=service.desk).measures == 1
    assert sent_to(service) == ["gazette@example.com"]
    service.poll(news, source=gazette)
    assert recover(desk=service.desk).measures == 0 and sent_to(service) == []


def sent_to(service: SmallService) -> list[str]:
    """Whom the messages go to that go out now."""
    before = len(service.notifier.sent)
    service.deliver()
    return [message.recipient for message in service.notifier.sent[before:]]
