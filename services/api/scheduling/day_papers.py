"""Printed lists of a day: what each doctor has to do, and whom to call."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from readmodels.clinic import clinic_settings as settings_read
from readmodels.people import patient_brief
from readmodels.scheduling import calendar as calendar_read
from services.api.http.call import Call
from services.api.http.downloads import PDF, paper
from services.api.http.heavy_work import PAPERS
from services.api.http.problems import RightMissing
from services.api.http.routes import NeedsRight, Routes
from services.api.scheduling.calendar import COLUMNS
from services.api.schemas import Day, PaperQuery

routes = Routes("day_papers")
CALLED = frozenset({"planned", "confirmed"})
"""Statuses of visits whose patients are called."""


class DayPaperQuery(PaperQuery):
    """`doctor_id`: only of this doctor; null: of all."""

    date: Day
    doctor_id: UUID | None = None


class CallingListQuery(PaperQuery):
    date: Day


@routes.get(
    "/calendar/day.pdf",
    NeedsRight("calendar"),
    answer=bytes,
    media=PDF,
    reads=(*COLUMNS, "patients"),
    heavy=PAPERS,
)
def day(call: Call, query: Annotated[DayPaperQuery, Query()]) -> Any:
    """The day of one doctor or of all, each from a new page. Who sees only their own schedule gets their own."""
    from services.papers.day import day_paper

    asked = None if query.doctor_id is None else [query.doctor_id]
    only, info = call.only_doctor_id, call.principal.shows_patient_info
    ids = asked if only is None else [only] if asked is None or only in asked else []
    with call.reading() as conn:
        doctors = calendar_read.doctors(conn, query.date, query.date, ids)
        alone = only is None and asked is None
        visits = calendar_read.week(conn, query.date, query.date, ids, without_doctor=alone, patient_info=info)
        notes = patient_brief.notes(conn, {visit.patient.id for visit in visits}) if info else {}
        clinic = str(settings_read.current(conn).values["clinic_name"])
    doctor = {} if query.doctor_id is None else {"doctor_id": str(query.doctor_id)}
    period = {"from": query.date.isoformat(), "to": query.date.isoformat()}
    call.record_access("printed", "visit", filter={**period, **doctor}, count=len(visits))
    return paper(call, day_paper(query.date, clinic, doctors, visits, notes, info=info), f"Приём {query.date:%d.%m.%Y}")


@routes.get(
    "/calendar/calls.pdf",
    NeedsRight("calendar"),
    answer=bytes,
    media=PDF,
    reads=("calendar", "patients", "employees", "settings"),
    heavy=PAPERS,
)
def calls(call: Call, query: Annotated[CallingListQuery, Query()]) -> Any:
    """Who is expected on a day, with phones: to be called the day before. Needs the right to see information about patients."""
    from services.papers.day import calling_list

    if not call.principal.shows_patient_info:
        raise RightMissing(any_of=["patient_info"])
    only = call.only_doctor_id
    with call.reading() as conn:
        ids = None if only is None else [only]
        visits = calendar_read.week(conn, query.date, query.date, ids, without_doctor=only is None, patient_info=True)
        clinic = str(settings_read.current(conn).values["clinic_name"])
    called = [visit for visit in visits if visit.status in CALLED and visit.starts_at.date() == query.date]
    period = {"from": query.date.isoformat(), "to": query.date.isoformat()}
    call.record_access("printed", "visit", filter=period, count=len(called))
    return paper(call, calling_list(query.date, clinic, called), f"Обзвон {query.date:%d.%m.%Y}")
