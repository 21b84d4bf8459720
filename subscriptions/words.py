"""Criteria, receipts and refusals in plain words, Chinese and English.

Whatever language is asked for, everything but Chinese is answered in English. Markets and product areas are named
if their names are given, else by their codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rules.classification import Grade
from subscriptions.choices import Choices, kebab
from subscriptions.criteria import FURTHER, Condition, Criteria, Frequency, Match, Part, Refusal, further
from watcher.markets import Markets
from watcher.measure import TOLD_BY_DEFAULT, ChangeKind

#: Names of product areas: key → language → name.
AreaNames = Mapping[str, Mapping[str, str]]

_WORDS: Mapping[Part | Grade | Frequency | ChangeKind, tuple[str, str]] = {
    Part.MARKET: ("market", "市场"),
    Part.PRODUCT: ("product", "产品"),
    Part.KIND: ("kind of measure", "措施类型"),
    Part.STAGE: ("stage", "阶段"),
    Part.OBJECTIVE: ("objective", "目标"),
    Part.SCHEME: ("scheme or mark", "认证或标志"),
    Part.DUTY: ("duty", "合规义务"),
    Part.STANDARD: ("standard", "引用标准"),
    Part.AGENCY: ("responsible agency", "负责机构"),
    Part.SOURCE: ("source", "信息源"),
    Part.MEASURE: ("measure", "措施"),
    Part.KEYWORD: ("keyword", "关键词"),
    Part.EXCLUSION: ("exclusion", "排除词"),
    Part.GRADE: ("grade", "匹配等级"),
    Part.CHANGE: ("kind of change", "变更类型"),
    Grade.DIRECT: ("direct", "直接相关"),
    Grade.PROBABLE: ("probable", "可能相关"),
    Grade.BROAD: ("broad", "大类相关"),
    Frequency.IMMEDIATE: ("at once", "即时"),
    Frequency.DAILY: ("daily", "每日"),
    Frequency.WEEKLY: ("weekly", "每周"),
    ChangeKind.NEW_MEASURE: ("new measure", "新措施"),
    ChangeKind.DEADLINE_MOVED: ("comment deadline moved", "评议截止日期变更"),
    ChangeKind.DEADLINE_REOPENED: ("comment period re-opened", "评议期重新开放"),
    ChangeKind.ADOPTED: ("adopted", "批准"),
    ChangeKind.IN_FORCE: ("in force", "生效"),
    ChangeKind.WITHDRAWN: ("withdrawn", "撤回或废止"),
    ChangeKind.PRODUCTS_CHANGED: ("scope or products changed", "范围或产品变更"),
    ChangeKind.DATE_FILLED_IN: ("date now known", "日期已明确"),
    ChangeKind.DATE_MOVED: ("adoption or entry into force moved", "批准或生效日期变更"),
    ChangeKind.TEXT_REPLACED: ("text replaced by a revision", "修订通报替换原文"),
    ChangeKind.FURTHER_INFORMATION: ("further information", "补充信息"),
    ChangeKind.CORRECTED: ("clerical correction", "勘误"),
}
#: What these are called where it is said what is asked for.
_ASKED: Mapping[Part, tuple[str, str]] = {
    Part.SOURCE: ("reported by", "信息源"),
    Part.MEASURE: ("follows", "关注"),
}
_FIELDS = {
    "title": ("the title", "标题"),
    "products_covered": ("the products covered", "涵盖产品"),
    "content_summary": ("the description of content", "内容简述"),
    "further_text": ("an addendum", "补遗通报"),
    "document_text": ("a linked document", "所附文件"),
    "responsible_agency": ("the agency responsible", "负责机构"),
    "objectives": ("the objectives", "目标及理由"),
    "legal_basis": ("the articles notified under", "通报依据条款"),
    "status": ("the status", "状态"),
}


def word(value: Part | Grade | Frequency | ChangeKind, language: str) -> str:
    """What a condition, a grade, a frequency or a kind of change is called."""
    return _WORDS[value][_is_chinese(language)]


def field_word(field: str, language: str) -> str:
    """Where words of a measure stand: "the title"; a field without a name of its own by its own."""
    return _FIELDS[field][_is_chinese(language)] if field in _FIELDS else field.replace("_", " ")


def describe(
    criteria: Criteria,
    language: str,
    markets: Markets | None = None,
    areas: AreaNames | None = None,
    choices: Choices | None = None,
) -> str:
    """A standing question in plain words, one line."""
    say = _Speech(_is_chinese(language), language, markets, areas or {}, choices or Choices())
    return say.criteria(criteria)


def explain(
    answer: Match | Refusal,
    language: str,
    markets: Markets | None = None,
    areas: AreaNames | None = None,
    choices: Choices | None = None,
) -> str:
    """Why a measure fits a subscription or does not, as one sentence for the subscriber."""
    say = _Speech(_is_chinese(language), language, markets, areas or {}, choices or Choices())
    return say.match(answer) if isinstance(answer, Match) else say.refusal(answer)


def _is_chinese(language: str) -> bool:
    return language.lower().split("-")[0].split("_")[0] == "zh"


@dataclass(frozen=True, slots=True)
class _Speech:
    """One language, and the names to be used in it."""

    chinese: bool
    language: str
    market_names: Markets | None
    area_names: AreaNames
    choices: Choices

    def criteria(self, criteria: Criteria) -> str:
        parts = [
            self._labelled("Markets", "市场", self._markets(sorted(criteria.markets)) or self._pick("any", "不限")),
            self._labelled("products", "产品", self._alternatives(criteria) or self._pick("any", "不限")),
        ]
        for part in FURTHER:
            if values := further(criteria, part):
                label = _ASKED.get(part, _WORDS[part])
                parts.append(self._labelled(*label, self._or(self._further(part, one) for one in sorted(values))))
        if criteria.keywords:
            parts.append(self._labelled("words", "关键词", self._or(map(self._quoted, sorted(criteria.keywords)))))
        if criteria.exclusions:
            parts.append(self._labelled("but not", "不含", self._or(map(self._quoted, sorted(criteria.exclusions)))))
        parts.append(self._labelled("grade", "匹配等级", self._at_least(criteria.grade)))
        parts.append(self._labelled("news", "变更类型", self._changes(criteria.changes)))
        return self._pick("; ", "；").join(parts) + self._pick(".", "。")

    def match(self, match: Match) -> str:
        # Who asked for a market alone is not told how surely it concerns them: of that nothing is known.
        about = any(condition.part in (Part.PRODUCT, Part.KEYWORD) for condition in match.conditions)
        head = self._pick("Fits", "符合") + (self._bracketed(word(match.grade, self.language)) if about else "")
        met = " + ".join(self._condition(condition) for condition in match.conditions)
        if not met:
            met = self._pick("the subscription asks for every measure", "该订阅不限条件")
        return f"{head}{self._pick(': ', '：')}{met}{self._pick('.', '。')}"

    def refusal(self, refusal: Refusal) -> str:
        head = f"{self._pick('Does not fit: ', '不符合：')}{word(refusal.part, self.language)}"
        asked, found = self._two_sides(refusal)
        return f"{head} {self._pick('—', '——')} {asked}{self._pick('; ', '，')}{found}{self._pick('.', '。')}"

    def _two_sides(self, refusal: Refusal) -> tuple[str, str]:
        asked, found = refusal.asked, refusal.found
        match refusal.part:
            case Part.MARKET:
                return (
                    self._pick("you subscribe to ", "您订阅 ") + self._markets(asked.split(", ")),
                    self._pick("this measure comes from ", "本措施来自 ") + self._markets(found.split(", "))
                    if found
                    else self._pick("this measure names no Member", "本措施未写明成员"),
                )
            case Part.PRODUCT:
                return (
                    self._pick("you subscribe to ", "您订阅 ") + self._products(asked),
                    (
                        self._pick("this measure states no code; ", "本措施未写明编码；")
                        if found.startswith("inferred ")
                        else self._pick("this measure states ", "本措施写明 ")
                    )
                    + self._products(found)
                    if found
                    else self._pick("this measure states no code and no known product", "本措施未写明编码或已知产品"),
                )
            case Part.KIND | Part.STAGE | Part.OBJECTIVE | Part.SCHEME | Part.DUTY | Part.STANDARD:
                values = self._or(self._further(refusal.part, one) for one in asked.split(", "))
                return (
                    self._pick("you subscribe to ", "您订阅 ") + values,
                    self._pick("this measure has ", "本措施为 ") + self._all_further(refusal.part, found)
                    if found
                    else self._pick("none is known of this measure", "本措施未见此项"),
                )
            case Part.AGENCY:
                return (
                    self._pick("you subscribe to ", "您订阅 ") + self._or(map(self._quoted, asked.split("; "))),
                    self._pick("this measure is of ", "本措施来自 ") + self._quoted(found)
                    if found
                    else self._pick("this measure names no agency", "本措施未写明机构"),
                )
            case Part.SOURCE:
                return (
                    self._pick("you subscribe to ", "您订阅 ") + self._or(asked.split(", ")),
                    self._pick("this measure was reported by ", "本措施来自 ")
                    + self._pick(", ", "、").join(found.split(", "))
                    if found
                    else self._pick("no source of this measure is recorded", "本措施没有信息源记录"),
                )
            case Part.MEASURE:
                return (
                    self._pick("you follow ", "您关注 ") + self._or(asked.split(", ")),
                    self._pick("this is ", "本措施为 ") + self._pick(", ", "、").join(found.split(", ")),
                )
            case Part.KEYWORD:
                return (
                    self._pick("you look for ", "您查找 ") + self._or(map(self._quoted, asked.split(", "))),
                    self._pick("this measure has no such words", "本措施中未出现"),
                )
            case Part.EXCLUSION:
                place = _FIELDS.get(refusal.field, ("the text", "正文"))[self.chinese]
                says = self._pick(f"{place} says ", f"{place}中有 ")
                return self._pick("you exclude ", "您排除 ") + self._quoted(asked), says + self._quoted(found)
            case Part.GRADE:
                because = self._bracketed(self._because(refusal.because)) if refusal.because else ""
                return (
                    self._pick("you want ", "您要求 ") + self._at_least(Grade(asked)),
                    self._pick("this is ", "本措施为 ") + word(Grade(found), self.language) + because,
                )
            case Part.CHANGE:
                news = self._changes(ChangeKind(kind) for kind in found.split(", ") if kind)
                return (
                    self._pick("you want to be told: ", "您要求告知：")
                    + self._changes(ChangeKind(kind) for kind in asked.split(", ") if kind),
                    self._pick(f"the news is: {news}", f"本次变更为：{news}")
                    if news
                    else self._pick("there is no news", "本次没有变更"),
                )

    def _condition(self, condition: Condition) -> str:
        if condition.part is Part.MARKET:
            asked, found = self._markets([condition.asked]), self._markets(condition.found.split(", "))
            label = word(Part.MARKET, self.language)
            return f"{label} {asked}" + (self._bracketed(found) if found != asked else "")
        if condition.part is Part.KEYWORD:
            place = _FIELDS.get(condition.field, ("the text", "正文"))[self.chinese]
            where = self._pick(f"in {place}: ", f"{place}：") + self._quoted(condition.found)
            return f"{word(Part.KEYWORD, self.language)} {self._quoted(condition.asked)}{self._bracketed(where)}"
        if condition.part in FURTHER:
            return self._further_condition(condition)
        asked, found = self._products(condition.asked), condition.found
        if condition.inferred:
            place = _FIELDS.get(condition.field, ("the text", "正文"))[self.chinese]
            words = self._quoted(condition.inferred)
            return asked + self._bracketed(
                self._pick(f"{found}, inferred from {words} in {place}", f"{found}，由{place}中的{words}推断")
            )
        if condition.field in _FIELDS:
            found = self._pick(f"{_FIELDS[condition.field][0]}: ", f"{_FIELDS[condition.field][1]}：") + found
        if condition.grade is Grade.BROAD:
            found = self._pick(f"only {found} is stated", f"仅写明 {found}")
        told = (condition.asked, condition.asked.removeprefix("area "))
        return asked if found in told else asked + self._bracketed(found)

    def _further_condition(self, condition: Condition) -> str:
        """ "scheme or mark CE marking (in the title: “CE”)"; of a standard the one that stands there."""
        label = word(condition.part, self.language)
        if condition.part is Part.MEASURE:
            label = self._pick("you follow", "您关注")
        name, found = self._further(condition.part, condition.asked), condition.found
        if condition.part is Part.AGENCY:
            same = found.casefold() == condition.asked.casefold()
            return f"{label} {name}" + ("" if same else self._bracketed(self._quoted(found)))
        if condition.part is Part.STANDARD:
            only = condition.grade is Grade.BROAD and found != condition.asked
            met = self._pick(f"only {found} is named", f"仅写明 {found}") if only else found
            return f"{label} {name}" + (self._bracketed(met) if met != name else "")
        if condition.field not in _FIELDS or kebab(found) == kebab(condition.asked):
            return f"{label} {name}"
        place = _FIELDS[condition.field][self.chinese]
        return f"{label} {name}" + self._bracketed(self._pick(f"in {place}: ", f"{place}：") + self._quoted(found))

    def _further(self, part: Part, key: str) -> str:
        if part is Part.AGENCY:
            return self._quoted(key)
        return self.choices.name(part, key, self.language)

    def _all_further(self, part: Part, found: str) -> str:
        """Values in a row, as `subscriptions.matching` lists them; what was cut stays cut."""
        return self._pick(", ", "、").join(self._further(part, one) for one in found.split(", "))

    def _because(self, because: str) -> str:
        """What gave no better grade: products, or "scheme ce"."""
        name, _, value = because.partition(" ")
        if name in frozenset(FURTHER) and value:
            part = Part(name)
            return f"{word(part, self.language)} {self._further(part, value)}"
        return self._products(because)

    def _alternatives(self, criteria: Criteria) -> str:
        codes = [f"HS {code}" for code in sorted(criteria.hs)] + [f"ICS {code}" for code in sorted(criteria.ics)]
        return self._or([*codes, *(self._area(area) for area in sorted(criteria.areas))])

    def _products(self, line: str) -> str:
        """A line of `subscriptions.matching` ("HS 22, 33; area food") in this language."""
        groups = []
        for group in line.split("; "):
            name, _, rest = group.partition(" ")
            if name == "area" and rest:
                groups.append(", ".join(self._area(area) for area in rest.split(", ")))
            elif name == "inferred" and rest:
                groups.append(self._pick(f"inferred: {rest}", f"推断：{rest}"))
            else:
                groups.append(group)
        return self._pick("; ", "；").join(groups)

    def _area(self, area: str) -> str:
        name = self.area_names.get(area, {})
        return f"{self._pick('product area', '产品类别')} {name.get(self.language) or name.get('en') or area}"

    def _markets(self, codes: Iterable[str]) -> str:
        return self._pick(", ", "、").join(self._market(code) for code in codes)

    def _market(self, code: str) -> str:
        return self.market_names.name(code, self.language) if self.market_names else code

    def _at_least(self, grade: Grade) -> str:
        if grade is Grade.BROAD:
            return self._pick("any", "不限")
        name = word(grade, self.language)
        return (
            self._pick(f"only {name}", f"仅{name}")
            if grade is Grade.DIRECT
            else self._pick(f"at least {name}", f"至少{name}")
        )

    def _changes(self, kinds: Iterable[ChangeKind]) -> str:
        wanted = frozenset(kinds)
        if wanted == frozenset(ChangeKind):
            return self._pick("every change", "全部变更")
        if wanted == TOLD_BY_DEFAULT:
            return self._pick("every change but clerical corrections", "除勘误外的全部变更")
        return self._pick(", ", "、").join(word(kind, self.language) for kind in ChangeKind if kind in wanted)

    def _labelled(self, english: str, chinese: str, words: str) -> str:
        return self._pick(f"{english}: {words}", f"{chinese}：{words}")

    def _or(self, words: Iterable[str]) -> str:
        return self._pick(" or ", " 或 ").join(words)

    def _quoted(self, words: str) -> str:
        return f"“{words}”"

    def _bracketed(self, words: str) -> str:
        return self._pick(f" ({words})", f"（{words}）")

    def _pick(self, english: str, chinese: str) -> str:
        return chinese if self.chinese else english
