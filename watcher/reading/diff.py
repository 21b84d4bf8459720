"""What changed in a text, as a person would tell it: what is new, what is gone, what is worded anew."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from watcher.text import one_line


@dataclass(frozen=True, slots=True)
class _Words:
    """How a change is told in a language."""

    added: str
    removed: str
    changed: str
    more: str


_WORDS: Final = {
    "en": _Words("Added: {}", "Removed: {}", "Changed: “{}” → “{}”", "… and {} more changes"),
    "zh": _Words("新增：{}", "删除：{}", "改动：“{}” → “{}”", "……另有 {} 处改动"),
    "fr": _Words("Ajouté : {}", "Supprimé : {}", "Modifié : « {} » → « {} »", "… et {} autres modifications"),
    "es": _Words("Añadido: {}", "Eliminado: {}", "Modificado: «{}» → «{}»", "… y {} cambios más"),
}
_MOST_PAIRS: Final = 400  # comparisons of lines with one another in one place, for finding which became which
_COMPARED: Final = 2_000  # characters of a line that are compared with another
_SHOWN: Final = 300  # characters of a line
#: Behind which line both texts have, and which time it stands there.
_Place = tuple[str, int]
_ALIKE: Final = 0.5  # a line that keeps half of its words is the same line, worded anew
_ALIKE_ALONE: Final = 0.2  # one line in the place of one
_AROUND: Final = 60  # characters that are kept on both sides of a difference in a long line
#: Not behind an initial, as in "the U.S. market".
_SENTENCE_END: Final = re.compile(r"(?<![\s.][A-Z]\.)(?<=[.!?])\s+(?=[^\sa-z])|(?<=[。！？；])")
_CHARACTERS: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"  # which are words by themselves
_WORD: Final = re.compile(rf"[{_CHARACTERS}]|[^\W{_CHARACTERS}]+")


def readable_diff(before: str, after: str, language: str = "en", *, most: int = 40, longest: int = 4_000) -> str:
    """The differences, one a line, at most so many lines and characters; empty if both say the same.

    Differences of spacing, of letter case and of order are none. `language` is that of the words around them: "en",
    "zh", "fr", "es"; English for any other.
    """
    words = _WORDS.get(language, _WORDS["en"])
    told: list[str] = []
    left = length = 0
    for line in _told(_lines(before), _lines(after), words):
        if left or len(told) >= most or length + len(line) > longest:
            left += 1
            continue
        told.append(line)
        length += len(line) + 1
    return "\n".join([*told, words.more.format(left)] if left else told)


def _lines(text: str) -> list[str]:
    """The sentences of the text, each on a line."""
    lines = (one for line in text.split("\n") for one in _SENTENCE_END.split(line))
    return [stripped for line in lines if (stripped := line.strip())]


def _told(before: list[str], after: list[str], words: _Words) -> Iterator[str]:
    """Line by line in the order of the new text; what is gone stands where it stood."""
    places: dict[_Place, tuple[list[str], list[str]]] = {}
    for side, (these, those) in enumerate(((after, before), (before, after))):
        for place, line in _left_over(these, those):
            old_and_new = places.setdefault(place, ([], []))
            if line is not None:
                old_and_new[1 - side].append(line)
    for old, fresh in places.values():
        pairs_left = _MOST_PAIRS
        likeness = _ALIKE_ALONE if len(old) == len(fresh) == 1 else _ALIKE
        for was in old:
            pairs_left -= len(fresh)
            became = _worded_anew(was, fresh, likeness) if fresh and pairs_left >= 0 else None
            if became is None:
                yield words.removed.format(one_line(was, _SHOWN))
            else:
                fresh.remove(became)
                yield words.changed.format(*_apart(was, became))
        for line in fresh:
            yield words.added.format(one_line(line, _SHOWN))


def _left_over(these: list[str], those: list[str]) -> Iterator[tuple[_Place, str | None]]:
    """The lines that these have beyond those, each with its place; and None for each place there is.

    What only moved is no change. A place is behind a line that both have, or at the beginning.
    """
    keys = [_key(line) for line in these]
    extra = Counter(keys) - Counter(map(_key, those))
    count: Counter[str] = Counter()
    place: _Place = ("", 0)
    yield place, None
    for line, key in zip(these, keys, strict=True):
        if extra[key] > 0:
            extra[key] -= 1
            yield place, line
        else:
            count[key] += 1
            place = (key, count[key])
            yield place, None


def _key(line: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", line).casefold().split())


def _worded_anew(was: str, fresh: list[str], likeness: float) -> str | None:
    """Which of the new lines is this one, worded anew: the one that shares the most words with it."""
    own = _words(was)
    best = None
    for line in fresh:
        words = _words(line)
        alike = 2 * (own & words).total() / ((own.total() + words.total()) or 1)
        if alike > likeness:
            best, likeness = line, alike
    return best


def _words(line: str) -> Counter[str]:
    return Counter(_WORD.findall(line[:_COMPARED].casefold()))


def _apart(was: str, became: str) -> tuple[str, str]:
    """Both lines; of long ones what is around their difference."""
    if max(len(was), len(became)) <= _SHOWN:
        return was, became
    same_start = _common(was, became)
    same_end = _common(was[same_start:][::-1], became[same_start:][::-1])
    return _cut(was, same_start, same_end), _cut(became, same_start, same_end)


def _common(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _cut(line: str, same_start: int, same_end: int) -> str:
    start, end = max(0, same_start - _AROUND), min(len(line), len(line) - same_end + _AROUND)
    shown = one_line(line[start:end], _SHOWN)
    return f"{'…' if start else ''}{shown}{'…' if end < len(line) else ''}"
