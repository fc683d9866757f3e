"""Payments of patients and refunds: what a person has paid, and for what."""

from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

import msgspec

from aggregates.money.allocation import Allocation
from readmodels.table import Table

Kind = Literal["payment", "refund"]


class PaymentRow(msgspec.Struct, frozen=True):
    """A payment, or a refund of one.

    patient_id                 None of what somebody paid for goods whom nobody named.
    payer_id, counterparty_id  who paid where it wasn't the patient.
    desk_id, certificate_id    where the money came into or went out of; one of them.
    payment_id                 of a refund.
    allocations                of a payment, as its events say them: negative ones take back.
    visit_ids                  visits and sales that it has ever paid for.
    handed                     cash that was handed over.
    latest                     moment of the last allocation of all; none is before `moment`.
    text                       comment, or the reason of a refund.
    """

    id: UUID
    kind: Kind
    number: int
    moment: datetime
    patient_id: UUID | None
    payer_id: UUID | None
    counterparty_id: UUID | None
    desk_id: UUID | None
    certificate_id: UUID | None
    sum: Decimal
    payment_id: UUID | None
    allocations: tuple[Allocation, ...]
    visit_ids: tuple[UUID, ...]
    handed: Decimal | None
    receipt_to: str
    text: str
    deleted: bool
    version: int
    latest: datetime | None = None


TABLE = Table(
    "payments",
    PaymentRow,
    key=("id",),
    indexes=(
        "(patient_id, moment)",
        "(moment)",
        "(payment_id) WHERE payment_id IS NOT NULL",
        "(certificate_id) WHERE certificate_id IS NOT NULL",
        "(counterparty_id, moment) WHERE counterparty_id IS NOT NULL",
        "using gin (visit_ids)",
        "(latest, moment) WHERE latest IS NOT NULL",
    ),
)
