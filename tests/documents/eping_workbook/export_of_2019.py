"""The export of 2019: other names, other order, words above the header, HS and ICS in one column, real date cells."""

from datetime import date, datetime

from watcher.dates import DateFact, DateQuality
from watcher.notice import Notice

ROWS = [
    ["Notifications"],
    [],
    ["Search: lamps", "Distribution date: from 01/01/2019"],
    ["Symbol", "Notifying Member(s)", "DISTRIBUTION DATE", "Title", "Description of content", "Products (free text)",
     "Products (HS/ICS code)", "Objectives", "Keywords(SPS Only)", "Regions or countries affected(SPS Only)",
     "Final date for comments", "Notification type", "Link to notification (EN)", "Link to notification (FR)",
     "Link(s) to full text"],
    ["G / TBT / N / BRA / 962", "Brazil", datetime.fromisoformat("2019-05-06"), "Lamps", "Energy labels.", "LED lamps",
     "HS: 9405, 8539; ICS: 29.140", "Quality requirements", None, None, date(2019, 7, 5), "Regular notification",
     "https://docs.example/e", "https://docs.example/f", "www.example.org/full.pdf"],
]  # fmt: skip

EXPECTED = (
    Notice(
        issuer="WTO",
        symbols=("G/TBT/N/BRA/962",),
        notifying_members=("BRA",),
        title="Lamps",
        content_summary="Energy labels.",
        products_covered="LED lamps",
        hs_codes=("8539", "9405"),
        ics_codes=("29.140",),
        objectives=("quality",),
        distribution_date=date(2019, 5, 6),
        comment_deadline=DateFact(value=date(2019, 7, 5), quality=DateQuality.STATED, wording="2019-07-05"),
        links=("https://www.example.org/full.pdf",),
        page="https://docs.example/e",
    ),
)
