"""How a late message, a correction and one that takes a correction back say what they are, in four languages."""

from __future__ import annotations

from datetime import date
from typing import Final

from notifiers.dates import Dates
from notifiers.message import AlertContent, Label
from notifiers.wording import Words, labelled_in
from watcher.text import one_line

#: Why our reading of a measure changed, as far as it is worded; any other reason is quoted.
REASONS: Final = ("rules", "override", "undo")

_LONGEST_REASON = 300
_LONGEST_SUBJECT = 200


def labelled_subject(content: AlertContent, subject: str, language: str) -> str:
    """A subject line with its label before it: "Late: Kenya | …". Without a label as it is."""
    if content.label is Label.NONE:
        return subject
    words = Words(labelled_in(language))
    return one_line(words("label.subject", label=words(f"label.{content.label}"), subject=subject), _LONGEST_SUBJECT)


def label_remarks(content: AlertContent, language: str, *, published: date | None) -> tuple[str, ...]:
    """The first lines of a message that is late or takes a correction back; none for any other.

    `published`: the day the document with the news was published, if it is known.
    """
    words = Words(labelled_in(language))
    dates = Dates(words, content.written_on)
    if content.label is Label.LATE:
        return tuple(filter(None, (_late(content, published, dates), because(content.label_reason, words))))
    if content.label is Label.REINSTATED:
        return tuple(filter(None, (words("reinstated"), because(content.label_reason, words))))
    return ()


def because(reason: str, words: Words) -> str:
    """Why our reading changed, as a sentence; other people's words are quoted."""
    text = one_line(reason, _LONGEST_REASON)
    if not text:
        return ""
    return words(f"because.{text}") if text in REASONS else words("because.stated", reason=words.quote(text))


def _late(content: AlertContent, first: date | None, dates: Dates) -> str:
    words = dates.words
    if content.reclassified_on and first:
        day = dates.near(content.reclassified_on)
        return words("late.reclassified", day=day, published=dates.near(first))
    if content.reclassified_on:
        return words("late.reclassified.only", day=dates.near(content.reclassified_on))
    return words("late.published", published=dates.near(first)) if first else words("late.bare")
