"""Words of services."""

from collections.abc import Iterable
from uuid import UUID

from aggregates.catalogues import Goods
from aggregates.clinic.service import SERVICE_FIELDS, Norm, Service
from aggregates.fields import Field
from aggregates.values import Scalar
from readmodels.words.declaration import LETTERS, ByWords, Text, Words
from readmodels.words.despite import accepted
from readmodels.words.employee import employee
from readmodels.words.values import (
    YES_NO,
    Change,
    Described,
    Named,
    changed_fields,
    described_fields,
    filled_fields,
    format_decimal,
)

_WRITTEN_CATEGORY = Field(name="category", label="Категория")
"""Old free text from before the catalogue of categories."""
_FIELDS = {"name": SERVICE_FIELDS["name"], "category": _WRITTEN_CATEGORY, **SERVICE_FIELDS}


def _created(event: Service.Created) -> Iterable[Change]:
    card: dict[str, Scalar] = {
        "name": event.name,
        "category": event.category,
        "category_id": str(event.category_id) if event.category_id else None,
        "unit_id": str(event.unit_id) if event.unit_id else None,
        "price": str(event.price),
        "duration": event.duration,
        "online": event.online or None,
        "vat": event.vat,
        "tax_code": event.tax_code if event.tax_code != "1" else None,
    }
    yield from filled_fields(_FIELDS, card.items())
    yield from _doctors((), event.doctors)
    yield from _norms((), event.norms)


def _created_refs(event: Service.Created) -> Iterable[UUID | None]:
    return (event.category_id, *event.doctors, *(norm.goods_id for norm in event.norms))


def _changed(event: Service.Changed) -> list[Change]:
    """Replacing a free-text category by a chosen one is shown as one change."""
    changes = changed_fields(_FIELDS, event.changes)
    if [change.field for change in event.changes[:2]] == ["category", "category_id"]:
        written, chosen, *others = changes
        return [Change(written.label, written.old, chosen.new), *others]
    return changes


def _doctors(old: Iterable[UUID], new: Iterable[UUID]) -> Iterable[Change]:
    before, after = set(old), set(new)
    yield from (Change("Оказывает", None, employee(added)) for added in sorted(after - before))
    yield from (Change("Оказывает", employee(gone), None) for gone in sorted(before - after))


def _norms(old: Iterable[Norm], new: Iterable[Norm]) -> Iterable[Change]:
    before, after = ({norm.goods_id: format_decimal(norm.quantity) for norm in listed} for listed in (old, new))
    for goods_id in sorted(before.keys() | after.keys()):
        if before.get(goods_id) != after.get(goods_id):
            yield Change("норма расхода", before.get(goods_id), after.get(goods_id), of=Named(Goods.TOPIC, goods_id))


def _state(service: Service) -> Described:
    card = {"category": service.category, **service.card()}
    omitted = "category" if service.category_id else "category_id"
    yield from described_fields({name: field for name, field in _FIELDS.items() if name != omitted}, card)
    yield from (("Оказывает", employee(doctor_id)) for doctor_id in service.doctors)
    for norm in service.norms:
        yield "", Change("норма расхода", None, format_decimal(norm.quantity), of=Named(Goods.TOPIC, norm.goods_id))
    yield "Удалена", YES_NO[service.deleted]


SERVICE = Words(
    kind=Service,
    label="Услуга",
    title="Услуга «{0}»",
    names="SELECT service_id, name FROM services WHERE service_id = ANY(%s)",
    found_by=ByWords("SELECT service_id FROM services", LETTERS.format("name")),
    actions={
        "service_created": "Новая услуга",
        "service_changed": "Изменение услуги",
        "service_deleted": "Удаление услуги",
        "service_returned": "Возврат услуги",
    },
    events={
        Service.Created: Text("service_created", "создана", _created, _created_refs),
        Service.Changed: Text("service_changed", "изменена", _changed),
        Service.DoctorsChanged: Text(
            "service_changed",
            ": изменён список врачей",
            lambda e: [*_doctors(e.old, e.new), *accepted(e.despite)],
            lambda e: set(e.old) ^ set(e.new),
        ),
        Service.NormsChanged: Text(
            "service_changed",
            ": изменены нормы расхода",
            lambda e: _norms(e.old, e.new),
            lambda e: [norm.goods_id for norm in (*e.old, *e.new)],
        ),
        Service.Deleted: Text("service_deleted", "удалена", lambda e: accepted(e.despite)),
        Service.Returned: Text("service_returned", "возвращена"),
    },
    state=_state,
)
