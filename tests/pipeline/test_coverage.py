"""The last line of a message: it counts the sources that may concern its reader, and no others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from subscriptions.criteria import Criteria, Frequency, Subscription
from tbtwatch.pipeline.coverage import Lookout
from tbtwatch.pipeline.digest import run_now
from tbtwatch.storage import Storage
from tests.fakes import ListedSource
from tests.pipeline.test_gaps import is_gap, subscribes
from tests.pipeline.watched import KEEPER, Watched, watched

SOURCES = {"wto": None, "kats": "KOR", "cpsc": "USA", "scc": "CAN", "accc": "AUS", "eec": "EAEU", "eu": "EU"}


def lookout(service: Watched) -> Lookout:
    """The sources of this test, none of which was ever read."""
    sources = [ListedSource(name, title=name, market=market) for name, market in SOURCES.items()]
    names = service.desk.names
    with service.storage.look() as tx:
        return Lookout(sources, tx, now=service.clock(), zone=names.zone, markets=names.markets)


def asks(service: Watched, *markets: str) -> Subscription:
    return subscribes(service, "-".join(markets).lower() or "all", *markets, criteria=_criteria(*markets))


def _criteria(*markets: str) -> Criteria:
    return Criteria(markets=frozenset(markets), hs=frozenset({"22"}))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("markets", "sources"),
    [
        (("CHN", "KOR", "USA"), {"wto", "kats", "cpsc"}),
        (("KEN",), {"wto"}),
        (("FRA",), {"wto", "eu"}),
        (("RUS",), {"wto", "eec"}),
        (("EU",), {"wto", "eu"}),
        ((), set(SOURCES)),
    ],
)
def test_only_sources_of_the_reader_s_markets_count(
    sqlite: Storage, language: str, markets: tuple[str, ...], sources: set[str]
) -> None:
    """The WTO's speaks for all, a union's for its members; Canada's is no gap of who asks for Korea."""
    service = watched(sqlite)
    line = lookout(service).line(language, [asks(service, *markets)])
    assert (line.sources, line.elsewhere) == (len(sources), len(SOURCES) - len(sources))
    assert len(line.gaps) == len(sources)
    assert all(any(name in gap for gap in line.gaps) for name in sources)


def test_the_subscriptions_of_a_reader_count_together(sqlite: Storage) -> None:
    """Who asks for Korea here and for Canada there follows both; who asks for every market once, all."""
    service = watched(sqlite)
    korea, canada, all_ = asks(service, "KOR"), asks(service, "CAN"), asks(service)
    seen = lookout(service)
    assert seen.line("en", [korea, canada]).sources == 3
    assert seen.line("en", [korea, all_]).sources == len(SOURCES)
    assert seen.line("en").sources == len(SOURCES)


def test_readers_of_the_same_markets_cost_one_reckoning(sqlite: Storage) -> None:
    """Ten thousand readers are not ten thousand computations."""
    service = watched(sqlite)
    seen = lookout(service)
    first, second = asks(service, "KOR", "USA"), asks(service, "USA", "KOR")
    assert seen.line("en", [first]) is seen.line("en", [second])
    assert seen.line("en-GB", [first]) is seen.line("en", [second])


@pytest.mark.parametrize(
    ("language", "all_read", "one_gap"),
    [
        ("en", "your 1 source checked", "your 1 source, "),
        ("zh", "您关注的 1 个来源均已检查", "您关注的来源 1 个"),
    ],
)
def test_alert_digest_and_gap_say_the_reader_s_own(sqlite: Storage, language: str, all_read: str, one_gap: str) -> None:
    """A Saudi reader is told of the Saudi source, in an alert, a digest and a notice of a gap."""
    service = watched(sqlite)
    other = ListedSource("scc", title="Standards Council of Canada", market="CAN", every_minutes=60)
    service.desk = replace(service.desk, sources=[*service.desk.sources, other])
    subscribes(service, "now", "SAU", language=language)
    subscribes(service, "weekly", "SAU", language=language, frequency=Frequency.WEEKLY)
    service.well(new=1)
    service.hours(26, "unreached")
    service.well(new=1)
    run_now(Frequency.WEEKLY, desk=service.desk)
    service.deliver()
    told = [message for message in service.sent if message.recipient != KEEPER.target]
    assert {message.stream for message in told} == {"alerts", "digests", "gaps"}
    assert all("Canada" not in message.text for message in told)
    assert all(one_gap in message.text or all_read in message.text for message in told)
    assert any(is_gap(message) and one_gap in message.text for message in told)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "none of the sources in use speaks for your markets"), ("zh", "在用来源均不涉及您关注的市场")],
)
def test_where_no_source_speaks_for_the_reader_the_line_says_so(sqlite: Storage, language: str, said: str) -> None:
    """Not "no source has been checked yet"."""
    service = watched(sqlite)
    subscribes(service, "kenya", "KEN", language=language)
    notice = replace(service.a_new_notice(), notifying_members=("KEN",), distribution_date=service.clock().date())
    service.poll([*service.known, notice])
    service.deliver()
    (message,) = service.sent
    assert said in message.text
