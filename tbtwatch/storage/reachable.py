"""Which enterprises and subscriptions belong to the owner of a mail address."""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from tbtwatch.storage.contact_rows import ContactAddressRow, ContactRow, ManagementRow
from tbtwatch.storage.contacts import OWNER
from tbtwatch.storage.rows import EnterpriseRow, SubscriptionAddressRow, SubscriptionRow


class Reachable:
    """What an address reaches, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def enterprises(self, email: str) -> dict[int, str]:
        """Those that the owner of this address is of, and those that these look after: their names by number."""
        own = set(self._session.exec(_of_contacts(email)))
        if not own:
            return {}
        looked_after = select(ManagementRow.child_id).where(
            col(ManagementRow.manager_id).in_(own), col(ManagementRow.ended_at).is_(None)
        )
        all_ = own | set(self._session.exec(looked_after))
        names = select(EnterpriseRow.id, EnterpriseRow.name).where(col(EnterpriseRow.id).in_(all_))
        return {id_: name for id_, name in self._session.exec(names.order_by(EnterpriseRow.name)) if id_ is not None}

    def owned(self, email: str) -> set[int]:
        """The enterprises that the owner of this address decides about: those they are an owner of."""
        return set(self._session.exec(_of_contacts(email).where(ContactRow.role == OWNER)))

    def subscriptions(self, email: str, enterprises: set[int], *, only: int | None = None) -> dict[int, int | None]:
        """The subscriptions of these enterprises and those that are or were answered at this address: by number their
        enterprise's, or None for those of the address alone."""
        here = select(SubscriptionAddressRow.subscription_id).where(
            SubscriptionAddressRow.channel == "email", func.lower(SubscriptionAddressRow.target) == email
        )
        if only is not None:
            here = here.where(SubscriptionAddressRow.subscription_id == only)
        # Apart, as a database reads all subscriptions for the two in one.
        several = [col(SubscriptionRow.id).in_(sorted(set(self._session.exec(here))))]
        several += [col(SubscriptionRow.enterprise_id).in_(enterprises)] if enterprises else []
        found: dict[int, int | None] = {}
        for which in several:
            asked = select(SubscriptionRow.id, SubscriptionRow.enterprise_id).where(which)
            if only is not None:
                asked = asked.where(SubscriptionRow.id == only)
            for id_, enterprise in self._session.exec(asked):
                if id_ is not None:
                    found[id_] = enterprise if enterprise in enterprises else None
        return dict(sorted(found.items()))


def _of_contacts(email: str) -> SelectOfScalar[int]:
    """The enterprises whose contact, one that was not ended, is told at this address."""
    return (
        select(ContactRow.enterprise_id)
        .join(ContactAddressRow, col(ContactAddressRow.contact_id) == col(ContactRow.id))
        .where(
            ContactAddressRow.channel == "email",
            func.lower(ContactAddressRow.target) == email,
            col(ContactRow.ended_at).is_(None),
        )
    )
