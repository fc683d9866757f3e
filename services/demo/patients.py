"""The demonstration's patients and their visits."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from aggregates.scheduling.visit import Slot, Status
from commands.context import Receipt
from commands.people import patient_card
from commands.scheduling import visit
from services.demo.cards import details, references
from services.demo.catalogues import Catalogues
from services.demo.people import STAFF, invent_person, invent_phone
from services.demo.story import CLOCK, OPENED_DAYS_AGO, Story

PATIENTS = 400
PAST_DAYS, COMING_DAYS = 60, 30
BOOKED_AHEAD = 20
"""Days between booking and visit, at most."""
FIRST_BOOKING = -66
"""Days from today; before that the clinic sets its hours."""
STEP = 20
REMARKS = ("Аллергия на лидокаин", "Просит звонить после 18:00", "Боится боли, нужна анестезия", "Приходит с ребёнком")
COMMENTS = ("Острая боль", "Нужен снимок", "Продолжение лечения", "Перезвонить накануне", "Справка для налоговой")
LEAVES = {"fomin": (-22, 10_000), "gromov": (20, 30)}
"""Key → days from today between which nobody books, because all know of the leave."""


class Patients:
    """Who comes, when they are booked, and what becomes of it."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self._catalogues = Catalogues(story)
        self._taken: defaultdict[tuple[UUID, date], list[tuple[int, int]]] = defaultdict(list)

    def plan(self) -> None:
        """Plan all registrations and bookings."""
        story, dice = self.story, self.story.dice
        total = PATIENTS * story.scale
        for number in range(total):
            days = 1 if number < total * 0.6 else dice.randrange(1, OPENED_DAYS_AGO - 1)
            local = story.wall_clock(days - OPENED_DAYS_AGO, f"{dice.randrange(9, 20):02}:{dice.randrange(60):02}")
            story.at(local, partial(self._register, number))
        for days in range(-PAST_DAYS, COMING_DAYS + 1):
            for key in (member.key for member in STAFF if member.takes_visits):
                first, last = LEAVES.get(key, (1, 0))
                if not first <= days < last:
                    self._plan_day(key, days)

    def _plan_day(self, key: str, days: int) -> None:
        """Attempts to book that a doctor's day gets; which of them find free time shows when they come."""
        dice = self.story.dice
        busy = 1.0 if days <= 3 else max(0.35, 1 - days / 40)
        for _ in range(round(7 * busy * dice.uniform(0.7, 1.1)) * self.story.scale):
            earliest = max(FIRST_BOOKING, min(days - BOOKED_AHEAD, -10))
            booked = dice.randint(earliest, min(days - 1, 0)) if dice.random() < 0.9 else min(days, 0)
            clock = f"{dice.randrange(9, 20) if booked else dice.randrange(8, 11):02}:{dice.randrange(60):02}"
            day = self.story.today + timedelta(days=days)
            self.story.at(self.story.wall_clock(booked, clock), partial(self._book, key, day))

    def _register(self, number: int, moment: datetime) -> None:
        dice, story = self.story.dice, self.story
        person = invent_person(dice)
        born = date(story.today.year - dice.randrange(4, 82), 1, 1) + timedelta(days=dice.randrange(365))
        card = {
            "family_name": person.family_name,
            "given_name": person.given_name,
            "patronymic": person.patronymic,
            "sex": {"m": "male", "f": "female"}[person.sex],
            "phone": invent_phone(dice),
            "birth_date": born.isoformat(),
            "comment": dice.choice(REMARKS) if dice.random() < 0.06 else "",
            **details(Random(f"{story.today}:{number}"), person, born, story.today),
            **references(Random(f"{story.today}:{number}:references"), self._catalogues),
        }
        patient_id = story.id("patient", number)
        ctx = story.by_receptionist(moment, "create_card")
        patient_card.create_card(story.clinic, ctx, card, patient_id=patient_id)
        story.patients.append(patient_id)

    def _book(self, key: str, day: date, moment: datetime) -> None:
        story, dice = self.story, self.story.dice
        doctor_id = dice.choice(story.doctors[key])
        service_id, minutes, _ = dice.choice([offered for offered in story.services if key in offered[2]])
        start = self._free_start(doctor_id, day, minutes, not_before=moment.astimezone(CLOCK).replace(tzinfo=None))
        if start is None:
            return
        starts_at = datetime.combine(day, datetime.min.time()) + timedelta(minutes=start)
        slot = Slot(doctor_id, starts_at, starts_at + timedelta(minutes=minutes))
        room = str(1 + list(story.doctors).index(key) % 6)
        comment = dice.choice(COMMENTS) if dice.random() < 0.12 else ""
        receipt = visit.book_visit(
            story.clinic,
            story.by_receptionist(moment, "book_visit"),
            dice.choice(story.patients),
            slot,
            lines=[visit.WantedLine(service_id)],
            room=room,
            comment=comment,
            visit_id=story.id("visit", key, doctor_id, starts_at, moment),
        )
        self._taken[doctor_id, day].append((start, start + minutes))
        self._plan_fate(receipt, slot, moment)

    def _free_start(self, doctor_id: UUID, day: date, minutes: int, *, not_before: datetime) -> int | None:
        """Minutes from midnight of a free start within working time, often the earliest; None on a full day or a day off."""
        midnight = datetime.combine(day, datetime.min.time())
        hours = self.story.clinic.cached(Schedule, SCHEDULE_ID).hours.hours_on(doctor_id, day)
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
        return free[0] if self.story.dice.random() < 0.4 else self.story.dice.choice(free)

    def _plan_fate(self, receipt: Receipt, slot: Slot, booked: datetime) -> None:
        """Confirmed, cancelled, missed or completed: as far as the story comes."""
        dice = self.story.dice
        day_before = slot.starts_at - timedelta(hours=20)
        known_by_then = booked.astimezone(CLOCK).replace(tzinfo=None) < day_before
        self._later(day_before, receipt.id, "confirmed", dice.random() < 0.5 and known_by_then)
        fate = dice.random()
        if fate < 0.06:
            self._later(slot.starts_at - timedelta(hours=dice.randrange(2, 18)), receipt.id, "cancelled")
        elif fate < 0.1:
            self._later(slot.starts_at + timedelta(minutes=25), receipt.id, "no_show")
        else:
            self._later(slot.starts_at - timedelta(minutes=dice.randrange(3, 20)), receipt.id, "arrived", dice.random() < 0.3)
            self._later(slot.starts_at + timedelta(minutes=dice.randrange(6)), receipt.id, "in_progress")
            self._later(slot.ends_at - timedelta(minutes=dice.randrange(3)), receipt.id, "completed")

    def _later(self, local: datetime, visit_id: UUID, status: Status, happens: bool = True) -> None:
        if happens:
            self.story.at(local, partial(self._change_status, visit_id, status))

    def _change_status(self, visit_id: UUID, status: Status, moment: datetime) -> None:
        ctx = self.story.by_receptionist(moment, "change_status")
        visit.change_status(self.story.clinic, ctx, visit_id, status)
