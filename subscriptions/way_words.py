"""Ways as they are written on a command line, and in plain words, Chinese and English."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rules.classification import Grade
from subscriptions.criteria import Address, Frequency, Subscription, Way
from subscriptions.ways import SOONEST, WaysError, way_for, ways_at
from subscriptions.words import word

_FORM = (
    "write CHANNEL:GRADE=FREQUENCY, as in email:direct=immediate, or with an address, email:a@example.com:broad=weekly"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedWay:
    """A way as somebody wrote it."""

    text: str
    channel: str
    target: str = ""  #: empty: all addresses of the channel
    grade: Grade | None = None  #: None: whatever the subscription asks for
    frequency: Frequency


def read_way(text: str) -> AskedWay:
    """ "email:direct=immediate", "telegram=daily", "email:a@example.com:broad=weekly". Raises WaysError."""
    place, equals, soon = text.strip().rpartition("=")
    channel, _, rest = place.partition(":")
    if not equals or not channel.strip():
        raise WaysError(f"--way {text!r} is not understood; {_FORM}")
    frequency = soon.strip().lower()
    if frequency not in list(Frequency):
        raise WaysError(f"--way {text!r}: {soon.strip()!r} is no frequency; write {', '.join(Frequency)}")
    target, colon, last = rest.strip().rpartition(":")
    grade = None
    if last.strip().lower() in list(Grade):
        grade = Grade(last.strip().lower())
    else:
        target = f"{target}{colon}{last}"
    return AskedWay(
        text=text.strip(),
        channel=channel.strip().lower(),
        target=target.strip(),
        grade=grade,
        frequency=Frequency(frequency),
    )


def ways_asked(asked: Iterable[AskedWay], addresses: Sequence[Address], *, grade: Grade) -> tuple[Way, ...]:
    """The ways to these addresses; those of one address take the place of those of its channel. Raises WaysError."""
    by_channel: dict[Address, list[Way]] = {}
    own: dict[Address, list[Way]] = {}
    for one in asked:
        here = [address for address in addresses if address.channel == one.channel]
        if not here:
            channels = ", ".join(sorted({address.channel for address in addresses})) or "no channel at all"
            raise WaysError(
                f"--way {one.text!r}: the subscription has no address of {one.channel!r}; it has {channels}"
            )
        if one.target:
            here = [address for address in here if address.target.casefold() == one.target.casefold()]
        if not here:
            raise WaysError(_no_such(one, addresses))
        for address in here:
            way = Way(address=address, grade=one.grade or grade, frequency=one.frequency)
            several = (own if one.target else by_channel).setdefault(address, [])
            if any(other.grade is way.grade and other.frequency is not way.frequency for other in several):
                raise WaysError(f"--way {one.text!r}: {way.grade} ones have another frequency there already; keep one")
            several.append(way)
    return tuple(way for several in (by_channel | own).values() for way in several)


def _no_such(one: AskedWay, addresses: Sequence[Address]) -> str:
    targets = [address.target for address in addresses if address.channel == one.channel]
    near = difflib.get_close_matches(one.target.lower(), [*Grade, *targets], 1, 0.6)
    hint = f"did you mean {near[0]}?" if near else f"grades are {', '.join(Grade)}"
    return f"--way {one.text!r}: {one.target!r} is neither a grade nor an address of the subscription; {hint}"


def way_words(subscription: Subscription, address: Address, language: str) -> str:
    """How an address is told: "direct at once; probable, broad weekly"; "" of a subscription without ways."""
    if not subscription.ways:
        return ""
    chinese = language.lower().startswith("zh")
    grades: dict[Frequency | None, list[str]] = {}
    for grade in Grade:
        if grade.at_least(subscription.criteria.grade):
            way = way_for(ways_at(subscription, address), grade)
            grades.setdefault(way.frequency if way else None, []).append(word(grade, language))
    parts = []
    for soon in (*SOONEST, None):
        if soon in grades:
            how = word(soon, language) if soon else ("不发送" if chinese else "not told")
            parts.append(("、" if chinese else ", ").join(grades[soon]) + (" " if not chinese else "：") + how)
    return ("；" if chinese else "; ").join(parts)


def told_words(subscription: Subscription, language: str) -> str:
    """How each address is told, to stand behind what is asked; "" of a subscription without ways."""
    if not subscription.ways:
        return ""
    chinese = language.lower().startswith("zh")
    said = [f"{one} ({way_words(subscription, one, language)})" for one in subscription.addresses]
    return ("各地址：" + "；".join(said) + "。") if chinese else " Told at " + ", ".join(said) + "."


def not_told_words(subscription: Subscription, address: Address, grade: Grade, language: str) -> str:
    """Why a measure that fits is not told at an address: no way there wants news so unsure."""
    chinese = language.lower().startswith("zh")
    place = str(address)
    ways = way_words(subscription, address, language)
    if chinese:
        return f"{place} 不告知{word(grade, language)}的措施（{ways}）。"
    return f"Not told at {place}, where {word(grade, language)} ones are not wanted ({ways})."
