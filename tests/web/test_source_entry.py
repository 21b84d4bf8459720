"""A source is switched and set up by page: who may, what is refused and kept, and that nothing is saved unseen."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from tbtwatch.pipeline.entry_text import entry_text
from tbtwatch.storage import Storage
from tbtwatch.storage.people import Role
from tbtwatch.storage.sources import Poll
from tests.pipeline.neighbours import feed
from tests.servers import scripted_server
from tests.web.keeper import IRONS, KETTLES, keepers_office
from tests.web.office import Office, send
from tests.web.test_look import tags

ENTRY, SOURCE, NEW = "/en/staff/sources/kettles/entry", "/en/staff/sources/kettles", "/en/staff/sources/+new"
WHY = {"reason": "their site is being rebuilt"}
FIELD = re.compile(r'name="(compared|seen)" value="([^"]*)"')


@pytest.fixture
def office(sqlite: Storage) -> Office:
    """Two feeds, one of them off by its entry."""
    return keepers_office(sqlite)


@pytest.fixture
def keeper(office: Office) -> Iterator[httpx.Client]:
    """Who keeps the sources."""
    with office.browser(Role.SOURCE_KEEPER) as client:
        yield client


def text_in(answer: httpx.Response) -> str:
    """What stands in the field of the entry."""
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", answer.text, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def compared(client: httpx.Client, page: str, text: str, **more: str) -> tuple[httpx.Response, dict[str, str]]:
    """A text that was looked at, and what the page's form then sends to save it."""
    seen = dict(FIELD.findall(client.get(page).text)).get("seen", "0")
    action = page if page.endswith("/entry") else f"{page}/entry"
    answer = send(client, action, page, text=text, deed="compare", seen=seen, **more)
    return answer, {"text": text, "deed": "save", **dict(FIELD.findall(answer.text))}


def settings(office: Office) -> dict[str, tuple[bool, int, str | None]]:
    """Of each source: whether it is enabled, how often it is asked, why it rests."""
    return {
        one.config.name: (one.config.enabled, one.config.every_minutes, one.resting())
        for one in office.service.desk.sources
    }


@pytest.mark.parametrize("role", [None, Role.SUPPORT, Role.EDITOR, Role.PUBLISHER])
def test_to_others_there_is_no_such_page(office: Office, role: Role | None) -> None:
    """Nor a deed; and nothing is changed by one that is sent all the same."""
    with office.browser(*([role] if role else []), email="other@example.com") as client:
        for page in (ENTRY, NEW):
            assert client.get(page).status_code == 404
        for deed in (ENTRY, f"{NEW}/entry", f"{SOURCE}/switch", f"{SOURCE}/restore"):
            assert client.post(deed, data={"to": "off", "text": "name: x", **WHY}).status_code == 404
    with office.storage.look() as tx:
        assert tx.source_words.last() == 0


def test_a_form_that_is_not_ours_does_nothing(office: Office, keeper: httpx.Client) -> None:
    """Without its token, or from elsewhere."""
    assert keeper.post(f"{SOURCE}/switch", data={"to": "off", **WHY}).status_code == 403
    keeper.headers["sec-fetch-site"] = "cross-site"
    assert send(keeper, f"{SOURCE}/switch", SOURCE, to="off", **WHY).status_code == 403
    assert settings(office)["kettles"][2] is None


def test_the_pages_are_there_in_both_languages(keeper: httpx.Client) -> None:
    """With one heading; what others wrote is no markup, and what is secret is not there."""
    for language in ("zh", "en"):
        for at in ("sources", "sources/kettles", "sources/kettles/entry", "sources/+new"):
            answer = keeper.get(f"/{language}/staff/{at}")
            assert (answer.status_code, answer.text.count("<h1")) == (200, 1), at
            assert "s3cret-k3y" not in answer.text and "<script>alert" not in answer.text
            assert len(answer.content) < 100_000 and tags(answer.text)
    assert keeper.get("/en/staff/sources/nowhere/entry").status_code == 404


def test_a_source_is_switched_off_and_on(office: Office, keeper: httpx.Client) -> None:
    """It says by whom and why; the board shows that it rests; the record has both deeds."""
    answer = send(keeper, f"{SOURCE}/switch", SOURCE, to="off", seen="0", **WHY)
    assert answer.status_code == 303
    page = keeper.get(answer.headers["location"]).text
    assert "Switched off." in page and "by staff@example.com: their site is being rebuilt" in page
    assert str(settings(office)["kettles"][2]).startswith("switched off by staff@example.com")
    assert "resting" in keeper.get("/en/staff/sources").text
    assert send(keeper, f"{SOURCE}/switch", SOURCE, to="on", seen="1", **WHY).status_code == 303
    assert settings(office)["kettles"][2] is None
    assert office.deeds() == [
        ("staff@example.com", "source.disable", "source kettles"),
        ("staff@example.com", "source.enable", "source kettles"),
    ]


def test_a_switch_without_a_reason_or_twice_is_refused(office: Office, keeper: httpx.Client) -> None:
    """With a sentence; and who looked at an older word learns who was quicker."""
    assert "say why" in send(keeper, f"{SOURCE}/switch", SOURCE, to="off", reason=" ").text
    assert send(keeper, f"{SOURCE}/switch", SOURCE, to="sideways", **WHY).status_code == 422
    assert "switched on already" in send(keeper, f"{SOURCE}/switch", SOURCE, to="on", **WHY).text
    send(keeper, f"{SOURCE}/switch", SOURCE, to="off", seen="0", **WHY)
    late = send(keeper, f"{SOURCE}/switch", SOURCE, to="on", seen="0", **WHY)
    assert late.status_code == 409 and "staff@example.com has changed it" in late.text
    assert send(keeper, "/en/staff/sources/irons/switch", SOURCE, to="on", **WHY).status_code == 303
    assert settings(office)["irons"] == (True, 60, None)


def test_an_entry_is_compared_before_it_is_saved(office: Office, keeper: httpx.Client) -> None:
    """What was shown is what is saved: another text is compared anew. Secrets stay in the files."""
    text = text_in(keeper.get(ENTRY))
    assert "api_key=***" in text
    changed = text + "every_minutes: 240\n"
    looked, form = compared(keeper, ENTRY, changed)
    assert looked.status_code == 200 and re.search(r"<ins>.*every_minutes: 240</ins>", looked.text)
    assert settings(office)["kettles"][1] == 60
    other = send(keeper, ENTRY, ENTRY, **{**form, "text": text + "every_minutes: 1\n"}, **WHY)
    assert other.status_code == 200 and "Nothing is saved yet" in other.text and settings(office)["kettles"][1] == 60
    saved = send(keeper, ENTRY, ENTRY, **form, **WHY)
    assert saved.status_code == 303 and "Saved." in keeper.get(saved.headers["location"]).text
    source = next(iter(office.service.desk.sources))
    assert settings(office)["kettles"][1] == 240 and "s3cret-k3y" in str(getattr(source.config, "url", ""))
    assert text_in(keeper.get(ENTRY)) == changed
    same, _ = compared(keeper, ENTRY, changed)
    assert "This says what counts already" in same.text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("every_minutes: 0\n", "must be from 1 to 44640"),
        ("every_minuts: 5\n", "did you mean &#39;every_minutes&#39;"),
        ("kind: [\n", "not YAML"),
        ("summary: '<script>alert(1)</script>'\n", "unknown"),
    ],
)
def test_a_mistake_is_a_sentence_at_the_field_and_the_text_is_kept(
    office: Office, keeper: httpx.Client, change: str, sentence: str
) -> None:
    """As is the reason, if only that was there; nothing is saved."""
    text = text_in(keeper.get(ENTRY)) + change
    for deed in ("compare", "save"):
        answer = send(keeper, ENTRY, ENTRY, text=text, deed=deed, **WHY)
        assert answer.status_code == 422 and text_in(answer) == text
        told = re.search(r'<ul id="mistakes".*?</ul>', answer.text, re.DOTALL)
        assert told is not None and sentence in told[0] and "<script>" not in told[0]
        assert 'aria-invalid="true" aria-describedby="mistakes"' in answer.text
    with office.storage.look() as tx:
        assert tx.source_words.last() == 0


def test_without_a_reason_nothing_is_saved_and_all_is_kept(office: Office, keeper: httpx.Client) -> None:
    """The sentence stands at the reason, the text and the difference are there still."""
    text = text_in(keeper.get(ENTRY)) + "priority: 3\n"
    _, form = compared(keeper, ENTRY, text)
    answer = send(keeper, ENTRY, ENTRY, **form, reason="no")
    assert answer.status_code == 422 and text_in(answer) == text and 'value="no"' in answer.text
    assert 'aria-describedby="why-save-wrong"' in answer.text and "<ins>" in answer.text
    assert send(keeper, ENTRY, ENTRY, **form, **WHY).status_code == 303


def test_who_was_slower_loses_nothing(office: Office, keeper: httpx.Client) -> None:
    """Another one's change is named, the text is kept, and after another look it is saved."""
    mine = text_in(keeper.get(ENTRY)) + "priority: 3\n"
    _, form = compared(keeper, ENTRY, mine)
    with office.browser(Role.ADMIN, email="quick@example.com") as other:
        _, theirs = compared(other, ENTRY, text_in(other.get(ENTRY)) + "priority: 4\n")
        assert send(other, ENTRY, ENTRY, **theirs, **WHY).status_code == 303
    answer = send(keeper, ENTRY, ENTRY, **form, **WHY)
    assert answer.status_code == 409 and "quick@example.com has changed it" in answer.text
    assert text_in(answer) == mine and re.search("<del>.*priority: 4</del>", answer.text)
    form |= dict(FIELD.findall(answer.text))
    assert send(keeper, ENTRY, ENTRY, **form, **WHY).status_code == 303
    assert office.service.desk.sources[0].config.priority == 3


def test_history_says_who_changed_what_and_any_of_it_can_be_had_again(office: Office, keeper: httpx.Client) -> None:
    """Each text is there to be read; undoing is one more line; 0 is what the files say."""
    first = text_in(keeper.get(ENTRY))
    for minutes in (240, 30):
        _, form = compared(keeper, ENTRY, f"{first}every_minutes: {minutes}\n")
        send(keeper, ENTRY, ENTRY, **form, reason=f"asked every {minutes}")
    page = keeper.get(ENTRY).text
    assert "asked every 240" in page and "asked every 30" in page and page.count("every_minutes: 240") == 1
    assert send(keeper, f"{SOURCE}/restore", ENTRY, number="1", seen="2", **WHY).status_code == 303
    assert settings(office)["kettles"][1] == 240
    assert send(keeper, f"{SOURCE}/restore", ENTRY, number="1", **WHY).status_code == 409
    assert send(keeper, f"{SOURCE}/restore", ENTRY, number="x", **WHY).status_code == 422
    assert send(keeper, f"{SOURCE}/restore", ENTRY, number="0", **WHY).status_code == 303
    assert settings(office)["kettles"][1] == 60 and text_in(keeper.get(ENTRY)) == first
    assert [deed for _, deed, _ in office.deeds()] == ["source.describe"] * 2 + ["source.restore"] * 2


def test_a_release_with_another_entry_says_so(office: Office, keeper: httpx.Client, sqlite: Storage) -> None:
    """What changed in the files stands on the page; saving the same again says that it was seen."""
    _, form = compared(keeper, ENTRY, text_in(keeper.get(ENTRY)) + "priority: 3\n")
    send(keeper, ENTRY, ENTRY, **form, **WHY)
    later = keepers_office(sqlite, {**KETTLES, "every_minutes": 15}, IRONS)
    with later.browser(email="staff@example.com") as client:
        page = client.get(ENTRY)
        assert "What changed in the files" in page.text and re.search("<ins>.*every_minutes: 15</ins>", page.text)
        assert settings(later)["kettles"][1] == 60
        _, form = compared(client, ENTRY, text_in(page))
        assert send(client, ENTRY, ENTRY, **form, **WHY).status_code == 303
        assert "What changed in the files" not in client.get(ENTRY).text


def test_a_source_is_tried_added_polled_and_ends(office: Office, keeper: httpx.Client) -> None:
    """From the address to the board; a text that is not saved yet is tried as it stands."""
    with scripted_server() as server:
        server.on("/new.xml", feed(1))
        tried = send(keeper, "/en/staff/try", "/en/staff/sources", address=server.url("/new.xml"))
        assert tried.status_code == 200 and "Add a source" in tried.text
        entry = {**IRONS, "name": "toasters", "issuer": "US-TOASTERS", "url": server.url("/new.xml"), "enabled": True}
        text = entry_text(entry)
        shown = send(keeper, "/en/staff/try", NEW, address="", text=text)
        assert shown.status_code == 200 and "kind feed" in shown.text
        wrong = send(keeper, "/en/staff/try", NEW, address="", text=text + "nonsense: 1\n")
        assert wrong.status_code == 422 and "nonsense" in wrong.text
        looked, form = compared(keeper, NEW, text)
        assert "Add this source" in looked.text
        added = send(keeper, f"{NEW}/entry", NEW, **form, **WHY)
        assert added.headers["location"].startswith("/en/staff/sources/toasters/entry")
        assert "toasters" in keeper.get("/en/staff/sources").text
        twice = send(keeper, f"{NEW}/entry", NEW, **form, **WHY)
        assert twice.status_code == 422 and "There is a source &#39;toasters&#39; already" in twice.text
        there = "/en/staff/sources/toasters"
        ended = send(keeper, f"{there}/restore", f"{there}/entry", number="0", **WHY)
        assert "toasters is no source any more" in keeper.get(ended.headers["location"]).text
        assert keeper.get("/en/staff/sources/toasters").status_code == 404


def test_polls_say_by_which_settings_they_were_made(office: Office, keeper: httpx.Client) -> None:
    """The number of staff's word, or the mark of what the files said."""
    _, form = compared(keeper, ENTRY, text_in(keeper.get(ENTRY)) + "priority: 3\n")
    send(keeper, ENTRY, ENTRY, **form, **WHY)
    now = office.service.clock()
    with office.storage.begin() as tx:
        word = tx.source_words.of("kettles")
        assert word is not None
        for version in ("feedfacecafe", word.settings_version):
            ended = now + timedelta(seconds=1)
            tx.sources.add_poll(
                Poll(source="kettles", started_at=now, ended_at=ended, status="ok", settings_version=version)
            )
    page = keeper.get(SOURCE).text
    assert '<td data-label="Settings">no. 1</td>' in page and '<td data-label="Settings">feedfa</td>' in page
