"""The sources and measures that a subscription may name, looked up before it is checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from subscriptions.criteria import Criteria
from subscriptions.known import Known
from subscriptions.origin import reference
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.symbols import Unknown, find, symbols_in, tidy
from tbtwatch.storage import Transaction
from watcher.measure import Measure
from watcher.said import either, said


class NotRecordedError(ValueError):
    """No measure is recorded that could be followed; the sentence says what to do, `near` what is alike."""

    def __init__(self, sentence: str, near: tuple[str, ...] = ()) -> None:
        self.near = near
        super().__init__(sentence)


def known_to(criteria: Criteria, desk: Desk) -> Known:
    """What is recorded of all that is asked for. It is looked up here, so that checking needs no database."""
    sources: Mapping[str, str] | None = None
    if criteria.sources:
        with desk.storage.look() as tx:
            sources = dict.fromkeys(tx.notices.sources(), "")
        sources = {**sources, **{one.config.name: one.config.title for one in desk.sources}}
    measures = {asked: _answer(asked, desk) for asked in criteria.measures}
    return Known(sources=sources, measure=lambda asked: measures[asked]() if asked in measures else asked)


def followed(text: str, desk: Desk) -> tuple[str, Measure]:
    """What the measure that people mean by a symbol is followed by, and the measure. Raises `NotRecordedError`."""
    typed = tidy(text)
    issuer, _, thread = typed.partition(" ")
    with desk.storage.look() as tx:
        if issuer != "WTO" and (ids := tx.measures.of_threads(issuer, [thread])):
            return typed, tx.measures.get(ids[0])
        _refuse_ambiguous(typed, tx, symbols=bool(symbols_in(text, desk.names.markets)))
    found = find(text, desk)
    if isinstance(found, Unknown):
        raise NotRecordedError(_not_recorded(found), found.near)
    asked = {str(symbol.base) for symbol in symbols_in(text, desk.names.markets)} | {typed.upper()}
    threads = [thread for thread in found.threads if thread in asked or thread.upper() in asked]
    return reference(found.issuer, (threads or found.threads)[0]), found


def _answer(asked: str, desk: Desk) -> Callable[[], str]:
    """The reference of a measure, or the refusal, given when it is asked for."""
    try:
        found, _ = followed(asked, desk)
    except NotRecordedError as refusal:
        return _refusing(refusal)
    return lambda: found


def _refusing(refusal: NotRecordedError) -> Callable[[], str]:
    def refuse() -> str:
        raise refusal

    return refuse


def _refuse_ambiguous(typed: str, tx: Transaction, *, symbols: bool) -> None:
    """Two issuers may number alike."""
    if symbols:
        return
    measures = [tx.measures.get(id_) for id_ in tx.measures.by_any_symbol(typed)]
    issuers = sorted({measure.issuer for measure in measures})
    if len(issuers) > 1:
        near = tuple(reference(issuer, typed) for issuer in issuers)
        choices = either(map(repr, near))
        raise NotRecordedError(
            said("{typed!r} is a reference of several issuers; write {choices}", typed=typed, choices=choices), near
        )


def _not_recorded(unknown: Unknown) -> str:
    if unknown.near:
        hint = said("did you mean {several}?", several=either(unknown.near))
    elif unknown.is_symbol:
        hint = said(
            "subscribe to its market and products to be told when it comes, and follow it then; `tbtwatch measures` "
            "lists what is recorded"
        )
    else:
        hint = said("give a document symbol such as G/TBT/N/KEN/1514; `tbtwatch measures` lists what is recorded")
    return said(
        "no measure {symbol!r} is recorded, and only what is recorded can be followed; {hint}",
        symbol=unknown.symbol,
        hint=hint,
    )
