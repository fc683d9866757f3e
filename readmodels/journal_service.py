"""Changes of services as the journal tells them."""

from collections.abc import Iterable
from uuid import UUID

from aggregates.clinic.service import Norm, Service
from aggregates.values import Scalar
from readmodels import journal_values
from readmodels.journal_values import SERVICE_FIELDS, Change, Named, employee, filled


def created(event: Service.Created) -> Iterable[Change]:
    card: dict[str, Scalar] = {
        "name": event.name, "category": event.category,
        "category_id": str(event.category_id) if event.category_id else None,
        "unit_id": str(event.unit_id) if event.unit_id else None,
        "price": str(event.price), "duration": event.duration, "online": event.online or None,
    }  # fmt: skip
    yield from filled(SERVICE_FIELDS, card.items())
    yield from doctors((), event.doctors)
    yield from norms((), event.norms)


def changed(event: Service.Changed) -> list[Change]:
    """A category that takes the place of one written as a text is told as one change."""
    changes = journal_values.changed(SERVICE_FIELDS, event.changes)
    if [change.field for change in event.changes[:2]] == ["category", "category_id"]:
        written, chosen, *others = changes
        return [Change(written.label, written.old, chosen.new), *others]
    return changes


def doctors(old: Iterable[UUID], new: Iterable[UUID]) -> Iterable[Change]:
    before, after = set(old), set(new)
    yield from (Change("Оказывает", None, employee(added)) for added in sorted(after - before))
    yield from (Change("Оказывает", employee(gone), None) for gone in sorted(before - after))


def norms(old: Iterable[Norm], new: Iterable[Norm]) -> Iterable[Change]:
    before, after = ({norm.goods_id: norm.quantity.replace(".", ",") for norm in listed} for listed in (old, new))
    for goods_id in sorted(before.keys() | after.keys()):
        if before.get(goods_id) != after.get(goods_id):
            yield Change("норма расхода", before.get(goods_id), after.get(goods_id), of=Named("goods", goods_id))


def concerned(event: Service.Created) -> Iterable[UUID | None]:
    """Other objects that a new service refers to."""
    return (event.category_id, *event.doctors, *(norm.goods_id for norm in event.norms))
