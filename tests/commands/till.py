"""An open clinic with cash desks, for tests of money."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from aggregates.catalogues import CashDesk, Goods, GoodsCategory, Unit, Warehouse, first_entry_id
from aggregates.money.money_document import MoneyDocument
from aggregates.money.money_documents import MoneyTransfer
from aggregates.money.money_lines import MoneyLine
from aggregates.stock.stock_documents import StockReceipt
from commands.catalogue import create_entry
from commands.money import desk_days
from commands.money import money_document as commands
from commands.money.article import create_article
from commands.ports.clinic import Clinic
from commands.stock import document as stock_commands
from commands.stock.document import RequestedLine
from tests.commands.reception import Reception, context

DRAWER = first_entry_id(CashDesk, "Основная касса")


def on(day: int, clock: str = "12:00") -> str:
    return f"2026-11-{day:02}T{clock}"


class Till:
    """An open clinic with a drawer of cash, a terminal, a bank account, and an article of either direction."""

    def __init__(self, clinic: Clinic) -> None:
        self.reception = Reception(clinic)
        self.clinic, self.do = clinic, self.reception.do
        self.safe, self.terminal, self.bank = (
            self.do(create_entry, CashDesk, {"name": name, "kind": kind}).id
            for name, kind in (("Сейф", "cash"), ("Терминал", "terminal"), ("Счёт", "bank"))
        )
        self.articles = {
            way: self.do(create_article, {"name": name, "direction": way}).id
            for way, name in (("income", "Продажи"), ("outgo", "Аренда"))
        }

    def create(
        self,
        kind: type[MoneyDocument],
        moment: str,
        amount: str,
        desk: UUID = DRAWER,
        *,
        to: UUID | None = None,
        pays: Any = (),
        clinic: Clinic | None = None,
        **head: Any,
    ) -> UUID:
        card: dict[str, Any] = {"moment": moment, "desk_id": desk, **head}
        card |= {"to_desk_id": to or self.safe, "sum": amount} if kind is MoneyTransfer else {}
        ctx = context("create_money_document")
        lines = self.lines(kind, amount)
        return commands.create_money_document(clinic or self.clinic, ctx, kind, card, lines, pays).id

    def lines(self, kind: type[MoneyDocument], amount: str) -> list[MoneyLine]:
        way = kind.SHAPE.direction
        return [] if way is None else [MoneyLine(article_id=self.articles[way], sum=Decimal(amount))]

    def close(self, day: int, counted: str, **more: Any) -> Any:
        return self.do(desk_days.close_day, more.pop("desk", DRAWER), date(2026, 11, day), Decimal(counted), **more)

    def receipt(self, supplier: UUID, amount: str, *, post: bool = True) -> UUID:
        """A receipt of goods from a supplier."""
        unit, category = first_entry_id(Unit, "штука"), self.do(create_entry, GoodsCategory, {"name": f"Для {amount}"}).id
        card = {"name": "Перчатки", "category": str(category), "price": "10", "sale_unit": str(unit)}
        line = RequestedLine(goods_id=self.do(create_entry, Goods, card).id, quantity=Decimal(1), sum=Decimal(amount))
        warehouse = first_entry_id(Warehouse, "Основной склад")
        head = {"moment": on(10), "warehouse_id": warehouse, "counterparty_id": supplier}
        return self.do(stock_commands.create_document, StockReceipt, head, [line], post=post).id
