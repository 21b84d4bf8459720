"""What `poll_peers` prints: tables, and a line of JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.peers.sides import Poll

MOST_MB = 150.0
PROCESSOR = "processor"  # a kind of time


@dataclass(frozen=True, slots=True)
class Promise:
    """At most so much of a peer's time in a phase."""

    phase: str
    peer: str
    most: float


PROMISES = (
    Promise("first", "reader", 0.4),
    Promise("same304", "reader", 0.7),
    Promise("same200", "reader", 0.15),
    Promise("new10", "rss2email", 0.6),
)


def report(
    polls: Mapping[tuple[str, str], Sequence[Poll]],
    others: Mapping[tuple[str, str], Sequence[float]],
    *,
    feeds: int,
    entries: int,
    hang: float,
) -> None:
    """Medians, ratios and memory."""
    phases = list(dict.fromkeys(phase for phase, _ in polls))
    sides = sorted({side for _, side in polls}, key=[side for _, side in polls].index)
    whole = {key: median(poll.whole_s for poll in several) for key, several in polls.items()}
    work = {
        key: median(known)
        for key, several in polls.items()
        if (known := [poll.work_s for poll in several if poll.work_s is not None])
    }
    cpu = {key: median(poll.cpu_s for poll in several) for key, several in polls.items()}
    resident = {key: max(poll.resident_mb for poll in several) for key, several in polls.items()}
    proportional = {key: max(poll.proportional_mb for poll in several) for key, several in polls.items()}
    compared = [phase for phase in phases if phase not in ("hangs", "fails")]
    _table("whole process, s", whole, compared, sides)
    _table("polling itself, s", work, compared, sides)
    _table("processor, s", cpu, compared, sides)
    _table("most memory at one time, MB, with all children (sum of resident)", resident, compared, sides, digits=0)
    _table("the same, pages shared by several counted once (PSS)", proportional, compared, sides, digits=0)
    answered = {key: median(several) for key, several in others.items() if key[0] in ("same304", "hangs", "fails")}
    title = f"one feed of {feeds} hangs {hang:g} s, or fails: the last of the others answered after, s"
    _table(title, answered, ["same304", "hangs", "fails"], sides)
    ratios = _ratios(whole, work, cpu)
    print(f"\n{'ratio':46}{'found':>8}{'at most':>9}")
    for (side, kind, promise), ratio in ratios.items():
        name = f"{promise.phase}: {side} / {promise.peer}, {kind}"
        kept = "" if kind == PROCESSOR else "yes" if ratio <= promise.most else "NO"
        print(f"{name:46}{ratio:8.2f}{promise.most:9.2f}  {kept}")
    for side in ("tbtwatch", "service"):
        if found := [value for (_, one), value in proportional.items() if one == side]:
            name, most = f"memory: {side}, MB (PSS)", max(found)
            print(f"{name:46}{most:8.0f}{MOST_MB:9.0f}  {'yes' if most <= MOST_MB else 'NO'}")
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} processors, load {load:.1f} at the end")
    line: dict[str, object] = {
        "benchmark": "poll_peers",
        "feeds": feeds,
        "entries": entries,
        "runs": max(map(len, polls.values())),
        "hang_s": hang,
        "load": round(load, 1),
    }
    for kind, values in (("s", whole), ("work_s", work), ("cpu_s", cpu), ("mb", resident), ("pss_mb", proportional)):
        line |= {f"{phase}_{side}_{kind}": round(value, 3) for (phase, side), value in values.items()}
    line |= {f"{phase}_{side}_others_s": round(value, 3) for (phase, side), value in answered.items()}
    line |= {
        f"ratio_{promise.phase}_{side}_{promise.peer}_{kind.replace(' ', '_')}": round(ratio, 3)
        for (side, kind, promise), ratio in ratios.items()
    }
    print(json.dumps(line))


def _ratios(
    whole: Mapping[tuple[str, str], float], work: Mapping[tuple[str, str], float], cpu: Mapping[tuple[str, str], float]
) -> dict[tuple[str, str, Promise], float]:
    """Of times of the same kind.

    What is promised is seconds of the clock; those of the processors tell more where other work is done beside this.
    """
    found: dict[tuple[str, str, Promise], float] = {}
    for promise in PROMISES:
        for side, kind, values in (
            ("tbtwatch", "whole process", whole),
            ("service", "whole process", whole),
            ("service", "polling itself", work),
            ("tbtwatch", PROCESSOR, cpu),
            ("service", PROCESSOR, cpu),
        ):
            ours, theirs = values.get((promise.phase, side)), values.get((promise.phase, promise.peer))
            if ours and theirs:
                found[side, kind, promise] = ours / theirs
    return found


def _table(
    title: str,
    values: Mapping[tuple[str, str], float],
    phases: Sequence[str],
    sides: Sequence[str],
    *,
    digits: int = 2,
) -> None:
    print(f"\n{title}\n{'':10}" + "".join(f"{side:>11}" for side in sides))
    for phase in phases:
        cells = [values.get((phase, side)) for side in sides]
        print(f"{phase:10}" + "".join(f"{'' if cell is None else format(cell, f'.{digits}f'):>11}" for cell in cells))
