"""The documents of the demo: written for it, in the shape of the real ones. No Member notified any of this."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

GULF = ("ARE", "BHR", "KWT", "OMN", "QAT", "SAU", "YEM")
NAMES = {
    "KEN": "Kenya",
    "EU": "European Union",
    "ARE": "United Arab Emirates",
    "BHR": "Bahrain, Kingdom of",
    "KWT": "Kuwait, the State of",
    "OMN": "Oman",
    "QAT": "Qatar",
    "SAU": "Saudi Arabia, Kingdom of",
    "YEM": "Yemen",
    "BRA": "Brazil",
    "VNM": "Viet Nam",
    "USA": "United States of America",
    "KOR": "Korea, Republic of",
    "JPN": "Japan",
    "UGA": "Uganda",
    "IND": "India",
    "CHL": "Chile",
}
IDS = {"EU": "U918"}


@dataclass(frozen=True, kw_only=True)
class Written:
    """One notification of the demo."""

    symbols: tuple[str, ...]
    day: date
    title: str
    content: str
    products: str = ""
    hs: tuple[str, ...] = ()
    ics: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ("Protection of human health or safety",)
    deadline: date | None = None
    adoption: str = "To be determined"
    force: str = "To be determined"
    type: str = "Regular notification"

    def items(self) -> list[dict[str, Any]]:
        """As the API lists it: once for each notifying Member, each time with all symbols."""
        return [self._item(symbol.split("/")[3], number) for number, symbol in enumerate(self.symbols)]

    def _item(self, member: str, number: int) -> dict[str, Any]:
        return {
            "id": 900000 + abs(hash_of(self.symbols[0])) % 90000 * 10 + number,
            "area": "TBT",
            "notificationType": self.type,
            "notifyingMember": NAMES[member],
            "notifyingMemberCode": IDS.get(member, ""),
            "documentSymbol": " " + ", ".join(self.symbols),
            "title": f"<p>{self.title}</p>",
            "titlePlain": self.title,
            "description": f'<p style="margin:0">{self.content}</p>',
            "descriptionPlain": self.content,
            "productsFreeTextPlain": self.products or None,
            "hsCodes": [{"id": n, "code": code, "name": code} for n, code in enumerate(self.hs)],
            "icsCodes": [{"id": n, "code": code, "name": code} for n, code in enumerate(self.ics)],
            "objectives": [{"id": n, "name": name} for n, name in enumerate(self.objectives)],
            "distributionDate": f"{self.day.isoformat()}T00:00:00+00:00",
            "commentDeadlineDate": f"{self.deadline.isoformat()}T00:00:00+00:00" if self.deadline else None,
            "proposedAdoptionDateText": self.adoption,
            "proposedEntryIntoForceDateText": self.force,
            "notifiedDocumentLink": f"https://members.example/{self.symbols[0].replace('/', '-')}.pdf",
            "linkToNotification": f"https://notifications.example/{self.symbols[0].replace('/', '-')}",
        }


def hash_of(text: str) -> int:
    """A number for a text that is the same in every run."""
    value = 7
    for sign in text:
        value = value * 31 + ord(sign) & 0x7FFFFFFF
    return value


HISTORY = [
    Written(
        symbols=("G/TBT/N/BRA/9101",),
        day=date(2025, 10, 6),
        title="Draft ordinance on the energy labelling of household refrigerators",
        content="The draft sets efficiency classes and the form of the label for household refrigerators and freezers.",
        products="Household refrigerators and freezers",
        hs=("8418",),
        ics=("97.030",),
        deadline=date(2025, 12, 5),
        adoption="90 days after circulation by the WTO Secretariat",
        force="6 months after adoption",
    ),
    Written(
        symbols=("G/TBT/N/VNM/9055",),
        day=date(2025, 11, 24),
        title="Draft national technical regulation on the safety of toys",
        content="Mechanical, chemical and flammability requirements for toys, and their declaration of conformity.",
        products="Toys for children under 16 years of age",
        hs=("9503",),
        ics=("97.200.50",),
        deadline=date(2026, 1, 23),
    ),
    Written(
        symbols=("G/TBT/N/USA/9321",),
        day=date(2025, 11, 17),
        title="Energy conservation program: test procedure for LED lamps",
        content="The department proposes to amend how the light output and the input power of LED lamps are measured.",
        products="LED lamps",
        hs=("8539",),
        ics=("29.140",),
        deadline=date(2026, 1, 16),
    ),
    Written(
        symbols=("G/TBT/N/KOR/9410",),
        day=date(2025, 12, 1),
        title="Proposed amendment of the notice on cosmetic ingredients",
        content="Three preservatives are added to the list of substances that cosmetics must not contain.",
        products="Cosmetics",
        hs=("3304", "3305"),
        ics=("71.100.70",),
        deadline=date(2026, 1, 30),
    ),
    Written(
        symbols=("G/TBT/N/UGA/9620", "G/TBT/N/KEN/9280"),
        day=date(2025, 12, 8),
        title="Edible sunflower oil - Specification",
        content="The draft East African standard gives the requirements and test methods for edible sunflower oil.",
        products="Edible sunflower oil",
        hs=("1512",),
        ics=("67.200.10",),
        deadline=date(2026, 2, 6),
        objectives=("Quality requirements", "Consumer information, labelling"),
    ),
]

FRESH = [
    Written(
        symbols=("G/TBT/N/KEN/9367",),
        day=date(2026, 1, 9),
        title="Jelly drinks - Specification",
        content="The draft standard lays down requirements, sampling and test methods for jelly powder, jelly drinks "
        "and jelly crystals.",
        products="Jelly drinks and other non-alcoholic beverages",
        hs=("220299",),
        ics=("67.160.20",),
        deadline=date(2026, 3, 10),
        objectives=("Consumer information, labelling", "Protection of human health or safety"),
    ),
    Written(
        symbols=("G/TBT/N/EU/9024",),
        day=date(2026, 1, 8),
        title="Draft Commission Regulation on the labelling of batteries",
        content="The draft lays down the form of the label and of the digital passport for portable lithium-ion "
        "batteries placed on the market.",
        products="Portable lithium-ion batteries",
        hs=("850760",),
        ics=("29.220.30",),
        deadline=date(2026, 2, 1),
        adoption="2nd quarter 2026",
        force="20 days from publication in the Official Journal of the EU",
        objectives=("Protection of the environment", "Consumer information, labelling"),
    ),
    Written(
        symbols=tuple(f"G/TBT/N/{member}/{number}" for number, member in enumerate(GULF, 9701)),
        day=date(2026, 1, 8),
        title="Gulf technical regulation on toys",
        content="The draft regulation gives safety requirements for toys, their marking and the assessment of their "
        "conformity by a notified body.",
        products="Toys",
        hs=("9503",),
        ics=("97.200.50",),
        deadline=date(2026, 3, 9),
        force="180 days after publication in the gazette",
    ),
    Written(
        symbols=("G/TBT/N/JPN/9777",),
        day=date(2026, 1, 9),
        title="Partial amendment of the ordinance on radio equipment",
        content="Technical conditions for wireless LAN equipment in the 6 GHz band are amended.",
        products="Radio equipment",
        hs=("8517",),
        ics=("33.060",),
        deadline=date(2026, 2, 8),
    ),
]

RETYPED = replace(FRESH[0], title="Jelly drinks – Specification (first edition)")

ADDENDUM = Written(
    symbols=("G/TBT/N/EU/9024/Add.1",),
    day=date(2026, 1, 28),
    title="Draft Commission Regulation on the labelling of batteries",
    content="The comment period is extended until 1 March 2026.",
    deadline=date(2026, 3, 1),
    type="Addendum",
    adoption="",
    force="",
)

UNREADABLE: dict[str, Any] = {
    "id": 999999,
    "area": "TBT",
    "documentSymbol": "see the attached letter",
    "titlePlain": "A notification whose symbol was not typed in",
    "distributionDate": "2026-01-09T00:00:00+00:00",
}

FEED_BEFORE = [("notice-1", "Recall of a baby walker", "The walker can tip over on uneven floors.", "2026-01-05")]
FEED_AFTER = [
    *FEED_BEFORE,
    (
        "notice-2",
        "Recall of wooden toy blocks: small parts",
        "The blocks break into small parts on which a child can choke. Importers are asked to stop sales.",
        "2026-01-09",
    ),
]
