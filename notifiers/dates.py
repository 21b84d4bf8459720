"""Days and moments as people write them, by Babel: "1 March 2026", "3月1日"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date

from notifiers.wording import Words
from watcher.dates import IN_TEXT, DateFact, DateQuality, Precision
from watcher.text import one_line

#: Patterns (Unicode date fields) by language: a whole day, a day of this year, a day in a subject line, a month.
_PATTERNS = {
    "en": {
        "day": "d MMMM y",
        "near": "d MMMM",
        "short": "d MMM",
        "short_year": "d MMM y",
        "month": "MMMM y",
        "year": "y",
    },
    "zh": {
        "day": "y年M月d日",
        "near": "M月d日",
        "short": "M月d日",
        "short_year": "y年M月d日",
        "month": "y年M月",
        "year": "y年",
    },
    "fr": {
        "day": "d MMMM y",
        "near": "d MMMM",
        "short": "d MMM",
        "short_year": "d MMM y",
        "month": "MMMM y",
        "year": "y",
    },
    "es": {
        "day": "d 'de' MMMM 'de' y",
        "near": "d 'de' MMMM",
        "short": "d MMM",
        "short_year": "d MMM y",
        "month": "MMMM 'de' y",
        "year": "y",
    },
}
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T00:00(?::00(?:\.0+)?)?(?:Z|[+-]00:00)?)?", re.ASCII)
_ISO_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_ISO_YEAR = re.compile(r"(?:19|20|21)\d{2}", re.ASCII)
#: "notification + 60 days", "2014-01-13 + 1 year 6 months", "entry into force - 10 working days", "publication"
_RULE = re.compile(
    r"(?P<start>[a-z_ ]+?|\d{4}-\d{2}-\d{2})"
    r"(?:\s*(?P<sign>[+-])\s*(?P<length>\d{1,4} (?:working )?(?:day|week|month|year)s?"
    r"(?: \d{1,4} (?:working )?(?:day|week|month|year)s?)*))?",
    re.ASCII,
)
_EITHER = re.compile(r"the (earlier|later) of (\d{4}-\d{2}-\d{2}) and (\d{4}-\d{2}-\d{2})", re.ASCII)
_SPAN = re.compile(r"(\d+) ((?:working )?(?:day|week|month|year))s?", re.ASCII)
_LONGEST_WORDING = 160


@dataclass(frozen=True, slots=True)
class Dates:
    """How days are written for a reader on a day: the current year goes without saying where that is usual."""

    words: Words
    today: date

    def day(self, day: date) -> str:
        """A day, so that it can stand alone: with its year in English, in Chinese unless it is this year's."""
        return self._written(day, "near" if self.words.language == "zh" and self._this_year(day) else "day")

    def near(self, day: date) -> str:
        """A day beside others or in a sentence: without its year if that is the current one."""
        return self._written(day, "near" if self._this_year(day) else "day")

    def short(self, day: date) -> str:
        """A day in a subject line: "1 Mar", "3月1日"."""
        return self._written(day, "short" if self._this_year(day) else "short_year")

    def moment(self, moment: datetime) -> str:
        """A moment in its own time zone, which is named. Raises ValueError if it has none."""
        offset = moment.utcoffset()
        if offset is None:
            raise ValueError(f"{moment.isoformat()} has no time zone: give it one, UTC if in doubt")
        minutes = round(offset.total_seconds() / 60)
        zone = "UTC"
        if minutes:
            zone += f"{'+' if minutes > 0 else '-'}{abs(minutes) // 60}"
            zone += f":{abs(minutes) % 60:02}" if minutes % 60 else ""
        return f"{self.near(moment.date())} {moment:%H:%M} {zone}"

    def span(self, first: date, last: date) -> str:
        """From a day to another, both included: "1–7 June", "6月1日—7日"."""
        if first == last:
            return self.near(first)
        chinese = self.words.language == "zh"
        dash = "—" if chinese else "–"
        if (first.year, first.month) != (last.year, last.month):
            return f"{self.near(first)}{dash}{self.near(last)}"
        if chinese:
            return f"{self.near(first)}{dash}{last.day}日"
        return f"{first.day}{dash}{self.near(last)}"

    def stored(self, text: str) -> str | None:
        """A day, month or year as a fact change holds it (ISO 8601), or None if it is none."""
        if match := _ISO_DAY.fullmatch(text):
            try:
                return self.day(date(int(match[1]), int(match[2]), int(match[3])))
            except ValueError:
                return None
        if match := _ISO_MONTH.fullmatch(text):
            try:
                return self._written(date(int(match[1]), int(match[2]), 1), "month")
            except ValueError:
                return None
        if _ISO_YEAR.fullmatch(text):
            return self._written(date(int(text), 1, 1), "year")
        return None

    def fact(self, fact: DateFact) -> tuple[str, str]:
        """A dated fact: the day as far as it is known, and how it was come by, in words ("" if nothing is to say)."""
        wording = one_line(fact.wording, _LONGEST_WORDING)
        said = self.words("quality.says", wording=self.words.quote(wording)) if wording else ""
        if fact.quality is DateQuality.NOT_APPLICABLE:
            return self.words("date.not_applicable"), said
        if fact.value is None or fact.quality is DateQuality.UNKNOWN:
            if not any(char.isalpha() or char in "123456789" for char in wording):
                return self.words("date.not_stated"), ""  # "0", "0000-00-00" and "-" are how programs write nothing
            if not fact.doubt:
                return self.words("date.unknown"), said
            doubt = one_line(fact.doubt, _LONGEST_WORDING).rstrip(".")
            return self.words("date.unknown"), self.words("quality.doubted", said=said, doubt=doubt)
        day, earliest = self._as_fine_as_known(fact.value, fact.precision, wording)
        computed = fact.quality is DateQuality.COMPUTED
        how = self._how_computed(fact, wording) if computed else self._as_stated(fact, wording)
        return day, self.words("semicolon").join(part for part in (earliest, how) if part)

    def wording(self, fact: DateFact) -> str:
        """The document's own words for a date in quotation marks; "" if it has none."""
        wording = one_line(fact.wording, _LONGEST_WORDING)
        return self.words.quote(wording) if wording else ""

    def rule(self, rule: str) -> str:
        """How a day was counted, in words: "notification + 60 days" is "60 days after notification"."""
        if either := _EITHER.fullmatch(rule.strip()):
            first, second = (self.day(date.fromisoformat(day)) for day in either.groups()[1:])
            return self.words(f"rule.{either[1]}", first=first, second=second)
        match = _RULE.fullmatch(rule.strip())
        if match is None:
            return one_line(rule, _LONGEST_WORDING)
        anchor = f"anchor.{match['start'].strip().replace(' ', '_')}"
        start = self.words(anchor) if self.words.knows(anchor) else self.stored(match["start"])
        if start is None:
            return one_line(rule, _LONGEST_WORDING)
        if not match["length"]:
            return self.words("rule.same", anchor=start)
        spans = [self.words(f"span.{unit}", n=int(n)) for n, unit in _SPAN.findall(match["length"])]
        length = self.words("blank").join(spans)
        return self.words("rule.plus" if match["sign"] == "+" else "rule.minus", span=length, anchor=start)

    def _as_stated(self, fact: DateFact, wording: str) -> str:
        """A day that was carried over from another calendar is shown with the words it was read from."""
        if fact.rule == IN_TEXT and wording:
            return self.words("quality.stated.text", wording=self.words.quote(wording))
        if fact.rule and wording:
            return self.words("quality.stated.as", wording=self.words.quote(wording))
        return self.words("quality.stated")

    def _how_computed(self, fact: DateFact, wording: str) -> str:
        quoted = self.words.quote(wording)
        if fact.rule and wording:
            return self.words("quality.computed", rule=self.rule(fact.rule), wording=quoted)
        if fact.rule:
            return self.words("quality.computed.rule", rule=self.rule(fact.rule))
        if wording:
            return self.words("quality.computed.wording", wording=quoted)
        return self.words("quality.computed.bare")

    def _as_fine_as_known(self, day: date, precision: Precision, wording: str) -> tuple[str, str]:
        """Never finer than the wording: "March 2026", or the wording itself and a note of the first day it can mean."""
        match precision:
            case Precision.DAY:
                return self.day(day), ""
            case Precision.MONTH:
                return self._written(day, "month"), ""
            case Precision.YEAR:
                return self._written(day, "year"), ""
            case Precision.PART_OF_MONTH | Precision.SEASON:
                earliest = self.words("date.earliest", day=self.day(day))
                return (self.words.quote(wording), earliest) if wording else (earliest, "")

    def _written(self, day: date, pattern: str) -> str:
        written = format_date(day, _PATTERNS[self.words.language][pattern], locale=self.words.language)
        return f"1er{written[1:]}" if self.words.language == "fr" and written.startswith("1 ") else written

    def _this_year(self, day: date) -> bool:
        return day.year == self.today.year
