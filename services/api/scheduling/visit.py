"""Visits: booking, moving, statuses, the list, and the schema of a visit."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

import msgspec
from fastapi import Query
from msgspec.structs import asdict
from pydantic import Field, StringConstraints, model_validator

from aggregates.scheduling.visit import VISIT_FIELDS, Slot
from aggregates.scheduling.visit_lines import MOST_LINES
from aggregates.scheduling.visit_refusals import AnotherDoctorsVisit
from aggregates.scheduling.visit_status import STATUS_LABELS, Status
from commands.scheduling import visit as commands
from readmodels.people import patients as patients_read
from readmodels.scheduling import calendar as calendar_read
from readmodels.scheduling import visit_document as document_read
from services.api.deletion import delete_route, return_route
from services.api.fields import written
from services.api.http.call import Call
from services.api.http.heavy_work import SEARCHES
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.people.patient import CARD, require_card_open
from services.api.people.patient_fields import Category, NewPatient
from services.api.scheduling.visit_lines import (
    Amounts,
    Discount,
    LineItem,
    Lines,
    NewDiscount,
    NewGoods,
    NewMaterial,
    VisitGoods,
    VisitMaterial,
    WrittenOff,
    allowed_to,
    requested_goods,
    requested_services,
)
from services.api.schemas import (
    OF_REQUEST,
    WITHOUT_CONTROLS,
    Done,
    Moment,
    OpenPeriod,
    Page,
    Schema,
    Search,
    Total,
    refused,
)

routes = Routes("visits")
CALENDAR = NeedsRight("calendar")


@mirrors(calendar_read.VisitItem)
class VisitItem(Schema):
    """A visit as the calendar, the lists and the visit window show it. `first_visit`: «Первичный», the patient came to
    none within the configured period before. Phone and card number of the patient: "" without the right to see information
    about patients.
    """

    starts_at: Moment
    ends_at: Moment
    lines: list[LineItem]
    total: Total


@mirrors(document_read.VisitDocument)
class VisitDocument(Schema):
    goods: list[VisitGoods]
    discount: Discount | None
    amounts: Amounts
    charged: Total
    materials: list[VisitMaterial] | None
    written_off: WrittenOff | None


class VisitCard(VisitItem):
    """The visit in its window, `document`: with all that was done and sold. `patient_categories`: empty without the right to see
    information about patients.
    """

    patient_categories: list[Category]
    document: VisitDocument


class VisitList(Schema):
    items: list[VisitItem]
    total: int


Room = Annotated[str, written(VISIT_FIELDS["room"].longest), WITHOUT_CONTROLS]
Comment = Annotated[str, written(VISIT_FIELDS["comment"].longest), WITHOUT_CONTROLS]

PhoneOrCardNumber = Annotated[str, StringConstraints(max_length=40), WITHOUT_CONTROLS, OF_REQUEST]
"""The patient's whole phone or card number: required for another doctor's patient, if the user sees only their own."""


class NewVisit(Schema):
    """Either `patient_id`, or `new_patient`: a card that is created in the same transaction."""

    patient_id: UUID | None = None
    new_patient: NewPatient | None = None
    phone_or_card_number: PhoneOrCardNumber = ""
    doctor_id: UUID | None = None
    starts_at: Moment
    ends_at: Moment
    lines: Annotated[Lines, Field(default_factory=list)]
    room: Room = ""
    comment: Comment = ""

    @model_validator(mode="after")
    def _books_one(self) -> Self:
        if (self.patient_id is None) == (self.new_patient is None):
            raise refused("patient", "Укажите пациента: по номеру карты или нового")
        return self


class VisitChange(Schema):
    """Omitted fields stay; `lines`, `goods` and `materials` replace all of theirs. null removes the doctor, or the visit's
    discount; as `materials` it means those of the services' norms, as `warehouse_id` that of the settings.
    """

    doctor_id: UUID | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    patient_id: UUID | None = None
    phone_or_card_number: PhoneOrCardNumber | None = None
    lines: Lines | None = None
    room: Room | None = None
    comment: Comment | None = None
    goods: Annotated[list[NewGoods], Field(max_length=MOST_LINES)] | None = None
    discount: NewDiscount | None = None
    materials: Annotated[list[NewMaterial], Field(max_length=MOST_LINES)] | None = None
    warehouse_id: UUID | None = None

    def chosen(self, field: str, value: Any) -> Any:
        """The value, or UNSET where the field was omitted."""
        return value if field in self.model_fields_set else msgspec.UNSET


class NewStatus(Schema):
    status: Annotated[Status, Field(json_schema_extra={"x-choices": dict(STATUS_LABELS)})]


class Booked(Done):
    """`patient_id`, `card_number`: of a card that was created with the visit."""

    number: int
    patient_id: UUID | None
    card_number: str | None


class VisitsQuery(Page, OpenPeriod):
    """`status`: booked are all that take time, neither cancelled nor missed."""

    doctor_id: UUID | None = None
    patient_id: UUID | None = None
    status: Status | Literal["booked"] | None = None
    q: Search = ""
    deleted: bool = False
    sort: Literal["starts_at", "-starts_at", "number", "-number"] = "-starts_at"


@routes.post("/visits", CALENDAR, answer=Booked, status=201, refusals=(404, 409), warns=True)
def book(call: Call, body: NewVisit) -> Any:
    """Book a visit into free working time of a doctor."""
    clinic, ctx, slot = call.clinic, call.context("book_visit"), Slot(body.doctor_id, body.starts_at, body.ends_at)
    described: dict[str, Any] = {"lines": requested_services(call, body.lines), "room": body.room, "comment": body.comment}
    described["allowed"] = allowed_to(call)
    if body.new_patient is not None:
        receipt = commands.book_new_patient(clinic, ctx, body.new_patient.model_dump(exclude_unset=True), slot, **described)
    else:
        assert body.patient_id is not None  # noqa: S101  the schema makes sure of it
        receipt = commands.book_visit(
            clinic, ctx, body.patient_id, slot, phone_or_card_number=body.phone_or_card_number, **described
        )
    return call.done(receipt, **{"patient_id": None, "card_number": None, **receipt.facts})


@routes.get(
    "/visits",
    NeedsRight("visits"),
    answer=VisitList,
    reads=("calendar", "patients", "employees", "settings"),
    heavy=SEARCHES,
)
def visits(call: Call, query: Annotated[VisitsQuery, Query()]) -> Any:
    """The list of visits."""
    with call.reading() as conn:
        items, total = calendar_read.listing(
            conn,
            first=query.first,
            last=query.last,
            doctor_id=query.doctor_id,
            only_doctor_id=call.only_doctor_id,
            patient_info=call.principal.shows_patient_info,
            patient_id=query.patient_id,
            status=query.status,
            query=query.q,
            deleted=call.shows_deleted(query.deleted),
            sort=query.sort,
            page=query.page,
            size=query.size,
        )
    asked = query.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"page", "size", "sort"})
    call.record_access("listed", "visit", filter=asked, count=total)
    return call.answer({"items": items, "total": total})


@routes.get(
    "/visits/{visit_id}", CALENDAR, answer=VisitCard, reads=("calendar", "patients", "employees", "catalogue", "settings")
)
def visit(call: Call, visit_id: UUID) -> Any:
    """One visit."""
    with call.reading() as conn:
        found = calendar_read.get(conn, visit_id, patient_info=call.principal.shows_patient_info)
        document = document_read.get(conn, visit_id)
    if found is None:
        raise NoSuchObject(kind="visit", id=visit_id)
    if call.only_doctor_id not in {None, found.doctor and found.doctor.id}:
        raise AnotherDoctorsVisit
    categories: list[Any] = []
    if call.principal.shows_patient_info:
        with call.reading() as conn:
            categories = patients_read.categories(conn, found.patient.id)
        call.record_access("opened", "visit", object_id=visit_id, patient_id=found.patient.id)
    return call.versioned({**asdict(found), "patient_categories": categories, "document": document}, found.version)


@routes.patch("/visits/{visit_id}", CALENDAR, answer=Done, versioned=True, warns=True)
def change(call: Call, visit_id: UUID, body: VisitChange) -> Any:
    """Move a visit and change its other fields, as one change."""
    receipt = commands.change_visit(
        call.clinic,
        call.context("change_visit"),
        visit_id,
        doctor_id=body.chosen("doctor_id", body.doctor_id),
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        patient_id=body.patient_id,
        phone_or_card_number=body.phone_or_card_number or "",
        lines=None if body.lines is None else requested_services(call, body.lines),
        room=body.room,
        comment=body.comment,
        goods=None if body.goods is None else requested_goods(call, body.goods),
        discount=body.chosen("discount", body.discount and body.discount.stored),
        materials=body.chosen("materials", None if body.materials is None else [line.stored for line in body.materials]),
        warehouse_id=body.chosen("warehouse_id", body.warehouse_id),
        allowed=allowed_to(call),
        expected=call.expected,
    )
    return call.done(receipt)


@routes.post("/visits/{visit_id}/status", CALENDAR, answer=Done, versioned=True, warns=True)
def status(call: Call, visit_id: UUID, body: NewStatus) -> Any:
    """Give a visit another status."""
    return call.done(
        commands.change_status(call.clinic, call.context("change_status"), visit_id, body.status, expected=call.expected)
    )


delete_route(
    routes,
    "/visits/{visit_id}",
    CALENDAR,
    "visit",
    commands.delete_visit,
    "Mark a visit as deleted; it can be brought back.",
)
return_route(
    routes,
    "/visits/{visit_id}",
    CALENDAR,
    "visit",
    commands.return_visit,
    "Bring a deleted visit back if its time is still free.",
    warns=True,
)


class OwnVisitsQuery(Page):
    deleted: bool = False


@routes.get(
    "/patients/{patient_id}/visits", CARD, answer=VisitList, reads=("calendar", "patients", "employees", "catalogue", "settings")
)
def of_patient(call: Call, patient_id: UUID, query: Annotated[OwnVisitsQuery, Query()]) -> Any:
    """The visits of one patient, newest first."""
    require_card_open(call, patient_id)
    with call.reading() as conn:
        if patients_read.get(conn, patient_id) is None:
            raise NoSuchObject(kind="patient", id=patient_id)
        items, total = calendar_read.listing(
            conn,
            patient_id=patient_id,
            only_doctor_id=call.only_doctor_id,
            patient_info=call.principal.shows_patient_info,
            deleted=call.shows_deleted(query.deleted),
            page=query.page,
            size=query.size,
        )
    call.record_access("opened", "patient", object_id=patient_id, patient_id=patient_id)  # the tab is part of the card
    return call.answer({"items": items, "total": total})
