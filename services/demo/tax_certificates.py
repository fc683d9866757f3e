"""The demonstration's certificates for the tax office: one that payments have outgrown since, and one that states them all."""

from datetime import datetime
from decimal import Decimal
from functools import partial
from uuid import UUID

from aggregates.money.tax_certificate import Sums
from aggregates.people.patient import PatientCard
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_lines import totals
from commands.money import tax_certificate
from services.demo.timeline import CLOCK, Timeline

_DAYS = (-30, -1)
SIGNER = "Громова Елена Викторовна"


class TaxCertificates:
    """Learns which visits were paid whole, and plans certificates for who paid most of them."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._paid: dict[tuple[UUID, int], list[UUID]] = {}
        self._in_part: set[UUID] = set()
        self._done: set[UUID] = set()

    def plan(self) -> None:
        for number, day in enumerate(_DAYS):
            local = self._timeline.wall_clock(day, "15:40")
            self._timeline.at(local, partial(self._issue, number))

    def note_paid(self, patient_id: UUID, visit_id: UUID, moment: datetime, *, whole: bool) -> None:
        """Of others than whole visits it isn't known here what a certificate would state."""
        if whole:
            self._paid.setdefault((patient_id, moment.astimezone(CLOCK).year), []).append(visit_id)
        else:
            self._in_part.add(patient_id)

    def _issue(self, number: int, moment: datetime) -> None:
        known = [
            (len(visits), str(key[0]), key) for key, visits in self._paid.items() if key[0] not in self._in_part | self._done
        ]
        if not known:
            return
        _, _, (patient_id, year) = max(known)
        self._done.add(patient_id)
        name = self._timeline.clinic.load(PatientCard, patient_id).name
        card = {
            "issued_on": moment.astimezone(CLOCK).date().isoformat(),
            "same_person": True,
            "payer_family_name": name.family_name,
            "payer_given_name": name.given_name,
            "payer_patronymic": name.patronymic,
            "payer_birth_date": "1984-05-17",
            "payer_inn": "500100732259",
            "signer": SIGNER,
        }
        certificate_id = self._timeline.id("tax certificate", number)
        tax_certificate.issue_tax_certificate(
            self._timeline.clinic,
            self._timeline.by_manager(moment, "issue_tax_certificate"),
            patient_id,
            patient_id,
            year,
            self._sums(self._paid[patient_id, year]),
            card,
            certificate_id=certificate_id,
        )
        if number == 0:
            ctx = self._timeline.by_manager(moment, "hand_over_tax_certificates")
            tax_certificate.hand_over_tax_certificates(self._timeline.clinic, ctx, [certificate_id], "paper")

    def _sums(self, visit_ids: list[UUID]) -> Sums:
        sums = {"1": Decimal("0.00"), "2": Decimal("0.00")}
        for visit_id in visit_ids:
            visit = self._timeline.clinic.load(Visit, visit_id)
            amounts = totals(visit.lines, visit.goods, visit.discount).lines
            for line, amount in zip(visit.lines, amounts[: len(visit.lines)], strict=True):
                sums[line.tax_code or "1"] += amount.net
        return Sums(sums["1"], sums["2"])
