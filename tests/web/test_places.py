"""Where a subscription is told is chosen on its page: one's own address, chats, colleagues, each by its own way."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import html5lib
import httpx

from rules.classification import Grade
from subscriptions.criteria import Address, Frequency, Subscription, Way
from tbtwatch.pipeline.confirm import WORDS as CONSENTS
from tbtwatch.pipeline.confirm import answer
from tbtwatch.pipeline.erasure import erase
from tbtwatch.pipeline.invitations import MOST_ADDRESSES
from tbtwatch.pipeline.leaving import WORDS as ENDS
from tbtwatch.pipeline.leaving import Endings
from tbtwatch.pipeline.opt_in import NOT_ASKED, OptIn
from tbtwatch.pipeline.watchkeeping import Staff
from tbtwatch.storage import Storage
from tbtwatch.web.place_words import PLACES
from tests.builders import a_notice
from tests.web.test_chats import CHAT, CODE, link, of_enterprise, with_a_bot
from tests.web.test_mine import OWN, a_town, everything_stored, sent_to
from tests.web.test_sign_in import ANNA, signed_in, token, visitor
from tests.web.town import PAYLOADS

ASKS = {"hs": "22", "market": "KEN", "often": "daily", "lang": "en", "name": "drinks"}
BEN = Address(channel="email", target="ben@example.com")
DRINKS = a_notice(symbol="G/TBT/N/KEN/1999")
CONFIRM = re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}")


def rows(*places: tuple[str, str, str]) -> dict[str, str]:
    """Rows of the form: an address, how often, how sure."""
    sent = {}
    for number, (at, soon, sure) in enumerate(places):
        sent |= {f"at-{number}": at, f"to-{number}": "1", f"soon-{number}": soon, f"sure-{number}": sure}
    return sent


def saved(client: httpx.Client, where: str = "/en/mine/new", **sent: str) -> httpx.Response:
    """The form is sent."""
    return client.post(where, data={**ASKS, **sent, "csrf": token(client)})


def only(storage: Storage) -> Subscription:
    """The one that is live."""
    with storage.look() as tx:
        (one,) = tx.subscriptions.live()
    return one


def test_each_address_is_told_by_its_own_way_once_its_owner_agreed(storage: Storage) -> None:
    """A chat at once, a colleague weekly and only of what is direct: asked first, told what waited after their yes."""
    service = with_a_bot(storage)
    of_enterprise(service, "Anna & Co")
    with visitor(service) as client:
        signed_in(client, service)
        link(service, CODE.findall(client.post("/en/mine/chats", data={"csrf": token(client)}).text)[0])
        with storage.look() as tx:
            number = tx.subscriptions.find_enterprise("Anna & Co")
        shown = client.get("/en/mine/new").text
        assert 'value="telegram:77"' in shown and f'value="email:{ANNA}"' in shown and "A colleague" in shown
        places = ((f"email:{ANNA}", "", ""), ("telegram:77", "immediate", ""), (BEN.target, "weekly", "direct"))
        done = saved(client, enterprise=str(number), **rows(*places))
        assert done.status_code == 303, done.text
        one = only(storage)
        assert set(one.addresses) == {OWN, CHAT, BEN} and set(one.ways) == {
            Way(address=OWN, grade=Grade.PROBABLE, frequency=Frequency.DAILY),
            Way(address=CHAT, grade=Grade.PROBABLE, frequency=Frequency.IMMEDIATE),
            Way(address=BEN, grade=Grade.DIRECT, frequency=Frequency.WEEKLY),
        }
        page = client.get(f"/en/mine/{one.id}").text
        assert "its owner signed in" in page and "a chat that has called the bot" in page
        assert "waits for its owner" in page and "at once" in page and "weekly" in page
        edit = client.get(f"/en/mine/{one.id}/edit").text
        assert re.search(r'value="weekly" selected', edit) and "waits for its owner" in edit
        (question,) = sent_to(service, BEN.target)
        code = CONFIRM.search(question.text)
        assert code is not None and "Anna &" in question.text
        assert answer(code[0], how="code", desk=service.desk) is not None
        assert "staff entered the code" in client.get(f"/en/mine/{one.id}").text
    with storage.look() as tx:
        deeds = [(deed.deed, deed.detail) for deed in tx.audit.list(about=f"subscription {one.id}")]
    assert deeds[0] == ("address.invite", {"addresses": 1})


def test_an_address_goes_and_comes_by_a_change_and_nothing_is_lost(storage: Storage) -> None:
    """A new version for each, with the reason; what waits at a chat that is left is told where it is told now."""
    service = with_a_bot(storage)
    number = of_enterprise(service, "Anna & Co")
    one = service.subscribe(enterprise="Anna & Co", addresses=(CHAT,), frequency=Frequency.IMMEDIATE)
    here = f"/en/mine/{one.id}"
    service.poll([DRINKS])
    with visitor(service) as client:
        signed_in(client, service)
        assert re.search(
            r'id="to-\d" name="to-\d" value="1" checked> <span><bdi>Telegram 77', client.get(f"{here}/edit").text
        )
        sent = {f"at-{n}": at for n, at in enumerate((f"email:{ANNA}", "telegram:77", ""))}
        done = saved(client, f"{here}/edit", often="immediate", why="mail is better", **sent, **{"to-0": "1"})
        assert done.status_code == 303, done.text
        page = client.get(here).text
        assert "mail is better" in page and ANNA in page and "Telegram 77" not in page
    assert [mail for mail in sent_to(service, ANNA) if "G/TBT/N/KEN/1999" in mail.text]
    with storage.look() as tx:
        after = tx.subscriptions.get(one.id)
        assert after.addresses == (OWN,) and after.version == 2 and after.ways == ()
        assert [deed.deed for deed in tx.audit.list(about=f"subscription {one.id}")] == ["subscription.change"]
        assert tx.subscriptions.find_enterprise("Anna & Co") == number


def test_what_came_while_the_form_stood_open_stays(sqlite: Storage) -> None:
    """An address that staff added meanwhile is in no row of the form: saving it takes nothing away."""
    service = with_a_bot(sqlite)
    of_enterprise(service, "Anna & Co")
    one = service.subscribe(enterprise="Anna & Co", addresses=(OWN, CHAT, BEN))
    several = (
        Way(address=OWN, grade=Grade.DIRECT, frequency=Frequency.IMMEDIATE),
        Way(address=OWN, grade=Grade.BROAD, frequency=Frequency.WEEKLY),
    )
    with sqlite.begin() as tx:
        tx.subscriptions.set_ways(one.id, several)
    with visitor(service) as client:
        signed_in(client, service)
        assert "as it is: direct at once; probable weekly" in client.get(f"/en/mine/{one.id}/edit").text
        done = saved(
            client, f"/en/mine/{one.id}/edit", **rows((f"email:{ANNA}", "keep", ""), ("telegram:77", "daily", ""))
        )
        assert done.status_code == 303, done.text
        assert saved(client, f"/en/mine/{one.id}/edit", name="juice", often="immediate").status_code in (303, 400)
    after = only(sqlite)
    assert set(after.addresses) == {OWN, CHAT, BEN} and set(several) < set(after.ways)


def test_nobody_is_made_to_write_to_strangers(storage: Storage) -> None:
    """So many a day, whatever enterprise; so many a subscription; none where owners are not asked; nothing is kept."""
    service = a_town(storage)
    service.desk = replace(service.desk, opt_in=OptIn(channels=frozenset({"email"}), invitations=3))
    with visitor(service) as client:
        signed_in(client, service)

        def invite(*names: str, **over: str) -> httpx.Response:
            return saved(client, **{**rows(*((f"{name}@example.com", "", "") for name in names)), **over})

        before = everything_stored(storage)
        many = invite("a", "b", "c", "d")
        assert many.status_code == 400 and "at most 3 owners" in many.text and "b@example.com" in many.text
        twelve = [f"a{n}" for n in range(MOST_ADDRESSES + 1)]
        assert f"At most {MOST_ADDRESSES} addresses" in invite(*twelve).text
        assert "is not a mail address" in invite("a b").text
        assert "Choose at least one address" in saved(client, **{"at-0": f"email:{ANNA}"}).text
        assert "not linked with this enterprise" in saved(client, **rows(("telegram:77", "", ""))).text
        assert "is not a mail address" in saved(client, **rows(("file:secrets", "", ""))).text
        assert everything_stored(storage) == before
        assert invite("a", "b").status_code == 303
        assert invite("c", "d", firm="Another", hs="95").status_code == 400
        service.clock.turn(seconds=int(timedelta(days=1, minutes=1).total_seconds()))
        assert invite("c", "d", firm="Another", hs="95").status_code == 303
        service.desk = replace(service.desk, opt_in=NOT_ASKED)
    with visitor(service) as client:
        signed_in(client, service)
        before = everything_stored(storage)
        page = client.get("/en/mine/new").text
        assert "only staff add colleagues" in page and "A colleague" not in page
        refused = saved(client, **rows(("e@example.com", "", "")), hs="85")
        assert refused.status_code == 400 and "only staff add" in refused.text
        assert everything_stored(storage) == before


def test_a_question_brings_no_strangers_link(sqlite: Storage) -> None:
    """It names the enterprise and the words that are looked for: with a web address in them nobody is asked."""
    service = a_town(sqlite)
    with visitor(service) as client:
        signed_in(client, service)
        before, ben = everything_stored(sqlite), rows((f"email:{ANNA}", "", ""), (BEN.target, "", ""))
        for typed in ({"firm": "Win at https://x.example"}, {"words": "see www.x.example"}, {"exclude": "x.example/a"}):
            refused = saved(client, **ben, **typed)
            assert refused.status_code == 400 and "Take the web address out" in refused.text
        assert everything_stored(sqlite) == before
        assert saved(client, **rows((f"email:{ANNA}", "", "")), words="www.x.example").status_code == 303
        here = f"/en/mine/{only(sqlite).id}/edit"
        refused = saved(client, here, **ben, words="www.x.example")
        assert refused.status_code == 400 and "Take the web address out" in refused.text
        assert saved(client, here, **ben).status_code == 303
    assert set(only(sqlite).addresses) == {OWN, BEN}


def test_a_chat_and_people_of_another_enterprise_are_not_offered(sqlite: Storage) -> None:
    """Of several enterprises the chosen one's; a subscription whose enterprise is not theirs has no rows at all."""
    service = with_a_bot(sqlite)
    first, second = of_enterprise(service, "First"), of_enterprise(service, "Second")
    of_enterprise(service, "Second", "chen@example.com")
    service.subscribe(enterprise="Second", addresses=(CHAT,))
    with sqlite.begin() as tx:
        tx.chats.add_code("ABCD-EFGH", enterprise_id=second, now=service.clock(), good_for=timedelta(hours=1))
    link(service, "ABCD-EFGH")
    alone = service.subscribe(enterprise="Elsewhere", addresses=(OWN,), name="alone")
    with visitor(service) as client:
        signed_in(client, service)
        of_first, of_second = (client.get(f"/en/mine/new?enterprise={number}").text for number in (first, second))
        assert "telegram:77" not in of_first and "chen@example.com" not in of_first
        assert "telegram:77" in of_second and "chen@example.com" in of_second
        refused = saved(client, enterprise=str(first), **rows(("telegram:77", "", "")))
        assert refused.status_code == 400 and "not linked with this enterprise" in refused.text
        assert 'name="at-0"' not in client.get(f"/en/mine/{alone.id}/edit").text
        form = rows((f"email:{ANNA}", "", ""), (BEN.target, "", ""))
        assert saved(client, f"/en/mine/{alone.id}/edit", **form).status_code == 303
    with sqlite.look() as tx:
        assert tx.subscriptions.get(alone.id).addresses == (OWN,) and tx.confirmations.of_address(BEN) == []


def test_what_was_stopped_stands_there_with_its_reason(sqlite: Storage) -> None:
    """An address that takes nothing any more; to whom the enterprise is not theirs, by its beginning only."""
    service = a_town(sqlite)
    of_enterprise(service, "Anna & Co")
    told = Address(channel="email", target="told@example.com")
    one = service.subscribe(enterprise="Anna & Co", addresses=(OWN, BEN, told))
    endings = Endings(desk=service.desk, staff=Staff(address=None, language="en", after=timedelta(hours=1)))
    with sqlite.begin() as tx:
        endings.end(BEN, reason="complaint", detail="", tx=tx, now=service.clock())
    with visitor(service) as client:
        signed_in(client, service)
        page = client.get(f"/en/mine/{one.id}").text
        assert BEN.target in page and "stopped on 2 March 2026: the recipient complained" in page
    with visitor(service) as client:
        signed_in(client, service, told.target)
        page = client.get(f"/en/mine/{one.id}").text
        assert BEN.target not in page and ANNA not in page and "b…@example.com" in page and told.target in page


def test_who_was_erased_is_not_added_again(sqlite: Storage) -> None:
    """Their address is written to no more: the page says so, and nothing is kept."""
    service = a_town(sqlite)
    service.subscribe(enterprise="Gone", addresses=(BEN,))
    erase("Gone", by="test", why="asked", desk=service.desk)
    with visitor(service) as client:
        signed_in(client, service)
        before = everything_stored(sqlite)
        refused = saved(client, **rows((f"email:{ANNA}", "", ""), (BEN.target, "", "")))
        assert refused.status_code == 400 and "was erased once" in refused.text
        assert everything_stored(sqlite) == before


def test_every_reason_has_its_words() -> None:
    """How owners agree and why addresses are stopped is said on the page, whatever is recorded."""
    assert {f"places.how.{how}" for how in CONSENTS} | {f"places.why.{why}" for why in ENDS} <= set(PLACES)


def test_the_pages_are_html_by_the_letter(sqlite: Storage) -> None:
    """By a parser that forgives nothing, with what somebody hostile calls a chat, an enterprise and a colleague."""
    service = with_a_bot(sqlite)
    number = of_enterprise(service, PAYLOADS[1])
    with sqlite.begin() as tx:
        tx.chats.add_code("ABCD-EFGH", enterprise_id=number, now=service.clock(), good_for=timedelta(hours=1))
    link(service, "ABCD-EFGH", name=" ".join(PAYLOADS[:4]))
    one = service.subscribe(enterprise=PAYLOADS[1], name=PAYLOADS[0], addresses=(CHAT,))
    with visitor(service) as client:
        signed_in(client, service)
        texts = [client.get(f"/en/mine/{at}").text for at in ("chats", "new", f"{one.id}", f"{one.id}/edit")]
        texts.append(client.post("/en/mine/chats", data={"csrf": token(client)}).text)
        texts.append(saved(client, **rows((PAYLOADS[1], "", ""))).text)
    for text in texts:
        html5lib.HTMLParser(strict=True).parse(text)
        assert "<img" not in text and "<script>alert" not in text
