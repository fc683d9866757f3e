"""Services of the clinic."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from aggregates.clinic.service import Service
from projections.audience import Audience
from projections.declaration import Own, Projection
from projections.deletion import deletable
from projections.existing import existing
from readmodels.clinic.services import TABLE, ServiceRow


def _created(_: ServiceRow | None, event: Service.Created) -> ServiceRow:
    return ServiceRow(
        service_id=event.originator_id,
        name=event.name,
        category=event.category,
        category_id=event.category_id,
        unit_id=event.unit_id,
        price=event.price,
        duration=event.duration,
        online=event.online,
        doctors=event.doctors,
        norms=event.norms,
        deleted=False,
        version=event.originator_version,
    )


_READ: dict[str, Callable[[Any], Any]] = {
    "price": lambda value: Decimal(str(value)),
    "category_id": lambda value: value and UUID(value),
    "unit_id": lambda value: value and UUID(value),
}
"""Field → how its value in a change becomes the column's."""


def _changed(row: ServiceRow, event: Service.Changed) -> ServiceRow:
    fields = {change.field: _READ.get(change.field, lambda value: value)(change.new) for change in event.changes}
    return replace(row, version=event.originator_version, **fields)


def _doctors(row: ServiceRow, event: Service.DoctorsChanged) -> ServiceRow:
    return replace(row, version=event.originator_version, doctors=event.new)


def _norms(row: ServiceRow, event: Service.NormsChanged) -> ServiceRow:
    return replace(row, version=event.originator_version, norms=event.new)


SERVICES = Projection(
    "services",
    TABLE,
    revision=2,
    audience=Audience("calendar", "services"),
    handlers={
        Service.Created: Own(_created),
        Service.Changed: Own(existing(_changed)),
        Service.DoctorsChanged: Own(existing(_doctors)),
        Service.NormsChanged: Own(existing(_norms)),
        **deletable(Service),
    },
    one_stream=True,
)
