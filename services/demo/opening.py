"""The demonstration's opening, staff, services and versions of the schedule."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from aggregates.access.rights import PREDEFINED_SETS
from aggregates.catalogues import Goods, Position, ServiceCategory, Unit, Warehouse, first_entry_id
from aggregates.scheduling.hours import Day, Week, parse_hours, parse_week
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from aggregates.scheduling.schedule_ranges import Absence, Action, Cycle, range_days
from aggregates.scheduling.working_hours import DateCell
from commands.access import user_access
from commands.clinic import opening as first_set_up
from commands.clinic import service
from commands.people import employee
from commands.scheduling import schedule as hours
from services.accounts.passwords import Passwords
from services.demo.articles import create_articles
from services.demo.catalogues import NORMS, Catalogues
from services.demo.money_documents import MoneyDocuments
from services.demo.payroll import Payroll
from services.demo.people import DAY, EXPENSIVE, FEDERAL_CODES, SERVICES, STAFF, WEEKEND, StaffMember, invent_person
from services.demo.sales import Sales
from services.demo.stock_documents import StockDocuments
from services.demo.stock_minimums import set_minimums
from services.demo.timeline import OPENED_DAYS_AGO, REGION, Timeline

PASSWORD = "denta-demo"  # noqa: S105  known on purpose: the demonstration is for trying, on this machine only
LOGINS: tuple[tuple[str, str], ...] = tuple((f"{member.login}@denta.demo", member.rights_set) for member in STAFF if member.login)


class Opening:
    """Opens the clinic, hires its staff and plans the versions of its schedule."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.catalogues = Catalogues(timeline)

    def plan(self) -> None:
        """Plan all of it."""
        password_hash = Passwords().hash(PASSWORD)
        self.timeline.at(self.timeline.wall_clock(-OPENED_DAYS_AGO, "09:00"), lambda moment: self._open(moment, password_hash))
        self.timeline.at(self.timeline.wall_clock(-OPENED_DAYS_AGO, "09:30"), self.catalogues.fill)
        self.timeline.at(self.timeline.wall_clock(-OPENED_DAYS_AGO, "09:40"), self._complete_manager)
        self.timeline.at(self.timeline.wall_clock(-OPENED_DAYS_AGO, "09:50"), partial(create_articles, self.timeline))
        for minute, member in enumerate(STAFF[1:]):
            self.timeline.at(
                self.timeline.wall_clock(-OPENED_DAYS_AGO, f"10:{minute:02}"),
                partial(self._hire, member, password_hash),
            )
        self.timeline.at(self.timeline.wall_clock(-OPENED_DAYS_AGO, "12:00"), self._offer_services)
        stock = StockDocuments(self.timeline, self.catalogues)
        stock.plan()
        Sales(self.timeline, self.catalogues).plan()
        MoneyDocuments(self.timeline, self.catalogues, stock).plan()
        Payroll(self.timeline, self.catalogues).plan()
        self.timeline.at(self.timeline.wall_clock(-30, "09:00"), partial(set_minimums, self.timeline, self.catalogues))
        self._plan_versions()

    def _open(self, moment: datetime, password_hash: str) -> None:
        member = STAFF[0]
        self.timeline.manager = self.timeline.id(member.key)
        first_set_up.open_clinic(
            self.timeline.clinic,
            self.timeline.by(None, moment, "open_clinic"),
            name="Стоматология «Жемчужина»",
            region=REGION,
            administrator=_card(member.name, member),
            email=f"{member.login}@denta.demo",
            password_hash=password_hash,
            settings={
                "patients_at_once": "one",
                "legal_name": "ООО «Жемчужина»",
                "inn": "7707083893",
                "kpp": "770701001",
                "head_name": "Громова Елена Викторовна",
                "bank_name": "ПАО Сбербанк, г. Москва",
                "bik": "044525225",
                "account": "40702810500000002453",
                "corr_account": "30101810400000000225",
                "tax_office": "7707",
                "legal_address": "г. Москва, ул. Примерная, д. 1",
                "phone": "+7 495 000-00-00",
            },
            administrator_id=self.timeline.manager,
        )

    def _complete_manager(self, moment: datetime) -> None:
        """The first card was created before the catalogue of positions existed."""
        ctx = self.timeline.by_manager(moment, "change_employee")
        employee.change_card(self.timeline.clinic, ctx, self.timeline.id(STAFF[0].key), self._record(STAFF[0]))

    def _record(self, member: StaffMember) -> dict[str, object]:
        """Surgeons take materials from a warehouse of their own."""
        warehouse = "Склад хирургии" if member.key == "zaitsev" else ""
        return {
            **FEDERAL_CODES.get(member.key, {}),
            "position_id": self.catalogues.id(Position, member.position),
            "warehouse_id": self.catalogues.id(Warehouse, warehouse) if warehouse else None,
        }

    def _hire(self, member: StaffMember, password_hash: str, moment: datetime) -> None:
        self.timeline.doctors[member.key] = []
        for copy in range(self.timeline.scale if member.takes_visits else 1):
            employee_id = self.timeline.id(member.key) if copy == 0 else self.timeline.id(member.key, copy)
            name = member.name if copy == 0 else invent_person(self.timeline.rng)[:3]
            ctx = self.timeline.by_manager(moment, "hire")
            card = {**_card(name, member), **self._record(member)}
            if member.rights_set == "Регистратор":
                card |= {"internal_number": str(101 + len(self.timeline.receptionists)), "show_calls": True}
            employee.hire(self.timeline.clinic, ctx, card, employee_id=employee_id)
            self.timeline.doctors[member.key].append(employee_id)
        if member.login:
            employee_id = self.timeline.id(member.key)
            sets = {predefined.name: predefined.id for predefined in PREDEFINED_SETS}
            ctx, email = self.timeline.by_manager(moment, "grant_access"), f"{member.login}@denta.demo"
            user_access.grant_access(self.timeline.clinic, ctx, employee_id, email, sets[member.rights_set], password_hash)
            if member.rights_set == "Регистратор":
                self.timeline.receptionists.append(employee_id)

    def _offer_services(self, moment: datetime) -> None:
        for name, category, price, duration, doctors in SERVICES:
            service_id = self.timeline.id("service", name)
            card = {
                "name": name,
                "category_id": self.catalogues.id(ServiceCategory, category),
                "unit_id": first_entry_id(Unit, "процедура"),
                "price": price,
                "duration": duration,
                "online": name.startswith(("Консультация", "Профессиональная")),
                "tax_code": "2" if name in EXPENSIVE else "1",
                "doctors": [doctor_id for key in doctors for doctor_id in self.timeline.doctors[key]],
                "norms": {self.catalogues.id(Goods, goods): quantity for goods, quantity in NORMS.get(name, {}).items()},
            }
            service.create_service(
                self.timeline.clinic, self.timeline.by_manager(moment, "create_service"), card, service_id=service_id
            )
            self.timeline.services.append((service_id, duration, doctors))

    def _plan_versions(self) -> None:
        """Six versions. Visits block a return to the fourth; a deleted employee blocks a return to any of the first four."""
        today = self.timeline.today
        organisation = parse_week(((("09:00", "21:00"),),) * 5 + (WEEKEND, WEEKEND))
        weeks = {member.key: parse_week(member.week) for member in STAFF if member.week is not None}
        self.timeline.at(
            self.timeline.wall_clock(-68, "11:20"), lambda moment: self._save(moment, organisation=organisation, weeks=weeks)
        )
        shifts = Cycle("2/2", parse_hours((("09:00", "21:00"),)))
        self.timeline.at(
            self.timeline.wall_clock(-67, "16:05"),
            lambda moment: self._range(moment, "zaitsev", today - timedelta(days=66), 126, shifts),
        )
        self.timeline.at(
            self.timeline.wall_clock(-45, "10:40"), lambda moment: self._save(moment, days=self._saturdays_of_kravtsova())
        )
        self.timeline.at(
            self.timeline.wall_clock(-30, "13:15"),
            lambda moment: self._range(moment, "lebedeva", today + timedelta(days=8), 7, Absence("vacation")),
        )
        self.timeline.at(self.timeline.wall_clock(-20, "18:30"), self._dismiss_fomin)
        evening = parse_week(((("14:00", "21:00"),),) * 5 + ((), ()))
        self.timeline.at(
            self.timeline.wall_clock(-12, "12:10"),
            lambda moment: self._save(moment, weeks={"melnik": evening}, days=self._opened_days()),
        )
        vacation = Absence("vacation")
        self.timeline.at(
            self.timeline.wall_clock(-3, "09:35"),
            lambda moment: self._range(moment, "gromov", today + timedelta(days=20), 10, vacation),
        )

    def _saturdays_of_kravtsova(self) -> dict[tuple[str, date], Day]:
        """Kravtsova works every other Saturday, with alternating hours."""
        first = self.timeline.today - timedelta(days=45)
        saturdays = [day for day in (first + timedelta(days=n) for n in range(100)) if day.weekday() == 5]
        turns = (WEEKEND, (("09:00", "14:00"),))
        return {("kravtsova", day): Day("work", parse_hours(turns[n % 2])) for n, day in enumerate(saturdays[::2])}

    def _opened_days(self) -> dict[tuple[str, date], Day]:
        """Former days off that will get visits: one doctor's coming Sundays, and a week of a cancelled vacation."""
        coming = [self.timeline.today + timedelta(days=n) for n in range(1, 22)]
        sundays = {("melnik", day): Day("work", parse_hours(DAY)) for day in coming if day.weekday() == 6}
        worked = {("lebedeva", day): Day("work", parse_hours(DAY)) for day in coming[7:14] if day.weekday() < 5}
        return sundays | worked

    def _dismiss_fomin(self, moment: datetime) -> None:
        for employee_id in self.timeline.doctors["fomin"]:
            employee.delete_employee(self.timeline.clinic, self.timeline.by_manager(moment, "delete_employee"), employee_id)

    def _save(
        self,
        moment: datetime,
        *,
        organisation: Week | None = None,
        weeks: Mapping[str, Week] | None = None,
        days: Mapping[tuple[str, date], Day] | None = None,
    ) -> None:
        doctors = self.timeline.doctors
        of_weeks = {id_: week for key, week in (weeks or {}).items() for id_ in doctors[key]}
        of_days = {(id_, day): cell for (key, day), cell in (days or {}).items() for id_ in doctors[key]}
        self._save_cells(moment, organisation, of_weeks, of_days)

    def _range(self, moment: datetime, key: str, first: date, length: int, action: Action) -> None:
        schedule = self.timeline.clinic.load(Schedule, SCHEDULE_ID)
        last = first + timedelta(days=length - 1)
        self._save_cells(moment, None, {}, range_days(schedule, self.timeline.doctors[key], first, last, action))

    def _save_cells(
        self, moment: datetime, organisation: Week | None, weeks: Mapping[UUID, Week], days: Mapping[DateCell, Day]
    ) -> None:
        base = self.timeline.clinic.load(Schedule, SCHEDULE_ID).version
        ctx = self.timeline.by_manager(moment, "save_hours")
        hours.save_hours(self.timeline.clinic, ctx, base, organisation=organisation, weeks=weeks, days=days)


def _card(name: Sequence[str], member: StaffMember) -> dict[str, object]:
    return {
        "family_name": name[0],
        "given_name": name[1],
        "patronymic": name[2],
        "position": member.position,
        "takes_visits": member.takes_visits,
        "color": member.color,
    }
