"""Listed things become entries: keys, days, symbols, language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from watcher.dates import UNKNOWN, Anchor, DateFact
from watcher.dates.reading import read_date
from watcher.notice import Notice, NoticeType
from watcher.source import Entry
from watcher.sources.feed_dates import publisher_day
from watcher.sources.listed.config import ListedConfig
from watcher.sources.listed.identity import keys_of
from watcher.sources.listed.listed import Listed
from watcher.sources.stated import FindMember, members_of, no_members, others
from watcher.symbol import Symbol, read_symbols
from watcher.text import language_of, one_line

_SEARCHED: Final = 4_000  # characters of a text in which an operator's pattern looks for a symbol
_TRUSTED_FROM: Final = 1980


class ListReader:
    """Reads what one source lists."""

    def __init__(self, config: ListedConfig, *, find_member: FindMember = no_members) -> None:
        self.config = config
        self._find_member = find_member
        self._pattern = re.compile(config.symbol_pattern) if config.symbol_pattern else None
        self._zone = ZoneInfo(config.time_zone) if config.time_zone else None
        stated = config.require_symbol
        self._require_symbol = config.issuer == "WTO" if stated is None else stated

    def entries(self, found: Sequence[Listed], *, fetched_at: datetime) -> Iterator[Entry]:
        """An entry for each, once. One that cannot be read says so and stops no other."""
        # Held against its own rule: a list that is dated tomorrow is read, one dated in the year 3200 is not believed.
        newest = fetched_at.date() + timedelta(days=366)
        dated = [(entry, self._day(entry, newest)) for entry in found]
        told: set[str] = set()
        for (entry, day), key in zip(dated, keys_of(dated), strict=True):
            if key not in told:
                told.add(key)
                yield self._entry(entry, day, key, fetched_at)

    def _day(self, entry: Listed, newest: date) -> date | None:
        for wording in (entry.original, entry.published):
            day = self._publishers_day(wording) if wording else None
            if day and day.year >= _TRUSTED_FROM and day <= newest:
                return day
        return None

    def _publishers_day(self, wording: str) -> date | None:
        return publisher_day(wording, zone=self._zone, day_order=self.config.day_order, language=self.config.language)

    def _entry(self, entry: Listed, day: date | None, key: str, fetched_at: datetime) -> Entry:
        try:
            notice = self._wto_notice(entry, day) if self.config.issuer == "WTO" else self._own_notice(entry, day)
        except Exception as error:  # the reader's own fault: the other entries are still read
            problem = f"entry {one_line(entry.title, 80)!r}: reading it failed with {type(error).__name__}: {error}"
            return Entry(key=key, notice=None, problem=one_line(problem, 400), raw=entry.raw)
        if notice is None and self._require_symbol:
            wanted = "WTO document symbol" if self.config.issuer == "WTO" else "document number"
            problem = f"entry {one_line(entry.title, 80)!r} shows no {wanted}"
            return Entry(key=key, notice=None, problem=problem, raw=entry.raw)
        return Entry(
            key=key, notice=notice or self._notice(entry, day, key), raw=entry.raw, news=self._is_news(day, fetched_at)
        )

    def _is_news(self, day: date | None, fetched_at: datetime) -> bool:
        most = self.config.news_days
        return most is None or day is None or fetched_at.date() - day <= timedelta(days=most)

    def _wto_notice(self, entry: Listed, day: date | None) -> Notice | None:
        """By the first place that holds WTO symbols: the number, the title, the addresses, the text."""
        places = (entry.number, entry.title, f"{unquote(entry.id)}\n{unquote(entry.link or '')}", entry.summary)
        own = _the_entrys_own(next(filter(None, map(read_symbols, places)), ()))
        if not own:
            return None
        return replace(
            self._notice(entry, day, str(own[0])),
            symbols=tuple(map(str, own)),
            type=own[0].type,
            area=own[0].area,
            notifying_members=members_of(own, self.config.market or "", self._find_member),
            related_symbols=others(own, f"{entry.title}\n{entry.summary}"),
        )

    def _own_notice(self, entry: Listed, day: date | None) -> Notice | None:
        """By the issuer's own number, where its place is known."""
        symbol = one_line(entry.number) or self._own_symbol(entry)
        return self._notice(entry, day, symbol) if symbol else None

    def _own_symbol(self, entry: Listed) -> str | None:
        for text in (entry.title, entry.id, entry.link or "", entry.summary) if self._pattern else ():
            if self._pattern and (found := self._pattern.search(text[:_SEARCHED])):
                symbol = one_line(found[1] if self._pattern.groups and found[1] else found[0])
                if symbol:
                    return symbol
        return None

    def _notice(self, entry: Listed, day: date | None, symbol: str) -> Notice:
        text = f"{entry.title}\n{entry.summary}"
        return Notice(
            issuer=self.config.issuer,
            symbols=(symbol,),
            type=NoticeType.REGULAR,
            area="",
            notifying_members=(self.config.market,) if self.config.market else (),
            title=entry.title or one_line(entry.summary),
            content_summary=entry.summary,
            products_covered=entry.products,
            responsible_agency=entry.agency,
            related_symbols=others((), text),
            threads=tuple(thread for thread in map(one_line, entry.threads) if thread),
            distribution_date=day,
            comment_deadline=self._fact(entry.deadline, day),
            proposed_adoption=self._fact(entry.adoption, day),
            proposed_entry_into_force=self._fact(entry.entry_into_force, day),
            links=entry.links,
            page=entry.link,
            language=self._language(entry, text),
        )

    def _fact(self, wording: str, stated_in: date | None) -> DateFact:
        if not wording.strip():
            return UNKNOWN
        anchors = {Anchor.NOTIFICATION: stated_in} if stated_in else {}
        return read_date(
            wording,
            anchors=anchors,
            day_order=self.config.day_order,
            stated_in=stated_in,
            zone=self._zone,
            language=self.config.language,
        )

    def _language(self, entry: Listed, text: str) -> str:
        # Japanese titles are often all Han: where the source's language cannot be told from the text, it stands.
        stated = entry.language or self.config.language
        return language_of(text, prior=stated) if stated in ("en", "zh", "fr", "es") else stated


def _the_entrys_own(named: tuple[Symbol, ...]) -> tuple[Symbol, ...]:
    """Of the symbols in one place those of the document itself: the longest, and other Members' with the same suffix.

    "Addendum 1 to G/TBT/N/KEN/1: G/TBT/N/KEN/1/Add.1" is about the addendum.
    """
    if not named:
        return ()
    head = max(named, key=lambda symbol: len(symbol.suffixes))
    return tuple(
        symbol
        for symbol in named
        if symbol == head or (symbol.member != head.member and symbol.suffixes == head.suffixes)
    )
