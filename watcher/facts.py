"""The current facts of a measure: its notices, read in order, each upon what those before it said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from watcher.addenda.addendum import Reading, read_addendum, read_revision, read_text
from watcher.dates import UNKNOWN, DateFact, DateQuality
from watcher.dates.reading import read_date
from watcher.days import known_days, last_day
from watcher.measure import Facts, MeasureStatus
from watcher.notice import Notice, NoticeType
from watcher.products import same_products, without_label
from watcher.reading_order import WTO, reading_order, type_of

#: Articles of the Agreement for urgent problems: such a measure is notified when it is adopted, not when it is planned.
_URGENT = ("2.10", "5.7")
_ADOPTED_OR_LATER = (MeasureStatus.ADOPTED, MeasureStatus.IN_FORCE)
_LONGEST_FURTHER = 40_000  # characters of a regulator's earlier texts
_LONGEST_DOCUMENTS = 80_000  # characters of all the documents of a measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One notice in reading order, with the facts before and after it."""

    notice: Notice
    before: Facts
    after: Facts
    reading: Reading


def facts_of(notices: Iterable[Notice]) -> Facts:
    """What holds for a measure with these notices. It does not depend on the order they come in."""
    facts = Facts()
    for step in steps(notices):
        facts = step.after
    return facts


def steps(notices: Iterable[Notice]) -> Iterator[Step]:
    """The notices in reading order, each with the facts before and after."""
    stated = before = Facts()
    begun: date | None = None
    textless = True
    for index, notice in enumerate(reading_order(notices)):
        is_text = type_of(notice) in (NoticeType.REGULAR, NoticeType.REVISION)
        textless = textless and not is_text
        stated, reading = _with(stated, before, notice, begun, first=index == 0, textless=textless)
        if is_text:
            begun = begun or notice.distribution_date
        after = _counted(stated)
        yield Step(notice=notice, before=before, after=after, reading=reading)
        before = after


def status_on(facts: Facts, day: date) -> MeasureStatus:
    """How far a measure has come on a day of its market: an announced entry into force comes without another notice.

    A coarse date ("June 2027") has come when its last day has.
    """
    if facts.status in (MeasureStatus.WITHDRAWN, MeasureStatus.IN_FORCE):
        return facts.status
    settled = facts.in_force_on.quality in (DateQuality.STATED, DateQuality.COMPUTED)
    last = last_day(facts.in_force_on) if settled else None
    return MeasureStatus.IN_FORCE if last is not None and last <= day else facts.status


def facts_on(facts: Facts, day: date) -> Facts:
    """The facts as they are to be shown on a day of the market: with the status that `status_on` gives."""
    return replace(facts, status=status_on(facts, day))


def _with(
    stated: Facts, before: Facts, notice: Notice, begun: date | None, *, first: bool, textless: bool
) -> tuple[Facts, Reading]:
    """The facts with one more notice. `before` are the same facts with the dates that could be counted.

    `textless`: neither this notice nor one before it is a text of the measure; it is known from addenda alone.
    """
    if (products := without_label(notice.products_covered)) != notice.products_covered:
        notice = replace(notice, products_covered=products)
    match type_of(notice):
        case NoticeType.REGULAR:
            reading = read_text(notice)
            if reading.deadline:
                notice = replace(notice, comment_deadline=reading.deadline)
            another = _joined if notice.issuer == WTO else _continued
            facts = _begun(notice) if first else another(_with_text(stated), notice)
        case NoticeType.REVISION:
            reading = read_revision(notice, before)
            facts = _replaced(_with_text(stated), notice, reading)
        case _:
            reading = read_addendum(notice, before, begun=begun, textless=textless)
            facts = _amended(stated, notice, reading, first=first)
    days = [day for day in (stated.first_distributed, stated.last_distributed, notice.distribution_date) if day]
    facts = replace(
        facts,
        notifying_members=_union(stated.notifying_members, notice.notifying_members),
        first_distributed=min(days, default=None),
        last_distributed=max(days, default=None),
        page=notice.page or stated.page,
        document_text=_documents(stated, notice),
    )
    return facts, reading


def _with_text(stated: Facts) -> Facts:
    """The facts once a text is there: of what it says no more is known than that somebody plans it."""
    return replace(stated, status=MeasureStatus.DRAFT) if stated.status is MeasureStatus.UNKNOWN else stated


def _documents(stated: Facts, notice: Notice) -> str:
    """The text of the linked documents. That of a revision replaces what was there; of very much the end."""
    earlier = "" if type_of(notice) is NoticeType.REVISION and notice.document_text else stated.document_text
    new = "" if notice.document_text in earlier else notice.document_text
    return "\n\n".join(text for text in (earlier, new) if text)[-_LONGEST_DOCUMENTS:]


def _begun(notice: Notice) -> Facts:
    """The facts of a first text."""
    facts = Facts(
        title=notice.title,
        content_summary=notice.content_summary,
        products_covered=notice.products_covered,
        hs_codes=notice.hs_codes,
        ics_codes=notice.ics_codes,
        objectives=notice.objectives,
        responsible_agency=notice.responsible_agency,
        legal_basis=notice.legal_basis,
        area=notice.area,
        comment_deadline=notice.comment_deadline,
        proposed_adoption=notice.proposed_adoption,
        proposed_entry_into_force=notice.proposed_entry_into_force,
        links=notice.links,
        language=notice.language,
    )
    if any(article.startswith(_URGENT) for article in notice.legal_basis):
        facts = _urgent(facts, notice.distribution_date)
    return facts


def _urgent(facts: Facts, day: date | None) -> Facts:
    """An urgent measure whose "proposed" dates lie behind its notification is what it says: adopted, in force."""
    if _is_past(facts.proposed_adoption, day):
        facts = replace(facts, status=MeasureStatus.ADOPTED, adopted_on=facts.proposed_adoption)
    if _is_past(facts.proposed_entry_into_force, day):
        facts = replace(facts, status=MeasureStatus.IN_FORCE, in_force_on=facts.proposed_entry_into_force)
    return facts


def _is_past(stated: DateFact, day: date | None) -> bool:
    last = last_day(stated)
    return stated.quality is DateQuality.STATED and last is not None and day is not None and last <= day


def _joined(stated: Facts, notice: Notice) -> Facts:
    """A second first text: the same rule, notified by another Member on its own. What the first says, holds."""
    return replace(
        _filled(stated, notice),
        hs_codes=tuple(sorted({*stated.hs_codes, *notice.hs_codes})),
        ics_codes=tuple(sorted({*stated.ics_codes, *notice.ics_codes})),
        comment_deadline=_known(stated.comment_deadline, notice.comment_deadline),
        proposed_adoption=_known(stated.proposed_adoption, notice.proposed_adoption),
        proposed_entry_into_force=_known(stated.proposed_entry_into_force, notice.proposed_entry_into_force),
    )


def _continued(stated: Facts, notice: Notice) -> Facts:
    """A regulator's next document on the same matter, the rule after its draft: what it states holds from now on.

    What it does not state stays. Codes, products and earlier texts are kept beside its own: a recall may come in as
    many documents as it has products, and each of them is what somebody watches for.
    """
    return replace(
        stated,
        title=notice.title or stated.title,
        content_summary=notice.content_summary or stated.content_summary,
        products_covered=_listed(stated.products_covered, notice.products_covered),
        hs_codes=tuple(sorted({*stated.hs_codes, *notice.hs_codes})),
        ics_codes=tuple(sorted({*stated.ics_codes, *notice.ics_codes})),
        objectives=_union(stated.objectives, notice.objectives),
        responsible_agency=notice.responsible_agency or stated.responsible_agency,
        legal_basis=_union(stated.legal_basis, notice.legal_basis),
        area=notice.area or stated.area,
        links=_union(stated.links, notice.links),
        language=notice.language if notice.title or notice.content_summary else stated.language,
        comment_deadline=_restated(stated.comment_deadline, notice.comment_deadline),
        proposed_adoption=_restated(stated.proposed_adoption, notice.proposed_adoption),
        proposed_entry_into_force=_restated(stated.proposed_entry_into_force, notice.proposed_entry_into_force),
        further_text=_earlier(stated, notice),
    )


def _listed(old: str, new: str) -> str:
    """Both lists of products, each line once."""
    return "\n".join(dict.fromkeys(line for text in (old, new) for line in text.splitlines() if line.strip()))


def _earlier(stated: Facts, notice: Notice) -> str:
    """The texts that this notice's own take the place of, kept for search; of very many the latest."""
    title = stated.title if notice.title and notice.title != stated.title else ""
    content = stated.content_summary if notice.content_summary else ""
    content = content if content != notice.content_summary else ""
    kept = [text for text in (title, content) if text and text not in stated.further_text]
    return "\n\n".join(text for text in (stated.further_text, *kept) if text)[-_LONGEST_FURTHER:]


def _replaced(stated: Facts, notice: Notice, reading: Reading) -> Facts:
    """A revision: what it states replaces, what it leaves out stays. If it asks for comments, it is a draft again."""
    new = replace(_begun(notice), status=stated.status)
    kept = {name: getattr(new, name) or getattr(stated, name) for name in _TEXTS}
    facts = replace(
        stated,
        **kept,
        area=notice.area or stated.area,
        language=notice.language if notice.title or notice.content_summary else stated.language,
        comment_deadline=reading.deadline or _restated(stated.comment_deadline, notice.comment_deadline),
        proposed_adoption=_restated(stated.proposed_adoption, notice.proposed_adoption),
        proposed_entry_into_force=_restated(stated.proposed_entry_into_force, notice.proposed_entry_into_force),
    )
    if reading.deadline or reading.asks_for_comments or stated.status is MeasureStatus.WITHDRAWN:
        facts = replace(
            facts, status=MeasureStatus.DRAFT, adopted_on=UNKNOWN, published_on=UNKNOWN, in_force_on=UNKNOWN
        )
    return facts


_TEXTS = (
    "title",
    "content_summary",
    "products_covered",
    "hs_codes",
    "ics_codes",
    "objectives",
    "responsible_agency",
    "legal_basis",
    "links",
)


def _amended(stated: Facts, notice: Notice, reading: Reading, *, first: bool) -> Facts:
    """An addendum, corrigendum or supplement: its text is added, its dates and products hold from now on."""
    facts = replace(
        _filled(stated, notice, with_text=first),
        products_covered=_products(stated, notice, reading),
        hs_codes=_corrected(notice.hs_codes or stated.hs_codes, reading, hs=True),
        ics_codes=_corrected(notice.ics_codes or stated.ics_codes, reading, hs=False),
        links=_union(stated.links, notice.links),
        further_text=stated.further_text if first else _longer(stated, notice),
        comment_deadline=reading.deadline or stated.comment_deadline,
        proposed_adoption=reading.planned_adoption or stated.proposed_adoption,
        proposed_entry_into_force=reading.planned_force or stated.proposed_entry_into_force,
        adopted_on=_surer(stated.adopted_on, reading.adopted),
        published_on=_surer(stated.published_on, reading.published),
        in_force_on=_surer(stated.in_force_on, reading.in_force),
        status=_status(MeasureStatus.UNKNOWN if first else stated.status, reading),
    )
    return _with_moved_force(facts, reading, notice.distribution_date)


def _corrected(codes: tuple[str, ...], reading: Reading, *, hs: bool) -> tuple[str, ...]:
    for correction in reading.codes:
        if correction.hs is hs:
            codes = correction.applied_to(codes)
    return codes


def _status(known: MeasureStatus, reading: Reading) -> MeasureStatus:
    """How far the measure has come by an addendum, known to have come so far before it.

    Of a measure that is known from addenda alone it is only said what they say: that comments are asked for, or that
    it is to be adopted, makes it a draft.
    """
    if reading.withdrawn:
        return MeasureStatus.WITHDRAWN
    if reading.is_in_force:
        return MeasureStatus.IN_FORCE
    if reading.is_adopted and known is not MeasureStatus.IN_FORCE:
        return MeasureStatus.ADOPTED
    if known is MeasureStatus.UNKNOWN and (reading.asks_for_comments or reading.planned_adoption):
        return MeasureStatus.DRAFT
    return known


def _with_moved_force(facts: Facts, reading: Reading, day: date | None) -> Facts:
    moved = reading.moved_force
    if moved is None:
        return facts
    if facts.status not in _ADOPTED_OR_LATER and facts.in_force_on.value is None:
        return replace(facts, proposed_entry_into_force=moved)
    to_come = moved.value is None or (day is not None and moved.value > day)
    status = MeasureStatus.ADOPTED if facts.status is MeasureStatus.IN_FORCE and to_come else facts.status
    return replace(facts, in_force_on=moved, status=status)


def _filled(stated: Facts, notice: Notice, *, with_text: bool = True) -> Facts:
    """What is not known yet of a measure is taken from any of its notices."""
    return replace(
        stated,
        title=stated.title or notice.title,
        content_summary=stated.content_summary or (notice.content_summary if with_text else ""),
        products_covered=stated.products_covered or notice.products_covered,
        objectives=stated.objectives or notice.objectives,
        responsible_agency=stated.responsible_agency or notice.responsible_agency,
        legal_basis=stated.legal_basis or notice.legal_basis,
        area=stated.area if stated.title else notice.area,
        language=stated.language if stated.title or stated.content_summary else notice.language,
        links=_union(stated.links, notice.links),
    )


def _products(stated: Facts, notice: Notice, reading: Reading) -> str:
    """An addendum mostly repeats the products of the first text, in its own words or those of a portal."""
    old, new = stated.products_covered, notice.products_covered
    if not old or not new:
        return old or new
    repeats = not reading.scope_changed and (notice.hs_codes or stated.hs_codes) == stated.hs_codes
    return old if same_products(old, new, restated=repeats) else new


def _longer(stated: Facts, notice: Notice) -> str:
    title = notice.title if notice.title not in (stated.title, "") else ""
    return "\n\n".join(text for text in (stated.further_text, title, notice.content_summary) if text)


def _counted(facts: Facts) -> Facts:
    """The facts with every date counted whose event is known: "6 months after adoption", once that day is known."""
    anchors = known_days(facts)

    def read(fact: DateFact) -> DateFact:
        if fact.value is not None or fact.quality is not DateQuality.UNKNOWN or not fact.wording or fact.doubt:
            return fact
        counted = read_date(fact.wording, anchors=anchors)
        return counted if counted.quality is DateQuality.COMPUTED else fact

    if not anchors:
        return facts
    return replace(
        facts,
        proposed_entry_into_force=read(facts.proposed_entry_into_force),
        proposed_adoption=read(facts.proposed_adoption),
        in_force_on=read(facts.in_force_on),
    )


def _restated(old: DateFact, new: DateFact) -> DateFact:
    return new if new.value is not None or new.wording else old


def _known(old: DateFact, new: DateFact) -> DateFact:
    return new if old.value is None and new.value is not None else old


def _surer(old: DateFact, new: DateFact | None) -> DateFact:
    """Adopted "on a day unknown" does not wipe out the day that is known."""
    return old if new is None or (new.value is None and old.value is not None) else new


def _union(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*old, *new)))
