"""Where a subscription is told, as rows of a form: one's own address, chats, people of the enterprise, new addresses.

Each row has its own rhythm and how sure news must be there; "as above" is what the subscription says. What somebody
types is an address of a stranger until its owner agrees (`tbtwatch.pipeline.invitations`). A chat is offered and taken
only where it is linked with the enterprise or is told already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from notifiers.addresses import AddressError, check_mail
from rules.classification import Grade
from subscriptions.criteria import Address, Frequency, Subscription, Way
from subscriptions.validation import CriteriaError
from subscriptions.way_words import way_words
from subscriptions.ways import WaysError, ways_at
from tbtwatch.pipeline.change import ChangeError
from tbtwatch.pipeline.chats import CHANNEL
from tbtwatch.pipeline.invitations import (
    MOST_ADDRESSES,
    InvitationError,
    LinkInWordsError,
    NobodyAskedError,
    TooManyAddressesError,
    TooManyInvitedError,
)
from tbtwatch.pipeline.own import own_address
from tbtwatch.pipeline.subscribe import SuppressedError
from tbtwatch.storage import Transaction
from tbtwatch.storage.people import Person
from tbtwatch.web.accounts.scope import is_own
from tbtwatch.web.site import Site, Visit, clean

BLANK: Final = 3  #: rows to type a new address in
MOST_OFFERED: Final = 20  #: chats, and as many people
KEEP: Final = "keep"  #: the several ways that an address has
_LONGEST: Final = 340  # characters of a row's address
FREQUENCIES: Final = (Frequency.IMMEDIATE, Frequency.DAILY, Frequency.WEEKLY)


class PlaceError(ValueError):
    """Places that cannot be; the sentence says why in the page's language."""


#: What a change of places may be refused by; `refusal` has the words.
REFUSALS = (PlaceError, InvitationError, SuppressedError, WaysError, ChangeError, CriteriaError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the form."""

    at: str = ""  #: "email:li@example.com"; of a new one what was typed
    label: str = ""  #: "": a new one, to be typed
    about: str = ""
    chosen: bool = False
    soon: str = ""  #: a frequency, "": as the subscription says, or `KEEP`
    sure: str = ""
    several: str = ""  #: the several ways it has, in words


def read_rows(pairs: Sequence[tuple[str, str]]) -> list[Row] | None:
    """The rows as they were sent; None: the form has none."""
    sent = dict(pairs)
    if "at-0" not in sent:
        return None
    return [
        Row(
            at=at.strip()[:_LONGEST],
            chosen=bool(sent.get(f"to-{number}")) and bool(at.strip()),
            soon=_among(sent.get(f"soon-{number}", ""), (*FREQUENCIES, KEEP)),
            sure=_among(sent.get(f"sure-{number}", ""), tuple(Grade)),
        )
        for number, at in ((name.removeprefix("at-"), value) for name, value in sent.items() if name.startswith("at-"))
    ]


def rows_for(
    person: Person,
    enterprise: int | None,
    before: Subscription | None,
    sent: Sequence[Row] | None,
    *,
    tx: Transaction,
    site: Site,
    visit: Visit,
) -> list[Row]:
    """All rows: what is offered, as it was sent or as it is; then what was typed, and blank ones."""
    rows: list[Row] = []
    offered = _offered(person, enterprise, before, tx, site, visit)
    by_place = {row.at: row for row in sent or ()}
    for address, label, about in offered:
        was = _as_it_is(address, before, visit)
        row = by_place.pop(str(address), None)
        told = address in before.addresses if before else is_own(person, address)
        rows.append(
            Row(
                at=str(address),
                label=clean(label),
                about=about,
                chosen=told if sent is None else row is not None and row.chosen,
                soon=row.soon if row else was.soon,
                sure=row.sure if row else was.sure,
                several=was.several,
            )
        )
    if "email" not in site.desk.opt_in.channels:
        return rows
    typed = [row for row in by_place.values() if row.chosen and not row.at.startswith(f"{CHANNEL}:")]
    return [*rows, *typed, *(Row() for _ in range(max(0, BLANK - len(typed))))]


def places_of(
    sent: Sequence[Row],
    rows: Sequence[Row],
    before: Subscription | None,
    *,
    grade: Grade,
    frequency: Frequency,
    visit: Visit,
) -> tuple[tuple[Address, ...], tuple[Way, ...]]:
    """The addresses that were chosen, and their ways. `rows`: as offered. Raises PlaceError.

    An address that came to the subscription while the form stood open is in no row of it: it stays as it is.
    """
    known = {row.at for row in rows if row.label}
    shown = {row.at for row in sent}
    stays = Row(chosen=True, soon=KEEP if before is not None and before.ways else "")
    found = {one: stays for one in (before.addresses if before is not None else ()) if str(one) not in shown}
    for row in sent:
        if row.chosen:
            found.setdefault(_address(row.at, known, visit), row)
    if not found:
        raise PlaceError(visit.words("places.nobody"))
    if not any(row.soon or row.sure for row in found.values()):
        return tuple(found), ()
    ways: list[Way] = []
    for address, row in found.items():
        had = [one for one in before.ways if one.address == address] if before is not None else []
        if row.soon == KEEP and had:
            ways += had
        else:
            soon = Frequency(row.soon) if row.soon and row.soon != KEEP else frequency
            ways.append(Way(address=address, grade=Grade(row.sure) if row.sure else grade, frequency=soon))
    return tuple(found), tuple(ways)


def refusal(error: Exception, site: Site, visit: Visit) -> str:
    """Why it was refused, as a sentence of the page."""
    w = visit.words
    if isinstance(error, CriteriaError):
        return w("semicolon").join(w.why(error))
    if isinstance(error, TooManyAddressesError):
        return w("places.too_many", n=MOST_ADDRESSES)
    if isinstance(error, TooManyInvitedError):
        return w("places.invited", n=site.desk.opt_in.invitations)
    if isinstance(error, LinkInWordsError):
        return w("places.link")
    if isinstance(error, NobodyAskedError):
        return w("places.nobody_asked")
    if isinstance(error, SuppressedError):
        return w("places.suppressed")
    if isinstance(error, (ChangeError, WaysError)):
        return w("mine.edit.refused")
    return str(error)


def _address(at: str, known: set[str], visit: Visit) -> Address:
    channel, _, target = at.partition(":")
    if at in known:
        return Address(channel=channel, target=target)
    if channel == CHANNEL and target:
        raise PlaceError(visit.words("places.gone"))
    try:
        return Address(channel="email", target=check_mail(at.removeprefix("email:")))
    except AddressError:
        raise PlaceError(visit.words("places.wrong", address=clean(at))) from None


def _offered(
    person: Person, enterprise: int | None, before: Subscription | None, tx: Transaction, site: Site, visit: Visit
) -> list[tuple[Address, str, str]]:
    """Addresses with what they are called, and what is to be known of each."""
    w, own = visit.words, own_address(person)
    here = list(before.addresses) if before else []
    chats = tx.chats.of_enterprises(CHANNEL, [enterprise]) if enterprise is not None and site.desk.bot else []
    linked = [Address(channel=CHANNEL, target=one.chat) for one in chats if one.linked][:MOST_OFFERED]
    people = tx.contacts.of_enterprise(enterprise) if enterprise is not None else []
    by_mail = {one: each.name for each in people for one in each.addresses if one.channel == "email"}
    mine = next((one for one in here if is_own(person, one)), own)
    places = list(dict.fromkeys((mine, *here, *linked, *list(by_mail)[:MOST_OFFERED])))
    states = tx.confirmations.current(enterprise, places) if enterprise is not None else {}
    names = tx.chats.names(CHANNEL, [one.target for one in places if one.channel == CHANNEL])
    found = []
    for one in places:
        if one != mine and is_own(person, one):
            continue  # the same in other letters
        state = states.get(one)
        if one.channel != "email":
            label = " ".join(filter(None, (w(f"mine.channel.{one.channel}"), names.get(one.target), one.target)))
            about = ""
        else:
            name = by_mail.get(one, "")
            label = f"{name}, {one.target}" if name and name != one.target else one.target
            about = "" if one == mine or (state and not state.open) else w("places.asked_first")
            about = w("places.waits") if state and state.open else about
        found.append((one, label, w("places.own") if one == mine else about))
    return found


def _as_it_is(address: Address, before: Subscription | None, visit: Visit) -> Row:
    """The ways of an address as choices."""
    if before is None or not before.ways or address not in before.addresses:
        return Row()
    ways = ways_at(before, address)
    if len(ways) > 1:
        return Row(soon=KEEP, several=way_words(before, address, visit.language))
    return Row(soon=ways[0].frequency.value, sure=ways[0].grade.value)


def _among(value: str, choices: Sequence[str]) -> str:
    return str(value) if value in {str(one) for one in choices} else ""
