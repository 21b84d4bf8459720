"""A person's word stands through whatever classifies a measure: a poll, a joining, other rules."""

from __future__ import annotations

from typing import Any

from rules.classification import Grade
from tbtwatch.pipeline.consequences import consider
from tbtwatch.pipeline.overriding import end_override, override
from tbtwatch.pipeline.reclassify import current_classification, reclassify
from tbtwatch.pipeline.rulebook import publish
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.pipeline.service import SmallService
from tests.pipeline.small_rules import FOOD, TOYS, WORDS, SmallRulebook, back_tested

SYMBOL = "G/TBT/N/KEN/1"


def said(service: SmallService, *add: str, remove: tuple[str, ...] = (), symbol: str = SYMBOL) -> int:
    """A person's word; the last one's number."""
    service.clock.turn(seconds=1)
    over: dict[str, Any] = {"grade": Grade.DIRECT, "reason": f"Words of {add or remove}.", "by": "Li Na"}
    return override(symbol, add=add, remove=remove, desk=service.desk, **over).overrides[-1].id


def areas(storage: Storage, measure: int = 1) -> list[str]:
    """What the measure is written down to be about."""
    with storage.look() as tx:
        return [found.area for found in tx.measures.classification(measure).areas]


def test_a_later_document_leaves_it_standing(storage: Storage) -> None:
    """The addendum's words are heard, and above them the person's."""
    service = SmallService(storage).seeded(a_notice(symbol=SYMBOL, title="Goods", hs_codes=("220299",)))
    said(service, "area:toys", remove=("area:food",))
    assert areas(storage) == ["toys"]
    addendum = a_notice(symbol=f"{SYMBOL}/Add.1", type="addendum", title="Goods", hs_codes=("220299",))
    service.poll([addendum])
    assert areas(storage) == ["toys"]
    with storage.begin() as tx:
        measure = tx.measures.get(1)
        now = current_classification(measure, tx, service.rulebook, service.clock())
        assert [found.area for found in now.areas] == ["toys"]


def test_other_rules_leave_it_standing(storage: Storage) -> None:
    """Until it is ended: then the rules decide alone again."""
    service = SmallService(storage).seeded(a_notice(symbol=SYMBOL, title="Goods", hs_codes=("220299",)))
    number = said(service, remove=("area:food",))
    other = SmallRulebook({**FOOD, "why": "Drinks are in 22."}, TOYS, WORDS)
    draft = other.install(storage, now=service.clock()).version.version
    report = back_tested(storage, draft)
    publish(draft, by="Li Na", storage=storage, rulebook=service.rulebook, now=service.clock(), report=report)
    assert reclassify(storage=storage, rulebook=service.rulebook, clock=service.clock).changed == 0
    consider(desk=service.desk)
    assert areas(storage) == []
    end_override(number, by="Wang Fang", reason="It is a drink.", desk=service.desk)
    assert areas(storage) == ["food"]


def test_measures_that_are_one_keep_what_was_said_of_each(storage: Storage) -> None:
    """On one value the newest word stands; the older is kept, with the reason."""
    one, other = (a_notice(symbol=f"G/TBT/N/KEN/{number}", title="Goods", hs_codes=()) for number in (1, 2))
    service = SmallService(storage).seeded(one, other)
    said(service, "area:toys", symbol="G/TBT/N/KEN/1")
    said(service, "area:food", symbol="G/TBT/N/KEN/2")
    said(service, remove=("area:toys",), symbol="G/TBT/N/KEN/2")
    joint = a_notice(
        symbols=("G/TBT/N/KEN/1/Add.1", "G/TBT/N/KEN/2/Add.1"), type="addendum", title="Goods", hs_codes=()
    )
    service.poll([joint])
    assert areas(storage) == ["food"]
    with storage.look() as tx:
        words = tx.overrides.of_measure(1, ended=True)
    assert [(word.what, word.action.value, word.ended_at is None) for word in words] == [
        ("area:toys", "add", False),
        ("area:food", "add", True),
        ("area:toys", "remove", True),
    ]
    assert "turned out to be one with another" in words[0].end_reason


def test_a_value_said_anew_ends_what_was_said_before(storage: Storage) -> None:
    """One word on one value is in force."""
    service = SmallService(storage).seeded(a_notice(symbol=SYMBOL, title="Goods", hs_codes=()))
    said(service, "area:toys")
    said(service, remove=("area:toys",))
    assert areas(storage) == []
    with storage.look() as tx:
        assert [word.action.value for word in tx.overrides.live()] == ["remove"]
