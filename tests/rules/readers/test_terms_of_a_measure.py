"""Stage, urgency, objectives, legal basis and transition, as they are read."""

from __future__ import annotations

import pytest

from rules.classification import Facet, Grade
from rules.readers import legal_basis, objectives, stage, transition, urgency
from tests.rules.readers.reading import found, shipped, values
from watcher.measure import MeasureStatus


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("There is a transitional period until 31 December 2026 for existing stock.", "2026-12-31"),
        ("A transition period from 1 January 2026 to 30 June 2027 applies.", "2027-06-30"),
        ("Products may be placed on the market until 1 July 2027.", "2027-07-01"),
        ("Certificates remain valid until their expiry or until 31 December 2026 at the latest.", "2026-12-31"),
        ("CE marking will continue to be recognised until 31 December 2027.", "2027-12-31"),
        ("已获证产品应于2027年12月31日前完成证书换版。", "2027-12-31"),
        ("Les certificats demeurent valables jusqu'au 30 juin 2027.", "2027-06-30"),
        ("Los certificados seguirán siendo válidos hasta el 30 de junio de 2027.", "2027-06-30"),
        ("过渡期自2026年1月1日起至2027年6月30日止。", "2027-06-30"),
        ("2027年1月1日前生产的产品，过渡期至2027年12月31日。", "2027-12-31"),
        ("新旧标准的并行适用期延长至2028年11月1日。", "2028-11-01"),
        ("Une période de transition jusqu'au 30 juin 2027 est prévue.", "2027-06-30"),
        ("El período de transición vence el 15 de agosto de 2026.", "2026-08-15"),
    ],
)
def test_the_end_of_a_transition_is_read(text: str, day: str) -> None:
    """In four languages; of several days the one it ends on."""
    assert values(transition.READER, Facet.TRANSITION, content_summary=text) == [day]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("The transition period is 18 months after publication.", "18 months after publication"),
        ("It gives importers a six-month transitional period.", "6 months"),
        ("给予生产商为期6个月的过渡期。", "6 months"),
        ("Le délai de grâce est de 12 mois après l'entrée en vigueur.", "12 months after entry into force"),
        ("El plazo de transición será de 2 años.", "2 years"),
    ],
)
def test_a_length_without_a_day_stays_a_note(text: str, note: str) -> None:
    """What counts from an unknown day is told as it is, without a day."""
    assert [(one.value, one.note) for one in found(transition.READER, content_summary=text)] == [("", note)]


@pytest.mark.parametrize(
    "text",
    ["There is no transition period.", "Energy transition metals, 1 May 2026.", "It enters into force on 1 May 2026."],
)
def test_no_transition_is_made_up(text: str) -> None:
    """A day alone is no end of a transition, and none is none."""
    assert found(transition.READER, content_summary=text) == ()


@pytest.mark.parametrize("status", MeasureStatus)
def test_the_stage_is_the_status(status: MeasureStatus) -> None:
    """Draft, adopted, in force, withdrawn: as the notices say; where they do not, it may be a draft."""
    sure = [one.value for one in found(stage.READER, status=status) if one.grade is Grade.DIRECT]
    assert sure == [status.value.replace("_", "-")]
    maybe = [one.value for one in found(stage.READER, status=status) if one.grade is Grade.BROAD]
    assert maybe == (["draft"] if status is MeasureStatus.UNKNOWN else [])


@pytest.mark.parametrize(
    "title",
    [
        "Acme Recalls Bicycle Helmets Due to Risk of Head Injury",
        "关于电动滑板车的召回公告",
        "Avis de rappel : peluche",
        "Alerta de seguridad: cargador USB",
    ],
)
def test_a_regulators_recall_is_recalled_and_urgent(title: str) -> None:
    """It is no draft of anything, and it is urgent whatever the day."""
    assert values(stage.READER, Facet.STAGE, shipped(), title=title, area="") == ["recalled"]
    assert values(urgency.READER, Facet.URGENCY, shipped(), title=title, area="") == ["recall"]


@pytest.mark.parametrize(
    "title", ["The Committee recalls that comments are due", "缺陷汽车产品召回管理条例", "Product recall procedures"]
)
def test_a_rule_on_recalls_is_no_recall(title: str) -> None:
    """A law on how recalls are carried out stays the draft it is."""
    assert values(stage.READER, Facet.STAGE, shipped(), title=title) == ["draft"]


@pytest.mark.parametrize(
    "title",
    [
        "Emergency measure on poultry",
        "Urgent safety notice",
        "关于蔬菜的紧急措施",
        "Mesure d'urgence relative aux jouets",
        "Medida de emergencia sobre juguetes",
        "NOM-EM-016-SENER-2024",
    ],
)
def test_an_emergency_is_urgent(title: str) -> None:
    """By its words."""
    assert values(urgency.READER, Facet.URGENCY, title=title) == ["emergency"]


def test_an_emergency_is_urgent_by_its_article() -> None:
    """2.10.1 and 5.7.1 are for urgent problems; 2.9.2 is not."""
    assert values(urgency.READER, Facet.URGENCY, legal_basis=("2.10.1",)) == ["emergency"]
    assert values(urgency.READER, Facet.URGENCY, legal_basis=("5.7.1",)) == ["emergency"]
    assert values(urgency.READER, Facet.URGENCY, legal_basis=("2.9.2", "5.6.2")) == []


@pytest.mark.parametrize("title", ["Emergency lighting", "Emergency exits", "应急照明", "Éclairage de secours"])
def test_goods_for_emergencies_are_not_urgent(title: str) -> None:
    """A lamp for emergencies is a lamp."""
    assert values(urgency.READER, Facet.URGENCY, title=title) == []


def test_the_article_says_the_kind() -> None:
    """2.9.2 is a technical regulation, 5.6.2 a procedure; both may be."""
    both = values(legal_basis.READER, Facet.KIND, legal_basis=("2.9.2", "Article 5.6.2"))

    assert both == ["conformity-assessment", "technical-regulation"]
    assert values(legal_basis.READER, Facet.KIND, legal_basis=("12.9.2", "other")) == []


def test_stated_objectives_are_direct() -> None:
    """Keys are kept; a wording that is none of them is left to rules."""
    told = found(objectives.READER, objectives=("human_health", "because"))

    assert [(one.value, one.grade) for one in told] == [("human_health", Grade.DIRECT)]


def test_the_evidence_of_a_transition_is_its_sentence() -> None:
    """Not the whole text."""
    told = found(
        transition.READER,
        content_summary="Toys are dealt with here. Products may be sold until 1 July 2027. Fees apply.",
    )

    assert [one.value for one in told] == ["2027-07-01"]
    assert told[0].evidence[0].quotes == ("Products may be sold until 1 July 2027",)
