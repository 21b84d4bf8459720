"""A visitor's question answered: how many measures fit, the page asked for, and what each filter would leave.

A word is looked for in the texts. A word that is also the name of a market, a product area or goods of an HS heading
finds the measures of these besides, and the answer says so: whoever asks for 电池 means European batteries, too.
In quotation marks it is looked for as a word alone.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import Any

from pyroaring import BitMap

from rules.ruleset import RuleSet
from rules.search_words import Question, Term, read_question
from tbtwatch.pipeline.look.asked import DEADLINE, RELEVANCE, Asked
from tbtwatch.pipeline.look.meanings import Meaning, meanings_of
from tbtwatch.pipeline.look.shelf import AREA, CHAPTER, FIELD, HS, ICS, KIND, MEMBER, STAGE, Shelf
from tbtwatch.storage import Storage, Transaction
from tbtwatch.storage.briefs import Brief
from watcher.markets import Markets

PAGE = 25
_KEPT_ANSWERS = 128
#: By the name of a filter, where its values stand in an `Asked`, and how they are called on the shelf.
FACETS: Mapping[str, tuple[str, str]] = {
    "market": ("markets", MEMBER),
    "area": ("areas", AREA),
    "kind": ("kinds", KIND),
    "stage": ("stages", STAGE),
    "hs": ("hs", CHAPTER),
    "ics": ("ics", FIELD),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found."""

    asked: Asked
    total: int
    rows: tuple[Brief, ...]
    counts: Mapping[str, Mapping[str, int]]  #: by filter and value: how many there would be with this value
    open: int  #: of those found, open for comments
    meanings: tuple[Meaning, ...] = ()
    loosely: tuple[str, ...] = ()  #: words that nobody writes in one piece, found in their parts
    pages: int = 1
    of: int = 0  #: all measures there are


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """All measures that fit a question, as sets."""

    hits: BitMap
    in_title: BitMap  #: those with all words in the title
    open_now: BitMap
    base: BitMap  #: what words, openness and days leave, before any filter
    sets: Mapping[str, BitMap | None]  #: by filter: what it allows; None: everything
    meanings: tuple[Meaning, ...] = ()
    loosely: tuple[str, ...] = ()


@dataclass(slots=True)
class Finder:
    """The one who looks. Keeps what words found, as long as nothing was written."""

    storage: Storage
    markets: Markets
    rules: Callable[[Transaction], RuleSet]
    shelf: Shelf = field(default_factory=Shelf)
    ahead_kept: tuple[object, Any] | None = None  #: what is coming, as long as nothing was written
    _kept: OrderedDict[tuple[int, str], _Found] = field(default_factory=OrderedDict)

    def find(self, asked: Asked, *, today: date, most: int = PAGE) -> Answer:
        """Answer a question, with at most so many of the page's rows."""
        shelf = self.shelf
        with shelf.lock:
            shelf.follow(self.storage)
            fitting = self.fitting(asked, today=today)
            hits, open_now, sets = fitting.hits, fitting.open_now, fitting.sets
            counts = {
                name: self._counts(
                    kind, _cut([fitting.base, *(s for n, s in sets.items() if s is not None and n != name)]), today
                )
                for name, (_, kind) in FACETS.items()
            }
            pages = max(1, -(-len(hits) // PAGE))
            asked = replace(asked, page=min(asked.page, pages))
            ids = self._page(hits, fitting.in_title, asked, open_now)
            total, opened, of = len(hits), hits.intersection_cardinality(open_now), len(shelf.all)
        with self.storage.look() as tx:
            briefs = tx.briefs.of(ids[:most])
        return Answer(
            asked=asked,
            total=total,
            rows=tuple(briefs),
            counts=counts,
            open=opened,
            meanings=fitting.meanings,
            loosely=fitting.loosely,
            pages=pages,
            of=of,
        )

    def fitting(self, asked: Asked, *, today: date) -> Fitting:
        """All that fits. Under the shelf's lock, after `follow`."""
        shelf = self.shelf
        found = self._found(asked.text) if asked.text else _Found(hits=shelf.all)
        sets = {name: self._set(name, getattr(asked, field)) for name, (field, _) in FACETS.items()}
        sets["stage"] = _union([shelf.stages(today).get(each) for each in asked.stages]) if asked.stages else None
        further: list[BitMap] = []
        open_now = shelf.open_on(today)
        if asked.open:
            further.append(open_now)
        if asked.since:
            further.append(shelf.since("distributed", asked.since))
        base = _cut([found.hits, *further])
        hits = _cut([base, *(one for one in sets.values() if one is not None)])
        return Fitting(
            hits=hits,
            in_title=found.in_title,
            open_now=open_now,
            base=base,
            sets=sets,
            meanings=found.meanings,
            loosely=found.loosely,
        )

    def among(self, *, markets: Sequence[str] = (), areas: Sequence[str] = ()) -> BitMap:
        """The measures of these markets and areas. Under the shelf's lock."""
        sets = [self._set("market", markets), self._set("area", areas)]
        return _cut([self.shelf.all, *(one for one in sets if one is not None)])

    # --- words

    def _found(self, text: str) -> _Found:
        key = (self.shelf.version, text)
        if (kept := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return kept
        question = read_question(text)
        with self.storage.look() as tx:
            rules = self.rules(tx)
            found = self._look(question, tx, rules)
        self._kept[key] = found
        while len(self._kept) > _KEPT_ANSWERS:
            self._kept.popitem(last=False)
        return found

    def _look(self, question: Question, tx: Transaction, rules: RuleSet) -> _Found:
        shelf = self.shelf
        hits, in_title = BitMap(shelf.all), BitMap(shelf.all)
        meanings: list[Meaning] = []
        loosely: list[str] = []
        for term in question.terms:
            written = BitMap(tx.search.matching(term))
            meant = [] if term.exact else self._meanings(term, rules)
            alike = _union([self._set(one.kind, (one.value,)) for one in meant])
            if not written and not alike and term.parts:
                written = BitMap(tx.search.matching(term, parts=True))
                loosely += [term.asked] if written else []
            meanings += [one for one in meant if self._set(one.kind, (one.value,))]
            hits &= written | alike
            in_title &= BitMap(tx.search.matching(term, title_only=True)) if len(hits) else hits
        if len(question.terms) > 1 and not any(term.exact for term in question.terms):
            # "lithium battery": no word of it is the name of a heading, both are.
            whole = " ".join(term.asked for term in question.terms)
            for one in self._meanings(Term(whole, ()), rules):
                if also := self._set(one.kind, (one.value,)):
                    meanings.append(one)
                    hits |= also
        for term in question.without:
            hits -= BitMap(tx.search.matching(term))
        return _Found(hits=hits, in_title=in_title & hits, meanings=tuple(meanings), loosely=tuple(loosely))

    def _meanings(self, term: Term, rules: RuleSet) -> list[Meaning]:
        return meanings_of(term.asked, markets=self.markets, rules=rules)

    # --- sets

    def _set(self, name: str, values: Sequence[str]) -> BitMap | None:
        """The measures that have any of these values; None: nothing is asked."""
        if not values:
            return None
        if name == "market":
            values = sorted(self.markets.expand(values))
        kind = {"hs": HS, "ics": ICS}.get(name)
        if kind:
            return _union([self.shelf.under(kind, value) for value in values])
        return _union([self.shelf.of(FACETS[name][1], value) for value in values])

    def _counts(self, kind: str, among: BitMap, today: date) -> dict[str, int]:
        sets = self.shelf.stages(today) if kind == STAGE else self.shelf.sets.get(kind, {})
        whole = len(among) == len(self.shelf.all)
        counted = ((value, len(s) if whole else s.intersection_cardinality(among)) for value, s in sets.items())
        return {value: number for value, number in sorted(counted, key=lambda one: (-one[1], one[0])) if number}

    def _page(self, hits: BitMap, in_title: BitMap, asked: Asked, open_now: BitMap) -> list[int]:
        first, shelf = (asked.page - 1) * PAGE, self.shelf
        groups = [hits]
        if asked.sorted_by == RELEVANCE and asked.text:
            groups = [hits & in_title, hits - in_title]
        elif asked.sorted_by == DEADLINE:
            closing = hits & open_now
            soonest = sorted(closing, key=lambda id: (shelf.days[id].deadline or date.max, id))
            if first + PAGE <= len(soonest):
                return soonest[first : first + PAGE]
            rest = list(islice(shelf.newest_first(hits - closing), max(0, first - len(soonest)) + PAGE))
            return [*soonest[first:], *rest[max(0, first - len(soonest)) :]][:PAGE]
        ids: list[int] = []
        for group in groups:
            if first >= len(group):
                first -= len(group)
                continue
            ids += islice(shelf.newest_first(group), first, first + PAGE - len(ids))
            first = 0
            if len(ids) >= PAGE:
                break
        return ids


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What words found."""

    hits: BitMap
    in_title: BitMap = field(default_factory=BitMap)
    meanings: tuple[Meaning, ...] = ()
    loosely: tuple[str, ...] = ()


def _union(sets: Sequence[BitMap | None]) -> BitMap:
    return BitMap().union(*(one for one in sets if one is not None)) if sets else BitMap()


def _cut(sets: Sequence[BitMap]) -> BitMap:
    return sets[0].intersection(*sets[1:]) if len(sets) > 1 else sets[0]
