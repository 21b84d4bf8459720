"""Notices as JSON Lines, for exchange: one object a line, every field but `symbol` may be missing.

The fields are symbol, notification_type, member, agency, articles, products_text, hs_codes, ics_codes, title,
description, objective, addendum_reason, adoption_date, entry_into_force, comment_deadline, distribution_date, links,
source_url, lang. Others are ignored. Dates are in any wording of the document, such as "60 days from notification".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from watcher.codes import OBJECTIVES
from watcher.dates import DateFact
from watcher.notice import Notice
from watcher.source import Entry
from watcher.sources.eping_item import words
from watcher.sources.stated import (
    DayOrder,
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

    The key is the symbols, so that the same notification in a second file or a second language is the same entry.
    """
    for number, line in enumerate(lines, start=1):
        text = line.decode("utf-8", "replace") if isinstance(line, bytes) else line
        text = text.removeprefix("\ufeff").strip()
        if not text:
            continue
        try:
            notice = notice_of(_stated(_fields(text)), find_member=find_member, day_order=day_order)
        except EntryError as error:
            yield Entry(key=f"line {number}", notice=None, problem=f"line {number}: {error}", raw=as_it_came(text))
        except Exception as error:  # the reader's own fault: the other lines are still read
            problem = f"line {number}: reading it failed with {type(error).__name__}: {one_line(str(error))}"
            yield Entry(key=f"line {number}", notice=None, problem=problem, raw=as_it_came(text))
        else:
            yield Entry(key=notice.key, notice=notice, raw=as_it_came(text))


def write_notices(notices: Iterable[Notice]) -> Iterator[str]:
    """A line for each notice, without its line end; `read_notices` reads the same notice from it.

    Of dates the wording is written if there is one, as it says more than the day. The issuer must be the WTO: other
    issuers' documents have no symbol that a reader could check. Raises ValueError for them.
    """
    for notice in notices:
        if notice.issuer != "WTO":
            raise ValueError(
                f"{notice.key} is issued by {notice.issuer}: only WTO notifications can be written as lines"
            )
        fields: dict[str, Any] = {
            "symbol": notice.key,
            "notification_type": notice.type.value,
            "member": ", ".join(notice.notifying_members),
            "agency": notice.responsible_agency,
            "articles": list(notice.legal_basis),
            "products_text": notice.products_covered,
            "hs_codes": list(notice.hs_codes),
            "ics_codes": list(notice.ics_codes),
            "title": notice.title,
            "description": notice.content_summary,
            "objective": [OBJECTIVES[key]["en"] if key in OBJECTIVES else key for key in notice.objectives],
            "addendum_reason": notice.addendum_reason,
            "related_symbols": list(notice.related_symbols),
            "adoption_date": _wording(notice.proposed_adoption),
            "entry_into_force": _wording(notice.proposed_entry_into_force),
            "comment_deadline": _wording(notice.comment_deadline),
            "distribution_date": notice.distribution_date.isoformat() if notice.distribution_date else "",
            "links": list(notice.links),
            "source_url": notice.page or "",
            "lang": notice.language,
        }
        yield json.dumps({name: value for name, value in fields.items() if value}, ensure_ascii=False)


def _wording(fact: DateFact) -> str:
    return fact.wording or (fact.value.isoformat() if fact.value else "")


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
