"""What a plain reading of the HS descriptions reaches: the baseline that a score is shown beside.

TF-IDF of the English descriptions of HS 2022, a document a heading with its subheadings, by cosine; the best heading
of a chapter speaks for it. Plurals in s are taken off; it has no word of Chinese, French or Spanish.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping

_WORD = re.compile(r"[a-z]{3,}")
_STOP = frozenset({"and", "any", "are", "for", "from", "into", "its", "not", "other", "than", "that", "the", "their"})
_HEADING = 4


class PlainTfIdf:
    """The headings whose descriptions are most like a text."""

    def __init__(self, titles: Mapping[str, Mapping[str, str]]) -> None:
        """`titles`: HS code → language → description."""
        words: dict[str, Counter[str]] = defaultdict(Counter)
        for code, names in sorted(titles.items()):
            if len(code) >= _HEADING:
                words[code[:_HEADING]].update(_words(names.get("en", "")))
        spread = Counter(word for counted in words.values() for word in counted)
        self._idf = {word: math.log((1 + len(words)) / (1 + count)) + 1 for word, count in spread.items()}
        self._index: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for code, counted in words.items():
            vector = {word: count * self._idf[word] for word, count in counted.items()}
            size = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
            for word, weight in vector.items():
                self._index[word].append((code, weight / size))

    def ranked(self, text: str, length: int = 2) -> list[str]:
        """Chapters (2) or headings (4), the likest first; nothing for a text without a word that it knows."""
        scores: dict[str, float] = defaultdict(float)
        for word, count in Counter(_words(text)).items():
            for code, weight in self._index.get(word, ()):
                scores[code] += count * self._idf[word] * weight
        best: dict[str, float] = {}
        for code, score in scores.items():
            best[code[:length]] = max(score, best.get(code[:length], 0.0))
        return sorted(best, key=lambda code: (-best[code], code))


def _words(text: str) -> list[str]:
    found = (word for word in _WORD.findall(text.lower()) if word not in _STOP)
    return [word[:-1] if word.endswith("s") and not word.endswith("ss") else word for word in found]
