"""A service with a few measures of every sort, for pages to show: own sentences, one of them by somebody hostile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tbtwatch.storage import Storage
from tests.builders import a_notice, stated
from tests.pipeline.service import SmallService
from watcher.dates import DateFact, DateQuality
from watcher.notice import Notice

BATTERY = "G/TBT/N/EU/1024"
JELLY = "G/TBT/N/KEN/1514"
JOINT = ("G/TBT/N/KEN/1600", "G/TBT/N/UGA/1700")
HOSTILE = "G/TBT/N/BRA/666"

#: What somebody might put into a title, a product, a link or a question.
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'>",
    "{{7*7}}${7*7}#{7*7}",
    "</textarea></title><script>alert(1)</script>",
    "javascript:alert(1)",
    "\u202egnp.exe\u2066evil\u2069",
    "<a href=javascript:alert(1) hx-get=/u/x hx-on:load=alert(1) data-hx-get=/>x</a>",
    "<style>*{display:none}</style><link rel=stylesheet href=//example.com>",
    "<meta http-equiv=refresh content='0;url=//example.com'><base href=//example.com>",
    "<form action=//example.com><button formaction=javascript:alert(1)>x",
)


def notices() -> list[Notice]:
    """All of them, in the order of their arrival."""
    computed = DateFact(
        value=date(2026, 4, 20), quality=DateQuality.COMPUTED, wording="60 days", rule="notification + 60 days"
    )
    battery = a_notice(
        symbol=BATTERY,
        notifying_members=("EU",),
        title="Draft regulation on the labelling of lithium batteries",
        content_summary="Batteries must bear a label with their capacity. 锂电池须标注容量。",
        products_covered="Portable lithium-ion batteries",
        hs_codes=("850760",),
        ics_codes=("29.220.30",),
        objectives=("consumer_information",),
        legal_basis=("2.9.2",),
        links=("https://documents.example/battery.pdf", "http://documents.example/annex.pdf"),
        page="https://notifications.example/1024",
        comment_deadline=date(2026, 3, 10),
        proposed_entry_into_force=date(2026, 9, 1),
        distribution_date=date(2026, 1, 9),
    )
    return [
        battery,
        a_notice(
            symbol=f"{BATTERY}/Add.1",
            type="addendum",
            notifying_members=("EU",),
            title="",
            content_summary="The comment period is extended until 20 March 2026.",
            products_covered="",
            hs_codes=(),
            ics_codes=(),
            comment_deadline=stated(date(2026, 3, 20)),
            distribution_date=date(2026, 2, 20),
        ),
        replace(
            battery,
            symbols=(f"{BATTERY}/Rev.1",),
            type=battery.type.REVISION,
            content_summary="Batteries and power banks must bear a label with their capacity. 锂电池须标注额定容量。",
            comment_deadline=stated(date(2026, 5, 1)),
            distribution_date=date(2026, 2, 25),
        ),
        a_notice(distribution_date=date(2026, 2, 1)),
        a_notice(
            symbols=JOINT,
            notifying_members=("KEN", "UGA"),
            title="Toys - Safety requirements",
            products_covered="Toys",
            content_summary="Safety of toys for children.",
            hs_codes=("950300",),
            ics_codes=("97.200.50",),
            comment_deadline=computed,
            distribution_date=date(2026, 2, 19),
        ),
        a_notice(
            symbol=HOSTILE,
            notifying_members=("BRA",),
            title=" ".join(PAYLOADS),
            content_summary="\n".join(PAYLOADS),
            products_covered=PAYLOADS[1],
            responsible_agency=PAYLOADS[0],
            hs_codes=("8507",),
            ics_codes=(),
            objectives=(PAYLOADS[0],),
            legal_basis=(PAYLOADS[2],),
            links=("javascript:alert(1)", 'https://example.com/"onmouseover=alert(1)//', "data:text/html,<script>1"),
            page="javascript:alert(2)",
            comment_deadline=date(2026, 3, 30),
            distribution_date=date(2026, 2, 26),
        ),
        a_notice(
            symbol="G/TBT/N/USA/77",
            notifying_members=("USA",),
            title="Étiquetage – prüfung 測試電池",
            content_summary="",
            comment_deadline=DateFact(),
            distribution_date=date(2025, 6, 1),
        ),
    ]


def a_town(storage: Storage) -> SmallService:
    """The service on 2 March 2026, after it has read them."""
    service = SmallService(storage)
    service.poll(notices())
    return service
