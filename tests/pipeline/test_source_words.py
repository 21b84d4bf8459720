"""Staff's word about a source: it counts in every process, outlives restarts and releases, and holds no secret."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tbtwatch.bootstrap import App, assemble, make_one, make_sources, not_configured
from tbtwatch.configuration import SHIPPED, source_entries
from tbtwatch.pipeline.coverage import OFF_NAMED, Lookout
from tbtwatch.pipeline.entry_text import EntryTextError, entry_text, masked, read_entry, unmasked
from tbtwatch.pipeline.source_words import OvertakenError, SourceWordError, Speaker, describe, restore, switch
from tbtwatch.pipeline.watched import Watched
from tbtwatch.pipeline.watchkeeping import now_is
from tbtwatch.scheduler import Service
from tbtwatch.settings import Settings
from tbtwatch.storage import Storage
from tests.builders import NOW
from tests.pipeline.neighbours import feed
from tests.pipeline.service import MARKETS
from tests.servers import scripted_server
from watcher.health import State

ONE = {"name": "one", "kind": "feed", "url": "http://127.0.0.1:1/one.xml", "issuer": "US-ONE", "robots": False}
TWO = {**ONE, "name": "two", "issuer": "US-TWO", "enabled": False, "why_off": "nobody knows it"}


@dataclass
class Place:
    """A process that watches sources."""

    storage: Storage
    sources: Watched


def a_place(storage: Storage, *entries: dict[str, Any]) -> Place:
    """With these entries in its files."""
    described = list(entries) or [ONE, TWO]
    settings = Settings(database_url="sqlite:///unused.db")
    make = partial(make_one, settings, markets=MARKETS)
    return Place(storage, Watched(described, make_sources(settings, described, MARKETS), make=make, storage=storage))


def sentences(place: Place) -> list[str]:
    """What `tbtwatch status` says is not configured."""
    settings = Settings(database_url="sqlite:///unused.db")
    return not_configured(SimpleNamespace(sources=place.sources, settings=settings, notifiers={}))  # type: ignore[arg-type]


def speaker(**over: Any) -> Speaker:
    """Somebody with a reason."""
    return Speaker(**{"by": "li@example.com", "reason": "their site is being rebuilt", "now": NOW, **over})


def said(app: Place, deed: Any, *what: Any, **over: Any) -> Any:
    """A word, said in this installation."""
    asked = {name: over.pop(name) for name in ("on", "name") if name in over}
    return deed(*what, **asked, speaker=speaker(**over), watched=app.sources, storage=app.storage)


def resting(app: Place) -> list[tuple[str, bool, str | None]]:
    """Each source: whether it is enabled, and why it rests."""
    return [(one.config.name, one.config.enabled, one.resting()) for one in app.sources]


@pytest.fixture
def app(sqlite: Storage) -> Place:
    """Of two sources, one of them off by its entry."""
    return a_place(sqlite)


def test_a_switched_off_source_rests_by_staffs_word(storage: Storage) -> None:
    """It is no failure; another process sees it with its next look, a restart keeps it; on again is as before."""
    app, other = a_place(storage), a_place(storage)
    version = app.sources.version("one")
    said(app, switch, "one", on=False)
    why = f"switched off by li@example.com on {NOW:%Y-%m-%d}: their site is being rebuilt"
    assert resting(app)[0] == ("one", True, why)
    assert resting(other)[0][2] is None and other.sources.refresh() and not other.sources.refresh()
    assert resting(other) == resting(app) == resting(a_place(storage))
    with app.storage.look() as tx:
        assert now_is(app.sources[0], tx, NOW).state is State.RESTING
        assert [(one.by, one.deed, one.about) for one in tx.audit.list()] == [
            ("li@example.com", "source.disable", "source one")
        ]
    assert app.sources.version("one") == version
    said(app, switch, "one", on=True)
    assert resting(app)[0] == ("one", True, None)


def test_what_the_files_switch_off_staff_may_switch_on(app: Place) -> None:
    """And a word that changes nothing is refused, as is one about a source that is not there."""
    for name, on, why in (("one", True, "on already"), ("two", False, "off already"), ("three", True, "no source")):
        with pytest.raises(SourceWordError, match=why):
            said(app, switch, name, on=on)
    said(app, switch, "two", on=True)
    assert resting(app)[1] == ("two", True, None)
    with pytest.raises(SourceWordError, match="on already"):
        said(app, switch, "two", on=True)


def test_an_entry_of_staffs_counts_more_than_the_files(app: Place) -> None:
    """It is kept as it was written, comments too; the switch stays as it was; undoing says again what was said."""
    said(app, switch, "one", on=False)
    text = entry_text({**ONE, "every_minutes": 240}) + "# asked less since March\n"
    why = app.sources[0].resting()
    said(app, describe, text, name="one", by="wang@example.com", reason="asked less")
    assert app.sources[0].resting() == why is not None  # who wrote the entry did not switch it off
    assert (app.sources[0].config.every_minutes, app.sources.text("one")) == (240, text)
    said(app, switch, "one", on=True)
    said(app, describe, entry_text({**ONE, "every_minutes": 30}), name="one")
    assert a_place(app.storage).sources[0].config.every_minutes == 30
    said(app, restore, "one", 2)
    assert app.sources[0].config.every_minutes == 240 and app.sources[0].resting() is None
    said(app, restore, "one", 0)
    assert app.sources[0].config.every_minutes == 60 and app.sources.text("one") == app.sources.in_files("one")
    with app.storage.look() as tx:
        deeds = [(word.number, word.deed, word.enabled) for word in tx.source_words.history("one")]
    assert deeds == [
        (6, "restore", True),
        (5, "restore", True),
        (4, "describe", True),
        (3, "enable", True),
        (2, "describe", False),
        (1, "disable", False),
    ]


def test_what_says_the_same_as_the_files_leaves_it_to_them(app: Place) -> None:
    """So a later release's entry counts at once; and saying what counts already is refused."""
    with pytest.raises(SourceWordError, match="what counts already"):
        said(app, describe, entry_text(ONE), name="one")
    said(app, describe, entry_text({**ONE, "priority": 7}), name="one")
    said(app, describe, "# back\n" + entry_text(ONE), name="one")
    later = a_place(app.storage, {**ONE, "every_minutes": 99}, TWO)
    assert later.sources[0].config.every_minutes == 99 and not later.sources.overtaken("one")


def test_a_release_that_ships_another_entry_says_so_and_takes_nothing_away(app: Place) -> None:
    """Until staff save theirs again, or leave it to the files."""
    text = entry_text({**ONE, "every_minutes": 240})
    said(app, describe, text, name="one")
    later = a_place(app.storage, {**ONE, "url": "http://127.0.0.1:1/new.xml"}, TWO)
    assert later.sources[0].config.every_minutes == 240 and later.sources.overtaken("one")
    assert any("one is described otherwise in the files" in sentence for sentence in sentences(later))
    said(later, describe, text, name="one")
    assert not later.sources.overtaken("one")
    said(later, restore, "one", 0)
    assert str(getattr(later.sources[0].config, "url", "")).endswith("/new.xml")


def test_a_source_is_added_and_ends(app: Place) -> None:
    """By its entry as `sources try` shows it; without its last word nothing describes it."""
    text = "sources:\n  - " + entry_text({**ONE, "name": "three", "issuer": "US-THREE"}).strip().replace("\n", "\n    ")
    said(app, describe, text)
    assert [one.config.name for one in a_place(app.storage).sources] == ["one", "two", "three"]
    with pytest.raises(EntryTextError, match="There is a source 'three' already"):
        said(app, describe, text)
    said(app, restore, "three", 0)
    assert app.sources.names == {"one", "two"} and not app.sources.problems
    said(app, describe, text)
    assert "three" in app.sources.names


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty"),
        ("just words", "no entry"),
        ("name: [", "not YAML"),
        ("- name: one\n- name: two\n", "2 entries"),
        (entry_text({**ONE, "name": "other"}), "'name' must stay 'one'"),
        (entry_text({**ONE, "every_minuts": 5}), "did you mean 'every_minutes'"),
        (entry_text({**ONE, "every_minutes": 0}), "must be from 1 to 44640"),
        (entry_text({**ONE, "kind": "fed"}), "unknown kind 'fed'; did you mean 'feed'"),
        (entry_text({**ONE, "pause_seconds": 601}), "'pause_seconds'"),
        ("name: one\nname: one\n", "stands there twice"),
        ("x" * 20_001, "longer than 20,000"),
        (entry_text(ONE).replace("one.xml", "one.xml?api_key=s3cret"), "'url' holds something secret"),
        (entry_text({**ONE, "kind": "json_api"}) + "key: s3cret\n", "'key' holds something secret"),
        (entry_text(ONE) + "key: '***'\n", "the files hold no secret there"),
    ],
)
def test_bad_values_are_refused_with_a_sentence(app: Place, text: str, sentence: str) -> None:
    """Nothing is written down."""
    with pytest.raises(EntryTextError, match=sentence):
        said(app, describe, text, name="one")
    with app.storage.look() as tx:
        assert tx.source_words.last() == 0


def test_what_is_secret_in_the_files_is_used_and_never_written_down(sqlite: Storage) -> None:
    """The text has asterisks in its place, and an edited text is made with the files' secret of that day."""
    api = {
        **{"name": "one", "kind": "json_api", "url": "https://example.org/?api_key=s3cret", "issuer": "US-ONE"},
        **{"items": "results", "fields": {"id": "author", "title": "title"}, "headers": {"X-Token": "s3cret"}},
        **{"key": "s3cret", "key_header": "X-Key"},
    }
    app = a_place(sqlite, api)
    text = app.sources.text("one")
    assert "s3cret" not in text and text.count("***") == 3 and "X-Key" in text and "author" in text
    said(app, describe, text.replace("items: results", "items: data"), name="one")
    with app.storage.look() as tx:
        word = tx.source_words.of("one")
    assert word is not None and "s3cret" not in word.entry + word.base
    later: Any = a_place(app.storage, {**api, "key": "newer"}).sources[0].config
    assert (later.key.get_secret_value(), later.headers, later.items) == ("newer", {"X-Token": "s3cret"}, "data")
    assert later.url.endswith("api_key=s3cret")
    assert unmasked(masked(api), api) == api


def test_a_word_that_this_release_cannot_carry_out_stops_its_own_source_alone(app: Place) -> None:
    """It rests and says why; one that no file describes is not there, and that is said too."""
    said(app, describe, entry_text({**ONE, "priority": 3}), name="one")
    said(app, describe, entry_text({**ONE, "name": "three", "issuer": "US-THREE"}))
    with app.storage.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE source_word SET entry = entry || 'gone_by: 2\n'")
    later = a_place(app.storage)
    assert "cannot be used" in str(later.sources[0].resting()) and "'gone_by' is unknown" in str(
        later.sources[0].resting()
    )
    assert [one.config.name for one in later.sources] == ["one", "two"]
    assert any(sentence.startswith("three is not watched") for sentence in sentences(later))
    said(later, restore, "one", 0)
    assert later.sources[0].resting() is None and "one" not in later.sources.problems


def test_who_looked_at_something_older_is_refused(storage: Storage) -> None:
    """And learns who was quicker; also where the other was another process."""
    app, other = a_place(storage), a_place(storage)
    said(other, switch, "one", on=False, by="wang@example.com", seen=0)
    with pytest.raises(OvertakenError, match=r"wang@example\.com has changed one"):
        said(app, describe, entry_text({**ONE, "priority": 3}), name="one", seen=0)
    said(app, describe, entry_text({**ONE, "priority": 3}), name="one", seen=1)
    assert app.sources[0].config.priority == 3 and app.sources[0].resting() is not None


def test_readers_are_told_for_a_month_that_it_is_off_and_never_that_its_publisher_fails(app: Place) -> None:
    """It is not counted among those that were looked at; one that was never read was never theirs."""
    with app.storage.begin() as tx:
        tx.sources.save(replace(tx.sources.state("one"), succeeded_at=NOW))
    line = partial(_line, app)
    said(app, switch, "one", on=False)
    assert line(NOW) == (0, (f"one is not being read: it was switched off here on {NOW:%Y-%m-%d}",))
    assert line(NOW + OFF_NAMED) == (0, ())
    said(app, switch, "one", on=True)
    assert line(NOW) == (1, ())


def _line(app: Place, now: Any) -> tuple[int, Sequence[str]]:
    with app.storage.look() as tx:
        seen = Lookout(app.sources, tx, now=now, zone=ZoneInfo("Asia/Shanghai"), markets=MARKETS).line("en")
    return seen.sources, seen.gaps


def test_the_running_service_follows_at_its_next_tick(tmp_path: Path) -> None:
    """A source that is switched off is asked no more, one that is mended is asked at once, an added one is polled."""
    url = f"sqlite:///{tmp_path / 'words.db'}"
    with scripted_server() as server:
        for number in (1, 2):
            server.on(f"/{number}.xml", feed(number))
        one, two = ({**ONE, "name": f"s{n}", "issuer": f"US-{n}", "url": server.url(f"/{n}.xml")} for n in (1, 2))
        app = assemble(Settings(database_url=url, allow_addresses="127.0.0.1"), entries=[one])
        desk = a_place(app.storage, one)

        async def follow() -> None:
            running = Service(app)
            said(desk, switch, "s1", on=False)
            said(desk, describe, entry_text(two))
            await _ticks(app, running, lambda: len(server.asked) == 1)
            assert server.paths() == ["/2.xml"]
            said(desk, describe, entry_text({**two, "url": server.url("/nothing.xml")}), name="s2")
            said(desk, switch, "s1", on=True)
            await _ticks(app, running, lambda: len(server.asked) == 2)
            assert server.paths() == ["/2.xml", "/1.xml"]
            await running._readers.close()

        asyncio.run(follow())
        app.storage.close()


async def _ticks(app: App, running: Service, done: Callable[[], bool]) -> None:
    async with app.fetcher() as fetcher, asyncio.timeout(30):
        while not done() or running._polling:
            await running._poll_due(fetcher)
            await asyncio.sleep(0.02)


def test_an_entry_is_read_as_it_is_written(app: Place) -> None:
    """With the ends of lines of any machine, alone, in a list, or under `sources:`."""
    text = entry_text(ONE)
    for form in (text, text.replace("\n", "\r\n"), "- " + text.strip().replace("\n", "\n  ")):
        assert read_entry(form) == ONE


@pytest.mark.parametrize("entry", source_entries(SHIPPED), ids=lambda entry: str(entry["name"]))
def test_every_shipped_entry_comes_back_from_its_text_as_it_was(entry: dict[str, Any]) -> None:
    """None holds a secret, so nothing is hidden from those who edit it; and it says what the file says."""
    text = entry_text(entry)
    assert "***" not in text and read_entry(text) == entry and unmasked(read_entry(text), entry) == entry
