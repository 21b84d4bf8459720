"""The addresses of a subscription: by which way each is told, and whether its owner agreed, is asked, or it stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from subscriptions.criteria import Address, Subscription
from subscriptions.way_words import way_words
from subscriptions.words import word
from tbtwatch.pipeline.chats import CHANNEL
from tbtwatch.storage import Transaction
from tbtwatch.storage.confirmations import Confirmation
from tbtwatch.storage.people import Person
from tbtwatch.web.accounts.scope import is_own
from tbtwatch.web.pages import masked
from tbtwatch.web.site import Site, Visit, clean


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """An address as it stands."""

    label: str
    way: str
    state: str
    state_key: str  #: live, waiting, ended


def standing(
    one: Subscription, person: Person, tx: Transaction, site: Site, visit: Visit, *, whole: bool
) -> list[Stands]:
    """Each address, and those that were stopped. Not `whole`: others' are shown by their beginnings only."""
    enterprise = tx.subscriptions.find_enterprise(one.enterprise) or 0
    states = tx.confirmations.current(enterprise, one.addresses)
    stopped = [
        (Address(channel=each.channel, target=each.target), each) for each in tx.leaving.ended(subscription=one.id)
    ]
    chats = [each.target for each in (*one.addresses, *(each for each, _ in stopped)) if each.channel == CHANNEL]
    names = tx.chats.names(CHANNEL, chats) if chats and whole else {}

    def day(at: datetime | None) -> str:
        return visit.dates.day(at.astimezone(site.desk.names.zone).date()) if at else ""

    def label(address: Address) -> str:
        target = address.target if whole or is_own(person, address) else masked(address.target)
        channel = visit.words(f"mine.channel.{address.channel}") if address.channel != "email" else ""
        return clean(" ".join(filter(None, (channel, names.get(address.target), target))))

    def agreed(state: Confirmation | None) -> tuple[str, str]:
        if state is None:
            return "live", ""
        if state.open:
            asked = visit.words("places.state.waiting", day=day(state.expires_at)) if state.expires_at else ""
            return "waiting", asked or visit.words("places.state.not_yet")
        return "live", visit.words(
            "places.state.agreed", day=day(state.confirmed_at), how=visit.words(f"places.how.{state.how}")
        )

    found = []
    for address in one.addresses:
        key, state = agreed(states.get(address)) if one.ended_at is None else ("ended", "")
        way = way_words(one, address, visit.language) or word(one.frequency, visit.language)
        found.append(Stands(label=label(address), way=way, state=state, state_key=key))
    for address, each in stopped:
        if address not in one.addresses:
            why = visit.words(f"places.why.{each.reason}")
            why = visit.words("places.state.stopped", day=day(each.ended_at), why=why)
            found.append(Stands(label=label(address), way="", state=why, state_key="ended"))
    return found
