"""What is asserted of a reading: the invariants of every document, and what one case expects."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from tests.corpus.cases import FETCHED_AT, LINES, Case
from tests.corpus.reading import Reading
from watcher.dates import DateFact
from watcher.notice import Notice
from watcher.plausible import plausible
from watcher.source import Entry

SECRET: Final = "hush-hush-4711"  # a text that must never come out

_UNSEEN: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_LONGEST_KEY: Final = 420
_ONE_LINE: Final = frozenset({"issuer", "symbols", "title", "language", "threads", "links", "page", "hs_codes"})
_FACTS: Final = ("comment_deadline", "proposed_adoption", "proposed_entry_into_force")
#: The WTO's own lists state no fetch-bound days: `plausible` doubts those when the document is taken in.
_JUDGED_LATER: Final = frozenset({"eping_api", "eping_workbook", LINES})


def faults(case: Case, reading: Reading) -> Iterator[str]:
    """What is wrong with a reading of any document whatever."""
    if reading.error is not None:
        if not reading.error.strip() or len(reading.error) > 1500 or _UNSEEN.search(reading.error.replace("\n", " ")):
            yield f"its error is no sentence: {reading.error[:300]!r}"
        if SECRET in reading.error:
            yield "its error tells a secret"
    seen: set[str] = set()
    for entry in reading.entries:
        if entry.key in seen and case.kind != LINES:  # a second line on one notification replaces the first
            yield f"the key {entry.key!r} comes twice"
        seen.add(entry.key)
        yield from (f"entry {entry.key[:80]!r}: {fault}" for fault in _of_entry(case.kind, entry))
    page = reading.page
    if page is not None and page.next is not None and not _is_web(page.next.url):
        yield f"it asks next for {page.next.url[:200]!r}"
    if page is not None and page.total is not None and page.total < 0:
        yield f"its total is {page.total}"


def _of_entry(kind: str, entry: Entry) -> Iterator[str]:
    if not entry.key.strip() or _UNSEEN.search(entry.key) or "\n" in entry.key or len(entry.key) > _LONGEST_KEY:
        yield "its key is empty, too long or holds control characters"
    if _UNSTORABLE.search(entry.raw) or len(entry.raw) > 20_000:
        yield "its raw form cannot be stored"
    if SECRET in repr(entry):
        yield "it tells a secret"
    if entry.notice is None:
        if not entry.problem.strip() or _UNSEEN.search(entry.problem) or len(entry.problem) > 1000:
            yield f"its problem is no sentence: {entry.problem[:200]!r}"
        if "reading it failed with" in entry.problem:
            yield f"a crash: {entry.problem}"
        return
    if entry.problem:
        yield "it has a notice and a problem"
    yield from _of_notice(kind, entry.notice)


def _of_notice(kind: str, notice: Notice) -> Iterator[str]:
    for field in fields(notice):
        value = getattr(notice, field.name)
        for text in value if isinstance(value, tuple) else (value,):
            text = text.wording if isinstance(text, DateFact) else text  # noqa: PLW2901
            if isinstance(text, str) and (found := _UNSEEN.search(text)):
                yield f"{field.name} holds {unicodedata.name(found[0], hex(ord(found[0])))}"
            if isinstance(text, str) and "\n" in text and field.name in _ONE_LINE and kind not in _JUDGED_LATER:
                yield f"{field.name} has a line break"
    for link in filter(None, (notice.page, *notice.links)):
        if not _is_web(link):
            yield f"a link is {link[:200]!r}"
    if not notice.symbols or not all(symbol.strip() for symbol in notice.symbols):
        yield "it has no symbol"
    judged = plausible(notice, FETCHED_AT.date()) if kind in _JUDGED_LATER else notice
    yield from _of_days(judged)
    for name in _FACTS:
        fact: DateFact = getattr(notice, name)
        if fact.value is not None and fact.quality.value not in ("stated", "computed"):
            yield f"{name} has a day of the quality {fact.quality}"


def _of_days(notice: Notice) -> Iterator[str]:
    day, last = notice.distribution_date, FETCHED_AT.date() + timedelta(days=366)
    if day is not None and not date(1980, 1, 1) <= day <= last:
        yield f"its day is {day}"


def _is_web(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s<>\"]", link)


def unmet(case: Case, reading: Reading) -> Iterator[str]:
    """What a case expects and the reading does not give."""
    expect = case.expect
    if "error" in expect:
        if reading.error is None or expect["error"] not in reading.error:
            yield f"error is {reading.error!r}, not …{expect['error']!r}…; keys {[one.key for one in reading.entries]}"
        if reading.entries and not set(expect) - {"error"}:
            yield f"entries came before the error, which the case does not know of: {[e.key for e in reading.entries]}"
    elif reading.error is not None:
        if not case.stated.get("either"):
            yield f"it was refused: {reading.error}"
        return
    entries, notices = reading.entries, [entry for entry in reading.entries if entry.notice]
    problems = [entry.problem for entry in entries if entry.notice is None]
    yield from _differences(
        expect,
        {
            "entries": len(entries),
            "keys": [entry.key for entry in entries],
            "problems": len(problems) if isinstance(expect.get("problems"), int) else None,
        },
    )
    if isinstance(expect.get("problems"), list):
        wanted = expect["problems"]
        if len(wanted) != len(problems) or not all(part in one for part, one in zip(wanted, problems, strict=False)):
            yield f"problems are {problems}, not {wanted}"
    wanted = expect.get("notices") or ()
    if len(wanted) > len(notices):
        yield f"there are {len(notices)} notices, not {len(wanted)} or more; problems: {problems}"
    for number, (stated, entry) in enumerate(zip(wanted, notices, strict=False), start=1):
        yield from (f"notice {number}: {fault}" for fault in _unlike(stated, entry))
    yield from _of_page(expect, reading)
    everything = repr(entries)
    yield from (f"{text!r} stands in it" for text in expect.get("absent", ()) if text in everything)


def _of_page(expect: Mapping[str, Any], reading: Reading) -> Iterator[str]:
    page = reading.page
    if "next" in expect:
        following = page.next.url if page and page.next else None
        if (expect["next"] is None) != (following is None) or (following and expect["next"] not in following):
            yield f"it asks next for {following}, not for {expect['next']}"
    if "rhythm" in expect:
        rhythm = page.rhythm if page else None
        found = {
            "ttl_minutes": rhythm.ttl.total_seconds() / 60 if rhythm and rhythm.ttl else None,
            "skip_hours": sorted(rhythm.skip_hours) if rhythm else [],
            "skip_days": sorted(rhythm.skip_days) if rhythm else [],
        }
        yield from _differences(expect["rhythm"] or dict.fromkeys(("ttl_minutes",)), found)


def _unlike(stated: Mapping[str, Any], entry: Entry) -> Iterator[str]:
    notice = entry.notice
    assert notice is not None
    text = f"{notice.title}\n{notice.content_summary}"
    found = {
        "key": entry.key, "news": entry.news, "title": notice.title, "summary": notice.content_summary,
        "symbol": notice.symbols[0], "symbols": list(notice.symbols), "day": notice.distribution_date,
        "link": notice.page, "links": list(notice.links), "language": notice.language,
        "comment_deadline": notice.comment_deadline.value, "threads": list(notice.threads),
        "type": notice.type.value, "hs": list(notice.hs_codes), "ics": list(notice.ics_codes),
        "products": notice.products_covered, "members": list(notice.notifying_members),
    }  # fmt: skip
    for part in (one for name in ("contains",) for one in _several(stated.get(name))):
        if part not in text:
            yield f"{part!r} does not stand in {text[:300]!r}"
    for part in _several(stated.get("lacks")):
        if part in text:
            yield f"{part!r} stands in {text[:300]!r}"
    if unknown := set(stated) - set(found) - {"contains", "lacks"}:
        yield f"the case names unknown fields {sorted(unknown)}"
    yield from _differences(stated, found)


def _several(value: object) -> list[str]:
    return value if isinstance(value, list) else [str(value)] if value is not None else []


def _differences(stated: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    for name, value in found.items():
        if name in stated and stated[name] != value and not (stated[name] is None and value in (None, "", [])):
            if name == "problems" and isinstance(stated[name], list):
                continue
            yield f"{name} is {value!r:.400}, not {stated[name]!r:.400}"
