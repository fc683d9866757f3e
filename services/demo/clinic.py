"""The demonstration clinic: a story of 70 days, told by commands through the application."""

from datetime import datetime

from commands.ports.clinic import Clinic
from services.demo.opening import LOGINS, PASSWORD, Opening
from services.demo.patients import Patients
from services.demo.second_cards import plan_second_cards
from services.demo.story import Progress, Story


def load_demonstration(clinic: Clinic, now: datetime, *, scale: int = 1, progress: Progress = lambda _: None) -> None:
    """Tell the story up to `now` (aware). ClinicAlreadyOpen where the log holds a clinic.

    `scale` multiplies doctors, patients and with them visits.
    """
    story = Story(clinic, now, scale)
    Opening(story).plan()
    Patients(story).plan()
    plan_second_cards(story)
    story.tell(progress)


def logins() -> tuple[str, ...]:
    """Lines that tell who can sign in, and how."""
    return ("Вход для знакомства:", *(f"  {email:<24} {PASSWORD}   {rights_set}" for email, rights_set in LOGINS))
