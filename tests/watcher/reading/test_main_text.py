"""The main text of a page: the same as long as the page says the same."""

from __future__ import annotations

import time

import pytest

from watcher.reading.main_text import main_text, title_of
from watcher.reading.markup import MarkupError, check_selector, parse_markup

TEXT = "Importers of electric kettles must hold a certificate of a notified body before the goods arrive. " * 4


@pytest.mark.parametrize(
    "mark", ["<main>{}</main>", "<div role=main>{}</div>", "<article>{}</article>", "<div id=content>{}</div>"]
)
def test_a_marked_main_part_is_the_text(mark: str) -> None:
    """Menus inside and banners around it are no part of it."""
    page = f"<body><p>Banner</p>{mark.format(f'<nav>Menu</nav><p>{TEXT}</p>')}<aside>Also read</aside></body>"

    assert main_text(page) == TEXT.strip()


def test_without_a_mark_what_is_around_is_left_out() -> None:
    """By what elements are for."""
    found = main_text(
        f"<body><header>Logo</header><nav>Menu</nav><div><p>{TEXT}</p></div><footer>Imprint</footer></body>"
    )

    assert TEXT.strip() in found
    assert not any(word in found for word in ("Logo", "Menu", "Imprint"))


def test_a_placeholder_in_the_main_part_does_not_hide_the_text() -> None:
    """Some sites keep an empty <main> for a script."""
    assert TEXT.strip() in main_text(f"<body><main>Loading</main><div><p>{TEXT}</p></div></body>")


def test_staff_may_say_where_it_stands_and_what_is_none_of_it() -> None:
    """By selectors; elements inside one another are read once."""
    page = "<div class=t>A<div class=t>B</div><i>7 visits</i></div><div class=t>C</div>"

    assert main_text(page, select=".t", drop=("i",)).split() == ["A", "B", "C"]


def test_scripts_styles_and_drawings_are_no_text() -> None:
    """Nor are templates."""
    page = "<main><style>p{}</style><script>x()</script><svg><text>art</text></svg><template>T</template>" + TEXT

    assert main_text(page) == TEXT.strip()


def test_tables_and_lists_are_kept() -> None:
    """Import alerts are tables of firms."""
    rows = "".join(f"<tr><td>Firm {n}<td>Ningbo" for n in range(50))

    assert "Firm 49 Ningbo" in main_text(f"<main><table>{rows}</table></main>")


def test_the_only_heading_is_the_title() -> None:
    """Else the title of the page is."""
    assert title_of(parse_markup("<title>Site | Alert</title><h1>Alert <b>7</b></h1>")) == "Alert 7"
    assert title_of(parse_markup("<title>Site</title><h1>A</h1><h1>B</h1>")) == "Site"
    assert title_of(parse_markup("<p>nothing")) == ""


@pytest.mark.parametrize(
    "page", ["<div>" * 100_000, "<dl><dd>" * 100_000, "<a " + "x " * 50_000 + ">", "<br>" * 500_000, "<div/>" * 100_000]
)
def test_a_page_that_asks_for_too_much_work_is_refused(page: str) -> None:
    """Before it is parsed: its parser would take minutes."""
    began = time.monotonic()
    with pytest.raises(MarkupError):
        main_text(page)

    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "page",
    [
        "<p>" + "".join(f"<b id={n}>" for n in range(9_000)) + "<p>x" * 50_000,
        "<div><div>text of a line</div></div>" * 40_000,
        "<svg><title>icon</title><path d='M0'/></svg><p>x" * 20_000,
        "<li>x" * 80_000,
        "x" * 5_000_000,
        "<p>" + "&lt;" * 800_000,
        "<p title='" + "<div>" * 100_000 + "'>x",
        "<script>" + "<div>" * 100_000 + "</script>x",
        "<!-- " + "<div>" * 100_000 + "-->x",
    ],
)
def test_a_large_page_is_read_in_seconds(page: str) -> None:
    """Formatting that nobody closed, icons by the thousand, lists of a hundred thousand lines."""
    began = time.monotonic()
    main_text(page)

    assert time.monotonic() - began < 10


def test_a_selector_that_is_none_is_refused() -> None:
    """With a sentence part for the settings' message."""
    with pytest.raises(ValueError, match="is no CSS selector"):
        check_selector("a[")
