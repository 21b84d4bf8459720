"""What holds for every channel that is found in its folder."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from notifiers.channels import KINDS, Notifier
from notifiers.message import Message
from notifiers.outcome import Misconfigured, Refused, Sent, TryAgain
from notifiers.render import render_alert, render_digest
from tbtwatch.demo.bot_api import BotApi
from tests.mailbox import Mailbox
from tests.notifiers.contents import alert, digest, message

#: A recipient that each channel reaches, and one that it cannot even try. A new channel adds its line.
RECIPIENTS = {"email": ("li@example.com", "nobody"), "telegram": ("7", "nobody"), "file": ("ningbo", "../x")}


@pytest.fixture(params=sorted(KINDS))
def channel(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def make(channel: str, tmp_path: Path) -> Iterator[Callable[[], Notifier]]:
    """Makes the channel's notifier, with a real other side."""
    with ExitStack() as stack:
        settings: dict[str, Any] = {}
        if channel == "email":
            mailbox = stack.enter_context(Mailbox())
            settings = {"host": mailbox.host, "port": mailbox.port, "tls": "none", "sender": "a@tbtwatch.example"}
        elif channel == "telegram":
            api = stack.enter_context(BotApi())
            settings = {"token": api.token, "base_url": api.base_url}
        elif channel == "file":
            settings = {"folder": tmp_path}
        kind = KINDS[channel]
        yield lambda: kind(kind.Config(**settings))


def test_the_channels_are_found_by_their_names() -> None:
    """A module, its name and its constant belong together."""
    assert set(KINDS) == {"email", "telegram", "file"} == set(RECIPIENTS)
    for name, kind in KINDS.items():
        assert inspect.getmodule(kind).__name__ == f"notifiers.channels.{name}"  # type: ignore[union-attr]


def test_a_channel_refuses_settings_it_does_not_know(channel: str) -> None:
    """A misspelled setting is an error, and settings do not change while the program runs."""
    config = KINDS[channel].Config
    assert issubclass(config, BaseModel)
    assert config.model_config.get("extra") == "forbid" and config.model_config.get("frozen") is True


def test_no_secret_is_shown_by_a_channels_settings(channel: str) -> None:
    """Secrets are of the kind that prints as stars."""
    for name, field in KINDS[channel].Config.model_fields.items():
        if any(word in name for word in ("token", "password", "secret", "key")):
            assert "SecretStr" in str(field.annotation)


async def test_a_channel_sends_alerts_and_digests(channel: str, make: Callable[[], Notifier]) -> None:
    """Rendered for it, in each language."""
    notifier = make()
    recipient = RECIPIENTS[channel][0]
    for language in ("zh", "en"):
        rendered: tuple[Message, ...] = (
            render_alert(alert(), channel=channel, language=language, recipient=recipient),
            render_digest(digest(), channel=channel, language=language, recipient=recipient),
        )
        for one in rendered:
            assert isinstance(await notifier.send(one), Sent)
    await notifier.close()


async def test_a_channel_answers_an_impossible_recipient_with_an_outcome(
    channel: str, make: Callable[[], Notifier]
) -> None:
    """Never with an exception: one bad row must not stop the others."""
    notifier = make()
    outcome = await notifier.send(message(recipient=RECIPIENTS[channel][1]))
    await notifier.close()
    assert isinstance(outcome, Refused) and outcome.detail and "\n" not in outcome.detail


async def test_a_channel_can_be_closed_at_any_time_and_used_again(channel: str, make: Callable[[], Notifier]) -> None:
    """Before anything was sent, twice, and between two messages."""
    notifier = make()
    await notifier.close()
    assert isinstance(await notifier.send(message(recipient=RECIPIENTS[channel][0])), Sent)
    await notifier.close()
    await notifier.close()
    outcome = await notifier.send(message(recipient=RECIPIENTS[channel][0]))
    await notifier.close()
    assert isinstance(outcome, Sent | TryAgain | Refused | Misconfigured) and isinstance(outcome, Sent)
