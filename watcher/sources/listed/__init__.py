"""What a publisher lists, whatever the form of the list: the one road from there to entries and notices.

A feed, a JSON list, a table of comma-separated values and an HTML page each fill `Listed` values; `ListReader` makes
entries of them. So identity, dates, symbols and language are found alike in all of them.
"""

from watcher.sources.listed.config import ListedConfig
from watcher.sources.listed.listed import Listed
from watcher.sources.listed.reader import ListReader
from watcher.sources.listed.source import ListSource

__all__ = ["ListReader", "ListSource", "Listed", "ListedConfig"]
