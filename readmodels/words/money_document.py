"""Words of money documents, derived from their declarations."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from aggregates.money.article import Article
from aggregates.money.money_document import MoneyDocument, MoneyDocumentChanged, MoneyDocumentCreated, Paid
from aggregates.money.money_documents import MONEY_DOCUMENTS, MoneyIncome, MoneyOutgo
from aggregates.money.money_lines import MoneyLine, ReceiptPayment
from readmodels.words.accessed import DELETED, PERIOD, QUERY, AccessedList, Filter
from readmodels.words.declaration import ByNumber, Text, Words
from readmodels.words.pay_excess import accepted_excesses
from readmodels.words.stock_document import NAME
from readmodels.words.values import (
    YES_NO,
    Change,
    Described,
    Named,
    changed_fields,
    described_fields,
    filled_fields,
    format_rubles,
)

_ACTIONS = {
    "money_document_created": "Новый денежный документ",
    "money_document_changed": "Изменение денежного документа",
    "money_document_deleted": "Удаление денежного документа",
    "money_document_returned": "Возврат денежного документа",
}
_LINE = "статья"
_PAID = {"": "", "stock_receipt": "оплата поступления", "invoice": "оплата счёта"}


def _by_article(lines: Iterable[MoneyLine]) -> dict[UUID, str]:
    """Article → all its lines: «1 500,00 ₽ (за август)»."""
    found: dict[UUID, list[str]] = {}
    for line in lines:
        found.setdefault(line.article_id, []).append(format_rubles(line.sum) + (f" ({line.note})" if line.note else ""))
    return {article_id: "; ".join(texts) for article_id, texts in found.items()}


def _changed_lines(old: Sequence[MoneyLine], new: Sequence[MoneyLine]) -> list[Change]:
    before, after = _by_article(old), _by_article(new)
    changes = [
        Change(_LINE, before.get(id_), after.get(id_), of=Named(Article.TOPIC, id_))
        for id_ in before | after
        if before.get(id_) != after.get(id_)
    ]
    return changes or [Change("порядок строк", None, "изменён")]


def _changed_payments(paid: Paid, old: Sequence[ReceiptPayment], new: Sequence[ReceiptPayment]) -> list[Change]:
    before, after = ({one.receipt_id: format_rubles(one.sum) for one in payments} for payments in (old, new))
    changes = [
        Change(_PAID[paid], before.get(id_), after.get(id_), of=Named(paid, id_))
        for id_ in before | after
        if before.get(id_) != after.get(id_)
    ]
    return changes or [Change("порядок оплат", None, "изменён")]


def _patient_of(document: MoneyDocument) -> UUID | None:
    patient_id = document.card.get("patient_id")
    return UUID(str(patient_id)) if patient_id else None


def words_of(kind: type[MoneyDocument]) -> Words:
    """The words of one kind."""
    fields, pays = kind.FIELDS, kind.SHAPE.pays

    def created(event: MoneyDocumentCreated) -> Iterable[Change]:
        yield from filled_fields(fields, ((name, value) for name, value in event.card.items() if name in fields))
        if event.lines:
            yield from _changed_lines((), event.lines)
        if event.pays:
            yield from _changed_payments(pays, (), event.pays)
        yield from accepted_excesses(event.despite)

    def changed(event: MoneyDocumentChanged) -> Iterable[Change]:
        yield from changed_fields(fields, event.changes)
        if event.lines:
            yield from _changed_lines(event.lines.old, event.lines.new)
        if event.pays:
            yield from _changed_payments(pays, event.pays.old, event.pays.new)
        yield from accepted_excesses(event.despite)

    def refs(event: MoneyDocumentCreated) -> Iterable[UUID]:
        yield from kind.references({name: value for name, value in event.card.items() if name in fields}).values()
        yield from (one.receipt_id for one in event.pays)

    def changed_refs(event: MoneyDocumentChanged) -> Iterable[UUID]:
        changes = [change for change in event.changes if change.field in fields]
        for values in ({change.field: change.old for change in changes}, {change.field: change.new for change in changes}):
            yield from kind.references(values).values()
        if event.pays:
            yield from {one.receipt_id for one in (*event.pays.old, *event.pays.new)}

    def state(document: MoneyDocument) -> Described:
        yield "Номер", str(document.number)
        yield from described_fields(fields, document.card)
        for article_id, text in _by_article(document.lines).items():
            yield "", Change(_LINE, None, text, of=Named(Article.TOPIC, article_id))
        for payment in document.pays:
            yield "", Change(_PAID[pays], None, format_rubles(payment.sum), of=Named(pays, payment.receipt_id))
        if document.lines:
            yield "Сумма", format_rubles(document.total)
        yield "Удалён", YES_NO[document.deleted]

    of_kind = f"SELECT id FROM money_documents WHERE kind = '{kind.TOPIC}'"
    return Words(
        kind=kind,
        label=kind.ONE,
        title=kind.ONE + " {0}",
        names=f"SELECT id, {NAME} FROM money_documents WHERE id = ANY(%s)",
        found_by=ByNumber(f"{of_kind} AND number = ANY(%(numbers)s)"),
        numbered=f"{of_kind} AND number::text = %s",
        patient_of=_patient_of if "patient_id" in fields else None,
        actions=_ACTIONS,
        events={
            kind.Created: Text("money_document_created", ": создан документ", created, refs),
            kind.Changed: Text("money_document_changed", ": изменён документ", changed, changed_refs),
            kind.Deleted: Text("money_document_deleted", ": документ удалён"),
            kind.Returned: Text("money_document_returned", ": документ возвращён", lambda e: accepted_excesses(e.despite)),
        },
        state=state,
    )


MONEY_DOCUMENT_WORDS = tuple(map(words_of, MONEY_DOCUMENTS))

_FILTERS = {
    **QUERY,
    **PERIOD,
    "desk_id": Filter("касса", refers="cash_desk"),
    "counterparty_id": Filter("контрагент", refers="counterparty"),
    "author_id": Filter("автор", refers="employee"),
}
INCOMES_ACCESSED = AccessedList(
    type=MoneyIncome.TOPIC,
    label=MoneyIncome.TITLE,
    path=f"/{MoneyIncome.PATH}",
    rights=(MoneyIncome.RIGHT,),
    filters={
        **_FILTERS,
        "patient_id": Filter("пациент", refers="patient"),
        "article_id": Filter("статья", refers="article"),
        **DELETED,
    },
)
"""Incomes name patients who paid."""
OUTGOES_ACCESSED = AccessedList(
    type=MoneyOutgo.TOPIC,
    label=MoneyOutgo.TITLE,
    path=f"/{MoneyOutgo.PATH}",
    rights=(MoneyOutgo.RIGHT,),
    filters={
        **_FILTERS,
        "patient_id": Filter("пациент", refers="patient"),
        "employee_id": Filter("сотрудник", refers="employee"),
        "article_id": Filter("статья", refers="article"),
        **DELETED,
    },
)
"""Outgoes name patients who got money back."""
