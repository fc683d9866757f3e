"""Which fiscal receipts commands of money request: saved together with the money, printed by background work afterwards.

All of it under the write lock: what is requested is the difference of what has to be stated of visits, sales and payments, and
what the receipts before have stated (`aggregates/money/receipt_accounts.py`). None where the clinic prints none. What an
organisation or a gift pays for is on no receipt.

This file requests; `charge_receipts.py` says what for visits and sales, `refund_receipts.py` for what goes back,
`certificate_receipts.py` for certificates, and `receipt_restatement.py` where a receipt is given up or printed after all.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from aggregates.clinic.clinic_settings import ClinicSettings
from aggregates.money.allocation import NOTHING
from aggregates.money.certificate import Certificate, received_part
from aggregates.money.charge import Charge
from aggregates.money.fiscal_receipt import FiscalReceipt, receipt_id
from aggregates.money.payment import Payment, Till
from aggregates.money.receipt import Means, Operation, Position, Receipt, paid_by, within_limit
from aggregates.money.receipt_accounts import (
    StatedLine,
    StatedMoney,
    StatedReceipt,
    VisitAccount,
    advance_account,
    negative,
    total_of,
    visit_account,
)
from commands.context import Context
from commands.money.charges import load_charge
from commands.ports.clinic import Clinic

Parts = Iterable[tuple[Means, Decimal]]


class ReceiptRequests:
    """The receipts of one command, in their order; each comes after those of its accounts.

    charges, payments  that are saved together with the receipts, as they will be.
    counting           receipts that are given up (False) or printed after all (True) in the same save.
    """

    def __init__(
        self,
        clinic: Clinic,
        ctx: Context,
        settings: ClinicSettings,
        *,
        charges: Iterable[Charge] = (),
        payments: Iterable[Payment] = (),
        counting: Mapping[UUID, bool] = {},
    ) -> None:
        self.clinic, self.ctx, self.settings = clinic, ctx, settings
        self.requested: list[FiscalReceipt] = []
        self._charges = {charge.id: charge for charge in charges}
        self.changed = {payment.id: payment for payment in payments}
        self._counting = counting

    def charge(self, charge_id: UUID) -> Charge:
        return self._charges.get(charge_id) or load_charge(self.clinic, charge_id)

    def payment(self, payment_id: UUID) -> Payment:
        return self.changed.get(payment_id) or self.clinic.load(Payment, payment_id)

    def stated(self, *account_ids: UUID) -> list[StatedReceipt]:
        """What receipts say of accounts, those of this command too; nothing of those that were given up."""
        return [one for one in self._every(*account_ids) if one.counts]

    def _every(self, *account_ids: UUID) -> list[StatedReceipt]:
        before = self.clinic.stated_receipts.of(account_ids) if account_ids else ()
        before = [msgspec.structs.replace(one, counts=self._counting.get(one.id, one.counts)) for one in before]
        return [*before, *(_stated(one) for one in self.requested if set(account_ids).intersection(one.account_ids))]

    def account(self, charge_id: UUID) -> VisitAccount:
        """Of a visit or a sale."""
        return visit_account(self.stated(charge_id), charge_id)

    def advance(self, account_id: UUID) -> tuple[StatedLine, ...]:
        return advance_account(self.stated(account_id), account_id)

    def received(self, payment_id: UUID) -> Decimal:
        """What receipts say was received by a payment and didn't go back: what is an advance, and what settles charges."""
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


def taken_back(stated: StatedLine) -> StatedLine:
    return StatedLine(account_id=stated.account_id, line=negative(stated.line), visit_id=stated.visit_id)


def _stated(receipt: FiscalReceipt) -> StatedReceipt:
    return StatedReceipt(id=receipt.id, after=receipt.after, lines=receipt.lines, money=receipt.money)


def is_received(payment: Payment) -> bool:
    """Whether its receipt says that money came; what a certificate pays came when it was sold."""
    return payment.counterparty_id is None and payment.till.certificate_id is None


def is_persons(clinic: Clinic, payment: Payment) -> bool:
    """Whether it is for receipts: no organisation's, and no gift of the clinic."""
    if payment.counterparty_id is not None:
        return False
    certificate_id = payment.till.certificate_id
    return certificate_id is None or clinic.cached(Certificate, certificate_id).price > 0


def on_receipts(clinic: Clinic, payment: Payment, amount: Decimal) -> Decimal:
    """What of a payment's share of a charge is on its receipts: nothing of an organisation's, of a certificate what was received
    for it when it was sold, in whole kopecks. The rest is a gift.
    """
    if not is_persons(clinic, payment) or (certificate_id := payment.till.certificate_id) is None:
        return amount if is_persons(clinic, payment) else NOTHING
    return received_part(clinic.cached(Certificate, certificate_id), amount)


def means_of(till: Till) -> Means:
    if till.certificate_id is not None:
        return "prepaid"
    return "cash" if till.desk_kind == "cash" else "cashless"
