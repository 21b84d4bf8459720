"""Kind and stage in the head line, what must be done, and codes that we inferred."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from notifiers.message import InferredCode, Message, Required, Requirements
from notifiers.render import render_alert, render_digest
from rules.classification import Grade
from subscriptions.criteria import Condition, Part
from tests.notifiers.contents import WhyYou, alert, digest, news

MUST = Requirements(
    schemes=(Required(name="CE marking"), Required(name="KC mark", sure=False)),
    duties=(Required(name="Factory inspection"),),
    standards=(Required(name="IEC 60335-1:2020"), Required(name="<EN> 62368")),
    transition=(Required(name="2027-01-01"),),
)
BATTERY = InferredCode(system="HS", code="850760", words=("lithium battery",))


def sent(language: str = "en", channel: str = "email", **over: Any) -> Message:
    return render_alert(alert(**over), channel=channel, language=language, recipient="7")


def test_the_head_line_says_kind_and_stage() -> None:
    """By what the words show, then by the article notified under; a recall is a stage of its own."""
    text = sent(classed_kinds=("Labelling and information", "EMC and radio")).text
    assert "labelling and information, EMC and radio, technical regulation, draft" in text.splitlines()[0]
    recalled = sent("zh", kinds=(), classed_kinds=("召回或安全警报",), stage="recalled").text
    assert "召回或安全警报（已召回）" in recalled
    chat = sent(channel="telegram", classed_kinds=("Labelling and information",))
    assert "labelling and information" in chat.text.splitlines()[0]


def test_a_regulators_own_notice_says_its_kind() -> None:
    """A recall is notified under no article."""
    assert "regulator's own notice (recall)" in sent(area="", kinds=(), classed_kinds=("Recall",)).text


def test_what_must_be_done_has_a_line_for_each_sort() -> None:
    """Schemes by name, duties, standards, the end of a transition; what is only probable is said to be."""
    text = sent(requirements=MUST).text
    assert (
        "What must be done: Scheme or mark: CE marking, KC mark (probable)\n"
        "    Duties: Factory inspection\n"
        "    Standards named: IEC 60335-1:2020, <EN> 62368\n"
        "    Transition ends: 1 January 2027\n"
        "    Read from the text by our rules; check in the document.\n"
    ) in text
    assert "合规要求：认证或标志：CE marking、KC mark（可能）\n" in sent("zh", requirements=MUST).text
    assert "&lt;EN&gt; 62368" in sent(requirements=MUST).html


def test_nothing_is_said_of_what_is_not_known() -> None:
    """A measure of which no duty was found has no such line."""
    assert "What must be done" not in sent().text
    assert "What must be done" not in sent(channel="telegram").text


def test_a_chat_has_one_line_of_what_must_be_done() -> None:
    """The first few names, and how many more."""
    line = "What must be done: CE marking, KC mark (probable), Factory inspection, IEC 60335-1:2020 and 1 more"
    chat = sent(channel="telegram", requirements=MUST).text
    assert f"{line} · Transition ends: 1 January 2027" in chat


def test_an_inferred_code_is_marked_as_inferred() -> None:
    """It never stands beside stated ones as if it were one, and the words it comes from are quoted."""
    text = sent(inferred=(BATTERY,), hs_codes=(), ics_codes=()).text
    assert "HS 8507.60: not stated, inferred from “lithium battery”" in text
    assert "HS 8507.60：文件未写明，据“lithium battery”推断" in sent("zh", inferred=(BATTERY,)).text
    chat = sent(channel="telegram", inferred=(BATTERY,), hs_codes=(), ics_codes=(), products_covered="").text
    assert "HS 8507.60 (inferred)" in chat


def test_a_digest_says_an_inferred_code_in_short() -> None:
    """Where no code is stated; duties are left to the alert."""
    one = news(inferred=(BATTERY,), requirements=MUST)
    content = digest(news=(news_without_codes(one),))
    text = render_digest(content, channel="email", language="en", recipient="7").text
    assert "  HS 8507.60 (inferred)\n" in text and "What must be done" not in text


def news_without_codes(one: Any) -> Any:
    """The same news of a measure that states no code."""
    return replace(one, facts=replace(one.facts, hs_codes=(), ics_codes=()))


def why(*conditions: Condition, grade: Grade = Grade.PROBABLE) -> tuple[WhyYou, ...]:
    """One subscription that matched by these conditions."""
    return (WhyYou(subscription=1, name="Li-ion", grade=grade, conditions=conditions),)


INFERRED = Condition(
    part=Part.PRODUCT,
    asked="HS 8507",
    found="HS 850760",
    grade=Grade.PROBABLE,
    field="content_summary",
    inferred="lithium battery",
)


def test_the_receipt_and_how_sure_say_that_the_code_is_inferred() -> None:
    """A reader never takes our inference for the document's word."""
    text = sent(why=why(INFERRED), grade=Grade.PROBABLE).text
    assert "HS 8507 (inferred: HS 8507.60, from “lithium battery”)" in text
    assert "no such code is stated; we inferred HS 8507.60 from “lithium battery” (Content)" in text
    assert "据“lithium battery”（内容简述）推断为 HS 8507.60" in sent("zh", why=why(INFERRED)).text


def test_the_receipt_names_schemes_and_standards() -> None:
    """What was asked, by name, and what met it; and that no product was asked for."""
    conditions = (
        Condition(part=Part.SCHEME, asked="ce", found="CE mark", field="title"),
        Condition(part=Part.STANDARD, asked="IEC 60335", found="IEC 60335-2-9:2019", field="title"),
    )
    text = sent(why=why(*conditions, grade=Grade.DIRECT), names={"scheme:ce": "CE marking"}).text
    assert "scheme or mark CE marking (“CE mark”) + standard IEC 60335 (IEC 60335-2-9:2019)" in text
    assert "You asked for measures of this kind or with this requirement, whatever the product." in text
