"""Chats that speak for an enterprise: the code that links them, and why they are told of a measure or not."""

from __future__ import annotations

import pytest

from notifiers.outcome import Outcome, Reason, Refused
from rules.classification import Grade
from subscriptions.criteria import Criteria, Frequency
from tbtwatch.bot.answers import Answers
from tbtwatch.bot.codes import MOST_CHATS, MOST_WRONG, WrongCodes, typed_code
from tbtwatch.pipeline.overriding import end_override, override
from tbtwatch.pipeline.telling import tell
from tbtwatch.storage.consequences import Decision
from tests.bot.world import ENTERPRISE, add_code, eu_batteries, shown, to_chat
from tests.builders import NOW
from tests.pipeline.service import SmallService
from watcher.measure import ChangeKind

# --- linking


@pytest.mark.parametrize(
    "typed", ["ABCD-EFGH", "abcd-efgh", " abcd efgh ", "abcdefgh", "ＡＢＣＤ－ＥＦＧＨ", "ABCD—EFGH", "“abcd-efgh”"]
)
def test_a_code_survives_how_it_is_typed(typed: str) -> None:
    """Lower case, blanks, no dash, another dash, full width."""
    assert typed_code(typed) == "ABCD-EFGH"


def test_a_code_links_a_chat_once(own: SmallService) -> None:
    """Whoever sends it first; the second is told to ask for a new one."""
    answers = Answers(own.desk)
    add_code(own)
    first = shown(answers.start("9", "abcd efgh", "zh"))
    assert first[0] == f"关联成功：本聊天现代表企业 {ENTERPRISE}，该企业有 2 个订阅。"
    assert shown(answers.start("10", "ABCD-EFGH", "zh"))[0].startswith("关联码有误")
    assert shown(answers.start("9", "", "en"))[-1] == f"This chat speaks for {ENTERPRISE}."
    assert ENTERPRISE not in "\n".join(shown(answers.start("10", "", "en")))


def test_a_code_is_good_for_a_day(own: SmallService) -> None:
    """Not longer."""
    add_code(own)
    own.clock.turn(hours=24)
    assert shown(Answers(own.desk).start("9", "ABCD-EFGH", "en"))[0].startswith("This code is wrong")


def test_after_ten_wrong_codes_a_chat_waits_an_hour(own: SmallService) -> None:
    """Also with the right one, which stays good; other chats do not wait."""
    answers = Answers(own.desk)
    add_code(own)
    for _ in range(MOST_WRONG):
        assert shown(answers.start("9", "WRON-GONE", "en"))[0].startswith("This code is wrong")
    assert shown(answers.start("9", "ABCD-EFGH", "en")) == [
        "Too many wrong codes came from this chat. Try again after 21:07."
    ]
    assert shown(answers.start("10", "WRON-GONE", "zh"))[0].startswith("关联码有误")
    own.clock.turn(minutes=61)
    assert shown(answers.start("9", "ABCD-EFGH", "en"))[0].startswith("Done: this chat now speaks for")


def test_wrong_codes_are_remembered_for_so_many_chats_only() -> None:
    """A crowd of chats costs no memory without end."""
    wrong = WrongCodes()
    for chat in range(MOST_CHATS + 50):
        wrong.add(str(chat), NOW)
    assert len(wrong._wrong) == MOST_CHATS


def test_a_linked_chat_is_known_by_its_name(own: SmallService) -> None:
    """As its program shows it, until it is unlinked; a chat that moves takes it along; who linked it is on record."""
    answers = Answers(own.desk)
    add_code(own)
    answers.start("9", "ABCD-EFGH", "en", "Drinks & Co")
    with own.storage.begin() as tx:
        number = tx.chats.enterprise_of("telegram", "9")
        assert number is not None
        tx.chats.move("telegram", "9", "-1009", now=own.clock())
        (chat,) = tx.chats.of_enterprises("telegram", [number])
        assert (chat.chat, chat.name, chat.linked) == ("-1009", "Drinks & Co", True)
        assert [one.about for one in tx.audit.list(deed="chat.link")] == [f"enterprise {number}"]
        assert tx.chats.unlink("telegram", "-1009", enterprise_id=number + 1) is False
        assert tx.chats.unlink("telegram", "-1009", enterprise_id=number) is True
        assert tx.chats.of_enterprises("telegram", [number]) == []
        assert tx.chats.language_of("telegram", "-1009") == "en"


# --- /why


def test_why_names_each_subscription_of_a_linked_enterprise(own: SmallService) -> None:
    """Told or not, and why not."""
    add_code(own)
    answers = Answers(own.desk)
    answers.start("9", "ABCD-EFGH", "zh")
    assert shown(answers.why("9", "KEN/1514", "zh"))[:-1] == [
        "肯尼亚 · Jelly drinks - Specification",
        "G/TBT/N/KEN/1514",
        "共 2 个订阅，其中 1 个符合。",
        "✓ East African drinks：符合（直接相关）：市场 肯尼亚 + HS 22（HS 220299）。",
        "    3月2日已告知：新措施、评议截止日期变更。",
        "✗ EU batteries：不符合：市场 —— 您订阅 欧盟，本措施来自 肯尼亚。",
    ]
    assert "    Waits for the next weekly digest: new measure." in shown(answers.why("9", "EU/1200", "en"))
    assert any("first read or imported" in line for line in shown(answers.why("9", "KEN/1400", "en")))


def test_what_was_taken_back_and_what_came_late_is_said(own: SmallService) -> None:
    """As staff decided after somebody said otherwise."""
    add_code(own)
    answers = Answers(own.desk)
    answers.start("9", "ABCD-EFGH", "en")
    own.clock.turn(seconds=1)
    said = {"grade": Grade.DIRECT, "reason": "No battery.", "by": "Li Na", "desk": own.desk}
    done = override("EU/1200", add=[], remove=["area:batteries"], **said)  # type: ignore[arg-type]
    tell(desk=own.desk, by="Li Na", correction=Decision.NOW)
    taken = "    Taken back on 2 March, it does not concern this subscription: new measure."
    assert taken in shown(answers.why("9", "EU/1200", "en"))
    own.clock.turn(seconds=1)
    end_override(done.overrides[0].id, by="Li Na", reason="It has one.", desk=own.desk)
    tell(desk=own.desk, by="Li Na", late=Decision.NOW)
    own.deliver()
    late = "    Told on 2 March, late, after we classified it anew: new measure."
    assert late in shown(answers.why("9", "EU/1200", "en"))


def test_a_chat_that_is_told_may_ask_why(own: SmallService) -> None:
    """A subscription answered in this chat is enough; a strange chat learns nothing."""
    own.subscribe(
        enterprise="Yiwu Cells", name="Cells", criteria=Criteria(hs=frozenset({"8507"})), addresses=to_chat("77")
    )
    answers = Answers(own.desk)
    lines = shown(answers.why("77", "EU/1200", "en"))
    assert lines[2] == "It fits 1 of 1 subscription."
    assert lines[4] == "    Not told: all its news is older than the subscription (of 2 March)."
    assert shown(answers.why("78", "EU/1200", "en"))[0].startswith("This chat has no subscription")


def test_news_of_a_kind_nobody_asked_for_is_the_reason(own: SmallService) -> None:
    """The subscription fits, its list of changes does not."""
    criteria = Criteria(markets=frozenset({"EU"}), changes=frozenset({ChangeKind.WITHDRAWN}))
    own.subscribe(name="Withdrawals", criteria=criteria, addresses=to_chat("77"))
    own.poll([eu_batteries(symbol="G/TBT/N/EU/1300", title="Lamps", products_covered="Lamps")])
    assert any(
        line.startswith("    Not told: Does not fit: kind of change")
        for line in shown(Answers(own.desk).why("77", "EU/1300", "en"))
    )


def test_what_could_not_be_delivered_was_not_told(own: SmallService) -> None:
    """An address that refuses its mail; a digest that went out counts as told."""

    def refuse(_: object) -> Outcome:
        return Refused(reason=Reason.RECIPIENT_UNKNOWN, detail="no such mailbox")

    own.subscribe(name="Refused", criteria=Criteria(markets=frozenset({"EU"})), addresses=to_chat("77"))
    own.poll([eu_batteries(symbol="G/TBT/N/EU/1300")])
    answers = Answers(own.desk)
    assert any("Being sent: new measure" in line for line in shown(answers.why("77", "EU/1300", "en")))
    own.notifier.answer = refuse
    own.subscribe(name="By mail", enterprise="Yiwu", criteria=Criteria(markets=frozenset({"JPN"})))
    own.poll([eu_batteries(symbol="G/TBT/N/JPN/5", notifying_members=("JPN",))])
    own.deliver()
    add_code(own, "YIWU-YIWU", "Yiwu")
    answers.start("11", "YIWU-YIWU", "en")
    assert any("not delivered: new measure" in line for line in shown(answers.why("11", "JPN/5", "en")))


def test_an_enterprise_with_many_subscriptions_gets_one_message(own: SmallService) -> None:
    """Those that fit first, the rest counted."""
    for n in range(40):
        own.subscribe(
            name=f"<{n}> " + "x" * 300, criteria=Criteria(hs=frozenset({f"{22 + n}"})), addresses=to_chat("77")
        )
    lines = shown(Answers(own.desk).why("77", "KEN/1514", "zh"))
    assert lines[2] == "共 40 个订阅，其中 1 个符合。" and lines[3].startswith("✓ <0> x")
    assert any(line.startswith("……另有 28 个订阅") for line in lines)


def test_an_ended_subscription_is_not_listed(own: SmallService) -> None:
    """A chat whose last subscription ended has none."""
    one = own.subscribe(name="Ended", frequency=Frequency.DAILY, enterprise="Gone", addresses=to_chat("77"))
    add_code(own, "GONE-GONE", "Gone")
    answers = Answers(own.desk)
    answers.start("77", "gonegone", "en")
    with own.storage.begin() as tx:
        tx.subscriptions.end(one.id, reason="asked", now=own.clock())
    assert shown(answers.why("77", "KEN/1514", "en")) == [
        "This chat's enterprise has no live subscription, so it is told of nothing."
    ]


# --- /handled


def test_a_chat_says_that_its_enterprise_has_dealt_with_a_measure(own: SmallService) -> None:
    """With what was done and from where; a strange chat changes nothing; it is taken back as easily."""
    add_code(own)
    answers = Answers(own.desk)
    assert shown(answers.handled("9", "KEN/1514 done", "en"))[0].startswith("This chat has no subscription")
    answers.start("9", "ABCD-EFGH", "en")
    (line,) = shown(answers.handled("9", "KEN/1514 comments sent", "en"))
    with own.storage.look() as tx:
        (said,) = tx.reminders.handled()

    assert line.startswith(f"{said.enterprise} has dealt with G/TBT/N/KEN/1514: no more reminders of it")
    assert (said.by, said.why) == ("chat 9", "comments sent")
    assert shown(answers.handled("9", "KEN/1514 撤销", "zh")) == [
        f"{said.enterprise}对 G/TBT/N/KEN/1514 的处理标记已撤销。"
    ]
    assert "had not dealt with" in shown(answers.handled("9", "KEN/1514 undo", "en"))[0]
    assert shown(answers.handled("9", "", "en"))[0].startswith("Send the symbol along")
    with own.storage.look() as tx:
        assert tx.reminders.handled() == []
