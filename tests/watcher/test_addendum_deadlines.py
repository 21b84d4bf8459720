"""Deadlines and citations in prose: which day is the new deadline, and which only dates another document."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.watcher.threads import BASE, a_base, after, an_addendum, news
from watcher.dates import DateQuality
from watcher.measure import ChangeKind, FactChange
from watcher.revise import revise

LATE: dict[str, Any] = {"distribution_date": date(2026, 11, 2)}

NEW_DEADLINE = (
    f"The deadline for comments on {BASE} is 5 January 2027.",
    f"Comments on {BASE} are due 5 January 2027.",
    f"Comments on {BASE} are due by 5 January 2027.",
    f"Comments on {BASE} are now due on January 5, 2027.",
    "The final date for comments is now 5 January 2027.",
    "The deadline for comments has been set for 5 January 2027.",
    "The time limit for comments expires on 5 January 2027.",
    "Members have until 5 January 2027 to submit comments.",
    "Interested parties have until 5 January 2027 to comment.",
    "5 January 2027 is the new deadline for comments.",
    "The deadline is now 5 January 2027.",
    f"The deadline for comments on the draft notified in {BASE} dated 10 January 2024 is 5 January 2027.",
    f"The closing date for comments on {BASE} was changed to 5 January 2027.",
    "Le délai pour la présentation des observations est fixé au 5 janvier 2027.",
    f"Le délai pour la présentation des observations sur le document {BASE} est fixé au 5 janvier 2027.",
    "La date limite pour la présentation des observations est désormais le 5 janvier 2027.",
    "Le délai pour la présentation d'observations expire le 5 janvier 2027.",
    "Les Membres ont jusqu'au 5 janvier 2027 pour présenter leurs observations.",
    "El plazo para presentar observaciones vence el 5 de enero de 2027.",
    "El plazo para presentar observaciones finaliza el 5 de enero de 2027.",
    f"El plazo para observaciones sobre el documento {BASE} expira el 5 de enero de 2027.",
    "El plazo para observaciones se fija en el 5 de enero de 2027.",
    "La fecha límite para presentar observaciones es ahora el 5 de enero de 2027.",
    "Los Miembros tienen hasta el 5 de enero de 2027 para enviar comentarios.",
    "评议截止日期为2027年1月5日。",
    f"{BASE}的评议期至2027年1月5日。",
    "评议期现定为2027年1月5日。",
    "评议期将于2027年1月5日结束。",
    f"对{BASE}的评议意见应于2027年1月5日前提交。",
)

PUBLISHED = (
    f"The regulation notified in {BASE} was published on 5 October 2026.",
    f"The regulation notified in {BASE} has been published on 5 October 2026 in the Official Gazette.",
    f"{BASE} was published on 5 October 2026.",
    f"Le règlement notifié dans le document {BASE} a été publié le 5 octobre 2026.",
    f"El reglamento notificado en el documento {BASE} fue publicado el 5 de octubre de 2026.",
    f"El reglamento notificado en el documento {BASE} se publicó el 5 de octubre de 2026.",
    f"{BASE}通报的法规于2026年10月5日公布。",
    f"{BASE}号通报的法规已于2026年10月5日发布。",
)

#: The day is that of a document.
CITED = (
    f"The standard notified in {BASE} dated 17 October 2026 was adopted.",
    f"The standard notified in {BASE} (17 October 2026) was adopted.",
    f"The standard notified in {BASE} on 17 October 2026 was adopted.",
    f"The measure notified in {BASE}, circulated on 17 October 2026, was adopted.",
    f"The measure, notified in {BASE} which was distributed on 17 October 2026, was adopted.",
    f"The measure notified on 17 October 2026 under the symbol {BASE} was adopted.",
    f"Le projet notifié dans le document {BASE} distribué le 17 octobre 2026 a été adopté.",
    f"Le projet notifié dans le document {BASE} du 17 octobre 2026 a été adopté.",
    f"Le projet notifié le 17 octobre 2026 sous la cote {BASE} a été adopté.",
    f"El proyecto notificado en el documento {BASE} de fecha 17 de octubre de 2026 fue aprobado.",
    f"El proyecto notificado en {BASE}, distribuido el 17 de octubre de 2026, fue aprobado.",
    f"El proyecto notificado el 17 de octubre de 2026 con la signatura {BASE} fue aprobado.",
    f"2026年10月14日在{BASE}中通报的法规已获批准。",
    f"{BASE}(2026年10月14日)通报的法规已获批准。",
    f"{BASE}于2026年10月14日通报的法规已获批准。",
    f"2026年10月14日{BASE}通报的法规已获批准。",
    f"2026年10月14日通报的{BASE}号法规草案已获批准。",
)


def _changes(text: str, **over: Any) -> tuple[FactChange, ...]:
    return revise(revise(None, a_base()).measure, an_addendum(content_summary=text, **{**LATE, **over})).changes


@pytest.mark.parametrize("text", NEW_DEADLINE)
def test_a_new_deadline_is_read_however_it_is_worded(text: str) -> None:
    """It moves the comment deadline, and the change quotes the sentence."""
    (change,) = _changes(text)

    assert (change.kind, change.field, change.new) == (
        ChangeKind.DEADLINE_REOPENED,
        "comment_deadline",
        "2027-01-05",
    )
    assert change.quote == text


@pytest.mark.parametrize(
    "text",
    [
        "The comment period ended on 5 January 2027.",
        "The original deadline for comments was 5 January 2027.",
        "No comments were received by 5 January 2027.",
        "The regulation, on which comments were invited, applies from 5 January 2027.",
        "Comments received until 5 January 2024 were considered.",
        "La date limite initiale pour les observations était le 5 janvier 2027.",
        "原定评议截止日期为2027年1月5日。",
    ],
)
def test_a_deadline_that_is_over_is_no_new_one(text: str) -> None:
    """What was, or what is about something else, moves no deadline."""
    assert all(change.field != "comment_deadline" for change in _changes(text))


@pytest.mark.parametrize("text", PUBLISHED)
def test_a_day_behind_a_symbol_is_news_when_it_is_said_of_the_measure(text: str) -> None:
    """The symbol only names the measure; the day is that of its publication."""
    (change,) = _changes(text)

    assert (change.kind, change.new) == (ChangeKind.ADOPTED, "2026-10-05")


@pytest.mark.parametrize("text", CITED)
def test_the_day_of_a_document_is_no_day_of_the_measure(text: str) -> None:
    """The measure was adopted, on a day that the text does not state."""
    (change,) = _changes(text)

    assert (change.kind, change.field, change.new) == (ChangeKind.ADOPTED, "status", "adopted")


# 03/04/2027


@pytest.mark.parametrize(
    "text",
    [
        "The comment period is extended; please send comments by 03/04/2027.",
        "The deadline for comments is 3-4-2027.",
        "评议期延长至03/04/2027。",
    ],
)
def test_a_day_of_two_readings_is_the_earlier_and_not_called_stated(text: str) -> None:
    """Who keeps the earlier day is never late; the rule names both, and the wording stays."""
    deadline = after(a_base(), an_addendum(content_summary=text, **LATE)).facts.comment_deadline

    assert (deadline.value, deadline.quality) == (date(2027, 3, 4), DateQuality.COMPUTED)
    assert deadline.rule == "the earlier of 2027-03-04 and 2027-04-03"
    assert deadline.wording in text


@pytest.mark.parametrize(
    ("text", "over", "day"),
    [
        ("Please send comments by 13/04/2027.", {}, date(2027, 4, 13)),
        ("Please send comments by 04/04/2027.", {}, date(2027, 4, 4)),
        ("Please send comments by 03.04.2027.", {}, date(2027, 4, 3)),
        ("A workshop takes place on 23/02/2027. Please send comments by 03/04/2027.", {}, date(2027, 4, 3)),
        ("A workshop takes place on 02/23/2027. Please send comments by 03/04/2027.", {}, date(2027, 3, 4)),
        ("Please send comments by 03/04/2027.", {"notifying_members": ("USA",)}, date(2027, 3, 4)),
        ("El plazo para presentar observaciones vence el 03/04/2027.", {"language": "es"}, date(2027, 4, 3)),
    ],
)
def test_a_known_order_leaves_one_reading(text: str, over: dict[str, Any], day: date) -> None:
    """Another date of the Member, its habit or its language shows whether the day or the month comes first."""
    deadline = after(a_base(), an_addendum(content_summary=text, **LATE, **over)).facts.comment_deadline

    assert (deadline.value, deadline.quality) == (day, DateQuality.STATED)


def test_of_two_readings_only_one_may_be_to_come() -> None:
    """A deadline lies behind the day on which it is announced."""
    addendum = an_addendum(content_summary="Please send comments by 03/04/2027.", distribution_date=date(2027, 3, 20))

    assert news(a_base(), addendum) == [(ChangeKind.DEADLINE_REOPENED, "2024-03-10", "2027-04-03")]
    assert after(a_base(), addendum).facts.comment_deadline.quality is DateQuality.COMPUTED
