"""Other rules in force: who should now be told, who was told wrongly, and what staff's decision sends, once."""

from __future__ import annotations

from typing import Any

import pytest

from rules.classification import Grade
from subscriptions.criteria import Address, Criteria, Frequency
from tbtwatch.pipeline.consequences import consider
from tbtwatch.pipeline.digest import run_now
from tbtwatch.pipeline.overriding import end_override, override
from tbtwatch.pipeline.reclassify import reclassify
from tbtwatch.pipeline.recover import recover
from tbtwatch.pipeline.rulebook import publish, undo
from tbtwatch.pipeline.telling import Told, tell
from tbtwatch.storage import Storage
from tbtwatch.storage.consequences import Consequence, Decision
from tests.builders import a_notice
from tests.pipeline.service import SmallService
from tests.pipeline.small_rules import FOOD, TOYS, WORDS, SmallRulebook, back_tested
from watcher.notice import Notice

WIDER = {**FOOD, "prefixes": ["22", "9503"]}
NARROW = (TOYS, WORDS)
FOOD_ASKED = Criteria(areas=frozenset({"food"}))
NOW, DIGEST, NEVER = Decision.NOW, Decision.DIGEST, Decision.NEVER
SYMBOL = "G/TBT/N/KEN/1"


def dolls(number: int = 1, **over: Any) -> Notice:
    """A measure about dolls, which the wider rules take for food."""
    values: dict[str, Any] = {"title": "Dolls", "products_covered": "Dolls", "content_summary": "Dolls."}
    return a_notice(**{**values, "symbol": f"G/TBT/N/KEN/{number}", "hs_codes": ("950300",), **over})


def drinks(number: int = 1) -> Notice:
    """A measure about drinks."""
    return a_notice(symbol=f"G/TBT/N/KEN/{number}", title="Jelly drinks", hs_codes=("220299",))


def in_force(service: SmallService, *rules: dict[str, Any]) -> None:
    """These rules come into force, and all follows them."""
    service.clock.turn(seconds=1)
    draft = SmallRulebook(*rules).install(service.storage, now=service.clock()).version.version
    report = back_tested(service.storage, draft)
    publish(draft, by="Li Na", storage=service.storage, rulebook=SmallRulebook(), now=service.clock(), report=report)
    follow(service)


def back(service: SmallService) -> None:
    """The rules before are in force again, and all follows them."""
    service.clock.turn(seconds=1)
    undo(by="Li Na", storage=service.storage, now=service.clock())
    follow(service)


def follow(service: SmallService) -> None:
    service.clock.turn(seconds=1)
    reclassify(storage=service.storage, rulebook=service.rulebook, clock=service.clock)
    consider(desk=service.desk)
    service.clock.turn(seconds=1)


def kinds(storage: Storage) -> list[str]:
    """What waits for a decision."""
    with storage.look() as tx:
        return [one.kind.value for one in tx.consequences.open_ones()]


def decide(service: SmallService, late: Decision | None = NOW, correction: Decision | None = NOW) -> Told:
    """Staff decide of all that waits."""
    told = tell(desk=service.desk, by="Li Na", late=late, correction=correction)
    service.clock.turn(seconds=1)
    return told


def heads(service: SmallService) -> list[str]:
    """The first word of the subjects that were sent."""
    return [message.subject.split(" |")[0] for message in service.sent]


@pytest.fixture
def service(storage: Storage) -> SmallService:
    """A live service, with a subscription for food."""
    service = SmallService(storage).seeded()
    service.subscribe(criteria=FOOD_ASKED)
    return service


def test_who_should_have_been_told_is_told_late_once(service: SmallService) -> None:
    """Only after staff decided; it says so; deciding again sends nothing."""
    service.poll([dolls()])
    in_force(service, WIDER, TOYS, WORDS)
    assert (kinds(service.storage), service.sent) == (["late"], [])
    assert decide(service) == Told(late=1)
    (message,) = service.sent
    assert message.subject.startswith("Late: ")
    assert "we reclassified this on" in message.text
    assert decide(service) == Told()
    consider(desk=service.desk)
    assert (kinds(service.storage), len(service.sent)) == ([], 1)


def test_what_is_told_late_can_wait_for_the_digest(service: SmallService) -> None:
    """A daily one where the subscriber has none."""
    service.poll([dolls()])
    in_force(service, WIDER, TOYS, WORDS)
    assert decide(service, late=DIGEST) == Told(in_digest=1)
    assert service.sent == []
    service.clock.turn(days=1)
    run_now(Frequency.DAILY, desk=service.desk)
    assert len(service.sent) == 1
    consider(desk=service.desk)
    assert kinds(service.storage) == []


def test_a_digest_tells_nobody_late_of_what_fits_no_more(service: SmallService) -> None:
    """The rules are undone between the decision and the digest."""
    service.poll([dolls()])
    in_force(service, WIDER, TOYS, WORDS)
    decide(service, late=DIGEST)
    back(service)
    run_now(Frequency.DAILY, desk=service.desk)
    assert service.sent == []
    assert decide(service) == Told(moot=1)


def test_what_staff_decide_never_to_tell_is_not_offered_again(service: SmallService) -> None:
    """Neither by finding it anew nor after an undo of the undo."""
    service.poll([dolls()])
    in_force(service, WIDER, TOYS, WORDS)
    assert decide(service, late=NEVER) == Told(never=1)
    back(service)
    back(service)
    assert (kinds(service.storage), service.sent) == ([], [])


def test_who_was_told_wrongly_is_told_so_once(service: SmallService) -> None:
    """With what was told; then gets no later news of that measure; deciding again sends nothing."""
    service.poll([drinks()])
    assert len(service.sent) == 1
    in_force(service, *NARROW)
    assert kinds(service.storage) == ["correction"]
    assert decide(service) == Told(corrections=1)
    message = service.sent[-1]
    assert message.subject.startswith("Correction: ")
    assert "East African drinks" in message.text
    consider(desk=service.desk)
    assert (kinds(service.storage), decide(service)) == ([], Told())
    later = a_notice(symbol=f"{SYMBOL}/Add.1", type="addendum", title="Jelly drinks", hs_codes=("220299",))
    service.poll([drinks(), later])
    assert len(service.sent) == 2


@pytest.mark.parametrize(
    ("language", "said", "never"),
    [("en", "only broadly related", "does not concern"), ("zh", "仅为宽泛相关", "无关")],
)
def test_who_is_told_of_what_fell_below_their_grade_is_told_that(
    sqlite: Storage, language: str, said: str, never: str
) -> None:
    """A measure that the new rules find broad still has to do with the reader: the correction does not deny it."""
    service = SmallService(sqlite).seeded()
    address = (Address(channel="email", target="food@example.com"),)
    service.subscribe(criteria=FOOD_ASKED, addresses=address, language=language)
    service.poll([drinks()])
    assert len(service.sent) == 1
    in_force(service, {**FOOD, "grade": "broad"}, TOYS, WORDS)
    assert kinds(service.storage) == ["correction"]
    assert decide(service) == Told(corrections=1)
    message = service.sent[-1]
    assert message.subject.startswith({"en": "Correction: ", "zh": "更正："}[language])
    assert said in message.text
    assert never not in message.text


def test_what_waits_unsent_is_withdrawn_instead(service: SmallService) -> None:
    """Nobody is told that something was wrong which they never heard; after an undo they hear it."""
    service.poll([drinks()])
    in_force(service, *NARROW)
    assert decide(service) == Told(withdrawn=1)
    assert service.sent == []
    back(service)
    assert kinds(service.storage) == ["late"]
    decide(service)
    assert heads(service) == ["Late: Kenya"]


def test_what_waits_for_a_digest_is_withdrawn(storage: Storage) -> None:
    """It is in no digest."""
    service = SmallService(storage).seeded()
    service.subscribe(criteria=FOOD_ASKED, frequency=Frequency.WEEKLY)
    service.poll([drinks()])
    in_force(service, *NARROW)
    decide(service)
    service.clock.turn(days=8)
    run_now(Frequency.WEEKLY, desk=service.desk)
    assert service.sent == []


def test_after_an_undo_who_was_corrected_hears_that_it_concerns_them(service: SmallService) -> None:
    """Once, without the fact again; and a second round of both is told as well."""
    service.poll([drinks()])
    assert len(service.sent) == 1
    for _ in range(2):
        in_force(service, *NARROW) if _ == 0 else back(service)
        decide(service)
        service.deliver()
        back(service)
        assert kinds(service.storage) == ["reinstated"]
        assert decide(service) == Told(reinstated=1)
        assert decide(service) == Told()
        service.deliver()
    assert heads(service) == [
        "Kenya",
        *("Correction: Kenya", "It does concern you: Kenya") * 2,
    ]


def test_a_correction_that_waits_is_not_sent_after_the_undo(service: SmallService) -> None:
    """With the digest; before it comes, the rules are undone: nothing was ever said."""
    service.poll([drinks()])
    assert len(service.sent) == 1
    in_force(service, *NARROW)
    assert decide(service, correction=DIGEST) == Told(corrections=1)
    assert len(service.sent) == 1
    back(service)
    decide(service)
    service.clock.turn(days=2)
    assert len(service.sent) == 1


def test_an_address_hears_a_fact_once(storage: Storage) -> None:
    """Two subscriptions of one address: told by one, it is not late for the other."""
    service = SmallService(storage).seeded()
    service.subscribe(criteria=FOOD_ASKED)
    service.subscribe(criteria=Criteria(areas=frozenset({"toys"})), name="Toys")
    service.poll([dolls()])
    assert len(service.sent) == 1
    in_force(service, WIDER, TOYS, WORDS)
    assert (kinds(storage), decide(service)) == ([], Told())
    back(service)
    assert kinds(storage) == []
    in_force(service, {**TOYS, "prefixes": ["22"]}, FOOD)
    assert kinds(storage) == ["correction"]
    assert decide(service) == Told(corrections=1)


def test_a_correction_is_not_written_where_it_fits_another_subscription(storage: Storage) -> None:
    """Of the same address: the message was right for its reader."""
    service = SmallService(storage).seeded()
    service.subscribe(criteria=FOOD_ASKED)
    service.subscribe(criteria=Criteria(markets=frozenset({"KEN"})), name="Kenya")
    service.poll([drinks()])
    assert len(service.sent) == 1
    in_force(service, *NARROW)
    assert (kinds(storage), decide(service), len(service.sent)) == (["correction"], Told(), 1)


def test_what_the_measure_itself_changed_is_no_consequence(service: SmallService) -> None:
    """It said drinks and says dolls since: whoever was told of the drinks was told rightly."""
    service.poll([drinks()])
    assert len(service.sent) == 1
    service.poll([dolls()])
    in_force(service, FOOD, TOYS)
    assert kinds(service.storage) == []


def test_new_subscribers_are_not_told_of_old_news(service: SmallService) -> None:
    """As ever."""
    service.poll([dolls()])
    service.clock.turn(seconds=1)
    service.subscribe(enterprise="New", criteria=FOOD_ASKED)
    in_force(service, WIDER, TOYS, WORDS)
    assert kinds(service.storage) == ["late"]


def test_news_older_than_the_horizon_is_left(service: SmallService) -> None:
    """Neither told late nor corrected."""
    service.poll([dolls(1), drinks(2)])
    assert len(service.sent) == 1
    service.clock.turn(days=91)
    in_force(service, {**FOOD, "prefixes": ["9503"]}, TOYS, WORDS)
    assert kinds(service.storage) == []


def test_silent_news_is_left(storage: Storage) -> None:
    """What nobody was ever to be told."""
    service = SmallService(storage)
    service.subscribe(criteria=FOOD_ASKED)
    service.seeded(dolls())
    in_force(service, WIDER, TOYS, WORDS)
    assert kinds(storage) == []


def test_decisions_wait_until_all_is_classified_anew(service: SmallService) -> None:
    """`recover` of the service does the rest of a publishing that was broken off, and finds what follows."""
    service.poll([dolls()])
    service.clock.turn(seconds=1)
    draft = SmallRulebook(WIDER, TOYS, WORDS).install(service.storage, now=service.clock()).version.version
    report = back_tested(service.storage, draft)
    publish(draft, by="Li Na", storage=service.storage, rulebook=SmallRulebook(), now=service.clock(), report=report)
    consider(desk=service.desk)
    with pytest.raises(LookupError, match=r"1 measures are still being classified anew.*recover"):
        decide(service)
    recover(desk=service.desk)
    assert kinds(service.storage) == ["late"]


def test_a_persons_word_has_consequences_at_once(service: SmallService) -> None:
    """Added: late. Ended: correction. Said again: reinstated. All of it under one version of the rules."""
    service.poll([dolls()])
    service.clock.turn(seconds=1)
    said: dict[str, Any] = {"remove": [], "grade": Grade.DIRECT, "by": "Li Na", "desk": service.desk}
    done = override(SYMBOL, add=["area:food"], reason="Edible dolls.", **said)
    assert [one.kind for one in done.consequences] == [Consequence.LATE]
    assert "area food came (override" in done.consequences[0].because
    decide(service)
    service.clock.turn(seconds=1)
    ended = end_override(done.overrides[0].id, by="Wang Fang", reason="Not edible.", desk=service.desk)
    assert [one.kind for one in ended.consequences] == [Consequence.CORRECTION]
    assert heads(service) == ["Late: Kenya"]
    assert decide(service).waiting == 0
    assert decide(service) == Told()
    service.deliver()
    override(SYMBOL, add=["area:food"], reason="Edible all the same.", **said)
    decide(service)
    assert heads(service) == ["Late: Kenya", "Correction: Kenya", "It does concern you: Kenya"]
    assert "A person of our staff read this measure" in service.sent[0].text


def test_other_addresses_of_a_subscription_hear_what_they_have_not(storage: Storage) -> None:
    """One of two was told by another subscription."""
    service = SmallService(storage).seeded()
    own = Address(channel="email", target="drinks@example.com")
    service.subscribe(criteria=FOOD_ASKED, addresses=(own, Address(channel="email", target="boss@example.com")))
    service.subscribe(criteria=Criteria(areas=frozenset({"toys"})), name="Toys", addresses=(own,))
    service.poll([dolls()])
    in_force(service, WIDER, TOYS, WORDS)
    decide(service)
    assert [message.recipient for message in service.sent] == ["drinks@example.com", "boss@example.com"]
