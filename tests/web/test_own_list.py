"""A product list is uploaded on a page: shown, then saved, and followed; a file that is none says why."""

from __future__ import annotations

import re
from html import unescape

from subscriptions.criteria import Address
from tbtwatch.pipeline.own_list import LARGEST
from tbtwatch.storage import Storage
from tests.web.test_mine import a_town, bob
from tests.web.test_sign_in import ANNA, signed_in, token, visitor

LIST = "sku,name,hs,market\nA-1,Orange juice,2202.99,Kenya\nA-2,=Toy,9503.00,Uganda\n"


def test_a_list_is_shown_saved_and_followed(storage: Storage) -> None:
    """What follows from the file is shown and nothing is written; saved, its subscriptions are told to the owner."""
    service = a_town(storage)
    with visitor(service) as client:
        signed_in(client, service)
        form = {"csrf": token(client), "often": "daily", "lang": "en", "firm": "Juices"}
        shown = client.post("/en/mine/products", data=form, files={"file": ("l.csv", LIST.encode())})
        assert shown.status_code == 200 and "2 products read" in shown.text and "Orange juice" in shown.text
        with storage.look() as tx:
            assert tx.subscriptions.count_live() == 0 and tx.subscriptions.find_enterprise(f"Juices ({ANNA})") is None
        kept = re.search(r'name="list" value="([^"]*)"', shown.text)
        assert kept is not None
        saved = client.post("/en/mine/products", data={**form, "list": unescape(kept[1])})
        assert saved.status_code == 303, saved.text
        with storage.look() as tx:
            number = tx.subscriptions.find_enterprise(f"Juices ({ANNA})")
            assert number is not None and [one.product.sku for one in tx.products.live(number)] == ["A-1", "A-2"]
            assert {one.product.name for one in tx.products.live(number)} == {"Orange juice", "=Toy"}
            live = tx.subscriptions.live()
            assert {one.addresses for one in live} == {(Address(channel="email", target=ANNA),)}
            assert {code for one in live for code in one.criteria.hs} == {"220299", "950300"}
        again = {**form, "csrf": token(client), "enterprise": str(number)}
        less = client.post(
            "/en/mine/products", data=again, files={"file": ("l.csv", LIST.rpartition("A-2")[0].encode())}
        )
        assert less.status_code == 200 and "These end" in less.text


def test_a_file_that_is_no_list_says_why(sqlite: Storage) -> None:
    """Empty, a picture, without known headers, too large, or for another's enterprise: nothing is kept."""
    service = a_town(sqlite)
    _, another, _ = bob(service)
    with visitor(service) as client:
        signed_in(client, service)
        form = {"csrf": token(client)}

        def upload(body: bytes, **more: str) -> int:
            files = {"file": ("l.csv", body)}
            return client.post("/en/mine/products", data={**form, **more}, files=files).status_code

        assert upload(b"") == 400
        assert upload(b"\x89PNG\r\n\x1a\n" + b"\0" * 100) == 400
        assert upload(b"a,b\n1,2\n") == 400
        assert upload(LIST.encode(), enterprise=str(another)) == 404
        assert upload(b"x" * (LARGEST + 2_000_000)) == 413
        assert upload(LIST.encode(), csrf="wrong") == 403
    with sqlite.look() as tx:
        assert tx.products.counts() == {}
