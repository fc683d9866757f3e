"""Papers of the warehouse: each kind of document, and the sheet to count by (VIS-7, STK-5)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from aggregates.stock.stock_document import StockDocument
from aggregates.stock.stock_documents import GoodsIssue, StockReceipt, StockTransfer, StockWriteOff, SupplierReturn
from readmodels.clinic.requisites import Requisites
from readmodels.stock.stock_balances import StockedGoods
from readmodels.stock.stock_documents import ShownLine, StockDocumentCard
from readmodels.words.values import format_day
from services.papers.layout import laid_out, quantity


class Heading(msgspec.Struct, frozen=True):
    """How a kind's paper is called and who signs it; the roles of clinic and counterparty."""

    title: str
    signers: tuple[str, str]
    clinic: str = "Организация"
    counterparty: str = ""


HEADINGS: dict[type[StockDocument], Heading] = {
    GoodsIssue: Heading("Расходная накладная", ("Отпустил", "Получил"), "Поставщик", "Покупатель"),
    StockReceipt: Heading("Приходная накладная", ("Сдал", "Принял"), "Получатель", "Поставщик"),
    SupplierReturn: Heading("Накладная на возврат поставщику", ("Отпустил", "Получил"), "Отправитель", "Поставщик"),
    StockTransfer: Heading("Накладная на перемещение", ("Отпустил", "Получил")),
    StockWriteOff: Heading("Акт на списание", ("Списал", "Утвердил")),
}
"""Of the other kinds: what a document is called."""
COUNTED, BLANK = "Инвентаризационная опись", "Лист для подсчёта"
_HEADS = ("warehouse_id", "to_warehouse_id", "origin_id")
"""Fields of the head that refer to something, in the order of the paper."""
_TEXTS = ("suppliers_number", "reason", "comment")


def document_paper(
    kind: type[StockDocument], document: StockDocumentCard, clinic: Requisites, counterparty: Requisites | None
) -> str:
    """The HTML of a document's paper; requisites as of its date."""
    heading = HEADINGS.get(kind) or Heading(kind.ONE, ("Сдал", "Принял"))
    parties = [(heading.clinic, clinic)]
    if heading.counterparty:
        other = (heading.counterparty, counterparty or Requisites("розничный покупатель"))
        parties = [other, *parties] if kind is StockReceipt else [*parties, other]
    lines = [
        {
            "name": line.goods.name, "article": line.goods.article, "unit": _unit(line), "quantity": line.quantity,
            "price": line.price, "sum": line.sum, "batch": _batch(line),
        }
        for line in document.lines
    ]  # fmt: skip
    return laid_out(
        "stock_document.html", title=heading.title, document=document, moment=_moment(document), state=_state(document),
        parties=parties, heads=_heads(kind, document), lines=lines, priced=kind.SHAPE.priced,
        batches=any(line["batch"] for line in lines), total=document.total, signers=heading.signers,
    )  # fmt: skip


def count_paper(
    kind: type[StockDocument], document: StockDocumentCard, clinic: Requisites, differences: Mapping[int, Decimal]
) -> str:
    """What was counted beside what there was by the books. `differences`: of the lines of a posted count, by number from 0, in
    the unit in which stock is held.
    """
    lines = []
    for number, line in enumerate(document.lines):
        counted, found = line.quantity * line.factor, differences.get(number)
        lines.append(
            {
                "name": line.goods.name, "article": line.goods.article, "unit": _stock_unit(line), "counted": counted,
                "expected": None if found is None else counted - found, "difference": None if found is None else _signed(found),
            }
        )  # fmt: skip
    return _count(COUNTED, document, clinic, _heads(kind, document), lines, blank=False)


def count_sheet(kind: type[StockDocument], document: StockDocumentCard, clinic: Requisites, goods: Sequence[StockedGoods]) -> str:
    """A sheet to write on at the shelves: what the warehouse should have and what the document names. It doesn't show how much
    there should be, so that it is really counted.
    """
    named: dict[UUID, dict[str, str]] = {
        line.goods.id: {"name": line.goods.name, "article": line.goods.article, "unit": _stock_unit(line)}
        for line in document.lines
    }
    there = {one.id: {"name": one.name, "article": one.article or "", "unit": one.unit} for one in goods}
    lines = sorted({**there, **named}.values(), key=lambda line: line["name"].lower().replace("ё", "е"))
    return _count(BLANK, document, clinic, _heads(kind, document), lines, blank=True)


def _count(
    title: str,
    document: StockDocumentCard,
    clinic: Requisites,
    heads: Sequence[tuple[str, str]],
    lines: Sequence[Mapping[str, object]],
    *,
    blank: bool,
) -> str:
    return laid_out(
        "stock_count.html", title=title, document=document, moment=_moment(document), parties=[("Организация", clinic)],
        heads=heads, lines=lines, blank=blank, state="" if blank else _state(document),
    )  # fmt: skip


def _heads(kind: type[StockDocument], document: StockDocumentCard) -> list[tuple[str, str]]:
    named = [(kind.FIELDS[name].label, document.names[name]) for name in _HEADS if document.names.get(name)]
    texts = [(kind.FIELDS[name].label, str(document.fields[name])) for name in _TEXTS if document.fields.get(name)]
    return [*named, *texts]


def _moment(document: StockDocumentCard) -> datetime:
    return datetime.fromisoformat(str(document.fields["moment"]))


def _state(document: StockDocumentCard) -> str:
    if document.deleted:
        return "Документ удалён"
    return "" if document.posted else "Черновик, не проведён"


def _unit(line: ShownLine) -> str:
    return line.goods.sale_unit if line.unit == "sale" else _stock_unit(line)


def _stock_unit(line: ShownLine) -> str:
    return line.goods.write_off_unit or line.goods.sale_unit


def _batch(line: ShownLine) -> str:
    return ", ".join(filter(None, (line.batch, format_day(line.expires_on) if line.expires_on else "")))


def _signed(difference: Decimal) -> str:
    """«+2», «−1,5», «0»."""
    return f"{'+' if difference > 0 else '−' if difference < 0 else ''}{quantity(abs(difference))}"
