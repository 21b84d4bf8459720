from datetime import date

from watcher.notice import Notice

CONFIG = {
    "issuer": "JP-DRAFTS",
    "market": "JPN",
    "language": "ja",
    "time_zone": "Asia/Tokyo",
    "symbol_pattern": r"[?&]id=(\d+)",
}
KEYS = ("drafts.example/show?CLASS=D&id=550001",)
EXPECTED = (
    Notice(
        issuer="JP-DRAFTS",
        symbols=("550001",),
        area="",
        notifying_members=("JPN",),
        title="電気用品安全法施行規則の改正案について",
        content_summary="案の公示日：2026/08/17\n受付締切日時：2026/09/16",
        distribution_date=date(2026, 8, 17),
        page="https://drafts.example/show?CLASS=D&id=550001",
        language="ja",
    ),
)
