"""The text of a feed from its bytes: what they say they are is tried, and doubted where it cannot be."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"), (b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"),
)  # fmt: skip
#: What publishers declare, and the larger set that they use.
_LARGER: Final = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932",
    "shift-jis": "cp932", "x-sjis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "iso-8859-1": "cp1252",
    "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-9": "cp1254", "tis-620": "cp874",
    "windows-874": "cp874",
}  # fmt: skip
#: What is tried for a source of a language when the declared encoding is wrong.
_OF_LANGUAGE: Final[Mapping[str, tuple[str, ...]]] = {
    "zh": ("gb18030", "big5hkscs"),
    "ja": ("cp932", "euc_jp"),
    "ko": ("cp949",),
    "ru": ("cp1251", "koi8-r"),
    "uk": ("cp1251",),
    "th": ("cp874",),
    "tr": ("cp1254",),
    "ar": ("cp1256",),
    "he": ("cp1255",),
    "el": ("cp1253",),
    "pl": ("cp1250",),
    "cs": ("cp1250",),
    "hu": ("cp1250",),
    "vi": ("cp1258",),
}
_SEVEN_BIT: Final = frozenset({"iso-2022-jp", "iso2022_jp", "iso-2022-kr", "hz-gb-2312", "hz"})
_REFUSED: Final = frozenset({"utf-7", "utf7", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined"})
_CJK: Final = frozenset({"zh", "ja", "ko"})
_XML_DECLARATION: Final = re.compile(rb"""^\s*<\?xml[^>]{0,300}?encoding\s*=\s*["']([\w.:\-]{1,40})["']""")
_HEADER_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?([\w.:\-]{1,40})""", re.IGNORECASE)
_DECLARATION_IN_TEXT: Final = re.compile(r"^\s*<\?xml[^>]{0,400}\?>")
#: What XML 1.0 forbids; a single one makes a strict parser give up.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_SAMPLE: Final = 200_000  # bytes that are looked at to tell one encoding from another


def text_of(body: bytes, headers: Mapping[str, str], language: str = "en") -> str:
    """The document as text without its XML declaration and without characters that XML forbids.

    Bytes that are good UTF-8 are UTF-8, whatever they are declared to be: other encodings do not look so by chance.
    Else the declared encoding is taken if it fits, then those of the source's language, then GB 18030 if the result
    consists of common characters, and in the end Windows-1252.
    """
    text = _decoded(body, headers, language)
    return _FORBIDDEN.sub("", _DECLARATION_IN_TEXT.sub("", text.lstrip("\ufeff"), count=1))


def _decoded(body: bytes, headers: Mapping[str, str], language: str) -> str:
    for start, encoding in _BOMS:
        if body.startswith(start):
            return body.decode(encoding, "replace")
    declared = list(_declared(body, headers))
    tried = [name for name in declared if name in _SEVEN_BIT] + ["utf-8"]
    tried += [] if language in _CJK and "cp1252" in declared else declared
    for encoding in (*tried, *_OF_LANGUAGE.get(language, ())):
        text = _strictly(body, encoding)
        if text is not None:
            return text
    for encoding in ("utf-8", *declared):
        if _nearly(body, encoding):
            return body.decode(encoding, "replace")
    if _is_common_chinese(body):
        return body.decode("gb18030", "replace")
    return body.decode("cp1252", "replace")


def _declared(body: bytes, headers: Mapping[str, str]) -> Iterator[str]:
    """Encodings by the HTTP header and by the XML declaration, as Python knows them."""
    header = _HEADER_CHARSET.search(headers.get("content-type", ""))
    inside = _XML_DECLARATION.match(body[:1000])
    for stated in (header[1] if header else "", inside[1].decode("ascii") if inside else ""):
        name = stated.strip().lower()
        name = _LARGER.get(name, name)
        if not name or name in _REFUSED or name.startswith(("utf-16", "utf-32", "utf16", "utf32")):
            continue  # the last without their mark are a mistake: the declaration itself could be read
        try:
            if codecs.lookup(name)._is_text_encoding:
                yield name
        except LookupError:
            continue


def _strictly(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _nearly(body: bytes, encoding: str) -> bool:
    """Whether a stray byte or a cut character is all that is wrong."""
    sample = body[:_SAMPLE].decode(encoding, "replace")
    wrong = sample.count("\ufffd")
    return sum(sign > "\x7f" for sign in sample) - wrong >= 4 * wrong


def _is_common_chinese(body: bytes) -> bool:
    """Whether the text above ASCII consists of the 3,755 common characters: chance gives rare ones."""
    signs = [sign for sign in body[:_SAMPLE].decode("gb18030", "replace") if "\u3400" <= sign <= "\uffff"]
    han = [sign for sign in signs if "\u4e00" <= sign <= "\u9fff"]
    common = sum(_is_first_level(sign) for sign in han)
    return len(han) >= 4 and "\ufffd" not in signs[:-1] and common >= 0.8 * len(han)


def _is_first_level(sign: str) -> bool:
    try:
        return 0xB0 <= sign.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return False
