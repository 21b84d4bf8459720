"""Product lists inside one transaction, and which subscriptions follow them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from subscriptions.affected import watched_codes
from subscriptions.derived import Watched
from subscriptions.product import Product
from tbtwatch.storage.product_rows import ProductRow, ProductSubscriptionRow
from tbtwatch.storage.rows import EnterpriseRow, SubscriptionRow
from tbtwatch.storage.types import from_json, to_json

_SEVERAL = 400
_TABLE = ProductRow.metadata.tables["product"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredProduct:
    """A product as it stands or stood in a list."""

    product: Product
    since: datetime
    gone_at: datetime | None = None
    gone_why: str = ""


class Products:
    """Products inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def live(self, enterprise_id: int) -> list[StoredProduct]:
        """The products of an enterprise, by their numbers."""
        rows = self._session.exec(
            select(ProductRow)
            .where(ProductRow.enterprise_id == enterprise_id, col(ProductRow.gone_at).is_(None))
            .order_by(ProductRow.sku)
        )
        return [_stored(row) for row in rows]

    def history(self, enterprise_id: int, sku: str) -> list[StoredProduct]:
        """All that a number stood for, oldest first."""
        rows = self._session.exec(
            select(ProductRow)
            .where(ProductRow.enterprise_id == enterprise_id, ProductRow.sku == sku)
            .order_by(col(ProductRow.id))
        )
        return [_stored(row) for row in rows]

    def counts(self) -> dict[str, int]:
        """How many products each enterprise has that has any."""
        found: dict[str, int] = {}
        for name in self._session.exec(
            select(EnterpriseRow.name)
            .join(ProductRow, col(ProductRow.enterprise_id) == col(EnterpriseRow.id))
            .where(col(ProductRow.gone_at).is_(None))
            .order_by(EnterpriseRow.name)
        ):
            found[name] = found.get(name, 0) + 1
        return found

    def that_may_be_affected(
        self, enterprises: Collection[str], *, chapters: Collection[str], by_standard: bool
    ) -> dict[str, list[Product]]:
        """The live products of these enterprises, by name, with a code of one of these chapters; also those with
        standards, if the measure cites any. A statement for some hundred enterprises."""
        found: dict[str, list[Product]] = {}
        ways = [col(ProductRow.chapters).contains(f"|{chapter}|") for chapter in sorted(chapters)]
        if by_standard:
            ways.append(col(ProductRow.has_standards).is_(True))
        if not ways:
            return found
        for some in _parts(sorted(set(enterprises))):
            rows = self._session.exec(
                select(EnterpriseRow.name, ProductRow.product)
                .join(ProductRow, col(ProductRow.enterprise_id) == col(EnterpriseRow.id))
                .where(col(EnterpriseRow.name).in_(some), col(ProductRow.gone_at).is_(None), or_(*ways))
            )
            for name, product in rows:
                found.setdefault(name, []).append(from_json(Product, product))
        return found

    def add(self, enterprise_id: int, products: Iterable[Product], *, now: datetime) -> None:
        """These are on the list from now on."""
        rows = []
        for product in products:
            chapters = sorted({code[:2] for code in watched_codes(product)})
            rows.append(
                {
                    "enterprise_id": enterprise_id,
                    "sku": product.sku,
                    "product": to_json(Product, product),
                    "chapters": "".join(f"|{chapter}" for chapter in chapters) + "|",
                    "has_standards": bool(product.standards),
                    "since": now,
                    "gone_why": "",
                }
            )
        if rows:
            self._session.connection().execute(_TABLE.insert(), rows)

    def take(self, enterprise_id: int, skus: Iterable[str], *, why: str, now: datetime) -> None:
        """These are on the list no more."""
        for some in _parts(sorted(skus)):
            self._session.exec(
                update(ProductRow)
                .where(
                    col(ProductRow.enterprise_id) == enterprise_id,
                    col(ProductRow.sku).in_(some),
                    col(ProductRow.gone_at).is_(None),
                )
                .values(gone_at=now, gone_why=why)
                .execution_options(synchronize_session=False)
            )
        self._session.expire_all()

    def following(self, enterprise_id: int) -> dict[int, Watched]:
        """The live subscriptions that follow the list of an enterprise, and by what."""
        rows = self._session.exec(
            select(ProductSubscriptionRow.subscription_id, ProductSubscriptionRow.by)
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(ProductSubscriptionRow.subscription_id))
            .where(SubscriptionRow.enterprise_id == enterprise_id, col(SubscriptionRow.ended_at).is_(None))
        )
        return {id_: Watched(by) for id_, by in rows}

    def left(self, enterprise_id: int) -> dict[int, tuple[str, datetime]]:
        """The subscriptions that followed the list and were ended, by number: why, and when."""
        rows = self._session.exec(
            select(SubscriptionRow.id, SubscriptionRow.end_reason, SubscriptionRow.ended_at)
            .join(ProductSubscriptionRow, col(SubscriptionRow.id) == col(ProductSubscriptionRow.subscription_id))
            .where(SubscriptionRow.enterprise_id == enterprise_id, col(SubscriptionRow.ended_at).is_not(None))
        )
        return {id_: (reason, at) for id_, reason, at in rows if id_ is not None and at is not None}

    def follow(self, subscription: int, by: Watched) -> None:
        """This subscription follows the list of its enterprise."""
        self._session.add(ProductSubscriptionRow(subscription_id=subscription, by=by.value))
        self._session.flush()


def _stored(row: ProductRow) -> StoredProduct:
    return StoredProduct(
        product=from_json(Product, row.product), since=row.since, gone_at=row.gone_at, gone_why=row.gone_why
    )


def _parts(several: Sequence[str]) -> Iterator[Sequence[str]]:
    return (several[start : start + _SEVERAL] for start in range(0, len(several), _SEVERAL))
