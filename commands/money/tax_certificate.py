"""Commands of tax certificates. What is certified is read from the account before (`readmodels/money/tax_sums.py`) and comes in
as an argument: a certificate states what its maker has seen, and its page says when that is no longer so.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.kernel import Aggregate
from aggregates.money.tax_certificate import TAX_CERTIFICATE_NUMBERS, Issuer, Sums, TaxCertificate, Way
from aggregates.people.patient import PatientCard
from commands.context import Context, Receipt
from commands.ports.clinic import Clinic
from commands.references import newly_chosen
from commands.retry import retried


@retried
def issue_tax_certificate(
    clinic: Clinic,
    ctx: Context,
    payer_id: UUID,
    patient_id: UUID,
    year: int,
    sums: Sums,
    card: Mapping[str, Any],
    *,
    certificate_id: UUID | None = None,
) -> Receipt:
    """Facts: `number`. NothingPaid, TaxCertificateTaken, CompanyNumberMissing, PatientDeleted, AggregateNotFound, PeriodClosed,
    WrongValue, WrongValues.
    """
    settings = clinic.cached(ClinicSettings, SETTINGS_ID)
    people = newly_chosen(clinic, dict.fromkeys([(PatientCard, payer_id), (PatientCard, patient_id)]))
    id_, today = certificate_id or uuid4(), ctx.local_now(settings.time_zone).date()

    def issued(number: int) -> TaxCertificate:
        certificate = TaxCertificate(id_)
        certificate.issue(number, year, payer_id, patient_id, sums, issuer_of(settings), card, today=today, at=ctx.now)
        return certificate

    settings.require_open(issued(0).day)  # what is refused takes no number
    certificate = issued(clinic.numbers.next(TAX_CERTIFICATE_NUMBERS))
    return clinic.save(certificate, ctx=ctx, if_unchanged=[settings, *people], facts={"number": certificate.number})


@retried
def correct_tax_certificate(
    clinic: Clinic, ctx: Context, certificate_id: UUID, sums: Sums, fields: Mapping[str, Any], *, expected: int | None = None
) -> Receipt:
    """A further paper of the same number. `fields`: what is otherwise than on the latest one.

    NothingToCorrect, TaxCertificateAnnulled, TaxCertificateDeleted, CompanyNumberMissing, PeriodClosed, WrongValue, WrongValues.
    """
    certificate, settings = _loaded(clinic, certificate_id, expected)
    today = ctx.local_now(settings.time_zone).date()
    certificate.correct(sums, issuer_of(settings), fields, today=today, at=ctx.now)
    settings.require_open(certificate.day)
    return clinic.save(certificate, ctx=ctx, if_unchanged=[settings])


@retried
def annul_tax_certificate(clinic: Clinic, ctx: Context, certificate_id: UUID, *, expected: int | None = None) -> Receipt:
    """Today. TaxCertificateAnnulled, TaxCertificateDeleted, PeriodClosed."""
    certificate, settings = _loaded(clinic, certificate_id, expected)
    certificate.annul(ctx.local_now(settings.time_zone).date(), at=ctx.now)
    settings.require_open(certificate.day)
    return clinic.save(certificate, ctx=ctx, if_unchanged=[settings])


@retried
def hand_over_tax_certificates(clinic: Clinic, ctx: Context, certificate_ids: Sequence[UUID], way: Way) -> Receipt:
    """Note of each that its latest paper was handed over or sent today; all or none. TaxCertificateDeleted, AggregateNotFound."""
    settings = clinic.cached(ClinicSettings, SETTINGS_ID)
    today = ctx.local_now(settings.time_zone).date()
    certificates = [clinic.load(TaxCertificate, id_) for id_ in dict.fromkeys(certificate_ids)]
    for certificate in certificates:
        certificate.hand_over(way, today, at=ctx.now)
    noted: list[Aggregate] = [one for one in certificates if one.pending_events] or [certificates[0]]
    return clinic.save(*noted, ctx=ctx)


@retried
def delete_tax_certificate(clinic: Clinic, ctx: Context, certificate_id: UUID, *, expected: int | None = None) -> Receipt:
    """AlreadyDeleted, TaxCertificateHandedOver, TaxCertificateAnnulled, PeriodClosed."""
    certificate, settings = _loaded(clinic, certificate_id, expected)
    settings.require_open(certificate.day)
    certificate.delete(at=ctx.now)
    return clinic.save(certificate, ctx=ctx, if_unchanged=[settings])


@retried
def return_tax_certificate(clinic: Clinic, ctx: Context, certificate_id: UUID, *, expected: int | None = None) -> Receipt:
    """NotDeleted, TaxCertificateTaken, PeriodClosed."""
    certificate, settings = _loaded(clinic, certificate_id, expected)
    settings.require_open(certificate.day)
    certificate.return_(at=ctx.now)
    return clinic.save(certificate, ctx=ctx, if_unchanged=[settings])


def issuer_of(settings: ClinicSettings) -> Issuer:
    """The clinic as certificates name it."""
    name = settings.values["legal_name"] or settings.clinic_name
    return Issuer(str(name), str(settings.values["inn"]), str(settings.values["kpp"]))


def _loaded(clinic: Clinic, certificate_id: UUID, expected: int | None) -> tuple[TaxCertificate, ClinicSettings]:
    return clinic.load(TaxCertificate, certificate_id, expected=expected), clinic.cached(ClinicSettings, SETTINGS_ID)
