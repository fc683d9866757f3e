"""Lines of a visit as people write them: names, prices and units come from services and goods; what the visit has already stays.

A line without a price has that of the same line in the visit, or the present one of the catalogue. Other prices, and discounts,
are for those who may give them. Unknown names create services and goods where the settings allow it (VIS-2).
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID, uuid4, uuid5

import msgspec

from aggregates.catalogue import CatalogueEntry, name_key
from aggregates.catalogues import Goods, GoodsCategory, Unit, first_entry_id
from aggregates.clinic.clinic_settings import ClinicSettings, GoodsUnknown, ServiceUnknown
from aggregates.clinic.service import Service
from aggregates.kernel import Aggregate
from aggregates.money.discounts import Discount
from aggregates.people.employee import Employee
from aggregates.scheduling.visit_lines import GoodsLine, Line, MaterialLine, Performer, require_few
from aggregates.scheduling.visit_refusals import DiscountNotAllowed, PriceNotAllowed
from aggregates.stock.stock_lines import StockUnit
from aggregates.values import NAMESPACE_DENTA, money
from commands.context import Context
from commands.ports.clinic import AggregateNotFound, Clinic
from commands.references import newly_chosen
from commands.stock.goods_units import factor_of, price_of

Unset = msgspec.UnsetType
FROM_VISITS = uuid5(NAMESPACE_DENTA, "goods_category:from-visits")
"""The category of goods that visits create."""
FROM_VISITS_NAME = "Созданные из визитов"
UNIT_NAME = "штука"


class Allowed(msgspec.Struct, frozen=True):
    """What the user may decide about money."""

    prices: bool = True
    discounts: bool = True

    def require_price(self, name: str) -> None:
        """PriceNotAllowed."""
        if not self.prices:
            raise PriceNotAllowed(name=name)

    def require_discount(self, old: Discount | None, new: Discount | None) -> None:
        """DiscountNotAllowed, unless both are the same."""
        if not self.discounts and _plain(old) != _plain(new):
            raise DiscountNotAllowed


ALL = Allowed()


class RequestedLine(msgspec.Struct, frozen=True):
    """A service of a visit: an existing one, or a new one by name (VIS-2). What isn't given stays as the visit has it, see above.

    performers  (): the visit's doctor.
    """

    service_id: UUID | None
    quantity: int = 1
    name: str = ""
    price: Decimal | None = None
    discount: Discount | Unset | None = msgspec.UNSET
    performers: tuple[Performer, ...] | Unset = msgspec.UNSET


class RequestedGoods(msgspec.Struct, frozen=True):
    """Goods of a visit, likewise. `quantity`: in `unit`."""

    goods_id: UUID | None
    quantity: Decimal = Decimal(1)
    unit: StockUnit = "sale"
    name: str = ""
    price: Decimal | None = None
    discount: Discount | Unset | None = msgspec.UNSET


class Priced(msgspec.Struct, frozen=True):
    """Lines of a visit.

    created  services and goods that are new, and what these need, for the same save.
    relied   what the lines are made of, for `save(if_unchanged=…)`.
    """

    lines: tuple[Line, ...] = ()
    goods: tuple[GoodsLine, ...] = ()
    created: tuple[Aggregate, ...] = ()
    relied: tuple[Aggregate, ...] = ()


def priced_services(
    clinic: Clinic,
    ctx: Context,
    settings: ClinicSettings,
    requested: Sequence[RequestedLine],
    written: Sequence[Line] = (),
    allowed: Allowed = ALL,
) -> Priced:
    """Lines of services. `written`: those that the visit has.

    ServiceUnknown, ServiceDeleted, EmployeeDeleted, NotADoctor, PriceNotAllowed, DiscountNotAllowed, AggregateNotFound.
    """
    require_few(requested)
    before = _Before({(line.service_id, "sale"): [] for line in written})
    for one in written:
        before.lines[one.service_id, "sale"].append(one)
    created: dict[str, Service] = {}
    lines: list[Line] = []
    relied: list[Aggregate] = []
    for line in requested:
        if line.service_id is None:
            service = _created_service(ctx, settings, line, created)
            start = _new_line(service)
        elif (known := before.take((line.service_id, "sale"))) is not None and isinstance(known, Line):
            start = known
        else:
            service = clinic.cached(Service, line.service_id)
            service.require_active()
            relied.append(service)
            start = _new_line(service)
        price, discount = start.price, before.discount(start, line.discount, allowed)
        if line.service_id is not None and line.price is not None and line.price != price:
            service = clinic.cached(Service, line.service_id)
            if line.price not in {service.price, *before.prices((line.service_id, "sale"))}:
                allowed.require_price(start.name)
            relied.append(service)
            price = line.price
        performers = start.performers if isinstance(line.performers, Unset) else line.performers
        changes = {"quantity": line.quantity, "price": price, "discount": discount, "performers": performers}
        lines.append(msgspec.structs.replace(start, **changes))
    relied += _performing(clinic, lines, written)
    return Priced(lines=tuple(lines), created=tuple(created.values()), relied=tuple(relied))


def priced_goods(
    clinic: Clinic,
    ctx: Context,
    settings: ClinicSettings,
    requested: Sequence[RequestedGoods],
    written: Sequence[GoodsLine] = (),
    allowed: Allowed = ALL,
) -> Priced:
    """Lines of goods. GoodsUnknown, EntryDeleted, PriceNotAllowed, DiscountNotAllowed, AggregateNotFound."""
    require_few((), requested)
    before = _Before({(line.goods_id, line.unit): [] for line in written})
    for one in written:
        before.lines[one.goods_id, one.unit].append(one)
    had = [(Goods, line.goods_id) for line in written]
    chosen = newly_chosen(clinic, dict.fromkeys((Goods, line.goods_id) for line in requested if line.goods_id), had)
    relied: list[Aggregate] = list(chosen)
    new = _NewGoods(clinic, ctx, settings)
    lines: list[GoodsLine] = []
    for line in requested:
        known = before.take((line.goods_id, line.unit)) if line.goods_id is not None else None
        goods = new.named(line.name, line.price) if line.goods_id is None else clinic.cached(Goods, line.goods_id)
        if isinstance(known, GoodsLine):
            start = known
        else:
            relied += [] if line.goods_id is None else [goods]
            factor, present = factor_of(goods, line.unit), price_of(goods, line.unit)
            start = GoodsLine(goods.id, goods.name, present, line.quantity, line.unit, factor)
        price, discount = start.price, before.discount(start, line.discount, allowed)
        if line.goods_id is not None and line.price is not None and line.price != price:
            if line.price not in {price_of(goods, line.unit), *before.prices((line.goods_id, line.unit))}:
                allowed.require_price(start.name)
            relied.append(goods)
            price = line.price
        lines.append(msgspec.structs.replace(start, quantity=line.quantity, price=price, discount=discount))
    return Priced(goods=tuple(lines), created=tuple(new.created), relied=_once(relied))


def chosen_materials(
    clinic: Clinic, requested: Sequence[MaterialLine], written: Sequence[MaterialLine] | None
) -> tuple[Aggregate, ...]:
    """The goods that are materials now and weren't before. EntryDeleted, AggregateNotFound."""
    require_few((), (), requested)
    had = [(Goods, line.goods_id) for line in written or ()]
    return tuple(newly_chosen(clinic, dict.fromkeys((Goods, line.goods_id) for line in requested), had))


Key = tuple[UUID | None, str]


class _Before:
    """The lines that a visit has, by what they are of; the n-th one asked for is the n-th one there."""

    def __init__(self, lines: dict[Key, list[Line | GoodsLine]]) -> None:
        self.lines = lines
        self._taken: dict[Key, int] = {}

    def take(self, key: Key) -> Line | GoodsLine | None:
        """The next line of it; more lines than there were have the price of the first one, and no discount."""
        there = self.lines.get(key)
        if not there:
            return None
        at = self._taken[key] = self._taken.get(key, -1) + 1
        if at < len(there):
            return there[at]
        without: dict[str, object] = {"discount": None}
        if isinstance(there[0], Line):
            without["performers"] = ()
        return msgspec.structs.replace(there[0], **without)

    def prices(self, key: Key) -> set[Decimal]:
        return {line.price for line in self.lines.get(key, ())}

    def discount(self, start: Line | GoodsLine, asked: Discount | Unset | None, allowed: Allowed) -> Discount | None:
        """The discount of a line. DiscountNotAllowed for one that no line of the same has."""
        if isinstance(asked, Unset):
            return start.discount
        key: Key = (start.service_id, "sale") if isinstance(start, Line) else (start.goods_id, start.unit)
        if _plain(asked) not in {_plain(line.discount) for line in self.lines.get(key, ())}:
            allowed.require_discount(start.discount, asked)
        return asked


def _plain(discount: Discount | None) -> Discount | None:
    """A discount of nothing is none."""
    return discount if discount and discount.amount else None


def _performing(clinic: Clinic, lines: Iterable[Line], written: Iterable[Line]) -> list[Aggregate]:
    """Those who weren't performers before, active; a doctor among them has to take visits. EmployeeDeleted, NotADoctor."""
    known = {(performer.employee_id, performer.role) for line in written for performer in line.performers}
    now = dict.fromkeys((performer.employee_id, performer.role) for line in lines for performer in line.performers)
    employees: list[Aggregate] = []
    for id_, role in (one for one in now if one not in known):
        employee = clinic.cached(Employee, id_)
        employee.require_active()
        if role == "doctor":
            employee.require_doctor()
        employees.append(employee)
    return employees


def _new_line(service: Service) -> Line:
    return Line(service.id, service.name, service.price, 1, tax_code=service.tax_code)


def _created_service(ctx: Context, settings: ClinicSettings, line: RequestedLine, created: dict[str, Service]) -> Service:
    """A new service by name, one for all lines with that name."""
    if not settings.create_services:
        raise ServiceUnknown(name=line.name)
    key = name_key(line.name)
    if key not in created:
        created[key] = Service(uuid4())
        created[key].create({"name": line.name, "price": line.price or Decimal(0)}, at=ctx.now)
    return created[key]


class _NewGoods:
    """Goods that a visit creates, one for all lines with a name, in a category for them and counted in pieces."""

    def __init__(self, clinic: Clinic, ctx: Context, settings: ClinicSettings) -> None:
        self._clinic, self._ctx, self._settings = clinic, ctx, settings
        self._by_name: dict[str, CatalogueEntry] = {}
        self.created: list[Aggregate] = []

    def named(self, name: str, price: Decimal | None) -> CatalogueEntry:
        """GoodsUnknown, WrongValue."""
        if not self._settings.create_goods:
            raise GoodsUnknown(name=name)
        key = name_key(name)
        if key not in self._by_name:
            if not self._by_name:
                self._needed(GoodsCategory, FROM_VISITS, FROM_VISITS_NAME)
                self._needed(Unit, first_entry_id(Unit, UNIT_NAME), UNIT_NAME)
            card = {
                "name": name,
                "category": str(FROM_VISITS),
                "price": str(money("price", price or Decimal(0))),
                "sale_unit": str(first_entry_id(Unit, UNIT_NAME)),
            }
            self._by_name[key] = goods = Goods(uuid4())
            goods.create(card, at=self._ctx.now)
            self.created.append(goods)
        return self._by_name[key]

    def _needed(self, kind: type[CatalogueEntry], id_: UUID, name: str) -> None:
        """Has to be there: made, or brought back, in the same save."""
        try:
            entry = self._clinic.load(kind, id_)
        except AggregateNotFound:
            entry = kind(id_)
            entry.create({"name": name}, at=self._ctx.now)
        if entry.deleted:
            entry.return_(at=self._ctx.now)
        if entry.pending_events:
            self.created.append(entry)


def _once(aggregates: Iterable[Aggregate]) -> tuple[Aggregate, ...]:
    return tuple({aggregate.id: aggregate for aggregate in aggregates}.values())
