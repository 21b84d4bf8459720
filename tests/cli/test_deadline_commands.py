"""remind, handled and feed: as they are typed."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from tests.cli.world import World

OPEN = "G/TBT/N/VNM/55"  # open for twenty days more, whatever today is
TOYS = ("--enterprise", "Xiamen Toys", "--file", "toys", "--hs", "95", "--language", "en")


def answered(world: World, *words: str) -> dict[str, object]:
    """What a command prints as JSON."""
    found: dict[str, object] = json.loads(world(*words, "--json").out)
    return found


def test_reminders_are_asked_for_when_subscribing(stocked: World) -> None:
    """They are shown with what comes next; fewer or none are asked for later, with who and why."""
    assert stocked("subscribe", *TOYS, "--remind", "3, 1").code == 0
    found = answered(stocked, "remind", "1")
    (coming,) = found["coming"]  # type: ignore[misc]

    assert (found["days"], found["why"]) == ([3, 1], "asked when subscribing")
    deadline = date.today() + timedelta(days=20)  # noqa: DTZ011 - as the history has it
    assert (coming["comment_deadline"], coming["act_by"]) == (
        deadline.isoformat(),
        (deadline - timedelta(days=14)).isoformat(),
    )
    assert str(coming["next"]).startswith((deadline - timedelta(days=17)).isoformat())
    changed = answered(stocked, "remind", "1", "--days", "none", "--by", "Li", "--why", "too many")
    assert (changed["days"], changed["coming"]) == ([], [])
    assert "is not reminded" in stocked("remind", "1").out
    assert "3, 1 days before each act-by date" in stocked("remind", "1", "--days", "3,1").out


def test_what_is_dealt_with_is_said_and_taken_back(stocked: World) -> None:
    """By whom and why; saying it again changes nothing."""
    stocked("subscribe", *TOYS, "--remind", "3")
    words = ("handled", OPEN, "--enterprise", "Xiamen Toys")
    first = answered(stocked, *words, "--by", "Li Na", "--why", "comments sent")
    again = stocked(*words, "--why", "twice")

    assert (first["handled"], first["new"], first["by"]) == (True, True, "Li Na")
    assert "It had said so before: Li Na, “comments sent”." in again.err
    assert answered(stocked, "remind", "1")["coming"][0]["handled"] is True  # type: ignore[index]
    assert "is open again" in stocked(*words, "--why", "not sent", "--undo").out
    assert "had not dealt with" in stocked(*words, "--why", "not sent", "--undo").out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("subscribe", *TOYS, "--remind", "soon"), "--remind 'soon' are no days; write 30,14,3"),
        (("remind", "7", "--days", "3"), "there is no subscription 7"),
        (("handled", OPEN, "--enterprise", "Nobody", "--why", "x"), "there is no enterprise 'Nobody'"),
        (("handled", "G/TBT/N/KEN/1", "--enterprise", "Nobody", "--why", "x"), "G/TBT/N/KEN/1"),
        (("handled", OPEN, "--enterprise", "A", "--why", " "), "--why is empty"),
        (("feed", "new", "--enterprise", "Nobody"), "there is no enterprise 'Nobody'"),
        (("feed", "revoke", "9", "--why", "x"), "there is no feed 9"),
    ],
)
def test_a_mistake_is_a_sentence(stocked: World, words: tuple[str, ...], says: str) -> None:
    """And changes nothing."""
    done = stocked(*words)

    assert done.code == 2 and says in done.err


def test_a_link_is_shown_once(stocked: World) -> None:
    """The list has no link in it; revoking is kept with its reason."""
    stocked("subscribe", *TOYS)
    made = answered(stocked, "feed", "new", "--enterprise", "Xiamen Toys", "--subscription", "1", "--by", "Li")
    token = str(made["calendar"]).rpartition("/")[2].removesuffix(".ics")
    plain = stocked("feed", "new", "--enterprise", "Xiamen Toys")

    assert len(token) >= 43 and str(made["atom"]).endswith(f"/f/{token}.atom")
    assert "set TBTWATCH_WEB_PORT" in plain.err
    listed = stocked("feed", "list")
    assert token not in listed.out and "Xiamen Toys" in listed.out
    assert "shows nothing any more" in stocked("feed", "revoke", "1", "--why", "left", "--by", "Wu").out
    assert "revoked before" in stocked("feed", "revoke", "1", "--why", "left").out
    assert "by Wu: left" in " ".join(stocked("feed", "list").out.split())
