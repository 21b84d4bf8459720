"""Publishers that mean harm, or have had an accident: bounded in memory and time, said, and nobody else is held up."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.hostile.guarded import ADDRESSES, HOSTS, PUBLIC, WAYS, attempt, attempt_address
from tests.journeys.hostile.meeting import HURRY, meet
from tests.journeys.hostile.publishers import SECRET, Attack
from tests.journeys.hostile.reading import LIMITS

MOST = 100_000_000  # octets of memory, in the service and in the process that reads
#: Seconds: the part of a minute that a request may take, and what reading may take.
LONGEST = 60.0 / HURRY + LIMITS.seconds

Met = list[tuple[Attack, dict[str, Any]]]


def of_all(test: Any) -> Any:
    """A test of what all of them cost: they are met once, in one worker, and it takes some fifteen seconds."""
    return pytest.mark.slow(pytest.mark.xdist_group("hostile publishers")(test))


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Met:
    """All of them, one after the other, through the real fetcher and the real readers."""
    if sys.platform != "linux":
        pytest.skip("memory of processes is measured on Linux only")
    return list(meet(tmp_path_factory.mktemp("hostile")))


def told(met: Met, wrong: Any) -> list[str]:
    """Those of which something is wrong."""
    return [f"{attack.name}: {cost}" for attack, cost in met if wrong(attack, cost)]


@of_all
def test_memory_is_bounded(met: Met) -> None:
    """Less than 100 MB above what the service, and a child that reads, have anyway."""
    assert told(met, lambda _, cost: cost["parent"] > MOST or cost["children"] > MOST) == []


@of_all
def test_time_is_bounded(met: Met) -> None:
    """A fetch and a reading end by themselves or are ended."""
    assert told(met, lambda _, cost: cost["seconds"] > LONGEST) == []


@of_all
def test_the_source_says_what_is_wrong(met: Met) -> None:
    """A sentence where nothing can be read; notices where the document is only odd."""
    assert told(met, lambda attack, cost: bool(cost["says"]) != bool(attack.says)) == []
    assert told(met, lambda attack, cost: not re.search(attack.says, cost["says"])) == []
    assert told(met, lambda attack, cost: cost["notices"] != attack.notices) == []
    assert told(met, lambda attack, cost: attack.title and cost["titles"][0] != attack.title) == []


@of_all
def test_nothing_of_this_machine_is_in_a_notice(met: Met) -> None:
    """Neither the file that a document names nor what stands at an address inside comes in; nobody asked for it."""
    assert told(met, lambda _, cost: SECRET in str(cost["titles"])) == []
    assert told(met, lambda _, cost: any(len(title) > 1_000 for title in cost["titles"])) == []


@of_all
def test_the_others_go_on(met: Met) -> None:
    """Another source of the same service is fetched and read meanwhile, whole and at once."""
    assert told(met, lambda _, cost: cost["healthy_notices"] != 20 or cost["healthy"] > 5) == []


@pytest.mark.parametrize("way", WAYS)
async def test_no_way_leads_inside(way: str) -> None:
    """Whatever address it is, and however a publisher leads to it, nothing is connected to but what is public."""
    for host in HOSTS:
        found = await attempt(*host, way)
        assert found.refusal, found
        assert not found.astray, found
        expected = () if way in ("asked for", "by rebinding") else ((PUBLIC, 80),)
        assert found.connected == expected, found


@pytest.mark.parametrize("way", WAYS[:2])
async def test_no_other_protocol_or_port_is_spoken(way: str) -> None:
    """Files, other protocols, ports that are not the web's: not asked for, not followed to."""
    for address in ADDRESSES:
        found = await attempt_address(*address, way)
        assert found.refusal, found
        assert not found.astray, found


def test_the_file_that_is_not_read_can_be_read(tmp_path: Path) -> None:
    """The file of the attacks is there and holds a feed: it is not for its absence that it is not read."""
    (attack, _), *_ = meet(tmp_path, only="a path")
    assert attack.reply.body.decode() == str(tmp_path / "secret.xml")
    assert SECRET in (tmp_path / "secret.xml").read_text(encoding="utf-8")
