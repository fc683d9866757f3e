"""The demonstration clinic: 70 days of a clinic's life, made by the application's own commands."""

from datetime import datetime

from commands.ports.clinic import Clinic
from commands.ports.files import FileStore
from services.demo.opening import LOGINS, PASSWORD, Opening
from services.demo.patients import Patients
from services.demo.second_cards import plan_second_cards
from services.demo.timeline import Progress, Timeline
from services.demo.visit_files import VisitFiles


def load_demonstration(
    clinic: Clinic, now: datetime, *, files: FileStore | None = None, scale: int = 1, progress: Progress = lambda _: None
) -> None:
    """Run the timeline up to `now` (aware). ClinicAlreadyOpen where the log holds a clinic.

    `files`: where the contents of files of visits go; without it no files are attached.
    `scale` multiplies doctors, patients and with them visits.
    """
    timeline = Timeline(clinic, now, scale)
    Opening(timeline).plan()
    Patients(timeline, VisitFiles(timeline, files)).plan()
    plan_second_cards(timeline)
    timeline.run(progress)


def logins() -> tuple[str, ...]:
    """Lines for the terminal: who can sign in, and how."""
    return ("Вход для знакомства:", *(f"  {email:<24} {PASSWORD}   {rights_set}" for email, rights_set in LOGINS))
