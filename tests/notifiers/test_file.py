"""Messages as files: whole or not there, once for each message."""

from __future__ import annotations

import errno
import json
import os
import resource
from pathlib import Path

import pytest

from notifiers.channels.file import FileConfig, FileNotifier, file_name
from notifiers.outcome import Misconfigured, Reason, Refused, Sent, TryAgain
from tests.notifiers.contents import message


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def test_a_message_is_its_text_and_the_whole_of_it(tmp_path: Path) -> None:
    """In the recipient's own folder, named by the message's id."""
    one = message(recipient="ningbo", text="肯尼亚 · 新措施\n", headers={"List-Id": "x"})
    outcome = await FileNotifier(FileConfig(folder=tmp_path)).send(one)
    assert outcome == Sent(reference="ningbo/17.a1b2c3d4_tbtwatch.example-" + outcome_digest(outcome) + ".txt")
    text, whole = (path for path in reversed(files(tmp_path)))
    assert (tmp_path / text).read_text() == one.subject + "\n\n" + one.text
    stored = json.loads((tmp_path / whole).read_text())
    assert (stored["subject"], stored["text"], stored["headers"]) == (one.subject, one.text, {"List-Id": "x"})


def outcome_digest(outcome: object) -> str:
    assert isinstance(outcome, Sent)
    return outcome.reference.rpartition("-")[2].removesuffix(".txt")


async def test_the_same_message_is_written_once(tmp_path: Path) -> None:
    """Sent again after a crash it replaces itself; another message does not."""
    notifier = FileNotifier(FileConfig(folder=tmp_path))
    for message_id in ("<1@x.example>", "<1@x.example>", "<2@x.example>", "", ""):
        assert isinstance(await notifier.send(message(recipient="ningbo", message_id=message_id)), Sent)
    assert len(files(tmp_path)) == 6


@pytest.mark.parametrize(
    "one", ["<../../x@y>", "<a/b@c>", "<a\\b@c>", "<.hidden@x>", "<" + "長" * 300 + "@x>", "<a\n@x>"]
)
def test_no_id_can_leave_the_folder(one: str) -> None:
    """Nor hide, nor be too long for a file system; and two ids never share a name."""
    name = file_name(message(message_id=one))
    assert "/" not in name and "\\" not in name and not name.startswith(".") and len(name.encode()) < 200
    assert name != file_name(message(message_id=one.replace("@", "_")))


async def test_a_recipient_that_is_a_path_is_refused(tmp_path: Path) -> None:
    """Nothing is written outside the folder."""
    outcome = await FileNotifier(FileConfig(folder=tmp_path / "in")).send(message(recipient="../out"))
    assert isinstance(outcome, Refused) and outcome.reason is Reason.RECIPIENT_UNKNOWN
    assert files(tmp_path) == []


async def test_a_full_disk_is_not_now_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    """Shown with the system's own limit on the size of files."""
    notifier = FileNotifier(FileConfig(folder=tmp_path))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        outcome = await notifier.send(message(recipient="ningbo", text="x" * 100_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert isinstance(outcome, TryAgain) and outcome.reason is Reason.BUSY and "no room" in outcome.detail
    assert files(tmp_path) == []
    assert isinstance(await notifier.send(message(recipient="ningbo", text="x" * 100_000)), Sent)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (errno.ENOSPC, TryAgain),
        (errno.EDQUOT, TryAgain),
        (errno.EIO, TryAgain),
        (errno.EROFS, Misconfigured),
        (errno.EACCES, Misconfigured),
    ],
)
async def test_each_fault_of_a_disk_has_its_outcome(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, kind: type[TryAgain] | type[Misconfigured]
) -> None:
    """Full or broken is not now; closed to us is for the operator."""

    def fails(_descriptor: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fails)
    assert type(await FileNotifier(FileConfig(folder=tmp_path)).send(message(recipient="ningbo"))) is kind
    assert files(tmp_path) == []


async def test_a_folder_that_is_a_file_is_our_fault(tmp_path: Path) -> None:
    """The operator named the wrong thing."""
    (tmp_path / "mail").write_text("")
    outcome = await FileNotifier(FileConfig(folder=tmp_path / "mail")).send(message(recipient="ningbo"))
    assert isinstance(outcome, Misconfigured) and "make it a folder" in outcome.detail
