"""Lists and ranges of standards: what goes on with a number is read as if it were written out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.cited_standards import cited_standards
from rules.standard_numbers import standards_in

GB = tuple(f"GB 6675.{part}" for part in range(1, 5))
GB_2014 = tuple(f"{one}:2014" for one in GB)


@pytest.mark.parametrize(
    ("text", "standards"),
    [
        ("GB 6675.1~6675.4-2014", GB_2014),
        ("GB 6675.1-2014~GB 6675.4-2014", GB_2014),
        ("GB 6675.1\uff5e6675.4", GB),
        ("GB 6675.1至6675.4", GB),
        ("GB 6675.1-6675.4", GB),
        ("EN 71-1 to EN 71-3", ("EN 71-1", "EN 71-2", "EN 71-3")),
        ("EN 71-1, EN 71-2 and 71-3", ("EN 71-1", "EN 71-2", "EN 71-3")),
        ("IEC 60335-1, -2-9 and -2-14", ("IEC 60335-1", "IEC 60335-2-9", "IEC 60335-2-14")),
        ("GB 4706.1、4706.2-2005", ("GB 4706.1", "GB 4706.2:2005")),
        ("GB/T 2828.1-2012 及 GB/T 2829", ("GB/T 2828.1:2012", "GB/T 2829")),
        ("符合GB18384-2020和GB38031-2020", ("GB 18384:2020", "GB 38031:2020")),
        ("EN 71-1, 2026", ("EN 71-1",)),
        ("IEC 60335-1, 230 V", ("IEC 60335-1",)),
        ("IEC 60335-1 and 60335", ("IEC 60335-1",)),
        ("EN 71-9 to 71-3", ("EN 71-9",)),
    ],
)
def test_lists_and_ranges_are_written_out(text: str, standards: tuple[str, ...]) -> None:
    """By both readers: what staff's rules look for, and what subscribers ask for."""
    assert tuple(cited.value for cited in cited_standards(text)) == standards
    assert tuple(dict.fromkeys(str(found) for _, _, found in standards_in(text))) == standards


@given(st.text(alphabet="GBEN 71-.~,至和to0123456789", max_size=40))
def test_any_list_is_read(text: str) -> None:
    """And what is found stands in the text."""
    assert all(0 <= cited.start < cited.end <= len(text) for cited in cited_standards(text))
    assert all(0 <= start < end <= len(text) for start, end, _ in standards_in(text))
