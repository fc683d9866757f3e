"""Signing in and out, and who the user is."""

from pathlib import PurePath
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from aggregates.access.rights_set import RightsSet
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.people.employee import Employee
from commands.clinic.opening import is_open
from services.api.access.device import device_of
from services.api.http.authentication import Place
from services.api.http.call import Call
from services.api.http.principal import (
    Principal,
    browser_of,
    cookies_of_sign_in,
    cookies_of_sign_out,
    is_secure,
    old_token_of,
    token_of,
)
from services.api.http.routes import Public, Routes, SignedIn
from services.api.schemas import OF_REQUEST, Email, Ref, Schema, WallClock
from services.process.program_name import PROGRAM

routes = Routes("session")


class SignIn(Schema):
    email: Annotated[Email, OF_REQUEST]
    password: Annotated[str, Field(max_length=1024), OF_REQUEST]
    code: Annotated[str, Field(max_length=40), OF_REQUEST] = ""
    """The second factor's code; required after `second_factor_required`."""


class ClinicNow(Schema):
    """What every screen needs from the clinic. `now`: its wall clock; `region`: the region's name; `zone`: an IANA name."""

    name: str
    region: str
    zone: str
    calendar_step: int
    show_deleted: bool
    create_services: bool
    create_goods: bool
    certificates: bool
    """It uses them."""
    now: WallClock


class Me(Schema):
    """The signed-in user."""

    user_id: UUID
    employee_id: UUID
    name: str
    email: str
    rights: list[str]
    rights_set: Ref
    start_page: str
    own_schedule_only: bool
    """The user sees and changes only their own visits."""
    own_patients_only: bool
    """The user sees and changes only the cards of their own patients."""
    clinic: ClinicNow


class SignInPage(Schema):
    """What the sign-in page shows. `clinic_opened`: this database holds a clinic; `program`: the name of the command line
    program, without a path of this machine.
    """

    clinic_opened: bool
    program: str


@routes.get("/sign-in-page", Public, answer=SignInPage)
def sign_in_page(call: Call) -> Any:
    """What somebody who isn't signed in may know: whether there is a clinic to sign in to, and the name of the program."""
    name = "denta" if PurePath(PROGRAM).is_absolute() else PROGRAM
    return call.answer({"clinic_opened": is_open(call.clinic), "program": name})


@routes.post("/session", Public, answer=Me, refusals=(401, 429), repeating="refused")
def sign_in(call: Call, body: SignIn) -> Any:
    """Sign in with e-mail, password and, if the second factor is on, a code. Sets the session cookie `denta_session` (behind TLS
    `__Host-denta_session`), and a cookie that identifies this browser at later sign-ins.
    """
    place = Place(call.address, device_of(call.headers.get("user-agent", "")), browser_of(call.scope))
    signed_in = call.components.authentication.sign_in(body.email, body.password, body.code, place)
    if old := old_token_of(call.scope):
        call.denta.sessions.end(old)
    response = call.answer(_me(call, call.components.principals.of(signed_in.token)))
    for cookie in cookies_of_sign_in(signed_in.token, signed_in.browser, secure=is_secure(call.scope)):
        response.headers.append("Set-Cookie", cookie)
    return response


@routes.delete("/session", SignedIn, answer=None, status=204, repeating="refused")
def sign_out(call: Call) -> Any:
    """End this session."""
    token = token_of(call.scope)
    call.denta.sessions.end(token)
    call.components.live.close_sockets_of(token)
    response = call.nothing({"Clear-Site-Data": '"cache"'})
    for cookie in cookies_of_sign_out(secure=is_secure(call.scope)):
        response.headers.append("Set-Cookie", cookie)
    return response


@routes.get("/me", SignedIn, answer=Me)
def me(call: Call) -> Any:
    """The signed-in user with their rights and start page, and the clinic with its present time."""
    return call.answer(_me(call, call.principal))


def _me(call: Call, principal: Principal) -> dict[str, Any]:
    employee = call.clinic.load(Employee, principal.employee_id)
    rights_set = call.clinic.load(RightsSet, principal.rights_set_id)
    settings = call.clinic.load(ClinicSettings, SETTINGS_ID)
    now = call.denta.clock().astimezone(settings.time_zone).replace(tzinfo=None, microsecond=0)
    return {
        "user_id": principal.user_id,
        "employee_id": principal.employee_id,
        "name": employee.name.full,
        "email": principal.email,
        "rights": list(rights_set.rights),
        "rights_set": {"id": rights_set.id, "name": rights_set.name},
        "start_page": rights_set.start_page,
        "own_schedule_only": rights_set.own_schedule_only,
        "own_patients_only": rights_set.own_patients_only,
        "clinic": {
            "name": settings.clinic_name,
            "region": settings.region.name,
            "zone": settings.region.zone.name,
            "calendar_step": settings.calendar_step,
            "show_deleted": settings.show_deleted,
            "create_services": settings.create_services,
            "create_goods": settings.create_goods,
            "certificates": settings.uses_certificates,
            "now": now,
        },
    }
