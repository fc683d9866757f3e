"""A small clinic that sells goods at the desk: brushes in stock, a desk of cash, a terminal, a patient."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from aggregates.catalogues import Counterparty, Goods, GoodsCategory, Unit, Warehouse, first_entry_id
from aggregates.money.charge import Charge
from aggregates.stock.stock_document import StockDocument
from aggregates.stock.stock_documents import CustomerReturn, GoodsIssue, StockReceipt
from commands.catalogue import create_entry
from commands.clinic.clinic_settings import change_settings
from commands.context import Receipt
from commands.money.charges import sale as charge_of
from commands.money.paying import Asked, Part
from commands.scheduling.visit_lines import RequestedGoods
from commands.selling.sale import sell
from commands.selling.sale_return import Back, MoneyBack, take_back
from commands.stock.document import RequestedLine, create_document
from tests.commands.paying import CASH, Payments, moment

WAREHOUSE = first_entry_id(Warehouse, "Основной склад")


class Shop:
    """Over a till; every method is a command of the administrator, sums are rubles."""

    def __init__(self, till: Payments) -> None:
        self.till, self.clinic, self.do, self.patient = till, till.clinic, till.do, till.patient
        self.do(change_settings, {"forbid_missing_goods": True, "past_documents": True})
        self.category = str(self.do(create_entry, GoodsCategory, {"name": "Щётки и пасты"}).id)
        self.supplier = self.do(create_entry, Counterparty, {"name": "Поставщик щёток"}).id
        self.brush = self.goods("Щётка", 100, 50, 5000)

    def goods(self, name: str, price: int, in_stock: int, cost: int) -> UUID:
        """Goods of which so many were received for so much in all."""
        unit = str(first_entry_id(Unit, "штука"))
        card = {"name": name, "category": self.category, "price": str(price), "sale_unit": unit}
        goods_id = self.do(create_entry, Goods, card).id
        head = {"moment": "2026-11-01T09:00", "warehouse_id": WAREHOUSE, "counterparty_id": self.supplier}
        line = RequestedLine(goods_id=goods_id, quantity=Decimal(in_stock), sum=Decimal(cost))
        self.do(create_document, StockReceipt, head, [line], post=True)
        return goods_id

    def sell(
        self, *parts: Part, count: int = 1, goods: list[RequestedGoods] | None = None, named: bool = False, **more: Any
    ) -> Receipt:
        day = more.pop("day", 10)
        paid = Asked(moment(day), parts, more.pop("prepayments", {}))
        asked = goods or [RequestedGoods(self.brush, Decimal(count))]
        return self.do(sell, moment(day), asked, paid, warehouse_id=WAREHOUSE, patient_id=self.patient if named else None, **more)

    def back(self, sale_id: UUID, count: int, *refunds: MoneyBack, day: int = 12, goods: UUID | None = None) -> Receipt:
        asked = [Back(goods or self.brush, Decimal(count))]
        return self.do(take_back, sale_id, moment(day), asked, refunds, reason="Не подошла")

    def charge(self, sale_id: UUID) -> Charge:
        with self.clinic.write_lock():
            return charge_of(self.clinic, self.clinic.load(GoodsIssue, sale_id))

    def issue(self, sale_id: UUID) -> StockDocument:
        return self.clinic.load(GoodsIssue, sale_id)

    def returned(self, return_id: UUID) -> StockDocument:
        return self.clinic.load(CustomerReturn, return_id)


def payments_of(receipt: Receipt) -> list[UUID]:
    return [UUID(one["id"]) for one in receipt.facts["payments"]]


def back_in_cash(payment_id: UUID, total: str | int) -> MoneyBack:
    return MoneyBack(payment_id, Decimal(total), CASH)
