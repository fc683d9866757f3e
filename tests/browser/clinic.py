"""A small clinic for stories in the browser, made by commands; all dates lie in the week after next of its own clock."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from argon2 import PasswordHasher

from aggregates.access.rights import PREDEFINED_SETS
from aggregates.access.user_access import access_id_of
from aggregates.regions import REGIONS
from aggregates.scheduling.hours import Day, parse_hours, parse_week
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from aggregates.scheduling.visit import Slot
from aggregates.scheduling.visit_status import Status
from commands.access import user_access
from commands.clinic import clinic_settings, service
from commands.clinic import opening as first_set_up
from commands.context import Context
from commands.people import employee
from commands.people import patient as patient_commands
from commands.scheduling import schedule, visit
from commands.scheduling.visit_lines import RequestedLine
from services.accounts.passwords import Passwords
from services.bootstrap import Denta

REGION = "54"
"""Novosibirsk: a clock that is neither the server's nor the browser's."""
CLOCK = REGIONS[REGION].zone.tzinfo
PASSWORD = "verno-loshad-batareya"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
NAME = "Стоматология «Берег»"

ORLOVA = "Орлова Марина Викторовна"
BELOV = "Белов Андрей Сергеевич"
ZAITSEV = "Зайцев Павел Ильич"
MELNIK = "Мельник Олег Романович"
FOMIN = "Фомин Виктор Степанович"
DOCTORS = {
    ORLOVA: ("Стоматолог-терапевт", "#2f7d6b"),
    BELOV: ("Стоматолог-ортопед", "#3b6fb5"),
    ZAITSEV: ("Хирург-имплантолог", "#a4543f"),
    MELNIK: ("Ортодонт", "#7b5aa6"),
    FOMIN: ("Пародонтолог", "#4c7a34"),
}
MANAGER = "Воронцова Татьяна Михайловна"
RECEPTIONIST = "Савельева Ольга Андреевна"
COLLEAGUE = "Титова Юлия Максимовна"
AUDITOR = "Назарова Вера Львовна"
USERS = {
    MANAGER: ("vorontsova@bereg.example", "Администратор"),
    RECEPTIONIST: ("savelyeva@bereg.example", "Регистратор"),
    COLLEAGUE: ("titova@bereg.example", "Администратор"),
    ORLOVA: ("orlova@bereg.example", "Врач"),
    AUDITOR: ("nazarova@bereg.example", "Аудитор"),
}
KUZNETSOVA = "Кузнецова Анна Павловна"
MOROZOV = "Морозов Иван Петрович"
EGOROV = "Егоров Семён Ильич"
PATIENTS = {KUZNETSOVA: "9135550101", MOROZOV: "9135550202", EGOROV: "9135550303"}
CONSULTATION = "Консультация терапевта"
FILLING = "Лечение кариеса"
SERVICES = {CONSULTATION: ("800", 20), FILLING: ("4200", 60)}


def today() -> date:
    """By the clinic's clock."""
    return datetime.now(CLOCK).date()


def week_after_next() -> date:
    """The Monday that all stories start from: far enough for visits to be still to come whatever the day."""
    return today() + timedelta(days=14 - today().weekday())


@dataclass
class Clinic:
    """The clinic's people by name, and its deeds by commands, as others do them beside the browser."""

    denta: Denta
    monday: date = field(default_factory=week_after_next)
    ids: dict[str, UUID] = field(default_factory=dict)

    def day(self, days: int) -> date:
        """So many days after the Monday."""
        return self.monday + timedelta(days=days)

    def by(self, who: str | None = MANAGER, ago: timedelta = timedelta()) -> Context:
        employee_id = self.ids.get(who or "")
        return Context(
            now=datetime.now(UTC) - ago,
            command="browser-test",
            user_id=access_id_of(employee_id) if employee_id else None,
            employee_id=employee_id,
            address="127.0.0.1",
        )

    def book(
        self,
        patient: str,
        doctor: str | None,
        day: date,
        start: str,
        end: str,
        *,
        services: tuple[str, ...] = (CONSULTATION,),
        room: str = "",
        comment: str = "",
    ) -> int:
        """Book a visit; its number."""
        slot = Slot(self.ids[doctor] if doctor else None, at(day, start), at(day, end))
        lines = [RequestedLine(self.ids[name]) for name in services]
        receipt = visit.book_visit(
            self.denta.clinic, self.by(RECEPTIONIST), self.ids[patient], slot, lines=lines, room=room, comment=comment
        )
        number = int(receipt.facts["number"])
        self.ids[f"№ {number}"] = receipt.id
        return number

    def move(self, number: int, *, start: datetime, end: datetime, doctor: str | None = None) -> None:
        moved = {"doctor_id": self.ids[doctor]} if doctor else {}
        visit.change_visit(self.denta.clinic, self.by(COLLEAGUE), self.ids[f"№ {number}"], starts_at=start, ends_at=end, **moved)

    def change_status(self, number: int, *statuses: Status) -> None:
        for status in statuses:
            visit.change_status(self.denta.clinic, self.by(RECEPTIONIST), self.ids[f"№ {number}"], status)

    def save_days(self, who: str, days: dict[tuple[str, date], tuple[tuple[str, str], ...]], ago: timedelta = timedelta()) -> int:
        """Hours of single days, as one version of the schedule; its number. No hours: a day off."""
        cells = {
            (self.ids[name], day): Day("work", parse_hours(hours)) if hours else Day("off", ())
            for (name, day), hours in days.items()
        }
        return schedule.save_hours(self.denta.clinic, self.by(who, ago), self.schedule_version, days=cells).version

    def save_week(self, who: str, name: str, hours: tuple[tuple[str, str], ...], ago: timedelta = timedelta()) -> int:
        """One employee's hours of every day."""
        weeks = {self.ids[name]: parse_week((hours,) * 7)}
        return schedule.save_hours(self.denta.clinic, self.by(who, ago), self.schedule_version, weeks=weeks).version

    def hire(self, name: str, position: str) -> None:
        """A doctor who wasn't there before."""
        self.ids[name] = employee.hire(self.denta.clinic, self.by(), {**_card(name, position), "takes_visits": True}).id

    def dismiss(self, name: str, ago: timedelta = timedelta()) -> None:
        employee.delete_employee(self.denta.clinic, self.by(MANAGER, ago), self.ids[name])

    def set(self, **settings: object) -> None:
        clinic_settings.change_settings(self.denta.clinic, self.by(MANAGER), settings)

    @property
    def schedule_version(self) -> int:
        return self.denta.clinic.load(Schedule, SCHEDULE_ID).version


def at(day: date, clock: str) -> datetime:
    """A moment of the clinic's wall clock."""
    return datetime.combine(day, time.fromisoformat(clock))


def furnish(denta: Denta) -> dict[str, UUID]:
    """Open the clinic and hire, list and register everybody; the ids by name. All of it 40 days ago."""
    clinic, ids = Clinic(denta), {}
    ago, hashed = timedelta(days=40), Passwords(QUICK).hash(PASSWORD)
    ids[MANAGER] = first_set_up.open_clinic(
        denta.clinic,
        clinic.by(None, ago),
        name=NAME,
        region=REGION,
        administrator=_card(MANAGER, "Главный врач"),
        email=USERS[MANAGER][0],
        password_hash=hashed,
        settings={"patients_at_once": "one"},
    ).id
    clinic.ids = ids
    for name, (position, color) in DOCTORS.items():
        card = {**_card(name, position), "takes_visits": True, "color": color}
        ids[name] = employee.hire(denta.clinic, clinic.by(MANAGER, ago), card).id
    for name in (RECEPTIONIST, COLLEAGUE, AUDITOR):
        ids[name] = employee.hire(denta.clinic, clinic.by(MANAGER, ago), _card(name, "Администратор")).id
    sets = {predefined.name: predefined.id for predefined in PREDEFINED_SETS}
    for name, (email, rights_set) in list(USERS.items())[1:]:
        user_access.grant_access(denta.clinic, clinic.by(MANAGER, ago), ids[name], email, sets[rights_set], hashed)
    for name, (price, duration) in SERVICES.items():
        card = {"name": name, "price": price, "duration": duration}
        ids[name] = service.create_service(denta.clinic, clinic.by(MANAGER, ago), card).id
    for name, phone in PATIENTS.items():
        ids[name] = patient_commands.create_card(denta.clinic, clinic.by(RECEPTIONIST, ago), {**_names(name), "phone": phone}).id
    return ids


def _names(name: str) -> dict[str, str]:
    return dict(zip(("family_name", "given_name", "patronymic"), name.split(), strict=True))


def _card(name: str, position: str) -> dict[str, object]:
    return {**_names(name), "position": position}
