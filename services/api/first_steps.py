"""The first steps of a new clinic, for the guide that leads through them."""

from typing import Any

from readmodels import first_steps as first_steps_read
from services.api.http.call import Call
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.schemas import Schema

routes = Routes("first_steps")


@mirrors(first_steps_read.FirstSteps)
class FirstSteps(Schema):
    """Which of the steps clinic, hours, staff, services, booking are done. `working_day`: the next day, or today, on which a
    doctor works; null if there is none within two months, or if a visit has been booked already.
    """


@routes.get(
    "/first-steps",
    NeedsRight("clinic_info"),
    answer=FirstSteps,
    reads=("settings", "schedule_versions", "employees", "services", "calendar", "working_weeks", "working_days"),
)
def first_steps(call: Call) -> Any:
    """The steps on the way to the first booking that are done."""
    with call.reading() as conn:
        return call.answer(first_steps_read.first_steps(conn, call.local_now))
