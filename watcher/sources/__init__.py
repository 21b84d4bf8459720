"""The kinds of sources. One new file in this folder is a new kind; another feed of a known kind is a few lines of YAML.

A kind is a module with `SOURCE`, a class that takes its `Config` (see `watcher.source`). Modules that are parts of a
kind are named in `PARTS`; any other module without `SOURCE` stops the program at start, so that a kind is never
left out by a typing error.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from watcher.source import Source, SourceConfig
from watcher.sources.configuring import Kind, SourceConfigError, checked
from watcher.sources.stated import FindMember, no_members

__all__ = ["KINDS", "Kind", "SourceConfigError", "make_source"]

PARTS = frozenset(
    {
        *("configuring", "cursors", "links", "listed", "notice_exact", "notice_lines", "stated"),
        *("eping_item", "feed_dates", "feed_encoding", "feed_end", "feed_entry", "feed_markup", "feed_names"),
        *("feed_strict", "workbook_rows", "workbook_xml"),
        *("csv_rows", "json_asking", "json_document", "json_paging", "json_places", "json_settings"),
        *("html_fields", "html_list_settings", "html_memory", "html_page", "html_rows", "html_settings"),
        *("xml_document", "xml_settings"),
    }
)


def _collect() -> Mapping[str, type[Kind]]:
    kinds: dict[str, type[Kind]] = {}
    for found in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        module = importlib.import_module(f"{__name__}.{found}")
        kind = getattr(module, "SOURCE", None)
        if found in PARTS:
            if kind is not None:
                raise ImportError(
                    f"{module.__name__} has SOURCE but is listed in watcher.sources.PARTS: take it out there"
                )
            continue
        config = getattr(kind, "Config", None)
        if not (isinstance(kind, type) and isinstance(config, type) and issubclass(config, SourceConfig)):
            raise ImportError(
                f"{module.__name__} is no source kind: set SOURCE to a class with a Config(SourceConfig), "
                "or list the module in watcher.sources.PARTS"
            )
        kinds[found] = kind
    if twice := {name for name, kind in kinds.items() if list(kinds.values()).count(kind) > 1}:
        raise ImportError(f"the modules {', '.join(sorted(twice))} in watcher.sources give the same SOURCE")
    return MappingProxyType(kinds)


#: Every kind by the name of its module, which is what `kind:` says in config/sources.yaml.
KINDS: Mapping[str, type[Kind]] = _collect()


def make_source(entry: Mapping[str, Any], *, find_member: FindMember = no_members) -> Source:
    """The source that an entry of config/sources.yaml describes. Raises SourceConfigError, a sentence per mistake.

    `find_member` reads Members' names (`Markets.find`); only documents from before the year 2000 need it.
    """
    kind, config = checked(entry, KINDS)
    return kind(config, find_member=find_member)
