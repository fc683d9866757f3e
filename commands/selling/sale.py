"""Goods sold without a visit (FIN-9): a posted issue of goods, its payments and its receipt in one save, all or nothing.

The issue is the document of the sale; `commands/money/sale_money.py` says what becomes of its money when it changes later.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

from aggregates.catalogues import Warehouse
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.moment import moment as written_moment
from aggregates.money.charge import SaleUnpaid
from aggregates.money.discounts import Discount, amounts, checked_discount
from aggregates.scheduling.visit_lines import check_goods
from aggregates.stock.stock_documents import STOCK_PLACES, GoodsIssue
from aggregates.stock.stock_lines import StockLine
from aggregates.values import WrongValue
from commands.context import Context, Receipt
from commands.money.charge_receipts import for_charge
from commands.money.charges import account_of, sale
from commands.money.paying import Asked, each, take
from commands.money.receipt_requests import ReceiptRequests
from commands.ports.clinic import Clinic
from commands.references import newly_chosen
from commands.retry import retried
from commands.scheduling.visit_lines import ALL, Allowed, RequestedGoods, priced_goods
from commands.stock.document import ISSUE_NUMBERS, UNPLACED, accepted_shortages


@retried
def sell(
    clinic: Clinic,
    ctx: Context,
    moment: datetime,
    goods: Sequence[RequestedGoods],
    paid: Asked,
    *,
    warehouse_id: UUID,
    patient_id: UUID | None = None,
    discount: Discount | None = None,
    allowed: Allowed = ALL,
    issue_id: UUID | None = None,
) -> Receipt:
    """Sell goods. `patient_id`: the buyer; None: somebody at the desk, who pays all of it at once. `discount`: of the whole, on
    what is left by those of lines. What a patient doesn't pay is a debt.

    Facts: `number`, `total`, `payments`. SaleUnpaid, PatientDeleted, EntryDeleted, PriceNotAllowed, DiscountNotAllowed,
    GoodsMissing, NeedsConfirmation, PaidTooMuch, PaymentSpent, CertificateSpent, PeriodClosed, DayIsClosed, WrongValue,
    WrongValues.
    """
    written_moment("moment", moment)
    if paid.pays:
        paid.check()
    if not goods:
        raise WrongValue("goods", "Добавьте хотя бы один товар.")
    with clinic.write_lock():
        settings = clinic.cached(ClinicSettings, SETTINGS_ID)
        settings.require_open(moment.date())
        card = None if patient_id is None else account_of(clinic, patient_id)
        priced = priced_goods(clinic, ctx, settings, goods, (), allowed)
        whole = checked_discount("discount", discount)
        allowed.require_discount(None, whole)
        lines = check_goods(priced.goods)
        nets = amounts([(line.amount, line.discount) for line in lines], whole).lines
        sold = [
            StockLine(
                goods_id=line.goods_id, name=line.name, quantity=line.quantity, unit=line.unit, factor=line.factor,
                price=line.price, sum=amount.net,
            )
            for line, amount in zip(lines, nets, strict=True)
        ]  # fmt: skip
        head = {
            "moment": f"{moment:%Y-%m-%dT%H:%M}", "warehouse_id": str(warehouse_id),
            "patient_id": str(card.id) if card else None, "comment": paid.comment,
        }  # fmt: skip
        draft = GoodsIssue(issue_id or uuid4())
        draft.create(0, head, sold, at=ctx.now)  # what is refused takes no number
        draft.post(UNPLACED, at=ctx.now)
        share = _share(draft.total, paid, named=card is not None)
        despite = accepted_shortages(clinic, ctx, settings, draft)
        issue = GoodsIssue(draft.id)
        number = clinic.numbers.next(ISSUE_NUMBERS)
        issue.create(number, head, sold, at=ctx.now)
        issue.post(clinic.numbers.next(STOCK_PLACES), despite=despite, at=ctx.now)
        charge = sale(clinic, issue)
        taken = take(clinic, ctx, settings, card, [(charge, {}, share)] if share else [], paid)
        receipts = taken.receipts if share else for_charge(ReceiptRequests(clinic, ctx, settings, charges=[charge]), charge)
        relied = [
            settings, *([card] if card else []), *newly_chosen(clinic, [(Warehouse, warehouse_id)]), *priced.relied, *taken.relied
        ]  # fmt: skip
        return clinic.save(
            issue,
            *priced.created,
            *taken.used,
            *taken.new,
            *receipts,
            ctx=ctx,
            if_unchanged=each(relied),
            facts={"number": number, "total": str(issue.total), **taken.facts},
        )


def _share(total: Decimal, paid: Asked, *, named: bool) -> Decimal:
    """What of the sale is paid now. SaleUnpaid."""
    share = min(total, paid.total)
    if not named and share < total:
        raise SaleUnpaid(missing=total - share)
    return share
