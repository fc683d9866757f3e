"""Words of payments of patients, and of refunds."""

from collections.abc import Iterable, Sequence

from aggregates.money.allocation import Allocation, ChargeKind
from aggregates.money.payment import Payment, Till
from aggregates.money.refund import Refund
from aggregates.scheduling.visit import Visit
from aggregates.stock.stock_documents import GoodsIssue
from readmodels.words.accessed import PERIOD, AccessedList, Filter
from readmodels.words.declaration import ByNumber, Sentence, Text, Words
from readmodels.words.values import YES_NO, Change, Described, Named, format_moment, format_rubles

_PAYS: dict[ChargeKind, tuple[str, str]] = {
    "visit": ("оплата визита", Visit.TOPIC),
    "sale": ("оплата накладной", GoodsIssue.TOPIC),
}


def _till(till: Till) -> Named | None:
    if till.certificate_id is not None:
        return Named("certificate", till.certificate_id)
    return Named("cash_desk", till.desk_id) if till.desk_id else None


def _shares(allocations: Sequence[Allocation]) -> Iterable[Change]:
    for one in allocations:
        amount = format_rubles(abs(one.sum))
        old, new = (None, amount) if one.sum > 0 else (amount, None)
        label, topic = _PAYS[one.kind]
        yield Change(label, old, new, of=Named(topic, one.charge_id))


def _taken(event: Payment.Taken) -> Iterable[Change]:
    if event.patient_id is not None:
        yield Change("пациент", None, Named("patient", event.patient_id))
    yield Change("дата и время", None, format_moment(event.moment))
    yield Change("сумма", None, format_rubles(event.sum))
    if event.till != Till():
        yield Change("сертификат" if event.till.certificate_id else "касса", None, _till(event.till))
    else:
        yield Change("в счёт организации", None, "да")
    if event.payer_id is not None:
        yield Change("плательщик", None, Named("patient", event.payer_id))
    if event.counterparty_id is not None:
        yield Change("плательщик", None, Named("counterparty", event.counterparty_id))
    if event.handed is not None and event.handed != event.sum:
        yield Change("получено", None, format_rubles(event.handed))
        yield Change("сдача", None, format_rubles(event.handed - event.sum))
    if event.comment:
        yield Change("комментарий", None, event.comment)
    yield from _shares(event.allocations)


def _state(payment: Payment) -> Described:
    yield "Номер", str(payment.number)
    yield "Дата и время", format_moment(payment.moment)
    if payment.patient_id is not None:
        yield "Пациент", Named("patient", payment.patient_id)
    yield "Сумма", format_rubles(payment.sum)
    yield "Сертификат" if payment.till.certificate_id else "Касса", _till(payment.till)
    kinds = {one.charge_id: one.kind for one in payment.allocations}
    for charge_id, amount in payment.allocated.items():
        label, topic = _PAYS[kinds[charge_id]]
        yield "", Change(label, None, format_rubles(amount), of=Named(topic, charge_id))
    yield "Удалена", YES_NO[payment.deleted]


def _returned(event: Payment.Returned, paying: str, unallocated: str) -> str:
    return paying if event.allocations else unallocated


PAYMENT = Words(
    kind=Payment,
    label="Оплата",
    title="Оплата {0}",
    names="SELECT id, '№ ' || number FROM payments WHERE id = ANY(%s)",
    found_by=ByNumber("SELECT id FROM payments WHERE kind = 'payment' AND number = ANY(%(numbers)s)"),
    numbered="SELECT id FROM payments WHERE kind = 'payment' AND number::text = %s",
    patient_of=lambda payment: payment.patient_id,
    actions={
        "payment_taken": "Оплата",
        "payment_reallocated": "Распределение оплаты",
        "payment_deleted": "Удаление оплаты",
        "payment_returned": "Возвращение удалённой оплаты",
    },
    events={
        Payment.Taken: Text(
            "payment_taken",
            ": принята",
            _taken,
            lambda event: [
                event.patient_id, event.payer_id, event.counterparty_id, event.till.certificate_id,
                *(one.charge_id for one in event.allocations),
            ],
        ),
        Payment.Reallocated: Text(
            "payment_reallocated",
            ": распределена иначе",
            lambda event: _shares(event.allocations),
            lambda event: [one.charge_id for one in event.allocations],
        ),
        Payment.Deleted: Text(
            "payment_deleted",
            ": удалена",
            lambda event: _shares(event.allocations),
            lambda event: [one.charge_id for one in event.allocations],
        ),
        Payment.Returned: Text(
            "payment_returned",
            Sentence((": возвращена", ": возвращена авансом"), _returned),
            lambda event: _shares(event.allocations),
            lambda event: [one.charge_id for one in event.allocations],
        ),
    },
    state=_state,
)  # fmt: skip


def _made(event: Refund.Made) -> Iterable[Change]:
    if event.patient_id is not None:
        yield Change("пациент", None, Named("patient", event.patient_id))
    yield Change("оплата", None, Named(Payment.TOPIC, event.payment_id))
    yield Change("дата и время", None, format_moment(event.moment))
    yield Change("сумма", None, format_rubles(event.sum))
    if event.till != Till():
        yield Change("на сертификат" if event.till.certificate_id else "из кассы", None, _till(event.till))
    if event.reason:
        yield Change("причина", None, event.reason)


def _refund_state(refund: Refund) -> Described:
    yield "Номер", str(refund.number)
    yield "Дата и время", format_moment(refund.moment)
    if refund.patient_id is not None:
        yield "Пациент", Named("patient", refund.patient_id)
    yield "Оплата", Named(Payment.TOPIC, refund.payment_id)
    yield "Сумма", format_rubles(refund.sum)
    yield "На сертификат" if refund.till.certificate_id else "Из кассы", _till(refund.till)
    yield "Удалён", YES_NO[refund.deleted]


REFUND = Words(
    kind=Refund,
    label="Возврат денег",
    title="Возврат денег {0}",
    names="SELECT id, '№ ' || number FROM payments WHERE id = ANY(%s)",
    found_by=ByNumber("SELECT id FROM payments WHERE kind = 'refund' AND number = ANY(%(numbers)s)"),
    numbered="SELECT id FROM payments WHERE kind = 'refund' AND number::text = %s",
    patient_of=lambda refund: refund.patient_id,
    actions={
        "refund_made": "Возврат денег пациенту",
        "refund_deleted": "Удаление возврата денег",
        "refund_returned": "Возвращение удалённого возврата денег",
    },
    events={
        Refund.Made: Text(
            "refund_made",
            ": деньги возвращены",
            _made,
            lambda event: [event.patient_id, event.payment_id, event.till.certificate_id],
        ),
        Refund.Deleted: Text("refund_deleted", ": удалён"),
        Refund.Returned: Text("refund_returned", ": возвращён"),
    },
    state=_refund_state,
)

REGISTER_ACCESSED = AccessedList(
    type="organisation_register",
    label="Реестр услуг организации",
    path="/settlements/{counterparty_id}/register",
    rights=("settlements",),
    filters={**PERIOD, "counterparty_id": Filter("организация", refers="counterparty")},
)
"""It names patients for whom an organisation pays, and what was done."""
