"""Checking an entry of config/sources.yaml: every mistake a sentence that says what to write instead."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Final, Protocol

from pydantic import AfterValidator, ValidationError
from pydantic_core import ErrorDetails

from watcher.source import Source, SourceConfig
from watcher.sources.stated import FindMember
from watcher.text import one_line, safe_link


class SourceConfigError(ValueError):
    """An entry of config/sources.yaml is wrong. `sentences` has one for each mistake; the message is all of them."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__(" ".join(self.sentences))


class Kind(Source, Protocol):
    """A class of sources: made from one checked entry."""

    Config: ClassVar[type[SourceConfig]]

    def __init__(self, config: Any, *, find_member: FindMember = ...) -> None: ...


_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ISSUER: Final = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")
_LANGUAGE: Final = re.compile(r"[a-z]{2}")
_MOST_MINUTES = 60 * 24 * 31
#: The sentence parts for pydantic's error types that an operator can cause with YAML.
_WANTED: Final = {
    "missing": "is missing",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "string_type": "must be text",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "frozen_set_type": "must be a list",
    "date_type": "must be a day such as 2024-01-31",
    "date_from_datetime_parsing": "must be a day such as 2024-01-31",
    "date_from_datetime_inexact": "must be a day such as 2024-01-31",
    "date_parsing": "must be a day such as 2024-01-31",
}


def _web_address(value: str) -> str:
    if safe_link(value) is None:
        raise ValueError("must be an address that begins with https:// or http://, without a name or password in it")
    return value.strip()


#: An http or https address.
WebAddress = Annotated[str, AfterValidator(_web_address)]


def checked(entry: Mapping[str, Any], kinds: Mapping[str, type[Kind]]) -> tuple[type[Kind], SourceConfig]:
    """The kind an entry asks for and its checked settings. Raises SourceConfigError."""
    name = entry.get("name")
    called = f"source {one_line(str(name), 60)!r}" if name not in (None, "") else "a source without a name"
    stated = entry.get("kind")
    kind = kinds.get(stated) if isinstance(stated, str) else None
    sentences = list(_of_any_kind(called, entry))
    if kind is None:
        known = ", ".join(sorted(kinds))
        near = _near(str(stated), kinds)
        problem = "has no kind" if stated is None else f"has the unknown kind {one_line(str(stated), 60)!r}{near}"
        raise SourceConfigError([*sentences, f"{called} {problem}: the kinds are {known}."])
    try:
        config = kind.Config.model_validate(dict(entry))
    except ValidationError as error:
        sentences.extend(_sentence(called, problem, kind.Config) for problem in error.errors())
    if sentences:
        raise SourceConfigError(sentences)
    return kind, config


def _of_any_kind(called: str, entry: Mapping[str, Any]) -> Iterable[str]:
    name, issuer, language = entry.get("name"), entry.get("issuer", "WTO"), entry.get("language", "en")
    if isinstance(name, str) and not _NAME.fullmatch(name):
        yield f"{called}: a name is made of a-z, 0-9 and single hyphens, as in 'us-cpsc-recalls'."
    if isinstance(issuer, str) and not _ISSUER.fullmatch(issuer):
        yield f"{called}: 'issuer' is made of A-Z, 0-9 and single hyphens, as in 'US-CPSC'; {issuer!r} is not."
    if isinstance(language, str) and not _LANGUAGE.fullmatch(language):
        yield f"{called}: 'language' is a two-letter code such as en, zh, fr or es; {language!r} is not."
    for key, lowest, highest in (("every_minutes", 1, _MOST_MINUTES), ("priority", 0, 1000)):
        number = entry.get(key)
        if isinstance(number, int) and not isinstance(number, bool) and not lowest <= number <= highest:
            yield f"{called}: {key!r} must be from {lowest} to {highest}; {number} is not."


def _sentence(called: str, problem: ErrorDetails, config: type[SourceConfig]) -> str:
    where = [str(part) for part in problem["loc"]]
    key = where[0] if where else ""
    kind_of_error = problem["type"]
    if kind_of_error == "extra_forbidden":
        return f"{called}: the setting {key!r} is unknown{_near(key, config.model_fields)}."
    if kind_of_error == "missing":
        return f"{called}: {key!r} is missing."
    wanted = _WANTED.get(kind_of_error) or problem["msg"].removeprefix("Value error, ").lower().rstrip(".")
    if kind_of_error in ("value_error", "literal_error", "enum"):
        wanted = problem["msg"].removeprefix("Value error, ").replace("Input should be", "must be").rstrip(".")
    elif kind_of_error not in _WANTED:
        wanted = wanted.replace("input should", "must")
    secret = "secret" in str(config.model_fields[key].annotation).lower() if key in config.model_fields else False
    shown = "" if secret or not key else f"; {one_line(repr(problem['input']), 60)} is not"
    return f"{called}: {key!r} {wanted}{shown}." if key else f"{called}: {wanted}."


def _near(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""
