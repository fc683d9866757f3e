"""Services of the clinic: what a visit's lines are chosen from."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field

from aggregates.clinic.service import MOST_DOCTORS, MOST_NORMS, SERVICE_FIELDS
from aggregates.values import WrongValue
from commands.clinic import service as commands
from readmodels.clinic import services as services_read
from services.api.deletion import delete_route, return_route
from services.api.fields import Factor, changed_with, created_with
from services.api.http.call import Call
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.schemas import OF_REQUEST, Done, Ref, Schema

routes = Routes("services")

READS = ("services", "catalogue", "employees")


@mirrors(services_read.Service)
class ServiceItem(Schema):
    """`category`: its name, or the text from before the catalogue of categories existed; `doctors`: those who give
    it, empty where all do; `duration` in minutes.
    """


class ServiceList(Schema):
    items: list[ServiceItem]
    total: int


class Norm(Schema):
    goods_id: UUID
    quantity: Factor


Doctors = Annotated[list[UUID], Field(max_length=MOST_DOCTORS)]
Norms = Annotated[list[Norm], Field(max_length=MOST_NORMS)]


@created_with(SERVICE_FIELDS.values())
class NewService(Schema):
    """`doctors`: empty if all give it; `online`: patients may book it themselves; `duration` in minutes."""

    doctors: Doctors | None = None
    norms: Norms | None = None


@changed_with(SERVICE_FIELDS.values())
class ServiceChange(Schema):
    """What to change; what is left out stays."""

    doctors: Doctors | None = None
    norms: Norms | None = None


class DoctorServicesChange(Schema):
    """Ids of services to add to the doctor's, or to remove from them."""

    add: Annotated[list[UUID], Field(max_length=2000, default_factory=list), OF_REQUEST]
    remove: Annotated[list[UUID], Field(max_length=2000, default_factory=list), OF_REQUEST]


class DoctorChoices(Schema):
    items: list[Ref]


@mirrors(services_read.Material)
class Material(Schema):
    pass


class MaterialChoices(Schema):
    items: list[Material]


class ServicesQuery(Schema):
    deleted: bool = False


@routes.get("/services", NeedsRight("calendar", "services"), answer=ServiceList, reads=READS)
def services(call: Call, query: Annotated[ServicesQuery, Query()]) -> Any:
    """All services, by category and name."""
    with call.reading() as conn:
        items = services_read.listing(conn, deleted=call.shows_deleted(query.deleted))
    return call.answer({"items": items, "total": len(items)})


@routes.get("/services/doctors", NeedsRight("services"), answer=DoctorChoices, reads=("employees", "catalogue"))
def doctors(call: Call) -> Any:
    """The doctors who can give a service."""
    with call.reading() as conn:
        return call.answer({"items": services_read.doctors(conn)})


@routes.get("/services/materials", NeedsRight("services"), answer=MaterialChoices, reads=("catalogue",))
def materials(call: Call) -> Any:
    """Goods that a service can consume."""
    with call.reading() as conn:
        return call.answer({"items": services_read.materials(conn)})


@routes.get("/services/{service_id}", NeedsRight("services"), answer=ServiceItem, reads=READS)
def service(call: Call, service_id: UUID) -> Any:
    """One service."""
    with call.reading() as conn:
        found = services_read.get(conn, service_id)
    if found is None:
        raise NoSuchObject(kind="service", id=service_id)
    return call.versioned(found, found.version)


@routes.post("/services", NeedsRight("services"), answer=Done, status=201, refusals=(404, 409))
def create(call: Call, body: NewService) -> Any:
    """Create a service."""
    return call.done(commands.create_service(call.clinic, call.context("create_service"), _card(body)))


@routes.patch("/services/{service_id}", NeedsRight("services"), answer=Done, versioned=True, warns=True)
def change(call: Call, service_id: UUID, body: ServiceChange) -> Any:
    """Change a service; existing visits keep their prices."""
    fields = _card(body)
    return call.done(
        commands.change_service(call.clinic, call.context("change_service"), service_id, fields, expected=call.expected)
    )


@routes.post("/employees/{employee_id}/services", NeedsRight("services"), answer=Done, refusals=(404, 409), warns=True)
def change_given(call: Call, employee_id: UUID, body: DoctorServicesChange) -> Any:
    """Change many services of a doctor at once, all or none."""
    with call.reading() as conn:
        everybody = [doctor.id for doctor in services_read.doctors(conn)]
    ctx = call.context("change_given_services")
    changed = {"give": body.add, "stop": body.remove, "everybody": everybody}
    return call.done(commands.change_given_services(call.clinic, ctx, employee_id, **changed))


delete_route(
    routes,
    "/services/{service_id}",
    NeedsRight("services"),
    "service",
    commands.delete_service,
    "Mark a service as deleted; it can be brought back.",
    warns=True,
)
return_route(
    routes, "/services/{service_id}", NeedsRight("services"), "service", commands.return_service, "Bring a deleted service back."
)


def _card(body: NewService | ServiceChange) -> dict[str, Any]:
    """The fields of the body. Raises WrongValue for a material that occurs twice."""
    card = body.model_dump(exclude_unset=True)
    if body.norms is not None and "norms" in card:
        card["norms"] = {norm.goods_id: norm.quantity for norm in body.norms}
        if len(card["norms"]) < len(body.norms):
            raise WrongValue("norms", "Материал указан дважды. Оставьте одну строку.")
    return card
