"""A small clinic that takes money: a desk of cash, a terminal, a patient with visits."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from aggregates.catalogues import CashDesk, first_entry_id
from aggregates.money.payment import Payment
from aggregates.money.refund import Refund
from aggregates.scheduling.visit import Slot
from commands.catalogue import create_entry
from commands.clinic.clinic_settings import change_settings
from commands.clinic.service import create_service
from commands.context import Receipt
from commands.money import certificate as certificates
from commands.money import payment as commands
from commands.money.paying import Part
from commands.ports.clinic import Clinic
from commands.scheduling.visit import RequestedLine, book_visit, change_status
from tests.commands.reception import Reception

CASH = first_entry_id(CashDesk, "Основная касса")


def moment(day: int, hour: int = 12, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute)  # noqa: DTZ001  the clinic's wall clock


class Payments:
    """Every method is a command of the administrator; sums are rubles."""

    def __init__(self, clinic: Clinic) -> None:
        self.reception = Reception(clinic)
        self.clinic, self.do, self.patient = clinic, self.reception.do, self.reception.patient
        self.terminal = self.do(create_entry, CashDesk, {"name": "Терминал", "kind": "terminal"}).id

    def visit(self, total: int, day: int = 2, hour: int = 10, minute: int = 0, *, completed: bool = True) -> UUID:
        """A visit in November that costs so much."""
        starts = moment(day, hour, minute)
        slot = Slot(self.reception.anna, starts, starts.replace(minute=minute + 10))
        service = self.do(create_service, {"name": f"Услуга {total} {starts}", "price": str(total)}).id
        visit_id = self.do(book_visit, self.patient, slot, lines=[RequestedLine(service_id=service)]).id
        if completed:
            for status in ("in_progress", "completed"):
                self.do(change_status, visit_id, status)
        return visit_id

    def pay(
        self,
        *parts: Part,
        visits: Mapping[UUID, int] | None = None,
        prepayments: Mapping[UUID, int] | None = None,
        day: int = 10,
        keeps_rest: bool = False,
        patient_id: UUID | None = None,
    ) -> Receipt:
        return self.do(
            commands.pay,
            patient_id or self.patient,
            moment(day),
            parts,
            visits=_rubles(visits),
            prepayments=_rubles(prepayments),
            keeps_rest=keeps_rest,
        )

    def prepay(self, total: int, day: int = 1) -> UUID:
        return UUID(self.pay(cash(total), day=day, keeps_rest=True).facts["payments"][0]["id"])

    def refund(self, payment_id: UUID, total: str | int, day: int = 11, desk_id: UUID | None = CASH) -> Receipt:
        return self.do(commands.refund, payment_id, moment(day), Decimal(total), desk_id=desk_id, reason="Передумал")

    def certificate(self, nominal: int, day: int = 1, code: str = "А-1", **card: str) -> UUID:
        self.do(change_settings, {"certificates": True})
        fields = {"code": code, "moment": moment(day), "nominal": str(nominal), "price": str(nominal), "desk_id": str(CASH)}
        return self.do(certificates.sell_certificate, {**fields, **card}).id

    def payment(self, payment_id: UUID) -> Payment:
        return self.clinic.load(Payment, payment_id)

    def refunded(self, receipt: Receipt) -> Refund:
        return self.clinic.load(Refund, UUID(receipt.facts["refund_id"]))

    def paid_for(self, visit_id: UUID) -> Decimal:
        with self.clinic.write_lock():
            return sum(self.clinic.payments.of_visit(visit_id).values(), Decimal(0))

    def in_desk(self, desk_id: UUID = CASH) -> Decimal:
        """What is in a desk after the last day of the year."""
        with self.clinic.write_lock():
            return self.clinic.cash_ledger.turnover(desk_id, moment(31, month=12).date()).closing


def cash(total: int | str, handed: int | None = None) -> Part:
    return Part(desk_id=CASH, sum=Decimal(total), handed=None if handed is None else Decimal(handed))


def _rubles(sums: Mapping[UUID, int] | None) -> dict[UUID, Decimal]:
    return {id_: Decimal(amount) for id_, amount in (sums or {}).items()}
