"""Proof of notice: what is on record of a measure and an enterprise, and a file that can be checked."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from string import Formatter

import pytest

from notifiers.outcome import Outcome, Reason, Refused, Sent, TryAgain
from notifiers.proof import Proof, Silence
from notifiers.proof_words import PROOF
from subscriptions.criteria import Address, Criteria, Frequency
from tbtwatch.pipeline.proof import proof
from tbtwatch.pipeline.proof_seal import Checked, NoProofError, check, sealed, sealed_page
from tbtwatch.pipeline.subscribe import end
from tbtwatch.storage import Storage
from tests.builders import a_notice, an_extension
from tests.pipeline.service import SmallService
from watcher.measure import ChangeKind

KENYA, NINGBO = "G/TBT/N/KEN/1514", "Ningbo Drinks"
ADDENDUM = an_extension(date(2026, 4, 10), distribution_date=date(2026, 3, 3))


def told(storage: Storage, *outcomes: Outcome) -> SmallService:
    """One enterprise that was written to, and what the other side answered, the last for ever after."""
    service = SmallService(storage).seeded()
    service.subscribe()
    left = list(outcomes or (Sent(reference="2.0.0 Ok: queued as 4F1"),))
    service.notifier.answer = lambda _: left.pop(0) if len(left) > 1 else left[0]
    service.poll([a_notice()])
    service.clock.turn(seconds=30)
    service.deliver()
    return service


def of(service: SmallService, symbol: str = KENYA, enterprise: str = NINGBO, language: str = "en") -> Proof:
    """The proof."""
    return proof(symbol, enterprise, desk=service.desk, language=language)


def whys(made: Proof) -> list[Silence]:
    """Why news was not told."""
    return [one.why for one in made.untold]


def test_what_was_told_is_proved(storage: Storage) -> None:
    """When it was known, why it was owed, under which versions, what was sent, and what the other side answered."""
    made = of(told(storage))

    assert [one.symbols for one in made.documents] == [(KENYA,)]
    (change,), (owed,), (message,) = made.changes, made.owed, made.messages
    assert (change.kind, change.silent) == ("new_measure", False)
    assert (owed.version, owed.ruleset_version, owed.change, owed.alert) == (1, 1, change.id, *message.alerts)
    assert [one.sentence for one in owed.conditions] == [
        "market Kenya.",
        "HS 22 (HS 220299).",
    ]
    assert (message.state, message.answer, message.copies, message.copies_possible) == (
        "sent",
        "2.0.0 Ok: queued as 4F1",
        1,
        0,
    )
    assert [one.outcome for one in message.attempts] == ["Sent"]
    assert (made.untold, made.gaps) == ((), ())
    assert made.summary[0] == (
        "Ningbo Drinks was told of G/TBT/N/KEN/1514 on 2026-03-02 20:05:31 by mail to drinks@example.com; the other "
        "side took the message and answered “2.0.0 Ok: queued as 4F1”."
    )
    assert made.summary[1:] == (
        "That was less than a minute after it was first recorded here.",
        "That was 8 days before the comment deadline stated today.",
    )


def test_the_words_by_which_it_was_found_stand_in_it(storage: Storage) -> None:
    """A product area has the rule and the words, as the rules then found them."""
    service = SmallService(storage).seeded()
    service.subscribe(criteria=Criteria(areas=frozenset({"food"})))
    service.poll([a_notice()])

    (owed,) = of(service).owed
    (met,) = owed.conditions
    assert [(one.rule, one.field) for one in met.evidence] == [("food-by-hs", "hs_codes")]
    assert met.evidence[0].quotes == ("220299",)


def test_attempts_and_copies_are_counted(storage: Storage) -> None:
    """An attempt of which nobody knows whether it arrived is a copy that is possible, and is said so."""
    lost = TryAgain(reason=Reason.UNKNOWN_OUTCOME, detail="connection lost after DATA")
    service = told(storage, lost, Sent())
    service.clock.turn(minutes=2)
    service.deliver()

    (message,) = of(service).messages
    assert [one.outcome for one in message.attempts] == ["TryAgain", "Sent"]
    assert (message.copies, message.copies_possible) == (1, 1)
    assert "of 1 more attempt nobody knows" in sealed_page(of(service), storage)


def test_an_attempt_whose_worker_died_may_have_arrived(storage: Storage) -> None:
    """Nothing was written down of it, so nobody knows."""
    service = SmallService(storage).seeded()
    service.subscribe()
    service.poll([a_notice()])
    with storage.begin() as tx:
        tx.outbox.claim(now=service.clock(), lease=timedelta(seconds=20), limit=8, channels=["email"])
    (under_way,) = of(service).messages
    assert (under_way.state, under_way.copies_possible) == ("sending", 0)
    service.clock.turn(minutes=1)
    service.deliver()

    (message,) = of(service).messages
    assert [one.outcome for one in message.attempts] == ["", "Sent"]
    assert (message.copies, message.copies_possible) == (1, 1)


@pytest.mark.parametrize(
    ("outcome", "why", "sentence"),
    [
        (TryAgain(reason=Reason.BUSY, detail="451 later"), Silence.ON_ITS_WAY, "written and not out yet"),
        (Refused(reason=Reason.REJECTED, detail="554 spam"), Silence.NOT_TAKEN, "no message was taken"),
    ],
)
def test_what_was_not_taken_is_no_notice(storage: Storage, outcome: Outcome, why: Silence, sentence: str) -> None:
    """A message that waits or was refused does not count as told, and the answer stands beside it."""
    made = of(told(storage, outcome))

    assert whys(made) == [why]
    assert sentence in made.summary[0]
    assert outcome.detail in made.untold[0].sentence  # type: ignore[union-attr]


def test_why_it_was_not_told(storage: Storage) -> None:
    """Each subscription has its reason: it does not fit, it is younger, it had ended, it wants other news."""
    service = SmallService(storage).seeded()
    ended = service.subscribe(name="ended")
    end(str(ended.id), reason="sold", desk=service.desk)
    service.subscribe(name="toys", criteria=Criteria(hs=frozenset({"95"})))
    unwanted = Criteria(hs=frozenset({"22"}), changes=frozenset({ChangeKind.WITHDRAWN}))
    service.subscribe(name="the end only", criteria=unwanted)
    service.subscribe(name="weekly", criteria=Criteria(ics=frozenset({"67"})), frequency=Frequency.WEEKLY)
    service.poll([a_notice()])
    service.clock.turn(minutes=1)
    service.subscribe(name="younger")

    made = of(service)
    assert whys(made) == [Silence.ENDED, Silence.NO_FIT, Silence.KIND, Silence.IN_DIGEST, Silence.OLDER]
    assert "sold" in made.untold[0].sentence
    assert made.untold[1].sentence.startswith("Does not fit: product")
    assert "next weekly digest" in made.untold[3].sentence
    assert "stands in the next digest" in made.summary[0]


def test_silent_history_tells_nobody(storage: Storage) -> None:
    """What a first poll found is known and told to nobody, and the proof says both."""
    service = SmallService(storage).seeded(a_notice())
    service.subscribe()

    made = of(service)
    assert whys(made) == [Silence.SILENT]
    assert made.summary[0] == "Ningbo Drinks was not told of G/TBT/N/KEN/1514."


def test_each_piece_of_news_is_proved(storage: Storage) -> None:
    """The addendum that moved the deadline stands with its own message, old and new."""
    service = told(storage)
    service.clock.turn(days=1)
    service.poll([a_notice(), ADDENDUM])
    service.deliver()

    made = of(service)
    assert [one.kind for one in made.changes] == ["new_measure", "deadline_moved"]
    assert [one.state for one in made.messages] == ["sent", "sent"]
    html = sealed_page(made, storage)
    assert "2026-03-10 → 2026-04-10" in html and "G/TBT/N/KEN/1514/Add.1" in html


def test_gaps_meanwhile_are_said(storage: Storage) -> None:
    """A source that was not read between the document's day and the message is named; an older gap is not."""
    service = SmallService(storage).seeded()
    service.subscribe()
    with storage.begin() as tx:
        for since, until in ((-200, -190), (-10, -1)):
            now = service.clock()
            gap = tx.health.open_gap("listed", since=now + timedelta(days=since), now=now + timedelta(days=since + 2))
            assert gap is not None
            tx.health.close_gap(gap, found_late=3, given_up=False, now=now + timedelta(days=until))
    service.poll([a_notice()])
    service.deliver()

    made = of(service)
    (gap,) = made.gaps
    assert (gap.source, gap.found_late) == ("listed", 3)
    assert "not read for a time" in made.summary[-1]


def test_only_its_own_messages_stand_in_it(storage: Storage) -> None:
    """Another enterprise's address is nobody's business."""
    service = SmallService(storage).seeded()
    service.subscribe()
    other = (Address(channel="email", target="rival@example.com"),)
    service.subscribe(enterprise="Rival", addresses=other)
    service.poll([a_notice()])
    service.deliver()

    assert "rival" not in sealed_page(of(service), storage).lower()
    assert [one.target for one in of(service, enterprise="Rival").messages] == ["rival@example.com"]


def test_a_slip_in_the_name_is_named(storage: Storage) -> None:
    """An enterprise that is not there, with one that is meant perhaps; a measure likewise."""
    service = told(storage)
    with pytest.raises(LookupError, match="did you mean 'Ningbo Drinks'"):
        of(service, enterprise="Ningbo Drink")
    with pytest.raises(LookupError, match="did you mean G/TBT/N/KEN/1514"):
        of(service, symbol="G/TBT/N/KEN/1541")


def test_a_file_is_checked(storage: Storage) -> None:
    """Page and JSON are found whole, also with other line ends or another order of the JSON's names."""
    service = told(storage)
    made = of(service)
    html, document = sealed_page(made, storage), sealed(made, storage)

    for text in (
        html,
        html.replace("\n", "\r\n"),
        json.dumps(document),
        json.dumps(document, sort_keys=True, indent=3),
    ):
        found = check(text, storage)
        assert (found.result, found.checksum) == (Checked.UNCHANGED, document["checksum"])
        assert found.content["enterprise"] == NINGBO


def test_one_changed_character_is_found(storage: Storage) -> None:
    """In what is shown, in what is carried inside, in JSON; and a checksum reckoned anew is not our seal."""
    made = of(told(storage))
    html, document = sealed_page(made, storage), sealed(made, storage)

    assert check(html.replace("2026-03-02 20:05:31", "2026-03-01 20:05:31"), storage).result is not Checked.UNCHANGED
    shown_only = html.replace("<h1>Proof of notice</h1>", "<h1>Proof of notice.</h1>")
    assert check(shown_only, storage).result is Checked.PAGE_CHANGED
    document["proof"]["messages"][0]["state"] = "refused"
    assert check(json.dumps(document), storage).result is Checked.CONTENT_CHANGED
    forged = replace(made, enterprise="Somebody else")
    again = sealed(forged, storage)
    assert check(json.dumps({**again, "seal": document["seal"]}), storage).result is Checked.FOREIGN


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "<html></html>", '{"proof": 1, "checksum": "", "seal": ""}', "[" * 9999]
)
def test_another_file_is_no_proof(storage: Storage, text: str) -> None:
    """It is said in a sentence, whatever it is."""
    with pytest.raises(NoProofError, match="no proof of notice"):
        check(text, storage)


def test_strangers_words_stay_words(storage: Storage) -> None:
    """A title with markup is shown as it is written, and does not end what is carried inside."""
    service = SmallService(storage).seeded()
    service.subscribe()
    service.poll([a_notice(title="Jelly </script><script>alert(1)</script> drinks")])
    html = sealed_page(of(service), storage)

    assert html.count("<script") == html.count("</script>") == 1
    assert check(html, storage).result is Checked.UNCHANGED


def test_both_languages_have_every_word() -> None:
    """The same is filled in in Chinese as in English."""
    for english, chinese in PROOF.values():
        filled = [
            {name for _, name, _, _ in Formatter().parse(one) if name} for one in (english.split("|")[-1], chinese)
        ]
        assert filled[0] == filled[1], english


def test_it_speaks_chinese(storage: Storage) -> None:
    """The summary, the receipt and the reasons."""
    made = of(told(storage), language="zh")

    assert made.summary[0].startswith("Ningbo Drinks 于 2026-03-02 20:05:31 通过邮件（drinks@example.com）获告知")
    assert made.owed[0].conditions[0].sentence == "市场 肯尼亚。"
    assert '<html lang="zh-Hans">' in sealed_page(made, storage)
