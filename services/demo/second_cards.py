"""People of the demonstration who got a second card by mistake: two pairs to be noticed, one that was noticed and merged."""

from datetime import datetime
from functools import partial

from aggregates.people.patient_card import PatientCard
from commands.people import patient_card
from services.demo.story import Story

BY_PHONE, BY_BIRTH_DATE, NOTICED = 11, 23, 7
"""Which of the patients they are, counted from the first."""


def plan_second_cards(story: Story) -> None:
    """Nobody is booked by a second card. The manager makes them, so that the dice of the story fall as they would."""
    story.at(story.wall_clock(-9, "10:05"), partial(_again, story, BY_PHONE, ("given_name", "phone")))
    story.at(story.wall_clock(-8, "15:40"), partial(_again, story, BY_BIRTH_DATE, ("given_name", "patronymic", "birth_date")))
    story.at(story.wall_clock(-7, "12:20"), partial(_again, story, NOTICED, ("given_name", "patronymic", "phone", "birth_date")))
    story.at(story.wall_clock(-6, "09:30"), partial(_merge, story))


def _again(story: Story, number: int, known: tuple[str, ...], moment: datetime) -> None:
    """A second card by what was asked that time: the family name, and of the first card these fields."""
    first = story.clinic.load(PatientCard, story.id("patient", number)).card()
    card = {field: first[field] for field in ("family_name", *known)}
    ctx = story.by_manager(moment, "create_card")
    patient_card.create_card(story.clinic, ctx, card, patient_id=story.id("patient", number, "again"))


def _merge(story: Story, moment: datetime) -> None:
    kept, second = story.id("patient", NOTICED), story.id("patient", NOTICED, "again")
    patient_card.merge_cards(story.clinic, story.by_manager(moment, "merge_cards"), kept, second)
