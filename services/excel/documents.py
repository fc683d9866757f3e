"""Documents that are exported: a sheet for each kind (XLS-8)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from psycopg import Connection

from aggregates.fields import Field
from aggregates.money.money_document import MoneyDocument
from aggregates.money.money_documents import MONEY_DOCUMENTS, MoneyOutgo
from aggregates.payroll.pay_accrual import PayAccrual
from aggregates.payroll.pay_lines import EXTRAS, PARTS, TAKING
from aggregates.scheduling.visit_status import STATUS_LABELS
from aggregates.stock.stock_document import COMMENT_FIELD, StockDocument
from aggregates.stock.stock_documents import STOCK_DOCUMENTS
from readmodels import excel
from readmodels.excel import DocumentFilter
from readmodels.money import money_document_lines
from readmodels.payroll import pay_accrual_lines
from readmodels.stock import stock_document_lines
from readmodels.words.values import YES_NO
from services.excel.cells import Cell
from services.excel.writing import Heading


@dataclass(frozen=True)
class Document:
    """Documents of one kind. `headings`: field → column, as far as the user may see them; `rows`: their fields in order."""

    key: str
    title: str
    headings: Callable[[DocumentFilter], Mapping[str, Heading]]
    rows: Callable[[Connection[Any], DocumentFilter], Iterator[Mapping[str, Any]]]

    def table(self, conn: Connection[Any], asked: DocumentFilter) -> tuple[Sequence[Heading], Iterator[Sequence[Cell]]]:
        """The columns of the sheet, and its rows."""
        headings = self.headings(asked)
        return list(headings.values()), ([row[field] for field in headings] for row in self.rows(conn, asked))


_VISIT = {
    "number": Heading("№", "whole", 9),
    "starts_at": Heading("Начало", "moment"),
    "ends_at": Heading("Окончание", "moment"),
    "status": Heading("Состояние"),
    "patient": Heading("Пациент", width=34),
    "card_number": Heading("Номер карты"),
    "doctor": Heading("Врач", width=34),
    "services": Heading("Услуги", width=50),
    "goods": Heading("Товары", width=40),
    "discount": Heading("Скидка", "money"),
    "total": Heading("Сумма", "money"),
    "comment": Heading("Комментарий", width=40),
}


def _visits(conn: Connection[Any], asked: DocumentFilter) -> Iterator[Mapping[str, Any]]:
    for visit in excel.visits(conn, asked):
        yield {**visit, "status": STATUS_LABELS[visit["status"]]}


def _stock_headings(kind: type[StockDocument], asked: DocumentFilter) -> Mapping[str, Heading]:
    """The head as its kind declares it, the line as its shape says."""
    shape, head = kind.SHAPE, {name: _of_head(field) for name, field in kind.FIELDS.items()}
    comment = head.pop(COMMENT_FIELD.name)
    cost = Heading("Себестоимость расхождения" if shape.counts else "Себестоимость", "money")
    line = {"goods": Heading("Товар", width=40), "article": Heading("Артикул"), "quantity": Heading("Количество", "whole", 12)}
    line["unit"] = Heading("Единица измерения")
    line |= {"price": Heading("Цена", "money")} if shape.priced or shape.counts else {}
    line |= {"sum": Heading("Сумма", "money")} if shape.priced else {}
    line |= {"cost": cost} if asked.costs else {}
    line |= {"batch": Heading("Партия"), "expires_on": Heading("Срок годности", "date", 15)} if shape.batches else {}
    state = {"posted": Heading("Проведён", width=10), COMMENT_FIELD.name: comment}
    state |= {"deleted": Heading("Удалён", width=10)} if asked.deleted else {}
    return {"number": Heading("№", "whole", 9), **head, **line, **state}


def _of_head(field: Field) -> Heading:
    if field.type == "moment":
        return Heading(field.label, "moment")
    return Heading(field.label, width=40 if field.type == "lines" else 28)


def _stock_lines(kind: type[StockDocument], conn: Connection[Any], asked: DocumentFilter) -> Iterator[Mapping[str, Any]]:
    for line in stock_document_lines.lines(conn, kind, asked):
        yield {**line, "posted": YES_NO[line["posted"]], "deleted": YES_NO[line["deleted"]]}


def _money_headings(kind: type[MoneyDocument], asked: DocumentFilter) -> Mapping[str, Heading]:
    """The head as its kind declares it, and the line: an article with its sum."""
    head = {name: _of_head(field) for name, field in kind.FIELDS.items() if field.type != "money"}
    comment = head.pop(COMMENT_FIELD.name)
    head |= {"patient": Heading("Получатель – пациент", width=34)} if kind is MoneyOutgo else {}
    article = {"article": Heading("Статья", width=34)} if kind.SHAPE.direction else {}
    note = {"note": Heading("Примечание", width=34)} if kind.SHAPE.direction else {}
    state = {COMMENT_FIELD.name: comment, "author": Heading("Автор", width=34)}
    state |= {"deleted": Heading("Удалён", width=10)} if asked.deleted else {}
    return {"number": Heading("№", "whole", 9), **head, **article, "sum": Heading("Сумма", "money"), **note, **state}


def _money_lines(kind: type[MoneyDocument], conn: Connection[Any], asked: DocumentFilter) -> Iterator[Mapping[str, Any]]:
    for line in money_document_lines.lines(conn, kind, asked):
        yield {**line, "deleted": YES_NO[line["deleted"]]}


def _accrual_headings(asked: DocumentFilter) -> Mapping[str, Heading]:
    state = {"posted": Heading("Проведено", width=10), "comment": Heading("Комментарий", width=40)}
    state |= {"deleted": Heading("Удалено", width=10)} if asked.deleted else {}
    return {
        "number": Heading("№", "whole", 9),
        "date": Heading("Дата", "date", 12),
        "employee_id": Heading("Сотрудник", width=34),
        "first": Heading("Период с", "date", 12),
        "last": Heading("Период по", "date", 12),
        "part": Heading("Вид", width=28),
        "day": Heading("За день", "date", 12),
        "visit": Heading("Визит №", "whole", 10),
        "name": Heading("Услуга, товар", width=40),
        "base": Heading("База", "money"),
        "percent": Heading("Процент", "money"),
        "quantity": Heading("Количество", "money"),
        "sum": Heading("Сумма", "money"),
        "note": Heading("Примечание", width=34),
        **state,
    }


def _accrual_lines(conn: Connection[Any], asked: DocumentFilter) -> Iterator[Mapping[str, Any]]:
    for line in pay_accrual_lines.lines(conn, asked):
        part, amount = line["part"] or line["extra"], line["sum"]
        words = {
            "part": PARTS.get(part) or EXTRAS.get(part),
            "posted": YES_NO[line["posted"]],
            "deleted": YES_NO[line["deleted"]],
        }
        yield {**line, **words, "sum": -amount if part in TAKING else amount}


DOCUMENTS: dict[str, Document] = {
    document.key: document
    for document in (
        Document("visits", "Визиты", lambda _: _VISIT, _visits),
        *(
            Document(kind.TOPIC, kind.TITLE, partial(_stock_headings, kind), partial(_stock_lines, kind))
            for kind in STOCK_DOCUMENTS
        ),
        *(
            Document(kind.TOPIC, kind.TITLE, partial(_money_headings, kind), partial(_money_lines, kind))
            for kind in MONEY_DOCUMENTS
        ),
        Document(PayAccrual.TOPIC, "Начисление ЗП", _accrual_headings, _accrual_lines),
    )
}
