"""A small open clinic to command: two doctors, an assistant, a patient; the commands with their circumstances."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID, uuid4

from aggregates.kernel import Aggregate
from aggregates.scheduling.hours import Day, Week
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.working_hours import DateCell
from commands.clinic.clinic_settings import change_settings
from commands.clinic.opening import open_clinic
from commands.context import Context, Receipt
from commands.people.employee import hire
from commands.people.patient import create_card
from commands.ports.clinic import Clinic
from commands.scheduling.schedule import save_hours
from commands.scheduling.visit import book_visit
from tests.aggregates.clinic import slot

A = TypeVar("A", bound=Aggregate)
P = ParamSpec("P")

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
"""A Monday; nine in the morning in Moscow."""


def context(command: str = "command", now: datetime = NOW) -> Context:
    return Context(now=now, command=command, command_id=uuid4())


class Reception:
    """A clinic and its clock; every `do` is one command of the administrator."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self.now = NOW
        card = {"family_name": "Главная", "position": "Администратор"}
        self.administrator = self.do(
            open_clinic, name="Улыбка", region="77", administrator=card, email="admin@klinika.ru", password_hash="hash"
        ).id
        self.anna = self.do(hire, {"family_name": "Аннина", "takes_visits": True}).id
        self.boris = self.do(hire, {"family_name": "Борисов", "takes_visits": True}).id
        self.vera = self.do(hire, {"family_name": "Верина", "position": "Ассистент"}).id
        self.patient = self.do(create_card, {"family_name": "Петров"}).id

    def do(self, command: Callable[Concatenate[Clinic, Context, P], Receipt], *args: P.args, **kwargs: P.kwargs) -> Receipt:
        name = getattr(command, "__name__", "command")
        return command(self.clinic, context(name, self.now), *args, **kwargs)

    def pass_time(self, **by: int) -> None:
        self.now += timedelta(**by)

    @property
    def schedule(self) -> Schedule:
        return self.clinic.load(Schedule, SCHEDULE_ID)

    def save(
        self, *, organisation: Week | None = None, weeks: Any = None, days: dict[DateCell, Day | None] | None = None
    ) -> Receipt:
        return self.do(save_hours, self.schedule.version, organisation=organisation, weeks=weeks, days=days)

    def book(self, day: date, start: str, end: str, doctor_id: UUID | None = None, *, until: date | None = None) -> UUID:
        return self.do(book_visit, self.patient, slot(day, start, end, doctor_id or self.anna, until=until)).id

    def one_patient_at_once(self) -> None:
        self.do(change_settings, {"patients_at_once": "one"})

    def visit(self, visit_id: UUID) -> Visit:
        return self.clinic.load(Visit, visit_id)
