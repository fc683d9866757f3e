"""Commands of users' access. Those that may take away the last right to manage rights hold the clinic's write lock (ACL-5)."""

from uuid import UUID

from aggregates.access.rights_set import RightsSet
from aggregates.access.user_access import UserAccess, access_id_of
from aggregates.people.employee import Employee, EmployeeDeleted
from aggregates.values import WrongValue
from commands.context import Context, Receipt
from commands.ports.clinic import AggregateNotFound, Clinic
from commands.retry import retried


@retried
def grant_access(
    clinic: Clinic,
    ctx: Context,
    employee_id: UUID,
    email: str | None = None,
    rights_set_id: UUID | None = None,
    password_hash: str | None = None,
) -> Receipt:
    """«Разрешить доступ к системе»: grant access, which needs all three values, or change those that aren't None.

    So setting a password doesn't undo what somebody else has changed or withdrawn meanwhile.
    EmailTaken, LastRightsManager, EmployeeDeleted, RightsSetDeleted, WrongValue.
    """
    with clinic.write_lock():
        if clinic.load(Employee, employee_id).deleted:
            raise EmployeeDeleted(employee_id=employee_id)
        rights_set = None if rights_set_id is None else _active_rights_set(clinic, rights_set_id)
        access = find(clinic, access_id_of(employee_id))
        if access is not None and access.allowed:
            if email is not None:
                access.change_email(email, at=ctx.now)
            if rights_set is not None:
                managers = rights_managers(clinic)
                access.assign_rights_set(rights_set.id, manages=rights_set.manages, managers=managers, at=ctx.now)
        else:
            if email is None:
                raise WrongValue("email", "У сотрудника нет доступа. Чтобы его дать, укажите e-mail для входа.")
            if rights_set is None:
                raise WrongValue("rights_set_id", "Выберите набор прав.")
            if password_hash is None:
                raise WrongValue("password", "Задайте пароль: без него сотрудник не сможет войти.")
            access = access or UserAccess(access_id_of(employee_id))
            access.grant(employee_id, email, rights_set.id, at=ctx.now)
        if password_hash is not None:
            access.note_password(at=ctx.now)
        return clinic.save(access, ctx=ctx, passwords=_secret(access, password_hash))


@retried
def set_password(clinic: Clinic, ctx: Context, employee_id: UUID, password_hash: str) -> Receipt:
    access = clinic.load(UserAccess, access_id_of(employee_id))
    access.note_password(at=ctx.now)
    return clinic.save(access, ctx=ctx, passwords=_secret(access, password_hash))


@retried
def assign_rights_set(clinic: Clinic, ctx: Context, employee_id: UUID, rights_set_id: UUID) -> Receipt:
    with clinic.write_lock():
        access = clinic.load(UserAccess, access_id_of(employee_id))
        manages = _active_rights_set(clinic, rights_set_id).manages
        access.assign_rights_set(rights_set_id, manages=manages, managers=rights_managers(clinic), at=ctx.now)
        return clinic.save(access, ctx=ctx)


@retried
def enable_second_factor(clinic: Clinic, ctx: Context, employee_id: UUID) -> Receipt:
    """The caller stores the secret outside the log in the same transaction. SecondFactorOn, NoAccess."""
    access = clinic.load(UserAccess, access_id_of(employee_id))
    access.enable_second_factor(at=ctx.now)
    return clinic.save(access, ctx=ctx)


@retried
def remove_second_factor(clinic: Clinic, ctx: Context, employee_id: UUID) -> Receipt:
    """SecondFactorOff."""
    access = clinic.load(UserAccess, access_id_of(employee_id))
    access.remove_second_factor(at=ctx.now)
    return clinic.save(access, ctx=ctx)


@retried
def withdraw_access(clinic: Clinic, ctx: Context, employee_id: UUID) -> Receipt:
    with clinic.write_lock():
        access = clinic.load(UserAccess, access_id_of(employee_id))
        access.withdraw(rights_managers(clinic), at=ctx.now)
        return clinic.save(access, ctx=ctx)


def find(clinic: Clinic, access_id: UUID) -> UserAccess | None:
    """The access, or None if there never was one."""
    try:
        return clinic.load(UserAccess, access_id)
    except AggregateNotFound:
        return None


def rights_managers(clinic: Clinic) -> frozenset[UUID]:
    """Access ids of all who can manage rights now."""
    return frozenset(
        access.access_id for access in clinic.accesses.all() if clinic.cached(RightsSet, access.rights_set_id).manages
    )


def _active_rights_set(clinic: Clinic, rights_set_id: UUID) -> RightsSet:
    """The rights set to assign. RightsSetDeleted."""
    rights_set = clinic.load(RightsSet, rights_set_id)
    rights_set.require_active()
    return rights_set


def _secret(access: UserAccess, password_hash: str | None) -> dict[UUID, str]:
    return {} if password_hash is None else {access.id: password_hash}
