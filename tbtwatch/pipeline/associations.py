"""Associations: an enterprise that looks after the subscriptions of others, many at once, and reads how they fare."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import structlog

from subscriptions.criteria import Address, Criteria, Frequency, Subscription
from subscriptions.validation import CriteriaError
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.contacts import ContactError, add_within
from tbtwatch.pipeline.expected import Expected
from tbtwatch.pipeline.subscribe import SuppressedError, start_within
from tbtwatch.storage import Transaction
from tbtwatch.storage.managements import Management
from tbtwatch.storage.members import MemberReport

log = structlog.get_logger()

LOOK_AHEAD = timedelta(days=30)


class AssociationError(ValueError):
    """What cannot be between two enterprises; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A row of a file of members: a subscription to be started, told to a contact."""

    row: int
    enterprise: str
    contact: str = ""
    role: str = ""
    name: str = ""
    addresses: tuple[Address, ...]
    criteria: Criteria
    frequency: Frequency
    language: str
    expected: Expected | None = None  #: what it is forecast to bring, to be kept with it
    refused: str = ""  #: why it is not to be started, unless it is there already


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What came of a file of members."""

    started: tuple[Subscription, ...] = ()
    known: int = 0  #: rows whose subscription was there already
    problems: tuple[tuple[int, str], ...] = ()  #: by row


class _BadRowError(Exception):
    """A row fails, and with it all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How the members of an association fare."""

    association: str
    start: date
    end: date  #: the first day after it
    members: tuple[MemberReport, ...]


def manage(child: str, manager: str, *, by: str, why: str, desk: Desk) -> Management:
    """From now on the manager looks after the child's subscriptions. Raises AssociationError."""
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        found = manage_within(child, manager, by=by, why=why, tx=tx, now=desk.clock())
    log.info("management_begun", management=found.id, by=by)
    return found


def manage_within(child: str, manager: str, *, by: str, why: str, tx: Transaction, now: datetime) -> Management:
    """The same, inside a transaction that holds subscribers still; said twice it is as good as once."""
    if not child.strip() or not manager.strip():
        raise AssociationError("both need a name: the enterprise, and who looks after it")
    child_id, manager_id = (tx.subscriptions.enterprise(one.strip(), now=now) for one in (child, manager))
    known = tx.managements.manager_of(child_id)
    if known is not None and known.manager_id == manager_id:
        return known
    if known is not None:
        raise AssociationError(
            f"{child} is looked after by {known.manager} since {known.since:%Y-%m-%d}; end that first: "
            f"tbtwatch enterprise release {child!r} --why WHY"
        )
    above: Management | None
    chain, at = [manager], manager_id
    while at != child_id and (above := tx.managements.manager_of(at)) is not None:
        chain.append(above.manager)
        at = above.manager_id
    if at == child_id:
        raise AssociationError(f"{child} would look after itself, by way of {' → '.join(chain)}")
    tx.managements.begin(child_id, manager_id, by=by, why=why, now=now)
    made = tx.managements.manager_of(child_id)
    assert made is not None
    return made


def release(child: str, *, by: str, why: str, desk: Desk) -> Management:
    """Nobody looks after it any more; its subscriptions go on. Raises LookupError, AssociationError."""
    if not why.strip():
        raise AssociationError("say why: the reason is kept")
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        known = tx.managements.manager_of(an_enterprise(child, tx))
        if known is None:
            raise LookupError(f"nobody looks after {child}; there is nothing to end")
        tx.managements.end(known.id, by=by, reason=why.strip(), now=desk.clock())
    log.info("management_ended", management=known.id, by=by)
    return known


def an_enterprise(name: str, tx: Transaction) -> int:
    """An enterprise by name. Raises LookupError with a sentence."""
    found = tx.subscriptions.find_enterprise(name.strip())
    if found is None:
        raise LookupError(f"there is no enterprise {name!r}; `tbtwatch enterprise list` shows those there are")
    return found


def report(association: str, *, desk: Desk, month: date | None = None) -> Report:
    """How each member fared in a month, and what is near. Raises LookupError."""
    zone = desk.names.zone
    today = desk.clock().astimezone(zone).date()
    first = (month or today).replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    start, end = (datetime.combine(day, time(), zone) for day in (first, after))
    with desk.storage.look() as tx:
        members = tx.managements.members(an_enterprise(association, tx))
        waiting: dict[int, int] = {}
        for one in tx.confirmations.open():
            waiting[one.enterprise_id] = waiting.get(one.enterprise_id, 0) + 1
        reports = tuple(
            tx.members.report(
                one.child_id,
                one.child,
                start=start,
                end=end,
                today=today,
                until=today + LOOK_AHEAD,
                unconfirmed=waiting.get(one.child_id, 0),
            )
            for one in members
        )
    return Report(association=association, start=first, end=after, members=reports)


def take_in(
    association: str,
    wanted: Sequence[Wanted],
    *,
    by: str,
    desk: Desk,
    skip_bad: bool = False,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> TakenIn:
    """Start many subscriptions at once: all of them, or none; `skip_bad`: all but those that cannot be.

    An enterprise that another looks after is a bad row. Said twice it starts nothing anew.
    """
    started: list[Subscription] = []
    problems: list[tuple[int, str]] = []
    known = 0
    try:
        with desk.storage.begin() as tx:
            tx.subscriptions.wait_for_turn()
            now = desk.clock()
            for done, one in enumerate(wanted, 1):
                try:
                    with tx.part():
                        made = _start(one, association, by, tx, desk, now)
                except (AssociationError, ContactError, CriteriaError, SuppressedError) as error:
                    problems.append((one.row, str(error.args[0])))
                else:
                    known += made is None
                    started += [] if made is None else [made]
                progress(done, len(wanted))
            if problems and not skip_bad:
                raise _BadRowError
    except _BadRowError:
        return TakenIn(problems=tuple(problems))
    log.info("members_taken_in", started=len(started), known=known, bad=len(problems), by=by)
    return TakenIn(started=tuple(started), known=known, problems=tuple(problems))


def _start(one: Wanted, association: str, by: str, tx: Transaction, desk: Desk, now: datetime) -> Subscription | None:
    """None: it was there already."""
    manage_within(one.enterprise, association, by=by, why="taken in from a file", tx=tx, now=now)
    contacts: tuple[int, ...] = ()
    addresses = one.addresses
    if one.contact:
        id_ = tx.subscriptions.enterprise(one.enterprise, now=now)
        there = next((each for each in tx.contacts.of_enterprise(id_) if each.name == one.contact), None)
        if there is not None and addresses and not set(addresses) <= set(there.addresses):
            raise ContactError(
                f"{one.contact} of {one.enterprise} is told elsewhere; change that first: tbtwatch contact change "
                f"{there.id} --why WHY"
            )
        if there is None:
            there = add_within(
                enterprise=one.enterprise,
                name=one.contact,
                role=one.role,
                language=one.language,
                addresses=addresses,
                by=by,
                tx=tx,
                desk=desk,
                now=now,
                asking=False,  # starting the subscription does, and says what it is about
            )
        contacts, addresses = (there.id,), there.addresses
    if not addresses:
        raise ContactError("nobody would be told: give an address, or a contact that is known")
    done = start_within(
        enterprise=one.enterprise,
        name=one.name,
        criteria=one.criteria,
        frequency=one.frequency,
        language=one.language,
        addresses=addresses,
        contacts=contacts,
        tx=tx,
        desk=desk,
        now=now,
        expected=one.expected,
    )
    if done.new and one.refused:
        raise AssociationError(one.refused)
    return done.subscription if done.new else None
