"""The thirty publishers, as they are on a good day."""

from __future__ import annotations

from datetime import date

from tests.journeys.quarter.publishers import Nature

_CHRISTMAS = ((date(2025, 12, 24), date(2026, 1, 2)),)
_SPRING = ((date(2026, 2, 15), date(2026, 2, 23)),)
_CASES = {"symbol_pattern": r"Q\d{6}"}
_WEEKEND = "<ttl>360</ttl><skipDays><day>Saturday</day><day>Sunday</day></skipDays>"
_HALF_A_DAY = {"Cache-Control": "max-age=43200"}
_PAGED = {"paging": {"by": "page", "parameter": "page", "newest_first": True}, "overlap_days": 2}
_OFFSET = {"paging": {"by": "offset", "parameter": "from"}}


def _nature(number: int, name: str, form: str, where: str, per_week: float, every: int, **over: object) -> Nature:
    market, zone = where.split(" ")
    values = {"number": number, "name": name, "form": form, "market": market, "zone": zone, "per_week": per_week}
    return Nature(**{**values, "every": every, **over})  # type: ignore[arg-type]


_CPSC = {"issuer": "US-CPSC"}

CAST: tuple[Nature, ...] = (
    _nature(1, "us-recalls", "rss", "USA America/New_York", 12, 180, window=60, settings=_CASES, **_CPSC),
    _nature(2, "us-register", "json_api", "USA America/New_York", 60, 360, window=3000, settings=_PAGED),
    _nature(3, "us-recalls-api", "json_api", "USA America/New_York", 6, 240, window=60, **_CPSC),
    _nature(4, "ca-recalls", "atom", "CAN America/Toronto", 8, 240),
    # The settings count its issues: its items come in one lump.
    _nature(5, "ca-gazette", "gazette", "CAN America/Toronto", 15, 720, settings={"expected_per_week": 1.0}),
    _nature(6, "eu-safety", "rss", "EU Europe/Brussels", 20, 240, window=100),
    _nature(7, "eu-journal", "json_feed", "EU Europe/Brussels", 30, 240, window=400),
    _nature(8, "de-approvals", "html", "DEU Europe/Berlin", 5, 720),
    _nature(9, "fr-recalls", "csv", "FRA Europe/Paris", 25, 240, window=150),
    _nature(10, "uk-products", "atom", "GBR Europe/London", 10, 240),
    _nature(11, "uk-drafts", "json_api", "GBR Europe/London", 6, 360, window=340, settings=_OFFSET),
    _nature(
        12, "ie-border", "page", "IRL Europe/Dublin", 1, 720, window=400, quiet=_CHRISTMAS, settings={"main": "main"}
    ),
    _nature(13, "jp-comments", "rdf", "JPN Asia/Tokyo", 30, 240, window=12),
    _nature(14, "jp-consumers", "rss", "JPN Asia/Tokyo", 14, 240, window=60),
    _nature(15, "kr-standards", "json_api", "KOR Asia/Seoul", 12, 360, window=80),
    _nature(16, "cn-samr", "html", "CHN Asia/Shanghai", 18, 240, window=60, language="zh", quiet=_SPRING),
    _nature(17, "cn-customs", "rss", "CHN Asia/Shanghai", 9, 240, language="zh", quiet=_SPRING),
    _nature(18, "hk-food", "rss", "HKG Asia/Hong_Kong", 7, 120, channel=_WEEKEND, floor_hours=6, quiet=_SPRING),
    _nature(19, "tw-bsmi", "rss", "TPKM Asia/Taipei", 6, 240, headers=_HALF_A_DAY, floor_hours=12, quiet=_SPRING),
    _nature(20, "sg-safety", "json_feed", "SGP Asia/Singapore", 0.3, 720),
    _nature(21, "th-standards", "csv", "THA Asia/Bangkok", 5, 360),
    _nature(22, "vn-standards", "html", "VNM Asia/Ho_Chi_Minh", 4, 720),
    _nature(23, "in-bureau", "atom", "IND Asia/Kolkata", 16, 240, window=60),
    _nature(24, "sa-standards", "html", "SAU Asia/Riyadh", 10, 360),
    _nature(25, "tr-trade", "rss", "TUR Europe/Istanbul", 5, 360),
    _nature(26, "br-metrology", "rss", "BRA America/Sao_Paulo", 12, 240, settings=_CASES),
    _nature(27, "mx-gazette", "rss", "MEX America/Mexico_City", 6, 360),
    _nature(28, "au-product", "json_api", "AUS Australia/Sydney", 8, 360, window=60, settings={"news_days": 45}),
    _nature(29, "nz-business", "rss", "NZL Pacific/Auckland", 10, 360),
    _nature(30, "za-compulsory", "json_feed", "ZAF Africa/Johannesburg", 4, 360, window=340),
)

#: Enough of them to meet most kinds of trouble within `FEW_DAYS`.
FEW = (
    *("us-recalls", "us-recalls-api", "ca-recalls", "uk-products", "de-approvals", "jp-comments", "jp-consumers"),
    *("eu-journal", "hk-food"),
)
FEW_DAYS = 22
