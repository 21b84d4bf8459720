"""The pages of whoever is signed in: what is theirs, and nothing else, for anybody."""

from __future__ import annotations

from dataclasses import replace

from notifiers.message import Message
from subscriptions.criteria import Address, Frequency
from tbtwatch.pipeline.opt_in import OptIn
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.pipeline.service import SmallService
from tests.web.test_sign_in import ANNA, a_site, signed_in, token, visitor
from tests.web.town import notices

OWN = Address(channel="email", target=ANNA)


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
