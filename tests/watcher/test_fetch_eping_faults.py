"""The fetcher against the stand-in for the WTO's interfaces, where that tool stands beside the project."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from watcher.fetch import Fetcher, FetchError, Reason
from watcher.source import Request

TOOL = Path(__file__).parents[2].parent / "shared" / "tools" / "eping_server.py"
ROW = {
    "symbol": "G/TBT/N/KEN/1514",
    "title": "Jelly drinks",
    "distribution_date": "2026-01-09",
    "comment_deadline": "2026-03-10",
}


@pytest.fixture(scope="module")
def eping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its base address."""
    if not TOOL.exists():
        pytest.skip("the stand-in for the WTO's interfaces, shared/tools/eping_server.py, is not beside the project")
    rows = tmp_path_factory.mktemp("eping") / "rows.jsonl"
    rows.write_text(json.dumps(ROW) + "\n", encoding="utf-8")
    command = [sys.executable, "-u", str(TOOL), "--rows", str(rows), "--port", "0", "--key", "s3cret"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().rpartition(" on ")[2].strip()
        finally:
            server.terminate()


def _fault(eping: str, name: str) -> None:
    told = urllib.request.Request(f"{eping}/_control", data=json.dumps({"fault": name}).encode())
    urllib.request.urlopen(told, timeout=5).close()


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("429", Reason.RATE_LIMITED),
        ("429-bare", Reason.RATE_LIMITED),
        ("500", Reason.UNAVAILABLE),
        ("503", Reason.UNAVAILABLE),
        ("slow", Reason.TIMED_OUT),
        ("drip", Reason.TIMED_OUT),
        ("bomb", Reason.TOO_LARGE),
        ("redirect-private", Reason.REFUSED_ADDRESS),
        ("html", b"<h1>Service unavailable</h1>"),
        ("truncated", b'"totalCount": 1'),
        ("empty", b'"items": []'),
    ],
)
async def test_each_fault_ends_as_an_error_or_as_what_was_sent(
    eping: str, fetcher: Fetcher, fault: str, expected: Reason | bytes
) -> None:
    """What looks like a good answer to HTTP is handed to the source; the next request goes well again."""
    search = Request(
        url=f"{eping}/eping/notifications/search?language=1",
        headers={"Ocp-Apim-Subscription-Key": "s3cret"},
        deadline_seconds=0.4 if expected == Reason.TIMED_OUT else 20,
    )
    _fault(eping, fault)
    if isinstance(expected, Reason):
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(search)
        assert caught.value.reason == expected
        assert (caught.value.retry_after is not None) == (fault in ("429", "503"))
    else:
        assert expected in (await fetcher.fetch(search)).body
    items = json.loads((await fetcher.fetch(search)).body)["items"]
    assert [item["documentSymbol"] for item in items] == [" G/TBT/N/KEN/1514"]
