"""Services of the clinic."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from aggregates.clinic.service import Service
from projections.audience import Audience
from projections.declaration import Envelope, Handler, Projection, own_key
from projections.existing import existing
from readmodels.clinic.services import TABLE, ServiceRow


def _created(row: ServiceRow | None, key: UUID, event: Service.Created, envelope: Envelope) -> ServiceRow:  # noqa: ARG001
    return ServiceRow(
        service_id=key,
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


def _changed(row: ServiceRow, key: UUID, event: Service.Changed, envelope: Envelope) -> ServiceRow:  # noqa: ARG001
    fields = {change.field: _READ.get(change.field, lambda value: value)(change.new) for change in event.changes}
    return replace(row, version=event.originator_version, **fields)


def _doctors(row: ServiceRow, key: UUID, event: Service.DoctorsChanged, envelope: Envelope) -> ServiceRow:  # noqa: ARG001
    return replace(row, version=event.originator_version, doctors=event.new)


def _norms(row: ServiceRow, key: UUID, event: Service.NormsChanged, envelope: Envelope) -> ServiceRow:  # noqa: ARG001
    return replace(row, version=event.originator_version, norms=event.new)


def _deleted(row: ServiceRow, key: UUID, event: Service.Deleted, envelope: Envelope) -> ServiceRow:  # noqa: ARG001
    return replace(row, version=event.originator_version, deleted=True)


def _returned(row: ServiceRow, key: UUID, event: Service.Returned, envelope: Envelope) -> ServiceRow:  # noqa: ARG001
    return replace(row, version=event.originator_version, deleted=False)


SERVICES = Projection(
    "services",
    TABLE,
    revision=2,
    audience=Audience("calendar", "services"),
    handlers={
        Service.Created: Handler(own_key, _created),
        Service.Changed: Handler(own_key, existing(_changed)),
        Service.DoctorsChanged: Handler(own_key, existing(_doctors)),
        Service.NormsChanged: Handler(own_key, existing(_norms)),
        Service.Deleted: Handler(own_key, existing(_deleted)),
        Service.Returned: Handler(own_key, existing(_returned)),
    },
    one_stream=True,
)
