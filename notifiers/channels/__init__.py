"""The channels: each module here defines `NOTIFIER`, found by that name. A new channel is one new file.

`NOTIFIER(NOTIFIER.Config(...))` has `async send(message) -> Outcome` and `async close()`. It never retries by itself
and never raises for what the other side or the network does.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Protocol

from pydantic import BaseModel

from notifiers.message import Message
from notifiers.outcome import Outcome


class Notifier(Protocol):
    """One way to reach people."""

    name: ClassVar[str]  #: as in `subscriptions.criteria.Address.channel`
    Config: ClassVar[type[BaseModel]]

    def __init__(self, config: Any) -> None: ...

    async def send(self, message: Message) -> Outcome:
        """Try once to hand the message over."""

    async def close(self) -> None:
        """Let go of connections. The notifier may be used again afterwards."""


class ChannelError(Exception):
    """A module of this folder is no channel; the program does not start."""


def _collect() -> Mapping[str, type[Notifier]]:
    found: dict[str, type[Notifier]] = {}
    for module_name in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        if module_name.startswith("_"):
            continue
        module = importlib.import_module(f"{__name__}.{module_name}")
        notifier = getattr(module, "NOTIFIER", None)
        if notifier is None:
            raise ChannelError(f"notifiers/channels/{module_name}.py defines no NOTIFIER: name its class so")
        if notifier.name in found:
            raise ChannelError(f"two channels are named {notifier.name!r}: rename the one in {module_name}.py")
        found[notifier.name] = notifier
    return MappingProxyType(found)


#: Channel's name → its class.
KINDS: Mapping[str, type[Notifier]] = _collect()
