"""Commands of services. What a service refers to has to be kept, and its doctors have to take visits, when they are chosen."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from aggregates.catalogues import Goods, ServiceCategory, Unit
from aggregates.employee import Employee
from aggregates.kernel import Aggregate
from aggregates.service import Service
from commands.ports import AggregateNotFound, Clinic, Context, Receipt
from commands.references import Reference, newly_chosen
from commands.retry import retried


@retried
def create_service(clinic: Clinic, ctx: Context, card: Mapping[str, Any], *, service_id: UUID | None = None) -> Receipt:
    """`card` as `Service.create` says. EntryDeleted, EmployeeDeleted, NotADoctor, AggregateNotFound, WrongValue."""
    service = Service(service_id or uuid4())
    service.create(card, at=ctx.now)
    return clinic.save(service, ctx=ctx, unchanged=newly_chosen(clinic, _referred(service)))


@retried
def change_service(
    clinic: Clinic, ctx: Context, service_id: UUID, fields: Mapping[str, Any], *, expected: int | None = None
) -> Receipt:
    """What `create_service` refuses; what was chosen before may be deleted since."""
    service = clinic.load(Service, service_id, expected=expected)
    before = list(_referred(service))
    service.change(fields, at=ctx.now)
    return clinic.save(service, ctx=ctx, unchanged=newly_chosen(clinic, _referred(service), before))


@retried
def change_given_services(
    clinic: Clinic, ctx: Context, doctor_id: UUID, *, give: Iterable[UUID], stop: Iterable[UUID], everybody: Iterable[UUID]
) -> Receipt:
    """Which services a doctor gives, many at once: all or none. `everybody`: who takes visits, for what they all give.

    EmployeeDeleted, NotADoctor, ServiceDeleted, NobodyGivesIt, AggregateNotFound.
    """
    giving, stopping, doctors = set(give), set(stop), list(everybody)
    doctor = clinic.cached(Employee, doctor_id)
    doctor.require_doctor()
    services = clinic.load_each(Service, giving | stopping)
    for service_id in sorted(giving | stopping):
        if (service := services.get(service_id)) is None:
            raise AggregateNotFound(kind=Service.TOPIC, id=service_id)
        if service_id in giving:
            service.begin_giving(doctor_id, at=ctx.now)
        else:
            service.stop_giving(doctor_id, doctors, at=ctx.now)
    changed: list[Aggregate] = [service for service in services.values() if service.pending_events]
    return clinic.save(*(changed or [doctor]), ctx=ctx, unchanged=[doctor] if changed else [])


@retried
def delete_service(clinic: Clinic, ctx: Context, service_id: UUID, *, expected: int | None = None) -> Receipt:
    service = clinic.load(Service, service_id, expected=expected)
    service.delete(at=ctx.now)
    return clinic.save(service, ctx=ctx)


@retried
def return_service(clinic: Clinic, ctx: Context, service_id: UUID, *, expected: int | None = None) -> Receipt:
    service = clinic.load(Service, service_id, expected=expected)
    service.return_(at=ctx.now)
    return clinic.save(service, ctx=ctx)


def _referred(service: Service) -> Iterable[Reference]:
    if service.category_id:
        yield ServiceCategory, service.category_id
    if service.unit_id:
        yield Unit, service.unit_id
    yield from ((Employee, doctor_id) for doctor_id in service.doctors)
    yield from ((Goods, norm.goods_id) for norm in service.norms)
