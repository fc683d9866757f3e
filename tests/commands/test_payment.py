"""Payments by their commands, with either adapter: what is due and left, mixtures, refunds, certificates, closed days."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from aggregates.catalogues import CashDesk, Counterparty
from aggregates.clinic.clinic_settings import PeriodClosed
from aggregates.deletion import AlreadyDeleted
from aggregates.kernel import DomainError
from aggregates.money.cash_shortage import CashMissing
from aggregates.money.certificate import (
    Certificate,
    CertificateCodeTaken,
    CertificateDeleted,
    CertificateOver,
    CertificatesNotUsed,
    CertificateSpent,
)
from aggregates.money.desk_days import DayIsClosed
from aggregates.money.patient_account import PaidTooLittle, PaidTooMuch, VisitOfAnotherPatient, VisitOverpaid
from aggregates.money.payment import PaymentDeleted, PaymentRefunded, PaymentSpent
from aggregates.money.refund import AnotherWay, RefundBeforePayment
from aggregates.people.patient import PatientHasMoney
from aggregates.scheduling.visit_refusals import VisitDeleted, VisitOver
from aggregates.values import WrongValue
from commands.catalogue import create_entry, delete_entry
from commands.clinic.clinic_settings import change_settings
from commands.money import certificate as certificates
from commands.money import payment as commands
from commands.money.desk_days import close_day, reopen_day
from commands.money.paying import Part, Payer
from commands.people.patient import create_card, delete_card, merge_cards
from commands.scheduling.visit import change_status, delete_visit
from gateways.event_store_memory import MemoryClinic
from services.bootstrap import Denta
from tests.commands.paying import CASH, Payments, cash, moment


@pytest.fixture(scope="module", params=["memory", "postgresql"])
def till(request: pytest.FixtureRequest, module_database_url: str) -> Iterator[Payments]:
    if request.param == "memory":
        yield Payments(MemoryClinic())
        return
    denta = Denta.open(module_database_url, connections=12)
    yield Payments(denta.clinic)
    denta.close()


@pytest.fixture(autouse=True)
def stays_open(till: Payments) -> Iterator[None]:
    yield
    till.do(change_settings, {"past_documents": True})


@pytest.mark.spec("VIS-4")
@pytest.mark.spec("FIN-7")
def test_one_visit_is_paid_by_a_mixture_and_the_change_stays_out_of_the_desk(till: Payments) -> None:
    visit_id, certificate, before = till.visit(5000, hour=9), till.certificate(1500, code="смесь"), till.in_desk()
    by_card = Part(desk_id=till.terminal, sum=Decimal(2000))
    parts = (Part(certificate_id=certificate, sum=Decimal(1500)), by_card, cash(1500, 2000))
    answer = till.pay(*parts, visits={visit_id: 5000})
    assert till.paid_for(visit_id) == Decimal(5000)
    assert till.in_desk() - before == Decimal(1500)
    paid = [till.payment(UUID(one["id"])) for one in answer.facts["payments"]]
    assert [(one.till.desk_kind, one.sum, one.unallocated) for one in paid] == [
        ("", Decimal(1500), 0),
        ("terminal", Decimal(2000), 0),
        ("cash", Decimal(1500), 0),
    ]
    with pytest.raises(CertificateSpent):
        till.pay(Part(certificate_id=certificate, sum=Decimal("0.01")), keeps_rest=True)


@pytest.mark.spec("FIN-7")
def test_a_visit_gets_no_more_than_it_costs(till: Payments) -> None:
    visit_id = till.visit(1000, hour=10)
    till.pay(cash(600), visits={visit_id: 600})
    with pytest.raises(VisitOverpaid) as refused:
        till.pay(cash(500), visits={visit_id: 500})
    assert refused.value.facts["due"] == Decimal(400)
    with pytest.raises(PaidTooMuch) as more:
        till.pay(cash(500), visits={visit_id: 400})
    assert more.value.facts["rest"] == Decimal(100)
    with pytest.raises(PaidTooLittle):
        till.pay(cash(300), visits={visit_id: 400})
    till.pay(cash(500), visits={visit_id: 400}, keeps_rest=True)
    assert till.paid_for(visit_id) == Decimal(1000)


@pytest.mark.spec("FIN-7")
def test_a_prepayment_pays_for_visits_and_only_what_is_left_of_it(till: Payments) -> None:
    payment, first, second = till.prepay(700), till.visit(500, hour=11), till.visit(500, hour=12)
    till.pay(prepayments={payment: 500}, visits={first: 500})
    with pytest.raises(PaymentSpent) as refused:
        till.pay(cash(200), prepayments={payment: 300}, visits={second: 500})
    assert refused.value.facts["missing"] == Decimal(100)
    assert till.paid_for(second) == 0
    till.pay(cash(300), prepayments={payment: 200}, visits={second: 500})
    assert till.payment(payment).allocated == {first: Decimal(500), second: Decimal(200)}


@pytest.mark.spec("FIN-7")
def test_a_refund_names_its_payment_and_is_capped_by_what_is_left_of_it(till: Payments) -> None:
    first, second = till.visit(10000, hour=13), till.visit(6000, hour=14)
    payment = UUID(till.pay(cash(12000), visits={first: 10000, second: 2000}).facts["payments"][0]["id"])
    before = till.in_desk()
    made = till.refunded(till.refund(payment, 3000))
    assert (made.payment_id, made.sum) == (payment, Decimal(3000))
    assert till.payment(payment).allocated == {first: Decimal(9000)}
    assert before - till.in_desk() == Decimal(3000)
    with pytest.raises(PaymentSpent) as refused:
        till.refund(payment, "9000.01")
    assert refused.value.facts["missing"] == Decimal("0.01")
    with pytest.raises(PaymentRefunded):
        till.do(commands.delete_payment, payment)
    till.refund(payment, 9000)
    assert till.paid_for(first) == 0
    till.do(commands.delete_refund, made.id)
    till.pay(prepayments={payment: 3000}, visits={first: 3000})
    with pytest.raises(PaymentSpent):
        till.do(commands.return_refund, made.id)


def test_refunds_before_the_payment_another_way_or_without_money_are_refused(till: Payments) -> None:
    payment = till.prepay(100, day=20)
    with pytest.raises(RefundBeforePayment):
        till.refund(payment, 50, day=19)
    other = till.do(create_entry, CashDesk, {"name": f"Вторая касса {uuid4()}"}).id
    with pytest.raises(CashMissing):
        till.refund(payment, 100, day=20, desk_id=other)
    for wrong in ("0", "-1", "0.001"):
        with pytest.raises(WrongValue):
            till.refund(payment, wrong, day=20)


@pytest.mark.spec("FIN-7")
def test_money_goes_back_from_a_desk_of_the_kind_it_came_into(till: Payments) -> None:
    def desk(kind: str) -> UUID:
        return till.do(create_entry, CashDesk, {"name": f"Касса {uuid4()}", "kind": kind}).id

    desks = {kind: (desk(kind), desk(kind)) for kind in ("cash", "terminal", "bank")}
    for kind, (first, second) in desks.items():
        payment = UUID(till.pay(Part(desk_id=first, sum=Decimal(100)), keeps_rest=True).facts["payments"][0]["id"])
        for other in desks.keys() - {kind}:
            with pytest.raises(AnotherWay) as refused:
                till.refund(payment, 10, desk_id=desks[other][0])
            assert refused.value.facts["kind"] == kind
        till.pay(Part(desk_id=second, sum=Decimal(10)), keeps_rest=True)
        till.refund(payment, 10, desk_id=second)
        assert (till.in_desk(first), till.in_desk(second)) == (100, 0)


@pytest.mark.spec("FIN-7", "DEL-2")
def test_a_card_with_money_is_not_deleted_but_merged(till: Payments) -> None:
    def card() -> UUID:
        return till.do(create_card, {"family_name": f"С деньгами {uuid4()}"}).id

    patient, owner = till.patient, card()
    till.patient = owner
    try:
        visit_id, payment = till.visit(100, hour=18, minute=20), till.prepay(70)
    finally:
        till.patient = patient
    with pytest.raises(PatientHasMoney) as refused:
        till.do(delete_card, owner)
    assert refused.value.facts == {"debt": True, "prepayment": True}
    till.pay(cash(30), prepayments={payment: 70}, visits={visit_id: 100}, patient_id=owner)
    ahead = UUID(till.pay(cash(5), keeps_rest=True, patient_id=owner).facts["payments"][0]["id"])
    with pytest.raises(PatientHasMoney) as refused:
        till.do(delete_card, owner)
    assert refused.value.facts == {"debt": False, "prepayment": True}
    survivor = card()
    till.do(merge_cards, survivor, owner)
    with pytest.raises(PatientHasMoney):
        till.do(delete_card, survivor)
    till.refund(ahead, 5)
    till.do(delete_card, survivor)


@pytest.mark.spec("FIN-7")
def test_an_organisation_owes_what_it_pays_for_a_visit(till: Payments) -> None:
    insurer = Payer(counterparty_id=till.do(create_entry, Counterparty, {"name": f"Страховая {uuid4()}"}).id)
    visit_id, before = till.visit(1000, hour=19), till.in_desk()
    owed = Part(owed=True, sum=Decimal(700))

    def insured(part: Part, payer: Payer, total: int = 700, *, keeps_rest: bool = False) -> UUID:
        given = {"visits": {visit_id: Decimal(total)}, "payer": payer, "keeps_rest": keeps_rest}
        return UUID(till.do(commands.pay, till.patient, moment(10), [part], **given).facts["payments"][0]["id"])

    with pytest.raises(WrongValue):
        insured(owed, Payer())
    with pytest.raises(WrongValue):
        insured(Part(owed=True, desk_id=CASH, sum=Decimal(700)), insurer)
    with pytest.raises(PaidTooMuch):
        insured(owed, insurer, 600, keeps_rest=True)
    payment = insured(owed, insurer)
    assert (till.paid_for(visit_id), till.in_desk()) == (700, before)
    till.refund(payment, 200, desk_id=None)
    assert (till.paid_for(visit_id), till.in_desk()) == (500, before)
    till.pay(cash(500), visits={visit_id: 500})


@pytest.mark.spec("FIN-3")
def test_money_of_a_certificate_goes_back_to_it(till: Payments) -> None:
    certificate = till.certificate(500, code="назад")
    payment = UUID(till.pay(Part(certificate_id=certificate, sum=Decimal(500)), keeps_rest=True).facts["payments"][0]["id"])
    assert till.refunded(till.refund(payment, 200, desk_id=None)).till.certificate_id == certificate
    till.pay(Part(certificate_id=certificate, sum=Decimal(200)), keeps_rest=True)
    with pytest.raises(CertificateSpent):
        till.do(certificates.delete_certificate, certificate)


@pytest.mark.spec("FIN-3")
def test_certificates_are_used_only_where_the_clinic_has_them_and_within_their_days(till: Payments) -> None:
    certificate = till.certificate(500, day=5, code="дни", valid_until="2026-11-20")
    for day in (4, 21):
        with pytest.raises(CertificateOver):
            till.pay(Part(certificate_id=certificate, sum=Decimal(1)), day=day, keeps_rest=True)
    with pytest.raises(CertificateCodeTaken):
        till.certificate(500, code="ДНИ")
    till.do(change_settings, {"certificates": False})
    with pytest.raises(CertificatesNotUsed):
        till.pay(Part(certificate_id=certificate, sum=Decimal(1)), day=6, keeps_rest=True)
    card = {"code": "без", "moment": moment(5), "nominal": "1", "price": "1", "desk_id": str(CASH)}
    with pytest.raises(CertificatesNotUsed):
        till.do(certificates.sell_certificate, card)
    till.do(change_settings, {"certificates": True})
    before = till.in_desk()
    till.do(certificates.delete_certificate, certificate)
    assert before - till.in_desk() == Decimal(500)
    with pytest.raises(CertificateDeleted):
        till.pay(Part(certificate_id=certificate, sum=Decimal(1)), day=6, keeps_rest=True)
    again = till.certificate(300, code="дни")
    with pytest.raises(CertificateCodeTaken):
        till.do(certificates.return_certificate, certificate)
    till.do(certificates.change_certificate, again, {"code": "другой", "comment": "Подарок"})
    till.do(certificates.return_certificate, certificate)
    assert till.clinic.load(Certificate, certificate).card["valid_until"] == "2026-11-20"


@pytest.mark.spec("VIS-5")
def test_closed_days_refuse_payments_refunds_and_allocations(till: Payments) -> None:
    payment, visit_id = till.prepay(100, day=3), till.visit(100, day=3, hour=9)
    made = UUID(till.refund(till.prepay(50, day=3), 10, day=4).facts["refund_id"])
    sold = till.certificate(1, day=4, code="продан")
    till.do(change_settings, {"past_documents": False, "closed_before": "2026-11-05"})
    tries = (
        lambda: till.pay(cash(1), day=4, keeps_rest=True),
        lambda: till.pay(prepayments={payment: 100}, visits={visit_id: 100}, day=4),
        lambda: till.refund(payment, 1, day=4),
        lambda: till.do(commands.delete_payment, payment),
        lambda: till.do(commands.delete_refund, made),
        lambda: till.certificate(1, day=4, code="закрыто"),
        lambda: till.do(certificates.change_certificate, sold, {"comment": "Подарок"}),
    )
    for attempt in tries:
        with pytest.raises(PeriodClosed):
            attempt()
    till.pay(prepayments={payment: 100}, visits={visit_id: 100}, day=6)
    till.do(commands.release_visit, visit_id, moment(4))  # dated the 6th, like what it takes back
    assert till.payment(payment).allocated == {}
    till.pay(prepayments={payment: 100}, visits={visit_id: 100}, day=6)
    till.do(change_settings, {"closed_before": "2026-11-07"})
    with pytest.raises(PeriodClosed):
        till.do(commands.release_visit, visit_id, moment(4))
    till.do(commands.release_visit, visit_id, moment(7))
    assert till.payment(payment).allocated == {}


@pytest.mark.spec("FIN-8")
def test_a_closed_day_of_a_desk_refuses_its_payments(till: Payments) -> None:
    desk = till.do(create_entry, CashDesk, {"name": f"Касса {uuid4()}"}).id
    payment = UUID(till.pay(Part(desk_id=desk, sum=Decimal(10)), day=12, keeps_rest=True).facts["payments"][0]["id"])
    till.do(close_day, desk, moment(12).date(), Decimal(10))
    tries = (
        lambda: till.pay(Part(desk_id=desk, sum=Decimal(1)), day=12, keeps_rest=True),
        lambda: till.refund(payment, 1, day=12, desk_id=desk),
        lambda: till.do(commands.delete_payment, payment),
    )
    for attempt in tries:
        with pytest.raises(DayIsClosed):
            attempt()
    till.do(reopen_day, desk, moment(12).date(), "Ошибка")
    till.do(commands.delete_payment, payment)
    with pytest.raises(AlreadyDeleted):
        till.do(commands.delete_payment, payment)
    with pytest.raises(PaymentDeleted):
        till.refund(payment, 1, day=13)
    till.do(commands.return_payment, payment)
    till.do(delete_entry, CashDesk, desk)
    with pytest.raises(DomainError):
        till.pay(Part(desk_id=desk, sum=Decimal(1)), day=13, keeps_rest=True)


@pytest.mark.spec("FIN-7", "DEL-2")
def test_a_returned_payment_pays_for_its_visits_again_where_they_have_room(till: Payments) -> None:
    first, second = till.visit(100), till.visit(200, hour=11)
    payment = UUID(till.pay(cash(300), visits={first: 100, second: 200}).facts["payments"][0]["id"])
    before = till.payment(payment).allocations
    till.do(commands.delete_payment, payment)
    assert till.paid_for(first) == till.paid_for(second) == 0
    till.do(commands.return_payment, payment)
    assert till.payment(payment).allocations == before
    till.do(commands.delete_payment, payment)
    till.pay(cash(150), visits={second: 150})
    till.do(commands.return_payment, payment)
    assert (till.paid_for(first), till.paid_for(second)) == (Decimal(100), Decimal(200))
    assert till.payment(payment).allocated == {first: Decimal(100), second: Decimal(50)}


def test_only_visits_of_the_patient_that_take_place_are_paid(till: Payments) -> None:
    visit_id, stranger = till.visit(100, hour=15, completed=False), till.do(create_card, {"family_name": "Чужой"}).id
    with pytest.raises(VisitOfAnotherPatient):
        till.pay(cash(100), visits={visit_id: 100}, patient_id=stranger)
    till.do(change_status, visit_id, "cancelled")
    with pytest.raises(VisitOver):
        till.pay(cash(100), visits={visit_id: 100})
    till.do(delete_visit, visit_id)
    with pytest.raises(VisitDeleted):
        till.pay(cash(100), visits={visit_id: 100})


def test_a_person_with_merged_cards_has_one_account(till: Payments) -> None:
    visit_id, survivor = till.visit(100, hour=16), till.do(create_card, {"family_name": "Петров", "given_name": "Иван"}).id
    till.do(merge_cards, survivor, till.patient)
    till.pay(cash(60), visits={visit_id: 60}, patient_id=survivor)
    till.pay(cash(40), visits={visit_id: 40})
    assert till.paid_for(visit_id) == Decimal(100)


def test_what_is_refused_takes_no_number(till: Payments) -> None:
    def number() -> int:
        return int(till.pay(cash(1), keeps_rest=True).facts["payments"][0]["number"])

    before, visit_id = number(), till.visit(100)
    for refused in ((cash(50),), (cash(100), cash(1)), (cash(99), cash(1, handed=0)), (cash(99), Part(sum=Decimal(1)))):
        with pytest.raises((PaidTooLittle, PaidTooMuch, WrongValue)):
            till.pay(*refused, visits={visit_id: 100})
    assert number() == before + 1


@pytest.mark.spec("FIN-7")
def test_what_is_taken_back_counts_not_before_it_was_allocated(till: Payments) -> None:
    visit_id, payment_id = till.visit(100), till.prepay(100, day=1)
    till.pay(visits={visit_id: 100}, prepayments={payment_id: 100}, day=10)
    till.refund(payment_id, 30, day=5)
    till.do(commands.release_visit, visit_id, moment(6))
    assert [(one.sum, one.moment.day) for one in till.payment(payment_id).allocations] == [(100, 10), (-30, 10), (-70, 10)]


@pytest.mark.parametrize(
    ("parts", "more"),
    [
        ((), {}),
        ((Part(sum=Decimal(1)),), {}),
        ((Part(desk_id=CASH, certificate_id=CASH, sum=Decimal(1)),), {}),
        ((cash(0),), {}),
        ((cash("-5"),), {}),
        ((cash("0.001"),), {}),
        ((cash(100, 99),), {}),
        ((cash(1),) * 11, {}),
        ((), {"prepayments": {CASH: 0}}),
    ],
)
def test_absurd_payments_change_nothing(till: Payments, parts: tuple[Part, ...], more: dict[str, object]) -> None:
    before = till.in_desk()
    with pytest.raises(WrongValue):
        till.pay(*parts, keeps_rest=True)
    assert till.in_desk() == before


@pytest.mark.parametrize("year", [1900, 1999, 2100])
def test_money_is_dated_in_this_century(till: Payments, year: int) -> None:
    payment, absurd = till.prepay(10), moment(10).replace(year=year)
    for attempt in (
        lambda: till.do(commands.pay, till.patient, absurd, [cash(1)], keeps_rest=True),
        lambda: till.do(commands.refund, payment, absurd, Decimal(1), desk_id=CASH),
        lambda: till.do(commands.release_visit, payment, absurd),
    ):
        with pytest.raises(WrongValue):
            attempt()


def test_money_of_a_desk_is_not_returned_to_a_certificate(till: Payments) -> None:
    payment = till.prepay(10)
    with pytest.raises((AnotherWay, WrongValue)):
        till.refund(payment, 1, desk_id=None)
