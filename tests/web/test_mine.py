"""The pages of whoever is signed in: what is theirs, and nothing else, for anybody."""

from __future__ import annotations

import re
from dataclasses import replace

from sqlalchemy import text

from notifiers.message import Message
from subscriptions.criteria import Address, Criteria, Frequency
from subscriptions.forecast import Limits
from tbtwatch.pipeline.feeds import make_feed
from tbtwatch.pipeline.opt_in import OptIn
from tbtwatch.storage import Storage
from tbtwatch.storage.rows import Row
from tbtwatch.web.app import make_app
from tests.builders import a_notice
from tests.pipeline.service import SmallService
from tests.web.test_sign_in import ANNA, a_site, signed_in, token, visitor
from tests.web.town import notices

OWN = Address(channel="email", target=ANNA)
TOYS = Criteria(hs=frozenset({"9503"}))


def a_town(storage: Storage) -> SmallService:
    """A service with measures, that asks owners of addresses before it writes to them."""
    service = a_site(storage).seeded(*notices())
    service.desk = replace(service.desk, opt_in=OptIn(channels=frozenset({"email"})))
    return service


def sent_to(service: SmallService, target: str) -> list[Message]:
    """What an address got, where owners are asked first."""
    service.deliver(asking=frozenset({"email"}))
    return [one for one in service.notifier.sent if one.recipient == target]


def test_a_subscription_is_made_previewed_and_told(storage: Storage) -> None:
    """By plain forms: words find the product, the preview changes nothing, saving needs no further question."""
    service = a_town(storage)
    with visitor(service) as client:
        signed_in(client, service)
        found = client.get("/en/mine/new?find=toys")
        assert found.status_code == 200 and 'value="toys"' in found.text
        shown = client.get("/en/mine/new?find=drinks&hs=22&market=KEN&often=immediate&lang=en")
        assert shown.status_code == 200 and "What it would have brought" in shown.text
        assert "G/TBT/N/KEN/1514" in shown.text
        with storage.look() as tx:
            assert tx.subscriptions.count_live() == 0
        saved = client.post(
            "/en/mine/new",
            data={
                "hs": "22",
                "market": "KEN",
                "often": "immediate",
                "lang": "en",
                "firm": "Anna & Co",
                "name": "drinks",
                "csrf": token(client, "/en/mine/new"),
            },
        )
        assert saved.status_code == 303, saved.text
        page = client.get(saved.headers["location"])
        assert page.status_code == 200 and "drinks" in page.text
        assert "drinks" in client.get("/en/mine").text
    service.poll([a_notice(symbol="G/TBT/N/KEN/1999")])
    assert [one.subject for one in sent_to(service, ANNA) if "1999" in one.subject]
    with storage.look() as tx:
        (one,) = tx.subscriptions.live()
        assert (one.criteria.hs, one.criteria.markets, one.frequency) == ({"22"}, {"KEN"}, Frequency.IMMEDIATE)
        assert one.enterprise == f"Anna & Co ({ANNA})" and one.addresses == (OWN,)
        (state,) = tx.confirmations.of_address(OWN)
        assert state.how == "signed_in"
    with visitor(service) as client:
        signed_in(client, service)
        assert "G/TBT/N/KEN/1999" in client.get(f"/en/mine/{one.id}").text
        why = client.get(f"/en/mine/{one.id}/why?symbol=KEN/1999")
        assert "Fits" in why.text and client.get(f"/en/mine/{one.id}/proof?symbol=KEN/1999").status_code == 200


def everything_stored(storage: Storage) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables but what is noted of looking itself."""
    tables = [name for name in Row.metadata.tables if name not in ("web_session", "meta")]
    with storage.engine.connect() as connection:
        return {name: sorted(map(repr, connection.execute(text(f'SELECT * FROM "{name}"')))) for name in tables}  # type: ignore[misc]


def routes_with_numbers(service: SmallService) -> list[tuple[str, str]]:
    """Every page of whoever is signed in whose address holds a number: its method and its path."""
    app = make_app(service.desk)
    found = []
    for route in app.router.routes:
        path = getattr(route, "path", "")
        if "/mine" in path and ":int}" in path:
            found += [(method, path) for method in sorted(getattr(route, "methods", ()) or ()) if method != "HEAD"]
    return found


def bob(service: SmallService) -> tuple[int, int, int]:
    """Somebody else, with an enterprise, a subscription and a link: their numbers."""
    his = Address(channel="email", target="bob@example.com")
    other = service.subscribe(addresses=(his,), enterprise="Bob & Co", name="his own")
    with service.storage.begin() as tx:
        number = tx.subscriptions.find_enterprise("Bob & Co")
        assert number is not None
        tx.contacts.add(
            number, name="Bob", role="owner", language="en", addresses=(his,), by="test", now=service.clock()
        )
    feed, _ = make_feed(
        enterprise="Bob & Co", subscription_id=other.id, language="en", name="x", by="test", desk=service.desk
    )
    return other.id, number, feed.id


def test_what_is_anothers_does_not_exist(storage: Storage) -> None:
    """Every page and every form, with another's numbers: the page for an unknown address, and nothing changed."""
    service = a_town(storage)
    his, enterprise, feed = bob(service)
    with visitor(service) as client:
        signed_in(client, service)
        client.post("/en/mine/new", data={"hs": "22", "market": "KEN", "csrf": token(client)})
        with storage.look() as tx:
            (mine,) = (one.id for one in tx.subscriptions.live() if one.id != his)
        unknown = client.get("/en/there-is-no-such-page")
        assert unknown.status_code == 404
        form = {
            "csrf": token(client),
            "until": "2026-12-24",
            "name": "Bob & Co",
            "hs": "85",
            "market": "USA",
            "why": "because",
        }
        before = everything_stored(storage)
        routes = routes_with_numbers(service)
        assert len(routes) >= 12
        tried = 0
        for method, path in routes:
            for number in (his, 0, 2**63, 10**30):
                for other in (feed, 0):
                    address = path.replace("{language:language}", "en").replace("{id:int}", str(number))
                    address = address.replace("{enterprise:int}", str(enterprise if number == his else number))
                    address = address.replace("{feed:int}", str(other))
                    query = {"symbol": "KEN/1514"} if method == "GET" else None
                    answer = client.request(method, address, params=query, data=form if method == "POST" else None)
                    assert (answer.status_code, answer.text) == (404, unknown.text), (method, address)
                    assert answer.headers["cache-control"] == unknown.headers["cache-control"]
                    tried += 1
        assert client.post(f"/en/mine/{mine}/feed/{feed}/revoke", data=form).status_code == 404
        assert client.post("/en/mine/new", data={**form, "enterprise": str(enterprise)}).status_code == 404
        assert everything_stored(storage) == before and tried > 90
        for path in ("/en/mine", "/en/mine/data", f"/en/mine/{mine}"):
            shown = client.get(path).text
            assert "Bob" not in shown and "his own" not in shown
        # And the same without anybody signed in: the way to sign in, and nothing changed.
        client.cookies.clear()
        for method, path in routes:
            address = path.replace("{language:language}", "en").replace("{id:int}", str(his))
            address = address.replace("{enterprise:int}", str(enterprise)).replace("{feed:int}", str(feed))
            answer = client.request(method, address, data=form if method == "POST" else None)
            assert answer.status_code == 303 and answer.headers["location"].startswith("/en/sign-in")
        assert everything_stored(storage) == before


def test_people_of_an_enterprise_and_of_its_association_share_it(sqlite: Storage) -> None:
    """A contact sees all of it, so does one of the association; who is only told sees their own, and may leave it."""
    service = a_town(sqlite)
    told = Address(channel="email", target="Told@example.com")
    one = service.subscribe(addresses=(OWN, told), enterprise="Member", name="together")
    two = service.subscribe(addresses=(told,), enterprise="Member", name="apart", criteria=TOYS)
    with visitor(service) as client:
        signed_in(client, service, "told@example.com")
        page = client.get(f"/en/mine/{one.id}")
        assert ANNA not in page.text and "a…@example.com" in page.text
        assert client.get(f"/en/mine/{one.id}/edit").status_code == 404
        assert client.get(f"/en/mine/{two.id}/edit").status_code == 200
        assert client.post(f"/en/mine/{one.id}/end", data={"csrf": token(client)}).status_code == 303
        assert client.get(f"/en/mine/{one.id}").status_code == 404
        with sqlite.look() as tx:
            assert tx.subscriptions.get(one.id).addresses == (OWN,)
    with sqlite.begin() as tx:
        manager = tx.subscriptions.enterprise("Chamber", now=service.clock())
        member = tx.subscriptions.enterprise("Member", now=service.clock())
        tx.managements.begin(member, manager, by="test", why="x", now=service.clock())
        chen = Address(channel="email", target="chen@example.com")
        tx.contacts.add(manager, name="Chen", role="", language="zh", addresses=(chen,), by="test", now=service.clock())
    with visitor(service) as client:
        signed_in(client, service, "chen@example.com")
        assert "together" in client.get("/en/mine").text and "apart" in client.get("/en/mine").text
        assert ANNA in client.get(f"/en/mine/{one.id}").text
        assert client.get(f"/en/mine/data/{member}.json").status_code == 200
        erased = client.post(f"/en/mine/data/{member}/erase", data={"csrf": token(client), "name": "Member"})
        assert erased.status_code == 404


def test_it_is_changed_silenced_resumed_and_ended(sqlite: Storage) -> None:
    """Each by its button, with a version or a record of who did it; links are shown once and can be revoked."""
    service = a_town(sqlite)
    one = service.subscribe(addresses=(OWN,), name="drinks", language="en")
    with visitor(service) as client:
        signed_in(client, service)
        here = f"/en/mine/{one.id}"
        shown = client.get(f"{here}/edit").text
        assert re.search(r'name="hs" value="22" checked', shown) and re.search(r'value="KEN" checked', shown)
        changed = {"hs": "22", "market": "UGA", "often": "weekly", "weekday": "4", "quiet": "22:00-07:00"}
        form = {**changed, "lang": "en", "name": "juice", "why": "we sell there now", "csrf": token(client)}
        assert client.post(f"{here}/edit", data=form).status_code == 303
        page = client.get(here).text
        assert "we sell there now" in page and "juice" in page and "nothing between 22:00 and 07:00" in page
        assert client.post(f"{here}/pause", data={"csrf": token(client), "until": "2020-01-01"}).status_code == 400
        assert client.post(f"{here}/pause", data={"csrf": token(client), "until": "2026-04-01"}).status_code == 303
        assert "silent until 1 April" in client.get(here).text
        assert client.post(f"{here}/resume", data={"csrf": token(client)}).status_code == 303
        made = client.post(f"{here}/feed", data={"csrf": token(client)})
        link = re.search(r'value="https://alerts\.example\.org(/f/[^"]+\.ics)"', made.text)
        assert link is not None and client.get(link[1]).status_code == 200
        assert link[1] not in client.get(here).text
        assert client.post(f"{here}/feed/1/revoke", data={"csrf": token(client)}).status_code == 303
        assert client.get(link[1]).status_code == 410
        assert client.post(f"{here}/end", data={"csrf": token(client)}).status_code == 303
        assert "ended on" in client.get(here).text
    with sqlite.look() as tx:
        stands = tx.subscriptions.get(one.id)
        deeds = [deed.deed for deed in tx.audit.list(about=f"subscription {one.id}")]
        assert [each.why for each in tx.versions.of(one.id)][:1] == ["we sell there now"]
    assert (stands.rhythm.weekday, stands.frequency, stands.name) == (4, Frequency.WEEKLY, "juice")
    assert deeds[::-1] == [
        "subscription.change",
        "subscription.pause",
        "subscription.resume",
        "feed.make",
        "feed.revoke",
        "subscription.end",
    ]


def test_a_flood_is_refused_as_on_the_command_line(sqlite: Storage) -> None:
    """The preview says so and offers what narrows it; whoever sends the form all the same is refused."""
    service = a_town(sqlite)
    service.desk = replace(service.desk, flood=Limits(a_week=0, in_digest=0))
    with visitor(service) as client:
        signed_in(client, service)
        shown = client.get("/en/mine/new?market=KEN")
        assert "more than anybody reads" in shown.text and "Save this subscription" not in shown.text
        sent = client.post("/en/mine/new", data={"market": "KEN", "csrf": token(client)})
        assert sent.status_code == 200 and "more than anybody reads" in sent.text
        assert client.post("/en/mine/new", data={"csrf": token(client)}).status_code == 400
    with sqlite.look() as tx:
        assert tx.subscriptions.count_live() == 0


def test_a_name_that_is_taken_tells_nothing_and_gives_nothing(sqlite: Storage) -> None:
    """Who calls their enterprise as another is called gets one of their own, and sees nothing of the other."""
    service = a_town(sqlite)
    bob(service)
    with visitor(service) as client:
        signed_in(client, service)
        form = {"hs": "22", "market": "KEN", "firm": "Bob & Co", "csrf": token(client)}
        assert client.post("/en/mine/new", data=form).status_code == 303
        assert "his own" not in client.get("/en/mine").text
        form = {"hs": "9503", "firm": "Bob & Co", "csrf": token(client)}
        assert client.post("/en/mine/new", data=form).status_code == 303
    with sqlite.look() as tx:
        names = sorted({one.enterprise for one in tx.subscriptions.live()})
    assert names == ["Bob & Co", f"Bob & Co ({ANNA})", f"Bob & Co ({ANNA}) 2"]


def test_an_owner_takes_everything_along_and_erases_it(sqlite: Storage) -> None:
    """As JSON; and for good, once its name was typed."""
    service = a_town(sqlite)
    his, number, _ = bob(service)
    with visitor(service) as client:
        signed_in(client, service, "bob@example.com")
        whole = client.get(f"/en/mine/data/{number}.json")
        assert whole.json()["enterprise"] == "Bob & Co" and "attachment" in whole.headers["content-disposition"]
        wrong = client.post(f"/en/mine/data/{number}/erase", data={"csrf": token(client), "name": "Bob"})
        assert wrong.status_code == 400
        done = client.post(f"/en/mine/data/{number}/erase", data={"csrf": token(client), "name": "Bob & Co"})
        assert done.status_code == 303 and client.get(f"/en/mine/{his}").status_code == 404
    with sqlite.look() as tx:
        assert tx.subscriptions.find_enterprise("Bob & Co") is None
