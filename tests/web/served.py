"""The application behind a real server on loopback."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from fastapi import FastAPI

from tbtwatch.pipeline.alert import Desk
from tbtwatch.web.app import make_app
from tbtwatch.web.server import listen, serve
from tbtwatch.web.staff.means import Means
from tbtwatch.web.terms import Terms

PATIENCE = 60  #: seconds; a page is not timed here, and the machine may have much else to do


@contextmanager
def served(
    desk: Desk,
    terms: Terms = Terms(),
    means: Means | None = None,
    *,
    app: FastAPI | None = None,
    listening: socket.socket | None = None,
) -> Iterator[httpx.Client]:
    """A client of it, or of one that was made before. The server runs in a thread, as it has its own loop.

    `listening`: a port that was taken before, for a desk that has to know where it is reached.
    """
    listening = listening or listen("127.0.0.1", 0)
    host, port = listening.getsockname()
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    made = app or make_app(desk, terms=terms, means=means)
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(made, listening, stop),))
    thread.start()
    try:
        with httpx.Client(base_url=f"http://{host}:{port}", trust_env=False, timeout=PATIENCE) as client:
            yield client
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
