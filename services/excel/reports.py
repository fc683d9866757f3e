"""Reports as workbooks; columns are called as on the pages."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO, TypeVar
from uuid import UUID

from psycopg import Connection

from readmodels.reports import debts, income, income_lines, income_paid, load, stock_turnover
from readmodels.reports.income_choice import IncomeChoice
from readmodels.reports.periods import Days
from services.excel.cells import Cell
from services.excel.writing import Heading, writing

R = TypeVar("R")
_PAGE = 5_000
GROUPED: dict[income.IncomeBy, str] = {
    "performer": "Исполнитель",
    "item": "Услуга или товар",
    "category": "Категория",
    "day": "День",
    "week": "Неделя с",
    "month": "Месяц с",
}
_SUMS = (Heading("Без скидок", "money"), Heading("Скидки", "money"), Heading("Начислено", "money"))
_LINES = (
    Heading("Дата и время", "moment"),
    Heading("Визит", "whole", 9),
    Heading("Пациент", width=34),
    Heading("Исполнители", width=40),
    Heading("Услуга или товар", width=40),
    Heading("Количество", "whole", 12),
    *_SUMS,
)
_PAID = (
    Heading("Дата и время", "moment"),
    Heading("Визит", "whole", 9),
    Heading("Пациент", width=34),
    Heading("Начислено", "money"),
    Heading("Оплачено", "money"),
    Heading("Не оплачено", "money"),
)
_DEBTS = (
    Heading("Пациент", width=34),
    Heading("Номер карты"),
    Heading("Телефон"),
    Heading("Долг", "money"),
    Heading("До 30 дней", "money"),
    Heading("31–90 дней", "money"),
    Heading("91–180 дней", "money"),
    Heading("Больше 180 дней", "money"),
    Heading("Долг с", "date", 14),
    Heading("Визитов", "whole", 10),
    Heading("Аванс", "money"),
)
LOADED: dict[load.LoadOf, str] = {"doctors": "Врач", "rooms": "Кабинет"}
_HOURS = ("Рабочих часов", "Занято часов", "Состоялось часов", "Не пришли, часов", "Отменено часов")
_TURNOVER = (
    Heading("Товар", width=40),
    Heading("Единица"),
    Heading("Склад", width=28),
    *(
        heading
        for title in ("На начало", "Приход", "Расход")
        for heading in (Heading(f"{title}, количество", "whole"), Heading(f"{title}, сумма", "money"))
    ),
    Heading("Поправка стоимости", "money"),
    Heading("На конец, количество", "whole"),
    Heading("На конец, сумма", "money"),
)


def write_income(conn: Connection[Any], days: Days, by: income.IncomeBy, employee: str, target: BinaryIO) -> None:
    """The groups of the report; dates where they are times."""
    timed = by in {"day", "week", "month"}
    first = Heading(GROUPED[by], "date" if timed else "text", 14 if timed else 40)
    rows = (
        (
            date.fromisoformat(one.key) if timed else one.name,
            one.visits,
            _number(one.quantity),
            one.sums.gross,
            one.sums.discount,
            one.sums.net,
        )
        for one in income.report(conn, days, by, employee=employee).groups
    )
    _write("Выручка", (first, Heading("Визитов", "whole", 10), Heading("Количество", "whole", 12), *_SUMS), rows, target)


SOLD = {"goods_issue": "Без визита, накладная", "customer_return": "Возврат товаров"}


def write_income_lines(conn: Connection[Any], choice: IncomeChoice, target: BinaryIO) -> None:
    """The lines that a figure counts."""

    def page(number: int) -> Sequence[income_lines.IncomeLine]:
        return income_lines.listing(conn, choice, page=number, size=_PAGE).items

    rows = (
        (
            one.starts_at,
            one.number if one.document == "visit" else None,
            one.patient.name if one.patient else "",
            one.performers if one.document == "visit" else f"{SOLD[one.document]} № {one.number}",
            one.item,
            _number(one.quantity),
            one.sums.gross,
            one.sums.discount,
            one.sums.net,
        )
        for one in _all(page)
    )
    _write("Строки визитов", _LINES, rows, target)


def write_paid_visits(conn: Connection[Any], days: Days, target: BinaryIO) -> None:
    """The visits and sales of a period of which something is paid."""

    def page(number: int) -> Sequence[income_paid.PaidVisit]:
        return income_paid.listing(conn, days, page=number, size=_PAGE).items

    rows = (
        (one.starts_at, one.number, one.patient.name if one.patient else "", one.net, one.paid, one.due) for one in _all(page)
    )
    _write("Оплачено", _PAID, rows, target)


def write_debts(
    conn: Connection[Any],
    day: date,
    query: str,
    shown: debts.DebtsShown,
    sort: debts.DebtsSort,
    target: BinaryIO,
    *,
    phones: bool,
) -> None:
    """All people of the report. `phones`: with phones and numbers of cards."""

    def page(number: int) -> Sequence[debts.Debtor]:
        return debts.report(conn, day, query=query, shown=shown, sort=sort, page=number, size=_PAGE).items

    rows = (
        (
            one.name,
            one.card_number if phones else None,
            one.phone if phones else None,
            one.debt,
            *one.aged,
            one.oldest,
            one.visits,
            one.prepaid,
        )
        for one in _all(page)
    )
    _write(f"Долги на {day:%d.%m.%Y}", _DEBTS, rows, target)


def write_load(conn: Connection[Any], days: Days, of: load.LoadOf, target: BinaryIO) -> None:
    """Rows in hours."""
    headings = (
        Heading(LOADED[of], width=34),
        *(Heading(title, "money") for title in _HOURS),
        Heading("Визитов", "whole", 10),
        Heading("Загрузка, %", "money"),
    )
    rows = (
        (
            one.name,
            *(
                (Decimal(minutes) / 60).quantize(Decimal("0.01"))
                for minutes in (one.working, one.booked, one.completed, one.no_show, one.cancelled)
            ),
            one.visits,
            None if one.percent is None else Decimal(one.percent) / 10,
        )
        for one in load.report(conn, days, of).rows
    )
    _write("Загрузка", headings, rows, target)


def write_turnover(conn: Connection[Any], days: Days, warehouse_id: UUID | None, query: str, target: BinaryIO) -> None:
    """Each goods in each warehouse."""

    def page(number: int) -> Sequence[stock_turnover.Turnover]:
        return stock_turnover.report(conn, days, warehouse_id=warehouse_id, query=query, page=number, size=_PAGE).items

    rows = (
        (
            one.goods.name,
            one.unit,
            one.warehouse.name,
            _number(one.figures.opening.quantity or Decimal(0)),
            one.figures.opening.value,
            _number(one.figures.incoming.quantity or Decimal(0)),
            one.figures.incoming.value,
            _number(one.figures.outgoing.quantity or Decimal(0)),
            one.figures.outgoing.value,
            one.figures.correction,
            _number(one.figures.closing.quantity or Decimal(0)),
            one.figures.closing.value,
        )
        for one in _all(page)
    )
    _write("Оборот склада", _TURNOVER, rows, target)


def _all(page: Callable[[int], Sequence[R]]) -> Iterator[R]:
    number = 1
    while rows := page(number):
        yield from rows
        if len(rows) < _PAGE:
            return
        number += 1


def _number(quantity: Decimal) -> Cell:
    return int(quantity) if quantity == int(quantity) else quantity


def _write(title: str, headings: Sequence[Heading], rows: Iterable[Sequence[Cell]], target: BinaryIO) -> None:
    with writing(target) as book:
        book.table(title, headings, rows)
