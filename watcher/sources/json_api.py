"""Any publisher's list in JSON: where the list stands, where its fields stand and how it is paged is all YAML.

Expressions are JMESPath. What an answer must hold is checked, because many publishers say "nothing" and "something is
wrong" in one and the same status 200.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import chain
from typing import Any, Final

from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult

from watcher.source import CappedError, Cursor, Document, Entry, Page, Request, SourceError
from watcher.sources.cursors import moved_on
from watcher.sources.feed_dates import publisher_day
from watcher.sources.json_asking import Question, asks_with
from watcher.sources.json_document import count_of, described, raw_of, read_json, texts_of, told_by
from watcher.sources.json_paging import (
    Progress,
    is_known_ground,
    next_address,
    starts_at,
)
from watcher.sources.json_places import SINCE, UNTIL
from watcher.sources.json_settings import JsonApiConfig, compiled
from watcher.sources.listed import Listed, ListSource
from watcher.sources.listed.mapping import IDENTIFYING, each_once, is_identified, listed_of, unreadable
from watcher.sources.stated import FindMember, no_members
from watcher.text import one_line

_ADDRESSES: Final = frozenset({"link", "links"})
_NO: Final = frozenset({"", "false", "no", "0", "null", "none"})


class JsonApiSource(ListSource[JsonApiConfig]):
    """One list of one issuer. Which page an answer is, its request says."""

    class Config(JsonApiConfig):
        """Settings of a source of kind json_api."""

    def __init__(self, config: Config, *, find_member: FindMember = no_members) -> None:
        super().__init__(config, find_member=find_member)
        self._where = compiled(config.where) if config.where else None
        self._fields = {name: compiled(expression) for name, expression in config.fields.items()}

    def resting(self) -> str | None:
        """It can be polled unless it needs a key that it has not got."""
        if self.config.rests or self.config.key is not None or not self.config.needs_key:
            return self.config.rests or None
        return f"the key is missing: get one from the publisher and set 'key' of the source {self.config.name!r}"

    def first_request(self, cursor: Cursor, now: datetime) -> Request:
        """The first page: of everything, or from some days before the latest one seen."""
        today = self._today(now)
        question = Question.first(self.config, since=self._since(cursor, today), until=None, today=today)
        return question.request(self.config)

    def range_request(self, since: date, until: date) -> Request:
        """The first page of a range of days, for back-fills. Raises SourceError if none can be asked for."""
        if not (asks_with(self.config, SINCE) and asks_with(self.config, UNTIL)):
            raise SourceError("cannot be asked for a range of days: its 'params' or 'body' hold no {since} and {until}")
        return Question.first(self.config, since=since, until=until, today=until).request(self.config)

    def parse(self, document: Document, cursor: Cursor) -> Page:
        """One page. Raises SourceError when it is not what this source gives, CappedError when it is not all of it."""
        if document.not_modified or self._is_nothing(document):
            return Page(entries=iter(()))
        answer = read_json(document, self.config.language, script=self.config.script)
        self._check(answer)
        total = count_of(self._found(self.config.total, "total", answer)) if self.config.total else None
        things = self._list_in(answer, total)
        if not things and total and document.request.page == 1:
            raise SourceError(f"gave no entries, although it counts {total}: see 'items'")
        if len(things) > self.config.max_entries:
            raise SourceError(f"gave {len(things)} entries, more than the {self.config.max_entries} of 'max_entries'")
        listed = [self._listed(thing, document.url) for thing in things]
        if len(listed) > 1 and not any(map(is_identified, listed)):
            raise SourceError(
                f"gave {len(listed)} entries, and none has {_and_so(self._fields)} where 'fields' says; "
                f"the first is {described(things[0])}"
            )
        self._check_cap(total)
        following = self._following(document, answer, listed, total, cursor)
        # What is left out still counts as read, or pages would be skipped.
        wanted = [(entry, thing) for entry, thing in zip(listed, things, strict=True) if self._is_wanted(thing)]
        known = [entry for entry, _ in wanted if is_identified(entry)]
        entries = chain(self._reader.entries(known, fetched_at=document.fetched_at), each_once(self._problems(wanted)))
        if total is None and self.config.paging.by == "none":
            total = len(listed)
        return Page(entries=entries, next=following, total=total)

    def advance(self, cursor: Cursor, *, seen: date | None, now: datetime) -> Cursor:
        """Move on to `seen`. The poll was a full one if nothing bounded it."""
        bounded = self.config.paging.newest_first or asks_with(self.config, SINCE)
        full = not bounded or (cursor.high_water is None and self.config.since_days is None)
        return moved_on(cursor, seen=seen, now=now, full=full)

    def _since(self, cursor: Cursor, today: date) -> date | None:
        config = self.config
        return starts_at(cursor, today, overlap_days=config.overlap_days, since_days=config.since_days)

    # What came.

    def _is_nothing(self, document: Document) -> bool:
        """Whether it is a publisher's way to say that nothing matches. A wrong address is a page, not JSON."""
        if document.status != 404:
            return False
        try:
            answer = read_json(document, self.config.language)
        except SourceError as error:
            raise SourceError(f"answered 404 (not found), and {error}: check the address") from None
        if not isinstance(answer, Mapping):
            raise SourceError("answered 404 (not found): check the address")
        return True

    def _found(self, expression: str, setting: str, answer: Any) -> Any:
        try:
            return compiled(expression).search(answer)
        except (JMESPathError, RecursionError, TypeError, ValueError, ArithmeticError) as error:
            raise SourceError(
                f"gave an answer in which {setting!r} ({expression}) cannot be looked up "
                f"({one_line(str(error), 120)}); it is {described(answer)}{told_by(answer)}"
            ) from None

    def _check(self, answer: Any) -> None:
        if self.config.ok and not _is_true(self._found(self.config.ok, "ok", answer)):
            raise SourceError(
                f"says that something is wrong: {self.config.ok} does not hold{told_by(answer)}; "
                f"the answer is {described(answer)}"
            )

    def _list_in(self, answer: Any, total: int | None) -> list[Any]:
        things = self._found(self.config.items, "items", answer)
        if things is None and total == 0:
            return []
        if not isinstance(things, list):
            where = "answered with" if self.config.items == "@" else f"has no list at {self.config.items!r}: there is"
            hint = f"; values({self.config.items}) makes a list of it" if isinstance(things, Mapping) else ""
            shown = described(things)
            whole = "" if self.config.items == "@" else f"; the answer is {described(answer)}{told_by(answer)}"
            raise SourceError(f"{where} {shown}{' instead of a list' if self.config.items == '@' else ''}{hint}{whole}")
        return things

    def _check_cap(self, total: int | None) -> None:
        cap = self.config.cap
        if cap is not None and total is not None and total >= cap and not self.config.paging.newest_first:
            raise CappedError(
                f"counts {total} entries and never gives more than {cap}: ask for fewer days at a time "
                "('since_days', 'overlap_days') or narrow 'params'"
            )

    def _listed(self, thing: Any, base: str) -> Listed:
        values = {
            name: texts_of(_value(expression, thing), language=self.config.language, addresses=name in _ADDRESSES)
            for name, expression in self._fields.items()
        }
        return listed_of(values, base=base, template=self.config.link_template, raw=raw_of(thing))

    def _is_wanted(self, thing: Any) -> bool:
        """Whether 'where' holds; it does for what it cannot be asked of, which is not left out without a word."""
        try:
            return self._where is None or _is_true(self._where.search(thing))
        except (JMESPathError, RecursionError, TypeError, ValueError, ArithmeticError):
            return True

    def _problems(self, wanted: Sequence[tuple[Listed, Any]]) -> Iterator[Entry]:
        where = f"has nothing where 'fields' says {_and_so(self._fields)}"
        for number, (entry, thing) in enumerate(wanted, start=1):
            if not is_identified(entry):
                yield unreadable(number, f"{where}: it is {described(thing)}", entry.raw)

    # What comes next.

    def _following(
        self, document: Document, answer: Any, listed: Sequence[Listed], total: int | None, cursor: Cursor
    ) -> Request | None:
        """The next page, or None. Raises SourceError if there are more pages than may be asked for."""
        paging, request = self.config.paging, document.request
        if paging.by == "none" or not listed:
            return None
        progress = Progress.of(request)
        read = progress.read + len(listed)
        if progress.repeats(listed):
            if total is not None and read < total and paging.by in ("page", "offset"):
                raise SourceError(
                    f"gave on page {request.page} the same entries again, and counts {total}: "
                    f"{paging.parameter!r} has no effect on it"
                )
            return None
        question = self._next_question(document, answer, len(listed), total, progress)
        if question is None:
            return None
        since = self._since(cursor, self._today(document.fetched_at))
        is_known = is_known_ground((self._day(entry) for entry in listed), since) if paging.newest_first else None
        if is_known:
            return None
        if request.page >= paging.max_pages:
            if paging.newest_first and (is_known is None or cursor.high_water is None):
                return None
            counted = f", {total} entries in all" if total is not None else ""
            raise CappedError(
                f"gave {request.page} pages and says there are more{counted}: 'max_pages' is too small for it, "
                "or ask for fewer days at a time"
            )
        return question.request(self.config, page=request.page + 1, memory=progress.after(listed))

    def _next_question(
        self, document: Document, answer: Any, count: int, total: int | None, progress: Progress
    ) -> Question | None:
        paging, request = self.config.paging, document.request
        question = Question.of(self.config, request)
        stated = self._found(paging.next, "next", answer) if paging.next else None
        if paging.by in ("next_link", "cursor"):
            texts = texts_of(stated, addresses=paging.by == "next_link")
            # In a JSON body a cursor goes back as it came: a number, or several values to search after.
            raw = paging.by == "cursor" and question.in_body and self.config.body_as == "json"
            if not (stated if raw else texts):
                return None
            if paging.by == "next_link":
                url = next_address(texts[0], document, own_host_only=self.config.key is not None)
                return None if url is None else replace(question, url=url)
            cursor = stated if raw else texts[0]
            is_same = cursor == question.value(paging.parameter)
            return None if is_same else question.with_value(paging.parameter, cursor)
        if paging.next:
            more = _is_true(stated)
        elif total is not None:
            more = progress.read + count < total
        else:
            more = not progress.looks_short(count, paging.size)
        present = count_of(question.value(paging.parameter))
        if present is None:
            present = paging.starts_with + (request.page - 1 if paging.by == "page" else progress.read)
        following = present + (1 if paging.by == "page" else count)
        return question.with_value(paging.parameter, following) if more else None

    def _day(self, entry: Listed) -> date | None:
        wording = entry.published or entry.original
        return publisher_day(wording, zone=self._zone, day_order=self.config.day_order) if wording else None


def _value(expression: ParsedResult, thing: Any) -> Any:
    """What stands there; None where the expression does not fit this entry."""
    try:
        return expression.search(thing)
    except (JMESPathError, RecursionError, TypeError, ValueError, ArithmeticError):
        return None


def _is_true(value: object) -> bool:
    if isinstance(value, str):
        return value.strip().lower() not in _NO
    return value is not None and value is not False and value != 0 and value not in ([], {})


def _and_so(fields: Mapping[str, Any]) -> str:
    """The names of the identifying fields that are mapped."""
    return " or ".join(name for name in IDENTIFYING if name in fields)


SOURCE = JsonApiSource
