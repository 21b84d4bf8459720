"""Alerts for a chat: four lines, within its length, in markup the service accepts."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notifiers.chat_length import TELEGRAM_LIMIT, shorten, shorten_text, shown_length, units
from notifiers.message import AlertContent, Message
from notifiers.render import render_alert
from tbtwatch.demo.chat_markup import read_markup
from tests.builders import stated
from tests.notifiers.contents import alert, change, moved
from tests.notifiers.shown import HOSTILE
from watcher.measure import ChangeKind


def chat(content: AlertContent, language: str = "en") -> Message:
    return render_alert(content, channel="telegram", language=language, recipient="7")


def test_an_alert_is_four_lines() -> None:
    """Fact, act-by, product, link."""
    sent = chat(alert())
    assert sent.text.splitlines() == [
        "Kenya · New measure · technical regulation, draft: Jelly drinks - Specification",
        "Comment deadline: 10 March 2026 (stated in the document; 36 days left); act by 24 February",
        "HS 2202.99 · concerns you directly · for “East African drinks”",
        "G/TBT/N/KEN/1514: https://epingalert.org/en/Search?viewData=G%2FTBT%2FN%2FKEN%2F1514&lang=en",
    ]
    assert sent.buttons == (("Details", "https://epingalert.org/en/Search?viewData=G%2FTBT%2FN%2FKEN%2F1514&lang=en"),)


def test_a_moved_deadline_is_one_line_with_both_days() -> None:
    """Not a line for the change and another for the deadline."""
    content = alert(changes=(moved(),), comment_deadline=stated(date(2026, 4, 10)), act_by=date(2026, 3, 27))
    assert chat(content, "zh").text.splitlines()[1] == (
        "评议截止：3月10日 → 4月10日（通报写明；还有 67 天）；请于3月27日前行动"
    )


def test_other_changes_have_lines_of_their_own() -> None:
    """Old → new, at most three."""
    one = change(ChangeKind.PRODUCTS_CHANGED, field="hs_codes", old="2202", new="2202, 2009")
    lines = chat(alert(changes=(one,))).text.splitlines()
    assert len(lines) == 5 and lines[1] == "HS codes: 2202 → 2202, 2009 (added 2009)"


def test_outside_text_is_escaped_for_the_chat() -> None:
    """The service reads our markup, and people see the words as they were written."""
    sent = chat(alert(title=HOSTILE, markets=(HOSTILE,)))
    assert HOSTILE in read_markup(sent.html)
    assert "<script>" not in sent.html


def test_without_a_link_the_symbol_stands_alone() -> None:
    """And no button is offered; nor is one to an address that is not https."""
    bare = chat(alert(page=None, links=()))
    assert bare.buttons == () and bare.text.splitlines()[-1] == "G/TBT/N/KEN/1514"
    assert chat(alert(page="http://example.com/x", links=())).buttons == ()


def test_the_longest_alert_fits_and_keeps_its_last_lines() -> None:
    """Long titles give way; the act-by line and the link stay."""
    content = alert(title="<长>&" * 3000, products_covered="x" * 9000, correction="y" * 9000)
    sent = chat(content, "zh")
    assert shown_length(sent.html) <= TELEGRAM_LIMIT
    assert "请于2月24日前行动" in sent.text and sent.text.splitlines()[-1].startswith("G/TBT/N/KEN/1514")


MARKUP = st.lists(
    st.sampled_from(
        [
            "<b>",
            "</b>",
            "<i>",
            "</i>",
            '<a href="https://x.org/?a=1&amp;b=2">',
            "</a>",
            "&lt;",
            "&#39;",
            "😀",
            "长",
            "a",
            "\n",
        ]
    )
)


def balanced(pieces: list[str]) -> str:
    """Tags closed in order, so that it is markup the service accepts."""
    kept: list[str] = []
    stack: list[str] = []
    for piece in pieces:
        if piece.startswith("</"):
            if not stack or stack[-1] != piece[2:-1]:
                continue
            stack.pop()
        elif piece.startswith("<"):
            stack.append(piece[1:].split()[0].rstrip(">"))
        kept.append(piece)
    return "".join(kept) + "".join(f"</{tag}>" for tag in reversed(stack))


@settings(max_examples=300, deadline=None)
@given(pieces=MARKUP, limit=st.integers(1, 30))
@example(pieces=["<b>", "a", "&lt;", "</b>"], limit=2)
def test_a_cut_never_breaks_markup(pieces: list[str], limit: int) -> None:
    """What is cut is still read by the service, is short enough, and is the beginning of what it was."""
    whole = balanced(pieces)
    cut = shorten(whole, limit)
    assert units(read_markup(cut)) <= limit or units(read_markup(whole)) <= limit
    assert read_markup(whole).startswith(read_markup(cut).removesuffix("…"))


@settings(max_examples=200, deadline=None)
@given(text=st.text(), limit=st.integers(1, 20))
def test_plain_text_is_cut_to_its_length(text: str, limit: int) -> None:
    """Counted as the service counts, in UTF-16 code units."""
    assert units(shorten_text(text, limit)) <= limit


@pytest.mark.parametrize(("markup", "length"), [("<b>a&amp;b</b>", 3), ("😀", 2), ("", 0), ("a < b", 5)])
def test_length_is_what_people_see(markup: str, length: int) -> None:
    """Tags count nothing, an entity one, a character outside the first plane two."""
    assert shown_length(markup) == length
