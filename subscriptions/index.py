"""All standing questions at once: which subscriptions a measure fits, without reading each of them.

The index turns the matter round. For each thing that can be asked for it holds the set of subscriptions that ask
for it; a measure's own market, codes, areas and words pick a few of those sets, and a handful of unions and
intersections leaves the subscriptions that fit. `find` does that; `match` then reads the receipts, of the hits only.

    market     ∪ of the measure's Members and of every group they are in, and those who asked for none
    product    ∪ per grade: HS and ICS stated as asked or narrower (direct), only wider (broad), areas by their grade,
               inferred codes by theirs
    further    kinds to standards: those who ask for one and get it not, or not so surely, subtracted per grade
    keyword    ∪ of the phrases that occur, per grade of the field they occur in
    exclusion  the phrases that occur elsewhere than in a linked document, subtracted
    grade      each grade's set, less those who want a surer one

HS chapter 57 and ICS field 57 are different things: each kind of code has sets of its own.

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
from subscriptions.bitmaps import LARGEST_ID, Demand, Facet, Postings, settle
from subscriptions.choices import asked_form
from subscriptions.criteria import FURTHER, Criteria, Match, Part, Subscription, asks_further, further
from subscriptions.matching import NEVER_EXCLUDES, Subject, asks_for_product, ics_steps, read_subject
from subscriptions.phrases import Phrases
from subscriptions.standards import standard_form, standard_steps
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
        return self.direct | self.probable | self.broad

    def __len__(self) -> int:
        return len(self.direct) + len(self.probable) + len(self.broad)


class SubscriptionIndex:
    """Many standing questions, matched against one measure at a time."""

    def __init__(self, subscriptions: Iterable[Subscription], markets: Markets) -> None:
        """Index the live ones of these subscriptions. Of several with one id the last counts."""
        self._subscriptions: dict[int, Subscription] = {}
        self._markets = markets
        self._askers: dict[str, list[str]] = {}  #: Member → the markets and groups asked for that include it
        self._market: Facet[str] = Facet()
        self._hs: Postings[str] = Postings()  #: by the prefix asked for
        self._hs_wider: Postings[str] = Postings()  #: by every prefix wider than the one asked for
        self._ics: Postings[str] = Postings()
        self._ics_wider: Postings[str] = Postings()
        self._areas: Postings[str] = Postings()
        self._any_product = BitMap()
        self._further: dict[Part, Demand[str]] = {part: Demand() for part in FURTHER}
        self._standard_series: Postings[str] = Postings()  #: by every series that the standard asked for belongs to
        self._keywords: Facet[str] = Facet()
        self._exclusions: Postings[str] = Postings()
        self._wanting = {grade: BitMap() for grade in Grade}  #: by the least sure grade still wanted
        self._phrases: Phrases | None = None
        for subscription in subscriptions:
            self.add(subscription)
        self.settle()

    def __len__(self) -> int:
        return len(self._subscriptions)

    def __contains__(self, subscription_id: int) -> bool:
        return subscription_id in self._subscriptions

    def __iter__(self) -> Iterator[Subscription]:
        return iter(self._subscriptions.values())

    def add(self, subscription: Subscription) -> None:
        """Let a subscription in, in place of an older version of it. One that has ended goes out instead.

        Raises `ValueError` for an id that is negative or needs more than 32 bits.
        """
        if not 0 <= subscription.id <= LARGEST_ID:
            raise ValueError(f"subscription id {subscription.id} is not between 0 and {LARGEST_ID}")
        self.remove(subscription.id)
        if subscription.ended_at is not None:
            return
        self._subscriptions[subscription.id] = subscription
        self._file(subscription.id, subscription.criteria)

    def replace(self, subscription: Subscription) -> None:
        """Let a changed subscription in; the same as `add`."""
        self.add(subscription)

    def remove(self, subscription_id: int) -> bool:
        """Take a subscription out. False: it was not in."""
        held = self._subscriptions.pop(subscription_id, None)
        if held is None:
            return False
        self._unfile(subscription_id, held.criteria)
        return True

    def regroup(self, markets: Markets) -> None:
        """Go by other markets from now on: call it when the operator has changed the groups."""
        self._markets = markets
        self._askers = {}
        for asked in self._market.asked:
            self._expand(asked)

    def settle(self) -> None:
        """Pack the sets and make one automaton of all phrases: for quiet hours, after many changes."""
        for part in (
            self._market, self._hs, self._hs_wider, self._ics, self._ics_wider, self._areas,
            self._keywords, self._exclusions, self._standard_series,
        ):  # fmt: skip
            part.settle()
        for demand in self._further.values():
            demand.settle()
        for ids in (self._any_product, *self._wanting.values()):
            settle(ids)
        self._phrases = Phrases({*self._keywords.asked, *self._exclusions})

    def match(self, measure: Measure, classification: Classification) -> list[Match]:
        """The receipts of all subscriptions that a measure fits, by subscription id."""
        subject = Subject.of(measure, classification)
        receipts = (
            read_subject(self._subscriptions[number], subject, self._markets)
            for number in self.find_subject(subject).ids
        )
        return [receipt for receipt in receipts if isinstance(receipt, Match)]

    def find(self, measure: Measure, classification: Classification) -> Hits:
        """Which subscriptions a measure fits, and how surely, without their receipts."""
        return self.find_subject(Subject.of(measure, classification))

    def find_subject(self, subject: Subject) -> Hits:
        """`find` for a measure that is ready to be read."""
        fitting = self._market.holding({asked for member in subject.members for asked in self._askers.get(member, ())})
        stated_words, own_words, all_words = self._words(subject)
        fitting &= self._keywords.holding(all_words)
        if own_words:
            fitting -= self._exclusions.union(own_words)
        if not fitting:
            return Hits(BitMap(), BitMap(), BitMap())

        by_grade = self._by_product(subject)
        # Who asked for no product is graded by the keywords; who asked for neither fits directly.
        ungraded = fitting & self._any_product
        sure = ungraded & self._keywords.holding(stated_words)
        by_grade[Grade.DIRECT] |= sure
        by_grade[Grade.PROBABLE] |= ungraded - sure

        # Who wants a surer grade than this one is left out of it.
        wanting = self._wanting
        direct = by_grade[Grade.DIRECT] & fitting
        probable = by_grade[Grade.PROBABLE] & fitting
        broad = by_grade[Grade.BROAD] & fitting
        if (lacking := self._lacking(subject)) is not None:
            # Who gets a further condition less surely than the product fits only as surely as that.
            probable |= direct
            broad |= probable
            direct -= lacking[Grade.DIRECT]
            probable -= lacking[Grade.PROBABLE]
            broad -= lacking[Grade.BROAD]
        broad = (broad - direct - probable) & wanting[Grade.BROAD]
        probable = probable - direct - wanting[Grade.DIRECT]
        return Hits(direct, probable, broad)

    def _lacking(self, subject: Subject) -> dict[Grade, BitMap] | None:
        """For each grade those who ask for something further that the measure has not, or less surely than that.

        None: nobody asks for anything further.
        """
        if not any(demand.asking for demand in self._further.values()):
            return None
        lacking = {grade: BitMap() for grade in Grade}
        for part, demand in self._further.items():
            if not demand.asking:
                continue
            for grade in Grade:
                forms = [form for form, finding in subject.found[part].items() if finding.grade.at_least(grade)]
                keys = {step for form in forms for step in standard_steps(form)} if part is Part.STANDARD else forms
                lacks = demand.lacking(keys)
                if part is Part.STANDARD and grade is Grade.BROAD:
                    lacks -= self._standard_series.union(forms)
                lacking[grade] |= lacks
        return lacking

    def _by_product(self, subject: Subject) -> dict[Grade, BitMap]:
        """For each grade those whose product condition a measure meets with it; one id may be in several."""
        met = {
            grade: self._areas.union(area for area, found in subject.areas.items() if found.grade is grade)
            for grade in Grade
        }
        met[Grade.DIRECT] |= self._hs.union({prefix for code in subject.hs for prefix in _hs_steps(code)})
        met[Grade.DIRECT] |= self._ics.union({prefix for code in subject.ics for prefix in ics_steps(code)})
        met[Grade.BROAD] |= self._hs_wider.union((*subject.hs, *subject.hs_common))
        met[Grade.BROAD] |= self._ics_wider.union(subject.ics)
        for code, finding in subject.hs_inferred.items():
            met[finding.grade] |= self._hs.union(_hs_steps(code))
            met[Grade.BROAD] |= self._hs_wider.union((code,))
        for code, finding in subject.ics_inferred.items():
            met[finding.grade] |= self._ics.union(ics_steps(code))
            met[Grade.BROAD] |= self._ics_wider.union((code,))
        return met

    def _words(self, subject: Subject) -> tuple[set[str], set[str], set[str]]:
        """The phrases that occur where a keyword is direct, where one excludes, and anywhere."""
        if self._phrases is None:
            return set(), set(), set()
        stated: set[str] = set()
        own: set[str] = set()
        anywhere: set[str] = set()
        for text in subject.texts:
            found = self._phrases.found_in(text.folded)
            anywhere |= found
            if text.grade is Grade.DIRECT:
                stated |= found
            if text.field != NEVER_EXCLUDES:
                own |= found
        return stated, own, anywhere

    def _file(self, number: int, criteria: Criteria) -> None:
        """Put an id into all its sets."""
        for asked in criteria.markets:
            if asked not in self._market.asked:
                self._expand(asked)
        self._market.add(criteria.markets, number)
        for code in criteria.hs:
            self._hs.add(code, number)
            for wider in _hs_steps(code)[:-1]:
                self._hs_wider.add(wider, number)
        for code in criteria.ics:
            self._ics.add(code, number)
            for wider in ics_steps(code)[:-1]:
                self._ics_wider.add(wider, number)
        for area in criteria.areas:
            self._areas.add(area, number)
        if not asks_for_product(criteria):
            self._any_product.add(number)
        if asks_further(criteria):
            self._file_further(number, criteria)
        self._keywords.add(criteria.keywords, number)
        for phrase in criteria.exclusions:
            self._exclusions.add(phrase, number)
        if self._phrases is not None:
            for phrase in criteria.keywords | criteria.exclusions:
                self._phrases.add(phrase)
        self._wanting[criteria.grade].add(number)

    def _unfile(self, number: int, criteria: Criteria) -> None:
        """Take an id out of all its sets."""
        self._market.discard(criteria.markets, number)
        for code in criteria.hs:
            self._hs.discard(code, number)
            for wider in _hs_steps(code)[:-1]:
                self._hs_wider.discard(wider, number)
        for code in criteria.ics:
            self._ics.discard(code, number)
            for wider in ics_steps(code)[:-1]:
                self._ics_wider.discard(wider, number)
        for area in criteria.areas:
            self._areas.discard(area, number)
        self._any_product.discard(number)
        if asks_further(criteria):
            self._unfile_further(number, criteria)
        self._keywords.discard(criteria.keywords, number)
        for phrase in criteria.exclusions:
            self._exclusions.discard(phrase, number)
        if self._phrases is not None:
            for phrase in criteria.keywords | criteria.exclusions:
                if phrase not in self._keywords.asked and phrase not in self._exclusions:
                    self._phrases.discard(phrase)
        self._wanting[criteria.grade].discard(number)

    def _file_further(self, number: int, criteria: Criteria) -> None:
        for part, demand in self._further.items():
            demand.add((asked_form(part, asked) for asked in further(criteria, part)), number)
        for asked in criteria.standards:
            for series in _series(asked):
                self._standard_series.add(series, number)

    def _unfile_further(self, number: int, criteria: Criteria) -> None:
        for part, demand in self._further.items():
            demand.discard((asked_form(part, asked) for asked in further(criteria, part)), number)
        for asked in criteria.standards:
            for series in _series(asked):
                self._standard_series.discard(series, number)

    def _expand(self, asked: str) -> None:
        """Note which Members a market that was not asked for before stands for."""
        for member in self._markets.expand((asked,)):
            askers = self._askers.setdefault(member, [])
            if asked not in askers:
                askers.append(asked)


def _hs_steps(code: str) -> list[str]:
    """An HS code and the wider ones that it begins with, widest first."""
    return [code[:length] for length in range(1, len(code) + 1)]


def _series(standard: str) -> list[str]:
    """All that a standard belongs to, besides itself."""
    form = standard_form(standard)
    return [step for step in standard_steps(standard) if step != form]
