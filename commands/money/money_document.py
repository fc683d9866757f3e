"""Commands of money documents, the same for every kind.

Days before the settings' bound are closed to all of them, and so are the closed days of each desk that a document is of, before
and after a change. What the head refers to, articles of lines and receipts have to be active when they are chosen. Every command
may be refused by CashMissing, and by ReceiptOverpaid where receipts are paid. Who pays an employee above what is owed is asked
first: NeedsConfirmation.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from aggregates.catalogues import CashDesk
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.kernel import Aggregate
from aggregates.money.article import Article
from aggregates.money.desk_days import DeskDays, desk_days_id
from aggregates.money.invoice import Invoice
from aggregates.money.money_document import MoneyDocument
from aggregates.money.money_documents import MONEY_KINDS
from aggregates.money.money_lines import MoneyLine, ReceiptPayment
from aggregates.money.money_places import MONEY_NUMBERS, MONEY_PLACES
from aggregates.money.pay_warnings import PayDespite
from aggregates.payroll.pay_accrual import PayAccrual
from aggregates.people.employee import Employee
from aggregates.people.patient import PatientCard
from aggregates.stock.stock_documents import StockReceipt
from aggregates.values import WrongValue
from commands.catalogue import REFERRED
from commands.context import Context, Receipt
from commands.payroll.excess import accepted_excess
from commands.ports.clinic import AggregateNotFound, Clinic
from commands.references import Reference, newly_chosen
from commands.retry import retried

_REFERRED: Mapping[str, type[Aggregate]] = {
    **REFERRED, PatientCard.TOPIC: PatientCard, Employee.TOPIC: Employee, PayAccrual.TOPIC: PayAccrual, **MONEY_KINDS,
}  # fmt: skip
_NUMBERS = {numbered.name: numbered for numbered in MONEY_NUMBERS}


@retried
def create_money_document(
    clinic: Clinic,
    ctx: Context,
    kind: type[MoneyDocument],
    card: Mapping[str, Any],
    lines: Sequence[MoneyLine] = (),
    pays: Sequence[ReceiptPayment] = (),
    *,
    document_id: UUID | None = None,
) -> Receipt:
    """A document with a number of its kind, in effect at once. Facts: `number`.

    PeriodClosed, DayIsClosed, EntryDeleted, ArticleDeleted and the like (of what it refers to), AggregateNotFound, SameDesk,
    WrongValue, WrongValues; CashMissing, ReceiptOverpaid.
    """
    with _asking(clinic, card.get("accrual_id")):
        document, relied = new_document(
            clinic, ctx, kind, card, lines, pays, document_id=document_id, ask=lambda draft: _accepted(clinic, ctx, draft)
        )
        return clinic.save(document, ctx=ctx, if_unchanged=relied, facts={"number": document.number})


def new_document(
    clinic: Clinic,
    ctx: Context,
    kind: type[MoneyDocument],
    card: Mapping[str, Any],
    lines: Sequence[MoneyLine] = (),
    pays: Sequence[ReceiptPayment] = (),
    *,
    document_id: UUID | None = None,
    ask: Callable[[MoneyDocument], tuple[PayDespite, ...]] = lambda _: (),
) -> tuple[MoneyDocument, list[Aggregate]]:
    """A document to be saved, with what it relies on: for commands that save it together with something else. Refusals as of
    `create_money_document`, except those of guards. `ask`: what of it a person has to accept, before it takes a number.
    """
    id_ = document_id or uuid4()
    articles = _articles(clinic, lines)
    draft = kind(id_)
    draft.create(0, 0, card, lines, pays, articles=articles, at=ctx.now)  # what is refused takes no number
    relied = [*_open(clinic, draft), *articles.values(), *newly_chosen(clinic, _referred(draft)), *_receipts(clinic, draft)]
    relied += _accrual(clinic, draft)
    despite = ask(draft)
    number, place = clinic.numbers.next(_NUMBERS[kind.TOPIC]), clinic.numbers.next(MONEY_PLACES)
    document = kind(id_)
    document.create(number, place, card, lines, pays, articles=articles, despite=despite, at=ctx.now)
    return document, relied


@retried
def change_money_document(
    clinic: Clinic,
    ctx: Context,
    kind: type[MoneyDocument],
    document_id: UUID,
    fields: Mapping[str, Any],
    lines: Sequence[MoneyLine] | None = None,
    pays: Sequence[ReceiptPayment] | None = None,
    *,
    expected: int | None = None,
) -> Receipt:
    """Change the given fields of the head, all lines and all payments if given. Refusals as of `create_money_document`, and
    MoneyDocumentDeleted; PeriodClosed and DayIsClosed for the day and desk before, and for those after.
    """
    document = clinic.load(kind, document_id, expected=expected)
    relied, before, paid = _open(clinic, document), _referred(document), document.pays
    articles = _articles(clinic, lines or (), document.lines)
    after = document.copy()
    after.change(fields, lines, pays, articles=articles, at=ctx.now)
    relied += [*_open(clinic, after), *articles.values(), *newly_chosen(clinic, _referred(after), before)]
    relied += [*_receipts(clinic, after, paid), *_accrual(clinic, after, before)]
    with _asking(clinic, document.accrual_id or after.accrual_id):
        document.change(fields, lines, pays, articles=articles, despite=_accepted(clinic, ctx, after), at=ctx.now)
        return clinic.save(document, ctx=ctx, if_unchanged={one.id: one for one in relied}.values())


@retried
def delete_money_document(
    clinic: Clinic, ctx: Context, kind: type[MoneyDocument], document_id: UUID, *, expected: int | None = None
) -> Receipt:
    """PeriodClosed, DayIsClosed, AlreadyDeleted, CashMissing."""
    document = clinic.load(kind, document_id, expected=expected)
    relied = _open(clinic, document)
    document.delete(at=ctx.now)
    return clinic.save(document, ctx=ctx, if_unchanged=relied)


@retried
def return_money_document(
    clinic: Clinic, ctx: Context, kind: type[MoneyDocument], document_id: UUID, *, expected: int | None = None
) -> Receipt:
    """In effect again (DEL-2). PeriodClosed, DayIsClosed, NotDeleted, CashMissing, ReceiptOverpaid; NeedsConfirmation."""
    document = clinic.load(kind, document_id, expected=expected)
    relied = _open(clinic, document)
    with _asking(clinic, document.accrual_id):
        after = document.copy()
        after.return_(at=ctx.now)
        document.return_(despite=_accepted(clinic, ctx, after), at=ctx.now)
        return clinic.save(document, ctx=ctx, if_unchanged=relied)


def require_desk_days_open(clinic: Clinic, desk_ids: Iterable[UUID], day: date) -> list[Aggregate]:
    """The closed days of desks, for `save(if_unchanged=…)`. DayIsClosed if one of them has closed this day."""
    found: list[Aggregate] = []
    for desk_id in desk_ids:
        days = cached_desk_days(clinic, desk_id)
        days.require_open(day, clinic.cached(CashDesk, desk_id).name)
        found.append(days)
    return found


def cached_desk_days(clinic: Clinic, desk_id: UUID) -> DeskDays:
    """The closed days of a desk, none of one that never closed any."""
    try:
        return clinic.cached(DeskDays, desk_days_id(desk_id))
    except AggregateNotFound:
        return DeskDays(desk_days_id(desk_id))


def _open(clinic: Clinic, document: MoneyDocument) -> list[Aggregate]:
    """What says that the document's day is open. PeriodClosed, DayIsClosed."""
    settings = clinic.cached(ClinicSettings, SETTINGS_ID)
    settings.require_open(document.day)
    return [settings, *require_desk_days_open(clinic, document.desk_ids, document.day)]


def _asking(clinic: Clinic, accrual_id: object) -> AbstractContextManager[None]:
    """Where pay is paid, what is owed has to stay as it is until the save."""
    return clinic.write_lock() if accrual_id else nullcontext()


def _accepted(clinic: Clinic, ctx: Context, document: MoneyDocument) -> tuple[PayDespite, ...]:
    return accepted_excess(clinic, ctx, document) if document.accrual_id else ()


def _referred(document: MoneyDocument) -> list[Reference]:
    """An accrual is paid to who has left too: `_accrual` knows its receiver."""
    fields, references = document.FIELDS, document.references(document.card)
    if "accrual_id" in references:
        references.pop("employee_id", None)
    return [(_REFERRED[fields[name].refers], id_) for name, id_ in references.items()]


def _articles(clinic: Clinic, lines: Iterable[MoneyLine], before: Iterable[MoneyLine] = ()) -> dict[UUID, Article]:
    """The newly chosen articles. ArticleDeleted, AggregateNotFound."""
    known = [(Article, line.article_id) for line in before]
    chosen = newly_chosen(clinic, dict.fromkeys((Article, line.article_id) for line in lines), known)
    return {article.id: article for article in chosen if isinstance(article, Article)}


def _receipts(clinic: Clinic, document: MoneyDocument, before: Sequence[ReceiptPayment] = ()) -> list[Aggregate]:
    """The newly chosen receipts, which have to be of the receiver, or invoices, of the payer. StockDocumentDeleted,
    InvoiceDeleted, AggregateNotFound, WrongValue.
    """
    known = {payment.receipt_id for payment in before}
    found: list[Aggregate] = []
    for number, payment in enumerate(document.pays):
        if payment.receipt_id not in known:
            of_invoices = document.SHAPE.pays == "invoice"
            (paid,) = newly_chosen(clinic, [(Invoice if of_invoices else StockReceipt, payment.receipt_id)])
            party = paid.counterparty_id if isinstance(paid, Invoice) else paid.card["counterparty_id"]  # type: ignore[attr-defined]
            if str(party) != document.card["counterparty_id"]:
                fault = "Это счёт другой организации." if of_invoices else "Это поступление от другого поставщика."
                raise WrongValue(f"pays.{number}.receipt_id", fault)
            found.append(paid)
    return found


def _accrual(clinic: Clinic, document: MoneyDocument, before: Sequence[Reference] = ()) -> list[Aggregate]:
    """The accrual that an outgo pays: a posted one of its receiver. WrongValue, AggregateNotFound."""
    if document.accrual_id is None:
        return []
    accrual = clinic.cached(PayAccrual, document.accrual_id)
    if str(accrual.employee_id) != document.card["employee_id"]:
        raise WrongValue("accrual_id", "Это начисление другого сотрудника.")
    if (PayAccrual, accrual.id) not in before and not accrual.effective:
        raise WrongValue("accrual_id", "Это начисление не проведено.")
    return [accrual]
