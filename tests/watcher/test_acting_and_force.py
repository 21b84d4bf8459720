"""Who adopted a joint notification, what a bare day of entry into force says, and what becomes of it with time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.watcher.threads import a_base, after, an_addendum, kinds, news
from watcher.addenda.acting import acting_members
from watcher.dates import DateFact, DateQuality, Precision
from watcher.facts import facts_on, status_on
from watcher.measure import ChangeKind, Facts, MeasureStatus
from watcher.revise import revise

SYMBOLS = ("G/TBT/N/BDI/900", "G/TBT/N/KEN/1514", "G/TBT/N/UGA/1580")
JOINT: dict[str, Any] = {"symbols": SYMBOLS, "notifying_members": ("BDI", "KEN", "UGA")}
LATER: dict[str, Any] = {
    "symbols": tuple(f"{symbol}/Add.1" for symbol in SYMBOLS),
    "notifying_members": ("BDI", "KEN", "UGA"),
}

BY_ONE = (
    "The draft standard was adopted by Uganda on 24 May 2024 as a Uganda Standard.",
    "Uganda has adopted the standard on 24 May 2024.",
    "The standard was adopted and published by Kenya on 24 May 2024 via Gazette Notice No. 3.",
    "The standard was approved by the Uganda National Bureau of Standards on 24 May 2024.",
    "The standard was published by the Government of Kenya on 24 May 2024.",
    "On 24 May 2024, Kenya and Uganda adopted the standard.",
    "The standard entered into force in Uganda on 24 May 2024.",
    "Le projet a été adopté par l'Ouganda le 24 mai 2024.",
    "L'Ouganda a adopté la norme le 24 mai 2024.",
    "La norma fue adoptada por Uganda el 24 de mayo de 2024.",
    "Uganda ha adoptado la norma el 24 de mayo de 2024.",
    "该标准由乌干达于2024年5月24日采纳。",
    "乌干达于2024年5月24日批准了该标准。",
    "乌干达已于2024年5月24日采用该标准作为乌干达标准。",
)

BY_ALL = (
    "The draft standard was adopted by the East African Community Council of Ministers on 24 May 2024.",
    "Burundi, Kenya and Uganda inform Members that the draft was adopted by the Council of Ministers on 24 May 2024.",
    "The draft standard was adopted by Burundi, Kenya and Uganda on 24 May 2024.",
    "Le projet a été adopté par le Burundi, le Kenya et l'Ouganda le 24 mai 2024.",
    "La norma fue adoptada por el Consejo de Ministros el 24 de mayo de 2024.",
    "布隆迪、肯尼亚和乌干达通报的标准草案已于2024年5月24日由东非共同体部长理事会批准。",
)


@pytest.mark.parametrize("text", BY_ONE)
def test_one_member_s_adoption_is_not_that_of_all(text: str) -> None:
    """It is told with the words that name the Member; the joint measure stays what it was."""
    adopted = an_addendum(
        **{**LATER, "symbols": tuple(f"{symbol}/Add.1" for symbol in SYMBOLS)},
        content_summary="The standard was adopted by the Council of Ministers on 24 February 2024.",
    )
    by_one = an_addendum(
        **{**LATER, "symbols": tuple(f"{symbol}/Add.2" for symbol in SYMBOLS)},
        content_summary=text,
    )

    measure = after(a_base(**JOINT), adopted)
    (change,) = revise(measure, by_one).changes
    facts = revise(measure, by_one).measure.facts

    assert (change.kind, change.field) == (ChangeKind.FURTHER_INFORMATION, "")
    assert change.quote == text
    assert (facts.status, facts.adopted_on.value) == (MeasureStatus.ADOPTED, date(2024, 2, 24))
    assert kinds(a_base(**JOINT), an_addendum(**LATER, content_summary=text)) == [ChangeKind.FURTHER_INFORMATION]


@pytest.mark.parametrize("text", BY_ALL)
def test_a_joint_adoption_is_that_of_all(text: str) -> None:
    """By a common council, or by all of them by name."""
    assert news(a_base(**JOINT), an_addendum(**LATER, content_summary=text)) == [(ChangeKind.ADOPTED, "", "2024-05-24")]


def test_the_only_member_speaks_for_its_measure() -> None:
    """Who notified alone adopts for itself."""
    text = "The standard was adopted by Kenya on 24 May 2024."

    assert acting_members(text, ("KEN",)) == frozenset()
    assert news(a_base(notifying_members=("KEN",)), an_addendum(content_summary=text)) == [
        (ChangeKind.ADOPTED, "", "2024-05-24")
    ]


def test_the_words_shown_name_the_member_even_in_a_long_sentence() -> None:
    """The symbols of a joint notification fill a quotation; who adopted must stand in it."""
    listed = ", ".join(f"G/TBT/N/KEN/{number}" for number in range(1000, 1030))
    text = f"Members are informed that the draft notified in {listed} was adopted by Uganda on 24 May 2024."

    (change,) = revise(after(a_base(**JOINT)), an_addendum(**LATER, content_summary=text)).changes

    assert "adopted by Uganda on 24 May 2024" in change.quote


# A bare day of entry into force

TO_COME = (
    "The regulation will enter into force on 15 October 2024.",
    "该法规将于2024年10月15日生效。",
    "Le règlement entrera en vigueur le 15 octobre 2024.",
    "El reglamento entrará en vigor el 15 de octubre de 2024.",
)


@pytest.mark.parametrize("text", TO_COME)
def test_a_day_to_come_does_not_say_adopted(text: str) -> None:
    """The day is known; that the text is adopted, nobody said."""
    addendum = an_addendum(content_summary=text)

    assert news(a_base(), addendum) == [(ChangeKind.DATE_FILLED_IN, "", "2024-10-15")]
    assert after(a_base(), addendum).facts.status is MeasureStatus.DRAFT


@pytest.mark.parametrize("text", TO_COME)
@pytest.mark.parametrize(
    "reason",
    [
        "[X] Content or scope of notified measure changed",
        "[X]通报措施的内容或范围发生变更",
        "[X] Teneur ou champ d'application modifiés",
    ],
)
def test_a_change_of_content_leaves_a_plan(text: str, reason: str) -> None:
    """Another reason than the end of the drafting is ticked: what is amended is a draft."""
    extras: tuple[dict[str, Any], ...] = (
        {},
        {"comment_deadline": date(2024, 10, 1)},
        {"proposed_entry_into_force": date(2024, 10, 15)},
    )
    for extra in extras:
        facts = after(a_base(), an_addendum(content_summary=text, addendum_reason=reason, **extra)).facts

        assert facts.status is MeasureStatus.DRAFT
        assert facts.proposed_entry_into_force.value == date(2024, 10, 15)
        assert facts.in_force_on.value is None


def test_a_final_text_to_come_into_force_is_adopted() -> None:
    """What is called final, or whose adoption is ticked, is adopted."""
    final = an_addendum(content_summary="The final rule will enter into force on 15 October 2024.")
    ticked = an_addendum(
        content_summary=TO_COME[0], addendum_reason="[X] Notified measure adopted - date: 1 August 2024"
    )

    assert after(a_base(), final).facts.status is MeasureStatus.ADOPTED
    assert after(a_base(), ticked).facts.status is MeasureStatus.ADOPTED


@pytest.mark.parametrize(
    "text",
    [
        "The regulation has applied since 1 June 2024.",
        "The regulation is in force since 1 June 2024.",
        "The regulation will enter into force on 1 June 2024.",
        "The date of entry into force was 1 June 2024.",
        "该法规自2024年6月1日起施行。",
        "该法规将于2024年6月1日生效。",
        "Le règlement est en vigueur depuis le 1er juin 2024.",
        "El reglamento rige desde el 1 de junio de 2024.",
    ],
)
def test_a_day_that_has_passed_says_in_force(text: str) -> None:
    """Whatever the tense: on the day of the addendum the measure was in force."""
    assert news(a_base(), an_addendum(content_summary=text)) == [(ChangeKind.IN_FORCE, "", "2024-06-01")]


def test_a_plan_restated_when_its_day_has_come_is_in_force() -> None:
    """An addendum that tells the adoption and repeats the planned day, now past, says that it is in force."""
    planned: dict[str, Any] = {"proposed_entry_into_force": date(2024, 6, 1)}
    addendum = an_addendum(content_summary="The regulation was adopted on 1 May 2024.", **planned)

    assert after(a_base(**planned), addendum).facts.status is MeasureStatus.IN_FORCE


# The status on a day


def _day(day: date, precision: Precision = Precision.DAY) -> DateFact:
    return DateFact(value=day, quality=DateQuality.STATED, precision=precision, wording=str(day))


@pytest.mark.parametrize(
    ("facts", "day", "status"),
    [
        (Facts(status=MeasureStatus.ADOPTED, in_force_on=_day(date(2027, 3, 1))), date(2027, 2, 28), "adopted"),
        (Facts(status=MeasureStatus.ADOPTED, in_force_on=_day(date(2027, 3, 1))), date(2027, 3, 1), "in_force"),
        (Facts(status=MeasureStatus.DRAFT, in_force_on=_day(date(2027, 3, 1))), date(2028, 1, 1), "in_force"),
        (Facts(status=MeasureStatus.WITHDRAWN, in_force_on=_day(date(2027, 3, 1))), date(2028, 1, 1), "withdrawn"),
        (Facts(status=MeasureStatus.ADOPTED), date(2028, 1, 1), "adopted"),
        (Facts(proposed_entry_into_force=_day(date(2027, 3, 1))), date(2028, 1, 1), "draft"),
        (
            Facts(status=MeasureStatus.ADOPTED, in_force_on=_day(date(2027, 3, 1), Precision.MONTH)),
            date(2027, 3, 30),
            "adopted",
        ),
    ],
)
def test_an_announced_day_comes_without_another_notice(facts: Facts, day: date, status: str) -> None:
    """From the day on, the measure is in force; a plan alone makes nothing so, and what is withdrawn stays so."""
    assert status_on(facts, day).value == status
    assert facts_on(facts, day).status is status_on(facts, day)
