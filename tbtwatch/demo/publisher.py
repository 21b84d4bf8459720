"""The publishers of the demo, over real HTTP on 127.0.0.1: the WTO's API and workbook, and a regulator's feed."""

from __future__ import annotations

import io
import json
import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from openpyxl import Workbook

KEY = "demo-key"
COLUMNS = (
    "Document symbol",
    "Notifying Member",
    "Title",
    "Description",
    "Products covered",
    "HS code(s)",
    "ICS code(s)",
    "Objectives",
    "Distribution date",
    "Final date for comments",
    "Notification type",
    "Notified document",
    "Proposed adoption  date",
    "Proposed entry  into  force date",
)


class Publisher:
    """Serves what it is told to know; counts what it was asked."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self.workbook_items: list[dict[str, Any]] = []
        self.feed: list[tuple[str, str, str, str]] = []
        self.failing = 0  #: so many requests to the API to come are answered with 500
        self.requests = 0
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

            def do_GET(self) -> None:
                status, kind, body = publisher.answer(self.path, self.headers.get("Ocp-Apim-Subscription-Key"))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, path: str, key: str | None) -> tuple[int, str, bytes]:
        """Status, content type and body for a request."""
        self.requests += 1
        url = urlsplit(path)
        if url.path == "/eping/notifications/search":
            if self.failing:
                self.failing -= 1
                return 500, "text/plain", b"later"
            if key != KEY:
                return 404, "application/json", b'{"message": "Resource not found"}'
            asked = {name: values[-1] for name, values in parse_qs(url.query).items()}
            return 200, "application/json", json.dumps(self._search(asked), ensure_ascii=False).encode()
        if url.path.endswith("/Notification_EN.xlsx"):
            return 200, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", self._workbook()
        if url.path == "/recalls.xml":
            return 200, "application/rss+xml; charset=utf-8", self._rss().encode()
        return 404, "text/plain", b"not here"

    def _search(self, asked: dict[str, str]) -> dict[str, Any]:
        found = sorted(self.items, key=lambda item: (item["distributionDate"], item["id"]), reverse=True)
        if since := asked.get("distributionDateFrom"):
            found = [item for item in found if item["distributionDate"][:10] >= since]
        page, size = int(asked.get("page", 1)), int(asked.get("pageSize", 20))
        return {
            "currentPage": page,
            "pageSize": size,
            "totalCount": len(found),
            "items": found[(page - 1) * size : page * size],
        }

    def _workbook(self) -> bytes:
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Notifications")
        sheet.append(COLUMNS)
        for item in self.workbook_items:
            sheet.append([_cell(item, column) for column in COLUMNS])
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def _rss(self) -> str:
        entries = "".join(
            f"<item><guid isPermaLink='false'>{key}</guid><title>{escape(title)}</title>"
            f"<link>https://recalls.example/{key}</link><description>{escape(text)}</description>"
            f"<pubDate>{date.fromisoformat(day):%a, %d %b %Y} 08:00:00 GMT</pubDate></item>"
            for key, title, text, day in self.feed
        )
        return (
            "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>Recalls</title>"
            f"<link>https://recalls.example/</link><description>Recalls</description>{entries}</channel></rss>"
        )


def _cell(item: dict[str, Any], column: str) -> str | date:
    values: dict[str, Any] = {
        "Document symbol": item["documentSymbol"].strip(),
        "Notifying Member": item["notifyingMember"],
        "Title": item["titlePlain"],
        "Description": item["descriptionPlain"],
        "Products covered": item["productsFreeTextPlain"] or "",
        "HS code(s)": "; ".join(code["code"] for code in item["hsCodes"]),
        "ICS code(s)": "; ".join(code["code"] for code in item["icsCodes"]),
        "Objectives": "; ".join(objective["name"] for objective in item["objectives"]),
        "Distribution date": date.fromisoformat(item["distributionDate"][:10]),
        "Final date for comments": date.fromisoformat(deadline[:10])
        if (deadline := item["commentDeadlineDate"])
        else "",
        "Notification type": item["notificationType"],
        "Notified document": item["notifiedDocumentLink"],
        "Proposed adoption  date": item["proposedAdoptionDateText"],
        "Proposed entry  into  force date": item["proposedEntryIntoForceDateText"],
    }
    cell: str | date = values[column]
    return cell
