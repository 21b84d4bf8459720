"""The visitor's pages, over real HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser

import httpx
import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from tbtwatch.storage import Storage
from tbtwatch.web.app import make_app
from tests.builders import a_notice
from tests.pipeline.service import SmallService
from tests.web.served import served
from tests.web.town import BATTERY, HOSTILE, JELLY, JOINT, PAYLOADS, a_town

PAGES = ("", "search", "search?q=battery&market=EU", f"m/{BATTERY}", f"m/{HOSTILE}", "calendar?month=2026-03", "coming")
LANGUAGES = ("zh", "en")


@pytest.fixture
def client(storage: Storage) -> Iterator[httpx.Client]:
    """Somebody who looks at the town."""
    with served(a_town(storage).desk) as client:
        yield client


@pytest.fixture
def on_sqlite(sqlite: Storage) -> Iterator[httpx.Client]:
    """The same on SQLite alone, for what no database has to do with."""
    with served(a_town(sqlite).desk) as client:
        yield client


class _Tags(HTMLParser):
    """What tags there are, with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(page: str) -> list[tuple[str, dict[str, str | None]]]:
    """The tags of a page."""
    parser = _Tags()
    parser.feed(page)
    return parser.found


def symbols(page: str) -> list[str]:
    """The measures listed, in their order."""
    return re.findall(r'<span class="symbol">(G/[^< ]+)', page)


def test_every_page_is_there_in_both_languages(client: httpx.Client) -> None:
    """With its language, a title, one heading and one main part; nothing comes from elsewhere."""
    for language, tag in (("zh", "zh-Hans"), ("en", "en")):
        for at in PAGES:
            answer = client.get(f"/{language}/{at}")
            found = tags(answer.text)
            assert answer.status_code == 200, at
            assert found[0] == ("html", {"lang": tag})
            assert [name for name, _ in found].count("h1") == [name for name, _ in found].count("main") == 1
            assert re.search(r"<title>[^<]+ · tbtwatch</title>", answer.text)
            ids = [attrs["id"] for _, attrs in found if attrs.get("id")]
            assert len(ids) == len(set(ids)), at
            for name, attrs in found:
                loaded = attrs.get("src") if name in ("script", "img") else attrs.get("href") if name == "link" else ""
                assert not loaded or loaded.startswith("/"), (name, loaded)
                assert "style" not in attrs and not any(key.startswith("on") for key in attrs), (at, name, attrs)
            assert len(answer.content) < 100_000


def test_safety_is_said_with_every_answer(on_sqlite: httpx.Client) -> None:
    """Pages, files, what is not there, what is as it was, and secret links: no script but ours, no frame."""
    style = re.search(r'href="(/static/[^"]+look.css)"', on_sqlite.get("/en/").text)
    assert style is not None
    tag = on_sqlite.get("/en/").headers["etag"]
    asked = {
        "/en/": 200,
        style[1]: 200,
        "/en/m/G/TBT/N/KEN/999999": 404,
        "/nothing": 404,
        "/static/x/look.css": 404,
        "/f/abc.ics": 404,
        "/u/abc": 404,
    }
    answers = [(on_sqlite.get(path), status) for path, status in asked.items()]
    answers += [(on_sqlite.get("/en/", headers={"If-None-Match": tag}), 304), (on_sqlite.post("/en/search"), 405)]
    for answer, status in answers:
        assert answer.status_code == status
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'") and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy or answer.request.url.path.startswith(("/f/", "/u/"))
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in answer.headers


def test_who_has_a_page_already_gets_it_not_again(on_sqlite: httpx.Client) -> None:
    """By its tag, until anything in it is another; files are kept for ever under the address of their content."""
    for at in ("/en/", "/zh/search", f"/en/m/{BATTERY}"):
        first = on_sqlite.get(at)
        again = on_sqlite.get(at, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert first.headers["cache-control"] == "public, max-age=60"
        assert on_sqlite.head(at).headers["etag"] == first.headers["etag"]
    assert on_sqlite.get("/en/").headers["etag"] != on_sqlite.get("/zh/").headers["etag"]
    script = re.search(r'src="(/static/[^"]+htmx.min.js)"', on_sqlite.get("/en/").text)
    assert script is not None
    assert "immutable" in on_sqlite.get(script[1]).headers["cache-control"]


def test_the_language_is_in_the_address(on_sqlite: httpx.Client) -> None:
    """Without one the browser's is taken; every page leads to itself in the other language."""
    for accepted, language in (
        ("zh-CN,en;q=0.5", "zh"),
        ("pt, en;q=0.5", "en"),
        ("fr-CA, en;q=0.5", "fr"),
        ("", "en"),
        ("zh;q=x;;,", "en"),
    ):
        answer = on_sqlite.get("/", headers={"Accept-Language": accepted})
        assert (answer.status_code, answer.headers["location"]) == (302, f"/{language}/")
        assert answer.headers["vary"] == "Accept-Language"
    linked = on_sqlite.get(f"/m/{BATTERY}/Add.1", headers={"Accept-Language": "zh"})
    assert linked.headers["location"] == f"/zh/m/{BATTERY}/Add.1"
    page = on_sqlite.get("/en/search?q=电池&market=EU").text
    assert 'href="/zh/search?q=%E7%94%B5%E6%B1%A0&amp;market=EU"' in page


def test_a_measure_is_found_by_any_filter(client: httpx.Client) -> None:
    """Words in two languages, market, group, area, codes, stage, what is open, since when; and all together."""
    for query, expected in {
        "q=labelling+batteries": [BATTERY],
        "q=鋰電池": [BATTERY],
        "q=%22rated+capacity%22": [],
        "market=EAC&sort=newest": [JOINT[0], JELLY],
        "market=Kenya&market=EU&sort=newest": [BATTERY, JOINT[0], JELLY],
        "hs=95": [JOINT[0]],
        "hs=8507.60": [BATTERY],
        "ics=97": [JOINT[0]],
        "stage=draft&open=1&sort=deadline": [JELLY, HOSTILE, JOINT[0], BATTERY],
        "since=2026-02-20": [HOSTILE, BATTERY],
        "q=toys&market=UGA&hs=9503&open=1": [JOINT[0]],
        "q=toys&market=EU": [],
    }.items():
        assert symbols(client.get(f"/en/search?{query}").text) == expected, query


def test_counts_say_what_a_filter_would_leave(client: httpx.Client) -> None:
    """The number beside each value is the number found by choosing it."""
    page = client.get("/en/search?open=1").text
    links = re.findall(r'<li><a id="[^"]+" href="([^"]+)" rel="nofollow".*?<span class="count">(\d+)</span>', page)
    assert len(links) > 8
    for address, number in links:
        shown = client.get(address.replace("&amp;", "&")).text
        assert re.search(rf"<strong>{number} measures?</strong>", shown), address


def test_a_word_that_names_goods_finds_them_in_any_language(client: httpx.Client) -> None:
    """And says so; in quotation marks it is a word."""
    loose = client.get("/zh/search?q=肯尼亚").text
    assert set(symbols(loose)) == {JELLY, JOINT[0]} and "市场：肯尼亚" in loose
    assert symbols(client.get("/zh/search?q=“肯尼亚”").text) == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", ("Calendrier des échéances", "Ce qui s’est passé", "17 avril 2026", "Union européenne", "indiqué dans")),
        ("es", ("Calendario de plazos", "Qué ha ocurrido", "17 de abril de 2026", "Unión Europea", "indicado en")),
    ],
)
def test_pages_in_french_and_spanish(on_sqlite: httpx.Client, language: str, said: tuple[str, ...]) -> None:
    """Pages, dates and markets are said in them; a browser that asks for the language is led there."""
    pages = [on_sqlite.get(f"/{language}/{at}") for at in PAGES]
    assert {page.status_code for page in pages} == {200}
    assert all(f'<html lang="{language}"' in page.text for page in pages)
    whole = "".join(page.text for page in pages)
    assert [words for words in said if words not in whole] == []
    led = on_sqlite.get("/", headers={"accept-language": f"{language}-CA,{language};q=0.9,en;q=0.5"})
    assert str(led.url).endswith(f"/{language}/") or led.headers.get("location", "").endswith(f"/{language}/")


@pytest.mark.parametrize(
    "query",
    [
        "q=%00%ff", "q=%22", "q=" + "x" * 5000, "page=99999999999", "page=-1", "page=%F0%9F", "since=9999-99-99",
        "hs=%27%20OR%201", "market=<script>", "sort=x&open=maybe&stage=%00",
        "&".join(f"market=A{n}" for n in range(500)),
        "q=((((&area=../../etc", "month=2026-13", "month=0000-00&what=x", "q=%ED%A0%80",
    ],
)  # fmt: skip
def test_nothing_in_an_address_breaks_a_page(on_sqlite: httpx.Client, query: str) -> None:
    """What is no value asks nothing."""
    for at in ("search", "calendar", "coming", "m"):
        assert on_sqlite.get(f"/en/{at}?{query}").status_code in (200, 302), at


def test_a_measure_page_says_who_must_do_what_by_when(client: httpx.Client) -> None:
    """The act-by date, the deadline that holds now, the plan; each with how it was come by."""
    page = client.get(f"/en/m/{BATTERY}").text
    rows = re.findall(r'<tr[^>]*><th scope="row">([^<]+)</th><td data-label="Who">([^<]+)</td>', page)
    assert rows == [
        ("17 April 2026", "You, the exporter"),
        ("1 May 2026", "Your national enquiry point"),
        ("1 September 2026", "Whoever sells there"),
    ]
    assert "the deadline less 14 days that the enquiry point needs" in page and "stated in the document" in page
    joint = client.get(f"/en/m/{JOINT[0]}").text
    assert re.search(r'quality computed">[^<]*60 days', joint)


def test_a_measure_page_tells_its_history(client: httpx.Client) -> None:
    """The newest first, old and new of what changed, and what became another in the text, as text that can be read."""
    page = client.get(f"/en/m/{BATTERY}").text
    days = re.findall(r'<li id="n-[^"]+"><p class="when"><time datetime="([^"]+)">', page)
    assert days == ["2026-02-25", "2026-02-20", "2026-01-09"]
    assert re.search(r"<del>.{0,60}10 March 2026</del>.{0,60}<ins>.{0,60}20 March 2026</ins>", page)
    diff = page[page.index('<p class="diff">') :].partition("</p>")[0]
    assert "and power banks" in re.sub("<[^>]+>", "", diff) and "<ins>" in diff
    assert "labelling of lithium <mark>batter" in page or "<mark>" in page


def test_a_measure_has_one_page(client: httpx.Client) -> None:
    """By a later document's symbol, in small letters, shortened, or by another Member's of a joint notification."""
    for asked, where in {
        f"{BATTERY}/Add.1": f"/en/m/{BATTERY}#n-G-TBT-N-EU-1024-Add-1",
        BATTERY.lower(): f"/en/m/{BATTERY}",
        "KEN/1514": f"/en/m/{JELLY}",
        JOINT[1]: f"/en/m/{JOINT[0]}#n-G-TBT-N-KEN-1600",
    }.items():
        answer = client.get(f"/en/m/{asked}")
        assert (answer.status_code, answer.headers["location"]) == (302, where)
    assert client.get(f"/en/m?symbol={BATTERY}").headers["location"] == f"/en/m/{BATTERY}"


def test_a_symbol_that_is_not_known_is_answered_with_near_ones(client: httpx.Client) -> None:
    """404, and the way on."""
    answer = client.get("/en/m/G/TBT/N/KEN/1541")
    assert answer.status_code == 404 and f'href="/en/m/{JELLY}"' in answer.text
    for asked in ("nonsense", "a/../b", "%00", "<b>x</b>", "x" * 900, "G/TBT/N/KEN/1514/Add.99"):
        assert client.get(f"/zh/m/{asked}").status_code in (200, 404), asked


def test_hostile_words_arrive_as_words(on_sqlite: httpx.Client) -> None:
    """In titles, products, codes, links and questions: no tag, no attribute, no address of theirs; no turned text."""
    for at in (f"m/{HOSTILE}", "search", "", "calendar?month=2026-03", "m/" + PAYLOADS[0], "search?q=" + PAYLOADS[1]):
        answer = on_sqlite.get("/en/" + at)
        found = tags(answer.text)
        assert not {name for name, _ in found} & {"iframe", "img", "style", "base", "object", "textarea"}, at
        assert [attrs.get("src", "").rpartition("/")[2] for name, attrs in found if name == "script"] == ["htmx.min.js"]
        for name, attrs in found:
            assert not any(key.startswith(("on", "hx-", "data-hx-on")) for key in attrs), (at, name, attrs)
            for key in ("href", "action", "formaction"):
                assert re.match(r"/|https?://|#", attrs.get(key) or "/"), (at, attrs)
            assert attrs.get("data-hx-get", "/en/search") == "/en/search", (at, attrs)
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", answer.text), at
    page = on_sqlite.get(f"/en/m/{HOSTILE}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "{{7*7}}" in page
    assert "documents.example" not in page and 'rel="noopener noreferrer nofollow"' in page


def test_the_calendar_shows_the_days_of_a_month(client: httpx.Client) -> None:
    """Each with its measures, computed ones marked, narrowed by market, area and sort of day."""
    page = client.get("/en/calendar?month=2026-03").text
    assert re.findall(r'<h3><time datetime="([^"]+)">', page) == ["2026-03-10", "2026-03-30"]
    assert "10 March 2026: comments close 1" in page
    april = client.get("/en/calendar?month=2026-04").text
    assert '<span class="quality">computed</span>' in april
    assert "No day that we know of" in client.get("/en/calendar?month=2026-03&market=JPN").text
    september = client.get("/en/calendar?month=2026-09&what=force").text
    assert BATTERY in september and "entry into force" in september


def test_every_chart_has_its_numbers_in_a_table(client: httpx.Client) -> None:
    """And a title and a description for those who do not see it."""
    page = client.get("/en/coming").text
    assert page.count("<svg") == 4 == page.count("</desc>")
    assert page.count("<details>") == 3
    assert re.search(r'<a href="/en/search\?market=KEN[^"]*">Kenya</a></th><td>2</td>', page)
    shown = re.search(r"<title>Kenya: (\d+)</title>", page)
    assert shown is not None and shown[1] == "2"


def test_pages_follow_what_is_recorded(sqlite: Storage) -> None:
    """A new measure is found at once, by whichever process it was recorded; nothing was asked for anew by hand."""
    service = a_town(sqlite)
    with served(service.desk) as client:
        assert symbols(client.get("/en/search?q=walrus").text) == []
        other = SmallService(sqlite, clock=service.clock)
        other.poll([a_notice(symbol="G/TBT/N/CAN/5", notifying_members=("CAN",), title="Walrus ivory")])
        assert symbols(client.get("/en/search?q=walrus").text) == ["G/TBT/N/CAN/5"]
        assert symbols(client.get("/en/search?market=CAN").text) == ["G/TBT/N/CAN/5"]
        service.clock.turn(days=70)
        assert symbols(client.get("/en/search?market=CAN&open=1").text) == []


def test_looking_changes_nothing_and_tells_nothing_of_subscribers(sqlite: Storage) -> None:
    """No page writes, and no name of an enterprise stands on any."""
    service = a_town(sqlite)
    service.subscribe(enterprise="Ningbo Secret Ltd")
    service.poll([a_notice(symbol="G/TBT/N/KEN/1999", comment_deadline=date(2026, 6, 1))])
    statements: list[str] = []
    event.listen(sqlite.engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
    with served(service.desk) as client:
        for language in LANGUAGES:
            for at in (*PAGES, "m/G/TBT/N/KEN/1999", "search?q=Ningbo"):
                assert "Secret" not in client.get(f"/{language}/{at}").text
    assert not [one for one in statements if not re.match(r"SELECT|BEGIN|PRAGMA", one.strip())]


def test_the_first_visitor_finds_the_measures_read(sqlite: Storage) -> None:
    """They are read right after the start; where the database does not answer then, they are read when asked for."""
    service = a_town(sqlite)

    def asked(*, after_the_start: bool) -> int:
        """How often a search asks the database."""
        app = make_app(service.desk)
        statements: list[str] = []
        if after_the_start:
            app.state.warm()
        listening = "before_cursor_execute", lambda *said: statements.append(said[2])
        event.listen(sqlite.engine, *listening)
        with served(service.desk, app=app) as client:
            assert JELLY in client.get("/en/search?q=jelly").text
        event.remove(sqlite.engine, *listening)
        return len(statements)

    def no_answer(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("it is away"))

    cold = asked(after_the_start=False)
    assert asked(after_the_start=True) < cold
    event.listen(sqlite.engine, "before_cursor_execute", no_answer)
    app = make_app(service.desk)
    app.state.warm()
    event.remove(sqlite.engine, "before_cursor_execute", no_answer)
    with served(service.desk, app=app) as client:
        assert JELLY in client.get("/en/search?q=jelly").text


def test_an_empty_service_has_pages(sqlite: Storage) -> None:
    """Before the first source was read."""
    with served(SmallService(sqlite).desk) as client:
        for at in ("", "search", "search?q=x", "calendar", "coming"):
            assert client.get(f"/zh/{at}").status_code == 200
        assert "尚未收录" in client.get("/zh/").text


def test_a_fault_of_ours_is_a_page_without_its_innards(sqlite: Storage) -> None:
    """And the next page works."""
    service = a_town(sqlite)
    with served(service.desk) as client:
        good = service.desk.rulebook
        object.__setattr__(service.desk, "rulebook", None)
        answer = client.get(f"/en/m/{JELLY}")
        object.__setattr__(service.desk, "rulebook", good)
        assert client.get(f"/en/m/{JELLY}").status_code == 200
    assert answer.status_code == 500 and "Traceback" not in answer.text
