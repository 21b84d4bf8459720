"""A mistyped database: what only reads makes nothing, what writes says that it made one."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from tbtwatch.cli.context import READING
from tbtwatch.storage.engine import is_disk_trouble
from tests.architecture.test_commands import commands
from tests.cli.world import World

ARGUMENTS = {
    "measure": ("KEN/1514",),
    "association report": ("A",),
    "contact show": ("1",),
    "why": ("1", "KEN/1514"),
    "unsubscribe": ("1",),
    "proof": ("KEN/1514", "N"),
    "handled": ("KEN/1514", "--enterprise", "N", "--why", "x"),
    "remind": ("1", "--days", "30"),
    "feed new": ("--enterprise", "N"),
    "feed revoke": ("1", "--why", "x"),
    "enterprise export": ("N",),
    "chat-code": ("--enterprise", "N"),
    "export": ("x.jsonl",),
    "products export": ("--enterprise", "N"),
    "products remove": ("1", "--enterprise", "N"),
    "products show": ("1", "--enterprise", "N"),
    "deliveries again": ("1", "--reason", "x"),
    "deliveries cancel": ("1", "--reason", "x"),
    "sources show": ("api",),
    "sources entry": ("api",),
    "rules diff": ("1",),
    "rules try": ("toys", "Toys"),
    "rules report": ("1",),
    "rules evaluation": ("2",),
    "person disable": ("anna@example.com",),
    "person role": ("anna@example.com", "--role", "editor"),
    "token revoke": ("1", "--why", "x"),
}


@pytest.mark.parametrize("words", sorted(READING & set(commands())))
def test_what_only_reads_makes_no_database(tbtwatch: World, words: str) -> None:
    """It says where there is none and what to do, makes no folder, and ends with 1."""
    where = tbtwatch.home / "typo" / "tbtwatch.db"
    tbtwatch.set(database_url=f"sqlite:///{where}")
    said = tbtwatch(*words.split(), *ARGUMENTS.get(words, ()))
    assert (said.code, said.out) == (1, "")
    assert said.err == (
        f"there is no database at sqlite:///{where}; `tbtwatch init` makes one, or check TBTWATCH_DATABASE_URL\n"
    )
    assert not where.parent.exists()


def test_an_empty_file_is_no_database(tbtwatch: World) -> None:
    """Somebody made it by hand; it is left as it is."""
    file = tbtwatch.home / "tbtwatch.db"
    file.touch()
    assert tbtwatch("status").code == 1
    assert file.stat().st_size == 0


def test_what_writes_says_that_it_made_one(tbtwatch: World) -> None:
    """On standard error, once; `init` says it anyway."""
    ask = ("subscribe", "--enterprise", "N", "--file", "me", "--market", "KEN", "--json")
    said = tbtwatch(*ask)
    assert said.made == f"A new database was made at sqlite:///{tbtwatch.home / 'tbtwatch.db'}.\n"
    assert said.json["id"] == 1
    assert tbtwatch(*ask).made == ""
    tbtwatch.set(database_url=f"sqlite:///{tbtwatch.home / 'other.db'}")
    assert tbtwatch("init").made == ""


def test_a_password_is_not_shown(tbtwatch: World) -> None:
    """A server that does not answer is another mistake than a database that is not there."""
    tbtwatch.set(database_url="postgresql://me:SECRET@127.0.0.1:1/x")
    said = tbtwatch("status")
    assert "cannot be opened" in said.sentence and "SECRET" not in said.err


@pytest.mark.parametrize(
    ("said", "is_disk"),
    [
        ("disk I/O error", True),
        ("database or disk is full", True),
        ('could not extend file "base/1/2": No space left on device', True),
        ("unable to open database file", False),
        ("connection refused", False),
    ],
)
def test_a_full_disk_is_called_one(said: str, is_disk: bool) -> None:
    """Not a wrong address: whoever reads it would look in the wrong place."""
    assert is_disk_trouble(OperationalError("PRAGMA", {}, Exception(said))) is is_disk


def test_a_database_on_a_full_disk_is_a_sentence(tbtwatch: World) -> None:
    """The sentence speaks of the disk."""
    tbtwatch.environment.setattr("tbtwatch.storage.storage.bring_up", full)
    assert "the disk is full or broken (disk I/O error)" in tbtwatch("init").sentence


def full(_engine: object) -> None:
    """What SQLite says when there is no room for its journal."""
    raise OperationalError("PRAGMA", {}, Exception("disk I/O error"))


def test_an_address_is_asked_for_with_all_its_ways(stocked: World) -> None:
    """The file channel too."""
    said = stocked("subscribe", "--enterprise", "N", "--market", "KEN")
    assert "--file FOLDER" in said.sentence
