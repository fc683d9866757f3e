"""Schemes of pay."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, Field, WithJsonSchema

from aggregates.money.discounts import WHOLE_PERCENT
from aggregates.payroll.pay_scheme import PAY_SCHEME_FIELDS
from aggregates.payroll.pay_terms import MOST_RATES, MOST_STEPS, PayRate, PayStep, RateKind
from commands.payroll import pay_scheme as commands
from readmodels.payroll import pay_schemes as read
from readmodels.people import employees as employees_read
from services.api.deletion import delete_route, return_route
from services.api.fields import changed_with, created_with, shows
from services.api.http.call import Call
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.schemas import Day, Done, Money, Ref, Schema, refused

routes = Routes("pay-schemes")
RIGHT = NeedsRight("pay_schemes")
READS = ("pay_schemes", "employees", "services", "catalogue", "rights_sets")


def _at_most_whole(percent: Decimal) -> Decimal:
    if percent > WHOLE_PERCENT:
        raise refused("percent", f"Процент не может быть больше {WHOLE_PERCENT}")
    return percent


Percent = Annotated[
    Money,
    AfterValidator(_at_most_whole),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,2})?$", "x-maximum": str(WHOLE_PERCENT)}),
]


class WrittenRate(Schema):
    kind: RateKind
    item_id: UUID
    percent: Percent


class WrittenStep(Schema):
    above: Money
    percent: Percent


Rates = Annotated[list[WrittenRate], Field(max_length=MOST_RATES)]
Steps = Annotated[list[WrittenStep], Field(max_length=MOST_STEPS)]


@mirrors(PayStep)
class PayStepItem(Schema):
    pass


@mirrors(read.ShownRate)
class PayRateItem(Schema):
    pass


@shows(PAY_SCHEME_FIELDS.values())
class PaySchemeFields(Schema):
    pass


@mirrors(read.PaySchemeItem)
class PaySchemeItem(Schema):
    until: Day | None
    fields: PaySchemeFields
    steps: list[PayStepItem]


class PaySchemeList(Schema):
    items: list[PaySchemeItem]
    total: int


@created_with(PAY_SCHEME_FIELDS.values())
class NewPayScheme(Schema):
    """`employee_id`: stays as it is chosen here."""

    rates: Rates = Field(default_factory=list)
    steps: Steps = Field(default_factory=list)


@changed_with(field for field in PAY_SCHEME_FIELDS.values() if field.name != "employee_id")
class PaySchemeChange(Schema):
    """What is left out stays; given `rates` and `steps` replace all."""

    rates: Rates | None = None
    steps: Steps | None = None


class PaySchemesQuery(Schema):
    employee_id: UUID | None = None
    deleted: bool = False


@mirrors(read.Rated)
class RatedItem(Schema):
    pass


class RatedItems(Schema):
    items: list[RatedItem]


class PayEmployees(Schema):
    items: list[Ref]


@routes.get("/pay-schemes", RIGHT, answer=PaySchemeList, reads=READS)
def schemes(call: Call, query: Annotated[PaySchemesQuery, Query()]) -> Any:
    """The schemes by employee, the latest first."""
    with call.reading() as conn:
        found = read.listing(conn, employee_id=query.employee_id, deleted=call.shows_deleted(query.deleted))
    return call.answer({"items": found, "total": len(found)})


@routes.get("/pay-schemes/rated", RIGHT, answer=RatedItems, reads=("services", "catalogue"))
def rated(call: Call) -> Any:
    """What may have a percentage of its own: the categories of services, then the services."""
    with call.reading() as conn:
        return call.answer({"items": read.rated(conn)})


@routes.get("/pay-schemes/employees", NeedsRight("pay_schemes", "payroll"), answer=PayEmployees, reads=("employees", "catalogue"))
def pay_employees(call: Call) -> Any:
    """The employees by name, without deleted ones: to choose who is paid."""
    with call.reading() as conn:
        known = employees_read.names(conn)
    return call.answer({"items": [{"id": id_, "name": one.name} for id_, one in known.items() if not one.deleted]})


@routes.get("/pay-schemes/{scheme_id}", RIGHT, answer=PaySchemeItem, reads=READS)
def scheme(call: Call, scheme_id: UUID) -> Any:
    """One scheme."""
    with call.reading() as conn:
        found = read.get(conn, scheme_id)
    if found is None:
        raise NoSuchObject(kind="pay_scheme", id=scheme_id)
    return call.versioned(found, found.version)


@routes.post("/pay-schemes", RIGHT, answer=Done, status=201, refusals=(404,))
def create(call: Call, body: NewPayScheme) -> Any:
    """Create a scheme."""
    card = body.model_dump(exclude_unset=True, exclude={"rates", "steps"})
    ctx = call.context("create_pay_scheme")
    return call.done(commands.create_pay_scheme(call.clinic, ctx, card, _rates(body.rates) or [], _steps(body.steps) or []))


@routes.patch("/pay-schemes/{scheme_id}", RIGHT, answer=Done, versioned=True)
def change(call: Call, scheme_id: UUID, body: PaySchemeChange) -> Any:
    """Change a scheme. What was accrued by it stays; the next accrual of the employee has the difference."""
    fields = body.model_dump(exclude_unset=True, exclude={"rates", "steps"})
    ctx, rates, steps = call.context("change_pay_scheme"), _rates(body.rates), _steps(body.steps)
    return call.done(commands.change_pay_scheme(call.clinic, ctx, scheme_id, fields, rates, steps, expected=call.expected))


delete_route(
    routes,
    "/pay-schemes/{scheme_id}",
    RIGHT,
    "pay_scheme",
    commands.delete_pay_scheme,
    "Mark a scheme as deleted: the employee's one before it is in effect instead. It can be brought back.",
)
return_route(routes, "/pay-schemes/{scheme_id}", RIGHT, "pay_scheme", commands.return_pay_scheme, "Bring a deleted scheme back.")


def _rates(written: list[WrittenRate] | None) -> list[PayRate] | None:
    return None if written is None else [PayRate(one.kind, one.item_id, one.percent) for one in written]


def _steps(written: list[WrittenStep] | None) -> list[PayStep] | None:
    return None if written is None else [PayStep(one.above, one.percent) for one in written]
