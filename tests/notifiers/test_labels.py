"""Messages that come late, take another back, or take that back: what they say first, in four languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from notifiers.message import AlertContent, Below, Label, Message
from notifiers.render import render_alert, render_digest
from rules.classification import Grade
from tests.notifiers.contents import TOLD, alert, change, digest, facts, news

LANGUAGES = ("en", "zh", "fr", "es")


def mail(content: AlertContent, language: str = "en") -> Message:
    return render_alert(content, channel="email", language=language, recipient="drinks@example.com")


def late(**over: object) -> AlertContent:
    return alert(
        label=Label.LATE,
        reclassified_on=date(2026, 2, 1),
        changes=(change(stated_on=date(2026, 1, 5)),),
        **over,
    )


@pytest.mark.parametrize(
    ("language", "first", "prefix"),
    [
        ("en", "Late: we reclassified this on 1 February; it was published on 5 January.", "Late: Kenya | "),
        ("zh", "迟到的消息：我们于2月1日重新分类了此措施；原文1月5日已发布。", "迟到的消息：Kenya | "),
        (
            "fr",
            "Tardif : nous avons reclassé cette mesure le 1er février ; elle a été publiée le 5 janvier.",
            "Tardif : Kenya | ",
        ),
        (
            "es",
            "Con retraso: reclasificamos esta medida el 1 de febrero; se publicó el 5 de enero.",
            "Con retraso: Kenya | ",
        ),
    ],
)
def test_a_late_message_says_so_first(language: str, first: str, prefix: str) -> None:
    """In the subject, in the first line of the text, in the HTML and in a chat: when we reclassified, and that it
    was published before."""
    sent = mail(late(), language)
    assert sent.subject.startswith(prefix)
    assert sent.text.startswith(first)
    assert first in sent.html
    chat = render_alert(late(), channel="telegram", language=language, recipient="7")
    assert chat.text.startswith(first)


def test_a_late_message_is_else_an_ordinary_alert() -> None:
    """What is to be done, by when and why stand in it as in one that came in time, and it is said to be late once."""
    sent = mail(late())
    assert "What to do: Send your comments" in sent.text and "Why you got this: subscription" in sent.text
    assert sent.text.count("Late:") == 1


def test_a_late_message_of_unknown_days_is_late_all_the_same() -> None:
    """Without the day of publication, or of our own change, the rest is said."""
    unpublished = alert(label=Label.LATE, reclassified_on=date(2026, 2, 1), changes=(change(stated_on=None),))
    assert mail(unpublished).text.startswith("Late: we reclassified this on 1 February.\n")
    unknown = alert(label=Label.LATE, changes=(change(stated_on=None),))
    assert mail(unknown).text.startswith("Late: we have reclassified this.\n")
    published = alert(label=Label.LATE)
    assert mail(published).text.startswith("Late: we have reclassified this; it was published on 30 January.\n")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("label", [Label.LATE, Label.CORRECTION, Label.REINSTATED])
def test_why_our_reading_changed_is_a_sentence_of_ours_or_quoted(label: Label, language: str) -> None:
    """A known reason is worded in the reader's language; anything else is somebody's own words, and marked so."""
    known = {reason: mail(alert(label=label, label_reason=reason), language).text for reason in ("rules", "undo")}
    assert known["rules"] != known["undo"] != mail(alert(label=label), language).text
    assert not any("“rules”" in text or "because." in text for text in known.values())
    own = mail(alert(label=label, label_reason="<b>drinks</b> are no food"), language)
    assert "<b>drinks</b> are no food" in own.text and "&lt;b&gt;drinks&lt;/b&gt; are no food" in own.html


@pytest.mark.parametrize(
    ("language", "prefix", "sorry", "nothing"),
    [
        ("en", "Correction: Kenya | ", "We are sorry.", "Nothing more because of our earlier message"),
        ("zh", "更正：Kenya | ", "谨致歉意", "无需再按此前的消息行动"),
        ("fr", "Rectificatif : Kenya | ", "Veuillez nous en excuser.", "Plus rien du fait de notre message précédent"),
        ("es", "Corrección: Kenya | ", "Le pedimos disculpas.", "Nada más por nuestro mensaje anterior"),
    ],
)
def test_a_correction_takes_an_alert_back(language: str, prefix: str, sorry: str, nothing: str) -> None:
    """It names the measure and the subscription, what we told and when, what was wrong, and that we are sorry; it
    asks for nothing to be done by any day."""
    content = alert(label=Label.CORRECTION, label_reason="override", told=TOLD)
    for channel in ("email", "file", "telegram"):
        sent = render_alert(content, channel=channel, language=language, recipient="7")
        assert sent.subject.startswith(prefix) and sent.subject.endswith("[G/TBT/N/KEN/1514]")
        for said in (sorry, nothing, "East African drinks", "G/TBT/N/KEN/1514", "2025"):
            assert said in sent.text, (channel, said)
        assert "10 March" not in sent.text and "3月10日" not in sent.text
        assert sent.stream == "alerts" and sent.language == language


def test_a_correction_says_what_was_wrong() -> None:
    """By what we took the measure to fit, and why we no longer do."""
    text = mail(alert(label=Label.CORRECTION, label_reason="rules", told=TOLD, correction="“Jelly” was a gel.")).text
    assert "does not concern your subscription “East African drinks”" in text
    assert "What we told you: 3 December 2025: new measure\n    9 January: text replaced\n" in text
    assert "What was wrong: “Jelly” was a gel.\n    We took it to fit “East African drinks”: market EAC" in text
    assert "The rules by which we sort measures were changed." in text
    assert "You get no further news of this measure for it, unless it fits again." in text


def test_a_correction_can_be_unsubscribed_from() -> None:
    """Like every message to a reader it says how to end, also to the mail program."""
    sent = mail(alert(label=Label.CORRECTION), "fr")
    assert "Modifier ou résilier" in sent.text
    assert sent.headers["List-Unsubscribe"] == "<https://tbtwatch.example/u?s=1&k=a>"


def test_what_others_wrote_closes_no_markup() -> None:
    """Titles, names and reasons are text in the HTML of a correction, whatever stands in them."""
    hostile = "<script>x</script>\nSubject: y"
    content = alert(label=Label.CORRECTION, label_reason=hostile, title=hostile, correction=hostile)
    sent = mail(content)
    assert "<script" not in sent.html and "\n" not in sent.subject
    assert facts().title not in sent.html


def test_taking_a_correction_back_says_so_first() -> None:
    """Who was corrected wrongly is told that it does concern them after all, with all of an alert below."""
    sent = mail(alert(label=Label.REINSTATED, label_reason="undo", told=TOLD))
    assert sent.subject.startswith("It does concern you: Kenya | ")
    assert sent.text.startswith("It does concern you after all: we told you otherwise, and that was wrong.")
    assert "A change of the rules by which we sort measures was taken back." in sent.text
    assert "What to do: Send your comments" in sent.text


def test_late_news_says_so_in_a_digest_too() -> None:
    """In the lines of its measure; news in time has no such line."""
    text = render_digest(digest(news=(news(label=Label.LATE),)), channel="email", language="en", recipient="7").text
    assert "  Late: we have reclassified this; it was published on 30 January.\n" in text
    chat = render_digest(digest(news=(news(label=Label.LATE),)), channel="telegram", language="zh", recipient="7").text
    assert "迟到的消息：我们重新分类了此措施" in chat
    assert "Late" not in render_digest(digest(), channel="email", language="en", recipient="7").text


@pytest.mark.parametrize(
    ("language", "said", "never"),
    [
        ("en", "is only broadly related to your subscription", "does not concern"),
        ("zh", "仅为宽泛相关，低于该订阅要求的程度（至少很可能相关）", "无关"),
        ("fr", "n'est que liée de façon large à votre abonnement", "ne concerne pas"),
        ("es", "solo está relacionada de forma amplia con su suscripción", "no concierne"),
    ],
)
def test_what_only_fell_below_the_grade_is_not_said_to_be_of_no_concern(language: str, said: str, never: str) -> None:
    """A measure that was probable and is broad by the rules now is still related: the reader is told how much."""
    below = Below(subscription=news().why[0].subscription, now=Grade.BROAD, asked=Grade.PROBABLE)
    content = alert(label=Label.CORRECTION, told=TOLD, below=(below,), label_reason="rules")
    for channel in ("email", "telegram"):
        text = render_alert(content, channel=channel, language=language, recipient="7").text
        assert said in text
        assert never not in text


def test_a_correction_of_two_kinds_says_both() -> None:
    """Of two subscriptions, one that it does not concern and one that it concerns broadly, each is named rightly."""
    whys = (replace(news().why[0], subscription=1, name="A"), replace(news().why[0], subscription=2, name="B"))
    below = Below(subscription=2, now=Grade.BROAD, asked=Grade.PROBABLE)
    text = mail(alert(label=Label.CORRECTION, told=TOLD, below=(below,), why=whys)).text
    assert "does not concern your subscription “A”" in text
    assert "only broadly related to your subscription “B”" in text
