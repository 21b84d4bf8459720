"""tbtwatch web: the pages alone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tbtwatch.storage import open_storage
from tests.web.town import BATTERY, a_town


def test_the_pages_are_shown_as_they_are_on_a_day(tmp_path: Path) -> None:
    """Nothing is polled; a day that is over shows what was open then; the end is prompt."""
    url = f"sqlite:///{tmp_path / 'town.db'}"
    storage = open_storage(url)
    a_town(storage)
    storage.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "TBTWATCH_DATABASE_URL": url}
    command = [
        sys.executable,
        "-c",
        "from tbtwatch.cli import main; main()",
        "web",
        "--port",
        str(port),
        "--as-of",
        "2026-03-02",
    ]
    with subprocess.Popen(command, env=environment, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as serving:
        try:
            page = _page(f"http://127.0.0.1:{port}/en/m/{BATTERY}", serving)
        finally:
            serving.send_signal(signal.SIGTERM)
        said = serving.communicate(timeout=30)[1]
    assert "As of 2 March 12:00" in page and "Send your comments" in page
    assert f"http://127.0.0.1:{port}/" in said and "polled" not in said
    assert serving.returncode == 0


def _page(address: str, serving: subprocess.Popen[str]) -> str:
    ends = time.monotonic() + 90
    while serving.poll() is None and time.monotonic() < ends:
        try:
            return httpx.get(address, timeout=60, trust_env=False).text
        except httpx.ConnectError:
            time.sleep(0.1)
    raise AssertionError("it did not answer")
