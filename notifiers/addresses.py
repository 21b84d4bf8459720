"""Recipients' addresses: what a subscriber may give, in the form it is stored and sent to."""

from __future__ import annotations

import re

from email_validator import EmailNotValidError, validate_email

_CHAT_ID = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_CHAT_NAME = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}", re.ASCII)
_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}", re.ASCII)
#: Names that Windows keeps for devices, whatever their ending.
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")


class AddressError(ValueError):
    """An address that cannot be written to; the sentence says why."""


def check_address(channel: str, target: str) -> str:
    """The address in the form to store, for the channel of this name.

    A channel of which nothing is known here takes any address that is one line. Raises `AddressError`.
    """
    if channel == "email":
        return check_mail(target)
    if channel == "telegram":
        return check_chat(target)
    if channel == "file":
        return check_folder(target)
    target = target.strip()
    if not target or len(target) > 1000 or not target.isprintable():
        raise AddressError(f"{_shown(target)} is not an address: give one line of readable characters")
    return target


def check_mail(text: str) -> str:
    """One mail address, its domain in the form that mail servers read ("xn--…").

    The domain is not looked up. Names under ".test" are taken, so that an installation can be tried without
    writing to anyone. Raises `AddressError`.
    """
    address = text.strip()
    try:
        checked = validate_email(address, check_deliverability=False, allow_smtputf8=True, test_environment=True)
    except EmailNotValidError as error:
        raise AddressError(f"{_shown(address)} is not a mail address: {error}") from error
    if not checked.local_part.isascii():
        raise AddressError(
            f"{_shown(address)} cannot be reached by every mail server: "
            "the part before the @ must be plain letters, digits and signs"
        )
    # Domains do not tell capitals apart, local parts may: the validator lowers the domain only.
    return f"{checked.local_part}@{checked.ascii_domain}"


def check_chat(text: str) -> str:
    """A Telegram chat: its number, negative for groups, or a public @name. Raises `AddressError`."""
    chat = text.strip()
    if _CHAT_ID.fullmatch(chat) and int(chat) != 0:
        return str(int(chat))
    if _CHAT_NAME.fullmatch(chat):
        return chat
    raise AddressError(f"{_shown(chat)} is not a Telegram chat: give its number, such as 123456789, or a public @name")


def check_folder(text: str) -> str:
    """The name of a folder inside the file channel's folder, never a path. Raises `AddressError`."""
    folder = text.strip()
    if not _FOLDER.fullmatch(folder) or folder.endswith(".") or _DEVICES.fullmatch(folder):
        raise AddressError(
            f"{_shown(folder)} is not a folder name: use up to 100 plain letters, digits and . _ @ + - "
            "that begin with a letter or digit"
        )
    return folder


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:79] + "…")
