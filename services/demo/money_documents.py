"""The demonstration's money beside what patients pay: desks of each kind, what came in and went out in two months, and the days
that were closed.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from aggregates.catalogues import CashDesk, Counterparty, first_entry_id
from aggregates.money.money_document import MoneyDocument
from aggregates.money.money_documents import MoneyIncome, MoneyOutgo, MoneyTransfer
from aggregates.money.money_lines import MoneyLine, ReceiptPayment
from aggregates.stock.stock_documents import StockReceipt
from commands.money import desk_days, money_document
from services.demo.catalogues import Catalogues
from services.demo.stock_documents import StockDocuments
from services.demo.timeline import OPENED_DAYS_AGO, Timeline

_CASH, _TERMINAL, _BANK = "Основная касса", "Терминал", "Расчётный счёт"
_SUPPLIER = "ООО «Стомснаб»"
_SUNDAY = 6
_FLOAT = 5_000
"""Rubles that stay in the drawer for change."""


_ALL, _FEE = -1, -2
"""Sums that the desk says then: all of it but the change; the acquirer's part."""


class _Planned(NamedTuple):
    """A document: its kind, how many days from today it is of, when, its desk, article and sum, and the rest of its head.

    `supplied`: which of the supplier's receipts it pays, the first one 0.
    """

    kind: type[MoneyDocument]
    day: int
    clock: str
    desk: str
    article: str
    amount: int
    comment: str = ""
    to: str = ""
    supplied: int | None = None


class MoneyDocuments:
    """Plans the documents, each entered on its own day, and the closing of each day but the last ones."""

    def __init__(self, timeline: Timeline, catalogues: Catalogues, stock: StockDocuments) -> None:
        self._timeline, self._catalogues, self._stock = timeline, catalogues, stock
        self._number = 0

    def plan(self) -> None:
        for planned in self._planned():
            local = self._timeline.wall_clock(planned.day, planned.clock)
            self._number += 1
            self._timeline.at(local, partial(self._create, planned, self._number, local))
        for day in range(-OPENED_DAYS_AGO + 2, 0):
            if self._works(day):
                self._timeline.at(self._timeline.wall_clock(day, "21:05"), partial(self._close, self._date(day)))

    def _planned(self) -> Iterator[_Planned]:
        yield _Planned(MoneyIncome, -OPENED_DAYS_AGO, "13:50", _BANK, "Взнос учредителя", 900_000, "На открытие")
        yield _Planned(MoneyTransfer, -OPENED_DAYS_AGO, "13:55", _BANK, "", _FLOAT, "Размен", to=_CASH)
        r = self._timeline.rng.__class__(self._timeline.today.toordinal() + 1)
        for day in range(-OPENED_DAYS_AGO + 2, 1):
            if not self._works(day):
                continue
            if r.random() < 0.3:
                amount = r.randrange(600, 3_000, 50)
                yield _Planned(MoneyOutgo, day, "20:50", _CASH, "Хозяйственные расходы", amount, "По чеку")
            if self._date(day).weekday() in {1, 4}:  # the collection of cash, and what the acquirer pays
                yield _Planned(MoneyTransfer, day, "20:52", _CASH, "", _ALL, "Инкассация", to=_BANK)
                yield _Planned(MoneyOutgo, day, "20:54", _TERMINAL, "Комиссия банка", _FEE, "Эквайринг")
                yield _Planned(MoneyTransfer, day, "20:55", _TERMINAL, "", _ALL, "Зачисление эквайринга", to=_BANK)
            of_month = self._date(day).day
            if of_month in {4, 5} and self._works(day) and (of_month == 4 or not self._works(day - 1)):
                yield _Planned(MoneyOutgo, day, "11:00", _BANK, "Аренда", 185_000, "За текущий месяц")
        for supplied, (day, amount) in enumerate(((-50, 140_000), (-25, 60_000))):
            yield _Planned(MoneyOutgo, day, "14:40", _BANK, "Материалы и инструменты", amount, "", supplied=supplied)

    def _create(self, planned: _Planned, number: int, local: datetime, moment: datetime) -> None:
        amount = self._amount(planned, local.date())
        if amount <= 0:
            return
        card: dict[str, Any] = {"moment": local, "desk_id": self._desk(planned.desk), "comment": planned.comment}
        lines, pays = list[MoneyLine](), list[ReceiptPayment]()
        if planned.kind is MoneyTransfer:
            card |= {"to_desk_id": self._desk(planned.to), "sum": str(amount)}
        else:
            article_id = self._timeline.id("article", planned.article)
            lines.append(MoneyLine(article_id=article_id, sum=amount))
        if planned.supplied is not None:
            card["counterparty_id"] = self._catalogues.id(Counterparty, _SUPPLIER)
            receipt = self._timeline.clinic.load(StockReceipt, self._stock.receipts[planned.supplied])
            pays.append(ReceiptPayment(receipt_id=receipt.id, sum=min(receipt.total, amount)))
        ctx = self._timeline.by_manager(moment, "create_money_document")
        document_id = self._timeline.id("money document", number)
        money_document.create_money_document(self._timeline.clinic, ctx, planned.kind, card, lines, pays, document_id=document_id)

    def _amount(self, planned: _Planned, day: date) -> Decimal:
        """What is planned, or what the desk's balance makes of it; no more than a drawer has."""
        clinic, desk_id = self._timeline.clinic, self._desk(planned.desk)
        with clinic.write_lock():
            there = clinic.cash_ledger.turnover(desk_id, day).closing
        if planned.amount == _FEE:
            return (there / 50).quantize(Decimal(1))
        if planned.amount == _ALL:
            return there if planned.desk == _TERMINAL else (there - _FLOAT) // 1_000 * 1_000
        return min(Decimal(planned.amount), there) if planned.desk == _CASH else Decimal(planned.amount)

    def _close(self, day: date, moment: datetime) -> None:
        """Twice the drawer lacks something."""
        clinic, desk_id = self._timeline.clinic, self._desk(_CASH)
        with clinic.write_lock():
            there = clinic.cash_ledger.turnover(desk_id, day).closing
        lacks = Decimal(50) if (self._timeline.today - day) in {timedelta(days=30), timedelta(days=9)} else Decimal(0)
        desk_days.close_day(
            clinic,
            self._timeline.by_manager(moment, "close_day"),
            desk_id,
            day,
            max(there - lacks, Decimal(0)),
            reason="Ошибка при выдаче сдачи",
            article_id=self._timeline.id("article", "Хозяйственные расходы"),
            document_id=self._timeline.id("money difference", day),
        )

    def _date(self, day: int) -> date:
        return self._timeline.wall_clock(day, "00:00").date()

    def _works(self, day: int) -> bool:
        return self._date(day).weekday() != _SUNDAY

    def _desk(self, name: str) -> UUID:
        return first_entry_id(CashDesk, name) if name == _CASH else self._catalogues.id(CashDesk, name)
