"""History is read by page: its progress, its end, its faults; broken off by whatever, it goes on, and tells nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from subscriptions.criteria import Criteria
from tbtwatch.pipeline import lease
from tbtwatch.storage import Storage
from tbtwatch.storage.people import Role
from tests.journeys.register import Register, register
from tests.web.keeper import IRONS, keepers_office
from tests.web.office import Office, send

PAGE = "/en/staff/sources/register/backfill"
RANGE = {"since": "2025-01-01", "until": "2025-01-30", "reason": "for the new members"}
LONGEST = 60


@pytest.fixture
def publisher() -> Iterator[Register]:
    """Twenty documents a day for thirty days; every tenth is wanted."""
    with register(first=date(2025, 1, 1), days=30, each_day=20) as publisher:
        yield publisher


@pytest.fixture
def office(sqlite: Storage, publisher: Register) -> Office:
    """It, and a feed that cannot be asked for days; somebody subscribes to everything at once."""
    office = keepers_office(sqlite, publisher.entry(), {**IRONS, "enabled": True})
    office.service.subscribe(criteria=Criteria(markets=frozenset({"USA"})))
    return office


@pytest.fixture
def keeper(office: Office) -> Iterator[httpx.Client]:
    """Who keeps the sources."""
    with office.browser(Role.SOURCE_KEEPER) as client:
        yield client


def ended(client: httpx.Client) -> str:
    """The part of the page that says how far it is, when nothing runs any more."""
    for _ in range(6000):
        part = client.get(f"{PAGE}/now").text
        if "hx-trigger" not in part:
            return part
    raise AssertionError("it does not end")


def test_a_range_of_days_is_read_and_nobody_is_told(office: Office, keeper: httpx.Client, publisher: Register) -> None:
    """While it runs the page says by whom, how far, and looks again; then what came of it."""
    publisher.stops_at = 0
    begun = send(keeper, PAGE, PAGE, **RANGE)
    assert begun.status_code == 303 and publisher.stopped.wait(LONGEST)
    page = keeper.get(begun.headers["location"]).text
    assert "Begun." in page and "by staff@example.com" in page and 'hx-trigger="every 2s"' in page
    assert '<progress max="30" value="0"' in page and "0 of 30 days (0 %)" in page
    assert "days are left" not in page
    busy = send(keeper, PAGE, PAGE, **{**RANGE, "since": "2025-01-02"})
    assert busy.status_code == 409 and "the history of register is being read" in busy.text
    assert 'value="2025-01-02"' in busy.text
    publisher.go_on.set()
    part = ended(keeper)
    assert "It is done." in part and "30 of 30 days (100 %)" in part and "60 notices: 60 new" in part
    with office.storage.look() as tx:
        assert tx.notices.counts()["notices"] == 60 and tx.outbox.list() == []
    assert office.deeds() == [("staff@example.com", "source.backfill", "source register")]
    assert "days are left" not in keeper.get(PAGE).text


def test_a_button_breaks_it_off_and_it_goes_on(
    office: Office, keeper: httpx.Client, publisher: Register, sqlite: Storage
) -> None:
    """What is left is there after a restart too; the rest is read, or let go of."""
    publisher.stops_at = 0
    send(keeper, PAGE, PAGE, **RANGE)
    assert publisher.stopped.wait(LONGEST)
    assert send(keeper, f"{PAGE}/stop", PAGE, reason="no").status_code == 422
    assert send(keeper, f"{PAGE}/forget", PAGE, **RANGE).status_code == 422
    assert send(keeper, f"{PAGE}/stop", PAGE, reason="it is the wrong year").status_code == 303
    assert "It was broken off by a person" in ended(keeper)
    publisher.go_on.set()
    assert send(keeper, f"{PAGE}/stop", PAGE, reason="once more").status_code == 422
    later = keepers_office(sqlite, publisher.entry())
    with later.browser(email="staff@example.com") as client:
        assert "2025-01-01 to 2025-01-30: 30 of 30 days are left" in client.get(PAGE).text
        assert send(client, PAGE, PAGE, **RANGE).status_code == 303
        assert "60 new" in ended(client)
        assert "days are left" not in client.get(PAGE).text
    assert "days are left" not in keeper.get(PAGE).text


def test_what_is_left_is_let_go_of(office: Office, keeper: httpx.Client, publisher: Register) -> None:
    """It is not offered any more, and the record says who did not want it."""
    publisher.busy[0] = "86400"
    send(keeper, PAGE, PAGE, **RANGE)
    part = ended(keeper)
    assert "It was broken off:" in part and 'class="note failed"' in part and "What was read is kept" in part
    assert "30 of 30 days are left" in keeper.get(PAGE).text
    gone = send(keeper, f"{PAGE}/forget", PAGE, **RANGE)
    assert "The rest is not read." in keeper.get(gone.headers["location"]).text
    assert "days are left" not in keeper.get(PAGE).text
    assert [deed for _, deed, _ in office.deeds()] == ["source.backfill", "source.backfill.forget"]


def test_one_that_is_read_by_others_is_left_to_them(office: Office, keeper: httpx.Client) -> None:
    """Who reads it is said, as the command says it."""
    now = office.service.clock()
    with office.storage.begin() as tx:
        holder = lease.this_process("a back-fill of 2024", by="wang", now=now)
        assert not lease.claim("register", tx, now=now, holder=holder)
    send(keeper, PAGE, PAGE, **RANGE)
    part = ended(keeper)
    assert "It was broken off:" in part and "a back-fill of 2024" in part


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"since": ""}, "give a first and a last day"),
        ({"since": "2025-02-30"}, "give a first and a last day"),
        ({"since": "2025-02-01"}, "the earlier one first"),
        ({"until": "2099-01-01"}, "still to come"),
        ({"reason": " "}, "say why"),
    ],
)
def test_what_cannot_be_begun_is_a_sentence_and_the_days_are_kept(
    office: Office, keeper: httpx.Client, over: dict[str, str], sentence: str
) -> None:
    """Nothing is asked of the publisher."""
    asked = {**RANGE, **over}
    answer = send(keeper, PAGE, PAGE, **asked)
    assert answer.status_code == 422 and sentence in answer.text
    assert re.search(f'name="until"[^>]*value="{asked["until"]}"', answer.text)
    assert office.deeds() == []


def test_only_keepers_and_only_sources_that_can(office: Office, keeper: httpx.Client) -> None:
    """A feed has no such page, nor a link to it; to who keeps no sources there is none at all."""
    assert keeper.get("/en/staff/sources/irons/backfill").status_code == 404
    assert "/backfill" not in keeper.get("/en/staff/sources/irons").text
    assert "/sources/register/backfill" in keeper.get("/en/staff/sources/register").text
    with office.browser(Role.SUPPORT, email="other@example.com") as client:
        for at in (PAGE, f"{PAGE}/now"):
            assert client.get(at).status_code == 404
        for deed in (PAGE, f"{PAGE}/stop", f"{PAGE}/forget"):
            assert client.post(deed, data=RANGE).status_code == 404


def test_the_page_is_there_in_both_languages(keeper: httpx.Client) -> None:
    """With one heading."""
    for language in ("zh", "en"):
        answer = keeper.get(f"/{language}/staff/sources/register/backfill")
        assert (answer.status_code, answer.text.count("<h1")) == (200, 1) and len(answer.content) < 100_000
