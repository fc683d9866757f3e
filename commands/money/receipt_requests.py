"""Which fiscal receipts commands of money request: saved together with the money, printed by background work afterwards.

All of it under the write lock: what is requested is the difference of what has to be stated of visits and payments, and what the
receipts before have stated (`aggregates/money/receipt_accounts.py`). None where the clinic prints none. What an organisation or a
gift pays for is on no receipt.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

import msgspec

from aggregates.clinic.clinic_settings import ClinicSettings
from aggregates.money.allocation import NOTHING
from aggregates.money.certificate import Certificate, received_part
from aggregates.money.fiscal_receipt import FiscalReceipt, receipt_id
from aggregates.money.payment import Payment, Till
from aggregates.money.receipt import Means, Operation, Position, Receipt, paid_by, within_limit
from aggregates.money.receipt_accounts import (
    SoldLine,
    StatedLine,
    StatedMoney,
    StatedReceipt,
    VisitAccount,
    advance_account,
    merged,
    negative,
    part_of,
    taken_from,
    total_of,
    visit_account,
    with_net,
)
from aggregates.money.receipt_lines import advance_lines, certificate_lines, of_credit_payment, of_lines, prepaid_lines
from aggregates.money.receipt_settlement import Settlement, as_paid, due_lines, settlement
from aggregates.money.refund import Refund
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_status import FREEING
from commands.context import Context
from commands.money.sold_lines import sold_lines
from commands.ports.clinic import AggregateNotFound, Clinic

Parts = Iterable[tuple[Means, Decimal]]


class ReceiptRequests:
    """The receipts of one command, in their order; each comes after those of its accounts."""

    def __init__(
        self, clinic: Clinic, ctx: Context, settings: ClinicSettings, changed: Mapping[UUID, bool] | None = None
    ) -> None:
        """`changed`: receipts that are given up (False) or printed after all (True) in the same save."""
        self.clinic, self.ctx, self.settings = clinic, ctx, settings
        self.requested: list[FiscalReceipt] = []
        self.changed = changed or {}

    def stated(self, *account_ids: UUID) -> list[StatedReceipt]:
        """What receipts say of accounts, those of this command too; nothing of those that were given up."""
        return [one for one in self._every(*account_ids) if one.counts]

    def _every(self, *account_ids: UUID) -> list[StatedReceipt]:
        before = self.clinic.stated_receipts.of(account_ids) if account_ids else ()
        before = [msgspec.structs.replace(one, counts=self.changed.get(one.id, one.counts)) for one in before]
        return [*before, *(_stated(one) for one in self.requested if set(account_ids).intersection(one.account_ids))]

    def visit(self, visit_id: UUID) -> VisitAccount:
        return visit_account(self.stated(visit_id), visit_id)

    def advance(self, account_id: UUID) -> tuple[StatedLine, ...]:
        return advance_account(self.stated(account_id), account_id)

    def received(self, payment_id: UUID) -> Decimal:
        """What receipts say was received by a payment and didn't go back: what is an advance, and what settles visits."""
        known = self.stated(payment_id)
        settles = (one.sum for receipt in known for one in receipt.money if one.payment_id == payment_id)
        return sum(settles, total_of(one.line for one in advance_account(known, payment_id)))

    @property
    def now(self) -> datetime:
        return self.ctx.local_now(self.settings.time_zone).replace(second=0, microsecond=0)

    def request(
        self,
        operation: Operation,
        positions: Sequence[Position],
        paid: Parts,
        lines: Sequence[StatedLine],
        money: Sequence[StatedMoney] = (),
        *,
        documents: Sequence[UUID],
        patient_id: UUID | None,
        moment: datetime,
        receipt_to: str = "",
    ) -> None:
        """Nothing without positions. `documents`: the first one is what it is mainly for."""
        if not positions:
            return
        accounts = tuple(dict.fromkeys((*(one.account_id for one in lines), *(one.visit_id for one in money))))
        accounts = tuple(dict.fromkeys((*accounts, *(one.payment_id for one in money))))
        known = self.stated(*accounts, documents[0])
        followed = {id_ for one in known for id_ in one.after}
        contact = {"email" if "@" in receipt_to else "phone": receipt_to}
        content = Receipt(operation=operation, positions=within_limit(positions), paid=paid_by(paid), **contact)
        receipt = FiscalReceipt(receipt_id(documents[0], f"{operation} after {len(self._every(documents[0]))}"))
        receipt.request(
            content,
            tuple(dict.fromkeys(documents)),
            patient_id,
            moment,
            after=tuple(one.id for one in known if one.id not in followed),
            lines=tuple(lines),
            money=tuple(money),
            at=self.ctx.now,
        )
        self.requested.append(receipt)


class _Settled:
    """A visit with what must be stated of it now. `shares`: payment → what of it pays for the visit; `known`: loaded payments."""

    def __init__(
        self, requests: ReceiptRequests, visit: Visit, shares: Mapping[UUID, Decimal], known: Mapping[UUID, Payment]
    ) -> None:
        payments = {id_: known.get(id_) or requests.clinic.load(Payment, id_) for id_ in shares}
        stated = requests.visit(visit.id)
        stated_shares = {id_: _on_receipts(requests.clinic, payments[id_], amount) for id_, amount in shares.items()}
        own = {id_: amount for id_, amount in stated_shares.items() if amount}
        lines = sold_lines(requests.clinic, requests.settings, visit)
        others = sum(shares.values(), NOTHING) - sum(own.values(), NOTHING)
        takes_place = not visit.deleted and visit.status not in FREEING
        self.visit, self.stated, self.own, self.payments = visit, stated, own, payments
        self.due = due_lines(lines, stated, max(NOTHING, visit.total - others)) if takes_place else ()
        self.result: Settlement = settlement(
            self.due, own, stated, prints_credit=requests.settings.prints_credit and visit.status == "completed"
        )

    @property
    def sold(self) -> tuple[Position, ...]:
        paid = self.result.credit_payment
        return (*of_lines(self.result.sold), *(of_credit_payment(self.visit.number, paid) if paid else ()))

    def sold_lines(self) -> list[StatedLine]:
        return [StatedLine(account_id=self.visit.id, line=line) for line in self.result.sold]

    def sold_money(self) -> list[StatedMoney]:
        return [
            StatedMoney(visit_id=self.visit.id, payment_id=id_, sum=amount)
            for id_, amount in self.result.forward.items()
            if amount
        ]

    @property
    def returned(self) -> tuple[Position, ...]:
        back = self.result.credit_payment_back
        return (*of_lines(self.result.returned), *(of_credit_payment(self.visit.number, back) if back else ()))

    def returned_lines(self) -> list[StatedLine]:
        return [StatedLine(account_id=self.visit.id, line=negative(line)) for line in self.result.returned]

    def returned_money(self) -> list[StatedMoney]:
        return [StatedMoney(visit_id=self.visit.id, payment_id=id_, sum=-amount) for id_, amount in self.result.back.items()]


def for_payments(
    requests: ReceiptRequests,
    payments: Sequence[Payment],
    used: Sequence[Payment],
    visits: Sequence[tuple[Visit, Mapping[UUID, Decimal]]],
    *,
    moment: datetime,
    patient_id: UUID,
) -> list[FiscalReceipt]:
    """Of what is paid at once.

    used    earlier payments that pay by their rest.
    visits  each with all that pays for it now: payment → sum.
    """
    if not requests.settings.prints_receipts:
        return []
    known = {payment.id: payment for payment in (*payments, *used)}
    received = {one.id: one for one in payments if _is_received(one)}
    positions: list[Position] = []
    lines: list[StatedLine] = []
    money: list[StatedMoney] = []
    paid: list[tuple[Means, Decimal]] = []
    documents: list[UUID] = [one.id for one in payments if one.counterparty_id is None]
    for visit, shares in visits:
        if visit.status == "completed":
            settled = _Settled(requests, visit, shares, known)
            _return(requests, settled, moment=requests.now, patient_id=patient_id)
            positions += settled.sold
            lines += settled.sold_lines()
            money += settled.sold_money()
            paid.append(("credit", settled.result.credit))
            documents += [visit.id] if settled.sold else []
            for id_, amount in settled.result.forward.items():
                if id_ not in received:
                    paid.append(("prepaid", amount))
                    lines += _set_off(requests, id_, amount, visit.id)
            continue
        new = {id_: amount for id_, amount in shares.items() if id_ in received}
        if share := sum(new.values(), NOTHING):
            whole = share == visit.total and not requests.visit(visit.id).lines
            prepaid = prepaid_lines(visit.number, sold_lines(requests.clinic, requests.settings, visit), share, whole=whole)
            positions += of_lines(prepaid)
            lines += _advances(new, prepaid, visit.id)
    rest = {one.id: one.unallocated for one in received.values() if one.unallocated}
    advance = advance_lines(sum(rest.values(), NOTHING), requests.settings.vat_of("service"))
    positions += of_lines(advance)
    lines += _advances(rest, advance, None)
    paid += [(_means(one.till), one.sum) for one in received.values()]
    documents += [one.id for one in used if _is_persons(requests.clinic, one)]
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
    """Of a visit that is completed, deleted, cancelled, or no longer paid by what was released: what is no longer, then what is
    new. `payments`: those that change in the same save. Of one that is open again nothing, until it is completed.
    """
    ended = visit.deleted or visit.status in FREEING
    if not settings.prints_receipts or not (visit.status == "completed" or ended):
        return []
    requests = ReceiptRequests(clinic, ctx, settings)
    _settle(requests, visit, payments)
    return requests.requested


def for_refund(
    clinic: Clinic, ctx: Context, settings: ClinicSettings, payment: Payment, refund: Refund, before: Mapping[UUID, Decimal]
) -> list[FiscalReceipt]:
    """What was sold for the money that goes back, else what was received in advance. `before`: what the payment paid for visits
    before it gave back.
    """
    return _given_back(clinic, ctx, settings, payment, refund, before)


def for_deleted_payment(
    clinic: Clinic, ctx: Context, settings: ClinicSettings, payment: Payment, before: Mapping[UUID, Decimal]
) -> list[FiscalReceipt]:
    """Takes back what was printed for a payment. `before`: what it paid for visits."""
    return _given_back(clinic, ctx, settings, payment, payment, before)


def _given_back(
    clinic: Clinic,
    ctx: Context,
    settings: ClinicSettings,
    payment: Payment,
    document: Payment | Refund,
    before: Mapping[UUID, Decimal],
    requests: ReceiptRequests | None = None,
    most: Decimal | None = None,
) -> list[FiscalReceipt]:
    """`most`: of what the document comes to. Never more than receipts say was received."""
    if not settings.prints_receipts:
        return []
    requests = requests or ReceiptRequests(clinic, ctx, settings)
    left = document.sum if most is None else min(document.sum, most)
    if _is_received(payment):
        left = min(left, requests.received(payment.id))
    positions: list[Position] = []
    lines: list[StatedLine] = []
    money: list[StatedMoney] = []
    paid: list[tuple[Means, Decimal]] = []
    lost = [id_ for id_, amount in before.items() if amount > payment.allocated.get(id_, NOTHING)]
    settles = [one.visit_id for receipt in requests.stated(payment.id) for one in receipt.money if one.payment_id == payment.id]
    for visit_id in dict.fromkeys((*lost, *settles)):
        account, share = requests.visit(visit_id), _on_receipts(clinic, payment, payment.allocated.get(visit_id, NOTHING))
        gone = min(left, max(NOTHING, account.money.get(payment.id, NOTHING) - share))
        if not gone:
            continue
        visit = clinic.load(Visit, visit_id)
        back = as_paid(_first_without(account, sold_lines(clinic, settings, visit), gone), gone, NOTHING)
        positions += of_lines(back)
        lines += [StatedLine(account_id=visit_id, line=negative(line)) for line in back]
        money.append(StatedMoney(visit_id=visit_id, payment_id=payment.id, sum=-gone))
        paid.append((_means(payment.till), gone))
        left -= gone
    if _is_received(payment):
        unused = taken_from(requests.advance(payment.id), left, [None, *lost])
        positions += of_lines(one.line for one in unused)
        lines += [_negative(one) for one in unused]
        paid.append((_means(payment.till), total_of(one.line for one in unused)))
    if document is not payment and positions:
        returned = sum((position.sum for position in positions), NOTHING)
        lines += [StatedLine(account_id=document.id, line=line) for line in advance_lines(returned)]
    requests.request(
        "sell_refund", positions, paid, lines, money,
        documents=(document.id,), patient_id=document.patient_id, moment=requests.now, receipt_to=payment.receipt_to,
    )  # fmt: skip
    for visit in (clinic.load(Visit, visit_id) for visit_id in lost):
        if visit.status == "completed" and (settings.prints_credit or requests.stated(visit.id)):
            _settle(requests, visit, [payment])
    return requests.requested


def for_returned_payment(clinic: Clinic, ctx: Context, settings: ClinicSettings, payment: Payment) -> list[FiscalReceipt]:
    """Its money is the patient's advance again, nothing where no receipt ever spoke of it; then it settles its visits."""
    requests = ReceiptRequests(clinic, ctx, settings)
    if not settings.prints_receipts:
        return []
    if _is_received(payment) and requests.stated(payment.id):
        _received_again(requests, payment, payment, payment.sum)
    for visit in (clinic.load(Visit, visit_id) for visit_id in payment.allocated):
        if visit.status == "completed" and (settings.prints_credit or requests.stated(visit.id)):
            _settle(requests, visit, [payment])
    return requests.requested


def for_deleted_refund(
    clinic: Clinic, ctx: Context, settings: ClinicSettings, payment: Payment, refund: Refund
) -> list[FiscalReceipt]:
    """What its receipt returned is the patient's advance again."""
    requests = ReceiptRequests(clinic, ctx, settings)
    if not settings.prints_receipts or not _is_received(payment):
        return []
    returned = requests.advance(refund.id)
    return _received_again(requests, payment, refund, total_of(one.line for one in returned), returned)


def for_returned_refund(
    clinic: Clinic, ctx: Context, settings: ClinicSettings, payment: Payment, refund: Refund
) -> list[FiscalReceipt]:
    """The advance goes back again."""
    return _given_back(clinic, ctx, settings, payment, refund, payment.allocated)


def for_certificate(
    clinic: Clinic,
    ctx: Context,
    settings: ClinicSettings,
    certificate: Certificate,
    operation: Operation,
    requests: ReceiptRequests | None = None,
) -> list[FiscalReceipt]:
    """What is sold is an advance; nothing of a gift. What was sold without a receipt, comes back without one."""
    requests = requests or ReceiptRequests(clinic, ctx, settings)
    if not settings.prints_receipts or not certificate.price:
        return []
    buyer = certificate.card["buyer_id"]
    if operation == "sell":
        if certificate.version > 1 and not requests.stated(certificate.id):
            return []
        sold = certificate_lines(certificate.code, certificate.price)
        lines = [StatedLine(account_id=certificate.id, line=line) for line in sold]
    else:
        lines = [_negative(one) for one in requests.advance(certificate.id)]
        sold = tuple(negative(one.line) for one in lines)
    requests.request(
        operation, of_lines(sold), [(_means(certificate.till), total_of(sold))], lines,
        documents=(certificate.id,), patient_id=UUID(str(buyer)) if buyer else None, moment=requests.now,
    )  # fmt: skip
    return requests.requested


def restate(
    clinic: Clinic,
    ctx: Context,
    settings: ClinicSettings,
    document_ids: Iterable[UUID],
    changed: Mapping[UUID, bool],
    *,
    unsaid: Collection[UUID] = (),
) -> list[FiscalReceipt]:
    """What has to be said of documents whose receipts were given up with another one, or of which too much is said now.

    Money that no receipt says anything of is received, what came back is returned as far as it was received, visits are settled.
    `changed`: receipts that are given up (False) or printed after all (True) in the same save; `unsaid`: documents of which
    nothing is to be said.
    """
    if not settings.prints_receipts:
        return []
    requests = ReceiptRequests(clinic, ctx, settings, changed)
    visits: list[UUID] = []
    for document_id in dict.fromkeys(document_ids):
        if (payment := _loaded(clinic, Payment, document_id)) is not None:
            _restate_payment(requests, payment)
            visits += payment.allocated
        elif (refund := _loaded(clinic, Refund, document_id)) is not None:
            if refund.payment_id not in unsaid:
                _restate_payment(requests, clinic.load(Payment, refund.payment_id))
        elif (certificate := _loaded(clinic, Certificate, document_id)) is not None:
            if certificate.deleted == bool(requests.advance(certificate.id)):
                for_certificate(clinic, ctx, settings, certificate, "sell_refund" if certificate.deleted else "sell", requests)
        else:
            visits.append(document_id)
    for visit_id in dict.fromkeys(visits):
        visit = clinic.load(Visit, visit_id)
        if visit.status == "completed" or visit.deleted or visit.status in FREEING:
            _settle(requests, visit, ())
    return requests.requested


def _restate_payment(requests: ReceiptRequests, payment: Payment) -> None:
    """Say that its money was received, or went back, where receipts say otherwise."""
    if not _is_received(payment):
        return
    refunds = [requests.clinic.load(Refund, id_) for id_ in requests.clinic.payments.refunds_of(payment.id)]
    received = NOTHING if payment.deleted else payment.sum - sum((one.sum for one in refunds), NOTHING)
    if received > (stated := requests.received(payment.id)):
        _received_again(requests, payment, payment, received - stated)
    documents: list[Payment | Refund] = [*(one for one in refunds if not requests.advance(one.id)), payment]
    for document in documents:
        if (too_much := requests.received(payment.id) - received) > 0:
            _given_back(
                requests.clinic, requests.ctx, requests.settings, payment, document, payment.allocated, requests, too_much
            )  # fmt: skip


D = TypeVar("D", Payment, Refund, Certificate)


def _loaded(clinic: Clinic, kind: type[D], document_id: UUID) -> D | None:
    """None if it is of another kind."""
    try:
        return clinic.load(kind, document_id)
    except AggregateNotFound:
        return None


def _return(requests: ReceiptRequests, settled: _Settled, *, moment: datetime, patient_id: UUID, receipt_to: str = "") -> None:
    """Take back what is no longer: what was paid of it is an advance again."""
    paid: list[tuple[Means, Decimal]] = [("credit", settled.result.credit_back)]
    lines = settled.returned_lines()
    for id_, amount in settled.result.back.items():
        paid.append(("prepaid", amount))
        lines += [StatedLine(account_id=id_, line=line) for line in advance_lines(amount, requests.settings.vat_of("service"))]
    requests.request(
        "sell_refund", settled.returned, paid, lines, settled.returned_money(),
        documents=(settled.visit.id,), patient_id=patient_id, moment=moment, receipt_to=receipt_to,
    )  # fmt: skip


def _set_off(requests: ReceiptRequests, payment_id: UUID, amount: Decimal, visit_id: UUID) -> list[StatedLine]:
    """What is taken from the advance of a payment: what was for the visit first. What no receipt stated to be received is below
    nothing, so that it is never returned by one.
    """
    taken = [_negative(one) for one in taken_from(requests.advance(payment_id), amount, [visit_id, None])]
    unsaid = amount + total_of(one.line for one in taken)
    vat = requests.settings.vat_of("service")
    return [*taken, *(StatedLine(account_id=payment_id, line=negative(line)) for line in advance_lines(unsaid, vat))]


def _settle(requests: ReceiptRequests, visit: Visit, payments: Sequence[Payment]) -> None:
    """What has to be stated of a visit by no new money. `payments`: those that change in the same save."""
    changed = {payment.id: payment for payment in payments}
    now = {id_: one.allocated.get(visit.id, NOTHING) for id_, one in changed.items()}
    settled = _Settled(requests, visit, {**requests.clinic.payments.of_visit(visit.id), **now}, changed)
    forward = settled.result.forward
    of_own = (settled.payments[id_].receipt_to for id_ in settled.own)
    receipt_to = next(filter(None, of_own), next((one.receipt_to for one in payments), ""))
    _return(requests, settled, moment=requests.now, patient_id=visit.patient_id, receipt_to=receipt_to)
    set_off = [line for id_, amount in forward.items() for line in _set_off(requests, id_, amount, visit.id)]
    requests.request(
        "sell", settled.sold, [("credit", settled.result.credit), ("prepaid", sum(forward.values(), NOTHING))],
        [*settled.sold_lines(), *set_off], settled.sold_money(),
        documents=(visit.id, *forward), patient_id=visit.patient_id, moment=visit.slot.ends_at, receipt_to=receipt_to,
    )  # fmt: skip


def _received_again(
    requests: ReceiptRequests,
    payment: Payment,
    document: Payment | Refund,
    amount: Decimal,
    returned: Sequence[StatedLine] = (),
) -> list[FiscalReceipt]:
    sold = advance_lines(amount, requests.settings.vat_of("service"))
    lines = [*(StatedLine(account_id=payment.id, line=line) for line in sold), *(_negative(one) for one in returned)]
    requests.request(
        "sell", of_lines(sold), [(_means(payment.till), amount)], lines,
        documents=(document.id,), patient_id=document.patient_id, moment=requests.now, receipt_to=payment.receipt_to,
    )  # fmt: skip
    return requests.requested


def _first_without(account: VisitAccount, lines: Sequence[SoldLine], amount: Decimal) -> tuple[SoldLine, ...]:
    """So much of what was sold: lines that the visit no longer has first, then a part of each."""
    has = {line.key: line.net for line in merged(lines)}
    surplus = [_without(line, min(line.net, has.get(line.key, NOTHING))) for line in account.lines]
    first = part_of([line for line in surplus if line.net], amount)
    gone = {line.key: line.net for line in first}
    rest = [_without(line, gone.get(line.key, NOTHING)) for line in account.lines]
    return (*first, *part_of([line for line in rest if line.net], amount - total_of(first)))


def _without(line: SoldLine, net: Decimal) -> SoldLine:
    return with_net(line, line.net - net)


def _advances(shares: Mapping[UUID, Decimal], lines: Sequence[SoldLine], visit_id: UUID | None) -> list[StatedLine]:
    """Lines that several payments pay in advance, as those of each."""
    found: list[StatedLine] = []
    left = tuple(lines)
    for payment_id, share in shares.items():
        taken = part_of(left, share)
        gone = {(line.key, line.vat): line.net for line in taken}
        left = tuple(_without(line, gone.get((line.key, line.vat), NOTHING)) for line in left)
        found += [StatedLine(account_id=payment_id, line=line, visit_id=visit_id) for line in taken]
    return found


def _negative(stated: StatedLine) -> StatedLine:
    return StatedLine(account_id=stated.account_id, line=negative(stated.line), visit_id=stated.visit_id)


def _stated(receipt: FiscalReceipt) -> StatedReceipt:
    return StatedReceipt(id=receipt.id, after=receipt.after, lines=receipt.lines, money=receipt.money)


def _is_received(payment: Payment) -> bool:
    """Whether its receipt says that money came; what a certificate pays came when it was sold."""
    return payment.counterparty_id is None and payment.till.certificate_id is None


def _is_persons(clinic: Clinic, payment: Payment) -> bool:
    """Whether it is for receipts: no organisation's, and no gift of the clinic."""
    if payment.counterparty_id is not None:
        return False
    certificate_id = payment.till.certificate_id
    return certificate_id is None or clinic.cached(Certificate, certificate_id).price > 0


def _on_receipts(clinic: Clinic, payment: Payment, amount: Decimal) -> Decimal:
    """What of a payment's share of a visit is on its receipts: nothing of an organisation's, of a certificate what was received
    for it when it was sold, in whole kopecks. The rest is a gift.
    """
    if not _is_persons(clinic, payment) or (certificate_id := payment.till.certificate_id) is None:
        return amount if _is_persons(clinic, payment) else NOTHING
    return received_part(clinic.cached(Certificate, certificate_id), amount)


def _means(till: Till) -> Means:
    if till.certificate_id is not None:
        return "prepaid"
    return "cash" if till.desk_kind == "cash" else "cashless"
