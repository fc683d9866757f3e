"""Commands of employees. Hiring, deleting and returning also change the schedule, in the same save.

Commands that may take a doctor from coming visits hold the clinic's write lock, so that no booking comes in between (SCH-15).
"""

from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any
from uuid import UUID, uuid4

from aggregates.access.user_access import access_id_of
from aggregates.catalogues import Position, Warehouse
from aggregates.files import StoredFile
from aggregates.people.employee import EMPLOYEE_NUMBERS, Employee
from aggregates.people.staff_record import CODES, NOTHING_KNOWN, StaffRecord, code_refused
from aggregates.scheduling.schedule import SCHEDULE_ID, EmployeeHasVisits, Schedule
from commands.access.user_access import find, rights_managers
from commands.context import Context, Receipt
from commands.live_visits import live_visits
from commands.ports.clinic import Clinic
from commands.references import Reference, newly_chosen
from commands.retry import retried


@retried
def hire(clinic: Clinic, ctx: Context, card: dict[str, Any], *, employee_id: UUID | None = None) -> Receipt:
    """A new employee, who follows the organisation's hours (SCH-2). `card`: see `Employee.hire`.

    EntryDeleted of a position or warehouse, InternalNumberTaken, AggregateNotFound, WrongValue.
    """
    employee, schedule = Employee(employee_id or uuid4()), clinic.load(Schedule, SCHEDULE_ID)
    employee.hire(clinic.numbers.next(EMPLOYEE_NUMBERS), card, at=ctx.now)
    schedule.add_employee(employee.id, at=ctx.now)
    _require_codes(clinic, employee.record, NOTHING_KNOWN)
    chosen = newly_chosen(clinic, _referred(employee.record))
    return clinic.save(employee, schedule, ctx=ctx, if_unchanged=chosen, facts={"number": employee.number})


@retried
def change_card(
    clinic: Clinic, ctx: Context, employee_id: UUID, fields: dict[str, Any], *, expected: int | None = None
) -> Receipt:
    """Change the given fields. Refusals as of `hire`, and EmployeeHasVisits if a doctor with live visits would stop taking
    visits. An unchanged position or warehouse may be deleted.
    """
    with clinic.write_lock() if "takes_visits" in fields else nullcontext():
        employee = clinic.load(Employee, employee_id, expected=expected)
        took_visits, before = employee.takes_visits, employee.record
        employee.change_card(fields, at=ctx.now)
        _require_codes(clinic, employee.record, before)
        if took_visits and not employee.takes_visits:
            schedule = clinic.load(Schedule, SCHEDULE_ID)
            schedule.require_no_visits(employee_id, live_visits(clinic, ctx, frozenset({employee_id})))
        return clinic.save(employee, ctx=ctx, if_unchanged=newly_chosen(clinic, _referred(employee.record), _referred(before)))


@retried
def change_photo(
    clinic: Clinic, ctx: Context, employee_id: UUID, photo: StoredFile | None, *, expected: int | None = None
) -> Receipt:
    """Set or remove the photo; its file is in the store already. EmployeeDeleted."""
    employee = clinic.load(Employee, employee_id, expected=expected)
    employee.change_photo(photo, at=ctx.now)
    return clinic.save(employee, ctx=ctx)


@retried
def delete_employee(clinic: Clinic, ctx: Context, employee_id: UUID, *, expected: int | None = None) -> Receipt:
    """Delete an employee and withdraw their access. EmployeeHasVisits, LastRightsManager."""
    with clinic.write_lock():
        employee = clinic.load(Employee, employee_id, expected=expected)
        employee.delete(at=ctx.now)
        schedule = clinic.load(Schedule, SCHEDULE_ID)
        schedule.remove_employee(employee_id, live_visits(clinic, ctx, frozenset({employee_id})), at=ctx.now)
        access = find(clinic, access_id_of(employee_id))
        if access is not None and access.allowed:
            access.withdraw(rights_managers(clinic), at=ctx.now)
        return clinic.save(employee, schedule, *([access] if access else []), ctx=ctx)


def deletion_conflicts(clinic: Clinic, ctx: Context, employee_id: UUID) -> EmployeeHasVisits | None:
    """The refusal that deleting the employee, or stopping their visits, would meet now."""
    clinic.load(Employee, employee_id)
    schedule = clinic.load(Schedule, SCHEDULE_ID)
    return schedule.conflicting_visits(employee_id, live_visits(clinic, ctx, frozenset({employee_id})))


@retried
def return_employee(clinic: Clinic, ctx: Context, employee_id: UUID, *, expected: int | None = None) -> Receipt:
    """Return an employee with their old hours (DEL-2); access has to be granted again. InternalNumberTaken."""
    employee, schedule = clinic.load(Employee, employee_id, expected=expected), clinic.load(Schedule, SCHEDULE_ID)
    employee.return_(at=ctx.now)
    schedule.return_employee(employee_id, at=ctx.now)
    return clinic.save(employee, schedule, ctx=ctx)


def _require_codes(clinic: Clinic, record: StaffRecord, before: StaffRecord) -> None:
    """A changed code has to be in its federal dictionary, if that is loaded. WrongValue."""
    for field, oid in CODES.items():
        code = getattr(record, field)
        if code and code != getattr(before, field):
            state = clinic.dictionaries.find_code(oid, code)
            if state in {"unknown", "outdated"}:
                raise code_refused(field, code, outdated=state == "outdated")


def _referred(record: StaffRecord) -> Iterable[Reference]:
    if record.position_id:
        yield Position, record.position_id
    if record.warehouse_id:
        yield Warehouse, record.warehouse_id
