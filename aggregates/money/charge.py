"""What payments pay for: a visit, or goods sold without one (a posted issue of goods, FIN-9).

Both are one thing to money: a sum that is due from a moment on, of one patient or, where goods were sold to somebody at the desk,
of nobody. A sale comes to what its lines do less what came back of it; a visit that is open again or planned is paid in advance.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from aggregates.kernel import DomainError
from aggregates.money.allocation import NOTHING, ChargeKind
from aggregates.money.kopecks import kopecks_of, rubles
from aggregates.money.patient_account import VisitPaid
from aggregates.stock.stock_document import StockDocument
from aggregates.stock.stock_lines import StockLine, StockUnit


class ChargeLine(msgspec.Struct, frozen=True):
    """A service or goods with what it comes to after discounts. `name`: "" for that of the card."""

    item_id: UUID
    subject: Literal["service", "commodity"]
    name: str
    quantity: Decimal
    net: Decimal


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """total   rubles, after all discounts; of a sale less what came back of it.
    lines      what it is for: services, then goods; of a sale what is still with the buyer.
    refusal    why nothing is paid for it now: a visit that was cancelled, an issue that isn't posted.
    done       what it is for has been given, so that receipts name it as sold.
    moment     from when it is owed: a visit's start, a sale's moment; ends_at: of a visit its end, for receipts.
    left       of a sale: goods → what the buyer still has of them.
    """

    id: UUID
    kind: ChargeKind
    number: int
    patient_id: UUID | None
    total: Decimal
    lines: tuple[ChargeLine, ...]
    refusal: DomainError | None
    done: bool
    moment: datetime
    ends_at: datetime
    left: Mapping[UUID, "SoldGoods"] = {}

    @property
    def takes_place(self) -> bool:
        return self.refusal is None

    @property
    def named(self) -> str:
        """«по визиту № 12»"""
        return f"по визиту № {self.number}" if self.kind == "visit" else f"по накладной № {self.number}"

    def paid_refusal(self, paid: Decimal) -> DomainError:
        """Why it isn't deleted, or given to another buyer."""
        if self.kind == "visit":
            return VisitPaid(visit_id=self.id, number=self.number, paid=paid)
        return SalePaid(sale_id=self.id, number=self.number, paid=paid, anonymous=self.patient_id is None)


def charge_of_sale(issue: StockDocument, returns: Sequence[StockDocument] = ()) -> Charge:
    """`returns`: of this issue; only those in effect count."""
    back = tuple(line for one in returns if one.effective for line in one.lines)
    patient, left = issue.card.get("patient_id"), goods_left(issue.lines, back)
    return Charge(
        id=issue.id,
        kind="sale",
        number=issue.number,
        patient_id=UUID(str(patient)) if patient else None,
        total=max(NOTHING, issue.total - sum((line.sum or NOTHING for line in back), NOTHING)),
        lines=tuple(ChargeLine(goods_id, "commodity", one.name, one.quantity, one.sum) for goods_id, one in left.items()),
        refusal=None if issue.effective else SaleNotInEffect(sale_id=issue.id, number=issue.number),
        done=issue.effective,
        moment=issue.moment,
        ends_at=issue.moment,
        left=left,
    )


class SoldGoods(msgspec.Struct, frozen=True):
    """What is still with the buyer of some goods. `quantity`: in `unit`, of which `factor` units of write-off are one; `price`:
    of one, before discounts; `parts`: ten-thousandths of the unit of write-off.
    """

    name: str
    unit: StockUnit
    factor: Decimal
    price: Decimal | None
    quantity: Decimal
    parts: int
    sum: Decimal

    def part(self, parts: int) -> Decimal:
        """What so much of it comes to, in rubles: pro rata, and all of it the whole sum (half up on kopecks)."""
        if parts >= self.parts:
            return self.sum
        return rubles((2 * kopecks_of(self.sum) * parts + self.parts) // (2 * self.parts))


def goods_left(sold: Sequence[StockLine], came_back: Sequence[StockLine]) -> dict[UUID, SoldGoods]:
    """Goods → what the buyer still has of them; none of what came back whole. Lines of the same goods are one, counted in the
    unit of the first.
    """
    found: dict[UUID, SoldGoods] = {}
    for sign, lines in ((1, sold), (-1, came_back)):
        for line in lines:
            known = found.get(line.goods_id) or SoldGoods(line.name, line.unit, line.factor, line.price, Decimal(0), 0, NOTHING)
            found[line.goods_id] = msgspec.structs.replace(
                known,
                quantity=known.quantity + sign * line.quantity * line.factor / known.factor,
                parts=known.parts + sign * line.parts,
                sum=known.sum + sign * (line.sum or NOTHING),
            )
    return {goods_id: one for goods_id, one in found.items() if one.parts > 0}


def _rubles(amount: Decimal) -> str:
    return f"{amount:,.2f}".replace(",", " ").replace(".", ",")


class SalePaid(DomainError):
    """A sale that is paid for would be deleted, un-posted, given to another buyer, or come to less than nobody's money for it.

    Facts: `sale_id`, `number`, `paid` (rubles), `anonymous`: no patient is named, so that nothing can stay as prepayment.
    """

    code: ClassVar[str] = "sale_paid"

    @property
    def sentence(self) -> str:
        back = "верните их" if self.facts["anonymous"] else "оставьте эти деньги авансом или верните их"
        return f"За продажу по накладной № {self.facts['number']} заплачено {_rubles(self.facts['paid'])} ₽. Сначала {back}."


class SaleUnpaid(DomainError):
    """Goods sold to nobody in particular are paid at once. Facts: `missing` (rubles)."""

    code: ClassVar[str] = "sale_unpaid"

    @property
    def sentence(self) -> str:
        return (
            f"Не хватает {_rubles(self.facts['missing'])} ₽. Без пациента продажу оплачивают сразу и целиком; в долг продают "
            "только пациенту."
        )


class NobodysMoney(DomainError):
    """What somebody paid whom no card names is no prepayment of anybody. Facts: none."""

    code: ClassVar[str] = "nobodys_money"

    @property
    def sentence(self) -> str:
        return "Пациент в этой продаже не указан, аванс оставить некому. Верните деньги или укажите пациента в накладной."


class ReturnedUnsold(DomainError):
    """More of some goods would come back than the buyer still has of them. Facts: `goods_id`, `left` (in the unit in which they
    were sold), `field`.
    """

    code: ClassVar[str] = "returned_unsold"

    @property
    def sentence(self) -> str:
        left = f"{self.facts['left'].normalize():f}".replace(".", ",")
        return f"Столько у покупателя нет: осталось {left}. Уменьшите количество."


class SaleNotInEffect(DomainError):
    """Goods come back, and money is taken, of a sale that is posted and not deleted. Facts: `sale_id`, `number`."""

    code: ClassVar[str] = "sale_not_in_effect"

    @property
    def sentence(self) -> str:
        return f"Расходная накладная № {self.facts['number']} не проведена или удалена. Обновите страницу."
