from datetime import date

from watcher.notice import Notice, NoticeType

CONFIG = {"issuer": "WTO"}
KEYS = ("tag:news.example,2026:1", "tag:news.example,2026:2", "tag:news.example,2026:3")
EXPECTED = (
    Notice(
        issuer="WTO",
        symbols=("G/TBT/N/KEN/1601/Add.1", "G/TBT/N/UGA/1701/Add.1"),
        type=NoticeType.ADDENDUM,
        notifying_members=("KEN", "UGA"),
        title="Addendum to G/TBT/N/KEN/1601: G/TBT/N/KEN/1601/Add.1, G/TBT/N/UGA/1701/Add.1",
        content_summary="New deadline for jelly drinks.",
        related_symbols=("G/TBT/N/KEN/1601",),
        distribution_date=date(2026, 7, 9),
        page="https://news.example/1",
    ),
    Notice(
        issuer="WTO",
        symbols=("G/TBT/N/EU/1024",),
        notifying_members=("EU",),
        title="Lamps",
        content_summary="See also G/TBT/N/USA/5.",
        related_symbols=("G/TBT/N/USA/5",),
        distribution_date=date(2026, 7, 8),
        page="https://docs.example/view?symbol=G%2FTBT%2FN%2FEU%2F1024",
    ),
    "entry 'The committee met' shows no WTO document symbol",
)
