"""Numbers of standards as they are compared."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscriptions.standards import StandardError, parse_standard, standard_form, standard_steps


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("iec60335–1 : 2020", "IEC 60335-1:2020"),
        ("GB 4706.1-2005", "GB 4706.1:2005"),
        ("GB/T 35590—2017", "GB/T 35590:2017"),
        ("ГОСТ IEC 60335-1-2015", "GOST IEC 60335-1:2015"),
        ("ГОСТ Р 51000-2019", "GOST R 51000:2019"),
        ("Codex Stan 192-1995", "CXS 192:1995"),
        ("PROY-NOM-051-SCFI-2010", "NOM 051-SCFI:2010"),
        ("IS 302 (Part 2/Sec 3): 2007", "IS 302-2-3:2007"),
        ("CSA C22.2 No. 60335-1:2016", "CSA C 22.2-60335-1:2016"),
        ("ＩＳＯ　１２１００", "ISO 12100"),
        ("ABNT NBR 14136", "ABNT NBR 14136"),
        ("ASTM F963-17", "ASTM F 963-17"),
        ("EN ISO 8124-1:2018+A1:2020", "EN ISO 8124-1:2018+A1:2020"),
    ],
)
def test_a_number_has_one_form(written: str, form: str) -> None:
    """Case, width, dashes and blanks make no difference, and a dashed year is an edition."""
    assert standard_form(written) == parse_standard(written) == form


def test_a_standard_is_a_step_of_its_series_and_of_what_it_takes_over() -> None:
    """From the series to the edition, for its own body and for the one it is taken over from."""
    assert standard_steps("EN IEC 60335-2-9:2019") == (
        "EN IEC 60335",
        "EN IEC 60335-2",
        "EN IEC 60335-2-9",
        "EN IEC 60335-2-9:2019",
        "IEC 60335",
        "IEC 60335-2",
        "IEC 60335-2-9",
        "IEC 60335-2-9:2019",
    )
    assert "ISO 17025" in standard_steps("ISO/IEC 17025:2017")


@pytest.mark.parametrize("text", ["60335", "IEC", "", "  ", "toys", "x" * 200 + " 12"])
def test_what_names_no_standard_is_refused(text: str) -> None:
    """The sentence shows how one is written."""
    with pytest.raises(StandardError, match="IEC 60335-1"):
        parse_standard(text)


@settings(max_examples=400)
@given(st.one_of(st.text(max_size=60), st.from_regex(r"[A-Z/ ]{1,8}[ -]?[0-9.:/-]{1,16}", fullmatch=True)))
def test_any_text_has_a_form_that_is_a_step_of_itself(text: str) -> None:
    """Nothing is too odd to be compared, and the form of a form is itself."""
    form = standard_form(text)
    assert standard_form(form) == form
    assert form in standard_steps(text)
    assert all(standard_form(step) == step for step in standard_steps(form))
