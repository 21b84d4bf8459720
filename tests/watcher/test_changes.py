"""What is news in an addendum: deadlines, adoption, entry into force, withdrawal."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.watcher.threads import a_base, after, an_addendum, kinds, news, written
from watcher.dates import DateFact, DateQuality, Precision
from watcher.measure import ChangeKind, MeasureStatus
from watcher.revise import revise

# Deadlines


def test_a_deadline_that_had_passed_is_re_opened() -> None:
    """A new deadline after the old one had passed asks for comments again; before, it is moved."""
    late = an_addendum(distribution_date=date(2024, 3, 11), comment_deadline=date(2024, 5, 1))
    early = an_addendum(distribution_date=date(2024, 3, 10), comment_deadline=date(2024, 5, 1))

    assert news(a_base(), late) == [(ChangeKind.DEADLINE_REOPENED, "2024-03-10", "2024-05-01")]
    assert news(a_base(), early) == [(ChangeKind.DEADLINE_MOVED, "2024-03-10", "2024-05-01")]


def test_a_deadline_nobody_knew_is_filled_in() -> None:
    """A deadline that was not stated and now is, is filled in: nothing was moved."""
    first = a_base(comment_deadline=written("To be determined"))
    addendum = an_addendum(comment_deadline=date(2024, 10, 1))

    assert news(first, addendum) == [(ChangeKind.DATE_FILLED_IN, "To be determined", "2024-10-01")]


def test_an_adopted_measure_is_opened_again() -> None:
    """Comments asked for on an adopted measure are asked for again, even if no first deadline was known."""
    adopted = an_addendum("Add.1", content_summary="The standard was adopted on 5 August 2024.")
    amended = an_addendum("Add.2", distribution_date=date(2025, 2, 3), comment_deadline=date(2025, 4, 4))

    assert news(a_base(comment_deadline=DateFact()), adopted, amended) == [
        (ChangeKind.DEADLINE_REOPENED, "", "2025-04-04")
    ]


def test_the_ticked_box_moves_the_deadline() -> None:
    """The date behind "Comment period changed" is the new deadline, in each language of the form."""
    boxes = (
        "[X] Comment period changed - date: 1 October 2024",
        "[X] Modification du délai de présentation des observations - date: 1er octobre 2024",
        "[X] Modificación del plazo para presentar observaciones - fecha: 1 de octubre de 2024",
        "[X] 评议期变更 - 日期:2024年10月1日",
    )
    for box in boxes:
        assert news(a_base(), an_addendum(addendum_reason=box)) == [
            (ChangeKind.DEADLINE_REOPENED, "2024-03-10", "2024-10-01")
        ], box


def test_a_late_old_addendum_does_not_move_the_deadline_back() -> None:
    """An older addendum that comes after a newer one changes nothing current: it is information."""
    newer = an_addendum("Add.2", distribution_date=date(2024, 3, 5), comment_deadline=date(2024, 6, 1))
    older = an_addendum("Add.1", distribution_date=date(2024, 2, 5), comment_deadline=date(2024, 4, 1))

    assert kinds(a_base(), newer, older) == [ChangeKind.FURTHER_INFORMATION]
    assert after(a_base(), newer, older).facts.comment_deadline.value == date(2024, 6, 1)


# Adoption and entry into force


@pytest.mark.parametrize(
    ("dates", "told", "status"),
    [
        (
            {"proposed_adoption": date(2024, 8, 11), "proposed_entry_into_force": date(2024, 9, 1)},
            [(ChangeKind.ADOPTED, "", "2024-08-11"), (ChangeKind.IN_FORCE, "", "2024-09-01")],
            MeasureStatus.IN_FORCE,
        ),
        (
            {"proposed_adoption": date(2024, 8, 11), "proposed_entry_into_force": date(2025, 1, 1)},
            [(ChangeKind.ADOPTED, "", "2024-08-11"), (ChangeKind.DATE_FILLED_IN, "", "2025-01-01")],
            MeasureStatus.ADOPTED,
        ),
        (
            {"proposed_entry_into_force": date(2025, 1, 1)},
            [(ChangeKind.ADOPTED, "draft", "adopted"), (ChangeKind.DATE_FILLED_IN, "", "2025-01-01")],
            MeasureStatus.ADOPTED,
        ),
        (
            {"proposed_adoption": date(2024, 12, 1), "proposed_entry_into_force": date(2025, 1, 1)},
            [(ChangeKind.DATE_FILLED_IN, "", "2024-12-01"), (ChangeKind.DATE_FILLED_IN, "", "2025-01-01")],
            MeasureStatus.DRAFT,
        ),
        (
            {"comment_deadline": date(2024, 10, 1), "proposed_entry_into_force": date(2024, 10, 15)},
            [
                (ChangeKind.DEADLINE_REOPENED, "2024-03-10", "2024-10-01"),
                (ChangeKind.DATE_FILLED_IN, "", "2024-10-15"),
            ],
            MeasureStatus.DRAFT,
        ),
    ],
    ids=["in force", "to come into force", "only the day of force", "both planned", "comments still asked for"],
)
def test_an_addendum_s_dates_are_those_of_its_boxes(
    dates: dict[str, Any], told: list[tuple[ChangeKind, str, str]], status: MeasureStatus
) -> None:
    """On an addendum a day of adoption that has passed is an adoption; one to come is a plan."""
    assert news(a_base(), an_addendum(**dates)) == told
    assert after(a_base(), an_addendum(**dates)).facts.status is status


def test_a_month_is_over_when_its_last_day_is() -> None:
    """ "September 2024" in an addendum of 2 September is still a plan."""
    month = DateFact(value=date(2024, 9, 1), quality=DateQuality.STATED, precision=Precision.MONTH, wording="09/2024")

    assert news(a_base(), an_addendum(proposed_adoption=month)) == [(ChangeKind.DATE_FILLED_IN, "", "2024-09")]


def test_unticked_boxes_say_nothing() -> None:
    """A form with all its boxes printed says only what is ticked."""
    form = (
        "[ ] Comment period changed - date: 1 October 2024 [X] Notified measure adopted - date: 5 August 2024 "
        "[ ] Notified measure published - date: [ ] withdrawn or revoked - date:"
    )

    assert news(a_base(), an_addendum(addendum_reason=form)) == [(ChangeKind.ADOPTED, "", "2024-08-05")]


@pytest.mark.parametrize(
    ("box", "kind"),
    [
        ("[X]通过的通报措施-日期:2024年6月25日", ChangeKind.ADOPTED),
        ("【X】 通报措施发布-日期: 2024年6月25日", ChangeKind.ADOPTED),
        ("[X]通报措施生效 - 日期:2024年6月25日", ChangeKind.IN_FORCE),
        ("[X]最终措施文本可从以下网址获得", ChangeKind.ADOPTED),
        ("[X]通报措施撤回或撤销 - 日期:2024年6月25日", ChangeKind.WITHDRAWN),
        ("[X]通报措施的内容或范围发生变更", ChangeKind.PRODUCTS_CHANGED),
        ("[X]发布解释性指南,文本可从以下网址获得", ChangeKind.FURTHER_INFORMATION),
        ("【X】通报措施公布－日期：2024年6月25日【　】通报措施撤回", ChangeKind.ADOPTED),
        ("Notification of adoption, publication or entry into force of regulation", ChangeKind.ADOPTED),
        (
            "Change in proposed date of adoption, publication or date of entry into force",
            ChangeKind.FURTHER_INFORMATION,
        ),
        ("[X] Withdrawal of proposed regulation", ChangeKind.WITHDRAWN),
        (
            "[X] Modification of content and/or scope of previously notified draft regulation",
            ChangeKind.PRODUCTS_CHANGED,
        ),
        ("Notified measure published - date: 25 June 2024", ChangeKind.ADOPTED),
        ("Notified measure withdrawn or revoked - date: 25 June 2024", ChangeKind.WITHDRAWN),
        ("Content or scope of notified measure changed", ChangeKind.PRODUCTS_CHANGED),
        ("☒ Mesure notifiée adoptée - date: 25 juin 2024", ChangeKind.ADOPTED),
        ("☒ Entrée en vigueur de la mesure notifiée - date: 25 juin 2024", ChangeKind.IN_FORCE),
        ("☒ Mesure notifiée retirée ou révoquée", ChangeKind.WITHDRAWN),
        ("(x) Medida notificada publicada - fecha: 25 de junio de 2024", ChangeKind.ADOPTED),
        ("(x) Entrada en vigor de la medida notificada - fecha: 25/06/2024", ChangeKind.IN_FORCE),
        (
            "(x) Modificación del contenido o del ámbito de aplicación de la medida notificada",
            ChangeKind.PRODUCTS_CHANGED,
        ),
    ],
)
def test_a_ticked_box_is_read(box: str, kind: ChangeKind) -> None:
    """Each box of the form is understood in Chinese, English, French and Spanish."""
    changes = revise(after(a_base()), an_addendum(addendum_reason=box)).changes

    assert [change.kind for change in changes] == [kind]
    assert kind is ChangeKind.FURTHER_INFORMATION or changes[0].quote


def test_a_final_text_on_which_comments_are_asked_is_a_draft() -> None:
    """A box "final text" beside an open comment period is not believed."""
    addendum = an_addendum(addendum_reason="[X]最终措施文本", comment_deadline=date(2024, 11, 1))

    assert kinds(a_base(), addendum) == [ChangeKind.DEADLINE_REOPENED]


def test_fields_are_believed_before_prose() -> None:
    """Where a field and the prose differ, the field holds."""
    addendum = an_addendum(
        proposed_adoption=date(2024, 8, 1), content_summary="The regulation was adopted on 7 July 2024."
    )

    assert news(a_base(), addendum) == [(ChangeKind.ADOPTED, "", "2024-08-01")]


def test_a_counted_date_is_counted_when_its_event_is_known() -> None:
    """ "6 months after adoption" becomes a day when the day of adoption does."""
    first = a_base(proposed_entry_into_force=written("6 months after adoption", "adoption + 6 months"))
    adopted = an_addendum(content_summary="The standard was adopted on 5 August 2024.")

    assert news(first, adopted) == [
        (ChangeKind.ADOPTED, "", "2024-08-05"),
        (ChangeKind.DATE_FILLED_IN, "6 months after adoption", "2025-02-05"),
    ]
    counted = after(first, adopted).facts.proposed_entry_into_force
    assert (counted.quality, counted.wording) == (DateQuality.COMPUTED, "6 months after adoption")


def test_a_day_after_publication_is_counted_later() -> None:
    """Entry into force "the day after publication" is a day as soon as the publication is told."""
    adopted = an_addendum(
        "Add.1",
        proposed_adoption=date(2024, 8, 1),
        proposed_entry_into_force=written("官方公报公布之次日", "publication + 1 day"),
    )
    published = an_addendum(
        "Add.2", distribution_date=date(2024, 10, 7), addendum_reason="[X]公布的通报措施-日期:2024年9月30日"
    )

    assert news(a_base(), adopted, published) == [
        (ChangeKind.DATE_FILLED_IN, "", "2024-09-30"),
        (ChangeKind.DATE_FILLED_IN, "", "2024-10-01"),
    ]


def test_entry_into_force_other_than_planned_is_moved() -> None:
    """The settled day of entry into force is compared with the planned one."""
    first = a_base(proposed_entry_into_force=date(2024, 12, 1))
    same = an_addendum(
        content_summary="The Order was adopted on 5 August 2024 and will enter into force on 1 December 2024."
    )
    later = an_addendum(
        content_summary="The Order was adopted on 5 August 2024 and will enter into force on 1 March 2025."
    )

    assert news(first, same) == [(ChangeKind.ADOPTED, "", "2024-08-05")]
    assert news(first, later) == [
        (ChangeKind.ADOPTED, "", "2024-08-05"),
        (ChangeKind.DATE_MOVED, "2024-12-01", "2025-03-01"),
    ]


def test_an_urgent_measure_is_what_it_says() -> None:
    """A measure notified under the urgent articles after its adoption is adopted, not a draft."""
    urgent = a_base(
        legal_basis=("2.10.1",), proposed_adoption=date(2023, 12, 1), proposed_entry_into_force=date(2024, 1, 2)
    )
    facts = after(urgent).facts

    assert (facts.status, facts.in_force_on.value) == (MeasureStatus.IN_FORCE, date(2024, 1, 2))


def test_an_act_cited_in_prose_is_not_the_measure() -> None:
    """An adoption years before the measure was notified is that of another act."""
    addendum = an_addendum(content_summary="Regulation 12/2009 was adopted on 5 August 2009.")

    assert kinds(a_base(), addendum) == [ChangeKind.FURTHER_INFORMATION]


def test_another_thread_s_withdrawal_is_not_ours() -> None:
    """A sentence about another notification's withdrawal does not withdraw this measure."""
    addendum = an_addendum(content_summary="The draft notified in G/TBT/N/KEN/88 has been withdrawn.")

    assert kinds(a_base(), addendum) == [ChangeKind.FURTHER_INFORMATION]


def test_the_withdrawal_of_the_published_rule_is_ours() -> None:
    """ "The final rule published on D is withdrawn" withdraws the measure if that is the day of its publication."""
    published = an_addendum("Add.1", content_summary="The measure was published on 19 July 2024.")
    withdrawn = an_addendum(
        "Add.2",
        distribution_date=date(2024, 11, 4),
        content_summary="措施:最终法规;撤销。日期:2024年7月19日公布的最终法规(82 FR 7276)将于2024年12月7日起撤销。",
    )

    assert kinds(a_base(), published, withdrawn) == [ChangeKind.WITHDRAWN]
    assert kinds(a_base(), withdrawn) == [ChangeKind.FURTHER_INFORMATION]
