"""An application with nothing that the framework would add."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig

#: It would carry addresses, and the links among them are secrets.
_UNTOLD: Final[TelemetryConfig] = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}


def bare_app(**how: Any) -> FastAPI:
    """It has no pages of the framework's and no telemetry. `how`: as the framework is told."""
    return FastAPI(openapi_url=None, docs_url=None, redoc_url=None, telemetry=_UNTOLD, **how)
