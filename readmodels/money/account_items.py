"""What patients owe and have paid ahead, as steps in time: debts and prepayments of all patients at the end of any day (FIN-4).

Derived from visits, sales, payments and refunds (`projections/money/account_items.py`), by the rule of `patient_accounts.py`: a
test compares both. A visit that is paid on its day has no rows, so that a report reads what was open instead of everything.
"""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from aggregates.money.allocation import Allocation
from aggregates.money.discounts import Discount
from readmodels.table import Table

DocumentKind = Literal["visit", "sale", "sale_return", "payment", "refund"]
ItemKind = Literal["debt", "prepaid", "unspent"]


class Price(msgspec.Struct, frozen=True, array_like=True):
    """Kopecks of a line without discounts, and its own discount."""

    gross: int
    discount: Discount | None


class AccountDocumentRow(msgspec.Struct, frozen=True):
    """A visit, a sale without one, a return of its goods, a payment or refund as far as it concerns accounts.

    patient_id   None of what was sold to nobody in particular, and of a return; no account has any of it.
    moment       of a visit its start.
    amount       kopecks; of a visit or a sale what it comes to.
    completed    of a visit: whether it is; of a sale and a return whether it is posted; payments and refunds are.
    payment_id   of a refund.
    sale_id      of a return.
    visit_ids    of a payment: visits and sales for which it has ever paid; of a return: sales whose it has ever been.
    services, goods, discount  of a visit: what `amount` follows from.
    """

    id: UUID
    kind: DocumentKind
    patient_id: UUID | None
    moment: datetime
    amount: int
    completed: bool
    deleted: bool
    version: int
    payment_id: UUID | None = None
    sale_id: UUID | None = None
    allocations: tuple[Allocation, ...] = ()
    visit_ids: tuple[UUID, ...] = ()
    services: tuple[Price, ...] = ()
    goods: tuple[Price, ...] = ()
    discount: Discount | None = None


DOCUMENTS = Table(
    "account_documents",
    AccountDocumentRow,
    key=("id",),
    indexes=(
        "using gin (visit_ids) WHERE kind = 'payment'",
        "(payment_id) WHERE payment_id IS NOT NULL",
        "(sale_id) WHERE sale_id IS NOT NULL",
    ),
)
FOREVER = date(9999, 12, 31)


class AccountItemRow(msgspec.Struct, frozen=True):
    """What was open at the end of each day from `since` on, before `until`.

    kind        debt: what isn't paid of a completed visit or a sale. prepaid: what of a payment pays for nothing (a refund on
                another card than the payment's: what it takes from it). unspent: of a payment for a visit or sale on another
                card, what is still prepaid if both cards are one person's: it pays from the visit's completion and start, else at
                once.
    patient_id  the card of the document.
    of_card     of `unspent`: the visit's card; else the same as `patient_id`.
    dated       the day of the document.
    amount      kopecks; below zero where a refund on another card takes it back.
    """

    document_id: UUID
    kind: ItemKind
    patient_id: UUID
    of_card: UUID
    since: date
    until: date
    dated: date
    amount: int


TABLE = Table(
    "account_items",
    AccountItemRow,
    key=("document_id", "kind", "of_card", "since"),
    indexes=(
        "(until, since) INCLUDE (kind, patient_id, of_card, dated, amount)",
        "(dated) WHERE kind = 'debt' AND until = '9999-12-31'",
    ),
)
