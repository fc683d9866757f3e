"""Payments and refunds, one table."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from aggregates.money.allocation import Allocation
from aggregates.money.payment import Payment
from aggregates.money.refund import Refund
from projections.audience import Audience
from projections.declaration import Own, Projection
from projections.deletion import deletable
from projections.existing import existing
from readmodels.money.payments import TABLE, PaymentRow


def _taken(_: PaymentRow | None, event: Payment.Taken) -> PaymentRow:
    return PaymentRow(
        id=event.originator_id,
        kind="payment",
        number=event.number,
        moment=event.moment,
        patient_id=event.patient_id,
        payer_id=event.payer_id,
        counterparty_id=event.counterparty_id,
        desk_id=event.till.desk_id,
        certificate_id=event.till.certificate_id,
        sum=event.sum,
        payment_id=None,
        allocations=event.allocations,
        visit_ids=_visits(event.allocations),
        latest=_latest(event.allocations),
        handed=event.handed,
        receipt_to=event.receipt_to,
        text=event.comment,
        deleted=False,
        version=event.originator_version,
    )


def _reallocated(row: PaymentRow, event: Payment.Reallocated) -> PaymentRow:
    allocations = (*row.allocations, *event.allocations)
    visit_ids, latest = _visits(allocations), _latest(allocations)
    return replace(row, allocations=allocations, visit_ids=visit_ids, latest=latest, version=event.originator_version)


def _deleted(row: PaymentRow, event: Payment.Deleted) -> PaymentRow:
    return replace(row, deleted=True, allocations=(), visit_ids=(), latest=None, version=event.originator_version)


def _returned(row: PaymentRow, event: Payment.Returned) -> PaymentRow:
    visit_ids, latest = _visits(event.allocations), _latest(event.allocations)
    return replace(
        row,
        deleted=False,
        allocations=event.allocations,
        visit_ids=visit_ids,
        latest=latest,
        version=event.originator_version,
    )


def _made(_: PaymentRow | None, event: Refund.Made) -> PaymentRow:
    return PaymentRow(
        id=event.originator_id,
        kind="refund",
        number=event.number,
        moment=event.moment,
        patient_id=event.patient_id,
        payer_id=None,
        counterparty_id=None,
        desk_id=event.till.desk_id,
        certificate_id=event.till.certificate_id,
        sum=event.sum,
        payment_id=event.payment_id,
        allocations=(),
        visit_ids=(),
        handed=None,
        receipt_to="",
        text=event.reason,
        deleted=False,
        version=event.originator_version,
    )


def _visits(allocations: Sequence[Allocation]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(one.charge_id for one in allocations))


def _latest(allocations: Sequence[Allocation]) -> datetime | None:
    return max((one.moment for one in allocations), default=None)


PAYMENTS = Projection(
    "payments",
    TABLE,
    revision=3,
    audience=Audience("patient_finances", "payments", "refunds", "settlements", "payroll", "tax_certificates"),
    handlers={
        Payment.Taken: Own(_taken),
        Payment.Reallocated: Own(existing(_reallocated)),
        **deletable(Payment),
        Payment.Deleted: Own(existing(_deleted)),
        Payment.Returned: Own(existing(_returned)),
        Refund.Made: Own(_made),
        **deletable(Refund),
    },
    one_stream=True,
)
