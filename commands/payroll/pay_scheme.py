"""Commands of schemes of pay."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from aggregates.catalogues import ServiceCategory
from aggregates.clinic.service import Service
from aggregates.kernel import Aggregate
from aggregates.payroll.pay_scheme import PayScheme
from aggregates.payroll.pay_terms import PayRate, PayStep
from aggregates.people.employee import Employee
from commands.context import Context, Receipt
from commands.ports.clinic import Clinic
from commands.references import Reference, newly_chosen
from commands.retry import retried

_RATED: Mapping[str, type[Aggregate]] = {"service": Service, "category": ServiceCategory}


@retried
def create_pay_scheme(
    clinic: Clinic,
    ctx: Context,
    card: Mapping[str, Any],
    rates: Sequence[PayRate] = (),
    steps: Sequence[PayStep] = (),
    *,
    scheme_id: UUID | None = None,
) -> Receipt:
    """PaySchemeExists, EmployeeDeleted, ServiceDeleted, EntryDeleted, AggregateNotFound, WrongValue, WrongValues."""
    scheme = PayScheme(scheme_id or uuid4())
    scheme.create(card, rates, steps, at=ctx.now)
    relied = newly_chosen(clinic, [(Employee, scheme.employee_id), *_rated(scheme)])
    return clinic.save(scheme, ctx=ctx, if_unchanged=relied)


@retried
def change_pay_scheme(
    clinic: Clinic,
    ctx: Context,
    scheme_id: UUID,
    fields: Mapping[str, Any],
    rates: Sequence[PayRate] | None = None,
    steps: Sequence[PayStep] | None = None,
    *,
    expected: int | None = None,
) -> Receipt:
    """Change the given fields, all rates and all steps if given. Refusals as of `create_pay_scheme`, PaySchemeDeleted."""
    scheme = clinic.load(PayScheme, scheme_id, expected=expected)
    before = _rated(scheme)
    scheme.change(fields, rates, steps, at=ctx.now)
    return clinic.save(scheme, ctx=ctx, if_unchanged=newly_chosen(clinic, _rated(scheme), before))


@retried
def delete_pay_scheme(clinic: Clinic, ctx: Context, scheme_id: UUID, *, expected: int | None = None) -> Receipt:
    """AlreadyDeleted."""
    scheme = clinic.load(PayScheme, scheme_id, expected=expected)
    scheme.delete(at=ctx.now)
    return clinic.save(scheme, ctx=ctx)


@retried
def return_pay_scheme(clinic: Clinic, ctx: Context, scheme_id: UUID, *, expected: int | None = None) -> Receipt:
    """NotDeleted, PaySchemeExists (DEL-2)."""
    scheme = clinic.load(PayScheme, scheme_id, expected=expected)
    scheme.return_(at=ctx.now)
    return clinic.save(scheme, ctx=ctx)


def _rated(scheme: PayScheme) -> list[Reference]:
    return [(_RATED[rate.kind], rate.item_id) for rate in scheme.rates]
