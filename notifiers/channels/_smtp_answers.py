"""What an SMTP server's answers mean for a delivery."""

from __future__ import annotations

import re
import ssl
from enum import IntEnum
from typing import TypeVar

import aiosmtplib

from notifiers.outcome import Misconfigured, Outcome, Reason, Refused, TryAgain
from watcher.text import one_line

_Error = TypeVar("_Error", bound=BaseException)


class Stage(IntEnum):
    """How far a conversation had come."""

    CONNECT = 0  #: greeting, EHLO and STARTTLS included
    LOGIN = 1
    MAIL = 2
    RCPT = 3
    DATA = 4  #: the mail may have been handed over


#: Enhanced status codes (RFC 3463) that say that a mailbox does not exist or takes nothing any more.
_NO_MAILBOX = re.compile(r"\b5\.1\.(?:0|1|2|3|6|10)\b|\b5\.2\.1\b")
_FULL_MAILBOX = re.compile(
    r"\b[45]\.2\.2\b|\b(?:over|exceed\w*) (?:the |its |storage )*quota|mailbox (?:is )?full", re.I
)
_POLICY = re.compile(r"\b5\.7\.\d+\b")
_WORDS_OF_NO_MAILBOX = re.compile(
    r"user unknown|unknown user|no such (?:user|recipient|mailbox|person)|does not exist|doesn't exist|"
    r"mailbox (?:unavailable|not found)|recipient (?:address )?rejected: (?:user|unknown)|"
    r"invalid (?:recipient|mailbox)",
    re.IGNORECASE,
)
#: Said of our sender or of us, often not before RCPT or DATA: every mail would fail.
_OUR_SENDER = re.compile(
    r"sender (?:address )?(?:rejected|refused|denied|not allowed)|not owned by|\b5\.1\.[78]\b", re.IGNORECASE
)
_OUR_LOGIN = re.compile(r"\brelay(?:ing)?\b|authentication (?:is )?required|\b5\.7\.0 must", re.IGNORECASE)
_TOO_LARGE = re.compile(r"\b5\.3\.4\b|(?:message|size) (?:size )?exceeds|too (?:large|big)", re.IGNORECASE)
#: The server wants a login, refuses ours, or refuses our sender: every mail would fail.
_LOGIN_CODES = frozenset({530, 534, 535, 538})
_LONGEST_DETAIL = 300


def outcome_of(error: Exception, stage: Stage) -> Outcome:
    """The outcome of an attempt that ended in this error at this stage."""
    if isinstance(error, aiosmtplib.SMTPResponseException) and error.code > 0:
        return _answered(error.code, one_line(error.message, _LONGEST_DETAIL), stage)
    if (verification := _cause(error, ssl.SSLCertVerificationError)) is not None:
        detail = (
            f"the mail server's certificate is not trusted ({verification.verify_message}): set its host or ca_file"
        )
        return Misconfigured(detail=one_line(detail, _LONGEST_DETAIL))
    if _cause(error, ssl.SSLError) is not None:
        return Misconfigured(detail="the mail server does not speak TLS as configured: check port and tls")
    detail = one_line(f"{type(error).__name__}: {error}", _LONGEST_DETAIL)
    if stage is Stage.DATA:
        return TryAgain(reason=Reason.UNKNOWN_OUTCOME, detail=detail)
    if not isinstance(error, OSError) and type(error) in (aiosmtplib.SMTPException, aiosmtplib.SMTPNotSupported):
        return Misconfigured(detail=_sentence(error))
    return TryAgain(reason=Reason.UNREACHABLE, detail=detail)


def _answered(code: int, said: str, stage: Stage) -> Outcome:
    detail = f"{code} {said}".strip()
    if code == 421:
        return TryAgain(reason=Reason.BUSY, detail=detail)
    if code in _LOGIN_CODES or (stage is Stage.LOGIN and code >= 500) or (code >= 500 and _OUR_LOGIN.search(said)):
        return Misconfigured(detail=f"the mail server refuses our login: {detail}; check username and password")
    if code >= 500 and code != 552 and (stage is Stage.MAIL or _OUR_SENDER.search(said)):
        return Misconfigured(detail=f"the mail server refuses our sender: {detail}; check the sender's address")
    if stage is Stage.CONNECT and code >= 500:
        # 554 in the greeting, 502 to EHLO, 454 and the like to STARTTLS: about us, not about a mail.
        return TryAgain(reason=Reason.BUSY, detail=detail)
    full = code == 552 and not _TOO_LARGE.search(said)
    if code < 500 or full or _FULL_MAILBOX.search(said):
        # 552 and 5.2.2 are written as permanent, yet a mailbox is emptied and the expiry bounds the attempts.
        return TryAgain(reason=Reason.BUSY, detail=detail)
    return Refused(reason=_why_refused(code, said, stage), detail=detail)


def _why_refused(code: int, said: str, stage: Stage) -> Reason:
    if _POLICY.search(said):
        return Reason.BLOCKED
    if _NO_MAILBOX.search(said) or _WORDS_OF_NO_MAILBOX.search(said):
        return Reason.RECIPIENT_UNKNOWN
    return Reason.RECIPIENT_UNKNOWN if stage is Stage.RCPT and code in (550, 551, 553) else Reason.REJECTED


def _sentence(error: Exception) -> str:
    said = one_line(str(error), _LONGEST_DETAIL)
    if "STARTTLS" in said:
        return "the mail server does not offer STARTTLS: set tls to what it offers, or use another port"
    if "AUTH" in said.upper():
        return "the mail server offers no login that we know: take out username and password, or use another port"
    return f"the mail server cannot be used as configured: {said}"


def _cause(error: BaseException | None, kind: type[_Error]) -> _Error | None:
    """The error of this kind among an error and what caused it."""
    while error is not None:
        if isinstance(error, kind):
            return error
        error = error.__cause__
    return None
