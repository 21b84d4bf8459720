"""Goods of everyday trade by their names in four languages: the term list knows the heading of each."""

from __future__ import annotations

import csv

import pytest

from rules.codes.tokens import tokens
from rules.terms import fold
from tbtwatch import configuration
from tbtwatch.reference import load_vocabulary

GOODS = (
    ("9603", "牙刷", "toothbrush", "brosse à dents", "cepillo de dientes"),
    ("9503", "磁力积木", "magnetic building sets", "jeu de construction magnétique", "juego de construcción magnético"),
    ("9503", "遥控车", "remote control cars", "voiture télécommandée", "coche teledirigido"),
    ("8518", "耳机", "headphones", "enceinte bluetooth", "auriculares"),
    ("8517", "智能手表", "smart watches", "montre connectée", "reloj inteligente"),
    ("3924", "塑料水杯", "plastic lunch boxes", "gourde en plastique", "cantimplora de plástico"),
    ("9506", "瑜伽垫", "yoga mats", "tapis de yoga", "esterilla de yoga"),
    ("9506", "哑铃", "skis", "haltères", "esquíes"),
    ("8544", "延长线", "extension cords", "rallonge électrique", "cable alargador"),
    ("8543", "美甲灯", "nail lamps", "lampe à ongles", "lámpara de uñas"),
    ("9019", "筋膜枪", "massage gun", "pistolet de massage", "pistola de masaje"),
    ("3926", "手机支架", "phone holders", "support pour téléphone", "soporte para teléfono"),
)
_WORDS = load_vocabulary(configuration.SHIPPED / "reference")


@pytest.mark.parametrize(("heading", "word"), [(code, word) for code, *words in GOODS for word in words])
def test_the_heading_of_everyday_goods_is_known(heading: str, word: str) -> None:
    """In the singular and the plural, in Chinese, English, French and Spanish."""
    spans = _WORDS.hs.spans(tokens(fold(word)))

    assert heading in {named.code[:4] for span in spans for named in span.names}


def test_the_rows_of_the_lists_are_sorted_and_each_code_has_one() -> None:
    """So that a word is looked for in one place."""
    for path in sorted((configuration.SHIPPED / "reference" / "terms").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            codes = [row["code"] for row in csv.DictReader(lines)]

        assert codes == sorted(set(codes)), path
