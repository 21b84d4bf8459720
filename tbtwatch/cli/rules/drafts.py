"""rules change, rebase, discard, import, export, diff: drafts, and how they differ."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from rules.difference import counted, differences
from rules.examples import nonsense_in
from rules.ruleset import single_rules
from tbtwatch.bootstrap import App
from tbtwatch.cli.context import CommandError, the_app
from tbtwatch.cli.output import note, say, show_json
from tbtwatch.cli.polling import AsJson
from tbtwatch.pipeline import drafts
from tbtwatch.rule_files import RuleFile, read_text, rule_file
from tbtwatch.storage.rulesets import RuleSetVersion

By = Annotated[str, typer.Option(help="Who does it; kept with the version.")]
Why = Annotated[str, typer.Option("--reason", help="Why; kept with the version.")]
_LONGEST_NUMBER = 9  # digits

File = Annotated[str, typer.Argument(help="A file of rules; - is standard input.")]


def change(
    draft: Annotated[str, typer.Argument(help="The draft's number, or new: from the version in force.")],
    by: By,
    reason: Why,
    put: Annotated[
        list[str] | None,
        typer.Option(help="A file of rules to add, or to put in place of those of their names; - is standard input."),
    ] = None,
    remove: Annotated[
        list[str] | None, typer.Option(help="A rule to take out, or another entry: area:toys, scheme:ce.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a draft with rules added, replaced or taken out. Nothing is in force by it."""
    if draft != "new" and not draft.isdecimal():
        raise CommandError(f"{draft!r} is no draft; write its number, or new for one from the version in force")
    if not put and not remove:
        raise CommandError("say what changes: --put FILE with rules to add or replace, or --remove NAME")
    files = [read_rules(each) for each in put or ()]
    rules = [rule for file in files for rule in single_rules(file.rules or [])]
    with the_app() as service:
        if wrong := [sentence for rule in rules for sentence in nonsense_in(rule, service.markets.find)]:
            raise CommandError("\n".join(wrong))
        made = drafts.change(
            None if draft == "new" else int(draft),
            put=files,
            remove=remove or (),
            by=by,
            why=reason,
            storage=service.storage,
            rulebook=service.rulebook,
            now=service.clock(),
        )
        bare = [rule.name for rule in rules if not rule.matches]
        if bare and not as_json:
            has = "This rule has no example" if len(bare) == 1 else "These rules have no examples"
            note(f"{has} that must match, so nobody notices a mistake in it: {', '.join(bare)}; add matches:.")
        _tell(service, made, as_json)


def import_(file: File, by: By, reason: Why, as_json: AsJson = False) -> None:
    """Make a draft of a whole set of rules, as `rules export` writes it."""
    read = read_rules(file)
    with the_app() as service:
        made = drafts.import_file(
            read, by=by, why=reason, storage=service.storage, rulebook=service.rulebook, now=service.clock()
        )
        if read.fingerprint and read.fingerprint != made.fingerprint:
            note("The file is other than it was exported: it was edited, or goes by words that this database lacks.")
        _tell(service, made, as_json)


def export(
    version: Annotated[int | None, typer.Argument(help="The version's number; none: the version in force.")] = None,
    output: Annotated[Path | None, typer.Option(help="Where to write it; none: standard output.")] = None,
    words: Annotated[bool, typer.Option("--words", help="With the words it goes by, for another database.")] = False,
) -> None:
    """Write a version of the rules to a file that `rules import` reads back as it was."""
    with the_app() as service:
        text = drafts.exported(version, words=words, storage=service.storage)
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{output} cannot be written: {error.strerror}") from error
    note(f"The rules were written to {output}.")


def rebase(
    draft: Annotated[int, typer.Argument(help="The draft's version number.")], by: By, as_json: AsJson = False
) -> None:
    """Make a new draft with the changes of this one made to the version that is in force now."""
    with the_app() as service:
        made = drafts.rebase(draft, by=by, storage=service.storage, rulebook=service.rulebook, now=service.clock())
        _tell(service, made, as_json)


def discard(draft: Annotated[int, typer.Argument(help="The draft's version number.")], by: By, reason: Why) -> None:
    """Put a draft away for good; it stays in the list."""
    with the_app() as service:
        try:
            drafts.discard(draft, by=by, why=reason, storage=service.storage, now=service.clock())
        except ValueError as error:
            raise CommandError(str(error)) from error
    say(f"Draft {draft} is discarded.")


def diff(
    first: Annotated[str, typer.Argument(help="A version's number.")],
    second: Annotated[
        str | None, typer.Argument(help="Another's; none: how the first differs from the version in force.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what is other in the second version than in the first; with one, what it changes of the version in force."""
    left, right = _number(first), None if second is None else _number(second)
    with the_app() as service, service.storage.look() as tx:
        before, after = tx.rulesets.active() if right is None else tx.rulesets.get(left), right or left
        assert before is not None
        found, words = tx.rulesets.get(after), before.vocabulary != tx.rulesets.get(after).vocabulary
    changes = differences(before.content, found.content)
    if as_json:
        show_json(
            {
                "from": before.version,
                "to": found.version,
                "words_differ": words,
                "changes": [
                    {
                        "what": change.what,
                        "name": change.name,
                        "how": change.how,
                        "parts": [
                            {
                                "part": part.part,
                                "lost": list(part.lost),
                                "gained": list(part.gained),
                                "old": part.old,
                                "new": part.new,
                            }
                            for part in change.parts
                        ],
                    }
                    for change in changes
                ],
            }
        )
        return
    say(f"From version {before.version} to version {found.version} ({found.state}): {counted(changes)}.")
    for change in changes:
        for sentence in change.sentences():
            say(sentence)
    if words:
        say("The words they infer codes by are other too.")


def _number(written: str) -> int:
    """A version's number as it was written. Raises CommandError."""
    if not written.isdecimal() or len(written) > _LONGEST_NUMBER:
        raise CommandError(f"{written!r} is no version; write its number, as `tbtwatch rules list` shows them")
    return int(written)


def read_rules(name: str) -> RuleFile:
    """What a file of rules holds; - is standard input."""
    if name == "-":
        return rule_file(sys.stdin.read(), "standard input")
    return rule_file(read_text(Path(name)), name)


def _tell(service: App, made: RuleSetVersion, as_json: bool) -> None:
    """What a draft changes, and what comes next."""
    with service.storage.look() as tx:
        active = tx.rulesets.active()
        assert active is not None
        measures = tx.measures.count()
    changes = differences(active.content, made.content)
    if as_json:
        show_json(
            {
                "version": made.version,
                "state": made.state,
                "based_on": made.based_on,
                "fingerprint": made.fingerprint,
                "changes": counted(changes),
                "conflicts": len(made.conflicts),
            }
        )
        return
    say(f"Draft {made.version} differs from version {active.version}, which is in force: {counted(changes)}.")
    if made.conflicts:
        say(
            f"{len(made.conflicts)} entries were changed on both sides; `tbtwatch rules show {made.version}` "
            "shows both texts."
        )
    say(
        f"Next: `tbtwatch rules backtest {made.version}` shows what it would have done."
        if measures
        else f"Next: `tbtwatch rules publish {made.version} --by NAME` puts it into force."
    )
