"""Papers of a day: what each doctor has to do, and whom to call (CAL-18)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from aggregates.money.amount_in_words import form
from aggregates.scheduling.visit_lines import Line
from aggregates.scheduling.visit_status import FREEING, STATUS_LABELS
from readmodels.people.patient_brief import PatientNotes
from readmodels.scheduling.calendar import Doctor, VisitItem
from readmodels.words.values import format_day, format_time
from services.papers.layout import laid_out, span

WITHOUT_DOCTOR = "Без врача"
_LINES = msgspec.json.Decoder(tuple[Line, ...])
_NOTHING = PatientNotes("", [])


def day_paper(
    day: date,
    clinic: str,
    doctors: Sequence[Doctor],
    visits: Sequence[VisitItem],
    notes: Mapping[UUID, PatientNotes],
    *,
    info: bool,
) -> str:
    """Each doctor's day from a new page; visits without a doctor come last. `info`: with more of the patients than the name;
    `notes`: by patient.
    """
    columns = [
        {"name": doctor.name, "hours": _hours(doctor, day), "visits": _rows(day, visits, notes, doctor.id)} for doctor in doctors
    ]
    if rest := _rows(day, visits, notes, None):
        columns.append({"name": WITHOUT_DOCTOR, "hours": "", "visits": rest})
    return laid_out("day.html", day=day, clinic=clinic, columns=columns, info=info)


def calling_list(day: date, clinic: str, visits: Iterable[VisitItem]) -> str:
    """Patients who are expected on a day, in order of time, with their phones."""
    rows = [
        {
            "time": format_time(visit.starts_at), "patient": visit.patient.name, "phone": visit.patient.phone,
            "doctor": _short(visit.doctor.name) if visit.doctor else WITHOUT_DOCTOR, "comment": visit.comment,
            "confirmed": visit.status == "confirmed",
        }
        for visit in visits
    ]  # fmt: skip
    return laid_out("calls.html", day=day, clinic=clinic, visits=rows)


def age(born: str, day: date) -> str:
    """«34 года» on this day; "" where the birth date isn't known so far."""
    try:
        birth = date.fromisoformat(born)
    except ValueError:
        return ""
    years = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    return f"{years}\u00a0{form(years, ('год', 'года', 'лет'))}" if years >= 0 else ""


def _rows(
    day: date, visits: Iterable[VisitItem], notes: Mapping[UUID, PatientNotes], doctor_id: UUID | None
) -> list[dict[str, Any]]:
    return [
        {
            "time": _time(visit, day), "status": STATUS_LABELS[visit.status], "gone": visit.status in FREEING,
            "patient": visit.patient.name, "age": age(notes.get(visit.patient.id, _NOTHING).birth_date, day),
            "first": visit.first_visit, "card_number": visit.patient.card_number, "phone": visit.patient.phone,
            "services": _services(visit), "room": visit.room, "comment": visit.comment,
            "warnings": "; ".join(notes.get(visit.patient.id, _NOTHING).comments),
        }
        for visit in visits
        if (visit.doctor.id if visit.doctor else None) == doctor_id
    ]  # fmt: skip


def _time(visit: VisitItem, day: date) -> str:
    """«10:00–10:40»; with its date where it began the day before."""
    began = "" if visit.starts_at.date() == day else f"{format_day(visit.starts_at)} "
    return began + span(visit.starts_at, visit.ends_at)


def _services(visit: VisitItem) -> str:
    lines = _LINES.decode(visit.lines)
    return "; ".join(line.name if line.quantity == 1 else f"{line.name} × {line.quantity}" for line in lines)


def _short(name: str) -> str:
    """«Орлова М. В.»: family names come first."""
    family_name, *rest = name.split()
    return "\u00a0".join([family_name, *(f"{part[0]}." for part in rest)])


def _hours(doctor: Doctor, day: date) -> str:
    return ", ".join(f"{begins}–{ends}" for one in doctor.days if one.date == day for begins, ends in one.intervals)
