"""A certificate for the tax office of what a payer has paid for a patient's treatment in a calendar year (FIN-6, ADR 30).

It keeps its number; what it states is frozen when it is issued, and changed by nothing but a correction, which is a further paper
of the same number. Of one payer, patient and year there is one certificate that isn't annulled or deleted
(`gateways/guards/tax_certificate.py`). One that was handed over or sent is not deleted but annulled.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal
from uuid import UUID

import msgspec

from aggregates.deletion import Deletable, ObjectDeleted, ObjectReturned
from aggregates.kernel import DomainError, Event, applies
from aggregates.money.tax_certificate_fields import TAX_CERTIFICATE_FIELDS, person_of
from aggregates.numbering import Numbered
from aggregates.values import Scalar, WrongValue

ANNULMENT = 999
"""Correction number of a paper that annuls. Not confirmed by a published order yet."""
MOST_CORRECTIONS = 998
FIRST_YEAR = 2024
"""Payments of earlier years are certified by another form."""
LAST_YEAR = 2199

Way = Literal["paper", "electronic"]
WAYS: dict[Way, str] = {"paper": "выдана", "electronic": "отправлена"}


class TaxCertificateDeleted(DomainError):
    """Facts: `certificate_id`."""

    code: ClassVar[str] = "tax_certificate_deleted"

    @property
    def sentence(self) -> str:
        return "Справка удалена. Верните её или выпишите другую."


class TaxCertificateTaken(DomainError):
    """Found on save by `gateways/guards/tax_certificate.py`. Facts: `by` (its id)."""

    code: ClassVar[str] = "tax_certificate_taken"

    def __init__(self, by: UUID) -> None:
        super().__init__(by=by)

    @property
    def sentence(self) -> str:
        return (
            "Этому плательщику за этого пациента справка за этот год уже выписана. Откройте её в журнале справок: "
            "если суммы изменились, выпустите корректировку."
        )


class TaxCertificateAnnulled(DomainError):
    """An annulled one isn't corrected, handed over or deleted. Facts: `certificate_id`."""

    code: ClassVar[str] = "tax_certificate_annulled"

    @property
    def sentence(self) -> str:
        return "Справка аннулирована. Выпишите новую."


class TaxCertificateHandedOver(DomainError):
    """Facts: `certificate_id`."""

    code: ClassVar[str] = "tax_certificate_handed_over"

    @property
    def sentence(self) -> str:
        return "Справка уже выдана или отправлена: удалить её нельзя. Аннулируйте её или выпустите корректировку."


class NothingPaid(DomainError):
    """Nothing that the payer paid in the year can be certified. Facts: `year`."""

    code: ClassVar[str] = "nothing_paid"

    @property
    def sentence(self) -> str:
        return f"За {self.facts['year']} год нет оплат оказанных услуг этим плательщиком: справку выписывать не о чем."


class NothingToCorrect(DomainError):
    """A correction would state what the certificate states already. Facts: `certificate_id`."""

    code: ClassVar[str] = "nothing_to_correct"

    @property
    def sentence(self) -> str:
        return "В справке всё так же: суммы и данные не изменились, корректировка не нужна."


class CertifiedSumsMoved(DomainError):
    """Payments changed since the sums were shown. Facts: `code_1`, `code_2` (rubles): what they are now."""

    code: ClassVar[str] = "certified_sums_moved"

    @property
    def sentence(self) -> str:
        return "Пока вы заполняли справку, оплаты изменились. Проверьте суммы и сохраните ещё раз."


class CompanyNumberMissing(DomainError):
    """The clinic's ИНН, or its КПП where it has one, isn't known."""

    code: ClassVar[str] = "company_number_missing"

    @property
    def sentence(self) -> str:
        return "Для справки нужны ИНН и КПП клиники (у предпринимателя – только ИНН). Укажите их в «Информации о клинике»."


class Sums(msgspec.Struct, frozen=True):
    """What was paid, in rubles: for ordinary treatment, and for expensive one."""

    code_1: Decimal
    code_2: Decimal

    @property
    def total(self) -> Decimal:
        return self.code_1 + self.code_2


class Issuer(msgspec.Struct, frozen=True):
    """The clinic as it stands on a certificate. `kpp`: "" of an entrepreneur."""

    name: str
    inn: str
    kpp: str


class Paper(msgspec.Struct, frozen=True):
    """What one paper states. `correction`: 0 of the first, then 1, 2 …; `ANNULMENT` of what annuls. `card`: its fields."""

    correction: int
    sums: Sums
    issuer: Issuer
    card: dict[str, str | int | bool | None]

    @property
    def issued_on(self) -> date:
        return date.fromisoformat(str(self.card["issued_on"]))

    @property
    def payer(self) -> dict[str, str]:
        return person_of(self.card, "payer")

    @property
    def patient(self) -> dict[str, str]:
        """The payer, where both are one person."""
        return person_of(self.card, "payer" if self.card["same_person"] else "patient")


class Handing(msgspec.Struct, frozen=True):
    """A paper that was handed over or sent. `day`: by the clinic's wall clock."""

    correction: int
    way: Way
    day: date


class TaxCertificate(Deletable):
    TOPIC = "tax_certificate"

    number: int
    year: int
    payer_id: UUID
    patient_id: UUID
    papers: tuple[Paper, ...]
    handed: tuple[Handing, ...]

    class Issued(Event, frozen=True):
        """`payer_id`, `patient_id`: cards, whose payments the sums are of."""

        TOPIC: ClassVar[str] = "tax_certificate.issued.1"
        number: int
        year: int
        payer_id: UUID
        patient_id: UUID
        paper: Paper

    class Corrected(Event, frozen=True):
        TOPIC: ClassVar[str] = "tax_certificate.corrected.1"
        paper: Paper

    class Annulled(Event, frozen=True):
        TOPIC: ClassVar[str] = "tax_certificate.annulled.1"
        paper: Paper

    class HandedOver(Event, frozen=True):
        TOPIC: ClassVar[str] = "tax_certificate.handed-over.1"
        handing: Handing

    class Deleted(ObjectDeleted, frozen=True):
        TOPIC: ClassVar[str] = "tax_certificate.deleted.1"

    class Returned(ObjectReturned, frozen=True):
        TOPIC: ClassVar[str] = "tax_certificate.returned.1"

    @property
    def latest(self) -> Paper:
        return self.papers[-1]

    @property
    def annulled(self) -> bool:
        return self.latest.correction == ANNULMENT

    @property
    def day(self) -> date:
        """Of the latest paper: what a closed period is asked about."""
        return self.latest.issued_on

    def issue(
        self,
        number: int,
        year: int,
        payer_id: UUID,
        patient_id: UUID,
        sums: Sums,
        issuer: Issuer,
        card: Mapping[str, Any],
        *,
        today: date,
        at: datetime,
    ) -> None:
        """NothingPaid, CompanyNumberMissing, WrongValue, WrongValues."""
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise WrongValue("year", f"Такая справка выдаётся об оплатах с {FIRST_YEAR} года.")
        paper = _paper(0, year, sums, issuer, _whole(card, payer_id, patient_id), today)
        if not sums.total:
            raise NothingPaid(year=year)
        self.trigger(self.Issued, number=number, year=year, payer_id=payer_id, patient_id=patient_id, paper=paper, at=at)

    def correct(self, sums: Sums, issuer: Issuer, fields: Mapping[str, Any], *, today: date, at: datetime) -> None:
        """A further paper. `fields`: what its card says otherwise than the latest one.

        NothingToCorrect, TaxCertificateAnnulled, TaxCertificateDeleted, CompanyNumberMissing, WrongValue, WrongValues.
        """
        self._require_in_force()
        last = self.latest
        correction = last.correction + 1
        if correction > MOST_CORRECTIONS:
            raise WrongValue("correction", f"У справки может быть не больше {MOST_CORRECTIONS} корректировок.")
        card = _whole({**last.card, **fields}, self.payer_id, self.patient_id)
        paper = _paper(correction, self.year, sums, issuer, card, today)
        if self._states(paper) == self._states(last):
            raise NothingToCorrect(certificate_id=self.id)
        self.trigger(self.Corrected, paper=paper, at=at)

    def annul(self, day: date, *, at: datetime) -> None:
        """A further paper that annuls the certificate, of that day. TaxCertificateAnnulled, TaxCertificateDeleted."""
        self._require_in_force()
        card: dict[str, Scalar] = {**self.latest.card, "issued_on": max(day, self.day).isoformat()}
        self.trigger(self.Annulled, paper=msgspec.structs.replace(self.latest, correction=ANNULMENT, card=card), at=at)

    def hand_over(self, way: Way, day: date, *, at: datetime) -> None:
        """Note that the latest paper was handed over or sent; nothing changes if that was noted. TaxCertificateDeleted."""
        self.require_active()
        if not any(one.correction == self.latest.correction and one.way == way for one in self.handed):
            self.trigger(self.HandedOver, handing=Handing(self.latest.correction, way, day), at=at)

    def delete(self, *, at: datetime) -> None:
        """AlreadyDeleted, TaxCertificateHandedOver, TaxCertificateAnnulled."""
        self.require_not_deleted()
        if self.handed:
            raise TaxCertificateHandedOver(certificate_id=self.id)
        if self.annulled:
            raise TaxCertificateAnnulled(certificate_id=self.id)
        self.trigger(self.Deleted, at=at)

    def return_(self, *, at: datetime) -> None:
        """NotDeleted."""
        self.require_deleted()
        self.trigger(self.Returned, at=at)

    def refusal_when_deleted(self) -> TaxCertificateDeleted:
        return TaxCertificateDeleted(certificate_id=self.id)

    def _require_in_force(self) -> None:
        self.require_active()
        if self.annulled:
            raise TaxCertificateAnnulled(certificate_id=self.id)

    @staticmethod
    def _states(paper: Paper) -> tuple[object, ...]:
        return paper.sums, paper.issuer, {name: value for name, value in paper.card.items() if name != "issued_on"}

    @applies(Issued)
    def _issued(self, event: Issued) -> None:
        self.number = event.number
        self.year = event.year
        self.payer_id = event.payer_id
        self.patient_id = event.patient_id
        self.papers = (event.paper,)
        self.handed = ()

    @applies(Corrected)
    def _corrected(self, event: Corrected) -> None:
        self.papers = (*self.papers, event.paper)

    @applies(Annulled)
    def _annulled(self, event: Annulled) -> None:
        self.papers = (*self.papers, event.paper)

    @applies(HandedOver)
    def _handed_over(self, event: HandedOver) -> None:
        self.handed = (*self.handed, event.handing)


TAX_CERTIFICATE_NUMBERS = Numbered("tax_certificate", "number", (TaxCertificate.Issued,))


def _whole(card: Mapping[str, Any], payer_id: UUID, patient_id: UUID) -> dict[str, Any]:
    """The card as it is stored: of one person only the payer's part. WrongValue where two cards would be one person."""
    if card.get("same_person") is not True:
        return dict(card)
    if payer_id != patient_id:
        raise WrongValue("same_person", "Плательщик и пациент – разные карты. Снимите отметку.")
    return {name: value for name, value in card.items() if not name.startswith("patient_")}


def _paper(correction: int, year: int, sums: Sums, issuer: Issuer, card: Mapping[str, Any], today: date) -> Paper:
    checked = TAX_CERTIFICATE_FIELDS.checked(card, today)
    if date.fromisoformat(str(checked["issued_on"])).year < year:
        raise WrongValue("issued_on", "Справка не может быть выдана раньше, чем начался её год.")
    if not issuer.inn or (len(issuer.inn) == 10 and not issuer.kpp):
        raise CompanyNumberMissing
    return Paper(correction, sums, issuer, checked)
