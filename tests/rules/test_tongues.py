"""Terms count only where they can be words: not in Vietnamese, Indonesian or Portuguese clauses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.classification import Facet
from rules.classify import classify
from rules.codes.tongues import Tongues
from rules.terms import fold
from tests.builders import a_measure
from tests.rules.readers.reading import NOTHING, shipped


def _hs(**facts: object) -> tuple[str, ...]:
    return classify(a_measure(**{**NOTHING, **facts}), shipped()).values(Facet.HS)


@pytest.mark.parametrize(
    "title",
    [
        "Quy chuẩn kỹ thuật quốc gia về chất tẩy rửa",
        "Dự thảo Tiêu chuẩn Thái Lan đối với xi măng",
        "Peraturan tentang ban dan roda untuk kendaraan",
    ],
)
@pytest.mark.parametrize("language", ["en", "", "vi", "fr"])
def test_other_languages_hold_no_terms_of_ours(title: str, language: str) -> None:
    """Whatever language is stated: the letters and the little words say it."""
    assert _hs(title=title, language=language) == ()


@pytest.mark.parametrize(
    "facts",
    [
        {"title": "Juguetes", "language": ""},
        {"title": "Juguetes", "language": "vi"},
        {"title": "Đồ chơi trẻ em", "products_covered": "Toys for children", "language": "vi"},
        {"title": "Đồ chơi trẻ em", "products_covered": "Juguetes", "language": "vi"},
        {"title": "Draft regulation on toys", "products_covered": "Juguetes", "language": "en"},
        {"title": "Dự thảo quy chuẩn; safety of toys", "language": "vi"},
        {"title": "玩具 chất lượng", "language": "zh"},
        {"title": "JOUETS POUR ENFANTS", "language": "en"},
    ],
)
def test_each_clause_is_read_in_its_own_language(facts: dict[str, object]) -> None:
    """One notice may mix them, and what is stated may be wrong; Chinese terms always count."""
    assert "9503" in _hs(**facts)


@given(st.text(max_size=60), st.integers(min_value=0, max_value=80))
def test_any_text_is_read(text: str, place: int) -> None:
    """No letters make it fail, and what has none is taken as ours."""
    assert Tongues(fold(text)).ours(place) in (True, False)
