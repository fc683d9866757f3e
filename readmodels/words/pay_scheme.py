"""Words of schemes of pay."""

from collections.abc import Iterable
from uuid import UUID

from aggregates.catalogues import ServiceCategory
from aggregates.clinic.service import Service
from aggregates.payroll.pay_scheme import PAY_SCHEME_FIELDS, PayScheme
from aggregates.payroll.pay_terms import PayRate, PayStep
from readmodels.people_names import FULL_NAME
from readmodels.words.declaration import Text, Words
from readmodels.words.values import (
    YES_NO,
    Change,
    Described,
    Named,
    changed_fields,
    described_fields,
    filled_fields,
    format_decimal,
    format_rubles,
)

_RATED = {"service": Service.TOPIC, "category": ServiceCategory.TOPIC}


def _percent(rate: PayRate | PayStep) -> str:
    return f"{format_decimal(str(rate.percent))} %"


def _changed_rates(old: Iterable[PayRate], new: Iterable[PayRate]) -> Iterable[Change]:
    before, after = ({rate.item_id: rate for rate in rates} for rates in (old, new))
    for id_ in before | after:
        was, now = before.get(id_), after.get(id_)
        if was != now:
            of = Named(_RATED[(now or was).kind], id_)  # type: ignore[union-attr]  # one of them is there
            yield Change("процент", _percent(was) if was else None, _percent(now) if now else None, of=of)


def _grid(steps: Iterable[PayStep]) -> str | None:
    """«от 0,00 ₽ – 25,00 %, от 300 000,00 ₽ – 30,00 %»."""
    return ", ".join(f"от {format_rubles(step.above)} – {_percent(step)}" for step in steps) or None


def _created(event: PayScheme.Created) -> Iterable[Change]:
    yield from filled_fields(
        PAY_SCHEME_FIELDS, ((name, value) for name, value in event.card.items() if name in PAY_SCHEME_FIELDS)
    )
    yield from _changed_rates((), event.rates)
    if event.steps:
        yield Change("Ступени шкалы", None, _grid(event.steps))


def _created_refs(event: PayScheme.Created) -> Iterable[UUID | None]:
    yield UUID(str(event.card["employee_id"]))
    yield from (rate.item_id for rate in event.rates)


def _changed(event: PayScheme.Changed) -> Iterable[Change]:
    yield from changed_fields(PAY_SCHEME_FIELDS, event.changes)
    if event.rates:
        yield from _changed_rates(event.rates.old, event.rates.new)
    if event.steps:
        yield Change("Ступени шкалы", _grid(event.steps.old), _grid(event.steps.new))


def _changed_refs(event: PayScheme.Changed) -> Iterable[UUID | None]:
    return {rate.item_id for rate in (*event.rates.old, *event.rates.new)} if event.rates else ()


def _state(scheme: PayScheme) -> Described:
    yield from described_fields(PAY_SCHEME_FIELDS, scheme.fields)
    for rate in scheme.rates:
        yield "", Change("процент", None, _percent(rate), of=Named(_RATED[rate.kind], rate.item_id))
    yield "Ступени шкалы", _grid(scheme.steps)
    yield "Удалена", YES_NO[scheme.deleted]


PAY_SCHEME = Words(
    kind=PayScheme,
    label="Схема начисления ЗП",
    title="Схема начисления ЗП: {0} с {1}",
    names=f"""SELECT s.scheme_id, {FULL_NAME.format("e")}, to_char(s.starts_on, 'DD.MM.YYYY')
      FROM pay_schemes s LEFT JOIN employees e ON e.employee_id = s.employee_id WHERE s.scheme_id = ANY(%s)""",
    actions={
        "pay_scheme_created": "Новая схема начисления ЗП",
        "pay_scheme_changed": "Изменение схемы начисления ЗП",
        "pay_scheme_deleted": "Удаление схемы начисления ЗП",
        "pay_scheme_returned": "Возврат схемы начисления ЗП",
    },
    events={
        PayScheme.Created: Text("pay_scheme_created", ": создана схема", _created, _created_refs),
        PayScheme.Changed: Text("pay_scheme_changed", ": изменена схема", _changed, _changed_refs),
        PayScheme.Deleted: Text("pay_scheme_deleted", ": схема удалена"),
        PayScheme.Returned: Text("pay_scheme_returned", ": схема возвращена"),
    },
    state=_state,
)
