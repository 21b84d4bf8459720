"""What happens in the quarter: who is in trouble when, what the service has to make of it, and by when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from tests.journeys.quarter.cast import CAST
from tests.journeys.quarter.papers import PRODUCTS, Paper, arrivals, poisson, title_of
from tests.journeys.quarter.publishers import Nature, Publisher

START = datetime(2025, 12, 1, tzinfo=UTC)
BEFORE = 60  #: days of history that a first poll finds
LATE, BROKEN, SILENT, ENDED = "late", "broken", "silent", "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that happens to a publisher."""

    at: datetime
    source: str
    what: str
    do: Callable[[Publisher], None] = lambda publisher: None
    listen: bool | None = None  #: it takes connections from now on, or refuses them
    settings: dict[str, object] = field(default_factory=dict)  #: staff change its source's settings so


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A time in which a source may, or must, be in a bad state."""

    source: str
    what: str
    begins: datetime
    ends: datetime
    may: frozenset[str]  #: the states it may be in
    within: timedelta | None = None  #: it must be in one of them so soon; None: it need not
    well: timedelta = timedelta(hours=3)  #: it must be well again so soon after the end
    usual: float = 0.0  #: or so soon after the first week, after the end, that brings so many documents
    unread: bool = False  #: nothing of it can be read meanwhile
    flaps: bool = False  #: it may be well in between


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What staff decide of held news of a source."""

    source: str
    at: datetime  #: about when the news is held
    becomes: str  #: released, digest, discarded
    least: int  #: so many notices are held at least
    why: str


@dataclass
class Story:
    """The whole script."""

    start: datetime
    days: int
    natures: tuple[Nature, ...]
    acts: list[Act] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    @property
    def end(self) -> datetime:
        """When it is over."""
        return self.start + timedelta(days=self.days)

    def at(self, day: float) -> datetime:
        """So many days after its beginning."""
        return self.start + timedelta(days=day)


def the_story(*, days: int, only: tuple[str, ...] = ()) -> Story:
    """The script for so many days, and for these sources only."""
    natures = tuple(nature for nature in CAST if not only or nature.name in only)
    story = Story(start=START, days=days, natures=natures)
    from tests.journeys.quarter.events import write  # it needs the types above

    write(story)
    names = {nature.name for nature in natures}
    story.acts = sorted(
        (act for act in story.acts if act.source in names and act.at < story.end), key=lambda act: act.at
    )
    story.troubles = [one for one in story.troubles if one.source in names and one.begins < story.end]
    story.decisions = [one for one in story.decisions if one.source in names and one.at < story.end]
    return story


def fill(publisher: Publisher, story: Story, chance: Random) -> None:
    """Write a publisher's documents of the whole quarter, and of the weeks before it."""
    nature = publisher.nature
    first, last = (story.start - timedelta(days=BEFORE)).date(), story.end.date()
    if nature.form == "gazette":
        times = _issues(publisher, first, last, chance)
    else:
        times = list(
            arrivals(
                chance,
                market=nature.market,
                zone=publisher.zone,
                per_week=nature.per_week,
                first=first,
                last=last,
                quiet=nature.quiet,
            )
        )
    for at in times:
        publisher.papers.append(a_paper(publisher, at, chance))


def a_paper(publisher: Publisher, at: datetime, chance: Random, *, fate: str = "news") -> Paper:
    """A further document of a publisher."""
    nature = publisher.nature
    publisher.numbered += 1
    token = f"Q{nature.number:02}{publisher.numbered:04}"
    product = chance.choice(sorted(PRODUCTS))
    return Paper(
        token=token,
        publisher=nature.name,
        market=nature.market,
        product=product,
        at=at,
        stamped=at,
        title=title_of(product, nature.language, token),
        deadline=(at + timedelta(days=60)).date() if nature.form == "json_api" else None,
        fate=fate,
    )


def _issues(publisher: Publisher, first: date, last: date, chance: Random) -> list[datetime]:
    """A gazette comes out on Wednesdays at ten, with about a week's documents."""
    times: list[datetime] = []
    day = first
    while day <= last:
        if day.weekday() == 2:
            at = datetime(day.year, day.month, day.day, 10, tzinfo=publisher.zone).astimezone(UTC)
            publisher.issues.append(at)
            times += [at] * max(1, poisson(chance, publisher.nature.per_week))
        day += timedelta(days=1)
    return times
