"""Which fiscal receipts commands of money request: saved together with the money, printed by background work afterwards.

None where the clinic prints none, where nothing of it is for a receipt, or where an organisation pays.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from aggregates.clinic.clinic_settings import ClinicSettings
from aggregates.money.allocation import NOTHING
from aggregates.money.certificate import Certificate
from aggregates.money.fiscal_receipt import FiscalReceipt, receipt_id
from aggregates.money.payment import Payment, Till
from aggregates.money.receipt import Means, Operation, Position, Receipt, paid_by, within_limit
from aggregates.money.receipt_lines import PaidVisit, SoldLine, of_advance, of_certificate, of_completion, of_payment, of_refund
from aggregates.money.refund import Refund
from aggregates.scheduling.visit import Visit
from commands.context import Context
from commands.ports.clinic import Clinic

Parts = Iterable[tuple[Means, Decimal]]


def for_payments(
    ctx: Context,
    settings: ClinicSettings,
    payments: Sequence[Payment],
    used: Sequence[Payment],
    offset: Mapping[UUID, Decimal],
    visits: Sequence[tuple[Visit, Decimal, Decimal]],
    *,
    moment: datetime,
    patient_id: UUID,
    receipt_to: str,
) -> list[FiscalReceipt]:
    """Of what is paid at once.

    used    earlier payments that pay by their rest; `offset`: visit → what they pay of it. Of a visit that isn't completed that
            has had its receipt.
    visits  each with what was paid for it before, and what is paid now.
    """
    completed = {visit.id for visit, _, _ in visits if visit.status == "completed"}
    paid_visits = [
        PaidVisit(
            number=visit.number,
            completed=visit.id in completed,
            lines=_sold(visit, settings),
            before=before if visit.id in completed else before + offset.get(visit.id, NOTHING),
            share=share if visit.id in completed else share - offset.get(visit.id, NOTHING),
        )
        for visit, before, share in visits
    ]
    advance = sum((payment.unallocated for payment in payments), NOTHING)
    positions, credit = of_payment((one for one in paid_visits if one.share), advance)
    set_off = sum((amount for visit_id, amount in offset.items() if visit_id in completed), NOTHING)
    paid: Parts = [*((_means(one.till), one.sum) for one in payments), ("prepaid", set_off), ("credit", credit)]
    documents = (*(payment.id for payment in payments), *completed)
    id_ = _id_of([*payments, *used][0], "sell")
    return _requested(ctx, settings, id_, "sell", positions, paid, documents, patient_id, moment, receipt_to)


def for_completion(clinic: Clinic, ctx: Context, settings: ClinicSettings, visit: Visit) -> list[FiscalReceipt]:
    """Of a visit that is completed after it was paid in advance; once, however often it is completed. Under the write lock."""
    if not settings.prints_receipts or visit.status != "completed" or visit.completions > 1:
        return []  # what was paid after an earlier completion has had the receipt of the sale
    found = clinic.payments.of_visit(visit.id)
    payments = [payment for payment in (clinic.load(Payment, id_) for id_ in found) if payment.counterparty_id is None]
    ahead = {payment.id: found[payment.id] for payment in payments}
    if not ahead:
        return []
    id_, paid_ahead = receipt_id(visit.id, "completion"), sum(ahead.values(), NOTHING)
    positions, credit = of_completion(_sold(visit, settings), paid_ahead)
    receipt_to = next((payment.receipt_to for payment in payments if payment.receipt_to), "")
    paid: Parts = [("prepaid", paid_ahead), ("credit", credit)]
    documents = (visit.id, *ahead)
    return _requested(
        ctx, settings, id_, "sell", positions, paid, documents, visit.patient_id, visit.slot.ends_at, receipt_to
    )  # fmt: skip


def for_refund(
    clinic: Clinic, ctx: Context, settings: ClinicSettings, payment: Payment, refund: Refund, before: Mapping[UUID, Decimal]
) -> list[FiscalReceipt]:
    """`before`: what the payment paid for visits before it gave back."""
    lost = {visit_id: amount - payment.allocated.get(visit_id, NOTHING) for visit_id, amount in before.items()}
    positions = of_refund(_numbered(clinic, lost), refund.sum - sum(lost.values(), NOTHING))
    return _of_patient(ctx, settings, payment, "sell_refund", positions, refund)


def for_deleted_payment(
    clinic: Clinic, ctx: Context, settings: ClinicSettings, payment: Payment, before: Mapping[UUID, Decimal]
) -> list[FiscalReceipt]:
    """Takes back what was printed for a payment. `before`: what it paid for visits."""
    positions = of_refund(_numbered(clinic, before), payment.sum - sum(before.values(), NOTHING))
    return _of_patient(ctx, settings, payment, "sell_refund", positions, payment)


def for_advance(
    ctx: Context, settings: ClinicSettings, payment: Payment, document: Payment | Refund, operation: Operation
) -> list[FiscalReceipt]:
    """Money that is the patient's prepayment again, or is no longer. `document`: the payment, or its refund."""
    return _of_patient(ctx, settings, payment, operation, of_advance(document.sum), document)


def for_certificate(
    ctx: Context, settings: ClinicSettings, certificate: Certificate, operation: Operation
) -> list[FiscalReceipt]:
    """What is sold is an advance; nothing of a gift."""
    buyer = certificate.card["buyer_id"]
    positions = of_certificate(certificate.code, certificate.price) if certificate.price else ()
    patient_id = UUID(str(buyer)) if buyer else None
    return _of_document(ctx, settings, operation, positions, certificate, certificate.price, patient_id)


def _of_patient(
    ctx: Context,
    settings: ClinicSettings,
    payment: Payment,
    operation: Operation,
    positions: tuple[Position, ...],
    document: Payment | Refund,
) -> list[FiscalReceipt]:
    if payment.counterparty_id is not None:
        return []
    return _of_document(ctx, settings, operation, positions, document, document.sum, document.patient_id, payment.receipt_to)


def _of_document(
    ctx: Context,
    settings: ClinicSettings,
    operation: Operation,
    positions: tuple[Position, ...],
    document: Payment | Refund | Certificate,
    amount: Decimal,
    patient_id: UUID | None,
    receipt_to: str = "",
) -> list[FiscalReceipt]:
    paid: Parts = [(_means(document.till), amount)]
    now = ctx.local_now(settings.time_zone).replace(second=0, microsecond=0)
    id_ = _id_of(document, operation)
    return _requested(ctx, settings, id_, operation, positions, paid, (document.id,), patient_id, now, receipt_to)


def _requested(
    ctx: Context,
    settings: ClinicSettings,
    id_: UUID,
    operation: Operation,
    positions: tuple[Position, ...],
    paid: Parts,
    document_ids: tuple[UUID, ...],
    patient_id: UUID | None,
    moment: datetime,
    receipt_to: str,
) -> list[FiscalReceipt]:
    if not settings.prints_receipts or not positions:
        return []
    contact = {"email" if "@" in receipt_to else "phone": receipt_to}
    content = Receipt(operation=operation, positions=within_limit(positions), paid=paid_by(paid), **contact)
    receipt = FiscalReceipt(id_)
    receipt.request(content, document_ids, patient_id, moment, at=ctx.now)
    return [receipt]


def _id_of(document: Payment | Refund | Certificate, operation: Operation) -> UUID:
    """Of the receipt for what a document is at its present version."""
    return receipt_id(document.id, f"{operation}:{document.version}")


def _sold(visit: Visit, settings: ClinicSettings) -> tuple[SoldLine, ...]:
    """The lines of a visit with what they come to: services, then goods."""
    nets = [amount.net for amount in visit.amounts.lines]
    services = [
        SoldLine(name=line.name, quantity=Decimal(line.quantity), net=net, subject="service", vat=settings.vat_of("service"))
        for line, net in zip(visit.lines, nets, strict=False)
    ]
    goods = [
        SoldLine(name=line.name, quantity=line.quantity, net=net, subject="commodity", vat=settings.vat_of("commodity"))
        for line, net in zip(visit.goods, nets[len(visit.lines) :], strict=True)
    ]
    return (*services, *goods)


def _numbered(clinic: Clinic, shares: Mapping[UUID, Decimal]) -> list[tuple[int, Decimal]]:
    return [(clinic.load(Visit, visit_id).number, amount) for visit_id, amount in shares.items() if amount]


def _means(till: Till) -> Means:
    if till.certificate_id is not None:
        return "prepaid"
    return "cash" if till.desk_kind == "cash" else "cashless"
