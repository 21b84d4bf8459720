"""What is typed after an option or stands in a cell, read as the value it means; what cannot be read is refused."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from notifiers.addresses import AddressError, check_address
from subscriptions.choices import ChoiceError
from subscriptions.criteria import Address, Part
from tbtwatch.bootstrap import App
from tbtwatch.cli.context import CommandError
from tbtwatch.pipeline.subscribe import LANGUAGES
from watcher.markets import MarketError

Choice = TypeVar("Choice", bound=StrEnum)


def a_language(text: str, option: str = "--language") -> str:
    """A language that messages and pages are written in."""
    if text not in LANGUAGES:
        raise CommandError(f"{option} {text!r} is not offered; write {' or '.join(LANGUAGES)}")
    return text


def a_name(text: str) -> str:
    """The name of an enterprise, which may be new."""
    if not text.strip():
        raise CommandError("--enterprise is empty; write the name of the enterprise")
    return text.strip()


def a_choice(kind: type[Choice], text: str, option: str) -> Choice:
    """One of a few words, however it is spelled; the refusal names what resembles it."""
    plain = text.strip().lower().replace("-", "_")
    if plain in list(kind):
        return kind(plain)
    near = difflib.get_close_matches(plain, list(kind), 1, 0.6)
    raise CommandError(
        f"{option} {text!r} is not known" + (f"; did you mean {near[0]}?" if near else f"; write {', '.join(kind)}")
    )


def addresses(
    email: Sequence[str] | None, telegram: Sequence[str] | None, file: Sequence[str] | None
) -> tuple[Address, ...]:
    """Addresses, each once; that there is none is refused."""
    asked = [
        *(("email", one) for one in email or ()),
        *(("telegram", one) for one in telegram or ()),
        *(("file", one) for one in file or ()),
    ]
    if not asked:
        raise CommandError("nobody would be told: give --email ADDRESS, --telegram CHAT_ID or --file FOLDER")
    try:
        return tuple(
            dict.fromkeys(Address(channel=channel, target=check_address(channel, target)) for channel, target in asked)
        )
    except AddressError as error:
        raise CommandError(str(error)) from error


def split(values: Sequence[str] | None) -> list[str]:
    """Values that may be given one by one or with commas between."""
    return [part.strip() for value in values or () for part in value.split(",") if part.strip()]


def markets(values: Sequence[str] | None, app: App) -> frozenset[str]:
    """Markets by code, name or group, with commas between; a name may have its own ("Korea, Republic of")."""
    return frozenset(code for one in values or () for code in _markets(one, app))


def _markets(text: str, app: App) -> list[str]:
    try:
        return [app.markets.resolve(text)]
    except MarketError as error:
        parts = [part for part in text.split(",") if part.strip()]
        if len(parts) < 2:
            raise CommandError(str(error)) from error
    try:
        return [app.markets.resolve(part) for part in parts]
    except MarketError as error:
        raise CommandError(str(error)) from error


def chosen(part: Part, values: Sequence[str] | None, app: App) -> frozenset[str]:
    """Values of a further condition; a name may have commas of its own ("Consumer information, labelling")."""
    found: list[str] = []
    for value in values or ():
        try:
            found.append(app.desk.names.choices.find(part, value))
        except ChoiceError:
            found += split([value])  # each is judged with the other criteria
    return frozenset(found)
