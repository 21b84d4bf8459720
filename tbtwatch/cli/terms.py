"""terms: words, names and codes related to a keyword, with what each would bring."""

from __future__ import annotations

from typing import Annotated

import typer

from tbtwatch.bootstrap import App
from tbtwatch.cli.context import CommandError, the_app
from tbtwatch.cli.output import say, show_json, show_table
from tbtwatch.cli.polling import AsJson
from tbtwatch.pipeline.related import MONTHS, Related, related, silent_keywords
from watcher.markets import MarketError
from watcher.text import one_line

_LANGUAGES = {"zh": "Chinese", "en": "English", "fr": "French", "es": "Spanish"}
_LONGEST_NAME = 60
_HINTS = 3  #: words in one line


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("terms")(terms)


def terms(
    keywords: Annotated[list[str], typer.Argument(metavar="KEYWORD...", help="Words or phrases, in any language.")],
    market: Annotated[
        list[str] | None, typer.Option(help="Only measures of this Member or group. May be given again.")
    ] = None,
    months: Annotated[int, typer.Option(min=1, max=600, help="Count in measures of so many months.")] = MONTHS,
    language: Annotated[str, typer.Option(help="Of the names of codes and areas: zh or en.")] = "en",
    as_json: AsJson = False,
) -> None:
    """Suggest what else to look for besides keywords: words that come with them, other languages, codes, areas."""
    if not all(keyword.strip() for keyword in keywords):
        raise CommandError("a keyword is empty; write a word or a phrase")
    with the_app() as app:
        try:
            markets = [app.markets.resolve(one) for one in market or []]
        except MarketError as error:
            raise CommandError(str(error)) from error
        found = related(keywords, desk=app.desk, markets=markets, months=months, language=language)
    if as_json:
        show_json(a_related(found))
        return
    _show(found, months)


def a_related(found: Related) -> dict[str, object]:
    """What is related, as JSON."""
    return {
        "keywords": list(found.keywords),
        "since": found.since.isoformat(),
        "measures": found.measures,
        "hits": found.hits,
        "words": [{"term": one.term, "there": one.there, "adds": one.adds} for one in found.words],
        "names": [
            {"language": one.language, "term": one.term, "of": one.code, "adds": one.adds} for one in found.names
        ],
        "codes": [
            {"kind": one.kind, "value": one.value, "name": one.name, "there": one.there, "adds": one.adds}
            for one in found.codes
        ],
        "meant": list(found.meant),
    }


def hints(keywords: frozenset[str], app: App) -> list[str]:
    """A sentence for each keyword that stands in nothing of the last twelve months while something related does."""
    sentences = []
    for keyword in silent_keywords(sorted(keywords), desk=app.desk):
        found = related([keyword], desk=app.desk)
        if found.hits:
            continue
        others = [(one.term, one.adds) for one in sorted(found.names, key=lambda one: -one.adds) if one.adds]
        instead = " or ".join(f"“{term}” (in {adds})" for term, adds in others[:_HINTS])
        instead = instead or " or ".join(f"“{word}”" for word in found.meant)
        if instead:
            sentences.append(
                f"“{keyword}” stands in none of the {_counted(found.measures)} of the last {MONTHS} months; {instead} "
                f"does. `tbtwatch terms '{keyword}'` shows what is related."
            )
    return sentences


def _show(found: Related, months: int) -> None:
    asked = " or ".join(f"“{keyword}”" for keyword in found.keywords)
    say(
        f"{asked}: in {found.hits} of {_counted(found.measures)} of the last {months} months, by title, products and "
        "summary."
    )
    if found.meant:
        say(f"Spelled nearly so: {', '.join(found.meant)}.")
    if found.words:
        say()
        say("Words that come with it far more often than elsewhere:")
        show_table(("word", "with it", "would add"), [(one.term, one.there, one.adds) for one in found.words])
    if found.names:
        say()
        say("In other languages:")
        show_table(
            ("word", "language", "from", "would add"),
            [(one.term, _LANGUAGES.get(one.language, one.language), one.code, one.adds) for one in found.names],
        )
    if found.codes:
        say()
        say(f"Codes and areas of the {found.hits}:")
        show_table(
            ("code or area", "name", "with it", "would add"),
            [
                (
                    f"area {one.value}" if one.kind == "area" else f"{one.kind.upper()} {one.value}",
                    one_line(one.name, _LONGEST_NAME),
                    one.there,
                    one.adds,
                )
                for one in found.codes
            ],
        )
    if not (found.words or found.names or found.codes or found.meant):
        say("Nothing related is recorded or known.")


def _counted(measures: int) -> str:
    return "1 measure" if measures == 1 else f"{measures:,} measures"
