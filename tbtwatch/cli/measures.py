"""measures, measure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any

import typer

from notifiers.titles import title_of
from rules.classification import Classification
from rules.rule import RuleError
from rules.urgency import urgency
from tbtwatch.bootstrap import App
from tbtwatch.cli import shapes
from tbtwatch.cli.about import say_areas, say_asked
from tbtwatch.cli.context import CommandError, a_day, the_app, today
from tbtwatch.cli.output import note, say, show_json, show_json_list, show_table
from tbtwatch.cli.polling import AsJson
from tbtwatch.cli.rules.overriding import a_disputed
from tbtwatch.pipeline.compose import first_recorded
from tbtwatch.pipeline.overriding import disputed
from tbtwatch.pipeline.reclassify import as_of_now, to_do
from tbtwatch.pipeline.subscribe import find_measure
from tbtwatch.pipeline.symbols import not_recorded
from tbtwatch.storage.measures import Wanted
from watcher.codes import parse_hs, parse_ics
from watcher.facts import facts_on, status_on
from watcher.measure import ChangeKind, FactChange, Measure
from watcher.revise import history

PEOPLE_SEE = 50
PAGE = 500


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("measures")(measures)
    app.command("measure")(measure)


def measures(
    market: Annotated[
        list[str] | None, typer.Option(help="A Member or a group: KEN, Kenya, 肯尼亚, EAC. May be given again.")
    ] = None,
    hs: Annotated[str, typer.Option(help="HS code or its beginning: 22, 8507.60.")] = "",
    ics: Annotated[str, typer.Option(help="ICS code or its beginning: 67, 67.160.")] = "",
    area: Annotated[str, typer.Option(help="Product area: toys, batteries …")] = "",
    since: Annotated[str, typer.Option(help="Distributed on or after this day: 2026-03-01, or 30d.")] = "",
    text: Annotated[str, typer.Option(help="Words that must all occur.")] = "",
    open_: Annotated[bool, typer.Option("--open", help="Only what is still open for comments.")] = False,
    limit: Annotated[
        int | None, typer.Option(min=0, help=f"At most so many; 0: all. Default: {PEOPLE_SEE}, all with --json.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List measures, newest first."""
    with the_app() as app:
        area = _an_area(area, app) if area else ""
        asked = limit if limit is not None else (0 if as_json else PEOPLE_SEE)
        wanted = Wanted(
            members=app.markets.expand([app.markets.resolve(one) for one in market]) if market else frozenset(),
            hs=parse_hs(hs) if hs else "",
            ics=parse_ics(ics) if ics else "",
            area=area,
            since=a_day(since, today=today(app)) if since else None,
            open_on=today(app) if open_ else None,
            text=text,
            limit=asked or 10_000_000,
        )
        if as_json:
            show_json_list(_pages(wanted, app))
            return
        with app.storage.look() as tx:
            total, found = tx.measures.search(wanted)
            day = today(app)
            version, old = app.rulebook.in_force(tx).version, to_do(tx)
        show_table(
            ("symbol", "market", "distributed", "comments until", "status", "areas", "title"),
            [
                (
                    one.measure.threads[0] + (f" +{more}" if (more := len(one.measure.threads) - 1) else ""),
                    ", ".join(one.measure.facts.notifying_members[:3]),
                    one.measure.facts.last_distributed or "",
                    one.measure.facts.comment_deadline.value or "",
                    status_on(one.measure.facts, day).value,
                    _areas(one.classification, version),
                    title_of(one.measure.facts, 90) or one.measure.threads[0],
                )
                for one in found
            ],
        )
    if old:
        missed = "; --area goes by what they were classified as before, if they were" if area else ""
        note(f"{old} measures are still to be classified by version {version} of the rules{missed}.")
    note(f"{total} measures" + (f", {len(found)} shown; --limit 0 shows all" if total > len(found) else "") + ".")


def _an_area(asked: str, app: App) -> str:
    """The key of a product area that is asked for by its key or by its name in any language."""
    with app.storage.look() as tx:
        areas = app.rulebook.in_force(tx).areas
    try:
        found = sorted(areas.find(asked))
    except RuleError as error:
        raise CommandError(str(error)) from error
    if len(found) != 1:
        raise CommandError(f"{asked!r} is a sector; write one of its product areas: {', '.join(found)}")
    return found[0]


def _areas(classification: Classification, version: int) -> str:
    """The first product areas; if rules that are no longer in force found them, the line says so."""
    named = ", ".join(found.area for found in classification.areas[:3])
    if classification.ruleset_version >= version:
        return named
    return f"{named or 'none'} (classified by rule set {classification.ruleset_version}, being re-done)"


def _pages(wanted: Wanted, app: App) -> Iterator[dict[str, Any]]:
    """The measures asked for, a page at a time."""
    last = wanted.offset + wanted.limit
    for offset in range(wanted.offset, last, PAGE):
        with app.storage.look() as tx:
            _, found = tx.measures.search(replace(wanted, offset=offset, limit=min(PAGE, last - offset)))
            version = app.rulebook.in_force(tx).version
        day = today(app)
        yield from (
            shapes.a_measure(one.measure, one.classification, app.markets, today=day, in_force=version) for one in found
        )
        if len(found) < PAGE:
            return


def measure(
    symbol: Annotated[str, typer.Argument(help="A document symbol, however it is written: G/TBT/N/KEN/1514.")],
    as_json: AsJson = False,
) -> None:
    """Show a measure: its facts, what it is about and why, its notices and what each changed."""
    with the_app() as app:
        found = find_measure(symbol, desk=app.desk)
        assert found.id is not None
        with app.storage.look() as tx:
            ruleset = app.rulebook.in_force(tx)
            # Of one measure it is quicker to say what the rules in force make of it than that it waits for them.
            classification = as_of_now(found, tx, ruleset)
            noticed = tx.changes.of_measure(found.id)
            documents = tx.documents.of_measure(found.id)
            said = disputed(tx, app.desk, measure=found)
        timeline = history(found.notices)
        missing = not_recorded(symbol, found, app.markets)
        if as_json:
            show_json(
                {
                    **shapes.a_measure(found, classification, app.markets, today=today(app), in_force=ruleset.version),
                    "findings": shapes.findings(classification, ruleset.facets),
                    "urgency": shapes.an_urgency(urgency(found.facts, classification, today(app))),
                    "not_recorded": missing or None,
                    "overrides": [a_disputed(one) for one in said],
                    "notices": [shapes.a_notice(notice) for notice in found.notices],
                    "documents": [shapes.a_document(tried) for tried in documents],
                    "changes": [shapes.a_change(change) for change in timeline],
                    "news": [
                        {
                            **shapes.a_change(one.change),
                            "noticed_at": shapes.instant(one.noticed_at),
                            "silent": one.silent,
                        }
                        for one in noticed
                    ],
                }
            )
            return
        facts = facts_on(found.facts, today(app))
        if missing:
            say(f"The document {missing} is not recorded here. This is the measure it belongs to by its symbol.")
            say()
        title = title_of(facts) or found.threads[0]
        say(title)
        say(f"  symbols     {', '.join(found.threads)}")
        say(f"  market      {', '.join(app.markets.name(member, 'en') for member in facts.notifying_members)}")
        say(f"  status      {facts.status.value.replace('_', ' ')}")
        for name, words in shapes.dates_in_words(facts):
            say(f"  {name}: {words}")
        say(f"  products    {facts.products_covered}")
        say(f"  HS          {', '.join(facts.hs_codes) or 'not stated'}")
        say(f"  ICS         {', '.join(facts.ics_codes) or 'not stated'}")
        say(f"  objective   {', '.join(facts.objectives) or 'not stated'}")
        if facts.content_summary and " ".join(facts.content_summary.split()) != title:
            say(f"  content     {facts.content_summary}")
        for link in facts.links:
            say(f"  document    {link}")
        for tried in {one.url: one for one in documents}.values():
            say(f"  its text    {tried.url}: {shapes.document_in_words(tried)}")
        say()
        say_areas(classification, said)
        say_asked(found.facts, classification, ruleset.facets, today(app))
        say()
        say("What happened")
        for change in timeline:
            kind = _kind(change, found)
            moved = _old_to_new(change.kind, change.old, change.new)
            say(f"  {change.stated_on or '?'}  {kind}  {moved}  [{', '.join(change.symbols)}]")


def _kind(change: FactChange, measure: Measure) -> str:
    """What happened; of a later document without the first one, which it is."""
    later = first_recorded(measure) if change.kind is ChangeKind.NEW_MEASURE else ""
    return f"{later} (earlier documents not recorded here)" if later else change.kind.value.replace("_", " ")


def _old_to_new(kind: ChangeKind, old: str, new: str) -> str:
    if kind is ChangeKind.NEW_MEASURE:
        return ""
    return f"{old or '—'} → {new}" if new else old
