"""The text of a document from its bytes: what they say they are is tried, and doubted where it cannot be."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from watcher.encoding.declared import declared
from watcher.encoding.likely import likely, sample_of

_BOMS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_DECLARATION_IN_TEXT: Final = re.compile(r"^\s*<\?xml[^>]{0,400}\?>")
#: What XML 1.0 forbids; a single one makes a strict parser give up.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_JAPANESE_ESCAPE: Final = re.compile(rb"\x1b(?:\$[@B]|\$\([DOQP]|\([JI])")
_KOREAN_ESCAPE: Final = b"\x1b$)C"
_HZ_ESCAPE: Final = re.compile(rb"~\{(?:[!-w][!-~]){2,400}~\}")
_CJK: Final = frozenset({"zh", "ja", "ko"})
_WIDE_SAMPLE: Final = 4_000
_FEW: Final = 40  # bytes beyond ASCII that may be good UTF-8 by chance


def text_of(body: bytes, headers: Mapping[str, str], language: str = "en") -> str:
    """The document as text without its XML declaration and without characters that XML forbids. Never raises.

    Bytes that are good UTF-8 are UTF-8, whatever they are declared to be: other encodings do not look so by chance.
    Else each encoding is weighed by how usual the signs are that the bytes become; what is declared and what the
    source's `language` is written in weigh more. Text that was taken for Windows-1252 and encoded as UTF-8 once more
    is repaired if all of it was.
    """
    text = _decoded(body, headers, language)
    text = _DECLARATION_IN_TEXT.sub("", text.lstrip("\ufeff"), count=1)
    shown = text
    for allowed in "\n\r\t":
        shown = shown.replace(allowed, "")
    return text if shown.isprintable() else _FORBIDDEN.sub("", text)


def _decoded(body: bytes, headers: Mapping[str, str], language: str) -> str:
    for start, encoding in _BOMS:
        if body.startswith(start):
            text = _strictly(body, encoding)
            if text is not None or encoding != "utf-8-sig":
                return unmangled(text) if text is not None else body.decode(encoding, "replace")
            body = body[len(start) :]  # a mark that an editor put in front of something else
            break
    named = declared(body, headers)
    if plain := _wide(body) or _seven_bit(body, named):
        return body.decode(plain, "replace")
    text = _strictly(_whole(body), "utf-8")
    if text is not None and not _may_be_chance(text, language):
        return unmangled(text)
    if text is None and _is_nearly_utf_8(body):
        return body.decode("utf-8", "replace")
    weighed = likely(body, named, language)
    if text is not None and weighed not in {"gb18030", "big5hkscs", "cp932", "euc_jp", "cp949"}:
        return text
    return _by(weighed or "cp1252", body)


def _by(encoding: str, body: bytes) -> str:
    if encoding == "euc_jp" and _strictly(body, encoding) is None:
        encoding = "euc_jis_2004"  # has the circled numbers that makers added to the older set
    text = body.decode(encoding, "replace")
    return unicodedata.normalize("NFC", text) if encoding == "cp1258" else text


def _whole(body: bytes) -> bytes:
    """Without the beginning of a character of UTF-8 that a broken-off download ends in."""
    for cut in range(1, min(4, len(body) + 1)):
        byte = body[-cut]
        if byte >= 0xC0:
            wanted = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return body[:-cut] if cut < wanted else body
        if byte < 0x80:
            return body
    return body


def _strictly(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except UnicodeError:
        return None


def _wide(body: bytes) -> str:
    """UTF-16 or UTF-32 without its mark: markup and blanks leave zero bytes at every second or fourth place."""
    sample = body[: len(body[:_WIDE_SAMPLE]) // 4 * 4]
    if len(sample) < 4 or sample.count(0) * 100 < len(sample):
        return ""
    first, second, third, fourth = (sample[place::4].count(0) * 4 / len(sample) for place in range(4))
    if min(third, fourth) > 0.9:
        return "utf-32-le"
    if min(first, second) > 0.9:
        return "utf-32-be"
    even, odd = first + third, second + fourth
    if max(even, odd) < 3 * min(even, odd):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _seven_bit(body: bytes, named: tuple[str, ...]) -> str:
    if _JAPANESE_ESCAPE.search(body, 0, 200_000):
        return "iso2022_jp_ext"
    if _KOREAN_ESCAPE in body[:4000]:
        return "iso2022_kr"
    return "hz" if "hz" in named and _HZ_ESCAPE.search(body, 0, 200_000) else ""


def _may_be_chance(text: str, language: str) -> bool:
    """Whether a few two-byte characters are all that UTF-8 has in a document of a language that writes others."""
    if language not in _CJK or text.isascii():
        return False
    beyond = [sign for sign in text[:100_000] if sign > "\x7f"]
    return len(beyond) * 2 <= _FEW and all(sign < "\u0800" for sign in beyond)


def _is_nearly_utf_8(body: bytes) -> bool:
    """Whether a stray byte or a cut character is all that is wrong."""
    text = sample_of(body).decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    return sum(sign > "\x7f" for sign in text) - wrong >= 4 * wrong


#: Windows-1252 as it is used: what it leaves open stands for itself.
_TO_LATIN_1: Final = {
    ord(bytes([byte]).decode("cp1252")): byte
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_MANGLED: Final = re.compile("[\xc2-\xf4][\x80-\xbf\u0152-\u2122]")


def unmangled(text: str) -> str:
    """Text that went through UTF-8 twice, repaired; any other as it is.

    Only if every character beyond ASCII takes part, and if there are several: no writer puts "Ã©" or "â€™" for sure
    wherever it would be "é" or "’".
    """
    for _ in range(2):
        if text.isascii() or not _MANGLED.search(text):
            return text
        try:
            bytes_ = text.translate(_TO_LATIN_1).encode("latin-1")
            repaired = bytes_.decode("utf-8")
        except UnicodeError:
            return text
        gone = len(text) - len(repaired)
        if gone < 2:  # "Ã©" once may be meant
            return text
        text = repaired
    return text
