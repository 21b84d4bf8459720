"""The bulk file: double blanks in two names, days as Excel's serial numbers, the header in the first row."""

from datetime import date

from watcher.dates import DateFact, DateQuality
from watcher.notice import Notice, NoticeType

ROWS = [
    ["Document symbol", "Notifying Member", "Title", "Description", "Products covered", "HS code(s)", "ICS code(s)",
     "Keywords", "Objectives", "Distribution date", "Final date for comments", "Notification type", "Notified document",
     "Proposed adoption  date", "Proposed entry  into  force date", "Link to notification(EN)"],
    ["G/TBT/N/KEN/1601", "Kenya", "Batteries", "Requirements for batteries.", "Lithium batteries",
     "8507 - Electric accumulators; 8506 - Primary cells", "29.220 - Galvanic cells and batteries", "",
     "Protection of the environment; Consumer information, labelling", 46205, 46265, "Regular notification",
     "https://members.example/a.pdf\nhttps://members.example/b.pdf", "Not yet determined", 46388,
     "https://docs.example/KEN1601"],
    [None, None, None, None],
    ["G/TBT/N/ARE/9/Rev.1, G/TBT/N/SAU/8/Rev.1", "Saudi Arabia, Kingdom of", "Toys", None, None, 9503, None, None, None,
     "2026-07-03", "02/09/2026", "Revision", None, None, None, None],
    ["G/SPS/N/JPN/700", "Japan", "Rice", None, None, None, None, None, None, 46205],
    ["n/a", "Japan", "No symbol yet"],
]  # fmt: skip

EXPECTED = (
    Notice(
        issuer="WTO",
        symbols=("G/TBT/N/KEN/1601",),
        notifying_members=("KEN",),
        title="Batteries",
        content_summary="Requirements for batteries.",
        products_covered="Lithium batteries",
        hs_codes=("8506", "8507"),
        ics_codes=("29.220",),
        objectives=("environment", "consumer_information"),
        distribution_date=date(2026, 7, 2),
        comment_deadline=DateFact(value=date(2026, 8, 31), quality=DateQuality.STATED, wording="2026-08-31"),
        proposed_adoption=DateFact(wording="Not yet determined"),
        proposed_entry_into_force=DateFact(value=date(2027, 1, 1), quality=DateQuality.STATED, wording="2027-01-01"),
        links=("https://members.example/a.pdf", "https://members.example/b.pdf"),
        page="https://docs.example/KEN1601",
    ),
    Notice(
        issuer="WTO",
        symbols=("G/TBT/N/ARE/9/Rev.1", "G/TBT/N/SAU/8/Rev.1"),
        type=NoticeType.REVISION,
        notifying_members=("ARE", "SAU"),
        title="Toys",
        hs_codes=("9503",),
        distribution_date=date(2026, 7, 3),
        comment_deadline=DateFact(value=date(2026, 9, 2), quality=DateQuality.STATED, wording="02/09/2026"),
    ),
    "row 6: the document symbol 'n/a' cannot be read",
)
