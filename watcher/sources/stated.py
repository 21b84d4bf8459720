"""What any source states about a WTO notification, before it is read: the one road from there to a `Notice`.

A JSON item, a row of the workbook and a line of an import file each fill a `Stated`; `notice_of` reads it. So a
notification that comes by two of them becomes one and the same notice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from watcher.codes import codes_in_products, read_codes, read_objectives
from watcher.dates import Anchor, DateFact, DateQuality
from watcher.dates.reading import read_date
from watcher.notice import Notice
from watcher.source import DayOrder, Entry
from watcher.sources.links import links_in
from watcher.symbol import Symbol, read_symbols
from watcher.text import language_of, one_line, plain, safe_link

#: A Member's code from its name in any language or its ePing id; None: unknown (`Markets.find`).
FindMember = Callable[[str], str | None]

RAW_LIMIT: Final = 20_000  #: characters of an entry that are kept as it came

_ISO_DAY: Final = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_OF_AGREEMENT: Final = re.compile(r"\s*\((?:TBT|SPS|OTC|MSF)\)\s*$", re.IGNORECASE)
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class EntryError(ValueError):
    """An entry that cannot become a notice; the message is a sentence for the source's keeper."""


def no_members(text: str) -> str | None:  # noqa: ARG001
    """Finds no Member by name: symbols since 2000 name the Member themselves."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedDate:
    """A date as a source gives it: a field that holds a day, a field that holds words, or both."""

    day: date | None = None
    text: str = ""


NOT_STATED: Final = StatedDate()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """The statements about one notification, with their markup and noise."""

    symbols: str = ""
    member: str = ""  #: a name or an ePing id; used only where the symbol names no Member
    title: str = ""
    content: str = ""
    products: str = ""
    hs: tuple[str, ...] = ()
    ics: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    agency: str = ""
    articles: tuple[str, ...] = ()
    addendum_reason: str = ""
    related: str = ""  #: text in which other documents' symbols may stand
    distributed: StatedDate = NOT_STATED
    deadline: StatedDate = NOT_STATED
    adoption: StatedDate = NOT_STATED
    entry_into_force: StatedDate = NOT_STATED
    links: str = ""
    page: str = ""
    language: str = "en"  #: what the text is in if it does not show


def notice_of(stated: Stated, *, find_member: FindMember = no_members, day_order: DayOrder = "dmy") -> Notice:
    """The notice that is stated. Raises EntryError if no document symbol can be read.

    The symbol says what kind of document it is and who notified it: sources contradict it, it is never wrong. Codes
    that stand only in the products text are taken from there if the source's own field is empty.
    """
    symbols = read_symbols(stated.symbols)
    if not symbols:
        shown = one_line(plain(stated.symbols), 80)
        raise EntryError(
            f"the document symbol {shown!r} cannot be read; it should look like G/TBT/N/KEN/1514"
            if shown
            else "there is no document symbol"
        )
    title, content, products = (plain(text) for text in (stated.title, stated.content, stated.products))
    hs, ics = read_codes(stated.hs, stated.ics)
    if not (hs and ics):
        hs_in_products, ics_in_products = codes_in_products(products)
        hs, ics = hs or hs_in_products, ics or ics_in_products
    distributed = day_of(stated.distributed, day_order=day_order)
    deadline, adoption, entry_into_force = _dates(stated, distributed, day_order)
    return Notice(
        issuer="WTO",
        symbols=tuple(str(symbol) for symbol in symbols),
        type=symbols[0].type,
        area=symbols[0].area,
        notifying_members=members_of(symbols, stated.member, find_member),
        title=title,
        content_summary=content,
        products_covered=products,
        hs_codes=hs,
        ics_codes=ics,
        objectives=read_objectives([_OF_AGREEMENT.sub("", plain(text)) for text in stated.objectives]),
        responsible_agency=plain(stated.agency),
        legal_basis=tuple(dict.fromkeys(filter(None, map(plain, stated.articles)))),
        addendum_reason=plain(stated.addendum_reason),
        related_symbols=others(symbols, f"{title}\n{content}\n{plain(stated.related)}"),
        distribution_date=distributed,
        comment_deadline=deadline,
        proposed_adoption=adoption,
        proposed_entry_into_force=entry_into_force,
        links=links_in(stated.links),
        page=safe_link(stated.page),
        language=language_of(f"{title}\n{content}\n{products}", prior=stated.language),
    )


def members_of(symbols: Iterable[Symbol], name: str = "", find_member: FindMember = no_members) -> tuple[str, ...]:
    """The notifying Members' codes: as the symbols say; before 2000 they don't, then by name."""
    members = tuple(dict.fromkeys(symbol.notifying_member for symbol in symbols if symbol.member))
    found = None if members or not name.strip() else find_member(one_line(plain(name)))
    return members or ((found,) if found else ())


def others(own: Iterable[Symbol], text: str) -> tuple[str, ...]:
    """Symbols of other documents that a text names."""
    return tuple(str(symbol) for symbol in read_symbols(text) if symbol not in set(own))


def day_of(stated: StatedDate, *, day_order: DayOrder = "dmy") -> date | None:
    """The day of a document itself: only a whole day will do."""
    fact = _read(stated, {}, day_order, None)
    return fact.value if fact.quality is DateQuality.STATED and fact.precision == "day" else None


def _dates(stated: Stated, distributed: date | None, day_order: DayOrder) -> tuple[DateFact, DateFact, DateFact]:
    """Deadline, adoption, entry into force; the last may be counted from the others."""
    anchors = {Anchor.NOTIFICATION: distributed} if distributed else {}
    deadline = _read(stated.deadline, anchors, day_order, distributed)
    adoption = _read(stated.adoption, anchors, day_order, distributed)
    if adoption.value:
        anchors = {**anchors, Anchor.ADOPTION: adoption.value}
    return deadline, adoption, _read(stated.entry_into_force, anchors, day_order, distributed)


def _read(stated: StatedDate, anchors: dict[Anchor, date], day_order: DayOrder, stated_in: date | None) -> DateFact:
    """One date. A day in a date field is believed before the words beside it, but the words are kept."""
    wording = plain(stated.text)
    said = read_date(wording, anchors=anchors, day_order=day_order, stated_in=stated_in)
    if stated.day is None:
        return said
    given = read_date(stated.day.isoformat(), anchors=anchors, stated_in=stated_in)
    if not wording:
        return given
    if said.value == stated.day or (given.value is None and said.value is not None):
        return said  # the words tell more: that the day was counted, or that it stands for a month
    return replace(given, wording=wording)


def iso_day(value: object) -> date | None:
    """The calendar day at the start of an ISO date or instant, as written: a time zone never moves it.

    None for anything else, for "0000-00-00", and for year 1, which stands for "no date" in many programs.
    """
    found = _ISO_DAY.match(value) if isinstance(value, str) else None
    if found is None:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return day if day.year > 1 else None


def stated_date(value: object, text: str = "") -> StatedDate:
    """A date field and the words beside it. What is no ISO day in the date field counts as words."""
    day = iso_day(value)
    if text or not isinstance(value, str) or (day is None and _is_no_date(value)):
        return StatedDate(day=day, text=text)
    is_instant = day is not None and "T" in value.upper()
    return StatedDate(day=day, text="" if is_instant else value)


def _is_no_date(text: str) -> bool:
    return text.strip().startswith(("0000-", "0001-01-01", "00/00"))


def storable(text: str) -> str:
    """Text without what a database refuses: NUL and other controls, halves of surrogate pairs."""
    if text.replace("\n", "").isprintable():
        return text
    return _CONTROLS.sub("", _SURROGATES.sub("\ufffd", text))


def as_it_came(text: str) -> str:
    """An entry's raw form, fit for storing and cut."""
    return storable(text[: RAW_LIMIT * 2])[:RAW_LIMIT]


def kept_apart(entry: Entry, seen: set[str]) -> Entry:
    """The entry, with a number if its key was seen: entries that share a key would take each other's place."""
    key, count = entry.key, 1
    while key in seen:
        count += 1
        key = f"{entry.key} #{count}"
    seen.add(key)
    return entry if count == 1 else replace(entry, key=key)
