"""What the parts of reading an addendum share: its boxes, its sentences, its dates, and what was read so far."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Any, Final

from watcher.addenda import words_en as en
from watcher.addenda import words_en_comments as en_comments
from watcher.addenda import words_en_force as en_force
from watcher.addenda import words_es as es
from watcher.addenda import words_fr as fr
from watcher.addenda import words_vi as vi
from watcher.addenda import words_zh as zh
from watcher.addenda.acting import acting_members
from watcher.addenda.boxes import Box, Ticked, read_boxes, read_form
from watcher.addenda.clues import Found, Says, find
from watcher.addenda.corrections import CodeCorrection
from watcher.addenda.prose import DATE, YEAR, folded, is_han, sentences
from watcher.dates import UNKNOWN, Anchor, DateFact, DateQuality
from watcher.dates.calendar import DayOrder
from watcher.dates.reading import read_date
from watcher.days import known_days
from watcher.later import later
from watcher.measure import Facts
from watcher.notice import Notice, NoticeType
from watcher.plausible import earlier_of_two, order_shown
from watcher.reading_order import threads_of, type_of
from watcher.symbol import read_symbols
from watcher.text import one_line

_LATIN: Final = (*en.CLUES, *en_force.CLUES, *en_comments.CLUES, *fr.CLUES, *es.CLUES, *vi.CLUES)
#: A corrigendum quotes what it corrects, and a supplement is a translation: only these are news in them.
_SAID_BY_ALL: Final = frozenset(
    (Says.COMMENTS_UNTIL, Says.COMMENTS_WERE_UNTIL, Says.COMMENTS_EXTENDED, Says.COMMENTS_REOPENED, Says.COMMENTS_ASKED)
)
_LATIN_BY_ALL: Final = tuple(clue for clue in _LATIN if clue.says in _SAID_BY_ALL)
_HAN_BY_ALL: Final = tuple(clue for clue in zh.CLUES if clue.says in _SAID_BY_ALL)
#: A first text is asked for one thing alone. No wording of it does without a date or a number of days, and no text that
#: holds one of these does without a year or a day.
_LATIN_UNTIL: Final = tuple(clue for clue in _LATIN if clue.says is Says.COMMENTS_UNTIL)
_HAN_UNTIL: Final = tuple(clue for clue in zh.CLUES if clue.says is Says.COMMENTS_UNTIL)
_FIGURE: Final = later(rf"[{DATE}\d]")
_YEAR_OR_DAY: Final = later(rf"{YEAR}|[天日]|days?\s", re.IGNORECASE)
_DAY_FIRST: Final = ("fr", "es")  #: languages in which nobody writes the month first
_QUOTE_LENGTH = 300
_LONGEST_TEXT = 30_000  #: characters; an addendum says its news at once
#: An act this much older than the measure's first text, or than an addendum that alone is known, is another act.
_EARLIEST_ADOPTION: Final = timedelta(days=180)
_OLD_ACT: Final = timedelta(days=3 * 365)
_OLD_FORCE: Final = timedelta(days=10 * 365)  #: a measure may have been in force for years when an addendum tells so


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one notice says about its measure.

    A date that is None was not mentioned; an unknown one was mentioned, without a day.
    """

    adopted: DateFact | None = None
    published: DateFact | None = None
    in_force: DateFact | None = None
    is_adopted: bool = False
    is_in_force: bool = False
    planned_adoption: DateFact | None = None
    planned_force: DateFact | None = None
    moved_force: DateFact | None = None  #: entry into force, planned or settled, put to another day
    deadline: DateFact | None = None
    asks_for_comments: bool = False
    reopened: bool = False  #: it says in words that comments are asked for again
    extended: bool = False  #: it says in words that comments are taken for longer
    withdrawn: bool = False
    scope_changed: bool = False
    by_some: bool = False  #: of a joint notification's Members, some adopted or apply it on their own
    codes: tuple[CodeCorrection, ...] = ()  #: HS and ICS codes that it corrects in words
    codes_unclear: bool = False  #: a corrigendum that speaks of other codes than are known, and does not say how
    quotes: Mapping[str, str] = field(default_factory=dict)  #: field of this reading → the words it rests on


class Reader:
    """Reads one notice. Its parts are read one after another, each knowing what those before found (`result`).

    `until_only`: nothing is asked of its prose but until when comments are taken (`Says.COMMENTS_UNTIL`).
    """

    def __init__(
        self, notice: Notice, before: Facts, begun: date | None, *, textless: bool = False, until_only: bool = False
    ) -> None:
        self.notice = notice
        self.before = before
        self.textless = textless
        self.result = Reading()
        self._begun = begun
        title, summary = read_form(notice.title[:_LONGEST_TEXT]), read_form(notice.content_summary[:_LONGEST_TEXT])
        ticked = list(read_boxes(notice.addendum_reason))
        by_addendum = type_of(notice) is NoticeType.ADDENDUM
        if by_addendum:
            ticked += title.ticked + summary.ticked
        self._boxes = {one.box: one for one in reversed(ticked)}
        said: dict[Says, list[Found]] = {}
        texts = title.prose, summary.prose
        for found in _until(*texts) if until_only else _prose(by_addendum, *texts):
            said.setdefault(found.says, []).append(found)
        self._said: Mapping[Says, list[Found]] = said

    def keep(self, name: str, value: Any, words: str = "") -> None:
        """Note down what was read, and the words it rests on."""
        quotes = {**self.result.quotes, name: one_line(words, _QUOTE_LENGTH)} if words else self.result.quotes
        self.result = replace(self.result, **{name: value}, quotes=quotes)

    def ticked(self, box: Box) -> Ticked | None:
        """That box, if it is ticked."""
        return self._boxes.get(box)

    def said(self, says: Says, *, dated_first: bool = False) -> list[Found]:
        """The sentences that say so, in order; those with a date first, if asked."""
        found = self._said.get(says, [])
        return sorted(found, key=lambda one: not one.date) if dated_first else found

    def first(self, says: Says) -> Found | None:
        """The first sentence that says so."""
        return next(iter(self.said(says)), None)

    def quote_of(self, day: DateFact, *events: Says) -> str:
        """The sentence that says the same as a date field does."""
        told = (found for says in events for found in self.said(says))
        return next((found.sentence for found in told if self.date_of(found).value == day.value), "")

    def date_of(self, found: Found) -> DateFact:
        """The date in a sentence; unknown if there is none."""
        return self.read(found.date or found.counted, to_come=found.says is Says.COMMENTS_UNTIL)

    def read(self, wording: str, *, to_come: bool = False) -> DateFact:
        """A date as it stands in this notice, counted from the days that are known by now.

        `to_come`: it can only mean a day that was to come when the notice was distributed.
        """
        if not wording:
            return UNKNOWN
        day, order = self.notice.distribution_date, self._day_order
        fact = read_date(wording, anchors=self._anchors(), day_order=order or "dmy", stated_in=day)
        return fact if order else earlier_of_two(fact, to_come_on=day if to_come else None)

    @cached_property
    def _day_order(self) -> DayOrder | None:
        """In which order the Member writes 03/04/2027, if anything shows it: the language, or another of its dates."""
        notice, before = self.notice, self.before
        if "USA" in (*before.notifying_members, *notice.notifying_members):
            return "mdy"
        if notice.language in _DAY_FIRST:
            return "dmy"
        dates = (fact.wording for one in (notice, before) for fact in _dates_of(one))
        return order_shown((*dates, *(one.content_summary[:_LONGEST_TEXT] for one in (notice, before))))

    def own(self, stated: DateFact) -> DateFact:
        """A date field of the notice; one that counts from an event is read again, now that more days are known."""
        if stated.value is None and stated.quality is DateQuality.UNKNOWN and stated.wording and not stated.doubt:
            again = self.read(stated.wording)
            return again if again.rule else stated
        return stated

    def is_over(self, day: date | None) -> bool | None:
        """Whether a day had passed when the notice was distributed. None: nobody knows when that was."""
        if day is None:
            return None
        if self.notice.distribution_date is not None:
            return day <= self.notice.distribution_date
        # It was written after what it tells as done, and is read after what came before it.
        told = (self.result.adopted, self.result.published)
        days = [self.before.last_distributed, *(fact.value for fact in told if fact)]
        return True if any(known and day <= known for known in days) else None

    def is_another_act(self, day: date, *, in_force: bool = False) -> bool:
        """Prose cites older acts by their days. A measure is adopted about when it is notified, or later."""
        if self._begun is not None:
            return day < self._begun - _EARLIEST_ADOPTION
        distributed = self.notice.distribution_date
        return distributed is not None and day < distributed - (_OLD_FORCE if in_force else _OLD_ACT)

    def is_of_some(self, found: Found) -> bool:
        """Whether only some of a joint notification's Members did it: that is noted down, and is no joint fact.

        Of a measure of which no text is known it is the only thing that is known, and how far it has come.
        """
        members = {*self.before.notifying_members, *self.notice.notifying_members}
        if not acting_members(found.near, members):
            return False
        if not self.result.by_some:
            self.keep("by_some", True, found.sentence if len(found.sentence) <= _QUOTE_LENGTH else found.act)
        return not self.textless

    def is_of_this_thread(self, sentence: str) -> bool:
        """Whether a sentence speaks of this measure: it names no symbol, or one of its threads."""
        named = {str(symbol.base) for symbol in read_symbols(sentence)}
        return not named or not named.isdisjoint(threads_of(self.notice))

    def _anchors(self) -> Mapping[Anchor, date]:
        result = self.result
        own = {
            Anchor.NOTIFICATION: self.notice.distribution_date,
            Anchor.ADOPTION: result.adopted.value if result.adopted else None,
            Anchor.PUBLICATION: result.published.value if result.published else None,
        }
        return {**known_days(self.before), **{anchor: day for anchor, day in own.items() if day}}


def _dates_of(stated: Notice | Facts) -> tuple[DateFact, ...]:
    return (stated.comment_deadline, stated.proposed_adoption, stated.proposed_entry_into_force)


@lru_cache(maxsize=1024)
def _prose(by_addendum: bool, *texts: str) -> tuple[Found, ...]:
    """What is said in texts, by an addendum or by any other. A thread is read anew whenever it grows; its sentences
    need not be."""
    latin, han = (_LATIN, zh.CLUES) if by_addendum else (_LATIN_BY_ALL, _HAN_BY_ALL)
    return tuple(
        found
        for text in texts
        for sentence in sentences(text[:_LONGEST_TEXT])
        for found in find(sentence, han if is_han(sentence.text) else latin)
    )


def _until(*texts: str) -> Iterator[Found]:
    """What texts say of the day until which comments are taken. Most first texts name no day, or none in a sentence
    that speaks of comments, and there are a great many of them: what holds no figure is not looked at."""
    for text in texts:
        if _YEAR_OR_DAY.search(folded(text[:_LONGEST_TEXT])):
            for sentence in sentences(text[:_LONGEST_TEXT]):
                if _FIGURE.search(sentence.covered):
                    yield from find(sentence, _HAN_UNTIL if is_han(sentence.text) else _LATIN_UNTIL)
