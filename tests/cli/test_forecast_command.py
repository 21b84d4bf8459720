"""What a question would have brought, on the command line; floods refused; starters."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.builders import a_notice
from tests.cli.conftest import write_history
from tests.cli.world import World

TODAY = date.today()  # noqa: DTZ011 - the commands look at the real clock
ASK = ("subscribe", "--enterprise", "A", "--file", "me", "--market", "KEN", "--hs", "22", "--language", "en")
MANY = tuple(
    a_notice(
        symbol=f"G/TBT/N/{member}/{place}",
        notifying_members=(member,),
        distribution_date=TODAY - timedelta(days=4 * place + 1),
        comment_deadline=TODAY - timedelta(days=4 * place - 59),  # open for comment: fourteen of Kenya's
    )
    for place in range(1, 93)
    for member in (("KEN", "UGA") if place % 3 else ("KEN",))
)


@pytest.fixture
def stocked(tbtwatch: World, tmp_path: Path) -> World:
    """A year of drinks in Kenya and Uganda."""
    path = write_history(tmp_path / "many.jsonl", MANY)
    assert tbtwatch("import", path).code == 0
    tbtwatch.set(starter="true")
    return tbtwatch


def test_a_dry_run_shows_and_saves_nothing(stocked: World) -> None:
    """The question in words, what it would have brought, how much of all it is, and ten examples with why."""
    said = stocked(*ASK, "--dry-run")

    assert (said.code, said.err) == (0, "")
    assert "Question: Markets: Kenya; products: HS 22" in said.out
    assert "It would have brought 90 messages in the last 12 months (1.7 a week on average, 2 in the busiest week)" in (
        said.out
    )
    assert "90 of the 150 measures recorded fit (60 %): 90 direct." in said.out
    assert "14 are open for comment now." in said.out
    assert said.out.count("Fits (direct): market Kenya + HS 22") == 10
    assert f"  {MANY[0].distribution_date}  G/TBT/N/KEN/1" in said.out
    assert said.out.endswith("Nothing was saved.\n")
    assert stocked("subscriptions", "--json").json == []

    shown = stocked(*ASK, "--dry-run", "--json").json
    assert (shown["dry_run"], shown["refused"], shown["forecast"]["messages"]) == (True, None, 90)
    assert len(shown["forecast"]["examples"]) == 10 and "id" not in shown


def test_a_flood_is_refused_with_its_numbers(stocked: World) -> None:
    """The sentence says how much it would have been, what would narrow it, and how to save it all the same."""
    stocked.set(most_a_week=2)
    wide = ("subscribe", "--enterprise", "A", "--file", "me", "--hs", "22", "--language", "en")
    sentence = stocked(*wide).sentence

    assert "150 messages in the last 12 months (2.9 a week on average" in sentence
    assert "more than 2 a week, TBTWATCH_MOST_A_WEEK" in sentence
    assert "only market Uganda: 60" in sentence and "--frequency weekly" in sentence and "--anyway REASON" in sentence
    assert stocked("subscriptions", "--json").json == []
    assert "It would be refused" in stocked(*wide, "--dry-run").out

    assert stocked(*wide, "--anyway", "they are an association").code == 0
    (kept,) = stocked("subscription", "show", 1, "--json").json["expected"]
    assert (kept["anyway"], kept["messages"], kept["version"]) == ("they are an association", 150, 1)
    assert "let through" in stocked("subscription", "show", 1).out
    assert stocked(*wide, "--frequency", "weekly").code == 0  # three lines in a digest are no flood


def test_a_question_that_asks_nothing_is_refused_with_its_numbers(stocked: World) -> None:
    """Also with a reason: it asks nothing."""
    nothing = ("subscribe", "--enterprise", "A", "--file", "me")
    for extra in ((), ("--anyway", "please")):
        sentence = stocked(*nothing, *extra).sentence
        assert "every measure of the world would match" in sentence
        assert "here that is 150 measures and 150 documents of the last 12 months, about 3 a week" in sentence


def test_subscribing_says_what_to_expect(stocked: World) -> None:
    """In short, on standard error; with --json in the answer. With nothing recorded it says so, and saves."""
    said = stocked(*ASK)
    assert said.out == "1\n"
    assert "It would have brought 90 messages in the last 12 months" in said.err
    assert "A first message tells what is still open for comment." in said.err
    answer = stocked(*ASK, "--exclude", "beer", "--json").json
    assert (answer["forecast"]["messages"], answer["starters"]) == (90, 1)


def test_with_nothing_recorded_it_is_saved(tbtwatch: World) -> None:
    """There is nothing to estimate from, and that is no reason to refuse."""
    said = tbtwatch(*ASK)
    assert said.out == "1\n"
    assert "there is nothing to estimate from" in said.err


def test_records_that_are_short_say_so(tbtwatch: World, tmp_path: Path) -> None:
    """Of a fortnight no year is made; of three months it is said what a year would be about."""
    assert tbtwatch("import", write_history(tmp_path / "short.jsonl", MANY[:5])).code == 0
    assert "too short to say what 12 months would be" in tbtwatch(*ASK, "--dry-run").out
    assert tbtwatch("import", write_history(tmp_path / "more.jsonl", MANY[:40])).code == 0
    assert "; 12 months would be about " in tbtwatch(*ASK, "--dry-run").out


def test_a_change_says_what_it_gains_and_loses(stocked: World) -> None:
    """Before it is made; a dry run changes nothing; one that grows into a flood is refused."""
    stocked(*ASK)
    dry = stocked("subscription", "change", 1, "--market", "UGA", "--why", "moved", "--dry-run")
    assert "it gains 60 and loses 90: 90 messages before, 60 now." in dry.out
    assert dry.out.endswith("Nothing was saved.\n")
    assert stocked("subscription", "show", 1, "--json").json["version"] == 1

    stocked.set(most_a_week=2)
    assert "--anyway REASON" in stocked("subscription", "change", 1, "--market", "", "--why", "wider").sentence
    done = stocked("subscription", "change", 1, "--market", "UGA", "--why", "moved", "--json").json
    assert (done["difference"]["gains"], done["difference"]["loses"], done["forecast"]["messages"]) == (60, 90, 60)
    named = stocked("subscription", "change", 1, "--name", "x", "--why", "a better name", "--json").json
    assert (named["forecast"], named["difference"]) == (None, None)


def test_the_starter_is_sent_and_shown(stocked: World) -> None:
    """It is delivered like any message; `why` names it; without one, nothing is sent."""
    stocked(*ASK)
    stocked(*ASK[:3], "--file", "you", *ASK[5:], "--exclude", "beer", "--no-starter")
    (owed,) = stocked("deliveries", "--json").json
    assert (owed["kind"], owed["target"]) == ("starter", "me")
    assert "14 measures are still open for comment" in owed["subject"]
    assert stocked("deliver", "--json").json["sent"] == 1
    assert "(starter)" in stocked("why", 1, "G/TBT/N/KEN/1").out
    assert "14 measures, written to file:me" in stocked("subscription", "show", 1).out
    stocked.set(starter="false")
    stocked(*ASK, "--exclude", "wine")
    assert len(stocked("deliveries", "--json").json) == 1


def test_a_product_list_that_is_a_flood_is_refused_with_its_numbers(stocked: World) -> None:
    """As a question that somebody asks by hand; with a reason it is saved, and what is to be expected is kept."""
    stocked.set(most_a_week=2)
    path = stocked.home / "list.csv"
    path.write_text("SKU,Name,HS code,Markets\n1,Drinks,2202,Kenya/Uganda\n", encoding="utf-8")
    give = ("products", "import", path, "--enterprise", "A", "--file", "me", "--language", "en", "--yes")
    said = stocked(*give)

    assert "150 messages in the last 12 months (2.9 a week on average" in said.err
    assert stocked("subscriptions", "--json").json == []
    assert stocked(*give, "--anyway", "they are an association").code == 0
    (kept,) = stocked("subscription", "show", 1, "--json").json["expected"]
    assert (kept["anyway"], kept["messages"]) == ("they are an association", 150)


def test_a_flood_that_does_not_grow_is_not_refused(stocked: World) -> None:
    """What a list or a subscription brings already may be cut without a reason; one that grows is refused."""
    head, drinks, beer = "SKU,Name,HS code,Markets\n", "1,Drinks,2202,Kenya/Uganda\n", "2,Beer,2203,Kenya/Uganda\n"
    path = stocked.home / "list.csv"
    give = ("products", "import", path, "--file", "me", "--language", "en", "--yes", "--enterprise")
    path.write_text(head + drinks + beer, encoding="utf-8")
    assert stocked(*give, "A").code == 0
    path.write_text(head + beer, encoding="utf-8")
    assert stocked(*give, "C").code == 0
    assert stocked("subscribe", "--enterprise", "B", "--file", "you", "--hs", "22").code == 0
    stocked.set(most_a_week=1)

    done = stocked("products", "remove", "2", "--enterprise", "A", "--yes", "--json").json
    assert (done["saved"], done["changed_subscriptions"]) == (True, [1])
    narrow = ("subscription", "change", 3, "--market", "KEN", "--why", "enough")
    assert stocked(*narrow, "--dry-run", "--json").json["refused"] is None
    assert stocked(*narrow).code == 0

    wide = ("subscription", "change", 3, "--market", "", "--why", "all")
    assert "more than 1 a week" in stocked(*wide).sentence
    assert "more than 1 a week" in stocked(*wide, "--dry-run", "--json").json["refused"]
    path.write_text(head + drinks + beer, encoding="utf-8")
    assert "more than 1 a week" in stocked(*give, "C").err
    assert [one["sku"] for one in stocked("products", "list", "--enterprise", "C", "--json").json] == ["2"]


def test_a_member_whose_question_is_a_flood_is_named_with_its_numbers(stocked: World) -> None:
    """A row of a file of members is judged as a question typed by hand; the others go on, and what was there stays."""
    stocked.set(most_a_week=2)
    file = stocked.home / "members.csv"
    head = "enterprise,file,market,hs,frequency\n"
    file.write_text(head + "A,a,KEN,22,immediate\nB,b,KEN;UGA,22,immediate\nC,c,KEN;UGA,22,weekly\n", encoding="utf-8")
    give = ("association", "import", "Chamber", file)

    whole = stocked(*give)
    assert "row 3: this would have been 150 messages in the last 12 months (2.9 a week on average" in whole.err
    assert "nothing was started: 1 of 3 rows are wrong; --skip-bad starts the rest" in whole.err
    assert stocked("subscriptions", "--json").json == []

    done = stocked(*give, "--skip-bad", "--json").json
    assert ([one["row"] for one in done["problems"]], len(done["started"])) == ([3], 2)
    (kept,) = stocked("subscription", "show", 1, "--json").json["expected"]
    assert (kept["messages"], kept["anyway"]) == (90, None)

    assert stocked(*give, "--anyway", "they read it all", "--json").json["known"] == 2
    stocked.set(most_a_week=1)
    again = stocked(*give, "--json").json
    assert (again["started"], again["known"], again["problems"]) == ([], 3, [])
