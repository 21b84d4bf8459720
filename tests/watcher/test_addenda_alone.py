"""Measures of which no text is recorded: how far they have come is what their addenda say, or it is not known."""

from __future__ import annotations

from datetime import date

import pytest

from tests.watcher.threads import a_base, an_addendum, kinds
from watcher.facts import facts_of
from watcher.measure import ChangeKind, MeasureStatus
from watcher.revise import revise

DRAFT, ADOPTED, IN_FORCE = MeasureStatus.DRAFT, MeasureStatus.ADOPTED, MeasureStatus.IN_FORCE
WITHDRAWN, UNKNOWN = MeasureStatus.WITHDRAWN, MeasureStatus.UNKNOWN


@pytest.mark.parametrize("suffix", ["Add.1", "Add.4", "Corr.1", "Suppl.1"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "This addendum concerns the order on footwear; a guide to it can be had from the Ministry.",
        "Ministry Resolution No. 5, notified earlier, has been clarified by Resolution No. 9.",
        "本补遗提供鞋类法令的英文译文。",
        "Le présent addendum concerne l'arrêté sur les chaussures; une traduction est disponible.",
        "El presente addendum se refiere al reglamento de calzado; se adjunta una traducción.",
    ],
)
def test_what_is_not_said_is_not_known(suffix: str, text: str) -> None:
    """Neither an addendum nor a corrigendum makes a draft of a measure whose first text is not recorded."""
    assert facts_of([an_addendum(suffix, content_summary=text)]).status is UNKNOWN


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("The standard notified in G/TBT/N/KEN/1514 was adopted by Uganda on 24 May 2024.", ADOPTED),
        ("The regulation was published in the Official Gazette on 5 August 2024.", ADOPTED),
        ("The regulation entered into force on 5 August 2024.", IN_FORCE),
        ("The draft notified in G/TBT/N/KEN/1514 has been withdrawn.", WITHDRAWN),
        ("Energy conservation. Action: Final rule; withdrawal.", WITHDRAWN),
        ("The final rule published on 19 January 2017 is withdrawn as of 7 October 2024.", WITHDRAWN),
        ("措施:最终法规;撤销。日期:2017年1月19日公布的最终法规将于2024年10月7日起撤销。", WITHDRAWN),
        ("措施:最终法规;撤回。", WITHDRAWN),
        ("措施:最终法规。", ADOPTED),
        ("该法规于2024年5月24日获得通过。", ADOPTED),
        ("Action : Règlement final ; abrogation.", WITHDRAWN),
        ("Le règlement a été adopté le 24 mai 2024.", ADOPTED),
        ("Acción: Reglamento definitivo; retiro.", WITHDRAWN),
        ("El reglamento fue aprobado el 24 de mayo de 2024.", ADOPTED),
        ("The Agency seeks comments on the proposal until 1 November 2024.", DRAFT),
        ("The comment period is extended by 30 days.", DRAFT),
        ("重新征求意见。意见应在2024年11月1日之前提交。", DRAFT),
        ("Action: Final rule; correction.", UNKNOWN),
    ],
)
def test_what_is_said_is_believed(text: str, status: MeasureStatus) -> None:
    """Adopted, published, in force, withdrawn or open for comments: the stage is what the addendum says."""
    assert facts_of([an_addendum(content_summary=text)]).status is status


def test_one_member_s_act_is_all_that_is_known() -> None:
    """Where no text is recorded, a joint measure has come as far as the one Member that is told of."""
    symbols = ("G/TBT/N/KEN/88/Add.1", "G/TBT/N/UGA/99/Add.1")
    told = an_addendum(
        symbols=symbols,
        notifying_members=("KEN", "UGA"),
        content_summary="The draft notified in G/TBT/N/KEN/88 and G/TBT/N/UGA/99 was adopted by Uganda on 24 May 2024.",
    )

    facts = facts_of([told])
    assert (facts.status, facts.adopted_on.value) == (ADOPTED, date(2024, 5, 24))


def test_a_text_that_is_found_later_makes_it_a_draft_and_no_news() -> None:
    """When the first text arrives after its addendum, nobody is told that the stage was corrected."""
    measure = revise(None, an_addendum(content_summary="A guide is available.")).measure
    assert measure.facts.status is UNKNOWN

    later = revise(measure, a_base())
    assert later.measure.facts.status is DRAFT
    assert ChangeKind.CORRECTED not in {change.kind for change in later.changes}


def test_a_revision_is_a_draft_again() -> None:
    """A revision is a text: with it the measure is a draft, as ever."""
    assert facts_of([an_addendum("Add.1"), an_addendum("Rev.1", distribution_date=date(2024, 10, 1))]).status is DRAFT


def test_an_addendum_that_asks_for_comments_is_no_correction() -> None:
    """From "not known" to a draft is nothing that was told wrongly."""
    asks = an_addendum(
        "Add.2", distribution_date=date(2024, 10, 1), content_summary="Comments are invited until 1 December 2024."
    )

    assert kinds(an_addendum("Add.1"), asks) in ([ChangeKind.DATE_FILLED_IN], [ChangeKind.DEADLINE_REOPENED])
