"""Services of the clinic."""

from decimal import Decimal

from aggregates.clinic.service import Service
from projections.audience import Audience
from projections.declaration import Own, Projection
from projections.deletion import deletable
from projections.existing import changed, reference, sets
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
        vat=event.vat,
        doctors=event.doctors,
        norms=event.norms,
        deleted=False,
        version=event.originator_version,
        tax_code=event.tax_code,
    )


SERVICES = Projection(
    "services",
    TABLE,
    revision=3,
    audience=Audience("calendar", "services"),
    handlers={
        Service.Created: Own(_created),
        **sets(Service.Changed, lambda event: changed(event.changes, price=Decimal, category_id=reference, unit_id=reference)),
        **sets(Service.DoctorsChanged, lambda event: {"doctors": event.new}),
        **sets(Service.NormsChanged, lambda event: {"norms": event.new}),
        **deletable(Service),
    },
    one_stream=True,
)
