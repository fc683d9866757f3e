"""Words of fiscal receipts."""

from collections.abc import Iterable

from aggregates.money.fiscal_receipt import RECEIPT_STATES, FiscalReceipt
from aggregates.money.receipt import MEANS, OPERATIONS
from readmodels.words.accessed import PERIOD, AccessedList, Filter
from readmodels.words.declaration import Sentence, Text, Words
from readmodels.words.values import Change, Described, format_rubles


def _requested(event: FiscalReceipt.Requested) -> Iterable[Change]:
    receipt = event.receipt
    yield Change("операция", None, OPERATIONS[receipt.operation])
    for position in receipt.positions:
        yield Change(position.name, None, format_rubles(position.sum))
    for part in receipt.paid:
        yield Change(MEANS[part.means].lower(), None, format_rubles(part.sum))


def _printed(event: FiscalReceipt.Printed) -> Iterable[Change]:
    signs = event.signs
    yield Change("номер ФД", None, str(signs.document_number))
    yield Change("ФПД", None, signs.sign)
    yield Change("ФН", None, signs.storage_number)


def _given_up(event: FiscalReceipt.GivenUp, itself: str, withdrawn: str) -> str:
    return itself if event.because is None else withdrawn


def _state(receipt: FiscalReceipt) -> Described:
    yield "Операция", OPERATIONS[receipt.receipt.operation]
    yield "Сумма", format_rubles(receipt.receipt.total)
    yield "Состояние", RECEIPT_STATES[receipt.state]
    yield "Попытка", str(receipt.attempt)


FISCAL_RECEIPT = Words(
    kind=FiscalReceipt,
    label="Кассовый чек",
    title="Кассовый чек на {0}",
    names="SELECT id, total || ' ₽' FROM fiscal_receipts WHERE id = ANY(%s)",
    patient_of=lambda _: None,
    actions={
        "fiscal_receipt_requested": "Запрос чека",
        "fiscal_receipt_moved": "Печать чека",
        "fiscal_receipt_given_up": "Отказ от чека",
    },
    events={
        FiscalReceipt.Requested: Text(
            "fiscal_receipt_requested", " запрошен", _requested, lambda event: [event.patient_id, *event.document_ids]
        ),
        FiscalReceipt.HandedOver: Text("fiscal_receipt_moved", " передан кассе"),
        FiscalReceipt.Printed: Text("fiscal_receipt_moved", " пробит", _printed),
        FiscalReceipt.Failed: Text(
            "fiscal_receipt_moved", " не пробит", lambda event: [Change("причина", None, f"{event.text} ({event.code})")]
        ),
        FiscalReceipt.GivenUp: Text(
            "fiscal_receipt_given_up",
            Sentence((" не нужен", " не нужен без чека перед ним"), _given_up),
            lambda event: [Change("причина", None, event.reason)],
        ),
        FiscalReceipt.Retried: Text("fiscal_receipt_moved", " отправлен снова"),
    },
    state=_state,
)

RECEIPTS_ACCESSED = AccessedList(
    type=FiscalReceipt.TOPIC,
    label="Кассовые чеки",
    path="/fiscal-receipts",
    rights=("fiscal_receipts",),
    filters={
        **PERIOD,
        "state": Filter("состояние", shown=lambda state: RECEIPT_STATES.get(state, state)),  # type: ignore[call-overload]  # any text
        "document_id": Filter("документ"),
    },
)
"""Receipts name the patients who paid."""
