"""Counts in Chinese, and the like in Japanese: "通报之后60天", where the event comes first, or "60天,自通报之日起"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from watcher.dates.counts import MASK, Count, day_at, length_of
from watcher.dates.events import event_in
from watcher.dates.patterns import Day
from watcher.dates.words import UNITS

_units = "|".join(sorted((unit for unit in UNITS if not unit.isascii() and unit != "月"), key=len, reverse=True))
#: A bare "6月" is June; it is a length only behind 个, 后 or 起.
_COUNT = re.compile(
    r"(?<!\d)(?<!\d[./,])(?:(?P<least>\d{1,3}) ?个?月? ?[-~至到或] ?)?\(?(?P<number>\d{1,4})\)? ?个?"
    rf"(?P<unit>工作[日天]|营业日|(?:日历|自然)[天日]|{_units}|(?<=个)月|(?<=后\d)月|(?<=后\d\d)月|(?<=起\d)月|(?<=起\d\d)月)"
    r"(?:[零又加]?(?P<more>\d{1,3}) ?个?(?P<more_unit>月|天|日)|(?!\d))"
)
_CLAUSE_END = re.compile(r"[,;\n()\[\]。!?]")
_LEADING = re.compile(r"(?:[第约满计为是的]|至少|不少于|大约|届满|经过|期限|最少|最多|不迟于|不晚于) ?$")
_FROM_A_DAY = re.compile(
    r"\x01 ?(?:之日|当日|当天)?(?:算起|起算|开始|起计算|起计|计算|起|后|之后|以后|前|之前|以前|から)?$"
)
_DAY_IN_BRACKETS = re.compile(r"\((\x01+)\)(?=起|后|之后|以后|算|开始)")
_BEHIND = re.compile(r"(?:之?内|以内)?[ ,(]{0,2}(?:自|从|由|以|距)")
_NEXT_MONTH = re.compile(r"(?:次月|下1?个?月|翌月)的?$")
_BACK = re.compile(r"(?:之|以)?前")
_AFTER_ALL = re.compile(r"(?:之|以)?后")
#: "自2015年9月15日通报之日起": the stated day is the event's.
_ITS_DAY = re.compile(r" ?的?(?:wto)?(?:秘书处)? ?")
_AFTER = re.compile(r"(?:之|以)?[后内]")


def han_counts(text: str, days: Sequence[Day]) -> Iterator[Count]:
    """The counts in a masked, folded `text`, whose stated days are `days`."""
    for found in _COUNT.finditer(text):
        if not _NEXT_MONTH.search(text, max(0, found.start() - 4), found.start()):
            yield _count(text, found, days)


def _count(text: str, found: re.Match[str], days: Sequence[Day]) -> Count:
    clause = _clause_before(text[max(0, found.start() - 160) : found.start()])
    behind = text[found.end() : found.end() + 120]
    back = _BACK.match(behind) is not None or clause.endswith("前")
    count = Count(start=found.start(), end=found.end(), length=length_of(found), back=back, linked=True)
    from_a_day = _FROM_A_DAY.search(clause)
    if from_a_day and (from_a_day[0].strip(MASK + " ") or _AFTER.match(behind) or _BACK.match(behind)):
        return replace(count, base=day_at(days, text.rindex(MASK, 0, found.start())))
    if event := event_in(clause, nearest="last"):
        if MASK in clause and _ITS_DAY.fullmatch(clause[clause.rindex(MASK) + 1 : event[1]]):
            return replace(count, base=day_at(days, text.rindex(MASK, 0, found.start())))
        return replace(count, anchor=event[0])
    if _BEHIND.match(behind):
        cut = _CLAUSE_END.search(behind, 4)
        clause = behind[: cut.start() if cut else None]
        if event := event_in(clause, nearest="last"):
            return replace(count, anchor=event[0])
        if MASK in clause:
            return replace(count, base=day_at(days, found.end() + clause.index(MASK)))
    return replace(count, linked=clause.endswith(("起", "后", "?+", "? +")) or _AFTER_ALL.match(behind) is not None)


def _clause_before(before: str) -> str:
    """What stands before the number, back to the last stop; a stop right behind "from" or "after" is none."""
    before = _DAY_IN_BRACKETS.sub(r"\1", before).rstrip(" ")
    before = _LEADING.sub("", before).rstrip(" ")
    if before[-1:] in {",", "(", ":"} and before[-2:-1] in {"起", "后", "始", "算", "内"}:
        before = before[:-1]
    cuts = [cut.end() for cut in _CLAUSE_END.finditer(before)]
    return (before[cuts[-1] :] if cuts else before).strip()
