"""Addresses of others that somebody adds on a page: their owners are asked first, and of so many in a day at most.

Who signs in has shown that one address is theirs. Whoever else is to be told answers for themselves
(`tbtwatch.pipeline.confirm`); where owners are not asked, nobody is added on a page. The count stands in the record of
deeds, in the transaction that asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from subscriptions.criteria import Address
from tbtwatch.pipeline.alert import Desk
from tbtwatch.storage import Transaction
from tbtwatch.storage.people import Person

DAY: Final = timedelta(days=1)
MOST_ADDRESSES: Final = 12  #: of a subscription that is made or changed on a page
INVITED: Final = "address.invite"
#: What a mail program would make a link of.
_LINK: Final = re.compile(r"https?:|www\.|\w\.[a-z]{2,}/", re.IGNORECASE)


class InvitationError(ValueError):
    """Addresses of others cannot be added."""


class TooManyAddressesError(InvitationError):
    """More than a subscription has on a page."""


class TooManyInvitedError(InvitationError):
    """The person has had enough owners asked for today."""


class NobodyAskedError(InvitationError):
    """Owners of addresses are not asked here, so that nobody's may be added but by staff."""


class LinkInWordsError(InvitationError):
    """The question would bring a stranger a link that somebody typed."""


def check_invited(
    enterprise: str,
    addresses: Sequence[Address],
    before: Sequence[Address] = (),
    *,
    words: Iterable[str],
    person: Person,
    tx: Transaction,
    desk: Desk,
    now: datetime,
) -> int:
    """How many owners would be asked if an enterprise used these addresses. Raises InvitationError.

    `before`: where the subscription is told already; `words`: what it looks for, which the question quotes, as it does
    the enterprise's name. In a transaction that holds subscribers still.
    """
    if len(addresses) > max(MOST_ADDRESSES, len(before)):
        raise TooManyAddressesError(f"{len(addresses)} addresses; at most {MOST_ADDRESSES}")
    number = tx.subscriptions.enterprise(enterprise, now=now)
    others = [
        one for one in addresses if one not in before and one.channel == "email" and one.target.lower() != person.email
    ]
    known = tx.confirmations.current(number, others)
    strangers = [one for one in others if one not in known]
    if not strangers:
        return 0
    if "email" not in desk.opt_in.channels:
        raise NobodyAskedError("owners of mail addresses are not asked here")
    if any(_LINK.search(one) for one in (enterprise, *words)):
        raise LinkInWordsError("a web address stands in the enterprise's name or in the words that are looked for")
    if invited_today(person, tx=tx, now=now) + len(strangers) > desk.opt_in.invitations:
        raise TooManyInvitedError(f"{person.shown} may have {desk.opt_in.invitations} owners asked in a day")
    return len(strangers)


def note_invited(asked: int, subscription: int, *, person: Person, tx: Transaction, now: datetime) -> None:
    """So many owners were asked by somebody's wish."""
    if asked:
        tx.audit.write(
            by=person.shown,
            deed=INVITED,
            about=f"subscription {subscription}",
            detail={"addresses": asked},
            person=person.id,
            now=now,
        )


def invited_today(person: Person, *, tx: Transaction, now: datetime) -> int:
    """How many owners were asked by a person's wish within a day."""
    deeds = tx.audit.list(deed=INVITED, person=person.id, since=now - DAY, limit=1000)
    return sum(int(one.detail.get("addresses", 0)) for one in deeds)
