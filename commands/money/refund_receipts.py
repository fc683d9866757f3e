"""What receipts say of money that goes back: by refunds, and by payments and refunds that are deleted and brought back."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from aggregates.clinic.clinic_settings import ClinicSettings
from aggregates.money.allocation import NOTHING
from aggregates.money.fiscal_receipt import FiscalReceipt
from aggregates.money.payment import Payment
from aggregates.money.receipt import Means, Position
from aggregates.money.receipt_accounts import (
    SoldLine,
    StatedLine,
    StatedMoney,
    VisitAccount,
    merged,
    negative,
    part_of,
    taken_from,
    total_of,
)
from aggregates.money.receipt_lines import advance_lines, of_lines
from aggregates.money.receipt_settlement import as_paid
from aggregates.money.refund import Refund
from commands.context import Context
from commands.money.charge_receipts import settle, without
from commands.money.receipt_requests import ReceiptRequests, is_received, means_of, on_receipts, taken_back
from commands.money.sold_lines import sold_lines
from commands.ports.clinic import Clinic


def for_refund(
    clinic: Clinic, ctx: Context, settings: ClinicSettings, payment: Payment, refund: Refund, before: Mapping[UUID, Decimal]
) -> list[FiscalReceipt]:
    """What was sold for the money that goes back, else what was received in advance. `before`: what the payment paid for visits
    and sales before it gave back.
    """
    return _given_back(ReceiptRequests(clinic, ctx, settings, payments=[payment]), payment, refund, before)


def for_deleted_payment(
    clinic: Clinic, ctx: Context, settings: ClinicSettings, payment: Payment, before: Mapping[UUID, Decimal]
) -> list[FiscalReceipt]:
    """Takes back what was printed for a payment. `before`: what it paid for visits and sales."""
    return _given_back(ReceiptRequests(clinic, ctx, settings, payments=[payment]), payment, payment, before)


def _given_back(
    requests: ReceiptRequests, payment: Payment, document: Payment | Refund, before: Mapping[UUID, Decimal]
) -> list[FiscalReceipt]:
    if not requests.settings.prints_receipts:
        return []
    for charge in (requests.charge(charge_id) for charge_id in given_back(requests, payment, document, before)):
        if charge.done and (requests.settings.prints_credit or requests.stated(charge.id)):
            settle(requests, charge)
    return requests.requested


def given_back(
    requests: ReceiptRequests,
    payment: Payment,
    document: Payment | Refund,
    before: Mapping[UUID, Decimal],
    most: Decimal | None = None,
) -> list[UUID]:
    """The receipt of the money itself. What loses it: visits and sales that are to be settled afterwards. `before`: what the
    payment paid for each before it gave back. `most`: of what the document comes to. Never more than receipts say was received.
    """
    left = document.sum if most is None else min(document.sum, most)
    if is_received(payment):
        left = min(left, requests.received(payment.id))
    positions: list[Position] = []
    lines: list[StatedLine] = []
    money: list[StatedMoney] = []
    paid: list[tuple[Means, Decimal]] = []
    lost = [id_ for id_, amount in before.items() if amount > payment.allocated.get(id_, NOTHING)]
    settles = [one.visit_id for receipt in requests.stated(payment.id) for one in receipt.money if one.payment_id == payment.id]
    for charge_id in dict.fromkeys((*lost, *settles)):
        account = requests.account(charge_id)
        share = on_receipts(requests.clinic, payment, payment.allocated.get(charge_id, NOTHING))
        gone = min(left, max(NOTHING, account.money.get(payment.id, NOTHING) - share))
        if not gone:
            continue
        sold = sold_lines(requests.clinic, requests.settings, requests.charge(charge_id))
        back = as_paid(_first_without(account, sold, gone), gone, NOTHING)
        positions += of_lines(back)
        lines += [StatedLine(account_id=charge_id, line=negative(line)) for line in back]
        money.append(StatedMoney(visit_id=charge_id, payment_id=payment.id, sum=-gone))
        paid.append((means_of(payment.till), gone))
        left -= gone
    if is_received(payment):
        unused = taken_from(requests.advance(payment.id), left, [None, *lost])
        positions += of_lines(one.line for one in unused)
        lines += [taken_back(one) for one in unused]
        paid.append((means_of(payment.till), total_of(one.line for one in unused)))
    if document is not payment and positions:
        returned = sum((position.sum for position in positions), NOTHING)
        lines += [StatedLine(account_id=document.id, line=line) for line in advance_lines(returned)]
    requests.request(
        "sell_refund", positions, paid, lines, money,
        documents=(document.id,), patient_id=document.patient_id, moment=requests.now, receipt_to=payment.receipt_to,
    )  # fmt: skip
    return lost


def for_returned_payment(clinic: Clinic, ctx: Context, settings: ClinicSettings, payment: Payment) -> list[FiscalReceipt]:
    """Its money is the patient's advance again, nothing where no receipt ever spoke of it; then it settles what it pays for."""
    requests = ReceiptRequests(clinic, ctx, settings, payments=[payment])
    if not settings.prints_receipts:
        return []
    if is_received(payment) and requests.stated(payment.id):
        received_again(requests, payment, payment, payment.sum)
    for charge in (requests.charge(charge_id) for charge_id in payment.allocated):
        if charge.done and (settings.prints_credit or requests.stated(charge.id)):
            settle(requests, charge)
    return requests.requested


def for_deleted_refund(
    clinic: Clinic, ctx: Context, settings: ClinicSettings, payment: Payment, refund: Refund
) -> list[FiscalReceipt]:
    """What its receipt returned is the patient's advance again."""
    requests = ReceiptRequests(clinic, ctx, settings)
    if not settings.prints_receipts or not is_received(payment):
        return []
    returned = requests.advance(refund.id)
    return received_again(requests, payment, refund, total_of(one.line for one in returned), returned)


def for_returned_refund(
    clinic: Clinic, ctx: Context, settings: ClinicSettings, payment: Payment, refund: Refund
) -> list[FiscalReceipt]:
    """The advance goes back again."""
    return _given_back(ReceiptRequests(clinic, ctx, settings, payments=[payment]), payment, refund, payment.allocated)


def received_again(
    requests: ReceiptRequests,
    payment: Payment,
    document: Payment | Refund,
    amount: Decimal,
    returned: Sequence[StatedLine] = (),
) -> list[FiscalReceipt]:
    sold = advance_lines(amount, requests.settings.vat_of("service"))
    lines = [*(StatedLine(account_id=payment.id, line=line) for line in sold), *(taken_back(one) for one in returned)]
    requests.request(
        "sell", of_lines(sold), [(means_of(payment.till), amount)], lines,
        documents=(document.id,), patient_id=document.patient_id, moment=requests.now, receipt_to=payment.receipt_to,
    )  # fmt: skip
    return requests.requested


def _first_without(account: VisitAccount, lines: Sequence[SoldLine], amount: Decimal) -> tuple[SoldLine, ...]:
    """So much of what was sold: lines that the visit no longer has first, then a part of each."""
    has = {line.key: line.net for line in merged(lines)}
    surplus = [without(line, min(line.net, has.get(line.key, NOTHING))) for line in account.lines]
    first = part_of([line for line in surplus if line.net], amount)
    gone = {line.key: line.net for line in first}
    rest = [without(line, gone.get(line.key, NOTHING)) for line in account.lines]
    return (*first, *part_of([line for line in rest if line.net], amount - total_of(first)))
