"""Product areas and codes as a form shows them: with their names, chosen or offered."""

from __future__ import annotations

from dataclasses import dataclass

from notifiers.readings import dotted
from rules.ruleset import RuleSet
from tbtwatch.pipeline.goods import FoundGoods, called, children, find_goods, term_names
from tbtwatch.web.mine.wish import Wish
from tbtwatch.web.site import Site, Visit

_LONGEST = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A choice."""

    kind: str  #: the field: area, hs, ics
    value: str
    label: str
    code: str  #: as it is read; "" of an area
    chosen: bool
    more: bool = False  #: it has parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """All choices of goods that a page shows."""

    chosen: list[Chip]
    offered: list[Chip]
    unknown: list[str]
    areas: list[Chip]
    tree: list[Chip]  #: the parts of the code that is open, or the chapters
    path: list[tuple[str, str]]  #: the codes above it, with their names


def shelf(wish: Wish, site: Site, visit: Visit) -> Shelf:
    """What is chosen, what the words that were looked up may mean, and the part of the tree that is open."""
    rules = rules_of(site)
    found = find_goods(wish.find, rules=rules, markets=site.desk.names.markets) if wish.find else FoundGoods()
    had = {*(("area", one) for one in wish.areas), *(("hs", one) for one in wish.hs)}
    had |= {("ics", one) for one in wish.ics}

    def chip(kind: str, value: str) -> Chip:
        return Chip(
            kind=kind,
            value=value,
            label=label(kind, value, rules, site, visit),
            code="" if kind == "area" else f"{kind.upper()} {dotted(value) if kind == 'hs' else value}",
            chosen=(kind, value) in had,
            more=kind == "hs" and len(value) < 6,
        )

    titles = site.titles("hs")
    above = [wish.open[:length] for length in (2, 4) if length <= len(wish.open)]
    areas = sorted((chip("area", key) for key in site.desk.names.areas), key=lambda one: one.label)
    return Shelf(
        chosen=[chip(kind, value) for kind, value in sorted(had)],
        offered=[chip(one.kind, one.value) for one in found.all if (one.kind, one.value) not in had],
        unknown=list(found.unknown),
        areas=[one for one in areas if not one.chosen],
        tree=[chip("hs", code) for code in children(wish.open, titles)] if len(wish.open) < 6 else [],
        path=[(code, label("hs", code, rules, site, visit)) for code in above],
    )


def label(kind: str, value: str, rules: RuleSet, site: Site, visit: Visit) -> str:
    """What it is called."""
    if kind == "area":
        return site.desk.names.area(value, visit.language)
    names = term_names(rules.vocabulary, kind, visit.language)
    said = called(value, visit.language, site.titles(kind), names)
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1].rstrip() + "…"


def get_ready(site: Site) -> None:
    """Have the words for goods in memory, of each script: whoever looks goods up first would wait for them."""
    find_goods("warm, 暖", rules=rules_of(site), markets=site.desk.names.markets)


def rules_of(site: Site) -> RuleSet:
    """The rules in force."""
    with site.desk.storage.look() as tx:
        return site.desk.rulebook.in_force(tx)
