"""A visitor reads every page in their own language: our words, and the names that `config/` gives."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from notifiers.more_words import MORE
from notifiers.wording import CATALOGUE as MESSAGES
from rules.classification import Facet
from rules.facets import load_facets
from rules.product_areas import load_areas
from subscriptions.choices import STAGES, Choices
from tbtwatch.configuration import SHIPPED, facets, product_areas
from tbtwatch.storage import Storage
from tbtwatch.web.catalogues.es import SPANISH
from tbtwatch.web.catalogues.fr import FRENCH
from tbtwatch.web.site import HERE
from tbtwatch.web.words import CATALOGUE, LANGUAGES
from tests.web.served import served
from tests.web.town import BATTERY, a_town

#: What visitors see; words for whoever is signed in stand in English and Chinese.
VISITORS = ("base", "parts", "start", "search", "measure", "calendar", "coming", "lost", "missing", "trouble")
SIGNED_IN = frozenset({"account.as", "account.title", "room.nav", "sign_out"})


def test_whatever_is_shipped_has_its_name_in_every_language() -> None:
    """Areas, their sectors, what rules give, stages; a name is no key, and no language says it in another's words."""
    areas, given = load_areas(product_areas(SHIPPED)), load_facets(facets(SHIPPED))
    named = {f"area {key}": area.names for key, area in areas.areas.items()}
    named |= {f"sector {key}": names for key, names in areas.sectors.items()}
    named |= {f"stage {key}": names for key, names in STAGES.items()}
    for facet in given.values:
        named |= {f"{facet} {key}": value.names for key, value in given.of(facet).items()}
    assert len(named) > 180
    for what, names in named.items():
        assert set(names) >= set(LANGUAGES), what
        assert all(name.strip() and name == name.strip() for name in names.values()), what
        assert re.search("[\u4e00-\u9fffA-Z0-9]", names["zh"]), what
    for where in ("area", "sector", "stage", "kind"):
        several = [names for what, names in named.items() if what.startswith(where)]
        for language in ("zh", "fr", "es"):
            same = [names["en"] for names in several if names[language] == names["en"]]
            assert len(same) <= len(several) // 20, (where, language, same)


def test_every_word_on_a_visitors_page_stands_in_every_language() -> None:
    """As templates ask for them by name: nothing falls back to English."""
    for template in VISITORS:
        text = (HERE / "templates" / f"{template}.html").read_text(encoding="utf-8")
        for name in {one for one in re.findall(r"\bw\(\"([a-z_.]+)\"", text) if not one.endswith(".")} - SIGNED_IN:
            if name in CATALOGUE:
                assert name in FRENCH and name in SPANISH, (template, name)
            else:
                assert len(MESSAGES[name]) == 4 or name in MORE, (template, name)


@pytest.mark.parametrize(
    ("language", "kind", "area", "stage"),
    [
        ("zh", "技术法规", "食品", "草案"),
        ("en", "Technical regulation", "Food", "draft"),
        ("fr", "Règlement technique", "Denrées alimentaires", "projet"),
        ("es", "Reglamento técnico", "Alimentos", "proyecto"),
    ],
)
def test_pages_call_areas_kinds_and_stages_in_their_language(
    sqlite: Storage, language: str, kind: str, area: str, stage: str
) -> None:
    """With the names that are shipped: in the filters of the search, in its lines, in the evidence of a measure."""
    desk = a_town(sqlite).desk
    shipped = load_areas(product_areas(SHIPPED))
    choices = Choices(facets=load_facets(facets(SHIPPED)))
    desk = replace(desk, names=replace(desk.names, areas=shipped.areas, choices=choices))
    with served(desk) as client:
        search, one = client.get(f"/{language}/search?q=jelly").text, client.get(f"/{language}/m/{BATTERY}").text
    food = shipped.areas["food"].name(language)
    assert area in food and f">{food}<" in search
    assert f">{kind}</option>" in search and f">{stage}</option>" in search
    assert kind in one and stage in one
    for key, value in choices.facets.of(Facet.KIND).items():
        assert f'<option value="{key}">' in search and value.name(language)
