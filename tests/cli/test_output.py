"""What commands print stands there as it is, whatever it reminds the terminal's library of."""

from __future__ import annotations

import pytest

from tbtwatch.cli.output import note, say, show_table

TEXT = "Alert file:b: [bold]taken[/bold] :smile: [link=https://example.org]x[/link]"


def test_text_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    """No colours, no links, no pictures: "file:b:" is a channel and a folder."""
    say(TEXT)
    note(TEXT)
    show_table(["what"], [[TEXT]])
    said = capsys.readouterr()
    assert said.out == f"{TEXT}\nwhat{' ' * (len(TEXT) - 4)}\n{TEXT}\n"
    assert said.err == f"{TEXT}\n"
