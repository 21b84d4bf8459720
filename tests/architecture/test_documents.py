"""Documents are checked like code: what they name exists, and what exists is named."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from tbtwatch.settings import PREFIX, Settings
from tests.architecture.project import ROOT, blocks, documents, files, name, prose, text

LINK = re.compile(r"\[[^\]]*\]\(<?([^)<>\s]+)>?\)")
NOT_SETTINGS = {"TBTWATCH_CONFIG", "TBTWATCH_TEST_KILLS"}


@pytest.mark.parametrize("document", documents(), ids=name)
def test_every_link_leads_somewhere(document: Path) -> None:
    """Each relative link of a document is a file or a folder of the project."""
    targets = [unquote(target).partition("#")[0] for target in LINK.findall(prose(document)) if "://" not in target]
    missing = [
        target
        for target in targets
        if target and not target.startswith("mailto:") and not (document.parent / target).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("document", documents(), ids=name)
def test_every_heading_that_is_linked_is_there(document: Path) -> None:
    """A link to a part of a document names a heading of it."""
    for target in LINK.findall(prose(document)):
        path, _, anchor = unquote(target).partition("#")
        if anchor and "://" not in target:
            headings = re.findall(r"^#+ (.+)$", text(document.parent / path if path else document), re.MULTILINE)
            slugs = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]
            assert anchor in slugs, f"{name(document)}: {target}"


def test_every_document_is_found_from_the_index() -> None:
    """docs/README.md links every document of its folder, and the index of decisions every decision."""
    for folder in (ROOT / "docs", ROOT / "docs" / "decisions"):
        linked = {target.partition("#")[0] for target in LINK.findall(text(folder / "README.md"))}
        here = {path.name for path in folder.glob("*.md")} - {"README.md"}
        assert here - linked == set()


def test_decisions_are_numbered_without_a_gap() -> None:
    """A decision's number is its place in time; none is used twice or left out, and its page begins with it."""
    pages = sorted((ROOT / "docs" / "decisions").glob("0*.md"))

    assert [page.name[:4] for page in pages] == [f"{n:04d}" for n in range(1, len(pages) + 1)]
    assert [page.name for page in pages if not text(page).startswith(f"# {page.name[:4]} ")] == []


def test_no_document_or_script_names_a_setting_that_is_none() -> None:
    """Every variable that is named anywhere outside the tests is a setting."""
    known = {f"{PREFIX}{setting.upper()}" for setting in Settings.model_fields} | NOT_SETTINGS
    named = {
        (variable, name(path))
        for path in files()
        if not path.is_relative_to(ROOT / "tests")
        for variable in re.findall(r"\bTBTWATCH_[A-Z_]*[A-Z]\b", text(path))
    }
    assert {pair for pair in named if pair[0] not in known} == set()


def test_every_make_target_that_is_named_exists() -> None:
    """A document that says `make something` names a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", text(ROOT / "Makefile"), re.MULTILINE))
    named = {
        (target, name(document))
        for document in documents()
        for target in re.findall(r"(?:^|`)make ([a-z]+)", text(document), re.MULTILINE)
    }
    assert {pair for pair in named if pair[0] not in targets} == set()


def test_every_example_in_json_is_json() -> None:
    """What documents show as JSON can be read as JSON."""
    for document in documents():
        for block in blocks(document, "json"):
            json.loads(block)


def test_every_file_that_a_document_names_is_there() -> None:
    """A path of the project that a document shows as code is a path of the project."""
    first = "|".join(sorted({path.relative_to(ROOT).parts[0] for path in files() if path.parent != ROOT}))
    missing = set()
    for document in documents():
        for path in re.findall(rf"`((?:{first})/[\w./-]+)(?:::\w+)?`", text(document)):
            if not (ROOT / path).exists():
                missing.add((name(document), path))
    assert missing == set()
