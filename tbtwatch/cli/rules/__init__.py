"""The commands under `tbtwatch rules`: a module for each group of them."""

from __future__ import annotations

import typer

from tbtwatch.cli.rules import advice, consequences, drafts, lab, overriding, quality, trying, versions

app = typer.Typer(help="The classification rules and their versions.", no_args_is_help=True, rich_markup_mode=None)

app.command("install")(versions.install)
app.command("list")(versions.list_)
app.command("show")(versions.show)
app.command("publish")(versions.publish)
app.command("undo")(versions.undo)
app.command("change")(drafts.change)
app.command("try")(trying.try_)
app.command("diff")(drafts.diff)
app.command("rebase")(drafts.rebase)
app.command("discard")(drafts.discard)
app.command("import")(drafts.import_)
app.command("export")(drafts.export)
app.command("score")(quality.score)
app.command("override")(overriding.override)
app.command("overrides")(overriding.overrides)
app.command("override-end")(overriding.override_end)
app.command("consequences")(consequences.consequences)
app.command("tell")(consequences.tell)
app.command("backtest")(lab.backtest)
app.command("reports")(lab.reports)
app.command("report")(lab.report)
app.command("evaluate")(lab.evaluate)
app.command("evaluation")(lab.evaluation)
app.command("suggest")(advice.suggest)
app.command("queue")(advice.queue)
