"""The page behind the link of a burst."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tbtwatch.storage import Storage
from tests.pipeline.test_bursts import CHAT, busy, deliver, measures
from tests.web.served import served


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_link_of_a_burst_shows_each_in_full_for_a_while(storage: Storage, language: str) -> None:
    """Every piece of news as it would have been told by itself; a changed link, or one too old, shows nothing."""
    service = busy(storage)
    service.budget = 1
    service.seeded()
    service.desk = replace(service.desk, public_url="https://alerts.example.org")
    service.subscribe(addresses=(CHAT,), language=language)
    service.poll(measures(2001, 2004))
    deliver(service)
    (burst,) = service.notifier.sent
    found = re.search(r"https://alerts\.example\.org(/l/[0-9]+-[a-z2-7]{32})", burst.text)
    assert found is not None
    with served(service.desk) as client:
        page = client.get(found[1])
        assert page.status_code == 200
        assert page.headers["cache-control"] == "no-store" and "noindex" in page.headers["x-robots-tag"]
        assert all(f"Drinks number {number}" in page.text for number in range(2001, 2005))
        assert CHAT.target not in page.text and burst.subject in page.text
        assert client.post(found[1]).status_code == 405
        other = found[1][:-1] + ("a" if found[1][-1] != "a" else "b")
        assert client.get(other).status_code == client.get("/l/x").status_code == 404
        assert client.get(found[1].replace("/l/", "/l/9")).status_code == 404
        service.clock.turn(seconds=timedelta(days=31).total_seconds())
        assert client.get(found[1]).status_code == 404


def test_what_publishers_wrote_arrives_as_text(storage: Storage) -> None:
    """Markup in a title is shown, not obeyed."""
    service = busy(storage)
    service.budget = 1
    service.seeded()
    service.desk = replace(service.desk, public_url="https://alerts.example.org")
    service.subscribe()
    service.poll([replace(one, title="Drinks <script>alert(1)</script>") for one in measures(2001, 2003)])
    deliver(service)
    link = re.search(r"https://alerts\.example\.org(/l/\S+)", service.notifier.sent[0].text)
    assert link is not None
    with served(service.desk) as client:
        text = client.get(link[1]).text
    assert "<script>" not in text and "&lt;script&gt;" in text
