"""The visit as a document by its commands, with either adapter: prices, discounts, goods, materials, what is written off."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from aggregates.catalogue import EntryDeleted
from aggregates.catalogues import Goods, GoodsCategory, PatientCategory, Unit, Warehouse, first_entry_id
from aggregates.clinic.clinic_settings import GoodsUnknown, PeriodClosed
from aggregates.kernel import DomainError
from aggregates.money.discounts import Discount
from aggregates.people.employee import NotADoctor
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_consumption import WarehouseRequired
from aggregates.scheduling.visit_lines import MaterialLine, Performer
from aggregates.scheduling.visit_refusals import DiscountNotAllowed, PriceNotAllowed, VisitOver
from aggregates.stock.shortage import GoodsMissing
from aggregates.stock.stock_documents import OpeningStock
from aggregates.values import WrongValue, WrongValues
from aggregates.warnings import NeedsConfirmation
from commands.catalogue import create_entry, delete_entry
from commands.clinic.clinic_settings import change_settings
from commands.clinic.service import change_service, create_service
from commands.people import employee as employees
from commands.people.patient import change_card
from commands.ports.clinic import Clinic
from commands.scheduling.visit import book_visit, change_status, change_visit, delete_visit, return_visit
from commands.scheduling.visit_lines import FROM_VISITS, Allowed, RequestedGoods, RequestedLine
from commands.stock.document import RequestedLine as StockLine
from commands.stock.document import create_document
from gateways.event_store_memory import MemoryClinic
from tests.aggregates.clinic import slot
from tests.commands.reception import Reception, context

PIECE, MAIN = first_entry_id(Unit, "штука"), first_entry_id(Warehouse, "Основной склад")
TUE = date(2026, 11, 24)
RECEPTION = Allowed(prices=False, discounts=False)
TENTH = Discount("percent", Decimal(10))


class Surgery:
    """A clinic whose fillings use up two capsules and a third of a gram of gel each; brushes are sold by packs of ten."""

    def __init__(self, clinic: Clinic) -> None:
        self.reception = Reception(clinic)
        self.clinic, self.do = clinic, self.reception.do
        self.category = self.do(create_entry, GoodsCategory, {"name": "Расходники"}).id
        pack = self.do(create_entry, Unit, {"name": "упаковка"}).id
        self.capsule, self.gel = self.goods("Карпула"), self.goods("Гель")
        self.brush = self.goods("Щётка", sale_unit=str(pack), write_off_unit=str(PIECE), factor="10", price="455.00")
        norms = {self.capsule: "2", self.gel: "0.333333"}
        self.filling = self.do(create_service, {"name": "Пломба", "price": "4500", "duration": 30, "norms": norms}).id
        self.checkup = self.do(create_service, {"name": "Осмотр", "price": "500", "duration": 30}).id
        self.do(change_settings, {"write_off_warehouse": str(MAIN)})
        self.visit = self.book(RequestedLine(self.filling, 3))

    def goods(self, name: str, **card: Any) -> UUID:
        fields = {"name": name, "category": str(self.category), "price": "100", "sale_unit": str(PIECE), **card}
        return self.do(create_entry, Goods, fields).id

    def book(self, *lines: RequestedLine, hour: int = 10) -> UUID:
        at = slot(TUE, f"{hour}:00", f"{hour}:30", self.reception.anna)
        return self.do(book_visit, self.reception.patient, at, lines=lines).id

    def write(self, **fields: Any) -> Visit:
        self.do(change_visit, self.visit, **fields)
        return self.stored

    @property
    def stored(self) -> Visit:
        return self.clinic.load(Visit, self.visit)

    def complete(self, visit_id: UUID | None = None) -> Visit:
        id_ = visit_id or self.visit
        if self.clinic.load(Visit, id_).status != "in_progress":
            self.do(change_status, id_, "in_progress")
        self.do(change_status, id_, "completed")
        return self.clinic.load(Visit, id_)

    def receive(self, goods_id: UUID, quantity: str, moment: str = "2026-11-23T10:00") -> None:
        line = StockLine(goods_id=goods_id, quantity=Decimal(quantity), sum=Decimal(100))
        self.do(create_document, OpeningStock, {"moment": moment, "warehouse_id": MAIN}, [line], post=True)

    def forbid(self) -> None:
        self.do(change_settings, {"forbid_missing_goods": True})

    def asked(self, command: Callable[..., Any], *args: Any, accepted: frozenset[str] = frozenset()) -> Any:
        """By a person at a screen, who is asked."""
        ctx = replace(context(command.__name__, self.reception.now), accepted=accepted)
        return command(self.clinic, ctx, *args)


@pytest.fixture(params=["memory", "postgresql"])
def surgery(request: pytest.FixtureRequest, nodes: list[Clinic]) -> Surgery:
    return Surgery(MemoryClinic() if request.param == "memory" else nodes[0])


def taken(visit: Visit) -> dict[UUID, Decimal]:
    """What it takes out of stock, in units of write-off."""
    movements = visit.consumes.movements(visit.id) if visit.consumes else ()
    return {movement.goods_id: Decimal(movement.quantity) / 10_000 for movement in movements}


@pytest.mark.spec("VIS-1")
def test_a_visit_has_services_and_goods_with_prices_and_discounts(surgery: Surgery) -> None:
    brush = RequestedGoods(surgery.brush, Decimal("1.5"), discount=Discount("sum", Decimal("82.50")))
    visit = surgery.write(goods=[brush], discount=TENTH)
    assert [line.amount for line in (*visit.lines, *visit.goods)] == [Decimal("13500.00"), Decimal("682.50")]
    assert visit.amounts.net == visit.total == Decimal("12690.00")
    assert [str(line.net) for line in visit.amounts.lines] == ["12150.00", "540.00"]


@pytest.mark.spec("VIS-1")
def test_a_patient_owes_for_a_completed_visit_alone(surgery: Surgery) -> None:
    assert surgery.stored.charged == 0
    assert surgery.complete().charged == Decimal("13500.00")
    surgery.do(delete_visit, surgery.visit)
    assert surgery.stored.charged == 0


def test_goods_in_the_unit_of_write_off_cost_their_part_of_the_price(surgery: Surgery) -> None:
    (line,) = surgery.write(goods=[RequestedGoods(surgery.brush, Decimal(3), "write_off")]).goods
    assert (line.price, line.factor, line.amount) == (Decimal("45.50"), 1, Decimal("136.50"))


def test_a_changed_catalogue_leaves_the_lines_of_a_visit_alone(surgery: Surgery) -> None:
    surgery.write(goods=[RequestedGoods(surgery.brush)])
    surgery.do(change_service, surgery.filling, {"price": "9000"})
    visit = surgery.write(lines=[RequestedLine(surgery.filling, 4)], goods=[RequestedGoods(surgery.brush, Decimal(2))])
    assert (visit.lines[0].price, visit.goods[0].price) == (4500, 455)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"lines": [("filling", {"price": Decimal(1)})]}, PriceNotAllowed),
        ({"lines": [("filling", {"discount": TENTH})]}, DiscountNotAllowed),
        ({"lines": [("checkup", {"discount": TENTH})]}, DiscountNotAllowed),
        ({"goods": [("brush", {"price": Decimal(1)})]}, PriceNotAllowed),
        ({"goods": [("brush", {"discount": TENTH})]}, DiscountNotAllowed),
        ({"discount": TENTH}, DiscountNotAllowed),
    ],
)
def test_prices_and_discounts_need_their_rights(fields: dict[str, Any], refusal: type[DomainError]) -> None:
    surgery = Surgery(MemoryClinic())
    kinds: dict[str, Any] = {"lines": RequestedLine, "goods": RequestedGoods}
    asked = {
        name: [kinds[name](getattr(surgery, called), **more) for called, more in value] if name in kinds else value
        for name, value in fields.items()
    }
    with pytest.raises(refusal):
        surgery.do(change_visit, surgery.visit, **asked, allowed=RECEPTION)
    surgery.do(change_visit, surgery.visit, **asked)
    assert surgery.stored.version == 2


def test_who_may_give_no_discount_keeps_those_that_were_given(surgery: Surgery) -> None:
    lines = [RequestedLine(surgery.filling, 1, price=Decimal(4000), discount=TENTH), RequestedLine(surgery.filling)]
    surgery.write(lines=lines, discount=TENTH)
    both = [RequestedLine(surgery.filling, 2), RequestedLine(surgery.filling, 5)]
    surgery.do(change_visit, surgery.visit, lines=both, allowed=RECEPTION)
    first, second = surgery.stored.lines
    assert (first.price, first.discount, second.price, second.discount) == (4000, TENTH, 4500, None)
    reduced = RequestedLine(surgery.filling, 2, price=Decimal(4000), discount=TENTH)
    swapped = [RequestedLine(surgery.filling, 5, discount=None), reduced]
    surgery.do(change_visit, surgery.visit, lines=swapped, discount=TENTH, allowed=RECEPTION)
    assert [line.quantity for line in surgery.stored.lines] == [5, 2]


@pytest.mark.spec("PAT-1", "VIS-1")
def test_a_new_visit_has_the_discount_of_the_patient_s_category(surgery: Surgery) -> None:
    do, patient = surgery.do, surgery.reception.patient
    given = [("Сотрудник", "7,5 %"), ("Семья", "5"), ("Без скидки", "")]
    categories = [do(create_entry, PatientCategory, {"name": n, "color": "#2f9e44", "discount": d}).id for n, d in given]
    do(change_card, patient, {"categories": categories})
    assert surgery.stored.discount is None, "visits that are booked stay as they are"

    def booked(hour: int) -> Visit:
        lines, at = [RequestedLine(surgery.checkup)], slot(TUE, f"{hour}:00", f"{hour}:30", surgery.reception.anna)
        return surgery.clinic.load(Visit, do(book_visit, patient, at, lines=lines, allowed=RECEPTION).id)

    visit = booked(13)
    assert (visit.discount, visit.total) == (Discount("percent", Decimal("7.5")), Decimal("462.50"))
    with pytest.raises(DiscountNotAllowed):
        do(change_visit, visit.id, discount=None, allowed=RECEPTION)
    do(change_visit, visit.id, discount=None)
    do(delete_entry, PatientCategory, categories[0])
    assert booked(14).total == Decimal("475.00")


def test_shares_of_a_service_sum_up_to_the_whole(surgery: Surgery) -> None:
    anna, vera = surgery.reception.anna, surgery.reception.vera
    both = (Performer(anna, "doctor", Decimal("66.67")), Performer(vera, "assistant", Decimal("33.33")))
    assert surgery.write(lines=[RequestedLine(surgery.filling, performers=both)]).lines[0].performers == both
    with pytest.raises(WrongValue, match="wrong_value"):
        surgery.write(lines=[RequestedLine(surgery.filling, performers=both[:1])])
    with pytest.raises(NotADoctor):
        surgery.write(lines=[RequestedLine(surgery.filling, performers=(Performer(vera, "doctor", Decimal(100)),))])


@pytest.mark.spec("VIS-2")
def test_a_typed_name_creates_goods_where_the_settings_allow_it(surgery: Surgery) -> None:
    rinse = RequestedGoods(None, Decimal(2), name="Ополаскиватель", price=Decimal(350))
    typed = [rinse, RequestedGoods(None, name="ополаскиватель")]
    with pytest.raises(GoodsUnknown):
        surgery.write(goods=typed)
    surgery.do(change_settings, {"create_goods": True})
    first, second = surgery.write(goods=typed).goods
    created = surgery.clinic.load(Goods, first.goods_id)
    assert (created.name, created.card["price"], created.card["category"]) == ("Ополаскиватель", "350.00", str(FROM_VISITS))
    assert (second.goods_id, second.price) == (first.goods_id, 350)
    surgery.do(delete_entry, GoodsCategory, FROM_VISITS)
    surgery.write(goods=[RequestedGoods(None, name="Лента")])
    assert not surgery.clinic.load(GoodsCategory, FROM_VISITS).deleted


def test_absurd_lines_are_refused_by_their_fields(surgery: Surgery) -> None:
    with pytest.raises(WrongValues) as refused:
        surgery.write(
            goods=[RequestedGoods(surgery.brush, Decimal("0.00001")), RequestedGoods(surgery.gel, price=Decimal(-1))],
            materials=[MaterialLine(surgery.gel, Decimal(1)), MaterialLine(surgery.gel, Decimal(0))],
        )
    assert {one.facts["field"] for one in refused.value.each} == {
        "goods.0.quantity", "goods.1.price", "materials.1.goods_id", "materials.1.quantity",
    }  # fmt: skip
    with pytest.raises(WrongValue, match="wrong_value"):
        surgery.write(lines=[RequestedLine(surgery.checkup)] * 150, goods=[RequestedGoods(surgery.gel)] * 51)


@pytest.mark.spec("VIS-3")
def test_materials_that_nobody_looked_at_are_written_off_by_the_norms(surgery: Surgery) -> None:
    visit = surgery.complete()
    assert visit.consumes is not None
    assert (visit.consumes.warehouse_id, visit.consumes.moment) == (MAIN, visit.slot.ends_at)
    assert taken(visit) == {surgery.capsule: 6, surgery.gel: 1}


@pytest.mark.spec("VIS-3")
def test_materials_that_a_person_chose_are_written_off_instead_with_the_goods(surgery: Surgery) -> None:
    other = surgery.do(create_entry, Warehouse, {"name": "Кабинет 1"}).id
    goods, materials = [RequestedGoods(surgery.brush, Decimal("0.5"))], [MaterialLine(surgery.capsule, Decimal(5))]
    visit = surgery.write(goods=goods, materials=materials, warehouse_id=other, discount=TENTH)
    assert visit.consumes is None
    visit = surgery.complete()
    assert visit.consumes is not None
    assert visit.consumes.warehouse_id == other
    assert taken(visit) == {surgery.brush: 5, surgery.capsule: 5}
    assert [line.sum for line in visit.consumes.lines] == [Decimal("204.75"), None]


@pytest.mark.spec("VIS-3")
def test_reopening_takes_back_and_a_later_completion_follows_changed_norms(surgery: Surgery) -> None:
    place = surgery.complete().consumes
    surgery.do(change_status, surgery.visit, "in_progress")
    assert surgery.stored.consumes is None
    surgery.do(change_service, surgery.filling, {"norms": {surgery.capsule: "1"}})
    again = surgery.complete()
    assert taken(again) == {surgery.capsule: 3}
    assert again.consumes is not None
    assert place is not None
    assert again.consumes.place == place.place


def test_deleted_goods_of_a_norm_are_left_out_and_can_t_be_chosen(surgery: Surgery) -> None:
    surgery.do(delete_entry, Goods, surgery.gel)
    assert taken(surgery.complete()) == {surgery.capsule: 6}
    surgery.do(change_status, surgery.visit, "in_progress")
    with pytest.raises(EntryDeleted):
        surgery.write(materials=[MaterialLine(surgery.gel, Decimal(1))])


def test_without_a_warehouse_norms_are_passed_over_and_goods_are_refused(surgery: Surgery) -> None:
    surgery.do(change_settings, {"write_off_warehouse": ""})
    surgery.do(change_status, surgery.visit, "in_progress")
    surgery.write(materials=[MaterialLine(surgery.gel, Decimal(1))])
    with pytest.raises(WarehouseRequired):
        surgery.complete()
    surgery.write(materials=None)
    assert surgery.complete().consumes is None


@pytest.mark.spec("VIS-3")
def test_a_doctor_with_a_warehouse_of_their_own_uses_up_what_is_in_it(surgery: Surgery) -> None:
    own = surgery.do(create_entry, Warehouse, {"name": "Кабинет Анны"}).id
    surgery.do(employees.change_card, surgery.reception.anna, {"warehouse_id": str(own)})
    completed = surgery.complete()
    assert completed.consumes is not None
    assert completed.consumes.warehouse_id == own
    surgery.do(change_status, surgery.visit, "in_progress")
    surgery.do(delete_entry, Warehouse, own)
    again = surgery.complete()
    assert again.consumes is not None
    assert again.consumes.warehouse_id == MAIN, "nobody uses a deleted one any more"


def test_a_completed_visit_s_document_stays_until_it_is_reopened(surgery: Surgery) -> None:
    surgery.complete()
    for fields in ({"goods": [RequestedGoods(surgery.gel)]}, {"materials": []}, {"discount": TENTH}, {"warehouse_id": MAIN}):
        with pytest.raises(VisitOver):
            surgery.write(**fields)
    assert surgery.write(comment="Снимок на диске.").consumes is not None


@pytest.mark.spec("VIS-3", "STK-2")
def test_a_visit_can_t_take_what_isn_t_there_and_stays_as_it_was(surgery: Surgery) -> None:
    surgery.forbid()
    surgery.receive(surgery.capsule, "5")
    surgery.receive(surgery.gel, "5")
    with pytest.raises(GoodsMissing) as refused:
        surgery.complete()
    (short,) = refused.value.shortages
    assert (short.goods_id, short.document_id, short.missing) == (surgery.capsule, surgery.visit, 1)
    assert surgery.stored.status == "in_progress"
    surgery.receive(surgery.capsule, "1", "2026-11-24T10:30")
    assert surgery.complete().status == "completed"


@pytest.mark.spec("DEL-2", "STK-2")
def test_deletion_gives_back_and_return_takes_again_or_is_refused(surgery: Surgery) -> None:
    surgery.forbid()
    surgery.receive(surgery.capsule, "6")
    surgery.receive(surgery.gel, "2")
    surgery.complete()
    surgery.do(delete_visit, surgery.visit)
    other = surgery.book(RequestedLine(surgery.filling, 2), hour=12)
    surgery.complete(other)
    with pytest.raises(GoodsMissing):
        surgery.do(return_visit, surgery.visit)
    surgery.do(change_status, other, "in_progress")
    surgery.do(return_visit, surgery.visit)
    assert taken(surgery.stored) == {surgery.capsule: 6, surgery.gel: 1}
    with pytest.raises(GoodsMissing):
        surgery.complete(other)


@pytest.mark.spec("STK-3")
def test_a_person_is_asked_before_a_visit_takes_what_isn_t_there(surgery: Surgery) -> None:
    surgery.receive(surgery.gel, "5")
    surgery.reception.pass_time(days=2)
    surgery.do(change_status, surgery.visit, "in_progress")
    with pytest.raises(NeedsConfirmation) as asked:
        surgery.asked(change_status, surgery.visit, "completed")
    (warning,) = asked.value.facts["warnings"]
    assert warning["sentence"] == "На складе недостаёт: Карпула (Основной склад, 24.11.2026) – 6. Остаток станет меньше нуля."
    surgery.asked(change_status, surgery.visit, "completed", accepted=frozenset({warning["key"]}))
    assert surgery.stored.consumes is not None
    surgery.do(delete_visit, surgery.visit)
    with pytest.raises(NeedsConfirmation):
        surgery.asked(return_visit, surgery.visit)


def test_a_closed_period_keeps_its_visits(surgery: Surgery) -> None:
    surgery.do(change_settings, {"past_documents": False, "closed_before": "2026-11-25"})
    refused: tuple[tuple[Callable[..., Any], dict[str, Any]], ...] = (
        (change_visit, {"goods": []}),
        (change_visit, {"discount": TENTH}),
        (change_status, {"status": "in_progress"}),
    )
    for command, fields in refused:
        with pytest.raises(PeriodClosed):
            surgery.do(command, surgery.visit, **fields)
