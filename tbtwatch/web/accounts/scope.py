"""What a person may see and change: the one place that decides it.

Theirs are the enterprises they are a live contact of by their mail address, and those that such an enterprise looks
after; all subscriptions of these; and every subscription that is answered at their own address. Of the last they see
what it asks and what they were told, and may leave it; what others decided together they change only if it is answered
nowhere else. Everything else does not exist for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from subscriptions.criteria import Address, Subscription
from tbtwatch.storage import Transaction
from tbtwatch.storage.passkeys import Passkey
from tbtwatch.storage.people import Person
from tbtwatch.web.refusals import no_such_page


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """All that is a person's."""

    person: Person
    enterprises: Mapping[int, str]  #: names by number
    subscriptions: Mapping[int, int | None]  #: numbers; the enterprise's if that is theirs too

    def owns(self, subscription: Subscription) -> bool:
        """Whether they decide about all of it: the enterprise is theirs, or nobody else is told."""
        if self.subscriptions.get(subscription.id) is not None:
            return True
        return all(is_own(self.person, one) for one in subscription.addresses)


def reach(person: Person, tx: Transaction) -> Reach:
    """All that is theirs."""
    enterprises = tx.reachable.enterprises(person.email)
    return Reach(
        person=person,
        enterprises=enterprises,
        subscriptions=tx.reachable.subscriptions(person.email, set(enterprises)),
    )


def with_reach(person: Person, id: int, tx: Transaction) -> tuple[Subscription, Reach]:
    """A subscription of theirs, live or ended, and what else is theirs as far as it bears on it. Raises the page for an
    unknown address for every other."""
    if not 0 < id < 2**63:
        raise no_such_page()
    enterprises = tx.reachable.enterprises(person.email)
    found = tx.reachable.subscriptions(person.email, set(enterprises), only=id)
    if id not in found:
        raise no_such_page()
    return tx.subscriptions.get(id), Reach(person=person, enterprises=enterprises, subscriptions=found)


def owned_subscription(person: Person, id: int, tx: Transaction) -> Subscription:
    """A subscription they decide about. Raises the page for an unknown address for every other."""
    found, own = with_reach(person, id, tx)
    if not own.owns(found):
        raise no_such_page()
    return found


def enterprise(person: Person, id: int, tx: Transaction) -> str:
    """The name of an enterprise of theirs. Raises the page for an unknown address for every other."""
    name = tx.reachable.enterprises(person.email).get(id)
    if name is None:
        raise no_such_page()
    return name


def owned_enterprise(person: Person, id: int, tx: Transaction) -> str:
    """The name of an enterprise they are an owner of. Raises the page for an unknown address for every other."""
    if id not in tx.reachable.owned(person.email):
        raise no_such_page()
    return enterprise(person, id, tx)


def passkey(person: Person, id: int, tx: Transaction) -> Passkey:
    """A passkey of theirs. Raises the page for an unknown address for every other."""
    found = tx.passkeys.get(id)
    if found is None or found.person_id != person.id:
        raise no_such_page()
    return found


def is_own(person: Person, address: Address) -> bool:
    """Whether this is the address they sign in by."""
    return address.channel == "email" and address.target.lower() == person.email
