"""Not a benchmark: notifications of a made-up WTO in bulk, as rows of its workbook and as items of its API.

The same seed gives the same notifications in every process, and how many notices and measures they must become is
known without reading them. They come newest first, as the WTO lists them: nearly every addendum before what it amends.
Three in ten documents are addenda, one in forty is a joint notification that stands in a row for each of its Members,
one in two thousand has no symbol and cannot be read.
"""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from xml.sax.saxutils import escape

COLUMNS = (
    "Document symbol", "Notifying Member", "Title", "Description", "Products covered", "HS code(s)", "ICS code(s)",
    "Keywords", "Objectives", "Distribution date", "Final date for comments", "Notification type",
    "Notified document", "Proposed adoption  date", "Proposed entry  into  force date", "Link to notification(EN)",
)  # fmt: skip
MEMBERS = {
    "KEN": "Kenya", "UGA": "Uganda", "TZA": "Tanzania", "RWA": "Rwanda", "BDI": "Burundi", "BRA": "Brazil",
    "CHL": "Chile", "JPN": "Japan", "THA": "Thailand", "IDN": "Indonesia", "IND": "India", "MEX": "Mexico",
    "CAN": "Canada", "ISR": "Israel", "EGY": "Egypt", "VNM": "Viet Nam", "PER": "Peru", "AUS": "Australia",
}  # fmt: skip
JOINT = ("BDI", "KEN", "RWA", "TZA", "UGA")
PRODUCTS = (
    ("Toys", "9503", "97.200.50"), ("Portable lithium-ion batteries", "8507", "29.220.30"),
    ("Household refrigerators", "8418", "97.030"), ("LED lamps", "8539", "29.140"),
    ("Radio equipment", "8517", "33.060"), ("Knitted fabrics", "6001", "59.080"),
    ("Safety footwear", "6403", "61.060"), ("Office furniture", "9403", "97.140"),
    ("Cosmetics", "3304", "71.100.70"), ("Fruit juices", "2009", "67.160.20"),
    ("Ceramic tableware", "6911", "97.040.60"), ("Machine tools", "8457", "25.080"),
    ("Passenger cars", "8703", "43.100"), ("Biocidal substances", "3808", "71.100"),
    ("Cement", "2523", "91.100.10"), ("Medical gloves", "4015", "11.140"), ("Wheat flour", "1101", "67.060"),
    ("Steel pipes", "7306", "77.140.75"), ("Tyres", "4011", "83.160.10"), ("Fertilizers", "3105", "65.080"),
)  # fmt: skip
OBJECTIVES = (
    "Protection of human health or safety", "Consumer information, labelling", "Quality requirements",
    "Protection of the environment", "Prevention of deceptive practices and consumer protection", "Harmonization",
)  # fmt: skip
_COMMON = (
    "the draft lays down requirements for and of test methods marking labelling packaging sampling conformity "
    "assessment certificate importer manufacturer market safety limit content substance tolerance class energy label "
    "national standard technical regulation amends order decree article paragraph annex period transition product "
    "inspection laboratory accredited declaration information consumer warning instructions language durable storage "
    "composition nominal rated value performance scope definitions terms materials design construction mechanical "
    "electrical chemical physical hygiene traceability register fee surveillance penalty exemption small quantities"
)
#: Of a regulation's text: common words, and as many made up as it takes to weigh what real text weighs when packed.
WORDS = (*_COMMON.split(" "), *("".join(parts) for parts in product(("tor", "mel", "ska", "vin", "dru"), repeat=4)))
LAST_DAY = date(2026, 10, 30)
DAYS = 30 * 365
_EXCEL_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True)
class Written:
    """One document of the made-up WTO."""

    number: int  #: of its measure
    suffix: str  #: "" or "/Add.1"
    day: date
    members: tuple[str, ...]

    @property
    def symbols(self) -> tuple[str, ...]:
        """In stated order; none: its writer forgot it."""
        return tuple(f"G/TBT/N/{member}/{self.number}{self.suffix}" for member in self.members)


@dataclass(frozen=True)
class Expected:
    """What so many rows must become."""

    rows: int
    notices: int
    measures: int
    unreadable: int


class Bulk:
    """So many rows, newest first."""

    def __init__(self, rows: int, seed: int = 1) -> None:
        self._seed = seed
        chance = random.Random(f"bulk {seed}")
        singles = tuple(MEMBERS)
        written: list[Written] = []
        left, number = rows, 0
        while left:
            number += 1
            if number % 2000 == 0:
                written.append(Written(number, "", _a_day(chance), ()))
                left -= 1
                continue
            members = JOINT if chance.random() < 0.04 and left >= 5 else (chance.choice(singles),)
            day = _a_day(chance)
            written.append(Written(number, "", day, members))
            left -= len(members)
            for addendum in range(1, 1 + chance.choice((0, 0, 0, 0, 0, 1, 1, 1, 2, 3))):
                if left >= len(members):
                    day += timedelta(days=chance.randint(20, 300))
                    written.append(Written(number, f"/Add.{addendum}", day, members))
                    left -= len(members)
        self._written = sorted(written, key=lambda one: (one.day, one.number), reverse=True)
        readable = [one for one in written if one.members]
        self.expected = Expected(
            rows=rows,
            notices=len(readable),
            measures=sum(not one.suffix for one in readable),
            unreadable=len(written) - len(readable),
        )

    def items(self) -> Iterator[dict[str, Any]]:
        """As items of the API: one for each Member of a document."""
        for place, one in enumerate(self._written):
            texts = self._texts(one)
            for at, member in enumerate(one.members or ("KEN",)):
                yield {
                    "id": place * 10 + at,
                    "area": "TBT",
                    "notifyingMember": MEMBERS[member],
                    "documentSymbol": ", ".join(one.symbols),
                    "distributionDate": f"{one.day}T00:00:00+00:00",
                    "linkToNotification": f"https://documents.example/{place}",
                    **texts,
                }

    def rows(self) -> Iterator[tuple[str | int, ...]]:
        """As rows of the workbook, in the order of COLUMNS; days as Excel counts them."""
        for item in self.items():
            day = date.fromisoformat(item["distributionDate"][:10])
            deadline = item["commentDeadlineDate"]
            yield (
                item["documentSymbol"],
                item["notifyingMember"],
                item["titlePlain"],
                item["descriptionPlain"],
                item["productsFreeTextPlain"],
                "; ".join(code["name"] for code in item["hsCodes"]),
                "; ".join(code["name"] for code in item["icsCodes"]),
                "",
                "; ".join(objective["name"] for objective in item["objectives"]),
                (day - _EXCEL_EPOCH).days,
                (date.fromisoformat(deadline[:10]) - _EXCEL_EPOCH).days if deadline else "",
                item["notificationType"],
                item["notifiedDocumentLink"],
                item["proposedAdoptionDateText"],
                item["proposedEntryIntoForceDateText"],
                item["linkToNotification"],
            )

    def _texts(self, one: Written) -> dict[str, Any]:
        chance = random.Random(f"text {self._seed} {one.number}{one.suffix}")
        name, hs, ics = PRODUCTS[one.number % len(PRODUCTS)]
        if one.suffix:
            return _addendum(one, name, chance)
        deadline = one.day + timedelta(days=60) if chance.random() < 0.8 else None
        return {
            "notificationType": "Regular notification",
            "titlePlain": f"{name} - {_words(chance, 6)} {one.number}",
            "descriptionPlain": f"{_words(chance, 100).capitalize()}. {name}: {_words(chance, 100)}.",
            "productsFreeTextPlain": f"{name} (HS code(s): {hs})",
            "hsCodes": [{"code": hs, "name": f"{hs} - {name.lower()}, {_words(chance, 4)}"}],
            "icsCodes": [{"code": ics, "name": f"{ics} - {name}"}],
            "objectives": [{"name": wording} for wording in chance.sample(OBJECTIVES, chance.randint(1, 3))],
            "commentDeadlineDate": f"{deadline}T00:00:00+00:00" if deadline else None,
            "proposedAdoptionDateText": chance.choice(("To be determined", "90 days from circulation", "")),
            "proposedEntryIntoForceDateText": chance.choice(("To be determined", "6 months after adoption", "")),
            "notifiedDocumentLink": f"https://members.example/{one.number}_{chance.randrange(10**9):09d}.pdf",
        }


def _addendum(one: Written, name: str, chance: random.Random) -> dict[str, Any]:
    day = one.day + timedelta(days=chance.randint(30, 90))
    said = chance.choice(
        (
            f"The comment period is extended until {day.day} {day:%B %Y}.",
            f"The regulation was adopted on {one.day.day} {one.day:%B %Y}.",
            f"The regulation entered into force on {one.day.day} {one.day:%B %Y}.",
            f"Guidance is given: {_words(chance, 12)}.",
        )
    )
    return {
        "notificationType": "Addendum",
        "titlePlain": f"{name} - {_words(chance, 6)}",
        "descriptionPlain": f"{said} {_words(chance, 120).capitalize()}.",
        "productsFreeTextPlain": "",
        "hsCodes": [],
        "icsCodes": [],
        "objectives": [],
        "commentDeadlineDate": f"{day}T00:00:00+00:00" if "comment period" in said else None,
        "proposedAdoptionDateText": "",
        "proposedEntryIntoForceDateText": "",
        "notifiedDocumentLink": f"https://members.example/{one.number}{one.suffix.replace('/', '_')}.pdf",
    }


def _a_day(chance: random.Random) -> date:
    return LAST_DAY - timedelta(days=chance.randrange(DAYS))


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(WORDS, k=count))


def write_workbook(path: Path, rows: Iterator[tuple[str | int, ...]], *, count: int) -> None:
    """An .xlsx with these rows under COLUMNS, its texts as shared strings, in little memory."""
    known: dict[str, int] = {}
    strings = 0
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with TemporaryFile("w+", encoding="utf-8") as texts, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:

        def cell(value: str | int, column: str, row: int) -> str:
            nonlocal strings
            if isinstance(value, int):
                return f'<c r="{column}{row}"><v>{value}</v></c>'
            if not value:
                return ""
            at = known.get(value)
            if at is None:
                at, strings = strings, strings + 1
                texts.write(f"<si><t>{escape(value)}</t></si>")
                if len(value) < 60 and len(known) < 5_000:
                    known[value] = at
            return f'<c r="{column}{row}" t="s"><v>{at}</v></c>'

        for name, body in _PARTS.items():
            archive.writestr(name, body)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<worksheet xmlns="{main}"><dimension ref="A1:P{count + 1}"/><sheetData>'.encode())
            for number, row in enumerate(_with_header(rows), start=1):
                cells = "".join(cell(value, chr(65 + place), number) for place, value in enumerate(row))
                sheet.write(f'<row r="{number}">{cells}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")
        with archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as shared:
            shared.write(f'<sst xmlns="{main}" uniqueCount="{strings}">'.encode())
            texts.seek(0)
            while block := texts.read(1 << 20):
                shared.write(block.encode())
            shared.write(b"</sst>")


def _with_header(rows: Iterator[tuple[str | int, ...]]) -> Iterator[tuple[str | int, ...]]:
    yield COLUMNS
    yield from rows


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET}.worksheet+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_SHEET}.sharedStrings+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    f'xmlns:r="{_OFFICE}"><sheets><sheet name="Notifications" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
}
