"""`measure`, `measures`, `why` and `unsubscribe` as people type them and read them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.builders import a_notice
from tests.cli.conftest import write_history
from tests.cli.world import World

SOON = date.today() + timedelta(days=20)  # noqa: DTZ011 - still open, whatever today is
ASK = ("subscribe", "--enterprise", "N", "--market", "KEN", "--hs", "22")


@pytest.mark.parametrize("typed", ["KEN/1514", "ken 1514", "TBT/KEN/1514", "tbt ken 1514", "G/TBT/N/KEN/1514/Add.1"])
def test_short_forms_are_taken(stocked: World, typed: str) -> None:
    """As the bot takes them; `why` does too."""
    assert stocked("measure", typed, "--json").json["symbol"] == "G/TBT/N/KEN/1514"
    stocked(*ASK, "--file", "me")
    assert stocked("why", 1, typed, "--json").json["symbols"] == ["G/TBT/N/KEN/1514"]


def test_a_slip_is_answered_with_what_is_near(stocked: World) -> None:
    """In one sentence."""
    assert "did you mean G/TBT/N/KEN/1514?" in stocked("measure", "KEN/1541").sentence


def test_a_document_that_is_not_recorded_is_said_to_be_so(stocked: World) -> None:
    """Before the measure that it would belong to; for scripts by its symbol."""
    lines = stocked("measure", "KEN/1514/Add.9").out.splitlines()
    assert lines[0].startswith("The document G/TBT/N/KEN/1514/Add.9 is not recorded here.")
    assert "Jelly drinks - Specification" in lines
    assert stocked("measure", "KEN/1514/Add.9", "--json").json["not_recorded"] == "G/TBT/N/KEN/1514/Add.9"
    assert stocked("measure", "KEN/1514/Add.1", "--json").json["not_recorded"] is None
    assert "not recorded" not in stocked("measure", "KEN/1514").out
    stocked(*ASK, "--file", "me")
    assert stocked("why", 1, "KEN/1514/Add.9").out.startswith("此处未收录文件 G/TBT/N/KEN/1514/Add.9。")


def test_only_drafts_are_open_for_comments(tbtwatch: World) -> None:
    """What was withdrawn or adopted before its deadline is not commented on any more."""
    notices = [a_notice(symbol=f"G/TBT/N/KEN/{number}", comment_deadline=SOON) for number in (1, 2, 3)]
    notices += [
        a_notice(
            symbol=f"G/TBT/N/KEN/{number}/Add.1",
            type="addendum",
            content_summary=text,
            addendum_reason=text,
            comment_deadline=SOON,
            distribution_date=date(2026, 1, 20),
        )
        for number, text in ((2, "The notified measure has been withdrawn."), (3, "The measure was adopted."))
    ]
    tbtwatch("import", write_history(tbtwatch.home / "h.jsonl", tuple(notices)))
    every = {one["symbol"]: one["status"] for one in tbtwatch("measures", "--json").json}
    assert sorted(every.values()) == ["adopted", "draft", "withdrawn"]
    assert [one["status"] for one in tbtwatch("measures", "--open", "--json").json] == ["draft"]


def test_a_measure_without_a_title_is_called_by_what_it_is_about(tbtwatch: World) -> None:
    """Not by a code, nor by a tariff's line without its heading."""
    notices = (
        a_notice(symbol="G/TBT/N/KEN/1", title="(HS code(s): 2505)", products_covered="(HS code(s): 2505)"),
        a_notice(symbol="G/TBT/N/KEN/2", title="- Other fruit; nuts", products_covered=""),
    )
    tbtwatch("import", write_history(tbtwatch.home / "h.jsonl", notices))
    for number in (1, 2):
        assert tbtwatch("measure", f"KEN/{number}").out.startswith("This draft standard lays down requirements")
    listed = tbtwatch("measures").out
    assert listed.count("This draft standard") == 2 and "2505)" not in listed and "- Other" not in listed


def test_a_later_document_alone_is_not_called_new(tbtwatch: World) -> None:
    """What happened begins with what it is."""
    addendum = a_notice(symbol="G/TBT/N/KEN/7/Add.1", type="addendum", content_summary="Guidance.")
    tbtwatch("import", write_history(tbtwatch.home / "h.jsonl", (addendum,)))
    out = tbtwatch("measure", "KEN/7").out
    assert "addendum (earlier documents not recorded here)" in out and "new measure" not in out


@pytest.mark.parametrize(("language", "says", "not_said"), [("zh", "未告知", "Not told"), ("en", "Not told", "符合")])
def test_why_speaks_one_language(stocked: World, language: str, says: str, not_said: str) -> None:
    """The subscription's, from the first line to the last."""
    stocked(*ASK, "--file", "me", "--language", language)
    out = stocked("why", 1, "KEN/1514").out
    assert says in out and not_said not in out and "Nothing was told" not in out


def test_subscriptions_are_shown_by_the_name_that_mails_use(stocked: World) -> None:
    """So that a caller and the operator speak of the same one."""
    stocked(*ASK, "--file", "me", "--name", "东非饮料")
    assert "东非饮料" in stocked("subscriptions").out


def test_unsubscribe_says_what_it_ended_and_what_goes_on(stocked: World) -> None:
    """What goes on is a note, with the command that ends it."""
    stocked(*ASK, "--email", "a@example.com", "--name", "First")
    stocked("subscribe", "--enterprise", "N", "--market", "VNM", "--email", "a@example.com", "--name", "Second")
    said = stocked("unsubscribe", "1", "--reason", "sold")
    assert said.out == "Subscription 1 “First” of N has ended: sold.\n"
    assert said.err == "Subscription 2 “Second” goes on for a@example.com; `tbtwatch unsubscribe 2` ends it.\n"
    assert "neither a subscription's number nor the code" in stocked("unsubscribe", "unsubscribe 2").sentence


def test_measures_are_listed_by_the_name_of_an_area(stocked: World) -> None:
    """As a subscription takes it; what is near is named, and a sector is none."""
    by_key, by_name = (
        stocked("measures", "--area", "toys", "--json").json,
        stocked("measures", "--area", "玩具", "--json").json,
    )
    assert by_key and by_key == by_name
    assert "'toyz' is not a product area; did you mean toys" in stocked("measures", "--area", "toyz").sentence
