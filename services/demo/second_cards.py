"""Patients of the demonstration with a second card: two pairs that nobody has noticed yet, and one that is merged."""

from datetime import datetime
from functools import partial

from aggregates.people.patient import PatientCard
from commands.people import patient as patient_commands
from services.demo.timeline import Timeline

BY_PHONE, BY_BIRTH_DATE, NOTICED = 11, 23, 7
"""Which of the patients they are, counted from the first."""


def plan_second_cards(timeline: Timeline) -> None:
    """Nobody is booked by a second card. The manager creates them, so that the timeline's random choices stay the same."""
    timeline.at(timeline.wall_clock(-9, "10:05"), partial(_again, timeline, BY_PHONE, ("given_name", "phone")))
    timeline.at(
        timeline.wall_clock(-8, "15:40"), partial(_again, timeline, BY_BIRTH_DATE, ("given_name", "patronymic", "birth_date"))
    )
    timeline.at(
        timeline.wall_clock(-7, "12:20"), partial(_again, timeline, NOTICED, ("given_name", "patronymic", "phone", "birth_date"))
    )
    timeline.at(timeline.wall_clock(-6, "09:30"), partial(_merge, timeline))


def _again(timeline: Timeline, number: int, known: tuple[str, ...], moment: datetime) -> None:
    """A second card with the family name and the `known` fields of the first one."""
    first = timeline.clinic.load(PatientCard, timeline.id("patient", number)).card()
    card = {field: first[field] for field in ("family_name", *known)}
    ctx = timeline.by_manager(moment, "create_card")
    patient_commands.create_card(timeline.clinic, ctx, card, patient_id=timeline.id("patient", number, "again"))


def _merge(timeline: Timeline, moment: datetime) -> None:
    survivor, second = timeline.id("patient", NOTICED), timeline.id("patient", NOTICED, "again")
    patient_commands.merge_cards(timeline.clinic, timeline.by_manager(moment, "merge_cards"), survivor, second)
