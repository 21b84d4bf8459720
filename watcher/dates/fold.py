"""Folding: many ways to write one wording become one, before anything is read in it."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

from watcher.dates.words import NUMBER_JOINERS, NUMBER_WORDS, ORDINAL_DAYS, UNITS, VIETNAMESE_NUMBERS

#: Longer texts are no dates; what comes behind is not looked at.
LIMIT = 2_000

_TAG = re.compile(r"<[^<>]{0,200}>")
_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_WORD = re.compile(r"[a-z]+")
_SIMPLIFIED = str.maketrans(
    "發後後個週內適報書處過開時間簽頒決訂確聲結國會於從計劃約電號兩貳參陸萬養採納實執點預擬暫無關議規範將際當強製標導進設備聯歐"
    "曆單並該請審終滿屆遲盡儘佈遞傳歷續載須據閉關稱條壹叁肆伍柒捌玖拾佰経経済効発会区",
    "发后后个周内适报书处过开时间签颁决订确声结国会于从计划约电号两二三六万养采纳实执点预拟暂无关议规范将际当强制标导进设备联欧"
    "历单并该请审终满届迟尽尽布递传历续载须据闭关称条一三四五七八九十百经经济效发会区",
)
_PUNCTUATION = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹣－─", "-"),
        **dict.fromkeys("’‘ʼ´`", "'"),
        **dict.fromkeys("〜～∼", "~"),
        "،": ",",
        "؛": ";",
    }
)
#: Arabic letters that are written in several ways, and the stroke that only lengthens a word.
_LETTERS = str.maketrans(
    {"đ": "d", "ø": "o", "ł": "l", "ı": "i"}
    | {**dict.fromkeys("أإآٱ", "ا"), "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي"}
    | dict.fromkeys(["\u0640", *map(chr, range(0x064B, 0x0653))])
)
_KOREAN = (
    *(("상반기", "上半年"), ("하반기", "下半年"), ("분기", "季度"), ("개월", "个月"), ("년", "年"), ("월", "月")),
    *(("일부터", "日起"), ("일까지", "日"), ("일", "日"), ("공포", "公布"), ("고시", "公布"), ("통보", "通报")),
    *(("시행", "施行"), (" 후", "后")),
)

_HAN_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "o": 0, "两": 2}
_HAN_TENS = {"十": 10, "百": 100, "千": 1000}
_HAN_RUN = re.compile(
    r"([零〇○一二三四五六七八九两十百千廿卅](?:[零〇○一二三四五六七八九两十百千廿卅]|(?<=[一二三四五六七八九])o)*)"
    r"( ?(?:年|月|日|号|天|个|周|星期|礼拜|季|工作日|自然日|旬|か|ヶ|カ|箇))?"
)
_VIETNAMESE = "|".join(sorted(VIETNAMESE_NUMBERS, key=len, reverse=True))
_VIETNAMESE_MONTH = re.compile(rf"tháng ((?:(?:{_VIETNAMESE})(?: mười| một| hai)?))(?= năm| ?[/,-] ?\d| \d)")
_VIETNAMESE_RUN = re.compile(rf"(?<!\w)((?:(?:{_VIETNAMESE}) )+)(?=(?:ngày|tuần|tháng|quý|năm)(?!\w))")

_HALVES = (
    (
        re.compile(r"(?<![a-z])half[ -](?:an? |1 )?year(?![a-z])|medio ano(?![a-z])|meio ano(?![a-z])|nua nam(?! \d)"),
        "6 months",
    ),
    (
        re.compile(r"1 year and (?:a |1 )?half|1 and (?:a |1 )?half years?|1 an et demi|1 ano y medio|1 ano e meio"),
        "18 months",
    ),
    (re.compile(r"1 ?年半"), "18个月"),
    (re.compile(r"(?<![\d上下])半年"), "6个月"),
)

_NUMBERS = NUMBER_WORDS | ORDINAL_DAYS

#: A number word is turned into digits only where a unit follows, with or without one of these between.
_BETWEEN = frozenset({"calendar", "working", "business", "natural", "consecutive", "full", "clear", "de"})

_ARTICLES = frozenset({"a", "an", "un", "une", "una", "um", "uma"})
#: "a hundred days" is a number, as "a" is in "a day".
_AFTER_AN_ARTICLE = frozenset({"hundred", "hundreds", "thousand"})


def fold(wording: str) -> str:
    """`wording` in lower case, plain characters, simplified Chinese and digits; at most `LIMIT` characters are read."""
    text = unicodedata.normalize("NFKC", unescape(_TAG.sub(" ", wording[:LIMIT])))
    text = unicodedata.normalize("NFC", text.casefold()).translate(_PUNCTUATION)
    if not text.isascii():
        text = "".join(map(_plain_sign, text))
    text = _CONTROL.sub(" ", text)
    text = _SPACE.sub(" ", text).strip()
    text = _vietnamese_numbers(text).translate(_SIMPLIFIED)
    text = _without_accents(text)
    text = text.replace("元旦", "1月1日")
    for korean, han in _KOREAN:
        text = text.replace(korean, han)
    text = _latin_numbers(_han_numbers(text))
    for half, whole in _HALVES:
        text = half.sub(whole, text)
    return text[:LIMIT]


def _plain_sign(sign: str) -> str:
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    return "" if unicodedata.category(sign) in {"Cf", "Co", "Cs"} else sign


def _without_accents(text: str) -> str:
    # Only the combining marks of Latin script: those of Thai, Devanagari or Korean carry meaning.
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in apart if not "\u0300" <= c <= "\u036f")).translate(_LETTERS)


def _vietnamese_numbers(text: str) -> str:
    # Before accents go: "sáu" is six and "sau" is after; "năm" is five in front of a unit and a year elsewhere.
    text = _VIETNAMESE_MONTH.sub(lambda found: f"tháng {_sum_vietnamese(found[1])}", text)
    return _VIETNAMESE_RUN.sub(lambda found: f"{_sum_vietnamese(found[1])} ", text)


def _sum_vietnamese(words: str) -> int:
    total = 0
    for word in words.split():
        value = VIETNAMESE_NUMBERS[word]
        if word in {"mươi", "trăm"}:
            last = total % value
            total += (last or 1) * value - last
        else:
            total += value
    return min(total, 9999)


def _han_numbers(text: str) -> str:
    def digits(found: re.Match[str]) -> str:
        return f"{_han_number(found[1])}{found[2]}" if found[2] else found[0]

    return _HAN_RUN.sub(digits, text)


def _han_number(run: str) -> str:
    run = run.replace("廿", "二十").replace("卅", "三十")
    if not any(c in _HAN_TENS for c in run):
        return "".join(str(_HAN_DIGITS[c]) for c in run)  # 二〇二六: digit by digit
    total = 0
    digit = None
    for c in run:
        if c in _HAN_TENS:
            total += (1 if digit is None else digit) * _HAN_TENS[c]
            digit = None
        else:
            digit = _HAN_DIGITS[c]
    return str(total + (digit or 0))


def _latin_numbers(text: str) -> str:
    """ "sixty days" → "60 days", "cent quatre-vingts jours" → "180 jours"; "a" counts only right before a unit."""
    pieces: list[str] = []
    copied = 0
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        between = text[run[-1].end() : word.start()] if run else ""
        if run and between in {" ", "-"}:
            if word[0] in _NUMBERS or word[0] in NUMBER_JOINERS:
                run.append(word)
                continue
            if word[0] in UNITS or word[0] in _BETWEEN:
                if len(run) > 1 and run[0][0] in _ARTICLES and run[1][0] not in _AFTER_AN_ARTICLE:
                    del run[0]  # of "a sixty-day period"
                numbers = [w for w in run if w[0] in _NUMBERS]
                if run[-1][0] in _NUMBERS and _counts(numbers, word[0]):
                    pieces += [text[copied : run[0].start()], str(_sum_words([w[0] for w in numbers]))]
                    copied = run[-1].end()
        run = [word] if word[0] in _NUMBERS else []
    return "".join([*pieces, text[copied:]])


def _counts(numbers: list[re.Match[str]], unit: str) -> bool:
    return bool(numbers) and (unit in UNITS or numbers[0][0] not in _ARTICLES)


def _sum_words(words: list[str]) -> int:
    parts: list[int] = []
    for place, word in enumerate(words):
        value = _NUMBERS[word]
        if value == 100 and parts and 0 < parts[-1] < 10:
            parts[-1] *= 100
        elif word in {"vingt", "vingts"} and place and words[place - 1] == "quatre":
            parts[-1] = 80
        else:
            parts.append(value)
    return min(sum(parts), 9999)
