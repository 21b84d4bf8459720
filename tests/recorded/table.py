"""The table of samples, and the notices of one as a person checks them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.recorded.reading import FIELDS, Reading
from watcher.text import one_line


def table(readings: Iterable[Reading]) -> Iterator[str]:
    """A table in Markdown: sample, source, kind, notices, how many have each field, what is unreadable and why."""
    yield f"| sample | source | kind | notices | {' | '.join(FIELDS)} | not read, and why |"
    yield f"| --- | --- | --- | ---: | {' | '.join('---:' for _ in FIELDS)} | --- |"
    for reading in readings:
        yield f"| {' | '.join(_cells(reading))} |"


def _cells(reading: Reading) -> Iterator[str]:
    yield reading.sample
    yield reading.source or "–"
    yield reading.kind or "–"
    yield str(reading.notices) if reading.kind else "–"
    filled = reading.filled()
    for name in FIELDS:
        yield f"{100 * filled[name] // reading.notices} %" if reading.notices else "–"
    yield reading.refused or reading.no_list or "; ".join(f"{n} × {why}" for why, n in reading.unreadable().items())


def shown(reading: Reading) -> Iterator[str]:
    """Everything that a person compares with the sample."""
    yield f"== {reading.sample} ({reading.source}, {reading.kind}) {reading.refused or reading.no_list}".rstrip()
    for entry in reading.entries:
        notice = entry.notice
        if notice is None:
            yield f"  {entry.key}: {entry.problem}"
            continue
        dates = {
            "deadline": notice.comment_deadline.value,
            "in force": notice.proposed_entry_into_force.value,
            "adopted": notice.proposed_adoption.value,
        }
        yield f"  {notice.key} [{entry.key}] {notice.distribution_date} {notice.language}{'' if entry.news else ' old'}"
        yield f"    {one_line(notice.title, 150)}"
        yield f"    {notice.page} {' '.join(notice.links)}"
        yield f"    {one_line(notice.content_summary, 200)}"
        stated = [f"{name} {day}" for name, day in dates.items() if day]
        yield f"    {'; '.join(stated)} | {one_line(notice.products_covered, 100)} | {notice.responsible_agency}"
        if notice.threads:
            yield f"    threads {', '.join(notice.threads)}"
