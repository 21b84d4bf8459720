"""subscription show, change, versions, snooze, mute, resume; digest runs and resend; rhythms on the command line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.world import World

ASK = ("subscribe", "--enterprise", "A", "--file", "me", "--hs", "22", "--market", "KEN", "--language", "en")
TOMORROW = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()


def test_a_subscription_is_changed_and_its_versions_listed(tbtwatch: World) -> None:
    """A condition that is given takes the place of the one there was; empty drops it; the rest stays."""
    assert tbtwatch(*ASK).out == "1\n"
    done = tbtwatch(
        *("subscription", "change", 1, "--hs", "", "--area", "toys", "--frequency", "weekly", "--by", "Li Na"),
        *("--weekday", "fri", "--quiet", "22:00-07:00", "--zone", "Europe/Paris", "--why", "other goods", "--json"),
    ).json
    assert (done["version"], done["hs"], done["areas"], done["markets"]) == (2, [], ["toys"], ["KEN"])
    assert done["different"] == ["criteria", "frequency", "rhythm"]
    assert (done["rhythm"]["weekday"], done["rhythm"]["quiet_from"], done["rhythm"]["zone"]) == (
        4,
        "22:00:00",
        "Europe/Paris",
    )
    again = tbtwatch("subscription", "change", 1, "--frequency", "weekly", "--why", "the same")
    assert "nothing was changed" in again.out

    now, before = tbtwatch("subscription", "versions", 1, "--json").json
    assert (before["version"], before["hs"], before["why"], before["by"]) == (1, ["22"], "other goods", "Li Na")
    assert (now["version"], now["since"], now["until"], now["why"]) == (2, before["until"], None, "")
    assert "other goods (Li Na)" in tbtwatch("subscription", "versions", 1).out
    shown = tbtwatch("subscription", "show", 1, "--json").json
    assert (shown["version"], shown["ledger"], shown["pauses"], shown["waiting_for_digest"]) == (2, [], [], 0)
    assert datetime.fromisoformat(shown["covered_until"]) <= datetime.now(UTC)
    assert "weeks from friday" in tbtwatch("subscription", "show", 1).out


def test_a_channel_that_is_named_has_these_addresses(tbtwatch: World) -> None:
    """The others keep theirs, and somebody is to be told in the end."""
    tbtwatch(*ASK, "--email", "a@example.com")
    changed = tbtwatch("subscription", "change", 1, "--email", "b@example.com", "--why", "moved", "--json").json
    assert changed["addresses"] == [
        {"channel": "email", "target": "b@example.com"},
        {"channel": "file", "target": "me"},
    ]
    assert tbtwatch("subscription", "change", 1, "--file", "", "--why", "moved", "--json").json["addresses"] == [
        {"channel": "email", "target": "b@example.com"}
    ]
    assert "nobody would be told" in tbtwatch("subscription", "change", 1, "--email", "", "--why", "gone").sentence


def test_silence(tbtwatch: World) -> None:
    """Snoozed, shown, and told again."""
    tbtwatch(*ASK)
    paused = tbtwatch(
        "subscription", "snooze", 1, "--until", TOMORROW, "--why", "leave", "--by", "Li Na", "--json"
    ).json
    assert (paused["subscription"], paused["symbol"], paused["by"]) == (1, None, "Li Na")
    assert [one["why"] for one in tbtwatch("subscription", "show", 1, "--json").json["pauses"]] == ["leave"]
    assert "told nothing until" in tbtwatch("subscription", "snooze", 1, "--until", TOMORROW, "--why", "x").out
    assert "is told again; 0 pieces" in tbtwatch("subscription", "resume", 1).out
    assert "not paused" in tbtwatch("subscription", "resume", 1).sentence


def test_digest_runs_and_one_sent_again(tbtwatch: World) -> None:
    """A digest that says there is nothing new is a run; it is sent again to who got it, and to nobody else."""
    tbtwatch(*ASK, "--frequency", "daily", "--tell-nothing-new")
    (written,) = tbtwatch("digest", "--window", "today", "--json").json
    assert (written["digests"], written["alerts"], written["zone"]) == (1, 0, "")
    (run,) = tbtwatch("digest", "runs", "--json").json
    assert (run["run"], run["frequency"], run["digests"]) == (written["run"], "daily", 1)
    assert "has not gone out yet" in tbtwatch("digest", "resend", run["run"], "me").sentence
    assert tbtwatch("deliver", "--json").json["sent"] == 1
    again = tbtwatch("digest", "resend", run["run"], "me", "--json").json
    assert tbtwatch("deliver", "--json").json["sent"] == 1
    second, first = tbtwatch("deliveries", "--json").json
    assert (first["kind"], second["kind"], second["id"]) == ("digest", "resend", again["delivery"])
    assert first["message_id"] == second["message_id"] == again["message_id"]
    assert "it wrote to me" in tbtwatch("digest", "resend", run["run"], "you").sentence
    assert "daily" in tbtwatch("digest", "runs").out


def test_a_measure_is_muted(stocked: World) -> None:
    """By its symbol, as people write it; ended by it too."""
    stocked(*ASK)
    muted = stocked("subscription", "mute", 1, "KEN/1514", "--until", TOMORROW, "--why", "handled", "--json").json
    assert (muted["symbol"], muted["why"]) == ("KEN/1514", "handled")
    assert "muted about G/TBT/N/KEN/1514" in stocked("subscription", "show", 1).out
    assert stocked("subscription", "show", 1, "--json").json["pauses"][0]["symbol"] == "G/TBT/N/KEN/1514"
    assert stocked("subscription", "resume", 1, "KEN/1514", "--json").json["news"] == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("subscription", "show", "9"), "no subscription 9"),
        (("subscription", "change", "9", "--why", "x"), "no subscription 9"),
        (("subscription", "change", "1", "--why", " "), "needs its reason"),
        (("subscription", "change", "1", "--why", "x", "--frequency", "hourly"), "--frequency 'hourly'"),
        (("subscription", "change", "1", "--why", "x", "--language", "fr"), "zh or en"),
        (("subscription", "change", "1", "--why", "x", "--zone", "Mars"), "no time zone"),
        (("subscription", "change", "1", "--why", "x", "--quiet", "late"), "22:00-07:00"),
        (("subscription", "change", "1", "--why", "x", "--digest-at", "noon"), "09:00"),
        (("subscription", "change", "1", "--why", "x", "--weekday", "someday"), "monday"),
        (("subscription", "change", "1", "--why", "x", "--holidays", "ZZ"), "like CN or FR"),
        (("subscription", "snooze", "1", "--until", "soon", "--why", "x"), "2026-10-09"),
        (("subscription", "snooze", "1", "--until", "2026-01-02", "--why", "x"), "has begun"),
        (("subscription", "snooze", "1", "--until", "2026-01-02", "--why", ""), "--why is empty"),
        (("digest", "resend", "7", "me"), "no digest run 7"),
        ((*ASK[:-2], "--quiet", "7"), "22:00-07:00"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(tbtwatch: World, words: tuple[str, ...], says: str) -> None:
    """And the sentence tells what to write."""
    tbtwatch(*ASK)
    assert says in tbtwatch(*words).sentence
