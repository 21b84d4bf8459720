"""Messages say no more than is true: what a later document is, what is still open, what it rests on, and how old."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from notifiers.message import AlertContent, DigestContent, MeasureNews, WhyYou
from notifiers.render import render_alert, render_digest
from notifiers.titles import title_of
from rules.classification import Grade
from subscriptions.criteria import Condition, Part
from tests.builders import a_measure, stated
from tests.notifiers.contents import BY_MARKET, alert, change, digest, news
from watcher.dates import IN_TEXT, UNKNOWN, DateFact
from watcher.measure import ChangeKind, MeasureStatus


def mail(content: AlertContent, language: str = "zh") -> str:
    """Subject and text of an alert by mail."""
    message = render_alert(content, channel="email", language=language, recipient="a@example.com")
    return f"{message.subject}\n{message.text}"


def chat(content: AlertContent, language: str = "zh") -> str:
    """An alert in a chat."""
    return render_alert(content, channel="telegram", language=language, recipient="1").text


def weekly(content: DigestContent, language: str = "zh", channel: str = "email") -> str:
    """Subject and text of a digest."""
    message = render_digest(content, channel=channel, language=language, recipient="1")
    return f"{message.subject}\n{message.text}"


def because(*conditions: Condition, grade: Grade = Grade.DIRECT) -> WhyYou:
    """The reasons of one subscription."""
    return WhyYou(subscription=1, name="Mine", grade=grade, conditions=conditions)


# --- a later document without the first one


@pytest.mark.parametrize(
    ("later", "zh", "en"),
    [
        ("addendum", "补遗通报（该措施此前的文件未在此收录）", "Addendum to a measure whose earlier documents"),
        ("corrigendum", "勘误通报（", "Corrigendum to a measure"),
        ("revision", "修订通报（", "Revision of a measure"),
        ("supplement", "补充通报（", "Supplement to a measure"),
    ],
)
def test_a_later_document_alone_is_not_headed_new(later: str, zh: str, en: str) -> None:
    """It is called what it is, in alerts and digests, and is not counted among new measures."""
    content = alert(later=later, symbols=("G/TBT/N/KEN/1514/Add.1",))
    for text in (mail(content), chat(content)):
        assert zh in text and "新措施" not in text
    for text in (mail(content, "en"), chat(content, "en")):
        assert en in text and "ew measure" not in text
    in_digest = digest(news=(content.news,), deadlines=())
    assert zh in weekly(in_digest) and "新措施" not in weekly(in_digest)
    assert "1 项变更" in weekly(in_digest)


def test_what_a_later_document_tells_stands_below() -> None:
    """It may be that the measure is adopted by now."""
    adopted = change(ChangeKind.ADOPTED, field="status", old="draft", new="adopted")
    text = mail(alert(later="addendum", changes=(change(), adopted), status=MeasureStatus.ADOPTED))
    assert "补遗通报（" in text and "已批准" in text


# --- what is over


@pytest.mark.parametrize("status", [MeasureStatus.ADOPTED, MeasureStatus.IN_FORCE, MeasureStatus.WITHDRAWN])
def test_no_days_are_left_for_what_is_done(status: MeasureStatus) -> None:
    """The old deadline is shown without a count, and is no date ahead."""
    content = alert(status=status, comment_deadline=stated(date(2026, 3, 27)))
    assert "3月27日" in mail(content) and "还有" not in mail(content) and "还有" not in chat(content)
    assert "还有" not in weekly(digest(news=(content.news,), deadlines=()))
    assert "还有 53 天" in mail(alert(comment_deadline=stated(date(2026, 3, 27))))


@pytest.mark.parametrize("status", [MeasureStatus.ADOPTED, MeasureStatus.IN_FORCE])
def test_a_plan_that_was_never_stated_is_not_missed_when_it_is_done(status: MeasureStatus) -> None:
    """A draft still says that it is not stated."""
    never: dict[str, Any] = {"proposed_adoption": UNKNOWN, "proposed_entry_into_force": UNKNOWN}
    assert "拟批准日期" not in mail(alert(status=status, **never))
    assert "拟生效日期" not in mail(alert(status=status, **never))
    assert "拟批准日期：未写明" in mail(alert(**never))


# --- what it rests on

WORD = Condition(part=Part.KEYWORD, asked="jelly", found="Jelly", grade=Grade.DIRECT, field="title")


def test_a_keyword_is_named_with_its_place() -> None:
    """Nobody who gave a word alone is told of a code or a product."""
    title = alert(why=(because(BY_MARKET, WORD),))
    assert "出现您的关键词“jelly”" in mail(title) and "您的关键词“jelly”出现在：标题。" in mail(title)
    assert "has your keyword “jelly”" in chat(title, "en")
    prose = replace(WORD, grade=Grade.PROBABLE, field="content_summary")
    said = mail(alert(why=(because(prose, grade=Grade.PROBABLE),), grade=Grade.PROBABLE))
    assert "您的关键词“jelly”出现在：内容简述；标题和涵盖产品中没有。请核对。" in said
    for text in (mail(title), said):
        assert "您的编码" not in text and "您的产品" not in text and "与您直接相关" not in text
    assert "出现您的关键词“jelly”" in weekly(digest(news=(title.news,)))


def test_who_asked_for_a_whole_market_is_told_so() -> None:
    """Not that every measure of it concerns them directly."""
    content = alert(why=(because(BY_MARKET),))
    for text in (mail(content), chat(content), weekly(digest(news=(content.news,)))):
        assert "您订阅了该市场的全部措施" in text and "直接相关" not in text


def test_the_product_decides_where_a_market_was_asked_for_too() -> None:
    """A second subscription to everything does not make it sure."""
    named = Condition(
        part=Part.PRODUCT, asked="area food", found="drinks", grade=Grade.PROBABLE, field="content_summary"
    )
    both = (because(BY_MARKET), replace(because(named, grade=Grade.PROBABLE), subscription=2))
    text = mail(alert(why=both, grade=Grade.DIRECT))
    assert "很可能相关：正文提到您的产品" in text and "直接相关：标题" not in text


@pytest.mark.parametrize(
    ("field", "grade", "says"),
    [
        ("responsible_agency", Grade.PROBABLE, "很可能相关：仅据此判断：负责机构：“KEBS”"),
        ("title", Grade.PROBABLE, "很可能相关：仅据此判断：标题：“KEBS”"),
        ("objectives", Grade.BROAD, "可能相关：仅据此判断：目标：“KEBS”"),
        ("content_summary", Grade.PROBABLE, "正文提到您的产品"),
        ("hs_codes", Grade.BROAD, "仅提及更宽泛的产品类别"),
    ],
)
def test_what_a_product_was_found_by_is_said_as_it_is(field: str, grade: Grade, says: str) -> None:
    """An agency is no product named in the text."""
    found = Condition(part=Part.PRODUCT, asked="area food", found="KEBS", grade=grade, field=field)
    assert says in mail(alert(why=(because(found, grade=grade),), grade=grade))


# --- titles


@pytest.mark.parametrize(
    ("title", "products", "summary", "called"),
    [
        ("Jelly drinks", "Drinks", "Text.", "Jelly drinks"),
        ("DKS 9367: Jelly powder", "", "", "DKS 9367: Jelly powder"),
        ("玩具安全 GB 6675", "", "", "玩具安全 GB 6675"),
        ("EV", "Cars", "", "EV"),
        ("", "Salt (HS code(s): 2501)", "", "Salt"),
        ("(HS code(s): 2505)", "(HS code(s): 2505)", "Natural sands of all kinds.", "Natural sands of all kinds."),
        ("HS 8507.60", "Li-ion batteries", "", "Li-ion batteries"),
        ("编码：2505", "天然砂", "", "天然砂"),
        ("G/TBT/N/KEN/1514", "Jelly", "", "Jelly"),
        ("SI 2019/695", "", "Rules for toys.", "Rules for toys."),
        ("- Other fruit; - - citrus", "Oranges", "", "Oranges"),
        ("- Other fruit", "– – Other", "", "Other fruit"),
        ("", "- Other fruit; nuts", "", "Other fruit; nuts"),
        ("", "(HS code(s): 2505)", "", "(HS code(s): 2505)"),
        ("-18 °C: frozen foods", "", "", "-18 °C: frozen foods"),
        ("", "", "", ""),
    ],
)
def test_a_title_names_something(title: str, products: str, summary: str, called: str) -> None:
    """A code or a tariff's line gives way to the products, then to the description; better a code than nothing."""
    facts = a_measure(title=title, products_covered=products, content_summary=summary).facts
    assert title_of(facts) == called


def test_product_areas_alone_are_not_labelled_twice() -> None:
    """Beside codes and words they say what they are."""
    only = mail(alert(products_covered="", hs_codes=(), ics_codes=(), areas=("机械设备",)))
    assert "产品类别：机械设备" in only and "产品：" not in only
    assert "产品类别：饮料" in mail(alert(areas=("饮料",)))


# --- how old


def old_news(day: date) -> MeasureNews:
    """A measure that was published on that day."""
    return news(changes=(change(stated_on=day),))


@pytest.mark.parametrize("channel", ["email", "telegram"])
def test_a_digest_says_when_each_was_published(channel: str) -> None:
    """And of what is older than its window that it comes late, as an alert says it."""
    text = weekly(digest(news=(old_news(date(2023, 5, 4)),)), channel=channel)
    assert "迟到的消息：原文2023年5月4日已发布，距今 1005 天。" in text and "2023年5月4日发布" in text
    fresh = weekly(digest(news=(old_news(date(2026, 1, 27)),)), channel=channel)
    assert "1月27日发布" in fresh and "迟到" not in fresh
    # A week goes by before a weekly digest is written; that is no delay of ours.
    assert "迟到" not in weekly(digest(news=(old_news(date(2026, 1, 20)),)), channel=channel)
    assert "2023" in weekly(digest(news=(old_news(date(2023, 5, 4)),)), "en", channel)


def test_what_stands_on_one_line_has_its_day_too() -> None:
    """Where a digest is long, the rest is listed briefly."""
    many = tuple(replace(old_news(date(2023, 5, 4)), measure=number) for number in range(70))
    assert weekly(digest(news=many)).count("2023年5月4日发布") == 70


@pytest.mark.parametrize(
    ("language", "stage", "never"),
    [("en", "stage not known", ("soon", ", draft")), ("zh", "阶段不明", ("尽快", "（草案"))],
)
def test_nobody_is_sent_to_comment_on_what_may_be_done(language: str, stage: str, never: tuple[str, ...]) -> None:
    """Of a measure that is known from addenda alone it is said that its stage is not known; nobody is to hurry."""
    told = alert(status=MeasureStatus.UNKNOWN, comment_deadline=DateFact(), later="addendum", days_left=None)
    for text in (mail(told, language), chat(told, language)):
        assert not [word for word in never if word in text]
    assert stage in mail(told, language)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "stated in the text only: “By 10 March"), ("zh", "正文写明：“By")]
)
def test_a_deadline_from_the_text_is_said_to_be(language: str, said: str) -> None:
    """Whoever plans by a day that stands in no field is shown the sentence it was read from."""
    deadline = replace(stated(date(2026, 3, 10)), wording="By 10 March 2026, comments may be sent.", rule=IN_TEXT)
    assert said in mail(alert(comment_deadline=deadline), language)
