"""Commands of tax certificates on both adapters: numbers, one in force for payer, patient and year, closed periods (FIN-6)."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from aggregates.clinic.clinic_settings import PeriodClosed
from aggregates.money.tax_certificate import NothingPaid, Sums, TaxCertificate, TaxCertificateTaken
from aggregates.people.patient import PatientDeleted
from commands.clinic.clinic_settings import change_settings
from commands.money import tax_certificate as commands
from commands.people.patient import create_card, delete_card
from commands.ports.clinic import Clinic
from gateways.event_store_memory import MemoryClinic
from tests.commands.reception import Reception

SUMS = Sums(Decimal("1500.00"), Decimal("0.00"))
CARD = {
    "issued_on": "2026-11-20", "same_person": True, "payer_family_name": "Петров", "payer_given_name": "Иван",
    "payer_birth_date": "1990-02-03", "payer_inn": "500100732259", "signer": "Белова Ольга",
}  # fmt: skip


class Office:
    def __init__(self, clinic: Clinic) -> None:
        self.reception = Reception(clinic)
        self.clinic, self.do, self.patient = clinic, self.reception.do, self.reception.patient
        self.do(change_settings, {"inn": "7707083893", "kpp": "770701001"})

    def issue(self, year: int = 2026, sums: Sums = SUMS, patient: UUID | None = None, **card: Any) -> UUID:
        who = patient or self.patient
        return self.do(commands.issue_tax_certificate, who, who, year, sums, {**CARD, **card}).id

    def stored(self, certificate_id: UUID) -> TaxCertificate:
        return self.clinic.load(TaxCertificate, certificate_id)


@pytest.fixture(params=["memory", "postgresql"])
def office(request: pytest.FixtureRequest, nodes: list[Clinic]) -> Office:
    return Office(MemoryClinic() if request.param == "memory" else nodes[0])


@pytest.mark.spec("FIN-6")
def test_what_is_refused_takes_no_number(office: Office) -> None:
    first = office.issue()
    with pytest.raises(NothingPaid):
        office.issue(2025, Sums(Decimal(0), Decimal(0)))
    assert [office.stored(one).number for one in (first, office.issue(2025))] == [1, 2]


@pytest.mark.spec("FIN-6")
def test_one_certificate_is_in_force_for_payer_patient_and_year(office: Office) -> None:
    first = office.issue()
    with pytest.raises(TaxCertificateTaken) as refused:
        office.issue()
    assert refused.value.facts["by"] == first
    office.do(commands.annul_tax_certificate, first)
    second = office.issue()
    office.do(commands.delete_tax_certificate, second)
    third = office.issue()
    with pytest.raises(TaxCertificateTaken):
        office.do(commands.return_tax_certificate, second)
    office.do(commands.delete_tax_certificate, third)
    office.do(commands.return_tax_certificate, second)
    assert not office.stored(second).deleted


@pytest.mark.spec("FIN-6")
def test_days_of_a_closed_period_have_no_new_papers(office: Office) -> None:
    certificate = office.issue()
    office.do(change_settings, {"past_documents": False, "closed_before": "2026-11-22"})
    more = Sums(Decimal("2000.00"), Decimal("0.00"))
    for command, args in (
        (commands.issue_tax_certificate, (office.patient, office.patient, 2025, SUMS, CARD)),
        (commands.correct_tax_certificate, (certificate, more, {"issued_on": "2026-11-21"})),
        (commands.delete_tax_certificate, (certificate,)),
    ):
        with pytest.raises(PeriodClosed):
            office.do(command, *args)  # type: ignore[operator, arg-type]  # of their own kinds
    office.do(commands.correct_tax_certificate, certificate, more, {"issued_on": "2026-11-22"})
    assert office.stored(certificate).latest.correction == 1


@pytest.mark.spec("FIN-6")
def test_a_certificate_keeps_the_clinic_as_it_was(office: Office) -> None:
    certificate = office.issue()
    office.do(change_settings, {"legal_name": "ООО «Другое имя»"})
    assert office.stored(certificate).latest.issuer.name == "Улыбка"
    office.do(commands.hand_over_tax_certificates, [certificate, certificate], "paper")
    office.do(commands.correct_tax_certificate, certificate, SUMS, {})
    after = office.stored(certificate)
    assert (after.latest.issuer.name, [one.correction for one in after.handed]) == ("ООО «Другое имя»", [0])


@pytest.mark.spec("FIN-6", "DEL-1")
def test_nothing_is_issued_to_a_deleted_card(office: Office) -> None:
    gone = office.do(create_card, {"family_name": "Удалов"}).id
    office.do(delete_card, gone)
    with pytest.raises(PatientDeleted):
        office.issue(patient=gone)
