"""The diary: what happened to every source, what was held, missed and told, and the balance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.journeys.quarter.checks import (
    bad_times,
    check_gaps,
    check_holds,
    check_manners,
    check_staff,
    check_states,
)
from tests.journeys.quarter.expected import Balance, check_missed, check_tellings
from tests.journeys.quarter.readers import STAFF
from tests.journeys.quarter.world import World


def balance_of(world: World) -> Balance:
    """All that is to be said of a quarter that was lived through."""
    balance = Balance()
    check_missed(world, balance)
    check_tellings(world, balance)
    check_states(world, balance)
    check_staff(world, balance)
    check_gaps(world, balance)
    check_holds(world, balance)
    check_manners(world, balance)
    return balance


def diary(world: World, balance: Balance, *, brief: bool = False, seconds: float = 0.0) -> str:
    """As a person reads it."""
    parts = [] if brief else [_script(world), _turns(world), _holds(world), _gaps(world), _staff(world)]
    parts += [_sources(world, balance), _messages(balance), _figures(world, balance, seconds)]
    faults = "\n".join(f"- {fault}" for fault in balance.faults) or "none"
    return "\n\n".join([*parts, f"FAULTS ({len(balance.faults)})\n{faults}"])


def _table(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    cells = [list(head), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join([title.upper(), lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def _script(world: World) -> str:
    rows = [(f"{act.at:%m-%d %H:%M}", act.source, act.what) for act in world.lived.acts]
    return _table("what happened to publishers", ("when", "source", "what"), rows)


def _turns(world: World) -> str:
    rows = [(f"{at:%m-%d %H:%M}", source, state, why[:110]) for at, source, state, why in world.lived.turns]
    return _table("states", ("when", "source", "state", "why"), rows)


def _holds(world: World) -> str:
    rows = [
        (f"{at:%m-%d %H:%M}", source, new, changed, _fate(world, at, source))
        for at, source, new, changed in world.lived.holds
    ]
    return _table("held news", ("when", "source", "new", "changed", "staff's decision"), rows)


def _fate(world: World, at: object, source: str) -> str:
    found = [one for one in world.lived.decided if one[1] == source and one[0] >= at]  # type: ignore[operator]
    return f"{found[0][2]} on {found[0][0]:%m-%d %H:%M}" if found else "none yet"


def _gaps(world: World) -> str:
    rows = [
        (
            gap.source,
            f"{gap.since:%m-%d %H:%M}",
            f"{gap.opened_at:%m-%d %H:%M}",
            f"{gap.closed_at:%m-%d %H:%M}" if gap.closed_at else "open",
            gap.told,
            gap.found_late,
        )
        for gap in sorted(world.lived.gaps, key=lambda gap: gap.since)
    ]
    return _table("gaps", ("source", "last read", "told", "closed", "addresses", "found late"), rows)


def _staff(world: World) -> str:
    rows = [(f"{at:%m-%d %H:%M}", mail["Subject"]) for at, mail in world.lived.mails if STAFF in mail.recipients]
    return _table("messages to staff", ("when", "subject"), rows)


def _sources(world: World, balance: Balance) -> str:
    polls = Counter(report.source for _, report in world.lived.polls)
    failed = Counter(report.source for _, report in world.lived.polls if report.status == "failed")
    columns = (
        *(balance.published, balance.seeded, balance.shown, balance.owed, balance.silent, balance.told),
        *(balance.waiting, balance.missed, balance.unseen),
    )
    rows = [
        (
            name,
            one.nature.form,
            one.nature.market,
            one.nature.per_week,
            polls[name],
            failed[name],
            len(bad_times(world, name)),
            *(column[name] for column in columns),
            world.lived.states.get(name, ""),
        )
        for name, one in world.publishers.items()
    ]
    sums = ("all", "", "", "", polls.total(), failed.total(), "", *(column.total() for column in columns), "")
    head = ("source", "form", "market", "a week", "polls", "failed", "bad times", "published", "seeded", "seen")
    more = ("news", "silent", "told", "in next digest", "missed", "unseen", "state now")
    return _table("sources", (*head, *more), [*rows, sums])


def _messages(balance: Balance) -> str:
    rows = [(*key.split(" "), count) for key, count in sorted(balance.messages.items())]
    return _table("mails", ("to", "about", "mails"), rows)


def _figures(world: World, balance: Balance, seconds: float) -> str:
    staff = sum(STAFF in mail.recipients for _, mail in world.lived.mails)
    return "\n".join(
        (
            "BALANCE",
            f"{len(world.publishers)} sources, {world.story.days} days from {world.story.start:%Y-%m-%d}, "
            f"{len(world.lived.polls)} polls, {sum(len(one.asked) for one in world.publishers.values())} requests"
            + (f", {seconds:.0f} s" if seconds else ""),
            f"{balance.published.total()} documents published; {balance.shown.total()} seen after the first polls; "
            f"{balance.owed.total()} pieces of news owed, {balance.told.total()} told to everybody concerned, "
            f"{balance.waiting.total()} in digests not yet due; {balance.silent.total()} rightly silent; "
            f"{balance.missed.total()} missed in gaps that were told; {balance.unseen.total()} not seen yet",
            f"{balance.pairs} tellings, {balance.unlisted} of them counted in a digest that had no room, "
            f"to {len(world.readers)} readers in {len(world.lived.mails) - staff} mails; "
            f"the slowest alert {balance.late}; {staff} messages to staff; {len(world.lived.gaps)} gaps; "
            f"{len(world.lived.holds)} holds; {len(world.lived.turns)} changes of state",
        )
    )
