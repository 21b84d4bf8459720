"""What scripts read: the keys of each command's --json, on standard output and nothing else there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.cli.conftest import write_history
from tests.cli.world import World

MEASURE = {
    "id",
    "symbol",
    "symbols",
    "issuer",
    "domain",
    "title",
    "content_summary",
    "products_covered",
    "notifying_members",
    "markets",
    "hs_codes",
    "ics_codes",
    "objectives",
    "responsible_agency",
    "legal_basis",
    "status",
    "comment_deadline",
    "proposed_adoption",
    "proposed_entry_into_force",
    "adopted_on",
    "published_on",
    "in_force_on",
    "first_distributed",
    "last_distributed",
    "language",
    "areas",
    "ruleset_version",
    "being_reclassified",
    "notices",
    "links",
    "page",
}
DATE = {"value", "quality", "precision", "wording", "rule", "doubt"}
CHANGE = {"kind", "symbols", "field", "old", "new", "stated_on", "quote"}
SUBSCRIPTION = {
    "id",
    "version",
    "enterprise",
    "name",
    "markets",
    "hs",
    "ics",
    "areas",
    "keywords",
    "exclusions",
    "grade",
    "changes",
    "kinds",
    "stages",
    "objectives",
    "schemes",
    "duties",
    "standards",
    "agencies",
    "sources",
    "measures",
    "frequency",
    "language",
    "addresses",
    "ways",
    "rhythm",
    "since",
    "started_at",
    "ended_at",
    "end_reason",
}
DELIVERY = {
    "id",
    "kind",
    "channel",
    "target",
    "subject",
    "message_id",
    "state",
    "attempts",
    "due_at",
    "reason",
    "detail",
    "created_at",
    "ended_at",
    "measure",
}
POLL = {"source", "status", "notices", "new", "changed", "unchanged", "unreadable", "seeding", "held", "error"}
ASK = ("subscribe", "--enterprise", "Ningbo", "--email", "a@example.com", "--market", "KEN", "--hs", "22")


def keys(said: Any) -> set[str]:
    """The keys of an object, or those that all objects of a list have in common."""
    if isinstance(said, dict):
        return set(said)
    assert said, "an empty list shows no keys"
    assert all(set(one) == set(said[0]) for one in said)
    return set(said[0])


def test_init(tbtwatch: World) -> None:
    """The database, the version of the rules, and a sentence for each thing that is missing."""
    said = tbtwatch("init", "--json").json
    assert keys(said) == {"database", "rules", "not_configured"}
    assert said["rules"] == 1
    assert any("TBTWATCH_SMTP_HOST" in sentence for sentence in said["not_configured"])
    assert tbtwatch("init", "--json").json == said


def test_import_counts_notices(tbtwatch: World) -> None:
    """New at first, unchanged at the second time; measures are threads."""
    file = write_history(tbtwatch.home / "history.jsonl")
    assert tbtwatch("import", file, "--json").json == {
        "file": "history.jsonl",
        "notices": 4,
        "new": 4,
        "changed": 0,
        "unchanged": 0,
        "unreadable": 0,
        "measures": 3,
        "skipped": 0,
        "alerts": 0,
        "held": None,
    }
    again = tbtwatch("import", file, "--json").json
    assert (again["new"], again["unchanged"], again["measures"]) == (0, 4, 0)


def test_measures_and_measure(stocked: World) -> None:
    """A list of measures; one measure with its notices, its history, and what was noticed of it."""
    listed = stocked("measures", "--json").json
    assert keys(listed) == MEASURE
    assert [one["symbol"] for one in listed] == ["G/TBT/N/KEN/1514", "G/TBT/N/VNM/55", "G/TBT/N/BRA/9"]
    one = stocked("measure", "g/tbt/n/ken/1514", "--json").json
    more = {"changes", "documents", "news", "not_recorded", "findings", "urgency", "overrides"}
    assert keys(one) == MEASURE | more
    assert keys(one["notices"]) == {
        "symbols",
        "type",
        "distribution_date",
        "title",
        "content_summary",
        "comment_deadline",
        "links",
        "page",
    }
    assert keys(one["changes"]) == CHANGE
    assert keys(one["news"]) == CHANGE | {"noticed_at", "silent"}
    assert all(keys(one[name]) == DATE for name in ("comment_deadline", "in_force_on"))
    assert [change["kind"] for change in one["changes"]] == ["new_measure", "deadline_moved"]
    assert one["comment_deadline"]["value"] == "2026-04-10"
    assert keys(one["areas"]) == {"area", "grade", "evidence", "note"}
    assert keys(one["areas"][0]["evidence"]) == {"rule", "field", "quotes", "grade", "through"}
    assert keys(one["findings"]) == {"facet", "value", "name", "grade", "note", "evidence"}
    assert ("market", "KEN") in {(found["facet"], found["value"]) for found in one["findings"]}
    assert keys(one["urgency"]) == {"level", "why", "days_to_comment", "days_to_force"}


def test_subscriptions(stocked: World) -> None:
    """`subscribe` gives the whole subscription and whether it is new, `subscriptions` a list of them."""
    made = stocked(*ASK, "--json").json
    assert keys(made) == SUBSCRIPTION | {"new", "forecast", "starters"}
    assert (made["new"], made["starters"]) == (True, 0)
    assert (made["markets"], made["hs"], made["frequency"], made["language"]) == (["KEN"], ["22"], "immediate", "zh")
    again = stocked(*ASK, "--email", "b@example.com", "--json").json
    assert (again["id"], again["new"]) == (made["id"], False)
    assert [one["target"] for one in again["addresses"]] == ["a@example.com", "b@example.com"]
    assert keys(stocked("subscriptions", "--json").json) == SUBSCRIPTION
    assert stocked("unsubscribe", made["id"], "--reason", "sold").code == 0
    assert stocked("subscriptions", "--json").json == []
    (ended,) = stocked("subscriptions", "--all", "--json").json
    assert ended["end_reason"] == "sold" and datetime.fromisoformat(ended["ended_at"]).tzinfo is not None


def test_why_both_ways(stocked: World) -> None:
    """A measure that fits shows its conditions and why nothing was told; one that does not, what failed first."""
    number = stocked(*ASK, "--json").json["id"]
    common = {
        "subscription",
        "measure",
        "symbols",
        "matches",
        "sentence",
        "told",
        "outcome",
        "followed",
        "not_recorded",
    }
    fits = stocked("why", number, "G/TBT/N/KEN/1514", "--json").json
    assert fits["matches"] is True
    assert keys(fits) >= common | {"conditions", "grade"}
    assert keys(fits["conditions"]) == {"part", "asked", "found", "grade", "field", "inferred"}
    assert "首次读取或导入来源" in fits["outcome"]  # in the subscription's language, as its sentence
    other = stocked("why", number, "G/TBT/N/VNM/55", "--json").json
    assert keys(other) >= common | {"failed", "asked", "found"}
    assert (other["matches"], other["failed"], other["outcome"]) == (False, "market", "")


def test_deliver_deliveries_digest_recover(stocked: World) -> None:
    """What was done, what is owed, which windows were written, what had been left lying."""
    done = stocked("deliver", "--json").json
    assert keys(done) == {"sent", "again", "refused", "expired", "waiting", "stopped"}
    assert stocked("deliveries", "--json").json == []
    assert stocked("digest", "--json").json == []
    (window,) = stocked("digest", "--window", "this-week", "--json").json
    assert keys(window) == {"frequency", "zone", "run", "starts_at", "ends_at", "digests", "alerts"}
    assert (window["frequency"], window["digests"]) == ("weekly", 0)
    assert keys(stocked("recover", "--json").json) == {
        "measures",
        "alerts",
        "leases",
        "windows",
        "broken",
        "reclassified",
        "tried",
        "reminders",
        "starters",
    }


def test_poll_and_sources(stocked: World) -> None:
    """A poll's counts for each source; a source without its key rests, one that does not answer has failed."""
    (resting,) = stocked("poll", "--json").json
    assert keys(resting) == POLL
    assert resting["status"] == "resting" and "TBTWATCH_EPING_KEY" in resting["error"]
    stocked.set(eping_key="k", allow_addresses="127.0.0.1:1")
    (failed,) = stocked("poll", "api", "--json").json
    assert failed["status"] == "failed" and failed["error"]
    sources = stocked("sources", "--json").json
    assert keys(sources) == {
        "source",
        "kind",
        "title",
        "market",
        "enabled",
        "state",
        "since",
        "why",
        "last_new",
        "expected_per_week",
        "status",
        "error",
        "every_minutes",
        "polled_at",
        "succeeded_at",
        "next_poll_at",
        "failures",
        "high_water",
        "seeded",
        "moved",
    }
    assert [(one["source"], one["state"]) for one in sources] == [("api", "late"), ("off", "resting")]
    shown = stocked("sources", "show", "api", "--json").json
    assert set(shown) == {*keys(sources), "polls", "gaps", "documents"}
    assert [(poll["status"], poll["cause"], poll["new"]) for poll in shown["polls"]] == [("failed", "unreachable", 0)]
    assert shown["polls"][0]["error"] == failed["error"] and shown["gaps"] == []
    assert [(one["source"], one["status"], one["failures"]) for one in sources] == [
        ("api", "failed", 1),
        ("off", "resting", 0),
    ]


def test_status(stocked: World) -> None:
    """How the service is, in one object."""
    said = stocked("status", "--json").json
    assert keys(said) == {
        "counts",
        "rules",
        "sources",
        "deliveries",
        "pending",
        "bursts",
        "stopped_channels",
        "waiting_for_digest",
        "measures_not_alerted",
        "measures_to_reclassify",
        "unreadable",
        "not_configured",
        "unconfirmed",
    }
    assert said["counts"] == {"notices": 4, "unreadable": 0, "measures": 3, "subscriptions": 0, "alerts": 0}
    assert keys(said["sources"]) == {
        "source",
        "status",
        "error",
        "polled_at",
        "succeeded_at",
        "failing_since",
        "failures",
    }


def test_rules(stocked: World) -> None:
    """Versions, and the rules of one."""
    assert keys(stocked("rules", "install", "--json").json) == {"version", "state", "sentence", "reclassified"}
    (version,) = stocked("rules", "list", "--json").json
    assert set(version) == {
        "version",
        "state",
        "rules",
        "made_by",
        "why",
        "made_at",
        "published_at",
        "published_by",
        "retired_at",
        "retired_by",
        "origin",
        "based_on",
        "conflicts",
        "report",
        "remark",
    }
    shown = stocked("rules", "show", "toys", "--json").json
    assert keys(shown) == {"version", "state", "conflicts", "rules"}
    assert [rule["name"] for rule in shown["rules"]] == ["toys-by-hs", "toys-by-name"]


def test_chat_code(stocked: World) -> None:
    """A code for an enterprise that is known."""
    stocked(*ASK)
    said = stocked("chat-code", "--enterprise", "Ningbo", "--json").json
    assert keys(said) == {"code", "enterprise", "expires_at"}
    assert datetime.fromisoformat(said["expires_at"]).tzinfo is not None


@pytest.mark.parametrize(
    "command", ["measures", "subscriptions", "deliveries", "sources", "status", "rules list", "recover", "deliver"]
)
def test_people_get_words(stocked: World, command: str) -> None:
    """Without --json the same commands speak to people, on standard output."""
    stocked(*ASK)
    said = stocked(*command.split())
    assert said.code == 0
    assert said.out.strip() and not said.out.lstrip().startswith(("{", "["))
