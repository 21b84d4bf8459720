"""Messages as files: for trying, for archives, and for people who collect them with tools of their own."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import json
import os
import re
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from notifiers.addresses import AddressError, check_folder
from notifiers.message import Message
from notifiers.outcome import Misconfigured, Outcome, Reason, Refused, Sent, TryAgain

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CLOSED_TO_US = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.ENOENT, errno.EISDIR, errno.EEXIST}
)
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+", re.ASCII)


class FileConfig(BaseModel):
    """Where the files go."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path  #: each recipient has a folder of its own inside


class FileNotifier:
    """Writes NAME.txt, the text, and NAME.json, the whole message. The same message overwrites itself."""

    name: ClassVar[str] = "file"
    Config: ClassVar[type[BaseModel]] = FileConfig

    def __init__(self, config: FileConfig) -> None:
        self._folder = config.folder

    async def send(self, message: Message) -> Outcome:
        """Write both files, the JSON last: where it is, the message is whole."""
        try:
            folder = self._folder / check_folder(message.recipient)
        except AddressError as error:
            return Refused(reason=Reason.RECIPIENT_UNKNOWN, detail=str(error))
        name = file_name(message)
        try:
            await asyncio.to_thread(_write_both, folder, name, message)
        except OSError as error:
            said = error.strerror or type(error).__name__
            if error.errno in _FULL:
                return TryAgain(reason=Reason.BUSY, detail=f"no room for {name} in {folder}: {said}")
            if error.errno in _CLOSED_TO_US:
                return Misconfigured(detail=f"cannot write in {folder}: {said}; make it a folder we may write in")
            return TryAgain(reason=Reason.UNREACHABLE, detail=f"writing {name} in {folder} failed: {said}")
        return Sent(reference=f"{message.recipient}/{name}.txt")

    async def close(self) -> None:
        """Nothing is kept open."""


def file_name(message: Message) -> str:
    """The name of a message's files without their ending: made from its id, else from its content."""
    given = message.message_id.strip().strip("<>")
    readable = _NOT_IN_NAMES.sub("_", given).strip("._")[:120]
    if given and readable == given:
        return readable
    content = given or "\0".join((message.recipient, message.subject, message.text))
    digest = hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:16]
    return f"{readable}-{digest}" if readable else digest


def _write_both(folder: Path, name: str, message: Message) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = f"{message.subject}\n\n{message.text}"
    dated = message.dated.isoformat() if message.dated else None
    fields = {**asdict(message), "headers": dict(message.headers), "dated": dated}
    as_json = json.dumps(fields, ensure_ascii=False, indent=1)
    _write(folder / f"{name}.txt", text)
    _write(folder / f"{name}.json", as_json + "\n")


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and on the disk before we say so."""
    descriptor, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8", "replace"))
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


NOTIFIER = FileNotifier
