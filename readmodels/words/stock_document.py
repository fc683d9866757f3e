"""Words of stock documents, derived from their declarations."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from aggregates.catalogues import Goods
from aggregates.stock.stock_document import StockDocument, StockDocumentChanged, StockDocumentCreated
from aggregates.stock.stock_documents import STOCK_DOCUMENTS
from aggregates.stock.stock_lines import StockLine, StockUnit
from readmodels.words.declaration import ByNumber, Text, Words
from readmodels.words.shortage import accepted_shortages
from readmodels.words.values import (
    YES_NO,
    Change,
    Described,
    Named,
    changed_fields,
    described_fields,
    filled_fields,
    format_day,
    format_decimal,
    format_rubles,
    plural,
)

_ACTIONS = {
    "stock_document_created": "Новый складской документ",
    "stock_document_changed": "Изменение складского документа",
    "stock_document_posted": "Проведение складского документа",
    "stock_document_unposted": "Отмена проведения складского документа",
    "stock_document_deleted": "Удаление складского документа",
    "stock_document_returned": "Возврат складского документа",
}
_LINE = "строка"
NAME = "'№ ' || number || ' от ' || to_char(moment, 'DD.MM.YYYY')"
"""SQL: what a document is called beside its kind: «№ 12 от 01.12.2026»."""
_UNITS: dict[StockUnit, str] = {"sale": "продажи", "write_off": "списания"}


def _line(line: StockLine) -> str:
    """«2 единицы продажи (по 10 единиц списания), цена 100,00 ₽, сумма 200,00 ₽, партия А-1, годен до 31.12.2027»."""
    each = f" (по {_units(line.factor, 'write_off')})" if line.factor != 1 else ""
    parts = [_units(line.quantity, line.unit) + each]
    parts += [
        f"{what} {format_rubles(money)}" for what, money in (("цена", line.price), ("сумма", line.sum)) if money is not None
    ]
    parts += [f"партия {line.batch}"] if line.batch else []
    parts += [f"годен до {format_day(line.expires_on)}"] if line.expires_on else []
    return ", ".join(parts)


def _units(number: Decimal, unit: StockUnit) -> str:
    noun = plural(number, "единица", "единицы", "единиц", part="единицы")
    return f"{format_decimal(f'{number:f}')} {noun} {_UNITS[unit]}"


def _by_goods(lines: Iterable[StockLine]) -> dict[UUID, str]:
    """Goods → all lines of them."""
    found: dict[UUID, list[str]] = {}
    for line in lines:
        found.setdefault(line.goods_id, []).append(_line(line))
    return {goods_id: "; ".join(texts) for goods_id, texts in found.items()}


def _changed_lines(old: Sequence[StockLine], new: Sequence[StockLine]) -> list[Change]:
    before, after = _by_goods(old), _by_goods(new)
    changes = [
        Change(_LINE, before.get(goods_id), after.get(goods_id), of=Named(Goods.TOPIC, goods_id))
        for goods_id in before | after
        if before.get(goods_id) != after.get(goods_id)
    ]
    return changes or [Change("порядок строк", None, "изменён")]


def words_of(kind: type[StockDocument]) -> Words:
    """The words of one kind."""
    fields = kind.FIELDS

    def created(event: StockDocumentCreated) -> Iterable[Change]:
        yield from filled_fields(fields, ((name, value) for name, value in event.card.items() if name in fields))
        if event.lines:
            yield from _changed_lines((), event.lines)

    def changed(event: StockDocumentChanged) -> Iterable[Change]:
        yield from changed_fields(fields, event.changes)
        if event.lines:
            yield from _changed_lines(event.lines.old, event.lines.new)
        yield from accepted_shortages(event.despite)

    def effected(event: Any) -> Iterable[Change]:
        return accepted_shortages(event.despite)

    def refs(event: StockDocumentCreated) -> Iterable[UUID]:
        return kind.references({name: value for name, value in event.card.items() if name in fields}).values()

    def changed_refs(event: StockDocumentChanged) -> Iterable[UUID]:
        changes = [change for change in event.changes if change.field in fields]
        for values in ({change.field: change.old for change in changes}, {change.field: change.new for change in changes}):
            yield from kind.references(values).values()

    def state(document: StockDocument) -> Described:
        yield "Номер", str(document.number)
        yield from described_fields(fields, document.card)
        for line in document.lines:
            yield "", Change(_LINE, None, _line(line), of=Named(Goods.TOPIC, line.goods_id))
        if kind.SHAPE.priced:
            yield "Сумма", format_rubles(document.total)
        yield "Проведён", YES_NO[document.posted]
        yield "Удалён", YES_NO[document.deleted]

    of_kind = f"SELECT id FROM stock_documents WHERE kind = '{kind.TOPIC}'"
    return Words(
        kind=kind,
        label=kind.ONE,
        title=kind.ONE + " {0}",
        names=f"SELECT id, {NAME} FROM stock_documents WHERE id = ANY(%s)",
        found_by=ByNumber(f"{of_kind} AND number = ANY(%(numbers)s)"),
        numbered=f"{of_kind} AND number::text = %s",
        actions=_ACTIONS,
        events={
            kind.Created: Text("stock_document_created", ": создан черновик", created, refs),
            kind.Changed: Text("stock_document_changed", ": изменён документ", changed, changed_refs),
            kind.Posted: Text("stock_document_posted", ": документ проведён", effected),
            kind.Unposted: Text("stock_document_unposted", ": проведение отменено", effected),
            kind.Deleted: Text("stock_document_deleted", ": документ удалён", effected),
            kind.Returned: Text("stock_document_returned", ": документ возвращён", effected),
        },
        state=state,
    )


STOCK_DOCUMENT_WORDS = tuple(map(words_of, STOCK_DOCUMENTS))
