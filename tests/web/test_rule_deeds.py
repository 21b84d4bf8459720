"""What staff do with rules by their pages: mistakes, previews, files, words of persons, what follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest

from subscriptions.criteria import Criteria
from tbtwatch.rule_files import rule_file
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.pipeline.service import SmallService
from tests.web.rule_desk import EDITOR, PUBLISHER, ROOT, Member, a_desk, members
from tests.web.test_look import tags
from tests.web.test_rule_pages import EDIT, NAME, PAGES, WRITTEN, deeds, saved, states, text, tried
from tests.web.town import JOINT, PAYLOADS, notices


@pytest.fixture
def service(sqlite: Storage) -> SmallService:
    """The town, with staff and a subscriber to toys."""
    service = a_desk(sqlite)
    service.subscribe(enterprise=PAYLOADS[0], name=PAYLOADS[1], criteria=Criteria(areas=frozenset({"toys"})))
    return service


@pytest.fixture
def publisher(service: SmallService) -> Iterator[Member]:
    """Somebody who may do all of it."""
    with members(service, PUBLISHER) as (found,):
        yield found


def in_force(publisher: Member, service: SmallService, **over: Any) -> int:
    """A version with the rule as it is written, published by its page."""
    draft = saved(publisher, **over)
    form = {"report": tried(publisher, draft, service), "reason": "ready", "beyond": "1"}
    assert publisher.post(f"v/{draft}/publish", page=f"v/{draft}", **form).status_code == 303
    publisher.wait()
    return draft


def test_the_preview_marks_the_words_and_says_how_much_was_read(service: SmallService, publisher: Member) -> None:
    """As a piece for the script, and as a whole page without it; nothing is saved by either."""
    for path, form in ((f"{EDIT}/preview", WRITTEN), (EDIT, {**WRITTEN, "deed": "preview"})):
        shown = publisher.post(path, page=EDIT, **form)
        assert shown.status_code == 200
        assert "labelling of <mark>lithium</mark> batteries" in shown.text
        assert "Matches 2 measures of the 5 recorded last (5 in all)" in text(shown)
        assert "1 new, 0 no longer" in text(shown)
    assert "<html" not in publisher.post(f"{EDIT}/preview", page=EDIT, **WRITTEN).text
    lost = publisher.post(f"{EDIT}/preview", page=EDIT, **{**WRITTEN, "f.any.en": "doll", "f.any.zh": ""})
    assert "0 new, 1 no longer" in text(lost) and "No longer matched" in text(lost)
    wrong = publisher.post(f"{EDIT}/preview", page=EDIT, **{**WRITTEN, "f.must_not_match": "Lithium cells"})
    assert "matches 'Lithium cells', which it must not (because of 'Lithium')" in text(wrong)
    assert states(service) == {1: "active"}


def test_a_mistake_is_told_and_nothing_typed_is_lost(service: SmallService, publisher: Member) -> None:
    """An example that fails, a reason that lacks, a name that is taken, a sign that cannot be kept."""
    for over, sentence in (
        ({"f.must_not_match": "A doll"}, "matches 'A doll', which it must not"),
        ({"reason": " "}, "A reason is missing"),
        ({"f.name": "food-by-hs"}, "There is a rule food-by-hs already"),
        ({"f.name": ""}, "has no name"),
        ({"f.areas": "nonsense"}, "unknown area"),
        ({"f.fields": []}, "fields is empty"),
        ({"f.any.en": "toy\x00"}, "holds a sign that no text has"),
    ):
        answer = publisher.post(EDIT, page=EDIT, **{**WRITTEN, **over})
        assert answer.status_code == 422 and sentence in text(answer), (over, text(answer)[:2000])
        if "\x00" not in str(over):
            assert "lithium" in answer.text, over
    assert states(service) == {1: "active"}
    assert deeds(service, "rule") == []


def test_nobodys_work_is_written_over(service: SmallService, publisher: Member) -> None:
    """A form drawn from a draft that went on, or from a version no longer in force, is refused; so is a new rule of
    another's name."""
    first = saved(publisher)
    path = f"v/{first}/r/{NAME}/edit"
    form = {**WRITTEN, "f.any.en": "doll"}
    assert publisher.post(path, page=path, **WRITTEN, **{"f.any.fr": "poupée"}).status_code == 303
    late = publisher.post(path, page="v/1", **form)
    assert late.status_code == 409 and "only drafts and the version in force go on" in text(late)
    assert "What you wrote" in text(late) and "- doll" in text(late)
    taken = publisher.post("v/1/new/keyword", page="v/1/new/keyword", **form)
    assert taken.status_code == 422 and "already" in text(taken)
    in_force(publisher, service)
    stale = publisher.post(EDIT, page="v/1", **form)
    assert stale.status_code == 409 and "retired" in text(stale)
    behind = publisher.get(f"v/{first + 1}")
    assert "This draft was made from version 1" in text(behind)
    rebased = publisher.post(f"v/{first + 1}/rebase", page=f"v/{first + 1}")
    assert rebased.status_code == 303 and "Changed on both sides" in text(
        publisher.client.get(rebased.headers["location"])
    )


def test_a_rule_is_made_renamed_and_taken_out(service: SmallService, publisher: Member) -> None:
    """Each is a draft on top of the one before, which is discarded; the record says what was done."""
    new = {**WRITTEN, "f.name": "power-banks", "f.any.en": "power bank", "f.matches": "Power banks", "f.areas": "toys"}
    assert (
        publisher.post("v/1/new/keyword", page="v/1/new/keyword", **new)
        .headers["location"]
        .endswith("/v/2/r/power-banks?said=saved")
    )
    path = "v/2/r/power-banks/edit"
    assert publisher.post(path, page=path, **{**new, "f.name": "power-packs"}).status_code == 303
    assert publisher.post(f"v/3/r/{NAME}/remove", page="v/3", reason="no").status_code == 303
    assert states(service) == {1: "active", 2: "discarded", 3: "discarded", 4: "draft"}
    with service.storage.look() as tx:
        assert [rule["name"] for rule in tx.rulesets.get(4).content["rules"]] == [
            "food-by-hs", "power-packs", "toys-by-hs",
        ]  # fmt: skip
    assert [line.split(" ", 1)[1] for line in deeds(service, "rule")] == [
        "rule.add rule power-banks", "rule.edit rule power-packs", f"rule.remove rule {NAME}",
    ]  # fmt: skip
    listed = text(publisher.get(state="added"))
    assert "power-packs" in listed and "new in draft 4" in listed and "toys-by-hs" not in listed
    assert publisher.post("v/4/discard", page="v/4", reason="a try").status_code == 303
    assert states(service)[4] == "discarded"


def test_rules_are_written_as_text_too(publisher: Member) -> None:
    """One rule, as in a file; what is no rule is told with its line."""
    page = f"{EDIT}?as=text"
    written = {"as": "text", "kind": "keyword", "reason": "as text"}
    rule = (
        f"name: {NAME}\nkind: regex\nareas: [toys]\nwhy: Toys by a pattern of their name.\npatterns: ['\\btoys?\\b']\n"
    )
    for sent, sentence in (
        (rule + "  x: [", "is not YAML"),
        (
            f"rules:\n- {{{rule.replace(chr(10), ', ')}}}\n- {{{rule.replace(chr(10), ', ').replace(NAME, 'b')}}}",
            "one rule",
        ),
    ):
        answer = publisher.post(EDIT, page=page, **written, text=sent)
        assert answer.status_code == 422 and sentence in text(answer), text(answer)
    assert publisher.post(EDIT, page=page, **written, text=rule).status_code == 303
    assert "by a pattern" in text(publisher.get(f"v/2/r/{NAME}"))


def test_what_others_wrote_is_text(service: SmallService, publisher: Member) -> None:
    """Payloads in words, reasons, names of subscribers, measures: on no page a tag, handler or frame of theirs."""
    lines = "\r\n".join(PAYLOADS)
    form = {
        "f.any.en": f"lithium\r\n{lines}", "f.why": f"Why: {PAYLOADS[5]}", "f.by": PAYLOADS[0], "f.matches": lines,
        "f.must_not_match": "", "reason": PAYLOADS[1],
    }  # fmt: skip
    draft = saved(publisher, **form)
    report = tried(publisher, draft, service)
    for begun in ("queue", "suggestions"):
        assert publisher.post(begun, page=begun).status_code == 303
        publisher.wait()
    said = {"symbol": JOINT[0], "facet": "area", "value": "food", "reason": PAYLOADS[2]}
    assert publisher.post("overrides", page="overrides", **said).status_code == 303
    wrong = publisher.post("overrides", page="overrides", **{**said, "value": PAYLOADS[1]})
    pages = [publisher.get(f"{ROOT}{page.replace('/v/1', f'/v/{draft}')}") for page in PAGES]
    pages += [publisher.get(f"reports/{report}"), publisher.get(q=PAYLOADS[1]), wrong]
    pages.append(publisher.post(f"v/{draft}/r/{NAME}/edit/preview", page=f"v/{draft}", **{**WRITTEN, **form}))
    for page in pages:
        assert page.status_code in (200, 422), page.url
        for name, attributes in tags(page.text):
            assert name not in ("iframe", "img", "base", "style"), (page.url, name)
            assert not any(key.startswith(("on", "hx-on")) for key in attributes), (page.url, attributes)
            assert not str(attributes.get("href") or "").startswith(("javascript:", "//", "data:")), page.url
        assert "alert(1)</script>" not in page.text, page.url
        # In a field to be edited it stands as it is, or saving would change the rule.
        assert "\u202e" not in re.sub(r"(?s)<textarea.*?</textarea>|<input[^>]*>", "", page.text), page.url
        assert page.headers["cache-control"] == "private, no-store"
        assert "script-src 'self'" in page.headers["content-security-policy"]


def test_what_is_exported_is_brought_back_as_it_was(service: SmallService, publisher: Member) -> None:
    """Whole, as a file or pasted; and some rules are put in beside the others."""
    draft = saved(publisher)
    out = publisher.get(f"v/{draft}/export")
    assert out.headers["content-disposition"] == f'attachment; filename="rules-{draft}.yaml"'
    with service.storage.look() as tx:
        assert rule_file(out.text, "it").fingerprint == tx.rulesets.get(draft).fingerprint
    token = publisher.token("import")
    brought = publisher.client.post(
        f"{ROOT}/import", data={"csrf": token, "how": "whole", "reason": "from the other office"},
        files={"file": ("rules.yaml", out.content, "application/yaml")},
    )  # fmt: skip
    assert brought.status_code == 303, text(brought)
    with service.storage.look() as tx:
        assert tx.rulesets.get(draft + 1).fingerprint == tx.rulesets.get(draft).fingerprint
    some = "rules:\n- {name: puppets, kind: keyword, areas: [toys], why: Puppets are toys., any: {en: [puppet]}}\n"
    put = publisher.post("import", page="import", how="put", text=some, reason="puppets")
    assert put.status_code == 303 and "puppets" in text(publisher.get(f"v/{draft + 2}"))
    bad = publisher.post("import", page="import", how="put", text="rules: [", reason="puppets")
    assert bad.status_code == 422 and "is not YAML" in text(bad) and "rules: [" in bad.text
    assert publisher.client.post(
        f"{ROOT}/import", data={"csrf": token, "reason": "x"}, files={"file": ("x", b"\xff\xfe\x00", "text/plain")}
    ).status_code == 422  # fmt: skip


def some_news(service: SmallService) -> None:
    """A measure that came after the subscriber to toys."""
    service.clock.turn(minutes=5)
    news = a_notice(symbol="G/TBT/N/KEN/1700", title="Lithium cells", products_covered="Cells", hs_codes=())
    service.poll([*notices(), news])
    service.clock.turn(minutes=5)


def test_who_should_have_been_told_is_decided_on_its_page(service: SmallService, publisher: Member) -> None:
    """After publishing, those who are late wait; looking tells nobody; once decided, one message is written."""
    some_news(service)
    in_force(publisher, service)
    page = publisher.get("consequences")
    assert "1 late" in text(page) and "toys-by-name: “Lithium”" in text(page)
    sent = len(service.sent)
    nothing = publisher.post("consequences", page="consequences")
    assert nothing.status_code == 422 and "Nothing is decided" in text(nothing)
    assert publisher.post("consequences/look", page="consequences").status_code == 303
    assert len(service.sent) == sent
    told = publisher.post("consequences", page="consequences", late="now")
    assert told.status_code == 303, text(told)
    assert "1 late message was written" in text(publisher.client.get(told.headers["location"]))
    assert len(service.sent) == sent + 1
    assert "Nobody has to be told" in text(publisher.get("consequences"))
    assert deeds(service, "rule.tell") == [f"{PUBLISHER} rule.tell rules"]


def test_a_persons_word_is_said_and_ended_on_its_page(service: SmallService, publisher: Member) -> None:
    """With a reason each; the record and the list have both."""
    said = {"symbol": JOINT[0], "facet": "area", "value": "food", "reason": "sweets inside"}
    for over, sentence in (
        ({"value": "foood"}, "did you mean"),
        ({"symbol": "G/TBT/N/KEN/9"}, "KEN"),
        ({"grade": "x"}, "no grade"),
    ):
        wrong = publisher.post("overrides", page="overrides", **{**said, **over})
        assert wrong.status_code == 422 and sentence in text(wrong), text(wrong)
    assert publisher.post("overrides", page="overrides", **said).status_code == 303
    assert "sweets inside" in text(publisher.get("overrides"))
    assert publisher.post("overrides/1/end", page="overrides").status_code == 422
    assert publisher.post("overrides/1/end", page="overrides", reason="eaten").status_code == 303
    assert "sweets inside" not in text(publisher.get("overrides"))
    assert [line.split(" ", 1)[1] for line in deeds(service, "override")] == [
        f"override.add measure {JOINT[0]}", f"override.end measure {JOINT[0]}",
    ]  # fmt: skip


def test_an_evaluation_and_what_reads_everything_have_pages(service: SmallService, publisher: Member) -> None:
    """What a draft would have done since, words for rules, and what to decide first."""
    draft = saved(publisher)
    assert publisher.post(f"v/{draft}/evaluate", page=f"v/{draft}").status_code == 303
    assert "Nothing came since it began" in text(publisher.get(f"v/{draft}/evaluation"))
    assert states(service)[draft] == "evaluation"
    for name, said in (("queue", "in no area"), ("suggestions", "rules match nothing recorded")):
        assert publisher.post(name, page=name).status_code == 303
        publisher.wait()
        assert "over 5 measures" in text(publisher.get(name)) and said in text(publisher.get(name)), name


def test_one_piece_of_work_at_a_time(publisher: Member) -> None:
    """A second one is refused with a sentence while the first runs, and every page shows how far it is."""
    hold = Event()
    publisher.work.begin("suggest", lambda progress: (progress(3, 7), hold.wait(20)), by="x", now=None)  # type: ignore
    try:
        refused = publisher.post("queue", page="queue")
        assert refused.status_code == 409 and "Something else is being reckoned" in text(refused)
        assert "suggestions, 3 of 7 measures" in text(publisher.get("versions"))
    finally:
        hold.set()
    publisher.wait()
    assert publisher.post("queue", page="queue").status_code == 303


def test_an_editor_writes_drafts_and_sees_what_publishers_decide(service: SmallService) -> None:
    """The pages of deeds that are a publisher's can be read, without their forms."""
    some_news(service)
    with members(service, EDITOR, PUBLISHER) as (editor, publisher):
        in_force(publisher, service)
        for page in ("consequences", "overrides", "v/2"):
            shown = editor.get(page)
            assert shown.status_code == 200 and "undo" not in shown.text.lower().replace("undone", ""), page
        assert "This is done by a publisher" in text(editor.get("consequences"))
