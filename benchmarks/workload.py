"""Subscriptions and measures made from a seed, for timing: the same seed gives the same world in every process.

The world is shaped like the real one: a few markets, chapters and words are asked for by very many, most by very
few (Zipf); a fifth of the subscriptions have keywords, a twentieth of all have Chinese ones, a tenth have
exclusions; some ask for groups of markets, ICS codes, product areas. Codes, words and names are made up.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from typing import TypeVar

from rules.classification import AreaFound, Classification, Evidence, Grade
from subscriptions.criteria import Criteria, Subscription
from watcher.markets import Group, Markets, Member
from watcher.measure import Facts, Measure

T = TypeVar("T")

STARTED = datetime(2026, 1, 1, tzinfo=UTC)
#: Large traders first: their place is their weight.
MEMBERS = (
    "USA", "EU", "CHN", "BRA", "KEN", "UGA", "TZA", "RWA", "BDI", "JPN", "KOR", "IND", "CAN", "MEX", "TPKM", "ISR",
    "SAU", "ARE", "BHR", "KWT", "OMN", "QAT", "YEM", "EGY", "THA", "VNM", "IDN", "MYS", "PHL", "SGP", "BRN", "KHM",
    "LAO", "MMR", "ZAF", "AUS", "NZL", "GBR", "CHE", "TUR", "CHL", "COL", "PER", "ARG", "ECU", "UKR", "KAZ", "KGZ",
    "ARM", "HKG", "MAC", "NOR", "JOR", "MAR", "TUN", "NGA", "GHA", "SEN", "CIV", "CMR", "RUS", "PAK", "BGD", "LKA",
    "NPL", "MNG", "DEU", "FRA", "ITA", "ESP", "NLD", "POL", "SWE", "DNK", "AUT", "BEL", "CZE", "FIN", "GRC", "HUN",
    "IRL", "PRT", "ROU", "SVK",
)  # fmt: skip
#: Groups that subscribers name, and the Members they stand for.
GROUPS = {
    "EAC": ("BDI", "KEN", "RWA", "TZA", "UGA"),
    "GCC": ("ARE", "BHR", "KWT", "OMN", "QAT", "SAU", "YEM"),
    "ASEAN": ("BRN", "IDN", "KHM", "LAO", "MMR", "MYS", "PHL", "SGP", "THA", "VNM"),
    "EAEU": ("ARM", "KAZ", "KGZ", "RUS"),
}
EU_MEMBER_STATES = frozenset((
    "AUT", "BEL", "CZE", "DEU", "DNK", "ESP", "FIN", "FRA", "GRC", "HUN", "IRL", "ITA", "NLD", "POL",
    "PRT", "ROU", "SVK", "SWE",
))  # fmt: skip
AREAS = tuple(f"area{number:02d}" for number in range(16))
HAN = (
    "食品添加剂化妆品医疗器械玩具电子电气产品安全标准技术法规农药残留限量乳制品婴幼儿配方奶粉肉类水产进口检验检疫标签包装有害物质"
    "能效汽车轮胎锂电池充电无线设备纺织服装皮革家具木材钢铁水泥玻璃陶瓷机械阀门锅炉照明灯具空调冰箱饮用水葡萄酒茶叶饲料种子肥料"
)
_SYLLABLES = [consonant + vowel for consonant in "bcdfghjklmnprstvwz" for vowel in "aeiou"]


class Zipf:
    """Draws from a sequence: the first oftenest, the n-th with weight n ** -skew."""

    def __init__(self, chance: random.Random, among: int, skew: float) -> None:
        self._chance = chance
        self._sums = list(accumulate(rank**-skew for rank in range(1, among + 1)))

    def of(self, sequence: Sequence[T]) -> T:
        """One member of a sequence of the length this was made for."""
        return sequence[bisect(self._sums, self._chance.random() * self._sums[-1])]


@dataclass(frozen=True)
class Case:
    """A measure with its classification."""

    measure: Measure
    classification: Classification


def made_markets() -> Markets:
    """The markets of every world: these Members and groups."""
    return Markets(
        (Member(code=code, eu_member_state=code in EU_MEMBER_STATES) for code in MEMBERS),
        (Group(key=key, members=members) for key, members in GROUPS.items()),
    )


class World:
    """The codes and words of one seed; independent of how many subscriptions and measures are drawn from it."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        chance = random.Random(f"world {seed}")
        self.chapters = [f"{number:02d}" for number in range(1, 98) if number != 77]
        chance.shuffle(self.chapters)
        self.headings: list[str] = []
        self.codes: list[str] = []
        for chapter in self.chapters:
            for heading in sorted(chance.sample(range(1, 30), chance.randint(6, 20))):
                self.headings.append(f"{chapter}{heading:02d}")
                subs = sorted(chance.sample(range(10, 99), chance.randint(2, 7)))
                self.codes += [f"{chapter}{heading:02d}{sub:02d}" for sub in subs]
        self.ics = [
            f"{field:02d}.{group:03d}.{sub:02d}"
            for field in chance.sample(range(1, 98), 40)
            for group in sorted(chance.sample(range(10, 990, 10), chance.randint(5, 15)))
            for sub in sorted(chance.sample(range(1, 99), chance.randint(1, 4)))
        ]
        words: dict[str, None] = {}
        while len(words) < 20_000:
            words["".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(2, 5)))] = None
        self.words = list(words)
        self.keywords = chance.sample(self.words[150:12_000], 5_000)
        self.phrases = [
            " ".join(chance.sample(self.words[100:8_000], chance.choice((2, 2, 2, 3)))) for _ in range(3_000)
        ]
        han = {HAN[at : at + chance.randint(2, 6)] for at in range(len(HAN) - 6) for _ in range(6)}
        self.han = sorted(han)
        chance.shuffle(self.han)

    def subscriptions(self, count: int) -> Iterator[Subscription]:
        """So many subscriptions, ids from 1."""
        chance = random.Random(f"subscriptions {self.seed}")
        member, chapter = Zipf(chance, len(MEMBERS), 0.9), Zipf(chance, len(self.chapters), 0.6)
        heading, code = Zipf(chance, len(self.headings), 0.7), Zipf(chance, len(self.codes), 0.7)
        ics, area = Zipf(chance, len(self.ics), 0.6), Zipf(chance, len(AREAS), 0.6)
        word, phrase = Zipf(chance, len(self.keywords), 0.7), Zipf(chance, len(self.phrases), 0.7)
        han = Zipf(chance, len(self.han), 0.7)

        def keyword() -> str:
            return phrase.of(self.phrases) if chance.random() < 0.4 else word.of(self.keywords)

        for number in range(1, count + 1):
            markets: set[str] = set()
            if chance.random() >= 0.08:
                markets = {member.of(MEMBERS) for _ in range(chance.randint(1, 5))}
                if chance.random() < 0.10:
                    markets.add(chance.choice(tuple(GROUPS)))
            hs: set[str] = set()
            by_word_only = chance.random() < 0.02
            if not by_word_only:
                for _ in range(chance.randint(1, 4)):
                    sort = chance.random()
                    if sort < 0.15:
                        hs.add(chapter.of(self.chapters))
                    elif sort < 0.50:
                        hs.add(heading.of(self.headings))
                    else:
                        hs.add(code.of(self.codes) + ("00" if sort > 0.9 else ""))
            wanted_ics: set[str] = set()
            if not by_word_only and chance.random() < 0.12:
                wanted_ics = {ics.of(self.ics)[: chance.choice((2, 6, 6, 9))] for _ in range(chance.randint(1, 2))}
            areas = {area.of(AREAS)} if not by_word_only and chance.random() < 0.10 else set()
            keywords: set[str] = set()
            if by_word_only or chance.random() < 0.20:
                keywords = {keyword() for _ in range(chance.randint(1, 3))}
            if chance.random() < 0.05:
                keywords.add(han.of(self.han))
            exclusions = {keyword()} - keywords if chance.random() < 0.10 else set()
            yield Subscription(
                id=number,
                enterprise=f"enterprise {number}",
                name=f"subscription {number}",
                criteria=Criteria(
                    markets=frozenset(markets),
                    hs=frozenset(hs),
                    ics=frozenset(wanted_ics),
                    areas=frozenset(areas),
                    keywords=frozenset(keywords),
                    exclusions=frozenset(exclusions),
                    grade=chance.choices(tuple(Grade), (20, 60, 20))[0],
                ),
                started_at=STARTED,
            )

    def cases(self, count: int) -> Iterator[Case]:
        """So many measures with their classifications."""
        chance = random.Random(f"measures {self.seed}")
        member, heading = Zipf(chance, len(MEMBERS), 0.9), Zipf(chance, len(self.headings), 0.7)
        ics, area, word = (
            Zipf(chance, len(self.ics), 0.6),
            Zipf(chance, len(AREAS), 0.6),
            Zipf(chance, len(self.words), 1),
        )
        keyword, phrase = Zipf(chance, len(self.keywords), 0.7), Zipf(chance, len(self.phrases), 0.7)
        han = Zipf(chance, len(self.han), 0.7)
        by_heading: dict[str, list[str]] = {}
        for code in self.codes:
            by_heading.setdefault(code[:4], []).append(code)

        def text(words: int) -> str:
            drawn = []
            for _ in range(words):
                sort = chance.random()
                if sort < 0.012:
                    drawn.append(phrase.of(self.phrases))
                elif sort < 0.024:
                    drawn.append(keyword.of(self.keywords))
                else:
                    drawn.append(word.of(self.words))
            if chance.random() < 0.10:
                drawn += ["，".join(han.of(self.han) for _ in range(chance.randint(2, 8)))]
            return " ".join(drawn)

        for number in range(1, count + 1):
            hs: set[str] = set()
            if chance.random() < 0.85:
                base = heading.of(self.headings)
                hs = {chance.choice(by_heading[base]) for _ in range(chance.randint(1, 4))}
                if chance.random() < 0.3:
                    hs.add(chance.choice((base, base[:2], chance.choice(self.codes))))
            joint = chance.random() < 0.03
            members = GROUPS["EAC"] if joint else (member.of(MEMBERS),)
            found = {area.of(AREAS): chance.choice(tuple(Grade)) for _ in range(chance.randint(0, 2))}
            yield Case(
                Measure(
                    id=number,
                    issuer="WTO",
                    threads=tuple(f"G/TBT/N/{code}/{number}" for code in members),
                    facts=Facts(
                        notifying_members=members,
                        title=text(chance.randint(8, 20)),
                        products_covered=text(chance.randint(3, 15)),
                        content_summary=text(chance.randint(60, 220)),
                        further_text=text(40) if chance.random() < 0.2 else "",
                        hs_codes=tuple(sorted(hs)),
                        ics_codes=tuple(sorted({ics.of(self.ics) for _ in range(chance.randint(0, 3))})),
                    ),
                    notices=(),
                ),
                Classification(
                    areas=tuple(
                        AreaFound(
                            area=key,
                            grade=grade,
                            evidence=(Evidence(rule=key, field="title", quotes=(key,), grade=grade),),
                        )
                        for key, grade in found.items()
                    ),
                    ruleset_version=1,
                ),
            )
