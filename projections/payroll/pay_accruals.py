"""Accruals of pay."""

from datetime import date
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from aggregates.payroll.pay_accrual import PayAccrual
from aggregates.payroll.pay_lines import ExtraLine, PayLine, total_of
from aggregates.values import Scalar
from projections.audience import Audience
from projections.declaration import Own, Projection
from projections.existing import changed, existing, sets
from readmodels.payroll.pay_accruals import TABLE, PayAccrualRow, searched


def _columns(card: dict[str, Scalar], extras: tuple[ExtraLine, ...], lines: tuple[PayLine, ...]) -> dict[str, Any]:
    return {
        "day": date.fromisoformat(str(card["date"])),
        "employee_id": UUID(str(card["employee_id"])),
        "first": date.fromisoformat(str(card["first"])),
        "last": date.fromisoformat(str(card["last"])),
        "card": card,
        "extras": extras,
        "lines": lines,
        "total": total_of(lines, extras),
        "search": searched(card, extras),
    }


def _created(_: PayAccrualRow | None, event: PayAccrual.Created) -> PayAccrualRow:
    return PayAccrualRow(
        id=event.originator_id,
        number=event.number,
        posted=False,
        deleted=False,
        version=event.originator_version,
        **_columns(event.card, event.extras, ()),
    )


def _changed(row: PayAccrualRow, event: PayAccrual.Changed) -> PayAccrualRow:
    extras = event.extras.new if event.extras else row.extras
    columns = _columns({**row.card, **changed(event.changes)}, extras, row.lines)
    return replace(row, version=event.originator_version, **columns)


def _posted(row: PayAccrualRow, event: PayAccrual.Posted) -> PayAccrualRow:
    columns = _columns(row.card, row.extras, event.lines)
    return replace(row, posted=True, postings=row.postings + 1, version=event.originator_version, **columns)


def _unposted(row: PayAccrualRow, event: PayAccrual.Unposted) -> PayAccrualRow:
    return replace(row, posted=False, version=event.originator_version, **_columns(row.card, row.extras, ()))


def _returned(row: PayAccrualRow, event: PayAccrual.Returned) -> PayAccrualRow:
    lines = row.lines if event.posted else ()
    columns = _columns(row.card, row.extras, lines)
    return replace(row, deleted=False, posted=event.posted, version=event.originator_version, **columns)


PAY_ACCRUALS = Projection(
    "pay_accruals",
    TABLE,
    revision=2,
    audience=Audience("payroll"),
    handlers={
        PayAccrual.Created: Own(_created),
        PayAccrual.Changed: Own(existing(_changed)),
        PayAccrual.Posted: Own(existing(_posted)),
        PayAccrual.Unposted: Own(existing(_unposted)),
        **sets(PayAccrual.Deleted, lambda _: {"deleted": True}),
        PayAccrual.Returned: Own(existing(_returned)),
    },
    one_stream=True,
)
