"""Schemes of pay."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from aggregates.payroll.pay_scheme import PayScheme
from projections.audience import Audience
from projections.declaration import Own, Projection
from projections.deletion import deletable
from projections.existing import changed, existing
from readmodels.payroll.pay_schemes import TABLE, PaySchemeRow


def _created(_: PaySchemeRow | None, event: PayScheme.Created) -> PaySchemeRow:
    return PaySchemeRow(
        scheme_id=event.originator_id,
        employee_id=UUID(str(event.card["employee_id"])),
        starts_on=date.fromisoformat(str(event.card["starts_on"])),
        card=event.card,
        rates=event.rates,
        steps=event.steps,
        deleted=False,
        version=event.originator_version,
    )


def _changed(row: PaySchemeRow, event: PayScheme.Changed) -> PaySchemeRow:
    card = {**row.card, **changed(event.changes)}
    return replace(
        row,
        starts_on=date.fromisoformat(str(card["starts_on"])),
        card=card,
        rates=event.rates.new if event.rates else row.rates,
        steps=event.steps.new if event.steps else row.steps,
        version=event.originator_version,
    )


PAY_SCHEMES = Projection(
    "pay_schemes",
    TABLE,
    revision=1,
    audience=Audience("pay_schemes", "payroll"),
    handlers={PayScheme.Created: Own(_created), PayScheme.Changed: Own(existing(_changed)), **deletable(PayScheme)},
    one_stream=True,
)
