"""What a document is declared to be encoded in, by its header and by itself, as Python knows it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from typing import Final


def _all(names: str, encoding: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), encoding)


#: What publishers write → the larger set that they use. Names that mean nothing certain are not here.
_MEANT: Final = {
    **_all(
        "gb2312 gbk gb_2312-80 gb2312-80 gb_2312 gb18030 gb18030-2005 gb18030-2022 cp936 ms936 windows-936", "gb18030"
    ),
    **_all("x-gbk euc-cn euccn x-euc-cn chinese csgb2312 iso-ir-58 zh_cn.gbk", "gb18030"),
    **_all("big5 big-5 big5-hkscs big5hkscs cn-big5 x-x-big5 cp950 ms950 csbig5 big5-eten", "big5hkscs"),
    **_all("shift_jis shift-jis shiftjis sjis x-sjis s-jis windows-31j cp932 ms932 ms_kanji", "cp932"),
    **_all("csshiftjis x-ms-cp932 windows-932 csms_kanji", "cp932"),
    **_all("euc-jp eucjp x-euc-jp x-euc cp51932 ujis cseucpkdfmtjapanese", "euc_jp"),
    **_all("euc-kr euckr x-euc-kr cseuckr ks_c_5601-1987 ks_c_5601 ksc5601 ksc_5601 korean iso-ir-149", "cp949"),
    **_all("cp949 ms949 windows-949 x-windows-949 uhc", "cp949"),
    **_all("iso-2022-jp iso2022jp csiso2022jp jis", "iso2022_jp_ext"),
    **_all("tis-620 tis620 windows-874 x-windows-874 cp874 dos-874 iso-8859-11 iso8859-11 thai", "cp874"),
    **_all("iso-8859-8 iso-8859-8-i iso-8859-8-e csiso88598i logical visual hebrew", "cp1255"),
    **_all("koi8-r koi8r koi8 koi cskoi8r koi8-u koi8u koi8-ru", "koi8_u"),
    **_all("utf8 utf-8 utf_8 utf8mb4 utf8mb3 utf-8mb4 unicode-1-1-utf-8 x-unicode20utf8 cp65001", "utf-8"),
    **_all("iso-8859-1 iso8859-1 iso_8859-1 iso88591 latin1 latin-1 l1 csisolatin1 iso-ir-100", "cp1252"),
    **_all("us-ascii ascii ansi_x3.4-1968 x-ansi windows-1252", "cp1252"),
    **_all("iso-8859-9 iso8859-9 latin5 latin-5 csisolatin5", "cp1254"),
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "hz-gb-2312": "hz",
}
#: So many things are called so, or left at it, that it says nothing.
SAYS_NOTHING: Final = frozenset({"utf-8", "cp1252"})
_REFUSED: Final = frozenset({"utf-7", "utf7", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined"})
_WINDOWS: Final = re.compile(r"(?:windows|win|cp|x-cp|ms|ibm)[-_ ]?(125[0-8])")

_XML: Final = re.compile(rb"""^\s*<\?xml[^>]{0,300}?encoding\s*=\s*["']\s*([\w.:\-]{1,40})\s*["']""", re.IGNORECASE)
_META: Final = re.compile(rb"""<meta\s[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:\-]{1,40})""", re.IGNORECASE)
_HEADER: Final = re.compile(r"""charset\s*=\s*["']?\s*([\w.:\-]{1,40})""", re.IGNORECASE)
_HEAD: Final = 8_000  # bytes in which a page may say what it is in


def declared(body: bytes, headers: Mapping[str, str]) -> tuple[str, ...]:
    """The encodings named by the HTTP header, the XML declaration and a meta element, in this order, each once."""
    header = _HEADER.search(headers.get("content-type", ""))
    inside = _XML.match(body[:1000]) or _META.search(body[:_HEAD])
    stated = (header[1] if header else "", inside[1].decode("ascii", "replace") if inside else "")
    return tuple(dict.fromkeys(name for name in map(_known, stated) if name))


def _known(stated: str) -> str:
    """Python's name of an encoding, or of the larger one that is meant; empty: it says nothing that can be used."""
    name = stated.strip().lower()
    if found := _WINDOWS.fullmatch(name):
        name = f"cp{found[1]}"
    name = _MEANT.get(name, name)
    if not name or name in _REFUSED or name.startswith(("utf-16", "utf-32", "utf16", "utf32", "utf_16", "utf_32")):
        return ""  # the last without their mark are a mistake: the declaration itself could be read
    try:
        known = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    if not known._is_text_encoding:
        return ""
    return name if name in _MEANT.values() else known.name
