"""The demonstration's patients and their visits."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from aggregates.scheduling.visit import Slot
from aggregates.scheduling.visit_status import Status
from commands.context import Receipt
from commands.people import patient as patient_commands
from commands.scheduling import visit
from commands.scheduling.visit_lines import RequestedLine
from services.demo.cards import details, references
from services.demo.catalogues import Catalogues
from services.demo.payments import Payments
from services.demo.people import STAFF, invent_person, invent_phone
from services.demo.timeline import CLOCK, OPENED_DAYS_AGO, Timeline
from services.demo.visit_documents import VisitDocuments
from services.demo.visit_files import VisitFiles

PATIENTS = 400
PAST_DAYS, COMING_DAYS = 60, 30
BOOKED_AHEAD = 20
"""Days between booking and visit, at most."""
FIRST_BOOKING = -66
"""Days from today; before that the clinic sets its hours."""
STEP = 20
_STAYING_AWAY = 0.1
"""The part of visits that are cancelled or missed."""
REMARKS = ("Аллергия на лидокаин", "Просит звонить после 18:00", "Боится боли, нужна анестезия", "Приходит с ребёнком")
COMMENTS = ("Острая боль", "Нужен снимок", "Продолжение лечения", "Перезвонить накануне", "Справка для налоговой")
LEAVES = {"fomin": (-22, 10_000), "gromov": (20, 30)}
"""Key → days from today between which nobody is booked because of the known leave."""


class Patients:
    """Registers patients, books their visits and plans how each visit ends."""

    def __init__(self, timeline: Timeline, files: VisitFiles) -> None:
        self.timeline, self._files = timeline, files
        self._catalogues = Catalogues(timeline)
        self._documents = VisitDocuments(timeline, self._catalogues)
        self._payments = Payments(timeline, self._catalogues)
        self._taken: defaultdict[tuple[UUID, date], list[tuple[int, int]]] = defaultdict(list)

    def plan(self) -> None:
        """Plan all registrations, bookings and payments."""
        self._payments.plan()
        timeline, rng = self.timeline, self.timeline.rng
        total = PATIENTS * timeline.scale
        for number in range(total):
            days = 1 if number < total * 0.6 else rng.randrange(1, OPENED_DAYS_AGO - 1)
            local = timeline.wall_clock(days - OPENED_DAYS_AGO, f"{rng.randrange(9, 20):02}:{rng.randrange(60):02}")
            timeline.at(local, partial(self._register, number))
        for days in range(-PAST_DAYS, COMING_DAYS + 1):
            for key in (member.key for member in STAFF if member.takes_visits):
                first, last = LEAVES.get(key, (1, 0))
                if not first <= days < last:
                    self._plan_day(key, days)

    def _plan_day(self, key: str, days: int) -> None:
        """Plan attempts to book into a doctor's day; each finds free time, or none, when its moment comes."""
        rng = self.timeline.rng
        busy = 1.0 if days <= 3 else max(0.35, 1 - days / 40)
        for _ in range(round(7 * busy * rng.uniform(0.7, 1.1)) * self.timeline.scale):
            earliest = max(FIRST_BOOKING, min(days - BOOKED_AHEAD, -10))
            booked = rng.randint(earliest, min(days - 1, 0)) if rng.random() < 0.9 else min(days, 0)
            clock = f"{rng.randrange(9, 20) if booked else rng.randrange(8, 11):02}:{rng.randrange(60):02}"
            day = self.timeline.today + timedelta(days=days)
            self.timeline.at(self.timeline.wall_clock(booked, clock), partial(self._book, key, day))

    def _register(self, number: int, moment: datetime) -> None:
        rng, timeline = self.timeline.rng, self.timeline
        person = invent_person(rng)
        born = date(timeline.today.year - rng.randrange(4, 82), 1, 1) + timedelta(days=rng.randrange(365))
        card = {
            "family_name": person.family_name,
            "given_name": person.given_name,
            "patronymic": person.patronymic,
            "sex": {"m": "male", "f": "female"}[person.sex],
            "phone": invent_phone(rng),
            "birth_date": born.isoformat(),
            "comment": rng.choice(REMARKS) if rng.random() < 0.06 else "",
            **details(Random(f"{timeline.today}:{number}"), person, born, timeline.today),
            **references(Random(f"{timeline.today}:{number}:references"), self._catalogues),
        }
        patient_id = timeline.id("patient", number)
        ctx = timeline.by_receptionist(moment, "create_card")
        patient_commands.create_card(timeline.clinic, ctx, card, patient_id=patient_id)
        timeline.patients.append(patient_id)

    def _book(self, key: str, day: date, moment: datetime) -> None:
        timeline, rng = self.timeline, self.timeline.rng
        doctor_id = rng.choice(timeline.doctors[key])
        service_id, minutes, _ = rng.choice([offered for offered in timeline.services if key in offered[2]])
        start = self._free_start(doctor_id, day, minutes, not_before=moment.astimezone(CLOCK).replace(tzinfo=None))
        if start is None:
            return
        starts_at = datetime.combine(day, datetime.min.time()) + timedelta(minutes=start)
        slot = Slot(doctor_id, starts_at, starts_at + timedelta(minutes=minutes))
        room = str(1 + list(timeline.doctors).index(key) % 6)
        comment = rng.choice(COMMENTS) if rng.random() < 0.12 else ""
        receipt = visit.book_visit(
            timeline.clinic,
            timeline.by_receptionist(moment, "book_visit"),
            rng.choice(timeline.patients),
            slot,
            lines=[RequestedLine(service_id)],
            room=room,
            comment=comment,
            visit_id=timeline.id("visit", key, doctor_id, starts_at, moment),
        )
        self._taken[doctor_id, day].append((start, start + minutes))
        timeline.visits.append(receipt.id)
        if self._plan_outcome(receipt, slot, moment):
            self._documents.plan(receipt.id, key, service_id, slot.starts_at + timedelta(minutes=6))
            self._files.plan(receipt.id, slot.starts_at + timedelta(minutes=8))

    def _free_start(self, doctor_id: UUID, day: date, minutes: int, *, not_before: datetime) -> int | None:
        """Minutes from midnight of a free start within working time, often the earliest; None on a full day or a day off."""
        midnight = datetime.combine(day, datetime.min.time())
        hours = self.timeline.clinic.cached(Schedule, SCHEDULE_ID).hours.hours_on(doctor_id, day)
        taken = self._taken[doctor_id, day]
        free = [
            start
            for interval in hours
            for start in range(interval.start, interval.end - minutes + 1, STEP)
            if midnight + timedelta(minutes=start) >= not_before
            and all(end <= start or start + minutes <= begin for begin, end in taken)
        ]
        if not free:
            return None
        return free[0] if self.timeline.rng.random() < 0.4 else self.timeline.rng.choice(free)

    def _plan_outcome(self, receipt: Receipt, slot: Slot, booked: datetime) -> bool:
        """Plan the visit's statuses: confirmed, cancelled, missed or completed. Whether the patient comes."""
        rng = self.timeline.rng
        day_before = slot.starts_at - timedelta(hours=20)
        known_by_then = booked.astimezone(CLOCK).replace(tzinfo=None) < day_before
        self._later(day_before, receipt.id, "confirmed", rng.random() < 0.5 and known_by_then)
        outcome = rng.random()
        if outcome < 0.06:
            self._later(slot.starts_at - timedelta(hours=rng.randrange(2, 18)), receipt.id, "cancelled")
        elif outcome < _STAYING_AWAY:
            self._later(slot.starts_at + timedelta(minutes=25), receipt.id, "no_show")
        else:
            self._later(slot.starts_at - timedelta(minutes=rng.randrange(3, 20)), receipt.id, "arrived", rng.random() < 0.3)
            self._later(slot.starts_at + timedelta(minutes=rng.randrange(6)), receipt.id, "in_progress")
            completed = slot.ends_at - timedelta(minutes=rng.randrange(3))
            self._later(completed, receipt.id, "completed")
            self._payments.plan_visit(receipt.id, completed)
        return outcome >= _STAYING_AWAY

    def _later(self, local: datetime, visit_id: UUID, status: Status, happens: bool = True) -> None:
        if happens:
            self.timeline.at(local, partial(self._change_status, visit_id, status))

    def _change_status(self, visit_id: UUID, status: Status, moment: datetime) -> None:
        ctx = self.timeline.by_receptionist(moment, "change_status")
        visit.change_status(self.timeline.clinic, ctx, visit_id, status)
