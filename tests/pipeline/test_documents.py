"""PDFs that a new notice links: read once, bounded, and never to the harm of the poll. Real HTTP on loopback."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from rules.classification import Grade
from tbtwatch.pipeline.conclude import PollReport
from tbtwatch.storage import Storage
from tbtwatch.storage.changes import StoredChange
from tbtwatch.storage.documents import TriedDocument
from tests.pipeline.neighbours import FEED, Neighbourhood, neighbourhood
from tests.servers import Reply
from tests.watcher.reading.documents import bomb, encrypted, pdf
from watcher.measure import Measure

PDF = {"Content-Type": "application/pdf"}
BLOCK = b"%PDF-1.4\n" + b" " * 999_991


def item(number: int, *attached: str, title: str = "", link: str = "") -> str:
    """An entry of the feed with these documents."""
    links = "".join(f"<enclosure url='{url}' type='application/pdf' length='1'/>" for url in attached)
    return (
        f"<item><guid>entry-{number}</guid><title>{title or f'Rule {number} for kettles'}</title>{links}"
        f"<link>{link or f'https://regulator.example/{number}.html'}</link>"
        "<pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate></item>"
    )


def listing(*items: str) -> Reply:
    """The feed."""
    return Reply(body=f"<rss version='2.0'><channel><title>Rules</title>{''.join(items)}</channel></rss>".encode())


class Town(Neighbourhood):
    """With what a test asks of documents."""

    def show(self, *items: str) -> None:
        """The feed holds these from now on."""
        self.server.on(FEED, listing(*items))

    def look(self, *items: str, **over: Any) -> PollReport:
        """An hour later the feed holds these and is polled."""
        self.clock.turn(hours=1)
        self.show(*items)
        return self.poll(self.source(**{"read_documents": 1, **over}))

    def seeded(self) -> Town:
        """After a first poll of one old entry."""
        assert self.look(item(1)).seeding
        return self

    def documents(self) -> list[TriedDocument]:
        """What was tried, oldest first."""
        with self.storage.look() as tx:
            return tx.documents.of_source("kettles", limit=100)[::-1]

    def measure(self, symbol: str) -> Measure:
        """The measure of an entry."""
        with self.storage.look() as tx:
            (found,) = tx.measures.by_any_symbol(symbol)
            return tx.measures.get(found)

    def changes(self, symbol: str) -> list[StoredChange]:
        """What is news in it."""
        measure = self.measure(symbol)
        assert measure.id is not None
        with self.storage.look() as tx:
            return tx.changes.of_measure(measure.id)


@pytest.fixture
def town(sqlite: Storage) -> Iterator[Town]:
    """A publisher whose first list was read."""
    with neighbourhood(sqlite) as made:
        yield Town(made.storage, made.server).seeded()


def test_the_text_of_a_new_notice_s_document_is_found(town: Town) -> None:
    """It is searched and classified, one grade below the title, and says nothing else of the measure."""
    url = town.server.on("/two.pdf", Reply(body=pdf("Scope: dolls and balls", "Page two"), headers=PDF))

    report = town.look(item(1), item(2, url))

    assert (report.status, report.new) == ("ok", 1)
    measure = town.measure("entry-2")
    assert measure.facts.document_text == "Scope: dolls and balls\nPage two"
    assert (measure.facts.content_summary, measure.facts.language) == ("", "en")
    with town.storage.look() as tx:
        (area,) = tx.measures.classification(measure.id or 0).areas
    (evidence,) = area.evidence
    assert (area.area, evidence.field, evidence.quotes, evidence.grade) == (
        "toys", "document_text", ("dolls",), Grade.PROBABLE,
    )  # fmt: skip
    (tried,) = town.documents()
    assert (tried.url, tried.pages, tried.pages_read, tried.problem) == (url, 2, 2, "")
    assert [stored.change.kind.value for stored in town.changes("entry-2")] == ["new_measure"]


def test_it_is_read_once(town: Town) -> None:
    """Neither an unchanged entry nor one worded anew is fetched again; the text stays, and only the wording is news."""
    url = town.server.on("/two.pdf", Reply(body=pdf("Scope: dolls"), headers=PDF))
    town.look(item(1), item(2, url))
    before = town.changes("entry-2")

    assert (town.look(item(2, url), item(1)).changed, len(town.asked("/two.pdf"))) == (0, 1)
    assert town.look(item(1), item(2, url, title="Rule 2 for kettles, corrected")).changed == 1

    assert len(town.asked("/two.pdf")) == 1
    assert town.measure("entry-2").facts.document_text == "Scope: dolls"
    assert town.changes("entry-2") == before
    assert town.look(item(1), item(2, url), read_documents=0).changed == 1
    assert town.measure("entry-2").facts.document_text == "Scope: dolls"


def test_nothing_is_asked_for_unless_it_is_wanted(town: Town) -> None:
    """Not by default, not in a first poll, not for what was known before."""
    url = town.server.on("/two.pdf", Reply(body=pdf("Scope: dolls"), headers=PDF))
    town.look(item(1), item(2, url), read_documents=0)
    town.look(item(1), item(2, url))
    town.show(item(3, url))
    assert town.poll(town.source("others", read_documents=5)).seeding

    assert town.asked("/two.pdf") == []
    assert town.documents() == []


def test_so_many_of_a_notice_and_of_a_poll(town: Town) -> None:
    """The first ones; of the rest it is said why not."""
    urls = [town.server.on(f"/{number}.pdf", Reply(body=pdf(f"Text {number}"), headers=PDF)) for number in range(2, 8)]
    town.look(item(2, *urls[:3]), item(3, urls[3]), item(4, urls[4]), read_documents=2, documents_a_poll=3)

    read = {one.url.rpartition("/")[2]: one.problem for one in town.documents()}
    assert list(read) == ["2.pdf", "3.pdf", "5.pdf", "6.pdf"]
    assert read.pop("6.pdf").startswith("Not read: this poll had read 3 documents already")
    assert set(read.values()) == {""}
    assert town.measure("entry-2").facts.document_text == "Text 2\nText 3"


def test_one_document_of_two_notices_is_asked_for_once(town: Town) -> None:
    """In one poll and in the next; a day later it may be another one."""
    url = town.server.on("/both.pdf", Reply(body=pdf("Scope: dolls"), headers=PDF))
    town.look(item(2, url), item(3, url))
    town.look(item(2, url), item(3, url), item(4, url))
    assert len(town.asked("/both.pdf")) == 1
    assert {town.measure(f"entry-{number}").facts.document_text for number in (2, 3, 4)} == {"Scope: dolls"}

    town.clock.turn(days=2)
    town.look(item(5, url))
    assert len(town.asked("/both.pdf")) == 2


def test_a_link_that_does_not_say_what_it_is_is_tried(town: Town) -> None:
    """Where none ends in .pdf: what answers with a PDF is read, a page is none."""
    town.server.on("/download", Reply(body=pdf("Scope: dolls"), headers=PDF))
    town.server.on("/view.php", Reply(body=b"<!doctype html><title>Rule 3</title>"))
    town.look(item(2, link=town.server.url("/download?id=2")), item(3, link=town.server.url("/view.php")))

    assert [(one.pages_read, one.problem) for one in town.documents()] == [
        (1, ""),
        (0, "The document is no PDF: a web page came instead."),
    ]
    assert town.measure("entry-2").facts.document_text == "Scope: dolls"


def test_a_flood_of_documents_is_no_flood_of_requests(town: Town) -> None:
    """Of hundreds of new notices those of the first documents are read, and all are recorded in good time."""
    urls = [town.server.url(f"/{number}.pdf") for number in range(2, 402)]
    town.server.on("/2.pdf", Reply(body=pdf("Scope: dolls"), headers=PDF))
    began = time.monotonic()

    report = town.look(*(item(number, url) for number, url in enumerate(urls, 2)), documents_a_poll=1)

    assert (report.new, len([path for path in town.server.paths() if path.endswith(".pdf")])) == (400, 1)
    assert time.monotonic() - began < 60
    with town.storage.look() as tx:
        assert len(tx.documents.of_source("kettles", limit=1000)) == 400


def test_trouble_with_a_document_keeps_nobody_from_the_list(town: Town) -> None:
    """A 503 for a document at the list's own host, however long it asks for, is no reason not to read the list."""
    url = town.server.on("/2.pdf", Reply(status=503, headers={"Retry-After": "600000"}))
    town.look(item(2, url))

    assert "503" in town.documents()[0].problem
    assert (town.look(item(2, url), item(3)).status, town.wait() <= timedelta(hours=2)) == ("ok", True)


def private(town: Town) -> Reply:
    """A redirect into somebody's network."""
    return Reply(status=302, headers={"Location": "http://10.0.0.1/secret.pdf"})


def round_and_round(town: Town) -> Reply:
    """A redirect to itself."""
    return Reply(status=302, headers={"Location": town.server.url("/bad.pdf")})


HOSTILE: dict[str, tuple[Any, str]] = {
    "100 MB, declared": (Reply(body=BLOCK, times=100, headers=PDF), "too large"),
    "100 MB, not declared": (Reply(body=BLOCK, times=100, chunked=True, headers=PDF), "too large"),
    "packed 100 MB": (Reply(body=BLOCK * 100, gzipped=True, headers=PDF), "too large"),
    "a slow drip": (Reply(body=pdf("Scope: dolls"), drip=0.05, headers=PDF), "seconds"),
    "silence": (Reply(body=pdf("Scope: dolls"), first_byte_after=60, headers=PDF), "seconds"),
    "encrypted": (Reply(body=encrypted(pdf("Scope: dolls"), "secret"), headers=PDF), "The PDF is encrypted"),
    "a page": (Reply(body=b"<!doctype html><title>Sign in</title>", headers=PDF), "a web page came instead"),
    "nothing": (Reply(body=b"", headers=PDF), "The PDF is empty"),
    "pictures": (Reply(body=pdf("", ""), headers=PDF), "its pages are pictures"),
    "a private address": (private, "10.0.0.1"),
    "endless redirects": (round_and_round, "redirect"),
    "a bomb": (Reply(body=bomb(400), headers=PDF), "the PDF"),
    "a bomb in a bomb": (Reply(body=bomb(400, 2), headers=PDF), "the PDF"),
    "cut off": (Reply(body=pdf("Scope: dolls"), cut_after=100, headers=PDF), "broke off"),
    "not there": (Reply(status=404), "404"),
    "busy": (Reply(status=429, headers={"Retry-After": "3600"}), "429"),
}


@pytest.mark.parametrize("fault", HOSTILE)
def test_a_bad_document_costs_the_notice_nothing(town: Town, fault: str) -> None:
    """The poll is good and bounded, the notice is news, staff can read why, and it is not asked for again."""
    bad, why = HOSTILE[fault]
    url = town.server.on("/bad.pdf", bad(town) if callable(bad) else bad)
    began = time.monotonic()

    report = town.look(item(1), item(2, url), document_seconds=4)

    assert time.monotonic() - began < 10
    assert (report.status, report.new, report.error, town.state().failures) == ("ok", 1, "", 0)
    assert [stored.silent for stored in town.changes("entry-2")] == [False]
    assert town.measure("entry-2").facts.document_text == ""
    (tried,) = town.documents()
    assert why.lower() in tried.problem.lower() and tried.problem.endswith(".")
    assert "\n" not in tried.problem
    asked = len(town.asked("/bad.pdf"))
    town.clock.turn(hours=2)
    assert town.look(item(1), item(2, url)).new == 0
    assert len(town.asked("/bad.pdf")) == asked
    assert town.server.octets < 30_000_000


def test_a_host_that_wants_rest_gets_it(town: Town) -> None:
    """After 429 nothing more is asked of it, in this poll or by others."""
    urls = [town.server.on(f"/{number}.pdf", Reply(status=429, headers={"Retry-After": "600"})) for number in (2, 3)]
    town.look(item(2, urls[0]), item(3, urls[1]))

    assert [path for path in town.server.paths() if path.endswith(".pdf")] == ["/2.pdf"]
    assert "asked for no more" in town.documents()[1].problem
    resting = town.poll(town.source("others"))
    assert (resting.status, resting.new) == ("resting", 0)


def test_the_time_of_a_poll_is_bounded(town: Town) -> None:
    """Ten documents of which none comes do not take ten times as long."""
    slow = Reply(body=pdf("Scope: dolls"), first_byte_after=60, headers=PDF)
    urls = [town.server.on(f"/{number}.pdf", slow) for number in range(10, 20)]
    began = time.monotonic()

    report = town.look(*(item(number, url) for number, url in enumerate(urls, 10)), document_seconds=2)

    assert time.monotonic() - began < 8
    assert report.new == 10
    assert len(town.documents()) == 10 and all(one.problem for one in town.documents())


def test_robots_txt_is_kept_to(town: Town) -> None:
    """Of the document's host, whatever holds for the source's own."""
    town.server.on("/robots.txt", Reply(body=b"User-agent: *\nDisallow: /files/\nCrawl-delay: 2\n"))
    town.clock.turn(days=2)
    kept = town.server.on("/files/2.pdf", Reply(body=pdf("Scope: dolls"), headers=PDF))
    elsewhere = kept.replace("127.0.0.1", "localhost")
    town.look(item(2, kept), item(3, elsewhere), robots=False)

    read, refused = town.documents()
    assert (read.problem, "robots.txt asks programs to stay away" in refused.problem) == ("", True)
    assert len(town.asked("/files/2.pdf")) == 1


def test_robots_txt_is_kept_to_where_a_redirect_leads(town: Town) -> None:
    """A document that its own host may give is not fetched from one whose robots.txt forbids it."""
    town.server.on("/robots.txt", Reply(body=b"User-agent: *\nDisallow: /files/\n"))
    town.clock.turn(days=2)
    kept = town.server.on("/files/2.pdf", Reply(body=pdf("Scope: dolls"), headers=PDF))
    elsewhere = {"Location": kept.replace("127.0.0.1", "localhost")}
    town.look(item(2, town.server.on("/two.pdf", Reply(status=302, headers=elsewhere))), robots=False)

    (refused,) = town.documents()
    assert "robots.txt asks programs to stay away" in refused.problem
    assert town.asked("/files/2.pdf") == []


def test_the_pause_of_a_source_is_kept(town: Town) -> None:
    """Between two documents of its host as between two lists."""
    urls = [town.server.on(f"/{number}.pdf", Reply(body=pdf("Text"), headers=PDF)) for number in (2, 3)]
    town.paused.clear()
    town.look(item(2, urls[0]), item(3, urls[1]), pause_seconds=3)

    assert len([pause for pause in town.paused if pause == pytest.approx(3)]) >= 2
    assert [one.problem for one in town.documents()] == ["", ""]


def test_what_was_read_before_a_poll_broke_off_is_kept(town: Town) -> None:
    """It was written down before the notice could be: it is not asked for again, and the notice has it."""
    url = town.server.on("/two.pdf", Reply(body=pdf("Scope: dolls"), headers=PDF))
    read = TriedDocument(
        source="kettles", entry="entry-2", url=url, pages=1, pages_read=1, text="Scope: balls", tried_at=town.clock()
    )
    with town.storage.begin() as tx:
        tx.documents.add([read])

    assert town.look(item(1), item(2, url)).new == 1
    assert town.measure("entry-2").facts.document_text == "Scope: balls"
    assert town.asked("/two.pdf") == []


def test_a_list_that_breaks_off_is_no_time_for_documents(town: Town) -> None:
    """What the list held is recorded, and its host, which has trouble, is left alone."""
    url = town.server.on("/two.pdf", Reply(body=pdf("Scope: dolls"), headers=PDF))
    first = {"version": "https://jsonfeed.org/version/1.1", "title": "Rules", "items": [], "next_url": "/next.json"}
    town.server.on("/list.json", Reply(body=json.dumps(first).encode(), headers={"Content-Type": "application/json"}))
    lists = {"kind": "json_feed", "url": town.server.url("/list.json"), "read_documents": 1, "name": "lists"}
    town.server.on("/next.json", Reply(body=json.dumps({**first, "next_url": None}).encode()))
    assert town.poll(town.source(**lists)).status == "ok"
    entry = {"id": "entry-2", "title": "Rule 2", "attachments": [{"url": url, "mime_type": "application/pdf"}]}
    town.server.on("/list.json", Reply(body=json.dumps({**first, "items": [entry]}).encode()))
    town.server.on("/next.json", Reply(status=503))
    town.clock.turn(hours=2)

    report = town.poll(town.source(**lists))

    assert (report.status, report.new, town.asked("/two.pdf")) == ("failed", 1, [])
    with town.storage.look() as tx:
        (tried,) = tx.documents.of_source("lists", limit=10)
    assert "had trouble in this poll" in tried.problem
