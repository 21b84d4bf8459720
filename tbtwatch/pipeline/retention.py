"""How long what is kept: once a day what has had its time goes. 0 days: for ever.

Bodies of messages go, and what proves them stays: when, to whom, by which Message-ID, what was answered. Enterprises
whose last subscription ended long ago are erased, without being suppressed: nobody asked for that. Polls that
brought nothing go; those that did are what a source's usual rate is reckoned from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog

from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.erasure import erase
from tbtwatch.storage.erasing import leave_no_trace

log = structlog.get_logger()

RAN_ON = "retention_ran_on"  # in the installation's own values
RETENTION_LOCK = 7_261_539
PROGRAM = "the retention rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """For how many days what is kept; 0: for ever."""

    messages: int = 0
    former: int = 0
    polls: int = 0
    codes: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What had had its time."""

    messages: int = 0  #: lost their text
    former: tuple[str, ...] = ()  #: enterprises that were erased
    polls: int = 0
    codes: int = 0


def retain(keep: Keep, *, desk: Desk, dry_run: bool = False) -> Gone:
    """Let go of what has had its time, or say what would go."""
    now, storage = desk.clock(), desk.storage

    def before(days: int) -> timedelta:
        return timedelta(days=days)

    messages = polls = codes = 0
    former: tuple[str, ...] = ()
    if keep.messages:
        while True:
            with storage.begin() as tx:
                done = tx.expiring.empty_messages(before=now - before(keep.messages), dry_run=dry_run)
            messages += done
            if dry_run or not done:
                break
    with storage.begin() as tx:
        if keep.polls:
            polls = tx.expiring.forget_polls(before=now - before(keep.polls), dry_run=dry_run)
        if keep.codes:
            codes = tx.expiring.forget_codes(before=now - before(keep.codes), dry_run=dry_run)
        if not dry_run:
            tx.sign_ins.forget(before=now - before(1), idle_since=now - desk.sign_in.idle, now=now)
            tx.passkeys.forget_unanswered(now=now)
            tx.identities.forget_away(now=now)
        if keep.former:
            former = tuple(tx.expiring.former(before=now - before(keep.former)))
    if not dry_run:
        why = f"its last subscription ended more than {keep.former} days ago"
        for name in former:
            erase(name, by=PROGRAM, why=why, desk=desk, suppress=False)
        if messages or polls or codes:
            leave_no_trace(storage.engine)
    gone = Gone(messages=messages, former=former, polls=polls, codes=codes)
    if gone != Gone() and not dry_run:
        log.info("retained", messages=messages, former=len(former), polls=polls, codes=codes)
    return gone


def due_today(*, desk: Desk) -> bool:
    """Whether this is the first to ask today, in the installation's zone; who asks again is told no."""
    today = desk.clock().astimezone(desk.names.zone).date().isoformat()
    with desk.storage.begin() as tx:
        tx.one_at_a_time(RETENTION_LOCK)
        if tx.meta.get(RAN_ON) == today:
            return False
        tx.meta.set(RAN_ON, today)
    return True
