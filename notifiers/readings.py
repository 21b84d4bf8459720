"""What values mean in a reader's words: codes, fact changes, the conditions of a subscription."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from notifiers.dates import Dates
from notifiers.message import MeasureNews, WhyYou
from notifiers.wording import Words
from rules.classification import Grade
from subscriptions.criteria import Condition, Part
from watcher.codes import OBJECTIVES
from watcher.dates import DateFact, DateQuality
from watcher.days import as_read
from watcher.measure import ChangeKind, FactChange, Facts
from watcher.text import one_line

#: Fields of `Facts` that hold a `DateFact`.
DATE_FIELDS = frozenset(
    {
        "comment_deadline",
        "proposed_adoption",
        "proposed_entry_into_force",
        "adopted_on",
        "published_on",
        "in_force_on",
    }
)
#: Which news is told first, when one notice brings several.
PRECEDENCE = (
    ChangeKind.NEW_MEASURE,
    ChangeKind.WITHDRAWN,
    ChangeKind.DEADLINE_REOPENED,
    ChangeKind.DEADLINE_MOVED,
    ChangeKind.IN_FORCE,
    ChangeKind.ADOPTED,
    ChangeKind.TEXT_REPLACED,
    ChangeKind.PRODUCTS_CHANGED,
    ChangeKind.DATE_FILLED_IN,
    ChangeKind.DATE_MOVED,
    ChangeKind.FURTHER_INFORMATION,
    ChangeKind.CORRECTED,
)
_PRODUCT_FIELDS = frozenset({"products_covered", "hs_codes", "ics_codes"})
#: How a change writes products (`watcher.products.products_as_read`): "HS 8506, 8507; ICS 29.220; batteries".
_CODES_NAMED = re.compile(r"(?:^|; )(?:HS|ICS) ([\d., ]+)", re.ASCII)
_CODES_FIRST = re.compile(r"(?:(?:HS|ICS) [\d., …]+(?:; |$))+", re.ASCII)
_CODES_ALONE = re.compile(r"\d[\d.]*(?:[\s,;]+\d[\d.]*)*", re.ASCII)
_HS = re.compile(r"\d{2,10}", re.ASCII)
_CODE_ASKED = re.compile(r"(?i)(HS|ICS)\s*([\d.]{2,13})", re.ASCII)
_CODE_FOUND = re.compile(r"(?<![\d.])\d{5,10}(?![\d.])", re.ASCII)
_AREA_ASKED = re.compile(r"area (.+)", re.DOTALL)
_SUFFIX = re.compile(r"(?:/(?:Rev|Add|Corr|Suppl)\.\d+)+$")
_LONGEST_VALUE = 240
_MOST_CODES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One fact change as people read it. Without a field it is only a sentence."""

    label: str
    old: str = ""
    new: str = ""
    note: str = ""
    quote: str = ""  #: the notice's own words, as text

    @property
    def arrow(self) -> bool:
        """Whether there is an old and a new to show."""
        return bool(self.old or self.new)

    def text(self, words: Words) -> str:
        """Without note and quote: "Comment deadline: 1 February 2026 → 1 March 2026"."""
        if not self.arrow:
            return self.label
        return self.label + words("colon") + words("from_to", old=self.old, new=self.new)


def dotted(code: str) -> str:
    """An HS code as customs people write it: "2202.99", "8507.60.00"; anything else as it is."""
    if not _HS.fullmatch(code) or len(code) <= 4:
        return code
    return ".".join([code[:4], *(code[at : at + 2] for at in range(4, len(code), 2))])


def several(names: Sequence[str], words: Words, *, most: int = _MOST_CODES, between: str = "pause") -> str:
    """Names in a row; of many, the first ones and how many more."""
    shown = words(between).join(names[:most])
    if len(names) <= most:
        return shown
    more = words("more", n=len(names) - most, total=len(names))
    return f"{shown} {more}"


def objective(key: str, words: Words) -> str:
    """The name of an objective; one that is no known key is the document's own wording, in quotation marks."""
    names = OBJECTIVES.get(key)
    return names[words.language] if names else words.quote(one_line(key, _LONGEST_VALUE))


def suffix_of(symbol: str) -> str:
    """The part of a symbol that names the later document: "Add.2", "Rev.1/Add.1"; "" for the first one."""
    found = _SUFFIX.search(symbol)
    return found[0].lstrip("/") if found else ""


def leading(changes: Iterable[FactChange]) -> FactChange | None:
    """The news that matters most; of two of one kind, the latest."""
    found: FactChange | None = None
    for change in changes:
        if found is None or PRECEDENCE.index(change.kind) <= PRECEDENCE.index(found.kind):
            found = change
    return found


def change_line(change: FactChange, facts: Facts, dates: Dates) -> ChangeLine:
    """Old and new of a change, by which notice, and how sure; "" where there was none."""
    words = dates.words
    quote = one_line(change.quote, _LONGEST_VALUE)
    document = suffix_of(change.symbols[0]) if change.symbols else ""
    note = words("by_notice", document=document) if document else ""
    if not change.field or not (change.old or change.new) or change.field == "links":
        return ChangeLine(label=words.either(f"sentence.{change.kind}", "sentence.other"), note=note, quote=quote)
    label = words.either(f"field.{change.field}", "field.other")
    if change.field in DATE_FIELDS:
        return ChangeLine(
            label=label,
            old=_day_text(change.old, dates),
            new=_day_text(change.new, dates),
            note=_quality_of_new(change, facts, dates, document) or note,
            quote=quote,
        )
    if change.field in _PRODUCT_FIELDS:
        old, new = codes_in(change.old), codes_in(change.new)
        note = words("semicolon").join(part for part in (*_differences(old, new, words), note) if part)
    return ChangeLine(
        label=label,
        old=_value_text(change.field, change.old, words) or words("nothing_before"),
        new=_value_text(change.field, change.new, words) or words("nothing_now"),
        note=note,
        quote=quote,
    )


def _day_text(stored: str, dates: Dates) -> str:
    """A stored day as people write it; a wording that is no day in quotation marks."""
    if not stored:
        return dates.words("date.unknown")
    wording = one_line(stored, _LONGEST_VALUE)
    if wording.casefold().replace("_", " ") == "not applicable":
        return dates.words("date.not_applicable")
    return dates.stored(wording) or dates.words.quote(wording)


def _quality_of_new(change: FactChange, facts: Facts, dates: Dates, document: str) -> str:
    """How the new day was come by, if the measure still holds it: a computed day is never called stated."""
    fact: DateFact = getattr(facts, change.field)
    if fact.value is None or not change.new or change.new != as_read(fact):
        return ""
    if fact.quality is DateQuality.STATED and not fact.rule:
        return dates.words("quality.stated_in", document=document) if document else dates.words("quality.stated")
    return dates.fact(fact)[1]


def codes_in(stored: str) -> list[str]:
    """The codes of a products change, with their dots; empty where a list was cut or is no list of codes.

    Takes "220299, 2009" and "HS 8506, 8507; ICS 29.220; batteries".
    """
    if "…" in stored:
        return []
    named = _CODES_NAMED.findall(stored)
    if named:
        return [dotted(code) for codes in named for code in re.split(r"[\s,]+", codes) if code]
    return [dotted(code) for code in re.split(r"[\s,;]+", stored)] if _CODES_ALONE.fullmatch(stored) else []


def _differences(old: list[str], new: list[str], words: Words) -> tuple[str, str]:
    """What was added and what removed, if both lists are known whole."""
    if not (old and new):
        return "", ""
    added, removed = [code for code in new if code not in old], [code for code in old if code not in new]
    return (
        words("added", codes=several(added, words)) if added else "",
        words("removed", codes=several(removed, words)) if removed else "",
    )


def _value_text(field: str, stored: str, words: Words) -> str:
    if not stored:
        return ""
    if field in _PRODUCT_FIELDS:
        return _products_text(stored, words)
    if field == "status":
        return words(f"status.{stored}") if words.knows(f"status.{stored}") else words.quote(stored)
    if field == "objectives":
        keys = [key.strip() for key in re.split(r"[,;]", stored) if key.strip()]
        return several([objective(key, words) for key in keys], words, between="semicolon")
    return words.quote(one_line(stored, _LONGEST_VALUE))


def _products_text(stored: str, words: Words) -> str:
    """Codes with their dots, of many the first; other people's words in quotation marks."""
    if _CODES_ALONE.fullmatch(stored):
        return several(codes_in(stored), words, most=8)
    text = one_line(stored, _LONGEST_VALUE)
    named = _CODES_FIRST.match(text)
    if not named:
        return words.quote(text)
    rest = text[named.end() :]
    return dotted_codes(named[0].rstrip("; ")) + (words("semicolon") + words.quote(rest) if rest else "")


def change_phrase(change: FactChange, dates: Dates) -> str:
    """A change in a few words, for a subject line: "comment deadline moved from 1 Feb to 1 Mar"."""
    words = dates.words
    if change.field in DATE_FIELDS:
        old, new = _short_day(change.old, dates), _short_day(change.new, dates)
        if change.kind is ChangeKind.DEADLINE_MOVED and new:
            if old:
                return words("phrase.deadline_moved.from_to", old=old, new=new)
            return words("phrase.deadline_moved.to", new=new)
        if change.kind in (ChangeKind.DATE_FILLED_IN, ChangeKind.DATE_MOVED) and new:
            field = words(f"field.{change.field}")
            return words("phrase.field_to", field=field[:1].lower() + field[1:], new=new)
    return words.either(f"phrase.{change.kind}", "phrase.other")


def _short_day(stored: str, dates: Dates) -> str:
    try:
        return dates.short(dates.today.fromisoformat(stored))
    except ValueError:
        return dates.stored(stored) or ""


# --- why a reader gets it


def names_in(news: MeasureNews) -> Mapping[str, str]:
    """Codes and keys → their names in the reader's language, as far as the news tells them."""
    codes = news.facts.notifying_members
    told = dict(zip(codes, news.markets, strict=True)) if len(codes) == len(news.markets) else {}
    return {**told, **news.names}


def reasons(why: WhyYou, names: Mapping[str, str], words: Words, *, most: int = 6) -> str:
    """The conditions of one subscription that held, in a row: "market EAC (Kenya) + HS 22 (2202.99)"."""
    seen = dict.fromkeys(text for condition in why.conditions if (text := reason(condition, names, words)))
    shown = list(seen)[:most]
    if len(seen) > most:
        shown.append(words("more", n=len(seen) - most, total=len(seen)))
    return " + ".join(shown) if shown else words("why.everything")


def reason(condition: Condition, names: Mapping[str, str], words: Words) -> str:
    """One condition: what was asked, and in brackets what met it."""
    asked, found = one_line(condition.asked, 80), one_line(condition.found, 120)
    match condition.part:
        case Part.MARKET:
            place = names.get(asked, asked)
            met = words("pause").join(names.get(code, code) for code in re.split(r"[,、]\s*", found) if code)
            return words.note(words("why.market", asked=place), met if met != place else "")
        case Part.PRODUCT:
            if condition.inferred:
                quoted = words.quote(one_line(condition.inferred, 120))
                found = words("why.inferred", code=dotted_codes(found), words=quoted)
                return words.note(_asked_code(asked), found)
            return _product_reason(asked, found, names, words)
        case Part.KIND | Part.STAGE | Part.OBJECTIVE | Part.SCHEME | Part.DUTY | Part.STANDARD:
            name = names.get(f"{condition.part}:{asked}", asked)
            met = found if condition.part is Part.STANDARD else words.quote(found)
            said_already = found in ("", asked, name)
            return words.note(words(f"why.{condition.part}", name=name), "" if said_already else met)
        case Part.AGENCY:
            met = words.quote(found) if found.casefold() != asked.casefold() else ""
            return words.note(words("why.agency", name=words.quote(asked)), met)
        case Part.SOURCE | Part.MEASURE:
            return words(f"why.{condition.part}", name=names.get(f"{condition.part}:{asked}", asked))
        case Part.KEYWORD:
            met = words.quote(found) if found and found.casefold() != asked.casefold() else ""
            return words.note(words("why.keyword", word=words.quote(asked)), met)
        case Part.EXCLUSION:
            return words("why.exclusion", word=words.quote(asked)) if asked else ""
        case Part.GRADE:
            return words("why.grade", grade=words(f"grade.{asked}.short")) if asked in frozenset(Grade) else ""
        case Part.CHANGE:
            return words("why.change", what=told_what(asked, words)) if asked else ""


def _asked_code(asked: str) -> str:
    code = _CODE_ASKED.fullmatch(asked)
    return f"{code[1].upper()} {dotted(code[2])}" if code else asked


def _product_reason(asked: str, found: str, names: Mapping[str, str], words: Words) -> str:
    if code := _CODE_ASKED.fullmatch(asked):
        shown = _asked_code(asked)
        met = dotted_codes(found.removeprefix(f"{code[1].upper()} "))
        return words.note(shown, met if met != dotted(code[2]) else "")
    met = dotted_codes(found) if found.startswith(("HS ", "ICS ")) else found
    if area := _AREA_ASKED.fullmatch(asked):
        name = names.get(area[1], area[1])
        return words.note(words("why.area", name=name), met if met not in (name, area[1]) else "")
    return words.note(asked, met if met != asked else "")


def dotted_codes(found: str) -> str:
    """Every HS code in a row with its dot; ICS codes have theirs."""
    return _CODE_FOUND.sub(lambda code: dotted(code[0]), found)


def told_what(what: str, words: Words) -> str:
    """Kinds of change by their names: "deadline_moved" is "comment deadline moved"."""
    kinds = [kind for kind in re.split(r"[,\s]+", what) if kind]
    if kinds and all(words.knows(f"phrase.{kind}") for kind in kinds):
        return words("pause").join(words(f"phrase.{kind}") for kind in kinds)
    return one_line(what, 80)
