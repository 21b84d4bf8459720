"""Days in what a source asks: "{since}", "{today:%Y}", "{until:%d.%m.%Y}", in an address, a parameter or a body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

#: From which day on something is asked for.
SINCE: Final = "since"
#: Up to which day, in back-fills only.
UNTIL: Final = "until"
TODAY: Final = "today"

_PLACE: Final = re.compile(r"\{(since|until|today)(?::([^{}|]*))?(\|number)?\}")
_NUMBER: Final = re.compile(r"[0-9]{1,15}")
_EXAMPLES: Final = (date(2026, 11, 2), date(2025, 1, 30))
#: In place of what asks for a day that there is none of.
_NOTHING: Final = object()

Days = Mapping[str, date | None]


def asks_for(value: Any, place: str) -> bool:
    """Whether a text, or one anywhere in a list or mapping, holds the place of that day."""
    return any(found[1] == place for text in _texts(value) for found in _PLACE.finditer(text))


def filled(value: Any, days: Days, form: str) -> Any:
    """The value with the days in their places, written as `form` where the place does not say how.

    A text that asks for a day that there is none of is None; in a list or a mapping it is left out, and a list or
    mapping of nothing else with it. A list of days has each once: the years of {since} and {today}, say.
    """
    made = _filled(value, days, form)
    return None if made is _NOTHING else made


def writes_days(form: str) -> bool:
    """Whether different days are written differently."""
    try:
        return len({day.strftime(form) for day in _EXAMPLES}) == len(_EXAMPLES)
    except ValueError:
        return False


def check_places(value: Any, form: str) -> None:
    """Raises ValueError with a sentence part for a place that cannot be filled."""
    for text in _texts(value):
        for found in _PLACE.finditer(text):
            written = found[2] or form
            if not writes_days(written):
                raise ValueError(f"holds {found[0]}, which writes no day; write {{{found[1]}:%Y-%m-%d}}")
            if found[3] and not (found[0] == text and _NUMBER.fullmatch(_EXAMPLES[0].strftime(written))):
                raise ValueError(f"holds {found[0]}, which is no number by itself; write '{{{found[1]}:%Y|number}}'")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for member in value.values():
            yield from _texts(member)
    elif isinstance(value, list | tuple):
        for member in value:
            yield from _texts(member)


def _filled(value: Any, days: Days, form: str) -> Any:
    if isinstance(value, str):
        return _text(value, days, form)
    if isinstance(value, Mapping):
        members = {name: _filled(member, days, form) for name, member in value.items()}
        kept = {name: member for name, member in members.items() if member is not _NOTHING}
        return kept if kept or not members else _NOTHING
    if isinstance(value, list | tuple):
        listed = [_filled(member, days, form) for member in value]
        left = [member for member in listed if member is not _NOTHING]
        if any(_PLACE.search(text) for text in value if isinstance(text, str)):
            left = [member for number, member in enumerate(left) if member not in left[:number]]
        return left if left or not listed else _NOTHING
    return value


def _text(text: str, days: Days, form: str) -> Any:
    places = list(_PLACE.finditer(text))
    if any(days.get(found[1]) is None for found in places):
        return _NOTHING

    def written(found: re.Match[str]) -> str:
        day = days[found[1]]
        assert day is not None
        return day.strftime(found[2] or form)

    made = _PLACE.sub(written, text)
    is_number = len(places) == 1 and places[0][3] and places[0][0] == text and _NUMBER.fullmatch(made)
    return int(made) if is_number else made
