"""What a rule is: staff's words for "this measure concerns that product", with its reason and its own tests."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from rules.classification import Evidence, Facet, Grade
from rules.patterns import Patterns
from rules.reading import TEXT_FIELDS, PhraseKey, Reading, TextField
from rules.terms import Terms
from watcher.measure import Facts, Measure
from watcher.said import said

KEBAB = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class RuleError(ValueError):
    """A mistake in a rule set: a sentence that names the rule and the mend, shown to staff as it is."""


class RuleErrors(RuleError):  # noqa: N818 - the plural says it: many sentences
    """All mistakes of a rule set, so that they are mended in one go. Nothing of the set was taken."""

    def __init__(self, sentences: Iterable[str]) -> None:
        """Collect sentences, each once, in the order given."""
        self.sentences: tuple[str, ...] = tuple(dict.fromkeys(sentences))
        super().__init__("\n".join(self.sentences))


def _written_text(value: Any) -> Any:
    """Refuse what YAML made of an unquoted code or word: 0402 is 258 there, 29.220 is 29.22, no is false."""
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, int, float)):
        raise ValueError(
            said(
                "{value!r} was not written as text: put it in quotes, as YAML changes bare numbers and yes/no",
                value=value,
            )
        )
    return value


#: Text as staff wrote it; a bare number or a bare `no` of YAML is refused, because it has already been changed.
Written = Annotated[str, BeforeValidator(_written_text)]


def facts_with(field: TextField, text: str) -> Facts:
    """Facts of a measure in which nothing but this text is known."""
    return Facts(**{each: text if each == field else "" for each in TEXT_FIELDS})  # type: ignore[arg-type]


def lowered(grade: Grade) -> Grade:
    """The next less sure grade."""
    return {Grade.DIRECT: Grade.PROBABLE, Grade.PROBABLE: Grade.BROAD, Grade.BROAD: Grade.BROAD}[grade]


class Rule(BaseModel, ABC):
    """One reason to put a measure into product areas.

    A kind of rule is a subclass in `rules/kinds/`, one file each, with the constant `RULE`. Its fields are what
    staff fill in; its JSON schema draws the form.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    #: Facts that an example of this kind is put into, see `example`.
    example_is: ClassVar[str] = "a text"
    #: Name of the `Facts` field without which a rule of this kind has nothing to read; empty: it reads several.
    reads_only: ClassVar[str] = ""

    name: str = Field(description="Unique, lower case with hyphens: toys-by-code", max_length=80)
    kind: str
    areas: tuple[Written, ...] = Field(default=(), description="Keys of the product areas it gives")
    gives: dict[Facet, tuple[Written, ...]] = Field(
        default_factory=dict, description="What it gives besides: kind, objective, scheme or duty, by their keys"
    )
    grade: Grade = Field(default=Grade.DIRECT, description="The most it may give")
    part: bool = Field(default=False, description="It gives nothing itself: combinations name it")
    wide: bool = Field(default=False, description="It is meant to match more than half of all measures")
    why: str = Field(description="A sentence: why this is right", min_length=10, max_length=1000)
    by: str = Field(default="", description="Who wrote it")
    matches: tuple[Written, ...] = Field(default=(), description="Short examples that it must match")
    must_not_match: tuple[Written, ...] = Field(default=(), description="Short examples that it must not match")

    @abstractmethod
    def read(self, reading: Reading) -> tuple[Evidence, ...]:
        """What speaks for the areas of this rule, at most one piece of evidence a field; empty: nothing."""

    @abstractmethod
    def example(self, text: str) -> Facts:
        """Facts of a measure in which nothing but `text` is known: what an example of this kind of rule means."""

    def phrases(self) -> Iterator[tuple[PhraseKey, str]]:
        """The phrases that have to be looked for in texts; the rule set looks for those of all rules at once.

        A rule that has phrases is asked to `read` only measures in which one of them occurs.
        """
        return iter(())

    def regexes(self) -> Iterator[tuple[PhraseKey, str]]:
        """The regular expressions that have to be looked for in texts; as with phrases, all are looked for at once."""
        return iter(())

    def needs(self) -> tuple[str, ...]:
        """Names of the rules that have to be read before this one."""
        return ()

    def problems(self) -> Iterator[str]:
        """Mistakes that make this rule useless or dangerous, as ends of sentences: "has no terms; add ..."."""
        return iter(())

    def example_measure(self, text: str) -> Measure:
        """A measure in which nothing but `text` is known."""
        return Measure(issuer="", threads=(), facts=self.example(text), notices=())

    def evidence(self, measure: Measure) -> tuple[Evidence, ...]:
        """What this rule alone says of a measure."""
        return self.read(Reading(measure, Terms(self.phrases()), Patterns(self.regexes())))

    def failing_examples(self) -> Iterator[str]:
        """The examples this rule does not live up to, as ends of sentences. Asks for a rule without `problems`."""
        if not self.matches and not self.must_not_match:
            return
        index, patterns = Terms(self.phrases()), Patterns(self.regexes())
        yield from self.failing(lambda measure: self.read(Reading(measure, index, patterns)))

    def failing(self, read: Callable[[Measure], tuple[Evidence, ...]]) -> Iterator[str]:
        """The examples that this way of reading measures by this rule does not live up to, as ends of sentences."""
        for text in self.matches:
            if not read(self.example_measure(text)):
                yield said("does not match its own example {text!r}; mend the rule or the example", text=text)
        for text in self.must_not_match:
            if found := read(self.example_measure(text)):
                words = ", ".join(repr(quote) for quote in found[0].quotes)
                yield said(
                    "matches {text!r}, which it must not (because of {words}); mend the rule or the example",
                    text=text,
                    words=words,
                )
