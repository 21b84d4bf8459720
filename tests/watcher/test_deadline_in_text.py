"""A comment deadline that stands in no field, only in the text of a document, is read from there, and said to be."""

from __future__ import annotations

from datetime import date

import pytest

from tests.watcher.threads import a_base, an_addendum
from watcher.dates import IN_TEXT, UNKNOWN, DateFact, DateQuality
from watcher.facts import facts_of
from watcher.measure import MeasureStatus
from watcher.notice import Notice

SENT = date(2024, 9, 2)
DAY = date(2024, 10, 13)


def documents(text: str) -> list[Notice]:
    """A first text, and an addendum that alone is recorded, which say this and nothing else."""
    return [
        a_base(content_summary=text, comment_deadline=UNKNOWN, distribution_date=SENT),
        an_addendum(content_summary=text, distribution_date=SENT),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "消费品安全委员会请求公众提供评论。在2024年10月13日前提交关于信息收集的书面或电子评论",
        "评议截止日期为2024年10月13日。",
        "请於2024年10月13日前提供意見",
        "公众咨询截至2024年10月13日",
        "评论应不迟于2024年10月13日提交。",
        "最晚于2024年10月13日提交评论",
        "Comments must be submitted by 13 October 2024.",
        "DATES: Written comments must be received by DOE not later than 5 p.m. on October 13, 2024.",
        "Members are requested to provide comments by 13 October 2024.",
        "The public is invited to comment until 13 October 2024.",
        "Deadline for comments 13 October 2024",
        "By 13 October 2024, comments may be sent to the agency.",
        "Stakeholders have until 13 October 2024 to submit comments.",
        "Les observations doivent être présentées avant le 13 octobre 2024.",
        "Les observations peuvent être présentées dans un délai expirant le 13 octobre 2024.",
        "Les commentaires sont attendus pour le 13 octobre 2024.",
        "Los comentarios deberán presentarse antes del 13 de octubre de 2024.",
        "Fecha límite para presentar comentarios: 13 de octubre de 2024",
        "La consulta pública estará abierta hasta el 13 de octubre de 2024.",
    ],
)
def test_a_deadline_in_the_text_is_read(text: str) -> None:
    """In each language, in a first text as in an addendum, with the sentence that states it."""
    for document in documents(text):
        facts = facts_of([document])
        deadline = facts.comment_deadline
        assert (deadline.value, deadline.quality, deadline.rule) == (DAY, DateQuality.STATED, IN_TEXT)
        assert deadline.wording and deadline.wording in text
        assert facts.status is MeasureStatus.DRAFT


@pytest.mark.parametrize(
    "text",
    [
        "Comments were invited until 13 October 2024 and have been considered.",
        "A meeting on the comments will be held on 13 October 2024.",
        "The regulation enters into force on 13 October 2024; comments are welcome.",
        "Importers must submit applications by 13 October 2024.",
        "Comments must be submitted by 13 October 2031.",
        "Comments must be submitted by 13 October 2023.",
        "该法规将于2024年10月13日前实施,欢迎提出意见。",
        "企业应于2024年10月13日前提交申请。",
        "进口商应在2024年10月13日前提交符合性声明,并提供意见书。",
        "2024年10月13日前已征求意见。",
        "Le règlement entrera en vigueur avant le 13 octobre 2024.",
        "Los fabricantes deberán presentar la solicitud antes del 13 de octubre de 2024.",
    ],
)
def test_another_day_is_no_deadline(text: str) -> None:
    """The day of a meeting, of entry into force, of applications, of comments that were asked for once."""
    for document in documents(text):
        assert facts_of([document]).comment_deadline.value is None


@pytest.mark.parametrize(
    "stated",
    [
        DateFact(value=date(2024, 11, 1), quality=DateQuality.STATED, wording="1 November 2024"),
        DateFact(quality=DateQuality.UNKNOWN, wording="To be determined"),
        DateFact(quality=DateQuality.NOT_APPLICABLE, wording="Not applicable"),
        DateFact(quality=DateQuality.UNKNOWN, wording="3 March 2091", doubt="2091 is not believed"),
    ],
)
def test_what_the_field_says_holds(stated: DateFact) -> None:
    """A stated deadline is not disturbed by the text, nor is one that the field calls open, or none."""
    text = "Comments must be submitted by 13 October 2024."
    document = a_base(content_summary=text, comment_deadline=stated, distribution_date=SENT)
    assert facts_of([document]).comment_deadline == stated


@pytest.mark.parametrize("nothing", ["", "-", "0", "0000-00-00"])
def test_how_programs_write_nothing_is_nothing(nothing: str) -> None:
    """A field that holds a dash or zeros says nothing: then the text is read."""
    empty = DateFact(wording=nothing)
    text = "Comments must be submitted by 13 October 2024."
    document = a_base(content_summary=text, comment_deadline=empty, distribution_date=SENT)
    assert facts_of([document]).comment_deadline.value == DAY


def test_a_deadline_that_passed_before_the_document_was_circulated_is_told_as_passed() -> None:
    """A document that comes late by weeks states its deadline still; it is no draft for it, and nobody is to ask."""
    text = "Comments must be submitted by 13 August 2024."
    for document in documents(text):
        assert facts_of([document]).comment_deadline.value == date(2024, 8, 13)
    assert facts_of(documents(text)[1:]).status is MeasureStatus.UNKNOWN


def test_an_addendum_still_moves_it() -> None:
    """A deadline read from the text is a deadline: an addendum that extends it by thirty days counts from it."""
    base = documents("Comments must be submitted by 13 October 2024.")[0]
    longer = an_addendum(
        content_summary="The comment period is extended by 30 days.", distribution_date=date(2024, 9, 20)
    )
    assert facts_of([base, longer]).comment_deadline.value == date(2024, 11, 12)
