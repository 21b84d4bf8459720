"""The world of the bot's tests: made once for each module, copied for a test that changes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tbtwatch.storage import open_storage
from tests.bot.world import a_copy, a_service
from tests.pipeline.service import SmallService


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallService]:
    """The world of `a_service`, for tests that only ask."""
    storage = open_storage(f"sqlite:///{tmp_path_factory.mktemp('bot') / 'tbtwatch.db'}")
    yield a_service(storage)
    storage.close()


@pytest.fixture
def own(service: SmallService, tmp_path: Path) -> Iterator[SmallService]:
    """The same, for a test that changes something."""
    copied = a_copy(service, tmp_path)
    yield copied
    copied.storage.close()
