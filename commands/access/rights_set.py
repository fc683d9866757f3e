"""Commands of rights sets. Those that may take away the last right to manage rights, or a set in use, hold the clinic's write
lock (ACL-5).
"""

from collections.abc import Sequence
from uuid import UUID, uuid4

from aggregates.access.rights_set import RightsSet
from commands.context import Context, Receipt
from commands.ports.clinic import Clinic
from commands.retry import retried


@retried
def create_rights_set(
    clinic: Clinic,
    ctx: Context,
    name: str,
    start_page: str,
    rights: Sequence[str],
    *,
    own_schedule_only: bool = False,
    opens_all_patients: bool = False,
    rights_set_id: UUID | None = None,
) -> Receipt:
    """RightsSetNameTaken, WrongValue."""
    rights_set = RightsSet(rights_set_id or uuid4())
    options = {"own_schedule_only": own_schedule_only, "opens_all_patients": opens_all_patients}
    rights_set.create(name, start_page, rights, **options, at=ctx.now)
    return clinic.save(rights_set, ctx=ctx)


@retried
def change_rights_set(
    clinic: Clinic,
    ctx: Context,
    rights_set_id: UUID,
    *,
    name: str | None = None,
    start_page: str | None = None,
    rights: Sequence[str] | None = None,
    own_schedule_only: bool | None = None,
    opens_all_patients: bool | None = None,
    expected: int | None = None,
) -> Receipt:
    """None = unchanged. RightsSetNameTaken, WrongValue, RightsSetDeleted, LastManagingSet, AdministratorSetProtected."""
    with clinic.write_lock():
        rights_set = clinic.load(RightsSet, rights_set_id, expected=expected)
        rights_set.change(
            name=name,
            start_page=start_page,
            rights=rights,
            own_schedule_only=own_schedule_only,
            opens_all_patients=opens_all_patients,
            holders=_holders(clinic, rights_set_id),
            others_manage=_others_manage(clinic, rights_set_id),
            at=ctx.now,
        )
        return clinic.save(rights_set, ctx=ctx)


@retried
def delete_rights_set(clinic: Clinic, ctx: Context, rights_set_id: UUID, *, expected: int | None = None) -> Receipt:
    """RightsSetInUse while somebody has it, AdministratorSetProtected."""
    with clinic.write_lock():
        rights_set = clinic.load(RightsSet, rights_set_id, expected=expected)
        rights_set.delete(_holders(clinic, rights_set_id), at=ctx.now)
        return clinic.save(rights_set, ctx=ctx)


@retried
def return_rights_set(clinic: Clinic, ctx: Context, rights_set_id: UUID, *, expected: int | None = None) -> Receipt:
    """RightsSetNameTaken if another set has the name by now (DEL-2)."""
    rights_set = clinic.load(RightsSet, rights_set_id, expected=expected)
    rights_set.return_(at=ctx.now)
    return clinic.save(rights_set, ctx=ctx)


def _holders(clinic: Clinic, rights_set_id: UUID) -> list[UUID]:
    """Ids of employees with active access and this set."""
    return [access.employee_id for access in clinic.accesses.all() if access.rights_set_id == rights_set_id]


def _others_manage(clinic: Clinic, rights_set_id: UUID) -> bool:
    """Whether somebody can manage rights by another set."""
    others = {access.rights_set_id for access in clinic.accesses.all()} - {rights_set_id}
    return any(clinic.cached(RightsSet, other).manages for other in others)
