"""--way: how each address is told, on the command line."""

from __future__ import annotations

import pytest

from tests.cli.world import World

ASK = ("subscribe", "--enterprise", "A", "--file", "me", "--email", "a@example.com", "--hs", "8507", "--language", "en")
BOTH = ("--way", "email:direct=immediate", "--way", "email:broad=weekly")


def at(shape: dict[str, object], channel: str) -> set[tuple[str, str]]:
    """The ways of a channel: grade and frequency."""
    ways = shape["ways"]
    assert isinstance(ways, list)
    return {(one["grade"], one["frequency"]) for one in ways if one["channel"] == channel}


def test_ways_are_given_shown_and_changed(tbtwatch: World) -> None:
    """A channel without any is told as --grade and --frequency say; a change leaves the others as they are."""
    started = tbtwatch(*ASK, *BOTH, "--grade", "direct", "--frequency", "daily", "--json").json
    assert started["grade"] == "broad"
    assert at(started, "email") == {("direct", "immediate"), ("broad", "weekly")}
    assert at(started, "file") == {("direct", "daily")}
    assert "email:a@example.com (direct at once; probable, broad weekly)" in tbtwatch("subscription", "show", 1).out

    changed = tbtwatch("subscription", "change", 1, "--way", "file=weekly", "--why", "so", "--json").json
    assert (changed["different"], at(changed, "file")) == (["ways"], {("broad", "weekly")})
    assert at(changed, "email") == at(started, "email")
    gone = tbtwatch("subscription", "change", 1, "--way", "none", "--frequency", "daily", "--why", "so", "--json").json
    assert (gone["ways"], gone["frequency"]) == ([], "daily")
    before = tbtwatch("subscription", "versions", 1, "--json").json[1]
    assert at(before, "file") == {("broad", "weekly")}


def test_an_address_of_its_own_ways(tbtwatch: World) -> None:
    """They take the place of those of its channel; a new address has those of the one it takes the place of."""
    own = ("--email", "b@example.com", "--way", "email:B@example.com:broad=daily")
    started = tbtwatch(*ASK, *BOTH, *own, "--json").json
    ways = {(one["target"], one["grade"], one["frequency"]) for one in started["ways"] if one["channel"] == "email"}
    assert ("b@example.com", "broad", "daily") in ways
    assert ("a@example.com", "direct", "immediate") in ways
    assert len(ways) == 3
    moved = tbtwatch(
        *(
            "subscription",
            "change",
            1,
            "--email",
            "c@example.com",
            "--email",
            "b@example.com",
            "--why",
            "moved",
            "--json",
        )
    ).json
    assert {(one["grade"], one["frequency"]) for one in moved["ways"] if one["target"] == "c@example.com"} == {
        ("direct", "immediate"),
        ("broad", "weekly"),
    }


@pytest.mark.parametrize(
    ("way", "sentence"),
    [
        ("email:dirct=weekly", "did you mean direct?"),
        ("email=often", "write immediate, daily, weekly"),
        ("telegram=daily", "it has email, file"),
        ("email", "write CHANNEL:GRADE=FREQUENCY"),
        ("email:b@example.com=weekly", "neither a grade nor an address"),
        ("email:direct=weekly", "would never be taken"),
        ("email:broad=daily", "have another frequency there already"),
    ],
)
def test_ways_that_cannot_be_are_refused_by_a_sentence(tbtwatch: World, way: str, sentence: str) -> None:
    """It says what to write instead, and nothing is started."""
    assert sentence in tbtwatch(*ASK, "--way", "email:broad=immediate", "--way", way).sentence
    assert tbtwatch("subscriptions", "--json").json == []


def test_one_frequency_for_all_is_refused_beside_ways(tbtwatch: World) -> None:
    """The sentence says how to give it."""
    tbtwatch(*ASK, *BOTH)
    assert "--way none" in tbtwatch("subscription", "change", 1, "--frequency", "daily", "--why", "so").sentence
