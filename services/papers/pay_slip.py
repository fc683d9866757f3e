"""«Расчётный листок»: what an employee was accrued for a period, by kinds and, if asked, line by line (FIN-2)."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from aggregates.payroll.pay_lines import EXTRAS, PARTS, ExtraLine, Part
from readmodels.clinic.requisites import Requisites
from readmodels.payroll.pay_accruals import PayAccrualCard, ShownPayLine
from services.papers.layout import laid_out

NOTHING = Decimal("0.00")
MOST_SHOWN = 1_000
"""Lines on one paper."""
_UNITS: dict[Part, str] = {"monthly": "дн.", "guarantee": "дн.", "shift": "см.", "hour": "ч", "per_visit": "виз."}


class Kind(msgspec.Struct, frozen=True):
    """A row of the slip: what the lines of a kind come to. `quantity`: with its unit; `base`: what a percentage is of."""

    title: str
    quantity: Decimal | None
    unit: str
    base: Decimal | None
    sum: Decimal


def pay_slip(accrual: PayAccrualCard, clinic: Requisites, *, with_lines: bool) -> str:
    """The HTML of an accrual's slip. `with_lines`: with the visits, services and shifts that it comes from."""
    kinds = list(_kinds(accrual.lines, with_corrections=False))
    corrections = list(_kinds(accrual.lines, with_corrections=True))
    lines = accrual.lines if with_lines else []
    return laid_out(
        "pay_slip.html",
        accrual=accrual,
        clinic=clinic,
        kinds=[*kinds, *corrections],
        added=[_extra(one) for one in accrual.extras if one.amount > 0],
        taken=[_extra(one) for one in accrual.extras if one.amount < 0],
        lines=lines[:MOST_SHOWN],
        parts=PARTS,
        units=_UNITS,
        more=max(len(lines) - MOST_SHOWN, 0),
        left=accrual.total - accrual.paid,
        state="Документ удалён" if accrual.deleted else "" if accrual.posted else "Черновик, не проведён",
    )


def _kinds(lines: Sequence[ShownPayLine], *, with_corrections: bool) -> Iterable[Kind]:
    """Of the period, or what corrects what was accrued before."""
    for part, title in PARTS.items():
        of = [line for line in lines if line.part == part and line.correction == with_corrections]
        if not of:
            continue
        counted = part in _UNITS
        quantity = sum((line.quantity or Decimal(0) for line in of), Decimal(0)) if counted else None
        base = None if counted or part == "grid" else sum((line.base for line in of), NOTHING)
        named = f"{title}: исправления за прошлое" if with_corrections else title
        yield Kind(named, quantity, _UNITS.get(part, ""), base, sum((line.sum for line in of), NOTHING))


def _extra(extra: ExtraLine) -> Kind:
    return Kind(": ".join(filter(None, (EXTRAS[extra.kind], extra.note))), None, "", None, extra.amount)
