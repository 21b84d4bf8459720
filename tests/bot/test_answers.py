"""What the bot answers, from a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tbtwatch.bot.answers import Answers
from tbtwatch.pipeline.recover import recover
from tbtwatch.pipeline.rulebook import publish
from tbtwatch.storage import Storage
from tests.bot.world import HOSTILE, shown
from tests.builders import a_notice
from tests.pipeline.service import SmallService
from tests.pipeline.small_rules import FOOD, WORDS, SmallRulebook, back_tested
from watcher.source import SourceError

# --- /recent


def test_recent_says_how_it_understood_and_from_how_many(service: SmallService) -> None:
    """A German market includes the EU, and says so; the last line counts what was searched."""
    assert shown(Answers(service.desk).recent("近30天 德国 锂电池", "zh")) == [
        "德国（含欧盟） · 电池和蓄电池（“锂电池”） · 1月31日—3月2日（30 天） — 2 项",
        f"1. 欧盟 · {HOSTILE} · 4月28日前可评议 · 直接相关",
        "    G/TBT/N/EU/1200",
        "2. 德国 · Batterieverordnung · 评议已于2月25日截止 · 直接相关",
        "    G/TBT/N/DEU/12",
        "发送通报编号可查看详情。",
        "查了 1 个来源的 4 项措施，截至 3月2日 20:05 UTC+8。没有已知缺口。",
    ]


def test_recent_in_english(service: SmallService) -> None:
    """A bare number says how it was read."""
    assert shown(Answers(service.desk).recent("Kenya 22", "en")) == [
        "Kenya · HS 22 · 31 January–2 March (30 days) — 2 measures",
        "“22” was read as HS chapter 22; for days write 22d.",
        "1. Kenya · Jelly drinks - Specification · comments until 10 April",
        "    G/TBT/N/KEN/1514",
        "2. Kenya · Jelly drinks - Specification · comments until 10 March",
        "    G/TBT/N/KEN/1400",
        "Send a symbol for details.",
        "Searched 4 recorded measures from 1 source, as of 2 March 20:05 UTC+8. No gaps known.",
    ]


def test_recent_without_a_word_is_everything(service: SmallService) -> None:
    """Of the last 30 days, newest first."""
    lines = shown(Answers(service.desk).recent("", "en"))
    assert lines[0] == "all markets and products · 31 January–2 March (30 days) — 4 measures"
    assert [line.strip() for line in lines if line.startswith("    ")] == [
        "G/TBT/N/KEN/1514",
        "G/TBT/N/EU/1200",
        "G/TBT/N/DEU/12",
        "G/TBT/N/KEN/1400",
    ]


def test_words_that_nothing_contains_are_dropped_and_named(service: SmallService) -> None:
    """Chinese words seldom stand in the documents; the product and the market do."""
    lines = shown(Answers(service.desk).recent("欧盟 电池 标签", "zh"))
    assert lines[0].endswith("— 2 项") and lines[1] == "没有记录含“标签”；以下为不限该词的结果。"


def test_nothing_found_says_what_to_try(service: SmallService) -> None:
    """And still from how many records."""
    lines = shown(Answers(service.desk).recent("越南 玩具 安全", "zh"))
    assert lines[0].endswith("— 0 项") and any("放宽天数" in line for line in lines) and "4 项措施" in lines[-1]


def test_the_eu_and_a_group_nobody_listed_say_so(service: SmallService) -> None:
    """The reader is never left to guess whose notices count."""
    answers = Answers(service.desk)
    assert shown(answers.recent("EU", "en"))[0].startswith("European Union (with its member states) · ")
    lines = shown(answers.recent("一带一路 玩具", "zh"))
    assert lines[1] == "“一带一路”的成员尚未列入，已查询所有市场。"


def test_of_a_joint_notification_the_market_asked_for_comes_first(own: SmallService) -> None:
    """Its name and its symbol, not those of whoever stands first in the alphabet."""
    members = ("BDI", "KEN", "RWA", "UGA")
    symbols = tuple(f"G/TBT/N/{member}/77" for member in members)
    own.poll([a_notice(symbols=symbols, notifying_members=members, distribution_date=date(2026, 3, 2))])
    lines = shown(Answers(own.desk).recent("Uganda", "en"))
    assert lines[1].startswith("1. Uganda, Burundi +2 · ") and lines[2].strip() == "G/TBT/N/UGA/77"


def test_a_span_over_the_new_year_has_both_years(service: SmallService) -> None:
    """Nobody is left to guess which July."""
    assert "2 March 2025 – 2 March 2026 (365 days)" in shown(Answers(service.desk).recent("Kenya 365d", "en"))[0]
    assert "2025年3月2日—3月2日（365 天）" in shown(Answers(service.desk).recent("肯尼亚 365天", "zh"))[0]


def test_a_long_list_is_counted(own: SmallService) -> None:
    """Eight are shown, the others counted."""
    own.poll([a_notice(symbol=f"G/TBT/N/KEN/{n}", distribution_date=date(2026, 3, 1)) for n in range(2000, 2012)])
    lines = shown(Answers(own.desk).recent("Kenya", "en"))
    assert lines[0].endswith("14 measures")
    assert sum(line.startswith("    ") for line in lines) == 8
    assert "… and 6 more; name a market or a product, or fewer days, to narrow it down." in lines


def test_a_gap_is_named(own: SmallService) -> None:
    """A source that has not answered for long is named in every answer."""
    own.clock.turn(hours=30)
    own.poll(SourceError("the list is empty"))
    assert "缺口：listed 自 2026-03-02" in shown(Answers(own.desk).recent("肯尼亚", "zh"))[-1]
    assert "Gaps: listed not read since" in shown(Answers(own.desk).measure("KEN/1514", "en"))[-1]


def test_an_empty_database_says_that_it_is_empty(sqlite: Storage) -> None:
    """Nothing found is never shown without saying among how many."""
    lines = shown(Answers(SmallService(sqlite).desk).recent("Kenya", "en"))
    assert lines[-1].startswith("Searched 0 recorded measures from 1 source") and "has not been read yet" in lines[-1]


def test_a_withdrawn_measure_says_so(own: SmallService) -> None:
    """Its comment deadline is of no use to anybody."""
    withdrawn = a_notice(
        symbol="G/TBT/N/KEN/1514/Add.2",
        type="addendum",
        title="Withdrawal of the draft",
        content_summary="The notified draft regulation has been withdrawn.",
        distribution_date=date(2026, 3, 2),
        comment_deadline=None or date(2026, 4, 10),
    )
    own.poll([withdrawn])
    lines = shown(Answers(own.desk).recent("Kenya", "zh"))
    assert any("已撤回" in line for line in lines)


# --- questions without a command


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("近30天 德国 锂电池", "德国（含欧盟） · 电池和蓄电池"),
        ("巴西照明", "巴西 · 灯具和照明（“照明”）"),
        ("玩具", "玩具和游戏用品（“玩具”）"),
        ("8507", "HS 8507"),
        ("G/TBT/N/KEN/1514 是什么", "Jelly drinks"),
        ("ken/1514", "Jelly drinks"),
        ("这个合法吗", "我只能根据记录回答措施和日期。"),
        ("你好", "我只能根据记录回答措施和日期。"),
        ("谢谢", "我只能根据记录回答措施和日期。"),
        ("", "我只能根据记录回答措施和日期。"),
    ],
)
def test_a_text_is_a_question_if_it_names_something(text: str, starts: str, service: SmallService) -> None:
    """A market, a code, a product area or a symbol; else the bot says what it can answer."""
    assert shown(Answers(service.desk).ask(text, "zh"))[0].startswith(starts)


# --- /measure


def test_a_measure_is_shown_with_its_history(service: SmallService) -> None:
    """Its facts with their quality, and old → new."""
    assert shown(Answers(service.desk).measure("g/tbt/n/ken/1514/Add.1", "zh")) == [
        "Jelly drinks - Specification",
        "G/TBT/N/KEN/1514",
        "肯尼亚",
        "状态：草案",
        "评议截止：4月10日（通报写明）",
        "产品：Jelly drinks",
        "编码：HS 220299 · ICS 67.160.20",
        "产品类别：饮料和酒类（直接相关）、食品（含饮料）（直接相关）",
        "",
        "时间线",
        "3月1日 · 新措施 [G/TBT/N/KEN/1514]",
        "3月2日 · 评议截止日期变更 3月10日 → 4月10日 [G/TBT/N/KEN/1514/Add.1]",
        "查了 1 个来源的 4 项措施，截至 3月2日 20:05 UTC+8。没有已知缺口。",
    ]


def test_links_are_safe_and_escaped(service: SmallService) -> None:
    """Only https and http, in an attribute that nothing breaks out of."""
    answer = Answers(service.desk).measure("EU/1200", "en")
    assert '<a href="https://example.org/a.pdf?x=1&amp;y=2">Document 1</a>' in answer
    assert "javascript" not in answer and "<script>" not in answer
    assert shown(answer)[0] == HOSTILE


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("G/TBT/N/KEN/1541", "G/TBT/N/KEN/1514"),
        ("G/TBT/N/KEN/15144", "G/TBT/N/KEN/1514"),
        ("G/TBT/N/KEN/151", "G/TBT/N/KEN/1514"),
        ("G/SPS/N/KEN/1514", "G/TBT/N/KEN/1514"),
        ("G/TBT/N/KNE/1514", "G/TBT/N/KEN/1514"),
    ],
)
def test_an_unknown_symbol_is_answered_with_near_ones(typed: str, near: str, service: SmallService) -> None:
    """A digit exchanged, too many or missing, the other committee, a Member's letters exchanged."""
    lines = shown(Answers(service.desk).measure(typed, "en"))
    assert lines[0] == f"I have no measure with the symbol “{typed}”."
    assert near in lines[1].removeprefix("Near ones that I have: ").split()


def test_an_unknown_symbol_without_near_ones_leads_on(service: SmallService) -> None:
    """And what is no symbol is told apart from one that is not known."""
    answers = Answers(service.desk)
    assert shown(answers.measure("G/TBT/N/JPN/9", "zh"))[:2] == [
        "没有编号为“G/TBT/N/JPN/9”的措施。",
        "发送 /recent 可列出已有的措施。",
    ]
    assert shown(answers.measure("<b>x", "en"))[0].startswith("“<b>x” is not a document symbol")
    assert "G/TBT/N/KEN/1514" in shown(answers.measure(" ", "zh"))[0]
    assert shown(answers.why("9", "", "en"))[0].startswith("Send the symbol along: /why")


def test_the_longest_measure_fits_and_keeps_its_last_line(own: SmallService) -> None:
    """Titles, codes, symbols, links and history of any length; never an entity cut, the coverage always there."""
    wide = "&<>\"'长" * 700
    symbols = tuple(
        f"G/TBT/N/{member}/77" for member in ("BDI", "KEN", "RWA", "TZA", "UGA", "SSD", "COD", "ZMB", "ZWE", "MWI")
    )
    own.poll(
        [
            a_notice(
                symbols=symbols,
                notifying_members=tuple(symbol.split("/")[3] for symbol in symbols),
                title=wide,
                products_covered=wide,
                content_summary=wide,
                hs_codes=tuple(f"22{n:02}" for n in range(1, 10)),
                links=tuple(f"https://example.org/{'x&' * 250}{n}" for n in range(9)),
                distribution_date=date(2026, 3, 1),
            )
        ]
    )
    for n in range(1, 20):
        own.poll(
            [
                a_notice(
                    symbols=tuple(f"{symbol}/Add.{n}" for symbol in symbols),
                    type="addendum",
                    notifying_members=("KEN",),
                    title=wide,
                    comment_deadline=date(2026, 3, 1).replace(day=1 + n % 28),
                    distribution_date=date(2026, 3, 2),
                )
            ],
            alert=False,
        )
    for language in ("zh", "en"):
        for answer in (Answers(own.desk).measure("KEN/77", language), Answers(own.desk).recent("Kenya", language)):
            assert ("没有已知缺口" if language == "zh" else "No gaps known") in shown(answer)[-1]


# --- language


def test_the_language_is_the_chosen_one_else_that_of_the_question(own: SmallService) -> None:
    """Chinese for a Chinese question, else the program's, else Chinese; English for what is not offered."""
    answers = Answers(own.desk)
    assert answers.language_of("5", "en", "toys") == "en"
    assert answers.language_of("5", "en", "玩具") == "zh"
    assert answers.language_of("5", "zh-hans", "toys") == "zh"
    assert answers.language_of("5", "fr", "jouets") == "en"
    assert answers.language_of("5", None, "toys") == "zh"
    assert shown(answers.set_language("5", " English ")) == ["I will answer in English."]
    assert answers.language_of("5", "zh", "玩具") == "en"
    assert shown(answers.set_language("5", "中文")) == ["以后用中文回答。"]
    assert len(shown(answers.set_language("5", "klingon"))) == 2


# --- anything


@settings(max_examples=40, deadline=None)
@given(
    st.one_of(
        st.text(max_size=200),
        st.sampled_from(["<b>", "&amp;", "G/TBT/N/KEN/1514\u0000", "'\"<a href=x>", "\ud800", "%", "🧸" * 4000]),
    )
)
def test_whatever_is_asked_the_answer_can_be_sent(text: str) -> None:
    """Markup that the service takes, within its length, in both languages."""
    for language in ("zh", "en"):
        bot = _KEPT[0]
        for answer in (
            bot.recent(text, language),
            bot.ask(text, language),
            bot.measure(text, language),
            bot.why("9", text, language),
        ):
            answer.encode()
            shown(answer)


_KEPT: list[Answers] = []


@pytest.fixture(scope="module", autouse=True)
def _answers(service: SmallService) -> None:
    _KEPT[:] = [Answers(replace(service.desk))]


def test_a_document_that_is_not_recorded_is_said_to_be_so(service: SmallService) -> None:
    """Before the measure it would belong to."""
    assert shown(Answers(service.desk).measure("KEN/1514/Add.9", "zh"))[0] == (
        "此处未收录文件 G/TBT/N/KEN/1514/Add.9。以下是按编号它所属的措施。"
    )
    assert "未收录" not in shown(Answers(service.desk).measure("KEN/1514", "zh"))[0]


def test_rules_that_are_still_being_applied_are_said_to_be(own: SmallService) -> None:
    """A list by area may miss what is not done yet; one measure is read by the rules in force at once."""
    own.poll([a_notice(symbol="G/TBT/N/KEN/8", hs_codes=("950300",), distribution_date=date(2026, 2, 20))])
    draft = SmallRulebook({**FOOD, "prefixes": ["95"]}, WORDS).install(own.storage, now=own.clock()).version.version
    report = back_tested(own.storage, draft)
    publish(draft, by="Li", storage=own.storage, rulebook=SmallRulebook(), now=own.clock(), report=report)
    assert "5 measures are still to be classified by the rules in force." in shown(
        Answers(own.desk).recent("Kenya", "en")
    )
    assert any("Food" in line for line in shown(Answers(own.desk).measure("KEN/8", "en")))
    recover(desk=own.desk)
    assert not any("to be classified" in line for line in shown(Answers(own.desk).recent("Kenya", "en")))


def test_recent_finds_measures_by_a_scheme(storage: Storage) -> None:
    """Named with the word for what it is; the answer says the scheme by its name."""
    gives = {
        "name": "pvoc",
        "kind": "keyword",
        "why": "Named in notifications.",
        "gives": {"scheme": ["pvoc"]},
        "any": {"en": ["conformity programme"]},
    }
    facets = {"scheme": {"pvoc": {"en": "PVoC", "zh": "PVoC 认证"}}}
    service = SmallService(storage, rulebook=SmallRulebook(FOOD, WORDS, gives, facets=facets))
    service.seeded(
        a_notice(symbol="G/TBT/N/KEN/1400", title="Conformity programme", distribution_date=date(2026, 2, 20)),
        a_notice(symbol="G/TBT/N/KEN/1401", title="Jelly", distribution_date=date(2026, 2, 20)),
    )
    lines = shown(Answers(service.desk).ask("肯尼亚PVoC认证", "zh"))
    assert lines[0].startswith("肯尼亚 · PVoC 认证 · ") and lines[0].endswith(" — 1 项")
    assert "    G/TBT/N/KEN/1400" in lines
