"""Words of invoices to organisations."""

from collections.abc import Iterable

from aggregates.catalogues import Counterparty
from aggregates.money.invoice import INVOICE_FIELDS, Invoice
from readmodels.words.accessed import DELETED, PERIOD, QUERY, AccessedList, Filter
from readmodels.words.declaration import ByNumber, Text, Words
from readmodels.words.values import YES_NO, Change, Described, Named, described_fields, filled_fields, format_rubles

NAME = "'№ ' || number || ' от ' || to_char(issued_on, 'DD.MM.YYYY')"
"""SQL: «№ 12 от 01.12.2026»."""


def _issued(event: Invoice.Issued) -> Iterable[Change]:
    yield Change("Организация", None, Named(Counterparty.TOPIC, event.counterparty_id))
    yield from filled_fields(INVOICE_FIELDS, event.card.items())
    yield Change("Строк", None, str(len(event.lines)))
    yield Change("Сумма", None, format_rubles(sum((line.sum for line in event.lines[1:]), event.lines[0].sum)))


def _state(invoice: Invoice) -> Described:
    yield "Номер", str(invoice.number)
    yield "Организация", Named(Counterparty.TOPIC, invoice.counterparty_id)
    yield from described_fields(INVOICE_FIELDS, invoice.card)
    yield "Строк", str(len(invoice.lines))
    yield "Сумма", format_rubles(invoice.total)
    yield "Аннулирован", YES_NO[invoice.deleted]


INVOICE = Words(
    kind=Invoice,
    label="Счёт организации",
    title="Счёт организации {0}",
    names=f"SELECT id, {NAME} FROM invoices WHERE id = ANY(%s)",
    found_by=ByNumber("SELECT id FROM invoices WHERE number = ANY(%(numbers)s)"),
    numbered="SELECT id FROM invoices WHERE number::text = %s",
    actions={
        "invoice_issued": "Новый счёт организации",
        "invoice_annulled": "Аннулирование счёта организации",
        "invoice_returned": "Возвращение счёта организации",
    },
    events={
        Invoice.Issued: Text("invoice_issued", " выставлен", _issued, lambda event: [event.counterparty_id]),
        Invoice.Deleted: Text("invoice_annulled", " аннулирован"),
        Invoice.Returned: Text("invoice_returned", " возвращён"),
    },
    state=_state,
)

INVOICES_ACCESSED = AccessedList(
    type=Invoice.TOPIC,
    label="Счета организациям",
    path="/invoices",
    rights=("invoices", "settlements"),
    filters={
        **QUERY,
        **PERIOD,
        "counterparty_id": Filter("организация", refers=Counterparty.TOPIC),
        "state": Filter("состояние"),
        **DELETED,
    },
)
"""An invoice names patients for whom an organisation pays, and what was done."""
