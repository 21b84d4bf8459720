"""rules install, list, show, publish, undo: the versions of the rules."""

from __future__ import annotations

from typing import Annotated, Any

import typer
import yaml

from rules.difference import counted, differences
from rules.ruleset import RuleError
from tbtwatch.bootstrap import App
from tbtwatch.cli import shapes
from tbtwatch.cli.context import CommandError, the_app, the_operator
from tbtwatch.cli.output import progress_bars, say, several, show_json, show_table, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.cli.rules.consequences import what_follows
from tbtwatch.pipeline import rulebook
from tbtwatch.pipeline.reclassify import Reclassified, reclassify, to_do


def install(
    by: Annotated[str, typer.Option(help="Who made the rules. Default: the name you are logged in by.")] = "",
    reason: Annotated[str, typer.Option(help="What is other in them, and why; kept with the version.")] = "",
    as_json: AsJson = False,
) -> None:
    """Install the rules of the configuration folder: in force in a new database, else as a draft if they differ."""
    with the_app() as service:
        # Rules that came with the program are nobody's here, unless somebody says so.
        by = by.strip() or (the_operator() if service.rulebook.is_own else "")
        installed = service.rulebook.install(service.storage, now=service.clock(), by=by, why=reason.strip())
        report = _classify_anew(service)
    if as_json:
        show_json(
            {
                "version": installed.version.version,
                "state": installed.version.state,
                "sentence": installed.sentence,
                "reclassified": report.measures,
            }
        )
        return
    say(installed.sentence)
    if report.measures or report.broken:
        say(_anew(report))


def list_(as_json: AsJson = False) -> None:
    """List the versions of the rules."""
    with the_app() as service:
        with service.storage.look() as tx:
            versions = tx.rulesets.all()
        zone = service.settings.zone_info
    if as_json:
        show_json(
            [
                {
                    "version": one.version,
                    "state": one.state,
                    "rules": len(one.content["rules"]),
                    "made_by": one.made_by,
                    "why": one.why,
                    "made_at": shapes.instant(one.made_at),
                    "published_at": shapes.instant(one.published_at),
                    "published_by": one.published_by,
                    "retired_at": shapes.instant(one.retired_at),
                    "retired_by": one.retired_by,
                    "origin": one.origin,
                    "based_on": one.based_on,
                    "conflicts": len(one.conflicts),
                    "report": one.report,
                    "remark": one.remark,
                }
                for one in versions
            ]
        )
        return
    show_table(
        ("version", "state", "rules", "made by", "made", "published", "by", "retired", "why"),
        [
            (
                one.version,
                one.state,
                len(one.content["rules"]),
                one.made_by,
                when(one.made_at, zone),
                when(one.published_at, zone),
                one.published_by,
                when(one.retired_at, zone) if one.retired_at else "",
                one.why,
            )
            for one in versions
        ],
    )


def show(
    which: Annotated[
        str | None, typer.Argument(help="A version's number, a rule or a product area; none: the version in force.")
    ] = None,
    name: Annotated[
        str | None, typer.Argument(help="Behind a version's number: a rule or a product area of that version.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the rules of a version, of an area, or one rule, as staff write them."""
    number = int(which) if which and which.isdecimal() else None
    if number is None and name is not None:
        raise CommandError(f"{which!r} is no version's number; write the number first, as: rules show 4 {name}")
    only = name if number is not None else which
    with the_app() as service, service.storage.look() as tx:
        active = tx.rulesets.active()
        version = tx.rulesets.get(number) if number is not None else active
        assert version is not None
        rules = version.content["rules"]
        if only:
            rules = [rule for rule in rules if rule["name"] == only or only in rule.get("areas", ())]
            if not rules:
                raise CommandError(f"there is no rule and no product area {only!r} in version {version.version}")
    conflicts = version.conflicts if number is not None and not only else []
    if as_json:
        show_json({"version": version.version, "state": version.state, "conflicts": conflicts, "rules": rules})
        return
    say(f"# version {version.version}, {version.state}: {len(rules)} rule{'s' if len(rules) != 1 else ''}")
    for conflict in conflicts:
        _show_conflict(conflict)
    say(yaml.safe_dump({"rules": rules}, allow_unicode=True, sort_keys=False, width=110))


def _show_conflict(conflict: dict[str, Any]) -> None:
    """What both sides say of an entry, as comments before the rules."""
    lines = [f"{conflict['what']} {conflict['name']!r}: {conflict['why']}" if conflict["name"] else conflict["why"]]
    for side, called in (("ours", "ours"), ("theirs", "theirs"), ("base", "before both")):
        if side in conflict:
            text = yaml.safe_dump(conflict[side], allow_unicode=True, sort_keys=False, width=100)
            lines.append(f"  {called}:{'' if conflict[side] else ' not there'}")
            lines += (f"    {line}" for line in (text.splitlines() if conflict[side] else ()))
    for line in lines:
        say(f"# {line}")


def publish(
    draft: Annotated[int, typer.Argument(help="The draft's version number.")],
    by: Annotated[str, typer.Option(help="Who publishes.")],
    report: Annotated[
        int | None, typer.Option(help="The number of the back-test of this draft against the version in force.")
    ] = None,
    beyond_limit: Annotated[
        str, typer.Option(help="Why more measures may become other than TBTWATCH_MOST_RECLASSIFIED allows; kept.")
    ] = "",
) -> None:
    """Put a draft into force, and classify everything recorded anew. Nobody is told anything by it."""
    with the_app() as service:
        try:
            version = rulebook.publish(
                draft,
                by=by,
                storage=service.storage,
                rulebook=service.rulebook,
                now=service.clock(),
                report=report,
                most_reclassified=service.settings.most_reclassified,
                beyond_limit=beyond_limit.strip(),
            )
        except RuleError:
            raise
        except ValueError as error:
            raise CommandError(str(error)) from error
        say(f"Version {version.version} is in force.")
        say(_anew(_classify_anew(service)))
        say(what_follows(service))


def undo(by: Annotated[str, typer.Option(help="Who undoes.")]) -> None:
    """Put the version before the one in force into force again, as a new version, and classify anew by it."""
    with the_app() as service:
        with service.storage.look() as tx:
            before = tx.rulesets.active()
        version = rulebook.undo(by=by, storage=service.storage, now=service.clock())
        say(f"Version {version.version} is in force: {version.why}.")
        if before is not None:
            say(f"By it: {counted(differences(before.content, version.content))}.")
        say(_anew(_classify_anew(service)))
        say(what_follows(service))


def _classify_anew(service: App) -> Reclassified:
    """Classify anew what other rules had classified, with a progress bar on a terminal."""
    with service.storage.look() as tx:
        total = to_do(tx)
    with progress_bars() as progress:
        return reclassify(
            storage=service.storage,
            rulebook=service.rulebook,
            clock=service.clock,
            progress=lambda done: progress("measures classified anew", done, total),
        )


def _anew(report: Reclassified) -> str:
    broken = f" {report.broken} could not be classified, the log says why." if report.broken else ""
    return (
        f"{several(report.measures, 'measure was', 'measures were')} classified anew by version {report.version}: "
        f"{several(report.changed, 'of them is', 'of them are')} now in other product areas, or there by "
        f"another grade.{broken} Nobody is told anything by this; "
        "what comes from now on is told by the new rules."
    )
