"""Tax certificates: what a paper has to say, corrections, annulment, and what keeps one from being deleted (FIN-6)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from aggregates.money.tax_certificate import (
    ANNULMENT,
    CompanyNumberMissing,
    Handing,
    Issuer,
    NothingPaid,
    NothingToCorrect,
    Paper,
    Sums,
    TaxCertificate,
    TaxCertificateAnnulled,
    TaxCertificateDeleted,
    TaxCertificateHandedOver,
)
from aggregates.money.tax_certificate_fields import TAX_CERTIFICATE_FIELDS
from aggregates.values import WrongValue
from tests.aggregates.scenario import NOW, Fact, fact, given, named

MOTHER, SON = named("мать"), named("сын")
ISSUER = Issuer("ООО «Улыбка»", "7707083893", "770701001")
SUMS = Sums(Decimal("1500.00"), Decimal("0.00"))
TODAY = date(2027, 1, 20)
PAYER = {
    "payer_family_name": "Ёлкина",
    "payer_given_name": "Анна",
    "payer_birth_date": "1990-02-03",
    "payer_inn": "500100732259",
}
PATIENT = {
    "patient_family_name": "Ёлкин",
    "patient_given_name": "Пётр",
    "patient_birth_date": "2015-07-01",
    "patient_document_kind": "03",
    "patient_document_number": "I-МЮ 123456",
    "patient_document_issued_on": "2015-07-10",
}
CARD: dict[str, Any] = {"issued_on": "2027-01-20", "signer": "Белова Ольга Петровна", **PAYER, **PATIENT}
STORED = TAX_CERTIFICATE_FIELDS.checked(CARD)


def paper(correction: int = 0, sums: Sums = SUMS, **other: Any) -> Paper:
    return Paper(correction, sums, ISSUER, {**STORED, **other})


ISSUED = fact(TaxCertificate.Issued, number=1, year=2026, payer_id=MOTHER, patient_id=SON, paper=paper())


def issued(card: dict[str, Any], *, sums: Sums = SUMS, issuer: Issuer = ISSUER, payer: Any = MOTHER, year: int = 2026) -> Any:
    return given(TaxCertificate).when(TaxCertificate.issue, 1, year, payer, SON, sums, issuer, card, today=TODAY)


@pytest.mark.spec("FIN-6")
def test_a_certificate_freezes_what_it_states() -> None:
    issued(CARD).then(ISSUED)


@pytest.mark.spec("FIN-6")
def test_where_payer_and_patient_are_one_person_only_the_payer_is_stated() -> None:
    decided = issued({**CARD, "same_person": True}, payer=SON)
    alone = {**STORED, "same_person": True, **dict.fromkeys(PATIENT, "")}
    decided.then(fact(TaxCertificate.Issued, **{**ISSUED.fields, "payer_id": SON, "paper": Paper(0, SUMS, ISSUER, alone)}))
    issued({**CARD, "same_person": True}).then_refused(
        WrongValue("same_person", "Плательщик и пациент – разные карты. Снимите отметку.")
    )


@pytest.mark.spec("FIN-6")
@pytest.mark.parametrize(
    ("fields", "faulty"),
    [
        ({"payer_inn": ""}, {"payer_inn"}),
        ({"payer_inn": "7707083893"}, {"payer_inn"}),
        ({"payer_inn": "500100732250"}, {"payer_inn"}),
        ({"payer_inn": "", "payer_document_kind": "21"}, {"payer_document_number", "payer_document_issued_on"}),
        ({"payer_birth_date": "1990"}, {"payer_birth_date"}),
        ({"payer_birth_date": "--02-03", "payer_given_name": ""}, {"payer_birth_date", "payer_given_name"}),
        ({"patient_family_name": ""}, {"patient_family_name"}),
        ({"patient_document_issued_on": "2030-01-01"}, {"patient_document_issued_on"}),
        ({"signer": "Белова"}, {"signer"}),
        ({"issued_on": "2025-12-31"}, {"issued_on"}),
        ({"payer_document_kind": "99"}, {"payer_document_kind"}),
    ],
)
def test_what_a_paper_lacks_is_named(fields: dict[str, str], faulty: set[str]) -> None:
    certificate = TaxCertificate(named("справка"))
    with pytest.raises(WrongValue) as refused:
        certificate.issue(1, 2026, MOTHER, SON, SUMS, ISSUER, {**CARD, **fields}, today=TODAY, at=NOW)
    assert {one.facts["field"] for one in refused.value.each} == faulty


@pytest.mark.spec("FIN-6")
def test_nothing_is_certified_where_nothing_was_paid_or_the_clinic_has_no_number() -> None:
    issued(CARD, sums=Sums(Decimal(0), Decimal(0))).then_refused(NothingPaid(year=2026))
    issued(CARD, issuer=Issuer("ООО", "", "")).then_refused(CompanyNumberMissing())
    issued(CARD, issuer=Issuer("ООО", "7707083893", "")).then_refused(CompanyNumberMissing())
    issued(CARD, year=2023).then_refused(WrongValue("year", "Такая справка выдаётся об оплатах с 2024 года."))


@pytest.mark.spec("FIN-6")
def test_corrections_are_papers_of_the_same_number() -> None:
    more = Sums(Decimal("2000.00"), Decimal("100.00"))
    first = given(TaxCertificate, ISSUED).when(
        TaxCertificate.correct, more, ISSUER, {"issued_on": "2027-02-01"}, today=date(2027, 2, 1)
    )
    corrected = fact(TaxCertificate.Corrected, paper=paper(1, more, issued_on="2027-02-01"))
    first.then(corrected)
    given(TaxCertificate, ISSUED, corrected).when(TaxCertificate.correct, SUMS, ISSUER, {}, today=TODAY).then(
        fact(TaxCertificate.Corrected, paper=paper(2, SUMS, issued_on="2027-02-01"))
    )
    given(TaxCertificate, ISSUED, corrected).when(
        TaxCertificate.correct, more, ISSUER, {"issued_on": "2027-03-01"}, today=date(2027, 3, 1)
    ).then_refused(NothingToCorrect(certificate_id=named(TaxCertificate.TOPIC)))


ANNULLED = fact(TaxCertificate.Annulled, paper=paper(ANNULMENT))


@pytest.mark.spec("FIN-6")
def test_an_annulled_certificate_stays_as_it_is() -> None:
    given(TaxCertificate, ISSUED).when(TaxCertificate.annul, TODAY).then(ANNULLED)
    over = given(TaxCertificate, ISSUED, ANNULLED)
    refusal = TaxCertificateAnnulled(certificate_id=named(TaxCertificate.TOPIC))
    over.when(TaxCertificate.annul, TODAY).then_refused(refusal)
    over.when(TaxCertificate.correct, Sums(Decimal(1), Decimal(0)), ISSUER, {}, today=TODAY).then_refused(refusal)
    over.when(TaxCertificate.delete).then_refused(refusal)


def handed(way: Any = "paper") -> Fact:
    return fact(TaxCertificate.HandedOver, handing=Handing(0, way, TODAY))


@pytest.mark.spec("FIN-6", "DEL-1")
def test_only_what_nobody_has_is_deleted() -> None:
    certificate = named(TaxCertificate.TOPIC)
    given(TaxCertificate, ISSUED).when(TaxCertificate.delete).then(fact(TaxCertificate.Deleted))
    given(TaxCertificate, ISSUED, handed()).when(TaxCertificate.delete).then_refused(
        TaxCertificateHandedOver(certificate_id=certificate)
    )
    gone = (ISSUED, fact(TaxCertificate.Deleted))
    given(TaxCertificate, *gone).when(TaxCertificate.return_).then(fact(TaxCertificate.Returned))
    given(TaxCertificate, *gone).when(TaxCertificate.hand_over, "paper", TODAY).then_refused(
        TaxCertificateDeleted(certificate_id=certificate)
    )


@pytest.mark.spec("FIN-6")
def test_handing_over_is_noted_once_for_each_paper_and_way() -> None:
    given(TaxCertificate, ISSUED).when(TaxCertificate.hand_over, "paper", TODAY).then(handed())
    given(TaxCertificate, ISSUED, handed()).when(TaxCertificate.hand_over, "paper", TODAY).then()
    given(TaxCertificate, ISSUED, handed()).when(TaxCertificate.hand_over, "electronic", TODAY).then(handed("electronic"))
