"""The application served, inside the service's own event loop. Nothing that is asked for stands in a log."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from tbtwatch.settings import SettingsError


class _Server(uvicorn.Server):
    """A server that leaves signals to the service."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None are captured."""
        yield


def listen(host: str, port: int) -> socket.socket:
    """The port, taken. Raises SettingsError with a sentence."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # With its protocol named: asyncio sends small answers at once by sockets alone that name it.
        listening = socket.socket(family, kind, protocol)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(128)
        except OSError:
            listening.close()
            raise
        return listening
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise SettingsError(
            f"port {port} at {host} cannot be used: {said}; correct TBTWATCH_WEB_PORT or TBTWATCH_WEB_HOST, or end "
            "what listens there"
        ) from error


async def serve(app: ASGIApp, listening: socket.socket, stop: asyncio.Event) -> None:
    """Answer until told to stop."""
    server = _Server(
        uvicorn.Config(
            app,
            access_log=False,  # a link is a secret
            log_config=None,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            ws="none",
            limit_concurrency=600,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=1,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        server.should_exit = True
        await serving
