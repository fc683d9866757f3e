"""Words of accruals of pay."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from aggregates.payroll.calculation import summed
from aggregates.payroll.pay_accrual import PAY_ACCRUAL_FIELDS, PayAccrual
from aggregates.payroll.pay_lines import EXTRAS, PARTS, ExtraLine, PayLine
from readmodels.words.accessed import DELETED, PERIOD, QUERY, AccessedList, Filter
from readmodels.words.declaration import ByNumber, Text, Words
from readmodels.words.pay_excess import accepted_excesses
from readmodels.words.values import (
    YES_NO,
    Change,
    Described,
    changed_fields,
    described_fields,
    filled_fields,
    format_rubles,
)

NAME = "'№ ' || number || ' от ' || to_char(day, 'DD.MM.YYYY')"
"""SQL: what an accrual is called: «№ 12 от 01.12.2026»."""


def _extras(extras: Iterable[ExtraLine]) -> str | None:
    """«Премия 1 000,00 ₽ (за март); Штраф 500,00 ₽»."""
    texts = (f"{EXTRAS[one.kind]} {format_rubles(one.sum)}{f' ({one.note})' if one.note else ''}" for one in extras)
    return "; ".join(texts) or None


def _parts(lines: Sequence[PayLine]) -> Iterable[tuple[str, str]]:
    """What was calculated, by parts: its lines are too many to be listed."""
    for part, amount in summed(lines).items():
        if amount:
            yield PARTS[part], format_rubles(amount)  # type: ignore[index]  # a part


def _created(event: PayAccrual.Created) -> Iterable[Change]:
    fields = PAY_ACCRUAL_FIELDS
    yield from filled_fields(fields, ((name, value) for name, value in event.card.items() if name in fields))
    if event.extras:
        yield Change("Дополнительно", None, _extras(event.extras))


def _changed(event: PayAccrual.Changed) -> Iterable[Change]:
    yield from changed_fields(PAY_ACCRUAL_FIELDS, event.changes)
    if event.extras:
        yield Change("Дополнительно", _extras(event.extras.old), _extras(event.extras.new))


def _posted(event: PayAccrual.Posted) -> Iterable[Change]:
    for part, amount in _parts(event.lines):
        yield Change(part, None, amount)
    yield Change("Всего", None, format_rubles(event.total))


def _effected(event: Any) -> Iterable[Change]:
    return accepted_excesses(event.despite)


def _refs(event: PayAccrual.Created) -> Iterable[UUID | None]:
    yield UUID(str(event.card["employee_id"]))


def _changed_refs(event: PayAccrual.Changed) -> Iterable[UUID | None]:
    for change in event.changes:
        if change.field == "employee_id":
            yield from (UUID(str(change.old)), UUID(str(change.new)))


def _returned(event: PayAccrual.Returned) -> Iterable[Change]:
    yield Change("Проведено", None, YES_NO[event.posted])


def _state(accrual: PayAccrual) -> Described:
    yield "Номер", str(accrual.number)
    yield from described_fields(PAY_ACCRUAL_FIELDS, accrual.card)
    yield from _parts(accrual.lines)
    yield "Дополнительно", _extras(accrual.extras)
    yield "Всего", format_rubles(accrual.total)
    yield "Проведено", YES_NO[accrual.posted]
    yield "Удалено", YES_NO[accrual.deleted]


PAY_ACCRUAL = Words(
    kind=PayAccrual,
    label="Начисление ЗП",
    title="Начисление ЗП {0}",
    names=f"SELECT id, {NAME} FROM pay_accruals WHERE id = ANY(%s)",
    found_by=ByNumber("SELECT id FROM pay_accruals WHERE number = ANY(%(numbers)s)"),
    numbered="SELECT id FROM pay_accruals WHERE number::text = %s",
    actions={
        "pay_accrual_created": "Новое начисление ЗП",
        "pay_accrual_changed": "Изменение начисления ЗП",
        "pay_accrual_posted": "Проведение начисления ЗП",
        "pay_accrual_unposted": "Отмена проведения начисления ЗП",
        "pay_accrual_deleted": "Удаление начисления ЗП",
        "pay_accrual_returned": "Возврат начисления ЗП",
    },
    events={
        PayAccrual.Created: Text("pay_accrual_created", ": создан черновик", _created, _refs),
        PayAccrual.Changed: Text("pay_accrual_changed", ": изменено начисление", _changed, _changed_refs),
        PayAccrual.Posted: Text("pay_accrual_posted", ": начисление проведено", _posted),
        PayAccrual.Unposted: Text("pay_accrual_unposted", ": проведение отменено", _effected),
        PayAccrual.Deleted: Text("pay_accrual_deleted", ": начисление удалено", _effected),
        PayAccrual.Returned: Text("pay_accrual_returned", ": начисление возвращено", _returned),
    },
    state=_state,
)

_EMPLOYEE = {"employee_id": Filter("сотрудник", refers="employee")}
_STATES = {"draft": "черновики", "posted": "проведённые"}
_SETTLED = {"owing": "кому должны", "all": "все"}
ACCRUALS_ACCESSED = AccessedList(
    type="pay_accrual",
    label="Начисления ЗП",
    path="/pay-accruals",
    rights=("payroll",),
    filters={
        **QUERY,
        **PERIOD,
        **_EMPLOYEE,
        "state": Filter("показаны", shown=lambda state: _STATES.get(state, state)),
        **DELETED,
    },
)
PAYROLL_ACCESSED = AccessedList(
    type="payroll", label="Расчёт ЗП", path="/payroll", rights=("payroll",), filters={**PERIOD, **_EMPLOYEE}
)
SETTLEMENTS_ACCESSED = AccessedList(
    type="pay_settlements",
    label="Расчёты с сотрудниками",
    path="/pay-settlements",
    rights=("payroll",),
    filters={
        **PERIOD,
        "day": Filter("на конец дня", shown=lambda day: ".".join(reversed(day.split("-")))),
        "show": Filter("показаны", shown=lambda show: _SETTLED.get(show, show)),
        **_EMPLOYEE,
    },
)
