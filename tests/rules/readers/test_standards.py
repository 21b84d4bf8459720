"""Standards in texts: what is one, how it is written, and what only looks like one."""

from __future__ import annotations

import pytest

from rules.classification import Facet, Grade
from rules.readers.standards import READER
from tests.rules.readers.reading import found, values


@pytest.mark.parametrize(
    ("text", "standard"),
    [
        ("Safety of appliances: IEC 60335-1:2020", "IEC 60335-1:2020"),
        ("家用和类似用途电器的安全GB 4706.1—2005", "GB 4706.1:2005"),
        ("依据GB/T 20801", "GB/T 20801"),
        ("EN 71-1:2014+A1:2018", "EN 71-1:2014+A1:2018"),
        ("BS EN IEC 62368-1：2020", "BS EN IEC 62368-1:2020"),
        ("NORMA Oficial Mexicana NOM-001-SCFI-2018", "NOM-001-SCFI-2018"),
        ("PROY-NOM-051-SCFI/SSA1-2010", "NOM-051-SCFI/SSA1-2010"),
        ("JIS C9335-1", "JIS C 9335-1"),
        ("ASTM F963-17", "ASTM F963-17"),
        ("KS C IEC 60335-1", "KS C IEC 60335-1"),
        ("DEAS 1088: 2022, Liquid coffee", "EAS 1088:2022"),
        ("la norme NF C 15-100", "NF C 15-100"),
        ("ГОСТ Р 51000-2019", "GOST R 51000:2019"),
        ("IS 302:2008", "IS 302:2008"),
        ("Malaysian Standard MS 1234", "MS 1234"),
        ("QCVN 54:2020/BTTTT", "QCVN 54:2020/BTTTT"),
        ("AS/NZS 60335.2.9:2020", "AS/NZS 60335.2.9:2020"),
        ("ABNT NBR 15236:2016", "ABNT NBR 15236:2016"),
        ("CODEX STAN 192-1995", "CXS 192:1995"),
        ("TIS 2432-2555", "TIS 2432:2555"),
        ("SNI 04-6292.2.80-2006", "SNI 04-6292.2.80:2006"),
        ("SASO IEC 60335-1:2022", "SASO IEC 60335-1:2022"),
        ("ETSI EN 301 489-1", "ETSI EN 301 489-1"),
        ("埃及标准ES7986/2015", "ES 7986:2015"),
        ("IS 1391 (Part 1): 2017 applies", "IS 1391-1:2017"),
        ("IS 302 (Part 2/Sec 3):2007", "IS 302-2-3:2007"),
        ("Toys as per IS 9873 (Part 1)", "IS 9873-1"),
        ("IRAM 4220 Parte 1", "IRAM 4220-1"),
        ("IEC 60335-1:2020/AMD1:2023", "IEC 60335-1:2020+AMD1:2023"),
        ("IEC 60335-2-15:2012 + A1:2016", "IEC 60335-2-15:2012+A1:2016"),
        ("CSA C22.2 No. 60335-1:16", "CSA C22.2 No. 60335-1:2016"),
        ("CAN/CSA-C22.2 No. 62368-1", "CSA C22.2 No. 62368-1"),
        ("NMX-J-521/1-ANCE-2012", "NMX-J-521/1-ANCE-2012"),
        ("NOM-EM-016-SCFI-2015", "NOM-EM-016-SCFI-2015"),
        ("ABNT NBR NM 60335-1", "ABNT NBR NM 60335-1"),
        ("NM EN 13445-3", "NM EN 13445-3"),
        ("ETSI EN 300 328 V2.2.2", "ETSI EN 300 328"),
    ],
)
def test_a_standard_is_read_and_written_in_one_way(text: str, standard: str) -> None:
    """Number, parts, edition and amendments, whatever sign joins them."""
    assert values(READER, Facet.STANDARD, title=text) == [standard]


@pytest.mark.parametrize(
    "text",
    [
        "16 GB 2666 MHz memory",
        "G/TBT/N/KEN/1514",
        "HS 8516, ICS 97.030",
        "Regulation (EU) 2019/1020",
        "tel. +44 20 7946 0958",
        "There IS 3 of them, IS 2020 the year",
        "NORMA VIGENTE EN 50 PAISES DE AMERICA",
        "La ley EN 2019",
        "MS 2020",
        "Article 10 of Law 302",
        "ISO member bodies",
        "This regulation does not apply to products under IEC 60950-1",
    ],
)
def test_what_only_looks_like_a_standard_is_none(text: str) -> None:
    """Years, quantities, telephone numbers, symbols, codes, articles, and what the text takes back."""
    assert values(READER, Facet.STANDARD, title=text) == []


@pytest.mark.parametrize(
    ("member", "text", "standard"),
    [
        ("ISR", "SI 562 part 1 - Safety of toys", "SI 562-1"),
        ("ISR", "Mandatory standard SI 1227", "SI 1227"),
        ("IND", "shall conform to IS 15644", "IS 15644"),
        ("MYS", "MS 1555 for helmets", "MS 1555"),
        ("TUR", "TS 9111 on accessibility", "TS 9111"),
        ("MWI", "DMS 2239, black and white disinfectants", "MS 2239"),
    ],
)
def test_a_member_s_own_body_needs_nothing_beside_it(member: str, text: str, standard: str) -> None:
    """SI is the Standards Institution in Israel's notifications, and an abbreviation elsewhere."""
    assert values(READER, Facet.STANDARD, title=text, notifying_members=(member,)) == [standard]
    if "part" not in text and "standard" not in text:
        assert values(READER, Facet.STANDARD, title=text, notifying_members=("EU",)) == []


def test_the_place_says_how_surely() -> None:
    """Direct in the title, probable in the summary, broad in a linked document."""
    text = "EN 71-3"

    assert [one.grade for one in found(READER, title=text)] == [Grade.DIRECT]
    assert [one.grade for one in found(READER, content_summary=text)] == [Grade.PROBABLE]
    assert [one.grade for one in found(READER, document_text=text)] == [Grade.BROAD]
