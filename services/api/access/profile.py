"""«Профиль и безопасность»: a user's own password, second factor and sessions. None of it needs a right."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from aggregates.access.password import MOST, check_password
from aggregates.access.user_access import SecondFactorOn, UserAccess
from aggregates.people.employee import Employee
from aggregates.values import WrongValue
from commands.access import user_access as commands
from services.accounts.second_factor import new_recovery_codes, new_secret, qr_code, recovery_hash, step_of, typed_code
from services.api.http.call import Call
from services.api.http.principal import token_of
from services.api.http.problems import NoSuchObject
from services.api.http.routes import Routes, SignedIn
from services.api.schemas import OF_REQUEST, Done, Schema, WallClock

routes = Routes("profile")
Password = Annotated[str, Field(max_length=1024), OF_REQUEST]
Code = Annotated[str, Field(max_length=40), OF_REQUEST]


class SessionItem(Schema):
    """A browser that is signed in. `current`: this one."""

    id: UUID
    device: str
    address: str
    created_at: WallClock
    last_seen_at: WallClock
    current: bool


class Security(Schema):
    email: str
    second_factor: bool
    recovery_codes_left: int
    sessions: list[SessionItem]


class NewPassword(Schema):
    password: Password
    new_password: Annotated[str, Field(max_length=MOST)]


class PasswordConfirmation(Schema):
    """The user's password, as a confirmation."""

    password: Password


class PasswordAndCode(PasswordConfirmation):
    code: Code


class Enrolment(Schema):
    """`secret`: to type into the app; `qr_code`: the same as an image (data URI)."""

    secret: str
    qr_code: str


class Confirmation(Schema):
    code: Code


class NewRecoveryCodes(Done):
    """The recovery codes are shown only here."""

    recovery_codes: list[str]


@routes.get("/profile/security", SignedIn, answer=Security)
def security(call: Call) -> Any:
    """Security of the user's account, and where they are signed in."""
    me, zone = call.principal, call.zone

    def local(moment: Any) -> Any:
        return moment.astimezone(zone).replace(tzinfo=None, microsecond=0)

    return call.answer(
        {
            "email": me.email,
            "second_factor": call.clinic.load(UserAccess, me.user_id).second_factor,
            "recovery_codes_left": call.denta.second_factors.recovery_left(me.user_id),
            "sessions": [
                {
                    "id": session.id,
                    "device": session.device,
                    "address": session.address,
                    "created_at": local(session.created_at),
                    "last_seen_at": local(session.last_seen_at),
                    "current": session.current,
                }
                for session in call.denta.sessions.listing(me.user_id, token_of(call.scope))
            ],
        }
    )


@routes.post("/profile/password", SignedIn, answer=Done, refusals=(429,))
def change_password(call: Call, body: NewPassword) -> Any:
    """Change the password; all other sessions of the user end."""
    me, ctx = call.principal, call.context("set_password", secret=True)
    if (first := call.clinic.stored_receipt(ctx)) is not None:  # a repeated request: its old password doesn't match any more
        call.denta.sessions.end_all(me.user_id, but_token=token_of(call.scope))
        call.components.live.recheck_sessions()
        return call.done(first)
    call.components.authentication.confirm(me.user_id, body.password)
    about = me.email, call.clinic.load(Employee, me.employee_id).name.full
    check_password(body.new_password, about, field="new_password")
    hashed = call.components.authentication.hash(body.new_password)
    with call.clinic.write_lock():  # no session may outlive its password
        receipt = commands.set_password(call.clinic, ctx, me.employee_id, hashed)
        call.denta.sessions.end_all(me.user_id, but_token=token_of(call.scope))
    call.components.live.recheck_sessions()
    return call.done(receipt)


@routes.post("/profile/second-factor", SignedIn, answer=Enrolment, refusals=(429,))
def begin_second_factor(call: Call, body: PasswordConfirmation) -> Any:
    """A new secret for an authenticator app. Signing in requires a code only after the secret is confirmed."""
    me = call.principal
    call.components.authentication.confirm(me.user_id, body.password)
    if call.clinic.load(UserAccess, me.user_id).second_factor:
        raise SecondFactorOn(employee_id=me.employee_id)
    secret, factors = new_secret(), call.denta.second_factors
    with call.once("begin_second_factor", secret=True) as is_new:
        if is_new:
            factors.begin(me.user_id, secret)
        else:
            secret = factors.secret(me.user_id, enabled=False) or secret
    return call.answer({"secret": secret, "qr_code": qr_code(secret, me.email)})


@routes.post("/profile/second-factor/confirm", SignedIn, answer=NewRecoveryCodes)
def confirm_second_factor(call: Call, body: Confirmation) -> Any:
    """Turn the second factor on with a code of the app. Returns recovery codes; other sessions end."""
    me, factors = call.principal, call.denta.second_factors
    codes, ctx = new_recovery_codes(), call.context("enable_second_factor", secret=True)
    with call.clinic.write_lock():  # event and secret are written in one transaction
        receipt = commands.enable_second_factor(call.clinic, ctx, me.employee_id)
        secret = factors.secret(me.user_id, enabled=receipt.repeated)
        step = None if secret is None else step_of(secret, typed_code(body.code), call.denta.clock())
        if receipt.repeated:
            step = 0  # the code was accepted by the first request; new recovery codes replace the lost ones
        if step is None:
            raise WrongValue("code", "Код не подошёл. Проверьте часы телефона и введите код, который показан сейчас.")
        factors.enable(me.user_id, step, [recovery_hash(me.user_id, code) for code in codes])
        call.denta.sessions.end_all(me.user_id, but_token=token_of(call.scope))
    call.components.live.recheck_sessions()
    return call.done(receipt, recovery_codes=codes)


@routes.post("/profile/second-factor/remove", SignedIn, answer=Done, refusals=(429,))
def remove_second_factor(call: Call, body: PasswordAndCode) -> Any:
    """Turn the second factor off, with the password and a code."""
    me, ctx = call.principal, call.context("remove_second_factor", secret=True)
    if (first := call.clinic.stored_receipt(ctx)) is not None:  # a repeated request: there is no second factor any more
        return call.done(first)
    call.components.authentication.confirm(me.user_id, body.password, body.code)
    with call.clinic.write_lock():
        receipt = commands.remove_second_factor(call.clinic, ctx, me.employee_id)
        call.denta.second_factors.remove(me.user_id)
    return call.done(receipt)


@routes.delete("/profile/sessions/{session_id}", SignedIn, answer=None, status=204)
def end_session(call: Call, session_id: UUID) -> Any:
    """End one of the user's own sessions, on any device."""
    with call.once("end_session") as is_new:
        if is_new and not call.denta.sessions.end_one(call.principal.user_id, session_id):
            raise NoSuchObject(kind="session", id=session_id)
    call.components.live.recheck_sessions()
    return call.nothing({})


@routes.post("/profile/sessions/end-others", SignedIn, answer=None, status=204)
def end_other_sessions(call: Call) -> Any:
    """End all sessions of the user except this one."""
    with call.once("end_other_sessions") as is_new:
        if is_new:
            call.denta.sessions.end_all(call.principal.user_id, but_token=token_of(call.scope))
    call.components.live.recheck_sessions()  # after the commit: before it the sessions would still be valid
    return call.nothing({})
