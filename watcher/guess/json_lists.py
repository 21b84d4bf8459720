"""JSON: where the list is, and which member means what."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from watcher.guess.fields import WORDS, best
from watcher.guess.other_forms import LOOK
from watcher.source import SourceError
from watcher.text import one_line

_CONSTANT: Final = re.compile(r"[A-Z0-9]+(?:[_.][A-Z0-9]+)+")  # a program's word, not people's
_DEPTH: Final = 4
_LOOKED_AT: Final = 20  # entries


def json_entry(
    text: str, common: Mapping[str, Any], *, address: str
) -> tuple[str, str, dict[str, Any], tuple[str, ...]]:
    """Kind, title, entry and warnings for a JSON document. Raises SourceError."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"begins like JSON and is none ({one_line(str(error), 100)}): {LOOK}") from None
    if isinstance(value, dict) and "jsonfeed.org/version" in str(value.get("version", "")):
        title = one_line(str(value.get("title") or ""), 100)
        language = str(value.get("language") or "en")[:2].lower()
        return "json_feed", title, {**common, "kind": "json_feed", "title": title, "language": language}, ()
    candidates = list(_lists(value, ()))
    if isinstance(value, dict):
        candidates.append((("[@]",), [value]))  # one entry, not a list of them
    lists = sorted(candidates, key=lambda found: (-worth(found[1]), len(found[0])))
    if not lists:
        raise SourceError(_no_list(value))
    path, rows = lists[0]
    if path == ("[@]",) and worth(rows) < 300:
        raise SourceError(_no_list(value))
    paths, warnings = fields_of(rows[:_LOOKED_AT])
    if not {"id", "link", "title"} & paths.keys():
        names = ", ".join(one_line(str(name), 40) for name in list(rows[0])[:8])
        raise SourceError(
            f"is a JSON list whose entries ({names or 'empty'}) have nothing that looks like an id, a link or a title: "
            "write an entry of kind json_api that names them under 'fields'"
        )
    entry: dict[str, Any] = {
        **common,
        "kind": "json_api",
        "items": "[@]" if path == ("[@]",) else ".".join(map(_quoted, path)) or "@",
        "fields": {name: ".".join(map(_quoted, steps)) for name, steps in paths.items()},
    }
    if paging := _paging(value):
        link, at = paging
        if (urlsplit(urljoin(address, link)).hostname or "") == (urlsplit(address).hostname or ""):
            entry["paging"] = {"by": "next_link", "next": at}
        else:
            warnings.append(f"its next page is named at another host ({link}), and only this host is asked")
    else:
        warnings.append("no sign of further pages was found; if there are any, set 'paging'")
    return "json_api", "", entry, tuple(warnings)


def _lists(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[dict[str, Any]]]]:
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value[:_LOOKED_AT]):
        yield path, value
    elif isinstance(value, dict) and len(path) < _DEPTH:
        for name, inner in value.items():
            yield from _lists(inner, (*path, name))


def worth(rows: list[dict[str, Any]]) -> int:
    """Lists of entries have names for id, title, link and date; lists of links or facets have few."""
    names = {".".join(path) for row in rows[:5] for path, _ in _leaves(row)}
    found = sum(best(field, {name.rpartition(".")[2] for name in names}) is not None for field in WORDS)
    return found * 100 + min(len(rows) - 1, 99)


def _leaves(row: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in row.items():
        if isinstance(value, dict) and len(path) < 2:
            yield from _leaves(value, (*path, str(name)))
        else:
            yield (*path, str(name)), value


def fields_of(rows: list[dict[str, Any]]) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """The names that lead to each field in these entries, and what is to be warned of."""
    values: dict[tuple[str, ...], list[Any]] = {}
    for row in rows:
        for path, value in _leaves(row):
            values.setdefault(path, []).append(value)
    # Outer members before inner ones: an entry's own name, not its author's.
    paths = sorted(values, key=len)
    fields: dict[str, tuple[str, ...]] = {}
    taken: set[tuple[str, ...]] = set()
    for field in WORDS:
        fitting = [path for path in paths if path not in taken and _fits(field, values[path])]
        for depth in sorted({len(path) for path in fitting}):
            by_name = {path[-1]: path for path in reversed(fitting) if len(path) == depth}
            if name := best(field, by_name):
                path = by_name[name]
                fields[field] = path
                if field not in ("id", "number"):
                    taken.add(path)
                break
    if "title" not in fields and "summary" in fields:
        fields["title"] = fields["summary"]
    if "id" not in fields and "number" in fields:
        fields["id"] = fields["number"]
    elif fields.get("number") == fields.get("id"):
        fields.pop("number", None)
    warnings = []
    ids = [str(value) for value in values.get(fields.get("id", ()), [])]
    if ids and len(set(ids)) < len(ids):
        warnings.append(f"several entries share one {'.'.join(fields['id'])}: choose another member as 'id'")
    return fields, warnings


def _fits(field: str, values: list[Any]) -> bool:
    said = [value for value in values if value not in (None, "", [], {})]
    if not said:
        return field in ("deadline", "entry_into_force")
    if field == "link":
        return all(isinstance(value, str) and value.startswith(("http", "/")) for value in said)
    if field in ("title", "summary"):
        return all(isinstance(value, str) for value in said) and not all(_CONSTANT.fullmatch(value) for value in said)
    if field in ("published", "deadline", "entry_into_force"):
        return all(isinstance(value, str | int) and any(sign.isdigit() for sign in str(value)) for value in said)
    if field in ("id", "number"):
        return all(isinstance(value, str | int) and not isinstance(value, bool) for value in said)
    return all(isinstance(value, str | int | list) for value in said)


def _paging(value: Any) -> tuple[str, str] | None:
    """The link to the next page, and where it stands."""
    if not isinstance(value, dict):
        return None
    for path, inner in _leaves(value):
        plain = "_".join(path).casefold()
        if isinstance(inner, str) and inner.startswith(("http", "/")) and "next" in plain:
            return inner, ".".join(map(_quoted, path))
    return None


def _quoted(name: str) -> str:
    """A name as JMESPath wants it."""
    plain = name.replace("_", "").isalnum() and name.isascii() and not name[:1].isdigit()
    return name if plain else json.dumps(name, ensure_ascii=False)


def _no_list(value: Any) -> str:
    """What is wrong with it, and what to do."""
    empty = next((".".join(path) or "the document itself" for path in _empty_lists(value, ())), None)
    if empty is not None:
        return f"is JSON whose list ({empty}) is empty just now: try again when it has entries, or ask for more of it"
    return (
        f"is JSON without a list of entries; it holds {_shape(value)}: check what the address must be asked with "
        "(a key, a page, days), or give that of the list"
    )


def _empty_lists(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if value == []:
        yield path
    elif isinstance(value, dict) and len(path) < _DEPTH:
        for name, inner in value.items():
            yield from _empty_lists(inner, (*path, one_line(str(name), 40)))


def _shape(value: Any) -> str:
    if isinstance(value, dict):
        return f"the members {', '.join(one_line(str(name), 40) for name in list(value)[:8])}" if value else "nothing"
    if isinstance(value, list):
        return f"a list whose first entry is {one_line(json.dumps(value[0], ensure_ascii=False), 60)}"
    return one_line(json.dumps(value, ensure_ascii=False), 60)
