from datetime import date

from watcher.notice import Notice

CONFIG = {"issuer": "US-REG", "market": "USA", "day_order": "mdy", "symbol_pattern": r"\b\d\d-\d{3}\b"}
KEYS = ("regulator.example/recalls/26-101", "helmets", "chairs tip over 2026-07-08")
EXPECTED = (
    Notice(
        issuer="US-REG",
        symbols=("26-101",),
        area="",
        notifying_members=("USA",),
        title="Night lights & lamps recalled Bcc: someone@example.org",
        content_summary="Night lights may overheat.",
        distribution_date=date(2026, 7, 6),
        links=("https://regulator.example/26-101.pdf",),
        page="https://regulator.example/recalls/26-101?utm_source=rss",
    ),
    Notice(
        issuer="US-REG",
        symbols=("26-102",),
        area="",
        notifying_members=("USA",),
        title="Helmets",
        content_summary="Helmets of model 26-102 break.",
        distribution_date=date(2026, 7, 7),
    ),
    Notice(
        issuer="US-REG",
        symbols=("chairs tip over 2026-07-08",),
        area="",
        notifying_members=("USA",),
        title="Chairs tip over",
        distribution_date=date(2026, 7, 8),
    ),
)
