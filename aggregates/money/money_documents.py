"""The kinds of money documents, each declared by its head and its shape (FIN-1)."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from aggregates.access.rights import Right
from aggregates.deletion import ObjectDeleted
from aggregates.fields import MONEY, REFERENCE, Field, Fields
from aggregates.money.money_document import (
    COMMENT_FIELD,
    DESK,
    MOMENT_FIELD,
    MoneyDocument,
    MoneyDocumentChanged,
    MoneyDocumentCreated,
    MoneyDocumentReturned,
    MoneyShape,
    require_one_party,
    require_receiver,
    require_sum,
)

TO_DESK = Field(name="to_desk_id", label="В кассу", kind=REFERENCE, refers="cash_desk", required=True)
PAYING_PATIENT = Field(name="patient_id", label="Плательщик – пациент", kind=REFERENCE, refers="patient")
PAYING_COUNTERPARTY = Field(name="counterparty_id", label="Плательщик – контрагент", kind=REFERENCE, refers="counterparty")
PAID_COUNTERPARTY = Field(name="counterparty_id", label="Получатель – контрагент", kind=REFERENCE, refers="counterparty")
PAID_EMPLOYEE = Field(name="employee_id", label="Получатель – сотрудник", kind=REFERENCE, refers="employee")
PAID_ACCRUAL = Field(name="accrual_id", label="По начислению ЗП", kind=REFERENCE, refers="pay_accrual", listed=False)
SUM = Field(name="sum", label="Сумма", kind=MONEY, required=True)


def money_document(
    topic: str,
    *fields: Field,
    title: str,
    one: str,
    path: str,
    right: Right,
    shape: MoneyShape,
    together: Callable[[Mapping[str, Any]], None],
) -> type[MoneyDocument]:
    """Declare a kind: a class with its own events and topics (`<topic>.created.1` …)."""
    namespace: dict[str, Any] = {
        "TOPIC": topic, "TITLE": title, "ONE": one, "PATH": path, "RIGHT": right, "SHAPE": shape,
        "FIELDS": Fields(MOMENT_FIELD, DESK, *fields, COMMENT_FIELD, together=together),
        "__doc__": f"{one}: declared by its head and its shape.", "__module__": __name__,
    }  # fmt: skip
    facts = {
        "Created": MoneyDocumentCreated, "Changed": MoneyDocumentChanged, "Deleted": ObjectDeleted,
        "Returned": MoneyDocumentReturned,
    }  # fmt: skip
    for name, base in facts.items():
        namespace[name] = msgspec.defstruct(
            name, [], bases=(base,), frozen=True, kw_only=True, module=__name__,
            namespace={"TOPIC": f"{topic}.{name.lower()}.1", "__qualname__": f"{topic}.{name}"},
        )  # fmt: skip
    return type(topic, (MoneyDocument,), namespace)


MoneyIncome = money_document(
    "money_income",
    PAYING_COUNTERPARTY,
    PAYING_PATIENT,
    title="Приход средств",
    one="Приход средств",
    path="money-incomes",
    right="money_incomes",
    shape=MoneyShape(flow="income", pays="invoice"),
    together=require_one_party,
)
MoneyOutgo = money_document(
    "money_outgo",
    PAID_COUNTERPARTY,
    PAID_EMPLOYEE,
    PAID_ACCRUAL,
    title="Расход средств",
    one="Расход средств",
    path="money-outgoes",
    right="money_outgoes",
    shape=MoneyShape(flow="outgo", pays="stock_receipt"),
    together=require_receiver,
)
MoneyTransfer = money_document(
    "money_transfer",
    TO_DESK,
    SUM,
    title="Перемещение средств",
    one="Перемещение средств",
    path="money-transfers",
    right="money_transfers",
    shape=MoneyShape(flow="transfer"),
    together=require_sum,
)

MONEY_DOCUMENTS: tuple[type[MoneyDocument], ...] = (MoneyIncome, MoneyOutgo, MoneyTransfer)
"""In the order in which people see them."""
MONEY_KINDS: dict[str, type[MoneyDocument]] = {kind.TOPIC: kind for kind in MONEY_DOCUMENTS}
