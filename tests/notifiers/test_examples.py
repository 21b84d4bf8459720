"""Whole messages, kept beside the tests so that people can read and judge them.

`python -m tests.notifiers.test_examples` writes them anew after a change that was meant.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from notifiers.message import AlertContent, Coverage, DeadlineAhead, DigestContent, MeasureNews, Message, Told, WhyYou
from notifiers.render import render_alert, render_digest
from rules.classification import Grade
from subscriptions.criteria import Condition, Frequency, Part
from tests.builders import stated
from watcher.dates import DateFact, DateQuality, Precision
from watcher.measure import ChangeKind, FactChange, Facts, MeasureStatus

FOLDER = Path(__file__).parents[1] / "documents" / "messages"
BEIJING = timezone(timedelta(hours=8))

JELLY = MeasureNews(
    measure=1,
    symbols=("G/TBT/N/KEN/9367",),
    thread_symbols=("G/TBT/N/KEN/9367",),
    facts=Facts(
        notifying_members=("KEN",),
        title="DKS 9367: Jelly powder, jelly liquid and jelly crystals - Specification",
        content_summary="The draft sets requirements, sampling and tests for jelly sold as powder, liquid or crystals.",
        products_covered="Jelly drinks and jelly powder",
        hs_codes=("210690", "220299"),
        ics_codes=("67.160.20",),
        objectives=("consumer_information", "human_health"),
        comment_deadline=stated(date(2026, 3, 10)),
        proposed_adoption=DateFact(wording="To be determined"),
        proposed_entry_into_force=DateFact(wording="To be determined"),
        links=("https://members.example.org/crnattachments/26_9367_00_e.pdf",),
        page="https://notices.example.org/G/TBT/N/KEN/9367",
    ),
    markets=("肯尼亚",),
    areas=("食品和饮料",),
    kinds=("technical_regulation",),
    changes=(FactChange(kind=ChangeKind.NEW_MEASURE, symbols=("G/TBT/N/KEN/9367",), stated_on=date(2026, 1, 8)),),
    grade=Grade.DIRECT,
    why=(
        WhyYou(
            subscription=1,
            name="东非饮料",
            grade=Grade.DIRECT,
            conditions=(
                Condition(part=Part.MARKET, asked="EAC", found="KEN"),
                Condition(part=Part.PRODUCT, asked="HS 22", found="HS 220299"),
            ),
        ),
    ),
    act_by=date(2026, 2, 24),
    names={"EAC": "东非共同体", "KEN": "肯尼亚"},
)

BATTERIES = MeasureNews(
    measure=2,
    symbols=("G/TBT/N/EU/9024/Add.2",),
    thread_symbols=("G/TBT/N/EU/9024",),
    facts=Facts(
        notifying_members=("EU",),
        title="Draft implementing rules on the labelling of portable batteries",
        content_summary="The draft lays down where and how the capacity of portable batteries is to be shown.",
        products_covered="Portable lithium-ion batteries",
        hs_codes=("850650", "850760"),
        objectives=("environment", "consumer_information"),
        comment_deadline=stated(date(2026, 3, 1)),
        proposed_adoption=DateFact(
            value=date(2026, 4, 1),
            quality=DateQuality.STATED,
            precision=Precision.SEASON,
            wording="2nd quarter 2026",
        ),
        proposed_entry_into_force=DateFact(
            value=date(2026, 4, 21),
            quality=DateQuality.COMPUTED,
            wording="20 days from adoption",
            rule="adoption + 20 days",
        ),
        links=("https://members.example.org/crnattachments/26_9024_02_e.pdf",),
        page="https://notices.example.org/G/TBT/N/EU/9024/Add.2",
    ),
    markets=("European Union",),
    areas=("batteries",),
    kinds=("technical_regulation",),
    changes=(
        FactChange(
            kind=ChangeKind.DEADLINE_MOVED,
            symbols=("G/TBT/N/EU/9024/Add.2",),
            field="comment_deadline",
            old="2026-02-01",
            new="2026-03-01",
            stated_on=date(2026, 1, 20),
        ),
    ),
    grade=Grade.DIRECT,
    why=(
        WhyYou(
            subscription=2,
            name="Li-ion EU",
            grade=Grade.DIRECT,
            conditions=(
                Condition(part=Part.MARKET, asked="EU", found="EU"),
                Condition(part=Part.PRODUCT, asked="HS 850760", found="HS 850760"),
                Condition(part=Part.KEYWORD, asked="lithium-ion battery", found="lithium-ion batteries"),
            ),
        ),
    ),
    act_by=date(2026, 2, 15),
    told=(Told(on=date(2025, 12, 3), what="new_measure"), Told(on=date(2026, 1, 9), what="text_replaced")),
)

TOYS = MeasureNews(
    measure=3,
    symbols=("G/TBT/N/VNM/9311/Add.1",),
    thread_symbols=("G/TBT/N/VNM/9311",),
    facts=Facts(
        notifying_members=("VNM",),
        title="National technical regulation on toy safety",
        hs_codes=("9503",),
        status=MeasureStatus.ADOPTED,
        comment_deadline=stated(date(2025, 9, 1)),
        in_force_on=stated(date(2026, 7, 1)),
        page="https://notices.example.org/G/TBT/N/VNM/9311/Add.1",
    ),
    markets=("越南",),
    areas=("玩具",),
    kinds=("technical_regulation",),
    changes=(
        FactChange(
            kind=ChangeKind.ADOPTED,
            symbols=("G/TBT/N/VNM/9311/Add.1",),
            field="status",
            old="draft",
            new="adopted",
            quote="The regulation was adopted and takes effect on 1 July 2026.",
        ),
        FactChange(
            kind=ChangeKind.DATE_FILLED_IN,
            symbols=("G/TBT/N/VNM/9311/Add.1",),
            field="in_force_on",
            new="2026-07-01",
        ),
    ),
    grade=Grade.PROBABLE,
    why=(
        WhyYou(subscription=3, name="东盟玩具", grade=Grade.PROBABLE, conditions=()),
        WhyYou(subscription=4, name="全部玩具", grade=Grade.PROBABLE, conditions=()),
    ),
)

COVERAGE = Coverage(as_of=datetime(2026, 1, 22, 10, 2, tzinfo=BEIJING), sources=3, documents=61)


def examples() -> dict[str, Message]:
    """Every example by the name of its files."""
    new = AlertContent(
        news=JELLY,
        written_on=date(2026, 1, 9),
        coverage=Coverage(as_of=datetime(2026, 1, 9, 10, 2, tzinfo=BEIJING), sources=3, documents=61),
        unsubscribe="https://tbtwatch.example/u?k=example",
    )
    changed = AlertContent(
        news=BATTERIES,
        written_on=date(2026, 1, 22),
        coverage=Coverage(as_of=datetime(2026, 1, 22, 2, 2, tzinfo=UTC), sources=3, documents=61),
        unsubscribe="https://tbtwatch.example/u?k=example",
    )
    weekly = DigestContent(
        number=4,
        frequency=Frequency.WEEKLY,
        starts_on=date(2026, 1, 19),
        ends_on=date(2026, 1, 25),
        news=(JELLY, TOYS),
        deadlines=(
            DeadlineAhead(
                day=date(2026, 2, 6),
                what="comment_deadline",
                symbol="G/TBT/N/KOR/9105",
                title="Safety criteria for electric heating pads",
                market="韩国",
                fact=DateFact(
                    value=date(2026, 2, 6),
                    quality=DateQuality.COMPUTED,
                    wording="60 days from notification",
                    rule="notification + 60 days",
                ),
            ),
        ),
        quiet=("巴西照明",),
        coverage=Coverage(
            as_of=datetime(2026, 1, 26, 6, 0, tzinfo=BEIJING),
            sources=3,
            documents=214,
            gaps=("WTO ePing API: 1月21—22日无法访问，恢复后补查 4 份，均与您无关",),
        ),
        unsubscribe="https://tbtwatch.example/u?k=example",
    )
    mail, chat = "drinks@example.com", "123456789"
    return {
        "alert-new.zh": render_alert(new, channel="email", language="zh", recipient=mail),
        "alert-changed.en": render_alert(changed, channel="email", language="en", recipient=mail),
        "alert-changed.chat.en": render_alert(changed, channel="telegram", language="en", recipient=chat),
        "digest.zh": render_digest(weekly, channel="email", language="zh", recipient=mail),
    }


def written(one: Message) -> str:
    """As it is kept: the subject, then the text."""
    return f"Subject: {one.subject}\n\n{one.text.rstrip()}\n"


@pytest.mark.parametrize("name", examples())
def test_the_examples_people_have_read_are_what_is_sent(name: str) -> None:
    """A change of a single character is seen and agreed to."""
    one = examples()[name]
    assert (FOLDER / f"{name}.txt").read_text("utf-8") == written(one)
    assert (FOLDER / f"{name}.html").read_text("utf-8").rstrip("\n") == one.html.rstrip("\n")


def write() -> None:
    """Write all examples anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, one in examples().items():
        (FOLDER / f"{name}.txt").write_text(written(one), "utf-8")
        (FOLDER / f"{name}.html").write_text(one.html.rstrip("\n") + "\n", "utf-8")


if __name__ == "__main__":
    write()
