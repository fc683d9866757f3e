"""Commands of services. What a service refers to has to be active, and its doctors have to take visits, when chosen.

Commands that may take a service from doctors hold the clinic's write lock, so that no booking comes in between (CAL-19).
"""

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from typing import Any
from uuid import UUID, uuid4

from aggregates.catalogues import Goods, ServiceCategory, Unit
from aggregates.clinic.service import Service
from aggregates.despite import Despite
from aggregates.kernel import Aggregate
from aggregates.people.employee import Employee
from aggregates.warnings import NeedsConfirmation
from commands.clinic.service_warnings import decide_each, warnings_by_service
from commands.context import Context, Receipt
from commands.ports.clinic import AggregateNotFound, Clinic
from commands.references import Reference, newly_chosen
from commands.retry import retried


@retried
def create_service(clinic: Clinic, ctx: Context, card: Mapping[str, Any], *, service_id: UUID | None = None) -> Receipt:
    """`card`: see `Service.create`. EntryDeleted, EmployeeDeleted, NotADoctor, AggregateNotFound, WrongValue."""
    service = Service(service_id or uuid4())
    service.create(card, at=ctx.now)
    return clinic.save(service, ctx=ctx, if_unchanged=_chosen(clinic, service))


@retried
def change_service(
    clinic: Clinic, ctx: Context, service_id: UUID, fields: Mapping[str, Any], *, expected: int | None = None
) -> Receipt:
    """Refusals as of `create_service`, NeedsConfirmation; unchanged references may be to deleted objects."""
    with clinic.write_lock() if "doctors" in fields else nullcontext():
        service = clinic.load(Service, service_id, expected=expected)
        before = list(_referred(service))

        def decide(service: Service, despite: tuple[Despite, ...]) -> None:
            service.change(fields, despite=despite, at=ctx.now)

        after = service.copy()
        decide(after, ())
        chosen = _chosen(clinic, after, before)  # what can't be chosen is refused before anything is asked
        decide_each(clinic, ctx, [service], decide)
        return clinic.save(service, ctx=ctx, if_unchanged=chosen)


def dry_run_changes(clinic: Clinic, ctx: Context, changes: Mapping[UUID, Mapping[str, Any]]) -> dict[UUID, NeedsConfirmation]:
    """The confirmations that `change_service` would ask for, by service (`changes`: service id → fields). Nothing is saved."""
    known = clinic.load_each(Service, [service_id for service_id, fields in changes.items() if "doctors" in fields])
    pairs = [(service, service.copy()) for service in known.values() if not service.deleted]
    for service, after in pairs:
        after.change({"doctors": changes[service.id]["doctors"]}, at=ctx.now)
    return warnings_by_service(clinic, ctx, pairs)


@retried
def change_given_services(
    clinic: Clinic, ctx: Context, doctor_id: UUID, *, give: Iterable[UUID], stop: Iterable[UUID], everybody: Iterable[UUID]
) -> Receipt:
    """Change which services a doctor provides, all or none. `everybody`: all doctors, for services without a list of doctors.

    EmployeeDeleted, NotADoctor, ServiceDeleted, NobodyGivesIt, AggregateNotFound, NeedsConfirmation.
    """
    giving, stopping, doctors = set(give), set(stop), list(everybody)
    with clinic.write_lock() if stopping else nullcontext():
        doctor = clinic.cached(Employee, doctor_id)
        doctor.require_doctor()
        by_id = clinic.load_each(Service, giving | stopping)
        for service_id in sorted(giving | stopping):
            if service_id not in by_id:
                raise AggregateNotFound(kind=Service.TOPIC, id=service_id)
        services = [by_id[service_id] for service_id in sorted(by_id)]

        def decide(service: Service, despite: tuple[Despite, ...]) -> None:
            if service.id in giving:
                service.begin_giving(doctor_id, at=ctx.now)
            else:
                service.stop_giving(doctor_id, doctors, despite=despite, at=ctx.now)

        decide_each(clinic, ctx, services, decide)
        changed: list[Aggregate] = [service for service in services if service.pending_events]
        return clinic.save(*(changed or [doctor]), ctx=ctx, if_unchanged=[doctor] if changed else [])


@retried
def delete_service(clinic: Clinic, ctx: Context, service_id: UUID, *, expected: int | None = None) -> Receipt:
    """AlreadyDeleted, NeedsConfirmation."""
    with clinic.write_lock():
        service = clinic.load(Service, service_id, expected=expected)

        def decide(service: Service, despite: tuple[Despite, ...]) -> None:
            service.delete(despite=despite, at=ctx.now)

        decide_each(clinic, ctx, [service], decide)
        return clinic.save(service, ctx=ctx)


@retried
def return_service(clinic: Clinic, ctx: Context, service_id: UUID, *, expected: int | None = None) -> Receipt:
    service = clinic.load(Service, service_id, expected=expected)
    service.return_(at=ctx.now)
    return clinic.save(service, ctx=ctx)


def _chosen(clinic: Clinic, service: Service, before: Iterable[Reference] = ()) -> list[Aggregate]:
    chosen = newly_chosen(clinic, _referred(service), before)
    for aggregate in chosen:
        if isinstance(aggregate, Employee):
            aggregate.require_doctor()
    return chosen


def _referred(service: Service) -> Iterable[Reference]:
    if service.category_id:
        yield ServiceCategory, service.category_id
    if service.unit_id:
        yield Unit, service.unit_id
    yield from ((Employee, doctor_id) for doctor_id in service.doctors)
    yield from ((Goods, norm.goods_id) for norm in service.norms)
