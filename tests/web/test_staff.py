"""The staff's pages, over real HTTP: who may come in, what each shows, and what each deed does and leaves behind."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import event

from notifiers.outcome import Sent, State
from tbtwatch.storage import Storage
from tbtwatch.storage.people import Role
from tests.web.office import FLOODING, KENYA, TROUBLED, Office, an_office, send
from tests.web.test_look import tags

PAGES = {
    "sources": Role.SOURCE_KEEPER,
    "sources?days=90": Role.SOURCE_KEEPER,
    f"sources/{TROUBLED}": Role.SOURCE_KEEPER,
    f"sources/{FLOODING}": Role.SOURCE_KEEPER,
    "deliveries": Role.SUPPORT,
    "deliveries?q=drinks": Role.SUPPORT,
    "deliveries/1": Role.SUPPORT,
    "support": Role.SUPPORT,
    f"support?enterprise=Ningbo+Drinks&symbol={KENYA}": Role.SUPPORT,
    "enterprises": Role.SUPPORT,
    "enterprises/1": Role.SUPPORT,
    "people": Role.ADMIN,
    "audit": Role.ADMIN,
    "settings": Role.ADMIN,
}
#: Deeds, their role, and a form that would do something.
DEEDS = {
    f"sources/{FLOODING}/decide": (Role.SOURCE_KEEPER, {"hold": "1", "decision": "discard", "reason": "no news"}),
    "try": (Role.SOURCE_KEEPER, {"address": "https://example.org/"}),
    "deliveries/resume": (Role.SUPPORT, {}),
    "deliveries/2/again": (Role.SUPPORT, {"reason": "they asked"}),
    "deliveries/3/cancel": (Role.SUPPORT, {"reason": "they asked"}),
    "people": (Role.ADMIN, {"email": "new@example.com", "role": "admin"}),
    "people/1": (Role.ADMIN, {"what": "give:admin"}),
}


@pytest.fixture
def office(sqlite: Storage) -> Office:
    """On SQLite; what asks the databases differently is tried on both in tests/storage."""
    return an_office(sqlite)


@pytest.fixture
def admin(office: Office) -> Iterator[httpx.Client]:
    """Somebody who may do everything."""
    with office.browser(Role.ADMIN) as client:
        yield client


def number_of(office: Office, address: str) -> int:
    """The alert that went there, or was to."""
    with office.storage.look() as tx:
        (one,) = (each for each in tx.outbox.list(target=address) if each.kind in ("alert", "sign_in"))
    return one.id


def state_of(office: Office, id_: int) -> State:
    """Where a message stands."""
    with office.storage.look() as tx:
        letter = tx.correspondence.letter(id_)
    assert letter is not None
    return letter.delivery.state


def test_every_page_is_there_in_both_languages(office: Office, admin: httpx.Client) -> None:
    """With one heading, of itself alone, in no cache, for no search engine; nothing written by others is markup."""
    statements: list[str] = []
    event.listen(office.storage.engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
    for language in ("zh", "en"):
        for at in PAGES:
            answer = admin.get(f"/{language}/staff/{at}")
            assert answer.status_code == 200, (at, answer.text[:600])
            assert answer.headers["cache-control"] == "no-store" and "noindex" in answer.headers["x-robots-tag"]
            found = tags(answer.text)
            assert [name for name, _ in found].count("h1") == [name for name, _ in found].count("main") == 1, at
            assert not {name for name, _ in found} & {"img", "style", "base", "object", "b"}, at
            ids = [attrs["id"] for _, attrs in found if attrs.get("id")]
            assert len(ids) == len(set(ids)), at
            for name, attrs in found:
                assert "style" not in attrs and not any(key.startswith("on") for key in attrs), (at, name, attrs)
                for key in ("href", "action", "src"):
                    assert re.match(r"/|https?://|#", attrs.get(key) or "/"), (at, attrs)
            scripts = [attrs.get("src", "") for name, attrs in found if name == "script"]
            assert all(one and one.endswith("htmx.min.js") for one in scripts), at
            assert not re.search("[\u202a-\u202e\u2066-\u2069]", answer.text), at
            assert len(answer.content) < 100_000, (at, len(answer.content))
    assert not [one for one in statements if not re.match(r"SELECT|BEGIN|PRAGMA|UPDATE web_session", one.strip())]


@pytest.mark.parametrize("role", [None, *Role])
def test_to_who_has_not_the_role_there_is_no_such_page(office: Office, role: Role | None) -> None:
    """The very page for an unknown address, for a look as for a deed; and nothing has changed, nothing is recorded."""
    with office.browser(*([role] if role else []), email="somebody@example.com") as client:
        unknown = client.get("/en/staff-nothing")
        for at, needed in PAGES.items():
            answer = client.get(f"/en/staff/{at}")
            if role in (needed, Role.ADMIN):
                assert answer.status_code == 200, at
            else:
                assert answer.status_code == 404, at
                assert answer.text == unknown.text, at
        if role is Role.ADMIN:
            return
        found = re.search(r'name="csrf" value="([^"]+)"', client.get("/en/account").text)
        assert found is not None
        with office.storage.look() as tx:
            before = [(one.id, one.state, one.detail) for one in tx.outbox.list()]
        for at, (needed, fields) in DEEDS.items():
            if role is not needed:
                answer = client.post(f"/en/staff/{at}", data={"csrf": found[1], **fields})
                assert answer.status_code == 404 and answer.text == unknown.text, at
    with office.storage.look() as tx:
        assert [(one.id, one.state, one.detail) for one in tx.outbox.list()] == before
        assert len(tx.holds.open_ones()) == 1 and tx.people.find("new@example.com") is None
    assert office.deeds() == []


def test_who_is_not_signed_in_is_led_to_the_door(office: Office) -> None:
    """And back to where they wanted to go; a deed does nothing."""
    from tests.web.served import served

    with served(office.service.desk, means=office.means) as client:
        for at in PAGES:
            answer = client.get(f"/en/staff/{at}")
            assert answer.status_code == 303 and answer.headers["location"].startswith("/en/sign-in?next="), at
        client.headers["sec-fetch-site"] = "same-origin"
        for at, (_, fields) in DEEDS.items():
            assert client.post(f"/en/staff/{at}", data=fields).status_code == 303, at
    assert office.deeds() == []


def test_a_deed_needs_a_form_of_ours(office: Office, admin: httpx.Client) -> None:
    """Without the token, with another one, or from another site nothing is done, whoever asks."""
    for at, (_, fields) in DEEDS.items():
        assert admin.post(f"/en/staff/{at}", data=fields).status_code == 403, at
        assert admin.post(f"/en/staff/{at}", data={"csrf": "0" * 64, **fields}).status_code == 403, at
        there = {"sec-fetch-site": "cross-site"}
        assert admin.post(f"/en/staff/{at}", data=fields, headers=there).status_code == 403, at
        assert admin.get(f"/en/staff/{at}").status_code in (200, 404, 405), at
    assert office.deeds() == []


def test_the_rooms_shown_are_those_one_may_enter(office: Office) -> None:
    """The first of them is where /staff leads; without a language in the address one's own."""
    with office.browser(Role.SUPPORT, language="zh") as client:
        assert client.get("/staff").headers["location"] == "/zh/staff/deliveries"
        assert client.get("/staff/support?symbol=x").headers["location"] == "/zh/staff/support?symbol=x"
        nav = client.get("/en/staff/support").text.partition('class="rooms"')[2].partition("</nav>")[0]
        assert re.findall(r'href="/en/staff/([a-z]+)"', nav) == ["deliveries", "support", "enterprises"]


# --- sources


def test_the_board_says_how_each_source_was_read_day_by_day(office: Office, admin: httpx.Client) -> None:
    """Who needs somebody stands first; every cell says its day and what happened; the strip says its sum."""
    page = admin.get("/en/staff/sources").text
    names = re.findall(r'<span class="symbol">(\w+)</span></th>', page)
    assert names == [FLOODING, TROUBLED, "listed"]
    assert page.count('<svg class="strip"') == 3 and page.count("<rect") == 3 * 30 + 9
    assert "News of 1 source is held back" in page and "1 decision waits" in page
    strip = page.partition("regulator&#39;s feed")[2].partition("</svg>")[0]
    assert re.search(r"<title>1 March: what came could not be read; 1 poll, 1 failed</title>", strip)
    assert re.search(r"<title>25 February: some polls failed|<title>25 February: read, with news; 1 poll", strip)
    assert "4 what came could not be read" in strip
    chinese = admin.get("/zh/staff/sources?days=90").text
    assert "内容无法读取" in chinese and chinese.count("<rect") == 3 * 90 + 9


def test_a_source_shows_what_came_as_it_came(office: Office, admin: httpx.Client) -> None:
    """Its settings without secrets, its polls, and hostile documents as text."""
    object.__setattr__(office.service.desk.sources[1].config, "terms", "see https://u:pw@example.org/x?api_key=hunter2")
    page = admin.get(f"/en/staff/sources/{TROUBLED}").text
    assert "hunter2" not in page and "api_key=***" in page
    assert "is no feed: &#34;&gt;&lt;img src=x" in page
    assert "&lt;b&gt;raw&lt;/b&gt;" in page and "it has no title: &lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "G/TBT/N/KEN/1701" in page and "<b>raw" not in page
    assert admin.get("/en/staff/sources/nothing").status_code == 404


@pytest.mark.parametrize(
    ("decision", "state"), [("release", "released"), ("digest", "digest"), ("discard", "discarded")]
)
def test_held_news_is_decided_once_with_a_reason(
    office: Office, admin: httpx.Client, decision: str, state: str
) -> None:
    """By a name that is kept; without a reason nothing happens; a second decision is told what became of it."""
    page = f"/en/staff/sources/{FLOODING}"
    shown = admin.get(page).text
    assert "3 new and 0 changed notices" in shown and "Rule 31" in shown
    form = {"hold": "1", "decision": decision, "reason": "it was a flood indeed"}
    empty = send(admin, f"{page}/decide", page, **{**form, "reason": " x "})
    assert empty.status_code == 422 and "say why" in empty.text and office.deeds() == []
    done = send(admin, f"{page}/decide", page, **form)
    assert done.status_code == 303
    assert 'role="status"' in admin.get(done.headers["location"]).text
    again = admin.post(f"{page}/decide", data={**form, "csrf": token_of(admin)})
    assert again.status_code == 409 and "waits for a decision any more" in again.text
    with office.storage.look() as tx:
        hold = tx.holds.get(1)
    assert (hold.state.value, hold.decided_by, hold.reason) == (state, "staff@example.com", "it was a flood indeed")
    assert office.deeds() == [("staff@example.com", f"hold.{state}", f"source {FLOODING}")]


def token_of(client: httpx.Client) -> str:
    """The token of the session."""
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/en/account").text)
    assert found is not None
    return found[1]


def test_only_public_addresses_are_tried(office: Office, admin: httpx.Client) -> None:
    """An address inside is not asked and the page says so; what is tried is recorded, and nothing else is stored."""
    for address in ("http://127.0.0.1:1/", "http://169.254.169.254/latest", "file:///etc/passwd", "<script>x</script>"):
        answer = send(admin, "/en/staff/try", "/en/staff/sources", address=address)
        assert answer.status_code == 422 and "It gives nothing" in answer.text, answer.text[:400]
        assert "<script>x" not in answer.text
    assert {deed for _, deed, _ in office.deeds()} == {"source.try"}


# --- deliveries


def test_messages_are_found_by_whom_what_and_how(office: Office, admin: httpx.Client) -> None:
    """By a part of an address, by a measure, by state, by kind; nothing found says what to change."""

    def found(query: str) -> set[str]:
        page = admin.get(f"/en/staff/deliveries?{query}").text
        return set(re.findall(r'class="address">email:(\w+)@example.com', page))

    assert found("q=DRINKS%40") == {"drinks"}
    assert found("q=%25") == set()
    assert found(f"symbol={KENYA}") == {"drinks", "refused", "busy"}
    assert found(f"symbol={KENYA}&state=refused") == {"refused"}
    assert found("kind=digest") == set() and found("kind=alert&q=example") >= {"drinks"}
    assert "No message was ever written to such" in admin.get("/en/staff/deliveries?q=nobody").text
    assert "No measure with the symbol" in admin.get("/en/staff/deliveries?symbol=G/TBT/N/KEN/9").text
    page = admin.get("/en/staff/deliveries").text
    assert "rejected" in page and "not configured" not in page


def test_a_message_is_shown_as_it_was_sent_without_its_keys(office: Office, admin: httpx.Client) -> None:
    """Its attempts and what was answered; its HTML where it can do nothing; what its reader acts by is blotted out."""
    id_ = number_of(office, "drinks@example.com")
    page = admin.get(f"/en/staff/deliveries/{id_}")
    assert "250 queued as 42" in page.text and "Drinks: &lt;script&gt;" in page.text
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    framed = admin.get(f"/en/staff/deliveries/{id_}/html")
    assert framed.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert framed.headers["x-frame-options"] == "SAMEORIGIN" and framed.headers["cache-control"] == "no-store"
    with office.storage.look() as tx:
        letter = tx.correspondence.letter(id_)
    assert letter is not None
    keys = set(
        re.findall(r"http://alerts\.example\.org/[ufl]/(\S+?)[\s\"'<>]", letter.message.html + letter.message.text)
    )
    keys |= set(re.findall(r"\b[0-9.]+-[a-z2-7]{20}\b", letter.message.text))
    assert keys, "the message has a link to unsubscribe"
    for key in keys:
        assert key not in page.text and key not in framed.text
    assert "▒▒▒▒" in page.text and "<script" not in framed.text
    for wrong in (f"{10**30}", "0", "-1", "x", "99999"):
        assert admin.get(f"/en/staff/deliveries/{wrong}").status_code == 404
        assert admin.get(f"/en/staff/deliveries/{wrong}/html").status_code == 404


def test_a_message_that_is_a_key_is_shown_to_nobody(office: Office, admin: httpx.Client) -> None:
    """A link to sign in as another, a question with the owner's code: not even an admin reads them."""
    asked = admin.post("/en/sign-in", data={"email": "boss@example.com"})
    assert asked.status_code == 303
    with office.storage.look() as tx:
        (sign_in,) = tx.outbox.list(target="boss@example.com")
        letter = tx.correspondence.letter(sign_in.id)
    assert letter is not None
    secret = re.search(r"/sign-in/([A-Za-z0-9_-]{20,})", letter.message.text)
    assert secret is not None
    page = admin.get(f"/en/staff/deliveries/{sign_in.id}")
    assert "is a key to its reader" in page.text and secret[1] not in page.text
    assert admin.get(f"/en/staff/deliveries/{sign_in.id}/html").status_code == 404
    assert secret[1] not in admin.get("/en/staff/deliveries?kind=sign_in").text


def test_what_was_refused_is_sent_again(office: Office, admin: httpx.Client) -> None:
    """Once, with a reason, and recorded; what was taken is not sent twice, and who unsubscribed is not written to."""
    id_ = number_of(office, "refused@example.com")
    page = f"/en/staff/deliveries/{id_}"
    assert "550 no &lt;script&gt;" in admin.get(page).text
    done = send(admin, f"{page}/again", page, reason="their server was mended")
    assert done.status_code == 303 and "in the line again" in admin.get(done.headers["location"]).text
    assert state_of(office, id_) is State.PENDING
    office.service.notifier.answer = lambda _: Sent()
    office.service.deliver()
    assert state_of(office, id_) is State.SENT
    twice = send(admin, f"{page}/again", "/en/staff/people", reason="once more please")
    assert twice.status_code == 409 and "would have it twice" in twice.text
    assert office.deeds() == [("staff@example.com", "delivery.again", f"delivery {id_}")]


def test_who_left_is_not_written_to_again(office: Office, admin: httpx.Client) -> None:
    """A message that was refused before its reader unsubscribed stays where it is."""
    from tbtwatch.pipeline.subscribe import end

    id_ = number_of(office, "refused@example.com")
    end("2", reason="they asked", desk=office.service.desk)
    page = f"/en/staff/deliveries/{id_}"
    assert "nobody who is subscribed still" in admin.get(page).text
    answer = send(admin, f"{page}/again", "/en/staff/people", reason="once more please")
    assert answer.status_code == 409 and state_of(office, id_) is State.REFUSED and office.deeds() == []


def test_what_waits_is_cancelled_and_taken_back(office: Office, admin: httpx.Client) -> None:
    """By staff; and by staff alone: what was cancelled for another reason stays cancelled."""
    id_ = number_of(office, "busy@example.com")
    page = f"/en/staff/deliveries/{id_}"
    assert send(admin, f"{page}/cancel", page, reason="").status_code == 422
    assert send(admin, f"{page}/cancel", page, reason="a wrong message").status_code == 303
    assert state_of(office, id_) is State.CANCELLED
    office.service.clock.turn(days=1)
    before = len(office.service.sent)
    assert "cancelled by staff, staff@example.com: a wrong message" in admin.get(page).text
    assert send(admin, f"{page}/again", page, reason="it was right").status_code == 303
    assert state_of(office, id_) is State.PENDING and before == len(office.service.notifier.sent)
    assert [deed for _, deed, _ in office.deeds()] == ["delivery.cancel", "delivery.again"]
    with office.storage.begin() as tx:
        tx.outbox.cancel_waiting([id_], now=office.service.clock(), reason="the subscription was ended")
    assert send(admin, f"{page}/again", "/en/staff/people", reason="it was right").status_code == 409


def test_stopped_channels_are_shown_and_tried_again(office: Office, admin: httpx.Client) -> None:
    """With what is wrong; the button clears them, and that is recorded."""
    from datetime import timedelta

    with office.storage.begin() as tx:
        tx.outbox.stop_channel(
            "email", detail="535 wrong password", now=office.service.clock(), pause=timedelta(hours=1)
        )
    page = "/en/staff/deliveries"
    assert "535 wrong password" in admin.get(page).text
    assert send(admin, f"{page}/resume", page).status_code == 303
    assert "535 wrong password" not in admin.get(page).text
    assert [deed for _, deed, _ in office.deeds()] == ["channel.resume"]


# --- support


def test_the_support_screen_answers_in_one_look(office: Office, admin: httpx.Client) -> None:
    """Told or not, when, to whom, why and why not, for every fate a message had."""

    def verdict(enterprise: str, symbol: str = KENYA, language: str = "en") -> tuple[str, str]:
        page = admin.get(f"/{language}/staff/support", params={"enterprise": enterprise, "symbol": symbol}).text
        found = re.search(r'<h2 id="verdict">([^<]+)</h2>', page)
        return (found[1] if found else "", page)

    said, page = verdict("Ningbo Drinks")
    assert said == "Yes, it was told." and "drinks@example.com (mail)" in page and "HS 22" in page
    assert verdict("Refused Ltd")[0].startswith("No: we wrote") and "550 no &lt;script" in verdict("Refused Ltd")[1]
    assert verdict("Busy Ltd")[0].startswith("Not yet: the message is on its way")
    said, page = verdict("Ningbo Tyres")
    assert said == "No, it was not told." and "4011" in page and "does not fit" in page
    assert verdict("ningbo drinks", "ken/1999")[0] == "Yes, it was told."
    assert verdict("Ningbo Drinks", language="zh")[0] == "是，已通知。"
    several = verdict("ningbo")[1]
    assert "Ningbo Drinks</bdi>" in several and "Ningbo Tyres</bdi>" in several
    assert "There is no enterprise called" in verdict("<script>x")[1] and "<script>x" not in verdict("<script>x")[1]
    assert "No measure with the symbol" in verdict("Ningbo Drinks", "G/TBT/N/KEN/9")[1]
    assert "Fill in both" in admin.get("/en/staff/support?symbol=x").text


def test_the_proof_is_the_one_the_command_writes(office: Office, admin: httpx.Client) -> None:
    """Sealed, so that `tbtwatch proof --check` knows it again, and it can do nothing in a browser."""
    from tbtwatch.pipeline.proof_seal import Checked, check

    asked = {"enterprise": "Ningbo Drinks", "symbol": KENYA}
    answer = admin.get("/en/staff/support/proof", params=asked)
    assert answer.status_code == 200 and check(answer.text, office.storage).result is Checked.UNCHANGED
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert admin.get("/en/staff/support/proof", params={**asked, "enterprise": "Nobody"}).status_code == 404


# --- the offices


def test_settings_never_show_a_secret(office: Office, admin: httpx.Client) -> None:
    """They are said to be set; what is as shipped is said to be so."""
    page = admin.get("/en/staff/settings").text
    assert "hunter2-secret" not in page and "k3y-secret" not in page and "0idc-secret" not in page
    assert "mail.example.org" in page and page.count("set, not shown") == 3 and "one: set, not shown" in page


def test_an_admin_gives_and_takes_roles(office: Office, admin: httpx.Client) -> None:
    """Each is recorded; the last admin can neither leave nor be shut out; who is shut out is signed out at once."""
    page = "/en/staff/people"
    assert send(admin, page, page, email="li@example.com", name="Li Na", role="support").status_code == 303
    with office.storage.look() as tx:
        li, me = tx.people.find("li@example.com"), tx.people.find("staff@example.com")
    assert li is not None and me is not None and li.roles == {Role.SUPPORT}
    with office.browser(email="li@example.com") as other:
        assert other.get("/en/staff/support").status_code == 200
        assert send(admin, f"{page}/{li.id}", page, what="take:support").status_code == 303
        assert other.get("/en/staff/support").status_code == 404
        assert send(admin, f"{page}/{li.id}", page, what="give:editor").status_code == 303
        assert send(admin, f"{page}/{li.id}", page, what="disable").status_code == 303
        assert other.get("/en/staff/support").status_code == 303
    assert send(admin, f"{page}/{li.id}", page, what="enable").status_code == 303
    for what in ("take:admin", "disable"):
        answer = send(admin, f"{page}/{me.id}", page, what=what)
        assert answer.status_code == 409 and "the only admin" in answer.text
    for what in ("give:king", "", "give"):
        assert send(admin, f"{page}/{li.id}", page, what=what).status_code == 422
    assert send(admin, f"{page}/{10**6}", page, what="disable").status_code == 422
    assert send(admin, page, page, email="no address", role="admin").status_code == 422
    assert send(admin, f"{page}/{me.id}", page, what="end").status_code == 303
    assert admin.get(page).status_code == 303
    with office.storage.look() as tx:
        found = [one.deed for one in tx.audit.list(deed="person")]
    assert {"person.roles", "person.add", "person.disable", "person.enable", "person.sign-out"} <= set(found)


def test_the_record_says_who_did_what(office: Office, admin: httpx.Client) -> None:
    """Narrowed by deed and by what it is about; a detail is text."""
    page = f"/en/staff/sources/{FLOODING}"
    send(admin, f"{page}/decide", page, hold="1", decision="discard", reason="<script>alert(2)</script>")
    shown = admin.get("/en/staff/audit?deed=hold").text
    assert "hold.discarded" in shown and "&lt;script&gt;alert(2)" in shown and "staff@example.com" in shown
    assert "hold.discarded" not in admin.get("/en/staff/audit?deed=person").text
    assert "hold.discarded" in admin.get("/en/staff/audit", params={"about": f"source {FLOODING}"}).text


def test_enterprises_are_found_and_lead_to_support(office: Office, admin: httpx.Client) -> None:
    """By a part of the name; each with who is told and a question box for a measure."""
    page = admin.get("/en/staff/enterprises?q=NINGBO").text
    assert "Ningbo Drinks" in page and "Busy Ltd" not in page
    assert "No enterprise fits" in admin.get("/en/staff/enterprises?q=%25").text
    one = admin.get("/en/staff/enterprises/1").text
    assert "email:drinks@example.com" in one and 'action="/en/staff/support"' in one
    assert admin.get("/en/staff/enterprises/999").status_code == 404
