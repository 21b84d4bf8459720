"""Phrases in text: what counts as the same, where words end, and that the index equals the plain reading."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.plurals import agreeing, forms
from rules.terms import TermError, Terms, fold, occurs, wordings

#: Pieces that texts of the trade are made of, with what makes finding hard: accents, hyphens, width, scripts, signs.
PIECES = [
    *["toy", "toys", "Toy", "battery", "batteries", "lithium-ion", "lithium ion", "pile", "piles", "jouet", "juguetes"],
    *["énergie", "ENERGIE", "e\u0301nergie", "玩具", "电池", "锂电池", "鋰電池", "電", "ＬＥＤ", "LED", "led lamp"],
    *["l'eau", "l\u2019eau"],
    *[" ", "-", "\u2011", "\u00a0", "\n", ",", ".", "(", "/", "\u200b", "\u00ad", "ﬁ", "㎏", "5", "2", "игрушки"],
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
PHRASES = st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join)


def has_letters(phrase: str) -> bool:
    """Whether a phrase has something to look for."""
    try:
        return bool(wordings(phrase))
    except TermError:
        return False


@settings(max_examples=300, deadline=None)
@given(phrases=st.lists(PHRASES.filter(has_letters), min_size=1, max_size=6), text=TEXTS)
def test_the_index_finds_what_the_plain_reading_finds(phrases: list[str], text: str) -> None:
    """`Terms` finds a phrase if and only if `occurs` does, and its first longest hit is that of `occurs`."""
    hits = Terms((number, phrase) for number, phrase in enumerate(phrases)).find(text)

    for number, phrase in enumerate(phrases):
        own = [hit for hit in hits if hit.key == number]
        plain = occurs(phrase, text)
        assert bool(own) == (plain is not None)
        if plain:
            first = min(own, key=lambda hit: (hit.start, -hit.end))
            assert (first.start, first.quote) == (plain.start, plain.quote)


@settings(max_examples=300, deadline=None)
@given(phrase=PHRASES.filter(has_letters), text=TEXTS)
def test_a_quote_is_exactly_what_stands_there(phrase: str, text: str) -> None:
    """Offsets and quote are of the original text, and the quote folds to a wording of the phrase."""
    for hit in Terms([("key", phrase)]).find(text):
        assert text[hit.start : hit.end] == hit.quote
        assert fold(hit.quote).text.strip() in wordings(phrase)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=60))
def test_every_text_folds_and_every_folded_character_has_its_place(text: str) -> None:
    """Folding is total, does not change what is folded, and each span lies in the original."""
    folded = fold(text)

    # An invisible character between two blanks leaves both; texts are cleaned of those where they come in.
    unusual = any(ord(character) > 0x2FF or unicodedata.category(character) in ("Cc", "Cf") for character in text)
    assert fold(folded.text).text == folded.text or unusual
    for position in range(len(folded.text)):
        start, end = folded.span(position, position + 1)
        assert 0 <= start < end <= len(text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("battery", "Batteries for toys"),
        ("batteries", "a battery"),
        ("toy", "TOYS"),
        ("box", "boxes of matches"),
        ("juguete", "Juguetes eléctricos"),
        ("jouet", "les jouets"),
        ("luz", "luces de tráfico"),
        ("drinking glass", "drinking glasses"),
        ("vehículo", "VEHICULOS"),
        ("vehiculo", "Vehículo"),
        ("lithium ion", "Lithium-ion cells"),
        ("lithium-ion", "lithium\u00a0ion"),
        ("set top box", "set-top\nboxes"),
        ("eau minérale", "l'eau minérale"),
        ("l'eau", "L\u2019EAU"),
        ("led", "ＬＥＤ灯"),
        ("œuf", "oeufs"),
        ("电池", "锂电池和蓄电池"),
        ("led", "LED灯"),
        ("toy", "(toys)"),
        ("wi-fi", "Wi\u2011Fi"),
        ("soft drink", "soft\u00addrinks and soft drinks"),
        ("child", "children"),
    ],
)
def test_what_counts_as_the_same(phrase: str, text: str) -> None:
    """Case, accents, width, hyphens, apostrophes and plain plurals do not keep a phrase from being found."""
    assert occurs(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("toy", "Toyota"),
        ("tea", "steam"),
        ("led", "filled"),
        ("car", "card"),
        ("pan", "Japan"),
        ("led", "LED5"),
        ("vin", "vinaigre"),
        ("игрушка", "игрушками"),
        ("goods", "good practice"),
        ("safety glasses", "safety glass"),
        ("chemicals", "chemical analysis"),
        ("toy safety", "toys safety"),
    ],
)
def test_a_word_is_not_found_inside_another(phrase: str, text: str) -> None:
    """Scripts with blanks match whole words, and only the last word of a phrase bends."""
    assert occurs(phrase, text) is None


def test_chinese_needs_no_boundary_and_latin_beside_it_is_whole() -> None:
    """电池 stands inside 锂电池组; "LED" is a whole word between Han characters."""
    hit = occurs("电池", "便携式锂电池组")

    assert hit and (hit.start, hit.quote) == (4, "电池")
    assert occurs("LED", "半导体LED灯具")


def test_overlapping_phrases_are_all_found_in_the_order_of_the_text() -> None:
    """A phrase inside another is found too; hits are sorted by place, then by the order of the keys."""
    hits = Terms([("b", "contact"), ("a", "food contact"), ("c", "food")]).find("Food contact; food")

    assert [(hit.key, hit.quote) for hit in hits] == [
        ("c", "Food"),
        ("a", "Food contact"),
        ("b", "contact"),
        ("c", "food"),
    ]


def test_one_key_may_have_many_phrases_and_one_phrase_many_keys() -> None:
    """Keys are free; each pair is found by itself."""
    index = Terms([("x", "toy"), ("x", "玩具"), ("y", "toy")])

    assert [(hit.key, hit.quote) for hit in index.find("toys 玩具")] == [("x", "toys"), ("y", "toys"), ("x", "玩具")]


@pytest.mark.parametrize("phrase", ["", "  ", "-", "…", "\u200b", "(/)"])
def test_a_phrase_without_a_letter_is_refused(phrase: str) -> None:
    """Nothing to look for is a mistake, said in a sentence, not a phrase that matches everywhere."""
    with pytest.raises(TermError, match="no letter and no digit"):
        Terms([("key", phrase)])
    with pytest.raises(TermError):
        occurs(phrase, "text")


def test_an_empty_index_and_an_empty_text_find_nothing() -> None:
    """No phrases or no text is no error."""
    assert Terms([]).find("toys") == []
    assert Terms([("key", "toy")]).find("") == []


def test_the_quote_keeps_marks_and_width_of_the_original() -> None:
    """What is quoted is the text as it stands, not its folded form."""
    text = "Ｔｏｙｓ: e\u0301nergie, soft\u00a0-\u00a0drinks"

    assert [hit.quote for hit in Terms([(1, "toy"), (2, "énergie"), (3, "soft drink")]).find(text)] == [
        "Ｔｏｙｓ",
        "e\u0301nergie",
        "soft\u00a0-\u00a0drinks",
    ]


def test_forms_of_a_word_come_from_its_ending() -> None:
    """English, French and Spanish plurals both ways; short words and words with a meaning of their own stay."""
    assert {"battery", "batteries"} <= forms("battery") & forms("batteries")
    assert "chevaux" in forms("cheval") and "cheval" in forms("chevaux")
    assert "luces" in forms("luz") and "luz" in forms("luces")
    assert "tv" in forms("tv") and len(forms("tv")) == 1
    assert forms("goods") == {"goods"}
    assert "glasses" in forms("glass") and forms("glasses") == {"glasses"}


@settings(max_examples=200, deadline=None)
@given(word=st.text(alphabet="abcdefghijklmnopqrstuvxyz", min_size=1, max_size=9))
def test_a_word_is_always_one_of_its_own_forms(word: str) -> None:
    """Whatever the ending, the word as written is looked for."""
    assert word in forms(word)


def test_french_and_spanish_phrases_agree() -> None:
    """The head noun bends, and the adjective with it."""
    assert "machines a laver" in {fold(form).text for form in agreeing("machine à laver")}
    assert "jouets électriques" in agreeing("jouet électrique")
    assert "aparato doméstico" in agreeing("aparatos domésticos")
    assert agreeing("jouet") == ()


@pytest.mark.parametrize(
    ("phrase", "text", "quote"),
    [("锂电池", "可攜式鋰電池標準", "鋰電池"), ("電器", "家用电器", "电器"), ("婴儿奶粉", "嬰兒奶粉", "嬰兒奶粉")],
)
def test_traditional_and_simplified_characters_are_one(phrase: str, text: str, quote: str) -> None:
    """A subscriber writes simplified characters, Hong Kong and Taiwan traditional ones; the quote is its own."""
    for found in (occurs(phrase, text), *Terms([("key", phrase)]).find(text)):
        assert found
        assert found.quote == quote


def test_folding_every_character_twice_changes_nothing() -> None:
    """Of the scripts that simplified and traditional characters stand in."""
    for code in (*range(0x2E80, 0xD7A4), *range(0xF900, 0xFB00), *range(0x20000, 0x32000)):
        folded = fold(chr(code)).text
        assert fold(folded).text == folded
