"""One item of the API: every field may be missing, null or of another type."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.dates import DateQuality
from watcher.notice import Notice, NoticeType
from watcher.sources.eping_item import entries_of, entry_of, notice_from
from watcher.sources.stated import EntryError, no_members

FIELDS = (
    *("id", "area", "notificationType", "notifyingMember", "notifyingMemberCode", "documentSymbol"),
    *("title", "titlePlain", "description", "descriptionPlain", "productsFreeText", "productsFreeTextPlain"),
    *("hsCodes", "icsCodes", "hsCodeText", "icsCodeText", "keywords", "objectives", "objectivesFreeText"),
    *("distributionDate", "commentDeadlineDate", "proposedAdoptionDate", "proposedAdoptionDateText"),
    *("proposedEntryIntoForceDate", "proposedEntryIntoForceDateText", "notifiedDocumentLink"),
    *("linkToNotification", "dolLink", "relevantDocumentTitle"),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
    | st.sampled_from(["G/TBT/N/KEN/1", "0000-00-00", "2026-02-30", "8507", "http://[", "<p>", "\ud800", "\x00"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["name", "code", "id"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def read(**fields: Any) -> Notice:
    """The notice of an item with these fields."""
    return notice_from(
        {"id": 1, "documentSymbol": "G/TBT/N/KEN/1514", "distributionDate": "2026-07-02T00:00:00Z", **fields}
    )


def test_the_day_is_the_one_that_is_written() -> None:
    """A zone behind it never moves it: the day is the WTO's own."""
    for written in (
        "2026-07-02T00:00:00+00:00",
        "2026-07-02T23:59:59-11:00",
        "2026-07-02T00:00:00+14:00",
        "2026-07-02",
    ):
        assert read(distributionDate=written).distribution_date == date(2026, 7, 2)


@pytest.mark.parametrize("nothing", [None, "", "0000-00-00", "0001-01-01T00:00:00", "2026-02-30T00:00:00Z", 0, [], {}])
def test_no_day_is_no_day(nothing: Any) -> None:
    """What is no day is not guessed to be one."""
    notice = read(distributionDate=nothing, commentDeadlineDate=nothing)

    assert notice.distribution_date is None
    assert notice.comment_deadline.value is None


def test_a_day_in_a_date_field_wins_and_the_words_are_kept() -> None:
    """The WTO's reading of a date is better than ours; what the Member wrote is what people are shown."""
    fact = read(
        proposedAdoptionDate="2026-12-24T00:00:00Z", proposedAdoptionDateText="before Christmas"
    ).proposed_adoption

    assert (fact.value, fact.quality, fact.wording) == (date(2026, 12, 24), DateQuality.STATED, "before Christmas")


def test_words_alone_are_read() -> None:
    """Counted from the distribution date, and entry into force from adoption."""
    notice = read(
        proposedAdoptionDateText="90 days from notification", proposedEntryIntoForceDateText="6 months after adoption"
    )

    assert notice.proposed_adoption.value == date(2026, 9, 30)
    assert notice.proposed_adoption.quality is DateQuality.COMPUTED
    assert notice.proposed_entry_into_force.value == date(2027, 3, 30)


def test_the_symbol_decides_what_a_document_is() -> None:
    """The type beside it may be wrong; the Members' codes come from it as well."""
    notice = read(documentSymbol="G/TBT/N/EU/5/Add.2, G/TBT/N/UGA/7/Add.2", notificationType="Regular notification",
                  notifyingMember="Kenya", area="SPS")  # fmt: skip

    assert notice.type is NoticeType.ADDENDUM
    assert notice.notifying_members == ("EU", "UGA")
    assert notice.area == "TBT"


def test_a_document_from_before_2000_gets_its_member_by_name() -> None:
    """Its symbol names none."""
    old = notice_from(
        {"documentSymbol": "G/TBT/Notif.96.15", "notifyingMember": "Kenya"}, find_member={"Kenya": "KEN"}.get
    )

    assert old.notifying_members == ("KEN",)


def test_html_stands_in_for_a_missing_plain_twin() -> None:
    """Either twin will do; the plain one is believed first unless it says nothing."""
    assert read(title="<p>Toys &amp; games</p>").title == "Toys & games"
    assert read(title="<p>No</p>", titlePlain="Toys & games").title == "Toys & games"
    assert read(title="<p>Toys</p>", titlePlain=" \r\n").title == "Toys"


@pytest.mark.parametrize(
    "codes",
    [
        [{"code": "8507", "name": "8507 - Accumulators"}],
        [{"name": "8507 - Accumulators"}],
        ["85.07"],
        "8507",
        [8507],
        8507,
    ],
)
def test_codes_come_as_objects_texts_and_numbers(codes: Any) -> None:
    """Whatever the list is made of."""
    assert read(hsCodes=codes).hs_codes == ("8507",)


def test_a_code_as_a_number_gets_its_zero_back() -> None:
    """403 is heading 04.03: numbers lose leading zeros."""
    assert read(hsCodes=[403]).hs_codes == ("0403",)


def test_codes_of_the_products_text_count_when_the_lists_are_empty() -> None:
    """Each list for itself."""
    products = "Lamps (HS code(s): 9405); Lamps (ICS code(s): 29.140)"

    assert read(productsFreeTextPlain=products).hs_codes == ("9405",)
    assert read(productsFreeTextPlain=products, hsCodes=["8539"]).hs_codes == ("8539",)
    assert read(productsFreeTextPlain=products, hsCodes=["8539"]).ics_codes == ("29.140",)


def test_objectives_lose_the_agreements_name() -> None:
    """ "(TBT)" is how ePing files them."""
    assert read(objectives=[{"name": "Protection of the environment (TBT)"}]).objectives == ("environment",)


@pytest.mark.parametrize("separator", [",", ", ", " ", "\r\n", "\n", ";", ""])
def test_links_come_apart_however_they_are_joined(separator: str) -> None:
    """A comma inside an address stays in it; what is not http(s) is left out."""
    first, second = "https://a.example/x,1_e.pdf", "http://b.example/y.pdf"

    assert read(notifiedDocumentLink=f"{first}{separator}{second} ftp://c.example/z").links == (first, second)


def test_without_an_id_symbols_and_member_are_the_key() -> None:
    """A joint notification is listed once for each Member, each an entry."""
    first, second = (
        entry_of({"documentSymbol": "G/TBT/N/BDI/1, G/TBT/N/KEN/2", "notifyingMember": member})
        for member in ("Burundi", "Kenya")
    )

    assert first.notice == second.notice
    assert first.key != second.key


def test_two_items_with_one_id_are_two_entries() -> None:
    """Else each poll would take one for the other's new text, and tell people so."""

    def a(number: int, title: str) -> dict[str, Any]:
        return {"id": 7, "documentSymbol": f"G/TBT/N/KEN/{number}", "titlePlain": title}

    entries = entries_of([a(1, "Toys"), a(2, "Lamps"), a(1, "Juguetes")], language="en", find_member=no_members)

    assert [entry.key for entry in entries] == ["7 G/TBT/N/KEN/1", "7 G/TBT/N/KEN/2", "7 G/TBT/N/KEN/1 #2"]


@pytest.mark.parametrize(
    "item", [None, 3, "text", [], True, {}, {"documentSymbol": None}, {"documentSymbol": "?", "id": 9}]
)
def test_what_cannot_be_read_is_kept_with_a_sentence(item: Any) -> None:
    """It is shown to the source's keeper, under a key that stays the same."""
    entry = entry_of(item)

    assert entry.notice is None
    assert entry.problem
    assert entry.raw == json.dumps(item)
    assert entry.key == entry_of(item).key


@settings(max_examples=250, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), anything), st.booleans())
def test_any_values_make_a_notice_or_a_problem(item: dict[str, Any], readable: bool) -> None:
    """Nothing but EntryError from the reader itself, and what comes out can be stored."""
    if readable:
        item = {**item, "documentSymbol": "G/TBT/N/KEN/1514"}
    try:
        notice = notice_from(item)
    except EntryError:
        assert not readable
        notice = None
    entry = entry_of(item)

    assert entry.notice == notice
    told = (notice.title, notice.content_summary, *notice.links) if notice else ()
    for text in (entry.key, entry.raw, entry.problem, *told):
        assert "\x00" not in text
        text.encode()
