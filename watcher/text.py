"""Text as people may read it: markup, control and direction characters gone, blanks tidy."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from typing import Final
from urllib.parse import quote, urlsplit

_BLOCKS: Final = (
    "address article aside blockquote body br center dd div dl dt figure footer form h1 h2 h3 h4 h5 h6 head header hr "
    "html li main nav ol option p pre section table tbody tfoot thead title tr ul"
)
_INLINES: Final = (
    "a abbr b bdi bdo big button caption cite code col colgroup del dfn em font i iframe img input ins kbd label link "
    "mark meta noscript q s samp script select small span strike strong style sub sup td textarea th time tt u var wbr"
)

_BLOCK_NAMES: Final = frozenset(_BLOCKS.split())

_TAG_NAMES: Final = frozenset(f"{_BLOCKS} {_INLINES}".split())

#: Only a name of HTML opens a tag, and attributes have values: "pH <a or b>" and "width <5 mm" are text.
_TAG: Final = re.compile(
    r"</?(?P<name>[a-z]\w*(?::\w+)?)"
    r"(?:\s*/?|\s+(?:nowrap|noshade|reversed|compact|hidden|disabled|checked|selected)\s*/?"
    r"|[\s/](?=[^<>=]*=)[^<>]*)>",
    re.IGNORECASE,
)
_HIDDEN: Final = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[|\]\]>|<![a-z][^<>]*>|<\?[^<>]*>", re.DOTALL | re.IGNORECASE)
_SCRIPT: Final = re.compile(r"<(script|style|noscript|iframe)\b[^<>]*>.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
#: A reference needs its semicolon: "?a=1&copy=2" is part of an address.
_REFERENCE: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

_NEWLINES: Final = re.compile(r"\r\n?|[\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
#: Joiners are letters' business in Arabic and Indic scripts, and a way to hide words elsewhere.
_STRAY_JOINER: Final = re.compile(r"(?<![\u0600-\u0dff])[\u200c\u200d]")
_UNWANTED: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufdd0-\ufdef\ufff9-\uffff\ud800-\udfff"
    + "".join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "\U000e0000-\U000e007f]"
)
#: Signs that command how others are set: Arabic number signs, beams of notes, strokes of shorthand. In a text they are
#: the business of its writer, in a subject line the trouble of a mail program.
_COMMANDS: Final = re.compile(
    "[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a]"
)
_UNWANTED_ASCII: Final = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f]")
#: Those of the unwanted that `str.isprintable` calls printable.
_SHOWN_AND_UNWANTED: Final = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufffc\ufffd]")
#: Marks in heaps, as no language writes them: to put a long heap in order takes time that grows with its square.
_HEAP: Final = re.compile(r"[^\w\s\x00-\x7f]{20,}")
_MARKS_KEPT: Final = 8

_READINGS = 4  # how many layers of escaping are taken off; feeds escape what was escaped already


def plain(markup_or_text: str | None) -> str:
    """The text of HTML, or of text that may hold scraps of it: NFC, one blank between words, "\\n" between paragraphs.

    Markup, comments, scripts, control characters, direction marks and invisible characters are gone; character
    references are resolved, also those that a feed escaped twice. The result is text, not safe HTML: a template must
    still escape it.
    """
    text = markup_or_text or ""
    for _ in range(_READINGS):
        before = text
        text = _without_markup(text)
        if "&" in text:
            text = _REFERENCE.sub(lambda found: html.unescape(found[0]), text)
        text = _clean(text)
        if text == before:
            return text
    return _clean(_without_markup(text))


def one_line(text: str, limit: int = 200) -> str:
    """The text on one line of at most `limit` characters, cut between words with "…"; fit for a mail's subject."""
    line = _clean(text)
    if not line.isascii():
        line = _COMMANDS.sub("", line)
    if "\n" in line:
        line = " ".join(line.split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    word_end = cut.rfind(" ")
    if word_end > limit * 2 // 3:
        cut = cut[:word_end]
    return cut.rstrip(" ,;:，；：、.-–—") + "…"


def _without_markup(text: str) -> str:
    if "<" not in text:
        return text
    bare = _HIDDEN.sub("", text) if "<!" in text or "<?" in text or "]]>" in text else text
    bare = _SCRIPT.sub(" ", bare)
    if not any(_is_html(tag) for tag in _TAG.finditer(bare)):
        return bare
    # In markup a line break of the source is a blank; in plain text it is the writer's own.
    return _TAG.sub(_in_place_of_tag, bare.replace("\r", " ").replace("\n", " "))


def _is_html(tag: re.Match[str]) -> bool:
    name = tag["name"]
    return name.lower() in _TAG_NAMES or ":" in name


def _in_place_of_tag(tag: re.Match[str]) -> str:
    if not _is_html(tag):
        return tag[0]
    name = tag["name"].lower()
    if name in _BLOCK_NAMES:
        return "\n"
    return " " if name in ("td", "th") else ""


def _few_marks(heap: re.Match[str]) -> str:
    kept = (sign for place, sign in enumerate(heap[0]) if place < _MARKS_KEPT or not unicodedata.combining(sign))
    return "".join(kept)


def _clean(text: str) -> str:
    if _is_clean(text):
        return text
    if text.isascii():
        if not text.replace("\n", "").isprintable():
            text = _UNWANTED_ASCII.sub("", _NEWLINES.sub("\n", text))
    else:
        text = _NEWLINES.sub("\n", text)
        text = _HEAP.sub(_few_marks, text)
        text = _STRAY_JOINER.sub("", _UNWANTED.sub("", text))
        text = unicodedata.normalize("NFC", text)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _is_clean(text: str) -> bool:
    """Whether nothing is to be done; most texts are so, and to find out costs far less than to do it."""
    for line in text.split("\n") if "\n" in text else (text,):
        if not line.isprintable() or "  " in line or line[:1] == " " or line[-1:] == " ":
            return False
        if not line and text:
            return False
    return text.isascii() or (
        not _SHOWN_AND_UNWANTED.search(text) and not _HEAP.search(text) and unicodedata.is_normalized("NFC", text)
    )


_LINK_LIMIT = 2000  # longer addresses are refused by mail programs and by chat services
_ESCAPED_IN_LINKS: Final = {ord(char): f"%{ord(char):02X}" for char in ' "<>`{}|^'}
_NO_LINK: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\\]")
_OTHER_BLANKS: Final = re.compile(r"[^\S ]")  # a plain blank has its own escape


def safe_link(url: str | None) -> str | None:
    """The address if a reader may be sent there: http or https, a host, no name and password; else None.

    An address that begins with "www." is taken as http. Punctuation that a sentence left behind is cut off. A host
    name in another script stays as it is: what it looks like is not judged here.
    """
    given = (url or "").strip()
    if len(given) > 2 * _LINK_LIMIT or "\\" in given:
        return None
    is_usual = given.isascii() and given.isprintable()
    if not is_usual and _NO_LINK.search(given):
        return None
    text = (given if is_usual else _UNWANTED.sub("", given)).replace("&amp;", "&")
    text = text.strip(" <>\"'“”").rstrip(".,;:，。；：、")
    while text.endswith(")") and text.count(")") > text.count("("):
        text = text[:-1]
    if text.lower().startswith("www."):
        text = "http://" + text
    if not 0 < len(text) <= _LINK_LIMIT:
        return None
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or any(map(str.isspace, parts.netloc)):
        return None
    text = text.translate(_ESCAPED_IN_LINKS)
    return text if is_usual else _OTHER_BLANKS.sub(lambda blank: quote(blank[0]), text)


_HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA_OR_HANGUL: Final = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_ASCII_WORD: Final = re.compile(r"[a-z]+")
#: Words that carry grammar, not topic. The languages that are no answer stand here as rivals, so that
#: Portuguese is not taken for Spanish.
_GRAMMAR: Final = {
    "en": "the of and to in for is are be on by with this that which or from shall will as an it its has been not at",
    "fr": "le la les des du de et en un une est dans pour par sur qui que au aux avec ce cette sont ou être ne d l",
    "es": "el la los las del de y en un una es para por que con se al su sus como este esta o son no sobre ser",
    "pt": "o a os as do da dos das de e em um uma é para por que com se ao na no nas nos são não pelo pela à",
    "it": "il la le di e in un una è per che con si del della dei delle al nel sono gli lo non alla",
    "de": "der die das und in von für mit ist den des dem ein eine zu auf nicht im sind werden wird oder als",
    "vi": "và của các cho trong là được về theo có này đối với không quy định sản phẩm",
}
_ANSWERS: Final = frozenset({"en", "fr", "es"})
_LANGUAGES_BY_WORD: Final = {
    word: tuple(language for language, words in _GRAMMAR.items() if word in words.split())
    for word in {word for words in _GRAMMAR.values() for word in words.split()}
}


def language_of(text: str, prior: str = "en") -> str:
    """The language of a text as "zh", "en", "fr" or "es"; `prior` when it is none of them or too short to tell.

    A few words are too short, and so is a title in Chinese characters from Japan or Korea, where they write them too.
    """
    sample = text[:4000]
    if sample.isascii():
        words, han, others = _ASCII_WORD.findall(sample.lower()), 0, 0
    else:
        bare, han = _HAN.subn(" ", sample)
        words, others = [word.lower() for word in _WORD.findall(bare)], len(_KANA_OR_HANGUL.findall(sample))
    if han >= 2 and han > 2 * others and han >= len(words):
        return prior if prior in _WRITE_HAN and (others or han < _LONG_IN_HAN) else "zh"
    if not words or others > len(words):
        return prior
    found = dict.fromkeys(_GRAMMAR, 0)
    for languages, count in Counter(map(_LANGUAGES_BY_WORD.get, words)).items():
        for one in languages or ():
            found[one] += count
    counts = sorted(((count, one) for one, count in found.items()), reverse=True)
    (best, language), (second, _) = counts[0], counts[1]
    clear = best >= 2 and best >= 1.3 * second and best >= 0.08 * len(words)
    if language != prior and len(words) < _FEW_WORDS:
        return prior
    return language if clear and language in _ANSWERS else prior


_WRITE_HAN: Final = frozenset({"ja", "ko"})
_LONG_IN_HAN: Final = 80  # characters: no Japanese of this length does without a kana
_FEW_WORDS: Final = 5
