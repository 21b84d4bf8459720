"""HS codes that only an older edition has: what took their place in HS 2022."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

#: Subheadings of HS 2017 that HS 2022 divided or moved, as far as they are often asked for.
_BECAME: Final = {
    "851712": ("851713", "851714"),
    "851770": ("851771", "851779"),
    "852580": ("852581", "852582", "852583", "852589"),
    "853950": ("853951", "853952"),
    "854140": ("854141", "854142", "854143", "854149"),
    "854810": ("854911", "854912", "854913", "854914", "854919"),
    "940130": ("940131", "940139"),
    "940140": ("940141", "940149"),
    "940190": ("940191", "940199"),
    "940390": ("940391", "940399"),
    "940510": ("940511", "940519"),
    "940520": ("940521", "940529"),
    "940530": ("940531", "940539"),
    "940540": ("940541", "940542", "940549"),
    "940560": ("940561", "940569"),
}


def successors(code: str) -> tuple[str, ...]:
    """The codes of HS 2022 that took the place of one of an older edition, as far as they are known here."""
    return _BECAME.get(code[:6], ())


def older_code(code: str, current: Collection[str]) -> str:
    """A sentence on a code that HS 2022 has not: what took its place; "" for one that it has. `current`: its codes."""
    if code in current or len(code) != 6:
        return ""
    if code[:4] not in current:
        return f"HS 2022 has no {code} and no heading {code[:4]}; look up what took its place and ask for that as well."
    became = tuple(one for one in _BECAME.get(code, ()) if one in current)
    if became:
        return (
            f"HS 2022 has no {code}: {' and '.join(became)} took its place; add them, or notices that state today's "
            f"codes match only broadly, by their heading {code[:4]}."
        )
    return (
        f"HS 2022 has no {code}; notices that state it or its heading {code[:4]} still match. Look up which codes of "
        f"heading {code[:4]} took its place, and add them."
    )
