"""The pages behind the door, for the checkers of HTML: an exporter's own, and the staff's with something to show."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx

from tbtwatch.storage import Storage
from tbtwatch.storage.people import Role
from tbtwatch.web.staff.source_entry import NEW
from tests.web.keeper import keepers_office
from tests.web.office import FLOODING, KENYA, TROUBLED, an_office, send
from tests.web.rule_desk import PUBLISHER, Member, a_desk, members
from tests.web.test_mine import a_town
from tests.web.test_rule_pages import EDIT, NAME, WRITTEN
from tests.web.test_sign_in import signed_in, token, visitor
from tests.web.town import BATTERY, JOINT

LANGUAGES = ("zh", "en")
#: Of who is signed in, behind the language; {id} is their subscription.
OWN = (
    "account",
    "mine",
    "mine/new",
    "mine/new?find=drinks,+qwertz&hs=22&open=22&market=KEN&market=EAC&often=weekly",
    "mine/new?words=a,?",
    "mine/products",
    "mine/data",
    "mine/chats",
    "mine/{id}",
    "mine/{id}/edit",
    "mine/{id}/why",
    "mine/{id}/why?symbol=G/TBT/N/KEN/1514",
    f"mine/{{id}}/why?symbol={BATTERY}",
    "mine/{id}/why?symbol=nothing",
    "mine/999",
)
#: Of the staff, behind "staff/".
STAFF = (
    "sources",
    "sources?try=https://example.org/",
    f"sources/{TROUBLED}",
    f"sources/{FLOODING}",
    "deliveries",
    "deliveries?state=failed&q=nobody",
    "deliveries/1",
    "deliveries/2",
    "deliveries/3",
    "support",
    f"support?enterprise=Ningbo+Drinks&symbol={KENYA}",
    f"support?enterprise=Ningbo+Tyres&symbol={KENYA}",
    "enterprises",
    "enterprises/1",
    "people",
    "audit",
    "settings",
)
#: Of a keeper whose sources stand in files, behind "staff/".
KEPT = ("sources", f"sources/{NEW}", "sources/kettles", "sources/kettles/entry", "sources/kettles/backfill")
#: About rules, behind "staff/rules". Version 2 is a draft that was back-tested and is under evaluation.
RULES = (
    "", "?q=toy&kind=keyword&state=bare", "?q=nothing+here", "/versions", "/import", "/overrides", "/consequences",
    "/suggestions", "/queue", "/v/1", "/v/2", "/v/2/evaluation", "/v/1/new", "/v/1/new/keyword", "/v/1/new/combination",
    "/v/1/new/hs_code", "/v/1/new/regex", f"/v/1/r/{NAME}", f"/v/2/r/{NAME}", f"/{EDIT}",
    f"/{EDIT}?as=text", "/reports/1",
)  # fmt: skip


def own_pages(storage: Storage) -> Iterator[tuple[str, str]]:
    """Those of somebody with a subscription, a product list and a link to a feed; and a form that is refused."""
    service = a_town(storage)
    with visitor(service) as client:
        for language in LANGUAGES:
            for page in ("sign-in", "sign-in/sent", "sign-in/nothing"):
                yield f"/{language}/{page}", client.get(f"/{language}/{page}").text
        signed_in(client, service)
        wish = {"hs": "22", "market": "KEN", "often": "immediate", "lang": "en", "firm": "Anna & Co", "name": "drinks"}
        saved = client.post("/en/mine/new", data={**wish, "csrf": token(client, "/en/mine/new")})
        number = saved.headers["location"].rpartition("/")[2]
        for language in LANGUAGES:
            for page in OWN:
                address = f"/{language}/{page.format(id=number)}"
                yield address, client.get(address).text
            form = {"csrf": token(client), "often": "daily", "lang": language}
            rows = b"sku,name,hs,market\nA,Juice,2202.99,Kenya\nB,<b>Toy</b>,95,Uganda\n"
            for what, content in (("a list", rows), ("no list", b"%PDF-1.7")):
                sent = client.post(f"/{language}/mine/products", data=form, files={"file": ("l.csv", content)})
                yield f"/{language}/mine/products ({what})", sent.text
            feed = client.post(f"/{language}/mine/{number}/feed", data={"csrf": token(client)})
            yield f"/{language}/mine/{number}/feed", feed.text
            wrong = client.post(f"/{language}/mine/{number}/pause", data={"csrf": token(client), "until": "x"})
            yield f"/{language}/mine/{number}/pause", wrong.text
            yield f"/{language}/mine/new (refused)", client.post(f"/{language}/mine/new", data=wish).text


def staff_pages(storage: Storage) -> Iterator[tuple[str, str]]:
    """Those of an office where a source fails, news is held, messages had every fate; and a deed that is refused."""
    office = an_office(storage)
    with office.browser(*Role) as client:
        for language in LANGUAGES:
            for page in STAFF:
                address = f"/{language}/staff/{page}"
                yield address, client.get(address).text
            people = f"/{language}/staff/people"
            yield f"{people} (refused)", send(client, people, people, email="no address", role="admin").text


def keepers_pages(storage: Storage) -> Iterator[tuple[str, str]]:
    """Those of sources that are set up by page, as they are and where an entry is refused."""
    with keepers_office(storage).browser(*Role) as client:
        for language in LANGUAGES:
            for page in KEPT:
                address = f"/{language}/staff/{page}"
                yield address, client.get(address).text
            entry = f"/{language}/staff/sources/kettles/entry"
            yield f"{entry} (refused)", send(client, entry, entry, text="name: kettles\nkind: <b>", reason="").text


def rule_pages(storage: Storage) -> Iterator[tuple[str, str]]:
    """Those of a draft that was written, back-tested and put under evaluation; previews, and what is refused."""
    with members(a_desk(storage), PUBLISHER) as (li,):
        _worked(li)
        for language in LANGUAGES:
            root = f"/{language}/staff/rules"
            for page in RULES:
                yield f"{root}{page}", li.client.get(f"{root}{page}").text
            for name, form in (("preview", WRITTEN), ("a mistake", {**WRITTEN, "f.grade": "sure"})):
                path = f"{root}/{EDIT}/preview" if name == "preview" else f"{root}/{EDIT}"
                sent = li.client.post(path, data={"csrf": li.token(""), **form, "deed": name})
                yield f"{path} ({name})", _whole(sent)
            for path in ("overrides", "import", "v/1/publish"):
                refused = li.client.post(
                    f"{root}/{path}", data={"csrf": li.token(""), "reason": "x", "text": "rules: 1"}
                )
                yield f"{root}/{path} (refused)", refused.text


def _worked(li: Member) -> None:
    """A draft with its report and its evaluation, a word on a measure, lines in the queue, suggestions."""
    for path, form in (
        (EDIT, dict(WRITTEN)),
        ("v/2/backtest", {}),
        ("v/2/evaluate", {}),
        ("suggestions", {}),
        ("queue", {}),
        ("overrides", {"symbol": JOINT[0], "facet": "area", "value": "food", "reason": "it is"}),
    ):
        sent = li.post(path, **form)
        assert sent.status_code == 303, (path, sent.status_code, re.sub("<[^>]*>", "", sent.text)[-600:])
        li.wait()


def _whole(answer: httpx.Response) -> str:
    """A page; what the script puts into a page is given one around it."""
    if answer.text.lstrip().lower().startswith("<!doctype"):
        return answer.text
    head = '<!doctype html>\n<html lang="en"><head><title>a part</title></head>'
    return f"{head}<body><div>{answer.text}</div></body></html>"
