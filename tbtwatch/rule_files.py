"""Rules in files: read with care, and written so that they are read back as they were."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from rules.rule import RuleError
from watcher.said import said, sentence_of

LARGEST = 8 << 20  # bytes of a file: ten times the shipped rules with all their words
LARGEST_WORDS = 64 << 20
MOST_NODES = 500_000  # texts, lists and mappings, each as often as it is referred to: thirty times the shipped rules
DEEPEST = 20  # lists and mappings inside one another
PARTS = ("format", "fingerprint", "vocabulary", "words", "areas", "facets", "rules")
FORMAT = 1
_TAG = "tag:yaml.org,2002:"
_CHANGED_BY_YAML = {
    f"{_TAG}int": "a number, one that begins with 0 as another number",
    f"{_TAG}float": "a number, without its last zeros",
    f"{_TAG}bool": "yes or no",
    f"{_TAG}timestamp": "a day",
}

# The same safe reading and writing, ten times faster where the C library is there.
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class RuleFileError(RuleError):
    """A file of rules that cannot be read; the sentence says which, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """What a file of rules holds. What it does not hold is None."""

    rules: Any = None
    areas: Any = None
    facets: Any = None
    vocabulary: str = ""  #: fingerprint of its words
    words: bytes | None = None  #: packed, where they stand in the file
    fingerprint: str = ""  #: of the set that was written


def read_text(path: Path) -> str:
    """The text of a file. Raises RuleFileError."""
    try:
        if path.stat().st_size > LARGEST:
            raise RuleFileError(
                said(
                    "{path} is larger than {largest} MB, and no set of rules is; give the right file",
                    path=path,
                    largest=LARGEST >> 20,
                )
            )
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise RuleFileError(said("{path} cannot be read: {reason}", path=path, reason=error.strerror)) from error
    except UnicodeDecodeError as error:
        raise RuleFileError(said("{path} is not text in UTF-8; save it so", path=path)) from error


def parsed(text: str, where: str, *, bare_numbers: bool = False) -> Any:
    """What YAML holds, without keys that stand twice, great depths, and places multiplied by names.

    `bare_numbers`: lists may hold numbers, as those of sources do. Raises RuleFileError.
    """
    if len(text) > LARGEST:
        raise RuleFileError(
            said(
                "{where} is larger than {largest} MB, and no set of rules is; give the right text",
                where=where,
                largest=LARGEST >> 20,
            )
        )
    try:
        _look_through(text, where)
        loader = Loader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                raise RuleFileError(said("{where} is empty; write rules: and a list under it", where=where))
            _refuse_doubles(node, where)
            if not bare_numbers:
                _refuse_bare_numbers(node, where)
            return loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = said(", line {line}", line=mark.line + 1) if mark is not None else ""
        problem = getattr(error, "problem", None) or "it holds a character that no text has"
        if mark is not None and any("\t" in each for each in text.split("\n")[mark.line : mark.line + 1]):
            problem += "; indent with spaces, YAML takes no tabs"
        raise RuleFileError(
            said("{where}{line} is not YAML: {problem}", where=where, line=line, problem=problem)
        ) from error
    except (ValueError, TypeError, OverflowError) as error:
        if isinstance(error, RuleFileError):
            raise
        raise RuleFileError(said("{where} is not YAML: {error}", where=where, error=sentence_of(error))) from error


def _look_through(text: str, where: str) -> None:
    """Refuse depths and several documents, before anything is built."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=Loader):
        at = said("{where}, line {line}", where=where, line=event.start_mark.line + 1) if event.start_mark else where
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
            if depth > DEEPEST:
                raise RuleFileError(
                    said("{at} is {most} lists deep, and no rule is; write it flat", at=at, most=DEEPEST)
                )
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise RuleFileError(said("{at} begins a second document; put its rules under the first one's", at=at))
        elif isinstance(event, yaml.ScalarEvent) and not _is_text(event.value):
            raise RuleFileError(said("{at} holds a character that cannot be kept; write the text without it", at=at))


def _is_text(value: str) -> bool:
    return "\x00" not in value and not any("\ud800" <= character <= "\udfff" for character in value)


def _refuse_bare_numbers(node: Any, where: str) -> None:
    """Lists in rules hold texts: a bare 0402 would be read as the number 258, a bare no as false."""
    waiting, seen = [node], set[int]()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        if isinstance(each, yaml.MappingNode):
            waiting += (value for _, value in each.value)
        elif isinstance(each, yaml.SequenceNode):
            waiting += each.value
            for part in each.value:
                if isinstance(part, yaml.ScalarNode) and part.tag in _CHANGED_BY_YAML and not part.style:
                    at, read = (
                        said("{where}, line {line}", where=where, line=part.start_mark.line + 1),
                        _CHANGED_BY_YAML[part.tag],
                    )
                    raise RuleFileError(
                        said(
                            '{at}: {value} is not in quotes, and YAML reads it as {read}; write "{value}"',
                            at=at,
                            value=part.value,
                            read=read,
                        )
                    )


def _refuse_doubles(node: Any, where: str) -> None:
    waiting = [node]
    visits = 0
    while waiting:
        each = waiting.pop()
        visits += 1
        if visits > MOST_NODES:
            raise RuleFileError(
                said("{where} refers to its own places (*name) so often that it grows huge; write it out", where=where)
            )
        if isinstance(each, yaml.MappingNode):
            seen = set[str]()
            for key, value in each.value:
                if isinstance(key, yaml.ScalarNode):
                    if key.value in seen:
                        line = key.start_mark.line + 1
                        raise RuleFileError(
                            said(
                                "{where}, line {line}: {value!r} stands there twice; keep one of them",
                                where=where,
                                line=line,
                                value=key.value,
                            )
                        )
                    seen.add(key.value)
                waiting += (key, value)
        elif isinstance(each, yaml.SequenceNode):
            waiting += each.value


def rule_file(text: str, where: str) -> RuleFile:
    """A set of rules, or some rules, from their text. Raises RuleFileError."""
    content = parsed(text, where)
    if isinstance(content, list) or (isinstance(content, Mapping) and "kind" in content):
        return RuleFile(rules=content)
    if not isinstance(content, Mapping):
        raise RuleFileError(
            said(
                "{where} holds {content!r} and no rules; write rules: and a list under it",
                where=where,
                content=str(content)[:60],
            )
        )
    for unknown in sorted(set(map(str, content)) - set(PARTS)):
        raise RuleFileError(
            said(
                "{where} has an unknown part {unknown!r}; known are {several}",
                where=where,
                unknown=unknown,
                several=", ".join(PARTS),
            )
        )
    if content.get("format", FORMAT) != FORMAT:
        raise RuleFileError(
            said(
                "{where} has the format {content!r}; this program reads format {format}",
                where=where,
                content=content["format"],
                format=FORMAT,
            )
        )
    return RuleFile(
        rules=content.get("rules"),
        areas=content.get("areas"),
        facets=content.get("facets"),
        vocabulary=str(content.get("vocabulary") or ""),
        words=_words(content["words"], where) if content.get("words") else None,
        fingerprint=str(content.get("fingerprint") or ""),
    )


def _words(text: object, where: str) -> bytes:
    """Packed words, looked at first: a small text can unpack to a very large one."""
    try:
        packed = base64.b64decode("".join(str(text).split()), validate=True)
        unpacking = zlib.decompressobj()
        unpacking.decompress(packed, LARGEST_WORDS)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise RuleFileError(said("{where}: its words are damaged; export the set again", where=where)) from error
    if unpacking.unconsumed_tail or not unpacking.eof:
        raise RuleFileError(
            said("{where}: its words are damaged, or larger than any; export the set again", where=where)
        )
    return packed


def written(content: Mapping[str, Any], *, fingerprint: str, vocabulary: str, words: bytes | None = None) -> str:
    """A set of rules as a file; `rule_file` gives it back as it was."""
    head: dict[str, Any] = {"format": FORMAT, "fingerprint": fingerprint, "vocabulary": vocabulary}
    if words is not None:
        head["words"] = base64.encodebytes(words).decode()
    whole = {**head, "areas": content["areas"], "facets": content.get("facets") or {}, "rules": content["rules"]}
    text: str = yaml.dump(whole, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=110)
    return text
