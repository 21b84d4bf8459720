"""All standing questions at once: which subscriptions a measure fits, without reading each of them.

The index turns the matter round. For each thing that can be asked for it holds the set of subscriptions that ask
for it; a measure's own market, codes, areas and words pick a few of those sets, and a handful of unions and
intersections leaves the subscriptions that fit. `find` does that; `match` then reads the receipts, of the hits only.

    product    ∪ per grade: HS and ICS stated as asked or narrower (direct), only wider (broad), areas by their grade,
               inferred codes by theirs
    market     ∪ of the measure's Members and of every group they are in, and those who asked for none
    keyword    ∪ of the phrases that occur, per grade of the field they occur in
    exclusion  the phrases that occur elsewhere than in a linked document, subtracted
    further    kinds to measures: those who ask for one and get it not, or not so surely, subtracted per grade
    grade      each grade's set, less those who want a surer one

HS chapter 57 and ICS field 57 are different things: each kind of code has sets of its own.

No `Subscription` is kept. What each asks is a run of numbers (`subscriptions.filed`), one for each set its id is in,
and the question is written down again from them where a receipt is read. Who keeps the index keeps a million
questions in about 150 megabytes.

Groups are kept by name and expanded when a measure is matched. The only thing that depends on who is in a group is
a small table from Members to the markets asked for; `regroup` makes it anew when the groups have changed.

The index is a cache: it can be built from the stored subscriptions at any time, and it equals reading every one of
them with `subscriptions.matching.read` (a property test holds it to that). It is for one thread at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyroaring import BitMap

from rules.classification import Classification, Grade
from subscriptions.asked import ASKING, GRADE, WITHOUT, Asked
from subscriptions.bitmaps import LARGEST_ID, Postings
from subscriptions.criteria import FURTHER, Criteria, Match, Part, Subscription
from subscriptions.filed import Filed
from subscriptions.matching import NEVER_EXCLUDES, Subject, hs_steps, ics_steps, read_subject
from subscriptions.origin import OF_ORIGIN, Origin
from subscriptions.phrases import Phrases
from subscriptions.standards import standard_steps
from watcher.markets import Markets
from watcher.measure import Measure


@dataclass(frozen=True, slots=True)
class Hits:
    """The ids of the subscriptions that a measure fits, by the grade of the match. Each is in one grade only."""

    direct: BitMap
    probable: BitMap
    broad: BitMap

    @property
    def ids(self) -> BitMap:
        """All of them."""
        ids = self.direct | self.probable
        ids |= self.broad
        return ids

    def __len__(self) -> int:
        return len(self.direct) + len(self.probable) + len(self.broad)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a subscription asks, as the index keeps it."""

    id: int
    version: int
    criteria: Criteria


class SubscriptionIndex:
    """Many standing questions, matched against one measure at a time."""

    def __init__(self, subscriptions: Iterable[Subscription | Question], markets: Markets) -> None:
        """Index the live ones of these subscriptions. Of several with one id the last counts."""
        self._markets = markets
        self._askers: dict[str, list[str]] = {}  #: Member → the markets and groups asked for that include it
        self._asked = Asked()
        self._words = self._asked.words
        self._filed = Filed()
        self._sets = Postings()
        self._phrases = Phrases()
        self._agencies = Phrases()
        self.load(subscriptions)

    def __len__(self) -> int:
        return len(self._filed)

    def __contains__(self, subscription_id: int) -> bool:
        return subscription_id in self._filed

    def __iter__(self) -> Iterator[Question]:
        """What is asked, by id."""
        return (self.question(id) for id in self._filed)

    def question(self, subscription_id: int) -> Question:
        """What a subscription asks, equal to what was let in. Raises LookupError."""
        found = self._filed.run(subscription_id)
        if found is None:
            raise LookupError(f"subscription {subscription_id} is not in the index")
        version, numbers = found
        return Question(id=subscription_id, version=version, criteria=self._asked.criteria(numbers))

    def load(self, subscriptions: Iterable[Subscription | Question]) -> None:
        """Let in very many; the same as `add` for each, in a third of the time."""
        try:
            for one in subscriptions:
                if one.id in self._filed:
                    self._sets.loaded()
                    self.remove(one.id)
                if is_live(one):
                    self._sets.load(self._file(one), one.id)
        finally:
            self._sets.loaded()

    def add(self, subscription: Subscription | Question) -> None:
        """Let a subscription in, in place of an older version of it. One that has ended goes out instead.

        Raises `ValueError` for an id that is negative or needs more than 32 bits.
        """
        if not is_live(subscription):
            self.remove(subscription.id)
            return
        check(subscription.id)
        # Filed before the old is taken out: what both ask for need not be forgotten and learned again.
        old = self._filed.take(subscription.id)
        numbers = self._file(subscription)
        self._sets.add(numbers, subscription.id)
        if old is not None:
            kept = frozenset(numbers)
            self._forget(self._sets.discard([number for number in old if number not in kept], subscription.id))

    def replace(self, subscription: Subscription | Question) -> None:
        """Let a changed subscription in; the same as `add`."""
        self.add(subscription)

    def remove(self, subscription_id: int) -> bool:
        """Take a subscription out. False: it was not in."""
        numbers = self._filed.take(subscription_id)
        if numbers is None:
            return False
        self._forget(self._sets.discard(numbers, subscription_id))
        return True

    def regroup(self, markets: Markets) -> None:
        """Go by other markets from now on: call it when the operator has changed the groups."""
        self._markets = markets
        self._askers = {}
        for asked in self._words.of("markets"):
            self._expand(str(asked))

    def settle(self) -> None:
        """Pack everything as small as it goes: for quiet hours, after many changes."""
        self._sets.settle()
        self._filed.settle()

    def asking_about(self, market: str | None) -> BitMap:
        """Who asks for a market that this Member, or one of this group, counts for, or for none; None: everybody."""
        if market is None:
            return self._sets.union(self._words.of(GRADE).values())
        group = self._markets.groups.get(market)
        return self._sets.union(self._market_numbers(tuple(sorted(group.members)) if group else (market,)))

    def asks_for(self, part: Part) -> bool:
        """Whether anybody asks for anything under this further condition."""
        return bool(self._sets.of(self._words.of(ASKING).get(FURTHER[part])))

    def match(self, measure: Measure, classification: Classification) -> list[Match]:
        """The receipts of all subscriptions that a measure fits, by subscription id."""
        subject = Subject.of(measure, classification)
        receipts = (
            read_subject(self.question(number), subject, self._markets) for number in self.find_subject(subject).ids
        )
        return [receipt for receipt in receipts if isinstance(receipt, Match)]

    def find(self, measure: Measure, classification: Classification) -> Hits:
        """Which subscriptions a measure fits, and how surely, without their receipts."""
        return self.find_subject(Subject.of(measure, classification))

    def find_subject(self, subject: Subject) -> Hits:
        """`find` for a measure that is ready to be read."""
        # The products leave the fewest; all that follows is done to those alone.
        sets = self._sets
        there = sets.union(self._market_numbers(subject.members))
        wanting_broad = self._grade(Grade.BROAD)
        direct, probable, broad = (sets.among(there, numbers) for numbers in self._products(subject))
        broad &= wanting_broad
        ungraded = there & self._without("product")
        asking = direct | ungraded
        asking |= probable
        asking |= broad
        if not asking:
            return Hits(direct, probable, broad)
        lacking = self._lacking(asking, subject)

        stated_words, own_words, all_words = self._words_of(subject)
        refused = asking - self._without("keywords")
        sets.take_out(refused, self._words.stating("keywords", all_words))
        asking -= refused
        excluding = asking & sets.of(self._words.of(ASKING).get("exclusions"))
        asking -= sets.among(excluding, self._words.stating("exclusions", own_words))

        # Who asked for no product is graded by the keywords; who asked for neither fits directly.
        if ungraded:
            unsure = ungraded - self._without("keywords")
            sets.take_out(unsure, self._words.stating("keywords", stated_words))
            direct |= ungraded - unsure
            probable |= unsure

        direct &= asking
        probable &= asking
        broad &= asking
        if lacking is not None:
            # Who gets a further condition less surely than the product fits only as surely as that.
            probable |= direct
            broad |= probable
            direct -= lacking[Grade.DIRECT]
            probable -= lacking[Grade.PROBABLE]
            broad &= wanting_broad
        # Each is in its surest grade only, and who wants a surer one than that is left out.
        probable -= direct
        probable -= self._grade(Grade.DIRECT)
        broad -= direct
        broad -= probable
        return Hits(direct, probable, broad)

    def near(self, subject: Subject) -> BitMap:
        """All that a measure fits or misses by one condition, and some besides: those of whom no two of market, product
        and words fail. The others miss it by two at least and need not be read.
        """
        sets, words = self._sets, self._words
        there = sets.union(self._market_numbers(subject.members))
        product = sets.union(number for numbers in self._products(subject) for number in numbers)
        product |= self._without("product")
        said = sets.union(words.stating("keywords", self._words_of(subject)[2]))
        said |= self._without("keywords")
        return (there & product) | (there & said) | (product & said)

    def _lacking(self, asking: BitMap, subject: Subject) -> dict[Grade, BitMap] | None:
        """Take out those of them who ask for something further that the measure has not at all.

        Of the others, for each grade those who ask for something that it has less surely; None: there is no such thing.
        """
        sets, words = self._sets, self._words
        lacking: dict[Grade, BitMap] | None = None
        demands = words.of(ASKING)
        for part, name in FURTHER.items():
            if name not in demands or not (lacks := asking & sets.of(demands[name])):
                continue
            if part in OF_ORIGIN:
                sets.take_out(lacks, words.stating(name, self._has(part, subject.origin)))
                asking -= lacks
                continue
            met: dict[Grade, list[int]] = {grade: [] for grade in _GRADES}
            for form, finding in subject.found[part].items():
                met[finding.grade] += words.stating(name, standard_steps(form) if part is Part.STANDARD else (form,))
            if part is Part.STANDARD:
                met[Grade.BROAD] += words.inside(name, subject.found[part])
            for grade in _GRADES:
                sets.take_out(lacks, met[grade])
                if not lacks:
                    break
                if any(met[less] for less in _GRADES[grade.rank + 1 :]):
                    lacking = lacking or {each: BitMap() for each in _GRADES}
                    lacking[grade] |= lacks
            asking -= lacks
        return lacking

    def _has(self, part: Part, origin: Origin) -> Iterable[str]:
        """What the measure has of a condition that is not found by rules, of all that is asked for."""
        return self._agencies.found_in(origin.folded_agency) if part is Part.AGENCY else origin.has(part)

    def _products(self, subject: Subject) -> tuple[list[int], list[int], list[int]]:
        """For each grade, surest first, what those ask for whose product condition a measure meets with it."""
        words = self._words
        met: dict[Grade, list[int]] = {grade: [] for grade in _GRADES}
        for area, found in subject.areas.items():
            met[found.grade] += words.stating("areas", (area,))
        met[Grade.DIRECT] += words.stating("hs", {step for code in subject.hs for step in hs_steps(code)})
        met[Grade.DIRECT] += words.stating("ics", {step for code in subject.ics for step in ics_steps(code)})
        for code, finding in subject.hs_inferred.items():
            met[finding.grade] += words.stating("hs", hs_steps(code))
        for code, finding in subject.ics_inferred.items():
            met[finding.grade] += words.stating("ics", ics_steps(code))
        if self._grade(Grade.BROAD):
            met[Grade.BROAD] += words.inside("hs", (*subject.hs, *subject.hs_common, *subject.hs_inferred))
            met[Grade.BROAD] += words.inside("ics", (*subject.ics, *subject.ics_inferred))
        return met[Grade.DIRECT], met[Grade.PROBABLE], met[Grade.BROAD]

    def _words_of(self, subject: Subject) -> tuple[set[str], set[str], set[str]]:
        """The phrases that occur where a keyword is direct, where one excludes, and anywhere."""
        found = [(text, self._phrases.found_in(text.folded)) for text in subject.texts]
        stated = set[str]().union(*(phrases for text, phrases in found if text.grade is Grade.DIRECT))
        own = set[str]().union(*(phrases for text, phrases in found if text.field != NEVER_EXCLUDES))
        return stated, own, own.union(*(phrases for text, phrases in found if text.field == NEVER_EXCLUDES))

    def _market_numbers(self, members: Iterable[str]) -> list[int]:
        """What those ask for for whom the condition of the market holds."""
        asked = {asked for member in members for asked in self._askers.get(member, ())}
        without = self._words.of(WITHOUT).get("markets")
        return [*self._words.stating("markets", asked), *(() if without is None else (without,))]

    def _without(self, condition: str) -> BitMap:
        """Who did not ask for a condition; not to be changed."""
        return self._sets.of(self._words.of(WITHOUT).get(condition))

    def _grade(self, grade: Grade) -> BitMap:
        """Whose least sure grade still wanted it is; not to be changed."""
        return self._sets.of(self._words.of(GRADE).get(grade))

    def _file(self, one: Subscription | Question) -> list[int]:
        """Keep what a subscription asks; the numbers of the sets that its id is to be in."""
        check(one.id)
        numbers, new = self._asked.numbers(one.criteria)
        self._filed.put(one.id, one.version, numbers)
        for name, value in new:
            if name == "markets":
                self._expand(value)
            elif name in _PHRASES:
                self._phrases.add(value)
            elif name == _AGENCIES:
                self._agencies.add(value)
        return numbers

    def _forget(self, numbers: Iterable[int]) -> None:
        """Nobody asks for these any more."""
        for number in numbers:
            name, value = self._asked.forget(number)
            if name in _PHRASES and not any(value in self._words.of(each) for each in _PHRASES):
                self._phrases.discard(str(value))
            elif name == _AGENCIES:
                self._agencies.discard(str(value))

    def _expand(self, asked: str) -> None:
        """Note which Members a market that was not asked for before stands for."""
        for member in self._markets.expand((asked,)):
            askers = self._askers.setdefault(member, [])
            if asked not in askers:
                askers.append(asked)


_PHRASES = ("keywords", "exclusions")
_AGENCIES = FURTHER[Part.AGENCY]
_GRADES = tuple(Grade)


def is_live(one: Subscription | Question) -> bool:
    """Whether a subscription has not ended."""
    return not isinstance(one, Subscription) or one.ended_at is None


def check(id: int) -> None:
    """Raises `ValueError` for an id that no set can hold."""
    if not 0 <= id <= LARGEST_ID:
        raise ValueError(f"subscription id {id} is not between 0 and {LARGEST_ID}")
