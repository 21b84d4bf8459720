"""What bytes become in each encoding, weighed: the right reading consists of signs that its language often writes."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from watcher.encoding import signs
from watcher.encoding.declared import SAYS_NOTHING

_Weigh = Callable[[str], float]

_SAMPLE: Final = 24_000  # bytes that are looked at to tell one encoding from another
#: Between two of these bytes stands a whole number of characters, in every encoding here.
_PIECE: Final = re.compile(rb"[^\x00-\x2f<>]+")
_FOREIGN: Final = re.compile(rb"[\x80-\xff]")
_LOOKED_AT: Final = 3_000_000  # bytes in which pieces are looked for

_BROKEN = -3.0
_ALIEN = -1.0
#: How much is added to what is declared, and to what the source's language is written in. A right reading weighs about
#: 0.7, a wrong one less than 0.3.
_IF_DECLARED = 0.3
_IF_OF_LANGUAGE = 0.3
_IF_ENGLISH = 0.1  # the language of a source of which nobody said another
#: Less is no reading at all.
_LEAST = 0.0


def likely(body: bytes, named: Iterable[str], language: str) -> str | None:
    """The encoding of bytes that are no UTF-8, as Python knows it; None: no reading makes sense.

    `named` are the declared ones, by Python's names.
    """
    sample = sample_of(body)
    bonus = dict.fromkeys((name for name in named if name not in SAYS_NOTHING), _IF_DECLARED)
    tried: dict[str, list[_Weigh]] = {}
    for family, (encodings, weigh) in _FAMILIES.items():
        for encoding in encodings:
            tried.setdefault(encoding, []).append(weigh)
        if language in _SPEAKERS.get(family, (family,)):
            for encoding in encodings:
                bonus[encoding] = bonus.get(encoding, 0.0) + (_IF_ENGLISH if family == "en" else _IF_OF_LANGUAGE)
    if language in _LATIN_ENCODINGS:
        for encoding in _LATIN_ENCODINGS[language]:
            tried.setdefault(encoding, []).append(_latin_of(language))
            bonus[encoding] = bonus.get(encoding, 0.0) + _IF_OF_LANGUAGE
    for name in named:
        if name in bonus:
            speakers = [_latin_of(speaker) for speaker, known in _LATIN_ENCODINGS.items() if name in known]
            tried.setdefault(name, [] if speakers else [_any_latin]).extend(speakers)
    weighed = ((_weight(sample, name, scales) + bonus.get(name, 0.0), name) for name, scales in tried.items())
    best, encoding = max(weighed, key=lambda found: found[0])
    return encoding if best > _LEAST else None


def sample_of(body: bytes) -> bytes:
    """The pieces of the body that are not ASCII, whole characters each, up to a bound."""
    pieces: list[bytes] = []
    size = 0
    first = _FOREIGN.search(body)
    start = max(0, first.start() - 2_000) if first else len(body)
    for found in _PIECE.finditer(body, start, start + _LOOKED_AT):
        if found[0].isascii():
            continue
        piece = _around(found[0])
        pieces.append(piece)
        size += len(piece) + 1
        if size > _SAMPLE:
            break
    return b" ".join(pieces)


def _around(piece: bytes) -> bytes:
    """A long piece from its first sign beyond ASCII on: what stands before it tells nothing."""
    first = _FOREIGN.search(piece)
    start = first.start() if first is not None and len(piece) > 2_000 else 0
    return piece[start : start + 2_000]


def _weight(sample: bytes, encoding: str, scales: list[_Weigh]) -> float:
    try:
        text = codecs.getincrementaldecoder(encoding)("replace").decode(sample)
    except (UnicodeError, LookupError):
        return _BROKEN
    return max(weigh(text) for weigh in scales)


def _weighed(text: str, weight_of: Callable[[str], float], *, neutral: float | None = None) -> float:
    """The mean weight of the signs beyond ASCII; those that stand in any language count as `neutral`, or not."""
    total, count = 0.0, 0
    for sign, times in Counter(text).items():
        if sign <= "\x7f":
            continue
        weight = neutral if sign in signs.NEUTRAL else _BROKEN if _is_broken(sign) else weight_of(sign)
        if weight is not None:
            total += weight * times
            count += times
    return total / count if count else 0.0


def _is_broken(sign: str) -> bool:
    return sign == "\ufffd" or "\x80" <= sign <= "\x9f" or unicodedata.category(sign) in {"Cc", "Co", "Cn", "Cs"}


def _chinese(text: str) -> float:
    def weight_of(sign: str) -> float:
        if sign in signs.HAN:
            return 1.0
        return 0.3 if _is_first_level(sign) else _ALIEN

    return _weighed(text, weight_of)


def _is_first_level(sign: str) -> bool:
    """Whether a character is one of the 3,755 or 5,401 that the Chinese standards call common."""
    if not "\u4e00" <= sign <= "\u9fff":
        return False
    for encoding, first, last in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)):
        try:
            if first <= sign.encode(encoding)[0] <= last:
                return True
        except UnicodeEncodeError:
            continue
    return False


def _japanese(text: str) -> float:
    def weight_of(sign: str) -> float:
        if "\u3041" <= sign <= "\u30fe" or sign in signs.KANJI:
            return 1.0
        if not "\u4e00" <= sign <= "\u9fff":
            return _ALIEN
        try:
            return 0.3 if 0x88 <= sign.encode("cp932")[0] <= 0x98 else _ALIEN
        except UnicodeEncodeError:
            return _ALIEN

    return _weighed(text, weight_of)


def _korean(text: str) -> float:
    def weight_of(sign: str) -> float:
        if sign in signs.HANGUL:
            return 1.0
        return 0.3 if "\uac00" <= sign <= "\ud7a3" else _ALIEN

    return _weighed(text, weight_of)


def _alphabet(letters: str, most: int) -> _Weigh:
    """Weighs a text in an alphabet of its own. A wrong reading shows capitals inside of words, or none at all."""
    frequent, others = frozenset(letters[:most]), frozenset(letters[most:])
    small, large = re.escape(letters), re.escape(letters.upper())
    has_capitals = letters.upper() != letters
    lone = re.compile(f"(?<![{small}{large}])[{small}{large}](?![{small}{large}])")
    inside = re.compile(f"[{small}][{large}]|[A-Za-z][{small}{large}]|[{small}{large}][A-Za-z]")

    def weight_of(sign: str) -> float:
        lower = sign.lower()
        if lower in frequent:
            return 1.0 if sign == lower else 0.4
        return 0.2 if lower in others else _ALIEN

    def weigh(text: str) -> float:
        weight = _weighed(text, weight_of)
        length = sum(sign > "\x7f" for sign in text) or 1
        if len(lone.findall(text)) > length / 2:
            return weight - 1.0  # "½" is no Thai word
        if not has_capitals:
            return weight
        lower = sum(sign in frequent for sign in text)
        none = lower >= _LETTERS_WITHOUT_A_CAPITAL and not any(sign > "\x7f" and sign.isupper() for sign in text)
        return weight - 1.5 * len(inside.findall(text)) / length - (0.4 if none else 0.0)

    return weigh


_LETTERS_WITHOUT_A_CAPITAL: Final = 40
_RUN: Final = re.compile(r"[^\W\d_\x00-\x7f]{3,}")
_SIGN_IN_WORD: Final = re.compile("(?<=[A-Za-z])[±¶¼½¾¦¯¸¹³·«»](?=[^\\W\\d_])|(?<=[a-z])[±¶¼¦¯¸¹]")


def _latin(letters: frozenset[str], others: frozenset[str] = frozenset(), *, else_: float = -0.7) -> _Weigh:
    """Weighs a text in Latin letters: those beyond ASCII stand alone or in pairs."""

    def weight_of(sign: str) -> float:
        if sign in letters:
            return 1.0
        return 0.3 if sign in others else else_

    def weigh(text: str) -> float:
        length = sum(sign > "\x7f" for sign in text) or 1
        strange = sum(len(found) for found in _RUN.findall(text)) + len(_SIGN_IN_WORD.findall(text))
        return _weighed(text, weight_of, neutral=0.5) - 2 * strange / length

    return weigh


def _any_latin(text: str) -> float:
    return _weighed(text, lambda sign: 0.5 if sign.isalpha() else _ALIEN)


def _latin_of(language: str) -> _Weigh:
    if language == "vi":
        return lambda text: _weighed(text, lambda sign: 1.0 if sign in _VIETNAMESE else _ALIEN)
    return _latin(frozenset(signs.LATIN[language]), signs.WESTERN)


_VIETNAMESE: Final = frozenset(signs.LATIN["vi"])
_LATIN_ENCODINGS: Final = {
    **dict.fromkeys(("fr", "es", "pt", "it", "de", "nl", "sv", "da", "nb", "fi"), ("cp1252",)),
    **dict.fromkeys(("tr", "az"), ("cp1254",)),
    **dict.fromkeys(("pl", "cs", "sk", "sl", "hr", "hu", "ro"), ("cp1250", "iso8859-2")),
    **dict.fromkeys(("lt", "lv", "et"), ("cp1257", "iso8859-13")),
    "vi": ("cp1258",),
}
#: Family → its encodings, the more usual first, and its scale.
_FAMILIES: Final[Mapping[str, tuple[tuple[str, ...], _Weigh]]] = {
    "en": (("cp1252",), _latin(signs.WESTERN)),
    "zh": (("gb18030", "big5hkscs"), _chinese),
    "ja": (("cp932", "euc_jp"), _japanese),
    "ko": (("cp949",), _korean),
    "ru": (("cp1251", "koi8_u", "iso8859-5", "cp866"), _alphabet(signs.CYRILLIC, 14)),
    "el": (("cp1253", "iso8859-7"), _alphabet(signs.GREEK, 16)),
    "he": (("cp1255",), _alphabet(signs.HEBREW, 13)),
    "ar": (("cp1256", "iso8859-6"), _alphabet(signs.ARABIC, 14)),
    "th": (("cp874",), _alphabet(signs.THAI, 27)),
}
_SPEAKERS: Final = {"ru": ("ru", "uk", "bg", "sr", "mk", "be", "kk", "ky"), "en": ("en", "id", "ms", "fil")}
