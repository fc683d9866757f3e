"""Commands of certificates. What was sold for money is a document of its desk: closed days refuse it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from aggregates.catalogues import CashDesk
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.kernel import Aggregate
from aggregates.money.certificate import Certificate, CertificatesNotUsed
from aggregates.money.money_places import MONEY_PLACES
from aggregates.people.patient import PatientCard
from commands.context import Context, Receipt
from commands.money.certificate_receipts import for_certificate
from commands.money.money_document import require_desk_days_open
from commands.ports.clinic import Clinic
from commands.references import newly_chosen
from commands.retry import retried


@retried
def sell_certificate(clinic: Clinic, ctx: Context, card: Mapping[str, Any], *, certificate_id: UUID | None = None) -> Receipt:
    """`card`: code, moment, nominal, price, desk_id, buyer_id, valid_until, comment.

    CertificatesNotUsed, CertificateCodeTaken, EntryDeleted, PatientDeleted, AggregateNotFound, PeriodClosed, DayIsClosed,
    WrongValue, WrongValues.
    """
    settings = clinic.cached(ClinicSettings, SETTINGS_ID)
    if not settings.uses_certificates:
        raise CertificatesNotUsed
    id_ = certificate_id or uuid4()
    draft = Certificate(id_)
    draft.sell(0, card, "", at=ctx.now)  # what is refused takes no place
    settings.require_open(draft.day)
    desk_id, buyer_id = draft.till.desk_id, draft.card["buyer_id"]
    chosen = newly_chosen(clinic, [(CashDesk, UUID(str(desk_id))), *([(PatientCard, UUID(str(buyer_id)))] if buyer_id else [])])
    relied = [settings, *chosen, *_desk_days(clinic, draft)]
    certificate = Certificate(id_)
    with clinic.write_lock():
        certificate.sell(clinic.numbers.next(MONEY_PLACES), card, _kind_of(chosen[0]), at=ctx.now)
        receipts = for_certificate(clinic, ctx, settings, certificate, "sell")
        return clinic.save(certificate, *receipts, ctx=ctx, if_unchanged=relied)


@retried
def change_certificate(
    clinic: Clinic, ctx: Context, certificate_id: UUID, fields: Mapping[str, Any], *, expected: int | None = None
) -> Receipt:
    """Code, buyer, end and comment.

    CertificateDeleted, CertificateCodeTaken, PatientDeleted, AggregateNotFound, PeriodClosed, DayIsClosed, WrongValue.
    """
    certificate = clinic.load(Certificate, certificate_id, expected=expected)
    relied = _open(clinic, certificate)
    before = certificate.card["buyer_id"]
    certificate.change(fields, at=ctx.now)
    buyer = certificate.card["buyer_id"]
    chosen = newly_chosen(clinic, [(PatientCard, UUID(str(buyer)))]) if buyer and buyer != before else []
    return clinic.save(certificate, ctx=ctx, if_unchanged=[*relied, *chosen])


@retried
def delete_certificate(clinic: Clinic, ctx: Context, certificate_id: UUID, *, expected: int | None = None) -> Receipt:
    """AlreadyDeleted, CertificateSpent (it has paid for something), CashMissing, PeriodClosed, DayIsClosed."""
    with clinic.write_lock():
        certificate = clinic.load(Certificate, certificate_id, expected=expected)
        relied = _open(clinic, certificate)
        certificate.delete(at=ctx.now)
        receipts = for_certificate(clinic, ctx, clinic.cached(ClinicSettings, SETTINGS_ID), certificate, "sell_refund")
        return clinic.save(certificate, *receipts, ctx=ctx, if_unchanged=relied)


@retried
def return_certificate(clinic: Clinic, ctx: Context, certificate_id: UUID, *, expected: int | None = None) -> Receipt:
    """NotDeleted, CertificateCodeTaken, PeriodClosed, DayIsClosed."""
    with clinic.write_lock():
        certificate = clinic.load(Certificate, certificate_id, expected=expected)
        relied = _open(clinic, certificate)
        certificate.return_(at=ctx.now)
        receipts = for_certificate(clinic, ctx, clinic.cached(ClinicSettings, SETTINGS_ID), certificate, "sell")
        return clinic.save(certificate, *receipts, ctx=ctx, if_unchanged=relied)


def _open(clinic: Clinic, certificate: Certificate) -> list[Aggregate]:
    settings = clinic.cached(ClinicSettings, SETTINGS_ID)
    settings.require_open(certificate.day)
    return [settings, *_desk_days(clinic, certificate)]


def _desk_days(clinic: Clinic, certificate: Certificate) -> list[Aggregate]:
    return require_desk_days_open(clinic, [certificate.till.desk_id] if certificate.till.desk_id else [], certificate.day)


def _kind_of(desk: Aggregate) -> str:
    return str(desk.card["kind"]) if isinstance(desk, CashDesk) else ""
