"""Notices as JSON Lines, for exchange: one object a line. docs/interchange.md describes them for others.

A line without `"tbtwatch": 1` states a WTO notification as its document words it: symbol, notification_type, member,
agency, articles, products_text, hs_codes, ics_codes, title, description, objective, addendum_reason, adoption_date,
entry_into_force, comment_deadline, distribution_date, links, source_url, lang, threads; all but the symbol may be
missing, others are ignored, and dates are in any wording, such as "60 days from notification". A line with it is a
notice as this program read it (`watcher.sources.notice_exact`); so is every line of another issuer than the WTO.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from watcher.notice import Notice
from watcher.reading_order import WTO
from watcher.source import DayOrder, Entry
from watcher.sources.eping_item import words
from watcher.sources.notice_exact import MARK, exact_fields, exact_notice
from watcher.sources.stated import (
    EntryError,
    FindMember,
    Stated,
    as_it_came,
    no_members,
    notice_of,
    stated_date,
)
from watcher.text import one_line

#: Longer lines are no notification.
LONGEST_LINE = 2_000_000


def read_notices(
    lines: Iterable[str | bytes], *, find_member: FindMember = no_members, day_order: DayOrder = "dmy"
) -> Iterator[Entry]:
    """An entry for each line that is not blank: its notice, or a problem that names the line. Never raises.

    The key is the symbols, of another issuer than the WTO behind its name, so that the same notification in a second
    file or a second language is the same entry.
    """
    for number, line in enumerate(lines, start=1):
        text = line.decode("utf-8", "replace") if isinstance(line, bytes) else line
        text = text.removeprefix("\ufeff").strip()
        if not text:
            continue
        try:
            notice = _notice(_fields(text), find_member, day_order)
        except EntryError as error:
            yield Entry(key=f"line {number}", notice=None, problem=f"line {number}: {error}", raw=as_it_came(text))
        except Exception as error:  # the reader's own fault: the other lines are still read
            problem = f"line {number}: reading it failed with {type(error).__name__}: {one_line(str(error))}"
            yield Entry(key=f"line {number}", notice=None, problem=problem, raw=as_it_came(text))
        else:
            key = notice.key if notice.issuer == WTO else f"{notice.issuer} {notice.key}"
            yield Entry(key=key, notice=notice, raw=as_it_came(text))


def write_notices(notices: Iterable[Notice]) -> Iterator[str]:
    """A line for each notice, without its line end; `read_notices` reads the same notice from it."""
    for notice in notices:
        yield json.dumps(exact_fields(notice), ensure_ascii=False)


def _notice(fields: Mapping[str, Any], find_member: FindMember, day_order: DayOrder) -> Notice:
    """Raises EntryError."""
    if MARK in fields or fields.get("issuer", WTO) not in (WTO, "", None):
        return exact_notice(fields, day_order=day_order)
    notice = notice_of(_stated(fields), find_member=find_member, day_order=day_order)
    threads = tuple(filter(None, map(one_line, _several(fields.get("threads")))))
    return replace(notice, threads=threads) if threads else notice


def _fields(text: str) -> Mapping[str, Any]:
    if len(text) > LONGEST_LINE:
        raise EntryError(f"it has {len(text)} characters; a notification has fewer than {LONGEST_LINE}")
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise EntryError(f"it is not JSON ({one_line(str(error))})") from None
    if not isinstance(fields, Mapping):
        raise EntryError("it is not a JSON object; write one notification a line, in braces")
    return fields


def _stated(fields: Mapping[str, Any]) -> Stated:
    return Stated(
        symbols=words(fields.get("symbol")) or words(fields.get("symbols")),
        member=words(fields.get("member")),
        title=words(fields.get("title")),
        content=words(fields.get("description")),
        products=words(fields.get("products_text")),
        hs=_several(fields.get("hs_codes")),
        ics=_several(fields.get("ics_codes")),
        objectives=_several(fields.get("objective")),
        agency=words(fields.get("agency")),
        articles=_several(fields.get("articles")),
        addendum_reason=words(fields.get("addendum_reason"), "\n"),
        related=words(fields.get("related_symbols")),
        distributed=stated_date(fields.get("distribution_date")),
        deadline=stated_date(None, words(fields.get("comment_deadline"))),
        adoption=stated_date(None, words(fields.get("adoption_date"))),
        entry_into_force=stated_date(None, words(fields.get("entry_into_force"))),
        links=words(fields.get("links"), "\n"),
        page=words(fields.get("source_url")),
        language=words(fields.get("lang")) or "en",
    )


def _several(value: object) -> tuple[str, ...]:
    """A list of texts; one text is a list of one."""
    if isinstance(value, list):
        return tuple(filter(None, map(words, value)))
    return (text,) if (text := words(value)) else ()
