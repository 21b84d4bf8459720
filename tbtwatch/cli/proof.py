"""proof."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from notifiers.proof import Proof
from notifiers.proof_page import products_named
from notifiers.proof_words import either, moment, say, zone_words
from subscriptions.words import word
from tbtwatch.cli import typed
from tbtwatch.cli.context import CommandError, the_app
from tbtwatch.cli.output import note, show_json
from tbtwatch.cli.output import say as print_line
from tbtwatch.cli.polling import AsJson
from tbtwatch.pipeline.proof import proof as make_proof
from tbtwatch.pipeline.proof_seal import LARGEST, Check, Checked, check, checksum_of, sealed, sealed_page
from tbtwatch.storage.types import to_json

_SAID = {
    Checked.UNCHANGED: "Unchanged: this is what this installation made",
    Checked.CONTENT_CHANGED: "Changed: the content does not have the checksum that stands with it",
    Checked.PAGE_CHANGED: (
        "Changed: the page is not as it was made. What is sealed inside it is whole; --json prints that"
    ),
    Checked.FOREIGN: (
        "Not ours: the content has its checksum, but the seal is not this installation's. Whoever changes a content "
        "can reckon a checksum, and nobody else can make the seal"
    ),
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("proof")(proof)


def proof(
    symbol: Annotated[str, typer.Argument(help="A document symbol: G/TBT/N/KEN/1514.")] = "",
    enterprise: Annotated[str, typer.Argument(help="The name of an enterprise.")] = "",
    html: Annotated[Path | None, typer.Option(help="Write a page to this file, to be printed.")] = None,
    check_: Annotated[
        Path | None, typer.Option("--check", help="Say whether this file, page or JSON, is as it was made.")
    ] = None,
    language: Annotated[str, typer.Option(help="zh or en; default: the enterprise's.")] = "",
    as_json: AsJson = False,
) -> None:
    """Prove what an enterprise was told of a measure: what was known when, each message, and why not.

    Exit code 1 if a file that is checked was changed or is not ours.
    """
    if check_ is not None:
        if symbol or html is not None:
            raise CommandError("--check takes a file and nothing else: tbtwatch proof --check FILE")
        _check(check_, as_json)
        return
    if not symbol.strip() or not enterprise.strip():
        raise CommandError("write the symbol and the enterprise: tbtwatch proof G/TBT/N/KEN/1514 宁波饮料厂")
    if language:
        typed.a_language(language)
    with the_app() as app:
        made = make_proof(symbol, enterprise, desk=app.desk, language=language)
        document = sealed(made, app.storage) if as_json else {}
        if html is not None:
            _write(html, sealed_page(made, app.storage))
    if as_json:
        show_json(document)
    elif html is not None:
        for sentence in made.summary:
            print_line(sentence)
        note(f"The page is {html}; its checksum is {checksum_of(to_json(Proof, made))}.")
    else:
        _show(made)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}") from error


def _check(path: Path, as_json: bool) -> None:
    try:
        text = path.read_bytes()[:LARGEST].decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is no text in UTF-8, so it is no proof of notice as it was written") from error
    with the_app() as app:
        found: Check = check(text, app.storage)
    named = f"{found.content.get('enterprise', '?')}, {', '.join(map(str, found.content.get('symbols') or ['?']))}"
    if as_json:
        show_json({"result": found.result.value, "checksum": found.checksum, "proof": found.content})
    else:
        print_line(f"{_SAID[found.result]}.")
        print_line(f"  of        {named}, as recorded on {found.content.get('made_at', '?')}")
        print_line(f"  checksum  {found.checksum}")
    if found.result is not Checked.UNCHANGED:
        raise typer.Exit(1)


def _show(made: Proof) -> None:
    """On a terminal: the same as on the page, shorter."""
    language = made.language
    print_line(f"{say('title', language)}: {made.enterprise}, {', '.join(made.symbols)}")
    print_line(say("made", language, at=moment(made.made_at), zone=zone_words(made.made_at, made.zone)))
    print_line()
    for sentence in made.summary:
        print_line(sentence)
    _heading("documents", language)
    for document in made.documents:
        recorded = f"{say('recorded', language)} {moment(document.recorded_at)}"
        print_line(f"  {document.distributed_on or '?'}  {', '.join(document.symbols)}  {recorded}")
    changes = {one.id: one for one in made.changes}
    for change in made.changes:
        silent = f" ({say('silent', language)})" if change.silent else ""
        print_line(
            f"  {say('noticed', language)} {moment(change.noticed_at)}  {change.what}{silent} {change.hold}".rstrip()
        )
    _heading("owed", language)
    for owed in made.owed:
        what = changes[owed.change].what if owed.change in changes else ""
        print_line(
            "  "
            + say(
                "owed.of",
                language,
                what=what,
                subscription=owed.subscription,
                version=owed.version,
                ruleset=owed.ruleset_version,
                grade=word(owed.grade, language),
                at=moment(owed.owed_at),
            )
        )
        for met in owed.conditions:
            print_line(f"    {met.sentence}")
            for evidence in met.evidence:
                quotes = ", ".join(f"“{' '.join(quote.split())[:160]}”" for quote in evidence.quotes[:4])
                print_line(
                    f"      {say('evidence', language, rule=evidence.rule, field=evidence.field, quotes=quotes)}"
                )
        if owed.products:
            print_line(f"    {say('yours', language, names=products_named(language, owed))}")
    _heading("messages", language)
    for message in made.messages:
        at = moment(message.ended_at) if message.ended_at else ""
        kind = either(f"message.{message.kind}", "message.other", language)
        print_line(f"  {kind} {message.channel}:{message.target}: {say(f'state.{message.state}', language, at=at)}")
        print_line(f"    {message.message_id}  {message.subject}")
        for attempt in message.attempts:
            tried = either(f"try.{attempt.outcome}", "try.", language)
            answer = f" “{attempt.answer}”" if attempt.answer else ""
            print_line(f"    {moment(attempt.started_at)}  {tried}{answer}")
    if made.untold:
        _heading("untold", language)
        for one in made.untold:
            what = say("untold.of", language, what=changes[one.change].what, id=one.subscription)
            print_line(f"  {what}: {one.sentence}")
    if made.gaps:
        _heading("gaps", language)
        for gap in made.gaps:
            name = "gap.from_to" if gap.until else "gap.open"
            until = moment(gap.until) if gap.until else ""
            print_line(f"  {say(name, language, source=gap.source, since=moment(gap.since), until=until)}")
    print_line()
    print_line(say("taken_is_not_read", language))


def _heading(name: str, language: str) -> None:
    print_line()
    print_line(say(name, language))
