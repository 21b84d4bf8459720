"""Subscriptions and measures as JSON records, drawn from a seed: the workload on which engines are compared.

    .venv/bin/python benchmarks/matching/records.py --subs 100000 --measures 1000 --seed 1 --out DIRECTORY

writes `subs.jsonl`, `measures.jsonl` and `lexicon.json`. Few markets, chapters and words are asked for by very many
(Zipf); a fifth of the subscriptions have keywords, two in five of them phrases and one in twenty Chinese; a tenth have
an exclusion, a seventh objectives, two in five a least severity. About three in a thousand fit a measure, if all of
this holds, and `BruteForce` reads it off:

- markets: null, or the measure's is among them;
- hs, ics: none of either, or a prefix of one of the measure's codes is among them (HS 2, 4, 6 digits; ICS NN, NN.NNN,
  NN.NNN.NN). HS 57 and ICS 57 are different things;
- kw: none, or one of them occurs in the text; not_kw: none of them occurs. A word is a run of a-z and 0-9 or one
  Chinese character; a keyword occurs where its words stand in turn, whatever signs are between them;
- objectives: none, or one is the measure's; min_severity: not above the measure's severity.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

Record = Mapping[str, Any]

OBJECTIVES = ("health", "safety", "environment", "deceptive", "consumer", "quality", "harmonization", "security")
_TOKEN = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")
_APART = {code: " " for code in range(128) if not chr(code).isalnum()}
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HAN = (
    "食品添加剂化妆品医疗器械玩具电子电气产品安全标准技术法规农药残留限量乳制品婴幼儿配方奶粉肉类水产进口检验检疫标签包装有害物质"
    "能效汽车轮胎锂电池充电无线设备纺织服装皮革家具木材钢铁水泥玻璃陶瓷机械阀门锅炉照明灯具空调冰箱饮用水葡萄酒茶叶饲料种子肥料"
)
_SYLLABLES = [consonant + vowel for consonant in "bcdfghjklmnprstvwz" for vowel in "aeiou"]


def tokens(text: str) -> list[str]:
    """The words of a text, and its Chinese characters; for all sides, so it is not to cost what is compared."""
    text = text.lower()
    if text.isascii():
        return text.translate(_APART).split()
    found: list[str] = []
    for between in text.split():
        if between.isascii() and between.isalnum():
            found.append(between)
        else:
            found += _TOKEN.findall(between)
    return found


def spaced(text: str) -> str:
    """The words of a text with one blank before and after each."""
    return f" {' '.join(tokens(text))} "


def product_keys(record: Record) -> list[str]:
    """All prefixes of a measure's codes; those of ICS are marked."""
    hs = {code[:length] for code in record["hs"] for length in (2, 4, 6)}
    return sorted(hs) + sorted({f"i{code[:length]}" for code in record["ics"] for length in (2, 6, 9)})


def asked_products(record: Record) -> list[str]:
    """The codes a subscription asks for, likewise."""
    return [*record["hs"], *(f"i{code}" for code in record["ics"])]


class BruteForce:
    """The plain reading of every subscription: what all engines must find."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._asked = [
            (one, set(asked_products(one)), [*map(spaced, one["kw"])], [*map(spaced, one["not_kw"])]) for one in records
        ]

    def find(self, measure: Record) -> list[int]:
        """The ids of those whom a measure fits."""
        keys, text = set(product_keys(measure)), spaced(measure["text"])
        return [
            one["id"]
            for one, products, words, excluded in self._asked
            if one["min_severity"] <= measure["severity"]
            and (one["markets"] is None or measure["market"] in one["markets"])
            and (not products or products & keys)
            and (not one["objectives"] or set(one["objectives"]) & set(measure["objectives"]))
            and (not words or any(word in text for word in words))
            and not any(word in text for word in excluded)
        ]


class Drawn:
    """The codes and words of a seed, and what is drawn from them."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        chance = random.Random(f"records {seed}")
        self.markets = [first + second for first in _LETTERS for second in "AEINORU"][:166]
        chance.shuffle(self.markets)
        self.chapters = [f"{number:02d}" for number in range(1, 98) if number != 77]
        chance.shuffle(self.chapters)
        self.by_chapter = {
            chapter: [f"{chapter}{number:02d}" for number in sorted(chance.sample(range(1, 30), chance.randint(6, 20)))]
            for chapter in self.chapters
        }
        self.by_heading = {
            heading: [f"{heading}{number:02d}" for number in sorted(chance.sample(range(10, 99), chance.randint(2, 7)))]
            for headings in self.by_chapter.values()
            for heading in headings
        }
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
        self.single = chance.sample(self.words[150:12_000], 5_000)
        several = self.words[100:8_000]
        self.phrases = [" ".join(chance.choices(several, k=chance.choice((2, 2, 2, 3)))) for _ in range(3_000)]
        self.chinese = sorted({HAN[at : at + chance.randint(2, 6)] for at in range(len(HAN) - 6) for _ in range(6)})
        chance.shuffle(self.chinese)

    def _begin(self, what: str) -> None:
        self._chance = random.Random(f"{what} {self._seed}")
        self._weights: dict[tuple[int, float], list[float]] = {}

    def _one(self, among: Sequence[str], skew: float) -> str:
        weights = self._weights.setdefault((len(among), skew), [])
        if not weights:
            weights += accumulate(rank**-skew for rank in range(1, len(among) + 1))
        return among[bisect(weights, self._chance.random() * weights[-1])]

    def _heading(self) -> str:
        headings = self.by_chapter[self._one(self.chapters, 0.6)]
        return headings[min(int(self._chance.expovariate(1) * len(headings) / 3), len(headings) - 1)]

    def _code(self) -> str:
        codes = self.by_heading[self._heading()]
        return codes[min(int(self._chance.expovariate(1) * len(codes) / 2), len(codes) - 1)]

    def _keyword(self) -> str:
        sort = self._chance.random()
        return self._one(self.chinese if sort < 0.05 else self.phrases if sort < 0.40 else self.single, 0.7)

    def subscriptions(self, count: int) -> Iterator[Record]:
        """So many subscriptions, ids from 0."""
        self._begin("subscriptions")
        chance = self._chance
        for number in range(count):
            markets = None
            if chance.random() >= 0.08:
                markets = sorted({self._one(self.markets, 0.9) for _ in range(chance.randint(1, 5))})
            sort, hs, ics = chance.random(), set[str](), set[str]()
            if sort < 0.97:
                for _ in range(chance.randint(1, 4)):
                    width = chance.random()
                    hs.add(
                        self._one(self.chapters, 0.6)
                        if width < 0.15
                        else self._heading()
                        if width < 0.55
                        else self._code()
                    )
            if sort < 0.12 or 0.97 <= sort < 0.985:
                ics = {self._one(self.ics, 0.6)[: chance.choice((2, 6, 6, 9))] for _ in range(chance.randint(1, 2))}
            words: set[str] = set()
            if sort >= 0.985 or chance.random() < 0.20:
                words = {self._keyword() for _ in range(chance.randint(1, 3))}
            excluded = {self._keyword()} - words if chance.random() < 0.10 else set()
            objectives = chance.sample(OBJECTIVES, chance.randint(1, 3)) if chance.random() < 0.15 else []
            yield {
                "id": number,
                "markets": markets,
                "hs": sorted(hs),
                "ics": sorted(ics),
                "kw": sorted(words),
                "not_kw": sorted(excluded),
                "objectives": sorted(objectives),
                "min_severity": chance.choices((0, 1, 2, 3), (60, 20, 15, 5))[0],
            }

    def measures(self, count: int) -> Iterator[Record]:
        """So many measures, ids from 0."""
        self._begin("measures")
        chance = self._chance
        for number in range(count):
            hs: set[str] = set()
            market = self._one(self.markets, 0.9)
            if chance.random() < 0.85:
                base = self._heading()
                for _ in range(chance.randint(1, 6)):
                    near, other = chance.random() < 0.6, chance.random() < 0.3
                    hs.add(chance.choice(self.by_heading[base]) if near else self._heading() if other else self._code())
            ics = {self._one(self.ics, 0.6) for _ in range(chance.randint(0, 3))}
            parts, left = list[str](), chance.randint(80, 300)
            while left > 0:
                sort = chance.random()
                among, skew = (self.phrases, 0.7) if sort < 0.012 else (self.single, 0.7)
                parts.append(self._one(among, skew) if sort < 0.024 else self._one(self.words, 1.0))
                left -= parts[-1].count(" ") + 1
            text = " ".join(part + ("." if chance.random() < 0.06 else "") for part in parts)
            if chance.random() < 0.10:
                text += " " + "，".join(self._one(self.chinese, 0.7) for _ in range(chance.randint(4, 14)))
            yield {
                "id": number,
                "market": market,
                "hs": sorted(hs),
                "ics": sorted(ics),
                "text": text,
                "objectives": sorted(chance.sample(OBJECTIVES, chance.randint(1, 2))),
                "severity": chance.choices((0, 1, 2, 3), (15, 40, 30, 15))[0],
            }

    def lexicon(self) -> dict[str, list[str]]:
        """All keywords there are."""
        return {"single": self.single, "phrase": self.phrases, "zh": self.chinese}


def write(folder: Path, *, subs: int, measures: int, seed: int) -> None:
    """The three files of a workload."""
    drawn = Drawn(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for name, several in (("subs", drawn.subscriptions(subs)), ("measures", drawn.measures(measures))):
        with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            for record in several:
                file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
    (folder / "lexicon.json").write_text(json.dumps(drawn.lexicon(), ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description="A workload as JSON records.")
    options.add_argument("--subs", type=int, default=10_000)
    options.add_argument("--measures", type=int, default=1_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--out", type=Path, required=True)
    wanted = options.parse_args()
    write(wanted.out, subs=wanted.subs, measures=wanted.measures, seed=wanted.seed)
