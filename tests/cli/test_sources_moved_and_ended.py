"""What people see of a source whose address has moved, of one that has ended, and of one never read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tbtwatch.storage import open_storage
from tbtwatch.storage.sources import SourceState
from tests.cli.world import World
from tests.pipeline.neighbours import feed
from tests.servers import Reply, ScriptedServer, scripted_server
from watcher.moving import Address

SINCE = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ELSEWHERE = "https://regulator.example/new.xml?key=s3cret"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A publisher on loopback with one feed."""
    with scripted_server() as server:
        server.on("/feed.xml", feed(1))
        yield server


@pytest.fixture
def world(tbtwatch: World, server: ScriptedServer) -> World:
    """Watching two feeds of it, both polled once."""
    server.on("/other.xml", feed(2))
    tbtwatch.set(allow_addresses="127.0.0.1")
    entry = {"kind": "feed", "issuer": "US-FDA"}
    tbtwatch.sources(
        {"name": "kettles", "url": server.url("/feed.xml"), **entry},
        {"name": "irons", "url": server.url("/other.xml"), **entry},
    )
    assert tbtwatch("poll").code == 0
    return tbtwatch


def remember(world: World, name: str, **over: object) -> None:
    """Change what is remembered of a source."""
    storage = open_storage(f"sqlite:///{world.home / 'tbtwatch.db'}")
    with storage.begin() as tx:
        state: SourceState = tx.sources.state(name)
        tx.sources.save(replace(state, **over))  # type: ignore[arg-type]
    storage.close()


def test_a_moved_address_is_shown(world: World, server: ScriptedServer) -> None:
    """Old → new, since when, and that the YAML is to be changed; in the list, alone, and for scripts, without keys."""
    old = server.url("/feed.xml")
    remember(world, "kettles", address=Address(of=old, used=ELSEWHERE, used_since=SINCE))
    new = "https://regulator.example/new.xml?key=***"
    sentence = f"kettles: moved since 2026-03-04: {old} → {new}, which is asked instead; write the new address into"
    for arguments in (("sources",), ("sources", "show", "kettles")):
        assert sentence in world(*arguments).out
        assert "sources.yaml" in world(*arguments).out
    kettles, irons = world("sources", "--json").json
    assert kettles["moved"] == {"from": old, "to": new, "since": "2026-03-04T12:00:00+00:00", "used": True}
    assert irons["moved"] is None
    assert world("sources", "show", "kettles", "--json").json["moved"] == kettles["moved"]


def test_what_is_not_believed_yet_is_shown_as_that(world: World, server: ScriptedServer) -> None:
    """The publisher said once that it has moved."""
    old = server.url("/feed.xml")
    remember(world, "kettles", address=Address(of=old, told=ELSEWHERE, times=1, since=SINCE))
    assert "will be asked instead if it goes on saying so" in world("sources").out
    assert world("sources", "--json").json[0]["moved"]["used"] is False


def test_once_the_settings_say_so_it_is_no_news(world: World, server: ScriptedServer) -> None:
    """What was known of another address is not shown."""
    remember(world, "kettles", address=Address(of="https://old.example/", used=server.url("/feed.xml")))
    assert "moved" not in world("sources").out
    assert world("sources", "--json").json[0]["moved"] is None


def test_an_ended_source_is_polled_by_its_name_only(world: World, server: ScriptedServer) -> None:
    """Without names it is left alone, with a line that says how to ask it; what staff change makes it asked again."""
    server.on("/feed.xml", Reply(status=410))
    assert world("poll", "kettles").code == 0
    server.asked.clear()
    said = world("poll").out
    assert "/feed.xml" not in server.paths() and "/other.xml" in server.paths()
    assert "kettles: resting. It has ended on " in said
    assert "`tbtwatch poll kettles` asks it all the same" in said
    assert {one["source"]: one["status"] for one in world("poll", "--json").json} == {
        "irons": "unchanged",
        "kettles": "resting",
    }
    server.on("/feed.xml", feed(1, 3))
    assert "1 new" in world("poll", "kettles").out
    server.asked.clear()
    world("poll")
    assert "/feed.xml" in server.paths()


def test_new_settings_make_an_ended_source_asked_again(world: World, server: ScriptedServer) -> None:
    """Without being named."""
    server.on("/feed.xml", Reply(status=410))
    world("poll", "kettles")
    world.sources({"name": "kettles", "kind": "feed", "issuer": "US-FDA", "url": server.url("/other.xml")})
    server.asked.clear()
    assert "resting" not in world("poll").out
    assert "/other.xml" in server.paths()
