"""Files of rules: read with care, and read back as they were written."""

from __future__ import annotations

import zlib
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.ruleset import RuleSet
from tbtwatch import configuration
from tbtwatch.rule_files import LARGEST, RuleFileError, parsed, read_text, rule_file, written
from tests.rules.test_ruleset import AREAS, RULES, words
from tests.storage.values import TEXTS


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("rules: [", "x.yaml, line 2 is not YAML"),
        ("rules:\n  - name: a\n\tkind: b", "x.yaml, line 3 is not YAML"),
        ("rules:\n\t- name: a", "line 2 is not YAML: found character that cannot start any token; indent with spaces"),
        ("name: a\nname: b", "x.yaml, line 2: 'name' stands there twice; keep one of them"),
        ("rules:\n- any: {en: [a], en: [b]}", "x.yaml, line 2: 'en' stands there twice"),
        ("a: &x [*x]", "x.yaml refers to its own places (*name) so often"),
        ("[" * 30, "x.yaml, line 1 is 20 lists deep"),
        ("[" * 100_000, "x.yaml, line 1 is 20 lists deep"),
        ("--- 1\n--- 2", "begins a second document"),
        ('why: "\\0"', "holds a character that cannot be kept"),
        ('why: "\\ud800"', "x.yaml"),
        ("why: \x07", "is not YAML"),
        ("why: !!python/object:os.system x", "is not YAML"),
        ("day: 2026-13-45", "x.yaml is not YAML"),
        ("number: 1_0:99:" + "9" * 400, "x.yaml"),
        ("? [a]\n: b", "x.yaml"),
        ("", "x.yaml is empty"),
        ("toys", "holds 'toys' and no rules"),
        ("colour: red", "x.yaml has an unknown part 'colour'"),
        ("format: 2", "this program reads format 1"),
        ("words: '???'", "its words are damaged"),
        ("x" * (LARGEST + 1), "is larger than 8 MB"),
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_file_of_rules_is_one_sentence(text: str, sentence: str) -> None:
    """With the line, and without anything of it built."""
    with pytest.raises(RuleFileError) as refused:
        rule_file(text, "x.yaml")

    assert sentence in str(refused.value) and "\n" not in str(refused.value)


def test_a_bomb_of_names_is_refused_at_once() -> None:
    """Nine lists of nine names each would be a thousand million strings."""
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
    with pytest.raises(RuleFileError, match="so often that it grows huge"):
        rule_file(bomb, "x.yaml")


def test_words_that_unpack_to_too_much_are_refused() -> None:
    """Seventy thousand bytes that would be seventy million."""
    bomb = b64encode(zlib.compress(b" " * (70 << 20))).decode()
    with pytest.raises(RuleFileError, match="larger than any"):
        rule_file(f"words: {bomb}\nrules: []", "x.yaml")


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    """Missing, too large, or not text."""
    with pytest.raises(RuleFileError, match="cannot be read"):
        read_text(tmp_path / "none.yaml")
    (tmp_path / "large.yaml").write_bytes(b"#" * (10 << 20))
    with pytest.raises(RuleFileError, match="is larger than 8 MB"):
        read_text(tmp_path / "large.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RuleFileError, match="is not text in UTF-8"):
        read_text(tmp_path / "latin.yaml")


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    """By the one sentence, never by another error."""
    try:
        rule_file(text, "x.yaml")
    except RuleFileError as error:
        told = str(error)
        assert told


@settings(max_examples=60, deadline=None)
@given(RULES, st.lists(TEXTS.filter(lambda text: len(text.strip()) > 1), max_size=4))
def test_what_is_written_is_read_back_bit_for_bit(rules: list[dict[str, Any]], odd: list[str]) -> None:
    """Whatever stands in texts: the same content, so the same fingerprint."""
    extra = words(name="odd", why=f"{' '.join(odd)} so it is said here", must_not_match=[])
    ruleset = RuleSet.load(AREAS, [*rules, extra])
    file = rule_file(
        written(ruleset.content(), fingerprint=ruleset.fingerprint, vocabulary="v", words=b"x"[:0] or None), "x"
    )

    again = RuleSet.load(file.areas, file.rules, facets=file.facets)
    assert (again.fingerprint, file.fingerprint, file.vocabulary) == (ruleset.fingerprint, ruleset.fingerprint, "v")


def test_the_shipped_files_are_read_as_before() -> None:
    """None of them has what is refused."""
    for path in sorted((configuration.SHIPPED / "rules").rglob("*.yaml")):
        assert parsed(read_text(path), str(path)) == configuration.read_yaml(path)
