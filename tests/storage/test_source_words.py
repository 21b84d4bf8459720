"""What staff say of sources is kept, word by word, and the newest word of each source counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from tbtwatch.storage import Storage, Transaction, open_storage
from tbtwatch.storage.source_rows import SourceWordRow
from tbtwatch.storage.source_words import SourceWord
from tests.builders import NOW


def say(tx: Transaction, source: str, deed: str, **said: Any) -> SourceWord:
    """A word about a source."""
    usual = {"enabled": None, "entry": "", "base": "", "settings_version": "", "reason": "why", "by": "李"}
    return tx.source_words.add(source, deed=deed, **{"person": None, "now": NOW, **usual, **said})


def test_the_newest_word_of_each_source_counts(storage: Storage, database_url: str) -> None:
    """The others stay as they were said, also when the database is opened anew."""
    with storage.look() as tx:
        assert (tx.source_words.last(), tx.source_words.in_force(), tx.source_words.of("one")) == (0, {}, None)
    with storage.begin() as tx:
        first = say(tx, "one", "disable", enabled=False, reason="它停了", person=7)
        other = say(tx, "two", "describe", entry="name: two\n", base="- name: two\n", settings_version="abc")
        second = say(tx, "one", "enable", enabled=True, now=NOW + timedelta(hours=1))
    again = open_storage(database_url)
    with again.look() as tx:
        words = tx.source_words
        assert words.in_force() == {"one": second, "two": other}
        assert words.history("one") == [second, first]
        assert (words.get("one", 1), words.get("one", 3), words.get("one", -1)) == (first, None, None)
        assert (first.number, first.reason, first.person_id, other.number, words.last()) == (
            1,
            "它停了",
            7,
            1,
            second.id,
        )
        assert words.switched_off() == {}
    again.close()


def test_what_is_off_is_known_with_since_when(storage: Storage) -> None:
    """A word that says nothing of it is no word for off."""
    with storage.begin() as tx:
        say(tx, "one", "disable", enabled=False)
        say(tx, "two", "describe")
        say(tx, "one", "describe", enabled=False, entry="name: one\n", now=NOW + timedelta(days=1), by="王")
    with storage.look() as tx:
        assert tx.source_words.switched_off() == {"one": NOW}
        assert {name: (word.deed, word.made_by) for name, word in tx.source_words.switches().items()} == {
            "one": ("disable", "李")
        }


def test_no_number_is_given_twice(storage: Storage) -> None:
    """Two who write at the same time: the second is refused by the database and not mixed up with the first."""
    with storage.begin() as tx:
        word = say(tx, "one", "disable", enabled=False)
    with pytest.raises(IntegrityError), storage.begin() as tx:
        tx._session.add(SourceWordRow(source="one", number=word.number, deed="enable", made_at=NOW))
