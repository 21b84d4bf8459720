"""An alert by mail: what it says, in which order, and what it never does."""

from __future__ import annotations

from datetime import date

import pytest

from notifiers.message import AlertContent, Message, WhyYou
from notifiers.render import render_alert
from notifiers.wording import Words
from rules.classification import Grade
from subscriptions.criteria import Condition, Part
from tests.builders import stated
from tests.notifiers.contents import TODAY, TOLD, alert, change, computed, coverage, moved
from watcher.dates import DateFact, DateQuality, Precision
from watcher.measure import ChangeKind, FactChange, MeasureStatus


def mail(content: AlertContent, language: str = "en") -> Message:
    return render_alert(content, channel="email", language=language, recipient="drinks@example.com")


# --- what happened, to whom, by when


def test_a_new_measure_is_told_from_what_happened_to_how_to_unsubscribe() -> None:
    """The parts stand in the order in which a reader asks for them."""
    text = mail(alert(told=TOLD)).text
    parts = [
        "Kenya · New measure · technical regulation, draft",
        "Jelly drinks - Specification",
        "Concerns you directly: subscription “East African drinks”",
        "What to do: Send your comments to your national enquiry point by 24 February (14 days before the deadline",
        "Comment deadline: 10 March 2026 (stated in the document; 36 days left)",
        "Products: HS 2202.99 · ICS 67.160.20",
        "product areas: beverages",
        "Objective: Consumer information",
        "Proposed adoption: not known (the document says “To be determined”)",
        "Proposed entry into force: 1 September 2026 (computed: 6 months after adoption; "
        "the document says “6 months from adoption”)",
        "Notification G/TBT/N/KEN/1514: https://epingalert.org/en/Search?viewData=G%2FTBT%2FN%2FKEN%2F1514&lang=en",
        "Document 1: https://members.wto.org/crnattachments/2026/TBT/KEN/26_00101_00_e.pdf",
        "Why you got this: subscription “East African drinks”: market EAC (Kenya) + HS 22 (2202.99)",
        "Told before: You were told on 3 December 2025 (new measure) and 9 January (text replaced).",
        "How sure: Direct: your code, or your product by name, is stated",
        "How fresh: As of 2 February 10:02 UTC: your 3 sources checked, 61 documents in all, no gap.",
        "Change or end this subscription: https://tbtwatch.example/u?s=1&k=a",
    ]
    places = [text.find(part) for part in parts]
    assert -1 not in places, f"missing: {parts[places.index(-1)]}\n{text}"
    assert places == sorted(places)


def test_the_same_in_chinese() -> None:
    """Our words are Chinese, the document's stay as they are and are said to be English."""
    names = {"EAC": "东非共同体", "KEN": "肯尼亚"}
    text = mail(alert(markets=("肯尼亚",), areas=("饮料",), names=names, told=TOLD), "zh").text
    for part in (
        "肯尼亚 · 新措施 · 技术法规（草案）",
        "（原文为英文）",
        "要做什么：2月24日前把意见交给国家通报咨询点（比评议截止早 14 天，供咨询点处理）。",
        "评议截止：3月10日（通报写明；还有 36 天）",
        "产品类别：饮料",
        "拟生效日期：9月1日（推算：批准后 6 个月；文件原文：“6 months from adoption”）",
        "市场 东非共同体（肯尼亚） + HS 22（2202.99）",
        "此前已告知：2025年12月3日（新措施）、1月9日（文本已替换）。",
        "截至 2月2日 10:02 UTC：您关注的 3 个来源均已检查，共 61 份文件，无缺口。",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("over", "language", "subject"),
    [
        ({}, "en", "Kenya | Jelly drinks - Specification, comments by 10 Mar [G/TBT/N/KEN/1514]"),
        ({"markets": ("肯尼亚",)}, "zh", "肯尼亚 | Jelly drinks - Specification，3月10日前可评议 [G/TBT/N/KEN/1514]"),
        (
            {
                "changes": (moved(),),
                "comment_deadline": stated(date(2026, 4, 10)),
                "symbols": ("G/TBT/N/KEN/1514/Add.2",),
            },
            "en",
            "Kenya | Jelly drinks - Specification: comment deadline moved from 10 Mar to 10 Apr "
            "[G/TBT/N/KEN/1514/Add.2]",
        ),
        (
            {"changes": (change(ChangeKind.TEXT_REPLACED),)},
            "en",
            "Kenya | Jelly drinks - Specification: text replaced, comments by 10 Mar [G/TBT/N/KEN/1514]",
        ),
        (
            {"changes": (change(ChangeKind.WITHDRAWN),), "status": MeasureStatus.WITHDRAWN},
            "zh",
            "Kenya | Jelly drinks - Specification：已撤回 [G/TBT/N/KEN/1514]",
        ),
        (
            {"comment_deadline": computed(date(2027, 1, 3), "notification + 60 days", "60 days")},
            "en",
            "Kenya | Jelly drinks - Specification, comments by 3 Jan 2027 (computed) [G/TBT/N/KEN/1514]",
        ),
        (
            {"comment_deadline": DateFact(wording="To be advised")},
            "en",
            "Kenya | Jelly drinks - Specification, comment deadline not known [G/TBT/N/KEN/1514]",
        ),
        (
            {
                "symbols": ("G/TBT/N/BDI/1", "G/TBT/N/KEN/2", "G/TBT/N/RWA/3", "G/TBT/N/UGA/4"),
                "markets": ("Burundi", "Kenya", "Rwanda", "Uganda"),
            },
            "en",
            "Burundi +3 | Jelly drinks - Specification, comments by 10 Mar [G/TBT/N/BDI/1 +3]",
        ),
        ({"title": ""}, "en", "Kenya | Jelly drinks, comments by 10 Mar [G/TBT/N/KEN/1514]"),
        (
            {"title": "", "products_covered": "(HS code(s): 380891); Wipes (ICS code(s): 71.100), hair remover"},
            "en",
            "Kenya | Wipes, hair remover, comments by 10 Mar [G/TBT/N/KEN/1514]",
        ),
        (
            {"title": "", "products_covered": ""},
            "zh",
            "Kenya | This draft standard lays down requirements and test methods for jelly drinks"
            "，3月10日前可评议 [G/TBT/N/KEN/1514]",
        ),
        ({"title": "化妆品修订提案。"}, "zh", "Kenya | 化妆品修订提案，3月10日前可评议 [G/TBT/N/KEN/1514]"),
        ({"title": "Tea in the U.S."}, "en", "Kenya | Tea in the U.S., comments by 10 Mar [G/TBT/N/KEN/1514]"),
        (
            {"title": "", "products_covered": "", "content_summary": ""},
            "en",
            "Kenya | New measure, comments by 10 Mar [G/TBT/N/KEN/1514]",
        ),
        (
            {"title": "", "products_covered": "", "content_summary": "", "changes": ()},
            "en",
            "Kenya | News, comments by 10 Mar [G/TBT/N/KEN/1514]",
        ),
        (
            {"status": MeasureStatus.ADOPTED, "comment_deadline": DateFact()},
            "en",
            "Kenya | Jelly drinks - Specification, adopted [G/TBT/N/KEN/1514]",
        ),
        (
            {"markets": ("",), "notifying_members": ("",)},
            "en",
            "Market not stated | Jelly drinks - Specification, comments by 10 Mar [G/TBT/N/KEN/1514]",
        ),
    ],
)
def test_a_subject_says_market_what_by_when_and_symbol(over: dict[str, object], language: str, subject: str) -> None:
    """Read on a telephone's lock screen, it is enough to decide whether to open the mail."""
    assert mail(alert(**over), language).subject == subject


def test_a_long_title_gives_way_to_the_day_and_the_symbol() -> None:
    """At most 200 characters, of which the news, the day and the symbol are never cut."""
    long = alert(title="Regulation " * 60, changes=(moved(),), comment_deadline=stated(date(2026, 4, 10)))
    subject = mail(long).subject
    assert len(subject) <= 200
    assert "…: comment deadline moved from 10 Mar to 10 Apr [G/TBT/N/KEN/1514]" in subject


def test_a_title_cannot_break_the_subject() -> None:
    """Line breaks and direction marks are gone; braces are only braces."""
    subject = mail(alert(title="Jelly\r\nBcc: all@example.com\u202egnp {{7*7}} {x}")).subject
    assert "\n" not in subject and "\r" not in subject and "\u202e" not in subject
    assert "Jelly Bcc: all@example.comgnp {{7*7}} {x}" in subject


# --- changes


def test_a_moved_deadline_shows_old_and_new_and_by_which_document() -> None:
    """Old → new, in which document it is stated, by when to act, and what has not changed."""
    content = alert(
        changes=(moved(),),
        symbols=("G/TBT/N/KEN/1514/Add.2",),
        comment_deadline=stated(date(2026, 4, 10)),
        act_by=date(2026, 3, 27),
    )
    text = mail(content).text
    assert "Comment deadline: 10 March 2026 → 10 April 2026 (stated in Add.2; act by 27 March)" in text
    assert "Unchanged: HS 2202.99" in text


def test_a_computed_new_deadline_is_not_called_stated() -> None:
    """Also in a change the reader sees how the day was come by."""
    day = computed(date(2026, 4, 10), "notification + 60 days", "60 days")
    text = mail(alert(changes=(moved(),), comment_deadline=day)).text
    assert "→ 10 April 2026 (computed: 60 days after notification; the document says “60 days”" in text
    assert "stated in Add.2" not in text


def test_a_change_that_no_longer_holds_claims_nothing_about_its_quality() -> None:
    """Of two moves in one message only the one that holds is called stated."""
    content = alert(
        changes=(moved(), moved("2026-04-10", "2026-05-10", symbols=("G/TBT/N/KEN/1514/Add.3",))),
        comment_deadline=stated(date(2026, 5, 10)),
    )
    text = mail(content).text
    assert "10 March 2026 → 10 April 2026 (in Add.2)" in text
    assert "10 April 2026 → 10 May 2026 (stated in Add.3; act by 24 February)" in text


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (
            change(ChangeKind.PRODUCTS_CHANGED, field="hs_codes", old="220299", new="2009, 220299"),
            "HS codes: 2202.99 → 2009, 2202.99 (added 2009)",
        ),
        (
            change(
                ChangeKind.PRODUCTS_CHANGED,
                field="hs_codes",
                old="HS 220299, 2106; ICS 67.160; jelly, 12345 kg",
                new="HS 220299; ICS 67.160, 67.180; jelly",
            ),
            "HS codes: HS 2202.99, 2106; ICS 67.160; “jelly, 12345 kg” → HS 2202.99; ICS 67.160, 67.180; “jelly” "
            "(added 67.180; removed 2106)",
        ),
        (
            change(ChangeKind.PRODUCTS_CHANGED, field="hs_codes", old="HS 2201, …", new="HS 2202, 220299, …; x"),
            "HS codes: HS 2201, … → HS 2202, 2202.99, …; “x”",
        ),
        (
            change(
                ChangeKind.TEXT_REPLACED,
                old="G/TBT/N/KEN/1",
                new="G/TBT/N/KEN/1/Rev.1",
                symbols=("G/TBT/N/KEN/1/Rev.1",),
            ),
            "A revision replaces the earlier text: read it anew. (in Rev.1)",
        ),
        (
            change(ChangeKind.DATE_MOVED, field="proposed_adoption", old="2026-05", new="2027"),
            "Proposed adoption: May 2026 → 2027",
        ),
        (
            change(ChangeKind.PRODUCTS_CHANGED, field="products_covered", old="Jelly", new="Jelly {{x}} <b>"),
            "Products covered: “Jelly” → “Jelly {{x}} <b>”",
        ),
        (
            change(ChangeKind.DATE_FILLED_IN, field="proposed_adoption", old="", new="2026-06-01"),
            "Proposed adoption: not known → 1 June 2026",
        ),
        (
            change(ChangeKind.DATE_MOVED, field="in_force_on", old="2026-06-01", new="6 months after publication"),
            "Entry into force: 1 June 2026 → “6 months after publication”",
        ),
        (
            change(ChangeKind.ADOPTED, field="status", old="draft", new="adopted"),
            "Status: draft → adopted",
        ),
        (
            change(ChangeKind.DEADLINE_MOVED, field="comment_deadline", old="2026-03-10", new="not applicable"),
            "Comment deadline: 10 March 2026 → not applicable",
        ),
        (change(ChangeKind.WITHDRAWN), "The measure has been withdrawn."),
        (change(ChangeKind.CORRECTED), "A correction or translation has been published."),
        (
            change(ChangeKind.FURTHER_INFORMATION, quote="The transition period\nends in May"),
            "  “The transition period ends in May”",
        ),
        (
            change(ChangeKind.PRODUCTS_CHANGED, field="some_new_field", old="", new="x"),
            "Change: nothing → “x”",
        ),
    ],
)
def test_every_change_is_a_line_that_can_be_read(one: FactChange, line: str) -> None:
    """Codes with their dots, days as days, statuses by name, other people's words in quotation marks."""
    assert line in mail(alert(changes=(one,))).text


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", ChangeKind)
def test_every_kind_of_change_makes_a_message(kind: ChangeKind, language: str) -> None:
    """With a field and without one, in both languages; the text says something of our own about it."""
    for one in (change(kind), change(kind, field="comment_deadline", old="2026-01-10", new="2026-03-10")):
        sent = mail(alert(changes=(one,)), language)
        assert sent.subject and sent.text and sent.html
        assert str(kind) not in sent.text.replace("adopted", "").replace("withdrawn", "").replace("corrected", "")


def test_the_news_that_matters_most_leads() -> None:
    """A withdrawal goes before a moved date, whatever their order."""
    both = (change(ChangeKind.WITHDRAWN), change(ChangeKind.DATE_MOVED, field="in_force_on", old="", new="2027-01-01"))
    assert "Kenya · Withdrawn" in mail(alert(changes=both)).text
    assert "Kenya · Withdrawn" in mail(alert(changes=both[::-1])).text


# --- what to do


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"act_by": date(2026, 2, 1)}, "at once: our act-by date 1 February has passed, comments close on 10 March."),
        ({"act_by": None}, "Send your comments to your national enquiry point well before 10 March."),
        ({"comment_deadline": stated(TODAY), "act_by": None}, "enquiry point today: comments close on 2 February."),
        ({"comment_deadline": stated(date(2026, 2, 1))}, "The comment period ended yesterday."),
        ({"comment_deadline": stated(date(2026, 1, 1))}, "The comment period ended 32 days ago."),
        (
            {"comment_deadline": stated(date(2026, 1, 1))},
            "Prepare for its entry into force: 1 September 2026 (computed",
        ),
        ({"comment_deadline": DateFact()}, "No comment deadline is known."),
        ({"comment_deadline": DateFact(wording="TBD")}, "No comment deadline can be named: the document says “TBD”."),
        (
            {"comment_deadline": DateFact(quality=DateQuality.NOT_APPLICABLE, wording="N/A")},
            "No comments are asked for.",
        ),
        ({"status": MeasureStatus.WITHDRAWN}, "Nothing: the measure has been withdrawn."),
        (
            {"status": MeasureStatus.UNKNOWN, "comment_deadline": DateFact()},
            "What to do: Read the document: its first notification is not recorded here",
        ),
        (
            {"status": MeasureStatus.UNKNOWN, "comment_deadline": stated(date(2026, 1, 1))},
            "The comment period ended 32 days ago.",
        ),
        (
            {"status": MeasureStatus.IN_FORCE, "comment_deadline": stated(date(2025, 1, 1))},
            "What to do: It is in force: check that your products comply.",
        ),
        (
            {"status": MeasureStatus.ADOPTED, "comment_deadline": DateFact()},
            "What to do: Read the adopted text. Prepare for its entry into force: 1 September 2026",
        ),
        (
            {
                "comment_deadline": DateFact(
                    value=date(2026, 3, 1), quality=DateQuality.STATED, precision=Precision.MONTH, wording="March"
                ),
                "act_by": None,
            },
            "well before March 2026.",
        ),
    ],
)
def test_what_to_do_depends_on_what_is_known(over: dict[str, object], said: str) -> None:
    """A reader is told to act, to ask, to prepare or to do nothing; never to keep a day nobody stated."""
    assert said in mail(alert(**over)).text


def test_days_left_are_those_of_the_day_of_writing() -> None:
    """What the caller counted is shown; without it the days are counted from the day of writing."""
    assert "36 days left" in mail(alert()).text
    assert "5 days left" in mail(alert(days_left=5)).text
    assert "today is the last day" in mail(alert(days_left=0)).text


# --- why, how sure, how fresh


def test_every_subscription_is_named_with_what_met_it() -> None:
    """Codes with their dots, groups with the Member meant, areas by name, words in quotation marks."""
    conditions = (
        Condition(part=Part.MARKET, asked="KEN", found="KEN"),
        Condition(part=Part.PRODUCT, asked="HS 8507", found="HS 850760, 850780 … +4"),
        Condition(part=Part.PRODUCT, asked="area food", found="Jelly drinks"),
        Condition(part=Part.PRODUCT, asked="ICS 67", found="ICS 67.160.20"),
        Condition(part=Part.KEYWORD, asked="jelly", found="Jelly"),
        Condition(part=Part.KEYWORD, asked="椰果", found="nata de coco"),
    )
    why = (
        WhyYou(subscription=1, name="A", grade=Grade.DIRECT, conditions=conditions),
        WhyYou(subscription=2, name="B", grade=Grade.BROAD, conditions=()),
    )
    text = mail(alert(why=why, names={"food": "Food"})).text
    assert (
        "subscription “A”: market Kenya + HS 8507 (8507.60, 8507.80 … +4) + product area Food (Jelly drinks) + "
        "ICS 67 (67.160.20) + keyword “jelly” + keyword “椰果” (“nata de coco”)"
    ) in text
    assert "subscription “B”: everything" in text


def test_gaps_are_told_in_the_words_they_were_reported_in() -> None:
    """A reader learns what was not looked at."""
    text = mail(alert(coverage=coverage(gaps=("ePing API not reached since 3 June 10:02",)))).text
    assert "your 3 sources, 61 documents in all, 1 gap." in text
    assert "Gaps: ePing API not reached since 3 June 10:02" in text
    assert "no source has been checked yet" in mail(alert(coverage=coverage(sources=0, documents=0))).text


def test_a_late_message_says_so_first() -> None:
    """Published long ago, or told only because we read it differently now."""
    old = (change(stated_on=date(2026, 1, 5)),)
    assert mail(alert(changes=old)).text.startswith(
        "Late: this was published on 5 January, 28 days before this message."
    )
    again = mail(alert(changes=old, reclassified_on=date(2026, 2, 1))).text
    assert again.startswith("Late: we reclassified this on 1 February; it was published on 5 January.")
    assert "Late" not in mail(alert()).text


def test_a_correction_says_what_was_wrong() -> None:
    """In its first line."""
    assert mail(alert(correction="The deadline we gave on 9 January was wrong.")).text.startswith(
        "Correction: The deadline we gave on 9 January was wrong."
    )


@pytest.mark.parametrize(("asked", "name"), [("fr", "French"), ("es", "Spanish"), ("pt", "your language")])
def test_a_language_we_do_not_write_gets_english_and_is_told(asked: str, name: str) -> None:
    """The reader is not left to wonder."""
    sent = mail(alert(), asked)
    assert sent.language == "en"
    assert f"This message is in English: messages in {name} are not offered yet." in sent.text


@pytest.mark.parametrize(
    ("unsubscribe", "end"),
    [
        ("https://tbtwatch.example/u", "Change or end this subscription: https://tbtwatch.example/u"),
        ("stop@tbtwatch.example", "Change or unsubscribe: stop@tbtwatch.example"),
        (
            "mailto:stop@tbtwatch.example?subject=unsubscribe%20K7x",
            "Change or unsubscribe: write to stop@tbtwatch.example with the subject “unsubscribe K7x”",
        ),
        ("", "Change or unsubscribe: answer this mail and say what you want."),
    ],
)
def test_every_mail_ends_with_how_to_end_it(unsubscribe: str, end: str) -> None:
    """A link, an address, or an answer to the mail itself."""
    sent = mail(alert(unsubscribe=unsubscribe))
    assert sent.text.rstrip().endswith(end)
    offered = sent.headers.get("List-Unsubscribe", "")
    assert offered == (f"<{unsubscribe}>" if ":" in unsubscribe else "")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_recall_is_not_called_a_draft(language: str) -> None:
    """What a regulator publishes on its own is no draft and has no comment period to be unknown."""
    sent = mail(alert(area="", comment_deadline=DateFact(), days_left=None, act_by=None), language)
    assert Words(language)("kind.publisher") in sent.text
    assert Words(language)("do.publisher") in sent.text
    assert Words(language)("status.draft") not in sent.text.splitlines()[0]
    assert Words(language)("comments_unknown") not in sent.subject
