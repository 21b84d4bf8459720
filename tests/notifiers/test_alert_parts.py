"""Both parts of an alert say the same, and whatever others write stays text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notifiers.message import AlertContent, Message, WhyYou
from notifiers.render import render_alert
from rules.classification import Grade
from subscriptions.criteria import Condition, Part
from tests.builders import stated
from tests.notifiers.contents import TOLD, alert, change, coverage, facts, moved, news
from tests.notifiers.shown import HOSTILE, Seen, bare
from watcher.dates import DateFact
from watcher.measure import ChangeKind


def mail(content: AlertContent, language: str = "en") -> Message:
    return render_alert(content, channel="email", language=language, recipient="drinks@example.com")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_both_parts_carry_the_same_facts(language: str) -> None:
    """Every line of the text stands in the HTML, and every link of the HTML in the text."""
    content = alert(
        changes=(moved(), change(ChangeKind.FURTHER_INFORMATION, quote="Guidance & help")),
        comment_deadline=stated(date(2026, 4, 10)),
        told=TOLD,
        coverage=coverage(gaps=("one gap", "another gap")),
    )
    sent = mail(content, language)
    seen = Seen(sent.html)
    for line in sent.text.splitlines():
        said = bare(re.sub(r"https?://\S+", "", line)).removeprefix("-").strip("-")
        assert said in bare(seen.words), line
    assert seen.links and all(link in sent.text for link in seen.links)


def test_outside_text_arrives_as_text() -> None:
    """Markup, template signs and entities in any field are shown as they were written, and do nothing."""
    hostile = WhyYou(
        subscription=1,
        name=HOSTILE,
        grade=Grade.DIRECT,
        conditions=(Condition(part=Part.KEYWORD, asked=HOSTILE, found="other"),),
    )
    content = alert(
        title=HOSTILE,
        content_summary=HOSTILE,
        products_covered=HOSTILE,
        objectives=(HOSTILE,),
        markets=(HOSTILE,),
        areas=(HOSTILE,),
        why=(hostile,),
        changes=(change(quote=HOSTILE), change(ChangeKind.PRODUCTS_CHANGED, field="title", old=HOSTILE, new=HOSTILE)),
        comment_deadline=DateFact(wording=HOSTILE),
        coverage=coverage(gaps=(HOSTILE,)),
        correction=HOSTILE,
    )
    sent = mail(content)
    seen = Seen(sent.html)
    ours = {"html", "head", "meta", "title", "body", "table", "tr", "td", "th", "p", "h1", "span", "a", "br", "strong"}
    assert set(seen.tags) <= ours | {"s"}
    assert not any(name.startswith("on") for name in seen.attributes) and "src" not in seen.attributes
    assert bare(seen.words).count(bare(HOSTILE[:40])) >= 9
    assert "{{7*7}}" in seen.words and "49" not in sent.text
    assert HOSTILE in sent.text


def test_only_web_links_are_links() -> None:
    """Scripts, files and links with a name and password are no links in a mail of ours."""
    content = alert(
        links=("javascript:alert(1)", "file:///etc/passwd", "https://li:pw@example.com/", "http://ok.example/a b.pdf"),
        page="data:text/html,x",
        unsubscribe="javascript:alert(2)",
    )
    links = Seen(mail(content).html).links
    assert links == ["http://ok.example/a%20b.pdf"]


def test_the_html_fetches_nothing_and_suits_a_dark_screen() -> None:
    """No image, style sheet, script or background; no colour of ground; the program may choose light or dark."""
    html = mail(alert()).html
    seen = Seen(html)
    assert not {"img", "link", "style", "script", "iframe", "form", "svg"} & set(seen.tags)
    assert "background" not in html and "url(" not in html and "@import" not in html
    assert 'name="color-scheme" content="light dark"' in html


def test_the_text_has_no_markup_of_ours() -> None:
    """It is read in a terminal or aloud."""
    text = mail(alert()).text
    assert "<" not in text and "&amp;" not in text and "**" not in text


def test_an_enormous_measure_still_fits_a_mail() -> None:
    """Whatever a Member writes, the HTML stays below what mail programs show."""
    big = "“长'&<" * 400
    why = tuple(
        WhyYou(
            subscription=n,
            name=big + str(n),
            grade=Grade.BROAD,
            conditions=tuple(Condition(part=Part.KEYWORD, asked=big + str(m), found=big) for m in range(12)),
        )
        for n in range(30)
    )
    content = alert(
        title=big,
        content_summary=big,
        products_covered=big,
        hs_codes=tuple(str(n) for n in range(220100, 222100)),
        ics_codes=tuple(f"67.{n}" for n in range(100, 999)),
        objectives=(big,) * 50,
        areas=(big,) * 100,
        links=tuple(f"https://example.com/{n}/{'a' * 1900}" for n in range(300)),
        changes=tuple(
            change(ChangeKind.PRODUCTS_CHANGED, field="products_covered", old=big + str(n), new=big, quote=big)
            for n in range(300)
        ),
        why=why,
        told=TOLD * 100,
        coverage=coverage(gaps=(big,) * 400),
        unsubscribe="https://example.com/" + "u" * 1900,
    )
    for language in ("en", "zh"):
        sent = mail(content, language)
        assert len(sent.html.encode()) < 100_000
        assert len(sent.subject) <= 200


def test_a_joint_notification_names_all_its_symbols_and_few_markets() -> None:
    """Seven Members, one message."""
    symbols = tuple(
        f"G/TBT/N/{code}/{n}" for n, code in enumerate(("BDI", "COD", "KEN", "RWA", "SSD", "TZA", "UGA"), 1)
    )
    sent = mail(alert(symbols=symbols, markets=("Burundi", "DR Congo", "Kenya", "Rwanda", "SSD", "Tanzania", "Uganda")))
    assert "Burundi +6 · New measure" in sent.text
    assert all(symbol in sent.text for symbol in symbols)


@settings(max_examples=60, deadline=None)
@example(title="", wording="", products="", language="en", market=["\U00013430"])
@given(
    title=st.text(max_size=400),
    wording=st.text(max_size=80),
    products=st.text(max_size=80),
    language=st.sampled_from(["en", "zh", "fr"]),
    market=st.lists(st.text(max_size=30), max_size=9),
)
def test_no_words_of_others_can_lose_an_alert(
    title: str, wording: str, products: str, language: str, market: list[str]
) -> None:
    """Any text at all makes a message with one subject line, on every channel."""
    content = alert(
        title=title, products_covered=products, markets=tuple(market), comment_deadline=DateFact(wording=wording)
    )
    for channel in ("email", "telegram", "file"):
        sent = render_alert(content, channel=channel, language=language, recipient="x")
        assert sent.text.strip() and 0 < len(sent.subject) <= 200
        assert len(sent.subject.splitlines()) == 1
        subject = re.sub("[\u200c\u200d]", "", sent.subject)  # letters of Arabic and Indic scripts are joined by them
        assert not {unicodedata.category(char) for char in subject} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_another_channel_gets_the_whole_text() -> None:
    """A channel without templates of its own, such as a file, gets what the mail says, without HTML."""
    sent = render_alert(alert(), channel="file", language="en", recipient="ningbo")
    assert sent.html == "" and sent.headers == {}
    assert sent.text == mail(alert()).text


def test_sanitary_measures_are_called_so() -> None:
    """Where no article says what kind of measure it is, the agreement does."""
    one = replace(news(kinds=()), facts=replace(facts(), area="SPS"))
    assert "sanitary or phytosanitary measure, draft" in mail(alert(news=one)).text


def test_a_coverage_without_a_time_zone_is_a_mistake_of_the_caller() -> None:
    """A moment is never written without its zone."""
    naive = coverage(as_of=datetime(2026, 2, 2, 10, 2, tzinfo=UTC).replace(tzinfo=None))
    with pytest.raises(ValueError, match="has no time zone"):
        mail(alert(coverage=naive))
