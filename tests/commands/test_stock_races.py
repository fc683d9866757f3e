"""Stock below zero: refused whatever the concurrency, or asked about first (STK-2, STK-3)."""

import json
import random
import subprocess
import sys
from decimal import Decimal
from itertools import accumulate
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from aggregates.catalogues import Goods, GoodsCategory, Unit, Warehouse, first_entry_id
from aggregates.kernel import DomainError
from aggregates.stock.costing import RANKS
from aggregates.stock.returned_goods import ReturnedTooMuch
from aggregates.stock.shortage import GoodsMissing
from aggregates.stock.stock_document import Places, StockDocument, movements_of
from aggregates.stock.stock_documents import KINDS, CustomerReturn, GoodsIssue, OpeningStock, StockTransfer, StockWriteOff
from aggregates.stock.stock_warnings import Short
from aggregates.warnings import NeedsConfirmation
from commands.catalogue import create_entry
from commands.clinic.clinic_settings import change_settings
from commands.ports.clinic import Clinic
from commands.stock import document as commands
from commands.stock.document import RequestedLine
from gateways.event_store_memory import MemoryClinic
from services.bootstrap import Denta
from tests.commands.racing import parallel
from tests.commands.reception import Reception, context

ROOT = Path(__file__).parent.parent.parent
MAIN, PIECE = first_entry_id(Warehouse, "Основной склад"), first_entry_id(Unit, "штука")


class Store:
    """An open clinic with one kind of goods and two warehouses."""

    def __init__(self, clinic: Clinic) -> None:
        self.reception = Reception(clinic)
        self.clinic, self.do = clinic, self.reception.do
        self.room = self.do(create_entry, Warehouse, {"name": "Кабинет 1"}).id
        category = self.do(create_entry, GoodsCategory, {"name": "Расходники"}).id
        card = {"name": "Перчатки", "category": str(category), "price": "10", "sale_unit": str(PIECE)}
        self.gloves = self.do(create_entry, Goods, card).id

    def receive(self, quantity: str, moment: str) -> UUID:
        return create(self.clinic, OpeningStock, self.gloves, quantity, moment)


def create(
    clinic: Clinic, kind: type[StockDocument], goods: UUID, quantity: str, moment: str, *, accepted: Any = None, **head: Any
) -> UUID:
    """Post a document of one line. `accepted`: keys of warnings; None: there is nobody to ask."""
    total = Decimal(10) if kind.SHAPE.priced else None
    line = RequestedLine(goods_id=goods, quantity=Decimal(quantity), sum=total)
    ctx = replace(context("create_document"), accepted=accepted)
    return commands.create_document(clinic, ctx, kind, {"moment": moment, "warehouse_id": MAIN, **head}, [line], post=True).id


@pytest.fixture(params=["memory", "postgresql"])
def store(request: pytest.FixtureRequest, nodes: list[Clinic]) -> Store:
    return Store(MemoryClinic() if request.param == "memory" else nodes[0])


@pytest.mark.spec("STK-3")
def test_a_person_is_asked_before_a_stock_falls_below_zero(store: Store) -> None:
    store.receive("10", "2026-12-01T10:00")
    late = create(store.clinic, GoodsIssue, store.gloves, "8", "2026-12-10T10:00")
    with pytest.raises(NeedsConfirmation) as asked:
        create(store.clinic, StockWriteOff, store.gloves, "3", "2026-12-05T10:00", accepted=frozenset())
    (warning,) = asked.value.facts["warnings"]
    assert warning["sentence"] == "На складе недостаёт: Перчатки (Основной склад, 10.12.2026) – 1. Остаток станет меньше нуля."
    assert [(one.document_id, one.missing) for one in warning["shortages"]] == [(late, 1)]
    made = create(store.clinic, StockWriteOff, store.gloves, "3", "2026-12-05T10:00", accepted=frozenset({warning["key"]}))
    document = store.clinic.load(StockWriteOff, made)
    assert document.effective
    events = list(store.clinic.read_stream(made, 0, None))  # type: ignore[attr-defined]  # both adapters have it
    moment = store.clinic.load(GoodsIssue, late).moment
    assert events[-1].despite == (Short(store.gloves, MAIN, moment, Decimal(1)),)


@pytest.mark.spec("STK-3")
def test_another_question_has_to_be_answered_again_and_no_warning_comes_without_need(store: Store) -> None:
    store.receive("10", "2026-12-01T10:00")
    with pytest.raises(NeedsConfirmation) as asked:
        create(store.clinic, StockWriteOff, store.gloves, "12", "2026-12-05T10:00", accepted=frozenset())
    key = asked.value.facts["warnings"][0]["key"]
    with pytest.raises(NeedsConfirmation):
        create(store.clinic, StockWriteOff, store.gloves, "13", "2026-12-05T10:00", accepted=frozenset({key}))
    create(store.clinic, StockWriteOff, store.gloves, "12", "2026-12-05T10:00", accepted=frozenset({key}))
    create(store.clinic, OpeningStock, store.gloves, "1", "2026-12-06T10:00", accepted=frozenset())


@pytest.mark.spec("STK-2")
def test_where_the_clinic_forbids_it_nobody_is_asked(store: Store) -> None:
    store.do(change_settings, {"forbid_missing_goods": True})
    with pytest.raises(GoodsMissing):
        create(store.clinic, StockWriteOff, store.gloves, "1", "2026-12-05T10:00", accepted=frozenset())


@pytest.mark.spec("STK-2")
@pytest.mark.thorough
def test_of_fifty_issues_of_the_last_piece_one_is_posted(nodes: list[Clinic]) -> None:
    store = Store(nodes[0])
    store.do(change_settings, {"forbid_missing_goods": True})
    store.receive("1", "2026-12-01T10:00")
    found = parallel(50, lambda n: create(nodes[n % 3], GoodsIssue, store.gloves, "1", "2026-12-02T10:00"))
    assert sorted({type(one) for one in found}, key=str) == sorted([UUID, GoodsMissing], key=str)
    assert sum(isinstance(one, UUID) for one in found) == 1


@pytest.mark.spec("STK-1")
@pytest.mark.thorough
def test_of_many_returns_of_the_last_piece_one_is_posted(nodes: list[Clinic]) -> None:
    store = Store(nodes[0])
    issue = create(store.clinic, GoodsIssue, store.gloves, "1", "2026-12-02T10:00")

    def take_back(number: int) -> UUID:
        return create(nodes[number % 3], CustomerReturn, store.gloves, "1", "2026-12-03T10:00", origin_id=issue)

    found = parallel(30, take_back)
    assert {type(one) for one in found} == {UUID, ReturnedTooMuch}
    assert sum(isinstance(one, UUID) for one in found) == 1
    with pytest.raises(ReturnedTooMuch):
        commands.unpost_document(nodes[1], context("unpost_document"), GoodsIssue, issue)


PLAYER = """
import json, sys
from tests.commands.test_stock_races import play
print(json.dumps(play(*json.loads(sys.argv[1]))))
"""
MOMENTS = [f"2026-12-{day:02}T{hour}:00" for day in range(1, 6) for hour in ("09", "12", "18")]


def play(database_url: str, goods: str, room: str, seed: int) -> list[str]:
    """Random deeds of one process; ids of the documents it made. Refusals are a part of it."""
    chance, made = random.Random(seed), []
    denta = Denta.open(database_url)
    try:
        for _ in range(60):
            kind = chance.choice([OpeningStock, GoodsIssue, StockTransfer])
            moment = chance.choice(MOMENTS)
            try:
                if made and chance.random() < 0.4:
                    topic, known = chance.choice(made)
                    decide = chance.choice([commands.unpost_document, commands.post_document, commands.delete_document,
                                            commands.return_document])  # fmt: skip
                    decide(denta.clinic, context("decide"), KINDS[topic], UUID(known))
                else:
                    head = {"to_warehouse_id": room} if kind is StockTransfer else {}
                    quantity = str(chance.randint(1, 5))
                    made.append((kind.TOPIC, str(create(denta.clinic, kind, UUID(goods), quantity, moment, **head))))
            except DomainError:
                continue
    finally:
        denta.close()
    return [f"{topic} {id_}" for topic, id_ in made]


@pytest.mark.spec("STK-2", "STK-3")
@pytest.mark.thorough
def test_no_interleaving_of_two_processes_leaves_a_moment_below_zero(database_url: str, nodes: list[Clinic]) -> None:
    store = Store(nodes[0])
    store.do(change_settings, {"forbid_missing_goods": True})
    arguments = [json.dumps([database_url, str(store.gloves), str(store.room), seed]) for seed in (1, 2)]
    players = [
        subprocess.Popen([sys.executable, "-c", PLAYER, one], cwd=ROOT, stdout=subprocess.PIPE, text=True) for one in arguments
    ]
    made = [one.split() for player in players for one in json.loads(player.communicate(timeout=120)[0])]
    assert all(player.returncode == 0 for player in players)
    documents = [nodes[1].load(KINDS[topic], UUID(id_)) for topic, id_ in made]
    assert sum(document.effective for document in documents) > 5
    for warehouse in (MAIN, store.room):
        moved = sorted(
            (document.moment, RANKS[movement.effect], document.place, movement.change)
            for document in documents
            if document.effective
            for movement in movements_of(document.id, document.SHAPE, Places.of(document.card), document.lines)
            if movement.warehouse_id == warehouse
        )
        assert all(balance >= 0 for balance in accumulate(change for *_, change in moved))
