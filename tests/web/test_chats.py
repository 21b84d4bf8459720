"""A chat is linked on a page, told by subscriptions, and unlinked: without loss, and never another's."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from subscriptions.criteria import Address
from tbtwatch.bot.answers import Answers
from tbtwatch.pipeline.chats import GOOD_FOR, MOST_CODES, remember_name
from tbtwatch.storage import Storage
from tests.pipeline.service import SmallService
from tests.web.test_mine import TOYS, a_town, bob, everything_stored
from tests.web.test_sign_in import ANNA, signed_in, token, visitor

BOT = "7000001"
CHAT = Address(channel="telegram", target="77")
CODE = re.compile(r"/start ([A-Z2-9]{4}-[A-Z2-9]{4})")


def with_a_bot(storage: Storage) -> SmallService:
    """A town whose bot is called tbtwatch_bot."""
    service = a_town(storage)
    service.desk = replace(service.desk, bot=BOT)
    remember_name(BOT, "tbtwatch_bot", storage=storage)
    return service


def link(service: SmallService, code: str, chat: str = CHAT.target, name: str = "Anna's <b>phone</b>") -> str:
    """The code is typed in a chat; what the bot answers."""
    return Answers(service.desk).start(chat, code, "en", name)


def of_enterprise(service: SmallService, name: str, email: str = ANNA) -> int:
    """Somebody is an owner of an enterprise, which may be new; its number."""
    with service.storage.begin() as tx:
        number = tx.subscriptions.enterprise(name, now=service.clock())
        address = Address(channel="email", target=email)
        tx.contacts.add(
            number, name=email, role="owner", language="en", addresses=(address,), by="test", now=service.clock()
        )
    return number


def test_a_code_made_on_the_page_links_a_chat_once(storage: Storage) -> None:
    """Whoever is signed in makes one, without an enterprise before; the chat stands there by its name, escaped."""
    service = with_a_bot(storage)
    with visitor(service) as client:
        signed_in(client, service)
        assert "No chat is linked yet" in client.get("/en/mine/chats").text
        made = client.post("/en/mine/chats", data={"csrf": token(client), "firm": "Anna & Co"})
        assert made.status_code == 200 and made.headers["cache-control"] == "no-store"
        (code,) = set(CODE.findall(made.text))
        assert f'href="https://t.me/tbtwatch_bot?start={code}"' in made.text
        assert code not in client.get("/en/mine/chats").text
        assert link(service, code).startswith("Done: this chat now speaks for <b>Anna &amp; Co")
        assert link(service, code, "78").startswith("This code is wrong")
        page = client.get("/en/mine/chats").text
        assert "Anna&#39;s &lt;b&gt;phone&lt;/b&gt;" in page and "number 77" in page and "number 78" not in page
        assert "关联" in client.get("/zh/mine/chats").text
    with storage.look() as tx:
        assert [one.deed for one in tx.audit.list()][:3] == ["chat.link", "chat.code", "sign-in"]
        number = tx.subscriptions.find_enterprise(f"Anna & Co ({ANNA})")
        assert number is not None and tx.chats.enterprise_of("telegram", "77") == number


def test_a_code_is_short_lived_and_so_many_are_made(sqlite: Storage) -> None:
    """Half an hour, unlike one from the command line; five an hour, whatever enterprise they are for."""
    service = with_a_bot(sqlite)
    of_enterprise(service, "Anna & Co")
    with visitor(service) as client:
        signed_in(client, service)
        form = {"csrf": token(client)}
        first = CODE.findall(client.post("/en/mine/chats", data=form).text)[0]
        service.clock.turn(seconds=int(GOOD_FOR.total_seconds()))
        assert link(service, first).startswith("This code is wrong")
        for _ in range(MOST_CODES - 1):
            assert client.post("/en/mine/chats", data=form).status_code == 200
        refused = client.post("/en/mine/chats", data=form)
        assert refused.status_code == 429 and "You made 5 codes" in refused.text and not CODE.search(refused.text)
        service.clock.turn(minutes=31)
        assert client.post("/en/mine/chats", data=form).status_code == 200
    with sqlite.look() as tx:
        assert len(tx.audit.list(deed="chat.code")) == MOST_CODES + 1


def test_where_no_chat_program_is_set_up_one_sentence_says_so(sqlite: Storage) -> None:
    """No form, no list; and a form that is sent all the same makes nothing."""
    service = a_town(sqlite)
    with visitor(service) as client:
        signed_in(client, service)
        page = client.get("/en/mine/chats").text
        assert "no chat can be linked" in page and "Make a code" not in page and "Linked chats" not in page
        assert client.post("/en/mine/chats", data={"csrf": token(client)}).status_code == 400
    with sqlite.look() as tx:
        assert tx.audit.list(deed="chat.code") == []


def test_a_bot_that_was_not_there_yet_has_no_link(sqlite: Storage) -> None:
    """Nor has one with another token: what is kept is the other's name."""
    service = a_town(sqlite)
    service.desk = replace(service.desk, bot="8000002")
    remember_name(BOT, "tbtwatch_bot", storage=sqlite)
    with visitor(service) as client:
        signed_in(client, service)
        page = client.post("/en/mine/chats", data={"csrf": token(client)}).text
        assert CODE.search(page) and "t.me" not in page and "tbtwatch_bot" not in page


def test_unlinking_ends_what_is_told_there_and_loses_nothing(storage: Storage) -> None:
    """Told elsewhere too: it goes on there by a new version. Told there alone: it ends only if that was ticked."""
    service = with_a_bot(storage)
    number = of_enterprise(service, "Anna & Co")
    own = Address(channel="email", target=ANNA)
    both = service.subscribe(enterprise="Anna & Co", name="both", addresses=(own, CHAT))
    with visitor(service) as client:
        signed_in(client, service)
        form = {"csrf": token(client)}
        link(service, CODE.findall(client.post("/en/mine/chats", data=form).text)[0])
        alone = service.subscribe(enterprise="Anna & Co", name="alone", addresses=(CHAT,), criteria=TOYS)
        other = service.subscribe(enterprise="Bob & Co", name="his", addresses=(CHAT,), criteria=TOYS)
        page = client.get("/en/mine/chats").text
        assert "both" in page and "alone" in page and "his" not in re.findall(r"<bdi>([^<]*)</bdi>", page)
        before = everything_stored(storage)
        away = f"/en/mine/chats/{number}/unlink"
        refused = client.post(away, data={**form, "chat": CHAT.target})
        assert refused.status_code == 400 and "“alone” is told in this chat alone" in refused.text
        assert client.post(away, data={**form, "chat": "78", "also_end": "1"}).status_code == 404
        assert everything_stored(storage) == before
        assert client.post(away, data={**form, "chat": CHAT.target, "also_end": "1"}).status_code == 303
        assert "No chat is linked yet" in client.get("/en/mine/chats").text
    with storage.look() as tx:
        assert tx.subscriptions.get(both.id).addresses == (own,) and tx.subscriptions.get(both.id).version == 2
        assert tx.subscriptions.get(alone.id).end_reason == "the chat was unlinked on the page"
        assert tx.subscriptions.get(other.id).addresses == (CHAT,) and tx.subscriptions.get(other.id).ended_at is None
        assert tx.chats.enterprise_of("telegram", CHAT.target) is None
        (deed,) = tx.audit.list(deed="chat.unlink")
    assert (deed.about, deed.detail) == (f"enterprise {number}", {"changed": [both.id], "ended": [alone.id]})


def test_no_code_and_no_unlinking_for_another(storage: Storage) -> None:
    """Another's enterprise is a page that is not there, in the address and in the form; nothing is changed."""
    service = with_a_bot(storage)
    _, theirs, _ = bob(service)
    with storage.begin() as tx:
        tx.chats.add_code("BOBB-BOBB", enterprise_id=theirs, now=service.clock(), good_for=timedelta(hours=1))
    link(service, "BOBB-BOBB", "99", "Bob's phone")
    with visitor(service) as client:
        signed_in(client, service)
        form, before = {"csrf": token(client), "chat": "99", "also_end": "1"}, everything_stored(storage)
        for wrong in (str(theirs), "0", "-1", "x", "9" * 30):
            assert client.post("/en/mine/chats", data={**form, "enterprise": wrong}).status_code == 404
        assert client.post(f"/en/mine/chats/{theirs}/unlink", data=form).status_code == 404
        assert "Bob" not in client.get("/en/mine/chats").text
        assert everything_stored(storage) == before
        assert client.post("/en/mine/chats", data={"enterprise": ""}).status_code == 403
