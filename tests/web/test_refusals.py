"""What our own code refuses is said on a page in the reader's language, with the facts in it."""

from __future__ import annotations

import ast
import copy
import pickle
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.rule import RuleError, RuleErrors
from rules.ruleset import RuleSet, single_rules
from rules.vocabulary import Vocabulary
from subscriptions.criteria import Criteria
from subscriptions.product_list import ProductListError, read_products
from subscriptions.validation import CriteriaError, check
from tbtwatch.pipeline.own_list import read_upload
from tbtwatch.rule_files import rule_file
from tbtwatch.storage import Storage
from tbtwatch.web.catalogues.saying import RETOLD, retold
from tbtwatch.web.words import PageWords
from tests.pipeline.service import MARKETS
from tests.subscriptions.places import choices
from tests.web.rule_desk import EDITOR, a_desk, members
from tests.web.town import a_town
from watcher.codes import CodeError, parse_hs
from watcher.said import Said, either, said, sentence_of

ROOT = Path(__file__).parents[2]
ROOMS = ("watcher", "rules", "subscriptions", "notifiers", "tbtwatch")
#: What pages catch and show: whoever raises one of these says it with `said`.
SHOWN = frozenset({"CodeError", "MarketError", "StandardError", "ChoiceError", "CriteriaError", "ProductListError"})
SHOWN |= {"WorkbookError", "NotRecordedError", "RuleError", "RuleErrors", "RuleFileError", "PatternError", "TermError"}
SHOWN |= {"ExampleError", "OverrideError"}
#: Where they are raised for whoever keeps the settings or reads how a source is.
OF_FILES = frozenset({"watcher/markets.py", "watcher/sources/eping_workbook.py"})


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of ours, by its path."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    """The calls of a function by its plain name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def tells(tree: ast.Module) -> bool:
    """Whether the module has `said` from `watcher.said`."""
    brought = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "watcher.said"]
    return any(one.name == "said" for node in brought for one in node.names)


def wordings() -> dict[str, str]:
    """Every wording that our code says something with, and where."""
    found = {}
    for path, tree in modules():
        for call in calls(tree, "said") if tells(tree) or path == "watcher/said.py" else ():
            first = call.args[0]
            assert isinstance(first, ast.Constant) and isinstance(first.value, str), f"{path}:{call.lineno}: no literal"
            given = {one.arg for one in call.keywords}
            assert given == gaps(first.value), f"{path}:{call.lineno}: gaps and facts differ"
            found[first.value] = f"{path}:{call.lineno}"
    return found


def gaps(wording: str) -> set[str | None]:
    """What is filled in."""
    return {field for _, field, _, _ in string.Formatter().parse(wording) if field}


def test_every_sentence_that_is_said_stands_in_chinese_and_no_other() -> None:
    """By its English wording, with no gap that is not filled; and nothing is translated that nobody says."""
    there, chinese = wordings(), RETOLD["zh"]
    assert len(there) > 100
    assert {where for wording, where in there.items() if wording not in chinese} == set()
    assert set(chinese) - set(there) == set()
    for wording, translated in chinese.items():
        assert gaps(translated) <= gaps(wording), wording


def test_no_mistake_of_a_rule_is_a_bare_text() -> None:
    """What rules give out as mistakes, one after another, is said with its facts as well."""
    bare = []
    for path, tree in modules():
        if not path.startswith("rules/") or path == "rules/difference.py":  # that one tells what differs
            continue
        for node in ast.walk(tree):
            given = node.value if isinstance(node, ast.Yield) else None
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "append":
                noted = isinstance(node.func.value, ast.Name) and node.func.value.id in ("mistakes", "problems")
                given = node.args[0] if noted else None
            if isinstance(given, (ast.JoinedStr, ast.Constant)):
                bare.append(f"{path}:{node.lineno}")
    assert bare == []


def test_whatever_pages_show_of_refusals_is_said_with_its_facts() -> None:
    """Raised with a bare text it would reach a Chinese page in English; each such place is found."""
    bare = []
    for path, tree in modules():
        for node in ast.walk(tree):
            raised = node.exc if isinstance(node, ast.Raise) else None
            if not (isinstance(raised, ast.Call) and isinstance(raised.func, ast.Name) and raised.func.id in SHOWN):
                continue
            text = raised.args[0] if raised.args else None
            if path not in OF_FILES and isinstance(text, (ast.JoinedStr, ast.Constant, ast.BinOp)):
                bare.append(f"{path}:{node.lineno}")
    assert bare == []


@given(st.text(max_size=30), st.integers())
def test_a_sentence_is_english_and_keeps_its_facts(text: str, number: int) -> None:
    """It is the text it prints, also where braces were typed; it survives being copied; parts are said in turn."""
    part = said("{n} digits", n=number)
    whole = said(
        "{shown!r} has {count}: an HS code has 2, 4 or 6, and up to 10 in a national tariff", shown=text, count=part
    )
    assert whole == f"{text!r} has {number} digits: an HS code has 2, 4 or 6, and up to 10 in a national tariff"
    assert type(str(whole)) is str and str(ValueError(whole)) == whole
    for again in (pickle.loads(pickle.dumps(whole)), copy.deepcopy(whole)):
        assert again == whole and again.wording == whole.wording and dict(again.facts) == dict(whole.facts)
    assert retold(whole, "zh") == f"“{text}”有{number} 位数字：HS 编码为 2、4 或 6 位，各国税则最多 10 位"
    assert retold(whole, "fr") == retold(whole, "en") == whole
    assert retold(text, "zh") == text


def test_an_error_is_said_whole_or_as_it_is() -> None:
    """One that is raised with a sentence keeps it, any other is its text, one with several says each."""
    with pytest.raises(CodeError) as caught:
        parse_hs("ab")
    assert isinstance(sentence_of(caught.value), Said) and "“ab”不是 HS 编码" in PageWords("zh").why(caught.value)[0]
    assert PageWords("zh").why(ValueError("one\ntwo")) == ["one", "two"] and PageWords("zh").why(ValueError()) == [""]
    assert retold(either(["KEN", "KAZ", "KOR"]), "zh") == "KEN或KAZ或KOR" and either(["KEN", "KAZ"]) == "KEN or KAZ"


def test_wrong_questions_are_refused_in_chinese() -> None:
    """Every mistake of one question, each with what was typed, and not a word of English but what it names."""
    asked = Criteria(
        markets=frozenset({"Kenyaa", "Atlantis"}),
        hs=frozenset({"ab", "99"}),
        ics=frozenset({"67.081"}),
        areas=frozenset({"toyz"}),
        keywords=frozenset({"?", "a", "jelly drinks"}),
        exclusions=frozenset({"jelly"}),
        kinds=frozenset({"labeling-and"}),
    )
    with pytest.raises(CriteriaError) as caught:
        check(asked, MARKETS, {"toys": {"en": "Toys", "zh": "玩具"}}, choices(), language="zh")
    told = PageWords("zh").why(caught.value)
    assert len(told) == len(caught.value.problems) >= 9
    for sentence in told:
        assert re.match("[“关]", sentence), sentence
        assert not re.search(r"\b(?:is|not|did|you|the|give|write|of|has)\b", sentence), sentence
    assert any("Kenyaa" in one and "KEN" in one for one in told)


def test_a_product_list_is_looked_through_in_chinese(sqlite: Storage) -> None:
    """Troubles of rows, a header that is missing, a file that is no table."""
    rows = [
        (1, ["货号", "名称", "HS", "出口市场", "执行标准"]),
        (2, ["A", "kettle", "85O6", "欧盟", ""]),
        (3, ["B", "kettle", "8506", "全球", "!!"]),
        (4, ["", "kettle", "8506", "欧盟", ""]),
        (5, ["C", "kettle", "901.11", "欧盟", ""]),
        (6, ["C", "another", "8506", "欧盟", ""]),
    ]
    found = read_products(rows, markets=MARKETS, choices=choices())
    told = [retold(one.sentence, "zh") for one in (*found.problems, *found.remarks)]
    assert len(told) >= 6
    for sentence in told:
        assert sentence.startswith("第 ") and not re.search(r"\b(?:is|no|was|write|number|row)\b", sentence), sentence
    desk = a_town(sqlite).desk
    for body, expected in (
        (b"%PDF-1.7 x", "PDF"),
        (b"a,b\n1,2\n", "表头"),
        (b"PK\x03\x04", "损坏"),
        (b"\xd0\xcf\x11\xe0 x", "旧版"),
    ):
        with pytest.raises(ProductListError) as caught:
            read_upload(body, markets=frozenset(), desk=desk)
        (sentence,) = PageWords("zh").why(caught.value)
        assert expected in sentence and "save" not in sentence and "list" not in sentence


def test_rules_are_refused_in_chinese() -> None:
    """Of each kind of mistake one: parts, words, patterns, codes, examples, areas, files, and what hangs together."""
    wrong: list[dict[str, object]] = [
        {"name": "A b", "kind": "keyword", "areas": ["toyz"], "any": ["a", "measure"], "why": "because it is so"},
        {"name": "p", "kind": "regex", "areas": ["toys"], "patterns": ["(", "a*", "(?=x)"], "why": "because it is so"},
        {"name": "h", "kind": "hs_code", "areas": ["toys"], "prefixes": ["123"], "why": "because it is so"},
        {"name": "n", "kind": "hs_code", "areas": ["toys"], "prefixes": [402], "why": "because it is so"},
        {"name": "c", "kind": "combination", "areas": ["toys"], "all": ["c", "nobody"], "why": "because it is so"},
        {
            "name": "e",
            "kind": "keyword",
            "any": ["doll"],
            "matches": ["x"],
            "why": "short",
            "grade": "sure",
            "wide": "x",
        },
        {"name": "u", "kind": "keywords", "areas": ["toys"]},
        {"kind": "keyword"},
    ]
    areas = {"toys": {"names": {"en": "Toys"}}}
    told: list[str] = []
    for rules in ([one] for one in wrong):
        with pytest.raises(RuleErrors) as caught:
            RuleSet.load(areas=areas, rules=rules, version=1, vocabulary=Vocabulary())
        told += PageWords("zh").why(caught.value)
    for text in (
        "rules: [",
        "rules:\n- name: 1\n",
        "other: 1",
        "- a: 0402\n",
        "",
        "rules: []\nrules: []",
        "--- 1\n--- 2",
    ):
        try:
            single_rules(rule_file(text, "X").rules or [])
        except RuleError as error:
            told += PageWords("zh").why(error)
    assert len(told) > 20
    for sentence in told:
        assert not re.search(r"\b(?:is|has|the|write|not|take|give|mend|but|of)\b", _without_brackets(sentence)), (
            sentence
        )


def _without_brackets(sentence: str) -> str:
    """Without what is quoted of others' programs (RE2, PyYAML, pydantic)."""
    return re.sub("（[^）]*）|“[^”]*”", "", sentence)


def test_a_chinese_page_refuses_a_rule_in_chinese(sqlite: Storage) -> None:
    """The pattern that was typed and what to write instead, not marked as English; in English where that is read."""
    with members(a_desk(sqlite), EDITOR) as (wang,):
        form = {
            "f.name": "two-words", "f.areas": "toys", "f.patterns": "(?=x)", "f.fields": "title",
            "f.why": "It has to be so", "reason": "a test",
        }  # fmt: skip
        for language, expected in (("zh", "请写成两个表达式，或两条规则的组合"), ("en", "it knows no look-ahead")):
            token = wang.token("")
            page = wang.client.post(f"/{language}/staff/rules/v/1/new/regex", data={"csrf": token, **form})
            mistakes = re.search(r'<div class="mistakes".*?</div>', page.text, re.DOTALL)
            assert page.status_code == 422 and mistakes is not None
            assert "(?=x)" in mistakes[0] and expected in mistakes[0] and 'lang="en"' not in mistakes[0]
