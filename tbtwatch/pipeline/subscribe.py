"""Start and end subscriptions, and say why a measure reached one or did not."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from subscriptions.criteria import FURTHER, Address, Criteria, Frequency, Match, Refusal, Subscription, Way, further
from subscriptions.known import Known
from subscriptions.matching import read
from subscriptions.rhythm import Rhythm
from subscriptions.validation import check
from subscriptions.ways import at_all, least_sure
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.compose import Names
from tbtwatch.pipeline.confirm import let_go, require
from tbtwatch.pipeline.expected import Expected
from tbtwatch.pipeline.known import known_to
from tbtwatch.pipeline.reclassify import current_classification
from tbtwatch.pipeline.shelf import Shelf
from tbtwatch.pipeline.starter import owe_starter
from tbtwatch.pipeline.symbols import Unknown, find
from tbtwatch.pipeline.unsubscribe_code import Named, alone, read_code
from tbtwatch.storage import Transaction
from tbtwatch.storage.confirmations import Confirmation
from tbtwatch.storage.consequences import StoredConsequence
from tbtwatch.storage.types import to_json
from watcher.measure import ChangeKind, Measure
from watcher.said import either, said

LANGUAGES = ("zh", "en")
COMMON_DIGITS = 6


class SuppressedError(LookupError):
    """An address is never written to; the sentence says what to do if its owner asks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A subscription, and whether it was there already."""

    subscription: Subscription
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What an unsubscribing ended, and what goes on."""

    ended: tuple[Subscription, ...] = ()  #: these are over
    left: tuple[Subscription, ...] = ()  #: these are told no more at the address; they go on at others
    address: Address | None = None  #: whose code it was; None: ended by number, for everybody
    going_on: tuple[Subscription, ...] = ()  #: what is still told at the addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a measure fits a subscription or not, and what came of it."""

    subscription: Subscription
    measure: Measure
    answer: Match | Refusal
    told: tuple[tuple[datetime, ChangeKind], ...]  #: the news it was owed, and when
    silent: bool  #: all of the measure's news was recorded in silence (seeding, import)
    before: bool  #: all of the measure's news was older than the subscription
    labels: tuple[tuple[str, datetime | None], ...] = ()  #: of each in `told`: "late" or "", and when it was taken back
    consents: tuple[Confirmation, ...] = ()  #: of its addresses: when their owners agreed, and how
    followed: tuple[StoredConsequence, ...] = ()  #: what followed for it from other rules, and what was decided


def start(
    *,
    enterprise: str,
    name: str,
    criteria: Criteria,
    frequency: Frequency,
    language: str,
    addresses: tuple[Address, ...],
    desk: Desk,
    rhythm: Rhythm = Rhythm(),
    contacts: tuple[int, ...] = (),
    ways: Sequence[Way] = (),
    starter: bool | None = None,
    expected: Expected | None = None,
) -> Started:
    """Start a subscription; the same asked twice adds the addresses to the one that is there.

    An address that `ways` leave out has one of the grade and frequency asked for. Raises CriteriaError, WaysError.
    `contacts`: people whose addresses are among these; where they are told later, it is told too.
    `starter`: whether its addresses are owed what is still open for comment; None: as the installation does.
    `expected`: what it was forecast to bring, to be kept with it.
    """
    known = known_to(criteria, desk)
    with desk.storage.begin() as tx:
        # Only now what time it is: while this waited its turn, news may have been told to those who were there.
        tx.subscriptions.wait_for_turn()
        return start_within(
            enterprise=enterprise,
            name=name,
            criteria=criteria,
            frequency=frequency,
            language=language,
            addresses=addresses,
            tx=tx,
            contacts=contacts,
            desk=desk,
            rhythm=rhythm,
            ways=ways,
            now=desk.clock(),
            known=known,
            starter=starter,
            expected=expected,
        )


def start_within(
    *,
    enterprise: str,
    name: str,
    criteria: Criteria,
    frequency: Frequency,
    language: str,
    addresses: tuple[Address, ...],
    tx: Transaction,
    desk: Desk,
    now: datetime,
    rhythm: Rhythm = Rhythm(),
    contacts: tuple[int, ...] = (),
    ways: Sequence[Way] = (),
    known: Known | None = None,
    starter: bool | None = None,
    expected: Expected | None = None,
) -> Started:
    """The same inside a transaction that holds subscribers still. Raises the same, and SuppressedError.

    `known`: what is recorded of the sources and measures that are asked for; None: none are.
    """
    ways = at_all(ways, addresses, grade=criteria.grade, frequency=frequency)
    criteria = replace(criteria, grade=least_sure(ways, criteria.grade))
    rhythm = at_home(rhythm, desk.names.zone)
    criteria = checked(criteria, desk, language=language, known=known)
    key = key_of(criteria, frequency, language, rhythm, ways)
    refuse_suppressed(addresses, tx)
    added = tx.subscriptions.add(
        enterprise=enterprise,
        name=name or short_name(criteria, language, desk.names),
        criteria=criteria,
        criteria_key=key,
        frequency=frequency,
        language=language,
        addresses=addresses,
        token=secrets.token_urlsafe(18),
        now=now,
        rhythm=rhythm,
        ways=ways,
    )
    id_ = added.id if added is not None else tx.subscriptions.live_like(enterprise, key)
    assert id_ is not None
    before = tx.subscriptions.get(id_)
    new = list(addresses) if added is not None else sorted_new(addresses, before.addresses)
    if added is None and new:
        tx.versions.end(before, now=now, why="asked for again, to be told elsewhere too", by=enterprise)
        tx.subscriptions.add_addresses(id_, addresses)
        if ways:
            here = {one.address for one in before.ways}
            tx.subscriptions.set_ways(id_, (*before.ways, *(one for one in ways if one.address not in here)))
    for contact in contacts:
        tx.contacts.tell(id_, contact, now=now)
    require(enterprise, addresses, language=language, by=enterprise, tx=tx, desk=desk, now=now)
    if new and (desk.starter if starter is None else starter):
        owe_starter(before, tx, now=now, addresses=new)
    if added is not None and expected is not None:
        expected.keep(added, tx, now=now)
    return Started(subscription=tx.subscriptions.get(id_), new=added is not None)


def sorted_new(addresses: Iterable[Address], known: Iterable[Address]) -> list[Address]:
    """The addresses that were not there before, in the order in which they are shown."""
    return sorted(set(addresses) - set(known), key=lambda one: (one.channel, one.target))


def refuse_suppressed(addresses: Iterable[Address], tx: Transaction) -> None:
    """Whoever was erased is not written to again by somebody else's wish. Raises SuppressedError with a sentence."""
    for address, since in tx.leaving.suppressed(list(addresses)).items():
        raise SuppressedError(
            f"{address} is suppressed since {since:%Y-%m-%d}: its owner was erased, and "
            f"nothing is sent there. If the owner asks for messages again: tbtwatch address lift "
            f"{address} --by NAME --reason WHY"
        )


def key_of(criteria: Criteria, frequency: Frequency, language: str, rhythm: Rhythm, ways: Sequence[Way] = ()) -> str:
    """What is the same for two subscriptions of an enterprise that ask the very same, in the same way.

    Who asks for no rhythm of their own, or for no ways, has the key that there was before there were any. Of ways only
    the channel counts: who asks again with another address is told there too.
    """
    asked: list[object] = [_asked(criteria), frequency.value, language]
    if rhythm != Rhythm():
        asked.append(to_json(Rhythm, rhythm))
    if ways:
        asked.append(sorted({f"{one.address.channel}:{one.grade}={one.frequency}" for one in ways}))
    return hashlib.sha256(json.dumps(asked, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def at_home(rhythm: Rhythm, home: ZoneInfo) -> Rhythm:
    """The rhythm without a zone that is the installation's: two who mean the same are cut by the same windows."""
    return replace(rhythm, zone="") if rhythm.zone == home.key else rhythm


def _asked(criteria: Criteria) -> dict[str, Any]:
    """The question as its key is reckoned from it: without further conditions as before there were any."""
    asked: dict[str, Any] = to_json(Criteria, criteria)
    return {name: value for name, value in asked.items() if value or name not in FURTHER.values()}


def short_name(criteria: Criteria, language: str, names: Names) -> str:
    """What a subscription is called that was given no name: "Kenya · HS 22"."""
    markets = sorted(names.markets.name(market, language) for market in criteria.markets)
    products = [
        *(f"HS {code}" for code in sorted(criteria.hs)),
        *(f"ICS {code}" for code in sorted(criteria.ics)),
        *(names.area(area, language) for area in sorted(criteria.areas)),
        *sorted(criteria.keywords),
    ]
    others = [
        names.choices.name(part, value, language) for part in FURTHER for value in sorted(further(criteria, part))
    ]
    parts = [_few(words, language) for words in (markets, products, others)]
    return " · ".join(part for part in parts if part)


def _few(words: list[str], language: str) -> str:
    more = f" +{len(words) - 3}" if len(words) > 3 else ""
    return ("、" if language == "zh" else ", ").join(words[:3]) + more


def checked(criteria: Criteria, desk: Desk, *, language: str, known: Known | None = None) -> Criteria:
    """A question as it is saved. Raises CriteriaError.

    `known`: what is recorded of the sources and measures that are asked for; None: none are.
    """
    names = desk.names
    found = check(criteria, names.markets, names.area_names, names.choices, known=known, language=language)
    return to_the_common_digits(found)


def to_the_common_digits(criteria: Criteria) -> Criteria:
    """The HS codes cut to the six digits all countries share.

    An exporter writes the 10 digits of the Chinese tariff; the last four mean something else in every other country,
    so that no measure would ever fit.
    """
    return replace(criteria, hs=frozenset(code[:COMMON_DIGITS] for code in criteria.hs))


def end(which: str, *, reason: str, desk: Desk) -> Ended:
    """End a subscription by its number, or what a message names by the code in it. Raises LookupError.

    The code may come as people paste it ("Re: unsubscribe CODE"); a number counts only alone, because a stranger may
    write any number into a subject. A code ends for its own address: a subscription that is answered at others goes
    on there.
    """
    now, which = desk.clock(), which.strip()
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        code = alone(which)
        named = read_code(code, tx)
        if named is not None:
            return _end_at(named, reason, tx, now)
        by_token = tx.subscriptions.by_token(code)
        if by_token is None and not which.isdecimal():
            raise LookupError(f"{which!r} is neither a subscription's number nor the code from one of its mails")
        ended = tx.subscriptions.end(by_token.id if by_token else int(which), reason=reason, now=now)
        tx.outbox.cancel_for_ended(ended.id, now=now, reason=f"the subscription was ended: {reason}")
        let_go(ended.enterprise, ended.addresses, reason=reason, tx=tx, now=now)
        return Ended(ended=(ended,), going_on=_live_at(ended.addresses, tx))


def end_named(named: Named, *, reason: str, desk: Desk) -> Ended:
    """End, for one address, what the code of a link names. Doing it again changes nothing."""
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        return _end_at(named, reason, tx, desk.clock())


def named_now(named: Named, tx: Transaction) -> tuple[Subscription, ...]:
    """What a code names and is told at its address still."""
    live = tx.subscriptions.of_address(named.address.channel, named.address.target)
    return tuple(one for one in live if named.subscriptions is None or one.id in named.subscriptions)


def _end_at(named: Named, reason: str, tx: Transaction, now: datetime) -> Ended:
    """End for one address what a code names."""
    address = named.address
    live = tx.subscriptions.of_address(address.channel, address.target)
    ids = [one.id for one in live] if named.subscriptions is None else list(named.subscriptions)
    ended: list[Subscription] = []
    left: list[Subscription] = []
    for id_ in ids:
        one = tx.subscriptions.get(id_)
        if one.ended_at is None and any(other != address for other in one.addresses):
            tx.versions.end(one, now=now, why=reason, by=address.target)
            left.append(tx.subscriptions.leave(id_, address))
        else:
            ended.append(tx.subscriptions.end(id_, reason=reason, now=now))
    for name in {one.enterprise for one in (*ended, *left)}:
        let_go(name, (address,), reason=reason, tx=tx, now=now, withdrawn=True)
    why = f"the subscription was ended: {reason}"
    tx.outbox.cancel_at(address.channel, address.target, ids, now=now, reason=why)
    for one in left:
        tx.alert_ways.leave(one.id, address)
    return Ended(address=address, ended=tuple(ended), left=tuple(left), going_on=_live_at((address,), tx))


def _live_at(addresses: Iterable[Address], tx: Transaction) -> tuple[Subscription, ...]:
    """What is still answered at these addresses."""
    found = {one.id: one for several in tx.subscriptions.of_addresses(addresses).values() for one in several}
    return tuple(found[id_] for id_ in sorted(found))


def find_measure(symbol: str, *, desk: Desk) -> Measure:
    """The measure a symbol belongs to, however it is written ("KEN/1514"). Raises LookupError with a sentence."""
    found = find(symbol, desk)
    if not isinstance(found, Unknown):
        return found
    near = (
        said("did you mean {several}?", several=either(found.near))
        if found.near
        else said("`tbtwatch measures` lists them")
    )
    raise LookupError(said("no measure with the symbol {symbol} is known; {near}", symbol=found.symbol, near=near))


def why(subscription_id: int, symbol: str, *, desk: Desk) -> Why:
    """Why a measure fits a subscription or does not. Raises LookupError."""
    measure = find_measure(symbol, desk=desk)
    assert measure.id is not None
    with desk.storage.begin() as tx:
        subscription = tx.subscriptions.get(subscription_id)
        classification = current_classification(measure, tx, desk.rulebook, desk.clock())
        answer = read(subscription, measure, classification, desk.names.markets)
        if isinstance(answer, Match):
            whose = subscription.enterprise
            answer = Shelf(measure, classification, (whose,), tx, desk.names.markets).named_in(answer, whose)
        changes = tx.changes.of_measure(measure.id)
        kinds = {stored.id: stored.change.kind for stored in changes}
        alerts = tx.alerts.of_subscription(subscription_id, measure.id)
        news = [stored for stored in changes if not stored.silent]
        followed = tx.consequences.of_subscription(subscription_id, measure.id)
        enterprise = tx.subscriptions.find_enterprise(subscription.enterprise) or 0
        consents = tx.confirmations.current(enterprise, subscription.addresses)
    return Why(
        subscription=subscription,
        measure=measure,
        answer=answer,
        told=tuple((alert.created_at, kinds[alert.fact_change_id]) for alert in alerts),
        silent=not news,
        before=bool(news) and all(stored.noticed_at < subscription.started_at for stored in news),
        labels=tuple((alert.label, alert.withdrawn_at) for alert in alerts),
        followed=tuple(followed),
        consents=tuple(consents.values()),
    )
