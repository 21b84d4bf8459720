"""By when a reader must do what: sentences for a mail, phrases for a subject line and a chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from notifiers.dates import Dates
from notifiers.message import MeasureNews
from notifiers.wording import Words
from watcher.dates import DateFact, DateQuality, Precision
from watcher.measure import MeasureStatus

#: How long after its first day a wording can still mean a later one.
#: After so long the usual 60 days for comments, and any extension, are over.
_SURELY_OVER = timedelta(days=180)
_WIDTH = {
    Precision.DAY: timedelta(0),
    Precision.PART_OF_MONTH: timedelta(days=15),
    Precision.MONTH: timedelta(days=30),
    Precision.SEASON: timedelta(days=92),
    Precision.YEAR: timedelta(days=365),
}


_NO_DAY = (DateQuality.UNKNOWN, DateQuality.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What the comment deadline of a measure asks of a reader today."""

    sentences: tuple[str, ...]  #: what to do, for a mail
    deadline: str  #: the deadline with its quality and the days left
    phrase: str  #: "comments by 10 Mar", for a subject line; "" if there is nothing to say
    open: bool  #: whether comments can still be sent, as far as is known

    def text(self, words: Words) -> str:
        """The sentences, one after the other."""
        return words("between").join(self.sentences)


def known_day(fact: DateFact) -> date | None:
    """The day of a fact if it has one that may be shown as a day."""
    return None if fact.quality in _NO_DAY else fact.value


def days_left(news: MeasureNews, today: date) -> int | None:
    """Days to the comment deadline, 0 on its last day, negative when over; None if no exact day is known."""
    fact = news.facts.comment_deadline
    day = known_day(fact)
    if day is None or fact.precision is not Precision.DAY:
        return None
    return (day - today).days if news.days_left is None else news.days_left


def is_publishers_own(news: MeasureNews) -> bool:
    """Whether a regulator published it without notifying it to the WTO: a recall, a gazette entry."""
    return not news.facts.area and news.facts.status in (MeasureStatus.DRAFT, MeasureStatus.UNKNOWN)


def is_unknown(news: MeasureNews) -> bool:
    """Whether neither the stage is known nor that comments are, or were, asked for: nobody is sent to comment."""
    facts = news.facts
    unknown = facts.status is MeasureStatus.UNKNOWN and not is_publishers_own(news)
    return unknown and facts.comment_deadline.quality in _NO_DAY


def duty(news: MeasureNews, dates: Dates) -> Duty:
    """What to do about a measure, read on `dates.today`."""
    facts, words = news.facts, dates.words
    fact = facts.comment_deadline
    if facts.status is MeasureStatus.WITHDRAWN:
        return Duty(sentences=(words("do.withdrawn"),), deadline=deadline_text(news, dates), phrase="", open=False)
    if is_unknown(news):
        return Duty(sentences=(words("do.stage_unknown"),), deadline=deadline_text(news, dates), phrase="", open=False)
    still_open = is_open(news, dates.today)
    done = facts.status in (MeasureStatus.ADOPTED, MeasureStatus.IN_FORCE)
    sentences = [] if done and not (still_open and known_day(fact)) else [_about_comments(news, dates)]
    if facts.status is MeasureStatus.ADOPTED:
        sentences.append(words("do.read"))
    if facts.status is MeasureStatus.IN_FORCE:
        sentences.append(words("do.comply"))
    elif not (still_open and known_day(fact)):
        sentences += _about_entry(news, dates)
    return Duty(
        sentences=tuple(sentences),
        deadline=deadline_text(news, dates),
        phrase=words(f"status.{facts.status}")
        if done and not (still_open and known_day(fact))
        else _phrase(news, dates, still_open=still_open),
        open=still_open and fact.quality is not DateQuality.NOT_APPLICABLE,
    )


def deadline_text(news: MeasureNews, dates: Dates) -> str:
    """The comment deadline with its quality and the days left: "10 March 2026 (stated …; 8 days left)"."""
    words = dates.words
    day, note = dates.fact(news.facts.comment_deadline)
    left = ""
    if news.facts.status is not MeasureStatus.WITHDRAWN:
        number = days_left(news, dates.today)
        # No days are left for what is adopted, whatever deadline it had: it is not commented on any more.
        left = left_text(number, dates) if number is None or number < 0 or is_open(news, dates.today) else ""
    return words.note(day, words("semicolon").join(part for part in (note, left) if part))


def left_text(left: int | None, dates: Dates) -> str:
    """Days left in words; "" if they are not known."""
    if left is None:
        return ""
    if left < 0:
        return dates.words("days_left.passed", n=-left)
    return dates.words("days_left", n=left) if left else dates.words("days_left.last")


def act_by_text(news: MeasureNews, dates: Dates) -> str:
    """The act-by date, or that it has passed; "" if there is none or comments are over."""
    if news.act_by is None or known_day(news.facts.comment_deadline) is None or not is_open(news, dates.today):
        return ""
    passed = news.act_by < dates.today
    return dates.words("act_by.passed" if passed else "act_by", day=dates.near(news.act_by))


def is_open(news: MeasureNews, today: date) -> bool:
    """Whether comments may still be possible. Unknown is open: a reader is rather sent to ask."""
    if news.facts.status is MeasureStatus.WITHDRAWN or is_unknown(news):
        return False
    if news.facts.status is not MeasureStatus.DRAFT and "urgent" not in news.kinds:
        return False  # what is adopted is not commented on any more; an urgent one is notified when it is
    left = days_left(news, today)
    if left is not None:
        return left >= 0
    day = known_day(news.facts.comment_deadline)
    return day is None or today <= day + _WIDTH[news.facts.comment_deadline.precision]


def _about_comments(news: MeasureNews, dates: Dates) -> str:
    words, fact = dates.words, news.facts.comment_deadline
    day, left = known_day(fact), days_left(news, dates.today)
    if fact.quality is DateQuality.NOT_APPLICABLE:
        return words("do.not_applicable")
    if day is None:
        wording = dates.wording(fact)
        if not wording and is_publishers_own(news):
            return words("do.publisher")
        if wording:
            return words("do.unknown.wording", wording=wording)
        last = news.facts.last_distributed
        return words("do.unknown.old" if last and dates.today - last > _SURELY_OVER else "do.unknown")
    if not is_open(news, dates.today):
        return words("do.passed.n", n=-left) if left else words("do.passed")
    written = dates.fact(fact)[0] if left is None else dates.near(day)
    if left == 0:
        return words("do.comment.today", deadline=written)
    if news.act_by is None or news.act_by >= day:
        return words("do.comment.direct", deadline=written)
    if news.act_by < dates.today:
        return words("do.comment.now", act_by=dates.near(news.act_by), deadline=written)
    text = words("do.comment", act_by=dates.near(news.act_by))
    return words.note(text, words("do.comment.buffer", n=(day - news.act_by).days)) + words("stop")


def _about_entry(news: MeasureNews, dates: Dates) -> list[str]:
    """A reminder of the entry into force, if its day is known and to come."""
    facts = news.facts
    fact = facts.in_force_on if known_day(facts.in_force_on) else facts.proposed_entry_into_force
    day = known_day(fact)
    if day is None or day < dates.today:
        return []
    return [dates.words("do.prepare", date=dates.words.note(*dates.fact(fact)))]


def _phrase(news: MeasureNews, dates: Dates, *, still_open: bool) -> str:
    words, fact = dates.words, news.facts.comment_deadline
    day = known_day(fact)
    if fact.quality is DateQuality.NOT_APPLICABLE:
        return words("comments_none")
    if day is None:
        return "" if is_publishers_own(news) and not fact.wording else words("comments_unknown")
    written = dates.short(day) if fact.precision is Precision.DAY else dates.fact(fact)[0]
    text = words("comments_by" if still_open else "comments_over", day=written)
    return words.note(text, words("computed.short")) if fact.quality is DateQuality.COMPUTED else text
