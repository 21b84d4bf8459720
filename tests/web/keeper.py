"""A town whose sources are described in files, so that its staff can switch them and set them up otherwise."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any

from tbtwatch.bootstrap import make_fetcher, make_one, make_sources
from tbtwatch.pipeline.sign_in_rules import SignInRules
from tbtwatch.pipeline.watched import Watched
from tbtwatch.pipeline.watchkeeping import Staff, keep_watch
from tbtwatch.settings import Settings
from tbtwatch.storage import Storage
from tbtwatch.web.staff.means import Means
from tests.pipeline.service import MARKETS, SmallService
from tests.web.office import Office
from tests.web.town import PAYLOADS

KETTLES = {
    **{"name": "kettles", "kind": "feed", "url": "http://127.0.0.1:1/kettles.xml?api_key=s3cret-k3y"},
    **{"issuer": "US-KETTLES", "title": f"Kettles {PAYLOADS[0]}", "robots": False, "market": "USA"},
}
IRONS = {
    **{"name": "irons", "kind": "feed", "url": "http://127.0.0.1:1/irons.xml", "issuer": "US-IRONS", "robots": False},
    **{"enabled": False, "why_off": "nobody has tried it"},
}


def keepers_office(storage: Storage, *entries: dict[str, Any]) -> Office:
    """With these entries in its files; by default two feeds, one of them off."""
    service = SmallService(storage)
    settings = Settings(database_url="sqlite:///x.db", mail_from="alerts@example.org", allow_addresses="127.0.0.1")
    described = list(entries) or [KETTLES, IRONS]
    watched = Watched(
        described,
        make_sources(settings, described, MARKETS),
        make=partial(make_one, settings, markets=MARKETS),
        storage=storage,
    )
    service.desk = replace(
        service.desk,
        sources=watched,
        sign_in=SignInRules(base="http://alerts.example.org"),
        public_url="http://alerts.example.org",
    )
    asyncio.run(keep_watch(desk=service.desk, staff=Staff()))
    means = Means(
        settings=settings,
        channels=frozenset(),
        fetcher=lambda: make_fetcher(settings, service.clock),
        watched=watched,
    )
    return Office(service, means)
