"""What addenda say, and what they only seem to say."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.watcher.addendum_cases import NOT_SAID, SAID, Case
from tests.watcher.threads import a_base, an_addendum
from watcher.addenda.addendum import read_addendum
from watcher.dates import DateQuality
from watcher.measure import ChangeKind, FactChange, Facts
from watcher.revise import revise


def _days(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value)
        if isinstance(value, str) and name.endswith(("date", "force", "adoption"))
        else value
        for name, value in values.items()
    }


def _read(case: Case) -> tuple[FactChange, ...]:
    more = dict(case.more)
    first = revise(None, a_base(**_days(more.pop("base", {})))).measure
    return revise(first, an_addendum(content_summary=case.text, **_days(more))).changes


def _told(changes: tuple[FactChange, ...], case: Case) -> set[tuple[ChangeKind, str]]:
    """What was told, without the new value where the case does not state it."""
    unstated = {kind for kind, new in case.news if not new}
    return {(change.kind, "" if change.kind in unstated else change.new) for change in changes}


@pytest.mark.parametrize("case", SAID, ids=lambda case: case.text[:50])
def test_prose_is_read(case: Case) -> None:
    """What an addendum says in prose becomes the news it is, with the sentence it rests on."""
    changes = _read(case)

    assert _told(changes, case) == case.news
    assert len(changes) == len(case.news)
    assert all(change.quote and change.quote in " ".join(case.text.split()) for change in changes)


@pytest.mark.parametrize("case", NOT_SAID, ids=lambda case: case.text[:50])
def test_a_trap_does_not_fire(case: Case) -> None:
    """What is planned, conditional, denied or told about something else is not taken for done."""
    assert _told(_read(case), case) == case.news


_WORDS = st.sampled_from(
    [
        "the",
        "draft",
        "regulation",
        "standard",
        "G/TBT/N/KEN/1514/Add.1",
        "was",
        "has been",
        "adopted",
        "published",
        "withdrawn",
        "will enter into force",
        "on",
        "by",
        "until",
        "from",
        "to",
        "5 May 2024",
        "2024年8月5日",
        "2024年",
        "31/02/2024",
        "comments",
        "period",
        "extended",
        "30 days",
        "if",
        "not",
        "评议期",
        "延长",
        "至",
        "批准",
        "生效",
        "撤销",
        "最终法规",
        "。",
        ".",
        ";",
        ",",
        '"',
        "“",
        "”",
        "(",
        ")",
        "[X]",
        "date:",
        "a été adopté le",
        "fue aprobado el",
        "observaciones",
        "hasta",
        "§",
        "¤",
    ]
)


@given(st.lists(_WORDS, max_size=40).map(" ".join), st.lists(_WORDS, max_size=12).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_any_prose_can_be_read(text: str, boxes: str) -> None:
    """No heap of words stops the reader, and no day that it reads is made up: each stands in the text or is counted."""
    notice = an_addendum(content_summary=text, addendum_reason=boxes)

    facts = revise(revise(None, a_base()).measure, notice).measure.facts

    for day in (facts.adopted_on, facts.published_on, facts.in_force_on, facts.comment_deadline):
        stated = day.quality is DateQuality.STATED and day.value != date(2024, 3, 10)
        assert not stated or day.wording in f"{text} {boxes}"


@pytest.mark.parametrize(
    "piece",
    [
        "was adopted ",
        "A. ",
        "comment period to ",
        '"',
        "评议期延长",
        "Entry into force ",
        "[ ",
        "will not be ",
        "不于",
        "[X] notified measure ",
        "HS 3304, ",
        "HS should read ",
        "3304 instead of ",
        "5 May 2024 ",
        "Kenya ",
        "G/TBT/N/KEN/1 ",
        "应为3305",
    ],
)
def test_a_text_made_to_be_slow_is_read_in_time(piece: str) -> None:
    """A very long text without an end of a sentence takes seconds at most."""
    started = time.monotonic()

    text = piece * (30_000 // len(piece))
    read_addendum(an_addendum("Corr.1", content_summary=text), Facts())
    read_addendum(an_addendum(content_summary=text), Facts(notifying_members=("KEN", "UGA")))

    assert time.monotonic() - started < 20
