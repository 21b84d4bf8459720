"""The conformity scheme or mark that a question names: "CE 认证", "BIS certification"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from subscriptions.choices import Choices

_LONGEST: Final = 6  # words of a name


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeNamed:
    """A scheme, the words that named it, and the words that did not."""

    key: str
    words: str
    rest: tuple[str, ...]


def find_scheme(words: Sequence[str], choices: Choices) -> SchemeNamed | None:
    """The scheme that some of these words name, None if they name none. The longest name wins.

    A name counts only with a word that says what it is (certification, mark, 认证): "NOM", "CE" and "EAC" alone are
    other words, or markets.
    """
    for length in range(min(_LONGEST, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            said = " ".join(words[start : start + length])
            if key := choices.certification(said):
                return SchemeNamed(key=key, words=said, rest=(*words[:start], *words[start + length :]))
    return None
