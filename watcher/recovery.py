"""Whether a source that brought too little brings its documents again.

Two accounts of a trouble are weighed against each other, for each day in it on which documents came:

    it is over since then   until then documents came at some slow rate, from then on at the expected one
    it goes on              all of them came at the slow rate

How slow the slow rate is, nobody knows; it is learned from the trouble itself. So two or three documents end a month
of nothing, but in a trickle, which brings some now and then, it takes a run that the trickle does not explain.

Before any document came, the slow rate is taken to be a share of the expected one, each smaller share more probable
than a greater (exponential, a fifth on average): that keeps the first silent days of a trickle from being taken for
the end of all documents. With it the two accounts have closed forms; the ratio of their probabilities is a Bayes
factor (H. Jeffreys, Theory of Probability, 3rd ed., ch. V).

After a time of nothing at all the ratio has to exceed e to the power of `LEAST`. In a trickle it is seen again with
each document, and by chance exceeds C at most about once in C of them; so there it also has to exceed what the trickle
brings in `ONCE_IN_WEEKS`: a fast one, in which chance has its chance more often, has to show more, which costs it less
time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

#: A trickle is taken for recovered at most about once in so many weeks.
ONCE_IN_WEEKS = 2000
#: The least logarithm of the ratio: about 250 to 1.
LEAST = 5.5
#: The slow rate is one in so many of the expected one, before anything is known of it.
ONE_IN = 5.0


def recovery(*, days: Sequence[int], documents: Sequence[int], per_day: float, per_week: float) -> int | None:
    """Since which poll the documents come again as expected, by its number in the sequences; None: not known yet.

    `documents` are those of the polls that brought some, in the order of time; at the first of them the trouble began,
    and its own do not count. `days` are the working days there were up to that of each poll, itself included: a day on
    which documents came is one, and the whole of it, even if it is not over, for where twenty are expected on a day
    six by noon are no recovery. Expected are `per_day` documents on a working day, `per_week` in an ordinary week.
    """
    everything = before = sum(documents[1:])
    in_all = per_day * (days[-1] - days[0])
    goes_on = _slow(everything, in_all)
    best, found = 0.0, None
    for number in range(len(days) - 1, 0, -1):
        before -= documents[number]
        since = per_day * (days[-1] - days[number] + 1)
        until = max(in_all - since, 0.0)
        over = _slow(before, until) - since
        trickle = per_week * (before + 1) / (until + ONE_IN)
        enough = max(LEAST, math.log(ONCE_IN_WEEKS * trickle)) if before else LEAST
        clearly = over - goes_on - enough
        if clearly >= best:
            best, found = clearly, number
    return found


def _slow(documents: int, expected: float) -> float:
    """The logarithm of the probability of so many documents, at any slow rate, but for what both accounts share."""
    return math.lgamma(documents + 1) - (documents + 1) * math.log(expected + ONE_IN)
