"""A rule set: the product areas and all rules of one version. It is taken whole or not at all."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Final

from pydantic import ValidationError

from rules.classification import GIVEN_BY_RULES, Facet
from rules.codes.joined import AreaCodes, Classified
from rules.combining import evidence_in, in_order, mistakes_of_combinations
from rules.facets import Facets, load_facets
from rules.kinds import KINDS
from rules.known_codes import unknown_codes
from rules.patterns import Patterns
from rules.product_areas import ProductAreas, load_areas
from rules.rule import KEBAB, Rule, RuleError, RuleErrors
from rules.terms import Terms
from rules.vocabulary import EMPTY, Vocabulary
from watcher.measure import Facts
from watcher.said import said, sentence_of

__all__ = ["RuleError", "RuleErrors", "RuleSet", "single_rules"]

#: As a sentence begins that is about rules as a whole.
THE_RULES: Final = said("the rules")


@dataclass(frozen=True, kw_only=True)
class RuleSet:
    """One version of the rules. Versions are never edited: a change is a new version."""

    version: int
    areas: ProductAreas
    rules: tuple[Rule, ...]  #: sorted by name
    facets: Facets = field(default_factory=Facets)
    vocabulary: Vocabulary = EMPTY

    @classmethod
    def load(
        cls,
        areas: object,
        rules: object,
        version: int = 1,
        *,
        facets: object = None,
        vocabulary: Vocabulary = EMPTY,
        try_examples: bool = True,
    ) -> RuleSet:
        """Read and check a rule set from plain parsed values.

        `areas` is what `config/product_areas.yaml` parses to. `rules` is a list of rules, or what a rule file parses
        to (`{"rules": [...]}`), or a mapping of file names to either, or a list of these. `facets` is what
        `config/facets.yaml` parses to. Without `try_examples` the
        rules' own examples are not tried: they were when the version was saved. Raises `RuleErrors`, a sentence per
        mistake, every mistake at once.
        """
        mistakes: list[str] = []
        try:
            known = load_areas(areas)
        except RuleErrors as error:
            mistakes += error.sentences
            known = ProductAreas(areas={}, sectors={})
        try:
            values = load_facets(facets)
        except RuleErrors as error:
            mistakes += error.sentences
            values = Facets()
        read = [_rule(number, content, mistakes) for number, content in enumerate(_each(rules, mistakes), 1)]
        found = [rule for rule in read if rule]
        if not read and not mistakes:
            mistakes.append(said("there is no rule; add at least one, or nothing is ever classified"))
        mistakes += _twice(found)
        for rule in found:
            mistakes += _mistakes(rule, known, values, try_examples)
        if try_examples:
            mistakes += (mistake for rule in found for mistake in unknown_codes(rule, vocabulary))
        if unusable := list(mistakes_of_combinations(found)):
            mistakes += unusable
        elif try_examples and not mistakes:
            mistakes += (
                said("{whose} {problem}", whose=said("rule {name!r}", name=rule.name), problem=failure)
                for rule in in_order(found)
                for failure in rule.failing(partial(evidence_in, found, rule))
            )
        if mistakes:
            raise RuleErrors(mistakes)
        return cls(
            version=version,
            areas=known,
            rules=tuple(sorted(found, key=lambda rule: rule.name)),
            facets=values,
            vocabulary=vocabulary,
        )

    def content(self) -> dict[str, Any]:
        """The set as plain values without version and vocabulary: `RuleSet.load(**content, ...)` gives it back."""
        return {
            "areas": self.areas.content(),
            "facets": self.facets.content(),
            "rules": [written_rule(rule) for rule in self.rules],
        }

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of content and vocabulary, as hex: equal for equal content, whatever the version."""
        whole = {**self.content(), "vocabulary": self.vocabulary.fingerprint}
        canonical = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    @cached_property
    def index(self) -> Terms:
        """Every phrase of every rule, to be found in one pass over a text."""
        return Terms(pair for rule in self.rules for pair in rule.phrases())

    @cached_property
    def hs(self) -> Classified:
        """The words of HS headings and what the product areas say of them; made when first asked for."""
        lexicon = self.vocabulary.hs
        return Classified(lexicon, AreaCodes(self.areas, "hs", lexicon.group))

    @cached_property
    def ics(self) -> Classified:
        """The same for ICS groups."""
        lexicon = self.vocabulary.ics
        return Classified(lexicon, AreaCodes(self.areas, "ics", lexicon.group))

    @cached_property
    def patterns(self) -> Patterns:
        """Every regular expression of every rule, to be tried together."""
        return Patterns(pair for rule in self.rules for pair in rule.regexes())

    @cached_property
    def combinations(self) -> tuple[Rule, ...]:
        """The rules that rest on others, each behind those it rests on."""
        return in_order(self.rules)

    def read_without_phrases(self, facts: Facts) -> list[Rule]:
        """The rules that look for no phrase, but for those that have nothing to read in these facts."""
        return [
            rule
            for field, rules in self._without_phrases.items()
            if not field or getattr(facts, field)
            for rule in rules
        ]

    @cached_property
    def _without_phrases(self) -> Mapping[str, Sequence[Rule]]:
        """By the one field that they read."""
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            if not rule.needs() and next(rule.phrases(), None) is None and next(rule.regexes(), None) is None:
                found.setdefault(rule.reads_only, []).append(rule)
        return found

    @cached_property
    def by_name(self) -> Mapping[str, Rule]:
        """The rules by name."""
        return {rule.name: rule for rule in self.rules}

    def giving(self, facet: Facet, key: str) -> Sequence[Rule]:
        """The rules that give a value of a facet, by name."""
        return self._by_gift.get((facet, key), ())

    @cached_property
    def _by_gift(self) -> Mapping[tuple[Facet, str], Sequence[Rule]]:
        found: dict[tuple[Facet, str], list[Rule]] = {}
        for rule in self.rules:
            for facet, keys in rule.gives.items():
                for key in keys:
                    found.setdefault((facet, key), []).append(rule)
        return found

    def of_area(self, area: str) -> tuple[Rule, ...]:
        """The rules that give an area, by name."""
        return tuple(rule for rule in self.rules if area in rule.areas)


def single_rules(rules: object) -> list[Rule]:
    """Rules of any shape that `RuleSet.load` takes, each well-formed; whether they hold together is not looked at.

    Raises `RuleErrors`.
    """
    mistakes: list[str] = []
    read = [_rule(number, content, mistakes) for number, content in enumerate(_each(rules, mistakes), 1)]
    found = [rule for rule in read if rule]
    if mistakes := [*mistakes, *_twice(found)]:
        raise RuleErrors(mistakes)
    return found


def written_rule(rule: Rule) -> dict[str, Any]:
    """A rule as plain values, as staff write it."""
    return rule.model_dump(mode="json", exclude_defaults=True) | {"kind": rule.kind}


def _each(rules: object, mistakes: list[str], where: str = THE_RULES) -> Iterator[object]:
    """The single rules of whatever shape they came in."""
    if isinstance(rules, Mapping):
        if "kind" in rules or ("name" in rules and "rules" not in rules):
            yield rules
        elif "rules" in rules:
            for unknown in sorted(set(map(str, rules)) - {"rules"}):
                mistakes.append(
                    said(
                        "{where} have an unknown part {unknown!r}; write everything under rules",
                        where=where,
                        unknown=unknown,
                    )
                )
            yield from _each(rules["rules"], mistakes, where)
        else:
            for file, content in rules.items():
                yield from _each(content, mistakes, said("the rules of {file}", file=file))
    elif isinstance(rules, Iterable) and not isinstance(rules, (str, bytes)):
        for content in rules:
            if isinstance(content, Mapping) and "rules" in content:
                yield from _each(content, mistakes, where)
            else:
                yield content
    elif rules is not None:
        mistakes.append(said("{where} are not a list of rules but {rules!r}", where=where, rules=str(rules)[:60]))


def _rule(number: int, content: object, mistakes: list[str]) -> Rule | None:
    """One rule from plain values, noting what is wrong with it."""
    if isinstance(content, Rule):
        return content
    if not isinstance(content, Mapping):
        mistakes.append(
            said(
                "rule number {number} is not a mapping of name, kind, areas and so on: {content!r}",
                number=number,
                content=str(content)[:60],
            )
        )
        return None
    whose = _whose(number, content.get("name"))
    kind = content.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        near = difflib.get_close_matches(str(kind), KINDS, n=1)
        known = (
            said("did you mean {near}?", near=near[0])
            if near
            else said("known are {several}", several=", ".join(sorted(KINDS)))
        )
        mistakes.append(
            said("{whose}: {kind!r} is not a kind of rule; {known}", whose=whose, kind=kind, known=known)
            if kind
            else said("{whose} has no kind; {known}", whose=whose, known=known)
        )
        return None
    try:
        return KINDS[kind].model_validate(dict(content))
    except ValidationError as error:
        problems: list[dict[str, Any]] = [dict(problem) for problem in error.errors() if not _of_another_shape(problem)]
        wrong = {problem["loc"][0] for problem in problems if problem["type"] != "too_short" and problem["loc"]}
        mistakes += (  # a list whose only entry is wrong is not empty as well
            _sentence(whose, kind, problem)
            for problem in problems
            if problem["type"] != "too_short" or problem["loc"][0] not in wrong
        )
        return None


def _of_another_shape(problem: Any) -> bool:
    """Whether it says that words by language are not one list, or that one list is not words by language."""
    by_language = isinstance(problem["input"], Mapping)
    shaped = any(str(step).startswith("dict[") for step in problem["loc"])
    either = shaped or any(str(step).startswith("function-before[_one_word") for step in problem["loc"])
    return either and problem["type"] == ("tuple_type" if by_language else "dict_type")


def _whose(number: int, name: object) -> str:
    return (
        said("rule {name!r}", name=name)
        if isinstance(name, str) and name
        else said("rule number {number} (it has no name)", number=number)
    )


def _sentence(whose: str, kind: str, problem: dict[str, Any]) -> str:
    """A mistake that pydantic found, in words for staff."""
    steps = [str(step) for step in problem["loc"] if not str(step).startswith(("function-", "dict[", "tuple["))]
    where = steps[0] if steps else ""
    exact = ".".join(str(int(step) + 1) if step.isdigit() else step for step in steps)
    match problem["type"]:
        case "missing":
            of = said("a rule of kind {kind}", kind=kind) if exact == where else where
            return said("{whose} has no {exact}; {of} needs one", whose=whose, exact=exact, of=of)
        case "string_pattern_mismatch" if steps[-1] == "[key]":
            return said(
                "{whose}: {where} has words of the language {given}; write en, zh, fr or es",
                whose=whose,
                where=where,
                given=_shown(problem),
            )
        case "extra_forbidden":
            fields = [name for name in KINDS[kind].model_fields if name != "kind"]
            near = difflib.get_close_matches(where, fields, n=1)
            known = (
                said("did you mean {near}?", near=near[0])
                if near
                else said("a rule of kind {kind} has {several}", kind=kind, several=", ".join(fields))
            )
            return said("{whose} has an unknown part {where!r}; {known}", whose=whose, where=where, known=known)
        case "value_error":
            return said("{whose}: {wrong}", whose=whose, wrong=sentence_of(problem["ctx"]["error"]))
        case "too_short":
            return said("{whose}: {where} is empty or too short; fill it in", whose=whose, where=where)
        case "string_too_short":
            return said(
                "{whose}: {where} is empty or too short; write at least {least} characters",
                whose=whose,
                where=where,
                least=problem["ctx"]["min_length"],
            )
        case "enum" if where == "gives":
            return said(
                "{whose} cannot give {given!r}; it gives {several} under gives, or areas",
                whose=whose,
                given=problem["input"],
                several=", ".join(GIVEN_BY_RULES),
            )
        case "enum":
            return said(
                "{whose}: {given!r} is not a grade; use direct, probable or broad",
                whose=whose,
                given=problem["input"],
            )
        case "tuple_type" | "list_type":
            return said(
                "{whose}: {exact} is {given}; write a list, as [one, another], with one entry too",
                whose=whose,
                exact=exact,
                given=_shown(problem),
            )
        case "dict_type":
            return said(
                "{whose}: {exact} is {given}; write its parts with a colon each, as {{en: [doll]}}",
                whose=whose,
                exact=exact,
                given=_shown(problem),
            )
        case "string_type":
            return said(
                "{whose}: {exact} is {given}; write one text, in quotes if it is a number, a day or yes/no",
                whose=whose,
                exact=exact,
                given=_shown(problem),
            )
        case "bool_type" | "bool_parsing":
            return said(
                "{whose}: {exact} is {given}; write true or false", whose=whose, exact=exact, given=_shown(problem)
            )
        case "int_type" | "int_parsing" | "int_from_float":
            return said(
                "{whose}: {exact} is {given}; write a whole number", whose=whose, exact=exact, given=_shown(problem)
            )
        case _:
            return said(
                "{whose}: {exact} is {given}, which is wrong ({message})",
                whose=whose,
                exact=exact,
                given=_shown(problem),
                message=problem["msg"].lower(),
            )


def _shown(problem: dict[str, Any]) -> str:
    return repr(str(problem["input"])[:60])


def _twice(rules: list[Rule]) -> Iterator[str]:
    """Names that two rules have."""
    seen: set[str] = set()
    for rule in rules:
        if rule.name in seen:
            yield said("rule {name!r} stands in the set twice; rename one of the two", name=rule.name)
        seen.add(rule.name)


def _mistakes(rule: Rule, areas: ProductAreas, facets: Facets, try_examples: bool) -> Iterator[str]:
    """What is wrong with a well-formed rule; its examples are tried only if nothing else is."""
    whose = said("rule {name!r}", name=rule.name)
    found = False
    if not KEBAB.fullmatch(rule.name):
        yield said("{whose}: a name has lower case letters, digits and hyphens only, as toys-by-code", whose=whose)
    for area in rule.areas:
        if areas and area not in areas:
            yield said(
                "{whose} gives the unknown area {area!r}{near}", whose=whose, area=area, near=areas.nearest(area)
            )
    for facet, keys in rule.gives.items():
        if facet not in GIVEN_BY_RULES:
            known = ", ".join(one.value for one in GIVEN_BY_RULES)
            yield said(
                "{whose} gives {facet}, which no rule can; rules give areas and {known}",
                whose=whose,
                facet=facet.value,
                known=known,
            )
            continue
        for key in keys:
            if key not in facets.of(facet):
                yield said(
                    "{whose} gives the unknown {facet} {key!r}{near}",
                    whose=whose,
                    facet=facet.value,
                    key=key,
                    near=facets.nearest(facet, key),
                )
    gives = bool(rule.areas) or any(rule.gives.values())
    if rule.part and gives:
        yield said("{whose} is marked part: true and gives something; take out part, or what it gives", whose=whose)
    if not rule.part and not gives:
        yield (
            said(
                "{whose} gives nothing; name the product areas under areas, or a kind, scheme or duty "
                "under gives (or write part: true, if combinations name it)",
                whose=whose,
            )
        )
    for problem in rule.problems():
        found = True
        yield said("{whose} {problem}", whose=whose, problem=problem)
    if not found and try_examples and not rule.needs():
        yield from (said("{whose} {problem}", whose=whose, problem=failure) for failure in rule.failing_examples())
