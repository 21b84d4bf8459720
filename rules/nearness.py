"""Which words of two lists stand near one another in one sentence."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import Final

Span = tuple[int, int]

#: Where a sentence ends in a folded text: a full stop before a blank, and the Chinese marks.
_END: Final = re.compile(r"[.!?;](?=\s|$)|[。！？；]")

#: What counts as one word between two others: each Chinese, Japanese or Korean character, or a run of anything else.
_WORD: Final = re.compile(
    r"[\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7ff]|[^\W\u3005-\u30ff\u3400-\u9fff\uac00-\ud7ff]+"
)

#: A gap longer than this many characters a word is not looked at.
_LONGEST_WORD: Final = 60


def near_pairs(text: str, first: list[Span], second: list[Span], words: int) -> list[Span]:
    """The stretches of a folded text from one of `first` to one of `second`, or back, with few words between them.

    Each of `first` is held against the one of `second` that begins next behind it and the one that ends last before it.
    """
    behind = sorted(second)
    starts = [start for start, _ in behind]
    before = sorted(second, key=lambda span: (span[1], span[0]))
    ends = [end for _, end in before]
    found: dict[Span, None] = {}
    for start, end in sorted(first):
        if (place := bisect_left(starts, end)) < len(behind) and _near(text, end, behind[place][0], words):
            found[start, behind[place][1]] = None
        if (place := bisect_right(ends, start)) and _near(text, before[place - 1][1], start, words):
            found[before[place - 1][0], end] = None
    return sorted(found)


def _near(text: str, start: int, end: int, words: int) -> bool:
    if end - start > (words + 1) * _LONGEST_WORD:
        return False
    between = text[start:end]
    return not _END.search(between) and len(_WORD.findall(between)) <= words
