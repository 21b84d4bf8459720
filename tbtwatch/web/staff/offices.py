"""What is only looked at: the record of deeds, enterprises and associations, the settings in force."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import urlencode

from pydantic import SecretStr
from starlette.responses import Response

from subscriptions.words import word
from tbtwatch.settings import Settings
from tbtwatch.web.refusals import no_such_page
from tbtwatch.web.site import clean
from tbtwatch.web.staff.room import Call, Room
from tbtwatch.web.staff.source import shown

DEEDS_ON_A_PAGE: Final = 100
ENTERPRISES_ON_A_PAGE: Final = 50


def audit(room: Room, call: Call) -> Response:
    """Who did what, the newest first."""
    words = call.words
    deed, about = call.asked.get("deed", "").strip()[:100], call.asked.get("about", "").strip()[:300]
    with room.desk.storage.look() as tx:
        found = tx.audit.list(deed=deed, about=about, before=call.before(), limit=DEEDS_ON_A_PAGE + 1)
    listed = found[:DEEDS_ON_A_PAGE]
    first, older = call.turns(
        "audit",
        (("deed", deed), ("about", about)),
        by="before",
        last=listed[-1].id if len(found) > DEEDS_ON_A_PAGE else None,
    )
    return room.show(
        call,
        "audit.html",
        title=words("audit.title"),
        deed=deed,
        about=about,
        rows=[
            (
                call.at(one.at),
                clean(one.by),
                clean(one.deed),
                clean(one.about)[:300],
                [(clean(name), clean(_plain(value))[:500]) for name, value in one.detail.items()],
            )
            for one in listed
        ],
        older=older,
        first=first,
    )


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def enterprises(room: Room, call: Call) -> Response:
    """Enterprises by name."""
    words = call.words
    text, after = call.asked.get("q", "").strip()[:200], call.asked.get("after", "")[:300]
    only = call.asked.get("associations") == "1"
    with room.desk.storage.look() as tx:
        found = tx.register.enterprises(text, after=after, associations=only, limit=ENTERPRISES_ON_A_PAGE + 1)
    listed = found[:ENTERPRISES_ON_A_PAGE]
    first, further = call.turns(
        "enterprises",
        (("q", text), ("associations", "1" if only else "")),
        by="after",
        last=listed[-1].name if len(found) > ENTERPRISES_ON_A_PAGE else None,
    )
    return room.show(
        call,
        "enterprises.html",
        title=words("firms.title"),
        q=text,
        only=only,
        rows=[
            (
                clean(one.name),
                call.path(f"enterprises/{one.id}"),
                one.live,
                one.ended,
                one.members,
                call.at(one.started_at),
            )
            for one in listed
        ],
        further=further,
        first=first,
    )


def enterprise(room: Room, call: Call) -> Response:
    """One of them: who is told, of what, and by whom it is looked after."""
    words, names, language = call.words, room.desk.names, call.visit.language
    id_ = call.number()
    with room.desk.storage.look() as tx:
        name = tx.register.name(id_)
        if name is None:
            raise no_such_page()
        contacts = tx.contacts.of_enterprise(id_)
        subscriptions = tx.proofs.subscriptions(id_)
        manager = tx.managements.manager_of(id_)
        members = tx.managements.members(id_)
    return room.show(
        call,
        "enterprise.html",
        title=clean(name),
        name=name,
        manager=(clean(manager.manager), call.path(f"enterprises/{manager.manager_id}")) if manager else None,
        members=[(clean(one.child), call.path(f"enterprises/{one.child_id}")) for one in members],
        people=[
            (clean(one.name), clean(one.role), [clean(f"{each.channel}:{each.target}") for each in one.addresses])
            for one in contacts
        ],
        subscriptions=[
            {
                "id": one.id,
                "name": clean(one.name),
                "asks": clean(names.described(one.criteria, language)),
                "rhythm": word(one.frequency, language),
                "addresses": [
                    (clean(f"{each.channel}:{each.target}"), call.path("deliveries?" + urlencode({"q": each.target})))
                    for each in one.addresses
                ],
                "over": words("phone.over", moment=call.at(one.ended_at), reason=clean(one.end_reason))
                if one.ended_at
                else "",
            }
            for one in subscriptions
        ],
    )


def settings(room: Room, call: Call) -> Response:
    """The settings in force; what is secret is only said to be set."""
    if room.means is None:
        raise no_such_page()
    words, now = call.words, room.means.settings
    return room.show(
        call,
        "settings.html",
        title=words("settings.title"),
        rows=[
            (
                name,
                _setting(name, getattr(now, name), call),
                clean(field.description or ""),
                name not in now.model_fields_set,
            )
            for name, field in Settings.model_fields.items()
        ],
    )


def _setting(name: str, value: Any, call: Call) -> str:
    if value is None or value in ("", {}):
        return str(call.words("settings.unset"))
    if isinstance(value, SecretStr):
        return str(call.words("settings.secret") if value.get_secret_value() else call.words("settings.unset"))
    if name == "source_keys":
        return ", ".join(f"{key}: {call.words('settings.secret')}" for key in value)
    if isinstance(value, bool):
        return str(call.words("room.yes" if value else "room.no"))
    return shown("", value)
