"""What completing a visit writes off where no person decided: materials by norms, from the doctor's own warehouse, or else that
of the settings (VIS-3).
"""

from collections.abc import Iterable
from uuid import UUID

from aggregates.catalogues import Goods, Warehouse
from aggregates.clinic.clinic_settings import ClinicSettings
from aggregates.clinic.service import Service
from aggregates.kernel import Aggregate
from aggregates.people.employee import Employee
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_consumption import WriteOff, materials_of
from commands.ports.clinic import AggregateNotFound, Clinic


def write_off_of(clinic: Clinic, visit: Visit, settings: ClinicSettings) -> tuple[WriteOff, list[Aggregate]]:
    """What is written off, and what that relies on beside the settings, for `save(if_unchanged=…)`. Deleted goods and a deleted
    warehouse are left out: nobody uses them any more.
    """
    doctors = [] if visit.slot.doctor_id is None else [clinic.cached(Employee, visit.slot.doctor_id)]
    usual = [*(doctor.record.warehouse_id for doctor in doctors), settings.write_off_warehouse]
    warehouses = _active(clinic, Warehouse, [id_ for id_ in usual if id_ is not None])
    if visit.materials is not None:
        return WriteOff(next((one.id for one in warehouses), None)), [*doctors, *warehouses]
    services = {line.service_id: clinic.cached(Service, line.service_id) for line in visit.lines}
    proposed = materials_of((services[line.service_id].norms, line.quantity) for line in visit.lines)
    goods = _active(clinic, Goods, [material.goods_id for material in proposed])
    active = {one.id for one in goods}
    materials = tuple(material for material in proposed if material.goods_id in active)
    relied: list[Aggregate] = [*doctors, *services.values(), *warehouses, *goods]
    return WriteOff(next((one.id for one in warehouses), None), materials), relied


def _active(clinic: Clinic, kind: type[Aggregate], ids: Iterable[UUID]) -> list[Aggregate]:
    found = []
    for id_ in ids:
        try:
            found.append(clinic.cached(kind, id_))
        except AggregateNotFound:
            continue  # an id that was loaded into a norm or a setting and never existed
    return [one for one in found if not getattr(one, "deleted", False)]
