"""What has to be said again where receipts are given up, or printed after all (`commands/money/fiscal_receipt.py`)."""

from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar
from uuid import UUID

from aggregates.clinic.clinic_settings import ClinicSettings
from aggregates.money.allocation import NOTHING
from aggregates.money.certificate import Certificate
from aggregates.money.fiscal_receipt import FiscalReceipt
from aggregates.money.payment import Payment
from aggregates.money.refund import Refund
from commands.context import Context
from commands.money.certificate_receipts import for_certificate
from commands.money.charge_receipts import for_charge
from commands.money.receipt_requests import ReceiptRequests, is_received
from commands.money.refund_receipts import given_back, received_again
from commands.ports.clinic import AggregateNotFound, Clinic


def restate(
    clinic: Clinic,
    ctx: Context,
    settings: ClinicSettings,
    document_ids: Iterable[UUID],
    counting: Mapping[UUID, bool],
    *,
    unsaid: Collection[UUID] = (),
) -> list[FiscalReceipt]:
    """What has to be said of documents whose receipts were given up with another one, or of which too much is said now.

    Money that no receipt says anything of is received, what came back is returned as far as it was received, visits and sales are
    settled. `counting`: receipts that are given up (False) or printed after all (True) in the same save; `unsaid`: documents of
    which nothing is to be said.
    """
    if not settings.prints_receipts:
        return []
    requests = ReceiptRequests(clinic, ctx, settings, counting=counting)
    charges: list[UUID] = []
    for document_id in dict.fromkeys(document_ids):
        if (payment := _loaded(clinic, Payment, document_id)) is not None:
            _restate_payment(requests, payment)
            charges += payment.allocated
        elif (refund := _loaded(clinic, Refund, document_id)) is not None:
            if refund.payment_id not in unsaid:
                _restate_payment(requests, clinic.load(Payment, refund.payment_id))
        elif (certificate := _loaded(clinic, Certificate, document_id)) is not None:
            if certificate.deleted == bool(requests.advance(certificate.id)):
                for_certificate(clinic, ctx, settings, certificate, "sell_refund" if certificate.deleted else "sell", requests)
        else:
            charges.append(document_id)
    for charge_id in dict.fromkeys(charges):
        for_charge(requests, requests.charge(charge_id))
    return requests.requested


def _restate_payment(requests: ReceiptRequests, payment: Payment) -> None:
    """Say that its money was received, or went back, where receipts say otherwise."""
    if not is_received(payment):
        return
    refunds = [requests.clinic.load(Refund, id_) for id_ in requests.clinic.payments.refunds_of(payment.id)]
    received = NOTHING if payment.deleted else payment.sum - sum((one.sum for one in refunds), NOTHING)
    if received > (stated := requests.received(payment.id)):
        received_again(requests, payment, payment, received - stated)
    documents: list[Payment | Refund] = [*(one for one in refunds if not requests.advance(one.id)), payment]
    for document in documents:
        if (too_much := requests.received(payment.id) - received) > 0:
            given_back(requests, payment, document, payment.allocated, too_much)


D = TypeVar("D", Payment, Refund, Certificate)


def _loaded(clinic: Clinic, kind: type[D], document_id: UUID) -> D | None:
    """None if it is of another kind."""
    try:
        return clinic.load(kind, document_id)
    except AggregateNotFound:
        return None
