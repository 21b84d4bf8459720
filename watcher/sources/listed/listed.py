"""One thing on a publisher's list, as the publisher wrote it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One thing on a list. Texts are plain, links are http(s) and absolute; dates are the publisher's wordings."""

    id: str = ""  #: the publisher's own id of the entry
    link: str | None = None
    title: str = ""
    summary: str = ""
    published: str = ""
    original: str = ""  #: the document's own date, where the list's is that of its last touch
    deadline: str = ""  #: until when comments are taken
    adoption: str = ""
    entry_into_force: str = ""
    number: str = ""  #: the issuer's own document number, if it has a field of its own
    threads: tuple[str, ...] = ()  #: dockets, procedure numbers: what its issuer keeps the measure together by
    products: str = ""
    agency: str = ""
    language: str = ""  #: ISO 639-1, if it is stated
    links: tuple[str, ...] = ()  #: further documents
    raw: str = ""  #: as it came, cut at 20,000 characters
