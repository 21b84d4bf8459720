"""Words that take back what follows: a measure names products too that it does not cover."""

from __future__ import annotations

import pytest

from rules.negation import negations
from rules.terms import fold, occurs


def taken_back(word: str, text: str) -> bool:
    """Whether a text takes back a word it names."""
    hit = occurs(word, text)
    assert hit, f"{word} does not occur in {text}"
    folded = fold(text)
    at = occurs(word, folded.text)
    assert at
    return negations(folded.text).cover(at.start, at.end)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("toy", "This regulation does not apply to toys."),
        ("toy", "The standard shall not apply to batteries, lamps and toys."),
        ("toy", "Textile articles, excluding toys"),
        ("toy", "Products other than toys"),
        ("toy", "All plastic articles (except toys)"),
        ("toy", "Toys are excluded from the scope."),
        ("toy", "Toys and games are not covered."),
        ("toy", "Toys, party balloons, and games are excluded."),
        ("jouet", "Les jouets et les lampes sont exclus"),
        ("jouet", "à l'exception d'anciens jouets"),
        ("玩具", "玩具、家具和灯具除外"),
        ("battery", "without batteries"),
        ("food", "non-food products"),
        ("toy", "excl. toys"),
        ("玩具", "本规定不适用于玩具。"),
        ("玩具", "塑料制品（玩具除外）"),
        ("玩具", "除玩具外的塑料制品"),
        ("食品", "非食品类产品"),
        ("玩具", "不包括家具、灯具和玩具"),
        ("jouet", "Articles en plastique, à l'exclusion des jouets"),
        ("jouet", "Le règlement ne s'applique pas aux jouets"),
        ("pile", "sauf les piles"),
        ("juguete", "Este reglamento no se aplica a los juguetes"),
        ("juguete", "artículos de plástico, excepto juguetes"),
        ("juguete", "Los juguetes quedan excluidos"),
    ],
)
def test_what_is_taken_back_does_not_count(word: str, text: str) -> None:
    """Exclusions are read before and behind the product, in four languages."""
    assert taken_back(word, text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("toy", "This regulation applies to toys."),
        ("toy", "It does not apply to lamps. It applies to toys."),
        ("toy", "Excluding lamps; toys are covered"),
        ("toy", "does not apply to lamps but applies to toys"),
        ("toy", "Toys, except those with batteries"),
        ("toy", "not only toys"),
        ("toy", "Toys must be tested and lamps are excluded"),
        ("玩具", "适用于玩具、家具和灯具（电池除外）"),
        ("toy", "toys without batteries"),
        ("玩具", "适用于玩具，不适用于家具"),
        ("玩具", "除玩具外，还包括家具"),
        ("除草剂", "除草剂"),
        ("除湿机", "家用除湿机"),
        ("jouet", "Ne s'applique pas aux lampes. Les jouets sont visés."),
        ("juguete", "No se aplica a lámparas, pero se aplica a los juguetes"),
        ("玩具", "消除玩具中的有害物质"),
    ],
)
def test_what_is_not_taken_back_counts(word: str, text: str) -> None:
    """A negation ends with its clause; where it is in doubt the mention stands."""
    assert not taken_back(word, text)


def test_a_negation_far_away_takes_nothing_back() -> None:
    """A long sentence later, the product is named anew."""
    text = "It does not apply to lamps " + "which are used by people who work at night in other places " * 4 + "toys"

    assert not taken_back("toy", text)
