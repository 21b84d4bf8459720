"""association: an enterprise that looks after others; and of an enterprise: manage, release, list."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from rules.classification import Grade
from subscriptions.criteria import Criteria, Frequency, Part, Subscription
from subscriptions.validation import CriteriaError
from tbtwatch.bootstrap import App
from tbtwatch.cli import foreseeing, shapes, typed
from tbtwatch.cli.context import CommandError, the_app, the_operator
from tbtwatch.cli.foreseeing import AnywayOption
from tbtwatch.cli.keeping import enterprise as enterprise_app
from tbtwatch.cli.output import note, progress_bars, say, several, show_json, show_table, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.pipeline import associations as pipeline
from tbtwatch.pipeline.associations import Wanted, an_enterprise, take_in
from tbtwatch.pipeline.starter import write_starters
from tbtwatch.pipeline.subscribe import checked
from watcher.measure import TOLD_BY_DEFAULT

app = typer.Typer(help="An enterprise that looks after others.", no_args_is_help=True, rich_markup_mode=None)

Name = Annotated[str, typer.Argument(help="The name of an enterprise.")]
Association = Annotated[str, typer.Argument(help="The name of the association.")]
#: Columns of a file of members, by what they may be called.
COLUMNS = {
    "enterprise": "enterprise",
    "企业": "enterprise",
    "contact": "contact",
    "联系人": "contact",
    "role": "role",
    "职务": "role",
    "email": "email",
    "邮箱": "email",
    "telegram": "telegram",
    "file": "file",
    "market": "market",
    "市场": "market",
    "hs": "hs",
    "ics": "ics",
    "area": "area",
    "产品类别": "area",
    "kind": "kind",
    "keyword": "keyword",
    "关键词": "keyword",
    "exclude": "exclude",
    "grade": "grade",
    "frequency": "frequency",
    "频率": "frequency",
    "language": "language",
    "语言": "language",
    "name": "name",
    "名称": "name",
}
LARGEST = 20_000_000


@enterprise_app.command("manage")
def manage(
    name: Name,
    by: Annotated[str, typer.Option("--by", help="The association that looks after it from now on.")],
    why: Annotated[str, typer.Option("--why", help="The reason; kept.")] = "",
    as_json: AsJson = False,
) -> None:
    """Let an association look after an enterprise's subscriptions; its messages say so."""
    with the_app() as service:
        done = pipeline.manage(name, by, by=the_operator(), why=why, desk=service.desk)
    if as_json:
        show_json({"enterprise": done.child, "managed_by": done.manager, "since": shapes.instant(done.since)})
        return
    say(f"{done.child} is looked after by {done.manager}.")


@enterprise_app.command("release")
def release(
    name: Name, why: Annotated[str, typer.Option("--why", help="The reason; kept.")], as_json: AsJson = False
) -> None:
    """End that an association looks after an enterprise; its subscriptions go on."""
    with the_app() as service:
        done = pipeline.release(name, by=the_operator(), why=why, desk=service.desk)
    if as_json:
        show_json({"enterprise": done.child, "managed_by": None, "was_managed_by": done.manager})
        return
    say(f"{done.child} is not looked after by {done.manager} any more; its subscriptions go on.")


@enterprise_app.command("list")
def list_(
    of: Annotated[str, typer.Option("--of", help="Only those that this association looks after.")] = "",
    all_: Annotated[bool, typer.Option("--all", help="With --of: also those it looked after before.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the enterprises: who looks after them, and how many live subscriptions they have."""
    with the_app() as service:
        with service.storage.look() as tx:
            rows = tx.members.enterprises()
            live = {name: number for _, name, number in rows}
            managers = tx.managements.managers(live)
            members = tx.managements.members(an_enterprise(of, tx), ended=all_) if of else []
        zone = service.settings.zone_info
    if of:
        found = [
            {
                "enterprise": one.child,
                "subscriptions": live[one.child],
                "managed_by": one.manager if one.ended_at is None else None,
                "since": shapes.instant(one.since),
                "ended_at": shapes.instant(one.ended_at),
                "end_reason": one.end_reason,
            }
            for one in members
        ]
    else:
        found = [
            {"enterprise": name, "subscriptions": number, "managed_by": managers.get(name)} for _, name, number in rows
        ]
    if as_json:
        show_json(found)
        return
    ends = {one.child: f"{when(one.ended_at, zone)} ({one.end_reason})" for one in members if one.ended_at}
    show_table(
        ("enterprise", "live subscriptions", "looked after by", "ended"),
        [
            (one["enterprise"], one["subscriptions"], one["managed_by"] or "", ends.get(str(one["enterprise"]), ""))
            for one in found
        ],
    )


@app.command("report")
def report(
    association: Association,
    month: Annotated[str, typer.Option("--month", help="2026-03; default: this month.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say how the members fared in a month: messages, ended channels, and deadlines of the next 30 days."""
    try:
        first = date.fromisoformat(f"{month.strip()}-01") if month.strip() else None
    except ValueError as error:
        raise CommandError(f"--month {month!r} is no month; write 2026-03") from error
    with the_app() as service:
        found = pipeline.report(association, desk=service.desk, month=first)
    if as_json:
        show_json(
            {
                "association": found.association,
                "month": f"{found.start:%Y-%m}",
                "members": [{name: getattr(one, name) for name in one.__dataclass_fields__} for one in found.members],
            }
        )
        return
    show_table(
        (
            "enterprise",
            "live subscriptions",
            "messages accepted",
            "failed",
            "channels ended",
            "not confirmed",
            "deadlines in 30 days",
            "not handled",
        ),
        [
            (
                one.enterprise,
                one.subscriptions,
                one.accepted,
                one.failed,
                one.channels_ended,
                one.unconfirmed,
                one.deadlines,
                one.unhandled,
            )
            for one in found.members
        ],
        title=f"{found.association}, {found.start:%Y-%m}",
    )
    if not found.members:
        note(f"{association} looks after no enterprise; `tbtwatch enterprise manage NAME --by {association!r}`")


@app.command("import")
def import_(
    association: Association,
    file: Annotated[Path, typer.Argument(help="A CSV file, one subscription a row.")],
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave bad rows out and start the others.")] = False,
    anyway: AnywayOption = "",
    as_json: AsJson = False,
) -> None:
    """Start many members' subscriptions at once: all rows, or none if one is wrong or a flood.

    Columns: enterprise, contact, role, email, telegram, file, market, hs, ics, area, kind, keyword, exclude, grade,
    frequency, language, name; several values in one cell are separated by semicolons.
    """
    rows = _rows(file)
    wanted: list[Wanted] = []
    problems: list[tuple[int, str]] = []
    with the_app() as service:
        for number, row in rows:
            try:
                wanted.append(_wanted(number, row, service))
            except (ValueError, CommandError) as error:
                problems.append((number, str(error)))
        if problems and not skip_bad:
            done = pipeline.TakenIn(problems=tuple(problems))
        else:
            with progress_bars() as bars:
                done = take_in(
                    association,
                    _foreseen(wanted, anyway, service),
                    by=the_operator(),
                    desk=service.desk,
                    skip_bad=skip_bad,
                    progress=lambda done, total: bars("rows", done, total),
                )
            write_starters(desk=service.desk)
    bad = sorted({*problems, *done.problems})
    if as_json:
        show_json(
            {
                "started": [one.id for one in done.started],
                "known": done.known,
                "problems": [{"row": place, "problem": problem} for place, problem in bad],
            }
        )
    for place, problem in bad if not as_json else ():
        note(f"row {place}: {problem}")
    if bad and not skip_bad:
        if as_json:
            raise typer.Exit(2)
        raise CommandError(f"nothing was started: {len(bad)} of {len(rows)} rows are wrong; --skip-bad starts the rest")
    if not as_json:
        enterprises = several(len({one.enterprise for one in done.started}), "enterprise", "enterprises")
        say(
            f"{several(len(done.started), 'subscription was', 'subscriptions were')} started, of {enterprises}; "
            f"already there: {done.known}; rows left out: {len(bad)}."
        )


def _foreseen(wanted: list[Wanted], anyway: str, app: App) -> list[Wanted]:
    """The rows with what each would have brought, and why one that is new is refused."""
    asked: dict[int, Subscription] = {}
    for one in wanted:
        with suppress(CriteriaError):  # taking it in says what is wrong with it
            question = Subscription(
                id=0,
                enterprise=one.enterprise,
                name=one.name,
                criteria=one.criteria,
                frequency=one.frequency,
                language=one.language,
                addresses=one.addresses,
                started_at=app.clock(),
            )
            asked[one.row] = replace(question, criteria=checked(one.criteria, app.desk, language=one.language))
    forecasts = dict(zip(asked, foreseeing.foreseen_all(list(asked.values()), app), strict=True))
    return [
        replace(
            one,
            expected=foreseeing.expected(forecasts[one.row], anyway),
            refused="" if anyway.strip() else foreseeing.flood(forecasts[one.row], app),
        )
        if one.row in forecasts
        else one
        for one in wanted
    ]


def _rows(file: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows with their numbers as a spreadsheet counts them. Raises CommandError."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}") from error
    if len(raw) > LARGEST:
        raise CommandError(f"{file} is larger than {LARGEST // 1_000_000} MB; divide it")
    text = _decoded(raw, file)
    sign = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    try:
        head = [COLUMNS.get(name.strip().casefold(), name.strip()) for name in next(reader, [])]
        if unknown := [name for name in head if name and name not in COLUMNS.values()]:
            raise CommandError(
                f"column {unknown[0]!r} is not known; known: {', '.join(dict.fromkeys(COLUMNS.values()))}"
            )
        if "enterprise" not in head:
            raise CommandError(f"{file} has no column “enterprise”; the first row names the columns")
        found = []
        for row in reader:
            if any(cell.strip() for cell in row):
                cells = dict(zip(head, (cell.strip() for cell in row), strict=False))
                found.append((reader.line_num, cells))
    except csv.Error as error:
        raise CommandError(f"{file} is no CSV file: {error} in line {reader.line_num}") from error
    if not found:
        raise CommandError(f"{file} has no rows below its first")
    return found


def _decoded(raw: bytes, file: Path) -> str:
    for encoding in ("utf-8-sig", "gb18030"):  # what Chinese spreadsheets write
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CommandError(f"{file} is neither UTF-8 nor GB 18030; save it as “CSV UTF-8”")


def _wanted(number: int, row: dict[str, str], app: App) -> Wanted:
    def cells(name: str) -> list[str]:
        return [part.strip() for part in row.get(name, "").replace("；", ";").split(";") if part.strip()]

    if not row.get("enterprise"):
        raise CommandError("the enterprise is missing")
    language = typed.a_language(row.get("language") or "zh", "language")
    told = {channel: cells(channel) for channel in ("email", "telegram", "file")}
    contact = row.get("contact", "")
    addresses = typed.addresses(**told) if any(told.values()) or not contact else ()
    return Wanted(
        row=number,
        enterprise=row["enterprise"],
        contact=contact,
        role=row.get("role", ""),
        name=row.get("name", ""),
        addresses=addresses,
        criteria=Criteria(
            markets=typed.markets(cells("market"), app),
            hs=frozenset(typed.split(cells("hs"))),
            ics=frozenset(typed.split(cells("ics"))),
            areas=frozenset(typed.split(cells("area"))),
            keywords=frozenset(cells("keyword")),
            exclusions=frozenset(cells("exclude")),
            kinds=typed.chosen(Part.KIND, cells("kind"), app),
            grade=typed.a_choice(Grade, row.get("grade") or "probable", "grade"),
            changes=TOLD_BY_DEFAULT,
        ),
        frequency=typed.a_choice(Frequency, row.get("frequency") or "immediate", "frequency"),
        language=language,
    )
