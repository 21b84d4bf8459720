"""The pages on which staff own the rules, over real HTTP: who may do what, and what each deed leaves behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import httpx
import pytest

from rules.classification import Grade
from tbtwatch.pipeline.staff_people import set_roles
from tbtwatch.storage import Storage
from tbtwatch.storage.people import Role
from tests.pipeline.service import SmallService
from tests.web.rule_desk import EDITOR, PUBLISHER, READER, ROOT, Member, a_desk, members
from tests.web.town import JOINT

NAME = "toys-by-name"
EDIT = f"v/1/r/{NAME}/edit"
#: The rule of the town by its form, with another word.
WRITTEN = {
    "kind": "keyword",
    "f.name": NAME,
    "f.any.en": "toy\r\ndoll\r\nlithium",
    "f.any.zh": "玩具",
    "f.areas": "toys",
    "f.grade": "direct",
    "f.fields": ["title", "products_covered", "content_summary", "further_text", "document_text"],
    "f.why": "Toys called by their name.",
    "f.matches": "A doll\r\n玩具",
    "f.must_not_match": "Batteries",
    "reason": "lithium in toys",
}
PAGES = (
    "", "?q=toy&kind=keyword&state=bare", "/versions", "/import", "/overrides", "/consequences", "/suggestions",
    "/queue", "/v/1", "/v/1/new", "/v/1/new/keyword", "/v/1/new/combination", f"/v/1/r/{NAME}",
    f"/{EDIT}", f"/{EDIT}?as=text",
)  # fmt: skip
DEEDS: dict[str, dict[str, Any]] = {
    EDIT: WRITTEN,
    f"{EDIT}/preview": WRITTEN,
    "v/1/new/keyword": {**WRITTEN, "f.name": "new-one"},
    f"v/1/r/{NAME}/remove": {"reason": "not needed"},
    "v/2/backtest": {},
    "v/2/evaluate": {},
    "v/2/rebase": {},
    "v/2/publish": {"reason": "ready"},
    "undo": {"reason": "wrong", "seen": "1"},
    "v/2/discard": {"reason": "wrong"},
    "settle": {},
    "suggestions": {},
    "queue": {},
    "import": {"text": "rules: []", "reason": "x"},
    "overrides": {"symbol": JOINT[0], "facet": "area", "value": "food", "reason": "it is"},
    "overrides/1/end": {"reason": "it is not"},
    "consequences": {"late": "now"},
    "consequences/look": {},
}
PUBLISHERS = {"v/2/publish", "undo", "settle", "overrides", "overrides/1/end", "consequences"}


@pytest.fixture
def service(storage: Storage) -> SmallService:
    """The town, with staff."""
    return a_desk(storage)


@pytest.fixture
def both(service: SmallService) -> Iterator[list[Member]]:
    """An editor and a publisher."""
    with members(service, EDITOR, PUBLISHER) as found:
        yield found


def states(service: SmallService) -> dict[int, str]:
    """The versions and their states."""
    with service.storage.look() as tx:
        return {one.version: one.state for one in tx.rulesets.all()}


def deeds(service: SmallService, kind: str) -> list[str]:
    """What the record has, oldest first."""
    with service.storage.look() as tx:
        return [f"{one.by} {one.deed} {one.about}" for one in reversed(tx.audit.list(deed=kind))]


def text(answer: httpx.Response) -> str:
    """The words of a page, as they are read."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def saved(member: Member, **over: Any) -> int:
    """The number of the draft that a form becomes."""
    answer = member.post(EDIT, page=EDIT, **{**WRITTEN, **over})
    assert answer.status_code == 303, text(answer)
    return int(answer.headers["location"].split("/v/")[1].split("/")[0])


def tried(member: Member, draft: int, service: SmallService) -> int:
    """The number of the report of a back-test, made by the page."""
    assert member.post(f"v/{draft}/backtest", page=f"v/{draft}").status_code == 303
    member.wait()
    with service.storage.look() as tx:
        report = tx.backtests.latest(draft, tx.rulesets.active_version() or 0)
    assert report is not None
    return report.id


def test_who_has_no_role_finds_no_page_and_changes_nothing(service: SmallService) -> None:
    """Every page and every deed is an unknown address for a reader, and for nobody the way to sign in."""
    with members(service, EDITOR, READER, "") as (editor, reader, nobody):
        saved(editor)
        token = re.search(r'name="csrf" value="([^"]+)"', reader.get("/en/account").text)
        assert token is not None
        unknown = reader.get("/en/staff/nothing")
        for page in PAGES:
            found = reader.get(f"{ROOT}{page}")
            assert (found.status_code, len(found.content)) == (404, len(unknown.content)), page
            asked = nobody.get(f"{ROOT}{page}")
            assert asked.status_code == 303 and asked.headers["location"].startswith("/en/sign-in?"), page
        before = states(service), deeds(service, "rule"), deeds(service, "override")
        for deed, form in DEEDS.items():
            assert reader.post(deed, token=token[1], **form).status_code == 404, deed
            assert nobody.post(deed, token="x", **form).status_code == 303, deed
        assert (states(service), deeds(service, "rule"), deeds(service, "override")) == before


def test_the_bar_leads_to_the_other_rooms_one_may_enter(service: SmallService) -> None:
    """From the rules to the sources and back, for somebody who keeps both; an editor alone is led nowhere else."""
    with members(service, EDITOR) as (editor,):
        assert _bar(editor, "/en/staff/rules/versions") == [("rules", True)]
        set_roles(EDITOR, {Role.EDITOR, Role.SOURCE_KEEPER}, by="test", desk=service.desk)
        assert _bar(editor, "/en/staff/rules/versions") == [("rules", True), ("sources", False)]
        assert _bar(editor, "/en/staff/sources") == [("rules", False), ("sources", True)]


def _bar(member: Member, at: str) -> list[tuple[str, bool]]:
    """The rooms that the bar of a page leads to, and whether each is said to be this one."""
    bar = member.get(at).text.partition('class="rooms"')[2].partition("</nav>")[0]
    return [(room, bool(here)) for room, here in re.findall(r'href="/en/staff/([a-z]+)"( aria-current="page")?', bar)]


def test_what_comes_into_force_or_reaches_subscribers_is_a_publishers(service: SmallService) -> None:
    """For an editor those deeds are unknown addresses, and the pages say who may."""
    with members(service, EDITOR) as (editor,):
        draft = saved(editor)
        tried(editor, draft, service)
        page = editor.get(f"v/{draft}")
        assert "This is done by a publisher" in text(page) and "/publish" not in page.text
        before = states(service)
        for deed in PUBLISHERS:
            assert editor.post(deed, page=f"v/{draft}", **DEEDS[deed]).status_code == 404, deed
        assert states(service) == before
        assert not deeds(service, "override") and not deeds(service, "rule.publish")


def test_a_form_from_elsewhere_or_without_its_token_does_nothing(service: SmallService) -> None:
    """Every deed, by somebody who may do it."""
    with members(service, PUBLISHER) as (publisher,):
        saved(publisher)
        before = states(service), deeds(service, "rule")
        for deed, form in DEEDS.items():
            assert publisher.post(deed, token="0" * 64, **form).status_code == 403, deed
            elsewhere = publisher.client.post(f"{ROOT}/{deed}", data=form, headers={"sec-fetch-site": "cross-site"})
            assert elsewhere.status_code == 403, deed
            assert publisher.client.get(f"{ROOT}/{deed}").status_code in (200, 404, 405, 409), deed
        assert (states(service), deeds(service, "rule")) == before


def test_a_rule_goes_from_the_form_into_force_and_back(service: SmallService, both: list[Member]) -> None:
    """Edited, tried, published with a reason, undone with a reason; each deed is in the record, with who did it."""
    editor, publisher = both
    draft = saved(editor)
    assert states(service) == {1: "active", draft: "draft"}
    shown = text(editor.get(f"v/{draft}/r/{NAME}"))
    assert "lithium" in shown and "changed" in shown
    assert "lithium" in text(editor.get(f"v/{draft}")) and "What it changes of version 1" in text(
        editor.get(f"v/{draft}")
    )
    refused = publisher.post(f"v/{draft}/publish", page=f"v/{draft}", reason="at once")
    assert refused.status_code == 409 and "not back-tested" in text(refused)
    report = tried(editor, draft, service)
    page = editor.get(f"reports/{report}")
    assert '<svg class="chart"' in page.text and "Draft regulation on the labelling" in text(page)
    beyond = {"report": report, "reason": "toys with lithium"}
    said = publisher.post(f"v/{draft}/publish", page=f"v/{draft}", **beyond)
    if said.status_code == 409:
        assert "more than the limit" in text(said)
        said = publisher.post(f"v/{draft}/publish", page=f"v/{draft}", **beyond, beyond="1")
    assert said.status_code == 303, text(said)
    publisher.wait()
    assert states(service) == {1: "retired", draft: "active"}
    with service.storage.look() as tx:
        version = tx.rulesets.get(draft)
        assert (version.published_by, version.report, version.remark) == (PUBLISHER, report, "toys with lithium")
        (battery,) = tx.measures.by_any_symbol("G/TBT/N/EU/1024")
        assert tx.measures.classification(battery).grade_of("toys") is Grade.DIRECT
    stale = publisher.post("undo", page=f"v/{draft}", seen="1", reason="too wide")
    assert stale.status_code == 409 and "is in force by now" in text(stale)
    assert publisher.post("undo", page=f"v/{draft}", seen=draft).status_code == 409  # no reason
    assert publisher.post("undo", page=f"v/{draft}", seen=draft, reason="too wide").status_code == 303
    publisher.wait()
    assert states(service) == {1: "retired", draft: "retired", draft + 1: "active"}
    with service.storage.look() as tx:
        assert tx.rulesets.get(draft + 1).why.endswith("too wide")
        assert tx.measures.classification(battery).grade_of("toys") is None
    assert deeds(service, "rule") == [
        f"{EDITOR} rule.edit rule {NAME}",
        f"{EDITOR} rule.backtest rules version {draft}",
        f"{PUBLISHER} rule.publish rules version {draft}",
        f"{PUBLISHER} rule.undo rules version {draft + 1}",
    ]
    history = text(editor.get(f"v/{draft + 1}/r/{NAME}"))
    assert history.index("Version 3") < history.index("Version 2") and "toys with lithium" not in history
