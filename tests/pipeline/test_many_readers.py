"""A measure that hundreds ask for: each reader's message is what it would be if nobody else were told."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

import tbtwatch.pipeline.alert as alert
from subscriptions.criteria import Address, Criteria, Frequency
from tbtwatch.pipeline.snooze import pause, resume
from tbtwatch.pipeline.unsubscribe_code import read_code
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.pipeline.service import SmallService

QUESTIONS = (
    Criteria(markets=frozenset({"KEN"}), hs=frozenset({"22"})),
    Criteria(markets=frozenset({"EAC"})),
    Criteria(keywords=frozenset({"jelly"})),
)


def told(storage: Storage, *, readers: int) -> dict[str, tuple[object, ...]]:
    """What each reader was sent of one measure."""
    service = SmallService(storage).seeded()
    for number in range(readers):
        service.subscribe(
            enterprise=f"Enterprise {number}",
            name=f"Drinks {number % 2}",
            language=("en", "zh")[number % 2],
            criteria=QUESTIONS[number % len(QUESTIONS)],
            addresses=(Address(channel="email", target=f"reader{number}@example.com"),),
        )
    service.poll([a_notice()])
    return {
        message.recipient: (message.subject, message.text, message.html, dict(message.headers), message.language)
        for message in service.sent
    }


def test_what_is_rendered_once_is_what_each_would_have_got_alone(
    sqlite: Storage, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve readers, two languages, three questions: six are rendered; every word, address and code is right."""
    rendered: Counter[str] = Counter()
    render = alert.render_alert

    def counted(*given: object, **named: str) -> object:
        rendered[named["language"]] += 1
        return render(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(alert, "render_alert", counted)
    together = told(storage, readers=12)
    assert rendered == {"en": 3, "zh": 3}
    assert len(together) == 12

    # The same readers, none of whom is the same as another: the mark's place is then the only thing that is shared.
    monkeypatch.setattr(alert, "_said", lambda reason: reason.subscription.id)
    apart = told(sqlite, readers=12)
    assert rendered == {"en": 9, "zh": 9}

    def without_codes(said: dict[str, tuple[object, ...]], db: Storage) -> dict[str, str]:
        found = {}
        for reader, parts in said.items():
            header = parts[3]["List-Unsubscribe"]  # type: ignore[index]
            code = str(header).partition("unsubscribe%20")[2].partition(">")[0]
            with db.look() as tx:
                named = read_code(code, tx)
            assert named is not None and named.address.target == reader
            assert str(parts[1]).count(code) == 1 and str(parts[2]).count(code) >= 1
            found[reader] = repr(parts).replace(code, "CODE")
        return found

    assert without_codes(together, storage) == without_codes(apart, sqlite)


def test_no_mark_is_left_in_a_message(storage: Storage) -> None:
    """What stands for a reader's code while a message is shared never reaches anybody."""
    service = SmallService(storage).seeded()
    service.subscribe()
    service.subscribe(name="By mail once a week", frequency=Frequency.WEEKLY, criteria=QUESTIONS[1])
    service.poll([a_notice()])

    (message,) = service.sent
    assert alert._MARK not in repr(message)


def test_of_many_readers_those_hear_of_a_pause_whose_it_was(storage: Storage) -> None:
    """Two of ten were silent for a day: their next message says so, nobody else's does, and no later one."""
    service = SmallService(storage).seeded()
    made = [
        service.subscribe(
            enterprise=f"Enterprise {number}",
            addresses=(Address(channel="email", target=f"reader{number}@example.com"),),
        )
        for number in range(10)
    ]
    for silent in (made[7], made[9]):
        pause(silent.id, until=date(2026, 3, 20), why="away", by="x", desk=service.desk)
        service.clock.turn(days=1)
        resume(silent.id, by="x", desk=service.desk)
    said = []
    for number in range(2):
        service.poll([a_notice(symbol=f"G/TBT/N/KEN/{number}")])
        said.append({message.recipient for message in service.sent if "away" in message.text})
        assert len(service.sent) == 10
        service.notifier.sent.clear()

    assert said == [{"reader7@example.com", "reader9@example.com"}, set()]
