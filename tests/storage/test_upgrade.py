"""A database of an earlier release is brought up, and loses nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from tbtwatch.storage import open_storage
from tbtwatch.storage.engine import make_engine
from tbtwatch.storage.schema import MIGRATIONS, newest, version_of, versions
from tbtwatch.storage.sources import Poll, SourceState
from watcher.moving import Address

SOURCE = """
INSERT INTO source (name, cursor, validators, polled_at, succeeded_at, next_poll_at, failures, status, error)
VALUES ('old', '{"high_water": "2026-01-02", "state": {}}', '{"https://a.example/": {"etag": "\\"x\\""}}',
        '2026-01-02 03:04:05.000000', '2026-01-02 03:04:05.000000', '2026-01-02 04:04:05.000000', 0, 'ok', '')
"""
POLL = """
INSERT INTO poll (source, started_at, ended_at, status, requests, notices, new, changed, unchanged, unreadable, error)
VALUES ('old', '2026-01-02 03:04:05.000000', '2026-01-02 03:04:06.000000', 'ok', 1, 5, 2, 1, 2, 0, '')
"""


def test_versions_are_what_the_migrations_say() -> None:
    """The files' names, by which they are told without alembic, agree with what alembic finds in them."""
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert versions() == [script.revision for script in scripts.walk_revisions()][::-1]
    assert scripts.get_current_head() == newest()


def test_a_database_of_the_first_schema_is_brought_up(database_url: str) -> None:
    """Its sources and polls are there as they were, with nothing said about what was not recorded then."""
    engine = make_engine(database_url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in (SOURCE, POLL):
            connection.execute(text(statement.replace(":", r"\:")))
        connection.commit()
    assert version_of(engine) == "0001"
    engine.dispose()

    storage = open_storage(database_url)
    try:
        assert version_of(storage.engine) == newest()
        with storage.begin() as tx:
            state = tx.sources.state("old")
            assert state.validators == {"https://a.example/": {"etag": '"x"'}}
            assert (state.address, state.rhythm, state.settings_version, state.ended_at) == (Address(), None, "", None)
            (poll,) = tx.sources.polls("old")
            assert (poll.new, poll.bytes, poll.http_status, poll.cause, poll.entries) == (2, 0, None, "", 0)
            began = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
            assert (poll.started_at, state.polled_at) == (began, began)
            moved = Address(of="https://a.example/", told="https://b.example/", times=1, since=began)
            tx.sources.save(SourceState(name="old", address=moved, settings_version="abc"))
            tx.sources.add_poll(
                Poll(source="old", started_at=began, ended_at=began, status="ok", bytes=3_000_000_000, http_status=304)
            )
        with storage.look() as tx:
            assert tx.sources.state("old").address == moved
            assert tx.sources.polls("old")[0].bytes == 3_000_000_000
    finally:
        storage.close()
