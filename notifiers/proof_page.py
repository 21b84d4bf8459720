"""A proof of notice as one page of HTML: nothing is loaded, nothing is run, made to be printed."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from notifiers.proof import KnownChange, OwedNews, Proof, WrittenMessage
from notifiers.proof_words import either, moment, say, zone_words
from subscriptions.words import field_word, word
from watcher.text import one_line, safe_link


def page(proof: Proof, *, checksum: str, seal: str, document: str, page_seal: str) -> str:
    """The whole page. `document`: the proof as JSON, to be carried inside, with no "<" in it."""
    return _template().render(
        proof=proof,
        checksum=checksum,
        seal=seal,
        document=document,
        page_seal=page_seal,
        lang="zh-Hans" if proof.language == "zh" else "en",
        made=moment(proof.made_at),
        zone=zone_words(proof.made_at, proof.zone),
        say=partial(_say, proof.language),
        either=partial(_either, proof.language),
        moment=moment,
        day=_day,
        word=lambda value: word(value, proof.language),
        field=lambda name: field_word(name, proof.language),
        change={one.id: one for one in proof.changes},
        owed=[(key, list(several)) for key, several in groupby(proof.owed, key=lambda one: one.alert)],
        change_words=_change_words,
        told=partial(_told, proof),
        copies=partial(_copies, proof.language),
        products=partial(products_named, proof.language),
        link=safe_link,
        short=one_line,
    )


@cache
def _template() -> Template:
    folder = Path(__file__).parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("proof.html")


def _say(language: str, name: str, /, **values: Any) -> str:
    return say(name, language, **values)


def _either(language: str, name: str, otherwise: str, /, **values: Any) -> str:
    return either(name, otherwise, language, **values)


def _day(day: date | datetime | None) -> str:
    return day.isoformat() if day else "—"


def _change_words(change: KnownChange) -> str:
    """ "comment deadline moved: 2026-03-10 → 2026-04-10"."""
    if change.kind == "new_measure" or not (change.old or change.new):
        return change.what
    old, new = one_line(change.old, 160), one_line(change.new, 160)
    return f"{change.what}: {old or '—'} → {new}" if new else f"{change.what}: {old}"


def _told(proof: Proof, message: WrittenMessage) -> list[str]:
    """The news that a message tells, each once."""
    changes = {one.id: one for one in proof.changes}
    of_alert = {one.alert: one.change for one in proof.owed}
    ids = dict.fromkeys(of_alert[alert] for alert in message.alerts if alert in of_alert)
    return [_change_words(changes[id_]) for id_ in ids if id_ in changes]


def products_named(language: str, owed: OwedNews) -> str:
    """The products that a receipt names, and how many more there were."""
    more = (f"+{owed.further_products}",) if owed.further_products else ()
    return ("、" if language == "zh" else ", ").join((*owed.products, *more))


def _copies(language: str, message: WrittenMessage) -> str:
    first = say("copies.one" if message.copies == 1 else "copies.none", language) if message.copies < 2 else ""
    words = first or f"{message.copies} ×"
    return words + (say("copies.more", language, n=message.copies_possible) if message.copies_possible else "")
