"""Text from bytes: whatever they are said to be in."""

from __future__ import annotations

import random
import unicodedata
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.watcher.sources.prose import ENCODINGS, PROSE, UNICODE
from watcher.encoding.declared import declared
from watcher.sources.feed_encoding import text_of, unmangled

PAIRS = [(language, encoding) for language, known in ENCODINGS.items() for encoding in (*known, *UNICODE)]
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def encoded(text: str, encoding: str) -> bytes:
    """The text in `encoding`, without what that has no sign for. Windows-1258 writes a tone behind its vowel."""
    if encoding == "windows-1258":
        apart = unicodedata.normalize("NFD", text)
        text = "".join(unicodedata.normalize("NFC", base) + tone for base, tone in _vowels_and_tones(apart))
    return text.encode(encoding, "ignore")


def _vowels_and_tones(apart: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for sign in apart:
        if sign in _TONES and found:
            found[-1] = (found[-1][0], found[-1][1] + sign)
        elif unicodedata.combining(sign) and found:
            found[-1] = (found[-1][0] + sign, found[-1][1])
        else:
            found.append((sign, ""))
    return found


def prose(language: str, encoding: str, chance: random.Random) -> str:
    """Some sentences of 200 bytes or more, only with signs that the encoding has."""
    text = ""
    while len(encoded(text, encoding)) < 200:
        text += f"{chance.choice(PROSE[language])} "
    kept = encoded(text, encoding).decode(encoding)
    return unicodedata.normalize("NFC", kept).lstrip("\ufeff").strip()


def document(text: str, encoding: str, said: str | None) -> bytes:
    """A small feed."""
    declaration = f' encoding="{said}"' if said else ""
    return encoded(f'<?xml version="1.0"{declaration}?><rss version="2.0"><title>{text}</title></rss>', encoding)


def shares_read(language: str, encoding: str) -> dict[str, tuple[int, int]]:
    """How many documents are read, and of how many, by how they are declared."""
    chance = random.Random(f"{language} {encoding}")
    rivals = ["utf-8", "iso-8859-1", "big5" if language.startswith("zh") else "gb2312", "unheard-of"]
    rivals += ["koi8-r" if language in ("ru", "uk", "bg") else "windows-1251"]
    read: dict[str, tuple[int, int]] = {}
    for how, said in [("right", encoding), ("missing", None), *(("wrong", rival) for rival in rivals)]:
        for _ in range(4):
            text = prose(language, encoding, chance)
            in_itself = text_of(document(text, encoding, said), {}, language[:2])
            header = {"content-type": f"text/xml; charset={said}"} if said else {}
            by_header = text_of(document(text, encoding, None), header, language[:2])
            right, total = read.get(how, (0, 0))
            read[how] = (right + (text in in_itself) + (text in by_header), total + 2)
    return read


@pytest.mark.parametrize(("language", "encoding"), PAIRS)
def test_a_source_is_read_however_it_declares_itself(language: str, encoding: str) -> None:
    """Of texts of 200 bytes and more in the source's language 98 of 100 are read, declared rightly, wrongly or not."""
    for how, (right, total) in shares_read(language, encoding).items():
        assert right >= 0.98 * total, f"{how}: {right} of {total}"


@pytest.mark.parametrize("encoding", sorted({name for known in ENCODINGS.values() for name in known}))
def test_a_right_declaration_is_believed_of_a_source_of_unknown_language(encoding: str) -> None:
    """A source that nobody gave a language counts as English; its declaration still stands."""
    chance = random.Random(encoding)
    for language, known in ENCODINGS.items():
        if encoding in known:
            text = prose(language, encoding, chance)
            assert text in text_of(document(text, encoding, encoding), {}, "en")


@pytest.mark.parametrize(
    ("said", "encoding"),
    [
        ("utf8mb4", "utf-8"), ("UTF8", "utf-8"), ("x-sjis", "cp932"), ("Shift_JIS", "cp932"), ("GB2312", "gb18030"),
        ("x-gbk", "gb18030"), ("Big5-HKSCS", "big5hkscs"), ("ks_c_5601-1987", "cp949"), ("Windows-1251", "cp1251"),
        ("win1250", "cp1250"), ("tis-620", "cp874"), ("KOI8-R", "koi8_u"), ("latin1", "cp1252"),
    ],
)  # fmt: skip
def test_a_name_means_what_publishers_mean_by_it(said: str, encoding: str) -> None:
    """The larger set that makers used under the name of the standard."""
    assert declared(b"", {"content-type": f"text/html; charset={said}"}) == (encoding,)
    assert declared(f'<?xml version="1.0" encoding="{said}"?>'.encode(), {}) == (encoding,)
    assert declared(f'<html><head><meta charset="{said}">'.encode(), {}) == (encoding,)
    old = f'<meta http-equiv="Content-Type" content="text/html; charset={said}">'
    assert declared(old.encode(), {}) == (encoding,)


@pytest.mark.parametrize(
    "said", ["unicode", "ansi", "none", "", "utf-7", "rot13", "base64", "idna", "zip", "\x00", "utf-16", "x" * 500]
)
def test_a_name_that_says_nothing_is_passed_over(said: str) -> None:
    """It may be wrong, mean many things, or name what is no encoding of text."""
    assert declared(b"", {"content-type": f"text/xml; charset={said}"}) == ()
    assert text_of("电池标准".encode(), {"content-type": f"text/xml; charset={said}"}, "zh") == "电池标准"


@pytest.mark.parametrize(
    ("text", "encoding", "language"),
    [
        ("电池安全标准公告", "gbk", "zh"), ("電池安全標準", "big5", "zh"), ("電池の安全基準", "cp932", "ja"),
        ("電池の安全基準", "euc-jp", "ja"), ("배터리 안전기준", "euc-kr", "ko"),
        ("Стандарт безопасности", "cp1251", "ru"),
        ("Стандарт безопасности", "koi8-r", "ru"), ("มาตรฐานความปลอดภัย", "tis-620", "th"),
        ("Şarj cihazı güvenliği", "cp1254", "tr"),
        ("Bezpieczeństwo ładowarek", "cp1250", "pl"), ("Décret relatif à l’étiquetage", "cp1252", "fr"),
        ("联通", "gbk", "zh"), ("25 °C, §3", "cp1252", "en"),
        ("سلامة البطاريات", "cp1256", "ar"), ("リコール情報①", "euc_jis_2004", "ja"), ("½ “quoted”", "cp1252", "en"),
    ],
)  # fmt: skip
def test_a_short_title_alone_is_read_in_its_sources_language(text: str, encoding: str, language: str) -> None:
    """Nothing declared, a few characters."""
    assert text_of(text.encode(encoding), {}, language) == text


def test_text_that_was_encoded_twice_is_repaired_if_all_of_it_was() -> None:
    """ "Ã©" for "é" all over is a server's mistake; once, or beside other signs, it may be meant."""
    for language in PROSE:
        text = " ".join(PROSE[language])
        for taken_for in ("latin-1", "cp1252"):
            try:
                mangled = text.encode().decode(taken_for)
            except UnicodeDecodeError:
                continue
            assert text_of(mangled.encode(), {}, language[:2]) == text
            assert text_of(mangled.encode().decode("latin-1").encode(), {}, language[:2]) == text
    for meant in (
        "cafÃ© once",
        "Ã© and Ã¨ beside 中文",
        "Les Ã‰tats… é",
        "PÃO DE AÇÚCAR",
        "naïve café",
        "“quoted” – text",
    ):
        assert unmangled(meant) == meant


@given(text=st.text(alphabet=st.characters(min_codepoint=0xA0, max_codepoint=0xFF), max_size=40))
@settings(deadline=None, max_examples=300)
def test_a_repair_never_loses_anything(text: str) -> None:
    """What was repaired can be put back as it came, by encoding it once or twice more."""
    once = unmangled(text).encode().decode("latin-1")

    assert text in {unmangled(text), once, once.encode().decode("latin-1")}


def test_a_mark_in_front_of_something_else_is_passed_over() -> None:
    """An editor puts the mark of UTF-8 in front of GBK."""
    text = " ".join(PROSE["zh-hans"])
    assert text_of(b"\xef\xbb\xbf" + text.encode("gbk"), {}, "zh") == text


def test_two_declarations_that_contradict_each_other_are_settled_by_the_bytes() -> None:
    """UTF-8 in the header and GBK in the document, in either direction."""
    text = " ".join(PROSE["zh-hans"])
    for encoding in ("gbk", "utf-8"):
        for header, inside in (("utf-8", "gbk"), ("gbk", "utf-8")):
            assert text in text_of(
                document(text, encoding, inside), {"content-type": f"text/xml; charset={header}"}, "en"
            )


def test_a_cut_or_a_stray_byte_costs_one_character() -> None:
    """Not the whole document."""
    text = " ".join(PROSE["zh-hans"])
    for encoding in ("utf-8", "gbk"):
        body = text.encode(encoding)
        assert text_of(body[:-1], {}, "zh")[:100] == text[:100]
        assert text[-40:] in text_of(body[:61] + b"\xff" + body[61:], {}, "zh")


@given(
    body=st.binary(max_size=400), said=st.sampled_from(["", "gbk", "utf-16", "iso-2022-jp", "utf-7", "hz", "koi8-r"])
)
@settings(deadline=None, max_examples=200)
def test_any_bytes_become_text_that_xml_allows(body: bytes, said: str) -> None:
    """Nothing raises, and no character is left that a strict parser refuses."""
    text = text_of(body, {"content-type": f"text/xml; charset={said}"}, "zh")

    assert not set(text) & {*map(chr, range(9)), "\x0b", "\x0c", "\ufffe", "\uffff"}
    text.encode("utf-8")


@pytest.mark.parametrize(
    "piece", [b"\x80", b"<meta ", b"<?xml ", b"~{", b"\x1b$B", b"\xc2\x80", b"\xe4\xb8", b"<\x00", b"\xb5\xe7\xb3\xd8"]
)
def test_five_megabytes_take_no_more_than_ten_times_as_long_as_one(piece: bytes) -> None:
    """Whatever the bytes are, time grows with their number and not with its square, and stays bounded."""
    took = []
    for size in (1_000_000, 5_000_000):
        body = piece * (size // len(piece)) + b"\xff"
        started = perf_counter()
        text_of(body, {"content-type": "text/xml; charset=hz"}, "zh")
        took.append(perf_counter() - started)

    assert took[1] < 10 * took[0] + 0.5
