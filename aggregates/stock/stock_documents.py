"""The kinds of stock documents, each declared by its head and by what its lines do (STK-1, STK-5)."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from aggregates.access.rights import Right
from aggregates.fields import REFERENCE, Field, Fields
from aggregates.numbering import Numbered
from aggregates.stock.stock_document import (
    COMMENT_FIELD,
    MOMENT_FIELD,
    Shape,
    StockDocument,
    StockDocumentChanged,
    StockDocumentCreated,
    StockDocumentPosted,
    StockDocumentRemoved,
    StockDocumentReturned,
    StockDocumentUnposted,
)
from aggregates.values import WrongValue

WAREHOUSE = Field(name="warehouse_id", label="Склад", kind=REFERENCE, refers="warehouse", required=True)
TO_WAREHOUSE = Field(name="to_warehouse_id", label="На склад", kind=REFERENCE, refers="warehouse", required=True)
SUPPLIER = Field(name="counterparty_id", label="Поставщик", kind=REFERENCE, refers="counterparty", required=True)
BUYER = Field(name="counterparty_id", label="Покупатель", kind=REFERENCE, refers="counterparty")
BUYING_PATIENT = Field(name="patient_id", label="Пациент", kind=REFERENCE, refers="patient", listed=False)
SUPPLIERS_NUMBER = Field(name="suppliers_number", label="Номер накладной поставщика", limit=100, listed=False)
ISSUE = Field(name="origin_id", label="Расходная накладная", kind=REFERENCE, refers="goods_issue", required=True)
REASON = Field(name="reason", label="Причина", limit=200)


def require_one_buyer(card: Mapping[str, Any]) -> None:
    """WrongValue if an issue names an organisation and a patient."""
    if card.get("counterparty_id") and card.get("patient_id"):
        raise WrongValue("patient_id", "Укажите кого-то одного: контрагента или пациента.")


def stock_document(
    topic: str,
    *fields: Field,
    title: str,
    one: str,
    path: str,
    right: Right,
    shape: Shape,
    together: Callable[[Mapping[str, Any]], None] | None = None,
) -> type[StockDocument]:
    """Declare a kind: a class with its own events and topics (`<topic>.created.1` …)."""
    namespace: dict[str, Any] = {
        "TOPIC": topic, "TITLE": title, "ONE": one, "PATH": path, "RIGHT": right, "SHAPE": shape,
        "FIELDS": Fields(MOMENT_FIELD, *fields, COMMENT_FIELD, together=together),
        "__doc__": f"{one}: declared by its head and its shape.", "__module__": __name__,
    }  # fmt: skip
    facts = {
        "Created": StockDocumentCreated, "Changed": StockDocumentChanged, "Posted": StockDocumentPosted,
        "Unposted": StockDocumentUnposted, "Deleted": StockDocumentRemoved, "Returned": StockDocumentReturned,
    }  # fmt: skip
    for name, base in facts.items():
        namespace[name] = msgspec.defstruct(
            name, [], bases=(base,), frozen=True, kw_only=True, module=__name__,
            namespace={"TOPIC": f"{topic}.{name.lower()}.1", "__qualname__": f"{topic}.{name}"},
        )  # fmt: skip
    return type(topic, (StockDocument,), namespace)


StockReceipt = stock_document(
    "stock_receipt",
    WAREHOUSE,
    SUPPLIER,
    SUPPLIERS_NUMBER,
    title="Поступления товаров",
    one="Поступление товаров",
    path="stock-receipts",
    right="stock_receipts",
    shape=Shape(effect="receipt", priced=True, batches=True),
)
OpeningStock = stock_document(
    "opening_stock",
    WAREHOUSE,
    title="Начальные остатки",
    one="Начальные остатки",
    path="opening-stock",
    right="stock_receipts",
    shape=Shape(effect="receipt", priced=True, batches=True),
)
SupplierReturn = stock_document(
    "supplier_return",
    WAREHOUSE,
    SUPPLIER,
    title="Возвраты поставщикам",
    one="Возврат поставщику",
    path="supplier-returns",
    right="stock_receipts",
    shape=Shape(effect="issue", priced=True),
)
StockWriteOff = stock_document(
    "stock_write_off",
    WAREHOUSE,
    REASON,
    title="Списания товаров",
    one="Списание товаров",
    path="stock-write-offs",
    right="stock_write_offs",
    shape=Shape(effect="issue"),
)
StockTransfer = stock_document(
    "stock_transfer",
    WAREHOUSE,
    TO_WAREHOUSE,
    title="Перемещения товаров",
    one="Перемещение товаров",
    path="stock-transfers",
    right="stock_transfers",
    shape=Shape(effect="transfer_out"),
)
GoodsIssue = stock_document(
    "goods_issue",
    WAREHOUSE,
    BUYER,
    BUYING_PATIENT,
    together=require_one_buyer,
    title="Расходные накладные",
    one="Расходная накладная",
    path="goods-issues",
    right="goods_issues",
    shape=Shape(effect="issue", priced=True),
)
CustomerReturn = stock_document(
    "customer_return",
    WAREHOUSE,
    ISSUE,
    title="Возвраты от покупателей",
    one="Возврат от покупателя",
    path="customer-returns",
    right="goods_issues",
    shape=Shape(effect="return", priced=True),
)
StockCount = stock_document(
    "stock_count",
    WAREHOUSE,
    title="Инвентаризации",
    one="Инвентаризация",
    path="stock-counts",
    right="stock_counts",
    shape=Shape(effect="count", counts=True),
)

STOCK_DOCUMENTS: tuple[type[StockDocument], ...] = (
    StockReceipt,
    StockWriteOff,
    StockTransfer,
    GoodsIssue,
    CustomerReturn,
    StockCount,
    SupplierReturn,
    OpeningStock,
)
"""In the order in which people see them."""
KINDS: dict[str, type[StockDocument]] = {kind.TOPIC: kind for kind in STOCK_DOCUMENTS}

STOCK_NUMBERS: tuple[Numbered, ...] = tuple(Numbered(kind.TOPIC, "number", (kind.Created,)) for kind in STOCK_DOCUMENTS)
"""Each kind has numbers of its own."""
STOCK_PLACES = Numbered("stock_place", "place", tuple(kind.Posted for kind in STOCK_DOCUMENTS))
"""The order of documents of one moment."""
