"""Access of employees to the system."""

from contextlib import nullcontext
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from aggregates.access.password import MOST, check_password
from aggregates.access.user_access import access_id_of
from aggregates.people.employee import Employee
from commands.access import user_access as commands
from services.api.http.call import Call
from services.api.http.routes import NeedsRight, Routes
from services.api.schemas import Done, Email, Schema

routes = Routes("access")


class AccessGrant(Schema):
    """Omitted fields stay; new access needs all of them."""

    email: Email | None = None
    password: Annotated[str, Field(max_length=MOST)] | None = None
    rights_set_id: UUID | None = None


@routes.put("/employees/{employee_id}/access", NeedsRight("employees"), answer=Done)
def give(call: Call, employee_id: UUID, body: AccessGrant) -> Any:
    """Give an employee access, or change their e-mail, password or rights set. A new password ends their sessions."""
    hashed = None
    if body.password is not None:
        present = commands.find(call.clinic, access_id_of(employee_id))
        email = body.email or (present.email if present else "")
        check_password(body.password, (email, call.clinic.load(Employee, employee_id).name.full))
        hashed = call.components.authentication.hash(body.password)
    ctx = call.context("grant_access", secret=hashed is not None)
    with nullcontext() if hashed is None else call.clinic.write_lock():  # no session may outlive its password
        receipt = commands.grant_access(call.clinic, ctx, employee_id, body.email, body.rights_set_id, hashed)
        if hashed is not None:
            call.denta.sessions.end_all(access_id_of(employee_id))
    call.components.live.recheck_sessions()
    return call.done(receipt)


@routes.delete("/employees/{employee_id}/access", NeedsRight("employees"), answer=Done)
def withdraw(call: Call, employee_id: UUID) -> Any:
    """Withdraw an employee's access; their sessions end at once."""
    receipt = commands.withdraw_access(call.clinic, call.context("withdraw_access"), employee_id)
    call.components.live.recheck_sessions()
    return call.done(receipt)


@routes.delete("/employees/{employee_id}/access/second-factor", NeedsRight("rights"), answer=Done)
def remove_second_factor(call: Call, employee_id: UUID) -> Any:
    """Turn off the second factor of a user who has lost their phone and recovery codes."""
    with call.clinic.write_lock():
        receipt = commands.remove_second_factor(call.clinic, call.context("remove_second_factor"), employee_id)
        if not receipt.repeated:  # a repeated request must not remove a newer one
            call.denta.second_factors.remove(access_id_of(employee_id))
    return call.done(receipt)
