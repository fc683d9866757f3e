"""Commands of accruals of pay. Days before the settings' bound are closed to all of them.

What is calculated comes in as an argument: the queries of it are read models'. Posting compares under the write lock that it was
calculated by the accruals that are in effect now.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.payroll.pay_accrual import PAY_ACCRUAL_NUMBERS, Calculation, CalculationChanged, PayAccrual
from aggregates.payroll.pay_lines import ExtraLine
from aggregates.people.employee import Employee
from commands.context import Context, Receipt
from commands.payroll.excess import accepted_excess
from commands.ports.clinic import Clinic
from commands.retry import retried


@retried
def create_pay_accrual(
    clinic: Clinic,
    ctx: Context,
    card: Mapping[str, Any],
    extras: Sequence[ExtraLine] = (),
    calculation: Calculation | None = None,
    *,
    seen: Decimal | None = None,
    accrual_id: UUID | None = None,
) -> Receipt:
    """A draft; with a calculation a posted accrual. Facts: `number`.

    Who has left is still paid what they earned. PeriodClosed, AggregateNotFound, WrongValue, WrongValues; refusals as of
    `post_pay_accrual`.
    """
    id_ = accrual_id or uuid4()
    draft = PayAccrual(id_)
    draft.create(0, card, extras, at=ctx.now)  # what is refused takes no number
    settings = _open(clinic, draft)
    with clinic.write_lock():
        relied = [settings, clinic.cached(Employee, draft.employee_id)]
        _post(clinic, ctx, draft, calculation, seen)
        accrual = PayAccrual(id_)
        accrual.create(clinic.numbers.next(PAY_ACCRUAL_NUMBERS), card, extras, at=ctx.now)
        _post(clinic, ctx, accrual, calculation, seen)
        return clinic.save(accrual, ctx=ctx, if_unchanged=relied, facts={"number": accrual.number})


@retried
def change_pay_accrual(
    clinic: Clinic,
    ctx: Context,
    accrual_id: UUID,
    fields: Mapping[str, Any],
    extras: Sequence[ExtraLine] | None = None,
    *,
    expected: int | None = None,
) -> Receipt:
    """Of a draft. PayAccrualPosted, PayAccrualDeleted; refusals as of `create_pay_accrual`, also for the date before."""
    accrual = clinic.load(PayAccrual, accrual_id, expected=expected)
    settings = _open(clinic, accrual)
    accrual.change(fields, extras, at=ctx.now)
    _open(clinic, accrual)
    return clinic.save(accrual, ctx=ctx, if_unchanged=[settings, clinic.cached(Employee, accrual.employee_id)])


@retried
def post_pay_accrual(
    clinic: Clinic,
    ctx: Context,
    accrual_id: UUID,
    calculation: Calculation,
    *,
    seen: Decimal | None = None,
    expected: int | None = None,
) -> Receipt:
    """From then on the employee is owed what it comes to. `seen`: the total that the person has seen.

    PeriodClosed, CalculationOutdated, CalculationChanged, NothingToAccrue, TooManyPayLines, PayAccrualPosted.
    """
    accrual = clinic.load(PayAccrual, accrual_id, expected=expected)
    settings = _open(clinic, accrual)
    with clinic.write_lock():
        _post(clinic, ctx, accrual, calculation, seen)
        return clinic.save(accrual, ctx=ctx, if_unchanged=[settings])


@retried
def unpost_pay_accrual(clinic: Clinic, ctx: Context, accrual_id: UUID, *, expected: int | None = None) -> Receipt:
    """A draft again. PeriodClosed, PayAccrualNotPosted; NeedsConfirmation where more was paid than is then owed."""
    accrual = clinic.load(PayAccrual, accrual_id, expected=expected)
    settings = _open(clinic, accrual)
    with clinic.write_lock():
        after = accrual.copy()
        after.unpost(at=ctx.now)
        accrual.unpost(despite=accepted_excess(clinic, ctx, after), at=ctx.now)
        return clinic.save(accrual, ctx=ctx, if_unchanged=[settings])


@retried
def delete_pay_accrual(clinic: Clinic, ctx: Context, accrual_id: UUID, *, expected: int | None = None) -> Receipt:
    """PeriodClosed, AlreadyDeleted; NeedsConfirmation as of `unpost_pay_accrual`."""
    accrual = clinic.load(PayAccrual, accrual_id, expected=expected)
    settings = _open(clinic, accrual)
    with clinic.write_lock():
        beside = clinic.pay_accounts.in_effect(accrual.employee_id) - {accrual.posting_id}
        after = accrual.copy()
        after.delete(beside, at=ctx.now)
        despite = accepted_excess(clinic, ctx, after) if accrual.posted else ()
        accrual.delete(beside, despite=despite, at=ctx.now)
        return clinic.save(accrual, ctx=ctx, if_unchanged=[settings])


@retried
def return_pay_accrual(clinic: Clinic, ctx: Context, accrual_id: UUID, *, expected: int | None = None) -> Receipt:
    """In effect again if it was, and if nothing else of the employee was accrued or taken back since; else as a draft (DEL-2).

    PeriodClosed, NotDeleted.
    """
    accrual = clinic.load(PayAccrual, accrual_id, expected=expected)
    settings = _open(clinic, accrual)
    with clinic.write_lock():
        accrual.return_(clinic.pay_accounts.in_effect(accrual.employee_id), at=ctx.now)
        return clinic.save(accrual, ctx=ctx, if_unchanged=[settings])


def _post(clinic: Clinic, ctx: Context, accrual: PayAccrual, calculation: Calculation | None, seen: Decimal | None) -> None:
    if calculation is None:
        return
    accrual.post(calculation, clinic.pay_accounts.in_effect(accrual.employee_id), at=ctx.now)
    if seen is not None and seen != accrual.total:
        raise CalculationChanged(total=accrual.total, seen=seen)


def _open(clinic: Clinic, accrual: PayAccrual) -> ClinicSettings:
    """PeriodClosed."""
    settings = clinic.cached(ClinicSettings, SETTINGS_ID)
    settings.require_open(accrual.day)
    return settings
