"""Measures, in a list and alone."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, Field

from rules.classification import Grade
from tbtwatch.web.api.models.dates import DateOf
from watcher.measure import ChangeKind, MeasureStatus

SYMBOL = "G/TBT/N/EU/1024"


class Market(BaseModel):
    """A market."""

    code: str = Field(description="As the WTO names the Member, three letters; EU.", examples=["KEN"])
    name: str = Field(description="In the language asked for.", examples=["Kenya"])


class AreaOf(BaseModel):
    """A product area of a measure."""

    key: str = Field(description="The area.", examples=["batteries"])
    name: str = Field(description="In the language asked for.", examples=["Batteries"])
    grade: Grade = Field(
        description="`direct`: its code or name is stated. `probable`: it is named in the text. `broad`: only a wider "
        "group is named."
    )


class MeasureLine(BaseModel):
    """A measure in a list."""

    id: int = Field(description="Its number here.", examples=[17])
    symbol: str = Field(description="Its first symbol; empty if its issuer numbers nothing.", examples=[SYMBOL])
    symbols: list[str] = Field(description="All its base symbols: several if notified jointly.", examples=[[SYMBOL]])
    title: str = Field(description="As notified; others' words, text and nothing else.")
    markets: list[Market] = Field(description="Who notified it.")
    status: MeasureStatus = Field(description="How far it has come today.")
    open_for_comments: bool = Field(description="Whether comments are taken today.")
    comment_deadline: DateOf = Field(description="Final date for comments.")
    act_by: date | None = Field(description="By when your own enquiry point wants comments.", examples=["2026-02-24"])
    hs_codes: list[str] = Field(description="HS codes as stated, digits alone.", examples=[["850760"]])
    inferred_hs_codes: list[str] = Field(description="HS codes inferred from its words, where none are stated.")
    ics_codes: list[str] = Field(description="ICS codes as stated.", examples=[["29.220.30"]])
    areas: list[AreaOf] = Field(description="Product areas, the surest first.")
    first_distributed: date | None = Field(description="When its first document came out.")
    last_distributed: date | None = Field(description="When its latest document came out.")
    recorded_at: datetime = Field(description="When it was recorded here.")
    url: str = Field(description="It alone, in this API.", examples=["/api/v1/measures/17"])
    page: str = Field(description="Its page for people.", examples=["/en/m/G/TBT/N/EU/1024"])


class Measures(BaseModel):
    """Some of the measures that fit."""

    total: int = Field(description="How many fit in all.", examples=[231])
    next: str | None = Field(description="Where the next ones are; null: there are no more.")
    measures: list[MeasureLine] = Field(description="In the order asked for.")


class CountOf(BaseModel):
    """How many measures choosing a value would leave."""

    value: str = Field(description="The value, as the parameter takes it.", examples=["KEN"])
    name: str = Field(description="In the language asked for.", examples=["Kenya"])
    count: int = Field(description="How many measures.", examples=[12])


class MeaningOf(BaseModel):
    """What a word was understood as besides itself."""

    word: str = Field(description="As it was typed.", examples=["电池"])
    kind: str = Field(description="`market`, `area` or `hs`.", examples=["hs"])
    value: str = Field(description="The code or key.", examples=["8507"])


class Found(BaseModel):
    """What a search found, and what each filter would leave."""

    total: int = Field(description="How many measures fit.", examples=[231])
    of: int = Field(description="How many measures there are.", examples=[40213])
    open_for_comments: int = Field(description="How many of those that fit take comments.", examples=[14])
    meanings: list[MeaningOf] = Field(description="Words that also name a market, an area or goods.")
    loosely: list[str] = Field(description="Words nobody writes in one piece, found in their parts.")
    counts: dict[str, list[CountOf]] = Field(description="By filter: its values, the most frequent first.")
    measures: list[MeasureLine] = Field(description="The first 25; `measures` at the same parameters gives all.")


class SourceOf(BaseModel):
    """A source that reported a measure."""

    name: str = Field(examples=["wto-eping-workbook"], description="Its name.")
    title: str = Field(description="What it is called.")
    stated_at: datetime = Field(description="When it last said something else than before.")
    checked_at: datetime | None = Field(description="When it was last read; null: never with success.")


class MeasureWhole(MeasureLine):
    """A measure with all its facts."""

    issuer: str = Field(description="Who numbers it.", examples=["WTO"])
    domain: str = Field(description="`TBT` or `SPS`; empty for a regulator's own.", examples=["TBT"])
    content_summary: str = Field(description="As notified.")
    products_covered: str = Field(description="As notified.")
    further_text: str = Field(description="What later documents add in prose.")
    objectives: list[str] = Field(description="Why it is made, by key.", examples=[["human_health"]])
    responsible_agency: str = Field(description="As notified.")
    legal_basis: list[str] = Field(description="Articles of the agreement it is notified under.", examples=[["2.9.2"]])
    proposed_adoption: DateOf = Field(description="When it is planned to be adopted.")
    adopted_on: DateOf = Field(description="When it was adopted.")
    published_on: DateOf = Field(description="When it was published.")
    proposed_entry_into_force: DateOf = Field(description="When it is planned to enter into force.")
    in_force_on: DateOf = Field(description="When it entered into force.")
    language: str = Field(description="Of its words.", examples=["en"])
    ruleset_version: int = Field(description="The version of the rules it is classified by.", examples=[3])
    links: list[str] = Field(description="Documents, web links only.")
    source_page: str | None = Field(description="The issuer's own page.")
    sources: list[SourceOf] = Field(description="Where this comes from, and when that was last looked at.")
    timeline_url: str = Field(description="Its documents, and what each changed.")
    evidence_url: str = Field(description="Why it is classified so.")


class ChangeOf(BaseModel):
    """A fact that a document changed."""

    kind: ChangeKind = Field(description="What kind of news it is.")
    field: str = Field(description="The fact; empty: the whole measure.", examples=["comment_deadline"])
    old: str = Field(description="Before; empty: there was none.", examples=["2026-03-10"])
    new: str = Field(description="After.", examples=["2026-03-20"])
    quote: str = Field(description="The words it was read from, where it was read from prose.")


class DocumentOf(BaseModel):
    """A document of a measure."""

    symbols: list[str] = Field(description="Its symbols.", examples=[[f"{SYMBOL}/Add.1"]])
    type: str = Field(description="regular, addendum, revision …", examples=["addendum"])
    distributed: date | None = Field(description="When it came out.")
    title: str = Field(description="As notified.")
    content_summary: str = Field(description="As notified.")
    changes: list[ChangeOf] = Field(description="What it changed.")
    links: list[str] = Field(description="Web links only.")
    page: str | None = Field(description="The issuer's own page.")


class Timeline(BaseModel):
    """How a measure came to be what it is."""

    id: int = Field(description="The measure.", examples=[17])
    symbol: str = Field(description="Its first symbol.", examples=[SYMBOL])
    documents: list[DocumentOf] = Field(description="The newest first.")


class EvidenceOf(BaseModel):
    """One reason."""

    rule: str = Field(description="The rule, or what read it without one.", examples=["batteries-by-hs"])
    field: str = Field(description="The fact it stands in.", examples=["hs_codes"])
    quotes: list[str] = Field(description="The words.", examples=[["850760"]])
    grade: Grade = Field(description="How sure it makes.")


class FindingOf(BaseModel):
    """What a measure is held to be, and why."""

    facet: str = Field(description="`area`, `kind`, `stage`, `hs`, `ics`, `objective` …", examples=["area"])
    value: str = Field(description="The key or code.", examples=["batteries"])
    grade: Grade = Field(description="How sure.")
    note: str = Field(description="Why it counts more or less than its words.")
    evidence: list[EvidenceOf] = Field(description="All that speaks for it.")


class EvidenceFor(BaseModel):
    """Why a measure is classified as it is."""

    id: int = Field(description="The measure.", examples=[17])
    symbol: str = Field(description="Its first symbol.", examples=[SYMBOL])
    ruleset_version: int = Field(description="The version of the rules.", examples=[3])
    findings: list[FindingOf] = Field(description="Areas first, then the facets.")
