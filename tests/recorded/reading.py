"""Read a recorded sample as the service would, and count what stands in its notices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import yaml

from tbtwatch.configuration import SHIPPED, source_entries
from tbtwatch.reference import load_markets
from tests.watcher.sources.recipes import RECIPES
from watcher.source import Cursor, Document, Entry, Source, SourceError
from watcher.sources import make_source

SAMPLES: Final = Path(__file__).parents[3] / "shared" / "data" / "regulators"
ABSENT: Final = "the recorded documents of regulators (../shared/data/regulators) are not here"
#: When they are read: after the youngest was recorded.
NOW: Final = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
FIELDS: Final = ("title", "day", "link", "summary", "deadline", "number", "thread")

_MARKETS = load_markets(SHIPPED / "reference")
_SHIPPED = {entry["name"]: entry for entry in source_entries(SHIPPED)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What became of one sample."""

    sample: str
    source: str = ""
    kind: str = ""
    entries: tuple[Entry, ...] = ()
    refused: str = ""  #: why nothing of it could be read, in the reader's words
    no_list: str = ""  #: why there is nothing in it to be read
    keyed: bool = True  #: whether a notice whose symbol is its entry's key has no number of its issuer's own

    @property
    def notices(self) -> int:
        """How many notices."""
        return sum(1 for entry in self.entries if entry.notice is not None)

    def filled(self) -> dict[str, int]:
        """In how many notices each field is filled."""
        found: Counter[str] = Counter()
        for entry in self.entries:
            if (notice := entry.notice) is None:
                continue
            stated = {
                "title": notice.title,
                "day": notice.distribution_date,
                "link": notice.page,
                "summary": notice.content_summary,
                "deadline": notice.comment_deadline.value,
                "number": self._is_numbered(entry),
                "thread": notice.threads,
            }
            found.update(name for name, value in stated.items() if value)
        return {name: found[name] for name in FIELDS}

    def _is_numbered(self, entry: Entry) -> bool:
        assert entry.notice is not None
        return self.kind != "page" and (not self.keyed or entry.notice.symbols != (entry.key,))

    def unreadable(self) -> dict[str, int]:
        """Why entries could not be read, and how many."""
        return dict(Counter(entry.problem for entry in self.entries if entry.notice is None))


def readings() -> list[Mapping[str, Any]]:
    """How each sample is to be read."""
    found: list[Mapping[str, Any]] = yaml.safe_load(Path(__file__).with_name("readings.yaml").read_text("utf-8"))
    return found


def files() -> list[str]:
    """Every sample there is."""
    return sorted(
        path.relative_to(SAMPLES).as_posix()
        for path in SAMPLES.rglob("*")
        if path.is_file() and path.name != "README.md"
    )


def source_of(reading: Mapping[str, Any]) -> Source:
    """The source that reads it."""
    entry: dict[str, Any] = {**reading.get("base", {})}
    if "source" in reading:
        entry |= _SHIPPED[reading["source"]]
    elif "recipe" in reading:
        entry |= {"name": reading["recipe"], "kind": "json_api", "issuer": reading["recipe"].upper()}
        entry |= RECIPES[reading["recipe"]]
    entry |= {**reading.get("settings", {}), "enabled": True}
    if entry.get("needs_key"):
        entry["key"] = "a-key"
    return make_source(entry, find_member=_MARKETS.find)


def _keys_stand_in(source: Source) -> bool:
    """Whether a symbol that is the entry's key stands in for a number that the list does not have."""
    fields = getattr(source.config, "fields", {})
    return "number" not in fields or fields["number"] != fields.get("id")


def read(reading: Mapping[str, Any]) -> Reading:
    """Read one sample in a first poll, or after the poll of the sample it comes `after`."""
    if "no_list" in reading:
        return Reading(sample=reading["sample"], no_list=reading["no_list"])
    source, cursor = source_of(reading), Cursor()
    told = Reading(
        sample=reading["sample"],
        source=source.config.name,
        kind=source.config.kind,
        keyed=_keys_stand_in(source),
    )
    try:
        if "after" in reading:
            page = source.parse(_document(source, cursor, _body(reading["after"], None)), cursor)
            list(page.entries)
            cursor = replace(cursor, state=page.state or {}, seeded_at=NOW)
        page = source.parse(_document(source, cursor, _body(reading["sample"], reading.get("exchange"))), cursor)
        return replace(told, entries=tuple(page.entries))
    except SourceError as error:
        return replace(told, refused=str(error))


def read_all() -> Iterator[Reading]:
    """Every sample, in the order of `readings.yaml`."""
    return map(read, readings())


_TYPES: Final = {".json": "application/json", ".csv": "text/csv", ".tsv": "text/plain", ".html": "text/html"}


def _body(sample: str, exchange: int | None) -> tuple[bytes, str]:
    """What the publisher sent and what it called that: the file, or one answer of a recorded HTTP log."""
    body = (SAMPLES / sample).read_bytes()
    if exchange is None:
        return body, _TYPES.get(Path(sample).suffix, "application/xml")
    answer = yaml.safe_load(body)["interactions"][exchange]["response"]
    headers = {name.lower(): values[0] for name, values in answer["headers"].items()}
    return answer["body"]["string"].encode(), headers["content-type"]


def _document(source: Source, cursor: Cursor, body: tuple[bytes, str]) -> Document:
    request = source.first_request(cursor, NOW)
    return Document(
        url=request.url,
        status=200,
        headers={"content-type": body[1]},
        body=body[0],
        fetched_at=NOW,
        request=request,
    )
