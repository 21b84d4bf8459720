"""What those look at who answer for the service, on both databases: days of sources, messages, one enterprise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from notifiers.message import Message
from notifiers.outcome import Outcome, Reason, Refused, Sent, State, TryAgain
from subscriptions.criteria import Address
from tbtwatch.pipeline.leaving import Endings
from tbtwatch.pipeline.oversight.board import Board, Mark
from tbtwatch.pipeline.oversight.letters import BLOT, SHOWN, may_be_shown, without_keys
from tbtwatch.pipeline.oversight.second_try import SecondTryError, Why, cancel, possible, send_again
from tbtwatch.pipeline.oversight.support import Answer, Unanswered, Verdict, support
from tbtwatch.pipeline.subscribe import end
from tbtwatch.pipeline.unsubscribe_code import code_for, link_code
from tbtwatch.pipeline.watchkeeping import Staff
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.fakes import ListedSource
from tests.pipeline.service import SmallService
from watcher.source import SourceError

DRINKS = Address(channel="email", target="drinks@example.com")
KENYA = "G/TBT/N/KEN/1999"


def refuse(reason: Reason) -> Callable[[Message], Outcome]:
    """Everything is refused for this reason."""
    return lambda _: Refused(reason=reason, detail="550 no")


def a_service(storage: Storage, answer: Callable[[Message], Outcome] = lambda _: Sent()) -> SmallService:
    """One subscriber, one alert, tried once."""
    service = SmallService(storage).seeded(a_notice())
    service.subscribe()
    service.notifier.answer = answer
    service.poll([a_notice(symbol=KENYA)])
    service.deliver()
    return service


def the_one(service: SmallService) -> int:
    """The number of the only message."""
    with service.storage.look() as tx:
        (one,) = tx.outbox.list()
    return one.id


def hindrance(deed: Callable[[], object]) -> Why:
    """Why it was not done."""
    with pytest.raises(SecondTryError) as refused:
        deed()
    return refused.value.hindrance.why


# --- the board


def test_each_day_has_one_mark(storage: Storage) -> None:
    """Read with news, read, failed in part, not reached, not asked, not polled yet; each by the place's own days."""
    service = SmallService(storage)
    service.clock.now = datetime(2026, 3, 1, 15, 0, tzinfo=UTC)  # 23:00 in Shanghai
    service.poll([a_notice()])
    service.clock.turn(hours=2)  # 01:00 of the next day there
    service.poll([a_notice()])
    service.clock.turn(days=1)
    service.poll([a_notice()])
    service.poll(SourceError("is no feed"))
    service.clock.turn(days=1)
    service.poll(SourceError("is no feed"))
    service.clock.turn(days=2)
    service.poll([a_notice(), a_notice(symbol="G/TBT/N/KEN/2")])
    board = Board(service.desk)
    (strip,) = board.strips(7)
    marks = {one.day: one.mark for one in strip.days}
    assert list(marks) == [date(2026, 2, 28), *(date(2026, 3, n) for n in range(1, 7))]
    assert list(marks.values()) == [
        Mark.NONE, Mark.NEWS, Mark.READ, Mark.PARTLY, Mark.UNREADABLE, Mark.UNASKED, Mark.NEWS,
    ]  # fmt: skip
    partly = strip.days[3]
    assert (partly.polls, partly.failed) == (2, 1) and strip.days[6].new == 1 and strip.unread == 2


def test_a_day_that_is_over_is_counted_once_and_today_each_time(storage: Storage) -> None:
    """What is kept is what is counted anew, and what happens today is seen at once."""
    service = SmallService(storage)
    for _ in range(5):
        service.poll([a_notice()])
        service.clock.turn(days=1)
    board = Board(service.desk)
    board.strips(30)
    service.poll(SourceError("is no feed"))
    assert board.strips(30)[0].days == Board(service.desk).strips(30)[0].days
    assert board.strips(30)[0].days[-1].mark is Mark.UNREADABLE


def test_who_needs_somebody_stands_first(storage: Storage) -> None:
    """First what waits for a decision, then what is broken, then the rest by name."""
    service = SmallService(storage)
    broken, flooding, well = ListedSource("a-broken"), ListedSource("z-flooding", hold_above=1), ListedSource("b-well")
    service.desk.sources.extend([broken, flooding, well])  # type: ignore[attr-defined]
    for source in (broken, flooding, well):
        service.poll([a_notice()], source=source)
    service.clock.turn(minutes=30)
    service.poll([a_notice()])
    service.poll([a_notice(symbol=f"G/TBT/N/KEN/{n}") for n in (61, 62, 63)], source=flooding)
    for _ in range(4):
        service.poll(SourceError("is no feed"), source=broken)
    assert [one.name for one in Board(service.desk).strips(30)] == ["z-flooding", "a-broken", "b-well", "listed"]


# --- messages


def test_messages_are_found(storage: Storage) -> None:
    """By a part of the address as text, by the measure they tell, by state and kind, page by page."""
    service = a_service(storage)
    with storage.look() as tx:
        found = tx.correspondence
        assert found.addresses("DRINKS@", limit=5) == [DRINKS]
        assert found.addresses("%", limit=5) == found.addresses("_", limit=5) == found.addresses("\\", limit=5) == []
        measure = tx.measures.by_any_symbol(KENYA)[0]
        (one,) = found.search(at=[DRINKS], measure=measure, state=State.SENT, kind="alert")
        assert found.search(before=one.id) == found.search(at=[]) == found.search(measure=measure + 99) == []
        letter = found.letter(one.id)
        assert letter is not None and letter.measures == (measure,)
        assert letter.readers == ((1, "East African drinks", "Ningbo Drinks"),)
        assert [each.outcome for each in letter.attempts] == ["Sent"]
        assert found.letter(10**12) is None and found.failures(service.clock.now.replace(year=2000)) == []


def test_what_failed_is_sent_again_and_only_that(storage: Storage) -> None:
    """What was taken is not; what is put back goes out with the next round; the deed is in the record."""
    service = a_service(storage, refuse(Reason.REJECTED))
    id_ = the_one(service)
    with storage.look() as tx:
        ((channel, reason, number),) = [
            (one.channel, one.reason, one.number)
            for one in tx.correspondence.failures(service.clock.now.replace(year=2000))
        ]
    assert (channel, reason, number) == ("email", "rejected", 1)
    service.notifier.answer = lambda _: Sent()
    send_again(id_, by="li", reason="mended", desk=service.desk)
    service.deliver()
    assert len(service.notifier.sent) == 1
    assert hindrance(lambda: send_again(id_, by="li", reason="again", desk=service.desk)) is Why.TAKEN
    assert hindrance(lambda: cancel(id_, by="li", reason="again", desk=service.desk)) is Why.OVER
    assert hindrance(lambda: send_again(99, by="li", reason="again", desk=service.desk)) is Why.UNKNOWN
    with storage.look() as tx:
        (deed,) = tx.audit.list()
    assert (deed.by, deed.deed, deed.about, deed.detail["reason"]) == (
        "li", "delivery.again", f"delivery {id_}", "mended",
    )  # fmt: skip


def test_nobody_is_written_to_who_said_no(storage: Storage) -> None:
    """Who unsubscribed, whose address was ended or suppressed; a message that was cancelled for them."""
    service = a_service(storage, refuse(Reason.REJECTED))
    id_ = the_one(service)
    with storage.begin() as tx:
        tx.leaving.suppress([DRINKS], why="asked", now=service.clock())
    assert hindrance(lambda: send_again(id_, by="li", reason="again", desk=service.desk)) is Why.SUPPRESSED
    with storage.begin() as tx:
        tx.leaving.lift(DRINKS, by="li", reason="asked", now=service.clock())
    endings = Endings(desk=service.desk, staff=Staff())
    with storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        endings.end(DRINKS, reason="bounce", detail="gone", tx=tx, now=service.clock())
    assert hindrance(lambda: send_again(id_, by="li", reason="again", desk=service.desk)) is Why.ENDED


def test_what_was_cancelled_for_its_reader_stays_so(storage: Storage) -> None:
    """What staff cancelled they take back; what an unsubscribing cancelled they do not."""
    service = a_service(storage, lambda _: TryAgain(reason=Reason.BUSY))
    id_ = the_one(service)
    cancel(id_, by="li", reason="wrong", desk=service.desk)
    with storage.look() as tx:
        letter = tx.correspondence.letter(id_)
        assert letter is not None and possible(letter, tx).again is None
    send_again(id_, by="li", reason="right", desk=service.desk)
    end("1", reason="asked", desk=service.desk)
    assert hindrance(lambda: send_again(id_, by="li", reason="again", desk=service.desk)) is Why.CANCELLED


def test_keys_are_blotted_out_and_nothing_else(storage: Storage) -> None:
    """Codes and links that let somebody act; links to measures and documents, and all else, stay letter by letter."""
    with storage.begin() as tx:
        code, link = code_for(DRINKS, [12, 15], tx), link_code(DRINKS, [12], tx)
    for address in ("https://alerts.example.org", "https://alerts.example.org/tbt", "http://127.0.0.1:8080"):
        secret = f"{address}/u/{link} {address}/f/abcdefghijklmnopqrstuvwx.ics {address}/c/short"
        shown = without_keys(f"<a href='{secret}'>x</a> Re: unsubscribe {code}", "https://alerts.example.org")
        assert code not in shown and link not in shown and "abcdefghijkl" not in shown and "short" not in shown
        assert shown.count(BLOT) >= 4
    ours = "https://alerts.example.org/en/sign-in/AbCdEfGhIjKlMnOpQrStUvWx?token=AbCdEfGhIjKlMnOpQrStUvWx"
    assert "AbCdEfGh" not in without_keys(ours, "https://alerts.example.org")
    plain = (
        "See https://alerts.example.org/en/m/G/TBT/N/KEN/1999 and https://docs.example/a-very-long-name-of-a-file.pdf, "
        "12.15-short, all-in, 2026-03-01 <b>&amp;</b>"
    )
    assert without_keys(plain, "https://alerts.example.org") == plain
    assert not {"question", "sign_in", "something new"} & SHOWN and not may_be_shown("sign_in")


# --- support


def verdict(service: SmallService, enterprise: str = "Ningbo Drinks", symbol: str = KENYA) -> Verdict:
    """The answer in one word."""
    found = support(symbol, enterprise, desk=service.desk, language="en")
    assert isinstance(found, Answer)
    return found.verdict


def test_the_answer_is_what_became_of_the_message(storage: Storage) -> None:
    """On its way, then told; who asks for something else was not told, and the answer says which condition."""
    service = a_service(storage, lambda _: TryAgain(reason=Reason.BUSY))
    assert verdict(service) is Verdict.ON_ITS_WAY
    service.notifier.answer = lambda _: Sent()
    service.clock.turn(days=1)
    service.deliver()
    assert verdict(service) is verdict(service, "ningbo dri") is Verdict.TOLD
    found = support("G/TBT/N/KEN/1514", "Ningbo Drinks", desk=service.desk, language="en")
    assert isinstance(found, Answer) and found.verdict is Verdict.NOT_TOLD
    assert any("history" in one.sentence or "first" in one.sentence for one in found.whys), found.whys


def test_nobody_took_it(storage: Storage) -> None:
    """That we wrote is no telling."""
    service = a_service(storage, refuse(Reason.REJECTED))
    found = support(KENYA, "Ningbo Drinks", desk=service.desk, language="en")
    assert isinstance(found, Answer) and found.verdict is Verdict.NOT_REACHED
    assert not found.taken and [one.state for one in found.failed] == ["refused"]


def test_what_is_not_there_is_said_with_what_is_near(storage: Storage) -> None:
    """An enterprise by a part of its name if it is the only one; several are named; symbols that are a slip away."""
    service = a_service(storage)
    service.subscribe(enterprise="Ningbo Tyres")
    several = support(KENYA, "NINGBO", desk=service.desk, language="en")
    assert isinstance(several, Unanswered) and several.enterprises == ("Ningbo Drinks", "Ningbo Tyres")
    nobody = support("G/TBT/N/KEN/1998", "Nobody", desk=service.desk, language="en")
    assert isinstance(nobody, Unanswered) and nobody.no_enterprise and nobody.no_measure
    assert nobody.enterprises == () and KENYA in nobody.symbols


def test_enterprises_are_listed_page_by_page(storage: Storage) -> None:
    """By name, each once, with what they have; associations are those that look after others now."""
    from tbtwatch.pipeline.associations import manage

    service = SmallService(storage)
    for name in ("c", "a", "b"):
        service.subscribe(enterprise=name)
    end("1", reason="asked", desk=service.desk)
    with storage.begin() as tx:
        tx.subscriptions.enterprise("union", now=service.clock())
    manage("a", "union", by="li", why="asked", desk=service.desk)
    with storage.look() as tx:
        first = tx.register.enterprises(limit=2)
        rest = tx.register.enterprises(after=first[-1].name, limit=9)
        (union,) = tx.register.enterprises(associations=True)
    assert [(one.name, one.live, one.ended) for one in (*first, *rest)] == [
        ("a", 1, 0), ("b", 1, 0), ("c", 0, 1), ("union", 0, 0),
    ]  # fmt: skip
    assert union.members == 1
