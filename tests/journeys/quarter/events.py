"""The troubles themselves, source by source."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from tests.journeys.quarter.publishers import Publisher
from tests.journeys.quarter.story import BROKEN, ENDED, LATE, SILENT, Act, Decision, Story, Trouble, a_paper

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TICK = 2 * HOUR  #: the simulated watch looks at everything so often

_REDESIGNED = {
    "row": "article.card",
    "fields": {"title": "h3 a", "link": "h3 a@href", "published": "time"},
}


def write(story: Story) -> None:
    """All that happens."""
    script = _Script(story)
    script.short()
    script.outages()
    script.wrong_answers()
    script.floods()
    script.edits()
    script.silences()


class _Script:
    def __init__(self, story: Story) -> None:
        self.story = story
        self.every = {nature.name: timedelta(minutes=nature.every) for nature in story.natures}
        self.floor = {nature.name: timedelta(hours=nature.floor_hours) for nature in story.natures}

    # --- words of the script

    def act(self, source: str, day: float, what: str, do: Callable[[Publisher], None], **over: object) -> None:
        at = self.story.at(day)
        self.story.acts.append(Act(at=at, source=source, what=what, do=do, **over))  # type: ignore[arg-type]

    def mode(self, source: str, day: float, hours: float, mode: str, detail: str = "") -> tuple[datetime, datetime]:
        def begin(publisher: Publisher) -> None:
            publisher.mode, publisher.detail = mode, detail

        def end(publisher: Publisher) -> None:
            publisher.mode, publisher.detail = "", ""

        refused = mode == "refused"
        self.act(source, day, f"{mode} {detail}".strip(), begin, listen=False if refused else None)
        self.act(source, day + hours / 24, f"{mode} is over", end, listen=True if refused else None)
        return self.story.at(day), self.story.at(day + hours / 24)

    def interval(self, source: str) -> timedelta:
        """The longest time between two polls of a source that is well."""
        every = self.every.get(source, HOUR)
        return max(every * 7 / 4, every + self.floor.get(source, HOUR * 0)) + timedelta(minutes=5)

    def retry(self, source: str, slowest: timedelta = HOUR) -> timedelta:
        """The longest time between two polls of a source that fails."""
        return max(self.every.get(source, HOUR), slowest) * 1.25 + timedelta(minutes=5)

    def unreached(
        self, source: str, day: float, hours: float, mode: str, detail: str = "", *, slowest: timedelta = HOUR
    ) -> None:
        """Nothing comes: late, once three intervals have passed."""
        begins, ends = self.mode(source, day, hours, mode, detail)
        within = self.interval(source) + 3 * self.every.get(source, HOUR) + TICK
        self.trouble(source, mode, begins, ends, LATE, within=within, well=self.retry(source, slowest) + TICK)

    def unreadable(self, source: str, day: float, hours: float, mode: str, what: str = BROKEN) -> None:
        """Something else comes: broken, at the first poll."""
        begins, ends = self.mode(source, day, hours, mode)
        within = self.interval(source) + timedelta(minutes=5)
        self.trouble(source, mode, begins, ends, what, within=within, well=self.retry(source) + TICK)

    def trouble(
        self,
        source: str,
        what: str,
        begins: datetime,
        ends: datetime,
        *may: str,
        within: timedelta | None,
        well: timedelta = 3 * HOUR,
        unread: bool = True,
        flaps: bool = False,
        usual: float = 0.0,
    ) -> None:
        must = within if within is not None and ends - begins >= within else None
        self.story.troubles.append(
            Trouble(
                source=source,
                what=what,
                begins=begins,
                ends=ends,
                may=frozenset(may),
                within=must,
                well=well,
                unread=unread,
                flaps=flaps,
                usual=usual,
            )
        )

    # --- the script

    def short(self) -> None:
        """Too short to be remarked upon."""
        self.mode("us-recalls", 9, 2 / 3, "refused")
        self.mode("kr-standards", 10, 2, "status", "503")

    def outages(self) -> None:
        """Hours and days without an answer."""
        self.unreached("us-recalls", 12.3, 30, "refused")
        self.unreached("us-register", 14.5, 72, "status", "503 21600", slowest=6 * HOUR)
        self.unreached("eu-safety", 10.2, 20, "status", "429", slowest=2 * HOUR)
        self.unreached("eu-safety", 40, 24 * 9, "status", "404", slowest=7 * DAY)
        self.unreached("fr-recalls", 11, 30, "silent")
        self.unreached("th-standards", 8, 96, "status", "404", slowest=DAY)
        self.unreached("za-compulsory", 8, 60, "status", "403", slowest=DAY)
        self.unreached("jp-comments", 15, 96, "refused")
        self.act("uk-products", 8, "moved for good", _set(mode="moved"))
        self.act("uk-products", 20, "the old address is given up", _set(), listen=False)
        self.act("sa-standards", 50, "gone for good", _set(mode="status", detail="410"))
        begins = self.story.at(50)
        within = self.interval("sa-standards") + timedelta(minutes=5)
        self.trouble("sa-standards", "gone", begins, self.story.at(10_000), ENDED, within=within)
        self.act("vn-standards", 35, "robots.txt forbids", _set(robots="User-agent: *\nDisallow: /\n"))
        self.act("vn-standards", 45, "robots.txt allows again", _set(robots="User-agent: *\nDisallow:\n"))
        within = DAY + self.interval("vn-standards") + 3 * self.every.get("vn-standards", HOUR) + TICK
        well = DAY + self.retry("vn-standards", DAY) + TICK
        self.trouble("vn-standards", "robots", self.story.at(35), self.story.at(45), LATE, within=within, well=well)

    def wrong_answers(self) -> None:
        """Status 200, and not what it should be."""
        self.unreadable("jp-consumers", 9, 12, "a page")
        self.unreadable("ie-border", 13, 48, "soft 404")
        self.unreadable("cn-customs", 21, 48, "empty")
        self.unreadable("fr-recalls", 30, 12, "broken off")
        self.unreadable("tr-trade", 20, 12, "cut")
        begins, ends = self.mode("jp-consumers", 28, 24 * 17, "lying")
        self.trouble("jp-consumers", "lying", begins, ends + 8 * DAY, SILENT, within=None, unread=False, flaps=True)
        self.act("de-approvals", 16, "redesigned", _set(mode="redesigned"))
        self.act("de-approvals", 20, "staff mend the selectors", _mended, settings=dict(_REDESIGNED))
        begins, ends = self.story.at(16), self.story.at(20)
        within = self.interval("de-approvals") + timedelta(minutes=5)
        self.trouble("de-approvals", "redesigned", begins, ends, BROKEN, within=within, well=TICK)
        self.act("ca-gazette", 16, "an issue's page is not there", _issue_missing)
        self.act("ca-gazette", 18.5, "the issue's page is there", _set(missing_issue=None))

    def floods(self) -> None:
        """More than ever, rightly and wrongly."""
        for source, day, becomes in (
            ("eu-journal", 18.4, "released"),
            ("uk-drafts", 24.4, "digest"),
            ("za-compulsory", 25.4, "discarded"),
        ):
            self.act(source, day, "300 documents in an hour", _flood(300))
            self.hold(source, day, becomes, 300, "a flood")
        self.act("ca-recalls", 20.4, "700 old documents stamped today", _archive(700))
        self.act("ca-recalls", 23.4, "the archive leaves the list", _archive_leaves)
        self.hold("ca-recalls", 20.4, "discarded", 690, "an archive stamped anew")
        self.act("au-product", 26.2, "700 old documents touched today", _archive(700, original=True))
        self.act("au-product", 29.2, "the archive leaves the list", _archive_leaves)
        self.act("br-metrology", 22, "ids change their scheme", _new_ids)
        self.act("mx-gazette", 19, "ids change their scheme", _new_ids)
        self.hold("mx-gazette", 19, "discarded", 30, "ids that changed")

    def hold(self, source: str, day: float, becomes: str, least: int, why: str) -> None:
        self.story.decisions.append(
            Decision(source=source, at=self.story.at(day), becomes=becomes, least=least, why=why)
        )

    def edits(self) -> None:
        """Documents that change in place, leave and come back."""
        for number in range(8):
            self.act("kr-standards", 6.2 + 10 * number, "a deadline is moved", _deadline_moved(number))
            self.act("kr-standards", 7.2 + 10 * number, "a title is corrected", _title_corrected)
        for day in (10, 30, 60):
            self.act("tr-trade", day, "documents leave the list", _hide(3))
            self.act("tr-trade", day + 6, "they come back", _show_again)

    def silences(self) -> None:
        """Answers that bring less than they should."""
        begins, ends = self.freeze("nz-business", 45, 65)
        rate = 2.0  # on a working day
        days = math.ceil(math.log(1e4) / rate)
        within = timedelta(days=days * 7 / 5 + 5)
        frozen = ("nz-business", "frozen", begins, ends, SILENT)
        self.trouble(*frozen, within=within, well=DAY, unread=False, usual=10)
        begins, ends = self.story.at(30), self.story.at(72)
        self.act("in-bureau", 30, "only a quarter of the documents comes", _thin(begins, ends, 4))
        drip = ("in-bureau", "a slow drip", begins, ends, SILENT)
        self.trouble(*drip, within=21 * DAY, well=DAY, unread=False, usual=16)

    def freeze(self, source: str, first: float, last: float) -> tuple[datetime, datetime]:
        begins, ends = self.story.at(first), self.story.at(last)
        self.act(source, first, "publishes nothing", _thin(begins, ends, 0))
        self.act(source, last, "publishes again", _set())
        return begins, ends


def _set(**values: object) -> Callable[[Publisher], None]:
    def do(publisher: Publisher) -> None:
        for name, value in values.items():
            setattr(publisher, name, value)

    return do


def _mended(publisher: Publisher) -> None:
    """It stays as redesigned; from now on staff's selectors find its rows."""
    publisher.mode = "new design"


def _issue_missing(publisher: Publisher) -> None:
    now = publisher.now
    publisher.missing_issue = next(at for at in publisher.issues if at > now)


def _flood(count: int) -> Callable[[Publisher], None]:
    def do(publisher: Publisher) -> None:
        chance = Random(count)
        for _ in range(count):
            publisher.papers.append(a_paper(publisher, publisher.now, chance))

    return do


def _archive(count: int, *, original: bool = False) -> Callable[[Publisher], None]:
    def do(publisher: Publisher) -> None:
        chance, day = Random(count), (publisher.now - 400 * DAY).date()
        for _ in range(count):
            paper = a_paper(publisher, publisher.now, chance, fate="old")
            publisher.papers.append(replace(paper, original=day if original else None))
        publisher.window = publisher.nature.window + count

    return do


def _archive_leaves(publisher: Publisher) -> None:
    for paper in publisher.papers:
        paper.hidden = paper.hidden or paper.fate == "old"
    publisher.window = publisher.nature.window


def _new_ids(publisher: Publisher) -> None:
    for paper in publisher.papers:
        paper.scheme = "b"


def _deadline_moved(number: int) -> Callable[[Publisher], None]:
    def do(publisher: Publisher) -> None:
        paper = publisher.listing()[number]
        assert paper.deadline is not None
        paper.deadline += timedelta(days=30)
        paper.versions.append((publisher.now, "deadline moved"))

    return do


def _title_corrected(publisher: Publisher) -> None:
    paper = publisher.listing()[5]
    paper.title = paper.title.replace("notice", "a notice")


def _hide(count: int) -> Callable[[Publisher], None]:
    def do(publisher: Publisher) -> None:
        for paper in publisher.listing()[2 : 2 + count]:
            paper.hidden = True

    return do


def _show_again(publisher: Publisher) -> None:
    for paper in publisher.papers:
        paper.hidden = False


def _thin(begins: datetime, ends: datetime, one_in: int) -> Callable[[Publisher], None]:
    def do(publisher: Publisher) -> None:
        inside = [paper for paper in publisher.papers if begins <= paper.at < ends]
        kept: Iterable[object] = inside[::one_in] if one_in else ()
        leave = {id(paper) for paper in inside} - {id(paper) for paper in kept}
        publisher.papers = [paper for paper in publisher.papers if id(paper) not in leave]

    return do
