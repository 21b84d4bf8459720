"""The fast reader of plain feeds: whatever it reads, it reads as feedparser does; the rest it leaves alone."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import SHARED
from tests.corpus.cases import Case, all_cases
from watcher.source import SourceError
from watcher.sources.feed import by_feedparser
from watcher.sources.feed_encoding import text_of
from watcher.sources.feed_entry import FeedEntry
from watcher.sources.feed_markup import mended
from watcher.sources.feed_strict import read_strictly

TESTS = Path(__file__).parents[2]

_RSS = '<rss version="2.0"{}><channel><title>Notices</title><link>https://reg.example/</link>{}</channel></rss>'
_ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"{}><title>Notices</title><id>urn:feed</id>{}</feed>'
_RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"{}>'
    '<channel rdf:about="https://reg.example/"><title>Notices</title><items><rdf:Seq>'
    '<rdf:li rdf:resource="https://reg.example/1"/></rdf:Seq></items></channel>{}</rdf:RDF>'
)
_SPACES = (
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:own="https://reg.example/own"'
)


def agreed(body: bytes | str) -> list[FeedEntry] | None:
    """What the fast reader gives, which is what feedparser gives; None: it declines."""
    text = mended(text_of(body.encode() if isinstance(body, str) else body, {}))
    fast = read_strictly(text)
    if fast is not None:
        assert fast == by_feedparser(text)[1]
    return fast


@pytest.mark.parametrize(
    "feed",
    [
        _RSS.format(
            "",
            "<item><title>Kettles</title><link>https://reg.example/1</link><description>&lt;p&gt;Hot&lt;/p&gt;"
            "</description><guid>https://reg.example/1</guid><pubDate>Mon, 02 Nov 2026 08:00:00 GMT</pubDate></item>",
        ),
        _RSS.format(
            _SPACES,
            '<atom:link href="https://reg.example/feed" rel="self" type="application/rss+xml"/><ttl>60</ttl>'
            "<image><url>https://reg.example/a.png</url><title>N</title><link>https://reg.example/</link></image>"
            "<item><title>Décret &amp; café</title><link>https://reg.example/?a=1&amp;b=2</link>"
            '<guid isPermaLink="false">17</guid><dc:creator>The Ministry</dc:creator><dc:date>2026-11-02</dc:date>'
            "<category>Toys</category><content:encoded><![CDATA[<p>Whole <b>text</b></p>]]></content:encoded>"
            "<description>Short</description><own:product>Toy</own:product><comments>https://reg.example/c</comments>"
            '<enclosure url="https://reg.example/1.pdf" length="1" type="application/pdf"/></item>',
        ),
        _ATOM.format(
            ' xml:lang="en"',
            "<entry><id>urn:1</id><title type='html'>Kettles &amp;amp; toys</title>"
            "<updated>2026-11-02T08:00:00Z</updated><published>2026-11-01T08:00:00Z</published>"
            "<author><name>Ministry</name><email>a@reg.example</email></author>"
            '<link href="https://reg.example/1"/><link rel="enclosure" type="application/pdf" href="/1.pdf"/>'
            "<summary>Short</summary><content type='html'>&lt;p&gt;Whole&lt;/p&gt;</content></entry>",
        ),
        _RSS.format(
            ' xml:base="https://reg.example/"',
            "<item><title>Kettles</title><link>https://reg.example/1</link>"
            '<guid isPermaLink="false">1 at https://reg.example</guid><pubDate>Mon, 2 Nov 2026</pubDate></item>',
        ),
        _RDF.format(
            ' xmlns:dc="http://purl.org/dc/elements/1.1/"',
            '<item rdf:about="https://reg.example/1"><title>公告</title><link>https://reg.example/1</link>'
            "<dc:date>2026-11-02T08:00:00+09:00</dc:date><description>全文</description></item>",
        ),
    ],
    ids=["rss", "rss-with-modules", "atom", "rss-with-a-base", "rdf"],
)
def test_ordinary_feeds_are_read_fast(feed: str) -> None:
    """RSS, RSS with the usual modules, Atom and RDF, as publishers write them, need no feedparser."""
    read = agreed('<?xml version="1.0"?>\n<!-- made by a program -->' + feed)
    assert read is not None and len(read) == 1
    assert read[0].title and read[0].id and (read[0].published or read[0].updated)


@pytest.mark.parametrize(
    "feed",
    [
        _RSS.format("", ""),
        _RSS.format("", "<item><title>A<b>b</b></title></item>"),
        _RSS.format("", "<item><title>A</title><title>B</title></item>"),
        _RSS.format("", "<item><description>A</description><description>B</description></item>"),
        _RSS.format(' xml:base="https://other.example/"', "<item><link>/1</link></item>"),
        _RSS.format(' xmlns="https://reg.example/own"', "<item><title>A</title></item>"),
        _RSS.format(' xmlns:dc="https://reg.example/own"', "<item><dc:title>A</dc:title></item>"),
        _RSS.format("", '<item xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A</dc:title></item>'),
        _RSS.format("", "<item><title>caf\u00c3\u00a9</title></item>"),
        _RSS.format("", "<item><title>It\x92s</title></item>"),
        _RSS.format("", "<item><links>A</links></item>"),
        _RSS.format("", "<item><date>2026-11-02</date></item>"),
        _RSS.format("", "<item><guid>http:///1</guid></item>"),
        _RSS.format(_SPACES, "<item><media:title>A</media:title><title>B</title></item>"),
        _RSS.format("", "<item><title>A</title></item>")[:-3],
        _RSS.format("", "<item><title>A&nbsp;</title></item>"),
        '<!DOCTYPE rss [<!ENTITY a "A">]>' + _RSS.format("", "<item><title>&a;</title></item>"),
        _ATOM.format("", "<entry><content type='xhtml'><div>A</div></content></entry>"),
        _ATOM.format("", "<entry><content type='image/png'>iVBORw0KGgo=</content></entry>"),
        _ATOM.format("", "<entry><source><title>A</title></source><title>B</title></entry>"),
        _ATOM.format("", "<entry><contributor><title>A</title></contributor><title>B</title></entry>"),
        "<opml><outline/></opml>",
        "<html><body><item>A</item></body></html>",
    ],
)
def test_what_is_not_certain_is_left_to_feedparser(feed: str) -> None:
    """Markup inside, things twice, bases, name spaces that are guessed at, broken and foreign documents."""
    assert agreed(feed) is None


def test_a_feed_that_breaks_off_is_not_read_fast_wherever_it_does() -> None:
    """No beginning of a feed passes for the feed."""
    feed = _RSS.format("", "<item><title>A</title></item><item><title>B</title></item>")
    assert all(agreed(feed[:end]) is None for end in range(len(feed)))
    assert agreed(feed) is not None


_CORPUS = [case for case in all_cases() if case.kind in ("feed", "gazette_issue")]


@pytest.mark.parametrize("case", _CORPUS, ids=lambda case: case.id)
def test_both_readers_agree_on_the_corpus(case: Case) -> None:
    """Every nasty document is read the same or left alone."""
    _agree(case.body())


def test_both_readers_agree_on_all_other_documents() -> None:
    """Those that the tests of the shipped sources are made of, and the regulators' samples where they are at hand."""
    suffixes = {".xml", ".rss", ".atom", ".rdf"}
    folders = [TESTS / "documents", TESTS / "shipped", TESTS / "recorded"]
    folders += [SHARED / "data" / "regulators", SHARED / "data" / "wto"] if SHARED.is_dir() else []
    paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in suffixes]
    assert paths
    for path in paths:
        _agree(path.read_bytes())


def _agree(body: bytes) -> None:
    try:
        agreed(body)
    except SourceError:
        text = text_of(body, {})
        with suppress(SourceError):  # it was refused before it was read
            assert read_strictly(mended(text)) is None, "feedparser refuses what the fast reader takes"


_TEXTS = st.one_of(
    st.sampled_from(
        [
            *("", " ", "A", " A b ", "caf\u00e9", "caf\u00c3\u00a9", "\u516c\u544a", "It\x92s", "a &amp; b"),
            *("<![CDATA[<p>A &amp; B</p>]]>", "A<!-- c -->B", "<?x y?>A", "&#233;&#8211;", "&#146;", "<b>A</b>"),
            *("&lt;p&gt;A&lt;/p&gt;", "&amp;eacute;", "http://reg.example/1", "https://reg.example/?a=1&amp;b=2"),
            *("http:///x", "/1", "urn:1", "?a=1&amp;b;=2", "//h/1", "Mon, 02 Nov 2026 08:00:00 GMT"),
            *("2026-11-02T08:00:00Z", "2026\u5e7411\u67082\u65e5", "true", "base=1", "xmlns"),
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="<&\x00", exclude_categories=("Cc", "Cs")), max_size=12),
)
_NAMES = st.sampled_from(
    [
        *("title", "link", "description", "guid", "pubDate", "author", "category", "comments", "source", "enclosure"),
        *("id", "updated", "published", "summary", "content", "rights", "contributor", "modified", "issued", "created"),
        *("dc:title", "dc:date", "dc:creator", "dc:description", "dc:subject", "dc:contributor", "dc:identifier"),
        *("content:encoded", "atom:link", "atom:title", "media:title", "media:content", "media:thumbnail"),
        *("media:group", "own:thing", "own:title", "sy:updatePeriod", "dcterms:issued", "itunes:summary"),
        *("itunes:author", "itunes:image", "date", "links", "tags", "url", "name", "href", "Title", "LINK", "item"),
        *("entry", "image", "textInput", "language", "body"),
    ]
)
_ATTRIBUTES = st.sampled_from(
    [
        *("", "", "", "", "", ' type="html"', ' type="text"', ' type="xhtml"', ' type="TEXT/HTML"'),
        *(' isPermaLink="false"', ' isPermaLink="true"', ' ispermalink="True"', ' xml:lang="fr"', ' mode="base64"'),
        *(' href="https://reg.example/2"', ' href="/3" rel="enclosure"', ' href="4" rel="ALTERNATE" type="text/html"'),
        *(
            ' href="5" rel="self"',
            ' rel="alternate" type="application/pdf" href="6.pdf"',
            ' url="http://reg.example/7"',
        ),
        *(' url="8.mp3" type="Audio/MPEG" length="1"', ' xml:base="https://b.example/"', ' own:href="9"', ' uri="10"'),
        *(' xmlns="http://www.w3.org/1999/xhtml"', ' domain="x"', ' href=""', ' rdf:about="https://reg.example/11"'),
        ' type="application/xml"',
    ]
)


@st.composite
def _elements(draw: st.DrawFn, depth: int = 0) -> str:
    name, attributes = draw(_NAMES), draw(_ATTRIBUTES)
    if depth < 2 and draw(st.integers(0, 9)) == 0:
        inside = "".join(draw(st.lists(_elements(depth + 1), max_size=3)))
    elif name in ("author", "contributor") and draw(st.booleans()):
        parts = draw(st.lists(st.sampled_from(["name", "email", "uri"]), max_size=3))
        inside = " ".join(f"<{part}>{draw(_TEXTS)}</{part}>" for part in parts)
    else:
        inside = draw(_TEXTS)
    return f"<{name}{attributes}/>" if not inside else f"<{name}{attributes}>{inside}</{name}>"


_PREFIXES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "atom": "http://www.w3.org/2005/Atom",
    "media": "http://search.yahoo.com/mrss/",
    "own": "https://reg.example/own",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "dcterms": "http://purl.org/dc/terms/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


@st.composite
def _feeds(draw: st.DrawFn) -> str:
    spaces = dict(_PREFIXES)
    if draw(st.integers(0, 5)) == 0:  # a prefix that stands for something else
        spaces[draw(st.sampled_from(sorted(spaces)))] = (
            draw(st.sampled_from([*_PREFIXES.values(), "urn:x", ""])) or "urn:y"
        )
    default = draw(
        st.sampled_from(
            ["", "http://www.w3.org/2005/Atom", "http://purl.org/rss/1.0/", "urn:z", "HTTP://purl.org/atom/NS#"]
        )
    )
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items())
    declared += f' xmlns="{default}"' if default else ""
    root = draw(st.sampled_from(["rss", "feed", "rdf:RDF"]))
    one = "entry" if root == "feed" else "item"
    blank = draw(st.sampled_from(["", "\n  "]))
    beside = draw(st.lists(_elements(), max_size=3))
    own = st.sampled_from(["", "", "", ' rdf:about="urn:9"', ' href="x"'])
    entries = [
        f"<{one}{draw(own)}>" + blank.join(draw(st.lists(_elements(), max_size=6))) + f"</{one}>"
        for _ in range(draw(st.integers(1, 3)))
    ]
    head, tail = blank.join(beside), blank.join(entries)
    if root == "rss":
        return f'<rss version="2.0"{declared}><channel>{head}{tail}</channel></rss>'
    if root == "feed":
        return f"<feed{declared}>{head}{tail}</feed>"
    return f"<rdf:RDF{declared}><channel>{head}</channel>{tail}</rdf:RDF>"


@settings(max_examples=400, deadline=None)
@given(_feeds())
def test_both_readers_agree_on_whatever_feed(feed: str) -> None:
    """Any order and number of elements, prefixes, types, addresses, markup and blanks."""
    _agree(feed.encode())
