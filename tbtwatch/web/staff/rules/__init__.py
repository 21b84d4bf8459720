"""The pages on which staff own the rules: write drafts, try them, publish and undo, and decide what follows."""

from __future__ import annotations

from typing import Final

from starlette.routing import BaseRoute, Route

from tbtwatch.storage.people import Role
from tbtwatch.web.staff.rules import (
    advice,
    carrying,
    deeds,
    edit,
    follow,
    listing,
    one,
    overrides,
    reports,
    versions,
)  # fmt: skip
from tbtwatch.web.staff.rules.room import ROOT, Answer, Room

__all__ = ["Room", "rule_routes"]

_RULE: Final = "/v/{version}/r/{name}"

_PAGES: Final[tuple[tuple[str, Answer], ...]] = (
    ("", listing.show),
    ("/versions", versions.several),
    ("/import", carrying.show),
    ("/overrides", overrides.show),
    ("/consequences", follow.show),
    ("/suggestions", advice.suggestions),
    ("/queue", advice.queue),
    ("/reports/{report}", reports.show),
    ("/r/{name}", one.in_force),
    ("/v/{version}", versions.show),
    ("/v/{version}/export", carrying.export),
    ("/v/{version}/evaluation", reports.evaluation),
    ("/v/{version}/new", edit.choose),
    ("/v/{version}/new/{kind}", edit.new),
    (_RULE, one.show),
    (f"{_RULE}/edit", edit.edit),
)

#: What comes into force, or reaches those who subscribe, is a publisher's; everything else an editor's.
_DEEDS: Final[tuple[tuple[str, Answer, Role], ...]] = (
    ("/overrides", overrides.say, Role.PUBLISHER),
    ("/overrides/{override}/end", overrides.end, Role.PUBLISHER),
    ("/consequences", follow.tell, Role.PUBLISHER),
    ("/consequences/look", follow.look_again, Role.EDITOR),
    ("/suggestions", advice.suggest, Role.EDITOR),
    ("/queue", advice.line_up, Role.EDITOR),
    ("/undo", deeds.undo, Role.PUBLISHER),
    ("/settle", deeds.settle, Role.PUBLISHER),
    ("/v/{version}/publish", deeds.publish, Role.PUBLISHER),
    ("/v/{version}/backtest", deeds.backtest, Role.EDITOR),
    ("/v/{version}/evaluate", deeds.evaluate, Role.EDITOR),
    ("/v/{version}/discard", deeds.discard, Role.EDITOR),
    ("/v/{version}/rebase", deeds.rebase, Role.EDITOR),
    ("/v/{version}/new/{kind}", edit.save, Role.EDITOR),
    ("/v/{version}/new/{kind}/preview", edit.try_it, Role.EDITOR),
    (f"{_RULE}/edit", edit.save, Role.EDITOR),
    (f"{_RULE}/edit/preview", edit.try_it, Role.EDITOR),
    (f"{_RULE}/remove", edit.remove, Role.EDITOR),
)


def rule_routes(room: Room) -> list[BaseRoute]:
    """The pages by their addresses."""
    root = f"/{{language:language}}/{ROOT}"
    pages = [Route(root + path, room.looked_at(answer), methods=["GET"]) for path, answer in _PAGES]
    done = [Route(root + path, room.done(answer, role), methods=["POST"]) for path, answer, role in _DEEDS]
    brought = Route(f"{root}/import", room.done(carrying.bring, largest=carrying.ROOM), methods=["POST"])
    return [*pages, *done, brought]
