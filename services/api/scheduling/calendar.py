"""The appointment calendar of some days: doctors with their working time, and every visit."""

from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from fastapi import Query
from psycopg import Connection
from pydantic import Field

from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.scheduling.hours import hours_pairs
from readmodels.clinic import clinic_settings as settings_read
from readmodels.scheduling import calendar as calendar_read
from readmodels.scheduling import day_statistics, working_hours
from services.api.http.call import Call
from services.api.http.heavy_work import SEARCHES, of_days
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.scheduling.visit import VisitItem
from services.api.schemas import Day, Intervals, Period, Schema, Total

routes = Routes("calendar")


@mirrors(calendar_read.DoctorDay)
class DoctorDay(Schema):
    intervals: Intervals


@mirrors(calendar_read.Doctor)
class CalendarDoctor(Schema):
    pass


class CalendarSettings(Schema):
    step: int
    patients_at_once: Literal["one", "several"]
    visit_without_doctor: bool


class CalendarDoctors(Schema):
    """`clinic_hours`: the clinic's opening hours on each of the days."""

    days: list[Day]
    clinic_hours: list[DoctorDay]
    doctors: list[CalendarDoctor]
    settings: CalendarSettings


class Calendar(CalendarDoctors):
    visits: list[VisitItem]


@mirrors(day_statistics.DayStatistics)
class DayStatistics(Schema):
    income: Total
    outgo: Total


class StatisticsQuery(Schema):
    day: Day


class CalendarQuery(Period):
    LONGEST: ClassVar[int] = 45

    doctor_ids: Annotated[list[UUID], Field(max_length=200, default_factory=list)]


MOST_LIGHT_DAYS = 8
COLUMNS = ("calendar", "employees", "catalogue", "working_weeks", "working_days", "settings")


@routes.get(
    "/calendar",
    NeedsRight("calendar"),
    answer=Calendar,
    reads=(*COLUMNS, "patients"),
    heavy=SEARCHES,
    light=of_days(MOST_LIGHT_DAYS),
)
def calendar(call: Call, query: Annotated[CalendarQuery, Query()]) -> Any:
    """Doctors who work or have visits in the range, their working time, and all visits of the range.

    A user with their own schedule only gets their own column and visits, and no visits without a doctor.
    """
    ids = _shown_doctors(call, query)
    with call.reading() as conn:
        info = call.principal.shows_patient_info
        visits = calendar_read.week(
            conn, query.first, query.last, ids, without_doctor=call.only_doctor_id is None, patient_info=info
        )
        return call.answer({**_columns(call, conn, query, ids), "visits": visits})


@routes.get("/calendar/doctors", NeedsRight("calendar", "visits"), answer=CalendarDoctors, reads=COLUMNS)
def doctors(call: Call, query: Annotated[CalendarQuery, Query()]) -> Any:
    """The calendar without its visits: doctors who work or have visits in the range, and their working time."""
    with call.reading() as conn:
        return call.answer(_columns(call, conn, query, _shown_doctors(call, query)))


def _shown_doctors(call: Call, query: CalendarQuery) -> list[UUID] | None:
    """The requested doctors whose columns the user may see; None: all."""
    ids, only = query.doctor_ids or None, call.only_doctor_id
    if only is None:
        return ids
    return [only] if ids is None or only in ids else []


def _columns(call: Call, conn: Connection[Any], query: CalendarQuery, ids: list[UUID] | None) -> dict[str, Any]:
    values = settings_read.current(conn).values
    return {
        "days": query.days,
        "clinic_hours": [
            {"date": day, "intervals": hours_pairs(hours)}
            for day, hours in working_hours.clinic_hours(conn, query.first, query.last).items()
        ],
        "doctors": calendar_read.doctors(conn, query.first, query.last, ids),
        "settings": {
            "step": values["calendar_step"],
            "patients_at_once": values["patients_at_once"],
            "visit_without_doctor": values["visit_without_doctor"] and call.only_doctor_id is None,
        },
    }


@routes.get(
    "/calendar/statistics",
    NeedsRight("calendar_statistics"),
    answer=DayStatistics,
    reads=("calendar", "patients", "employees", "settings", "money_documents", "closed_days", "catalogue"),
)
def statistics(call: Call, query: Annotated[StatisticsQuery, Query()]) -> Any:
    """Visits of a day, and what the desk for statistics moved on it. With their own schedule only, users get their own visits."""
    desk_id = call.clinic.load(ClinicSettings, SETTINGS_ID).references().get("statistics_cash_desk")
    with call.reading() as conn:
        return call.answer(day_statistics.of_day(conn, query.day, desk_id, only_doctor_id=call.only_doctor_id))
