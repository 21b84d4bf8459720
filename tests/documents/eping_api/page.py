from datetime import date

from watcher.dates import DateFact, DateQuality
from watcher.notice import Notice, NoticeType


def stated(day: date, wording: str) -> DateFact:
    return DateFact(value=day, quality=DateQuality.STATED, wording=wording)


EXPECTED = (
    Notice(
        issuer="WTO",
        symbols=("G/TBT/N/BDI/501", "G/TBT/N/KEN/1601", "G/TBT/N/RWA/901"),
        notifying_members=("BDI", "KEN", "RWA"),
        title="Jelly drinks – Requirements",
        content_summary="Lays down requirements for jelly drinks.\nNot for syrups.",
        products_covered="Jelly drinks",
        hs_codes=("2106", "220299"),
        ics_codes=("67.160.20",),
        objectives=("human_health", "consumer_information"),
        distribution_date=date(2026, 7, 2),
        comment_deadline=stated(date(2026, 8, 31), "2026-08-31"),
        proposed_adoption=DateFact(wording="To be determined"),
        proposed_entry_into_force=stated(date(2027, 1, 1), "1 January 2027"),
        links=(
            "https://members.example/26_1_00_e.pdf",
            "https://members.example/26_1_00_f.pdf",
            "https://members.example/26_1_00_s.pdf",
        ),
        page="https://docs.example/KEN1601",
    ),
    Notice(
        issuer="WTO",
        symbols=("G/TBT/N/EU/1024/Add.1",),
        type=NoticeType.ADDENDUM,
        notifying_members=("EU",),
        title="Portable lamps",
        content_summary="The period for comments on G/TBT/N/EU/1024 is longer.",
        products_covered="Lamps (HS code(s): 9405); Lamps (ICS code(s): 29.140)",
        hs_codes=("9405",),
        ics_codes=("29.140",),
        related_symbols=("G/TBT/N/EU/1024",),
        distribution_date=date(2026, 7, 3),
    ),
    Notice(
        issuer="WTO",
        symbols=("G/TBT/N/CHN/1500",),
        notifying_members=("CHN",),
        title="1500",
        content_summary="本标准规定了锂电池的安全要求。",
        hs_codes=("8506", "8507"),
        objectives=("environment",),
        language="zh",
    ),
    "the document symbol 'to follow' cannot be read",
)
