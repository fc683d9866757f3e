"""Set-up of a new clinic: from an empty log to one that the administrator can sign in to, in one save."""

from typing import Any, ClassVar
from uuid import UUID, uuid4

from aggregates.access.rights import ADMINISTRATOR, PREDEFINED_SETS
from aggregates.access.rights_set import RightsSet
from aggregates.access.user_access import UserAccess, access_id_of
from aggregates.catalogues import FIRST_ENTRIES, CashDesk, Warehouse, first_entry_id
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.kernel import DomainError
from aggregates.people.employee import EMPLOYEE_NUMBERS, Employee
from aggregates.scheduling.hours import DEFAULT_WEEK, Week
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from commands.context import Context, Receipt
from commands.ports.clinic import AggregateNotFound, Clinic
from commands.retry import retried


class ClinicAlreadyOpen(DomainError):
    code: ClassVar[str] = "clinic_already_open"

    @property
    def sentence(self) -> str:
        return "Клиника уже заведена. Войдите в неё или выберите пустую базу данных."


_FIRST_CHOSEN = {
    "statistics_cash_desk": str(first_entry_id(CashDesk, "Основная касса")),
    "default_warehouse": str(first_entry_id(Warehouse, "Основной склад")),
    "write_off_warehouse": str(first_entry_id(Warehouse, "Основной склад")),
}
"""Initial settings that refer to `FIRST_ENTRIES`."""


@retried
def open_clinic(
    clinic: Clinic,
    ctx: Context,
    *,
    name: str,
    region: str,
    administrator: dict[str, Any],
    email: str,
    password_hash: str,
    organisation: Week = DEFAULT_WEEK,
    settings: dict[str, Any] | None = None,
    administrator_id: UUID | None = None,
) -> Receipt:
    """Settings, sets of rights, first entries of catalogues, schedule, and the first employee with all rights.

    `region`: a code of `aggregates.regions`; `administrator`: a card as `Employee.hire` takes; `settings`: values that
    differ from the defaults. The receipt is the employee's. ClinicAlreadyOpen, WrongValue.
    """
    if is_open(clinic):
        raise ClinicAlreadyOpen
    values = ClinicSettings(SETTINGS_ID)
    values.open({**_FIRST_CHOSEN, **(settings or {}), "clinic_name": name, "region": region}, at=ctx.now)
    sets = [RightsSet(predefined.id) for predefined in PREDEFINED_SETS]
    for rights_set, predefined in zip(sets, PREDEFINED_SETS, strict=True):
        rights_set.create(predefined.name, predefined.start_page, predefined.rights, at=ctx.now)
    employee = Employee(administrator_id or uuid4())
    employee.hire(clinic.numbers.next(EMPLOYEE_NUMBERS), administrator, at=ctx.now)
    schedule = Schedule(SCHEDULE_ID)
    schedule.open(organisation=organisation, at=ctx.now)
    schedule.add_employee(employee.id, at=ctx.now)
    access = UserAccess(access_id_of(employee.id))
    access.grant(employee.id, email, ADMINISTRATOR.id, at=ctx.now)
    access.note_password(at=ctx.now)
    entries = [kind(first_entry_id(kind, called)) for kind, called in FIRST_ENTRIES]
    for entry, (_, called) in zip(entries, FIRST_ENTRIES, strict=True):
        entry.create({"name": called}, at=ctx.now)
    return clinic.save(employee, values, *sets, *entries, schedule, access, ctx=ctx, passwords={access.id: password_hash})


def is_open(clinic: Clinic) -> bool:
    """Whether the log has a clinic."""
    try:
        clinic.load(ClinicSettings, SETTINGS_ID)
    except AggregateNotFound:
        return False
    return True
