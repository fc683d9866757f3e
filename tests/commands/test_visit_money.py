"""Visits that are paid for: what may still be done to them, with either adapter and over several nodes."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from aggregates.money.patient_account import VisitOverpaid, VisitPaid
from aggregates.money.payment import Payment
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_refusals import VisitDeleted
from commands.context import Receipt
from commands.money import payment as payments
from commands.people.patient import create_card
from commands.ports.clinic import Clinic
from commands.scheduling.visit import change_status, change_visit, delete_visit, return_visit
from commands.scheduling.visit_lines import RequestedLine
from gateways.event_store_memory import MemoryClinic
from services.bootstrap import Denta
from tests.commands.paying import Payments, cash, moment
from tests.commands.racing import parallel
from tests.commands.reception import context


@pytest.fixture(scope="module", params=["memory", "postgresql"])
def till(request: pytest.FixtureRequest, module_database_url: str) -> Iterator[Payments]:
    if request.param == "memory":
        yield Payments(MemoryClinic())
        return
    denta = Denta.open(module_database_url, connections=12)
    yield Payments(denta.clinic)
    denta.close()


def paid_visit(till: Payments, *, hour: int, paid: int = 1000, completed: bool = True) -> tuple[UUID, UUID]:
    """A visit for 1 000, and its payment."""
    visit_id = till.visit(1000, hour=hour, completed=completed)
    return visit_id, UUID(till.pay(cash(paid), visits={visit_id: paid}).facts["payments"][0]["id"])


@pytest.mark.spec("FIN-7")
def test_a_paid_visit_is_deleted_or_cancelled_only_after_its_money_was_released_or_returned(till: Payments) -> None:
    deleted, _ = paid_visit(till, hour=9)
    cancelled, payment = paid_visit(till, hour=10, completed=False)
    with pytest.raises(VisitPaid) as refused:
        till.do(delete_visit, deleted)
    assert refused.value.facts["paid"] == Decimal(1000)
    for status in ("cancelled", "no_show"):
        with pytest.raises(VisitPaid):
            till.do(change_status, cancelled, status)
    till.do(payments.release_visit, deleted, moment(11))
    till.do(delete_visit, deleted)
    till.refund(payment, 1000)
    till.do(change_status, cancelled, "cancelled")
    till.do(return_visit, deleted)
    assert till.paid_for(deleted) == 0, "a returned visit takes no money again"


@pytest.mark.spec("FIN-7")
def test_a_visit_that_comes_to_less_leaves_the_rest_as_prepayment(till: Payments) -> None:
    visit_id, first = paid_visit(till, hour=11, paid=700, completed=False)
    later = UUID(till.pay(cash(300), visits={visit_id: 300}, day=12).facts["payments"][0]["id"])
    line = till.clinic.load(Visit, visit_id).lines[0]
    cheaper = RequestedLine(service_id=line.service_id, price=Decimal(600))
    till.do(change_visit, visit_id, lines=[cheaper])
    total = till.clinic.load(Visit, visit_id).total
    assert till.paid_for(visit_id) == total
    assert total == Decimal(600)
    assert till.payment(later).allocated == {}, "the latest payment gives back first"
    assert till.payment(first).allocated == {visit_id: Decimal(600)}
    till.do(change_visit, visit_id, comment="без изменений в деньгах")
    assert till.payment(first).allocated == {visit_id: Decimal(600)}


def test_a_paid_visit_stays_its_patients(till: Payments) -> None:
    visit_id, _ = paid_visit(till, hour=12, completed=False)
    stranger = till.do(create_card, {"family_name": "Другой"}).id
    with pytest.raises(VisitPaid):
        till.do(change_visit, visit_id, patient_id=stranger)
    till.do(payments.release_visit, visit_id, moment(11))
    till.do(change_visit, visit_id, patient_id=stranger)


@pytest.mark.spec("FIN-7")
def test_no_interleaving_pays_for_a_deleted_visit(nodes: list[Clinic]) -> None:
    """Paying and deleting the same visit at once: one of both."""
    till = Payments(nodes[0])
    for hour in range(9, 14):
        visit_id = till.visit(100, hour=hour, completed=False)

        def deed(number: int, visit_id: UUID = visit_id) -> Any:
            clinic = nodes[number % 3]
            if number % 2:
                return delete_visit(clinic, context("delete_visit"), visit_id)
            part = cash(100)
            return payments.pay(clinic, context("pay"), till.patient, moment(10), [part], visits={visit_id: Decimal(100)})

        found = parallel(6, deed)
        done = [outcome for outcome in found if isinstance(outcome, Receipt)]
        assert len(done) == 1, found
        visit = till.clinic.load(Visit, visit_id)
        assert till.paid_for(visit_id) == (0 if visit.deleted else Decimal(100))
        refused = [type(outcome) for outcome in found if not isinstance(outcome, Receipt)]
        assert set(refused) <= {VisitPaid, VisitDeleted, VisitOverpaid} or visit.deleted


def test_payments_of_a_visit_are_found_by_either_adapter(till: Payments) -> None:
    visit_id, payment = paid_visit(till, hour=13, paid=250)
    with till.clinic.write_lock():
        assert dict(till.clinic.payments.of_visit(visit_id)) == {payment: Decimal(250)}
        assert till.clinic.payments.rest(payment) == 0
        assert till.clinic.payments.refunded(payment) == 0
    assert isinstance(till.payment(payment), Payment)
