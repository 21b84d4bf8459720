"""What a mail program shows of a message."""

from __future__ import annotations

import re
from html.parser import HTMLParser

#: Somebody else's words that would do harm if they were more than text.
HOSTILE = "<script>alert(1)</script><img src=x onerror=y> {{7*7}} {% raw %} & \"'> </table>"


class Seen(HTMLParser):
    """What a mail program shows, and what it would fetch or run."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self._hidden = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._hidden = tag in ("title", "style")
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "background")]

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text.append(data)

    @property
    def words(self) -> str:
        return re.sub(r"\s+", "", "".join(self.text))


def bare(text: str) -> str:
    """Without what the two parts set differently: blanks, colons after labels, brackets round notes."""
    return re.sub(r"[\s:：()（）]+", "", text)
