"""The reference tables that ship: complete, consistent with the code, and refused with a sentence when broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from tbtwatch.reference import LANGUAGES, ReferenceTableError, load_hs, load_ics, load_markets
from watcher.codes import OBJECTIVES, parse_hs, parse_ics
from watcher.hs import LAST_HEADING
from watcher.ics import ICS_FIELDS

FOLDER = Path(__file__).parents[1] / "config" / "reference"


def test_members_have_names_in_all_languages_and_their_codes() -> None:
    """166 Members and 23 observers, none without a name or an ePing id; 27 states of the EU."""
    members = load_markets(FOLDER).members.values()

    assert len([member for member in members if not member.observer]) == 166
    assert len([member for member in members if member.observer]) == 23
    assert len([member for member in members if member.eu_member_state]) == 27
    assert all(set(member.names) == set(LANGUAGES) and member.eping_id for member in members)


def test_symbols_codes_are_iso_codes_but_for_two() -> None:
    """A Member's code in symbols is its ISO code; the EU and Chinese Taipei alone have others."""
    members = load_markets(FOLDER).members.values()

    assert {member.code for member in members if member.code != member.iso3} == {"EU", "TPKM"}


def test_shipped_groups_have_names_and_known_members() -> None:
    """Each group is named in all languages; the Belt and Road alone waits for the operator's list."""
    groups = load_markets(FOLDER).groups

    assert {"ASEAN", "CPTPP", "EAC", "EAEU", "GCC", "RCEP"} <= set(groups)
    assert all(set(group.names) == set(LANGUAGES) for group in groups.values())
    assert [key for key, group in groups.items() if not group.members] == ["BRI"]
    assert {key: len(group.members) for key, group in groups.items() if group.members} == {
        "ASEAN": 11, "CPTPP": 12, "EAC": 8, "EAEU": 5, "ECOWAS": 12, "EFTA": 4, "GCC": 6, "MERCOSUR": 5, "RCEP": 15,
        "USMCA": 3,
    }  # fmt: skip


def test_an_operator_lists_groups_of_their_own() -> None:
    """Own groups are made of codes, names and other groups; a shipped one keeps its names when its list changes."""
    own = {
        "BRI": ["KAZ", "Pakistan", "ASEAN"],
        "HOME": {
            "name": {"en": "Our markets", "zh": "主要市场"},
            "aliases": ["家"],
            "members": ["EU", "United States"],
        },
    }
    markets = load_markets(FOLDER, own)

    assert markets.resolve("一带一路") == "BRI"
    assert markets.expand(["BRI"]) == {"KAZ", "PAK"} | markets.expand(["ASEAN"])
    assert markets.expand(["HOME"]) == {"USA"} | markets.expand(["EU"])
    assert markets.resolve("家") == "HOME"
    assert markets.name("HOME", "zh") == "主要市场"


@pytest.mark.parametrize(
    ("own", "says"),
    [
        ({"X": ["Atlantis"]}, "holds 'Atlantis', which is neither a Member nor a group"),
        ({"X": "KEN"}, "must be a list of Members"),
        ({"X": {"member": ["KEN"]}}, "has 'member': only members, name and aliases are known"),
        ({"X": {"members": "KEN"}}, "members must be a list"),
        ({"X": {"members": ["KEN"], "name": 3}}, "name must be a text"),
        ({"KEN": ["UGA"]}, "has the code of a Member"),
        ({"X": ["Y"], "Y": ["X"]}, "holds itself"),
        ({"X": {"members": ["KEN"], "aliases": ["Uganda"]}}, "a name of both"),
    ],
)
def test_a_wrong_group_is_refused_with_a_sentence(own: dict[str, object], says: str) -> None:
    """Whoever wrote the settings reads which group is wrong, and why."""
    with pytest.raises(ReferenceTableError) as refusal:
        load_markets(FOLDER, own)
    assert says in str(refusal.value)


def test_a_broken_table_is_refused_with_its_place(tmp_path: Path) -> None:
    """A missing file, a missing column and a line without a code each say where."""
    with pytest.raises(ReferenceTableError, match="can't be read"):
        load_markets(tmp_path)
    table = tmp_path / "members.csv"
    table.write_text("code,iso2\nKEN,KE\n", encoding="utf-8")
    with pytest.raises(ReferenceTableError, match="no column 'iso3'"):
        load_markets(tmp_path)
    columns = (FOLDER / "members.csv").read_text(encoding="utf-8").splitlines()[0]
    table.write_text(columns + "\n,KE,KEN,C404,Kenya,,,,,member,\n", encoding="utf-8")
    with pytest.raises(ReferenceTableError, match="line 2: the code '' is missing"):
        load_markets(tmp_path)


def test_hs_titles_are_whole_and_agree_with_the_code() -> None:
    """96 chapters, 1,228 headings and 5,612 subheadings; each is accepted, and the last headings are those we know."""
    titles = load_hs(FOLDER)

    assert [len([code for code in titles if len(code) == length]) for length in (2, 4, 6)] == [96, 1228, 5612]
    assert all(parse_hs(code) == code and title["en"] for code, title in titles.items())
    last = {
        chapter: max(int(code[2:]) for code in titles if len(code) == 4 and code[:2] == chapter)
        for chapter in LAST_HEADING
    }
    assert last == LAST_HEADING
    assert all("zh" in titles[chapter] for chapter in LAST_HEADING)


def test_hs_titles_are_those_of_2022() -> None:
    """Codes new in the edition are there, codes it dropped are not."""
    titles = load_hs(FOLDER)

    assert {"240412", "851713", "852411", "854151", "880622"} <= set(titles)
    assert not {"851712", "854140"} & set(titles)


def test_ics_titles_are_whole_and_agree_with_the_code() -> None:
    """Edition 7 has 1,381 codes; each is accepted, and its fields are those we know, in Chinese too."""
    titles = load_ics(FOLDER)

    assert len(titles) == 1381
    assert all(parse_ics(code) == code and title["en"] for code, title in titles.items())
    assert {code for code in titles if len(code) == 2} == ICS_FIELDS
    assert all(titles[field].get("zh") for field in ICS_FIELDS)


def test_objectives_have_names_in_all_languages() -> None:
    """Whatever a reader's language, an objective has a name in it."""
    assert all(set(names) == set(LANGUAGES) and all(names.values()) for names in OBJECTIVES.values())
