"""JSON lists by YAML alone: what is asked, what is read, and every way in which "nothing" can mean "wrong"."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.watcher.sources.answers import NOW, answer
from watcher.notice import Notice
from watcher.source import Cursor, Entry, Request, SourceError
from watcher.sources import make_source
from watcher.sources.json_api import CappedError, JsonApiSource

URL = "https://reg.example/api/list"
FIELDS = {"id": "id", "title": "title", "link": "url", "published": "day"}


def source(**over: Any) -> JsonApiSource:
    entry = {"name": "a", "kind": "json_api", "url": URL, "issuer": "XX-REG", "items": "results", "fields": FIELDS}
    made = make_source({**entry, **over})
    assert isinstance(made, JsonApiSource)
    return made


def entries(value: Any, **over: Any) -> list[Entry]:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    made = source(**over)
    return list(made.parse(answer(made, body), Cursor()).entries)


def only(thing: Any, **over: Any) -> Notice:
    (entry,) = entries({"results": [thing]}, **over)
    assert entry.notice is not None, entry.problem
    return entry.notice


# What an entry says.


def test_every_field_may_stand_anywhere() -> None:
    """Inside objects, in lists, under names with signs in them."""
    thing = {
        "ref": {"no": 17},
        "Last updated": "2026-11-02",
        "made": "2026-10-01",
        "names": [{"lang": "en", "name": "Chargers"}, {"lang": "fr", "name": "Chargeurs"}],
        "text": "<p>Marked plugs.</p>",
        "dates": {"close": "2026-12-31", "adopted": "2027-01-15", "force": "2027-06-01"},
        "dockets": ["EX-2026-1", "EX-2026-2", None],
        "bodies": [{"title": "Ministry"}, {"title": "Agency"}],
        "goods": ["plugs", "cables"],
        "files": [{"href": "/a.pdf"}, {"href": "/b.pdf"}],
        "lang": "ENG",
    }
    notice = only(
        thing,
        fields={
            "id": "ref.no",
            "number": "ref.no",
            "title": "names[?lang=='en'].name | [0]",
            "summary": "text",
            "published": '"Last updated"',
            "original": "made",
            "deadline": "dates.close",
            "adoption": "dates.adopted",
            "entry_into_force": "dates.force",
            "threads": "dockets",
            "agency": "bodies",
            "products": "goods",
            "links": "files",
            "language": "lang",
            "link": "missing || ref.missing || '/notices/17'",
        },
    )

    assert notice.symbols == ("17",)
    assert notice.title == "Chargers"
    assert notice.content_summary == "Marked plugs."
    assert notice.distribution_date == date(2026, 10, 1)  # the document's own, not that of its last touch
    assert notice.comment_deadline.value == date(2026, 12, 31)
    assert notice.proposed_adoption.value == date(2027, 1, 15)
    assert notice.proposed_entry_into_force.value == date(2027, 6, 1)
    assert notice.threads == ("EX-2026-1", "EX-2026-2")
    assert notice.responsible_agency == "Ministry; Agency"
    assert notice.products_covered == "plugs; cables"
    assert notice.links == ("https://reg.example/a.pdf", "https://reg.example/b.pdf")
    assert notice.page == "https://reg.example/notices/17"


@pytest.mark.parametrize(
    ("value", "title"),
    [
        ("Toys", "Toys"),
        (" Toys &amp;amp; games ", "Toys & games"),
        (26606, "26606"),
        (10.0, "10"),
        (1.5, "1.5"),
        (True, ""),
        (None, ""),
        ({}, ""),
        ([], ""),
        (["A", "B"], "A B"),
        ({"name": "Toys"}, "Toys"),
        ({"en": "Toys", "fr": "Jouets"}, "Toys"),
        ({"@value": "Toys", "@language": "en"}, "Toys"),
        ({"a": {"b": 1}}, ""),
        ([[["Toys"]]], "Toys"),
        ([{"Title": "Toys"}, None], "Toys"),
        ("\u202eToys\x00", "Toys"),
        (10**25, "1" + "0" * 25),
    ],
)
def test_a_value_where_text_is_wanted(value: Any, title: str) -> None:
    """Becomes what a reader can read, or nothing."""
    assert only({"id": "1", "title": value}).title == title


def test_ids_do_not_depend_on_how_a_number_is_written() -> None:
    """17, 17.0 and "17" are one document."""
    assert {entries({"results": [{"id": number}]})[0].key for number in (17, 17.0, "17", " 17 ")} == {"17"}


def test_several_values_make_one_id() -> None:
    """FSIS numbers a recall once for each language."""
    found = entries({"results": [{"n": 7, "l": "en"}, {"n": 7, "l": "es"}]}, fields={"id": "[n, l]"})

    assert [entry.key for entry in found] == ["7 en", "7 es"]


def test_a_link_is_made_of_fields() -> None:
    """Its parts are escaped; a path keeps its slashes if the template says so."""

    def page(template: str, **thing: Any) -> str | None:
        return only({"id": "SR/1 é", **thing}, link_template=template).page

    assert page("https://reg.example/alerts/{id}?lang=en") == "https://reg.example/alerts/SR%2F1%20%C3%A9?lang=en"
    assert page("https://reg.example/{+id}") == "https://reg.example/SR/1%20%C3%A9"
    assert page("/alerts/{id}") == "https://reg.example/alerts/SR%2F1%20%C3%A9"
    assert page("https://reg.example/{title}", url="/plain") == "https://reg.example/plain"
    assert only({"id": "1", "url": "javascript:alert(1)"}).page is None


def test_an_entry_that_lacks_what_it_is_known_by_stops_no_other() -> None:
    """It is a problem that says what it is."""
    good, bad = entries({"results": [{"ID": 1, "Title": "renamed"}, {"id": 2, "title": "Toys"}]})

    assert good.notice is not None
    assert bad.problem == (
        "entry 1 has nothing where 'fields' says id or title or link: it is an object with the keys 'ID', 'Title'"
    )
    assert [entry.problem[:7] for entry in entries({"results": [{"ID": 1}]})] == ["entry 1"]


def test_a_list_of_entries_without_any_known_field_is_a_fault() -> None:
    """The publisher renamed its fields: that is no list of two bad entries."""
    with pytest.raises(SourceError, match=r"gave 2 entries, and none has .* the first is an object with the keys 'ID'"):
        entries({"results": [{"ID": 1}, {"ID": 2}]})


def test_an_expression_that_does_not_fit_an_entry_gives_nothing() -> None:
    """`join` refuses null; the rest of the entry is read."""
    notice = only({"id": "1", "title": "T", "b": [None]}, fields={**FIELDS, "agency": "join(', ', b)"})

    assert (notice.title, notice.responsible_agency) == ("T", "")


def test_an_old_document_stamped_anew_is_no_news() -> None:
    """CPSC's migration gave recalls of 2001 today's date of publication."""
    things = [
        {"id": 1, "made": "2001-03-02", "day": "2026-11-19"},
        {"id": 2, "made": "2026-11-18", "day": "2026-11-19"},
    ]
    found = entries({"results": things}, fields={"id": "id", "original": "made", "published": "day"}, news_days=60)

    assert [entry.news for entry in found] == [False, True]


# What is no answer.


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "nothing at all"),
        (b"   \n", "nothing at all"),
        (b"<!doctype html><title>Sorry</title><p>Down for maintenance", "a web page instead of JSON: 'Sorry"),
        (b'{"results": [{"id": 1}, {"id"', "breaks off"),
        (b'{"results": [{"id": "un', "breaks off"),
        (b"Service unavailable", "is not JSON after 0 characters .* begins with 'Service unavailable'"),
        (b"{'results': []}", "is not JSON"),
        (b'{"results": [{"id": 01}]}', "is not JSON"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a":' * 200_000, "nested too deeply"),
        (b'{"data": []}', "no list at 'results': there is nothing .null.; the answer is an object with"),
        (b'{"results": {"a": {"id": 1}}}', r"an object with the keys 'a'; values\(results\) makes a list of it"),
        (b'{"results": "none"}', "there is 'none'"),
        (b'{"results": 5}', "there is '5'"),
        (b'{"error": {"code": 500, "message": "Try again later"}}', "'Try again later'"),
        (b'{"errors": [{"detail": "Invalid filter"}]}', "'Invalid filter'"),
        (b"[]", "there is nothing .null.; the answer is a list of 0"),
        (b"null", "the answer is nothing"),
        (b"true", "the answer is 'True'"),
        (b"\x00\x00\x00\x00", "nothing at all"),
    ],
)
def test_what_is_no_answer_says_what_came_instead(body: bytes, sentence: str) -> None:
    """A keeper reads from it what to change."""
    with pytest.raises(SourceError, match=sentence):
        entries(body)


@pytest.mark.parametrize(
    "body",
    [
        b'\xef\xbb\xbf{"results": [{"id": 1, "title": "Toys"}]}',
        '{"results": [{"id": 1, "title": "Toys"}]}'.encode("utf-16"),
        '{"results": [{"id": 1, "title": "Toys"}]}'.encode("utf-16-le"),
        '{"results": [{"id": 1, "title": "Toys"}]}'.encode("utf-32-be"),
        b'{"results": [{"id": 1, "title": "To\tys\n"}]}'.replace(b"\t", b""),
        b'{"results": [{"id": 1, "title": "Toys", "score": NaN, "most": Infinity}]}',
        b'{"results": [{"id": 1, "title": "Toys", "n": ' + b"9" * 10_000 + b"}]}",
        b'{"results": [{"id": 1, "title": "Toys", "n": 1e999}]}',
        b'{"results": [{"id": 2, "id": 1, "title": "Old", "title": "Toys"}]}',
        b'{"results": [{"id": 1, "title": "Toys\x00"}]}',
        b')]}\',\n{"results": [{"id": 1, "title": "Toys"}]}',
        b'{"results": [{"id": 1, "title": "Toys", "deep": ' + b"[" * 700 + b"]" * 700 + b"}]}",
        b'{"results": [{"id": 1, "title": "Toys", "half": "\\ud800"}]}',
    ],
    ids=[
        "bom",
        "utf-16",
        "utf-16-le",
        "utf-32-be",
        "newline",
        "nan",
        "digits",
        "huge",
        "twice",
        "nul",
        "guarded",
        "deep",
        "surrogate",
    ],
)
def test_json_as_publishers_write_it_is_read(body: bytes) -> None:
    """What is odd and can be read is read."""
    (entry,) = entries(body)

    assert entry.notice is not None
    assert (entry.key, entry.notice.title) == ("1", "Toys")


def test_other_encodings_are_read_by_what_they_are() -> None:
    """The header says so, or the source's language tells."""
    body = '{"results": [{"id": 1, "title": "关于玩具安全的公告"}]}'.encode("gb18030")
    made = source(language="zh")

    (entry,) = made.parse(answer(made, body), Cursor()).entries
    assert entry.notice is not None and entry.notice.title == "关于玩具安全的公告"


def test_an_error_in_an_answer_of_status_200_is_an_error() -> None:
    """FDA's iRES says in its body whether it went well."""
    rule = {"ok": "STATUSCODE == `400` || STATUSCODE == `412`", "items": "RESULT", "total": "RESULTCOUNT"}

    assert len(entries({"STATUSCODE": 400, "RESULTCOUNT": 1, "RESULT": [{"id": 1}]}, **rule)) == 1
    assert entries({"STATUSCODE": 412, "RESULTCOUNT": 0, "RESULT": None}, **rule) == []
    with pytest.raises(SourceError, match="does not hold: 'Wrong signature'; the answer is an object"):
        entries({"STATUSCODE": 401, "MESSAGE": "Wrong signature"}, **rule)


def test_nothing_is_believed_if_it_is_counted() -> None:
    """The Federal Register leaves `results` out when there are none; a list that is gone is a fault."""
    assert entries({"count": 0}, total="count") == []
    assert entries({"count": "0", "results": []}, total="count") == []
    with pytest.raises(SourceError, match="gave no entries, although it counts 12"):
        entries({"count": 12, "results": []}, total="count")
    with pytest.raises(SourceError, match="no list at"):
        entries({"count": 12}, total="count")


def test_not_found_means_nothing_only_where_staff_say_so_and_json_comes() -> None:
    """openFDA answers 404 when nothing matches; a wrong address answers 404 with a page."""
    made = source(not_found_means_nothing=True)
    request = made.first_request(Cursor(), NOW)

    assert request.accept_status == {404}
    assert source().first_request(Cursor(), NOW).accept_status == frozenset()
    nothing = answer(made, b'{"error": {"code": "NOT_FOUND"}}', status=404)
    assert list(made.parse(nothing, Cursor()).entries) == []
    for body in (b"<html>Not found</html>", b"", b"[]"):
        with pytest.raises(SourceError, match=r"404 \(not found\).*check the address"):
            made.parse(answer(made, body, status=404), Cursor())


def test_a_count_that_reached_the_publishers_cap_is_refused() -> None:
    """The Federal Register counts no further than 10,000 and says nothing of the rest."""
    made = source(total="count", cap=10_000)
    body = json.dumps({"count": 10_000, "results": [{"id": 1}]}).encode()

    with pytest.raises(CappedError, match="counts 10000 entries and never gives more than 10000: ask for fewer days"):
        made.parse(answer(made, body), Cursor())
    assert len(entries({"count": 9_999, "results": [{"id": 1}]}, total="count", cap=10_000)) == 1


def test_more_entries_than_believed_are_refused() -> None:
    """CPSC gives all of its 9,700 recalls when it does not know a parameter."""
    with pytest.raises(SourceError, match="gave 30 entries, more than the 20"):
        entries({"results": [{"id": number} for number in range(30)]}, max_entries=20)


def test_json_inside_a_page_is_found_by_its_element() -> None:
    """Brazil's gazette builds its list with a script; the words of the page never change."""
    page = b'<script>var x = 1;</script><script id="params" type="application/json">{"results": [{"id": 1}]}</script>'

    assert [entry.key for entry in entries(page, script="script#params")] == ["1"]
    assert [entry.key for entry in entries(page.replace(b'{"res', b'var list = {"res'), script="#params")] == ["1"]
    with pytest.raises(SourceError, match=r"has no JSON in an element '#other'.*begins with"):
        entries(b"<p>Sorry</p>", script="#other")


# The property: any JSON.


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*FIELDS.values(), "results", "x"]), inner, max_size=5)
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(value=json_values, items=st.sampled_from(["@", "results", "values(@)", "results[].x", "x[*]", "length(x)"]))
def test_any_json_is_read_or_refused_in_a_sentence(value: Any, items: str) -> None:
    """A publisher cannot bring the program down, and what is read has keys that stay."""
    for answered in (value, {"results": value}):
        try:
            found, again = entries(answered, items=items), entries(answered, items=items)
        except SourceError:
            continue
        assert [entry.key for entry in found] == [entry.key for entry in again]
        assert len({entry.key for entry in found}) == len(found)
        assert all(entry.key and (entry.notice is None) == bool(entry.problem) for entry in found)
        assert not any("reading it failed" in entry.problem for entry in found)


def test_requests_of_the_same_poll_carry_what_was_read() -> None:
    """A source keeps nothing between pages itself: two polls may run at once."""
    made = source(paging={"by": "page", "parameter": "p"})
    page = made.parse(answer(made, json.dumps({"results": [{"id": n} for n in range(5)]}).encode()), Cursor())

    assert isinstance(page.next, Request)
    assert page.next.memory["read"] == 5
    assert json.loads(json.dumps(page.next.memory)) == page.next.memory
