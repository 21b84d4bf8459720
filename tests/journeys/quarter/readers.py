"""Who reads: their questions, and who of them is concerned by a document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from subscriptions.criteria import Address, Criteria, Frequency
from tbtwatch.bootstrap import App
from tbtwatch.pipeline.subscribe import start
from tests.journeys.quarter.papers import Paper

STAFF = "keepers@example.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One subscription at an address of its own."""

    address: str
    criteria: Criteria
    frequency: Frequency
    language: str
    wants: Callable[[Paper], bool]

    @property
    def at_once(self) -> bool:
        """Whether it is told at once."""
        return self.frequency is Frequency.IMMEDIATE

    def touched_by(self, market: str) -> bool:
        """Whether a gap of a source of this market concerns it."""
        return not self.criteria.markets or market in self.criteria.markets


def _of(**asked: frozenset[str]) -> Criteria:
    return Criteria(**asked)  # type: ignore[arg-type]


def the_readers(markets: frozenset[str]) -> tuple[Reader, ...]:
    """Everybody who subscribes on the first day. Two of them ask for all there is."""
    america = frozenset({"USA", "CAN", "MEX"})
    asia = frozenset({"JPN", "KOR", "CHN", "HKG"})
    immediate, daily, weekly = Frequency.IMMEDIATE, Frequency.DAILY, Frequency.WEEKLY

    def of(paper: Paper, *products: str) -> bool:
        return paper.product in products

    return (
        _reader("all", _of(markets=markets), immediate, "en", lambda paper: True),
        _reader("everything", _of(markets=markets), daily, "zh", lambda paper: True),
        _reader("america", _of(markets=america), immediate, "zh", lambda paper: paper.market in america),
        _reader("asia", _of(markets=asia), weekly, "en", lambda paper: paper.market in asia),
        _reader("toys", _of(keywords=frozenset({"toys", "玩具"})), immediate, "zh", lambda one: of(one, "toys")),
        _reader("battery", _of(keywords=frozenset({"battery"})), weekly, "zh", lambda one: of(one, "battery")),
        _reader(
            "america-steel",
            _of(markets=america, keywords=frozenset({"steel"})),
            daily,
            "en",
            lambda one: of(one, "steel") and one.market in america,
        ),
        # No publisher states a code: this one is inferred from the titles.
        _reader("hs", _of(hs=frozenset({"9503"})), immediate, "en", lambda one: of(one, "toys")),
    )


def _reader(
    name: str, criteria: Criteria, frequency: Frequency, language: str, wants: Callable[[Paper], bool]
) -> Reader:
    return Reader(address=f"{name}@example.com", criteria=criteria, frequency=frequency, language=language, wants=wants)


def subscribe(readers: tuple[Reader, ...], app: App) -> None:
    """All of them begin."""
    for reader in readers:
        start(
            enterprise=reader.address,
            name=reader.address.partition("@")[0],
            criteria=reader.criteria,
            frequency=reader.frequency,
            language=reader.language,
            addresses=(Address(channel="email", target=reader.address),),
            desk=app.desk,
        )
