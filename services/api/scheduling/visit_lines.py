"""Lines of a visit in the API: services, goods, materials, discounts, performers."""

from typing import Annotated, Self
from uuid import UUID

import msgspec
from pydantic import Field, StrictInt, model_validator

from aggregates.catalogue import name_key
from aggregates.catalogues import Goods
from aggregates.clinic.service import SERVICE_FIELDS
from aggregates.money import discounts
from aggregates.percent import WHOLE_PERCENT
from aggregates.scheduling import visit_lines as stored
from aggregates.scheduling.visit_lines import MOST_LINES, MOST_PERFORMERS, MOST_QUANTITY, PERFORMER_ROLES, PerformerRole
from commands.scheduling.visit_lines import Allowed, RequestedGoods, RequestedLine
from readmodels.clinic import services as services_read
from readmodels.scheduling import visit_document as document_read
from readmodels.stock import stock_goods as goods_read
from services.api.fields import written
from services.api.http.call import Call
from services.api.mirrors import mirrors
from services.api.schemas import WITHOUT_CONTROLS, Money, Percent, Schema, Total, refused
from services.api.stock.document import Moved, Number, StockGoods, Unit

Role = Annotated[PerformerRole, Field(json_schema_extra={"x-choices": dict(PERFORMER_ROLES)})]
DiscountKind = Annotated[discounts.DiscountKind, Field(json_schema_extra={"x-choices": dict(discounts.DISCOUNT_KINDS)})]


@mirrors(discounts.Discount)
class Discount(Schema):
    """`amount`: percent from 0 to 100, or rubles."""

    amount: Number


@mirrors(discounts.Amount)
class Amount(Schema):
    gross: Total
    discount: Total
    net: Total


@mirrors(discounts.Amounts)
class Amounts(Schema):
    gross: Total
    discount: Total
    net: Total
    lines: list[Amount]


@mirrors(stored.Performer)
class Performer(Schema):
    share: Number


@mirrors(stored.Line)
class LineItem(Schema):
    """A service of the visit at the price agreed then."""

    discount: Discount | None
    performers: list[Performer]


@mirrors(document_read.VisitGoods)
class VisitGoods(Schema):
    goods: StockGoods
    quantity: Number
    factor: Number
    discount: Discount | None


@mirrors(document_read.VisitMaterial)
class VisitMaterial(Schema):
    goods: StockGoods
    quantity: Number


@mirrors(document_read.WrittenOff)
class WrittenOff(Schema):
    materials: list[VisitMaterial]


class NewDiscount(Schema):
    """`amount`: percent from 0 to 100, or rubles; 0 is no discount."""

    kind: DiscountKind
    amount: Money

    @model_validator(mode="after")
    def _is_within(self) -> Self:
        if self.kind == "percent" and self.amount > WHOLE_PERCENT:
            raise refused("discount", "Скидка в процентах – от 0 до 100")
        return self

    @property
    def stored(self) -> discounts.Discount:
        return discounts.Discount(self.kind, self.amount)


class NewPerformer(Schema):
    """`share`: percent; those of a service sum up to 100."""

    employee_id: UUID
    role: Role
    share: Percent


class NewLine(Schema):
    """A service of the clinic, or `name` and `price` of a new one, if the settings allow visits to create services.

    Omitted: `price` is that of this service in the visit, or its present one; `discount` and `performers` are those in the
    visit. Without performers the visit's doctor did it.
    """

    service_id: UUID | None = None
    name: Annotated[str, written(SERVICE_FIELDS["name"].longest), WITHOUT_CONTROLS] | None = None
    price: Money | None = None
    quantity: Annotated[StrictInt, Field(ge=1, le=MOST_QUANTITY)] = 1
    discount: NewDiscount | None = None
    performers: Annotated[list[NewPerformer], Field(max_length=MOST_PERFORMERS)] | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.service_id is None) == (not (self.name or "").strip()):
            raise refused("line", "Укажите услугу из справочника или название новой")
        return self


class NewGoods(Schema):
    """Goods of the clinic, or `name` and `price` of new ones, if the settings allow visits to create goods. What is omitted is as
    of services.
    """

    goods_id: UUID | None = None
    name: Annotated[str, written(Goods.FIELDS["name"].longest), WITHOUT_CONTROLS] | None = None
    quantity: Moved
    unit: Unit = "sale"
    price: Money | None = None
    discount: NewDiscount | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.goods_id is None) == (not (self.name or "").strip()):
            raise refused("goods", "Укажите товар из справочника или название нового")
        return self


class NewMaterial(Schema):
    """`quantity`: in the unit of write-off."""

    goods_id: UUID
    quantity: Moved

    @property
    def stored(self) -> stored.MaterialLine:
        return stored.MaterialLine(self.goods_id, self.quantity)


Lines = Annotated[list[NewLine], Field(max_length=MOST_LINES)]


def allowed_to(call: Call) -> Allowed:
    """What the user may decide about the visit's money."""
    rights = call.principal.rights
    return Allowed(prices="visit_prices" in rights, discounts="visit_discounts" in rights)


def requested_services(call: Call, lines: list[NewLine]) -> list[RequestedLine]:
    """The lines for commands; a typed name of an existing service means that service."""
    names = [line.name or "" for line in lines]
    known: dict[str, UUID] = {}
    if any(names):
        with call.reading() as conn:
            known = services_read.by_name(conn, names)
    return [
        RequestedLine(
            line.service_id or known.get(name_key(name)),
            line.quantity,
            name,
            line.price,
            _discount(line),
            msgspec.UNSET if line.performers is None else tuple(map(_performer, line.performers)),
        )
        for line, name in zip(lines, names, strict=True)
    ]


def requested_goods(call: Call, lines: list[NewGoods]) -> list[RequestedGoods]:
    """The same for goods."""
    names = [line.name or "" for line in lines]
    known: dict[str, UUID] = {}
    if any(names):
        with call.reading() as conn:
            known = goods_read.by_name(conn, names)
    return [
        RequestedGoods(line.goods_id or known.get(name_key(name)), line.quantity, line.unit, name, line.price, _discount(line))
        for line, name in zip(lines, names, strict=True)
    ]


def _discount(line: NewLine | NewGoods) -> discounts.Discount | msgspec.UnsetType | None:
    if "discount" not in line.model_fields_set:
        return msgspec.UNSET
    return None if line.discount is None else line.discount.stored


def _performer(performer: NewPerformer) -> stored.Performer:
    return stored.Performer(performer.employee_id, performer.role, performer.share)
