"""The question before an employee is paid above what is owed."""

from aggregates.money.money_document import MoneyDocument
from aggregates.money.pay_warnings import PaidAboveOwed, PayDespite
from aggregates.payroll.pay_accrual import PayAccrual
from aggregates.warnings import require_accepted
from commands.context import Context
from commands.ports.clinic import Clinic


def accepted_excess(clinic: Clinic, ctx: Context, document: PayAccrual | MoneyDocument) -> tuple[PayDespite, ...]:
    """What a person has accepted, for the event, if the document was saved as it is now. Asked inside `Clinic.write_lock()`.

    NeedsConfirmation.
    """
    if ctx.accepted is None:
        return ()
    excess = clinic.pay_accounts.excess(document)
    if not excess:
        return ()
    employee_id = document.employee_id if isinstance(document, PayAccrual) else document.card["employee_id"]
    warning = PaidAboveOwed(employee_id=employee_id, excess=excess)  # type: ignore[arg-type]  # an id as text in a head
    require_accepted([warning], ctx.accepted)
    return warning.stored
