"""What receipts say of visits and sales: what is sold and paid at once, and what changes of it by no new money."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from aggregates.clinic.clinic_settings import ClinicSettings
from aggregates.money.allocation import NOTHING
from aggregates.money.charge import Charge
from aggregates.money.fiscal_receipt import FiscalReceipt
from aggregates.money.payment import Payment
from aggregates.money.receipt import Means, Position
from aggregates.money.receipt_accounts import (
    SoldLine,
    StatedLine,
    StatedMoney,
    negative,
    part_of,
    taken_from,
    total_of,
    with_net,
)
from aggregates.money.receipt_lines import advance_lines, of_credit_payment, of_lines, prepaid_lines
from aggregates.money.receipt_settlement import Settlement, due_lines, settlement
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_charge import charge_of_visit
from commands.context import Context
from commands.money.receipt_requests import ReceiptRequests, is_persons, is_received, means_of, on_receipts, taken_back
from commands.money.sold_lines import sold_lines
from commands.ports.clinic import Clinic


class Settled:
    """A visit or a sale with what must be stated of it now. `shares`: payment → what of it pays for it."""

    def __init__(self, requests: ReceiptRequests, charge: Charge, shares: Mapping[UUID, Decimal]) -> None:
        payments = {id_: requests.payment(id_) for id_ in shares}
        stated = requests.account(charge.id)
        stated_shares = {id_: on_receipts(requests.clinic, payments[id_], amount) for id_, amount in shares.items()}
        own = {id_: amount for id_, amount in stated_shares.items() if amount}
        lines = sold_lines(requests.clinic, requests.settings, charge)
        others = sum(shares.values(), NOTHING) - sum(own.values(), NOTHING)
        self.charge, self.stated, self.own, self.payments = charge, stated, own, payments
        self.due = due_lines(lines, stated, max(NOTHING, charge.total - others)) if charge.takes_place else ()
        self.result: Settlement = settlement(self.due, own, stated, prints_credit=requests.settings.prints_credit and charge.done)

    @property
    def sold(self) -> tuple[Position, ...]:
        paid = self.result.credit_payment
        return (*of_lines(self.result.sold), *(of_credit_payment(self.charge.named, paid) if paid else ()))

    def sold_lines(self) -> list[StatedLine]:
        return [StatedLine(account_id=self.charge.id, line=line) for line in self.result.sold]

    def sold_money(self) -> list[StatedMoney]:
        return [
            StatedMoney(visit_id=self.charge.id, payment_id=id_, sum=amount)
            for id_, amount in self.result.forward.items()
            if amount
        ]

    @property
    def returned(self) -> tuple[Position, ...]:
        back = self.result.credit_payment_back
        return (*of_lines(self.result.returned), *(of_credit_payment(self.charge.named, back) if back else ()))

    def returned_lines(self) -> list[StatedLine]:
        return [StatedLine(account_id=self.charge.id, line=negative(line)) for line in self.result.returned]

    def returned_money(self) -> list[StatedMoney]:
        return [StatedMoney(visit_id=self.charge.id, payment_id=id_, sum=-amount) for id_, amount in self.result.back.items()]


def for_payments(
    requests: ReceiptRequests,
    payments: Sequence[Payment],
    used: Sequence[Payment],
    charges: Sequence[tuple[Charge, Mapping[UUID, Decimal]]],
    *,
    moment: datetime,
    patient_id: UUID | None,
) -> list[FiscalReceipt]:
    """Of what is paid at once.

    used     earlier payments that pay by their rest.
    charges  each with all that pays for it now: payment → sum.
    """
    if not requests.settings.prints_receipts:
        return []
    requests.changed |= {payment.id: payment for payment in (*payments, *used)}
    received = {one.id: one for one in payments if is_received(one)}
    positions: list[Position] = []
    lines: list[StatedLine] = []
    money: list[StatedMoney] = []
    paid: list[tuple[Means, Decimal]] = []
    documents: list[UUID] = [one.id for one in payments if one.counterparty_id is None]
    for charge, shares in charges:
        if charge.done:
            settled = Settled(requests, charge, shares)
            _return(requests, settled, moment=requests.now, patient_id=patient_id)
            positions += settled.sold
            lines += settled.sold_lines()
            money += settled.sold_money()
            paid.append(("credit", settled.result.credit))
            documents += [charge.id] if settled.sold else []
            for id_, amount in settled.result.forward.items():
                if id_ not in received:
                    paid.append(("prepaid", amount))
                    lines += set_off(requests, id_, amount, charge.id)
            continue
        new = {id_: amount for id_, amount in shares.items() if id_ in received}
        if share := sum(new.values(), NOTHING):
            whole = share == charge.total and not requests.account(charge.id).lines
            prepaid = prepaid_lines(charge.named, sold_lines(requests.clinic, requests.settings, charge), share, whole=whole)
            positions += of_lines(prepaid)
            lines += _advances(new, prepaid, charge.id)
    rest = {one.id: one.unallocated for one in received.values() if one.unallocated}
    advance = advance_lines(sum(rest.values(), NOTHING), requests.settings.vat_of("service"))
    positions += of_lines(advance)
    lines += _advances(rest, advance, None)
    paid += [(means_of(one.till), one.sum) for one in received.values()]
    documents += [one.id for one in used if is_persons(requests.clinic, one)]
    receipt_to = next((one.receipt_to for one in (*payments, *used) if one.receipt_to), "")
    if documents:
        requests.request(
            "sell", positions, paid, lines, money,
            documents=documents, patient_id=patient_id, moment=moment, receipt_to=receipt_to,
        )  # fmt: skip
    return requests.requested


def for_visit(
    clinic: Clinic, ctx: Context, settings: ClinicSettings, visit: Visit, payments: Sequence[Payment] = ()
) -> list[FiscalReceipt]:
    """Of a visit that is completed, deleted, cancelled, or no longer paid by what was released. `payments`: those that change in
    the same save.
    """
    return for_charge(ReceiptRequests(clinic, ctx, settings, payments=payments), charge_of_visit(visit))


def for_charge(requests: ReceiptRequests, charge: Charge) -> list[FiscalReceipt]:
    """What has to be stated by no new money: what is no longer, then what is new. Of a visit that is open again nothing, until it
    is completed.
    """
    if requests.settings.prints_receipts and (charge.done or not charge.takes_place):
        settle(requests, charge)
    return requests.requested


def _return(
    requests: ReceiptRequests, settled: Settled, *, moment: datetime, patient_id: UUID | None, receipt_to: str = ""
) -> None:
    """Take back what is no longer: what was paid of it is an advance again."""
    paid: list[tuple[Means, Decimal]] = [("credit", settled.result.credit_back)]
    lines = settled.returned_lines()
    for id_, amount in settled.result.back.items():
        paid.append(("prepaid", amount))
        lines += [StatedLine(account_id=id_, line=line) for line in advance_lines(amount, requests.settings.vat_of("service"))]
    requests.request(
        "sell_refund", settled.returned, paid, lines, settled.returned_money(),
        documents=(settled.charge.id,), patient_id=patient_id, moment=moment, receipt_to=receipt_to,
    )  # fmt: skip


def set_off(requests: ReceiptRequests, payment_id: UUID, amount: Decimal, charge_id: UUID) -> list[StatedLine]:
    """What is taken from the advance of a payment: what was for this charge first. What no receipt stated to be received is below
    nothing, so that it is never returned by one.
    """
    taken = [taken_back(one) for one in taken_from(requests.advance(payment_id), amount, [charge_id, None])]
    unsaid = amount + total_of(one.line for one in taken)
    vat = requests.settings.vat_of("service")
    return [*taken, *(StatedLine(account_id=payment_id, line=negative(line)) for line in advance_lines(unsaid, vat))]


def settle(requests: ReceiptRequests, charge: Charge) -> None:
    """What has to be stated of a visit or a sale by no new money."""
    changed = requests.changed
    now = {id_: one.allocated.get(charge.id, NOTHING) for id_, one in changed.items()}
    settled = Settled(requests, charge, {**requests.clinic.payments.of_visit(charge.id), **now})
    forward = settled.result.forward
    of_own = (settled.payments[id_].receipt_to for id_ in settled.own)
    receipt_to = next(filter(None, of_own), next((one.receipt_to for one in changed.values()), ""))
    _return(requests, settled, moment=requests.now, patient_id=charge.patient_id, receipt_to=receipt_to)
    lines = [line for id_, amount in forward.items() for line in set_off(requests, id_, amount, charge.id)]
    requests.request(
        "sell", settled.sold, [("credit", settled.result.credit), ("prepaid", sum(forward.values(), NOTHING))],
        [*settled.sold_lines(), *lines], settled.sold_money(),
        documents=(charge.id, *forward), patient_id=charge.patient_id, moment=charge.ends_at, receipt_to=receipt_to,
    )  # fmt: skip


def without(line: SoldLine, net: Decimal) -> SoldLine:
    return with_net(line, line.net - net)


def _advances(shares: Mapping[UUID, Decimal], lines: Sequence[SoldLine], visit_id: UUID | None) -> list[StatedLine]:
    """Lines that several payments pay in advance, as those of each."""
    found: list[StatedLine] = []
    left = tuple(lines)
    for payment_id, share in shares.items():
        taken = part_of(left, share)
        gone = {(line.key, line.vat): line.net for line in taken}
        left = tuple(without(line, gone.get((line.key, line.vat), NOTHING)) for line in left)
        found += [StatedLine(account_id=payment_id, line=line, visit_id=visit_id) for line in taken]
    return found
