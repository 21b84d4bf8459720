"""One more notice: the measure now, and what is news in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import a_measure, stated
from tests.watcher.threads import BASE, a_base, after, an_addendum, kinds, news, written
from watcher.dates import DateFact, DateQuality, Precision
from watcher.measure import ChangeKind, FactChange, Facts, MeasureStatus
from watcher.notice import NoticeType
from watcher.revise import join, revise

JOINT = ("G/TBT/N/BDI/234", BASE, "G/TBT/N/RWA/660", "G/TBT/N/TZA/735", "G/TBT/N/UGA/1580")


# A new measure, jointly notified


def test_a_first_notice_is_a_new_measure() -> None:
    """A notification whose thread nobody knew is one piece of news, with the notice it rests on."""
    revision = revise(None, a_base())

    assert revision.changes == (
        FactChange(
            kind=ChangeKind.NEW_MEASURE,
            symbols=(BASE,),
            new="Jelly drinks - Specification",
            stated_on=date(2024, 1, 10),
        ),
    )
    assert (revision.measure.id, revision.measure.issuer, revision.measure.threads) == (None, "WTO", (BASE,))
    assert revision.measure.facts.status is MeasureStatus.DRAFT


def test_a_joint_notification_is_one_measure() -> None:
    """Five Members' symbols on one notification are five threads of one measure, told once."""
    members = ("BDI", "KEN", "RWA", "TZA", "UGA")
    revision = revise(None, a_base(symbols=JOINT, notifying_members=members))

    assert [change.kind for change in revision.changes] == [ChangeKind.NEW_MEASURE]
    assert revision.measure.threads == tuple(sorted(JOINT))
    assert revision.measure.facts.notifying_members == members


@pytest.mark.parametrize("symbols", [JOINT[::-1], JOINT[1:3], JOINT[:1]], ids=["other order", "two", "one"])
def test_a_joint_notification_that_comes_again_under_another_member_is_known(symbols: tuple[str, ...]) -> None:
    """A portal lists a joint notification once for each Member: the same document, no news, no symbol lost."""
    first = a_base(symbols=JOINT)
    revision = revise(after(first), replace(first, symbols=symbols))

    assert revision.changes == ()
    assert len(revision.measure.notices) == 1
    assert set(revision.measure.notices[0].symbols) == set(JOINT)


def test_one_member_s_addendum_joins_the_joint_thread() -> None:
    """Kenya alone adopts what five Members notified: its addendum belongs to their measure."""
    adopted = an_addendum(
        symbols=("G/TBT/N/UGA/1580/Add.1",), content_summary="It was adopted by Uganda on 5 August 2024."
    )

    assert news(a_base(symbols=JOINT), adopted) == [(ChangeKind.ADOPTED, "", "2024-08-05")]


def test_two_members_may_adopt_one_after_the_other() -> None:
    """A later adoption by another Member is news again, from the old day to the new."""
    council = an_addendum(
        "Add.1", content_summary="The draft was adopted by the Council of Ministers on 24 February 2024."
    )
    uganda = an_addendum(
        "Add.2", distribution_date=date(2024, 12, 9), content_summary="It was adopted by Uganda on 24 May 2024."
    )

    assert news(a_base(), council, uganda) == [(ChangeKind.ADOPTED, "2024-02-24", "2024-05-24")]


def test_a_joint_addendum_joins_measures() -> None:
    """Two notifications that a joint addendum ties together are one measure from then on; the older id stays."""
    kenya, uganda = a_base(), a_base(symbol="G/TBT/N/UGA/1580", notifying_members=("UGA",), hs_codes=("2202",))
    joint = an_addendum(symbols=(f"{BASE}/Add.1", "G/TBT/N/UGA/1580/Add.1"))
    measures = [replace(after(kenya), id=7), replace(after(uganda), id=3)]

    joined = join(measures)
    revised = revise(joined, joint).measure

    assert (joined.id, joined.threads) == (3, (BASE, "G/TBT/N/UGA/1580"))
    assert joined == join(measures[::-1])
    assert (revised.id, len(revised.notices)) == (3, 3)
    assert revised.facts.hs_codes == ("2202", "220299")


def test_measures_of_different_issuers_are_not_joined() -> None:
    """A regulator's document and a notification are not one measure by their symbols."""
    other = after(replace(a_base(), issuer="US-FR"))

    with pytest.raises(ValueError, match="issuers"):
        join([after(a_base()), other])
    with pytest.raises(ValueError, match="at least one"):
        join([])


def test_a_notice_of_another_thread_is_refused() -> None:
    """A notice cannot be put into a measure that it does not belong to."""
    with pytest.raises(ValueError, match="is not of the measure"):
        revise(after(a_base()), a_base(symbol="G/TBT/N/KEN/1515"))
    with pytest.raises(ValueError, match="is not of the measure"):
        revise(a_measure(), replace(a_base(), issuer="US-FR"))


# What is no news


_RETYPED = {
    "another title": {"title": "JELLY DRINKS – Specification."},
    "a new link": {"links": ("https://members.wto.org/crnattachments/2024/TBT/KEN/24_0001_00_e.pdf",)},
    "white space and capitals": {"products_covered": "  jelly   DRINKS "},
    "punctuation and a plural": {"products_covered": "Jelly drink."},
    "generated codes": {"products_covered": "Jelly drinks (HS code(s): 220299); (ICS code(s): 67.160.20)"},
    "another description": {"content_summary": "This Draft Standard lays down requirements for jelly drinks."},
    "another agency": {"responsible_agency": "Kenya Bureau of Standards"},
    "the deadline in other words": {
        "comment_deadline": DateFact(
            value=date(2024, 3, 10), quality=DateQuality.COMPUTED, wording="60 days", rule="notification + 60 days"
        )
    },
    "another language": {"language": "zh", "title": "果冻饮料", "products_covered": "果冻饮料"},
    "fewer fields": {"products_covered": "", "hs_codes": (), "ics_codes": (), "comment_deadline": DateFact()},
}


@pytest.mark.parametrize("retyped", _RETYPED.values(), ids=_RETYPED)
def test_a_cosmetic_edit_is_no_news(retyped: dict[str, Any]) -> None:
    """A known notice that comes in other words, with another link, or with fields left out tells nothing."""
    assert news(a_base(), replace(a_base(), **retyped)) == []


@given(
    st.permutations(["jelly drinks", "fruit juices", "iced tea", "mineral water"]),
    st.sampled_from(["; ", ", ", " / ", "\n"]),
)
@settings(max_examples=30, deadline=None)
def test_the_order_of_products_is_no_news(products: list[str], comma: str) -> None:
    """The same products in another order or with other commas between them are the same products."""
    first = a_base(products_covered="Jelly drinks, fruit juices, iced tea and mineral water")

    assert news(first, replace(first, products_covered=comma.join(products).upper())) == []


def test_an_addendum_edited_without_a_fact_is_no_news() -> None:
    """Further information is told once, not each time its spelling is mended."""
    addendum = an_addendum(content_summary="Kenya gives guidence on sampling.")
    mended = replace(addendum, content_summary="Kenya gives guidance on sampling.")

    assert kinds(a_base(), addendum) == [ChangeKind.FURTHER_INFORMATION]
    assert news(a_base(), addendum, mended) == []


# Edits that are news


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ({"comment_deadline": stated(date(2024, 4, 9))}, (ChangeKind.DEADLINE_MOVED, "2024-03-10", "2024-04-09")),
        ({"comment_deadline": stated(date(2024, 2, 9))}, (ChangeKind.DEADLINE_MOVED, "2024-03-10", "2024-02-09")),
        (
            {
                "proposed_adoption": DateFact(
                    value=date(2024, 6, 1), quality=DateQuality.STATED, precision=Precision.MONTH
                )
            },
            (ChangeKind.DATE_FILLED_IN, "to be determined", "2024-06"),
        ),
        (
            {"hs_codes": ("2202",)},
            (
                ChangeKind.PRODUCTS_CHANGED,
                "HS 220299; ICS 67.160.20; Jelly drinks",
                "HS 2202; ICS 67.160.20; Jelly drinks",
            ),
        ),
        (
            {"products_covered": "Jelly drinks and jelly powders"},
            (
                ChangeKind.PRODUCTS_CHANGED,
                "HS 220299; ICS 67.160.20; Jelly drinks",
                "HS 220299; ICS 67.160.20; Jelly drinks and jelly powders",
            ),
        ),
    ],
    ids=["later deadline", "earlier deadline", "adoption", "wider code", "more products"],
)
def test_an_edit_of_a_fact_is_news(edit: dict[str, Any], told: tuple[ChangeKind, str, str]) -> None:
    """A known notification whose facts were mended is news, from the old to the new."""
    first = a_base(proposed_adoption=written("to be determined"))

    assert news(first, replace(first, **edit)) == [told]


def test_an_adoption_taken_back_is_told() -> None:
    """If the document that told of an adoption is mended and no longer does, whoever was told must hear of it."""
    said = an_addendum(content_summary="The standard was adopted on 5 August 2024.")
    mended = replace(said, content_summary="The standard has not yet been adopted.")

    assert news(a_base(), said, mended) == [(ChangeKind.CORRECTED, "adopted", "draft")]


# Documents


def test_the_text_of_documents_is_no_fact() -> None:
    """It is kept for search, and that it is there, gone or another one is no news."""
    first = a_base()

    assert news(first, replace(first, document_text="The comment period ends on 1 May 2027.")) == []
    assert news(replace(first, document_text="Page one"), first) == []
    measure = after(replace(first, document_text="Draft"), an_addendum(content_summary="A note.", document_text="Note"))
    assert measure.facts.document_text == "Draft\n\nNote"
    assert measure.facts.comment_deadline == after(first, an_addendum(content_summary="A note.")).facts.comment_deadline


# Products


def test_an_addendum_without_products_inherits_them() -> None:
    """Products, codes and objectives of the first text hold until a later one states others."""
    measure = after(a_base(objectives=("health",)), an_addendum(content_summary="A note."))

    assert (measure.facts.products_covered, measure.facts.hs_codes) == ("Jelly drinks", ("220299",))
    assert measure.facts.objectives == ("health",)
    assert measure.facts.further_text == "A note."


@pytest.mark.parametrize(
    "products",
    [
        "Tea. Coffee. Cocoa (ICS code(s): 67.160.20)",
        "Jelly drinks; Soft drinks (HS code(s): 220299)",
        "果冻饮料",
        "Drinks",
    ],
)
def test_an_addendum_that_repeats_products_changes_none(products: str) -> None:
    """Portals fill an addendum's products from the first text, in their own words or another language."""
    addendum = an_addendum(products_covered=products, hs_codes=("220299",), ics_codes=("67.160.20",))

    assert kinds(a_base(), addendum) == [ChangeKind.FURTHER_INFORMATION]
    assert after(a_base(), addendum).facts.products_covered == "Jelly drinks"


def test_an_addendum_that_changes_the_scope() -> None:
    """Other codes are a change of scope, from the old list to the new."""
    addendum = an_addendum(
        hs_codes=("210690", "220299"), addendum_reason="Content or scope of notified measure changed"
    )

    assert news(a_base(), addendum) == [
        (
            ChangeKind.PRODUCTS_CHANGED,
            "HS 220299; ICS 67.160.20; Jelly drinks",
            "HS 210690, 220299; ICS 67.160.20; Jelly drinks",
        )
    ]


def test_copied_plans_are_no_adoption() -> None:
    """A portal that copies the first text's plans into an addendum does not make it an adoption."""
    plans: dict[str, Any] = {"proposed_adoption": date(2024, 6, 1), "proposed_entry_into_force": date(2024, 8, 1)}
    guidance = an_addendum(content_summary="Kenya gives guidance on sampling.", **plans)
    adopted = an_addendum(content_summary="The standard was adopted as planned.", **plans)

    assert kinds(a_base(**plans), guidance) == [ChangeKind.FURTHER_INFORMATION]
    assert (ChangeKind.ADOPTED, "", "2024-06-01") in news(a_base(**plans), adopted)


def test_a_copied_deadline_does_not_hide_the_new_one() -> None:
    """Where the field repeats the old deadline, the prose may have the new one."""
    addendum = an_addendum(
        distribution_date=date(2024, 3, 1),
        comment_deadline=date(2024, 3, 10),
        content_summary="The comment period is extended until 15 April 2024.",
    )

    assert news(a_base(), addendum) == [(ChangeKind.DEADLINE_MOVED, "2024-03-10", "2024-04-15")]


# The first text comes late


def test_the_first_text_may_come_after_its_addendum() -> None:
    """A measure known by its addendum is not new again; what the first text adds is filled in."""
    addendum = an_addendum(content_summary="The standard was adopted on 5 August 2024.")

    assert news(addendum, a_base()) == [
        (ChangeKind.DATE_FILLED_IN, "", "2024-03-10"),
        (ChangeKind.PRODUCTS_CHANGED, "", "HS 220299; ICS 67.160.20; Jelly drinks"),
    ]
    assert after(addendum, a_base()) == after(a_base(), addendum)


def test_a_first_addendum_tells_what_it_says() -> None:
    """A measure first known by its addendum is new, and adopted."""
    addendum = an_addendum(content_summary="The standard was adopted on 5 August 2024.")

    assert news(addendum) == [(ChangeKind.NEW_MEASURE, "", ""), (ChangeKind.ADOPTED, "", "2024-08-05")]
    assert after(addendum).facts.content_summary == "The standard was adopted on 5 August 2024."


# Revisions, corrigenda


def test_a_revision_replaces_the_text_and_asks_again() -> None:
    """A revision replaces the text; a deadline of its own re-opens comments if the old one had passed."""
    revised = an_addendum("Rev.1", title="Jelly drinks", comment_deadline=date(2024, 11, 1))

    assert news(a_base(), revised) == [
        (ChangeKind.TEXT_REPLACED, BASE, f"{BASE}/Rev.1"),
        (ChangeKind.DEADLINE_REOPENED, "2024-03-10", "2024-11-01"),
    ]
    facts = after(a_base(), revised).facts
    assert (facts.title, facts.hs_codes) == ("Jelly drinks", ("220299",))


def test_a_revision_before_the_deadline_moves_it() -> None:
    """While comments are still open, a revision's deadline is a moved one."""
    revised = an_addendum("Rev.1", distribution_date=date(2024, 2, 1), comment_deadline=date(2024, 4, 1))

    assert kinds(a_base(), revised) == [ChangeKind.TEXT_REPLACED, ChangeKind.DEADLINE_MOVED]


def test_a_revision_of_an_adopted_measure_is_a_draft_again() -> None:
    """A revision that asks for comments on an adopted measure re-opens it and takes it back to a draft."""
    adopted = an_addendum("Add.1", proposed_adoption=date(2024, 2, 1), distribution_date=date(2024, 2, 12))
    revised = an_addendum("Rev.1", distribution_date=date(2024, 3, 1), comment_deadline=date(2024, 5, 1))

    assert kinds(a_base(), adopted, revised) == [ChangeKind.TEXT_REPLACED, ChangeKind.DEADLINE_REOPENED]
    facts = after(a_base(), adopted, revised).facts
    assert (facts.status, facts.adopted_on.value) == (MeasureStatus.DRAFT, None)


def test_a_revision_s_deadline_may_stand_in_its_prose() -> None:
    """A revision without a deadline in its field may still say until when it takes comments."""
    revised = an_addendum(
        "Rev.2", content_summary="能源部将接收同该提案相关的评论、数据和信息,2024年10月21日后将不再接收。"
    )

    assert (ChangeKind.DEADLINE_REOPENED, "2024-03-10", "2024-10-21") in news(a_base(), revised)


def test_an_older_revision_that_comes_late_replaces_nothing() -> None:
    """When Rev.2 is known, Rev.1 is not the text that holds."""
    second = an_addendum("Rev.2", title="Second text", distribution_date=date(2024, 9, 2))
    first = an_addendum("Rev.1", title="First text", distribution_date=date(2024, 6, 3))

    assert kinds(a_base(), second, first) == [ChangeKind.FURTHER_INFORMATION]
    assert after(a_base(), second, first).facts.title == "Second text"


@pytest.mark.parametrize("suffix", ["Corr.1", "Suppl.1"])
def test_a_clerical_correction_is_told_as_one(suffix: str) -> None:
    """A corrigendum or a translation that changes no fact is a correction, whatever it quotes."""
    notice = an_addendum(suffix, content_summary="The phrase was adopted on 5 August 2024 should read was proposed.")

    assert kinds(a_base(), notice) == [ChangeKind.CORRECTED]


def test_a_corrigendum_may_correct_the_deadline() -> None:
    """A deadline corrected before it had passed is moved."""
    notice = an_addendum(
        "Corr.1",
        distribution_date=date(2024, 1, 22),
        content_summary="The final date for comments should read 20 March 2024 instead of 10 March 2024.",
    )

    assert news(a_base(), notice) == [(ChangeKind.DEADLINE_MOVED, "2024-03-10", "2024-03-20")]


def test_a_postponed_entry_into_force_is_not_in_force() -> None:
    """A measure that was in force and is put off is adopted again, with the new day."""
    in_force = an_addendum("Add.1", proposed_adoption=date(2024, 8, 1), proposed_entry_into_force=date(2024, 9, 1))
    put_off = an_addendum(
        "Add.2",
        distribution_date=date(2024, 9, 16),
        content_summary="The date of entry into force has been postponed to 1 January 2026.",
    )

    assert news(a_base(), in_force, put_off) == [(ChangeKind.DATE_MOVED, "2024-09-01", "2026-01-01")]
    assert after(a_base(), in_force, put_off).facts.status is MeasureStatus.ADOPTED


def test_other_issuers_have_no_addenda() -> None:
    """A regulator's document is a measure of its own, whatever its number looks like."""
    rule = replace(a_base(), issuer="US-FR", symbols=("2024-1",), type=NoticeType.REGULAR)

    assert after(rule).threads == ("2024-1",)
    assert after(rule).facts == replace(after(a_base()).facts)
    assert isinstance(after(rule).facts, Facts)
