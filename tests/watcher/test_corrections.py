"""What corrigenda correct: codes and days, in whatever words; and what nobody may call unchanged."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.watcher.threads import a_base, after, an_addendum, news
from watcher.addenda.corrections import code_corrections, date_corrections
from watcher.measure import ChangeKind

FIRST: dict[str, Any] = {
    "hs_codes": ("3304",),
    "ics_codes": ("71.100.40",),
    "distribution_date": date(2025, 11, 3),
    "comment_deadline": date(2026, 1, 5),
    "proposed_entry_into_force": date(2026, 3, 2),
}
SOON: dict[str, Any] = {"distribution_date": date(2025, 11, 20)}

ONE_FOR_ANOTHER = (
    "The HS code should read 3305 instead of 3304.",
    "In item 4, HS code 3304 should be 3305.",
    "For HS code 3304 read 3305.",
    "For 3304 read 3305.",
    "Instead of HS 33.04, please read HS 33.05.",
    "Read 3305 for 3304 in the HS field.",
    "Replace HS 3304 by HS 3305.",
    "HS heading 33.04 is replaced by 33.05.",
    "The HS code has been corrected from 3304 to 3305.",
    "The correct HS code is 3305, not 3304.",
    "HS code 3304 was stated in error; the correct code is 3305.",
    "The HS code is 3305 and not 3304.",
    "Products covered: HS 3305 (rather than 3304).",
    "Item 4: HS 3305 (not 3304).",
    "The product falls under HS 3305 and not under HS 3304.",
    "HS code 3304 → 3305.",
    "The HS code was stated as 3304; it should be 3305.",
    "The HS code in item 4 is incorrect. The correct HS code is 3305.",
    "HS codes:\nIncorrect: 3304\nCorrect: 3305",
    "The HS code should read 3305.",
    "The tariff heading was changed to 3305.",
    "Le code SH doit se lire 3305 au lieu de 3304.",
    "Au lieu de « 3304 », lire « 3305 » (code SH).",
    "Remplacer le code SH 3304 par 3305.",
    "Le code du SH 3304 est remplacé par le code 3305.",
    "Le code SH correct est 3305.",
    'Donde dice "3304" debe decir "3305" (código SA).',
    "En la partida arancelaria, donde dice: 3304, debe decir: 3305.",
    "El código del SA debe decir 3305 en lugar de 3304.",
    "En lugar de HS 3304, léase HS 3305.",
    "Sustitúyase el código SA 3304 por 3305.",
    "El código HS correcto es 3305 y no 3304.",
    "El código SA correcto es el 3305.",
    "HS编码应为3305，而非3304。",
    "HS编码3304应为3305。",
    "HS编码应由3304改为3305。",
    "将海关编码3304更正为3305。",
    "HS编码误写为3304，应为3305。",
    "以3305替换HS编码3304。",
    "HS编码：3305（原为3304）。",
    "第4栏HS编码“3304”应改为“3305”。",
    "税号3304有误，正确税号为3305。",
)


@pytest.mark.parametrize("text", ONE_FOR_ANOTHER)
def test_a_corrected_hs_code_takes_the_place_of_the_wrong_one(text: str) -> None:
    """In a corrigendum and in an addendum: the measure has the right code, and it is told in the notice's words."""
    for suffix in ("Corr.1", "Add.1"):
        notice = an_addendum(suffix, content_summary=text, **SOON)

        assert after(a_base(**FIRST), notice).facts.hs_codes == ("3305",)
        ((kind, old, new),) = news(a_base(**FIRST), notice)
        assert kind is ChangeKind.PRODUCTS_CHANGED
        assert old.startswith("HS 3304; ICS 71.100.40")
        assert new.startswith("HS 3305; ICS 71.100.40")


@pytest.mark.parametrize(
    ("text", "hs", "ics"),
    [
        ("The HS codes should read 3305, 3306 and 3307 instead of 3304.", ("3305", "3306", "3307"), ("71.100.40",)),
        ("HS codes 3304 and 3303 should read 3305 and 330610 respectively.", ("3305", "330610"), ("71.100.40",)),
        ("HS代码：3304更正为3305、3306。", ("3305", "3306"), ("71.100.40",)),
        ("HS code 3306.10 should be added.", ("3304", "330610"), ("71.100.40",)),
        ("Please add HS codes 3306 and 3307.", ("3304", "3306", "3307"), ("71.100.40",)),
        ("增加HS编码3306。", ("3304", "3306"), ("71.100.40",)),
        ("Ajouter le code SH 3306.", ("3304", "3306"), ("71.100.40",)),
        ("The HS code 3304 should be deleted.", (), ("71.100.40",)),
        ("The ICS code should read 71.100.70 instead of 71.100.40.", ("3304",), ("71.100.70",)),
        ("ICS编码应为71.100.70，而不是71.100.40。", ("3304",), ("71.100.70",)),
        ("Le code ICS 71.100.40 doit être remplacé par 71.100.70.", ("3304",), ("71.100.70",)),
        ("Donde dice ICS 71.100.40 debe decir ICS 71.100.70.", ("3304",), ("71.100.70",)),
        ("HS 3304 should read HS 3305; ICS 71.100.40 should read ICS 71.100.70.", ("3305",), ("71.100.70",)),
    ],
)
def test_lists_and_ics_codes_are_corrected_too(text: str, hs: tuple[str, ...], ics: tuple[str, ...]) -> None:
    """Several codes at once, codes added and taken out, and codes of either kind."""
    facts = after(a_base(**FIRST), an_addendum("Corr.1", content_summary=text, **SOON)).facts

    assert (facts.hs_codes, facts.ics_codes) == (hs, ics)


@pytest.mark.parametrize(
    "text",
    [
        "The HS code 3304 is wrong.",
        "HS codes: 3304, 3305.",
        "The HS codes have been corrected, see the annex.",
        "Le code SH comporte une erreur.",
        "El código HS es erróneo: véase el anexo.",
        "HS编码有误，详见附件。",
    ],
)
def test_a_code_that_is_not_understood_is_never_called_unchanged(text: str) -> None:
    """The news is that something is wrong with the products, in the notice's words, and the known codes stay."""
    notice = an_addendum("Corr.1", content_summary=text, **SOON)

    assert news(a_base(**FIRST), notice) == [(ChangeKind.PRODUCTS_CHANGED, "", "")]
    assert after(a_base(**FIRST), notice).facts.hs_codes == ("3304",)


@pytest.mark.parametrize(
    "text",
    [
        "The number of pages is 12.",
        "The number of pages should read 3305 instead of 3300.",
        "Page 12 should read page 13.",
        "The title should read 2024 edition instead of 2023 edition.",
        "The telephone number should read 45671234.",
        "第12页应为第13页。",
    ],
)
def test_other_numbers_are_no_codes(text: str) -> None:
    """Pages, years and telephone numbers are corrected without touching the products."""
    notice = an_addendum("Corr.1", content_summary=text, **SOON)

    assert news(a_base(**FIRST), notice) == [(ChangeKind.CORRECTED, "", "")]


@pytest.mark.parametrize(
    "text",
    [
        "The deadline for comments should read 5 January 2027 instead of 5 January 2026.",
        "For 5 January 2026 read 5 January 2027.",
        "Replace 5 January 2026 by 5 January 2027 as the deadline for comments.",
        "La date limite pour la présentation des observations doit se lire 5 janvier 2027 au lieu du 5 janvier 2026.",
        "Au lieu du 5 janvier 2026, lire 5 janvier 2027.",
        'Donde dice "5 de enero de 2026" debe decir "5 de enero de 2027".',
        "评议截止日期应为2027年1月5日，而非2026年1月5日。",
        "将评议截止日期2026年1月5日更正为2027年1月5日。",
    ],
)
def test_a_mistyped_deadline_is_corrected(text: str) -> None:
    """Named in words, or known by the wrong day that it had."""
    assert news(a_base(**FIRST), an_addendum("Corr.1", content_summary=text, **SOON)) == [
        (ChangeKind.DEADLINE_MOVED, "2026-01-05", "2027-01-05")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The proposed date of entry into force should read 1 March 2027 instead of 2 March 2026.",
        "拟议生效日期应为2027年3月1日。",
        "Donde dice 2 de marzo de 2026 debe decir 1 de marzo de 2027.",
    ],
)
def test_a_mistyped_entry_into_force_is_corrected(text: str) -> None:
    """It stays a plan: to correct a day says nothing of adoption."""
    assert news(a_base(**FIRST), an_addendum("Corr.1", content_summary=text, **SOON)) == [
        (ChangeKind.DATE_MOVED, "2026-03-02", "2027-03-01")
    ]


_WORDS = st.sampled_from(
    [
        *(
            "HS",
            "ICS",
            "3304",
            "33.05",
            "71.100.70",
            "should read",
            "instead of",
            "replace",
            "by",
            "应为",
            "而非",
            "lire",
        ),
        *(
            "au lieu de",
            "donde dice",
            "debe decir",
            "5 January 2026",
            "2026年1月5日",
            "¢",
            "¤",
            "¦",
            ",",
            ";",
            ".",
            "\n",
        ),
        *("(", ")", "and", "、"),
    ]
)


@given(st.lists(_WORDS, max_size=40).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_any_heap_of_words_can_be_read(text: str) -> None:
    """Whatever it holds, codes that are read stand in it, but for an end zero that ICS lost, and so do dates."""
    digits = "".join(sign for sign in text if sign.isdigit())
    for correction in code_corrections(text, ("3304",)):
        assert all(code.replace(".", "").rstrip("0") in digits for code in (*correction.wrong, *correction.right))
    for found in date_corrections(text):
        assert found.right in text
