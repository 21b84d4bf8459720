"""Digests: one for each person and window, frozen when it is written, never empty unless asked for, never twice.

Windows are cut in the zone and, for weeks, from the weekday that a subscriber asks for; those who ask alike are a slot,
and a run is a window of a slot. A window that was missed is found and run later; what it should have told is in it, or
in the next one that runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from notifiers.message import Label, Message
from subscriptions.criteria import Address, Frequency
from subscriptions.digest import DigestWindow, window_holding, windows_between
from subscriptions.ways import frequencies_at
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.digest_writing import DigestWriter, Issue
from tbtwatch.pipeline.reclassify import current_classification
from tbtwatch.pipeline.snooze import release_due
from tbtwatch.storage import Transaction
from tbtwatch.storage.alerts import StoredAlert
from tbtwatch.storage.digests import Slot, SlotState

log = structlog.get_logger()

FREQUENCIES = (Frequency.DAILY, Frequency.WEEKLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestReport:
    """What a digest run wrote."""

    frequency: Frequency
    starts_at: datetime
    ends_at: datetime
    digests: int
    alerts: int
    zone: str = ""  #: whose midnights cut the window; empty: the installation's
    run: int = 0  #: by which its digests are sent again; 0: several runs


def zone_of_slot(slot: Slot, desk: Desk) -> ZoneInfo:
    """The zone whose midnights cut a slot's windows."""
    return ZoneInfo(slot.zone) if slot.zone else desk.names.zone


def due_windows(state: SlotState, *, desk: Desk, now: datetime) -> list[DigestWindow]:
    """The windows of a slot that are over and were not run."""
    slot, zone = state.slot, zone_of_slot(state.slot, desk)
    if (last := state.last_ends_at) is not None:
        windows = windows_between(last, now, slot.frequency, zone, slot.weekday)
        return [_from(window, last) for window in windows if window.ends_at > last]
    since = [one for one in (state.waits_since, state.asked_since) if one is not None]
    if not since:
        return []
    first = window_holding(min(since), slot.frequency, zone, slot.weekday)
    return list(windows_between(first.starts_at, now, slot.frequency, zone, slot.weekday))


def run_due_digests(*, desk: Desk, frequencies: Iterable[Frequency] = FREQUENCIES) -> list[DigestReport]:
    """Write the digests of all windows that are over; before that, what pauses that are over held back is let go."""
    release_due(desk=desk)
    reports: list[DigestReport] = []
    for frequency in frequencies:
        with desk.storage.look() as tx:
            states = _slots(frequency, tx)
        for state in states:
            windows = due_windows(state, desk=desk, now=desk.clock())
            for window in windows:
                # Of several that were missed only the last says that there is nothing new: it is true of all.
                report = run_window(window, state.slot, desk=desk, last=window is windows[-1])
                if report is not None:
                    reports.append(report)
    return reports


def run_now(frequency: Frequency, *, desk: Desk) -> DigestReport | None:
    """Close the windows that are open now, early: the rest of each is a window of its own."""
    now = desk.clock()
    run_due_digests(desk=desk, frequencies=(frequency,))
    with desk.storage.look() as tx:
        slots = {state.slot for state in _slots(frequency, tx)} | {Slot(frequency=frequency)}
    reports: list[DigestReport] = []
    for slot in sorted(slots):
        with desk.storage.look() as tx:
            last = tx.digests.last(slot)
        window = window_holding(now, frequency, zone_of_slot(slot, desk), slot.weekday)
        start = max(window.starts_at, last.ends_at) if last else window.starts_at
        if start < now:
            report = run_window(replace(window, starts_at=start, ends_at=now), slot, desk=desk, last=True)
            if report is not None:
                reports.append(report)
    if len(reports) < 2:
        return reports[0] if reports else None
    return DigestReport(
        frequency=frequency,
        starts_at=min(one.starts_at for one in reports),
        ends_at=now,
        digests=sum(one.digests for one in reports),
        alerts=sum(one.alerts for one in reports),
    )


def _slots(frequency: Frequency, tx: Transaction) -> list[SlotState]:
    """How far all slots of a frequency are, with what waits by ways."""
    return tx.digests.slots(frequency, by_way=tx.alert_ways.waits_since(frequency))


def _from(window: DigestWindow, start: datetime) -> DigestWindow:
    """What is left of a window whose first part was closed early."""
    return window if start <= window.starts_at else replace(window, starts_at=start)


def run_window(window: DigestWindow, slot: Slot, *, desk: Desk, last: bool) -> DigestReport | None:
    """Write the digests of one window, in one transaction; None if it was run before.

    `last`: no later window of the slot is over, so that who asked to hear of nothing new hears it.
    """
    now = desk.clock()
    with desk.storage.begin() as tx:
        run = tx.digests.begin(
            frequency=window.frequency,
            starts_at=window.starts_at,
            ends_at=window.ends_at,
            number=window.number,
            now=now,
            zone=slot.zone,
            weekday=slot.weekday,
        )
        if run is None:
            return None
        # Not "raised inside the window": what an earlier window lost in an outage is told now.
        places = tx.alert_ways.for_digest(slot, before=window.ends_at)
        waiting = [*tx.alerts.for_digest(slot, before=window.ends_at), *tx.alerts.some(list(places))]
        alerts = _still_true(sorted(waiting, key=lambda one: one.id), tx, desk, now)
        owed = tx.subscriptions.some({alert.subscription_id for alert in alerts})
        by_address: dict[Address, list[StoredAlert]] = {}
        for alert in alerts:
            for address in places.get(alert.id) or owed[alert.subscription_id].addresses:
                by_address.setdefault(address, []).append(alert)
        wanted = _want_it_empty(slot, tx) if last else frozenset()
        issue = Issue(
            key=f"digest:{run}",
            frequency=window.frequency,
            number=window.number,
            zone=zone_of_slot(slot, desk),
            starts_at=window.starts_at,
            ends_at=window.ends_at,
            run=run,
            slot_zone=slot.zone,
            slot_weekday=slot.weekday,
        )
        writer = DigestWriter(issue, tx, desk, now)
        written = writer.write(by_address, even_if_empty=wanted)
        tx.alerts.put_in_digest([alert.id for alert in alerts if alert.id not in places], run)
        tx.alert_ways.put_in_digest({alert.id: places[alert.id] for alert in alerts if alert.id in places}, run)
    log.info("digests_written", frequency=window.frequency.value, digests=written, alerts=len(alerts))
    return DigestReport(
        frequency=window.frequency,
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        digests=written,
        alerts=len(alerts),
        zone=slot.zone,
        run=run,
    )


def _want_it_empty(slot: Slot, tx: Transaction) -> frozenset[Address]:
    """The addresses that want a digest also when there is nothing new, and are not to be left alone just now."""
    silent = {one.subscription for one in tx.pauses.holding() if one.measure is None}
    return frozenset(
        address
        for one in tx.subscriptions.wanting_nothing_new(slot.frequency, slot.zone, slot.weekday)
        for address in one.addresses
        if one.id not in silent and slot.frequency in frequencies_at(one, address)
    )


def _still_true(alerts: Sequence[StoredAlert], tx: Transaction, desk: Desk, now: datetime) -> list[StoredAlert]:
    """Without those told late that fit no more: the rules have changed again since staff decided."""
    fits: dict[int, set[int]] = {}
    for measure_id in {alert.measure_id for alert in alerts if alert.label == Label.LATE.value}:
        measure = tx.measures.get(measure_id)
        classification = current_classification(measure, tx, desk.rulebook, now)
        fits[measure_id] = {match.subscription for match in desk.audience.index(tx).match(measure, classification)}
    late = [one for one in alerts if one.label == Label.LATE.value]
    gone = [one.id for one in late if one.subscription_id not in fits[one.measure_id]]
    tx.alerts.withdraw(gone, now=now)
    return [one for one in alerts if one.id not in gone]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resent:
    """A digest that is sent again, byte for byte."""

    delivery: int
    message: Message


def resend(run: int, target: str, *, desk: Desk) -> Resent:
    """Send the digest of a run once more to an address it was written for: the very same message. Raises LookupError.

    Nothing is told anew by it: what the digest tells counts as told when it first went out.
    """
    now = desk.clock()
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        found = tx.digests.get(run)
        if found is None:
            raise LookupError(f"there is no digest run {run}; `tbtwatch digest runs` lists them")
        frozen = tx.moving.of_run(run)
        mine = [one for one in frozen if one.target == target.strip()]
        if not mine:
            to = ", ".join(sorted({one.target for one in frozen})) or "nobody"
            raise LookupError(f"digest run {run} wrote nothing to {target.strip()}; it wrote to {to}")
        one = mine[0]
        if one.state in ("pending", "sending"):
            raise LookupError(
                f"the digest of run {run} to {one.target} has not gone out yet; `tbtwatch deliver` sends it"
            )
        if not tx.subscriptions.of_address(one.channel, one.target):
            raise LookupError(f"{one.target} has unsubscribed from everything; nothing is sent there")
        if not one.message.text:
            raise LookupError(
                f"the text of the digest of run {run} was taken out when it had had its time "
                "(TBTWATCH_KEEP_MESSAGES_DAYS); what it told is in `tbtwatch proof SYMBOL ENTERPRISE`"
            )
        again = tx.moving.send_again(one, now=now)
    return Resent(delivery=again, message=one.message)
