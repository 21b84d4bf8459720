"""What else a subscriber might look for: words, names and codes related to keywords, counted in what is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rules.ruleset import RuleSet
from rules.terms import TermError, folded_text, wordings
from subscriptions.related import Companion, Name, Recorded, chinese_words, names_of, shares
from tbtwatch.pipeline.alert import Desk
from tbtwatch.storage import Transaction

SHOWN = 8  #: words that come with the keywords
NAMES_SHOWN = 3  #: names in each other language
MONTHS = 12
MUCH_OFTENER = 1.5  #: how much oftener measures with a keyword have a code than others, at least
_MONTH = timedelta(days=365) / 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code or area that many of the measures with the keywords have."""

    kind: str  #: "hs", "ics", "area"
    value: str  #: "2202", "67.160", "food"
    name: str
    there: int  #: measures with a keyword that have it
    adds: int  #: others that have it


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """What is related to some keywords."""

    keywords: tuple[str, ...]
    since: date
    measures: int  #: with a document since then
    hits: int  #: of these with a keyword in title, products or summary
    words: tuple[Companion, ...] = ()
    names: tuple[Name, ...] = ()
    codes: tuple[Code, ...] = ()
    meant: tuple[str, ...] = ()  #: words spelled nearly so, where no measure has a keyword


def related(
    keywords: Sequence[str],
    *,
    desk: Desk,
    markets: Sequence[str] = (),
    months: int = MONTHS,
    language: str = "en",
) -> Related:
    """What is related to these keywords. Raises `LookupError` with a sentence for words that cannot be looked for."""
    for keyword in keywords:
        try:
            wordings(keyword)
        except TermError as error:
            raise LookupError(str(error)) from error
    since, members = _since(desk, months), desk.names.markets.expand(markets)
    with desk.storage.look() as tx:
        ruleset = desk.rulebook.in_force(tx)
        recorded = Recorded(tx.texts.since(since, members))
        hits = recorded.having(keywords)
        codes = _codes(hits, len(recorded), since, members, ruleset, desk, language, tx)
    vocabulary = ruleset.vocabulary
    lists = (("HS", vocabulary.hs_terms), ("ICS", vocabulary.ics_terms))
    known = chinese_words((*vocabulary.hs_terms, *vocabulary.ics_terms))
    names = [name for keyword in keywords for name in (_area_names(keyword, desk) or names_of(keyword, lists))]
    return Related(
        keywords=tuple(keywords),
        since=since,
        measures=len(recorded),
        hits=len(hits),
        words=tuple(recorded.companions(keywords, hits, known, SHOWN)),
        names=tuple(recorded.names(keywords, hits, names, NAMES_SHOWN)),
        codes=codes,
        meant=() if hits else tuple(word for keyword in keywords for word in recorded.meant(keyword)),
    )


def silent_keywords(keywords: Sequence[str], *, desk: Desk, months: int = MONTHS) -> list[str]:
    """Those of the keywords that stand in nothing that was recorded of the last months, of any market."""
    found = []
    with desk.storage.look() as tx:
        for keyword in sorted(keywords):
            try:
                said = wordings(keyword)
            except TermError:
                continue
            if not tx.texts.somewhere((keyword.casefold(), *said), _since(desk, months)):
                found.append(keyword)
    return found


def _since(desk: Desk, months: int) -> date:
    return (desk.clock() - months * _MONTH).astimezone(desk.names.zone).date()


def _area_names(keyword: str, desk: Desk) -> list[Name]:
    """What a product area that is called by the keyword is called in other languages."""
    folded = folded_text(keyword)
    for key, names in desk.names.area_names.items():
        spoken = {language for language, name in names.items() if folded_text(name) == folded}
        if spoken:
            others = [(language, name) for language, name in names.items() if language not in spoken]
            return [Name(language=language, term=name, code=f"area {key}") for language, name in others]
    return []


def _codes(
    hits: Sequence[int],
    measures: int,
    since: date,
    members: Sequence[str] | frozenset[str],
    ruleset: RuleSet,
    desk: Desk,
    language: str,
    tx: Transaction,
) -> tuple[Code, ...]:
    found: list[Code] = []
    mine = set(hits)
    titles = {"hs": ruleset.vocabulary.hs_titles, "ics": ruleset.vocabulary.ics_titles} if hits else {}
    for kind, value, there in shares(tx.texts.found_by(hits, ("hs", "ics", "area")), len(hits)):
        having = tx.texts.having(kind, value, since, members)
        if kind == "area":
            name = desk.names.area(value, language)
        else:
            title = titles[kind].get(value, {})
            name = title.get(language) or title.get("en", "")
        one = Code(kind=kind, value=value, name=name, there=there, adds=len(having - mine))
        # What as many of the others have is not related to the keyword.
        if one.there * (measures - len(hits)) >= MUCH_OFTENER * one.adds * len(hits):
            found.append(one)
    return tuple(found)
