"""What payments pay for, as commands load it: visits and sales alike (`aggregates/money/charge.py`). Under the write lock."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from aggregates.money.allocation import NOTHING
from aggregates.money.charge import Charge, NobodysMoney, charge_of_sale
from aggregates.money.patient_account import VisitOfAnotherPatient, VisitOverpaid
from aggregates.money.payment import Payment
from aggregates.people.patient import PatientCard
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_charge import charge_of_visit
from aggregates.stock.stock_document import Places, StockDocument
from aggregates.stock.stock_documents import CustomerReturn, GoodsIssue
from aggregates.values import WrongValue, money
from commands.ports.clinic import AggregateNotFound, Clinic


def load_charge(clinic: Clinic, charge_id: UUID) -> Charge:
    """A visit, or a sale with what came back of it. AggregateNotFound."""
    try:
        return charge_of_visit(clinic.load(Visit, charge_id))
    except AggregateNotFound:
        return sale(clinic, clinic.load(GoodsIssue, charge_id))


def sale(clinic: Clinic, issue: StockDocument, *changed: StockDocument) -> Charge:
    """`changed`: returns that are saved together with the decision, as they will be."""
    stored = clinic.load_each(CustomerReturn, clinic.returned_goods.returns_of(issue.id)) if issue.version else {}
    others = [one for id_, one in stored.items() if id_ not in {each.id for each in changed}]
    return charge_of_sale(issue, [*others, *(one for one in changed if Places.of(one.card).origin == issue.id)])


def sales_of(clinic: Clinic, issue_ids: Iterable[UUID]) -> list[Charge]:
    return [sale(clinic, issue) for issue in clinic.load_each(GoodsIssue, issue_ids).values()]


def payable(clinic: Clinic, card: PatientCard | None, charge: Charge, amount: Decimal) -> tuple[Mapping[UUID, Decimal], Decimal]:
    """What of which payment paid for it before, and what is to be paid, no more than is due. `card`: whose account it is; None:
    nobody's. VisitDeleted, VisitOver, SaleNotInEffect, VisitOfAnotherPatient, VisitOverpaid, WrongValue.
    """
    if charge.refusal is not None:
        raise charge.refusal
    if not is_of(card, charge.patient_id):
        raise VisitOfAnotherPatient(visit_id=charge.id, number=charge.number, kind=charge.kind)
    before, share = clinic.payments.of_visit(charge.id), money("sum", amount)
    due = charge.total - sum(before.values(), NOTHING)
    if not share:
        raise WrongValue("sum", "Сумма оплаты должна быть больше нуля.")
    if share > due:
        raise VisitOverpaid(visit_id=charge.id, number=charge.number, due=max(due, NOTHING), kind=charge.kind)
    return before, share


def account_of(clinic: Clinic, patient_id: UUID) -> PatientCard:
    """The card whose account it is: of a merged one its survivor. PatientDeleted, AggregateNotFound."""
    card = clinic.cached(PatientCard, patient_id)
    if card.merged_into is not None:
        card = clinic.cached(PatientCard, card.merged_into)
    card.require_active()
    return card


def is_of(card: PatientCard | None, patient_id: UUID | None) -> bool:
    return patient_id is None if card is None else patient_id == card.id or patient_id in card.absorbed


def require_named(patient_id: UUID | None) -> None:
    """NobodysMoney where there is no account that money could go to."""
    if patient_id is None:
        raise NobodysMoney


def shares_of(charge_id: UUID, payments: Iterable[Payment]) -> dict[UUID, Decimal]:
    """What of these payments pays for it."""
    shares = {payment.id: payment.allocated.get(charge_id, NOTHING) for payment in payments}
    return {id_: amount for id_, amount in shares.items() if amount}


def latest_first(clinic: Clinic, shares: Mapping[UUID, Decimal]) -> Sequence[Payment]:
    """The payments that pay for something, in the order in which money is taken back."""
    payments = (clinic.load(Payment, payment_id) for payment_id in shares)
    return sorted(payments, key=lambda one: (one.moment, one.number), reverse=True)
