"""What became of one attempt to send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Reason(StrEnum):
    """Why an attempt did not succeed; logged and counted."""

    UNREACHABLE = "unreachable"  #: no connection, no answer in time, connection lost
    UNKNOWN_OUTCOME = "unknown_outcome"  #: lost after the message was handed over: it may have arrived
    BUSY = "busy"  #: told to come back later
    RATE_LIMITED = "rate_limited"
    RECIPIENT_UNKNOWN = "recipient_unknown"
    BLOCKED = "blocked"  #: the recipient refuses us
    REJECTED = "rejected"  #: the message as such is refused
    CONFIGURATION = "configuration"  #: our own fault: login, sender, TLS; every message would fail
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"  #: the address was erased, or asked never to be written to: nothing was sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The other side took it. Sent is not delivered."""

    reference: str = ""  #: what the other side called it


@dataclass(frozen=True, slots=True, kw_only=True)
class TryAgain:
    """Not now."""

    reason: Reason
    detail: str = ""  #: one line, no secrets
    after: timedelta | None = None  #: as the other side asked
    migrated_to: str = ""  #: the recipient's new address, if the other side named one: send there from now on


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Not ever, for this recipient or this message."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misconfigured:
    """Our own fault: this channel stops, its deliveries wait, the operator is told. Costs no attempt."""

    detail: str


Outcome = Sent | TryAgain | Refused | Misconfigured


class State(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryState:
    """What to write down after an attempt."""

    state: State
    due_at: datetime | None = None  #: only if pending
    reason: Reason | None = None
    detail: str = ""
    counts: bool = True  #: whether the attempt counts; not if the fault was our own configuration
