"""The poll of many feeds by tbtwatch against real peers, on the same servers, in one run.

    .venv/bin/python benchmarks/poll_peers.py --feeds 200 --entries 50 --runs 3

Sides: the package `reader` with one worker and with ten, `rss2email`, the script that anybody would write first,
`tbtwatch` as its commands (`poll`, then `deliver` where mails are owed) and `service`, which is tbtwatch's poll and
delivery in one process without the command line. Each poll is a process of its own. Phases:

- first: every entry is unknown, nobody is mailed;
- same304: nothing new, validators;
- same200: nothing new, and the servers know no validators any more;
- relearn: the validators are back (not compared: some sides kept theirs);
- new10: one new entry in every tenth feed, a mail for each;
- hangs: nothing new but one feed answers after `--hang` seconds; timed until the last of the others was answered;
- fails: the same with a feed that answers 500.

After each poll the answers are compared: each side must hold exactly the entries published, must have asked each feed
exactly once, with validators where it has them, and must have sent exactly the mails owed. Exit code 1 if not.

Two times are taken: of the whole process with its start, and of the polling itself, from the moment the program is
loaded, its database open and its feeds known, until all is written and mailed. rss2email tells no times: of it that is
`run` less `list`. A ratio is of medians of the same kind of time on both sides. Memory is that of the process and all
its children together.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # found from wherever this is started

from benchmarks.feed_server import Server, publishers
from benchmarks.mail_server import Mail, Sink, mail_server
from benchmarks.peers.report import report
from benchmarks.peers.sides import SIDES, Entries, Poll, Side, WrongRunError, entries_in

Polls = dict[tuple[str, str], list[Poll]]  #: phase, side


class Comparison:
    """All sides on the same feeds, phase by phase, again and again."""

    def __init__(self, server: Server, sink: Sink, *, feeds: int, entries: int, hang: float) -> None:
        self._server, self._sink = server, sink
        self._window, self._hang = entries, hang
        self._made = [entries] * feeds  # entries that each feed ever had
        self.polls: Polls = {}
        self.others: dict[tuple[str, str], list[float]] = {}  #: phase, side: seconds until the others were answered
        self.problems: list[str] = []

    def run(self, sides: Sequence[Side]) -> None:
        """All phases, in their order, on sides that know nothing yet."""
        feeds = len(self._made)
        fresh, odd = list(range(0, feeds, 10)), feeds // 2
        known = self._shown()
        self._server.order(validators=True)
        self._phase("first", sides, held=known, conditional=0)
        self._phase("same304", sides, held=known, conditional=feeds, not_modified=feeds)
        self._server.order(validators=False)
        self._phase("same200", sides, held=known, not_modified=0)
        self._server.order(validators=True)
        self._phase("relearn", sides, held=known)
        self._server.order(publish=fresh)
        for number in fresh:
            self._made[number] += 1
        owed: Entries = frozenset((number, self._made[number] - 1) for number in fresh)
        known |= owed
        self._phase("new10", sides, held=known, conditional=feeds, not_modified=feeds - len(fresh), owed=owed)
        self._server.order(hang={odd: self._hang})
        self._phase("hangs", sides, held=known, conditional=feeds, not_modified=feeds, odd=odd)
        self._server.order(hang={odd: 0.0}, fail={odd: True})
        self._phase("fails", sides, held=known, conditional=feeds, not_modified=feeds - 1, odd=odd)
        self._server.order(fail={odd: False})

    def _shown(self) -> Entries:
        """What the feeds show at the moment."""
        return frozenset(
            (number, place) for number, made in enumerate(self._made) for place in range(made - self._window, made)
        )

    def _phase(
        self,
        name: str,
        sides: Sequence[Side],
        *,
        held: Entries,
        conditional: int | None = None,
        not_modified: int | None = None,
        owed: Entries = frozenset(),
        odd: int | None = None,
    ) -> None:
        """One poll of every side, and what must be true after it. None: of no interest."""
        for side in sides:
            self._server.order(counts=True)
            self._sink.taken()
            poll = side.poll(mails=bool(owed))
            counts, mails = self._server.order(counts=True), self._sink.taken()
            where = f"{name}, {side.name}"
            self._expect(where, "entries held", side.held(), held)
            self._expect(where, "requests a feed", set(counts["requests"].values()), {1})
            self._expect(where, "feeds asked", len(counts["requests"]), len(self._made))
            if conditional is not None:
                self._expect(where, "conditional requests", sum(counts["conditional"].values()), conditional)
            if not_modified is not None:
                self._expect(where, "answers 304", counts["not_modified"], not_modified)
            self.problems += wrong_mails(where, mails, owed)
            self.polls.setdefault((name, side.name), []).append(poll)
            others = [at for feed, at in counts["answered"].items() if feed != str(odd)]
            self.others.setdefault((name, side.name), []).append(max(others) - poll.began)
            print(f"{where}: {poll.whole_s:.2f} s", file=sys.stderr)

    def _expect(self, where: str, what: str, found: object, wanted: object) -> None:
        if found == wanted:
            return
        if isinstance(found, frozenset) and isinstance(wanted, frozenset):
            found = f"{len(found)} with {len(found - wanted)} too many and {len(wanted - found)} missing"
            wanted = len(wanted)
        self.problems.append(f"{where}: {what}: {found} instead of {wanted}")


def wrong_mails(where: str, mails: Sequence[Mail], owed: Entries) -> list[str]:
    """A sentence for each entry that was not told of in exactly one mail, and for mails of nothing that is owed."""
    told: Counter[tuple[int, int]] = Counter()
    for mail in mails:
        told.update(entries_in([mail.text()]) or [(-1, -1)])
    wrong = [
        f"{where}: {told[entry]} mails of entry {entry} instead of 1" for entry in sorted(owed) if told[entry] != 1
    ]
    if len(mails) != len(owed):
        wrong.append(f"{where}: {len(mails)} mails instead of {len(owed)}")
    return wrong


def chosen_sides(names: str) -> list[type[Side]]:
    """The sides of these names, or all that are installed. Raises ValueError for a name that is none."""
    known = {side.name: side for side in SIDES}
    if names:
        if unknown := [name for name in names.split(",") if name not in known]:
            raise ValueError(f"there is no side {', '.join(unknown)}; known: {', '.join(known)}")
        return [known[name] for name in names.split(",")]
    for side in SIDES:
        if side.missing():
            print(f"{side.name} is left out: it is not installed (pip install -e '.[bench]')", file=sys.stderr)
    return [side for side in SIDES if not side.missing()]


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve, poll, compare, print. Returns the exit code."""
    options = argparse.ArgumentParser(description="The poll of many feeds against real peers.")
    options.add_argument("--feeds", type=int, default=200)
    options.add_argument("--entries", type=int, default=50)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--hang", type=float, default=5.0, help="seconds that one feed hangs")
    options.add_argument("--sides", default="", help="names, separated by commas; default: all that are installed")
    wanted = options.parse_args(arguments)
    if wanted.feeds < 2 or wanted.entries < 1 or wanted.runs < 1:
        options.error("at least two feeds of one entry and one run are needed")
    try:
        kinds = chosen_sides(wanted.sides)
    except ValueError as error:
        options.error(str(error))

    with (
        tempfile.TemporaryDirectory(prefix="tbtwatch-bench-") as folder,
        publishers(feeds=wanted.feeds, entries=wanted.entries) as server,
        mail_server() as sink,
    ):
        comparison = Comparison(server, sink, feeds=wanted.feeds, entries=wanted.entries, hang=wanted.hang)
        try:
            for number in range(wanted.runs):
                sides = [kind(Path(folder) / f"{kind.name}{number}", server.feeds, sink.port) for kind in kinds]
                comparison.run(sides if number % 2 == 0 else sides[::-1])
        except WrongRunError as error:
            print(error, file=sys.stderr)
            return 1
    for problem in comparison.problems:
        print(problem, file=sys.stderr)
    if comparison.problems:
        return 1
    print(f"{wanted.feeds} feeds of {wanted.entries} entries, medians of {wanted.runs} runs; every side found all of")
    print("them once, asked each feed once and sent exactly the mails owed")
    report(comparison.polls, comparison.others, feeds=wanted.feeds, entries=wanted.entries, hang=wanted.hang)
    return 0


if __name__ == "__main__":
    sys.exit(main())
