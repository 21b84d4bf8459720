"""How regulators' APIs are described in YAML, and a document of our own in the shape of each."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

RECIPES: Final[dict[str, dict[str, Any]]] = {
    "us-federal-register": {
        "url": "https://www.federalregister.gov/api/v1/documents.json",
        "items": "results",
        "total": "count",
        "cap": 10_000,
        "since_days": 30,
        "params": {
            "conditions[type][]": ["RULE", "PRORULE"],
            "conditions[publication_date][gte]": "{since}",
            "conditions[publication_date][lte]": "{until}",
            "per_page": 1000,
        },
        "fields": {
            "id": "document_number",
            "number": "document_number",
            "title": "title",
            "summary": "abstract",
            "published": "publication_date",
            "link": "html_url",
            "links": "[pdf_url]",
            "threads": "docket_ids",
            "agency": "agencies[].name",
            "deadline": "comments_close_on",
            "entry_into_force": "effective_on",
        },
        "paging": {"by": "next_link", "next": "next_page_url"},
    },
    "us-public-inspection": {
        "url": "https://www.federalregister.gov/api/v1/public-inspection-documents/current.json",
        "items": "results",
        "time_zone": "America/New_York",
        "fields": {
            "id": "document_number",
            "number": "document_number",
            "title": "title || join(' ', [subject_1, subject_2, subject_3][?@])",
            "published": "filed_at",
            "link": "html_url",
            "links": "[pdf_url]",
            "threads": "docket_numbers",
            "agency": "agency_names",
        },
    },
    "us-regulations-gov": {
        "url": "https://api.regulations.gov/v4/documents",
        "items": "data",
        "where": "attributes.documentType != 'Supporting & Related Material'",
        "total": "meta.totalElements",
        "time_zone": "America/New_York",
        "key_header": "X-Api-Key",
        "key": "a-key",
        "needs_key": True,
        "since_format": "%Y-%m-%d 00:00:00",
        "params": {"filter[lastModifiedDate][ge]": "{since}", "sort": "lastModifiedDate"},
        "fields": {
            "id": "id",
            "number": "attributes.frDocNum || id",
            "title": "attributes.title",
            "published": "attributes.postedDate",
            "deadline": "attributes.commentEndDate",
            "threads": "[attributes.docketId]",
            "agency": "attributes.agencyId",
        },
        "link_template": "https://www.regulations.gov/document/{id}",
        "paging": {
            "by": "page",
            "parameter": "page[number]",
            "size_parameter": "page[size]",
            "size": 250,
            "next": "meta.hasNextPage",
            "max_pages": 20,
        },
    },
    "us-cpsc": {
        "url": "https://www.saferproducts.gov/RestWebServices/Recall?format=json",
        "params": {"LastPublishDateStart": "{since}"},
        "since_days": 60,
        "news_days": 90,
        "fields": {
            "id": "RecallID",
            "number": "RecallNumber",
            "title": "Title",
            "summary": "[Description, Hazards[].Name]",
            "original": "RecallDate",
            "published": "LastPublishDate",
            "link": "URL",
            "links": "Inconjunctions[].URL",
            "products": "Products[].Name",
        },
    },
    "eu-safety-gate": {
        "url": "https://ec.europa.eu/safety-gate-alerts/public/api/notification/mostRecent/?",
        "time_zone": "Europe/Brussels",
        "fields": {
            "id": "id",
            "number": "reference",
            "title": "product.versions[?language.key=='EN'].name | [0] || product.nameSpecific",
            "summary": "[product.versions[].description, risk.versions[].riskDescription]",
            "published": "publicationDate",
            "products": "product.versions[].name",
        },
        "link_template": "https://ec.europa.eu/safety-gate-alerts/screen/webReport/alertDetail/{id}?lang=en",
    },
    "uk-govuk-search": {
        "url": "https://www.gov.uk/api/search.json",
        "items": "results",
        "total": "total",
        "time_zone": "Europe/London",
        "params": {
            "filter_organisations": "office-for-product-safety-and-standards",
            "order": "-public_timestamp",
            "fields": "title,link,public_timestamp,description",
        },
        "fields": {
            "id": "link",
            "title": "title",
            "summary": "description",
            "published": "public_timestamp",
            "link": "link",
        },
        "paging": {
            "by": "offset",
            "parameter": "start",
            "size_parameter": "count",
            "size": 50,
            "newest_first": True,
            "max_pages": 4,
        },
    },
    "au-frl": {
        "url": "https://api.prod.legislation.gov.au/v1/titles",
        "items": "value",
        "total": '"@odata.count"',
        "params": {
            "$filter": "asMadeRegisteredAt ge {since}",
            "$orderby": "asMadeRegisteredAt desc",
            "$count": True,
        },
        "since_format": "%Y-%m-%dT00:00:00Z",
        "fields": {
            "id": "id",
            "number": "id",
            "title": "name",
            "published": "asMadeRegisteredAt",
            "adoption": "makingDate",
        },
        "link_template": "https://www.legislation.gov.au/{id}/latest",
        "paging": {"by": "offset", "parameter": "$skip", "size_parameter": "$top", "size": 100},
    },
    "us-openfda": {
        "url": "https://api.fda.gov/food/enforcement.json",
        "items": "results",
        "total": "meta.results.total",
        "not_found_means_nothing": True,
        "params": {"search": "report_date:[{since} TO {today}]"},
        "since_format": "%Y%m%d",
        "since_days": 60,
        "fields": {
            "id": "[recall_number, event_id, product_description]",
            "number": "recall_number",
            "title": "product_description",
            "summary": "reason_for_recall",
            "original": "recall_initiation_date",
            "published": "report_date",
            "threads": "[event_id]",
        },
        "paging": {"by": "offset", "parameter": "skip", "size_parameter": "limit", "size": 1000, "max_pages": 25},
    },
    "us-fsis": {
        "url": "https://www.fsis.usda.gov/fsis/api/recall/v/1",
        "max_entries": 5_000,
        "max_megabytes": 30,
        "fields": {
            "id": "[field_recall_number, langcode]",
            "number": "field_recall_number",
            "title": "field_title",
            "summary": "field_summary",
            "published": "field_recall_date",
            "link": "field_recall_url",
            "products": "field_product_items",
            "language": "langcode",
        },
    },
}

#: A document in each one's shape, in words of our own, and what its first entry must be.
MADE: Final[dict[str, tuple[Any, dict[str, Any]]]] = {
    "us-federal-register": (
        {
            "count": 1,
            "total_pages": 1,
            "results": [
                {
                    "document_number": "2026-90001",
                    "title": "Energy Conservation Standards for Fans",
                    "abstract": None,
                    "publication_date": "2026-11-16",
                    "html_url": "https://www.federalregister.gov/d/2026-90001",
                    "pdf_url": None,
                    "docket_ids": ["EERE-2026-BT-STD-0001"],
                    "agencies": [{"raw_name": "DOE", "name": "Energy Department"}],
                    "comments_close_on": "2027-01-15",
                    "effective_on": None,
                }
            ],
        },
        {
            "symbols": ("2026-90001",),
            "day": date(2026, 11, 16),
            "deadline": date(2027, 1, 15),
            "threads": ("EERE-2026-BT-STD-0001",),
            "agency": "Energy Department",
            "page": "https://www.federalregister.gov/d/2026-90001",
        },
    ),
    "us-public-inspection": (
        {
            "count": 1,
            "results": [
                {
                    "document_number": "2026-90002",
                    "title": None,
                    "subject_1": "Fans:",
                    "subject_2": "Standards",
                    "subject_3": None,
                    "filed_at": "2026-11-17T08:45:00.000-05:00",
                    "publication_date": "2026-11-18",
                    "docket_numbers": [],
                }
            ],
        },
        {"symbols": ("2026-90002",), "title": "Fans: Standards", "day": date(2026, 11, 17)},
    ),
    "us-regulations-gov": (
        {
            "data": [
                {
                    "id": "EPA-2026-1-0001",
                    "attributes": {
                        "frDocNum": "2026-90003",
                        "title": "Solvents",
                        "docketId": "EPA-2026-1",
                        "documentType": "Proposed Rule",
                        "postedDate": "2026-11-16T05:00:00Z",
                        "commentEndDate": "2027-01-16T04:59:59Z",
                    },
                },
                {
                    "id": "EPA-2026-1-0002",
                    "attributes": {"documentType": "Supporting & Related Material", "title": "Annex"},
                },
            ],
            "meta": {"totalElements": 2, "hasNextPage": True},
        },
        {
            "symbols": ("2026-90003",),
            "day": date(2026, 11, 16),
            "deadline": date(2027, 1, 15),
            "threads": ("EPA-2026-1",),
            "entries": 1,
            "page": "https://www.regulations.gov/document/EPA-2026-1-0001",
            "next": "page%5Bnumber%5D=2",
        },
    ),
    "us-cpsc": (
        [
            {
                "RecallID": 1,
                "RecallNumber": "04-001",
                "RecallDate": "2003-10-02T00:00:00",
                "LastPublishDate": "2026-11-19T00:00:00",
                "Title": "Old lamps",
                "URL": "https://www.cpsc.gov/1",
                "Hazards": [{"Name": "Shock"}],
                "Products": [],
                "Inconjunctions": [],
            }
        ],
        {"symbols": ("04-001",), "key": "1", "day": date(2003, 10, 2), "news": False},
    ),
    "eu-safety-gate": (
        [
            {
                "id": 7,
                "reference": "SR/00007/26",
                "publicationDate": "2026-11-19T23:30:00.000Z",
                "risk": None,
                "product": {
                    "nameSpecific": "Lampe",
                    "versions": [{"language": {"key": "EN"}, "name": "Lamp", "description": "A lamp."}],
                },
            }
        ],
        {
            "symbols": ("SR/00007/26",),
            "title": "Lamp",
            "day": date(2026, 11, 20),
            "page": "https://ec.europa.eu/safety-gate-alerts/screen/webReport/alertDetail/7?lang=en",
        },
    ),
    "uk-govuk-search": (
        {
            "total": 1,
            "start": 0,
            "results": [
                {
                    "title": "Product Recall: Lamp",
                    "link": "/product-safety-alerts/lamp",
                    "public_timestamp": "2026-11-19T10:00:00Z",
                }
            ],
        },
        {
            "title": "Product Recall: Lamp",
            "day": date(2026, 11, 19),
            "page": "https://www.gov.uk/product-safety-alerts/lamp",
        },
    ),
    "au-frl": (
        {
            "@odata.count": 1,
            "value": [
                {
                    "id": "F2026L09999",
                    "name": "Consumer Goods (Lamps) Standard 2026",
                    "asMadeRegisteredAt": "2026-11-19T10:46:40.3537682",
                    "makingDate": "2026-11-17T00:00:00",
                }
            ],
        },
        {
            "symbols": ("F2026L09999",),
            "day": date(2026, 11, 19),
            "page": "https://www.legislation.gov.au/F2026L09999/latest",
        },
    ),
    "us-openfda": (
        {
            "meta": {"results": {"skip": 0, "limit": 1000, "total": 1}},
            "results": [
                {
                    "recall_number": "H-1-2026",
                    "event_id": "9",
                    "product_description": "Ice",
                    "reason_for_recall": "Milk",
                    "report_date": "2026-11-18",
                }
            ],
        },
        {"symbols": ("H-1-2026",), "day": date(2026, 11, 18), "threads": ("9",)},
    ),
    "us-fsis": (
        [
            {
                "field_recall_number": "001-2026",
                "langcode": "Spanish",
                "field_title": "Salchichas de prueba",
                "field_recall_date": "2026-11-18",
                "field_active_notice": "True",
                "field_recall_url": "http://www.fsis.usda.gov/recalls/1",
            },
            {"field_recall_number": "001-2026", "langcode": "English", "field_title": "Sausages"},
        ],
        {"key": "001-2026 Spanish", "language": "es", "entries": 2},
    ),
}
