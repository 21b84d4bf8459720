"""Whatever is asked, the API answers as it describes itself: the requests are made up by schemathesis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import checks

from tbtwatch.storage import open_storage
from tbtwatch.web.api import described
from tests.web.api.asking import OFTEN, a_token, two_enterprises
from tests.web.served import served

SCHEMA = schemathesis.openapi.from_dict(described())
checks.load_all_checks()
#: Not that every request that fits the description is accepted: a market must be one, and a cursor one of ours.
HELD = [
    checks.CHECKS.get_one(name)
    for name in (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "unsupported_method",
        "ignored_auth",
    )
]
EXAMPLES = 25  # of each address


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A service with two enterprises: its address, and a token of one that is good for everything."""
    storage = open_storage(f"sqlite:///{tmp_path_factory.mktemp('any')}/tbtwatch.db")
    service = two_enterprises(storage)
    with served(service.desk, OFTEN) as client:
        yield f"{str(client.base_url).rstrip('/')}/api/v1", a_token(service)
    storage.close()


@SCHEMA.parametrize()
@settings(max_examples=EXAMPLES, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_api_answers_as_it_says(case: Any, home: tuple[str, str]) -> None:
    """No fault of ours, no status, header, type or shape that is not described; what does not fit is refused."""
    base, token = home
    case.call_and_validate(base_url=base, headers={"Authorization": f"Bearer {token}"}, checks=HELD)


@SCHEMA.parametrize()
@settings(max_examples=5, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_anybody_is_answered_as_it_says(case: Any, home: tuple[str, str]) -> None:
    """The same without a token."""
    case.call_and_validate(base_url=home[0], checks=HELD[:5])
