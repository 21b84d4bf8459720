"""sources enable, disable, entry, describe, restore: staff's word about a source, beside the files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from tbtwatch.bootstrap import App
from tbtwatch.cli import shapes
from tbtwatch.cli.context import CommandError, the_app, the_operator
from tbtwatch.cli.output import note, say, show_json, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.pipeline.entry_text import EntryTextError, read_entry
from tbtwatch.pipeline.source_words import SourceWordError, Speaker, switch
from tbtwatch.pipeline.source_words import describe as set_up
from tbtwatch.pipeline.source_words import restore as set_back
from tbtwatch.storage.source_words import SourceWord

Name = Annotated[str, typer.Argument(help="The source's name.")]
Why = Annotated[str, typer.Option(help="Why, in a sentence; it is kept with the word.")]
Who = Annotated[str, typer.Option(help="Who says so. Default: the name you are logged in by.")]

DONE = {
    "enable": "{source} is switched on; a running service asks it within ten seconds, if it is due.",
    "disable": "{source} is switched off; a running service asks it no more within ten seconds.",
    "describe": "{source} is set up as the text says, number {number}.",
    "restore": "{source} is set up again as it was, number {number}.",
}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for name, command in (
        ("enable", enable),
        ("disable", disable),
        ("entry", entry),
        ("describe", describe),
        ("restore", restore),
    ):
        app.command(name)(command)


def enable(name: Name, reason: Why, by: Who = "", as_json: AsJson = False) -> None:
    """Switch a source on, whatever the files say; a running service asks it soon. It stays so after a restart."""
    _switched(name, True, reason, by, as_json)


def disable(name: Name, reason: Why, by: Who = "", as_json: AsJson = False) -> None:
    """Switch a source off: it rests, and says by whose word. What was read of it stays."""
    _switched(name, False, reason, by, as_json)


def entry(name: Name, as_json: AsJson = False) -> None:
    """Show the entry by which a source is set up, without what is secret, and who said what of it."""
    with the_app() as app:
        with app.storage.look() as tx:
            history = tx.source_words.history(name)
        if app.sources.find(name) is None and not history:
            app.source(name)  # raises, and names those there are
        text, files, overtaken = app.sources.text(name), app.sources.in_files(name), app.sources.overtaken(name)
        problem, zone = app.sources.problems.get(name), app.settings.zone_info
    if as_json:
        show_json(
            {
                "source": name,
                "entry": text,
                "in_files": files or None,
                "overtaken": overtaken,
                "problem": problem,
                "words": [a_word(word) for word in history],
            }
        )
        return
    say(text.rstrip() or f"{name} is described nowhere any more.")
    # Not among the text, which can be kept in a file, changed and given to `describe`.
    for one in history:
        note(f"{one.number}, {when(one.made_at, zone)}, {one.deed} by {one.made_by}: {one.reason}")
    if overtaken:
        note("The files describe it otherwise than when this entry was written; this entry counts.")
    if problem:
        note(problem)


def describe(
    file: Annotated[Path, typer.Argument(help="A file with one entry, as it would stand in sources.yaml.")],
    reason: Why,
    by: Who = "",
    as_json: AsJson = False,
) -> None:
    """Set a source up as an entry says, or add a new one. It counts more than the files, and is kept as a version."""
    with the_app() as app:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(
                f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}"
            ) from error
        try:
            known = str(read_entry(text).get("name") or "")
            name = known if app.sources.find(known) is not None else ""
            word = set_up(text, name=name, speaker=_speaker(app, reason, by), watched=app.sources, storage=app.storage)
        except (EntryTextError, SourceWordError) as error:
            raise CommandError(f"{error} Nothing was changed.") from error
    _show(word, as_json)


def restore(
    name: Name,
    number: Annotated[int, typer.Argument(min=0, help="As `sources entry` numbers them; 0: as the files have it.")],
    reason: Why,
    by: Who = "",
    as_json: AsJson = False,
) -> None:
    """Set a source up again as it was, or as the files have it. One that no file describes ends with 0."""
    with the_app() as app:
        try:
            word = set_back(name, number, speaker=_speaker(app, reason, by), watched=app.sources, storage=app.storage)
        except (EntryTextError, SourceWordError) as error:
            raise CommandError(f"{error}; nothing was changed") from error
    _show(word, as_json)


def _switched(name: str, on: bool, reason: str, by: str, as_json: bool) -> None:
    with the_app() as app:
        app.source(name)  # raises, and names those there are
        try:
            word = switch(name, on=on, speaker=_speaker(app, reason, by), watched=app.sources, storage=app.storage)
        except (EntryTextError, SourceWordError) as error:
            raise CommandError(f"{error}; nothing was changed") from error
        resting = app.source(name).resting() if on else None
    _show(word, as_json)
    if resting and not as_json:
        note(f"It rests all the same: {resting}")


def _speaker(app: App, reason: str, by: str) -> Speaker:
    if not reason.strip():
        raise CommandError("say why, in a sentence, with --reason; nothing was changed")
    return Speaker(by=by or the_operator(), reason=" ".join(reason.split())[:500], now=app.clock())


def _show(word: SourceWord, as_json: bool) -> None:
    if as_json:
        show_json(a_word(word))
    else:
        say(DONE[word.deed].format(source=word.source, number=word.number))


def a_word(word: SourceWord) -> dict[str, Any]:
    """Staff's word, for a script."""
    return {
        "source": word.source,
        "number": word.number,
        "deed": word.deed,
        "enabled": word.enabled,
        "entry": word.entry or None,
        "settings_version": word.settings_version or None,
        "by": word.made_by,
        "reason": word.reason,
        "at": shapes.instant(word.made_at),
    }
