"""A message as it was sent, for those who answer for it, without what lets somebody act in its reader's place.

Messages hold links and codes that are keys: who has one ends a subscription, agrees in an owner's name, signs in. Staff
who look at a message must not hold its reader's keys, so these are blotted out, and of a kind of message that is not
known here nothing is shown but its head.
"""

from __future__ import annotations

import re
from typing import Final

#: Kinds of which the text may be shown. Others are a key as a whole: the question whether an owner agrees has a code
#: to be told to staff, a link to sign in is what its name says; and of a kind to come nobody knows.
SHOWN: Final = frozenset(
    {
        *("alert", "digest", "reminder", "starter", "burst", "gap", "notice", "staff", "resend"),
        *("correction", "reinstated"),
    }
)
BLOT: Final = "▒▒▒▒"
_CODE = re.compile(r"\b(?:all|[0-9]{1,18}(?:\.[0-9]{1,18}){0,11})-[a-z2-7]{20}\b", re.IGNORECASE)
_OUR_PATH = re.compile(r"(https?://[^\s\"'<>/]{1,255}(?:/[^\s\"'<>/]{1,80}){0,3}?/[uflc]/)[^\s\"'<>]+")
_ADDRESS = re.compile(r"https?://[^\s\"'<>]{1,2000}")
_LONG_PART = re.compile(r"(?<=[/=])[A-Za-z0-9_~%.\-]{16,}")


def may_be_shown(kind: str) -> bool:
    """Whether the text of a message of this kind may be shown to staff."""
    return kind in SHOWN


def without_keys(text: str, public_url: str = "") -> str:
    """A text, plain or HTML, without codes and secret links; what else it says stays as it was sent."""
    ours = public_url.rstrip("/").casefold()

    def blotted(found: re.Match[str]) -> str:
        address = found[0]
        if ours and address.casefold().startswith(ours):
            return address[: len(ours)] + _LONG_PART.sub(BLOT, address[len(ours) :])
        return address

    return _CODE.sub(BLOT, _ADDRESS.sub(blotted, _OUR_PATH.sub(rf"\g<1>{BLOT}", text)))
