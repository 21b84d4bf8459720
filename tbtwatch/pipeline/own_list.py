"""A product list that somebody who is signed in uploads: read, shown, and saved as the command line does."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from subscriptions.criteria import Criteria, Frequency
from subscriptions.forecast import Forecast
from subscriptions.product_list import ProductList, read_products, table_of
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.expected import Expected
from tbtwatch.pipeline.forecast import as_asked, foresee_all
from tbtwatch.pipeline.own import FloodError, own_address, theirs
from tbtwatch.pipeline.product_file import read_product_file
from tbtwatch.pipeline.products import Plan, Saved, Wishes, plan, save
from tbtwatch.pipeline.starter import write_starters
from tbtwatch.storage.people import Person

LARGEST: Final = 5_000_000  # bytes of a file
NEW: Final = ""  #: stands for an enterprise that is not there yet: none has an empty name


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a list comes to, before it is saved."""

    plan: Plan
    forecasts: Mapping[Criteria, Forecast]  #: of what would be new or different

    def floods(self, desk: Desk) -> bool:
        """Whether any of its questions brings more than anybody reads."""
        return any(one.floods(desk.flood) for one in self.forecasts.values())


def read_upload(body: bytes, *, markets: frozenset[str], desk: Desk) -> ProductList:
    """The products of a file. Raises ProductListError with a sentence. `markets`: of rows that name none."""
    with tempfile.TemporaryDirectory(prefix="tbtwatch-list-") as folder:
        path = Path(folder) / "list"
        path.write_bytes(body)
        rows = read_product_file(path).rows
        return read_products(rows, markets=desk.names.markets, choices=desk.names.choices, default_markets=markets)


def as_text(found: ProductList, language: str, *, desk: Desk) -> str:
    """The products as CSV, which `read_upload` reads again."""
    written = io.StringIO()
    table = table_of(found.products, language, desk.names.markets, desk.names.choices)
    csv.writer(written, lineterminator="\n").writerows(table)
    return written.getvalue()


def show_list(
    found: ProductList, enterprise: str, *, person: Person, frequency: Frequency, language: str, desk: Desk
) -> Shown:
    """What it comes to; nothing is written. `enterprise`: "" for a new one. Raises ListChangeError, CriteriaError."""
    wishes = _wishes(enterprise, person, frequency, language, desk)
    made = plan(enterprise or NEW, found.products, desk=desk, wishes=wishes)
    return Shown(plan=made, forecasts=_forecasts(made, desk))


def save_list(
    found: ProductList, enterprise: str, *, firm: str, person: Person, frequency: Frequency, language: str, desk: Desk
) -> Saved:
    """Keep it, all of it or nothing. Raises ListChangeError, CriteriaError, SuppressedError, FloodError."""
    shown = show_list(found, enterprise, person=person, frequency=frequency, language=language, desk=desk)
    for one in shown.forecasts.values():
        if one.floods(desk.flood):
            raise FloodError(one)
    wishes = _wishes(enterprise, person, frequency, language, desk)
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        name = theirs(enterprise, firm=firm, person=person, language=language, tx=tx, desk=desk)
        tx.audit.write(
            by=person.shown,
            deed="products.save",
            about=f"enterprise {tx.subscriptions.find_enterprise(name)}",
            detail={"products": len(found.products)},
            person=person.id,
            now=desk.clock(),
        )
    expected = {asked: Expected(forecast=one) for asked, one in shown.forecasts.items()}
    saved = save(name, found.products, by=person.shown, desk=desk, wishes=wishes, expected=expected)
    write_starters(desk=desk)
    return saved


def _wishes(enterprise: str, person: Person, frequency: Frequency, language: str, desk: Desk) -> Wishes:
    """Where a list is followed already, whoever is told stays told; else the person is."""
    with desk.storage.look() as tx:
        number = tx.subscriptions.find_enterprise(enterprise) if enterprise else None
        followed = bool(tx.products.following(number)) if number is not None else False
    return Wishes(
        addresses=None if followed else (own_address(person),),
        frequency=None if followed else frequency,
        language=None if followed else language,
    )


def _forecasts(made: Plan, desk: Desk) -> dict[Criteria, Forecast]:
    now = desk.clock()
    asked = {
        one.criteria: as_asked(made.question(one, now=now), desk=desk) for one in made.subscriptions if one.changes
    }
    return dict(zip(asked, foresee_all(list(asked.values()), desk=desk), strict=True))
